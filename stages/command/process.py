"""A stage as a process: its name, and how it ends.

Exit codes: 0 done, 2 wrong parameters, 3 data unavailable, 4 data damaged, 5 training failed, 6 rendering failed,
130 or 143 interrupted.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from stages.storage.errors import StageError


def run(main: Callable[[], None]) -> NoReturn:
    """Run a stage as a process: exit with 0, or with one line on stderr and the code of what went wrong."""
    try:
        main()
    except StageError as error:
        print(f"{stage_name()}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    sys.exit(0)


def stage_name() -> str:
    """Return the name of the stage, or of the room, that this process runs."""
    path = Path(sys.argv[0])
    return path.parent.name if path.stem == "__main__" else path.stem
