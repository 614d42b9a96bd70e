"""Films: frames, pace, codec, and the same bytes twice."""

from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from stages.drawing import film
from stages.drawing.film import write_gif, write_mp4
from stages.drawing.frames import PALETTE
from stages.storage.arrays import ByteArray
from stages.storage.errors import RenderingError

# imageio leaves its file to the garbage collector where it fails
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


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
    write_gif(path, [*frames, frames[-1]], fps=4, palette=PALETTE)
    pictures = iio.imread(path)
    assert sum(iio.immeta(path, index=i)["duration"] for i in range(len(pictures))) == 6 * 250
    assert iio.immeta(path, index=0)["loop"] == 0


def test_the_same_frames_are_the_same_bytes(frames: list[ByteArray], tmp_path: Path) -> None:
    for name in "ab":
        write_mp4(tmp_path / f"{name}.mp4", frames, fps=2)
        write_gif(tmp_path / f"{name}.gif", frames, fps=2, palette=PALETTE)
    for kind in ("mp4", "gif"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_frames_that_cannot_be_encoded_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="cannot be encoded"):
        write_mp4(tmp_path / "film.mp4", [np.zeros((71, 127, 3), np.uint8)], fps=2)  # H.264 wants even sides


def test_dropped_frames_are_noticed(frames: list[ByteArray], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = film.iio.imiter
    monkeypatch.setattr(film.iio, "imiter", lambda *a, **k: list(whole(*a, **k))[:-1])
    with pytest.raises(RenderingError, match="has 4 frames, expected 5"):
        write_mp4(tmp_path / "film.mp4", frames, fps=2)
