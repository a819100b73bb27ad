"""
How far does a result hang on one term, one article, or one choice?

An audit of the lexicon, and a specification curve: every combination of the choices that
could be defended, the default declared first, and how often each statement holds.
"""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from analysis.agreement import has_frame
from analysis.frame_terms import Frame
from analysis.intervals import wilson
from analysis.matching import as_form
from analysis.rates import keep_counted

CHOICES: Mapping[str, tuple[str, ...]] = {
    "voice": ("author", "all", "unmarked"),
    "unit": ("sentence", "mention", "paragraph"),
    "lexicon": ("whole", "shared"),
    "targets": ("excluded", "ignored"),
    "names": ("counted", "dropped"),
    "negated": ("keep", "drop"),
    "headline": ("apart", "counted"),
}
"""The declared choices; the first of each is the default. `unmarked` is what stands outside
quotation marks, `shared` the terms that occur in two articles or more, `names` the words that
may only name the event ("the pact")."""


def audit_terms(mentions: pd.DataFrame, codes: pd.DataFrame, frames: Sequence[Frame]
                ) -> pd.DataFrame:
    """
    Audit every term of every frame: one row per term, those that never occur included.

    Columns: frame, term, rule, n (mentions), articles, excluded, negated; and for each coder
    in `codes` the `coded` mentions (in a coded paragraph), `right` (in one coded with the
    frame) and their `precision` with Wilson's interval. `note` names what never occurs or is
    always wrong. A right paragraph does not prove that the term made it so.
    """
    terms = pd.DataFrame([(f.name, t.term, t.rule) for f in frames for t in f.terms],
                         columns=["frame", "term", "rule"])
    keys = ["frame", "term"]
    every = mentions.groupby(keys).agg(excluded=("excluded", "sum"), negated=("negated", "sum"))
    kept = keep_counted(mentions)
    used = kept.groupby(keys).agg(n=("start", "size"), articles=("article_id", "nunique"))
    terms = terms.merge(used, on=keys, how="left").merge(every, on=keys, how="left")
    counts = ["n", "articles", "excluded", "negated"]
    terms[counts] = terms[counts].fillna(0).astype(int)
    coders = codes["coder"].unique() if len(codes) else [None]
    rows = [_judge(terms, kept, codes[codes["coder"] == coder], coder) for coder in coders]
    return pd.concat(rows, ignore_index=True)


def _judge(terms: pd.DataFrame, kept: pd.DataFrame, codes: pd.DataFrame, coder: str | None
           ) -> pd.DataFrame:
    """Add to the terms how many of their mentions one coder bears out."""
    units = ["article_id", "paragraph"]
    coded = kept.merge(codes[[*units, "frame"]], on=units, suffixes=("", "_coded"))
    right = pd.Series([has_frame(pd.Series([code]), frame).iloc[0] for code, frame in zip(
        coded["frame_coded"], coded["frame"], strict=True)], index=coded.index, dtype=bool)
    sums = coded.assign(right=right).groupby(["frame", "term"])["right"].agg(["size", "sum"])
    judged = terms.merge(sums.rename(columns={"size": "coded", "sum": "right"}),
                         on=["frame", "term"], how="left")
    judged[["coded", "right"]] = judged[["coded", "right"]].fillna(0).astype(int)
    low, high = wilson(judged["right"], judged["coded"])
    precision = (judged["right"] / judged["coded"]).where(judged["coded"] > 0)
    note = np.select(
        [judged["n"] + judged["excluded"] == 0, judged["n"] == 0, judged["coded"] == 0,
         judged["right"] == 0],
        ["never occurs", "always excluded", "not coded", "never right"], "")
    return judged.assign(precision=precision, low=low, high=high, coder=coder, note=note)


def leave_out_terms(mentions: pd.DataFrame, *, contrast: Sequence[str],
                    voice: str | None = "author") -> pd.DataFrame:
    """
    Leave out each term in turn: one row per term left out and article that has it.

    `share` of `contrast[0]` in the sentences of both, `without` the term, `delta` the change;
    `sign_changed` if the article crosses from one frame's side to the other's (or to neither),
    `order_changed` if any two of the articles change places.
    """
    kept = _of_voice(keep_counted(mentions), voice)
    kept = kept[kept["frame"].isin(contrast)]
    whole = _shares(kept, contrast)
    rows = []
    for (frame, term), gone in kept.groupby(["frame", "term"]):
        without = _shares(kept.drop(gone.index), contrast).reindex(whole.index)
        moved = _order(without) != _order(whole)
        for article in sorted(gone["article_id"].unique()):
            before, after = whole[article], without[article]
            rows.append((frame, term, article, len(gone), before, after, after - before,
                         _side(before) != _side(after), moved))
    return pd.DataFrame(rows, columns=["frame", "term", "article_id", "n", "share", "without",
                                       "delta", "sign_changed", "order_changed"]).sort_values(
        "delta", key=lambda delta: -delta.abs(), kind="stable", ignore_index=True)


def leave_out_articles(mentions: pd.DataFrame, *, by: str = "term") -> pd.DataFrame:
    """
    Keep, in each article, only what occurs in another article too: the mentions that remain.

    This is the lexicon as it might have been, had the article not been read. `by="term"` asks
    for any form of the term in another article, `by="match"`, harsher, for the same words.
    """
    if by not in ("match", "term"):
        raise ValueError(f"by={by!r} is not known; choose match or term")
    key = mentions["term"] if by == "term" else mentions["match"].map(as_form)
    articles = mentions.assign(key=key)[~mentions["excluded"]] \
        .groupby(["frame", "key"])["article_id"].nunique()
    wanted = pd.MultiIndex.from_arrays([mentions["frame"], key])
    return mentions[articles.reindex(wanted).fillna(0).to_numpy() > 1]


def run_specifications(mentions: pd.DataFrame, marked: pd.DataFrame, headlines: pd.DataFrame, *,
                       contrast: Sequence[str], articles: Sequence[str]) -> pd.DataFrame:
    """
    Count under every combination of `CHOICES`: one row per specification and article.

    `mentions` are those of the bodies with their voices, `marked` the same with the voices of
    quotation marks alone, `headlines` those of the headlines. Columns: specification (0 is the
    default), default, one per choice, article_id (and `all`), n_first and n_second (units of
    `contrast[0]` and `contrast[1]`), share of the first, and balance, (first - second) / sum.

    Steegen et al. (2016), Perspectives on Psychological Science 11(5), 702–712; Simonsohn,
    Simmons & Nelson (2020), Nature Human Behaviour 4, 1208–1214.
    """
    pool, names = _pool(mentions, marked, headlines, contrast), list(articles)
    keeps = _keeps(pool)
    cells = _cells(pool, names, contrast)
    parts = []
    for number, values in enumerate(product(*CHOICES.values())):
        chosen = dict(zip(CHOICES, values, strict=True))
        keep = np.logical_and.reduce([keeps[choice, value] for choice, value in chosen.items()
                                      if (choice, value) in keeps])
        units = np.unique(cells[chosen["unit"]][keep])
        counts = np.bincount(units >> _BITS, minlength=2 * len(names)).reshape(-1, 2)
        counts = np.vstack([counts, counts.sum(axis=0)])
        parts.append(pd.DataFrame({
            "specification": number, "default": number == 0, **chosen,
            "article_id": [*names, "all"], "n_first": counts[:, 0], "n_second": counts[:, 1]}))
    table = pd.concat(parts, ignore_index=True)
    total = (table["n_first"] + table["n_second"]).where(lambda n: n > 0)
    return table.assign(share=table["n_first"] / total,
                        balance=(table["n_first"] - table["n_second"]) / total)


def count_statements(specifications: pd.DataFrame, *, contrast: Sequence[str]) -> pd.DataFrame:
    """
    Say in how many specifications each statement of the default holds: one row a statement.

    Statements: to which frame each article leans, and, of each two neighbours in the order by
    share, which has more of `contrast[0]`. Columns: statement, holds (share of the
    specifications in which it can be judged), n_holds, n_judged, n_specifications.
    """
    shares = specifications.pivot(index="specification", columns="article_id", values="share")
    first, second = contrast[:2]
    default, rows = shares.loc[0].dropna(), []
    for article, share in default.items():
        if share != 0.5:
            side = first if share > 0.5 else second
            with_it = shares[article] > 0.5 if share > 0.5 else shares[article] < 0.5
            rows.append((f"{article} leans to {side}", with_it, shares[article].notna()))
    order = default.drop("all", errors="ignore").sort_values(ascending=False, kind="stable")
    for (more, a), (less, b) in zip(order.items(), list(order.items())[1:], strict=False):
        if a > b:
            rows.append((f"{more} has more of {first} than {less}", shares[more] > shares[less],
                         shares[more].notna() & shares[less].notna()))
    return pd.DataFrame(
        [(text, holds[judged].mean(), int(holds[judged].sum()), int(judged.sum()), len(shares))
         for text, holds, judged in rows],
        columns=["statement", "holds", "n_holds", "n_judged", "n_specifications"])


def measure_choices(specifications: pd.DataFrame) -> pd.DataFrame:
    """
    Measure what each choice does, all others equal: one row per value other than the default.

    Compares the share of the first frame in each article under the value with that under the
    default value: mean change, mean absolute change, and the number of comparisons.
    """
    rows = []
    for choice, (default, *others) in CHOICES.items():
        keys = [c for c in CHOICES if c != choice] + ["article_id"]
        kept = specifications[specifications["article_id"] != "all"]
        shares = kept.pivot(index=keys, columns=choice, values="share")
        for value in others:
            change = (shares[value] - shares[default]).dropna()
            rows.append((choice, default, value, change.mean(), change.abs().mean(), len(change)))
    return pd.DataFrame(rows, columns=["choice", "default", "value", "mean_change",
                                       "mean_absolute_change", "n"])


def _pool(mentions: pd.DataFrame, marked: pd.DataFrame, headlines: pd.DataFrame,
          contrast: Sequence[str]) -> pd.DataFrame:
    """Put together all mentions with what the choices ask of them."""
    body = mentions.assign(unmarked=marked["voice"].to_numpy() == "author", headline=False)
    title = headlines.assign(unmarked=True, headline=True, sentence=-1, paragraph=-1,
                             start=-1 - headlines["start"])
    wanted = ["article_id", "frame", "match", "term", "sentence", "paragraph", "start", "voice",
              "negated", "excluded", "names_event", "unmarked", "headline"]
    pool = pd.concat([body[wanted], title[wanted]], ignore_index=True)
    pool = pool[pool["frame"].isin(contrast)].rename(columns={"start": "mention"})
    shared = leave_out_articles(pool).index
    pool = pool.assign(shared=pool.index.isin(shared))
    return pool[pool["frame"].isin(contrast[:2])].reset_index(drop=True)


def _keeps(pool: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """Say which mentions each value of a choice keeps; a value not listed keeps all."""
    keeps = {("voice", "all"): np.full(len(pool), True),
             ("voice", "author"): pool["voice"] == "author",
             ("voice", "unmarked"): pool["unmarked"], ("lexicon", "shared"): pool["shared"],
             ("targets", "excluded"): ~pool["excluded"], ("names", "dropped"): ~pool["names_event"],
             ("negated", "drop"): ~pool["negated"], ("headline", "apart"): ~pool["headline"]}
    return {key: np.asarray(keep, bool) for key, keep in keeps.items()}


_BITS = 32  # room for the number of a unit below that of its article and frame


def _cells(pool: pd.DataFrame, articles: list[str], contrast: Sequence[str]
           ) -> dict[str, np.ndarray]:
    """Number each mention by article, frame and unit, for each way to choose the unit."""
    home = pd.Index(articles).get_indexer(pool["article_id"]).astype(np.int64) * 2 + (
        pool["frame"] == contrast[1]).to_numpy()
    return {unit: (home << _BITS) + pool[unit].to_numpy() + (1 << (_BITS - 1))
            for unit in CHOICES["unit"]}


def _of_voice(mentions: pd.DataFrame, voice: str | None) -> pd.DataFrame:
    return mentions if voice is None else mentions[mentions["voice"] == voice]


def _shares(mentions: pd.DataFrame, contrast: Sequence[str]) -> pd.Series:
    """Return each article's share of `contrast[0]` among the sentences of both frames."""
    units = mentions.drop_duplicates(["article_id", "sentence", "frame"])
    return (units["frame"] == contrast[0]).groupby(units["article_id"]).mean()


def _side(share: float) -> int:
    return 0 if np.isnan(share) else int(np.sign(share - 0.5))


def _order(shares: pd.Series) -> list[str]:
    return list(shares.sort_values(kind="stable", na_position="first").index)
