"""Words for classes, of which there are any number: how many, of what kind, and how large a name can be written."""

from collections.abc import Iterable, Sequence

from stages.drawing.text import font

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
EM = 100  # pixels that a text is measured at
HALF_POINTS = 2


def counted(number: int) -> str:
    """Return how many there are, as a sentence says it: a word up to twelve."""
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def noun(classes: Iterable[str]) -> str:
    """Return what one of the classes is: a digit if all are, else a class."""
    return "digit" if all(name.isdecimal() and len(name) == 1 for name in classes) else "class"


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the widest line of a text is, in its size's unit."""
    return max(font(EM, bold).getlength(line) for line in text.split("\n")) * size / EM


def fitting(texts: Sequence[str], room: float, size: float, *, bold: bool = False) -> float:
    """Return the size, or so much less, by halves, that no text is wider than the room; all in one unit."""
    widest = max(width(text, size, bold=bold) for text in texts)
    return size if widest <= room else max(HALF_POINTS * size * room // widest, 1) / HALF_POINTS
