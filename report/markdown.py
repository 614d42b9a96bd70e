"""Turn untrusted text into Markdown that shows it and does nothing else."""

import re
from typing import Any

PLAIN = re.compile(r"(?!.*www\.)\w[\w .,+/-]*", re.IGNORECASE)
LONGEST = 100  # characters of a value
MOST_LINES = 100  # of a tool's output
A_COMMENT = 60_000  # bytes: GitHub's comments hold 65,536 characters


def shown(value: Any) -> str:
    """Return a value for a table: as it is if Markdown has no meaning for any of it, otherwise as code."""
    if isinstance(value, bool | int | float):
        value = f"2 to the {value.bit_length()}" if isinstance(value, int) and abs(value) > 2**63 else str(value)
    text = shortened(str(value))
    return text if PLAIN.fullmatch(text) or re.fullmatch(r"-?[\d.e+-]+", text) else encoded(text)


def code(word: str) -> str:
    """Return a name as code."""
    word = shortened(word)
    return f"`{word}`" if PLAIN.fullmatch(word) else encoded(word)


def encoded(text: str) -> str:
    """Return text as code in which no character has a meaning for Markdown, HTML or GitHub."""
    printable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"<code>{''.join(c if c.isalnum() or c == ' ' else f'&#{ord(c)};' for c in printable)}</code>"


def shortened(text: str) -> str:
    """Return text, cut off if it is long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... {len(text)} characters"


def fenced(text: str) -> str:
    """Return a tool's output for a fenced code block, changed so that it cannot end the block."""
    lines = ["".join(c for c in line if c.isprintable())[:1000] for line in text.splitlines()[:MOST_LINES]]
    return "\n".join(lines).replace("```", "'''")


def cut(report: str) -> str:
    """Return a report, cut off at the length that a comment may have."""
    content = report.encode()
    if len(content) <= A_COMMENT:
        return report
    kept = content[:A_COMMENT].decode("utf-8", "ignore").rpartition("\n")[0]
    return f"{kept}\n\n**The rest is left out:** a comment holds no more. To see all of it, run `make report`.\n"
