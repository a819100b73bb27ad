"""What is known of one article: its mentions, people, bodies and sentences."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from analysis.quotes.attribution import Span
from analysis.quotes.bodies import Bodies
from analysis.quotes.gazetteer import first_names, outlets, places
from analysis.quotes.names import Headings, Mention, find_mentions, fold, is_full_name
from analysis.quotes.nouns import institution_role
from analysis.quotes.people import People, Person, person_key
from analysis.quotes.roles import Description
from analysis.quotes.settling import Settling
from analysis.quotes.titles import genders, parties, role_nouns, short_titles
from analysis.quotes.told import LEFT, RIGHT, describe

_STOP = re.compile(r"[.!?…\n]+[”’\"')]*\s*")
_SHORT = re.compile(
    r"\b(?:[A-Z]|Mr|Ms|Dr|St|Lt|Jr|Sr|No|vs|Mrs|Gov|Sen|Rep|Gen|Col|Sgt|Maj|Cpl|Adm|Rev|Hon|Det"
    r"|Prof|Capt|Cmdr|Supt|Insp|Cllr|Sens|Reps)\.\Z"
)
LONGEST = 2000  # characters of a sentence on either side of a place in it
# Told by a party or by a phrase, not by a noun of the lexicon.
UNTITLED = frozenset(["politician", "attorney", "prosecutor"])
LOOKS = 8  # mentions of a person round which a role is sought
RUNNING = re.compile(
    r"(?:['’]s?)? (?:presidential |re-election |election |own )?(?:campaign|administration"
    r"|supporters?"
    r"|rally|rallies|voters?|delegates?|camp|presidency|candidacy|surrogates?|nomination"
    r"|ticket|backers"
    r"|White House|for president|won the|is leading|leads in|has endorsed|allies|aides?)\b"
)
_CHOSEN = re.compile(
    r"\b(?:endors(?:e|ed|es|ing)|nominat(?:e|ed|es|ing)|elect(?:ed|ing)?"
    r"|vot(?:e|ed|es|ing) (?:for|against)"
    r"|candidates? like|support(?:s|ed|ing)? for"
    r"|(?:front-?runners?|rivals?|opponents?|nominees?|candidates?))"
    r"\s(?:[A-Z][\w.]* )?\Z"
)


class Article(Settling):
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
        self.headings = Headings(text)
        head = text.find("\n", 0, 200)
        # a headline names people in an order of its own
        self.body = head + 1 if head > 0 and text[head - 1] not in '.!?”"’' else 0
        self.people = People(self.read_person)
        self._holders: dict[frozenset[str], list[Person]] = {}
        self._early: list[Person] | None = []
        self._collect()

    @cached_property
    def ends(self) -> list[int]:
        """Where sentences end."""
        text, found = self.text, []
        for match in _STOP.finditer(text):
            start, end = match.span()
            if "\n" in text[start:end]:
                found.append(end)
            elif end < len(text) and text[end - 1].isspace():
                opens = text[end].isupper() or text[end] in "“‘\"'" or text[end].isdigit()
                short = text[start] == "." and _SHORT.search(text, max(0, start - 5), start + 1)
                if opens and not short:
                    found.append(end)
        return found

    @cached_property
    def sides(self) -> dict[str, str | None]:
        """The state that "the North" stands for here: the one state of that first word."""
        found: dict[str, set[str]] = {side: set() for side in ("north", "south", "west", "east")}
        for mention in self.mentions:
            first = mention.name[0].lower()
            if first in found:
                place = places().get(" ".join(mention.name).lower())
                if place:
                    found[first].add(place.name)
        return {s: next(iter(names)) if len(names) == 1 else None for s, names in found.items()}

    def sentence(self, position: int) -> Span:
        """Return the sentence that holds a position."""
        at = bisect_right(self.ends, position)
        start = self.ends[at - 1] if at else 0
        end = self.ends[at] if at < len(self.ends) else len(self.text)
        return max(start, position - LONGEST), min(end, position + LONGEST)

    def last_before(self, position: int) -> Mention | None:
        """Return the mention that begins last before a place."""
        at = bisect_left(self.starts, position)
        return self.mentions[at - 1] if at else None

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that begin in a stretch of the text."""
        lo = bisect_left(self.starts, start)
        return self.mentions[lo : bisect_left(self.starts, end, lo)]

    def _collect(self) -> None:
        for mention in self.mentions:
            name = mention.name
            if len(name) == 1 or not is_full_name(name) or mention.start in self.headings:
                continue
            if self._is_phrase(mention):
                continue
            longer = self.people.longer(name)
            if longer:
                longer.alone += 1
                continue
            person = self.people.add(name, mention.start)
            person.count += 1
            person.forms[" ".join(name)] += 1
            if person.gender is None:
                person.gender = gender_of(mention) or first_names().get(fold(name[0]))
            person.mentions.append(mention)
        self._collect_single()
        self._collect_headings()
        self.bodies = Bodies(self.text, self.mentions, self._named)
        self._drop_bodies()
        early, self._early = self._early, None
        for person in early:
            self.settle(person)

    def _collect_single(self) -> None:
        """Give each surname by itself to the person whom it means."""
        find = self.people.find
        for mention in self.mentions:
            if len(mention.name) != 1:
                continue
            gender = gender_of(mention) if mention.titles else None
            person = find(mention.name[0], gender)
            if person:
                person.gender = person.gender or gender
                person.alone += 1
                person.mentions.append(mention)

    def _collect_headings(self) -> None:
        """Find who is named in full only in a heading, and by surname in the text."""
        alone: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            if len(mention.name) == 1:
                alone.setdefault(fold(mention.name[0]), []).append(mention)
        for mention in self.mentions:
            name = mention.name
            if len(name) != 2 or mention.start not in self.headings or not is_full_name(name):
                continue
            if fold(name[0]) not in first_names() or self.people.find(name[1]):
                continue
            later = alone.get(fold(name[1]))
            if later:
                person = self.people.add(name, mention.start)
                person.count, person.alone = 1, len(later)
                person.forms[" ".join(name)] += 1
                person.gender = first_names()[fold(name[0])]
                person.mentions += later

    def read_person(self, person: Person) -> None:
        """Read what the words round the mentions of a person say, then give the body."""
        looks = 0
        for mention in person.mentions:
            if person.role and person.affiliation and person.nouns:
                break
            alone = len(mention.name) == 1
            if alone and person.role is None and self._runs(mention):
                person.role, person.role_from = "official", "office"
                continue
            close = self.text[mention.end : mention.end + 1] in (",", "(")
            if looks < LOOKS and (close or mention.titles or not alone):
                looks += 1
                self._learn(person, mention)
        if self._early is None:
            self.settle(person)
        else:  # while the bodies are still being read
            self._early.append(person)

    def _learn(self, person: Person, mention: Mention) -> None:
        """Read what the words round a mention say."""
        for told in describe(self.text, mention, self.sentence(mention.start)):
            person.learn(self._placed(told))
            if told.nouns and person.told_at is None:
                person.told_at = mention.start, mention.end

    def _runs(self, mention: Mention) -> bool:
        """Say whether somebody stands for office: has a campaign, is endorsed or voted for."""
        after = mention.possessive or self.text[mention.end : mention.end + 1] == " "
        if after and RUNNING.match(self.text, mention.end):
            return True
        return _CHOSEN.search(self.text, max(0, mention.start - 30), mention.start) is not None

    def _named(self, name: str) -> Person | None:
        """Return the person of a full name, or of a surname."""
        words = tuple(name.split())
        if len(words) == 1:
            return self.people.find(name)
        return self.people.by_key.get(person_key(words)) if is_full_name(words) else None

    def _drop_bodies(self) -> None:
        """Take the bodies out of the people."""
        for name in self.bodies.listed:
            person = self._named(name)
            if person and " ".join(person.tokens) == name:
                self.people.remove(person)

    def _placed(self, told: Description) -> Description:
        """Write the state for its adjective, and for "the South": "South Korean" as South Korea."""
        if not told.affiliation:
            return told
        low = told.affiliation.lower()
        place = places().get(low)
        if place and place.how == "adjective":
            return told._replace(affiliation=place.name)
        if low in ("north", "south", "east", "west"):
            return told._replace(affiliation=self.sides[low])
        return told

    def _is_phrase(self, mention: Mention) -> bool:
        """Say whether "of" or "the" before or after makes a run part of a longer name."""
        before = self.text[max(0, mention.start - 4) : mention.start].lower()
        if before == "the " and not mention.titles:
            return True
        if self.text[mention.end : mention.end + 4] != " of ":
            return False
        return (
            fold(mention.name[0]) not in first_names()
            and institution_role(" ".join(mention.name)) is not None
        )

    def holders(self, offices: frozenset[str]) -> list[Person]:
        """Return the people whose titles have one of some nouns."""
        if offices in self._holders:
            return self._holders[offices]
        last = tuple({n.rpartition(" ")[2] for n in offices})
        last += tuple(short for short, noun in short_titles().items() if noun in offices)
        sure = not offices.isdisjoint(UNTITLED)
        self._holders[offices] = [
            p
            for p in self.people.by_key.values()
            if (sure or p.is_read or self._is_near(p, last)) and not offices.isdisjoint(p.nouns)
        ]
        return self._holders[offices]

    def _is_near(self, person: Person, words: tuple[str, ...]) -> bool:
        """Say whether one of some words stands where the titles of a person would."""
        for mention in person.mentions:
            around = self.text[max(0, mention.start - LEFT) : mention.end + RIGHT].lower()
            if any(word in around for word in words):
                return True
        return False

    def resolve(self, mention: Mention, event: "People | None" = None) -> Person | None:
        """Return the person a mention stands for, looking at the event where the article fails."""
        name = mention.name
        if len(name) > 1:
            known = self.people.by_key.get(person_key(name))
            if known and is_full_name(name):
                return known
            return self.people.longer(name)
        word = name[0]
        low = word.lower()
        gender = gender_of(mention)
        person = self.people.find(word, gender) or (event.find(word, gender) if event else None)
        if person is None or low in parties():
            return None
        if low in outlets() and fold(person.tokens[-1]) != low:
            return None
        if low in places() and not mention.titles and word not in person.tokens:
            return None
        return None if low in role_nouns() and fold(person.tokens[-1]) != low else person


def gender_of(mention: Mention) -> str | None:
    """Return the gender that the titles before a name tell: "Ms." is f."""
    for title in mention.titles:
        if title in genders():
            return genders()[title]
    return None
