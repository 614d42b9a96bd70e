"""The bar: there on a terminal, gone at the end, and nothing where nobody looks."""

import io
import sys

import pytest

from stages.command.progress import progress


@pytest.mark.parametrize("terminal", [True, False])
def test_it_counts_on_a_terminal_and_is_silent_elsewhere(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stderr := io.StringIO())
    monkeypatch.setattr(stderr, "isatty", lambda: terminal)
    assert list(progress("abc", 3, "pictures")) == ["a", "b", "c"]
    shown = stderr.getvalue().split("\r")
    assert ("0/3" in "".join(shown)) == terminal
    assert shown[-1].strip() == ""
