"""Your own data at a path: a .npz, a .csv, a pair of IDX files, or a folder with these or with pictures.

Only ordinary files of an allowed size are read. Their digest is checked before they are parsed.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from stages.images.form import Data
from stages.sources.archives import content_of, errors_naming
from stages.sources.idx import IMAGES_IDX, labels_beside, parts_of_idx
from stages.sources.npz import parts_of_npz
from stages.sources.parts import MOST_BYTES, Part, join_parts
from stages.sources.pictures import parts_of_pictures
from stages.sources.tables import parts_of_tables
from stages.storage.errors import DamagedError, ParameterError, UnavailableError

MOST_FILES = 1_000_000
DEEPEST = 3  # train/CLASS/PICTURE


def from_path(path: Path, sha256: str | None) -> Data:
    """Return the data in a file or a folder.

    Raises UnavailableError if nothing is there, ParameterError if no digest is given, and DamagedError if the digest
    differs or the files are not in an expected form.
    """
    try:
        files = files_at(path)
    except OSError as error:
        raise UnavailableError(f"{error.filename or path}: {error.strerror or error}; expected your data") from error
    found = digest_of(files)
    if sha256 is None:
        raise ParameterError(f"--sha256: must be the digest of {path}, which is {found}; write it to fetch.sha256")
    if found != sha256:
        raise DamagedError(f"{path}: has the sha256 {found}, expected {sha256}, as fetch.sha256 says")
    with errors_naming(path):
        return join_parts(parts_of(files))


def files_at(path: Path) -> dict[str, bytes]:
    """Return the content by name: of a file, of the pair of IDX files it is in, or of all files below a folder."""
    paths = paths_below(path) if path.is_dir() else {one.name: one for one in (path, *labels_beside(path))}
    if not paths or (size := sum(file.stat().st_size for file in paths.values())) > MOST_BYTES:
        found = f"{len(paths)} files" if not paths else f"{size} bytes"
        raise DamagedError(f"{path}: holds {found}, expected files of at most {MOST_BYTES} bytes in all")
    files = {}
    for name in sorted(paths, key=os.fsencode):
        with errors_naming(paths[name]):
            files[name] = content_of(paths[name], MOST_BYTES)
    return files


def paths_below(folder: Path) -> dict[str, Path]:
    """Return the files below a folder by name, without hidden ones. Raise DamagedError for too many or too deep."""
    paths: dict[str, Path] = {}
    for file in folder.rglob("*"):
        parts = file.relative_to(folder).parts
        if any(name.startswith(".") for name in parts) or file.is_dir():
            continue
        paths["/".join(parts)] = file
        if len(parts) > DEEPEST or len(paths) > MOST_FILES:
            found = f"{len(paths)} or more files, such as {'/'.join(parts)}"
            raise DamagedError(
                f"{folder}: holds {found}, expected at most {MOST_FILES}, no deeper than SET/CLASS/PICTURE"
            )
    return paths


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return a file's sha256; for several files, the sha256 of their list from `sha256sum`, sorted by name."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    if len(digests) == 1:
        return next(iter(digests.values()))
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in digests.items()).encode()).hexdigest()


def parts_of(files: Mapping[str, bytes]) -> list[Part]:
    """Return the training part, and the test part if there is one."""
    names = list(files)
    if all(IMAGES_IDX.search(name) or "labels-idx1-ubyte" in name for name in names):
        return parts_of_idx(files)
    if len(names) == 1 and names[0].lower().endswith(".npz"):
        return parts_of_npz(files[names[0]])
    if all(name.lower().endswith(".csv") for name in names):
        return parts_of_tables(files)
    return parts_of_pictures(files)
