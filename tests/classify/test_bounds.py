"""Pictures that take long or much memory, or make decoders print: each ends soon, with answers or one line."""

import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from classify.bounds import SCAN
from classify.pages import classify
from classify.pictures import read_picture
from stages.storage.errors import DamagedError, StageError
from tests.classify.pictures import drawn, model

SECONDS = 20  # of this process: a bound of five, on a machine with other work
Y, X = np.mgrid[:2000, :2000]
SLIM = np.where(np.arange(19_000) % 50 < 5, 0, 255)[None].repeat(200, axis=0)
PATTERNS: dict[str, Callable[[], Any]] = {
    "diagonals": lambda: np.where((X + Y) % 40 < 4, 0, 255),
    "stripes": lambda: np.where(X % 30 < 6, 0, 255),
    "lines": lambda: np.where(Y % 9 < 3, 0, 255),
    "rings": lambda: np.where(np.hypot(X - 1000, Y - 1000) % 40 < 5, 0, 255),
    "squares": lambda: np.where((X // 7 + Y // 7) % 2, 0, 255),
    "noise": lambda: np.random.default_rng(0).integers(0, 256, X.shape),
    "dots": lambda: np.where((X % 20 < 4) & (Y % 20 < 4), 0, 255),
    "a long one": lambda: SLIM,
    "a high one": lambda: SLIM.T,
}


def saved(path: Path, pixels: Any, **options: Any) -> Path:
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path, **options)
    return path


def ended(path: Path) -> str:
    """Return the answers or the error, if reading took no longer than allowed."""
    started = time.process_time()
    try:
        said = " ".join(str(answer.digit) for answer in classify(path, model()).answers)
    except StageError as error:
        said = str(error)
    assert time.process_time() - started < SECONDS
    assert len(said.splitlines()) == 1
    return said


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_end_soon(tmp_path: Path, pattern: str) -> None:
    assert ended(saved(tmp_path / "a.png", PATTERNS[pattern](), compress_level=1))


def test_a_palette_with_transparency_ends_soon(tmp_path: Path) -> None:
    image = Image.fromarray(np.where((X + Y) % 64 < 8, 1, 0).astype(np.uint8), "P")
    image.putpalette([255, 255, 255, 0, 0, 0])
    image.save(tmp_path / "a.png", transparency=0)
    assert "found" in ended(tmp_path / "a.png")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("thick", [1, 2])
def test_hairlines_are_answered(tmp_path: Path, seed: int, thick: int) -> None:
    pixels = np.full((260, 300), 255, np.uint8)
    ends = np.random.default_rng(seed).integers(0, 260, (2, 2))
    cv2.line(pixels, *(tuple(map(int, end)) for end in ends), 0, thick)
    assert ended(saved(tmp_path / "a.png", pixels))


@pytest.mark.parametrize("size", [(1, 10), (2, 80), (10, 1), (1, 1), (3, 3)])
def test_dashes_and_specks_are_answered(tmp_path: Path, size: tuple[int, int]) -> None:
    pixels = np.full((112, 112), 255, np.uint8)
    pixels[40 : 40 + size[0], 20 : 20 + size[1]] = 0
    assert ended(saved(tmp_path / "a.png", pixels))


def chunks(*parts: tuple[bytes, bytes]) -> bytes:
    """Return a PNG of chunks."""
    sealed = [struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(sealed)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.png").open("wb") as file:
        file.write(chunks((b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0))) + struct.pack(">I", 2**31) + b"abCd")
        file.truncate(4_000_000_000)
    with pytest.raises(DamagedError, match="has 4000 MB, expected 250 at most"):
        read_picture(tmp_path / "a.png")


@pytest.mark.parametrize("size", [(65_000, 20), (20, 65_000)])
def test_what_is_far_longer_than_wide_is_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("L", size).save(tmp_path / "a.png")
    with pytest.raises(DamagedError, match="expected a longer side of at most 100 times the shorter"):
        read_picture(tmp_path / "a.png")


def test_a_jpeg_of_thousands_of_scans_is_refused(tmp_path: Path) -> None:
    drawn("26").save(tmp_path / "a.jpg", progressive=True)
    assert ended(tmp_path / "a.jpg").count(" ") == 1
    whole = (tmp_path / "a.jpg").read_bytes()
    last = whole[whole.rindex(SCAN) : -2]
    (tmp_path / "a.jpg").write_bytes(whole[:-2] + 10_000 * last + whole[-2:])
    with pytest.raises(DamagedError, match="has too many scans for its size"):
        read_picture(tmp_path / "a.jpg")


def test_scans_are_counted_in_a_jpeg_of_several_pictures_too(tmp_path: Path) -> None:
    picture = drawn("26")
    picture.save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=[picture], progressive=True)
    assert read_picture(tmp_path / "a.jpg").size == picture.size
    whole = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(whole + 100 * SCAN)
    with pytest.raises(DamagedError, match="has too many scans for its size"):
        read_picture(tmp_path / "a.jpg")


def test_a_large_webp_with_transparency_is_refused_for_what_it_is(tmp_path: Path) -> None:
    image = Image.new("RGBA", (7000, 6000), (0, 0, 0, 0))
    image.save(tmp_path / "a.webp", method=0, lossless=True, quality=0)
    with pytest.raises(DamagedError, match="has 42 megapixels, some transparent, expected 40 at most"):
        read_picture(tmp_path / "a.webp")


@pytest.mark.parametrize("name", ["a.png", "a.webp", "a.jpg"])
def test_a_picture_with_junk_for_exif_is_read(tmp_path: Path, name: str) -> None:
    image = drawn("26")
    image.save(tmp_path / name, exif=b"Exif\0\0II*\0\xff\xff\xff\x7fjunk")
    assert read_picture(tmp_path / name).size == image.size


def test_levels_that_are_no_numbers_are_paper(tmp_path: Path) -> None:
    levels = np.asarray(drawn("26").convert("L"), np.float32)
    holes = levels.copy()
    holes[:20], holes[:, :9] = np.nan, np.inf
    whole, holed = (ended_as(tmp_path / "a.tif", some) for some in (levels, holes))
    assert holed == whole
    with pytest.raises(DamagedError, match="none of its levels is a finite number"):
        ended_as(tmp_path / "a.tif", np.full_like(levels, np.nan))


def ended_as(path: Path, levels: Any) -> list[int | None]:
    Image.fromarray(levels).save(path)
    return [answer.digit for answer in classify(path, model()).answers]


def odd_tiff(path: Path) -> None:
    """Write a TIFF that makes libtiff print a warning."""
    drawn("26").save(path, compression="tiff_lzw")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 3 : len(whole) // 3 + 40] = bytes(40)
    path.write_bytes(whole)


def test_decoders_words_stay_unsaid(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    odd_tiff(tmp_path / "a.tif")
    ended(tmp_path / "a.tif")
    broken = chunks((b"IHDR", struct.pack(">IIBBBBB", 200, 200, 16, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(999))))
    (tmp_path / "a.png").write_bytes(broken)
    ended(tmp_path / "a.png")
    assert capfd.readouterr() == ("", "")
