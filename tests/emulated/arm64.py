"""Put Debian for arm64, with its Python and the locked packages, into a folder; the machine itself is left as it is."""

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements.txt"
RELEASE, PYTHON = "trixie", "3.13"  # Debian's release, and the Python in it
PACKAGES = "python3,libgomp1"  # the second is for numba's threads


def debian(cache: Path) -> Path:
    """Return the folder for the present lock; if it is not there, make it, whole or not at all."""
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
    """Unpack a minimal Debian with Python. None of its programs runs, so it needs neither chroot nor binfmt."""
    options = ["--download-only", "--arch=arm64", "--variant=minbase", f"--include={PACKAGES}"]
    quietly("debootstrap", *options, RELEASE, root)
    for package in (root / "var/cache/apt/archives").glob("*.deb"):
        quietly("dpkg", "--extract", package, root)
        package.unlink()


def install_packages(folder: Path) -> None:
    """Install the locked packages for arm64, with their digests checked."""
    machine = ["--python-platform", "aarch64-manylinux_2_28", "--python-version", PYTHON]
    quietly("uv", "pip", "install", *machine, "--require-hashes", "--target", folder, "--requirement", LOCK)


def quietly(*command: str | Path) -> None:
    """Run a command; show its output if it fails."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode:
        raise SystemExit(f"{result.stdout}{command[0]} failed")
