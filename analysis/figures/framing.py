"""Pictures of frames, and of whose voice carries them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.figures.layout import in_order, label_rows, note, shorten
from analysis.figures.palette import (
    INK,
    QUIET,
    RULE,
    VOICES,
    VoiceStyle,
    frame_colours,
    tint,
    voice_style,
)
from analysis.figures.style import new_axes, new_panels, styled


@styled
def plot_frame_counts(rates: pd.DataFrame) -> list[Axes]:
    """
    Plot the sentences of each article that carry each frame, by whose words they are.

    Takes `rates`; a panel a frame, on one scale. Solid is the author, patterns are
    quoted voices, the number is the total.
    """
    frames, articles = in_order(rates["frame"]), in_order(rates["article_id"])
    voices, colours = _voices(rates), frame_colours(rates["frame"])
    panels = new_panels(1, max(len(frames), 1), height=1.1 + 0.32 * len(articles),
                        share_x=True, share_y=True)
    if not frames:
        note(panels[0], "this event has no frames")
    for ax, frame in zip(panels, frames, strict=False):
        table = _cells(rates[rates["frame"] == frame], articles, "sentences").fillna(0)
        left = np.zeros(len(articles))
        for voice in voices:
            style, width = voice_style(voice), table.get(voice, pd.Series(0.0, articles))
            ax.barh(range(len(articles)), width, left=left, height=0.62, linewidth=0.7,
                    color=tint(colours[frame], style.tint), edgecolor=colours[frame],
                    hatch=style.hatch)
            left += width.to_numpy()
        for y, total in enumerate(left):
            ax.annotate(f"{total:.0f}", (total, y), (3, 0), textcoords="offset points",
                        va="center", fontsize=8.5, color=INK if total else QUIET)
        label_rows(ax, articles)
        ax.set_title(shorten(frame, 30), color=colours[frame])
        ax.xaxis.set_visible(False)
    panels[0].margins(x=0.15)
    _legend(panels[0], [Patch(facecolor=tint(QUIET, voice_style(v).tint), edgecolor=QUIET,
                              hatch=voice_style(v).hatch, label=voice_style(v).label)
                        for v in voices])
    return panels


@styled
def plot_frame_voice(rates: pd.DataFrame, *, frame: str) -> list[Axes]:
    """
    Plot the share of `frame` among sentences of any frame, a panel a voice.

    Takes `rates`. The dot is the share, the line its interval, the number the sentences
    it rests on; a cell without any says "none". Raises ValueError for an unknown frame.
    """
    frames, articles = in_order(rates["frame"]), in_order(rates["article_id"])
    if frame not in frames:
        raise ValueError(f"no frame {frame!r} in rates; there are {', '.join(frames) or 'none'}")
    colour, voices = frame_colours(frames)[frame], _voices(rates)
    totals = rates.groupby(["article_id", "voice"])["sentences"].sum()
    rows = rates[rates["frame"] == frame].set_index(["article_id", "voice"])
    panels = new_panels(1, max(len(voices), 1), height=1.0 + 0.32 * len(articles), share_y=True)
    for ax, voice in zip(panels, voices, strict=False):
        for y, name in enumerate(articles):
            row = rows.loc[(name, voice)] if (name, voice) in rows.index else None
            _share(ax, y, row, int(totals.get((name, voice), 0)), colour, voice_style(voice))
        label_rows(ax, articles)
        ax.set(xlim=(-0.06, 1.42))
        ax.set_xticks([0, 0.5, 1], ["0", "½", "1"])
        ax.vlines([0, 0.5, 1], -0.5, len(articles) - 0.5, color=RULE, linewidth=0.6, zorder=0)
        ax.set_title(voice_style(voice).label.replace(" to the event", ""))
    panels[0].figure.supxlabel(f"share of “{shorten(frame, 24)}” among sentences with any frame; "
                               "the number is how many", fontsize=9, color=QUIET)
    return panels


def _share(ax: Axes, y: int, row: pd.Series | None, total: int, colour: str,
           style: VoiceStyle) -> None:
    if row is None or not total or pd.isna(row["share"]):
        ax.text(0.5, y, "none", ha="center", va="center", fontsize=8, color=QUIET)
        return
    ax.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.5)
    ax.plot(row["share"], y, style.marker, markersize=6, markeredgecolor=colour,
            color=colour if not style.hatch else "white", markeredgewidth=1.4, clip_on=False)
    ax.text(1.38, y, str(total), ha="right", va="center", fontsize=8.5, color=QUIET)


@styled
def plot_timeline(mentions: pd.DataFrame, articles: pd.DataFrame, *,
                  voices: pd.DataFrame | None = None,
                  frames: Sequence[str] | None = None) -> Axes:
    """
    Plot where in each article each frame is found, a lane a frame, by voice.

    Takes `mentions` (those excluded are left out) and `articles`; with `voices`, grey
    bands show what is quoted. From the first character, left, to the last.
    """
    found = mentions[~mentions["excluded"].astype(bool)]
    names = sorted(frames) if frames is not None else in_order(mentions["frame"])
    colours, lanes = frame_colours(names), {f: _lane(i, len(names)) for i, f in enumerate(names)}
    length = articles.set_index("article_id")["text"].str.len().clip(lower=1)
    rows = {name: y for y, name in enumerate(sorted(length.index))}
    ax = new_axes(1.2 + 0.44 * len(rows))
    if voices is not None:
        for row in voices[voices["voice"] != "author"].itertuples():
            ax.barh(rows[row.article_id], (row.end - row.start) / length[row.article_id],
                    left=row.start / length[row.article_id], height=0.74, color="#eceff1", zorder=0)
    for (article, frame, voice), marks in found.groupby(["article_id", "frame", "voice"]):
        style = voice_style(voice)
        ax.scatter(marks["start"] / length[article],
                   np.full(len(marks), rows[article] + lanes[frame]), marker=style.marker, s=26,
                   color=colours[frame] if not style.hatch else "white", linewidths=1.2,
                   edgecolors=colours[frame], zorder=3)
    label_rows(ax, list(rows))
    ax.set(xlim=(-0.02, 1.02))
    for label, side in zip(ax.set_xticks([0, 0.5, 1], ["start of article", "middle", "end"]),
                           ("left", "center", "right"), strict=True):
        label.label1.set_horizontalalignment(side)
    _legend(ax, [Line2D([], [], color=colours[f], linewidth=4, label=f"{shorten(f, 20)} "
                        f"({_lane_name(i, len(names))})") for i, f in enumerate(names)]
            + [_key(voice_style(v)) for v in _voices(found)])
    if found.empty:
        note(ax, "no frame term was found")
    return ax


def _lane(number: int, lanes: int) -> float:
    return 0.0 if lanes < 2 else -0.2 + 0.4 * number / (lanes - 1)


def _lane_name(number: int, lanes: int) -> str:
    return ("upper", "lower")[number] + " lane" if lanes == 2 else f"lane {number + 1}"


def _key(style: VoiceStyle) -> Line2D:
    return Line2D([], [], linestyle="", marker=style.marker, markeredgecolor=QUIET,
                  color=QUIET if not style.hatch else "white", label=style.label)


@styled
def plot_specification_curve(specifications: pd.DataFrame, *, score: str,
                             choices: Sequence[str], default: str = "default") -> list[Axes]:
    """
    Plot one result under every defensible set of choices, sorted, the default marked.

    Takes one row per specification: `score`, a column for each of `choices`, and
    `default` (true for the one declared first). Below, a tick shows what was chosen.
    """
    rows = specifications.sort_values([score, *choices], kind="stable", ignore_index=True)
    levels = [(c, value) for c in choices for value in in_order(rows[c].astype(str))]
    above, below = new_panels(2, 1, height=2.1 + 0.21 * len(levels), share_x=True)
    above.get_gridspec().set_height_ratios([1.7, 0.21 * len(levels) + 0.3])
    chosen = rows[default].astype(bool)
    above.axhline(0, color=RULE)
    above.scatter(rows.index, rows[score], s=14, color=np.where(chosen, "#d55e00", QUIET))
    for x in rows.index[chosen]:
        above.annotate("default", (x, rows[score][x]), (0, 9), textcoords="offset points",
                       ha="center", color="#a84a00", weight="bold", fontsize=8.5)
    above.margins(y=0.25)
    above.set_ylabel(score.replace("_", " "))
    for y, (choice, value) in enumerate(levels):
        at = rows.index[rows[choice].astype(str) == value]
        below.plot(at, np.full(len(at), y), "|", color=INK, markersize=7, markeredgewidth=0.9)
    label_rows(below, [f"{c.replace('_', ' ')}: {v}" for c, v in levels], limit=34, size=8)
    below.set_xticks([])
    below.set_xlabel(f"{len(rows)} specifications, from lowest to highest")
    return [above, below]


def _voices(table: pd.DataFrame) -> list[str]:
    """Return the voices that occur, in the order of the legend."""
    found = in_order(table["voice"])
    if "sentences" in table:
        used = table.groupby("voice")[["sentences", "words"]].sum().sum(axis=1)
        found = [v for v in found if used[v] > 0]
    return sorted(found, key=lambda v: (list(VOICES).index(v) if v in VOICES else 99, v))


def _cells(rates: pd.DataFrame, articles: list[str], value: str) -> pd.DataFrame:
    return rates.pivot_table(index="article_id", columns="voice", values=value,
                             aggfunc="sum").reindex(articles)


def _legend(ax: Axes, handles: Sequence[object]) -> None:
    if handles:
        ax.figure.legend(handles=list(handles), loc="outside lower center",
                         ncols=min(len(handles), 4), handlelength=1.6)
