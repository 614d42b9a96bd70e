"""The stages on another system, as far as this one can be made like it, in a folder with an awkward name."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PureWindowsPath

import pytest

from stages.images import digests
from stages.images.form import write_images
from tests.elsewhere import on_windows
from tests.helpers import (
    COMBINE_FLAGS,
    SPLIT_FLAGS,
    TRAIN_FLAGS,
    VIDEO_FLAGS,
    Run,
    everything,
    flags_of,
    fresh_clone,
    run,
    sample_images,
    tracked_files,
)

FETCH_FLAGS = ["--sources", "ossci", "--sha256", "None", "--offline", "fail"]
STAGES = [("normalize_split", flags_of(SPLIT_FLAGS))]
STAGES += [("train_digit", flags_of(TRAIN_FLAGS, digit=str(digit), max_iter="2")) for digit in range(10)]
STAGES += [("combine_ova", COMBINE_FLAGS)]
LAST = [("evaluate", []), ("render_video", flags_of(VIDEO_FLAGS, examples="2"))]


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """Return a folder as they are elsewhere, which no part of a path may be mistaken for."""
    folder = tmp_path / "C:\\Users\\Zoë\\my documents"
    folder.mkdir()
    return folder


def run_all(stage: Run, stages: Sequence[tuple[str, list[str]]]) -> None:
    for name, flags in stages:
        result = stage(name, *flags)
        assert (result.returncode, result.stderr) == (0, ""), name


def test_on_windows_a_second_run_replaces_what_is_there_with_the_same(
    stage: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_images(tmp_path / "data/mnist", sample_images(300))
    run_all(stage, STAGES)
    before = everything(tmp_path)
    on_windows(monkeypatch)
    run_all(stage, STAGES)
    assert everything(tmp_path) == before
    run_all(stage, LAST)


def test_on_windows_good_images_stay_when_no_source_answers(
    stage: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are mapped from where they are, and no file that is mapped is replaced there."""
    on_windows(monkeypatch)
    fetched = sample_images(300)
    monkeypatch.setitem(digests.DIGESTS, digests.MNIST, tuple(sha256(array.data).hexdigest() for array in fetched))
    write_images(tmp_path / "data/mnist", fetched)
    before = everything(tmp_path)
    result = stage("fetch", *FETCH_FLAGS)
    assert (result.returncode, result.stdout) == (0, "mnist-original: 300 images -> data/mnist\n")
    assert everything(tmp_path) == before


def test_every_name_can_be_written_on_every_system() -> None:
    """Where upper and lower case are one, and where some letters and words are reserved."""
    names = Counter(path.as_posix().casefold() for path in tracked_files())
    assert [name for name, times in names.items() if times > 1] == []
    parts = {part for path in tracked_files() for part in path.parts}
    assert [part for part in parts if PureWindowsPath(part).is_reserved() or set(part) & set('<>:"\\|?*')] == []
    assert [part for part in parts if part.endswith((".", " "))] == []


def test_a_checkout_on_windows_has_the_same_bytes(tmp_path: Path) -> None:
    """Its git writes other line ends, unless it is told; dvc.lock has the digests of what is here."""
    here = fresh_clone(tmp_path / "here")
    run(tmp_path, "git", "clone", "--quiet", "--config=core.autocrlf=true", str(here), "there")
    names = run(here, "git", "ls-files", "-z").split("\0")[:-1]
    assert [name for name in names if (tmp_path / "there" / name).read_bytes() != (here / name).read_bytes()] == []
