"""The bodies of an article: companies, clubs, unions and councils, and what "the company" is."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon
from analysis.quotes.attribution import Span
from analysis.quotes.names import Mention, outlets, places
from analysis.quotes.roles import institution_role
from analysis.quotes.titles import honorifics, modifiers

NEAR = 700  # characters back to a body that "its" or a title can mean
_NEVER = frozenset(["the", "a", "an"])


class Body(NamedTuple):
    """A body under its full printed name, how it speaks, and the nouns that can stand for it."""

    name: str
    role: str
    nouns: frozenset[str]
    kind: str


@cache
def body_nouns() -> dict[str, frozenset[str]]:
    """Return the kinds (business, club, advocate, institution) of each noun for a body."""
    found: dict[str, set[str]] = {}
    for kind in _KINDS:
        for noun in read_lexicon("roles")["bodies"][kind]:
            found.setdefault(noun, set()).add(kind)
    return {noun: frozenset(kinds) for noun, kinds in found.items()}


@cache
def staff_nouns() -> frozenset[str]:
    """Return the titles that are held in a body, whatever it is."""
    return frozenset(read_lexicon("roles")["bodies"]["staff"])


@cache
def sport_nouns() -> frozenset[str]:
    """Return the titles and trades that are held in a club."""
    return frozenset(read_lexicon("roles")["bodies"]["sport"])


_KINDS = ("business", "club", "advocate", "institution")
_SPOKES = frozenset(["spokesman", "spokeswoman", "spokesperson"])
_BARE_SPOKES = re.compile(r"(?:[.!?”\"’]\s+|\n)(?:Company |Club |Union )?[Ss]pokes\w+ \Z")
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
    r"|initiative|strategy|conference|summit|convention|festival|games|cup|says)$"
)
_SPORT = re.compile(
    r"\b(?:goals?|striker|midfielder|goalkeeper|scored|coach|innings|touchdown|half-time|relegated"
    r"|kick-off|penalty shoot-out|wicket|home run|playoffs?|quarterback)\b"
)
_STOP = re.compile(r"[.!?][”’\"')]*\s+(?=[A-Z“‘\"'])")
_OF = re.compile(r" of (?:the )?(?=[^\W\d_a-z])| & (?=[^\W\d_a-z])")
_NOUN = r"(?:[a-z][\w-]* )?[a-z][\w-]*"
_BEFORE = re.compile(rf"\b({_NOUN}) $", re.I)
_AFTER = re.compile(
    r",? (which\b)|, (?:an?|the|one of) ((?:[\w’'-]+ ){0,5}?[\w’'-]+)"
    r"(?=[,.;]| which| that| in\b| based| behind| of\b| for\b)"
)


class Bodies:
    """Read the bodies named in a text from its runs of capitals."""

    def __init__(self, text: str, mentions: Sequence[Mention], is_person: Callable[[str], bool]):
        self.text, self.is_person = text, is_person
        self.sporting = _SPORT.search(text) is not None
        self.listed: dict[str, Body] = {}
        self.places: list[tuple[int, str]] = []
        runs = list(_joined(text, mentions))
        for start, end, name in runs:
            self._add(start, end, name)
        self._short = self._short_names()
        for start, _, name in runs:
            full = name if name in self.listed else self._short.get(name)
            if full:
                self.places.append((start, full))

    def _add(self, start: int, end: int, name: str) -> None:
        low = name.lower().replace("’", "'")
        if len(name) < 3 or low in outlets() or low in places() or low in honorifics():
            return
        if name.isupper() and (" " in name or self.text[end : end + 2] in (" —", " –", " -")):
            return
        if _NO_BODY.search(low):
            return
        told = self._told(start, end, name)
        if told:
            body = self.listed.get(name)
            nouns = told.nouns | (body.nouns if body else frozenset())
            self.listed[name] = told._replace(nouns=nouns) if body is None else body._replace(
                nouns=nouns
            )

    def _told(self, start: int, end: int, name: str) -> Body | None:
        """Say what kind of body a name is, by the noun beside it or in it."""
        alone = self.text[end : end + 1] != "," and not _beside_noun(self.text, start)
        if alone and " " not in name:
            return None
        beside = self._beside(start, end)
        words = [w.lower().strip(".") for w in name.split()]
        inside = frozenset(w for w in words if w in body_nouns())
        role = institution_role(name)
        if len(words) == 1 and not beside:
            return None
        if beside and beside != "which" and not self.is_person(name):
            kinds = body_nouns()[beside]
            kind = "advocate" if role == "advocate" and "advocate" in kinds else sorted(kinds)[0]
            kind = "institution" if kinds == {"institution"} else kind
            return _body(name, kind, inside | {beside})
        if self.is_person(name):
            return None
        if self.sporting and len(words) > 1 and _CLUB.search(name):
            return _body(name, "club", inside)
        if role == "business" and (institution_role(name.split()[-1]) == role or "&" in name):
            return _body(name, "business", inside)
        if role == "advocate":
            return _body(name, "advocate", inside)
        if inside and len(words) > 1:
            kind = "advocate" if "advocate" in body_nouns()[max(inside)] else "institution"
            return _body(name, kind, inside)
        if beside == "which" and len(words) < 4:
            return _body(name, "unknown", inside)
        return None

    def _beside(self, start: int, end: int) -> str | None:
        """Return the noun for a body right before or in apposition after a name, or "which"."""
        before = _BEFORE.search(self.text, max(0, start - 40), start)
        if before:
            words = before.group(1).lower()
            for noun in (words, words.split()[-1]):
                if noun in body_nouns():
                    return noun
        after = _AFTER.match(self.text, end, end + 90)
        if not after:
            return None
        if after.group(2):
            words = after.group(2).lower().split()
            return next(
                (n for n in (" ".join(words[-2:]), words[-1]) if n in body_nouns()), None
            )
        return "which" if self.text[end] == "," else None

    def _short_names(self) -> dict[str, str]:
        """Return full names by first word ("Norvane") and by initials, where only one has it."""
        short: dict[str, set[str]] = {}
        for name in self.listed:
            words = name.split()
            initials = "".join(w[0] for w in words if w[0].isupper())
            last = words[-1] if self.listed[name].kind == "club" else initials
            for form in (words[0], initials, " ".join(words[:-1]), last):
                if len(form) > 2 and form != name and form.lower() not in modifiers():
                    short.setdefault(form, set()).add(name)
        return {
            form: next(iter(names))
            for form, names in short.items()
            if len(names) == 1 and form.lower() not in body_nouns() and form.lower() not in places()
        }

    def full(self, name: str) -> Body | None:
        """Return the body that a name or its short form stands for."""
        return self.listed.get(name) or self.listed.get(self._short.get(name, ""))

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
        fits = {
            name
            for name, b in self.listed.items()
            if noun in b.nouns
            or not strict
            and (b.kind in kinds or b.kind == "unknown" and "business" in kinds)
        }
        exact = {name for name in fits if noun in self.listed[name].nouns}
        fits = exact if strict or exact else fits
        if "club" in kinds and "business" not in kinds and fits:
            return self.listed[self._main(fits)]
        return self._nearest(fits, position, 10**9)

    def _main(self, fits: set[str]) -> str:
        """Return the body named most often, the first of them at a tie."""
        times = Counter(name for _, name in self.places if name in fits)
        return max(times, key=times.__getitem__)

    def _nearest(self, fits: set[str], position: int, reach: int) -> Body | None:
        for start, name in reversed(self.places):
            if start < position and position - start < reach and name in fits:
                return self.listed[name]
        return self.listed[next(iter(fits))] if len(fits) == 1 and reach > NEAR else None

    def before(self, position: int, kinds: Sequence[str] = (), reach: int = NEAR) -> Body | None:
        """Return the body named last before a place."""
        fits = {n for n, b in self.listed.items() if not kinds or b.kind in kinds}
        return self._nearest(fits, position, reach)

    def _meant(self, position: int) -> Body | None:
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
        found = [(at, self.listed[name]) for at, name in self.named(start, end)]
        for common in _common_pattern().finditer(self.text, start, end):
            phrase = common.group(1)
            noun = phrase.split()[-1]
            kind = sorted(body_nouns()[noun])[0]
            meant = self.called(noun, common.start()) or _body(phrase, kind, frozenset())
            found.append((common.start(), meant))
        return [body for _, body in sorted(found, key=lambda f: f[0])]

    def only(self, kinds: Sequence[str]) -> Body | None:
        """Return the only body of some kinds."""
        found = [b for b in self.listed.values() if b.kind in kinds]
        return found[0] if len(found) == 1 else None

    def owner(self, span: Span, nouns: set[str], role: str | None) -> Body | None:
        """Return the body whose officer is named at `span`: "its director, Ann Lee", or near."""
        start, end = span
        left = _OWNED_BEFORE.search(self.text, max(0, start - 90), start)
        right = None if left else _OWNED_AFTER.match(self.text, end, end + 90)
        owned = left or right
        if owned:
            noun = (owned.group("noun") or "").lower()
            if not noun:
                return self._meant(start)
            if noun.split()[-1] in body_nouns():
                return self.called(noun.split()[-1], start)
        staff = staff_nouns() if role in ("business", "advocate") else frozenset()
        if nouns & sport_nouns():
            clubs = {n for n, b in self.listed.items() if b.kind == "club"}
            if clubs:
                title = set(self.text[max(0, start - 30) : start].split())
                own = {n for n in clubs if title & {n.split()[0], n.split()[-1]}}
                return self.listed[self._main(own or clubs)]
            if not nouns & staff:
                return None
        if nouns & _SPOKES and _BARE_SPOKES.search(self.text, max(0, start - 30), start):
            meant = self._meant(start)
            return meant if meant and meant.name in self.listed else None
        if not nouns & staff:
            return None
        often = {n for n, times in Counter(n for _, n in self.places).items() if times > 1}
        firm = role == "business"
        kinds = ("business", "club", "unknown") if firm else ("advocate",)
        fits = {n for n in often if self.listed[n].kind in kinds}
        found = self._nearest(fits, start, NEAR if firm else NEAR // 2)
        return found or (self.only(kinds) if firm else None)


@cache
def _common_pattern() -> re.Pattern:
    nouns = "|".join(sorted(map(re.escape, body_nouns()), key=len, reverse=True))
    return re.compile(rf"\b[Tt]he ((?:[a-z]+ )?(?:{nouns}))\b(?!['’])")


_OWNED_NOUN = r"(?:[Ii]ts|[Tt]heir|[Oo]ur|[Tt]he (?P<noun>[a-z][\w -]{2,25}?)['’]s?) "
_OWNED_BEFORE = re.compile(rf"\b{_OWNED_NOUN}(?:[\w’-]+ ){{0,5}}?[\w’-]+,? (?:[A-Z]\w+\.? )?\Z")
_OWNED_AFTER = re.compile(rf", {_OWNED_NOUN}")


def _body(name: str, kind: str, nouns: frozenset[str]) -> Body:
    role = {"club": "business", "unknown": "business"}.get(kind, kind)
    return Body(name, role, nouns, kind)


def _joined(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int, str]]:
    """Join runs over "of", "&" and the apostrophe of a plural: "Dockers’ Union" is one name."""
    joined: list[tuple[int, int, str]] = []
    at = 0
    while at < len(mentions):
        first = mentions[at]
        start, end = first.start, first.end
        while at + 1 < len(mentions):
            after = mentions[at + 1]
            gap = text[end : after.start]
            plural = gap in ("’ ", "' ") and text[end - 1] == "s" and _first(after) in body_nouns()
            link = None if _plain(first) in _MEMBERS else _OF.match(text, end)
            if not (plural or link and link.end() == after.start) or after.titles:
                break
            end, at = after.end, at + 1
        name = text[start:end]
        joined.append((start, end, name))
        at += 1
    return joined


def _beside_noun(text: str, start: int) -> bool:
    return text[start - 2 : start - 1].isalpha() and text[start - 1] == " "


_MEMBERS = frozenset(["members", "staff", "head", "heads", "leaders", "pupils", "parts"])


def _plain(mention: Mention) -> str:
    return " ".join(mention.name).lower()


def _first(mention: Mention) -> str:
    return mention.name[-1].lower()
