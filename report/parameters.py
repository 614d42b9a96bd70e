"""What DVC is to read: YAML, and not more of it than fits into memory."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from stages.storage.errors import DamagedError

FILE = "params.yaml"
MOST = 1000  # values; a few aliases of aliases would make thousands of millions


def check(text: str) -> None:
    """Raise DamagedError unless a file's text is YAML of few values, counted as often as aliases name them."""
    try:
        number = leaves(YAML(typ="safe").load(text[: 100 * MOST]), {})
    except (YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DamagedError(f"{FILE}: is no YAML ({reason}); settle a conflict by hand, or git restore it") from error
    if number > MOST or len(text) > 100 * MOST:
        raise DamagedError(f"{FILE}: has more than {MOST} values, expected a few for each stage")


def leaves(node: Any, known: dict[int, int]) -> int:
    """Return how many values there are below a node; those that have been counted are known, by their identity."""
    if not isinstance(node, dict | list):
        return 1
    if id(node) not in known:
        known[id(node)] = MOST + 1  # a node below itself is without end
        known[id(node)] = sum(leaves(one, known) for one in (node.values() if isinstance(node, dict) else node))
    return known[id(node)]
