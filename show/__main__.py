"""Write a page to draw digits on. It shows the models' answers, the reasons for them, and how the models learnt.

The page is one file and needs no network: open it in a browser.
"""

from collections.abc import Sequence
from pathlib import Path

from show.page import page
from stages.command.flags import Parser
from stages.command.process import run
from stages.storage.files import write_text

PAGE = Path("show.html")


def main(argv: Sequence[str] | None = None) -> None:
    """Write the page and print its path."""
    parser = Parser(__doc__)
    parser.prog = "python -m show"
    parser.add_argument("base", metavar="BASE", nargs="?", help="a revision to compare with: a commit, an experiment")
    write_text(PAGE, page(parser.parse_args(argv).base))
    print(PAGE.absolute())


if __name__ == "__main__":
    run(main)
