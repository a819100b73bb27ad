"""Which body the people of an article belong to, once all its people and bodies are known."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from analysis.quotes.attribution import Span
from analysis.quotes.gazetteer import places, places_of
from analysis.quotes.names import Mention, is_full_name
from analysis.quotes.nouns import (
    common_role,
    institution_role,
    is_place,
    sport_nouns,
    staff_nouns,
)
from analysis.quotes.people import Person, person_key
from analysis.quotes.titles import local, national

_STAGE = re.compile(r"\b(?:play|film|stage|cast|opera|ballet|actors?|actress|screenplay)\b")
# Common nouns that tell no body.
_VAGUE = frozenset(["city", "state", "county", "campaign", "party", "government", "town", "house"])
_CAPTAINS = frozenset(["captain", "skipper", "club captain", "team captain"])
_DATELINE = re.compile(r"[^.\n]{3,60}?\s[—–-]\s")
_TOWNS = ("city", "town", "borough", "village")
_HOME = re.compile(r"\b(?:city|town|county|borough|parish|district|village) \Z")
_LAWYERS = frozenset(["lawyer", "attorney", "barrister", "solicitor", "counsel"])
_SPOKES = frozenset(["spokesman", "spokeswoman", "spokesperson"])


class Settling:
    """Give officers their body, write bodies in full, and tell whose role a body makes."""

    def settle(self, person: Person) -> None:
        """Give an officer ("its director, Ann Lee") a body, and write bodies in full."""
        if person.affiliation:
            self.settle_named(person)
        elif person.told_at:
            self._give_body(person)
        self._settle_role(person)

    def _give_body(self, person: Person) -> None:
        """Find the body of an officer whose title names none."""
        body = self.owner_of(person.told_at, person.owner, person.nouns, person.role)
        if body:
            person.affiliation, person.affiliation_from = body[0], "body"
            captain = body[1] == "citizen" and bool(person.nouns & _CAPTAINS)
            if captain or person.nouns & staff_nouns() or person.role is None:
                person.role, person.role_from = body[1], person.role_from or "body"
        elif person.nouns & local():
            town = next((t for t in _TOWNS if f"the {t} " in self.text), None)
            person.affiliation, person.affiliation_from = town, town and "body"
        elif person.nouns and person.nouns <= _SPOKES and person.owner is None:
            near = self.bodies.before(person.told_at[0], ("institution", "business"), 300)
            if near:
                person.affiliation, person.affiliation_from = near.name, "body"
                person.role = near.people
        elif person.role == "official" and person.nouns & national():
            at = person.told_at[0]
            state = self._state_before(at)
            if state is None and person.role_from == "title":
                state = self._only_state(at)
            person.affiliation, person.affiliation_from = state, state and "state"

    def _settle_role(self, person: Person) -> None:
        """Tell private from public, a firm's voice from an office's, stage from firm."""
        name = person.affiliation or ""
        home = person.affiliation_from == "place" or is_place(name)
        if person.role == "citizen" and home:
            person.affiliation = person.affiliation_from = None
        if person.role == "official" and name and person.nouns and person.nouns <= _SPOKES:
            known = home or self.bodies.full(name) or institution_role(name)
            if not (known or self.people.find(name.split()[-1])):
                person.role = "business"
        if person.role == "business" and not name and person.nouns == {"director"}:
            person.role = "expert" if _STAGE.search(self.text) else "business"

    def settle_named(self, person: Person) -> None:
        """Write the body in full; give an aide of somebody named that person's affiliation."""
        name = person.affiliation or ""
        body = self.bodies.full(name)
        if body and body.name != name and person.nouns & local():
            body = None  # "Barlow's mayor" is not of the Barlow Swimming Club
        if body:
            person.affiliation = name if name.startswith(body.name) else body.name
            if person.nouns & staff_nouns():
                person.role = body.people
            return
        if is_place(name):
            return
        words = tuple(name.split())
        owner = (
            self.people.by_key.get(person_key(words))
            if is_full_name(words)
            else self.people.find(words[0])
            if len(words) == 1
            else None
        )
        if owner is None or not owner.sure:
            if person.nouns & _LAWYERS and institution_role(name) is None:
                person.affiliation = person.affiliation_from = None
            return
        if person.nouns & staff_nouns() and person.role == "business":
            person.role = owner.role or "official"
        if owner is person or person.role in ("citizen", "advocate", "expert"):
            person.affiliation = None
        elif owner.affiliation and owner.affiliation_from != "party":
            person.affiliation, person.affiliation_from = owner.affiliation, "title"

    def owner_of(
        self, at: Span, noun: str | None, nouns: set[str], role: str | None
    ) -> tuple[str, str] | None:
        """Return the name and the people's role of the body whose officer is named at a place."""
        start = at[0]
        sporting = nouns & sport_nouns()
        club = self.bodies.ending((noun or "").title()) if sporting and noun in _VAGUE else None
        club = club or (self.bodies.called("club", start) if sporting and not noun else None)
        if club and club.kind == "club":
            return club.name, club.people if nouns & staff_nouns() else "citizen"
        if noun in _VAGUE:
            return None
        if noun:
            body = self.bodies.called(noun, start)
            common = None if body else self.common_body(noun)
            if common:
                return common, common_role(noun) or "official"
            return (body.name, body.people) if body else None
        left = self.text[max(0, start - 60) : start]
        if re.search(
            r"\b(?:[Ii]ts|[Tt]heir|[Oo]ur) (?:[\w’-]+ ){0,5}[\w’-]+,? (?:[A-Z]\w+\.? )?\Z", left
        ):
            meant = self.bodies.meant(start)
            return (meant.name, meant.people) if meant else None
        if not nouns & staff_nouns() or role not in ("business", "advocate", None):
            return None
        kinds = ("advocate", "unknown", "club", "business")[: 2 if role == "advocate" else None]
        known = [kind for kind in kinds if kind != "unknown"]
        body = self.bodies.before(start, kinds) or self.bodies.main(known)
        return (body.name, body.people) if body else None

    def _state_before(self, position: int) -> str | None:
        """Return the state that opens the sentence of a place, or the one before it."""
        start, _ = self.sentence(position)
        begins = [start] if start == 0 else [start, self.sentence(start - 1)[0]]
        for begin in begins:
            dateline = _DATELINE.match(self.text, begin, position)
            begin = dateline.end() if dateline else begin
            for mention in self.within(begin, min(begin + 30, position))[:1]:
                lead = self.text[begin : mention.start].strip()
                place = places().get(" ".join(mention.name).lower())
                plain = lead in ("", "The", "In", "“", '"') and not mention.possessive
                if place and place.state and plain:
                    return place.state
        return None

    def _only_state(self, position: int) -> str | None:
        """Return the one state that the sentence of a place names before it, or the text at all."""
        start, _ = self.sentence(position)
        return _one_state(self.within(start, position)) or self._state

    @cached_property
    def _state(self) -> str | None:
        return _one_state(self.mentions)

    def common_body(self, noun: str) -> str | None:
        """Return the name of a body that has only a common one: "city council", "army"."""
        if common_role(noun) != "official" or noun in _VAGUE:
            return None
        if " " in noun:
            return noun
        for at in places_of(noun, self.text):
            of = _HOME.search(self.text, max(0, at - 10), at)
            if of:
                return of.group() + noun
        return noun


def _one_state(mentions: Sequence[Mention]) -> str | None:
    """Return the only state that mentions name, as printed where that is short: "U.S."."""
    named = [(m, p) for m in mentions if (p := places().get(" ".join(m.name).lower()))]
    if len({p.state for _, p in named}) != 1:
        return None
    state = named[0][1].state
    printed = Counter(" ".join(m.name) for m, p in named if p.how in ("name", "alias"))
    short = [form for form in printed if form.isupper()]
    return state if state in printed or not short else max(short, key=printed.__getitem__)
