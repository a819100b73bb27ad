"""
Speakers: one canonical name for the source of each attribution.

Names, surnames, titles, pronouns and definite phrases are resolved inside the article,
then among the articles of one event. What stays doubtful stays missing.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from analysis.quotes.attribution import Attribution, Span
from analysis.quotes.marks import Region, quoted_regions, region_at
from analysis.quotes.names import outlets, places
from analysis.quotes.people import Article, People, Person
from analysis.quotes.roles import affiliation_in, institution_role, role_of
from analysis.quotes.titles import role_nouns


class Speaker(NamedTuple):
    """Who speaks: canonical name, role and affiliation, each None where unknown."""

    name: str | None
    role: str | None = None
    affiliation: str | None = None
    role_from: str | None = None
    affiliation_from: str | None = None
    gender: str | None = None
    number: str = "one"  # one, many or thing


UNRESOLVED = Speaker(None)
_SINGULAR = {"he": "m", "she": "f", "him": "m", "her": "f", "his": "m"}
_PLURAL = frozenset(["they", "them", "their"])
_THING = frozenset(["it", "its"])
_BOTH = re.compile(r"(?:the\s+)?(?:two|both|pair|duo)\s*(?:of\s+the\s+)?(?:leaders|men|women|presidents|ministers|candidates|rivals|politicians|prime ministers|sides|governors|senators|mayors|players|teams|of them)?$|the leaders$|(?:the )?pair$", re.I)
_DEFINITE = re.compile(r"(?:the|this|that|his|her|their|its)\s+", re.I)
_POSSESSIVE_END = re.compile(r"(?:['’]s|['’])$")
_STATE_MEDIA = re.compile(r"(?:state(?:-run|-owned|-controlled)?|official|government-run|party)\s+(?:news\s+)?(?:media|television|tv|radio|broadcaster|newspaper|news agency|agency)\b|state media|state tv", re.I)
_LIST = re.compile(r"\s*,\s+and\s+|\s*,\s+|\s+and\s+|\s+&\s+")
_OF = re.compile(r"\s(?:of|for|at|from|in|to|with|on|who|that|which|by|inside|among|near|about|against)\s", re.I)


class Resolver:
    """Resolve the sources of one article, in text order."""

    def __init__(self, article: Article, event: People | None, regions: Sequence[Region] | None = None):
        self.article, self.event = article, event
        self.text = article.text
        self.regions = list(regions if regions is not None else quoted_regions(article.text))
        self.history: list[tuple[int, Speaker]] = []
        self._titled_people: dict[str, list[Person]] | None = None

    def resolve(self, found: Attribution) -> Speaker:
        """Return the speaker of one attribution."""
        if found.source is None:
            cue = self.text[slice(*found.cue)].lower() if found.cue else ""
            if "accus" in cue or "blam" in cue or found.rule == "passive":
                return Speaker("unattributed", "collective", None, "passive", None, None, "many")
            return UNRESOLVED
        speaker = self._read(*self._trimmed(*found.source), found)
        if speaker.name:
            self.history.append((found.source[0], speaker))
        return speaker

    def _trimmed(self, start: int, end: int) -> Span:
        while start < end and not self.text[start].isalnum():
            start += 1
        while end > start and not (self.text[end - 1].isalnum() or self.text[end - 1] in ".)"):
            end -= 1
        return start, end

    def _read(self, start: int, end: int, found: Attribution | None) -> Speaker:
        phrase = self.text[start:end]
        plain = _POSSESSIVE_END.sub("", phrase)
        low = plain.lower().replace("’", "'")
        if low in _SINGULAR:
            return self._person_pronoun(start, _SINGULAR[low], found)
        if low in _PLURAL:
            return self._plural_pronoun(start)
        if low in _THING:
            return self._thing_pronoun(start)
        if low in ("i", "we", "you", "me", "us", "who", "which", "that", "one", "this"):
            return UNRESOLVED
        if _BOTH.match(low):
            return self._both(start)
        return (self._joint(start, start + len(plain), found) or self._state_media(plain)
                or self._person(start, start + len(plain)) or self._known(plain)
                or self._named_body(start, plain) or self._common(start, plain))

    # ------------------------------------------------------------ names

    def _speaker(self, person: Person) -> Speaker:
        return Speaker(person.name, person.role, person.affiliation, person.role_from,
                       person.affiliation_from, person.gender)

    def _person(self, start: int, end: int) -> Speaker | None:
        """Read a phrase that holds a person's name where the speaker's name would stand."""
        cut = _OF.search(self.text, start, end)
        for mention in self.article.within(start, end):
            if mention.possessive and mention.end < end - 3:
                continue
            inside = cut is not None and mention.start > cut.start()
            if inside and not (mention.end >= end - 1 and self._is_long_title(start, cut, mention)):
                continue
            person = self.article.resolve(mention, self.event)
            if person:
                return self._speaker(person)
            if mention.titles and len(mention.name) == 1 and mention.name[0][0].isupper():
                return self._titled(start, end, mention)
            kin = re.fullmatch(r"(?:his|her|their) (?:\w+ )?(\w+), ", self.text[start:mention.start], re.I)
            if kin and kin.group(1).lower() in role_nouns():
                return Speaker(" ".join(mention.name))
        return None

    def _is_long_title(self, start: int, cut: re.Match, mention) -> bool:
        """Say whether "of" stands inside a title: "Secretary of State Antony Blinken"."""
        return cut.group().strip() == "of" and bool(mention.titles)

    def _titled(self, start: int, end: int, mention) -> Speaker:
        """Keep "Councillor Park" under the name that is there."""
        title = self.text[start:mention.start]
        role, _ = role_of(title)
        name = " ".join(mention.name)
        if name.lower() in places():
            return self._known(name) or UNRESOLVED
        honorific = next((t for t in mention.titles if t.rstrip(".") in ("mr", "mrs", "ms", "miss", "dr")), None)
        shown = self.text[mention.start:end] if not honorific else self.text[mention.start:mention.end]
        affiliation = affiliation_in(title.strip()) if title.strip() else None
        return Speaker(shown if honorific or role is None else name, role, affiliation, "title" if role else None,
                       "title" if affiliation else None)

    def _known(self, plain: str) -> Speaker | None:
        """Read states, capitals, bodies and outlets."""
        bare = re.sub(r"^(?:the|The)\s+", "", plain)
        low = bare.lower().replace("’", "'")
        for words in (low, re.sub(r"^(?:[\w.]+\s+)*?(?:outlet|agency|newspaper|broadcaster|magazine|network|website)\s+", "", low),
                      re.sub(r"\s+(?:news|newspaper|magazine|agency|news agency)$", "", low)):
            if words in outlets():
                name, role = outlets()[words]
                return Speaker(name if role == "state_media" else bare, role, None, "lexicon", None, None, "thing")
        place = places().get(low)
        if place and place.how != "adjective":
            return Speaker(place.name, "institution", None, "lexicon", None, None, "thing")
        side = self.article.sides.get(low)
        if side:
            return Speaker(side, "institution", None, "lexicon", None, None, "thing")
        return None

    def _state_media(self, plain: str) -> Speaker | None:
        if not _STATE_MEDIA.search(plain):
            return None
        bare = re.sub(r"^.*\b(?:from|by|of|in|on)\s+|^the\s+", "", plain, flags=re.I)
        bare = re.sub(r"^the\s+", "", bare, flags=re.I)
        words = bare.split()
        named = next((outlets()[w.lower()] for w in reversed(words) if w.lower() in outlets()), None)
        if named:
            return Speaker(named[0], named[1], None, "lexicon", None, None, "thing")
        return Speaker(bare, "state_media", None, "noun", None, None, "thing")

    def _named_body(self, start: int, plain: str) -> Speaker | None:
        """Keep an organisation under its printed name."""
        if not plain[:1].isupper() and not re.match(r"the\s+[A-Z]", plain):
            return None
        role, _ = role_of(plain)
        words = [w for w in re.findall(r"[\w’'.&-]+", plain) if w.lower() not in ("the", "of", "and", "for", "on", "in", "a")]
        capital = [w for w in words if w[0].isupper() or w[0].isdigit()]
        if len(capital) < len(words) or start == self.article.sentence(start)[0] and len(words) == 1 and words[0].lower() in role_nouns():
            return None
        if len(words) == 1 and not words[0].isupper() and not self._seen_elsewhere(words[0], start):
            return None
        name = re.sub(r"^The\s", "the ", plain)
        if len(words) == 1 and not institution_role(self._longer_name(plain)) and not words[0].isupper():
            return Speaker(plain)
        told = institution_role(plain) or institution_role(self._longer_name(plain))
        role = told if told in ("media", "business", "advocate") and "ssociation" not in plain \
            else "institution"
        return Speaker(name, role, None, "noun", None, None, "thing")

    def _longer_name(self, word: str) -> str:
        """Return the fuller name of a body that the article gives elsewhere: "Norvane Inc."."""
        return next((" ".join(m.name) for m in self.article.within(0, 40_000)[:400]
                     if m.name[0] == word and len(m.name) > 1), word)

    def _seen_elsewhere(self, word: str, start: int) -> bool:
        return any(m.name[0] == word and m.start != start and m.start != self.article.sentence(m.start)[0]
                   for m in self.article.within(start - 6000, start + 6000)[:800]) or start != self.article.sentence(start)[0]

    def _joint(self, start: int, end: int, found: Attribution | None) -> Speaker | None:
        """Read "Washington and Seoul", "the UN, the US, and Ukraine", "Ann Lee and Bo Park"."""
        both = re.match(r"both\s+", self.text[start:end], re.I)
        start += both.end() if both else 0
        phrase = self.text[start:end]
        if " and " not in phrase and " & " not in phrase or _OF.search(phrase):
            return None
        pieces, at = [], start
        for gap in [*_LIST.finditer(phrase), None]:
            stop = start + gap.start() if gap else end
            pieces.append((at, stop))
            at = start + gap.end() if gap else end
        read = []
        for a, b in pieces:
            mentions = self.article.within(a, b)
            speaker = (self._person(a, b) if mentions else None) or self._known(self.text[a:b])
            read.append(speaker)
        if all(s and s.name for s in read):
            roles = {s.role for s in read}
            things = all(s.number == "thing" for s in read)
            return Speaker(_listed([s.name for s in read]), roles.pop() if len(roles) == 1 else None,
                           None, read[0].role_from, None, None, "thing" if things else "many")
        if any(s and s.number == "thing" for s in read):
            return Speaker(re.sub(r",\s+and\s", " and ", phrase), "institution", None, "lexicon", None, None, "thing")
        return None

    # ------------------------------------------------------------ pronouns

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
        """Take the last speaker if nobody else came between, else the nearest sentence's subject."""
        last = self._last_speaker(position, gender)
        if gender == "f" and not (last and last[1].gender == "f"):
            certain = self._certain_woman(position)
            if certain:
                return certain
        for start, end in self._sentences_before(position, 4):
            inside = [m for m in self.article.within(start, end) if self._outside(m.start)]
            spoke = last if last and start <= last[0] < end else None
            for mention in [*(m for m in inside if not m.possessive), *(m for m in inside if m.possessive)]:
                if found and any(a <= mention.start < b for a, b in found.content) and mention.possessive:
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
                person = self.article.resolve(mention, self.event) if self._outside(mention.start) else None
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
            if at < position and position - at < 700 and (speaker.number == "many" or " and " in (speaker.name or "")):
                return speaker
        return UNRESOLVED

    def _thing_pronoun(self, position: int) -> Speaker:
        """Take the nearest state, body, outlet or document that opens a sentence, or spoke."""
        for start, end in self._sentences_before(position, 2):
            for at, speaker in reversed(self.history[-5:]):
                if start <= at < end and speaker.number == "thing":
                    return speaker
            media = _STATE_MEDIA.search(self.text, start, end)
            if media and end <= position:
                first = next((m for m in self.article.within(start, media.start())
                              if m.end >= media.start() - 1 and self._outside(m.start)), None)
                return self._state_media(self.text[first.start if first else media.start():media.end()]) or UNRESOLVED
            for mention in self.article.within(start, end):
                if not self._outside(mention.start):
                    continue
                known = self._known(self.text[mention.start:mention.end])
                if known:
                    return known
                low = " ".join(mention.name).lower()
                if institution_role(low) and not mention.possessive and low not in places():
                    return self._named_body(mention.start, self.text[mention.start:mention.end]) or UNRESOLVED
        return UNRESOLVED

    def _both(self, position: int) -> Speaker:
        """Read "both leaders" as the two people named most before it."""
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
        return Speaker(_listed([p.name for p in people]), role, None, people[0].role_from, None, None, "many")

    # ------------------------------------------------------------ common nouns

    def _common(self, start: int, plain: str) -> Speaker:
        """Read "the president", "the outlet", "analysts", "a study of wreckage"."""
        words = plain.split()
        if not words:
            return UNRESOLVED
        cut = _OF.search(plain)
        head_part = _PARTICIPLE.split(plain[:cut.start()] if cut else plain)[0]
        head = re.sub(r"['’]s$", "", head_part.split()[-1].lower())
        if head not in role_nouns():
            head = next((w for w in reversed(head_part.lower().split()) if w in _COLLECTIVE), head)
        role = role_nouns().get(head)
        definite = _DEFINITE.match(plain) is not None
        if _NOUNS_OUTLET.get(head) or head == "agency":
            outlet = self._last_outlet(start) if definite and not cut else UNRESOLVED
            if outlet.name or definite and head != "agency":
                return outlet
        if _NOUNS_OUTLET.get(head):
            return Speaker(_unarticled(plain), "media", None, "noun", None, None, "thing")
        origin = re.search(r"\s(?:by|from)\s+(.+)$", plain)
        if origin and head in _TEXTS:
            a = start + origin.start(1)
            told = self._read(a, start + len(plain), None)
            if told.name:
                return told
        if definite and not cut and role in ("official", "expert", "business", "advocate", "media", "citizen") and not head.endswith("s"):
            return self._by_title(start, plain, head)
        kind = _kind_of(head, plain)
        if kind in ("official", "expert", "business", "advocate"):
            kind = role_of(plain)[0] or kind
        kind = None if kind == "unassigned" else kind
        if kind is None:
            return Speaker(_lowered(plain, self.article.sentence(start)[0] == start)) if not definite else UNRESOLVED
        if kind == "document":
            return Speaker(self._document_name(start, plain, head), "document", None, "noun", None, None, "thing")
        name = _lowered(_unarticled(plain) if kind != "institution" else plain, self.article.sentence(start)[0] == start)
        if kind == "institution":
            return Speaker(re.sub(r"^The\s", "the ", name), kind, None, "noun", None, None, "thing")
        affiliation = self._unnamed_affiliation(plain, head_part)
        many = kind == "collective" or head.endswith("s")
        return Speaker(name, kind, affiliation, "noun", "noun" if affiliation else None, None, "many" if many else "one")

    def _unnamed_affiliation(self, plain: str, head_part: str) -> str | None:
        words = _unarticled(head_part).split()[:-1]
        if words and words[0][0].isupper() and words[0].lower() not in ("the", "a", "some", "many", "several", "western", "other", "unnamed", "anonymous", "former", "senior", "local"):
            name = " ".join(words)
            return re.sub(r"['’]s$", "", name)
        cut = _OF.search(plain)
        return affiliation_in(plain) if cut else None

    def _last_outlet(self, position: int) -> Speaker:
        for at, speaker in reversed(self.history[-40:]):
            if at < position and speaker.role in ("media", "state_media"):
                return speaker
        for mention in reversed(self.article.within(position - 8000, position)):
            low = " ".join(mention.name).lower().replace("’", "'")
            if low in outlets():
                name, role = outlets()[low]
                return Speaker(name if role == "state_media" else " ".join(mention.name), role, None, "lexicon", None, None, "thing")
        return Speaker(None, "media", None, "noun", None, None, "thing")

    def _by_title(self, position: int, plain: str, head: str) -> Speaker:
        """Resolve "the president" to the nearest person before who has that title."""
        before = self.article.within(max(0, position - 6000), position)[-300:]
        for mention in reversed(before):
            person = self.article.resolve(mention, self.event)
            if person and head in person.nouns:
                return self._speaker(person)
        holders = self._holders().get(head, ())
        if len(holders) == 1:
            return self._speaker(holders[0])
        own = re.match(r"(?:his|her|their|its)\s", plain, re.I)
        for at, speaker in reversed(self.history[-1:]):
            if not own and position - at < 400 and speaker.number == "one" and speaker.role == role_nouns().get(head):
                return speaker
        return Speaker(None, role_nouns().get(head), None, "noun")

    def _holders(self) -> dict[str, list[Person]]:
        """Return the people of the article by the nouns of their titles."""
        if self._titled_people is None:
            self._titled_people = {}
            for person in self.article.people.by_key.values():
                for noun in person.nouns:
                    self._titled_people.setdefault(noun, []).append(person)
        return self._titled_people

    def _document_name(self, start: int, plain: str, head: str) -> str:
        """Name a document: "A study of wreckage from ..." is "study of wreckage"."""
        bare = _unarticled(plain)
        of = re.match(r"(.*?\bof\b (?:the |a )?[\w’'-]+)", bare)
        if of:
            return _lowered(of.group(1), True)
        if _DEFINITE.match(plain) and len(bare.split()) == 1:
            return self._introduced(start, head) or bare
        whole = self._whole(start, start + len(plain))
        if whole:
            return whole
        shorter = _OF.split(bare)[0]
        return _lowered(shorter, True) if not shorter[:2].isupper() else shorter

    def _whole(self, start: int, end: int) -> str | None:
        """Name the document of which a clause is part: "a “trade agreement,” one clause of which"."""
        if not re.match(r"\s+of which\b", self.text[end:end + 12]):
            return None
        before = re.search(r"\b(?:a|an|the)\s+[“‘\"']?([^“”‘\"',;.]{3,60}?),?[”’\"']?,?\s*$",
                           self.text[max(0, start - 80):start], re.I)
        return before.group(1) if before else None

    def _introduced(self, position: int, head: str) -> str | None:
        """Return the fuller name under which "the clause" was introduced: "a clause on aid"."""
        pattern = re.compile(rf"\b{re.escape(head)} (?:on|of|about) (?:the )?([a-z]\w+(?: [a-z]\w+)?)(?=[.,;])", re.I)
        match = pattern.search(self.text, max(0, position - 8000), position)
        return f"{match.group(1)} {head}" if match else None


_PARTICIPLE = re.compile(r"\s(?!being\b|king\b)\w+(?:ing\s|ed$)")
_TEXTS = frozenset(["portrayal", "account", "description", "statement", "remarks", "letter", "message", "statements", "comments", "version", "interview", "email", "e-mail", "release", "testimony"])
_NOUNS_OUTLET = {noun: True for noun in ("outlet", "newspaper", "paper", "broadcaster", "magazine", "network", "station", "website", "site", "channel", "tabloid", "publication")}
_COLLECTIVE = frozenset("""analysts observers people crowd crowds officials critics supporters sources source many some others
several most protesters commentators users opponents experts lawyers witnesses residents voters economists scientists
historians diplomats aides""".split())


def _kind_of(head: str, plain: str) -> str | None:
    """Return the role of an unnamed source from its head noun."""
    from analysis.quotes.cues import words

    role = role_nouns().get(head)
    if head in words().documents and role not in ("institution",):
        return "document"
    if head in _COLLECTIVE or role == "collective":
        return "collective"
    if role and role not in ("institution", "document") and head.endswith("s") and head[:-1] in role_nouns():
        return "collective"
    return role


def _unarticled(phrase: str) -> str:
    return re.sub(r"^(?:the|a|an|one|his|her|their|its|this|these|those)\s+", "", phrase, flags=re.I)


def _lowered(phrase: str, opens: bool) -> str:
    """Return a phrase with a small first letter where only its place made it a capital."""
    if opens and phrase[:1].isupper() and not phrase[:2].isupper() and phrase.split()[0].lower() not in places():
        return phrase[0].lower() + phrase[1:]
    return phrase


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def resolve_speakers(article: Article, found: Sequence[Attribution], event: People | None = None
                     ) -> list[Speaker]:
    """
    Return the speaker of each attribution of one article, in the order given.

    Pronouns look back at the text and at who spoke before, so sources are read in text
    order whatever the order of the rows.
    """
    resolver = Resolver(article, event)
    order = sorted(range(len(found)), key=lambda i: (found[i].source or found[i].content[0])[0])
    speakers: list[Speaker] = [UNRESOLVED] * len(found)
    for i in order:
        speakers[i] = resolver.resolve(found[i])
    return speakers


__all__ = ["Resolver", "Speaker", "bisect_left", "resolve_speakers"]
