"""Pictures of who says what, in whose articles."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.layout import in_order, label_columns, label_rows, note, shorten
from analysis.figures.palette import BASE, INK, QUIET, TYPES, ink_on, tint
from analysis.figures.style import new_axes, new_panels, styled


@styled
def plot_speakers(quotes: pd.DataFrame, *, top: int = 15,
                  articles: list[str] | None = None) -> Axes:
    """
    Plot who is quoted in which article: a disc for each pair, with the number in it.

    Takes `quotes`. Speakers are listed by the number of articles, then of quotations;
    only the `top` first. Give `articles` to keep columns for those that quote nobody.
    """
    named = quotes.dropna(subset=["speaker"])
    columns = articles or in_order(quotes["article_id"])
    counts = named.groupby(["speaker", "article_id"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=columns, fill_value=0)
    rank = pd.DataFrame({"articles": (counts > 0).sum(axis=1), "n": counts.sum(axis=1)})
    rows = rank.sort_values(["articles", "n"], ascending=False, kind="stable").head(top).index
    ax = new_axes(1.4 + 0.3 * max(len(rows), 2))
    if not len(rows):
        note(ax, "no speaker is named")
        return ax
    most = counts.loc[rows].to_numpy().max()
    for y, speaker in enumerate(rows):
        for x, name in enumerate(columns):
            _disc(ax, x, y, int(counts.loc[speaker, name]), most)
    label_rows(ax, [str(r) for r in rows], limit=28)
    label_columns(ax, columns)
    return ax


def _disc(ax: Axes, x: int, y: int, count: int, most: int) -> None:
    if not count:
        return
    strong = count / most
    colour = tint(BASE, 0.75 * (1 - strong))
    ax.scatter(x, y, s=90 + 130 * strong, color=colour, linewidths=0)
    ax.text(x, y, str(count), ha="center", va="center", fontsize=7.5, color=ink_on(colour))


@styled
def plot_quote_types(quotes: pd.DataFrame, *, articles: list[str] | None = None) -> list[Axes]:
    """
    Plot how many quotations of each article are direct, mixed and indirect.

    Takes `quotes`; a panel a type, on one scale, with the number at each bar.
    """
    names = articles or in_order(quotes["article_id"])
    panels = new_panels(1, 3, height=0.7 + 0.3 * len(names), share_x=True, share_y=True)
    for ax, (kind, (hatch, light)) in zip(panels, TYPES.items(), strict=True):
        found = quotes[quotes["type"] == kind].groupby("article_id").size()
        counts = found.reindex(names, fill_value=0)
        ax.barh(range(len(names)), counts, height=0.6, color=tint(BASE, light), hatch=hatch,
                edgecolor=BASE, linewidth=0.6)
        for y, count in enumerate(counts):
            ax.annotate(str(count), (count, y), (3, 0), textcoords="offset points", va="center",
                        fontsize=8.5, color=INK if count else QUIET)
        label_rows(ax, names)
        ax.set_title(kind)
        ax.xaxis.set_visible(False)
    panels[0].margins(x=0.2)
    return panels


@styled
def plot_words_by_role(words: pd.DataFrame, *, role: str = "role") -> Axes:
    """
    Plot what share of each article's words belongs to each role, the author's included.

    Takes one row per article_id and `role`, with `words`. A cell gives the share in per
    cent; the darker, the more. Roles are in order of size over all articles.
    """
    table = words.pivot_table(index="article_id", columns=role, values="words", aggfunc="sum",
                              fill_value=0)
    table = table[table.sum().sort_values(ascending=False, kind="stable").index]
    shares = table.div(table.sum(axis=1).where(lambda total: total > 0), axis=0)
    ax = new_axes(1.4 + 0.3 * max(len(shares), 2))
    for y, row in enumerate(shares.to_numpy()):
        for x, share in enumerate(row):
            if share > 0:
                colour = tint(BASE, 0.9 * (1 - share))
                ax.barh(y, 0.94, left=x - 0.47, height=0.84, linewidth=0, color=colour)
                label = f"{100 * share:.0f}" if share >= 0.005 else "<1"
                ax.text(x, y, label, ha="center", va="center", fontsize=8.5,
                        color=ink_on(colour))
    label_rows(ax, list(shares.index))
    label_columns(ax, [str(name).replace("_", " ") for name in shares.columns], limit=14)
    ax.set_xlabel("per cent of the article’s words")
    return ax


@styled
def plot_network(mentions: pd.DataFrame, *, least: int = 8, top: int = 14) -> Axes:
    """
    Plot article, speaker and frame as three columns joined by lines, wider for more.

    Takes `mentions`; the author's own words count as the speaker "author", all but the
    `top` most frequent speakers as "others". Raises ValueError where fewer than `least`
    different lines exist: a table says it better.
    """
    rows = mentions.assign(speaker=mentions["speaker"].where(mentions["voice"] != "author",
                                                             "author").fillna("unnamed"))
    often = rows["speaker"].value_counts().index[:top]
    rows["speaker"] = rows["speaker"].where(rows["speaker"].isin(often), "others")
    left = rows.groupby(["article_id", "speaker"]).size()
    right = rows.groupby(["speaker", "frame"]).size()
    if len(left) + len(right) < least:
        raise ValueError(f"only {len(left) + len(right)} lines to draw, fewer than {least}: show "
                         "the table of mentions by article, speaker and frame instead")
    columns = [in_order(rows[c]) for c in ("article_id", "speaker", "frame")]
    tallest = max(map(len, columns))
    at = [{name: (i + 0.5) * tallest / len(column) for i, name in enumerate(column)}
          for column in columns]
    ax = new_axes(0.7 + 0.3 * tallest)
    for start, pairs in enumerate((left, right)):
        for (a, b), count in pairs.items():
            ax.plot(*_curve(start + 0.06, at[start][a], start + 0.94, at[start + 1][b]),
                    color=tint(BASE, 0.35), linewidth=0.8 + 5 * count / len(rows), zorder=1)
    for x, (heading, places) in enumerate(zip(("article", "speaker", "frame"), at, strict=True)):
        across = ("right", "center", "left")[x]
        for name, y in places.items():
            ax.text(x, y, shorten(name, 26), ha=across, va="center", fontsize=8.5,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2})
        ax.text(x, -0.2, heading, ha=across, va="center", weight="bold")
    ax.set(xlim=(-0.75, 2.4), ylim=(tallest + 0.2, -0.6))
    ax.set_axis_off()
    return ax


def _curve(x0: float, y0: float, x1: float, y1: float) -> tuple[np.ndarray, np.ndarray]:
    step = np.linspace(0, 1, 30)
    return x0 + (x1 - x0) * step, y0 + (y1 - y0) * (3 * step**2 - 2 * step**3)
