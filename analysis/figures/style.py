"""How figures are set: type, rules and sizes, for every plot alike."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from analysis.figures.palette import INK, PAPER, QUIET, RULE

P = ParamSpec("P")
R = TypeVar("R")
WIDTH = 7.2  # inches: the reading column of a report
STYLE = {
    "font.family": ["DejaVu Sans"], "font.size": 9.5, "text.parse_math": False,
    "text.color": INK, "axes.labelcolor": QUIET, "axes.labelsize": 9,
    "axes.edgecolor": RULE, "axes.titlesize": 10, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.titlecolor": INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.axisbelow": True, "axes.unicode_minus": True,
    "xtick.color": QUIET, "ytick.color": INK, "xtick.labelsize": 8.5, "ytick.labelsize": 9,
    "xtick.major.size": 0, "ytick.major.size": 0, "grid.color": RULE, "grid.linewidth": 0.6,
    "hatch.linewidth": 0.7, "figure.facecolor": PAPER, "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER, "legend.frameon": False, "legend.fontsize": 8.5,
}


def styled(plot: Callable[P, R]) -> Callable[P, R]:
    """Run `plot` with the style of the project, whatever the notebook has set."""
    @wraps(plot)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context(STYLE):
            return plot(*args, **kwargs)
    return inner


def new_axes(height: float, *, width: float = WIDTH) -> Axes:
    """
    Return axes on a new figure, `height` inches high.

    The figure is not registered with pyplot, so no notebook shows it a second time.
    """
    return _new_figure(width, height).add_subplot()


def new_panels(rows: int, columns: int, *, height: float, width: float = WIDTH,
               ratios: list[float] | None = None, share_x: bool = False,
               share_y: bool = False) -> list[Axes]:
    """Return axes for `rows` × `columns` panels on a new figure, row by row."""
    grid = _new_figure(width, height).subplots(rows, columns, squeeze=False, sharex=share_x,
                                               sharey=share_y, width_ratios=ratios)
    return list(grid.ravel())


def _new_figure(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)  # measures text
    return figure
