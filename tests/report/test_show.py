"""The page of `make show`: it holds everything, asks for nothing, and plays."""

import json
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import imageio.v3 as iio
import pytest

from stages.drawing.film import write_mp4
from tests.helpers import clean_environment, fresh_clone

CHROMIUM = shutil.which("chromium")
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
ASK = """<script>
const video = document.querySelector("video");
video.addEventListener("loadedmetadata", () => {
  const loaded = [...document.images].map(image => image.complete && image.naturalWidth > 0);
  const asked = performance.getEntriesByType("resource").map(entry => entry.name.slice(0, 40));
  const said = {loaded, asked, duration: video.duration, width: video.videoWidth, height: video.videoHeight};
  document.body.innerHTML = "<pre>" + JSON.stringify(said) + "</pre>";
});
</script>"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fresh_clone(tmp_path_factory.mktemp("show"))
    frames = [frame.repeat(2, axis=0).repeat(2, axis=1) for frame in iio.imread(folder / "plots/predictions.gif")]
    write_mp4(folder / "plots/predictions.mp4", frames, fps=2)
    command = [sys.executable, "-m", "report.show"]
    printed = subprocess.run(command, cwd=folder, env=clean_environment(), capture_output=True, text=True, check=True)
    assert printed.stdout == f"{folder / 'show.html'}\n"
    return folder / "show.html"


def test_it_holds_all_that_it_shows(page: Path) -> None:
    html = page.read_text()
    kinds = re.findall(r'src="(data:[a-z0-9/]+);base64,', html)
    assert sorted(kinds) == [*["data:image/png"] * 7, "data:video/mp4"]
    assert html.count("<svg") == 3
    assert not re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', html)


def test_its_numbers_are_the_metrics(page: Path) -> None:
    ova = json.loads((page.parent / "metrics/ova.json").read_text())
    html = page.read_text()
    assert f"{100 * ova['accuracy']:.2f} %" in html
    for name, value in ova.items():
        assert f"<td>{name}</td><td>{value:.5f}</td>" in html


@pytest.mark.skipif(not CHROMIUM, reason="needs chromium")
def test_a_browser_without_a_network_plays_it(page: Path, tmp_path: Path) -> None:
    asking = page.with_name("asking.html")
    asking.write_text(page.read_text().replace("</body>", f"{ASK}</body>"))
    command = [CHROMIUM, "--headless", "--no-sandbox", *QUIET, f"--user-data-dir={tmp_path}", "--dump-dom"]
    command += ["--proxy-server=127.0.0.1:9", "--virtual-time-budget=20000", asking.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    answer = re.search(r"<pre>(.*)</pre>", dom)
    assert answer, dom[-500:]
    said: dict[str, Any] = json.loads(unescape(answer.group(1)))
    assert said["loaded"] == [True] * 7
    assert (said["width"], said["height"]) == (1280, 720)
    assert said["duration"] == pytest.approx(len(iio.imread(page.parent / "plots/predictions.mp4", plugin="pyav")) / 2)
    assert [name for name in said["asked"] if not name.startswith("data:")] == []


def test_charts_of_two_revisions_tell_them_apart(page: Path) -> None:
    folder = page.parent
    table = folder / "plots/cost.csv"
    table.write_text(re.sub(r"0\.(\d)", r"0.1\1", table.read_text()))
    printed = subprocess.run(
        ["dvc", "plots", "diff", "--json", "HEAD"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    content = json.dumps(json.loads(printed)["data"]["cost"][0]["content"])
    assert {"HEAD", "workspace"} == set(re.findall(r'\\?"rev\\?": \\?"(\w+)', content))
    assert "strokeDash" in content
