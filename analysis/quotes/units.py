"""Units: the stretches of text that the rules read, a sentence with its whole quotations."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from analysis.quotes.cues import triggers, verbs
from analysis.quotes.marks import Region
from analysis.text import sentence_spans

KEPT = 100_000  # words whose lower case is remembered
LONGEST = 6000  # characters in a unit: what has no sentence ends is cut, so that time is linear
TOKEN = re.compile(
    r"[a-z]+(?=[ ,])|[,“”]|"  # most words and marks, without trying the rest
    r"(?:Mrs?|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Rev|Hon|St|Jr|Sr|No|vs)\.(?!\w)"
    r"|(?:[^\W\d_]\.){2,}|[A-Z]\.(?=\s?[A-Z])|\d[\d.,]*\d|\w+(?:['’‑-]\w+)*|''|``|[^\w\s]"
)
MARKS = frozenset(["“", "”", '"', "‘", "’", "'", "''", "``", "«", "»", "„", "‟", "＂"])
_ACRONYMS = frozenset(["US", "WHO", "IT", "WE"])  # not the pronouns
_ENDS_ASKING = re.compile(r"[?!…,—–][”\"’'»]+$")


class _Lower(dict[str, str]):
    """The lower case of each word met, with straight apostrophes, found once."""

    def __missing__(self, word: str) -> str:
        low = word.lower()
        low = word if word in _ACRONYMS else low.replace("’", "'") if len(word) > 1 else low
        if len(word) < 30 and len(self) < KEPT:
            self[word] = low
        return low


_lower = _Lower()


class Unit:
    """A stretch of text with its tokens; `region[i]` numbers the quotation of token i, or -1."""

    def __init__(self, text: str, start: int, end: int, regions: Sequence[Region]):
        self.text, self.start, self.end = text, start, end
        matches = list(TOKEN.finditer(text, start, end))
        self.starts = [m.start() for m in matches]
        self.ends = [m.end() for m in matches]
        self.raw = [m.group() for m in matches]
        self.words = [_lower[w] for w in self.raw]
        self.regions = regions
        self.region = [-1] * len(matches)
        for number, region in enumerate(regions):
            first = bisect_right(self.starts, region.start - 1)
            for i in range(first, bisect_right(self.starts, region.end - 1)):
                self.region[i] = number

    def __len__(self) -> int:
        return len(self.words)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the offsets of tokens `first` to `last` inclusive."""
        return self.starts[first], self.ends[last]

    def first_of(self, region: int) -> int:
        """Return the first token of a region."""
        return self.region.index(region)

    def last_of(self, region: int) -> int:
        """Return the last token of a region."""
        return len(self) - 1 - self.region[::-1].index(region)


def read_units(text: str, start: int, end: int, regions: Sequence[Region]) -> Iterator[Unit]:
    """Yield the units of one paragraph: its sentences, joined where a quotation runs on."""
    starts = [r.start for r in regions]
    begin = None
    sentences = sentence_spans(text, start, end)
    for number, (a, b) in enumerate(sentences):
        begin = a if begin is None else begin
        if number + 1 < len(sentences):
            nxt = sentences[number + 1]
            at = bisect_right(starts, b - 1) - 1
            inside = at >= 0 and regions[at].end > b
            if b - begin < LONGEST and (inside or _asks(text, begin, b, nxt)):
                continue
        yield from _cut(text, begin, b, regions, starts)
        begin = None


def _asks(text: str, begin: int, end: int, nxt: tuple[int, int]) -> bool:
    """Say whether a quotation ending in ? or ! is followed by its "Name said"."""
    if not _ENDS_ASKING.search(text, max(begin, end - 4), end):
        return False
    following = [m.group().lower() for m in TOKEN.finditer(text, nxt[0], min(nxt[1], nxt[0] + 60))]
    if not following or following[0] in MARKS:
        return False
    table = verbs()
    for i, word in enumerate(following[:5]):
        if word in {",", ".", ":"}:
            return False
        if any(
            "say" in v.groups and not v.rest and v.forms & {"past", "present"}
            for v in table.get(word, ())
        ):
            after = following[i + 1] if i + 1 < len(following) else "."
            return i > 0 and after in {
                ".",
                ",",
                ":",
                "in",
                "on",
                "at",
                "during",
                "when",
                "after",
                "as",
            }
    return False


def _cut(
    text: str, start: int, end: int, regions: Sequence[Region], starts: list[int]
) -> Iterator[Unit]:
    while start < end:
        stop = end
        if end - start > LONGEST:
            space = text.rfind(" ", start, start + LONGEST)
            stop = space if space > start else start + LONGEST
        lo = max(0, bisect_right(starts, start) - 1)
        hi = bisect_right(starts, stop - 1)
        inside = [
            Region(max(r.start, start), min(r.end, stop), r.closed, r.single)
            for r in regions[lo:hi]
            if r.end > start and r.start < stop
        ]
        unit = Unit(text, start, stop, inside)
        if inside or not triggers().isdisjoint(unit.words):
            yield unit
        start = stop
