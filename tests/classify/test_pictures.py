"""Picture files of all kinds are read upright, on paper, shrunk; other files are refused with one line."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image

from classify import pictures
from classify.pictures import read_picture
from stages.storage.errors import DamagedError, StageError, UnavailableError
from tests.classify.pictures import drawn

TURNS = {  # EXIF's orientations, by what was done to the picture
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def saved(path: Path, image: Image.Image, **options: Any) -> Any:
    """Write a picture, read it, and return its pixels."""
    image.save(path, **options)
    return read_picture(path).pixels.astype(int)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.bmp", "a.tif"])
def test_all_formats_are_read(tmp_path: Path, name: str) -> None:
    image = drawn("20")
    assert np.abs(saved(tmp_path / name, image) - np.asarray(image)).mean() < 5


def test_the_first_picture_of_an_animated_gif_is_read(tmp_path: Path) -> None:
    image = drawn("20")
    others = [drawn("61"), drawn("33")]
    assert np.abs(saved(tmp_path / "a.gif", image, save_all=True, append_images=others) - np.asarray(image)).mean() < 5


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1", "RGBA", "LA"])
def test_all_kinds_of_colours_are_read(tmp_path: Path, mode: str) -> None:
    image = drawn("20").convert(mode, dither=Image.Dither.NONE)
    read = saved(tmp_path / "a.tif", image)
    assert read.shape == (*image.size[::-1], 3)
    assert np.abs(read - np.asarray(drawn("20"))).mean() < 30


@pytest.mark.parametrize("kind", ["<u2", ">u2", "<f4"])
def test_more_than_eight_bits_are_brought_to_eight(tmp_path: Path, kind: str) -> None:
    grey = np.asarray(drawn("20").convert("L"))
    deep = (grey.astype(np.float64) * (1 / 255 if kind == "<f4" else 16)).astype(kind)  # a camera's twelve bits
    mode = {"<u2": "I;16", ">u2": "I;16B", "<f4": "F"}[kind]
    read = saved(tmp_path / "a.tif", Image.frombytes(mode, drawn("20").size, deep.tobytes()))
    assert read.min() == 0
    assert read.max() == 255
    assert np.corrcoef(read[:, :, 0].ravel(), grey.ravel())[0, 1] > 0.999


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0)], ids=["black", "white"])
def test_what_is_transparent_is_paper(tmp_path: Path, ink: int, paper: int) -> None:
    alpha = 255 - np.asarray(drawn("20").convert("L").point(lambda level: 255 * (level > 120)))
    read = saved(tmp_path / "a.png", Image.fromarray(np.dstack([np.full_like(alpha, ink)] * 3 + [alpha])))
    assert (read[alpha == 255] == ink).all()
    assert (read[alpha == 0] == paper).all()


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("name", ["a.jpg", "a.tif"])
def test_it_is_upright(tmp_path: Path, name: str, turn: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    image = drawn("20")
    read = saved(tmp_path / name, image.transpose(TURNS[turn]), exif=exif)
    assert np.abs(read - np.asarray(image)).mean() < 5
    assert read_picture(tmp_path / name).size == image.size


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_large_one_is_shrunk_and_its_boxes_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(pictures, "KEPT_PIXELS", 10_000)
    monkeypatch.setattr(pictures, "STRIP_PIXELS", 5_000)
    drawn("20").save(tmp_path / name)
    picture = read_picture(tmp_path / name)
    height, width, _ = picture.pixels.shape
    assert height * width <= 11_000
    assert picture.size == drawn("20").size
    assert picture.in_file((0, 0, width, height)) == (0, 0, *picture.size)


def test_more_than_can_be_decoded_is_refused_unread(tmp_path: Path) -> None:
    Image.new("1", (20_000, 10_000)).save(tmp_path / "a.png")
    with pytest.raises(DamagedError, match=r"a\.png: has 200 megapixels, expected 120 at most; shrink it"):
        read_picture(tmp_path / "a.png")


def damaged(path: Path) -> Path:
    """Write a picture's first half."""
    drawn("20", noise=9).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.bmp", "a.tif"])
def test_half_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DamagedError, match=rf"{re.escape(name)}: (cannot be read|is not a picture)"):
        read_picture(damaged(tmp_path / name))


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("<html>")
    for name, said in [("a.jpg", "is not a picture, expected one of PNG"), ("", "is not an ordinary file")]:
        with pytest.raises(DamagedError, match=said):
            read_picture(tmp_path / name)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"none\.png: cannot be read \(No such file or directory\)"):
        read_picture(tmp_path / "none.png")


def test_every_error_is_one_line(tmp_path: Path) -> None:
    for name in ("a.png", "a.jpg", "a.tif"):
        with pytest.raises(StageError) as error:
            read_picture(damaged(tmp_path / name))
        assert len(str(error.value).splitlines()) == 1
