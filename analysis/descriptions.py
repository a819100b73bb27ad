"""Figures of quotes, voices and frames in words: the alternative texts of notebooks."""

import pandas as pd

from analysis.prose import join, many, percent

_FEW = 8


def describe_types(types: pd.DataFrame) -> str:
    """Put the types of quotation by article into words."""
    said = [f"{row.article_id} {row.direct} direct, {row.mixed} mixed, {row.indirect} indirect"
            for row in types.head(_FEW).itertuples()]
    total = types[["direct", "mixed", "indirect"]].sum()
    return (f"Three panels of bars, a bar for each article. In all {total['direct']} direct, "
            f"{total['mixed']} mixed, {total['indirect']} indirect. {'; '.join(said)}.")


def describe_speakers(quotes: pd.DataFrame) -> str:
    """Put the grid of speakers and articles into words: the most widely quoted."""
    named = quotes.dropna(subset=["speaker"])
    if named.empty:
        return "An empty grid: no speaker is named."
    found = named.groupby("speaker")["article_id"].agg(["nunique", "size"])
    found = found.sort_values(["nunique", "size"], ascending=False, kind="stable").head(4)
    said = [f"{name} {many(row['size'], 'attribution')} in {many(row['nunique'], 'article')}"
            for name, row in found.iterrows()]
    return (f"Grid of {many(named['speaker'].nunique(), 'speaker')} by article, a disc with the "
            f"number of attributions in each cell. First: {'; '.join(said)}.")


def describe_shares(shares: pd.DataFrame) -> str:
    """Put the share of words by voice into words: the author's share in each article."""
    own = shares[shares["voice"] == "author"].sort_values("share")
    said = [f"{row.article_id} {percent(row.share)}" for row in own.itertuples()]
    kept = said if len(said) <= _FEW else [said[0], said[-1]]
    return (f"Grid of articles by voice with the share of words in each cell. The author's own "
            f"words, lowest first: {join(kept)}.")


def describe_rates(rates: pd.DataFrame) -> str:
    """Put the sentences of each frame by article and voice into words."""
    if rates.empty or not rates["sentences"].sum():
        return "Empty bars: no sentence carries a frame."
    said = []
    for (article, frame), rows in rates.groupby(["article_id", "frame"], sort=False):
        own = rows.loc[rows["voice"] == "author", "sentences"].sum()
        said.append(f"{article}, {frame}: {rows['sentences'].sum()}, of which {own} the author's")
    more = f"; and {len(said) - 12} more" if len(said) > 12 else ""
    return f"Bars of sentences by frame, a bar for each article. {'; '.join(said[:12])}{more}."


def describe_frame_voice(rates: pd.DataFrame, frame: str) -> str:
    """Put the share of one frame by voice, all articles together, into words."""
    pooled = rates.groupby(["voice", "frame"])["sentences"].sum().unstack(fill_value=0)
    total = pooled.sum(axis=1)
    if frame not in pooled or not total.sum():
        return f"Empty panels: no sentence carries {frame} or its counterpart."
    said = [f"{voice} {percent(pooled.loc[voice, frame] / n)} of {n}"
            for voice, n in total.items() if n]
    return (f"Dots with intervals: the share of {frame} among sentences of any frame, a panel for "
            f"each voice, a row for each article. Over all articles: {'; '.join(said)}.")


def describe_timeline(mentions: pd.DataFrame) -> str:
    """Put the timeline of frames into words: how many marks each article has in each half."""
    found = mentions[~mentions["excluded"].astype(bool)]
    if found.empty:
        return "An empty timeline: no term of a frame was found."
    counts = found.groupby(["article_id", "frame"]).size()
    said = [f"{article} {n} of {frame}" for (article, frame), n in counts.items()]
    return (f"Marks along a line for each article show where {many(len(found), 'frame word')} "
            f"stand: {'; '.join(said[:12])}.")


def describe_specifications(curve: pd.DataFrame, score: str, what: str) -> str:
    """Put a specification curve into words: its range, its default, its signs."""
    values = curve[score].dropna()
    if values.empty:
        return "An empty curve: no specification gives a result."
    default = curve.loc[curve["default"].astype(bool), score].iloc[0]
    return (f"{many(len(values), 'specification')} sorted by {what}, from {values.min():.2f} to "
            f"{values.max():.2f}; the default gives {default:.2f}; {int((values > 0).sum())} are "
            f"above zero and {int((values < 0).sum())} below.")
