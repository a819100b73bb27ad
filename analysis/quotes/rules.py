"""
The rules engine: attributions by marks, cue words and position, with nothing trained.

Each unit (a sentence with its whole quotations) is read once; every cue is tried against
the constructions below, and what the paragraph adds (quotations that run on, signatures,
transcripts) follows. All scans are bounded, so time is linear in the text.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from analysis.quotes.attribution import Attribution, Span
from analysis.quotes.constructions import read_unit
from analysis.quotes.drafts import Draft
from analysis.quotes.marks import Region, quoted_regions
from analysis.quotes.units import MARKS, Unit, read_units

_LINE = re.compile(r"[^\n\r]+")
_SPEAKER_LINE = re.compile(
    r"\s*([A-Z][A-Z.’'\- ]{1,38}[A-Z.]|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,3}):\s+(?=\S)"
)
_SIGNATURE = re.compile(r"\s*[—–-]{1,2}\s*([A-Z][^\n\r.!?]{2,80})\s*$")
SCORES = {"transcript": 0.8, "signature": 0.7, "continued": 0.75}


def rule_attributions(text: str, skip: Sequence[Span] = ()) -> list[Attribution]:
    """
    Find the attributions of `text` by rules alone, in text order.

    Paragraphs that lie inside a `skip` span are not read. The score is the share of
    right rows that the rule's kind had on development texts, not a probability fitted
    to the row.
    """
    regions = quoted_regions(text)
    starts = [r.start for r in regions]
    found: list[Attribution] = []
    open_quote: Attribution | None = None
    for line in _LINE.finditer(text):
        a, b = line.span()
        if not line.group().strip() or any(s <= a and b <= e for s, e in skip):
            continue
        inside = regions[bisect_right(starts, a - 1) : bisect_right(starts, b - 1)]
        rows = _read_paragraph(text, a, b, inside)
        rows = _carry_over(text, (a, b), inside, rows, open_quote)
        found.extend(rows)
        open_quote = _left_open(text, inside, rows, b)
    return found


def _read_paragraph(
    text: str, start: int, end: int, regions: Sequence[Region]
) -> list[Attribution]:
    spoken = _transcript(text, start, end, regions) or _signed(text, start, end, regions)
    if spoken:
        return [spoken]
    rows: list[Attribution] = []
    for unit in read_units(text, start, end, regions):
        drafts = read_unit(unit)
        if drafts:
            rows.extend(_as_attribution(unit, draft) for draft in drafts)
        elif rows and unit.regions and _only_quoted(unit):
            _extend_last(rows, unit)
    return rows


def _extend_last(rows: list[Attribution], unit: Unit) -> None:
    """Join a sentence that is one quotation to the quotation before it in the paragraph."""
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        if row.type != "indirect" and row.act == "speech":
            pieces = tuple((r.start, r.end) for r in unit.regions)
            rows[number] = row._replace(content=row.content + pieces)
            return
        if row.content[-1][1] < unit.start - 400:
            return


def _only_quoted(unit: Unit) -> bool:
    outside = [w for w, r in zip(unit.words, unit.region, strict=True) if r < 0]
    return all(not w[0].isalnum() for w in outside)


def _as_attribution(unit: Unit, draft: Draft) -> Attribution:
    content = tuple(_tidy(unit, first, last) for first, last in draft.content)
    source = unit.span(*draft.source) if draft.source else None
    if source:
        source = _without_possessive(unit.text, source)
    quoted = [r >= 0 for first, last in draft.content for r in unit.region[first : last + 1]]
    worded = [
        q
        for (first, last) in draft.content
        for k, q in zip(range(first, last + 1), unit.region[first : last + 1], strict=True)
        if (q >= 0) or unit.raw[k][0].isalnum()
    ]
    kind = "indirect"
    if any(quoted):
        kind = "direct" if all(r >= 0 for r in worded) and draft.direct else "mixed"
    return Attribution(
        content, source, unit.span(*draft.cue), kind, draft.act, draft.score, draft.rule
    )


def _without_possessive(text: str, span: Span) -> Span:
    a, b = span
    piece = text[a:b]
    for ending in ("'s", "’s", "’", "'"):
        if piece.endswith(ending) and len(piece) > len(ending):
            return a, b - len(ending)
    return span


def _tidy(unit: Unit, first: int, last: int) -> Span:
    """Return the offsets of a stretch of content, with whole quotations at its edges."""
    a, b = unit.span(first, last)
    for region in unit.regions:
        if region.start < a < region.end:
            a = region.start
        if region.start < b < region.end:
            b = region.end
    return a, b


def _transcript(text: str, start: int, end: int, regions: Sequence[Region]) -> Attribution | None:
    """Read "NAME: words" lines; names in capitals, or any name before a quotation."""
    if text.find(":", start, min(end, start + 160)) < 0:
        return None
    match = _SPEAKER_LINE.match(text, start, min(end, start + 160))
    if not match or match.end() >= end:
        return None
    name = match.group(1)
    quoted = bool(regions) and regions[0].start == match.end() and regions[0].end >= end - 2
    if not (name.isupper() and len(name) > 2 or quoted) or name.isupper() and len(name.split()) > 4:
        return None
    kind = "direct"
    content = ((match.end(), len(text[:end].rstrip()) if end - start < 5000 else end),)
    return Attribution(
        content, match.span(1), None, kind, "speech", SCORES["transcript"], "transcript"
    )


def _signed(text: str, start: int, end: int, regions: Sequence[Region]) -> Attribution | None:
    """Read a quotation signed with a dash: “words” — Name."""
    if not regions or text[start : regions[0].start].strip():
        return None
    region = regions[-1]
    match = _SIGNATURE.match(text, region.end, min(end, region.end + 120))
    if not match or match.end() < end:
        return None
    source = match.span(1)
    comma = text.find(",", *source)
    if comma > 0:
        source = (source[0], comma)
    return Attribution(
        tuple((r.start, r.end) for r in regions),
        source,
        None,
        "direct",
        "speech",
        SCORES["signature"],
        "signature",
    )


def _left_open(
    text: str, regions: Sequence[Region], rows: list[Attribution], end: int
) -> Attribution | None:
    """Return the attribution whose quotation the next paragraph may continue."""
    if regions and not regions[-1].closed and rows:
        return rows[-1]
    last = text[max(0, end - 3) : end].rstrip()
    if rows and last.endswith(":") and rows[-1].cue and end - rows[-1].cue[1] < 80:
        return rows[-1]
    return None


def _carry_over(
    text: str,
    line: Span,
    regions: Sequence[Region],
    rows: list[Attribution],
    earlier: Attribution | None,
) -> list[Attribution]:
    """Give a paragraph that continues a quotation to the speaker of the one before."""
    start, end = line
    if not earlier or rows or not regions or text[start : regions[0].start].strip():
        return rows
    content = tuple((r.start, r.end) for r in regions)
    return [
        Attribution(
            content,
            earlier.source,
            earlier.cue,
            "direct",
            earlier.act,
            SCORES["continued"],
            "continued",
        )
    ]


__all__ = ["MARKS", "rule_attributions"]
