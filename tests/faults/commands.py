"""The commands that use the stages' outputs, as the campaign runs them: classify, show and report.answer."""

import shutil
import subprocess
from pathlib import Path

from stages.storage.files import write_text
from tests.classify.pictures import drawn
from tests.helpers import ROOT, clean_environment, commit

COMMANDS = {"classify": ["picture.png", "--show", "seen.png"], "answer": ["--made"], "show": []}
MODULES = {"answer": "report.answer", "classify": "classify", "show": "show"}
RESULTS = ["metrics/data.json", "metrics/ova.json"]
READ = {  # files, and folders of them
    "classify": ["data/models/ova.npy", "picture.png"],
    "answer": RESULTS,
    "show": [
        *(
            "data/models/ova.npy",
            "data/test/SHA256SUMS",
            "data/test/pixels.npy",
            "metrics/answers.txt",
            "metrics/digits.json",
        ),
        *("plots/learning.csv", "plots/predictions.mp4", "dvc.yaml", "params.yaml", *RESULTS),
    ],
}
WRITTEN = {"classify": ["seen.png"], "answer": [], "show": ["show.html"]}
REPOSITORIES = (".git", ".dvc")  # what git and DVC themselves keep there is not held to the rules


def make_whole(folder: Path) -> None:
    """Write what these commands need besides the stages' outputs: a picture, and a repository."""
    drawn("374").save(folder / "picture.png")
    for name in ("dvc.yaml", "params.yaml"):
        shutil.copy(ROOT / name, folder)


def make_repository(folder: Path) -> None:
    """Make a folder a repository of git and DVC, with one commit."""
    subprocess.run(["git", "init", "--quiet"], cwd=folder, env=clean_environment(), check=True)
    (folder / ".dvc").mkdir()
    write_text(folder / ".dvc/config", "[core]\n    analytics = false\n    check_update = false\n")
    write_text(folder / ".gitignore", "/.dvc/tmp\n")
    commit(folder)
