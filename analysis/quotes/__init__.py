"""Quotations: who is reported as saying or writing what, with which words, in which role."""

from collections.abc import Sequence

import pandas as pd

from analysis.quotes.attribution import Attribution, Span
from analysis.tables import empty, spans_text, table
from analysis.text import paragraph_spans

ENGINES = ("rules",)


def find_quotes(articles: pd.DataFrame, *, engine: str = "rules", include: str = "speech",
                min_score: float = 0.0, parties: Sequence = (),
                speakers: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Find who is reported as saying or writing what, in the articles of one event.

    One row per attribution, sorted by article and place, with the columns of
    `TABLES["quotes"]`. `include="all"` adds attitudes, plans and votes, marked `other` in
    `act`; `min_score` leaves out what is less sure. Furniture is not read. Raises
    ValueError for an engine, or a value of `include`, that does not exist.
    """
    from analysis.quotes.rules import rule_attributions

    if engine not in ENGINES:
        raise ValueError(f"no engine is called {engine!r}; there are {', '.join(ENGINES)}")
    if include not in ("speech", "all"):
        raise ValueError(f"include is {include!r}; it can be 'speech' or 'all'")
    rows = []
    for article_id, text in articles[["article_id", "text"]].itertuples(index=False):
        skip = [(p.start, p.end) for p in paragraph_spans(text) if p.kind == "furniture"]
        kept = [a for a in rule_attributions(text, skip)
                if (include == "all" or a.act == "speech") and a.score >= min_score]
        rows += [_row(article_id, number, text, a) for number, a in enumerate(kept, 1)]
    return table("quotes", pd.DataFrame(rows)) if rows else empty("quotes")


def _row(article_id: str, number: int, text: str, found: Attribution) -> dict:
    return {"article_id": article_id, "quote_id": f"{article_id}-q{number:02d}",
            "type": found.type, "content_spans": spans_text(found.content),
            "source_span": _written(found.source), "source_text": _words(text, found.source),
            "cue_span": _written(found.cue), "cue_text": _words(text, found.cue),
            "speaker": _words(text, found.source), "role": None, "affiliation": None,
            "score": found.score, "rule": found.rule, "note": None, "act": found.act,
            "role_from": None, "affiliation_from": None}


def _written(span: Span | None) -> str | None:
    return spans_text([span]) if span else None


def _words(text: str, span: Span | None) -> str | None:
    return text[slice(*span)] if span else None
