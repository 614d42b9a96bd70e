"""Check the parameters before DVC reads them: they must be YAML and fit into memory."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from stages.storage.errors import DamagedError

FILE = "params.yaml"
MOST = 1000  # values; with aliases of aliases, a short file can stand for thousands of millions


def check(text: str) -> None:
    """Raise DamagedError unless a text is YAML of at most MOST values; an alias counts as all that it stands for."""
    try:
        number = leaves(YAML(typ="safe").load(text[: 100 * MOST]), {})
    except (YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DamagedError(f"{FILE}: is not YAML ({reason}); resolve a conflict by hand, or git restore it") from error
    if number > MOST or len(text) > 100 * MOST:
        raise DamagedError(f"{FILE}: has more than {MOST} values, expected a few for each stage")


def leaves(node: Any, known: dict[int, int]) -> int:
    """Return the number of values below a node. `known` has the counts so far, by the nodes' identities."""
    if not isinstance(node, dict | list):
        return 1
    if id(node) not in known:
        known[id(node)] = MOST + 1  # for a node that contains itself
        known[id(node)] = sum(leaves(one, known) for one in (node.values() if isinstance(node, dict) else node))
    return known[id(node)]
