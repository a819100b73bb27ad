"""Every number leads to its sentences: the evidence behind a table, in its context."""

import pandas as pd

from analysis.markup import slugs
from analysis.rates import keep_counted
from analysis.tokens import find_sentences

_KEYS = ("article_id", "frame", "voice", "term", "speaker")


def show_evidence(table: pd.DataFrame, articles: pd.DataFrame, *,
                  mentions: pd.DataFrame | None = None, sentences: pd.DataFrame | None = None,
                  n: int | None = None) -> pd.DataFrame:
    """
    Show the sentences behind a table: one row per stretch of text, in text order.

    Takes any table with article_id, start and end. A table of numbers (rates, an audit of
    terms) leads to the `mentions` that it counts, by those of article_id, frame, voice, term
    and speaker that it has; "all" in one of them means any. Columns: article_id, sentence, the
    table's own start and end, `before`, `match`, `after` (together the whole sentence or
    sentences), what the table says of frame, term, voice, speaker and rule, and `link` into
    the article pages of the report. `n` keeps the first ones.

    Raises ValueError where there is no way from the table to the text.
    """
    spans = table if {"article_id", "start", "end"} <= set(table) else _counted(table, mentions)
    spans = spans.sort_values(["article_id", "start"], kind="stable").head(n or len(spans))
    here = articles[articles["article_id"].isin(spans["article_id"])]
    sentences = find_sentences(here) if sentences is None else sentences
    homes = {article: group for article, group in sentences.groupby("article_id")}
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    pages = slugs(articles["article_id"].to_list())
    told = [c for c in ("frame", "term", "voice", "speaker", "quote_id", "negated", "excluded",
                        "rule") if c in spans]
    rows = []
    for row in spans.to_dict("records"):
        article, start, end = row["article_id"], int(row["start"]), int(row["end"])
        if article not in texts or not 0 <= start <= end <= len(texts[article]):
            raise ValueError(f"{start}-{end} is not inside article '{article}'; give the articles "
                             "the table was made from")
        number, first, last = _around(homes.get(article), start, end)
        text = texts[article]
        rows.append((article, number, start, end, text[first:start], text[start:end],
                     text[end:last], *(row[c] for c in told), _link(pages[article], number)))
    return pd.DataFrame(rows, columns=["article_id", "sentence", "start", "end", "before", "match",
                                       "after", *told, "link"])


def _counted(table: pd.DataFrame, mentions: pd.DataFrame | None) -> pd.DataFrame:
    """Return the mentions that a table of numbers counts."""
    keys = [key for key in _KEYS if key in table and mentions is not None and key in mentions]
    if not keys:
        raise ValueError("the table has neither start and end nor, with `mentions`, any of "
                         f"{', '.join(_KEYS)}; its columns are {', '.join(map(str, table))}")
    counted = keep_counted(mentions)
    wanted = pd.Series(False, counted.index)
    for row in table[keys].drop_duplicates().to_dict("records"):
        same = pd.Series(True, counted.index)
        for key, value in row.items():
            if value != "all" and not pd.isna(value):
                same &= counted[key] == value
        wanted |= same
    return counted[wanted]


def _around(sentences: pd.DataFrame | None, start: int, end: int) -> tuple[int, int, int]:
    """Return the number of the first sentence that a stretch touches, and where all of them lie."""
    if sentences is None:
        return -1, start, end
    held = sentences[(sentences["end"] > start) & (sentences["start"] < max(end, start + 1))]
    if held.empty:
        return -1, start, end
    return (int(held["sentence"].iloc[0]), min(start, int(held["start"].iloc[0])),
            max(end, int(held["end"].iloc[-1])))


def _link(name: str, sentence: int) -> str:
    """Return the address of a sentence in the article pages, from the report's folder."""
    return f"articles/{name}.html" + (f"#s{sentence}" if sentence >= 0 else "")
