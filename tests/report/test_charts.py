"""DVC's charts of several revisions, on its page and in the editor's extension."""

import json
from pathlib import Path

import pytest

from tests.helpers import commit, edit, fresh_clone, run

REVISIONS = 7  # DVC has no more colours
OF_A_REVISION = {"confusion"}  # a matrix each, so that colour is free for the counts
SIZES = {f"<DVC_METRIC_PLOT_{name}>" for name in ("WIDTH", "HEIGHT")}
COLOUR, ZOOM = "<DVC_METRIC_COLOR>", "<DVC_METRIC_ZOOM_AND_PAN>"


@pytest.mark.slow
def test_charts_of_seven_revisions_tell_them_apart_and_leave_to_the_editor_what_it_sets(tmp_path: Path) -> None:
    folder = fresh_clone(tmp_path)
    names = [f"r{i}" for i in range(REVISIONS)]
    for name in names:
        run(folder, "git", "tag", name)
        edit(folder / "params.yaml", "seed: ", "seed: 1")
        commit(folder)
    answer = json.loads(run(folder, "dvc", "plots", "diff", "--json", "--split", *names))
    assert "errors" not in answer
    charts = {Path(file).stem: plots[0] for file, plots in answer["data"].items() if file.endswith(".csv")}
    assert set(charts) == {path.stem for path in (folder / "plots").glob("*.csv")}
    for name, chart in charts.items():
        anchors = chart["anchor_definitions"]
        assert anchors.keys() >= SIZES
        if name in OF_A_REVISION:
            assert chart["content"]["facet"]["field"] == "rev"
        else:
            assert ZOOM in anchors
            assert anchors[COLOUR]["scale"]["domain"] == names
            assert len(set(anchors[COLOUR]["scale"]["range"])) == REVISIONS
