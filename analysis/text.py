"""
Paragraphs, sentences and words of a plain string, as half-open offsets into it.

The text layer: no tables, no files. `text[start:end]` of every span is the thing itself.
"""

import re
from functools import cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon


class Span(NamedTuple):
    """A stretch of a string: `text[start:end]`."""

    start: int
    end: int


class Paragraph(NamedTuple):
    """A line that is not blank; `kind` is title, heading, body or furniture."""

    start: int
    end: int
    kind: str
    reason: str


class Word(NamedTuple):
    """A word and its term: lower case, straight apostrophe, possessive 's dropped."""

    start: int
    end: int
    term: str


# "U.S." stays whole, with or without its last stop; apostrophes join, hyphens part.
WORD = re.compile(r"(?:[^\W\d_]\.){2,}(?!\w)|(?:[^\W\d_]\.)+[^\W\d_](?!\w)|\w+(?:['’]\w+)*")
_LINE = re.compile(r"[^\n]+")
_ENDS_SENTENCE = re.compile(r"[.!?…][.!?…\s]*[”’\"'»)\]]*$")
_STOP = re.compile(r"(?:[.!?]+(?:[ \u00a0]\.(?!\w))*|…)[”’\"'»)\]]*")
_LIST_NUMBER = re.compile(r"\s*\d{1,2}")
_LONGEST_TITLE = 35  # words
_LONGEST_HEADING = 12
_LONGEST_FURNITURE = 450  # characters: a longer line is prose, whatever it begins with


def paragraph_spans(text: str) -> list[Paragraph]:
    """
    Find the paragraphs: the lines (ended by U+000A) that are not blank, trimmed.

    Furniture is named by the patterns of `lexicons/furniture.toml`; the title is a
    first line, before any prose, that does not end like a sentence; a heading is a
    later short line of that kind with prose after it.

    >>> [p.kind for p in paragraph_spans("World | Asia\\nA Bridge Opens\\nIt rained.\\n")]
    ['furniture', 'title', 'body']
    """
    trimmed = [_trim(text, *m.span()) for m in _LINE.finditer(text)]
    lines = [span for span in trimmed if span]
    reasons = [_furniture_reason(text[a:b]) for a, b in lines]
    prose = [not r and _is_prose(text[a:b]) for (a, b), r in zip(lines, reasons, strict=True)]
    last = max((i for i, is_prose in enumerate(prose) if is_prose), default=-1)
    found, seen_title = [], False
    for i, ((start, end), reason) in enumerate(zip(lines, reasons, strict=True)):
        words = len(text[start:end].split())
        if reason:
            found.append(Paragraph(start, end, "furniture", reason))
        elif prose[i] or i > last:
            found.append(Paragraph(start, end, "body", ""))
        elif not any(prose[:i]) and not seen_title and words <= _LONGEST_TITLE:
            seen_title = True
            found.append(Paragraph(start, end, "title", "first line, no full stop"))
        elif words <= _LONGEST_HEADING:
            found.append(Paragraph(start, end, "heading", "short line, no full stop"))
        else:
            found.append(Paragraph(start, end, "body", ""))
    return found


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """
    Find the sentences of `text[start:end]`, which together hold all of its words.

    Abbreviations and initials do not end one ("U.S. Secretary", "J. K. Rowling"); a
    missing space does not join two ("Wednesday.The"). Splits fall after closing marks.

    >>> text = "It began at 3 a.m. But the U.S. envoy slept. “Why?” he asked."
    >>> [text[a:b] for a, b in sentence_spans(text)]
    ['It began at 3 a.m.', 'But the U.S. envoy slept.', '“Why?” he asked.']
    """
    end = len(text) if end is None else end
    found, begin = [], start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() == end:
            break
        if not _LIST_NUMBER.fullmatch(text, begin, stop.start()) and _splits(text, stop, end):
            found.append(_trim(text, begin, stop.end()))
            begin = stop.end()
    found.append(_trim(text, begin, end))
    return [span for span in found if span]


def word_spans(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """
    Find the words of `text[start:end]` with their terms.

    >>> [w.term for w in word_spans("The U.S. envoy’s plan: O’Carroll won’t re-sign.")]
    ['the', 'u.s.', 'envoy', 'plan', "o'carroll", "won't", 're', 'sign']
    """
    end = len(text) if end is None else end
    return [Word(*m.span(), as_term(m.group())) for m in WORD.finditer(text, start, end)]


def as_term(word: str) -> str:
    """Return the term of a word: lower case, straight apostrophe, no possessive 's."""
    term = word.lower().replace("’", "'").removesuffix("'s")
    return term + "." if "." in term and not term.endswith(".") else term


def _trim(text: str, start: int, end: int) -> Span | None:
    """Return the span without the white space at its ends, or None if nothing is left."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = end - (len(piece) - len(piece.rstrip()))
    return Span(left, right) if left < right else None


def _is_prose(line: str) -> bool:
    return bool(_ENDS_SENTENCE.search(line[-40:]) or line[-1] in ":;,—–") or len(line) > 300


@cache
def _furniture_patterns() -> list[tuple[re.Pattern, str, list[str]]]:
    """Compile the patterns; those with `case` mind capitals, as names and dates need."""
    return [(re.compile(p["pattern"], 0 if p.get("case") else re.IGNORECASE), p["reason"],
             p.get("needs", [])) for p in read_lexicon("furniture")["patterns"]]


def _furniture_reason(line: str) -> str:
    if len(line) > _LONGEST_FURNITURE:
        return ""
    return next((why for pattern, why, needs in _furniture_patterns()
                 if (not needs or any(need in line for need in needs))
                 and pattern.fullmatch(line)), "")


@cache
def _abbreviations() -> dict[str, frozenset[str]]:
    lists = read_lexicon("abbreviations")
    return {name: frozenset(lists[name]) for name in ("always", "sometimes", "starters")}


_BEFORE = re.compile(r"[^\s“‘\"'(\[—–]*$")
_NEXT_WORD = re.compile(r"\s*[“‘\"'(\[«]*([^\W_][\w’']*)?")


def _splits(text: str, stop: re.Match, end: int) -> bool:
    """Say whether the sentence ends at `stop`, which is not the last thing in the text."""
    at = stop.end()
    following = _NEXT_WORD.match(text, at, min(end, at + 60))
    nxt = following.group(1) or ""
    spaced = text[at].isspace()
    if nxt[:1].islower() or (not nxt and not spaced):
        return False
    if spaced and stop.group() != ".":
        return True
    before = _BEFORE.search(text[max(0, stop.start() - 40):stop.start()]).group()
    if not spaced:  # "Wednesday.The", but not "example.Com" in an address nor "U.S"
        opens = text[at] in "“‘\"(["
        plain = before.isalpha() and len(before) > 2
        return stop.group()[0] == "." and nxt[:1].isupper() and len(nxt) > 1 and (
            (plain and nxt[1:2].islower() and not opens) or (opens and plain)
            or (before.isdigit() and not nxt[0].isdigit())) or (
            len(stop.group()) > 1 and nxt[:1].isupper())
    return _ends_word(before.rpartition("-")[2] or before, nxt)


def _ends_word(before: str, nxt: str) -> bool:
    """Say whether a full stop after the word `before` ends the sentence."""
    lists = _abbreviations()
    word = before.lower()
    if word in lists["always"]:
        return word in ("no", "nos", "ed", "mar", "sat", "st", "fig") and \
            nxt.lower() in lists["starters"] and not nxt[:1].isdigit()
    if word in lists["sometimes"] or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", before):
        return nxt.lower() in lists["starters"]
    initial = len(before) == 1 and before.isupper() and before != "I"
    return not initial or nxt.lower() in lists["starters"]
