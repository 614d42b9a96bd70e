"""The promise: the same model files with any number of threads, on any processor, with any C library."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT, TRAIN_FLAGS, clean_environment, flags_of

FLAGS = flags_of(TRAIN_FLAGS, max_iter="60", method="lbfgs")
PROCESSORS = {"generic": set(), "haswell": {"avx2", "fma"}, "skylake-avx512": {"avx512f", "avx512bw", "avx512vl"}}


def trained(folder: Path, *prefix: str, **environment: str) -> bytes:
    """Return the model that a training process writes."""
    command = [*prefix, sys.executable, "-m", "stages.train_digit", *FLAGS]
    subprocess.run(command, cwd=folder, env=clean_environment(PYTHONPATH=str(ROOT), **environment), check=True)
    return (folder / "data/models/digit_3.npy").read_bytes()


@pytest.fixture(scope="module")
def expected(training_set: Path) -> bytes:
    return trained(training_set)


@pytest.mark.parametrize("threads", ["1", "2", "3", "16"])
def test_on_any_number_of_threads(training_set: Path, expected: bytes, threads: str) -> None:
    assert trained(training_set, OMP_NUM_THREADS=threads) == expected


def test_on_one_processor(training_set: Path, expected: bytes) -> None:
    assert trained(training_set, "taskset", "-c", "0") == expected


@pytest.mark.parametrize("processor", PROCESSORS)
def test_compiled_for_any_processor(training_set: Path, expected: bytes, processor: str) -> None:
    cpuinfo = Path("/proc/cpuinfo").read_text()
    if not PROCESSORS[processor] <= set(cpuinfo.partition("flags")[2].partition("\n")[0].split()):
        pytest.skip(f"this processor cannot run code for {processor}")
    assert trained(training_set, NUMBA_CPU_NAME=processor, NUMBA_CPU_FEATURES="") == expected


def test_with_the_c_librarys_other_variants(training_set: Path, expected: bytes) -> None:
    assert trained(training_set, GLIBC_TUNABLES="glibc.cpu.hwcaps=-FMA,-AVX2,-AVX2_Usable,-FMA_Usable") == expected
