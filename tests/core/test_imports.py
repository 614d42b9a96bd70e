"""Libraries that others do without: what they take for missing, and what stays as it was."""

import subprocess
import sys
from pathlib import Path

import pytest

from stages.core.imports import in_folder_of, without
from tests.helpers import ROOT

UNUSED = "wave"  # a module of Python's own that nothing here imports


def test_what_is_without_cannot_be_imported_and_later_it_can() -> None:
    assert UNUSED not in sys.modules
    with without(UNUSED), pytest.raises(ImportError):
        __import__(UNUSED)
    assert __import__(UNUSED).__name__ == sys.modules.pop(UNUSED).__name__


def test_what_is_loaded_is_hidden_and_then_as_before() -> None:
    loaded = __import__("json")
    with without("json"), pytest.raises(ImportError):
        __import__("json")
    assert __import__("json") is loaded


def test_a_library_finds_its_own_settings_and_not_those_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with in_folder_of("matplotlib", "mpl-data"):
        assert Path("matplotlibrc").exists()
    assert Path.cwd() == tmp_path


def test_after_an_error_it_is_as_before() -> None:
    with pytest.raises(ZeroDivisionError), without(UNUSED):
        raise ZeroDivisionError
    assert UNUSED not in sys.modules


@pytest.mark.parametrize(
    ("imported", "library"),
    [
        ("stages.core.compiled", "scipy.linalg"),
        ("stages.train_digit", "scipy.linalg"),
        ("stages.evaluate", "scipy.stats"),
    ],
)
def test_it_is_not_loaded_and_can_be_afterwards(imported: str, library: str) -> None:
    said = f"import sys, {imported}; assert {library!r} not in sys.modules; import {library}"
    subprocess.run([sys.executable, "-c", said], cwd=ROOT, check=True)
