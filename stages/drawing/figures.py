"""Matplotlib without a user's own settings. All drawing imports it from here."""

import logging

from stages.core.imports import in_folder_of

logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it warns if it cannot store its list of fonts
with in_folder_of("matplotlib", "mpl-data"):  # where its own matplotlibrc is
    from matplotlib import style as style
    from matplotlib.axes import Axes as Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvasAgg
    from matplotlib.figure import Figure as Figure
    from matplotlib.lines import Line2D as Line2D
    from matplotlib.transforms import IdentityTransform as IdentityTransform
