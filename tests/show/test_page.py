"""The page as a file: it is complete, requests nothing, and shows the pipeline's numbers."""

import json
import re
from pathlib import Path

import pytest

from stages.images.digests import SAMPLE
from tests.helpers import copy_of, finished, fresh_clone, refused, run

MEGABYTES = 1_000_000
SECTIONS = ["draw", "photo", "learn", "errs", "film", "digits", "about"]
COLOURS = ["--paper", "--card", "--ink", "--quiet", "--blue", "--red"]
READABLE = 4.5  # WCAG's contrast for text


@pytest.fixture(scope="module")
def html(shown: Path) -> str:
    return (shown / "show.html").read_text()


def test_it_says_where_it_is(shown: Path) -> None:
    assert (shown / ".dvc/tmp/printed").read_text().endswith("/show.html\n")


def test_it_holds_all_that_it_shows(html: str) -> None:
    assert len(html.encode()) < 4 * MEGABYTES
    assert html.count('src="data:video/mp4;base64,') == 1
    assert not re.findall(r'(?:src|href)="(?!data:|#)[^"]*"|url\(|@import', html)
    assert "default-src 'none'" in html


def test_its_sections_are_in_order_and_can_be_gone_to(html: str) -> None:
    assert re.findall(r'<section id="(\w+)"', html) == SECTIONS
    assert re.findall(r'<a href="#(\w+)"', html) == SECTIONS


def test_its_numbers_are_the_metrics(shown: Path, html: str) -> None:
    ova = json.loads((shown / "metrics/ova.json").read_text())
    for name, value in ova.items():
        assert f'<th scope="row">{name.replace("_", " ")}</th><td>{value:.5f}</td>' in html
    digits = json.loads((shown / "metrics/digits.json").read_text())
    for row in digits.values():
        assert f"<td>{100 * row['accuracy']:.2f}</td><td>{100 * row['always_no_accuracy']:.2f}</td>" in html
    counts = [int(count) for count in re.findall(r'data-count="(\d+)"', html)]
    table = (shown / "plots/confusion.csv").read_text().splitlines()[1:]
    assert counts == [int(line.split(",")[2]) for line in table]


def test_the_sample_says_so_loudly(html: str) -> None:
    assert f"<dd>{SAMPLE}: the bundled sample, not MNIST" in html
    assert "<strong>This is the sample, not MNIST.</strong>" in html


def test_it_names_parameters_and_commit(shown: Path, html: str) -> None:
    assert "<dt>train.alpha</dt><dd>0.01</dd>" in html
    commit = run(shown, "git", "rev-parse", "--short=10", "HEAD").strip()
    assert f"<dt>commit</dt><dd>{commit}" in html


def test_without_models_one_line_says_what_to_do(tmp_path: Path) -> None:
    clone = fresh_clone(tmp_path / "clone")
    refused(finished(clone, "python", "-m", "show"), 4, "data/models/ova.npy: ")


def test_it_compares_with_an_experiment(faster_run: Path, tmp_path: Path) -> None:
    clone = copy_of(faster_run, tmp_path / "clone")
    run(clone, "python", "-m", "show", "HEAD")
    html = (clone / "show.html").read_text()
    row = '<tr><th scope="row">train.alpha</th><td>0.01000</td><td>0.03000</td><td>+0.02000</td></tr>'
    assert "Compared with the last commit" in html
    assert row in html
    assert '<th scope="row">log_loss</th>' in html
    refused(finished(clone, "python", "-m", "show", "nowhere"), 2, "nowhere")
    refused(finished(clone, "python", "-m", "show", "--base=HEAD"), 2, "--base")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_all_its_colours_can_be_read(html: str, scheme: int) -> None:
    found = {name: re.findall(rf"{name}: (#\w{{6}});", html)[scheme] for name in COLOURS}
    papers, inks = [luminance(found[name]) for name in COLOURS[:2]], [luminance(found[name]) for name in COLOURS[2:]]
    contrasts = [(max(a, b) + 0.05) / (min(a, b) + 0.05) for a in papers for b in inks]
    assert min(contrasts) >= READABLE
