"""Words that anybody may have written, as Markdown that shows them and does nothing else with them."""

import re
from typing import Any

PLAIN = re.compile(r"(?!.*www\.)\w[\w .,+/-]*", re.IGNORECASE)
LONGEST = 100  # letters of a word
MOST_LINES = 100  # of a tool's words
A_COMMENT = 60_000  # bytes; GitHub's comments hold 65,536 letters


def shown(value: Any) -> str:
    """Return a value as a table shows it: as it is, where Markdown finds nothing in it, or else as code."""
    if isinstance(value, bool | int | float):
        value = f"2 to the {value.bit_length()}" if isinstance(value, int) and abs(value) > 2**63 else str(value)
    text = shortened(str(value))
    return text if PLAIN.fullmatch(text) or re.fullmatch(r"-?[\d.e+-]+", text) else encoded(text)


def code(word: str) -> str:
    """Return a name as code."""
    word = shortened(word)
    return f"`{word}`" if PLAIN.fullmatch(word) else encoded(word)


def encoded(text: str) -> str:
    """Return text as code of which no letter means anything to Markdown, to HTML or to GitHub."""
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"<code>{''.join(c if c.isalnum() or c == ' ' else f'&#{ord(c)};' for c in printable)}</code>"


def shortened(text: str) -> str:
    """Return text, or the beginning of one that is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... {len(text)} letters"


def fenced(text: str) -> str:
    """Return what a tool said, for a block between fences, which it cannot leave."""
    lines = ["".join(c for c in line if c.isprintable())[:1000] for line in text.splitlines()[:MOST_LINES]]
    return "\n".join(lines).replace("```", "'''")


def cut(report: str) -> str:
    """Return a report, as much of it as a comment holds."""
    content = report.encode()
    if len(content) <= A_COMMENT:
        return report
    kept = content[:A_COMMENT].decode("utf-8", "ignore").rpartition("\n")[0]
    return f"{kept}\n\n**The rest is left out:** a comment holds no more. `make report` prints the same.\n"
