"""Pronouns and pairs: whom he, she, it, they, who and "both leaders" stand for."""

import re
from functools import cache

from analysis.quotes.attribution import Span
from analysis.quotes.cues import rule_words, words
from analysis.quotes.gazetteer import outlets, places, regions
from analysis.quotes.marks import quoted_regions, region_at
from analysis.quotes.names import Mention
from analysis.quotes.nouns import institution_role, is_place
from analysis.quotes.people import Person
from analysis.quotes.speaker import STATE_MEDIA, UNRESOLVED, Speaker, listed

_SINGULAR = {"he": "m", "she": "f", "him": "m", "her": "f", "his": "m", "hers": "f"}
_PLURAL = frozenset(["they", "them", "their"])
_THING = frozenset(["it", "its"])
FIRST_PERSON = frozenset(["i", "we", "me", "us", "my", "our"])
_RELATIVE = frozenset(["who", "which", "that", "whom", "whose"])
# "It" with a verb of its own, not that of "it is clear that" or "it seems".
_IT = re.compile(
    r"\b[Ii]t (?:has |had |also )?(?!(?:is|was|has|seems|appears|takes)\b)"
    r"(?:said|told|[a-z]+(?:ed|s))\b"
)
_AGED = re.compile(r"\d{1,3}-year-old")
# How a person is called after a part of a state: Oklahoma + n, Vermont + er.
_FROM = (("a", "n"), ("o", "an"), ("t", "er"), ("k", "er"), ("ia", "n"), ("i", "an"), ("d", "er"))
# After these a name is no subject.
_OBJECTS = (
    words().links | rule_words("prepositions") | frozenset(["to", "than", "like", "and", "or"])
)
_NOBODY = frozenset(["you", "one", "this", "these", "those", "what", "there", "your"])
_BOTH = re.compile(
    r"(?:the\s+)?(?:two|both|pair|duo)\s*(?:of\s+the\s+)?(?:leaders|men|women|presidents|ministers"
    r"|prime ministers|candidates|rivals|politicians|governors|senators|mayors|of them)?$"
    r"|the leaders$",
    re.I,
)


@cache
def demonyms() -> frozenset[str]:
    """Return the words for somebody from a place, in small letters: "spaniard", "texan"."""
    formed = {f"{r.removesuffix(e)}{e}{s}" for r in regions() for e, s in _FROM if r.endswith(e)}
    adjectives = {w for w, place in places().items() if place.how == "adjective"}
    return rule_words("demonyms") | formed | adjectives


class Pronouns:
    """Resolve pronouns from the text before and from who spoke before."""

    def pronoun(self, start: int, low: str) -> Speaker | None:
        """Return the speaker of a pronoun, unresolved if need be; None for any other phrase."""
        if low in _SINGULAR:
            return self._person_pronoun(start, _SINGULAR[low])
        if low in _PLURAL:
            return self._plural_pronoun(start)
        if low in _THING:
            return self._thing_pronoun(start)
        if low in FIRST_PERSON:
            return self.first_person(start)
        if low in _RELATIVE:
            return self._antecedent(start)
        if low in _NOBODY:
            return UNRESOLVED
        return self._both(start) if _BOTH.match(low) else None

    def _outside(self, position: int) -> bool:
        """Say whether a place is in no quotation; only the lines asked for are read."""
        start = self.text.rfind("\n", 0, position) + 1
        if start not in self._regions:
            end = self.text.find("\n", position)
            self._regions[start] = quoted_regions(self.text, start, end if end >= 0 else None)
        return region_at(self._regions[start], position) < 0

    def first_person(self, position: int) -> Speaker:
        """Return who is quoted where "I" or "we" stands; the writer has no name here."""
        inside = [s for a, b, s in self.quoted if a <= position < b]
        return inside[-1] if inside else UNRESOLVED

    def demonym(self, start: int, plain: str) -> Speaker | None:
        """Return who was named last where "the Portuguese", "the 43-year-old" stands for one."""
        if plain[:4] not in ("the ", "The "):
            return None
        word = plain[4:].lower()
        from_place = plain[4:5].isupper() and word in demonyms()
        if not (from_place or _AGED.fullmatch(word)) or plain.lower() in outlets():
            return None
        for first, end in self._sentences_before(start, 3):
            for mention in self.article.within(first, end):
                person = self._plain_person(mention.start, mention)
                named = person and (person.sure or len(mention.name) > 1)
                if named and not mention.possessive:
                    return self._speaker(person)
        return None

    def _antecedent(self, position: int) -> Speaker:
        """Return the person, or who spoke, right before "who"."""
        for end in range(position - 1, position - 4, -1):
            if end in self.sources:
                return self.sources[end]
        before = self.article.within(position - 90, position)
        for mention in reversed(before):
            gap = self.text[mention.end : position]
            if not re.fullmatch(r"[,)]?[^.;“”\"]{0,70}?,? ?", gap):
                break
            person = self.article.resolve(mention, self.event)
            if person and (gap.strip(" ,") == "" or gap.startswith((", ", " (", " of "))):
                return self._speaker(person)
            if person:
                break
        return UNRESOLVED

    def _sentences_before(self, position: int, count: int) -> list[Span]:
        """Return the sentence of a position up to it, then `count` sentences before it."""
        start, _ = self.article.sentence(position)
        found = [(start, position)]
        for _ in range(count):
            if start <= 0:
                break
            end = start
            start, _ = self.article.sentence(start - 1)
            found.append((start, end))
        return found

    def _person_pronoun(self, position: int, gender: str) -> Speaker:
        """Take the last speaker if nobody came between, else the nearest sentence's subject."""
        last = self._last_speaker(position, gender)
        near = last and last[0] >= self.article.sentence(position)[0]
        if gender == "f" and not near and not (last and last[1].gender == "f"):
            certain = self._certain_woman(position)
            if certain:
                return certain
        sides: list[Speaker] = []
        own = self.article.sentence(position)[0]
        for start, end in self._sentences_before(position, 4):
            inside = [m for m in self.article.within(start, end) if self._outside(m.start)]
            spoke = last if last and start <= last[0] < end else None
            for mention in inside:
                person = self.article.resolve(mention, self.event)
                if not person or not person.sure or (person.gender or gender) != gender:
                    continue
                if mention.possessive or start == own and self._is_object(mention):
                    sides.append(self._speaker(person))
                    continue
                if spoke and mention.start > spoke[0] and spoke[1].name != person.name:
                    break
                return self._speaker(person)
            if spoke:
                return spoke[1]
        if last and position - last[0] < 1500:
            return last[1]
        return sides[0] if sides else UNRESOLVED

    def _is_object(self, mention: Mention) -> bool:
        """Say whether a name stands after a preposition and is no subject."""
        before = self.text[max(0, mention.start - 24) : mention.start].rstrip().rpartition(" ")[2]
        return before.lower() in _OBJECTS

    def _certain_woman(self, position: int) -> Speaker | None:
        """Return the nearest person before who is surely a woman, for "she"."""
        for start, end in self._sentences_before(position, 2):
            for mention in self.article.within(start, end):
                person = self._plain_person(mention.start, mention)
                if person and person.gender == "f":
                    return self._speaker(person)
        return None

    def _plain_person(self, at: int, mention) -> Person | None:
        return self.article.resolve(mention, self.event) if self._outside(at) else None

    def _last_speaker(self, position: int, gender: str) -> tuple[int, Speaker] | None:
        for at, speaker in reversed(self.history[-6:]):
            fits = speaker.number == "one" and speaker.gender in (None, gender)
            if at < position and fits and self._outside(at):
                return at, speaker
        return None

    def _plural_pronoun(self, position: int) -> Speaker:
        for at, speaker in reversed(self.history[-4:]):
            many = speaker.number == "many" or " and " in (speaker.name or "")
            if at < position and position - at < 700 and many:
                return speaker
        return UNRESOLVED

    def _first_it(self, position: int) -> int:
        """Return where "it" first did something in the sentence: "it vetoed …, and it said"."""
        for match in _IT.finditer(self.text, self.article.sentence(position)[0], position):
            if self._outside(match.start()):
                return match.start()
        return position

    def _thing_pronoun(self, position: int) -> Speaker:
        """Take the nearest state, body, outlet or document that opens a sentence, or spoke."""
        position = self._first_it(position)
        for start, end in self._sentences_before(position, 2):
            for at, speaker in reversed(self.history[-5:]):
                if start <= at < end and speaker.number == "thing":
                    return speaker
            media = STATE_MEDIA.search(self.text, start, end)
            if media and end <= position:
                near = self.article.within(start, media.start())
                first = next((m for m in near if m.end >= media.start() - 1), None)
                begin = first.start if first and self._outside(first.start) else media.start()
                return self._state_media(self.text[begin : media.end()]) or UNRESOLVED
            for mention in self.article.within(start, end):
                told = self._thing_named(mention) if self._outside(mention.start) else None
                if told and (mention.start - start < 6 or not is_place(told.name or "")):
                    return told
        meant = self.article.bodies.meant(position)
        return (
            self._of_body(meant)
            if meant and meant.name in self.article.bodies.listed
            else UNRESOLVED
        )

    def _thing_named(self, mention) -> Speaker | None:
        printed = self.text[mention.start : mention.end]
        known = self._known(printed)
        if known or mention.possessive:
            return known
        body = self.article.bodies.full(printed)
        if body:
            return self._of_body(body)
        if institution_role(printed) and not is_place(printed):
            return self._named_body(mention.start, printed)
        return None

    def _both(self, position: int) -> Speaker:
        """Read "both leaders" as the two people named most before it."""
        joint = self._plural_pronoun(position) if self.history else UNRESOLVED
        if joint.name and joint.number == "many" and joint.name.count(" and ") == 1:
            return joint
        seen: dict[str, list] = {}
        body = self.article.body if position > self.article.body else 0
        for mention in self.article.within(max(body, position - 8000), position)[-400:]:
            person = self.article.resolve(mention, self.event)
            if person and person.role in (None, "official"):
                entry = seen.setdefault(person.name, [0, mention.start, person])
                entry[0] += 1
        top = sorted(seen.values(), key=lambda e: -e[0])[:3]
        if len(top) < 2 or len(top) > 2 and top[2][0] * 2 > top[1][0]:
            return Speaker(None, None, None, None, None, None, "many")
        people = [self._speaker(e[2]) for e in sorted(top[:2], key=lambda e: e[1])]
        role = people[0].role if people[0].role == people[1].role else None
        names = listed([p.name or "" for p in people])
        return Speaker(names, role, None, role and people[0].role_from, None, None, "many")
