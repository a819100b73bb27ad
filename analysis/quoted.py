"""Who is quoted, how much and how: summaries of the table `quotes`."""

import pandas as pd

from analysis.tables import spans
from analysis.tokens import tokenize


def count_quoted_words(quotes: pd.DataFrame, articles: pd.DataFrame,
                       tokens: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Count the words of each attribution's content: `quotes` with a column `words`.

    The words of a report inside a report count for both. `tokens` saves finding them again.
    """
    tokens = tokenize(articles) if tokens is None else tokens
    starts = {name: group.to_numpy() for name, group in tokens.groupby("article_id")["start"]}
    words = [sum(int(((starts[article] >= a) & (starts[article] < b)).sum())
                 for a, b in spans(content)) if article in starts else 0
             for article, content in zip(quotes["article_id"], quotes["content_spans"],
                                         strict=True)]
    return quotes.assign(words=words)


def count_types(quotes: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Count attributions by article and type: one row per article, zeros included."""
    counts = quotes.groupby(["article_id", "type"]).size().unstack(fill_value=0)
    return counts.reindex(index=articles["article_id"], columns=["direct", "mixed", "indirect"],
                          fill_value=0).rename_axis(columns=None).reset_index()


def count_speakers(quotes: pd.DataFrame, articles: pd.DataFrame,
                   tokens: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Count who is quoted: one row per speaker, most articles and attributions first.

    `speaker` missing gathers those that could not be resolved. `articles` and `quotes`
    are numbers; `words` counts content; `role` and `affiliation` are the most frequent.
    """
    counted = count_quoted_words(quotes, articles, tokens)
    rows = [(speaker if isinstance(speaker, str) else None, group["article_id"].nunique(),
             len(group), group["words"].sum(), _most(group["role"]), _most(group["affiliation"]))
            for speaker, group in counted.groupby("speaker", dropna=False)]
    found = pd.DataFrame(rows, columns=["speaker", "articles", "quotes", "words", "role",
                                        "affiliation"])
    return found.sort_values(["articles", "quotes", "words", "speaker"], ignore_index=True,
                             ascending=[False, False, False, True])


def _most(values: pd.Series) -> str | None:
    counts = values.dropna().value_counts()
    return counts[counts == counts.max()].index.min() if len(counts) else None


def list_quotes(quotes: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """
    List the attributions with their words: one row per attribution, in text order.

    Columns quote_id, article_id, type, speaker, role, cue, content (pieces joined by …), start,
    end, score; start and end are those of the first piece of content.
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    content = [spans(text) for text in quotes["content_spans"]]
    said = [" … ".join(" ".join(texts[article][a:b].split()) for a, b in pieces)
            for article, pieces in zip(quotes["article_id"], content, strict=True)]
    return pd.DataFrame({
        "quote_id": quotes["quote_id"], "article_id": quotes["article_id"], "type": quotes["type"],
        "speaker": quotes["speaker"], "role": quotes["role"], "cue": quotes["cue_text"],
        "content": said, "start": [pieces[0][0] for pieces in content],
        "end": [pieces[0][1] for pieces in content], "score": quotes["score"],
    }).reset_index(drop=True)
