"""The promise: the same model files with any number of threads, on any processor, with any C library or Python."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.helpers import ROOT, TRAIN_FLAGS, clean_environment, flags_of

FLAGS = flags_of(TRAIN_FLAGS, max_iter="60", method="lbfgs")
START = ("-c", "import sys; from stages.train_digit import main; main(sys.argv[1:])")  # not -m: that sets NUMBA_* aside
SYSTEMS_PYTHON = Path("/usr/bin/python3")
PROCESSORS = {"generic": set(), "haswell": {"avx2", "fma"}, "skylake-avx512": {"avx512f", "avx512bw", "avx512vl"}}


def trained(folder: Path, *prefix: str, python: str | Path = sys.executable, **environment: str) -> bytes:
    """Return the model that a training process writes."""
    command = [*prefix, python, *START, *FLAGS]
    changed = clean_environment(**{"PYTHONPATH": str(ROOT)} | environment)
    subprocess.run(command, cwd=folder, env=changed, check=True)
    return (folder / "data/models/digits/3.npy").read_bytes()


@pytest.fixture(scope="module")
def expected(training_set: Path) -> bytes:
    return trained(training_set)


@pytest.mark.parametrize("threads", ["1", "2", "3", "16"])
def test_on_any_number_of_threads(training_set: Path, expected: bytes, threads: str) -> None:
    assert trained(training_set, OMP_NUM_THREADS=threads) == expected


def test_on_one_processor(training_set: Path, expected: bytes) -> None:
    assert trained(training_set, "taskset", "-c", "0") == expected


@pytest.mark.slow
@pytest.mark.parametrize("processor", PROCESSORS)
def test_compiled_for_any_processor(training_set: Path, expected: bytes, processor: str) -> None:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    if not PROCESSORS[processor] <= set(cpuinfo.partition("flags")[2].partition("\n")[0].split()):
        pytest.skip(f"this processor cannot run code for {processor}")
    assert trained(training_set, NUMBA_CPU_NAME=processor, NUMBA_CPU_FEATURES="") == expected


@pytest.mark.slow
def test_with_the_c_librarys_other_variants(training_set: Path, expected: bytes) -> None:
    assert trained(training_set, GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-AVX2,-AVX2_Usable,-FMA_Usable") == expected


@pytest.mark.slow
def test_on_the_systems_own_python(training_set: Path, expected: bytes) -> None:
    """With Debian 12 that is 3.11.2, as old as any that is supported, whatever Python is first on PATH."""
    its, mine = version_of(SYSTEMS_PYTHON) if SYSTEMS_PYTHON.exists() else "none", version_of(sys.executable)
    if its == mine or its.split(".")[:2] != mine.split(".")[:2]:
        pytest.skip(f"the system's own Python is {its}, not another {mine.rpartition('.')[0]} than this {mine}")
    packages = f"{ROOT}{os.pathsep}{sysconfig.get_path('purelib')}"
    assert trained(training_set, python=SYSTEMS_PYTHON, PYTHONPATH=packages) == expected


def version_of(python: str | Path) -> str:
    return subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.split()[1]
