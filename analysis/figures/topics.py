"""Pictures of terms and of likeness: what each article is about."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.figures.layout import (
    in_order,
    label_rows,
    place_labels,
    short_labels,
    shorten,
)
from analysis.figures.palette import BASE, INK, QUIET, RULE, ink_on, tint
from analysis.figures.style import new_axes, new_panels, styled


@styled
def plot_top_terms(scores: pd.DataFrame, *, top: int = 8) -> list[Axes]:
    """
    Plot the `top` terms of each document by tf_idf, a panel a document.

    Takes `scores` (document, term, tf_idf). Panels share one scale, so that bars can
    be compared across documents.
    """
    documents = in_order(scores["document"])
    columns = min(3, len(documents))
    rows = math.ceil(len(documents) / columns)
    panels = new_panels(rows, columns, height=rows * (0.42 + 0.19 * top), share_x=True)
    for ax, name, label in zip(panels, documents, short_labels(documents, 20), strict=False):
        best = (scores[scores["document"] == name]
                .sort_values(["tf_idf", "term"], ascending=[False, True]).head(top))
        ax.barh(range(len(best)), best["tf_idf"], color=BASE, height=0.62)
        label_rows(ax, list(best["term"]), limit=18, size=8.5)
        ax.set_ylim(top - 0.5, -0.5)
        ax.set_title(label, fontsize=9)
        ax.xaxis.set_visible(False)
    for ax in panels[len(documents):]:
        ax.set_axis_off()
    return panels[:len(documents)]


@styled
def plot_term_scatter(keyness: pd.DataFrame, *, document: str, reference: str = "rest",
                      labels: int = 30) -> Axes:
    """
    Plot each term by its rate in `document` and elsewhere; the furthest from even are named.

    Takes `keyness`. Scales are square roots, so that zero has a place. Dark dots are
    terms that stay apart after correction (lr_conservative not 0).
    """
    rows = _of(keyness, document, reference)
    ax = new_axes(5.4)
    for axis in (ax.xaxis, ax.yaxis):
        axis._set_axes_scale("function", functions=(_root, np.square))
    apart = rows["lr_conservative"] != 0
    ax.scatter(rows["rate_ref"], rows["rate_target"], s=18, linewidths=0,
               color=np.where(apart, INK, tint(BASE, 0.45)))
    high = 1.15 * max(rows["rate_ref"].max(), rows["rate_target"].max(), 1)
    ax.plot([0, high], [0, high], color=RULE, zorder=0)
    ax.set(xlim=(-0.002 * high, high), ylim=(-0.002 * high, high),
           xlabel=f"times per 1,000 words, {_elsewhere(reference)}",
           ylabel=f"times per 1,000 words, {shorten(document)}")
    named = rows.assign(far=rows["z"].abs()).sort_values(["far", "term"],
                                                         ascending=[False, True]).head(labels)
    together = named.groupby(["rate_ref", "rate_target"], sort=False)["term"].agg(list)
    place_labels(ax, list(together.index), [_name_some(terms) for terms in together])
    return ax


def _name_some(terms: list[str]) -> str:
    shown = ", ".join(shorten(term, 18) for term in terms[:3])
    return shown if len(terms) <= 3 else f"{shown} +{len(terms) - 3}"


@styled
def plot_keyness(keyness: pd.DataFrame, *, document: str, reference: str = "rest",
                 top: int = 12) -> Axes:
    """
    Plot the binary log of the ratio of rates, with its exact interval, for `top` terms.

    Takes `keyness`. Terms are ranked by the conservative ratio, then by size of z; an
    interval without end runs to the edge.
    """
    rows = _of(keyness, document, reference)
    rows = rows.assign(sure=rows["lr_conservative"].abs(), size=rows["z"].abs())
    rows = rows.sort_values(["sure", "size", "term"], ascending=[False, False, True]).head(top)
    ends = rows[["lr_low", "lr_high", "log_ratio"]].to_numpy(dtype=float)
    low, high = (f([*ends[np.isfinite(ends)], 0]) for f in (min, max))
    edges = (low - 0.08 * (high - low), high + 0.08 * (high - low))
    ax = new_axes(0.8 + 0.27 * len(rows))
    ax.axvline(0, color=QUIET, linewidth=0.8)
    for y, row in enumerate(rows.itertuples()):
        ax.plot(np.clip([row.lr_low, row.lr_high], *edges), [y, y], color=BASE, linewidth=1.6)
        ax.plot(row.log_ratio, y, "o", color=INK if row.lr_conservative else "white",
                markeredgecolor=INK, markersize=5.5)
    label_rows(ax, list(rows["term"]))
    ax.set(xlim=edges, xlabel=f"← rarer than elsewhere · log₂ ratio of rates in "
           f"{shorten(document)} · more frequent →")
    return ax


@styled
def plot_similarity(similarity: pd.DataFrame, *, pairs: int = 15) -> list[Axes]:
    """
    Plot cosines as a heat map and, beside it, pairs with their error and their null.

    Takes `similarity`. The most alike pair is darkest. On the right the dot is the
    cosine, its line reaches two standard errors either way, and the open mark is the mean
    after shuffling sentences; only the `pairs` most alike are listed.
    """
    documents = sorted(set(similarity["document_a"]) | set(similarity["document_b"]))
    shown = similarity.dropna(subset=["cosine"]).sort_values(
        ["cosine", "document_a", "document_b"], ascending=[False, True, True]).head(pairs)
    height = 1.1 + max(0.3 * len(documents), 0.25 * len(shown))
    heat, dots = new_panels(1, 2, height=height, ratios=[1.25, 1])
    _draw_heat(heat, similarity, documents)
    names = {name: _letter(i) for i, name in enumerate(documents)}
    for y, row in enumerate(shown.itertuples()):
        reach = 0 if pd.isna(row.se) else 2 * row.se
        dots.plot([max(row.cosine - reach, 0), min(row.cosine + reach, 1)], [y, y], color=BASE)
        dots.plot(row.cosine, y, "o", color=BASE, markersize=5.5)
        if not pd.isna(row.null_mean):
            dots.plot(row.null_mean, y, "D", color="white", markeredgecolor=INK, markersize=5)
    label_rows(dots, [" – ".join(sorted((names[a], names[b]), key=lambda n: (len(n), n)))
                      for a, b in zip(shown["document_a"], shown["document_b"],
                                      strict=True)])
    values = shown[["cosine", "null_mean"]].to_numpy(dtype=float)
    values = values[np.isfinite(values)] if np.isfinite(values).any() else np.array([0, 1])
    dots.set(xlim=(max(values.min() - 0.12, 0), min(values.max() + 0.12, 1)),
             xlabel="cosine  ● found  ◇ after shuffling")
    dots.set_title("Beside its null")
    return [heat, dots]


def _draw_heat(ax: Axes, similarity: pd.DataFrame, documents: list[str]) -> None:
    at = {name: i for i, name in enumerate(documents)}
    low, high = similarity["cosine"].min(), similarity["cosine"].max()
    for a, b, cosine in similarity[["document_a", "document_b", "cosine"]].itertuples(index=False):
        column, row = sorted((at[a], at[b]))
        if pd.isna(cosine):
            ax.text(column, row, "–", ha="center", va="center", color=QUIET)
            continue
        strength = 0.12 + 0.88 * (cosine - low) / ((high - low) or 1)
        colour = tint("#0b3f80", 1 - strength)
        ax.add_patch(_square(column, row, colour))
        if len(documents) <= 10:
            ax.text(column, row, f"{cosine:.2f}", ha="center", va="center", fontsize=8,
                    color=ink_on(colour))
    names = [f"{_letter(i)}  {shorten(name, 20)}" for i, name in enumerate(documents)]
    label_rows(ax, names, limit=26)
    every = range(0, len(documents), math.ceil(len(documents) / 16))
    ax.set_xticks(every, [_letter(i) for i in every])
    ax.set_xlim(-0.5, len(documents) - 0.5)
    ax.set_title("Cosine of each pair")


def _square(x: float, y: float, colour: str) -> object:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, color=colour, linewidth=0)


@styled
def plot_dendrogram(clusters: pd.DataFrame) -> Axes:
    """
    Plot which documents join first, with the support of each merge.

    Takes what `cluster_documents` returns. The percentage is the lower of its two
    supports; a merge called unstable is dashed and says so.
    """
    names = clusters.attrs.get("documents") or clusters["members"].iloc[-1].split("|")
    at: dict[int, tuple[float, float]] = {}
    children = {len(names) + i: pair for i, pair in
                enumerate(zip(clusters["left"], clusters["right"], strict=True))}
    order = _leaves(2 * len(names) - 2, children)
    at.update({leaf: (0.0, y) for y, leaf in enumerate(order)})
    ax = new_axes(0.9 + 0.32 * len(order))
    for i, row in enumerate(clusters.itertuples()):
        (x0, y0), (x1, y1) = at[row.left], at[row.right]
        firm = row.verdict != "unstable"
        ax.plot([x0, row.height, row.height, x1], [y0, y0, y1, y1],
                color=INK if firm else QUIET, linestyle="-" if firm else (0, (3, 2)),
                linewidth=1.5 if firm else 1.1)
        at[len(names) + i] = (row.height, (y0 + y1) / 2)
    ax.set_yticks(range(len(order)), short_labels([names[leaf] for leaf in order]))
    ax.spines["left"].set_visible(False)
    ax.set(ylim=(len(order) - 0.4, -0.6), xlim=(0, max(clusters["height"].max(), 0.1) * 1.25),
           xlabel="distance at which they join, with support (dashed: unstable)")
    _write_support(ax, clusters, [at[len(names) + i] for i in range(len(clusters))])
    return ax


def _write_support(ax: Axes, clusters: pd.DataFrame, places: list[tuple[float, float]]) -> None:
    support = clusters[["support_specifications", "support_sentences"]].min(axis=1)
    words = ["?" if pd.isna(share) else f"{share:.0%}" for share in support]
    order = np.argsort(-clusters["height"].to_numpy(), kind="stable")
    beside = [(4, 3, "left", "bottom"), (4, -3, "left", "top"), (-4, 3, "right", "bottom"),
              (-4, -3, "right", "top")]
    for text in place_labels(ax, [places[i] for i in order], [words[i] for i in order],
                             sides=beside):
        text.set_color(QUIET)


def _leaves(root: int, children: dict[int, tuple[int, int]]) -> list[int]:
    """Return the documents below a merge, in the order in which lines do not cross."""
    waiting, found = [root], []
    while waiting:
        node = waiting.pop()
        if node in children:
            waiting.extend(reversed(children[node]))
        else:
            found.append(node)
    return found


@styled
def plot_dispersion(tokens: pd.DataFrame, *, terms: Sequence[str]) -> list[Axes]:
    """
    Plot where in each article each of up to four `terms` stands, a panel a term.

    Takes `tokens` (article_id, start, term). A tick is one use, from the first word on
    the left to the last on the right; the number is how often.
    """
    articles, terms = in_order(tokens["article_id"]), list(terms)[:4]
    place = tokens.groupby("article_id")["start"].rank(method="first")
    share = place / tokens.groupby("article_id")["start"].transform("size")
    panels = new_panels(1, len(terms), height=0.8 + 0.27 * len(articles), share_y=True)
    for ax, term in zip(panels, terms, strict=True):
        for y, name in enumerate(articles):
            here = share[(tokens["term"] == term) & (tokens["article_id"] == name)]
            ax.plot(here, np.full(len(here), y), "|", color=BASE, markersize=9,
                    markeredgewidth=1.4)
            ax.text(1.04, y, str(len(here)), va="center", fontsize=8.5, color=QUIET)
        label_rows(ax, articles)
        ax.set(xlim=(-0.02, 1.16), title=shorten(term, 20))
        ax.set_xticks([0, 1], ["start", "end"])
    return panels


def _of(keyness: pd.DataFrame, document: str, reference: str) -> pd.DataFrame:
    rows = keyness[(keyness["document"] == document) & (keyness["reference"] == reference)]
    if rows.empty:
        pairs = keyness[["document", "reference"]].drop_duplicates().itertuples(index=False)
        known = ", ".join(f"{a} against {b}" for a, b in pairs)
        raise ValueError(f"keyness has no {document!r} against {reference!r}; there is "
                         f"{known or 'none'}")
    return rows


def _elsewhere(reference: str) -> str:
    return "other articles" if reference == "rest" else shorten(reference)


def _root(values: np.ndarray) -> np.ndarray:
    return np.sign(values) * np.sqrt(np.abs(values))


def _letter(number: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    return chr(65 + number) if number < 26 else chr(64 + number // 26) + chr(65 + number % 26)
