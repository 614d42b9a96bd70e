"""The look of every picture of `evaluate`, and how it is saved: the same bytes on every processor.

Positions are whole pixels, from the left and from below. No pixel depends on a function that differs between processors
or C libraries, such as NumPy's exponential and logarithm.
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
# A colour for each class, with a contrast of at least 3:1 to white. The first ten differ in lightness, and colour-blind
# people can tell them apart. Each of the other twenty is as different as possible from those before it.
TEN = ["#317588", "#a30739", "#412c6f", "#742600", "#556959", "#e90694", "#dd6e08", "#898640", "#46233e", "#253aaa"]
TWENTY = ["#3304fd", "#1499f6", "#864df8", "#23a774", "#c21505", "#998dc2", "#0204ab", "#a84dbb", "#03063d", "#211b04"]
THIRTY = ["#f443ec", "#44a922", "#901762", "#390572", "#a302cd", "#dd7571", "#075935", "#4b6d1c", "#8d714c", "#630fd9"]
PALETTE = [*TEN, *TWENTY, *THIRTY]
RIGHT, WRONG = "#0072b2", "#d55e00"  # blue and vermilion, of Okabe and Ito


def blank(height: int, title: str) -> Figure:
    """Return a figure of this height, in pixels, with a title."""
    figure = Figure(figsize=(WIDTH / DPI, height / DPI))
    write(figure, 40, height - 60, title, size=13, weight="bold")
    return figure


def write(figure: Figure, x: int, y: int, text: str, **options: Any) -> None:
    """Write text on a figure, at a position in pixels."""
    figure.text(x, y, text, transform=IdentityTransform(), **options)


def pixel_axes(figure: Figure, left: int, bottom: int, width: int, height: int) -> Axes:
    """Return axes whose unit is a pixel."""
    across, down = (round(side) for side in figure.bbox.size)
    axes = figure.add_axes((left / across, bottom / down, width / across, height / down))
    axes.set(xlim=(0, width), ylim=(0, height))
    return axes


def prepare_picture(stack: ExitStack, path: Path, picture: Callable[[], Figure]) -> None:
    """Draw a figure, and write it as PNG to a temporary file. The same figure gives the same bytes.

    The stack moves it into place, as in `storage.files.prepare_text`.
    """
    with style.context(["default", STYLE]), require_all_letters(path):
        canvas: Any = FigureCanvasAgg(picture())
        canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    temporary = stack.enter_context(replacing(path))
    image.save(temporary, compress_level=3)  # level 6 takes twice as long and saves a quarter


@contextmanager
def require_all_letters(path: Path) -> Iterator[None]:
    """Raise UnavailableError if a font cannot be read: matplotlib may draw no letters, and Python only prints why."""
    ignored: list[str] = []
    usual, sys.unraisablehook = sys.unraisablehook, lambda lost: ignored.append(str(lost.exc_value))
    try:
        yield
    except RuntimeError as error:  # FreeType raises it, because it reads a font while it draws
        ignored.append(str(error))
    finally:
        sys.unraisablehook = usual
    if ignored:
        raise UnavailableError(f"{path}: cannot be drawn completely ({ignored[0]})")
