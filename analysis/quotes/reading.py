"""Turn texts into flat arrays of tokens: offsets, paragraphs, sentences, quotation state.

Texts are read in pieces of bounded length, so that a single paragraph of any
size costs linear time and bounded memory.
"""
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

MAX_PIECE = 40_000  # code points read at once
MAX_SEQUENCE = 400  # tokens in one sequence; longer paragraphs are cut, at a sentence if possible

ABBREVIATIONS = (
    "Mr|Mrs|Ms|Dr|Prof|Gov|Sen|Rep|Gen|Lt|Col|Sgt|Capt|Cmdr|Adm|Rev|Hon|Pres|St|Jr|Sr|vs|"
    "Jan|Feb|Aug|Sept|Oct|Nov|Dec|Inc|Corp|Co|Ltd"
)
TOKEN = re.compile(
    r"[A-Za-z]+(?=,|$)|[,;:?!()“”\"]"  # most words and marks, without trying the rest
    rf"|(?i:{ABBREVIATIONS})\.|(?:[^\W\d_]\.){{2,}}|\d[\d.,]*\d"
    r"|(?<=\w)['’](?i:s|re|ve|ll|d|m|t)\b"
    r"|\b[ODod][’'][^\W\d_]{2,}|\w+(?:-\w+)*|''|``|--+|\.\.+"
    r"|[^\w\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)
KEPT = 100_000  # stretches whose tokens are remembered


class _Cut(dict[str, list[str]]):
    """The tokens of each stretch between white space, found once; no token crosses a space."""

    def __missing__(self, stretch: str) -> list[str]:
        found = TOKEN.findall(stretch)
        if len(stretch) < 30 and len(self) < KEPT:
            self[stretch] = found
        return found


_cut = _Cut()
DOUBLE_OPEN, DOUBLE_CLOSE = frozenset("“„«") | {"``"}, frozenset("”»")
STRAIGHT = frozenset('"＂') | {"''"}
SINGLE = frozenset("‘’'‚‛")
MARKS = DOUBLE_OPEN | DOUBLE_CLOSE | STRAIGHT | SINGLE
ENDS = frozenset([".", "?", "!", "…"])
CLOSERS = frozenset(")]") | DOUBLE_CLOSE | STRAIGHT | {"’", "'"}
OUTSIDE, OPEN, INSIDE, CLOSE = range(4)


class Tokens(NamedTuple):
    """
    Hold the tokens of a piece of text, one row per token.

    `start` and `end` are offsets into the whole text; `sequence` counts
    paragraphs (or windows of long ones), `sentence` sentences; `quote` is the
    quotation state and `region` the number of the quoted stretch, -1 outside.
    """

    words: list[str]
    start: np.ndarray
    end: np.ndarray
    sequence: np.ndarray
    sentence: np.ndarray
    quote: np.ndarray
    region: np.ndarray
    carried: np.ndarray  # the paragraph before ended inside an open quotation
    paragraph: np.ndarray


def split_pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, piece) with pieces of at most MAX_PIECE code points, cut at line ends."""
    at = 0
    while at < len(text):
        end = at + MAX_PIECE
        if end < len(text):
            cut = max(text.rfind("\n", at, end), text.rfind("\r", at, end))
            if cut <= at:
                cut = text.rfind(" ", at + MAX_PIECE // 2, end)
            end = cut + 1 if cut > at else end
        yield at, text[at:end]
        at = end


def read_tokens(piece: str, offset: int = 0, skip: Sequence[tuple[int, int]] = ()) -> Tokens:
    """Read one piece of text that starts at `offset`; tokens inside `skip` spans are left out."""
    words: list[str] = []
    for stretch in piece.split():
        words += _cut[stretch]
    spans = _find_spans(piece, words) + offset
    if len(skip):
        keep = _outside(spans, skip)
        words = [w for w, k in zip(words, keep, strict=True) if k]
        spans = spans[keep]
    breaks = np.array([m.start() for m in re.finditer(r"[\n\r]", piece)], np.int64) + offset
    paragraph = np.searchsorted(breaks, spans[:, 0])
    paragraph = np.unique(paragraph, return_inverse=True)[1].astype(np.int64)
    quote, region, carried = quotation_state(words, spans, paragraph)
    first = _sentence_starts(words, paragraph)
    sentence = np.cumsum(first) - 1 if len(words) else np.zeros(0, np.int64)
    sequence = _windows(paragraph, first)
    return Tokens(words, spans[:, 0], spans[:, 1], sequence, sentence, quote, region, carried,
                  paragraph)


def _find_spans(piece: str, words: list[str]) -> np.ndarray:
    """Return the place of each word; between words stands nothing that begins one."""
    starts, at, find = [], 0, piece.find
    for word in words:
        at = find(word, at)
        starts.append(at)
        at += len(word)
    spans = np.empty((len(words), 2), np.int64)
    spans[:, 0] = starts
    spans[:, 1] = spans[:, 0] + np.fromiter(map(len, words), np.int64, len(words))
    return spans


def _outside(spans: np.ndarray, skip: Sequence[tuple[int, int]]) -> np.ndarray:
    keep = np.ones(len(spans), bool)
    for start, end in skip:
        keep[np.searchsorted(spans[:, 1], start, "right"):np.searchsorted(spans[:, 0], end)] = False
    return keep


def _sentence_starts(words: list[str], paragraph: np.ndarray) -> np.ndarray:
    """Mark tokens that begin a sentence: after a stop and its closing marks, unless lower case."""
    first = np.zeros(len(words), bool)
    first[:1] = True
    first[1:] = paragraph[1:] != paragraph[:-1]
    for stop in [i for i, word in enumerate(words) if word in ENDS]:
        at = stop + 1
        while at < len(words) and not first[at] and words[at] in CLOSERS:
            at += 1
        if at < len(words) and not first[at] and words[at] not in ENDS:
            first[at] = not words[at][0].islower()
    return first


def _windows(paragraph: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Number the sequences: paragraphs, cut where they exceed MAX_SEQUENCE tokens."""
    cut = np.ones(len(paragraph), bool)
    cut[1:] = paragraph[1:] != paragraph[:-1]
    starts = np.append(np.flatnonzero(cut), len(paragraph))
    for at, end in zip(starts[:-1], starts[1:], strict=True):
        while end - at > MAX_SEQUENCE:
            inside = np.flatnonzero(first[at + MAX_SEQUENCE // 2:at + MAX_SEQUENCE])
            at += MAX_SEQUENCE // 2 + inside[-1] if len(inside) else MAX_SEQUENCE
            cut[at] = True
    return np.cumsum(cut) - 1


def quotation_state(words, spans, paragraph) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Find the state of each token (outside, open, inside, close), its region, and carry-over.

    The mark that opens first is the outer one, be it single or double. A
    quotation left open runs to the end of its paragraph; a single one must
    close, unless the paragraph begins with it.
    """
    n = len(words)
    quote, region = np.zeros(n, np.int8), np.full(n, -1, np.int64)
    unclosed = []
    events = _mark_events(words, spans)
    edges = np.flatnonzero(np.diff(paragraph[[e[0] for e in events]])) + 1 if events else []
    number = 0
    for group in np.split(np.arange(len(events)), edges):
        head = events[group[0]][0] if len(group) else 0
        leads = head == 0 or paragraph[head - 1] != paragraph[head]
        for start, end in _pair([events[k] for k in group], leads):
            closed = end is not None
            if not closed:
                end = int(np.searchsorted(paragraph, paragraph[start], "right")) - 1
                unclosed.append(paragraph[start] + 1)
            quote[start:end + 1] = INSIDE
            quote[start], region[start:end + 1] = OPEN, number
            if closed:
                quote[end] = CLOSE
            number += 1
    return quote, region, np.isin(paragraph, np.array(unclosed, np.int64))


def _mark_events(words, spans) -> list[tuple[int, bool, bool, int]]:
    """List the marks, each (token, is single, may open, may close: 2 if it may be a plural's)."""
    start, end = spans[:, 0], spans[:, 1]
    last = len(words) - 1
    events = []
    for i in [i for i, word in enumerate(words) if word in MARKS]:
        word = words[i]
        if word not in SINGLE:
            events.append((i, False, word not in DOUBLE_CLOSE, int(word not in DOUBLE_OPEN)))
            continue
        before = i > 0 and end[i - 1] == start[i]
        after = i < last and end[i] == start[i + 1]
        letter_after = after and words[i + 1][0].isalnum()
        opens = (word != "’" and not (before and words[i - 1][-1].isalnum())
                 and (letter_after or after and words[i + 1] in MARKS))
        closes = word in "’'" and before and not letter_after
        plural = closes and words[i - 1][-1] in "sS" and i < last and words[i + 1][0].islower()
        if opens or closes:
            events.append((i, True, opens, closes + plural))
    return events


def _pair(events, leads: bool) -> Iterator[tuple[int, int | None]]:
    """
    Yield (first token, last token or None if left open) for the marks of one paragraph.

    `leads` says that the paragraph begins with the first mark.
    """
    at = 0
    while at < len(events):
        token, single, opens, _ = events[at]
        if opens and single:
            closer = _closing_single(events, at)
            if closer:
                yield token, events[closer][0]
                at = closer
            elif leads and at == 0:
                yield token, None
                return
        elif opens:
            closer = next((k for k in range(at + 1, len(events))
                           if not events[k][1] and events[k][3]), None)
            yield token, events[closer][0] if closer else None
            if closer is None:
                return
            at = closer
        at += 1


def _closing_single(events, at: int) -> int | None:
    """Find the mark that closes a single quotation, one with balanced double marks inside."""
    doubles = 0
    for k in range(at + 1, min(at + 40, len(events))):
        doubles += not events[k][1]
        if events[k][1] and events[k][3] and doubles % 2 == 0:
            # the apostrophe of a plural if a better mark follows before another quotation opens
            after = events[k + 1] if k + 1 < len(events) else None
            if events[k][3] == 2 and after and after[1] and after[3] and not after[2]:
                continue
            return k
    return None


def join_tokens(parts: Sequence[Tokens]) -> Tokens:
    """Join the tokens of several pieces; sequences, sentences and regions are renumbered."""
    words: list[str] = []
    columns: list[list[np.ndarray]] = [[] for _ in Tokens._fields[1:]]
    base = dict.fromkeys(("sequence", "sentence", "region"), 0)
    for part in parts:
        words += part.words
        for column, name in zip(columns, Tokens._fields[1:], strict=True):
            values = getattr(part, name)
            if name in base and len(values):
                top = int(values.max()) + 1
                values = np.where(values >= 0, values + base[name], values)
                base[name] += top
            column.append(values)
    return Tokens(words, *(np.concatenate(c) if c else np.zeros(0, np.int64) for c in columns))


class Pack(NamedTuple):
    """
    Lay sequences side by side, step by step, the longest first, with no padding.

    Row r of a packed array belongs to token `index[r]` of sequence `lane[r]`. Step t has the
    rows `bounds[t]` to `bounds[t + 1]`, each following the row in the same place of step
    t - 1; `before` says which row that is, for the rows from `bounds[1]` on.
    """

    index: np.ndarray
    lane: np.ndarray
    before: np.ndarray
    bounds: list[int]


def pack(starts: np.ndarray, lengths: np.ndarray) -> Pack:
    """Pack the sequences that begin at tokens `starts`, none of them empty."""
    order = np.argsort(-lengths, kind="stable")
    sizes = len(lengths) - np.cumsum(np.bincount(lengths))[:-1]  # sequences longer than t
    bounds = np.append(0, np.cumsum(sizes))
    step = np.repeat(np.arange(len(sizes)), sizes)
    rank = np.arange(bounds[-1]) - bounds[step]
    lane = order[rank]
    later = slice(bounds[1], None)
    return Pack(starts[lane] + step, lane, bounds[step[later] - 1] + rank[later], bounds.tolist())


def packs(sequence: np.ndarray, size: int) -> Iterator[Pack]:
    """Pack the runs of equal numbers in `sequence`, about `size` tokens a pack, like with like."""
    starts = np.append(0, np.flatnonzero(np.diff(sequence)) + 1)
    lengths = np.diff(np.append(starts, len(sequence)))
    order = np.argsort(lengths, kind="stable")
    for chosen in cut_evenly(order, lengths[order], size):
        yield pack(starts[chosen], lengths[chosen])


def cut_evenly(items: np.ndarray, sizes: np.ndarray, size: int) -> list[np.ndarray]:
    """Cut a list of items into runs whose sizes add up to about `size`."""
    return np.split(items, np.flatnonzero(np.diff((np.cumsum(sizes) - sizes) // size)) + 1)
