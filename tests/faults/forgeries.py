"""Wrong numbers in files whose digests are right: the digests are computed again, so that later checks must object."""

import hashlib
import io
import random
from pathlib import Path
from typing import Any

import numpy as np

from stages.storage.records import SEAL_BYTES
from stages.storage.sets import SUMS
from tests.faults.places import replace

WHOLE = [0, 1, -1, 2, 9, 10, 255, 10**9, 2**62, -(2**62)]
REAL = [0.0, -0.0, 1.0, -1.0, 1e-320, 1e308, -1e308, float("nan"), float("inf"), 127.5, 255.0, 1e16]
WORDS = [b"", b"converged", b"\xff\xfe", b"a\nb", b"x" * 20, b"nan"]


def forge(path: Path, rng: random.Random) -> None:
    """Change some numbers of an array or of a model, and compute its digest again."""
    content = path.read_bytes()
    array = np.load(io.BytesIO(content))
    start = len(content) - array.nbytes
    changed = array.copy()
    for _ in range(rng.choice([1, 1, 1, 3])):
        change(changed, rng)
    replace(path, seal(path, content[:start] + changed.tobytes()))


def change(array: Any, rng: random.Random) -> None:
    """Change one, many or all numbers of an array, or of one field of a record."""
    if array.dtype.names:
        name = rng.choice(array.dtype.names[:-1])
        field = np.atleast_1d(array[name]).copy()
        change(field, rng)
        array[name] = field.reshape(array[name].shape)
        return
    flat = array.reshape(-1)
    rows = rng.choice([slice(None), rng.randrange(flat.size), slice(rng.randrange(flat.size), None), slice(-1, None)])
    with np.errstate(all="ignore"):
        flat[rows] = np.array(rng.choice({"f": REAL, "S": WORDS}.get(array.dtype.kind, WHOLE))).astype(array.dtype)


def seal(path: Path, content: bytes) -> bytes:
    """Return a model with its digest at the end; write an array's digest into the list beside it."""
    sums = path.parent / SUMS
    if not sums.exists():
        body = content[:-SEAL_BYTES]
        return body + hashlib.sha256(body).digest()
    lines = [line.split("  ") for line in sums.read_text().splitlines()]
    sealed = {name: hashlib.sha256(content).hexdigest() if name == path.name else digest for digest, name in lines}
    replace(sums, "".join(f"{digest}  {name}\n" for name, digest in sealed.items()).encode())
    return content
