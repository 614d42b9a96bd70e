"""How every picture of `evaluate` looks, and how it is saved: the same bytes on every processor.

Places are whole pixels, from the left and from below. On the way to a pixel there is no function of which processors or
C libraries have different versions, such as NumPy's exponential and logarithm.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from stages.drawing.figures import Axes, Figure, FigureCanvasAgg, IdentityTransform, style
from stages.storage.errors import UnavailableError
from stages.storage.files import replacing

STYLE = Path(__file__).with_suffix(".mplstyle")
WIDTH = 1800
DPI = 200
# A colour a class: at least 3:1 against white. The first ten are told apart by their lightness and by the colour-blind,
# the other twenty were each drawn to be as far as can be from those before them.
TEN = ["#317588", "#a30739", "#412c6f", "#742600", "#556959", "#e90694", "#dd6e08", "#898640", "#46233e", "#253aaa"]
TWENTY = ["#3304fd", "#1499f6", "#864df8", "#23a774", "#c21505", "#998dc2", "#0204ab", "#a84dbb", "#03063d", "#211b04"]
THIRTY = ["#f443ec", "#44a922", "#901762", "#390572", "#a302cd", "#dd7571", "#075935", "#4b6d1c", "#8d714c", "#630fd9"]
PALETTE = [*TEN, *TWENTY, *THIRTY]
RIGHT, WRONG = "#0072b2", "#d55e00"  # blue and vermilion, of Okabe and Ito


def blank(height: int, title: str) -> Figure:
    """Return a figure of a height with a title."""
    figure = Figure(figsize=(WIDTH / DPI, height / DPI))
    write(figure, 40, height - 60, title, size=13, weight="bold")
    return figure


def write(figure: Figure, x: int, y: int, text: str, **options: Any) -> None:
    """Write text at a place on a figure."""
    figure.text(x, y, text, transform=IdentityTransform(), **options)


def plane(figure: Figure, left: int, bottom: int, width: int, height: int) -> Axes:
    """Return axes whose unit is a pixel."""
    across, down = (round(side) for side in figure.bbox.size)
    axes = figure.add_axes((left / across, bottom / down, width / across, height / down))
    axes.set(xlim=(0, width), ylim=(0, height))
    return axes


def prepare_picture(stack: ExitStack, path: Path, picture: Callable[[], Figure]) -> None:
    """Draw a figure, and write it as PNG beside its place, the same bytes for the same figure.

    The stack moves it to its place, as with `storage.files.prepare_text`.
    """
    with style.context(["default", STYLE]), nothing_left_out(path):
        canvas: Any = FigureCanvasAgg(picture())
        canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    temporary = stack.enter_context(replacing(path))
    image.save(temporary, compress_level=3)  # half of the time of 6, for a third more bytes


@contextmanager
def nothing_left_out(path: Path) -> Iterator[None]:
    """Raise UnavailableError where a font cannot be read: letters stay out, as Python only prints, or drawing fails."""
    ignored: list[str] = []
    usual, sys.unraisablehook = sys.unraisablehook, lambda lost: ignored.append(str(lost.exc_value))
    try:
        yield
    except RuntimeError as error:  # FreeType's, which reads a font as it draws
        ignored.append(str(error))
    finally:
        sys.unraisablehook = usual
    if ignored:
        raise UnavailableError(f"{path}: cannot be drawn whole ({ignored[0]})")
