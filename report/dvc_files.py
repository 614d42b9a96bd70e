"""Check the files that DVC reads, before it reads them: YAML of text and numbers that fits into memory.

Otherwise DVC might never end, or pass on an error of its parser that names no file.
"""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from report.results import text_of
from stages.storage.errors import DamagedError

PARAMETERS = "params.yaml"
MOST = {"dvc.yaml": 4000, PARAMETERS: 2000}  # keys and values; aliases of aliases can stand for thousands of millions
LETTERS = 50  # a key or a value, at most
PLAIN = (dict, list, str, int, float, type(None))
MEND = "resolve a conflict by hand, or git restore it"


def check_files() -> None:
    """Raise DamagedError unless both files are here and in order."""
    for name in MOST:
        if not Path(name).is_file():
            raise DamagedError(f"{name}: is missing or no ordinary file, expected a text; git restore it")
        check(name, text_of(name))


def check(name: str, text: str) -> None:
    """Raise DamagedError unless a file's text is YAML of not too many keys and values, each a number or text."""
    most, yaml = MOST[name], YAML(typ="safe", pure=True)  # pure: the parser in C crashes at thousands of brackets
    try:
        number = leaves(yaml.compose(text[: LETTERS * most]), most, {})
        if number > most or len(text) > LETTERS * most:
            raise DamagedError(f"{name}: has more than {most} keys and values, expected fewer; {MEND}")
        odd = unfit(yaml.load(text))
    except DamagedError:
        raise
    except Exception as error:  # the parser raises several kinds of its own and of Python's
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise DamagedError(f"{name}: is not YAML ({reason}); {MEND}") from error
    if odd:
        raise DamagedError(f"{name}: has a {odd}, expected only text and numbers; {MEND}")


def leaves(node: Any, most: int, known: dict[int, int]) -> int:
    """Return the number of keys and values below a node. `known` has the counts so far, by the nodes' identities."""
    below = getattr(node, "value", None)
    if not isinstance(below, list):
        return 1
    if id(node) not in known:
        known[id(node)] = most + 1  # for a node that contains itself
        pairs = (one if isinstance(one, tuple) else (one,) for one in below)
        known[id(node)] = sum(leaves(one, most, known) for pair in pairs for one in pair)
    return known[id(node)]


def unfit(value: Any) -> str:
    """Return the type of the first value or key that DVC cannot compare, an empty text if there is none."""
    if not isinstance(value, PLAIN):
        return f"value of type {type(value).__name__}"
    if isinstance(value, dict):
        keys = [key for key in value if not isinstance(key, str | int | float)]
        return f"key of type {type(keys[0]).__name__}" if keys else next(filter(None, map(unfit, value.values())), "")
    return next(filter(None, map(unfit, value)), "") if isinstance(value, list) else ""
