"""Sources without a name: "the president", "the outlet", "analysts", "a study of wreckage"."""

import re

from analysis.quotes.cues import rule_words, words
from analysis.quotes.gazetteer import outlets, places
from analysis.quotes.nouns import (
    JOINS,
    PERSONAL,
    body_nouns,
    common_role,
    find_head,
    institution_role,
    is_personal,
    is_place,
    noun_role,
    staff_nouns,
)
from analysis.quotes.offices import Offices
from analysis.quotes.people import Person
from analysis.quotes.roles import read_phrase
from analysis.quotes.speaker import OF, UNRESOLVED, Speaker, thing
from analysis.quotes.texts import DEFINITE, plain_phrase
from analysis.quotes.titled import is_rank
from analysis.quotes.titles import honorifics, modifiers, parties, role_nouns

_OWNER = re.compile(r"^(his|her|their|its)\s+", re.I)
_CALLED = re.compile(r",? an? (?:[\w’-]+ ){1,5}(?:named|called) |,? (?:named|called) ")
_SHARE = re.compile(r"\d[\d.,]* ?(?:%|per ?cent\b)|(?:one|two|\d+) (?:in|out of) \w+\b", re.I)
_ONE = re.compile(r"(?:the|an?|his|her|its|their) [a-z’' -]+$", re.I)
_OWN_STAFF = frozenset(["office", "team", "ministry", "department", "administration", "cabinet"])
_AFTER_NOUNS = frozenset(
    ["present", "close", "alike", "alone", "here", "nationwide", "abroad"]
    + ["over", "aged", "overall"]
)
_OWN = re.compile(r"['’]s?$")
_VAGUE = frozenset(["western", "eastern", "northern", "southern", "european", "asian", "arab"])
_SPOKES = frozenset(["spokesman", "spokeswoman", "spokesperson"])
_OUTLETS = rule_words("outlet_nouns")
_COLLECTIVE = rule_words("collective_heads")
_SELF = rule_words("group_roles_own")
_NO_HEAD = rule_words("quantities")


class Unnamed(Offices):
    """Resolve or keep sources that are common nouns."""

    def _common(self, start: int, plain: str) -> Speaker:
        """Read "the president", "the outlet", "analysts", "a study of wreckage"."""
        if not plain.split():
            return UNRESOLVED
        if plain.lower() in ("one of them", "one"):
            return self._one_of(start)
        definite = DEFINITE.match(plain) is not None
        if definite and " and " in plain and not OF.search(plain):
            one, _, two = plain.partition(" and ")
            plain = plain if DEFINITE.match(two) or _is_plural(find_head(one).noun or "") else one
        joint = self._common_joint(start, plain)
        if joint:
            return joint
        cut = _first_preposition(plain)
        head = self._head(plain, cut.start() if cut else len(plain))
        if head is None:
            return self._headless(start, plain)
        bare = definite and not cut
        theirs = plain[:4].lower() in ("his ", "her ") and head in _OWN_STAFF
        body = bare and not theirs and head in body_nouns()
        return (
            self._apposed_to(start, head)
            or self._completed(start + len(plain), head)
            or (self._body_meant(start, plain, head) if body else None)
            or self._of_kind(start, plain, head, bare)
        )

    def _headless(self, start: int, plain: str) -> Speaker:
        """Read "53% of voters", and "the assailant, | Bo Park" though no noun is known."""
        if _SHARE.match(plain):
            return Speaker(plain, "collective", None, "noun", None, None, "many")
        if plain.endswith("-year-old"):
            return Speaker(plain_phrase(plain), "citizen", None, "private")
        named = self._apposed(start + len(plain)) if _ONE.match(plain) else None
        return self._speaker(named) if named else UNRESOLVED

    def _apposed_to(self, start: int, head: str) -> Speaker | None:
        """Return whoever is named right before a phrase: "Ann Lee, | a retired teacher"."""
        single = is_personal(head) and not _is_plural(head)
        named = self.article.last_before(start) if single else None
        if named is None or self.text[named.end : start] != ", ":
            return None
        person = self.article.resolve(named, self.event) if len(named.name) > 1 else None
        return self._speaker(person) if person else None

    def _completed(self, after: int, head: str) -> Speaker | None:
        """Return whoever is named right after a phrase."""
        single = is_personal(head) and not _is_plural(head)
        named = self._apposed(after) if single else None
        return self._speaker(named) if named else None

    def _body_meant(self, start: int, plain: str, head: str) -> Speaker | None:
        """Return the body that "the company" or "his campaign" stands for."""
        if head == "campaign" and _OWNER.match(plain):
            return self._campaign(start, plain)
        body = self.article.bodies.called(head, start)
        if body:
            return self._of_body(body)
        return self._thing_before(head, start) if plain.count(" ") == 1 else None

    def _of_kind(self, start: int, plain: str, head: str, bare: bool) -> Speaker:
        """Read a phrase by what its head noun is for: people, a body, a text, an outlet."""
        if head in _SPOKES:
            return self._spokes(start, plain, head)
        if head in _OUTLETS and (head != "paper" or DEFINITE.match(plain)):
            owned = "'s " in plain.replace("’", "'")
            return self._outlet(start, plain, head, bare and not owned)
        told = self._teller(start, plain, head)
        if told:
            return told
        kind = _kind_of(head)
        if head in body_nouns() and kind != "document":
            kind = "institution"
        if kind in PERSONAL and bare and not _is_plural(head):
            return self._by_title(start, plain, head)
        if kind == "document":
            return self._document(start, plain, head, bare)
        if kind == "institution":
            role = common_role(head) if head in body_nouns() else None
            team = head in ("team", "side", "camp") and "'s " in plain.replace("’", "'")
            role = "institution" if team or role in (None, "official", "expert") else role
            return thing(self._small(start, self._owned(start, plain)), role, "noun")
        return self._people(start, plain, head, kind)

    def _one_of(self, position: int) -> Speaker:
        """Read "one of them" as one of the several who spoke last: "two aides", "aide"."""
        at, speaker = self.history[-1] if self.history else (0, UNRESOLVED)
        name = re.sub(r"^(?:two|three|four|five|some|several|a few)\s+", "", speaker.name or "")
        head = find_head(name)
        if position - at > 700 or speaker.number != "many" or not (head.noun or "").endswith("s"):
            return UNRESOLVED
        single = name[: head.end - 1] + name[head.end :]
        role = noun_role((head.noun or "")[:-1])
        body, told = speaker.affiliation, speaker.affiliation_from
        return Speaker(single, role, body, role and "noun", told)

    def _thing_before(self, noun: str, position: int) -> Speaker | None:
        """Return the body that spoke last, if it can be what "the agency" stands for."""
        role = common_role(noun)
        role = "institution" if role in ("official", "expert") else role
        for at, speaker in reversed(self.history[-3:]):
            named = noun in (speaker.name or "").lower()
            if speaker.number == "thing" and position - at < 700:
                if named or speaker.role == role:
                    return speaker
                if speaker.role is None and role != "institution":
                    return speaker._replace(role=role, role_from="noun")
        return None

    def _common_joint(self, start: int, plain: str) -> Speaker | None:
        """Read "two drivers and a local teacher"."""
        one, joined, two = plain.partition(" and ")
        if not joined or OF.search(plain) or "," in plain:
            return None
        nouns = [find_head(part).noun for part in (one, two)]
        kinds = {_kind_of(n) for n in nouns if n and is_personal(n)}
        if None in nouns or not kinds or not two.split()[0][0].islower():
            return None
        role = kinds.pop() if len(kinds) == 1 else "collective"
        return Speaker(self._small(start, plain), role, None, "noun", None, None, "many")

    def _head(self, plain: str, stop: int) -> str | None:
        """Return the noun of the phrase that says who or what it is, None if none is known."""
        noun, _, end, _ = find_head(plain)
        if noun is None or end > stop and stop == len(plain):
            return None
        before = plain[:stop].rstrip(" ,")
        if end <= stop and plain[end:stop].strip(" ,") and not _goes_on(plain[end:stop]):
            return None
        if end > stop and before.lower().split()[-1] not in _NO_HEAD:
            return None
        return noun

    def _people(self, start: int, plain: str, head: str, kind: str | None) -> Speaker:
        """Keep people without a name under the words that are there."""
        name = self._small(start, self._owned(start, plain.split(", ")[0]))
        if head == "those" and plain.lower().startswith(head):
            name = f"those {name}"
        if " " not in plain or not DEFINITE.match(plain):
            name += self._more(start + len(plain))
        told = read_phrase(self._small(start, plain_phrase(plain)))
        if kind in PERSONAL:
            kind = told.role or kind
        affiliation = told.affiliation
        place = places().get((affiliation or "").lower())
        if (affiliation or "").lower() in _VAGUE:
            affiliation = None
        elif place and place.how == "adjective":
            affiliation = None if _is_plural(head) else place.name
        elif affiliation is None and told.owner:
            body = self.article.bodies.called(told.owner, start)
            affiliation = body.name if body else self._common_owner(plain, told.owner)
            kind = body.people if body and kind in ("business", "advocate") else kind
        elif head in staff_nouns() and kind == "business" and affiliation is None:
            main = self.article.bodies.only(("institution",))
            kind = main.people if main else kind
        if kind == "citizen" and not institution_role(affiliation or ""):
            affiliation = None
        if kind == "unassigned":
            kind = None
        many = kind == "collective" or _is_plural(head)
        return Speaker(
            name,
            kind,
            affiliation,
            "noun" if kind else None,
            "noun" if affiliation else None,
            None,
            "many" if many else "one",
        )

    def _common_owner(self, plain: str, noun: str) -> str | None:
        """Return the name of a body with a common one: "energy ministry"."""
        before = plain[: plain.lower().rfind(noun)].split()
        whole = before and before[-1] in modifiers()
        name = self.article.common_body(noun)
        return f"{before[-1]} {noun}" if whole and name == noun else name

    def _campaign(self, start: int, plain: str) -> Speaker:
        """Read "his campaign" as the campaign of whom "his" means."""
        owner = self.pronoun(start, plain.split()[0].lower())
        if owner and owner.name and owner.number == "one":
            return thing(f"{owner.name.split()[-1]} campaign", "institution", "noun")
        return thing(None, "institution", "noun")

    def _owned(self, start: int, plain: str) -> str:
        """Write the owner for its pronoun: "his critics" are "critics of Bo Park"."""
        owner = _OWNER.match(plain)
        if not owner:
            return plain_phrase(plain)
        who = self.pronoun(start, owner.group(1).lower())
        if who and who.name and who.number == "one" and owner.group(1).lower() in ("his", "her"):
            return f"{plain[owner.end() :]} of {who.name}"
        return plain[owner.end() :]

    def _small(self, start: int, phrase: str) -> str:
        """Return a phrase with a small first letter where only its place made it a capital."""
        if start != self.article.sentence(start)[0] or not phrase[:1].isupper():
            return phrase
        if not self.text.startswith(phrase.split()[0], start):
            return phrase
        first = _OWN.sub("", phrase.split()[0])
        known = first.lower() in places() or first.lower() in outlets() or not first[1:].islower()
        two = _OWN.sub("", " ".join(phrase.split()[:2]))
        titled = first.lower() in honorifics() and phrase[len(first) :].lstrip(". ")[:1].isupper()
        known = known or is_place(two) or titled
        if known or first.lower() in parties() or self._is_name(first, start):
            return phrase
        return phrase[0].lower() + phrase[1:]

    def _apposed(self, after: int) -> Person | None:
        """Return the person named right after a phrase: "its director, | Dr Ann Lee"."""
        apposed = self.article.within(after, after + 30)[:1]
        gap = self.text[after : apposed[0].start] if apposed else ""
        told = gap.removeprefix(", the ") if len(gap) > 6 else ""
        described = told.islower() and (find_head(told).noun or "") == told.strip()
        if gap.startswith(", ") and (described or all(map(is_rank, gap.split()[1:]))):
            return self.article.resolve(apposed[0], self.event)
        named = _CALLED.match(self.text, after, after + 60)
        inside = self.article.within(named.end(), named.end() + 1) if named else ()
        return self.article.resolve(inside[0], self.event) if inside else None


def _first_preposition(plain: str) -> re.Match | None:
    """Return the first preposition that is not inside the name of a body before the noun."""
    start = find_head(plain).start
    for cut in OF.finditer(plain):
        if cut.start() >= start or not JOINS.match(plain, cut.start()):
            return cut
    return None


def _kind_of(head: str) -> str | None:
    """Return the role of an unnamed source from its head noun."""
    role = noun_role(head)
    if head in _SELF:
        return role
    if head in words().documents and role != "institution":
        return "document"
    if head in _COLLECTIVE or role == "collective":
        return "collective"
    if role in PERSONAL and _is_plural(head) or head in parties() and head.endswith("s"):
        return "collective"
    return role


def _is_plural(head: str) -> bool:
    return head.endswith("s") and head[:-1] in role_nouns() or head in ("people", "police")


def _goes_on(rest: str) -> bool:
    """Say whether words after a head noun only describe it: "people waving flags"."""
    first = rest.split()[0].lower()
    if first in _AFTER_NOUNS:
        return True
    return first.endswith(("ing", "ed", "n")) or rest.lstrip()[0] in "(,"
