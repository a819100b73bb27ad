"""What is known of one article: its mentions, people, bodies and sentences."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from analysis.quotes.attribution import Span
from analysis.quotes.bodies import Bodies
from analysis.quotes.names import (
    Headings,
    Mention,
    find_mentions,
    first_names,
    fold,
    is_full_name,
    outlets,
    places,
)
from analysis.quotes.nouns import common_role, institution_role, is_place, sport_nouns, staff_nouns
from analysis.quotes.people import People, Person, person_key
from analysis.quotes.roles import Description
from analysis.quotes.titles import genders, national, parties, role_nouns
from analysis.quotes.told import describe

_STOP = re.compile(r"[.!?…\n]+[”’\"')]*\s*")
_SHORT = re.compile(
    r"\b(?:[A-Z]|Mr|Ms|Dr|St|Lt|Jr|Sr|No|vs|Mrs|Gov|Sen|Rep|Gen|Col|Sgt|Maj|Cpl|Adm|Rev|Hon|Det"
    r"|Prof|Capt|Cmdr|Supt|Insp|Cllr|Sens|Reps)\.\Z"
)
LONGEST = 2000  # characters of a sentence on either side of a place in it
LOOKS = 4  # mentions of a person round which a role is sought
_STAGE = re.compile(r"\b(?:play|film|stage|cast|opera|ballet|actors?|actress|screenplay)\b")
# Common nouns that tell no body.
_VAGUE = frozenset(["city", "state", "county", "campaign", "party", "government", "town", "house"])
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
_LAWYERS = frozenset(["lawyer", "attorney", "barrister", "solicitor", "counsel"])
SPOKES = frozenset(["spokesman", "spokeswoman", "spokesperson"])


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
        self.headings = Headings(text)
        head = text.find("\n", 0, 200)
        # a headline names people in an order of its own
        self.body = head + 1 if head > 0 and text[head - 1] not in '.!?”"’' else 0
        self.people = People()
        self._collect()

    @cached_property
    def ends(self) -> list[int]:
        """Where sentences end."""
        text, found = self.text, []
        for match in _STOP.finditer(text):
            stop, end = match.group(), match.end()
            if "\n" in stop:
                found.append(end)
            elif stop[-1].isspace() and end < len(text):
                opens = text[end].isupper() or text[end] in "“‘\"'" or text[end].isdigit()
                at = match.start() + 1
                if opens and not (stop[0] == "." and _SHORT.search(text, max(0, at - 6), at)):
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

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the mentions that begin in a stretch of the text."""
        lo = bisect_right(self.starts, start - 1)
        return self.mentions[lo : bisect_right(self.starts, end - 1)]

    def _collect(self) -> None:
        full: list[tuple[Mention, Person]] = []
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
                person.gender = _gender(mention) or first_names().get(fold(name[0]))
            full.append((mention, person))
        for mention, person in full:
            self._learn(person, mention)
        self._collect_single()
        self.bodies = Bodies(self.text, self.mentions, self._is_believed)
        self._drop_bodies()
        self._settle()

    def _learn(self, person: Person, mention: Mention) -> None:
        """Read what the words round a mention say, while something is lacking."""
        if person.looks >= LOOKS or person.role and person.affiliation and person.nouns:
            return
        person.looks += 1
        for told in describe(self.text, mention, self.sentence(mention.start)):
            person.learn(self._placed(told))
            if told.nouns and person.told_at is None:
                person.told_at = mention.start, mention.end

    def _collect_single(self) -> None:
        """Learn from a surname: its title ("President Park") and what is said to be theirs."""
        for mention in self.mentions:
            if len(mention.name) != 1:
                continue
            person = self.people.find(mention.name[0]) if not mention.titles else None
            if mention.titles:
                gender = _gender(mention)
                person = self.people.find(mention.name[0], gender)
                if person:
                    person.gender = person.gender or gender
            if person is None:
                continue
            person.alone += 1
            if person.role is None and person.count and self._runs(mention):
                person.role, person.role_from = "official", "office"
            elif mention.titles or self.text[mention.end : mention.end + 1] in (",", "("):
                self._learn(person, mention)

    def _runs(self, mention: Mention) -> bool:
        """Say whether somebody stands for office: has a campaign, is endorsed or voted for."""
        after = mention.possessive or self.text[mention.end : mention.end + 1] == " "
        if after and RUNNING.match(self.text, mention.end):
            return True
        return _CHOSEN.search(self.text, max(0, mention.start - 30), mention.start) is not None

    def _is_believed(self, name: str) -> bool:
        """Say whether a name is surely a person's: one with a gender or a role."""
        words = tuple(name.split())
        person = self.people.by_key.get(person_key(words)) if is_full_name(words) else None
        return person is not None and bool(person.gender or person.role or person.nouns)

    def _drop_bodies(self) -> None:
        """Take the bodies out of the people."""
        for name in self.bodies.listed:
            words = tuple(name.split())
            person = self.people.by_key.get(person_key(words)) if is_full_name(words) else None
            if person and " ".join(person.tokens) == name:
                self.people.remove(person)

    def _settle(self) -> None:
        """Give officers ("its director, Ann Lee") their body, and write bodies in full."""
        for person in self.people.by_key.values():
            if person.affiliation:
                self._settle_named(person)
            elif person.told_at:
                body = self.owner_of(person.told_at, person.owner, person.nouns, person.role)
                if body:
                    person.affiliation, person.affiliation_from = body[0], "body"
                    if person.nouns & staff_nouns() or person.role is None:
                        person.role, person.role_from = body[1], person.role_from or "body"
            home = person.affiliation_from == "place" or is_place(person.affiliation or "")
            if person.role == "official" and person.nouns and person.nouns <= SPOKES:
                name = person.affiliation or ""
                known = home or not name or self.bodies.full(name) or institution_role(name)
                mine = known or self.people.find(name.split()[-1])
                person.role = "official" if mine else "business"
            if person.role == "citizen" and home:
                person.affiliation = person.affiliation_from = None
            if not person.affiliation and person.told_at and person.nouns & national():
                state = self._state_before(person.told_at[0]) if person.role == "official" else None
                person.affiliation, person.affiliation_from = state, state and "state"
            if not person.affiliation and person.role == "business":
                stage = person.nouns == {"director"} and _STAGE.search(self.text)
                person.role = "expert" if stage else person.role

    def _settle_named(self, person: Person) -> None:
        """Write the body in full; give an aide of somebody named that person's affiliation."""
        name = person.affiliation or ""
        body = self.bodies.full(name)
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
        if noun in _VAGUE:
            return None
        club = self.bodies.called("club", start) if nouns & sport_nouns() and not noun else None
        if club and club.kind == "club":
            return club.name, club.people if nouns & staff_nouns() else "citizen"
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
        kinds = ("business", "club", "advocate", "unknown")
        body = self.bodies.before(start, kinds) or self.bodies.main(kinds[:3])
        return (body.name, body.people) if body else None

    def _state_before(self, position: int) -> str | None:
        """Return the state that opens the sentence of a place, or the one before it."""
        start, _ = self.sentence(position)
        begins = [start] if start == 0 else [start, self.sentence(start - 1)[0]]
        for begin in begins:
            for mention in self.within(begin, min(begin + 40, position))[:3]:
                lead = self.text[begin : mention.start]
                place = places().get(" ".join(mention.name).lower())
                if (
                    place
                    and place.state
                    and (
                        not lead.strip() or lead.rstrip()[-1] in '-–—“"' or lead in ("The ", "In ")
                    )
                ):
                    return place.state
        return None

    def common_body(self, noun: str) -> str | None:
        """Return the name of a body that has only a common one: "city council", "army"."""
        if common_role(noun) != "official" or noun in _VAGUE:
            return None
        if " " in noun:
            return noun
        longer = re.search(
            rf"\b(?:city|town|county|borough|parish|district|village) {noun}\b", self.text
        )
        return longer.group() if longer else noun

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
        gender = _gender(mention)
        person = self.people.find(word, gender) or (event.find(word, gender) if event else None)
        if person is None or low in parties():
            return None
        if low in outlets() and fold(person.tokens[-1]) != low:
            return None
        if low in places() and not mention.titles and word not in person.tokens:
            return None
        return None if low in role_nouns() and fold(person.tokens[-1]) != low else person


def _gender(mention: Mention) -> str | None:
    for title in mention.titles:
        if title in genders():
            return genders()[title]
    return None


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
    if len(listed) == 1 and not event.by_key:
        return listed[0].people
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
