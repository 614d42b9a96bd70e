"""Write one page on which one draws digits, sees why they are taken for what, and how the models learnt.

The page holds all that it shows and asks for nothing: it opens from the file system, without a network.
"""

import argparse
import subprocess
from collections.abc import Sequence
from pathlib import Path

from show.page import page
from stages.storage.errors import StageError
from stages.storage.files import write_text

PAGE = Path("show.html")


def main(argv: Sequence[str] | None = None) -> None:
    """Write the page, and print where it is; exit with 2 if there is no such revision, else as the stages do."""
    parser = argparse.ArgumentParser("python -m show", description=__doc__)
    parser.add_argument("base", metavar="BASE", nargs="?", help="a revision to compare with: a commit, an experiment")
    try:
        write_text(PAGE, page(parser.parse_args(argv).base))
    except StageError as error:
        parser.exit(error.exit_code, f"show: {error}\n")
    except subprocess.CalledProcessError as error:
        last = (error.stderr or "").strip().splitlines()[-1:] or ["it says nothing"]
        parser.exit(2, f"show: {' '.join(error.cmd[:3])} failed: {last[0]}\n")
    print(PAGE.absolute())


if __name__ == "__main__":
    main()
