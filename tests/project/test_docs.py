"""The pages in docs/: what they compute is what they say, and their links lead somewhere."""

import doctest
import re
from pathlib import Path

import pytest

from tests.helpers import ROOT

PAGES = sorted((ROOT / "docs").glob("*.md"), key=str)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_examples_give_what_it_says(page: Path) -> None:
    assert doctest.testfile(str(page), module_relative=False).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_links_lead_somewhere(page: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()) if not link.startswith("http")]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_pages_with_examples_have_some() -> None:
    assert all(">>> " in (ROOT / f"docs/{name}.md").read_text() for name in ("mathematics", "exact"))


def test_the_readme_names_every_page() -> None:
    assert [page.name for page in PAGES if f"docs/{page.name}" not in (ROOT / "README.md").read_text()] == []
