"""Whether this machine gives the bytes that every machine should: `python -m tests.expected`.

It needs the packages of requirements.txt alone. `--write` takes this machine's bytes for the expected ones; `--keep
FOLDER` leaves what the run wrote there, to be looked at.
"""

import argparse
import platform
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from tests.expected.digests import differences, digests_of, read, write
from tests.expected.short_run import run_all


def main() -> None:
    """Run the short run and compare its digests with the expected ones."""
    parser = argparse.ArgumentParser("tests.expected", description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    if arguments.keep:
        arguments.keep.mkdir(parents=True)
    # Windows does not remove files that are still mapped
    temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with nullcontext(arguments.keep) if arguments.keep else temporary as folder:
        run_all(Path(folder))
        found = digests_of(Path(folder))
    if arguments.write:
        write(found)
    here = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    other = differences(found, read())
    print(*other, f"{len(found) - len(other)} of {len(found)} files are as expected, on {here}", sep="\n")
    sys.exit(bool(other))


if __name__ == "__main__":
    main()
