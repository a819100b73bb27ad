"""
Whose words are they? The `voices` table tiles every article with its voices.

What an attribution reports is the voice of its source; everything else is the author's.
Where one report stands inside another, the innermost wins. Words in quotation marks that
nobody is said to have used (scare quotes, nicknames, names of documents) stay the author's.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.corpus import Party
from analysis.lexicons import read_lexicon
from analysis.matching import as_form, fold, phrase_pattern
from analysis.tables import spans, table

VOICES = ("author", "expert", "official", "party", "other")

# Each way to open comes first in its branch: the search then skips all other characters.
_MARKED = re.compile(
    r"“[^“”\n]*(?:”|$)|\"[^\"\n]*\"|‘(?<!\w‘)[^‘\n]*?’(?!\w)|'(?<![\w']')(?=\w)[^\n]{0,999}?[\w.,!?…]'(?!\w)",
    re.MULTILINE)


class Stretch(NamedTuple):
    """A stretch of text of one voice: attribution number `quote`, or -1 for the author."""

    start: int
    end: int
    quote: int
    nested: bool
    quoted: bool


def find_voices(articles: pd.DataFrame, quotes: pd.DataFrame, *, parties: Sequence[Party] = (),
                acts: Sequence[str] = ("speech",)) -> pd.DataFrame:
    """
    Tile each article with its voices: one row per stretch of one voice, in text order.

    Columns as in `TABLES["voices"]`. `parties` are those of the event; without any, nobody
    has the voice `party`. Attributions of other `acts` (attitudes, plans) count as the
    author's words, as does furniture, which mentions and words leave out.
    """
    told, rows = _tell(quotes, parties, acts), []
    for article, text in zip(articles["article_id"], articles["text"], strict=True):
        pieces, facts = told.get(article, ([], []))
        for start, end, quote, nested, quoted in tile(text, pieces):
            voice, speaker, quote_id, denied = facts[quote] if quote >= 0 else _AUTHOR
            rows.append((article, start, end, voice, speaker, quote_id, nested, denied, quoted))
    return table("voices", rows)


def find_marked_voices(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Tile each article by its quotation marks alone: the baseline that voices must beat.

    Rows as in `find_voices`. All words in marks are `other`, whoever says them; indirect
    speech is the author's, and scare quotes are not.
    """
    rows = []
    for article, text in zip(articles["article_id"], articles["text"], strict=True):
        edges = [0, *(e for span in marked_spans(text) for e in span), len(text)]
        for number, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
            if start < end:
                rows.append((article, start, end, ("author", "other")[number % 2], None, None,
                             False, False, number % 2 == 1))
    return table("voices", rows)


def add_voices(mentions: pd.DataFrame, voices: pd.DataFrame) -> pd.DataFrame:
    """
    Say of each mention whose words it is: those of the stretch in which it begins.

    Fills voice, speaker and quote_id, and adds `nested`, `denied` and `quoted`. A mention in
    an article that `voices` does not tile raises ValueError.
    """
    index = locate(voices, mentions["article_id"], mentions["start"])
    filled = mentions.copy()
    for column in ("voice", "speaker", "quote_id", "nested", "denied", "quoted"):
        filled[column] = voices[column].take(index).array
    return table("mentions", filled)


def locate(voices: pd.DataFrame, article_ids: pd.Series, offsets: pd.Series) -> np.ndarray:
    """Return the row number in `voices` of each offset in its article."""
    names = pd.Index(voices["article_id"].unique())
    article = names.get_indexer(article_ids)
    if (article < 0).any():
        lost = article_ids[article < 0].iloc[0]
        raise ValueError(f"voices has no row for article '{lost}'; find its voices first")
    width = int(max(voices["end"].max(), offsets.max() + 1)) if len(offsets) else 1
    begins = names.get_indexer(voices["article_id"]) * width + voices["start"].to_numpy()
    order = np.argsort(begins, kind="stable")
    places = article * width + offsets.to_numpy()
    return order[np.searchsorted(begins[order], places, side="right") - 1]


def voice_of(speaker: str | None, role: str | None, affiliation: str | None,
             parties: Sequence[Party]) -> str:
    """
    Fold a speaker into a voice: party, expert, official or other.

    A party is who is, or speaks for, one; a collective has the voice of its members.

    >>> voice_of("Ann Lee", "official", "Oz", [Party("Oz", ())])
    'party'
    >>> voice_of("crowds in Oz", "collective", None, [Party("Oz", ())])
    'other'
    """
    lists, role = read_lexicon("voices"), role or ""
    words = set(re.findall(r"\w+", (speaker or "").lower()))
    if role in lists["expert"]:
        return "expert"
    if role == "collective" and words & set(lists["expert_nouns"]):
        return "expert"
    crowd = role == "collective" and words & set(lists["people_nouns"])
    if role in lists["party"] and not crowd and (
            _names_party(speaker, parties) or _names_party(affiliation, parties)
            or (role == "document" and parties and _is_agreement(speaker or "", parties))):
        return "party"
    official = role in lists["official"] or (
        role in ("collective", "") and words & set(lists["official_nouns"]))
    return "official" if official and not crowd else "other"


def tile(text: str, pieces: Sequence[tuple[int, int, int]]) -> Iterator[Stretch]:
    """
    Tile `text` with the `pieces` (start, end, number) of attributions; the innermost wins.

    Where a stretch of one attribution is partly in quotation marks it is parted at the
    marks. Of two that overlap without nesting, the shorter wins.
    """
    if not text:
        return
    inside = [(max(0, a), min(b, len(text)), n) for a, b, n in pieces if a < min(b, len(text))]
    marks = [edge for span in marked_spans(text) for edge in span] if inside else []
    edges = sorted({0, len(text), *(e for a, b, _ in inside for e in (a, b))})
    covers = _covers(edges, inside)
    for start, end, holding in _merge(covers):
        number = holding[0] if holding else -1
        nested = len(set(holding)) > 1
        cuts = marks[bisect_right(marks, start):bisect_left(marks, end)] if number >= 0 else []
        for a, b in zip([start, *cuts], [*cuts, end], strict=True):
            if a < b:  # two quotations may touch
                quoted = number >= 0 and bisect_right(marks, a) % 2 == 1
                yield Stretch(a, b, number, nested, quoted)


def marked_spans(text: str) -> list[tuple[int, int]]:
    """
    Find what stands in quotation marks, marks included; an open “ runs to the line's end.

    >>> [ "a ‘b’s c’ “d” e"[a:b] for a, b in marked_spans("a ‘b’s c’ “d” e") ]
    ['‘b’s c’', '“d”']
    """
    return [match.span() for match in _MARKED.finditer(text)]


_AUTHOR = ("author", None, None, False)


def _covers(edges: list[int], pieces: Sequence[tuple[int, int, int]]
            ) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield each elementary stretch with the attributions that hold it, innermost first."""
    waiting = sorted(pieces, reverse=True)
    active: list[tuple[int, int, int]] = []
    for start, end in zip(edges, edges[1:], strict=False):
        active = [piece for piece in active if piece[1] > start]
        while waiting and waiting[-1][0] <= start:
            active.append(waiting.pop())
        active.sort(key=lambda piece: (piece[1] - piece[0], -piece[2]))
        yield start, end, tuple(number for _, _, number in active)


def _merge(covers: Iterable[tuple[int, int, tuple[int, ...]]]
           ) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Join neighbours of the same innermost attribution and the same nesting."""
    last = None
    for start, end, holding in covers:
        key = (holding[:1], len(set(holding)) > 1)
        if last and last[1] == start and (last[2][:1], len(set(last[2])) > 1) == key:
            last = (last[0], end, last[2])
        else:
            if last:
                yield last
            last = (start, end, holding)
    if last:
        yield last


def _tell(quotes: pd.DataFrame, parties: Sequence[Party], acts: Sequence[str]
          ) -> dict[str, tuple[list, list]]:
    """Return, for each article, the pieces of its attributions and what is known of each."""
    told: dict[str, tuple[list, list]] = {}
    if "act" in quotes:
        quotes = quotes[quotes["act"].fillna("speech").isin(acts)]
    known: dict[tuple, str] = {}
    wanted = quotes[["article_id", "quote_id", "content_spans", "speaker", "role", "affiliation",
                     "cue_text"]].astype(object)
    wanted = wanted.where(wanted.notna(), None)
    for article, quote_id, content, *who, cue in wanted.itertuples(index=False, name=None):
        pieces, facts = told.setdefault(article, ([], []))
        key = tuple(who)
        if key not in known:
            known[key] = voice_of(*key, parties)
        pieces += [(start, end, len(facts)) for start, end in spans(content)]
        facts.append((known[key], who[0], quote_id, _denies(cue)))
    return told


def _denies(cue: str | None) -> bool:
    return bool(cue) and bool(_pattern(tuple(read_lexicon("voices")["denials"])).search(fold(cue)))


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern:
    return re.compile(phrase_pattern(phrases))


@cache
def _own_names(parties: tuple[Party, ...]) -> tuple[str, ...]:
    """Return the names of the parties, folded."""
    return tuple(sorted({as_form(n) for party in parties for n in (party.name, *party.aliases)}))


def _names_party(name: str | None, parties: Sequence[Party]) -> bool:
    """
    Say whether a name is, or begins with, a party's: not "in Oz", nor a namesake.

    An alias of one word that opens a longer name of a person ("Kim" in "Kim Dae-jung")
    does not count, one that closes it does.
    """
    names = _own_names(tuple(parties))
    if not name or not names:
        return False
    if f"the {as_form(name)}" in names:
        return True
    elsewhere = read_lexicon("voices")["elsewhere"]
    folded = re.split(rf"\b(?:{'|'.join(elsewhere)})\b", fold(name), maxsplit=1)[0]
    for match in _pattern(names).finditer(folded):
        rest = name[match.end():].split()
        person = " " not in match.group() and rest and rest[0][:1].isupper() and (
            match.start() == 0 and _is_surname(match.group(), parties))
        if not person:
            return True
    return False


def _is_surname(alias: str, parties: Sequence[Party]) -> bool:
    """Say whether the alias is also a part of a longer alias of its party: "Kim", "Putin"."""
    names = [as_form(a) for party in parties for a in party.aliases]
    return any(alias in other.split() and other != alias for other in names
               if not other.startswith("the "))


def _is_agreement(name: str, parties: Sequence[Party]) -> bool:
    """Say whether a document is an agreement that names nobody but the parties."""
    words = re.findall(r"[\w’'-]+", name)
    agreements = set(read_lexicon("voices")["agreements"])
    if not any(word.lower() in agreements for word in words):
        return False
    strangers = [w for w in words[1:] if w[:1].isupper() and w.lower() not in agreements]
    return not strangers or _names_party(name, parties)
