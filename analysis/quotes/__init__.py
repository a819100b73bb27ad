"""Quotations: who is reported as saying or writing what, with which words, in which role."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.quotes.article import Article
from analysis.quotes.attribution import Attribution, Span
from analysis.quotes.combine import combine
from analysis.quotes.event import join_people
from analysis.quotes.rules import rule_attributions
from analysis.quotes.speakers import Speaker, resolve_speakers
from analysis.tables import CorpusError, empty, spans_text, table
from analysis.text import paragraph_spans

ENGINES = ("model", "rules")


def find_quotes(
    articles: pd.DataFrame,
    *,
    engine: str = "model",
    include: str = "speech",
    min_score: float = 0.0,
    parties: Sequence = (),
    speakers: pd.DataFrame | None = None,
    together: bool = True,
) -> pd.DataFrame:
    """
    Find who is reported as saying or writing what, in the articles of one event.

    One row per attribution, sorted by article and place, with the columns of
    `TABLES["quotes"]`. A person has one name in all articles. `include="all"` adds
    attitudes, plans and votes, marked `other` in `act`; `min_score` leaves out what is less
    sure; together=False reads each article by itself, as a corpus of many events needs.
    `parties` are the event's, `speakers` corrects roles and affiliations (see
    `load_speakers`). Furniture is not read. Raises ValueError for an engine, or a value of
    `include`, that does not exist.
    """
    ids, texts = articles["article_id"].tolist(), articles["text"].tolist()
    skips = [[(p.start, p.end) for p in paragraph_spans(t) if p.kind == "furniture"] for t in texts]
    found = [
        [a for a in listed if a.score >= min_score]
        for listed in find_attributions(texts, engine=engine, include=include, skip=skips)
    ]
    read = [Article(text, skip) for text, skip in zip(texts, skips, strict=True)]
    people = []
    for some in [read] if together else [[one] for one in read]:
        people += [join_people(some, parties)] * len(some)
    corrections = _corrections(speakers)
    rows = []
    for article_id, article, listed, event in zip(ids, read, found, people, strict=True):
        named = resolve_speakers(article, listed, event)
        rows += [
            _row(
                article_id,
                n,
                article.text,
                a,
                _corrected(s, corrections) if s.name in corrections else s,
            )
            for n, (a, s) in enumerate(zip(listed, named, strict=True), 1)
        ]
    return table("quotes", pd.DataFrame(rows)) if rows else empty("quotes")


def load_speakers(path: str | Path) -> pd.DataFrame:
    """
    Read an event's speakers.csv: one row per speaker, with role and affiliation.

    Raises CorpusError where the file cannot be read, lacks the column `speaker`, or names
    a speaker twice.
    """
    path = Path(path)
    try:
        listed = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise CorpusError(
            f"{path.name}: cannot be read as a CSV table in UTF-8 ({error}); write "
            "the columns speaker, role, affiliation"
        ) from error
    if "speaker" not in listed:
        raise CorpusError(
            f"{path.name}: there is no column 'speaker'; write the columns "
            "speaker, role, affiliation"
        )
    twice = listed.loc[listed.duplicated("speaker"), "speaker"]
    if len(twice):
        raise CorpusError(f"{path.name}: '{twice.iloc[0]}' is listed twice; keep one row")
    return listed.reindex(columns=["speaker", "role", "affiliation"]).fillna("")


def find_attributions(
    texts: Sequence[str],
    *,
    engine: str = "model",
    include: str = "speech",
    skip: Sequence[Sequence[Span]] | None = None,
) -> list[list[Attribution]]:
    """
    Find the attributions of each text, in text order; speakers are not resolved.

    The engine "model" joins the trained model and the rules (see `combine`), "rules" needs
    nothing trained. `skip` lists for each text the spans that are not read. Raises
    ValueError for an engine, or a value of `include`, that does not exist.
    """
    if include not in ("speech", "all"):
        raise ValueError(f"include is {include!r}; it can be 'speech' or 'all'")
    if engine not in ENGINES:
        raise ValueError(f"no engine is called {engine!r}; there are {', '.join(ENGINES)}")
    skip = skip or [()] * len(texts)
    found = [rule_attributions(text, spans) for text, spans in zip(texts, skip, strict=True)]
    if engine == "model":
        from analysis.quotes.model import find_attributions_many

        trained = find_attributions_many(texts, include="all", skip=skip)
        found = [
            combine(*rows, include=include) for rows in zip(texts, trained, found, strict=True)
        ]
    return [[a for a in listed if include == "all" or a.act == "speech"] for listed in found]


def _corrections(speakers: pd.DataFrame | None) -> dict[str, tuple[str, str]]:
    if speakers is None:
        return {}
    kept = speakers.reindex(columns=["speaker", "role", "affiliation"]).fillna("")
    return {s: (r, a) for s, r, a in kept.itertuples(index=False)}


def _corrected(speaker: Speaker, corrections: dict[str, tuple[str, str]]) -> Speaker:
    """Put the event's own word in place of what was found."""
    role, affiliation = corrections[speaker.name or ""]
    if role:
        speaker = speaker._replace(role=role, role_from="speakers.csv")
    if affiliation:
        speaker = speaker._replace(affiliation=affiliation, affiliation_from="speakers.csv")
    return speaker


def _row(article_id: str, number: int, text: str, found: Attribution, speaker: Speaker) -> dict:
    return {
        "article_id": article_id,
        "quote_id": f"{article_id}-q{number:02d}",
        "type": found.type,
        "content_spans": spans_text(found.content),
        "source_span": _written(found.source),
        "source_text": _words(text, found.source),
        "cue_span": _written(found.cue),
        "cue_text": _words(text, found.cue),
        "speaker": speaker.name,
        "role": speaker.role,
        "affiliation": speaker.affiliation,
        "score": found.score,
        "rule": found.rule,
        "note": None,
        "act": found.act,
        "role_from": speaker.role_from if speaker.role else None,
        "affiliation_from": speaker.affiliation_from if speaker.affiliation else None,
    }


def _written(span: Span | None) -> str | None:
    return spans_text([span]) if span else None


def _words(text: str, span: Span | None) -> str | None:
    return text[slice(*span)] if span else None
