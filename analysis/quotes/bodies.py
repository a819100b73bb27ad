"""The bodies of an article: companies, clubs, unions and councils, and what "the company" is."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from analysis.quotes.gazetteer import outlets
from analysis.quotes.names import Mention
from analysis.quotes.nouns import (
    KINDS,
    OWN_NOUNS,
    body_nouns,
    institution_role,
    is_place,
    is_title,
)
from analysis.quotes.people import Person
from analysis.quotes.runs import joined
from analysis.quotes.titles import before_names, honorifics, modifiers

_INITIALS = frozenset(noun[0] for noun in OWN_NOUNS)
TRIES = 6  # places of a name that are looked at
NEAR = 700  # characters back to a body that "its" or a title can mean
# These find only a body whose name, or whose description, has the word.
_STRICT = frozenset(
    ["union", "charity", "association", "campaign", "federation", "society", "bank"]
)
_CLUB = re.compile(
    r"\b(?:FC|AFC|RFC|United|City|Rovers|Town|Albion|Athletic|Wanderers|Rangers|Hotspur|Harriers"
    r"|Villa|County|Bulls|Bears|Tigers|Lions|Sharks|Falcons|Hawks|Eagles|Wolves|Warriors|Giants"
    r"|Saints|Panthers|Raiders|Knights|Pirates|Kings)$"
)
# Laws, plans and occasions, whatever else their names hold.
_NO_BODY = re.compile(
    r"\b(?:acts?|bill|plan|amendment|law|treaty|deal|program|programme|project|report|award|awards|day"
    r"|week|prize|agreement|accord|protocol|street|road|avenue|war|crisis|election|rally|index|code"
    r"|initiative|strategy|conference|summit|convention|festival|games|cup|says|poll|survey"
    r"|hall|primary|debate)$"
)
_SPORT = re.compile(
    r"\b(?:goals?|striker|midfielder|goalkeeper|scored|coach|innings|touchdown|half-time|relegated"
    r"|kick-off|penalty shoot-out|wicket|home run|playoffs?|quarterback)\b"
)
_STOP = re.compile(r"[.!?][”’\"')]*\s+(?=[A-Z“‘\"'])")
_APPOSED = re.compile(
    r",? (which\b)|, (?:an?|the|one of) ((?:[\w’'-]+ ){0,5}?[\w’'-]+)"
    r"(?=[,.;]| which| that| in\b| based| behind| of\b| for\b)"
)
_ACRONYM = re.compile(r"(?:,? \(|, or )(?:the )?([A-Z][A-Z&.]{1,7})\b")
_FIRM_STARTS = frozenset([" C", " c", " f", " s", "'s", "’s"])
_FIRM = re.compile(
    r"(?:['’]s)? (?:CEO|CFO|COO|CTO|chief executive|co-founder|founder|shares|shareholders)\b"
)


class Body(NamedTuple):
    """A body under its full printed name: its own role, that of its people, its common nouns."""

    name: str
    role: str
    people: str
    nouns: frozenset[str]
    kind: str


def make_body(name: str, kind: str, nouns: frozenset[str] = frozenset()) -> Body:
    """Return a body of one kind; a club or firm and its people speak for business."""
    if kind in ("club", "unknown", "business"):
        return Body(name, "business", "business", nouns, kind)
    if kind in ("advocate", "media"):
        return Body(name, kind, kind, nouns, kind)
    people = institution_role(name)
    people = people if people in ("official", "expert") else "official"
    return Body(name, "institution", people, nouns, "institution")


class Bodies:
    """Read the bodies named in a text from its runs of capitals."""

    def __init__(
        self, text: str, mentions: Sequence[Mention], person: Callable[[str], Person | None]
    ):
        self.text, self.person = text, person
        self.listed: dict[str, Body] = {}
        self.acronyms: dict[str, str] = {}
        self._tries: dict[str, int] = {}
        self._firms: set[str] = set()
        runs = joined(text, mentions, self._is_person)
        self.runs: list[tuple[int, str]] = []
        for start, end, name in runs:
            trade, _, rest = name.partition(" ")  # "Developer | Norvane Homes"
            named = " " in rest and rest[0].isupper() and trade.endswith(("er", "or"))
            if named and body_nouns().get(trade.lower()) == {"business"}:
                start, name = end - len(rest), rest
            name = self._add(start, end, name) or name
            self.runs.append((start, name))
        for name in self._firms:
            if any(longer.startswith(f"{name} ") for longer in self.listed):
                del self.listed[name]

    @cached_property
    def short(self) -> dict[str, str]:
        """Return full names by first word ("Norvane") and by initials, where only one has it."""
        short: dict[str, set[str]] = {}
        for name, body in self.listed.items():
            words = name.split()
            initials = "".join(w[0] for w in words if w[0].isupper())
            last = words[-1] if body.kind == "club" else initials
            forms = (
                () if words[-1] in OWN_NOUNS else (words[0], initials, " ".join(words[:-1]), last)
            )
            for form in forms:
                if len(form) > 2 and form != name and form.lower() not in modifiers():
                    short.setdefault(form, set()).add(name)
        found = {
            form: next(iter(names))
            for form, names in short.items()
            if len(names) == 1 and form.lower() not in body_nouns() and not is_place(form)
        }
        return {**found, **self.acronyms}

    @cached_property
    def places(self) -> list[tuple[int, str]]:
        """Return where each body is named, under its full name."""
        found = []
        for start, name in self.runs:
            full = name if name in self.listed else self.short.get(name)
            if full:
                found.append((start, full))
        return found

    def _add(self, start: int, end: int, name: str) -> str | None:
        """List the body of a run, if it is one; return its name where it is longer."""
        tries = self._tries[name] = self._tries.get(name, 0) + 1
        if tries > TRIES:
            return None
        if " " not in name:
            near = self.text[end : end + 2]
            if near[1:] in _INITIALS and near[:1] == " ":
                after = self.text[end + 1 : end + 16].partition(" ")[0].strip(".,;:")
                if after in OWN_NOUNS and name.lower() not in outlets():
                    body = make_body(f"{name} {after}", "institution", frozenset([after]))
                    return self._list(body)
            if near in _FIRM_STARTS and self._is_firm(end, name):
                self._firms.add(name)
                return self._list(make_body(name, "business"))
            if near[:1] != "," and not self._after_noun(start):
                return None
        person = self.person(name) if " " in name else None
        if person and person.gender:
            return None
        if not _may_be_body(name):
            outlet = outlets().get(name.lower().replace("’", "'")) if " " in name else None
            return self._list(make_body(name, "media")) if outlet and outlet[1] == "media" else None
        known = self.listed.get(name)
        told = self._told(start, end, name)
        if told and person and (person.role or person.nouns):
            return None
        if told:
            if known and not told.nouns <= known.nouns:
                told = known._replace(nouns=told.nouns | known.nouns)
            elif known:
                told = known
            self._list(told)
            given = _ACRONYM.match(self.text, end)
            if given:
                self.acronyms[given.group(1)] = name
        return None

    def _is_firm(self, end: int, name: str) -> bool:
        """Say whether a single name is a firm's: one that has shares or a chief executive."""
        owns = _FIRM.match(self.text, end) is not None
        return owns and _may_be_body(name) and self.person(name) is None

    def _after_noun(self, start: int) -> bool:
        """Say whether a noun for a body stands right before a place: "the charity | Oxdown"."""
        if not self.text[max(0, start - 2) : start - 1].islower():
            return False
        return self.text[max(0, start - 16) : start - 1].rpartition(" ")[2] in body_nouns()

    def _is_person(self, name: str) -> bool:
        """Say whether a name is surely a person's: one with a gender or a role."""
        person = self.person(name)
        return person is not None and bool(person.gender or person.role or person.nouns)

    def _list(self, body: Body) -> str:
        self.listed[body.name] = body
        return body.name

    def _told(self, start: int, end: int, name: str) -> Body | None:
        """Say what kind of body a name is, by the noun beside it or in it."""
        beside = self._beside(start, end)
        words = [w.lower().strip(".") for w in name.split()]
        inside = frozenset(w for w in words if w in body_nouns())
        role = institution_role(name)
        if beside and beside != "which":
            kinds = body_nouns()[beside]
            kind = role if role in kinds else sorted(kinds, key=KINDS.index)[-1]
            kind = "institution" if role in ("expert", "official") and len(words) > 1 else kind
            return make_body(name, kind, inside | {beside})
        if len(words) == 1:
            kind = "institution" if role == "official" else "unknown"
            return make_body(name, kind, inside) if beside else None
        if _CLUB.search(name) and self._sporting:
            return make_body(name, "club", inside)
        if role in ("business", "advocate", "media"):
            return make_body(name, role, inside)
        if role or inside:
            return make_body(name, "institution", inside)
        given = _ACRONYM.match(self.text, end)
        if given and given.group(1) == "".join(w[0] for w in name.split() if w[0].isupper()):
            return make_body(name, "institution", inside)
        return make_body(name, "unknown", inside) if beside and len(words) < 4 else None

    @cached_property
    def _sporting(self) -> bool:
        return _SPORT.search(self.text) is not None

    def _beside(self, start: int, end: int) -> str | None:
        """Return the noun for a body right before or in apposition after a name, or "which"."""
        if start and self.text[start - 1] == " ":
            before = self.text[max(0, start - 30) : start - 1].lower().split(" ")
            for noun in (" ".join(before[-2:]), before[-1]):
                if noun in body_nouns():
                    return noun
        if self.text[end : end + 1] not in (",", " "):
            return None
        after = _APPOSED.match(self.text, end, end + 90)
        if not after:
            return None
        if after.group(2):
            words = after.group(2).lower().split()
            return next((n for n in (" ".join(words[-2:]), words[-1]) if n in body_nouns()), None)
        return "which" if self.text[end] == "," else None

    def full(self, name: str) -> Body | None:
        """Return the body that a name or its short form stands for."""
        return self.listed.get(name) or self.listed.get(self.short.get(name, ""))

    def named(self, start: int, end: int) -> list[tuple[int, str]]:
        """Return the places in a stretch where a body is named, with its full name."""
        lo = bisect_left(self.places, (start, ""))
        return self.places[lo : bisect_left(self.places, (end, ""))]

    def called(self, noun: str, position: int) -> Body | None:
        """Return the body that "the company" stands for: the only one, or the nearest before."""
        kinds = body_nouns().get(noun)
        if not kinds:
            return None
        strict = kinds == {"institution"} or noun in _STRICT
        known = {name for name, b in self.listed.items() if b.kind in kinds}
        exact = {name for name, b in self.listed.items() if noun in b.nouns}
        unknown = {name for name, b in self.listed.items() if b.kind == "unknown"}
        loose = known or (unknown if "business" in kinds else set())
        fits = exact or (set() if strict else loose)
        if kinds == {"club"} and fits:
            times = Counter(name for _, name in self.places if name in fits)
            return self.listed[max(times, key=times.__getitem__)] if times else None
        return self._nearest(fits, position, 10**9)

    def _nearest(self, fits: set[str], position: int, reach: int) -> Body | None:
        for start, name in reversed(self.places):
            if start < position and position - start < reach and name in fits:
                return self.listed[name]
        only = next(iter(fits)) if len(fits) == 1 and reach > NEAR else None
        first = next((start for start, name in self.places if name == only), position)
        return self.listed[only] if only and first <= position else None

    def before(self, position: int, kinds: Sequence[str] = (), reach: int = NEAR) -> Body | None:
        """Return the body named last before a place."""
        fits = {n for n, b in self.listed.items() if not kinds or b.kind in kinds}
        return self._nearest(fits, position, reach)

    def meant(self, position: int) -> Body | None:
        """Return what "its" means: the body, or the common noun for one, that stands nearest."""
        begin = max(0, position - NEAR)
        starts = [begin, *(m.end() for m in _STOP.finditer(self.text, begin, position))]
        own = self._between(starts[-1], position)
        if own:
            return own[-1]
        for start, end in zip(reversed(starts[:-1]), reversed(starts[1:]), strict=True):
            subject = self._between(start, end)
            if subject:
                return subject[0]
        return None

    def _between(self, start: int, end: int) -> list[Body]:
        """Return the bodies of a stretch, named or under a common noun, in text order."""
        found = [
            (at, self.listed[name])
            for at, name in self.named(start, end)
            if self.listed[name].kind != "media"
        ]
        for common in _common_pattern().finditer(self.text, start, end):
            phrase, noun = common.groups()
            kind = sorted(body_nouns()[noun])[0]
            meant = self.called(noun, common.end() + 2) or make_body(phrase, kind)
            found.append((common.start(), meant))
        return [body for _, body in sorted(found, key=lambda f: f[0])]

    def main(self, kinds: Sequence[str]) -> Body | None:
        """Return the body of some kinds that is named most often, if more than once."""
        times = Counter(name for _, name in self.places if self.listed[name].kind in kinds)
        name = max(times, key=times.__getitem__, default=None)
        return self.listed[name] if name and times[name] > 1 else None

    def ending(self, word: str) -> Body | None:
        """Return the only body whose name ends in a word: "the Community"."""
        fits = [b for n, b in self.listed.items() if n.endswith(f" {word}")]
        vague = word.lower() in ("house", "senate", "city", "state", "party", "court", "town")
        found = fits[0] if len(fits) == 1 else None
        return None if found and vague and found.kind != "club" else found

    def only(self, kinds: Sequence[str]) -> Body | None:
        """Return the only body of some kinds."""
        found = [b for b in self.listed.values() if b.kind in kinds]
        return found[0] if len(found) == 1 else None


@lru_cache(maxsize=20_000)
def _may_be_body(name: str) -> bool:
    """Say whether the words of a name allow a body: no outlet, place, law, title or shout."""
    low = name.lower().replace("’", "'")
    if len(name) < 3 or low in outlets() or is_place(low) or low in honorifics():
        return False
    if _NO_BODY.search(low) or name.isupper() and " " in name or is_title(name):
        return False
    last = low.rpartition(" ")[2]
    titled = last != low and last in before_names()
    return not titled or institution_role(name) is not None and last != "officer"


@cache
def _common_pattern() -> re.Pattern:
    nouns = "|".join(sorted(map(re.escape, body_nouns()), key=len, reverse=True))
    return re.compile(rf"\b[Tt]he ((?:[a-z]+ )?({nouns}))\b(?!['’])")
