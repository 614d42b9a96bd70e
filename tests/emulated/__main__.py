"""Whether a machine that is not here gives the expected bytes: `python -m tests.emulated arm64`, by qemu's emulation.

It needs qemu-user-static, for arm64 debootstrap and dpkg too, and as root (debootstrap's wish): that is Debian or
Ubuntu, or a container with it. What it makes is kept in the user's cache folder. The flags after the machine are those
of `python -m tests.expected`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.emulated.arm64 import PYTHON, debian

ROOT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "one-vs-all")
UNKNOWN_TO_QEMU = ",-invpcid,-pcid,-x2apic,-tsc-deadline"  # features that it would warn of; no program uses them
KEPT = ("NUMBA_CACHE_DIR", "MPLCONFIGDIR")  # what is compiled for a machine, and the list of its fonts
X86 = {  # by machine, named as the compiler names it, the processor: of 2008 with SSE4.2, and of 2013 with AVX2 and FMA
    "nehalem": "Nehalem",
    "haswell": f"Haswell-noTSX{UNKNOWN_TO_QEMU}",
}
MACHINES = ("arm64", *X86)


def main() -> None:
    """Run the short run on one emulated machine, and exit with its code."""
    machine, *flags = sys.argv[1:] or [""]
    if machine not in MACHINES:
        sys.exit(f"tests.emulated: which machine? {', '.join(MACHINES)}")
    python, path = arm64_python() if machine == "arm64" else x86_python(machine)
    environment = os.environ | {"PYTHONPATH": path} | dict.fromkeys(KEPT, f"{CACHE / machine}-kept")
    if machine in X86:
        environment |= {"NUMBA_CPU_NAME": machine, "NUMBA_CPU_FEATURES": ""}
        # here first: this compiles the loops for that processor, which it would take minutes to do itself
        expected(environment, [sys.executable])
    sys.exit(expected(environment, python, *flags))


def expected(environment: Mapping[str, str], python: Sequence[str], *flags: str) -> int:
    """Run the short run with some Python; return its exit code."""
    return subprocess.run([*python, "-m", "tests.expected", *flags], cwd=ROOT, env=environment).returncode


def arm64_python() -> tuple[list[str], str]:
    """Return the command that runs Python on arm64, and where its modules are."""
    needed("qemu-aarch64-static", "debootstrap", "dpkg", "uv")
    root = debian(CACHE)
    processor = "max,pauth=off"  # signing pointers is nine tenths of the time, where it is emulated
    python = str(root / f"usr/bin/python{PYTHON}")
    return ["qemu-aarch64-static", "-cpu", processor, "-L", str(root), python], f"{root / 'packages'}{os.pathsep}{ROOT}"


def x86_python(machine: str) -> tuple[list[str], str]:
    """Return the command that runs this Python on an older x86 processor, and where its modules are."""
    needed("qemu-x86_64-static")
    return ["qemu-x86_64-static", "-cpu", X86[machine], sys.executable], str(ROOT)


def needed(*programs: str) -> None:
    """Exit if one of these programs is not installed."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        sys.exit(f"tests.emulated: {', '.join(missing)} not found; apt-get install qemu-user-static debootstrap")


if __name__ == "__main__":
    main()
