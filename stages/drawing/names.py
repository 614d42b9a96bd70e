"""Words for any number of classes: how many, of what kind, and how large their names can be written."""

from collections.abc import Iterable, Sequence

from stages.drawing.text import font

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
EM = 100  # pixels, the size at which text is measured
HALF_POINTS = 2


def counted(number: int) -> str:
    """Return a number as a sentence writes it: a word up to twelve."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def noun(classes: Iterable[str]) -> str:
    """Return what a class is called: a digit if all are digits, else a class."""
    return "digit" if all(name.isdecimal() and len(name) == 1 for name in classes) else "class"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text's widest line, in the unit of its size."""
    return max(font(EM, bold).getlength(line) for line in text.split("\n")) * size / EM


def fitting(texts: Sequence[str], room: float, size: float, *, bold: bool = False) -> float:
    """Return the largest size up to `size`, in halves, at which no text is wider than the room; all in one unit."""
    widest = max(width(text, size, bold=bold) for text in texts)
    return size if widest <= room else max(HALF_POINTS * size * room // widest, 1) / HALF_POINTS
