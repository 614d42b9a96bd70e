"""Films: frames, pace, codec, and the same bytes twice."""

import gc
from collections.abc import Iterator
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from stages.drawing import film
from stages.drawing.film import indexed, write_gif, write_mp4
from stages.drawing.frames import PALETTE
from stages.storage.arrays import ByteArray
from stages.storage.errors import RenderingError, UnavailableError
from tests.helpers import files_of_at_most


@pytest.fixture
def frames() -> list[ByteArray]:
    shades = np.linspace(0, 255, 5).astype(np.uint8)
    return [np.full((72, 128, 3), shade) for shade in shades]


def test_the_mp4_is_what_browsers_play(frames: list[ByteArray], tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    write_mp4(path, frames, fps=2)
    about = iio.immeta(path, plugin="pyav")
    assert (about["codec"], about["video_format"], about["fps"], about["duration"]) == ("h264", "yuv420p", 2.0, 2.5)
    assert iio.improps(path, plugin="pyav").shape == (5, 72, 128, 3)
    content = path.read_bytes()
    assert content.find(b"moov") < content.find(b"mdat")  # the index comes first: it plays while it loads


def test_the_gif_keeps_the_pace(frames: list[ByteArray], tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    write_gif(path, [indexed(frame, PALETTE) for frame in [*frames, frames[-1]]], fps=4, palette=PALETTE)
    pictures = iio.imread(path)
    assert sum(iio.immeta(path, index=i)["duration"] for i in range(len(pictures))) == 6 * 250
    assert iio.immeta(path, index=0)["loop"] == 0


def test_the_same_frames_are_the_same_bytes(frames: list[ByteArray], tmp_path: Path) -> None:
    for name in "ab":
        write_mp4(tmp_path / f"{name}.mp4", frames, fps=2)
        write_gif(tmp_path / f"{name}.gif", [indexed(frame, PALETTE) for frame in frames], fps=2, palette=PALETTE)
    for kind in ("mp4", "gif"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_frames_that_cannot_be_encoded_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="cannot be encoded"):
        write_mp4(tmp_path / "film.mp4", [np.zeros((71, 127, 3), np.uint8)], fps=2)  # H.264 wants even sides


def test_a_frame_that_cannot_be_drawn_leaves_no_film(frames: list[ByteArray], tmp_path: Path) -> None:
    def drawn() -> Iterator[ByteArray]:
        yield frames[0]
        raise UnavailableError("no font")

    with pytest.raises(UnavailableError, match=r"^no font$"):
        write_mp4(tmp_path / "film.mp4", drawn(), fps=2)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["mp4", "gif"])
def test_a_disk_that_is_full_is_named_with_the_film(
    kind: str, frames: list[ByteArray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever in a file it happens: a limit on a file's size is reached as a disk's end is."""
    path = tmp_path / f"film.{kind}"

    def write() -> None:
        if kind == "mp4":
            write_mp4(path, frames, fps=2)
        else:
            write_gif(path, [indexed(frame, PALETTE) for frame in frames], fps=2, palette=PALETTE)

    write()
    size = path.stat().st_size
    path.unlink()
    said = rf"/film\.{kind}: cannot be written \(File too large\)$"
    for room in (1, size // 3, size // 2, size - 1):
        with files_of_at_most(room), pytest.raises(UnavailableError, match=said):
            write()
        gc.collect()
        assert not list(tmp_path.iterdir())
    assert capsys.readouterr() == ("", "")


def test_dropped_frames_are_noticed(frames: list[ByteArray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = film.encode
    monkeypatch.setattr(film, "encode", lambda *arguments: whole(*arguments) + 1)
    with pytest.raises(RenderingError, match=r"/film\.mp4: the video has 5 frames, expected 6$"):
        write_mp4(tmp_path / "film.mp4", frames, fps=2)


def test_the_film_takes_its_frames_one_at_a_time_and_has_their_colours(tmp_path: Path) -> None:
    path, colours = tmp_path / "film.mp4", [(20, 130, 60), (200, 40, 30), (250, 250, 250)]
    write_mp4(path, (np.full((64, 96, 3), colour, dtype=np.uint8) for colour in colours), fps=0.1)
    for found, colour in zip(iio.imiter(path, plugin="pyav"), colours, strict=True):
        assert np.abs(found.astype(int) - colour).max() <= 4


def test_a_pixel_becomes_the_nearest_colour_of_the_palette() -> None:
    frame = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    distances = np.square(frame[:, :, None].astype(int) - np.array(PALETTE)).sum(axis=-1)
    chosen = np.take_along_axis(distances, indexed(frame, PALETTE)[:, :, None].astype(int), axis=-1)[..., 0]
    assert (chosen <= 1.1 * distances.min(axis=-1) + 300).all()
