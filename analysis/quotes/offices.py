"""Sources under an office or a trade: "the president", "a spokesman", whoever holds it."""

import re

from analysis.quotes.nouns import (
    common_role,
    institution_role,
    is_party,
    is_place,
    noun_role,
)
from analysis.quotes.people import person_key
from analysis.quotes.roles import read_phrase
from analysis.quotes.speaker import Speaker
from analysis.quotes.texts import plain_phrase
from analysis.quotes.titles import genders, same_office

_OWNER = re.compile(r"^(his|her|their|its)\s+", re.I)


class Offices:
    """Resolve those who are called by what they are."""

    def _spokes(self, start: int, plain: str, head: str) -> Speaker:
        """Give a spokesperson the role and affiliation of the body spoken for."""
        told = read_phrase(plain)
        bodies = self.article.bodies
        name = self._small(start, _OWNER.sub("", plain_phrase(plain)))
        body = None
        if told.affiliation:
            body = bodies.full(told.affiliation)
            if body is None:
                role = institution_role(told.affiliation) or self._unknown(told.affiliation)
                role = "official" if role == "expert" and " of " not in told.affiliation else role
                return Speaker(name, role, told.affiliation, "noun", "noun")
        elif told.owner:
            body = bodies.called(told.owner, start)
            if body is None:
                return Speaker(name, common_role(told.owner), None, "noun")
        elif " " not in plain_phrase(plain) or _OWNER.match(plain):
            kinds = ("business", "advocate", "club", "institution")
            body = bodies.before(start, reach=400) or bodies.only(kinds[:3])
            name = self._spoken_for(body.name, head) if body else name
        if body:
            return Speaker(name, body.people, body.name, "body", "body")
        return Speaker(name, "official", None, "noun")

    def _unknown(self, body: str) -> str:
        """Return for whom a name unknown speaks: a politician's people, else a firm's."""
        person = self.article.people.find(body.split()[-1])
        return "official" if person or is_place(body) or is_party(body) else "business"

    def _spoken_for(self, body: str, head: str) -> str:
        """Name a spokesperson by the body: "Holt spokesman", "spokesman for the Milford Trust"."""
        return f"{head} for the {body}" if f"he {body}" in self.text else f"{body} {head}"

    def _by_title(self, position: int, plain: str, head: str) -> Speaker:
        """Resolve "the president" to the nearest person before who has that title."""
        place = re.match(r"(?:the|this|that)\s+([A-Z][\w. ]*?)\s+[a-z]", plain, re.I)
        where = place.group(1).lower() if place and place.group(1)[0].isupper() else None
        offices = same_office().get(head, frozenset()) | {head}
        holders = self.article.holders(offices)
        if where:
            narrowed = [p for p in holders if where in (p.affiliation or "").lower()]
            holders = narrowed or [p for p in holders if not p.affiliation]
        if len(holders) == 1:
            return self._speaker(holders[0])
        for mention in reversed(self.article.within(max(0, position - 6000), position)[-300:]):
            person = self.article.resolve(mention, self.event) if holders else None
            if person in holders:
                return self._speaker(person)
        own = _OWNER.match(plain)
        for at, speaker in reversed(self.history[-4:]):
            if own or position - at > 700 or speaker.number != "one":
                continue
            if genders().get(head, speaker.gender) != speaker.gender and speaker.gender:
                continue
            if self._may_be(speaker, offices, noun_role(head)):
                return self._learned(speaker, noun_role(head), place and place.group(1))
        return self._people(position, plain, head, noun_role(head))

    def _learned(self, speaker: Speaker, role: str | None, home: str | None) -> Speaker:
        """Learn from "the Florida senator" what the person it stands for is."""
        name = tuple((speaker.name or "").split())
        person = self.article.people.by_key.get(person_key(name)) if name else None
        if person is None or person.role or speaker.role or role == "citizen":
            return speaker
        person.role, person.role_from = role, "title"
        if home and is_place(home) and person.affiliation is None:
            person.affiliation, person.affiliation_from = home, "title"
        return self._speaker(person)

    def _may_be(self, speaker: Speaker, offices: frozenset[str], role: str | None) -> bool:
        """Say whether somebody who spoke can be the one whom a title stands for."""
        words = tuple((speaker.name or "").split())
        if offices & set(words):
            return True
        person = self.article.people.by_key.get(person_key(words)) if len(words) > 1 else None
        if person is None:
            return speaker.role == role and speaker.role_from == "noun"
        fits = role in ("official", "expert", "business", "citizen")
        return fits and not person.nouns and speaker.role in (None, role)
