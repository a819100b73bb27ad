"""
Quotation marks: find the quoted stretches of a plain string.

Curly, straight, low and angle marks, two single marks typed for a double one, and
British single marks beside apostrophes. One pass over the marks of each line, so time is
linear however many there are; no input raises.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple


class Region(NamedTuple):
    """A quoted stretch `text[start:end]`, marks included; `closed` if its end mark is there."""

    start: int
    end: int
    closed: bool
    single: bool


class _Mark(NamedTuple):
    start: int
    end: int
    single: bool
    opens: bool
    closes: bool
    sure: bool  # as a closing mark: not a plural possessive such as "leaders’ talks"


_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_MARK = re.compile(r"''|``|[\"“”„‟«»＂'‘’‚‛`]")
_OPENING, _CLOSING = frozenset("“„«‟") | {"``"}, frozenset("”»")
_FOREIGN = {"„": "“”", "»": "«"}
_SINGLE = frozenset("'‘’‚‛`")
# Elisions whose apostrophe stands before a word or figure and opens nothing.
_ELISION = re.compile(r"(?:\d\ds?|em|tis|twas|til|till|cause|bout|round|n|ve|s|t|re|ll)\b", re.I)


def quoted_regions(text: str, start: int = 0, end: int | None = None) -> list[Region]:
    """
    Find the outermost quoted stretches of `text[start:end]`, in text order.

    The mark that opens first is the outer one; what is nested stays inside it. A double
    mark left open runs to the end of its line, for quotations of several paragraphs open
    anew in each; a single one must close, save where it opens the line.

    >>> text = "The leaders’ talks on a ‘most honest friend’ went on, “it’s said."
    >>> [text[r.start:r.end] for r in quoted_regions(text)]
    ['‘most honest friend’', '“it’s said.']
    """
    end = len(text) if end is None else end
    found: list[Region] = []
    for line in _LINE.finditer(text, start, end):
        marks = list(_marks(text, *line.span()))
        if marks:
            found.extend(_pair(text, marks, line.start(), line.end()))
    return found


def region_at(regions: list[Region], position: int) -> int:
    """Return the number of the region that holds the character at `position`, or -1."""
    at = bisect_right(regions, position, key=lambda r: r.start) - 1
    return at if at >= 0 and position < regions[at].end else -1


def _marks(text: str, start: int, end: int) -> Iterator[_Mark]:
    """List the marks of a line; apostrophes inside words are not among them."""
    for match in _MARK.finditer(text, start, end):
        a, b = match.span()
        mark = match.group()
        before = text[a - 1] if a > start else " "
        after = text[b] if b < end else " "
        if mark in _SINGLE:
            yield from _single(text, mark, (a, b), (before, after))
        else:
            opens = mark in _OPENING or (
                not before.isalnum()
                and (mark not in _CLOSING or before.isspace() and after.isalnum())
            )
            yield _Mark(a, b, False, opens, mark not in _OPENING, True)


def _single(
    text: str, mark: str, span: tuple[int, int], around: tuple[str, str]
) -> Iterator[_Mark]:
    a, b = span
    before, after = around
    letter = after.isalnum()
    opens = not before.isalnum() and (letter or after in '“"…[$£€') and mark not in "’"
    if opens and mark == "'" and _ELISION.match(text, b, b + 8):
        opens = False
    closes = mark in "’'" and not before.isspace() and not letter and a > 0
    if opens or closes:
        plural = before in "sS" and after == " "
        yield _Mark(a, b, True, opens, closes, not plural)


def _pair(text: str, marks: list[_Mark], start: int, end: int) -> Iterator[Region]:
    """Pair the marks of one line."""
    double, single = _next_closers(marks)
    foreign_closer = _foreign_closers(text, marks)
    at = 0
    while at < len(marks):
        mark = marks[at]
        at += 1
        if not mark.opens:
            continue
        foreign = foreign_closer.get(at - 1) if text[mark.start] in _FOREIGN else None
        closer = foreign or (single if mark.single else double)[at - 1]
        if closer is not None:
            yield Region(mark.start, marks[closer].end, True, mark.single)
            at = closer + 1
        elif not mark.single or mark.start == start:
            yield Region(mark.start, end, False, mark.single)
            return


def _foreign_closers(text: str, marks: list[_Mark]) -> dict[int, int]:
    """Give the next closing mark of „German“ and »reversed« quotations."""
    found: dict[int, int] = {}
    following: dict[str, int] = {}
    for i in range(len(marks) - 1, -1, -1):
        mark = text[marks[i].start]
        for closing in _FOREIGN.get(mark, ()):
            if closing in following:
                found[i] = min(following[closing], found.get(i, len(marks)))
        following[mark] = i
    return found


def _next_closers(marks: list[_Mark]) -> tuple[list[int | None], list[int | None]]:
    """
    Give for every mark the next one that closes a double, and a single, quotation.

    A possible plural possessive closes only if no surer mark comes before the next
    opening one; a double quotation inside a single one is passed over whole.
    """
    double: list[int | None] = [None] * len(marks)
    single: list[int | None] = [None] * len(marks)
    next_double: int | None = None
    next_single: int | None = None
    for i in range(len(marks) - 1, -1, -1):
        double[i], single[i] = next_double, next_single
        mark = marks[i]
        if not mark.single:
            if mark.closes:
                inside = double[i]
                # Straight marks: from outside, this one opens and the next one closes.
                if mark.opens and inside is not None:
                    next_single = single[inside]
                next_double = i
        elif mark.closes and (mark.sure or next_single is None or not marks[next_single].sure):
            next_single = i
        elif mark.opens and not mark.closes:
            next_single = None
    return double, single
