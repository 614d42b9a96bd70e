"""Two people work together as docs/team.md says: all its commands run, with local folders for its addresses."""

import re
from pathlib import Path

import pytest

from tests.helpers import FASTER, ROOT, SOMEBODY, commands_of, commit, copy_of, edit, finished, run, stages_run

PAGE = (ROOT / "docs/team.md").read_text()
COMMANDS = commands_of(PAGE)
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
URL = "https://example.org/digits.git"
EDITORS = {"GIT_EDITOR": "true"} | {
    f"GIT_{who}_{what}": "n@x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
}
pytestmark = pytest.mark.slow


def as_here(text: str, place: Path) -> str:
    """Return a text with local folders in place of the page's addresses."""
    return text.replace(URL, str(place / "digits.git")).replace("/srv/", f"{place}/srv/")


def follow(section: str, folder: Path, place: Path) -> dict[str, str]:
    """Run a section's commands in a folder; return what each printed."""
    return {
        command: run(folder, "bash", "-c", as_here(command, place), **EDITORS)
        for command in commands_of(SECTIONS[section])
    }


def clone(place: Path, name: str, *options: str) -> Path:
    run(place, "git", "clone", "--quiet", *options, f"file://{place}/digits.git", name)
    return place / name


@pytest.fixture(scope="module")
def place(faster_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a repository and Ada's clone of it: she has trained, and has shared her results."""
    place = tmp_path_factory.mktemp("team")
    ada = copy_of(faster_run, place / "ada")
    run(ada, "git", "restore", ".")
    run(ada, "dvc", "checkout")
    run(place, "git", "clone", "--quiet", "--bare", "ada", "digits.git")
    run(ada, "git", "remote", "add", "origin", f"file://{place}/digits.git")
    run(ada, "git", "fetch", "--quiet", "origin")
    run(ada, "git", "branch", "--quiet", "--set-upstream-to=origin/main")
    (place / "srv/cache").mkdir(parents=True)
    (place / "srv/digits").mkdir()
    run(ada, "dvc", "exp", "remove", "faster")
    follow("How do we share results in a folder?", ada, place)
    run(ada, *FASTER.split())  # on the commit that names the remote
    run(ada, "git", "restore", ".")
    run(ada, "dvc", "checkout")
    return place


def test_another_person_gets_what_was_made_and_trains_nothing(place: Path, tmp_path: Path) -> None:
    cloning, *commands = commands_of(SECTIONS["How do I get the results of others?"])
    run(tmp_path, "bash", "-c", as_here(cloning, place))
    ben = tmp_path / "digits"
    printed = "".join(run(ben, "bash", "-c", command) for command in commands)
    assert stages_run(printed) == []
    assert (ben / "data/models/ova.npy").read_bytes() == (place / "ada/data/models/ova.npy").read_bytes()


def test_an_experiment_goes_from_one_to_the_other(place: Path) -> None:
    pushing, *others = commands_of(SECTIONS["How do we share experiments?"])
    run(place / "ada", "bash", "-c", pushing)
    ben = clone(place, "for-experiments")
    printed = [run(ben, "bash", "-c", command) for command in others]
    assert "faster" in printed[0]
    assert "alpha: 0.03" in (ben / "params.yaml").read_text()
    assert stages_run(run(ben, "dvc", "repro", "--pull")) == []
    eve = clone(place, "by-parameters")
    run(eve, "dvc", "pull", "--run-cache")
    edit(eve / "params.yaml", "alpha: 0.01", "alpha: 0.03")
    assert stages_run(run(eve, "dvc", "repro", "--pull")) == ["evaluate", "render_video"]  # it trains nothing


def test_a_bucket_is_set_up_and_its_key_stays_out_of_git(place: Path) -> None:
    ben = clone(place, "for-the-bucket")
    follow("How do we share results in a bucket (S3)?", ben, place)
    assert "s3://our-bucket/digits" in run(ben, "dvc", "remote", "list")
    assert run(ben, "git", "status", "--porcelain") == " M .dvc/config\n"
    assert "OUR-SECRET" not in (ben / ".dvc/config").read_text()


def test_the_model_is_had_elsewhere_as_a_file_and_from_python(place: Path, tmp_path: Path) -> None:
    ada, made = place / "ada", (place / "ada/data/models/ova.npy").read_bytes()
    run(ada, "git", *SOMEBODY, "tag", "--annotate", "--message=first", "ova@v1.0.0")
    run(ada, "git", "push", "--quiet", "origin", "ova@v1.0.0")
    run(tmp_path, "git", "init", "--quiet")
    run(tmp_path, "dvc", "init", "--quiet")
    for command in commands_of(SECTIONS["How do I use the model in another project?"]):
        (tmp_path / "ova.npy").unlink(missing_ok=True)
        run(tmp_path, "bash", "-c", as_here(command, place))
        if " get " in command:
            assert (tmp_path / "ova.npy").read_bytes() == made, command
    assert (tmp_path / "model.npy").read_bytes() == made
    (lines,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert run(tmp_path, "python", "-c", as_here(lines, place)) == "(784, 10) 0.01\n"


def test_one_cache_serves_two_clones(place: Path) -> None:
    ada, ben = copy_of(place / "ada", place / "ada-links"), clone(place, "ben-links")
    follow("How do several people share one machine?", ada, place)
    for command in commands_of(SECTIONS["How do several people share one machine?"])[1:]:
        finished(ben, "bash", "-c", as_here(command, place)).check_returncode()
    models = [folder / "data/models/ova.npy" for folder in (ada, ben)]
    assert models[0].samefile(models[1])
    edit(ben / "params.yaml", "alpha: 0.01", "alpha: 0.05")
    before = models[0].read_bytes()
    run(ben, "dvc", "repro")
    assert models[0].read_bytes() == before != models[1].read_bytes()
    assert run(ada, "dvc", "status", "--quiet") == ""


def test_a_shallow_clone_gets_its_history_and_then_keeps_an_experiment(place: Path) -> None:
    shallow = clone(place, "shallow", "--depth=1")
    run(shallow, "dvc", "pull")
    experiment = ("dvc", "exp", "run", "--temp", "--name", "kept", "-S", "video.examples=3")
    run(shallow, *experiment)
    assert "kept" not in run(shallow, "dvc", "exp", "list")
    assert "git fetch --unshallow" in COMMANDS
    run(shallow, "git", "fetch", "--quiet", "--unshallow")
    run(shallow, *experiment)
    assert "kept" in run(shallow, "dvc", "exp", "list")


def test_a_new_module_is_left_out_of_a_queue_until_git_knows_it(place: Path) -> None:
    ada = copy_of(place / "ada", place / "ada-module")
    (ada / "stages/models/new.py").write_text("VALUE = 1\n")
    edit(
        ada / "stages/render_video.py", "from tqdm import tqdm\n", "from tqdm import tqdm\n\nimport stages.models.new\n"
    )
    experiment = ("dvc", "exp", "run", "--temp", "--single-item", "render_video")
    assert "No module named 'stages.models.new'" in finished(ada, *experiment, **EDITORS).stderr
    (naming,) = [command for command in COMMANDS if "--intent-to-add" in command]
    run(ada, "bash", "-c", naming)
    run(ada, *experiment, **EDITORS)


def test_a_stage_is_frozen_by_hand_and_no_other_way(place: Path) -> None:
    ben = clone(place, "for-freezing")
    (line,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert "cannot dump a parametrized stage" in finished(ben, "dvc", "freeze", "fetch").stderr
    run(ben, "dvc", "pull")
    for name in ("fetch", "train_digit"):
        edit(ben / "dvc.yaml", f"  {name}:\n", f"  {name}:\n{line}")
    edit(ben / "params.yaml", "alpha: 0.01", "alpha: 0.07")
    assert stages_run(run(ben, "dvc", "repro", "combine_ova")) == []


def test_a_rebase_makes_the_results_again(place: Path) -> None:
    ben = copy_of(place / "ada", place / "ben-rebase")
    edit(ben / "params.yaml", "examples: 6 ", "examples: 5 ")
    run(ben, "dvc", "repro")
    commit(ben)
    run(ben, "git", "update-ref", "refs/remotes/origin/main", "HEAD")  # as if another had pushed it
    run(ben, "git", "reset", "--quiet", "--hard", "HEAD~")
    run(ben, "dvc", "exp", "apply", "faster")
    commit(ben)
    rebasing, *mending = commands_of(SECTIONS["What may surprise us?"])[-4:]
    assert "Merge conflict in dvc.lock" in finished(ben, "bash", "-c", rebasing, **EDITORS).stdout
    for command in mending:
        run(ben, "bash", "-c", command, **EDITORS)
    assert run(ben, "git", "status", "--porcelain") == ""
    assert run(ben, "dvc", "status", "--quiet") == ""
    assert {"alpha: 0.03", "examples: 5"} <= set(
        re.findall(r"alpha: 0\.03|examples: 5", (ben / "params.yaml").read_text())
    )
