"""How every picture of `evaluate` looks, and how it is saved."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import matplotlib
import seaborn as sns
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from stages.storage.files import replacing

matplotlib.use("agg")
STYLE = Path(__file__).with_suffix(".mplstyle")
PALETTE = sns.color_palette("colorblind", 10)
RIGHT, WRONG = PALETTE[0], PALETTE[3]  # blue and vermilion: told apart by any eye, and in grey


def drawn(function: Callable[..., Figure]) -> Callable[..., Figure]:
    """Decorate a function that returns a figure: it draws in the project's style."""

    @wraps(function)
    def styled(*arguments: Any) -> Figure:
        with plt.style.context(STYLE):
            return function(*arguments)

    return styled


def save(path: Path, figure: Figure) -> None:
    """Write a figure as PNG, the same bytes for the same figure."""
    with plt.style.context(STYLE), replacing(path) as temporary:
        figure.savefig(temporary, metadata={"Software": None})
    plt.close(figure)
