"""An article as a page: its text with voices and frames marked, and a margin of speakers."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from analysis.figures.palette import voice_style
from analysis.markup import escape, find_emails, slug
from analysis.study import Study
from analysis.tables import spans

UNNAMED, NO_ROLE = "source not named", "role unknown"


class Quote(NamedTuple):
    """An attribution as the page shows it."""

    number: int
    start: int
    words: int
    speaker: str
    voice: str
    role: str
    type: str


class Paragraph(NamedTuple):
    """A paragraph as the page shows it: its text marked up, and who begins to speak in it."""

    kind: str
    text: Markup
    quotes: list[Quote]


class ArticlePage(NamedTuple):
    """Everything the page of one article shows."""

    article_id: str
    facts: list[tuple[str, object]]
    paragraphs: list[Paragraph]
    speakers: list[tuple[str, str, int, int, list[int]]]
    frames: list[tuple[str, str, str, int, list[tuple[int, str]]]]
    furniture: list[tuple[int, int, str]]
    words: int
    quoted: int
    quotes: list[Quote]
    anchors: dict[str, str]


class Mark(NamedTuple):
    """A frame term to mark: its place, its frame, what to write beside it."""

    start: int
    end: int
    frame: str
    signs: tuple[str, ...]
    excluded: bool


class Marks(NamedTuple):
    """What is marked in one article, in text order."""

    text: str
    voices: list
    mentions: list
    sentences: list
    numbers: dict[str, int]
    frames: dict[str, int]


def make_article(study: Study, article_id: str) -> ArticlePage:
    """Gather what the page of one article shows."""
    parts = {name: _of(getattr(study, name), article_id) for name in
             ("articles", "paragraphs", "sentences", "tokens", "quotes", "voices", "mentions")}
    row = parts["articles"].iloc[0]
    quotes = _number_quotes(parts["quotes"], parts["voices"], parts["tokens"])
    frames = {frame.name: i for i, frame in enumerate(study.frames)}
    marks = Marks(row["text"], list(parts["voices"].itertuples()),
                  _apart(parts["mentions"]), list(parts["sentences"].itertuples()),
                  {key: quote.number for key, quote in quotes.items()}, frames)
    shown = parts["paragraphs"][parts["paragraphs"]["kind"] != "furniture"]
    paragraphs = [_make_paragraph(p, marks, quotes) for p in shown.itertuples()]
    unquoted = sum(_count(parts["tokens"], [(v.start, v.end)]) for v in marks.voices
                   if v.voice == "author")
    return ArticlePage(
        article_id, _facts(row), paragraphs, _speakers(quotes), _frames(study, parts["mentions"]),
        [(p.start, p.end, p.reason if isinstance(p.reason, str) else "furniture")
         for p in parts["paragraphs"].itertuples() if p.kind == "furniture"],
        len(parts["tokens"]), len(parts["tokens"]) - unquoted,
        list(quotes.values()), _anchors(quotes, study, parts["mentions"]))


def frame_anchor(frame: str, voice: str) -> str:
    """Return the anchor of a frame in a voice in the summary of an article."""
    return f"f-{slug(frame) or 'frame'}-{slug(voice)}"


def find_sentence(study: Study, article_id: str, start: int) -> str | None:
    """Return the anchor of the sentence of an article that holds the character `start`."""
    rows = _of(study.sentences, article_id)
    place = bisect_right(rows["start"].to_list(), start) - 1
    return f"s{rows['sentence'].iloc[place]}" if place >= 0 else None


def _of(table: pd.DataFrame, article_id: str) -> pd.DataFrame:
    rows = table[table["article_id"] == article_id]
    return rows.sort_values("start", kind="stable") if "start" in rows else rows


def _facts(row: pd.Series) -> list[tuple[str, object]]:
    names = {"outlet": "Outlet", "author": "Author", "date": "Date", "genre": "Kind",
             "retells": "Retells", "licence": "Licence", "url": "Published at"}
    return [(label, row[name] if isinstance(row.get(name), str) else "unknown")
            for name, label in names.items()]


def _number_quotes(quotes: pd.DataFrame, voices: pd.DataFrame, tokens: pd.DataFrame
                   ) -> dict[str, Quote]:
    """Number the attributions that have a voice in the text, from 1, in text order."""
    voice = dict(zip(voices["quote_id"], voices["voice"], strict=True))
    rows = [(spans(q.content_spans), q) for q in quotes.itertuples() if q.quote_id in voice]
    rows.sort(key=lambda pair: pair[0])
    made = {}
    for number, (content, q) in enumerate(rows, 1):
        name = next((n for n in (q.speaker, q.source_text) if isinstance(n, str)), UNNAMED)
        role = q.role.replace("_", " ") if isinstance(q.role, str) else NO_ROLE
        made[q.quote_id] = Quote(number, content[0][0], _count(tokens, content), name,
                                 voice_style(voice[q.quote_id]).label, role, q.type)
    return made


def _count(tokens: pd.DataFrame, content: list[tuple[int, int]]) -> int:
    starts = tokens["start"].to_numpy()
    return int(sum(starts.searchsorted(end) - starts.searchsorted(start)
                   for start, end in content))


def _apart(mentions: pd.DataFrame) -> list[Mark]:
    """Return what is to be marked, in text order, one mark at any place for all its frames."""
    kept: list[Mark] = []
    for row in mentions.sort_values(["start", "end"], ascending=[True, False]).itertuples():
        sign = ("not " if row.negated else "") + row.frame
        mark = Mark(row.start, row.end, row.frame, (sign,), bool(row.excluded))
        last = kept[-1] if kept else None
        if last is None or row.start >= last.end:
            kept.append(mark)
        elif last.excluded and not mark.excluded:
            kept[-1] = mark
        elif not mark.excluded and sign not in last.signs:
            kept[-1] = last._replace(signs=(*last.signs, sign))
    return kept


def _speakers(quotes: dict[str, Quote]) -> list[tuple[str, str, int, int, list[int]]]:
    """Return speaker, voice and role, words, number and numbers of quotes, most words first."""
    by: dict[tuple[str, str], list[Quote]] = {}
    for quote in quotes.values():
        by.setdefault((quote.speaker, tell(quote)), []).append(quote)
    rows = [(*key, sum(q.words for q in some), len(some), [q.number for q in some])
            for key, some in by.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0]))


def tell(quote: Quote) -> str:
    """Say in which voice and role somebody speaks, each once, and no role that is unknown."""
    role = "" if quote.role == NO_ROLE else quote.role
    return role or quote.voice if quote.voice in ("other", role) else \
        ", ".join(filter(None, (quote.voice, role)))


def _frames(study: Study, mentions: pd.DataFrame
            ) -> list[tuple[str, str, str, int, list[tuple[int, str]]]]:
    """Return anchor, frame, voice, number and (sentence, words) of each frame in each voice."""
    counted = mentions[~mentions["excluded"].astype(bool)]
    labels = {frame.name: frame.label or frame.name for frame in study.frames}
    rows = []
    for (frame, voice), some in counted.groupby(["frame", "voice"], sort=True):
        places = [(int(m.sentence), m.match) for m in some.itertuples()]
        rows.append((frame_anchor(frame, voice), labels.get(frame, frame),
                     voice_style(voice).label, len(places), places))
    return rows


def _anchors(quotes: dict[str, Quote], study: Study, mentions: pd.DataFrame) -> dict[str, str]:
    """Return the anchors that tables point at: q:QUOTE and f:FRAME:VOICE."""
    found = {f"q:{key}": f"q{quote.number}" for key, quote in quotes.items()}
    counted = mentions[~mentions["excluded"].astype(bool)]
    pairs = counted[["frame", "voice"]].drop_duplicates().itertuples(index=False)
    return found | {f"f:{frame}:{voice}": frame_anchor(frame, voice) for frame, voice in pairs}


def _make_paragraph(paragraph: object, marks: Marks, quotes: dict[str, Quote]) -> Paragraph:
    begun = [q for q in quotes.values() if paragraph.start <= q.start < paragraph.end]
    pieces = "".join(_write(marks, paragraph.start, paragraph.end, quotes))
    return Paragraph(paragraph.kind, Markup(pieces), begun)


def _write(marks: Marks, start: int, end: int, quotes: dict[str, Quote]) -> Iterator[str]:
    """Yield the text from `start` to `end`, marked up; tags open and close in each sentence."""
    done = start
    for sentence in marks.sentences:
        if sentence.end <= start or sentence.start >= end:
            continue
        first, last = max(sentence.start, done), min(sentence.end, end)
        yield "".join(_write_voices(marks, done, first, quotes))
        yield f'<span id="s{sentence.sentence}">'
        yield "".join(_write_voices(marks, first, last, quotes))
        yield "</span>"
        done = last
    yield "".join(_write_voices(marks, done, end, quotes))


def _write_voices(marks: Marks, start: int, end: int, quotes: dict[str, Quote]) -> Iterator[str]:
    for voice in marks.voices:
        first, last = max(voice.start, start), min(voice.end, end)
        if first >= last:
            continue
        text = "".join(_write_mentions(marks, first, last))
        quote = quotes.get(voice.quote_id) if isinstance(voice.quote_id, str) else None
        yield text if quote is None else _voiced(text, voice, quote, first)


def _voiced(text: str, voice: object, quote: Quote, first: int) -> str:
    kind = _voice_class(voice.voice)
    if first != quote.start:
        return f'<span class="v {kind}">{text}</span>'
    who = f"{escape(quote.speaker)}, {escape(quote.voice)}"
    return (f'<sup id="q{quote.number}"><a href="#n{quote.number}" aria-label="Quotation '
            f'{quote.number}: {who}">{quote.number}</a></sup><span class="v {kind}">{text}</span>')


def _voice_class(voice: str) -> str:
    return f"v-{voice}" if voice in ("expert", "official", "party") else "v-other"


def _write_mentions(marks: Marks, start: int, end: int) -> Iterator[str]:
    """Yield text with frame terms marked; an e-mail address is never cut, so never shown."""
    hidden = [(s + start, e + start) for s, e in find_emails(marks.text[start:end])]
    done = start
    for mark in marks.mentions:
        first, last = max(mark.start, done), min(mark.end, end)
        if first >= last or any(s < last and first < e for s, e in hidden):
            continue
        yield escape(marks.text[done:first])
        yield _marked(escape(marks.text[first:last]), mark, marks.frames, last == mark.end)
        done = last
    yield escape(marks.text[done:end])


def _marked(text: str, mark: Mark, frames: dict[str, int], complete: bool) -> str:
    if mark.excluded:
        return f'<span class="no">{text}</span>'
    label = f' data-f="{escape(", ".join(mark.signs))}"' if complete else ""
    return f'<mark class="f{frames.get(mark.frame, 0) % 6}"{label}>{text}</mark>'
