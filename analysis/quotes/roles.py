"""Roles and affiliations: what a title, an apposition or an unnamed source says of somebody."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon
from analysis.quotes.cues import rule_words
from analysis.quotes.cues import words as cue_words
from analysis.quotes.names import outlets, places, regions
from analysis.quotes.titles import (
    before_names,
    honorifics,
    modifiers,
    parties,
    role_nouns,
    short_titles,
)

PERSONAL = frozenset(["official", "expert", "business", "advocate", "citizen", "media"])
CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w’'&./-]*"
_LINK = r"(?:of|for|and|on|de|&)\s(?:the\s)?"
ORG = rf"(?:\d+(?:st|nd|rd|th)\s)?{CAPITAL}(?:\s(?:{_LINK})?{CAPITAL})*"
_START = re.compile(r"(?<![\w-])\w+")
_PREPOSITION = re.compile(
    r"\s(?:of|for|at|from|in|to|with|on|under|who|that|which|and|by|whose|in charge)\s|,|\s\("
)
JOINS = re.compile(r"(?<=\w) (?:of|for) (?:the )?(?=[^\W\d_a-z])")
_AFTER = re.compile(
    rf"\b(of|from|at|for|with|to|in|on|under|by)\s+(?:(?:the|a|an|its|their)\s+)?"
    rf"(?:[a-z’'-]+\s+|[\w’'-]+-based\s+){{0,3}}?({ORG})"
)
_COMMON_BODY = re.compile(r"\b(?:of|at|for|with|from|to|in)\s+(?:the|its|their|our|his|her)\s+"
                          r"(?:[a-z-]+\s)?([a-z-]+)\b(?!\s+[a-z-]*[a-z])")
_POSSESSIVE = re.compile(rf"({CAPITAL}(?:\s(?:of\s(?:the\s)?)?{CAPITAL})*?)(?:['’]s|(?<=s)['’])\s")
_COMMON_OWNER = re.compile(r"(?i:(?:^|\s)(?:the|a|an|this|that)\s+)(?:[a-z-]+\s)?([a-z-]+?)(?:['’]s|s['’])\s")
# The state in this is part of the title.
_COURT = re.compile(r"\b(U\.?S\.? (?:District|Circuit|Bankruptcy))(?: Court)? (?:Magistrate )?Judge")
_STATE_LAWYER = re.compile(
    r"\b(?:u\.?s\.?|state|county|district|city|prosecuting|commonwealth'?s?)(?: district)? "
    r"(?:attorney|counsel)\b|lawyers? for the (?:state|government|crown|prosecution)"
    r"|attorney for the (?:state|government)"
)
# What follows these after a title is no longer part of it.
_TAIL = re.compile(r"\s(?:to (?!the\b|an?\b|[A-Z])|who|whose|which|that|when|while|as|after|before|during|since|\d)|[,;(]")
_OWNERS = frozenset(["his", "her", "their", "its", "my", "our", "your"])
_ADJECTIVE = re.compile(r"[-–][a-z]{3,}$")  # "Prize-winning", "Milford-born"
_EDGE = frozenset(["the", "a", "an", "one", "another", "and", "of", "for", "&", "on", "de"])


class Description(NamedTuple):
    """What a phrase says of a person: role, affiliation (a name), owner (a common noun)."""

    role: str | None
    affiliation: str | None
    how: str  # title, apposition, affiliation
    nouns: tuple[str, ...] = ()
    owner: str | None = None


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
        found, reached = [], 0
        for match in _START.finditer(low):
            start = match.start()
            for noun in self.by_start.get(match.group(), ()) if start >= reached else ():
                end = start + len(noun)
                after = low[end : end + 1]
                if low.startswith(noun, start) and not (after.isalnum() or after in ("_", "-")):
                    found.append((noun, end))
                    reached = end
                    break
        return found


@cache
def _roles() -> Finder:
    plurals = [f"{n}s" for n in role_nouns() if not n.endswith("s")]
    return Finder(dict.fromkeys([*role_nouns(), *parties(), *plurals]))


@cache
def staff_nouns() -> frozenset[str]:
    """Return the titles that are held in a body, whatever it is."""
    return frozenset(read_lexicon("roles")["bodies"]["staff"])


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
        anyone = people or later or early or [f for f in found if is_personal(f[0])][:1] or found[:1]
        noun, end = anyone[-1]
    start = end - len(noun)
    first = noun.split()[0]
    if first in OWN_NOUNS and first != noun:
        start += len(first) + 1  # "campaign manager": the campaign is the body
    return Head(short_titles().get(noun, noun), start, end, nouns)


def _is_capital(words: str, found: tuple[str, int]) -> bool:
    return words[found[1] - len(found[0])].isupper()


def is_personal(noun: str) -> bool:
    """Say whether a noun is for people: not for a text, a body or an outlet."""
    if noun in outlet_nouns():
        return False
    return noun_role(noun) in PERSONAL or noun_role(noun) == "collective"


@lru_cache(maxsize=20_000)
def read_phrase(words: str, how: str = "title") -> Description:
    """
    Read what a noun phrase says of the person it names or describes.

    >>> read_phrase("the former executive director of the Harbour Legal Center")[:2]
    ('expert', 'Harbour Legal Center')
    """
    low = words.lower().replace("’", "'")
    noun, start, end, nouns = find_head(words)
    role = noun_role(noun) if noun else None
    affiliation, owner = _affiliation(words, start, end, role)
    nouns = tuple(dict.fromkeys([*nouns, *(n.split()[-1] for n in nouns if n.split()[-1] in role_nouns())]))
    nouns = tuple(n for n in nouns if noun_role(n) in PERSONAL and is_personal(n))
    if _STATE_LAWYER.search(low):
        return Description("official", None, how, ("attorney", "prosecutor"))
    court = _COURT.search(words)
    if court:
        affiliation = court.group(1)
    if noun in staff_nouns():
        unknown = noun.endswith("president") and affiliation and words[end:].startswith(" of ")
        role = institution_role(affiliation or "") or owner_role(owner) or role
        if unknown and not is_party(affiliation) and institution_role(affiliation or "") is None:
            role = "business"
    if role not in PERSONAL:
        role = None
    if role is None and affiliation and how != "title":
        role = institution_role(affiliation)
        how = "affiliation" if role else how
    return Description(role, affiliation, how, nouns, owner)


def owner_role(noun: str | None) -> str | None:
    """Return the role of those who speak for a body named by a common noun."""
    return institution_role(noun) if noun else None


def _affiliation(
    words: str, start: int, end: int, role: str | None
) -> tuple[str | None, str | None]:
    """Return the body named in a phrase, and the common noun for one ("the company's")."""
    if not end or role == "institution":
        return _named_after(_TAIL.split(f" {words}", maxsplit=1)[0]) or _named_before(words), None
    before, after = words[:start], words[end:]
    named = _named_before(before)
    after = _TAIL.split(after, maxsplit=1)[0]
    work = after.startswith(" of ") and words[start:end].lower().endswith(("author", "writer"))
    later = None if work else _named_after(after, role)
    if named and later and _is_weak(named, later):
        return later, None
    if named and named.lower() in common_bodies():
        return later, None if later else named.lower()
    if named or later:
        return named or later, None
    owner = _COMMON_OWNER.search(before)
    if owner and owner.group(1).lower() in common_bodies():
        return None, owner.group(1).lower()
    last = before.lower().split()[-2:]
    for common in (" ".join(last), *reversed(last)):
        if common in common_bodies():
            return None, common
    beside = _COMMON_BODY.search(after)
    return None, beside.group(1) if beside and beside.group(1) in common_bodies() else None


@cache
def common_bodies() -> frozenset[str]:
    """Return the nouns by which a body is called without its name."""
    bodies = read_lexicon("roles")["bodies"]
    return frozenset(n for kind in ("business", "club", "advocate", "institution") for n in bodies[kind])


# After a name these are part of the name of a body: "Milford council", "the Holt campaign".
OWN_NOUNS = frozenset(["campaign", "council", "university", "police", "administration", "intelligence", "party"])


@cache
def words_of_time() -> frozenset[str]:
    """Return days and months, which no body is called."""
    found = cue_words().days | cue_words().months
    return found | {w.strip(".") for w in found}


_PARTY_WORDS = frozenset(
    ["democratic", "republican", "labour", "conservative", "tory", "liberal", "green", "gop", "libertarian"]
)


def is_party(name: str | None) -> bool:
    """Say whether an affiliation is no more than the adjective of a party."""
    return (name or "").lower() in _PARTY_WORDS


def _is_weak(name: str, later: str) -> bool:
    """Say whether a name before a title tells less than one after it."""
    low = name.lower()
    if low in _PARTY_WORDS:
        return True
    if is_place(low):
        place = places().get(low)
        adjective = place is not None and place.how == "adjective"
        return adjective and institution_role(later) is not None and not is_place(later)
    return institution_role(name) is None and institution_role(later) is not None


def _named_before(before: str) -> str | None:
    """Return the body named before a head noun: "South Korea’s", "Harvard Law School"."""
    owner = _POSSESSIVE.search(before)
    if owner and owner.group(1).lower() not in _OWNERS:
        rest = before[owner.end() :]
        inner = re.match(rf"(?:\w+\s)?({ORG})", rest)
        inner_name = inner.group(1) if inner else ""
        if institution_role(inner_name) and not is_title(inner_name) and not is_place(inner_name):
            return clean(before[owner.start() : owner.end()] + inner_name)
        group = re.match(r"(?:association|union|federation|group|council|league|society|party)\b", rest, re.I)
        if group and owner.group().rstrip()[-1] in "’'":
            return before[owner.start() : owner.end() + group.end()].strip()
        return None if is_title(owner.group(1)) else clean(owner.group(1))
    tokens = before.replace(",", " , ").split()
    kept: list[str] = []
    for number, word in enumerate(tokens):
        low = word.lower().strip(".“”\"'’,")
        capital = word[0].isupper() and not _ADJECTIVE.search(word)
        if not capital and low not in ("of", "for", "and", "the", "&") or not kept and low in _EDGE:
            if not kept:
                continue
            if low in OWN_NOUNS:
                kept.append(word)
            elif _ADJECTIVE.search(word):  # "Nobel Prize-winning"
                kept = []
                continue
            break
        if low in _OWNERS or low in words_of_time():
            continue
        linked = bool(kept) and kept[-1].lower() in _EDGE
        linked = linked or is_place(" ".join(tokens[number : number + 2]))
        title = capital and not linked and is_title_word(low) and not _goes_on(tokens, number)
        if title and not is_place(" ".join([*kept, word])):
            if kept and number:
                break
            continue
        kept.append(word)
    while kept and (kept[-1].lower() in _EDGE):
        kept.pop()
    if len(kept) > 1 and kept[-1].lower() in _PARTY_WORDS and is_place(" ".join(kept[:-1])):
        kept = kept[-1:]  # "U.S. Democratic candidate"
    name = " ".join(kept)
    for length in range(len(kept) - 1, 0, -1):  # "South Korean National" is South Korean
        part = " ".join(kept[:length]).lower()
        if part in places() and is_title(" ".join(kept[length:])):
            name = " ".join(kept[:length])
            break
    return clean(name) if name and not is_title(name) else None


def _goes_on(tokens: list[str], at: int) -> bool:
    """Say whether a title word is inside the name of a body: "House | Judiciary Committee"."""
    for word in tokens[at + 1 : at + 6]:
        if not word[0].isupper() and word not in ("of", "and", "the", "for", "&"):
            return False
        if _institution_roles().get(word.lower().strip(",.")):
            return True
    return False


def is_place(name: str) -> bool:
    """Say whether a name is of a state, a part of one, or a seat of power."""
    low = name.lower()
    return low in places() or low in regions()


def is_title_word(low: str) -> bool:
    """Say whether a word belongs to a title and not to the body that gives it."""
    return (
        low.split("-")[0] in honorifics() and "-" in low
        or low in before_names() and low not in _PARTY_WORDS and low not in _institution_roles()
        or low + "." in honorifics()
        or low in modifiers() and low not in _PARTY_WORDS
    )


def is_title(name: str) -> bool:
    """Say whether all words of a name are titles."""
    return all(
        w in ("of", "the", "state", "for", "and")
        or (w in before_names() or w in honorifics() or w in modifiers())
        and w not in _PARTY_WORDS
        or w in parties() - _PARTY_WORDS
        for w in (word.lower().strip(".,") for word in name.split())
    )


def _named_after(after: str, role: str | None = None) -> str | None:
    """
    Return the body named after a head noun: "of the Harbour Institute", "at Yale".

    A place is one only for those who hold an office there, not for who lives there.
    """
    best: tuple[int, str] | None = None
    for match in _AFTER.finditer(after[:160]):
        name = clean(_extended(after, match))
        if not name or is_title(name) or name.split()[0].lower() in words_of_time():
            continue
        rank = 3 if institution_role(name) and not is_place(name) else {"at": 2, "for": 1, "with": 1, "of": 1}.get(match[1], 0)
        official = role in ("official", "collective", "institution")
        if rank == 0 and match[1] in ("in", "on") and not (official and is_place(name)):
            continue
        if role == "citizen" and match[1] in ("of", "from", "in") and (rank < 3 or is_place(name)):
            continue
        if best is None or rank > best[0]:
            best = rank, name
    return best[1] if best else None


def _extended(after: str, match: re.Match) -> str:
    """Return the name with the common noun that ends it: "the Ohio state firefighters union"."""
    name = _cut_and(match.group(2))
    if match.end() != match.start(2) + len(name):
        return name
    more = _COMMON_TAIL.match(after, match.end())
    if more and more.group(1) in common_bodies() and (more.group(1) in _GROUPS or is_place(name)):
        return name + more.group()
    return name


def _cut_and(name: str) -> str:
    """Cut two names apart at "and", unless they are one: "Health and Human Services"."""
    first, joined, last = name.partition(" and ")
    if not joined or last.split()[-1].lower().rstrip(".,") in _institution_roles() | _subjects():
        return name
    return first


@cache
def _subjects() -> dict[str, str]:
    return dict.fromkeys(rule_words("subjects_of_bodies"), "subject")


_COMMON_TAIL = re.compile(r"(?:\s[a-z’']+){0,2}\s([a-z]+)\b")
_GROUPS = frozenset(["union", "association", "campaign", "council", "party", "administration"])


def clean(name: str | None) -> str | None:
    """Return an affiliation without article, possessive and final stop."""
    if not name:
        return None
    name = re.sub(r"^(?:the|a|an)\s+", "", name.strip(" ,’'"), flags=re.I)
    if name.endswith(".") and not re.search(r"(?:\b\w\.)+$", name):
        name = name[:-1]
    return re.sub(r"['’]s$", "", name) or None


@cache
def _institution_roles() -> dict[str, str]:
    found: dict[str, str] = {}
    for role, nouns in read_lexicon("roles")["institutions"].items():
        for noun in nouns:
            found.setdefault(noun, role)
    return found


@cache
def _institutions() -> Finder:
    return Finder(_institution_roles())


@lru_cache(maxsize=20_000)
def institution_role(name: str) -> str | None:
    """
    Return the role of those who speak for an institution, from the words of its name.

    >>> institution_role("Harbour Institute"), institution_role("Dockers' Union")
    ('expert', 'advocate')
    """
    low = name.lower().replace("’", "'")
    if low in outlets():
        return "media"
    if is_place(low):
        return "official"
    found = _institutions().find(low)
    if not found:
        return None
    if low.startswith(("campaign for", "campaign against", "campaign to")):
        return "advocate"
    cut = re.search(r"\s(?:of|for|on|against)\s", low)
    head = [f for f in found if cut and f[1] <= cut.start()]
    noun = (head or found)[-1][0]
    return _institution_roles()[noun]


def role_of(words: str) -> tuple[str | None, tuple[str, ...]]:
    """
    Return the role of the head noun of a title or apposition, and its role nouns.

    >>> role_of("an assistant professor and historian of US-Soviet relations")
    ('expert', ('assistant professor', 'historian', 'professor'))
    """
    told = read_phrase(words)
    return told.role, told.nouns


def affiliation_in(words: str) -> str | None:
    """
    Return the body that a title or apposition names, in its own words.

    >>> affiliation_in("the US secretary of state"), affiliation_in("a dean at Yale University")
    ('US', 'Yale University')
    """
    return read_phrase(words).affiliation


__all__ = ["Description", "Finder", "affiliation_in", "institution_role", "read_phrase", "role_of"]
