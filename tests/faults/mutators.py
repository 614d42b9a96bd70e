"""Random changes of a file's bytes. Each mutator is given bytes and returns changed ones, drawn with a seed."""

import io
import pickle
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Mutator = Callable[[bytes, random.Random], bytes]
MAGIC = b"\x93NUMPY\x01\x00"
HEADER = 128  # bytes, of most .npy files
DTYPES = ["'<f8'", "'>f8'", "'|u1'", "'|i1'", "'<f4'", "'|O'", "'<U9'", "'|S0'", "'<M8[D]'", "'nonsense'", "[]", "None"]
SHAPES = ["()", "(True,)", "(1.0,)", "None", "[784]", "(" * 900]


def flipped_bits(content: bytes, rng: random.Random) -> bytes:
    """Flip one to eight bits."""
    mutated = bytearray(content)
    for at in {rng.randrange(len(mutated)) for _ in range(rng.choice([1, 1, 2, 8]))}:
        mutated[at] ^= 1 << rng.randrange(8)
    return bytes(mutated)


def flipped_in_header(content: bytes, rng: random.Random) -> bytes:
    """Flip bits among the first bytes, which say the format."""
    return flipped_bits(content[:HEADER], rng) + content[HEADER:]


def other_bytes(content: bytes, rng: random.Random) -> bytes:
    """Replace a stretch of bytes by random ones, or by zeros."""
    start = rng.randrange(len(content))
    length = min(rng.choice([1, 4, 8, 512, 4096]), len(content) - start)
    return content[:start] + rng.choice([bytes(length), rng.randbytes(length)]) + content[start + length :]


def truncated(content: bytes, rng: random.Random) -> bytes:
    """Cut the end off: a little of it, or much."""
    return content[: rng.choice([rng.randrange(len(content)), len(content) - 1, min(HEADER, len(content) - 1), 1])]


def beheaded(content: bytes, rng: random.Random) -> bytes:
    """Cut the beginning off."""
    return content[rng.choice([1, 6, 10, rng.randrange(1, len(content) + 1)]) :]


def extended(content: bytes, rng: random.Random) -> bytes:
    """Add something at the end."""
    return content + rng.choice([b"\0", b"\n", b"\r\n", bytes(4096), content, rng.randbytes(100)])


def moved(content: bytes, rng: random.Random) -> bytes:
    """Insert or remove bytes somewhere."""
    at, length = rng.randrange(len(content)), rng.choice([1, 2, 8])
    return content[:at] + rng.choice([content[at + length :], rng.randbytes(length) + content[at:]])


def line_ends(content: bytes, rng: random.Random) -> bytes:
    """Change the ends of lines to those of another system, or of none."""
    return content.replace(b"\n", rng.choice([b"\r\n", b"\r", b"\x0b", b"\x1c", b"\n\n", b" \n", b"\0"]))


def replaced(_: bytes, rng: random.Random) -> bytes:
    """Replace everything by something quite different."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weights.npy", bytes(10**6))
    words = [b"", b"\0", b"\n", b"words\n", b"<!DOCTYPE html><html></html>", b"\xff\xfe", "Zoë\n".encode("utf-16")]
    pickles = [pickle.dumps(Runs()), saved(Runs())]
    return rng.choice([*words, *pickles, zipped.getvalue(), rng.randbytes(1000), bytes(10**6)])


class Runs:
    """An object whose pickle writes a file when it is loaded."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        """Tell pickle what to run."""
        return Path.touch, (Path("opened"),)


def saved(thing: object) -> bytes:
    """Return an object as NumPy saves it: as a pickle."""
    content = io.BytesIO()
    np.save(content, np.array([thing], object), allow_pickle=True)
    return content.getvalue()


def with_header(content: bytes, rng: random.Random) -> bytes:
    """Give an array a wrong header: another dtype, shape, order, size or version, or nonsense."""
    length = rng.choice([0, 1, 10**6, 2**31, 2**62, -1, 784, 10**400])
    descr = rng.choice(DTYPES)
    shape = rng.choice([*SHAPES, f"({length},)", f"({length}, 784)", f"({length}L,)"])
    order = rng.choice(["True", "False", "None", "1"])
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    text = rng.choice([text, text, text, text[:-3], f"{text}#", f"__import__('os').mkdir('opened') or {text}", "{}"])
    said = rng.choice([len(text) + 1, len(text) + 1, len(text) + 1, 0, 65535])
    return MAGIC + struct.pack("<H", said) + text.encode() + b"\n" + content[HEADER:]


def same_array(content: bytes, rng: random.Random) -> bytes:
    """Write the same numbers in another form: another dtype, byte order, memory order, or header."""
    array = np.load(io.BytesIO(content))
    if array.dtype.names:
        return content[:8] + struct.pack("<H", HEADER) + content[10:]
    forms = [array.astype("f4"), array.astype(">f8"), array.astype("i8"), array[None], array.astype("f8"), array[::-1]]
    again = io.BytesIO()
    np.lib.format.write_array(again, rng.choice([*forms, array.T, array[:-1], array[:0]]), (2, 0))
    return again.getvalue()


ANY: dict[str, Mutator] = {
    "flipped bits": flipped_bits,
    "flipped bits in the header": flipped_in_header,
    "other bytes": other_bytes,
    "truncated": truncated,
    "beginning cut off": beheaded,
    "extended": extended,
    "inserted or removed bytes": moved,
    "other line ends": line_ends,
    "something else": replaced,
}
OF_ARRAYS: dict[str, Mutator] = {"other header": with_header, "another form of array": same_array}
