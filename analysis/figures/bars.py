"""A plain bar chart: one bar a row, its number beside it."""

import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.layout import label_rows
from analysis.figures.palette import BASE
from analysis.figures.style import new_axes, styled


@styled
def plot_bars(table: pd.DataFrame, *, label: str, value: str, unit: str = "") -> Axes:
    """
    Plot `value` of each row as a bar named by `label`, in the order of the table.

    The number stands at the end of its bar, with `unit` behind the first.
    """
    ax = new_axes(0.5 + 0.3 * max(len(table), 2))
    numbers = table[value].fillna(0)
    ax.barh(range(len(table)), numbers, height=0.6, color=BASE)
    for y, number in enumerate(numbers):
        said = f"{number:,.0f}" if number == round(number) else f"{number:,.1f}"
        ax.annotate(f"{said} {unit}".strip() if y == 0 else said, (number, y), (4, 0),
                    textcoords="offset points", va="center", fontsize=8.5)
    label_rows(ax, [str(name) for name in table[label]], limit=28)
    ax.set_xlim(0, 1.15 * max(numbers.max() if len(numbers) else 0, 1))
    ax.set_xticks([])
    ax.spines[["left", "bottom"]].set_visible(False)
    return ax
