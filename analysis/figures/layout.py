"""Labels that fit: shorten them, tell them apart, and keep them off each other."""

import textwrap
import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from analysis.figures.palette import QUIET, RULE
from analysis.markup import make_visible, mask_emails

SIDES = [(5, 0, "left", "center"), (-5, 0, "right", "center"), (0, 5, "center", "bottom"),
          (0, -5, "center", "top"), (4, 4, "left", "bottom"), (-4, 4, "right", "bottom"),
          (4, -4, "left", "top"), (-4, -4, "right", "top"), (11, 9, "left", "bottom"),
          (-11, 9, "right", "bottom"), (11, -9, "left", "top"), (-11, -9, "right", "top")]


def shorten(text: str, limit: int = 24) -> str:
    """
    Return `text` in at most `limit` characters, its middle left out if need be.

    >>> shorten("a-very-long-name-of-an-article", 15)
    'a-very-…article'
    """
    text = " ".join(make_visible(mask_emails(str(text))).split())
    if len(text) <= limit:
        return text
    head = (limit - 1) // 2
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head):]}"


def short_labels(names: Sequence[str], limit: int = 24) -> list[str]:
    """Return a short label for each of `names`, with a number where two would look alike."""
    labels: list[str] = []
    for name in names:
        label, number = shorten(name, limit), 2
        while label in labels:
            label, number = f"{shorten(name, limit - 4)} ({number})", number + 1
        labels.append(label)
    return labels


def label_rows(ax: Axes, names: Sequence[str], *, limit: int = 24, size: float = 9) -> None:
    """Name the rows of `ax` from the top down, with a hair line under each."""
    ax.set_yticks(range(len(names)), short_labels(names, limit), fontsize=size)
    ax.set_ylim(len(names) - 0.5, -0.5)
    for y in np.arange(0.5, len(names) - 1):
        ax.axhline(y, color=RULE, linewidth=0.5, zorder=0)
    ax.spines[["left", "bottom"]].set_visible(False)


def label_columns(ax: Axes, names: Sequence[str], *, limit: int = 24) -> None:
    """Name the columns of `ax` along its top: level where they fit, else upright."""
    labels = short_labels(names, limit)
    folded = ["\n".join(textwrap.wrap(label, max(8, 58 // len(labels)))) for label in labels]
    level = max((len(line) for label in folded for line in label.split("\n")), default=0)
    upright = level * len(labels) > 62
    ax.set_xticks(range(len(labels)), labels if upright else folded,
                  rotation=90 if upright else 0, fontsize=8.5)
    ax.tick_params(axis="x", top=True, bottom=False, labeltop=True, labelbottom=False, length=0)
    ax.set_xlim(-0.5, len(labels) - 0.5)
    ax.spines[["left", "bottom"]].set_visible(False)


def place_labels(ax: Axes, places: Sequence[tuple[float, float]], labels: Sequence[str], *,
                 sides: Sequence[tuple[int, int, str, str]] = SIDES) -> list[Text]:
    """
    Write `labels` beside `places`, the first first, each where it hits no other text.

    A label for which there is no room is left out; the labels written are returned.
    """
    renderer = measure(ax.figure)
    frame, taken, written = ax.get_window_extent(renderer), [], []
    for place, label in zip(places, labels, strict=True):
        for dx, dy, across, along in sides:
            text = ax.annotate(label, place, (dx, dy), textcoords="offset points", ha=across,
                               va=along, fontsize=8.5, zorder=4,
                               bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})
            text.set_in_layout(False)
            box = text.get_window_extent(renderer).expanded(1.04, 1.1)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and \
                frame.y0 <= box.y0 and box.y1 <= frame.y1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                written.append(text)
                break
            text.remove()
    return written


def measure(figure: Figure) -> object:
    """Lay out `figure` and return the renderer that measures its text."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.draw_without_rendering()
        return figure.canvas.get_renderer()


def find_overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts in `figure` whose boxes overlap; none is what is wanted."""
    renderer = measure(figure)
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in _visible(figure)]
    return [(a, b) for i, (a, box) in enumerate(boxes) for b, other in boxes[i + 1:]
            if (common := Bbox.intersection(box, other)) is not None
            and common.width > 1 and common.height > 1.5]


def find_cut(figure: Figure) -> list[str]:
    """Return the texts of `figure` that reach over its edge; none is what is wanted."""
    renderer = measure(figure)
    page = figure.bbox.padded(1)
    boxes = ((text.get_text(), text.get_window_extent(renderer)) for text in _visible(figure))
    return [text for text, box in boxes if box.x0 < page.x0 or box.y0 < page.y0
            or box.x1 > page.x1 or box.y1 > page.y1]


def _visible(figure: Figure) -> list[Text]:
    hidden = {label for ax in figure.axes if not ax.get_visible() or not ax.axison
              for label in ax.findobj(Text)}
    in_view = set()
    for ax in figure.axes:
        for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            low, high = sorted(limits)
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not low <= tick.get_loc() <= high:
                    in_view |= {tick.label1, tick.label2}
    return [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()
            and t not in in_view and (t not in hidden or t.axes is None)]


def note(ax: Axes, words: str) -> None:
    """Write `words` in the middle of `ax`, in place of marks that do not exist."""
    ax.text(0.5, 0.5, words, transform=ax.transAxes, ha="center", va="center", color=QUIET)


def in_order(values: pd.Series) -> list[str]:
    """Return the different values of a column, sorted by name; missing ones left out."""
    return sorted(values.dropna().astype(str).unique())
