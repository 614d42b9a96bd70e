"""DVC's charts of two revisions."""

import json
import re
from pathlib import Path

from tests.helpers import fresh_clone, run


def test_charts_of_two_revisions_tell_them_apart(tmp_path: Path) -> None:
    folder = fresh_clone(tmp_path)
    table = folder / "plots/cost.csv"
    table.write_text(re.sub(r"0\.(\d)", r"0.1\1", table.read_text()))
    printed = run(folder, "dvc", "plots", "diff", "--json", "HEAD")
    content = json.dumps(json.loads(printed)["data"]["cost"][0]["content"])
    assert {"HEAD", "workspace"} == set(re.findall(r'\\?"rev\\?": \\?"(\w+)', content))
    assert "strokeDash" in content
