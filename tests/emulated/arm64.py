"""Debian for arm64, with its Python and the locked packages, in a folder; this machine is left as it is."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements.txt"
RELEASE, PYTHON = "trixie", "3.13"  # Debian's, and the Python that it has
PACKAGES = "python3,libgomp1"  # numba's threads need the second


def debian(cache: Path) -> Path:
    """Return the folder that has what is locked now; make it if it is not there, whole or not at all."""
    folder = cache / f"arm64-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    if not folder.exists():
        for former in cache.glob("arm64-*"):
            shutil.rmtree(former)
        print(f"making {folder}, 1.1 GB, in a minute", flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="unfinished-", ignore_cleanup_errors=True) as unfinished:
            place = Path(unfinished, "root")
            unpack_debian(place)
            install_packages(place / "packages")
            place.rename(folder)
    return folder


def unpack_debian(root: Path) -> None:
    """Unpack a minimal Debian with Python. No program of it runs: it needs neither chroot nor binfmt."""
    options = ["--download-only", "--arch=arm64", "--variant=minbase", f"--include={PACKAGES}"]
    quietly("debootstrap", *options, RELEASE, root)
    for package in (root / "var/cache/apt/archives").glob("*.deb"):
        quietly("dpkg", "--extract", package, root)
        package.unlink()


def install_packages(folder: Path) -> None:
    """Bring the locked packages, their digests checked, as they are for that machine."""
    machine = ["--python-platform", "aarch64-manylinux_2_28", "--python-version", PYTHON]
    quietly("uv", "pip", "install", *machine, "--require-hashes", "--target", folder, "--requirement", LOCK)


def quietly(*command: str | Path) -> None:
    """Run a command; show what it says if it fails."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        raise SystemExit(f"{result.stdout}{command[0]} failed")
