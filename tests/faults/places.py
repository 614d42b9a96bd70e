"""Things that can be in a file's place: not the file, or the file in another guise."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

MOVED = ".moved-"  # the start of the names of files that were moved away
HUGE = 3 * 10**9  # bytes of a sparse file, which takes no room on the disk
Place = Callable[[Path], None]


def missing(path: Path) -> None:
    """Remove it."""
    path.unlink()


def folder(path: Path) -> None:
    """Put a folder with a file there."""
    path.unlink()
    path.mkdir()
    (path / path.name).touch()


def pipe(path: Path) -> None:
    """Put a pipe there into which nobody writes."""
    path.unlink()
    os.mkfifo(path)


def listener(path: Path) -> None:
    """Put a socket there."""
    path.unlink()
    here = os.open(path.parent, os.O_RDONLY)  # its address has few letters
    with socket.socket(socket.AF_UNIX) as unused:
        unused.bind(f"/proc/self/fd/{here}/{path.name}")
    os.close(here)


def link_to(target: str) -> Place:
    """Return a function that puts a link there."""

    def link(path: Path) -> None:
        path.unlink()
        path.symlink_to(target.format(name=path.name))

    return link


def huge(path: Path) -> None:
    """Extend it with a huge number of zeros."""
    replace(path, path.read_bytes())
    os.truncate(path, HUGE)


def linked(path: Path) -> None:
    """Move it elsewhere, and put a link to it there."""
    moved = path.with_name(f"{MOVED}{path.name}")
    path.rename(moved)
    path.symlink_to(moved.name)


def touched(path: Path) -> None:
    """Write it again unchanged, with an old time."""
    replace(path, path.read_bytes())
    os.utime(path, (0, 0))


def without_folder(path: Path) -> None:
    """Remove the folder that it is in."""
    shutil.rmtree(path.parent)


def file_for_folder(path: Path) -> None:
    """Put a file where its folder is."""
    without_folder(path)
    path.parent.write_text("a file in the way")


def folder_loop(path: Path) -> None:
    """Put a link to itself where its folder is."""
    without_folder(path)
    path.parent.symlink_to(path.parent.name)


def linked_folder(path: Path) -> None:
    """Move its folder elsewhere, and put a link to it there."""
    linked(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Replace a file, rather than write to it: it may be a link to a good run's file."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)


BAD: dict[str, Place] = {
    "missing": missing,
    "folder": folder,
    "pipe": pipe,
    "socket": listener,
    "link to itself": link_to("{name}"),
    "link to nothing": link_to("nothing"),
    "link to /dev/zero": link_to("/dev/zero"),
    "link to /dev/null": link_to("/dev/null"),
    "link to its folder": link_to("."),
    "3 GB": huge,
    "no folder": without_folder,
    "file for its folder": file_for_folder,
    "folder that is a link to itself": folder_loop,
}
SAME: dict[str, Place] = {"link to it": linked, "written again": touched, "link to its folder's place": linked_folder}
