"""The nouns that say what somebody or something is: people by role, bodies, places, titles."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon
from analysis.quotes.cues import rule_words
from analysis.quotes.cues import words as cue_words
from analysis.quotes.gazetteer import outlets, places, regions
from analysis.quotes.titles import (
    before_names,
    honorifics,
    modifiers,
    parties,
    role_nouns,
    short_titles,
)

# After a name these are part of the name of a body: "Milford council", "the Holt campaign".
OWN_NOUNS = frozenset(
    ["campaign", "council", "university", "police", "administration", "intelligence", "party"]
)
KINDS = ("business", "club", "advocate", "institution")
PERSONAL = frozenset(["official", "expert", "business", "advocate", "citizen", "media"])
_INITIALS = re.compile(r"(?:\w\.)+")
_START = re.compile(r"(?<![\w-])\w+")
_PREPOSITION = re.compile(
    r"\s(?:of|for|at|from|in|to|with|on|under|who|that|which|and|by|whose|in charge)\s|,|\s\("
)
_OF = re.compile(r"\s(?:of|for|on|against)\s")
JOINS = re.compile(r"(?<=\w) (?:of|for|and) (?:the )?(?=[^\W\d_a-z])")


class Head(NamedTuple):
    """The noun for somebody in a phrase, its place, and all nouns for people in it."""

    noun: str | None
    start: int
    end: int
    nouns: tuple[str, ...]


class Finder:
    """Find the nouns of a list in lower-case words, the longest first at every place."""

    def __init__(self, nouns: Iterable[str]):
        self.by_start: dict[str, list[str]] = {}
        for noun in sorted(nouns, key=len, reverse=True):
            first = _START.match(noun)
            if first:
                self.by_start.setdefault(first.group(), []).append(noun)

    def find(self, low: str) -> list[tuple[str, int]]:
        """Return each noun found and where it ends."""
        found, reached, at = [], 0, 0
        for word in _START.findall(low):
            nouns = self.by_start.get(word)
            if not nouns:
                continue
            start = low.find(word, at)
            stop = start + len(word)
            while _goes_on(low[start - 1 : start], "_-") or _goes_on(low[stop : stop + 1]):
                start = low.find(word, start + 1)
                stop = start + len(word)
            at = start + 1
            for noun in nouns if start >= reached else ():
                end = start + len(noun)
                if low.startswith(noun, start) and not _goes_on(low[end : end + 1], "_-"):
                    found.append((noun, end))
                    reached = end
                    break
        return found


def _goes_on(letter: str, joins: str = "_") -> bool:
    """Say whether a word goes on at a letter, or at one of the marks that join words."""
    return letter != "" and (letter.isalnum() or letter in joins)


@cache
def _roles() -> Finder:
    plurals = [f"{n}s" for n in role_nouns() if not n.endswith("s")]
    return Finder(dict.fromkeys([*role_nouns(), *parties(), *plurals]))


@cache
def staff_nouns() -> frozenset[str]:
    """Return the titles that are held in a body, whatever it is."""
    return frozenset(read_lexicon("roles")["bodies"]["staff"])


@cache
def sport_nouns() -> frozenset[str]:
    """Return the titles and trades that are held in a club."""
    return frozenset(read_lexicon("roles")["bodies"]["sport"])


def outlet_nouns() -> frozenset[str]:
    """Return the nouns for newspapers and stations."""
    return rule_words("outlet_nouns")


def noun_role(noun: str) -> str | None:
    """Return the role that goes with a noun of the lexicon."""
    role = role_nouns().get(noun)
    if role is None and noun in parties():
        return "official"
    if role is None and noun.endswith("s"):
        return role_nouns().get(noun[:-1])
    return role


@lru_cache(maxsize=20_000)
def find_head(words: str) -> Head:
    """
    Find the noun that says what somebody is, where it stands, and all such nouns.

    It is the last noun for people before the first preposition, then before the first that
    joins no capitals ("a University of Harbour professor"), then the first anywhere.

    >>> find_head("a history professor and dean at the school").noun
    'professor'
    """
    low = words.lower().replace("’", "'")
    found = [(n, e) for n, e in _roles().find(low) if low[e : e + 2] not in ("'s", "s'")]
    if not found:
        return Head(None, 0, 0, ())
    nouns = tuple(short_titles().get(n, n) for n, _ in found)
    cuts = [m.start() for m in _PREPOSITION.finditer(low)]
    hard = cuts[0] if cuts else len(low)
    soft = next((c for c in cuts if not JOINS.match(words, c)), len(low))
    early = [f for f in found if f[1] <= hard]
    people = [f for f in early if is_personal(f[0])]
    if early and early[-1][1] == hard and people and people[-1] != early[-1] and hard == soft:
        noun, end = early[-1]  # "the mayor's office", "police report"
    else:
        later = [f for f in found if hard < f[1] <= soft and is_personal(f[0])]
        if later and people and words[people[-1][1] - 1 :][:1] and _is_capital(words, people[-1]):
            people = later if words[later[-1][1] - len(later[-1][0])].islower() else people
        anyone = (
            people or later or early or [f for f in found if is_personal(f[0])][:1] or found[:1]
        )
        noun, end = anyone[-1]
    start = end - len(noun)
    first = noun.split()[0]
    if first in (*OWN_NOUNS, "house", "senate") and first != noun:
        start += len(first) + 1  # "campaign manager": the campaign is the body
    return Head(short_titles().get(noun, noun), start, end, nouns)


def _is_capital(words: str, found: tuple[str, int]) -> bool:
    return words[found[1] - len(found[0])].isupper()


def is_personal(noun: str) -> bool:
    """Say whether a noun is for people: not for a text, a body or an outlet."""
    if noun in outlet_nouns():
        return False
    return noun_role(noun) in PERSONAL or noun_role(noun) == "collective"


@cache
def common_bodies() -> frozenset[str]:
    """Return the nouns by which a body is called without its name."""
    return frozenset(body_nouns())


@cache
def words_of_time() -> frozenset[str]:
    """Return days and months, which no body is called."""
    found = cue_words().days | cue_words().months
    return found | {w.strip(".") for w in found}


PARTY_WORDS = frozenset(
    [
        "democratic",
        "republican",
        "labour",
        "conservative",
        "tory",
        "liberal",
        "green",
        "gop",
        "libertarian",
    ]
)


def is_party(name: str | None) -> bool:
    """Say whether an affiliation is no more than the adjective of a party."""
    return (name or "").lower() in PARTY_WORDS


def is_place(name: str) -> bool:
    """Say whether a name is of a state, a part of one, or a seat of power."""
    low = name.lower()
    return low in places() or low in regions()


def is_title_word(low: str) -> bool:
    """Say whether a word belongs to a title and not to the body that gives it."""
    return (
        low.split("-")[0] in honorifics()
        and "-" in low
        or low in before_names()
        and low not in PARTY_WORDS
        and low not in institution_nouns()
        or low + "." in honorifics()
        or low in modifiers()
        and low not in PARTY_WORDS
    )


@cache
def _all_titles() -> frozenset[str]:
    return (before_names() | honorifics() | modifiers() | parties()) - PARTY_WORDS


@lru_cache(20_000)
def is_title(name: str) -> bool:
    """Say whether all words of a name are titles."""
    titles = _all_titles()
    if " of " in name and name.rpartition(" ")[2].lower() in institution_nouns():
        return False  # "National Union of Teachers"
    links = ("of", "the", "state", "for", "and")
    return all(
        word in links or word in titles
        for word in (piece.lower().strip(".,") for piece in name.split())
    )


@cache
def institution_nouns() -> dict[str, str]:
    """Return the role that a noun in the name of a body makes for its people."""
    found: dict[str, str] = {}
    for role, nouns in read_lexicon("roles")["institutions"].items():
        for noun in nouns:
            found.setdefault(noun, role)
    return found


@cache
def _institutions() -> Finder:
    return Finder(institution_nouns())


@lru_cache(maxsize=20_000)
def institution_role(name: str) -> str | None:
    """
    Return the role of those who speak for an institution, from the words of its name.

    >>> institution_role("Harbour Institute"), institution_role("Dockers' Union")
    ('expert', 'advocate')
    """
    low = name.lower().replace("’", "'")
    low = low.replace(".", "") if _INITIALS.fullmatch(low) else low  # "F.B.I."
    if low in outlets():
        return "media"
    if name == "WHO" or is_place(low):
        return "official"
    found = _institutions().find(low)
    if not found:
        return None
    if low.startswith(("campaign for", "campaign against", "campaign to")):
        return "advocate"
    cut = _OF.search(low)
    head = [f for f in found if cut and f[1] <= cut.start()]
    role = institution_nouns()[(head or found)[-1][0]]
    trade = role == "advocate" and institution_nouns()[found[-1][0]] == "business"
    return "business" if trade and head else role  # "Federation of Brewers"


@cache
def body_nouns() -> dict[str, frozenset[str]]:
    """Return the kinds (business, club, advocate, institution) of each noun for a body."""
    found: dict[str, set[str]] = {}
    for kind in KINDS:
        for noun in read_lexicon("roles")["bodies"][kind]:
            found.setdefault(noun, set()).add(kind)
    return {noun: frozenset(kinds) for noun, kinds in found.items()}


@cache
def common_role(noun: str) -> str | None:
    """Return the role of those who speak for a body that is called by a common noun."""
    kinds = body_nouns().get(noun, frozenset())
    if "institution" in kinds:
        role = institution_role(noun)
        return role if role == "expert" else "official"
    if noun in ("group", "network", "organisation", "organization") or kinds == {"advocate"}:
        return "advocate"
    return "business" if kinds else None
