"""The README against the repository."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.helpers import ROOT, run
from tests.pipeline.imports import ROOMS
from tests.pipeline.test_rooms import ALLOWED, DIGITS, LAST, RERUNS

README = (ROOT / "README.md").read_text()
CODE = (ROOT / "docs/code.md").read_text()


def listed_in_the_tree() -> set[Path]:
    """Return the paths in the README's tree."""
    block = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert block
    paths, folder = set(), Path()
    for line in block.group(1).splitlines():
        name = line.split()[0]
        folder = folder if line.startswith(" ") else Path(name if name.endswith("/") else "")
        paths.add(folder / name if line.startswith(" ") else Path(name))
    return paths


def test_every_path_in_the_tree_is_there_with_a_purpose() -> None:
    assert {path for path in listed_in_the_tree() if not (ROOT / path).exists()} == set()


def test_every_room_is_in_the_tree_and_none_of_its_files() -> None:
    rooms = {Path("stages", room) for room in ROOMS}
    assert {path for path in listed_in_the_tree() if path.parts[0] == "stages"} == {Path("stages"), *rooms}


def test_every_room_is_in_the_table_of_what_a_change_there_runs_again() -> None:
    rows = re.findall(r"^\| `stages/(\w+)/`: [^|]+ \| ([^|]+) \| ([^|]+) \|$", CODE, re.MULTILINE)
    imports = {room: set() if may == "nothing" else set(may.split(", ")) for room, may, _ in rows}
    assert imports == ALLOWED
    groups = {"training": DIGITS, "what follows": {"combine_ova"} | LAST, "all": RERUNS["storage"]}
    said = {
        room: [groups.get(word, {word.strip("`")}) for word in runs.replace("and ", "").split(", ")]
        for room, _, runs in rows
    }
    assert {room: set().union(*names) for room, names in said.items()} == RERUNS


def test_what_stands_beside_the_stages_imports_the_rooms_that_it_is_said_to() -> None:
    rows = re.findall(r"^\| `(\w+)/` \| [^|]+ \| (\w[^|]*) \| [^|]+ \|$", CODE, re.MULTILINE)
    assert {folder for folder, _ in rows} == {"classify", "show", "report", "benchmarks"}
    for folder, said in rows:
        text = "".join(path.read_text() for path in (ROOT / folder).glob("*.py"))
        used = set(re.findall(r"^from stages\.(\w+)", text, re.MULTILINE))
        assert said in {", ".join(sorted(used)), "any"}


def test_its_accuracies_are_the_committed_ones() -> None:
    def committed(name: str) -> dict[str, dict[str, float]]:
        shown = subprocess.run(["git", "show", f"HEAD:metrics/{name}.json"], cwd=ROOT, capture_output=True, check=True)
        return json.loads(shown.stdout)

    printed = dict(re.findall(r"\| (\d) or not \| ([\d.]+) % ", README))
    assert printed == {digit: f"{100 * row['accuracy']:.2f}" for digit, row in committed("digits").items()}
    accuracy = committed("ova")["accuracy"]
    assert f"**{100 * accuracy:.2f} %** ({accuracy}; " in README


def test_its_speeds_are_those_measured() -> None:
    def rows(text: str) -> list[str]:
        return re.findall(r"^\| [^|]+(?: \| (?:-|\d+\.\d\d(?:\*? \(\d+\))?))+ \|$", text, re.MULTILINE)

    measured = rows((ROOT / "benchmarks/descent.md").read_text())
    assert rows(README) == [row for row in measured if row in README] != []


def test_who_reads_best_is_what_was_measured() -> None:
    measured = (ROOT / "benchmarks/readers.md").read_text()
    (table,) = re.findall(r"^(\| trained on .+\n(?:\|.+\n)+)", README, re.MULTILINE)
    assert [row for row in table.splitlines() if row not in measured.splitlines()] == []


def test_how_well_it_reads_handwriting_is_what_was_measured() -> None:
    measured = (ROOT / "benchmarks/classify.md").read_text().partition("<!-- end of strokes -->")[0]
    shares = dict(re.findall(r"^\| \*\*.+\*\* \| (\d+) \| [\d.]+% \| ([\d.]+)% \|", measured, re.MULTILINE))
    said = re.findall(r"([\d.]+) % of (?:the digits in )?(\d+) pictures", " ".join(README.split()))
    assert said == [(shares[many], many) for _, many in said] != []


def test_its_lines_of_numpy_print_the_pipelines_accuracy(sample_run: Path) -> None:
    (lines,) = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    printed = run(sample_run, sys.executable, "-c", lines)
    assert float(printed) == json.loads((sample_run / "metrics/ova.json").read_text())["accuracy"]
