"""The people of an article and of an event: one entry a person, under one full name."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

from analysis.quotes.attribution import Span
from analysis.quotes.cues import rule_words
from analysis.quotes.gazetteer import first_names
from analysis.quotes.names import Mention, fold
from analysis.quotes.nouns import is_party
from analysis.quotes.roles import Description

_SUFFIXES = rule_words("name_suffixes")


_FACTS = frozenset(["nouns", "told_at", "owner", "role", "role_from"]
                   + ["affiliation", "affiliation_from"])


class Person:
    """
    One person: names printed, gender if known, role and affiliation with their origin.

    What the article says of a person (`_FACTS`) is read when it is first asked for: of most
    people it never is.
    """

    nouns: set[str]
    told_at: Span | None
    owner: str | None
    role: str | None
    role_from: str | None
    affiliation: str | None
    affiliation_from: str | None

    def __init__(self, name: tuple[str, ...], start: int, read: "Reader | None" = None):
        self.forms: defaultdict[str, int] = defaultdict(int)
        self.tokens = name
        self.first = start
        self.count = 0
        self.alone = 0
        self.gender: str | None = None
        self.mentions: list[Mention] = []
        self._read = read

    def __getattr__(self, fact: str):
        """Set all facts; called for one that is not set."""
        if fact not in _FACTS:
            raise AttributeError(fact)
        self.nouns = set()
        self.told_at = self.owner = None
        self.role = self.role_from = self.affiliation = self.affiliation_from = None
        if self._read:
            self._read(self)
        return getattr(self, fact)

    @property
    def is_read(self) -> bool:
        """Whether what the article says of the person has been read."""
        return "nouns" in self.__dict__

    @property
    def sure(self) -> bool:
        """Whether this is surely a person: one with a gender, a role, or a surname used alone."""
        return bool(self.gender or self.alone or self.role or self.nouns)

    @property
    def name(self) -> str:
        """The full name as most often printed; the shorter at a tie."""
        forms = [f for f in self.forms if not f.isupper()] or list(self.forms)
        if not forms:
            return " ".join(self.tokens)
        return max(forms, key=lambda f: (self.forms[f], -len(f)))

    def learn(self, told: Description) -> None:
        """Take role and affiliation from a description where none is known."""
        self.nouns.update(told.nouns)
        if told.role and (self.role is None or self.role_from == "private"):
            self.role, self.role_from = told.role, told.how
        if told.owner and self.owner is None:
            self.owner = told.owner
        weak = (
            self.affiliation_from in ("party", "place") or is_party(self.affiliation)
        ) and told.how not in ("party", "place")
        if told.affiliation and (self.affiliation is None or weak):
            self.affiliation, self.affiliation_from = told.affiliation, told.how

    def inherit(self, other: "Person", origin: str) -> None:
        """Take from another article's entry what this one lacks."""
        self.nouns |= other.nouns
        self.gender = self.gender or other.gender
        if self.role is None and other.role:
            self.role, self.role_from = other.role, origin
        if self.affiliation is None and other.affiliation:
            self.affiliation, self.affiliation_from = other.affiliation, origin


Reader = Callable[[Person], None]


@lru_cache(maxsize=20_000)
def person_key(name: tuple[str, ...]) -> tuple[str, str]:
    """
    Return what two printings of one name share: first and last part, folded.

    >>> person_key(("Kim", "Jong-un")) == person_key(("Kim", "Jong", "Un"))
    True
    >>> person_key(("Ann", "B.", "Lee")) == person_key(("Ann", "Lee"))
    True
    """
    parts = [f for f in map(fold, name) if f not in _SUFFIXES]
    if (
        len(parts) == 3
        and name[1][0].isupper()
        and len(parts[1]) > 2
        and len(parts[2]) <= 4
        and parts[0] not in first_names()
    ):
        return parts[0], parts[1] + parts[2]
    parts = [w for w in parts if len(w) > 1] or [fold(w) for w in name]
    return parts[0], parts[-1]


@lru_cache(maxsize=20_000)
def _parts(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts of a name under which somebody is found."""
    pieces = [piece for w in name for piece in (w, *(w.split("-") if "-" in w else ()))]
    parts = [f for f in map(fold, pieces) if f not in _SUFFIXES and len(f) > 1]
    last = person_key(name)[1]
    return tuple(dict.fromkeys(parts + [last] if len(last) > 1 else parts))


class People:
    """The people of one article (or event), found by full name or by one of its parts."""

    def __init__(self, read: Reader | None = None) -> None:
        self.read = read
        self.by_key: dict[tuple[str, str], Person] = {}
        self.by_part: dict[str, list[Person]] = {}

    def add(self, name: tuple[str, ...], start: int) -> Person:
        """Return the entry of a full name, made on first sight."""
        key = person_key(name)
        person = self.by_key.get(key)
        if person is None:
            person = self.by_key[key] = Person(name, start, self.read)
            for part in _parts(name):
                self.by_part.setdefault(part, []).append(person)
        return person

    def longer(self, name: tuple[str, ...]) -> Person | None:
        """Return the person of whose name these words are the end: "Le Pen" is Marine Le Pen."""
        for person in self.by_part.get(fold(name[-1]), ()):
            if len(person.tokens) > len(name) and person.tokens[-len(name) :] == name:
                return person
        return None

    def remove(self, person: Person) -> None:
        """Forget an entry that is no person."""
        del self.by_key[person_key(person.tokens)]
        for part in _parts(person.tokens):
            self.by_part[part].remove(person)

    def find(self, part: str, gender: str | None = None) -> Person | None:
        """
        Return the person whom one part of a name stands for, or None.

        A last part wins over a first part, then the person named in full most often.
        """
        folded = fold(part)
        listed = self.by_part.get(folded)
        if not listed:
            return None
        if gender:
            listed = [p for p in listed if not p.gender or p.gender == gender]
        if len(listed) < 2:
            return listed[0] if listed else None

        def rank(p: Person) -> tuple[bool, int, int]:
            last = (
                fold(p.tokens[-1]) == folded
                or fold(p.tokens[0]) == folded
                and folded not in first_names()
            )
            return last, p.count, -p.first

        return max(listed, key=rank)
