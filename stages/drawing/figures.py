"""Matplotlib as it comes, without a user's own settings: whoever draws has it from here."""

import logging

from stages.core.imports import in_folder_of

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it warns where it may keep no list of fonts
with in_folder_of("matplotlib", "mpl-data"):  # where its own matplotlibrc is
    from matplotlib import style as style
    from matplotlib.axes import Axes as Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvasAgg
    from matplotlib.figure import Figure as Figure
    from matplotlib.lines import Line2D as Line2D
    from matplotlib.transforms import IdentityTransform as IdentityTransform
