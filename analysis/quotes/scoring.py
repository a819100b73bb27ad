"""
Counts behind the evaluation of attributions, for one text: plain spans in, counts out.

Attributions are matched one to one by the overlap of their content in word tokens, from
the highest down. The procedure is that of the project's reference scorer for PolNeAR
(Newell, Margolin and Ruths 2018), so that figures compare.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analysis.quotes.attribution import Span

WORD = re.compile(r"\w+")
KINDS = ("all", "direct", "mixed", "indirect")
METRICS = ("tokens", "quote_50", "quote_80", "quote_exact", "attribution", "cue", "source")
FUNCTION_WORDS = frozenset([
    "a", "about", "after", "against", "among", "an", "and", "are", "as", "at", "be", "been",
    "before", "being", "between", "but", "by", "can", "could", "did", "do", "does", "down",
    "during", "for", "from", "had", "has", "have", "if", "in", "into", "is", "may", "might",
    "must", "no", "nor", "not", "of", "off", "on", "or", "out", "over", "s", "shall", "should",
    "so", "t", "than", "that", "the", "then", "these", "this", "those", "through", "to",
    "under", "up", "was", "were", "will", "with", "within", "would"
])
_DOUBLE = re.compile(r"''|``|[“”\"]")


class Claim(NamedTuple):
    """One attribution as spans: content, source and cue, each a sequence that may be empty."""

    content: Sequence[Span]
    source: Sequence[Span] = ()
    cue: Sequence[Span] = ()


class Scored(NamedTuple):
    """An attribution as sets of word numbers; `number` is its place in the list given."""

    number: int
    content: frozenset[int]
    source: frozenset[int]
    cue: frozenset[int]
    kind: str
    has_source: bool


class Match(NamedTuple):
    """A pair of attributions, their overlap (IoU), and whether the source is right."""

    gold: int
    found: int
    overlap: float
    source_right: bool


class Text:
    """The words of a text, and which of them are quoted."""

    def __init__(self, text: str):
        self.text = text
        self.spans = [m.span() for m in WORD.finditer(text)]
        self.starts = [a for a, _ in self.spans]
        self.words = [text[a:b].lower() for a, b in self.spans]
        self.quoted = self.inside(list(_quoted(text)))

    def inside(self, spans: Sequence[Span]) -> frozenset[int]:
        """Return the numbers of the words that lie wholly inside one of `spans`."""
        found = set()
        for start, end in spans:
            k = bisect_left(self.starts, start)
            while k < len(self.spans) and self.spans[k][1] <= end:
                found.add(k)
                k += 1
        return frozenset(found)

    def read(self, claims: Sequence[Claim]) -> list[Scored]:
        """Turn spans into words; an attribution without a word in its content is left out."""
        scored = []
        for number, claim in enumerate(claims):
            content = self.inside(claim.content)
            if content:
                scored.append(
                    Scored(
                        number,
                        content,
                        self.inside(claim.source),
                        self.inside(claim.cue),
                        self._kind(claim, content),
                        bool(claim.source),
                    )
                )
        return scored

    def _kind(self, claim: Claim, content: frozenset[int]) -> str:
        quoted = len(content & self.quoted)
        if quoted == len(content):
            return "direct"
        marked = any(
            mark in self.text[a:b] for a, b in claim.content for mark in ('"', "“", "”", "''")
        )
        return "mixed" if quoted or marked else "indirect"


def _quoted(text: str) -> Iterator[Span]:
    """Yield what stands between marks, as the reference scorer reads them."""
    base = 0
    for line in text.splitlines(keepends=True):
        doubles = list(_doubles(line))
        covered = bytearray(len(line))
        for a, b in doubles:
            covered[a:b] = b"\x01" * (b - a)
            yield base + a, base + b
        opened = None
        for match in re.finditer(r"['’‘]", line):
            i = match.start()
            if covered[i]:
                continue
            if opened is not None and 1 in covered[opened:i]:
                opened = None
            before, after = line[i - 1] if i else " ", line[i + 1 : i + 2] or " "
            if opened is None:
                opens = match.group() != "’" and not before.isalnum() and after.isalnum()
                opened = i if opens else None
            elif match.group() != "‘" and not before.isspace() and not after.isalnum():
                yield base + opened, base + i + 1
                opened = None
        base += len(line)


def _doubles(line: str) -> Iterator[Span]:
    opened = None
    for match in _DOUBLE.finditer(line):
        straight = match.group() not in "“”"
        if opened is None and (straight or match.group() == "“"):
            opened = match.start()
        elif opened is not None and (straight or match.group() == "”"):
            yield opened, match.end()
            opened = None
    if opened is not None:
        yield opened, len(line)


def match_claims(text: Text, gold: Sequence[Scored], found: Sequence[Scored]) -> list[Match]:
    """Match one to one, from the highest overlap down, ties by the order given."""
    owners: dict[int, list[int]] = {}
    for j, item in enumerate(found):
        for word in item.content:
            owners.setdefault(word, []).append(j)
    pairs = []
    for i, item in enumerate(gold):
        for j, shared in Counter(j for w in item.content for j in owners.get(w, ())).items():
            union = len(item.content) + len(found[j].content) - shared
            pairs.append((-shared / union, i, j))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    matched = []
    for overlap, i, j in sorted(pairs):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            matched.append(Match(i, j, -overlap, _same_source(text, gold[i], found[j])))
    return matched


def _same_source(text: Text, gold: Scored, found: Scored) -> bool:
    """Say whether the sources share a word that is no function word, if gold has one."""
    shared = gold.source & found.source
    telling = {w for w in gold.source if text.words[w] not in FUNCTION_WORDS}
    return bool(shared & telling) if telling else bool(shared)


def count_text(text: Text, gold: Sequence[Scored], found: Sequence[Scored]) -> Counter:
    """
    Count hits and totals of one text, by kind and metric.

    Keys are (kind, metric, field) with the fields `found` and `gold` (totals) and
    `right_found` and `right_gold` (hits); `speaker` counts sources among matched pairs.
    """
    counts: Counter = Counter()
    _count_words(counts, gold, found)
    excused = set()
    matched = match_claims(text, gold, found)
    for m in matched:
        g, f = gold[m.gold], found[m.found]
        hits = [
            ("quote_50", m.overlap >= 0.5),
            ("quote_80", m.overlap >= 0.8),
            ("quote_exact", m.overlap == 1),
        ]
        if m.overlap >= 0.5 and g.has_source:
            hits.append(("attribution", m.source_right))
            _add(counts, g.kind, "speaker", "gold")
            _add(counts, g.kind, "speaker", "right_gold", m.source_right)
        elif m.overlap >= 0.5 and not f.has_source:
            excused.add(m.found)
        for metric, hit in hits:
            _add(counts, g.kind, metric, "right_gold", hit)
            _add(counts, f.kind, metric, "right_found", hit)
    for g in gold:
        for metric in ("quote_50", "quote_80", "quote_exact"):
            _add(counts, g.kind, metric, "gold")
        _add(counts, g.kind, "attribution", "gold", g.has_source)
    for j, f in enumerate(found):
        for metric in ("quote_50", "quote_80", "quote_exact"):
            _add(counts, f.kind, metric, "found")
        _add(counts, f.kind, "attribution", "found", j not in excused)
    return counts


def _add(counts: Counter, kind: str, metric: str, field: str, n: int = 1) -> None:
    for name in ("all", kind):
        counts[name, metric, field] += int(n)


def _count_words(counts: Counter, gold: Sequence[Scored], found: Sequence[Scored]) -> None:
    for part, metric in (("content", "tokens"), ("cue", "cue"), ("source", "source")):
        all_gold = frozenset().union(*(getattr(g, part) for g in gold))
        all_found = frozenset().union(*(getattr(f, part) for f in found))
        for kind in KINDS:
            of_gold = frozenset().union(
                *(getattr(g, part) for g in gold if kind in ("all", g.kind))
            )
            of_found = frozenset().union(
                *(getattr(f, part) for f in found if kind in ("all", f.kind))
            )
            counts[kind, metric, "gold"] += len(of_gold)
            counts[kind, metric, "found"] += len(of_found)
            counts[kind, metric, "right_gold"] += len(of_gold & all_found)
            counts[kind, metric, "right_found"] += len(of_found & all_gold)
