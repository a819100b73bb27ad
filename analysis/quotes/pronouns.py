"""Pronouns and pairs: whom he, she, it, they and "both leaders" stand for."""

from analysis.quotes.attribution import Attribution, Span
from analysis.quotes.marks import region_at
from analysis.quotes.names import places
from analysis.quotes.roles import institution_role
from analysis.quotes.speaker import STATE_MEDIA, UNRESOLVED, Speaker, listed


class Pronouns:
    """Resolve pronouns from the text before and from who spoke before."""

    def _outside(self, position: int) -> bool:
        return region_at(self.regions, position) < 0

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

    def _person_pronoun(self, position: int, gender: str, found: Attribution | None) -> Speaker:
        """Take the last speaker if nobody came between, else the nearest sentence's subject."""
        last = self._last_speaker(position, gender)
        if gender == "f" and not (last and last[1].gender == "f"):
            certain = self._certain_woman(position)
            if certain:
                return certain
        for start, end in self._sentences_before(position, 4):
            inside = [m for m in self.article.within(start, end) if self._outside(m.start)]
            spoke = last if last and start <= last[0] < end else None
            for mention in [
                *(m for m in inside if not m.possessive),
                *(m for m in inside if m.possessive),
            ]:
                if (
                    found
                    and any(a <= mention.start < b for a, b in found.content)
                    and mention.possessive
                ):
                    continue
                person = self.article.resolve(mention, self.event)
                if not person or person.gender and person.gender != gender:
                    continue
                if spoke and mention.start > spoke[0] and spoke[1].name != person.name:
                    break
                return self._speaker(person)
            if spoke:
                return spoke[1]
        return last[1] if last and position - last[0] < 1500 else UNRESOLVED

    def _certain_woman(self, position: int) -> Speaker | None:
        """Return the nearest person before who is surely a woman, for "she"."""
        for start, end in self._sentences_before(position, 2):
            for mention in self.article.within(start, end):
                person = (
                    self.article.resolve(mention, self.event)
                    if self._outside(mention.start)
                    else None
                )
                if person and person.gender == "f":
                    return self._speaker(person)
        return None

    def _last_speaker(self, position: int, gender: str) -> tuple[int, Speaker] | None:
        for at, speaker in reversed(self.history[-6:]):
            if at < position and speaker.number == "one" and speaker.gender in (None, gender):
                return at, speaker
        return None

    def _plural_pronoun(self, position: int) -> Speaker:
        for at, speaker in reversed(self.history[-4:]):
            if (
                at < position
                and position - at < 700
                and (speaker.number == "many" or " and " in (speaker.name or ""))
            ):
                return speaker
        return UNRESOLVED

    def _thing_pronoun(self, position: int) -> Speaker:
        """Take the nearest state, body, outlet or document that opens a sentence, or spoke."""
        for start, end in self._sentences_before(position, 2):
            for at, speaker in reversed(self.history[-5:]):
                if start <= at < end and speaker.number == "thing":
                    return speaker
            media = STATE_MEDIA.search(self.text, start, end)
            if media and end <= position:
                first = next(
                    (
                        m
                        for m in self.article.within(start, media.start())
                        if m.end >= media.start() - 1 and self._outside(m.start)
                    ),
                    None,
                )
                return (
                    self._state_media(
                        self.text[first.start if first else media.start() : media.end()]
                    )
                    or UNRESOLVED
                )
            for mention in self.article.within(start, end):
                if not self._outside(mention.start):
                    continue
                known = self._known(self.text[mention.start : mention.end])
                if known:
                    return known
                low = " ".join(mention.name).lower()
                if institution_role(low) and not mention.possessive and low not in places():
                    return (
                        self._named_body(mention.start, self.text[mention.start : mention.end])
                        or UNRESOLVED
                    )
        return UNRESOLVED

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
        pair = sorted(top[:2], key=lambda e: e[1])
        people = [self._speaker(e[2]) for e in pair]
        role = people[0].role if people[0].role == people[1].role else None
        return Speaker(
            listed([p.name for p in people]), role, None, people[0].role_from, None, None, "many"
        )
