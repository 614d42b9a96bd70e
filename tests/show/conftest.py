"""The pages of two runs on the sample, each made once; one of them is opened in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from stages.command.paths import OVA, TEST
from stages.core.examples import Examples
from stages.models.examples import read_examples
from stages.models.records import OneVsAll, read_ova
from tests.conftest import Once
from tests.helpers import copy_of, edit, run
from tests.show.driver import element, look, opened


@pytest.fixture(scope="session")
def shown(once: Once, sample_run: Path) -> Path:
    """Write the page in a copy of the run on the sample, and return its folder; its output is in .dvc/tmp/printed."""

    def make(folder: Path) -> None:
        copy_of(sample_run, folder)
        (folder / ".dvc/tmp/printed").write_text(run(folder, "python", "-m", "show"))

    return once("shown", make)


@pytest.fixture(scope="session")
def shown_strokes(once: Once, sample_run: Path) -> Path:
    """Train models of strokes in a copy of that run, write their page, and return its folder."""

    def make(folder: Path) -> None:
        copy_of(sample_run, folder)
        edit(folder / "params.yaml", "features: pixels ", "features: strokes ")
        edit(folder / "params.yaml", "method: gradient_descent ", "method: lbfgs ")
        edit(folder / "params.yaml", "max_iter: 100 ", "max_iter: 20 ")
        run(folder, "dvc", "repro")
        run(folder, "python", "-m", "show")

    return once("shown_strokes", make)


@pytest.fixture(scope="module")
def place(shown: Path) -> Path:
    """Return the folder of the page to open: that of pixels, unless a module overrides this."""
    return shown


@pytest.fixture(scope="module")
def browser(place: Path) -> Iterator[Chrome]:
    with opened(place / "show.html") as driver:
        yield driver


@pytest.fixture
def page(browser: Chrome) -> Chrome:
    """Return the page in a wide window, in light colours, with an empty pad."""
    look(browser, 1280, "light")
    if element(browser, "#answer").text:
        element(browser, "#clear").click()
    return browser


@pytest.fixture(scope="module")
def test_set(place: Path) -> Examples:
    return read_examples(place / TEST)


@pytest.fixture(scope="module")
def model(place: Path) -> OneVsAll:
    return read_ova(place / OVA)
