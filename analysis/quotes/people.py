"""The people of an article and of an event: one entry a person, under one full name."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from analysis.quotes.attribution import Span
from analysis.quotes.bodies import Bodies, Body, staff_nouns
from analysis.quotes.cues import rule_words
from analysis.quotes.names import (
    Mention,
    find_mentions,
    first_names,
    fold,
    is_full_name,
    outlets,
    places,
)
from analysis.quotes.roles import Description, describe, institution_role
from analysis.quotes.titles import genders, role_nouns

_SENTENCE_END = re.compile(
    r"[.!?…](?<![A-Z]\.)(?<!Mr\.)(?<!Ms\.)(?<!Dr\.)(?<!St\.)(?<!Mrs\.)(?<!Gov\.)(?<!Sen\.)(?<!Rep\.)"
    r"[”’\"')]*\s+(?=[^\W_a-z]|[“‘\"'])|\n+"
)
LONGEST = 2000  # characters of a sentence on either side of a place in it
_STAGE = re.compile(r"\b(?:play|film|stage|cast|opera|ballet|actors?|actress|screenplay)\b")
_SUFFIXES = rule_words("name_suffixes")


class Person:
    """One person: names printed, gender if known, role and affiliation with their origin."""

    def __init__(self, name: tuple[str, ...], start: int):
        self.forms: Counter[str] = Counter()
        self.tokens = name
        self.first = start
        self.count = 0
        self.gender: str | None = None
        self.nouns: set[str] = set()
        self.told_at: Span | None = None
        self.role: str | None = None
        self.role_from: str | None = None
        self.affiliation: str | None = None
        self.affiliation_from: str | None = None

    @property
    def name(self) -> str:
        """The full name as most often printed; the shorter at a tie."""
        forms = [f for f in self.forms if not f.isupper()] or list(self.forms)
        return (
            max(forms, key=lambda f: (self.forms[f], -len(f)))
            if self.forms
            else " ".join(self.tokens)
        )

    def learn(self, told: Description) -> None:
        """Take role and affiliation from a description where none is known."""
        self.nouns.update(told.nouns)
        if told.role and self.role is None:
            self.role, self.role_from = told.role, told.how
        if told.affiliation and self.affiliation is None:
            self.affiliation, self.affiliation_from = told.affiliation, told.how

    def inherit(self, other: "Person", origin: str) -> None:
        """Take from another article's entry what this one lacks."""
        self.nouns |= other.nouns
        self.gender = self.gender or other.gender
        if self.role is None and other.role:
            self.role, self.role_from = other.role, origin
        if self.affiliation is None and other.affiliation:
            self.affiliation, self.affiliation_from = other.affiliation, origin


def person_key(name: Sequence[str]) -> tuple[str, str]:
    """
    Return what two printings of one name share: first and last part, folded.

    >>> person_key(("Kim", "Jong-un")) == person_key(("Kim", "Jong", "Un"))
    True
    >>> person_key(("Ann", "B.", "Lee")) == person_key(("Ann", "Lee"))
    True
    """
    parts = [w for w in name if fold(w) not in _SUFFIXES]
    if (
        len(parts) == 3
        and parts[1][0].isupper()
        and len(fold(parts[1])) > 2
        and len(fold(parts[2])) <= 4
        and fold(parts[0]) not in first_names()
    ):
        return fold(parts[0]), fold(parts[1] + parts[2])
    parts = [w for w in parts if len(fold(w)) > 1] or list(name)
    return fold(parts[0]), fold(parts[-1])


class People:
    """The people of one article (or event), found by full name or by one of its parts."""

    def __init__(self) -> None:
        self.by_key: dict[tuple[str, str], Person] = {}
        self.by_part: dict[str, list[Person]] = {}

    def add(self, name: tuple[str, ...], start: int) -> Person:
        """Return the entry of a full name, made on first sight."""
        key = person_key(name)
        person = self.by_key.get(key)
        if person is None:
            person = self.by_key[key] = Person(name, start)
            for part in dict.fromkeys(
                [fold(w) for w in name if fold(w) not in _SUFFIXES] + [key[1]]
            ):
                if len(part) > 1:
                    self.by_part.setdefault(part, []).append(person)
        return person

    def remove(self, person: Person) -> None:
        """Forget an entry that is no person."""
        self.by_key = {k: p for k, p in self.by_key.items() if p is not person}
        self.by_part = {
            k: [p for p in listed if p is not person] for k, listed in self.by_part.items()
        }

    def find(self, part: str, gender: str | None = None) -> Person | None:
        """
        Return the person whom one part of a name stands for, or None.

        A last part wins over a first part, then the person named in full most often.
        """
        listed = [
            p
            for p in self.by_part.get(fold(part), ())
            if not gender or not p.gender or p.gender == gender
        ]
        if not listed:
            return None
        folded = fold(part)

        def rank(p: Person) -> tuple[bool, int, int]:
            last = (
                fold(p.tokens[-1]) == folded
                or fold(p.tokens[0]) == folded
                and fold(p.tokens[0]) not in first_names()
            )
            return last, p.count, -p.first

        return max(listed, key=rank)


def speaking_for(body: Body) -> str:
    """Return the role of those who speak for a body."""
    if body.kind != "institution":
        return body.role
    return institution_role(body.name) or "official"


class Article:
    """What is known of one article: mentions, people, sentence ends and quotations."""

    def __init__(self, text: str, skip: Sequence[Span] = ()):
        self.text = text
        skipped = list(skip)
        found = find_mentions(text)
        self.mentions = (
            [m for m in found if not any(a <= m.start < b for a, b in skipped)]
            if skipped
            else found
        )
        self.starts = [m.start for m in self.mentions]
        self.ends = [m.end() for m in _SENTENCE_END.finditer(text)]
        head = text.find("\n", 0, 200)
        # a headline names people in an order of its own
        self.body = head + 1 if head > 0 and text[head - 1] not in '.!?”"’' else 0
        self.people = People()
        self.sides = self._read_sides()
        self._collect()

    def _read_sides(self) -> dict[str, str | None]:
        """Give the state that "the North" stands for here: the one state of that first word."""
        found: dict[str, set[str]] = {side: set() for side in ("north", "south", "west", "east")}
        for mention in self.mentions:
            first = mention.name[0].lower()
            if first in found:
                place = places().get(" ".join(mention.name).lower())
                if place:
                    found[first].add(place.name)
        return {
            side: next(iter(names)) if len(names) == 1 else None for side, names in found.items()
        }

    def sentence(self, position: int) -> Span:
        """Return the sentence that holds a position."""
        at = bisect_right(self.ends, position)
        start = self.ends[at - 1] if at else 0
        end = self.ends[at] if at < len(self.ends) else len(self.text)
        return max(start, position - LONGEST), min(end, position + LONGEST)

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that begin in a stretch of the text."""
        lo = bisect_right(self.starts, start - 1)
        return self.mentions[lo : bisect_right(self.starts, end - 1)]

    def _collect(self) -> None:
        described: Counter[tuple[str, str]] = Counter()
        for mention in self.mentions:
            name = mention.name
            if not is_full_name(name) or self._is_phrase(mention):
                continue
            person = self.people.add(name, mention.start)
            person.count += 1
            person.forms[" ".join(name)] += 1
            self._learn_gender(person, mention)
            key = person_key(name)
            if described[key] < 3 and (person.role is None or person.affiliation is None):
                described[key] += 1
                for told in describe(self.text, mention, self.sentence(mention.start)):
                    person.learn(self._placed(told))
                    if told.nouns and person.told_at is None:
                        person.told_at = mention.start, mention.end
        self._collect_titled()
        self._settle()
        self._leave_towns()
        self.bodies = Bodies(self.text, self.mentions, self._is_believed)
        self._drop_bodies()
        self._give_bodies()

    def _is_believed(self, name: str) -> bool:
        """Say whether a name is surely a person's: one with a gender or a role."""
        words = tuple(name.split())
        person = self.people.by_key.get(person_key(words)) if is_full_name(words) else None
        return person is not None and bool(person.gender or person.role)

    def _leave_towns(self) -> None:
        """Take the home of a private person for no affiliation: "a roofer from Tolland"."""
        for person in self.people.by_key.values():
            if person.role == "citizen" and not institution_role(person.affiliation or ""):
                person.affiliation = person.affiliation_from = None

    def _drop_bodies(self) -> None:
        """Take the bodies out of the people."""
        for name in self.bodies.listed:
            words = tuple(name.split())
            person = self.people.by_key.get(person_key(words)) if is_full_name(words) else None
            if person and " ".join(person.tokens) == name:
                self.people.remove(person)

    def _give_bodies(self) -> None:
        """Give officers ("its director, Ann Lee") their body, and write bodies in full."""
        for person in self.people.by_key.values():
            body: Body | None = None
            if person.affiliation is None and person.told_at:
                body = self.bodies.owner(person.told_at, person.nouns, person.role)
                if body and body.kind == "club" and person.nouns & {"captain", "skipper"}:
                    person.role = "citizen"
                if body:
                    person.affiliation, person.affiliation_from = body.name, "body"
            elif person.affiliation:
                body = self.bodies.full(person.affiliation)
                person.affiliation = body.name if body else person.affiliation
            if not body and person.role == "business" and person.nouns == {"director"}:
                person.role = "expert" if _STAGE.search(self.text) else person.role
            led = person.role == "business" or person.nouns & {"spokesman", "spokeswoman"}
            if body and led and person.nouns & staff_nouns():
                person.role = speaking_for(body)

    def _placed(self, told: Description) -> Description:
        """Write the state for its adjective, and for "the South": "South Korean" as South Korea."""
        if not told.affiliation:
            return told
        low = told.affiliation.lower()
        place = places().get(low)
        if place and place.how == "adjective":
            return told._replace(affiliation=place.name)
        if low in self.sides:
            return told._replace(affiliation=self.sides[low])
        return told

    def _settle(self) -> None:
        """Give an aide of somebody named ("Park’s adviser") that person's affiliation."""
        for person in self.people.by_key.values():
            if not person.affiliation:
                continue
            words = tuple(person.affiliation.split())
            owner = (
                self.people.by_key.get(person_key(words))
                if is_full_name(words)
                else self.people.find(words[0])
                if len(words) == 1 and words[0].lower() not in places()
                else None
            )
            if owner:
                person.affiliation = owner.affiliation if owner is not person else None
                person.affiliation_from = owner.affiliation and "title"

    def _is_phrase(self, mention: Mention) -> bool:
        """Say whether "of" or "the" before or after makes a run part of a longer name."""
        before = self.text[max(0, mention.start - 4) : mention.start].lower()
        after = self.text[mention.end : mention.end + 4]
        return (
            before == "the "
            and not mention.titles
            or after == " of "
            and bool(re.match(r" of [A-Z]\w+", self.text[mention.end : mention.end + 12]))
            and fold(mention.name[0]) not in first_names()
            and institution_role(" ".join(mention.name)) is not None
        )

    def _learn_gender(self, person: Person, mention: Mention) -> None:
        if person.gender:
            return
        told = next((genders()[t] for t in mention.titles if t in genders()), None)
        person.gender = told or first_names().get(fold(mention.name[0]))

    def _collect_titled(self) -> None:
        """Learn from "President Park": the title of somebody named in full elsewhere."""
        for mention in self.mentions:
            if len(mention.name) != 1 or not mention.titles:
                continue
            gender = next((genders()[t] for t in mention.titles if t in genders()), None)
            person = self.people.find(mention.name[0], gender)
            if person:
                person.gender = person.gender or gender
                if person.role is None:
                    for told in describe(self.text, mention, self.sentence(mention.start)):
                        person.learn(self._placed(told))

    def resolve(self, mention: Mention, event: "People | None" = None) -> Person | None:
        """Return the person a mention stands for, looking at the event where the article fails."""
        name = mention.name
        low = " ".join(name).lower()
        if low in places() or low.replace("’", "'") in outlets():
            return None
        if len(name) > 1:
            if is_full_name(name):
                return self.people.by_key.get(person_key(name))
            return None
        if name[0].lower() in role_nouns() and name[0].isupper():
            return None
        gender = next((genders()[t] for t in mention.titles if t in genders()), None)
        return self.people.find(name[0], gender) or (event.find(name[0], gender) if event else None)


def merge(articles: Iterable[Article], known: Iterable[str] = ()) -> People:
    """
    Join the people of the articles of one event, and of the names `known` beforehand.

    The commonest printing of a name becomes its form in every article.
    """
    event = People()
    for name in known:
        words = tuple(name.split())
        if is_full_name(words):
            event.add(words, 0).forms[name] += 1
    listed = list(articles)
    for article in listed:
        for person in article.people.by_key.values():
            joined = event.add(person.tokens, person.first)
            joined.forms.update(person.forms)
            joined.count += person.count
            joined.inherit(person, "other article")
    for article in listed:
        for key, person in article.people.by_key.items():
            person.forms = event.by_key[key].forms
            person.inherit(event.by_key[key], "other article")
    return event
