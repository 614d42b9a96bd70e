"""The stages as the campaign runs them: what each reads and writes, by dvc.yaml, and its run on good files."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from stages.images.form import write_images
from tests.faults.commands import COMMANDS, READ, WRITTEN, make_repository, make_whole
from tests.faults.processes import Ended, run_stage
from tests.helpers import CLASSES, ROOT, SPLIT_FLAGS, TRAIN_FLAGS, VIDEO_FLAGS, everything, sample_images

OLD = b"an older run's, which stays or is replaced by what a good run writes"
FLAGS: dict[str, dict[str, str]] = {
    "fetch": {"sources": "ossci", "sha256": "None", "offline": "sample"},
    "normalize_split": SPLIT_FLAGS,
    "train_digit": TRAIN_FLAGS | {"max_iter": "3"},
    "combine_ova": CLASSES,
    "evaluate": {},
    "render_video": VIDEO_FLAGS | {"examples": "1"},
}


class Good(NamedTuple):
    """A stage before and after a good run: all by path, relative to the folder that it runs in.

    reads, writes: files. place: a folder with what it reads, and older outputs. written: what the run leaves of each
    output. ended: how it ended.
    """

    reads: list[str]
    writes: list[str]
    place: Path
    written: dict[str, bytes]
    ended: Ended


def words_of(flags: Mapping[str, str]) -> list[str]:
    """Return flags as a command's arguments."""
    words = []
    for name, value in flags.items():
        words += [f"--{name}", *value.split()] if " " in value else [f"--{name}={value}"]
    return words


def whole_run(folder: Path) -> Path:
    """Run every stage on 300 images in a folder, which also has what other commands read; return it."""
    write_images(folder / "data/mnist", sample_images(300))
    for name in (name for name in FLAGS if name != "fetch"):
        for changes in [{"digit": str(digit)} for digit in range(10)] if name == "train_digit" else [{}]:
            check(name, run_stage(folder, name, words_of(FLAGS[name] | changes)))
    make_whole(folder)
    return folder


def good_runs(whole: Path) -> dict[str, Good]:
    """Return each stage's good run on the files in a folder, made beside that folder."""
    return {name: good_run(whole.parent / "good", name, whole) for name in (*FLAGS, *COMMANDS)}


def good_words(name: str) -> list[str]:
    """Return the arguments of a good run of a stage, or of another command."""
    return words_of(FLAGS[name]) if name in FLAGS else COMMANDS[name]


def good_run(folder: Path, name: str, whole: Path) -> Good:
    """Return a stage's good run, over files of an older one."""
    reads, writes = files_of(name, "deps", whole), files_of(name, "outs", whole)
    place = folder / name
    for file in reads:
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(whole / file, place / file)
    for file in writes:
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_bytes(OLD)
    if name == "show":
        make_repository(place)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        here = copy_of(place, Path(temporary, "here"))
        ended = run_stage(here, name, good_words(name))
        check(name, ended)
        after = everything(here)
    return Good(reads, writes, place, {file: after[file] for file in writes}, ended)


def check(name: str, ended: Ended) -> None:
    """Raise if a run that should be good failed: later comparisons would be worthless."""
    if ended.code:
        raise RuntimeError(f"{name} ended with {ended.code}: {ended.stderr}")


def copy_of(place: Path, here: Path) -> Path:
    """Copy a folder by hard links, which is safe because faults replace files and never write to them."""
    return Path(shutil.copytree(place, here, copy_function=lambda source, target: Path(target).hardlink_to(source)))


def files_of(name: str, kind: str, whole: Path) -> list[str]:
    """Return a command's files. For a stage, those are its data or outputs in dvc.yaml, with digit 3 for all ten."""
    if name in COMMANDS:
        return [file for path in (READ if kind == "deps" else WRITTEN)[name] for file in files_in(whole, path)]
    stage = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"][name]
    kinds = ["deps"] if kind == "deps" else ["outs", "metrics", "plots"]
    named = [path_of(item) for key in kinds for item in stage.get(key, [])]
    filled = [path.replace("${item.digit}", FLAGS["train_digit"]["digit"]) for path in named]
    return [file for path in filled if not path.startswith("stages/") for file in files_in(whole, path)]


def path_of(item: str | Mapping[str, Any]) -> str:
    """Return the path of an entry of dvc.yaml, with or without settings."""
    return item if isinstance(item, str) else next(iter(item))


def files_in(whole: Path, path: str) -> Sequence[str]:
    """Return the path of a file, or of the files in a folder."""
    if (whole / path).is_dir():
        return [str(file.relative_to(whole)) for file in sorted((whole / path).iterdir())]
    return [path]
