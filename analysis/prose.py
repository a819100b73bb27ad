"""Numbers, lists and figures in words."""

import pandas as pd


def many(n: int, noun: str, plural: str | None = None) -> str:
    """
    Return a number with its noun.

    >>> many(1, "article"), many(1200, "body", "bodies")
    ('1 article', '1,200 bodies')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def join(items: list[str], word: str = "and") -> str:
    """
    Return a list as prose.

    >>> join(["a", "b", "c"])
    'a, b and c'
    """
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}" \
        if items else "none"


def percent(share: float) -> str:
    """
    Return a share in per cent, without decimals; missing is said to be so.

    >>> percent(0.256), percent(float("nan"))
    ('26 %', 'unknown')
    """
    return "unknown" if pd.isna(share) else f"{share:.0%}".replace("%", " %")


def describe_values(table: pd.DataFrame, *, label: str, value: str, what: str) -> str:
    """Put a bar chart into words: every value where they are few, else the extremes."""
    rows = table.dropna(subset=[value])
    if rows.empty:
        return f"An empty chart: there is no {what}."
    if len(rows) <= 8:
        said = join([f"{name} {number:,.4g}" for name, number in zip(rows[label], rows[value],
                                                                   strict=True)])
        return f"Bars for {what}: {said}."
    high, low = rows.loc[rows[value].idxmax()], rows.loc[rows[value].idxmin()]
    return (f"Bars for {what}, {len(rows)} in all: the longest is {high[label]} with "
            f"{high[value]:,.4g}, the shortest {low[label]} with {low[value]:,.4g}.")


def describe_terms(scores: pd.DataFrame, *, value: str = "tf_idf") -> str:
    """Put panels of top terms into words: the first three of each document."""
    best = scores.sort_values(["document", value, "term"], ascending=[True, False, True])
    said = [f"{name}: {', '.join(terms[:3])}" for name, terms in best.groupby("document")["term"]]
    return f"Bars of the highest terms, a panel for each article. {'; '.join(said[:12])}."


def describe_keyness(keyness: pd.DataFrame, document: str) -> str:
    """Put a keyness chart of one document into words."""
    rows = keyness[(keyness["document"] == document) & keyness["p"].notna()]
    rows = rows.sort_values(["lr_conservative", "g2", "term"], ascending=[False, False, True])
    apart = rows[rows["lr_conservative"] > 0]
    words = [f"{row.term} (log ratio {row.log_ratio:.1f})" for row in rows.head(4).itertuples()]
    return (f"Words of {document} against the rest. Highest: {join(words)}. "
            f"{many(len(apart), 'word')} of {len(rows)} tested stand apart after correction.")


def describe_similarity(similarity: pd.DataFrame) -> str:
    """Put a heat map of cosines into words: the most and the least alike."""
    rows = similarity.dropna(subset=["cosine"]).sort_values("cosine", ascending=False)
    if rows.empty:
        return "An empty heat map: no two articles have words to compare."
    first, last = rows.iloc[0], rows.iloc[-1]
    return (f"Heat map of {many(len(rows), 'pair')}. Most alike: {first['document_a']} and "
            f"{first['document_b']}, {first['cosine']:.2f}; least: {last['document_a']} and "
            f"{last['document_b']}, {last['cosine']:.2f}. Shuffled sentences give "
            f"{rows['null_mean'].mean():.2f} on average.")


def describe_clusters(merges: pd.DataFrame) -> str:
    """Put a tree of articles into words: the joins in order, and which are unstable."""
    said = [f"{' + '.join(row.members.split('|'))} ({row.verdict})"
            for row in merges.head(6).itertuples()]
    return f"Tree in which the closest articles join first: {'; then '.join(said)}."
