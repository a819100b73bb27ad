"""
Whose frame is it? Frames counted by article and voice, and one voice set against another.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.intervals import share_interval
from analysis.ledger import Ledger, add_ledger
from analysis.tables import table
from analysis.voices import VOICES, locate

UNITS = ("sentence", "mention", "paragraph")
NEGATED = ("keep", "presupposed", "drop")


def keep_counted(mentions: pd.DataFrame, *, negated: str = "keep", excluded: bool = False
                 ) -> pd.DataFrame:
    """
    Keep the mentions that count: not the excluded ones, unless `excluded`.

    `negated` says what a negation does: "keep" marks only, "presupposed" drops what is
    plainly negated and keeps denials ("not pariahs", they want to show), "drop" drops both.
    """
    _one_of(negated, NEGATED, "negated")
    keep = pd.Series(True, mentions.index) if excluded else ~mentions["excluded"]
    if negated != "keep":
        keep &= ~mentions["negated"]
    if negated == "presupposed":
        keep |= mentions["presupposed"] & (~mentions["excluded"] | excluded)
    return mentions[keep]


def count_rates(mentions: pd.DataFrame, voices: pd.DataFrame, tokens: pd.DataFrame, *,
                frames: Sequence[str], unit: str = "sentence", negated: str = "keep",
                excluded: bool = False) -> pd.DataFrame:
    """
    Count the frames by article and voice: one row for each of the three, zeros included.

    `n` is mentions, `sentences` those units in which the voice uses the frame, each once;
    `words` all words of the voice (furniture has none in `tokens`). `share` is the part of
    `frames[i]` in the units of any of `frames`: name the two of the contrast. Its interval
    is Wilson's, or Jeffreys' where the cell is tiny; all missing where there is no unit. A unit
    with both frames counts for each. `unit` is sentence, mention or paragraph.
    """
    _one_of(unit, UNITS, "unit")
    counted = keep_counted(mentions, negated=negated, excluded=excluded)
    cells = pd.MultiIndex.from_product(
        [pd.unique(voices["article_id"]), list(frames), VOICES],
        names=["article_id", "frame", "voice"])
    keys = list(cells.names)
    counted = counted[counted["frame"].isin(frames)]
    if counted["voice"].isna().any():
        raise ValueError("the mentions have no voice yet; use add_voices(mentions, voices) first")
    place = {"sentence": "sentence", "paragraph": "paragraph", "mention": "start"}[unit]
    rates = pd.DataFrame({
        "n": counted.groupby(keys).size().reindex(cells, fill_value=0),
        "sentences": counted.drop_duplicates([*keys, place]).groupby(keys).size()
        .reindex(cells, fill_value=0)}).reset_index()
    rates = rates.merge(count_voice_words(voices, tokens), how="left",
                        on=["article_id", "voice"]).fillna({"words": 0})
    return table("rates", add_shares(rates))


def add_shares(rates: pd.DataFrame, by: Sequence[str] = ("article_id", "voice")) -> pd.DataFrame:
    """Add each frame's share of the `sentences` of all frames in its group, with an interval."""
    total = rates.groupby(list(by))["sentences"].transform("sum")
    low, high, name = share_interval(rates["sentences"], total)
    share = (rates["sentences"] / total).where(total > 0)
    return rates.assign(share=share, low=low, high=high,
                        interval=pd.Series(name, rates.index).where(total > 0))


def pool_rates(rates: pd.DataFrame, by: Sequence[str] = ("article_id",)) -> pd.DataFrame:
    """
    Pool the rows of `rates` over all but `by` and the frame: one row for each of them.

    `by=("article_id",)` drops the voice, `by=("voice",)` the article, `by=()` both.
    Sentences are added up: one that two voices share counts for each.
    """
    keys = [*by, "frame"]
    pooled = rates.groupby(keys, sort=False)[["n", "sentences", "words"]].sum().reset_index()
    if not by:
        return add_shares(pooled.assign(all="all"), ("all",)).drop(columns="all")
    return add_shares(pooled, by)


def count_voice_words(voices: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    """Count the words of each voice in each article: article_id, voice, words; no zero rows."""
    tokens = tokens[tokens["article_id"].isin(voices["article_id"].unique())]
    said = voices["voice"].take(locate(voices, tokens["article_id"], tokens["start"])).array
    return (pd.DataFrame({"article_id": tokens["article_id"].array, "voice": said})
            .groupby(["article_id", "voice"]).size().rename("words").reset_index())


def count_headlines(headlines: pd.DataFrame, articles: pd.DataFrame,
                    frames: Sequence[str]) -> pd.DataFrame:
    """
    Count the frames in headlines: article_id, frame, n, zeros included.

    Takes what `frames.find_headline_mentions` gives. What a headline plainly negates ("not
    strength") is not counted.
    """
    counted = keep_counted(headlines, negated="presupposed")
    cells = pd.MultiIndex.from_product([articles["article_id"], list(frames)],
                                       names=["article_id", "frame"])
    counts = counted.groupby(["article_id", "frame"]).size()
    return counts.reindex(cells, fill_value=0).rename("n").reset_index()


def compare_voices(mentions: pd.DataFrame, *, contrast: Sequence[str],
                   pairs: Sequence[tuple[str, str]] = (("author", "party"), ("author", "official")),
                   permutations: int = 1999, seed: int = 0) -> pd.DataFrame:
    """
    Set one voice against another: does the first use `contrast[0]` more than the second?

    One row per pair and article, and one for `all`: the shares of `contrast[0]` among the
    sentences of both frames, `difference` the first less the second, and `p`, two-sided,
    from shuffling the voices among the units within each article: (1 + k) / (1 + B).
    Missing where a voice has no unit. It tells of these sentences, not of other articles.

    Fisher (1935), The Design of Experiments; Phipson & Smyth (2010), Statistical
    Applications in Genetics and Molecular Biology 9(1), 39.
    """
    counted = keep_counted(mentions)
    units = (counted[counted["frame"].isin(contrast)]
             .drop_duplicates(["article_id", "sentence", "voice", "frame"])
             .assign(hit=lambda t: t["frame"] == contrast[0]))
    rows = []
    for first, second in pairs:
        for article in [*pd.unique(mentions["article_id"]), "all"]:
            kept = units if article == "all" else units[units["article_id"] == article]
            kept = kept[kept["voice"].isin((first, second))]
            rows.append((article, first, second, *_compare(
                kept, first, permutations, np.random.default_rng(seed))))
    compared = pd.DataFrame(rows, columns=_COMPARED)
    return add_ledger(compared, Ledger(
        "voices compared", "sentence", len(units), int(compared["p"].notna().sum()),
        lowest_p=1 / (1 + permutations), seed=seed))


_COMPARED = ["article_id", "voice_a", "voice_b", "n_a", "n_b", "share_a", "share_b", "difference",
             "p", "permutations"]


def _compare(units: pd.DataFrame, first: str, permutations: int, random: np.random.Generator
             ) -> tuple:
    """Return sizes, shares, difference and p for the units of two voices."""
    hit, one = units["hit"].to_numpy(float), (units["voice"] == first).to_numpy()
    n_a, n_b = int(one.sum()), int((~one).sum())
    a, b = (hit[m].mean() if m.any() else np.nan for m in (one, ~one))
    if not n_a or not n_b:
        return n_a, n_b, a, b, np.nan, np.nan, 0
    observed, shuffled = a - b, np.zeros((permutations, len(hit)), bool)
    for places in units.groupby("article_id").indices.values():
        rows = np.broadcast_to(one[places], (permutations, len(places)))
        shuffled[:, places] = random.permuted(rows, axis=1)
    null = shuffled @ hit / n_a - ~shuffled @ hit / n_b
    extreme = int((np.abs(null) >= abs(observed) - 1e-12).sum())
    return n_a, n_b, a, b, observed, (1 + extreme) / (1 + permutations), permutations


def _one_of(value: str, known: Sequence[str], name: str) -> None:
    if value not in known:
        raise ValueError(f"{name}={value!r} is not known; choose one of {', '.join(known)}")
