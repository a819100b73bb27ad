"""Roles and affiliations: what a title, an apposition or an unnamed source says of somebody."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from analysis.quotes.cues import rule_words
from analysis.quotes.gazetteer import places
from analysis.quotes.nouns import (
    OWN_NOUNS,
    PARTY_WORDS,
    PERSONAL,
    common_bodies,
    common_role,
    find_head,
    institution_nouns,
    institution_role,
    is_party,
    is_personal,
    is_place,
    is_title,
    is_title_word,
    noun_role,
    staff_nouns,
    words_of_time,
)
from analysis.quotes.titles import role_nouns

CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w’'&./-]*"
_LINK = r"(?:of|for|and|on|de|&)\s(?:the\s)?"
ORG = rf"(?:\d+(?:st|nd|rd|th)\s)?{CAPITAL}(?:\s(?:{_LINK})?{CAPITAL})*"
_AFTER = re.compile(
    rf"\b(of|from|at|for|with|to|in|on|under|by)\s+(?:(?:the|a|an|its|their)\s+)?"
    rf"(?:[a-z’'-]+\s+|[\w’'-]+-based\s+){{0,3}}?({ORG})"
)
_COMMON_BODY = re.compile(
    r"\b(?:of|at|for|with|from|to|in)\s+(?:the|its|their|our|his|her)\s+"
    r"(?:[\w’-]+\s)?([a-z-]+)\b(?!\s+[a-z-]*[a-z])"
)
_POSSESSIVE = re.compile(rf"({CAPITAL}(?:\s(?:of\s(?:the\s)?)?{CAPITAL})*?)(?:['’]s|(?<=s)['’])\s")
_COMMON_OWNER = re.compile(
    r"(?i:(?:^|\s)(?:the|a|an|this|that)\s+)(?:[a-z-]+\s)?([a-z-]+?)(?:['’]s|s['’])\s"
)
# The state in this is part of the title.
_COURT = re.compile(
    r"\b(U\.?S\.? (?:District|Circuit|Bankruptcy))(?: Court)? (?:Magistrate )?Judge"
)
_STATE_LAWYER = re.compile(
    r"\b(?:u\.?s\.?|state|county|district|city|prosecuting|commonwealth'?s?)(?: district)? "
    r"(?:attorney|counsel)\b|lawyers? for the (?:state|government|crown|prosecution)"
    r"|attorney for the (?:state|government)"
)
# What follows these after a title is no longer part of it.
_TAIL = re.compile(
    r"\s(?:to (?!the\b|an?\b|[A-Z])|who|whose|which|that|when|while|as|after|before|during|since"
    r"|\d)|[,;(]"
)
_OWNERS = frozenset(["his", "her", "their", "its", "my", "our", "your"])
_ADJECTIVE = re.compile(r"[-–][a-z]{3,}$")  # "Prize-winning", "Milford-born"
# "Asia director": what somebody looks after, and no body.
_AREAS = frozenset(
    ["asia", "europe", "africa", "middle east", "latin america", "pacific", "americas", "eurasia"]
)
_INNER = re.compile(rf"(?:\w+\s)?({ORG})")
_CHAMBER = re.compile(r"\b(?:House|Senate)\b")
_LEAD = re.compile(
    r"^(?:(?:the|a|an)\s+|(?:M(?:rs?|s)|Dr|Prof|Sir|Dame|Cllr)\.?\s+)?(?:[\w’'-]+-based\s+)?", re.I
)
_INITIALS = re.compile(r"(?:\b\w\.)+$")
STREETS = rule_words("streets")
_EDGE = frozenset(["the", "a", "an", "one", "another", "and", "of", "for", "&", "on", "de"])


class Description(NamedTuple):
    """What a phrase says of a person: role, affiliation (a name), owner (a common noun)."""

    role: str | None
    affiliation: str | None
    how: str  # title, apposition, affiliation
    nouns: tuple[str, ...] = ()
    owner: str | None = None


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
    nouns = tuple(
        dict.fromkeys([*nouns, *(n.split()[-1] for n in nouns if n.split()[-1] in role_nouns())])
    )
    nouns = tuple(n for n in nouns if noun_role(n) in PERSONAL and is_personal(n))
    lawyer = "attorney" in low or "counsel" in low or "lawyer" in low
    if lawyer and _STATE_LAWYER.search(low):
        return Description("official", None, how, ("attorney", "prosecutor"))
    court = _COURT.search(words) if "Judge" in words else None
    if court:
        affiliation = court.group(1)
    if noun in staff_nouns():
        presides = noun.endswith(("president", "chair")) and words[end:].startswith(" of ")
        role = institution_role(affiliation or "") or common_role(owner or "") or role
        if role == noun_role(noun) and institution_role(affiliation or "") is None:
            role = institution_role(words[end:]) or role
        known = is_party(affiliation) or institution_role(affiliation or "") is not None
        if presides and affiliation and not known:
            role = "business"
    if role not in PERSONAL:
        role = None
    if role is None and affiliation and how != "title":
        role = institution_role(affiliation)
        how = "affiliation" if role else how
    return Description(role, affiliation, how, nouns, owner)


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
    employed = after.startswith(" at ") and institution_role(named or "") is None
    if named and later and (employed or _is_weak(named, later)):
        return later, None
    named = None if (named or "").lower() in _AREAS else named
    if named and named.lower() in common_bodies() and not _is_owner(named, before):
        return later, None if later else named.lower()
    if named or later:
        return named or later, None
    chamber = _CHAMBER.search(before) if role == "official" else None
    if chamber:
        return chamber.group(), None
    owner = _COMMON_OWNER.search(before)
    if owner and owner.group(1).lower() in common_bodies():
        return None, owner.group(1).lower()
    last = before.lower().split()[-2:]
    if words[start:end].lower() in ("minister", "secretary"):
        last = []  # "business minister"
    for common in (" ".join(last), *reversed(last)):
        if common in common_bodies():
            return None, common
    beside = _COMMON_BODY.search(after)
    if not beside:
        return None, None
    longer = " ".join(beside.group().split()[-2:])
    nouns = [n for n in (longer, beside.group(1)) if n in common_bodies()]
    return None, nouns[0] if nouns else None


def _is_owner(name: str, before: str) -> bool:
    return re.search(rf"{re.escape(name)}['’]s?\s", before) is not None


def _is_weak(name: str, later: str) -> bool:
    """Say whether a name before a title tells less than one after it."""
    low = name.lower()
    if low in PARTY_WORDS:
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
        return _owner_named(before, owner)
    kept = _capitals(before.replace(",", " , ").split())
    while kept and kept[-1].lower() in _EDGE:
        kept.pop()
    if len(kept) > 1 and kept[-1].lower() in PARTY_WORDS and is_place(" ".join(kept[:-1])):
        kept = kept[-1:]  # "U.S. Democratic candidate"
    name = " ".join(kept)
    return clean(name) if name and not is_title(name) else None


def _owner_named(before: str, owner: re.Match) -> str | None:
    """Return the body of "Duke University’s Park School", "the Dockers’ union", "Norvane’s"."""
    rest = before[owner.end() :]
    inner = _INNER.match(rest)
    name = inner.group(1) if inner else ""
    if institution_role(name) and not is_title(name) and not is_place(name):
        return clean(before[owner.start() : owner.end()] + name)
    return None if is_title(owner.group(1)) else clean(owner.group(1))


def _capitals(tokens: list[str]) -> list[str]:
    """Return the first run of capitals that is no title, with the words that join it."""
    kept: list[str] = []
    for number, word in enumerate(tokens):
        low = word.lower().strip(".“”\"'’,")
        if not number and low.endswith("ly"):
            continue
        capital = word[0].isupper() and not _ADJECTIVE.search(word)
        if not kept and (not capital or low in _EDGE):
            continue
        if not capital and low not in _EDGE:
            if _ADJECTIVE.search(word):  # "Nobel Prize-winning"
                kept = []
                continue
            return [*kept, word] if low in OWN_NOUNS else kept
        if low in _OWNERS or low in words_of_time():
            continue
        if _is_own_title(tokens, number, kept):
            if kept and number:
                return kept
            continue
        kept.append(word)
    return kept


def _is_own_title(tokens: list[str], at: int, kept: list[str]) -> bool:
    """Say whether a capital belongs to the title and to no name that began before."""
    word = tokens[at]
    low = word.lower().strip(".“”\"'’,")
    linked = bool(kept) and kept[-1].lower() in _EDGE or is_place(" ".join(tokens[at : at + 2]))
    title = word[0].isupper() and not linked and is_title_word(low)
    return title and not _goes_on(tokens, at) and not is_place(" ".join([*kept, word]))


def _goes_on(tokens: list[str], at: int) -> bool:
    """Say whether a title word is inside the name of a body: "House | Judiciary Committee"."""
    for word in tokens[at + 1 : at + 6]:
        if not word[0].isupper() and word not in ("of", "and", "the", "for", "&"):
            return False
        if institution_nouns().get(word.lower().strip(",.")):
            return True
    return False


def _named_after(after: str, role: str | None = None) -> str | None:
    """
    Return the body named after a head noun: "of the Harbour Institute", "at Yale".

    A place is one only for those who hold an office there, not for who lives there.
    """
    best: tuple[int, str] | None = None
    for match in _AFTER.finditer(after[:160]):
        printed = _extended(after, match)
        name = clean(printed)
        if name and name.startswith(("St ", "St. ")):
            name = printed.rstrip(" ,")  # "at St Mary's"
        if not name or is_title(name) or name.split()[0].lower() in words_of_time():
            continue
        if name.rpartition(" ")[2].lower() in STREETS or name.endswith("-based"):
            continue
        rank = (
            3
            if institution_role(name) and not is_place(name)
            else {"at": 2, "for": 1, "with": 1, "of": 1}.get(match[1], 0)
        )
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
    name = cut_and(match.group(2))
    if match.end() != match.start(2) + len(name):
        return name
    more = _COMMON_TAIL.match(after, match.end())
    if more and more.group(1) in common_bodies() and (more.group(1) in _GROUPS or is_place(name)):
        return name + more.group()
    return name


def cut_and(name: str) -> str:
    """Cut two names apart at "and", unless they are one: "Health and Human Services"."""
    first, joined, last = name.partition(" and ")
    if not joined or last.split()[-1].lower().rstrip(".,") in institution_nouns() | _subjects():
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
    name = _LEAD.sub("", name.strip(" ,’'"))
    if name.endswith(".") and not _INITIALS.search(name):
        name = name[:-1]
    return name.removesuffix("'s").removesuffix("’s") or None
