"""
Speakers: one canonical name for the source of each attribution.

Names, surnames, titles, pronouns and definite phrases are resolved inside the article,
then among the articles of one event. What stays doubtful stays missing.
"""

import re
from collections.abc import Sequence

from analysis.quotes.attribution import Attribution, Span
from analysis.quotes.bodies import Body, body_nouns
from analysis.quotes.cues import rule_words
from analysis.quotes.marks import Region, quoted_regions
from analysis.quotes.names import outlets, places
from analysis.quotes.people import Article, People, Person
from analysis.quotes.pronouns import Pronouns
from analysis.quotes.roles import affiliation_in, institution_role, role_of
from analysis.quotes.speaker import OF, STATE_MEDIA, UNRESOLVED, Speaker, listed
from analysis.quotes.titles import role_nouns
from analysis.quotes.unnamed import Unnamed

_ADDRESS_TITLES = rule_words("address_titles")
_INNER_WORDS = rule_words("inner_words")
_NO_ANTECEDENT = rule_words("no_antecedent")

_SINGULAR = {"he": "m", "she": "f", "him": "m", "her": "f", "his": "m"}
_PLURAL = frozenset(["they", "them", "their"])
_THING = frozenset(["it", "its"])
_BOTH = re.compile(
    r"(?:the\s+)?(?:two|both|pair|duo)\s*(?:of\s+the\s+)?(?:leaders|men|women|presidents|ministers"
    r"|prime ministers|candidates|rivals|politicians|governors|senators|mayors|of them)?$"
    r"|the leaders$",
    re.I,
)
_POSSESSIVE_END = re.compile(r"(?:['’]s|['’])$")
_LIST = re.compile(r"\s*,\s+and\s+|\s*,\s+|\s+and\s+|\s+&\s+")


class Resolver(Pronouns, Unnamed):
    """Resolve the sources of one article, in text order."""

    def __init__(
        self, article: Article, event: People | None, regions: Sequence[Region] | None = None
    ):
        self.article, self.event = article, event
        self.text = article.text
        self._regions = regions
        self.history: list[tuple[int, Speaker]] = []
        self._titled_people: dict[str, list[Person]] | None = None

    @property
    def regions(self) -> Sequence[Region]:
        """The quotations of the article, found when a pronoun first asks for them."""
        if self._regions is None:
            self._regions = quoted_regions(self.text)
        return self._regions

    def resolve(self, found: Attribution) -> Speaker:
        """Return the speaker of one attribution."""
        if found.source is None:
            cue = self.text[slice(*found.cue)].lower() if found.cue else ""
            if "accus" in cue or "blam" in cue or found.rule == "passive":
                return Speaker("unattributed", "collective", None, "passive", None, None, "many")
            return UNRESOLVED
        if self._accused(found):
            return Speaker("unattributed", "collective", None, "passive", None, None, "many")
        speaker = self._read(*self._widened(*self._trimmed(*found.source)), found)
        if speaker.name:
            self.history.append((found.source[0], speaker))
        return speaker

    def _accused(self, found: Attribution) -> bool:
        """Say whether the source is the one accused: "a clerk accused of theft"."""
        return (
            found.cue is not None
            and self.text[slice(*found.cue)].lower() in ("accused", "suspected")
            and self.text[found.cue[1] : found.cue[1] + 4] == " of "
        )

    def _widened(self, start: int, end: int) -> Span:
        """Take in the whole name of which the source is an end: "Dockers’ | Union"."""
        before = self.article.within(start - 60, start)
        if before and self.text[start : start + 1].isupper():
            name = before[-1]
            gap = self.text[name.end : start]
            whole = name.end > start or gap in ("’ ", "' ") and self.text[start:end].lower() in (
                body_nouns()
            )
            start = name.start if whole else start
        return start, end

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
        if low in _NO_ANTECEDENT:
            return UNRESOLVED
        if _BOTH.match(low):
            return self._both(start)
        return (
            self._joint(start, start + len(plain), found)
            or self._state_media(plain)
            or self._body(start, start + len(plain))
            or self._person(start, start + len(plain))
            or self._known(plain)
            or self._named_body(start, plain)
            or self._common(start, plain)
        )

    # ------------------------------------------------------------ names

    def _body(self, start: int, end: int) -> Speaker | None:
        """Read a company, club, union or charity, and the short name of any body."""
        bodies = self.article.bodies
        for at, name in bodies.named(start, end):
            before, printed = self.text[start:at].split(), self.text[at:end]
            body = bodies.listed[name]
            if printed != name and bodies.full(printed) is not body:
                continue
            if OF.search(self.text, start, at) or " " not in printed and (
                printed != name and self.article.people.find(printed)
            ):
                continue
            if before and before[-1].lower() not in (*body_nouns(), "the"):
                continue
            if body.kind == "institution" and printed == name:
                return None
            return self._of_body(body)
        return None

    def _of_body(self, body: Body) -> Speaker:
        return Speaker(body.name, body.role, None, "body", None, None, "thing")

    def _speaker(self, person: Person) -> Speaker:
        return Speaker(
            person.name,
            person.role,
            person.affiliation,
            person.role_from,
            person.affiliation_from,
            person.gender,
        )

    def _person(self, start: int, end: int) -> Speaker | None:
        """Read a phrase that holds a person's name where the speaker's name would stand."""
        cut = OF.search(self.text, start, end)
        for mention in self.article.within(start, end):
            if mention.possessive and mention.end < end - 3:
                continue
            comma = self.text[mention.start - 2 : mention.start] == ", "
            apposed = comma and mention.end >= end - 1
            inside = cut is not None and mention.start > cut.start() and not apposed
            if inside and not (mention.end >= end - 1 and self._is_long_title(start, cut, mention)):
                continue
            person = self.article.resolve(mention, self.event)
            if person:
                return self._speaker(person)
            if mention.titles and len(mention.name) == 1 and mention.name[0][0].isupper():
                return self._titled(start, end, mention)
            kin = re.fullmatch(
                r"(?:his|her|their) (?:\w+ )?(\w+), ", self.text[start : mention.start], re.I
            )
            if kin and kin.group(1).lower() in role_nouns():
                return Speaker(" ".join(mention.name))
        return None

    def _is_long_title(self, start: int, cut: re.Match, mention) -> bool:
        """Say whether "of" stands inside a title: "Secretary of State Antony Blinken"."""
        return cut.group().strip() == "of" and bool(mention.titles)

    def _titled(self, start: int, end: int, mention) -> Speaker:
        """Keep "Councillor Park" under the name that is there."""
        title = self.text[start : mention.start]
        role, _ = role_of(title)
        name = " ".join(mention.name)
        if name.lower() in places():
            return self._known(name) or UNRESOLVED
        honorific = next((t for t in mention.titles if t.rstrip(".") in _ADDRESS_TITLES), None)
        shown = (
            self.text[mention.start : end]
            if not honorific
            else self.text[mention.start : mention.end]
        )
        affiliation = affiliation_in(title.strip()) if title.strip() else None
        return Speaker(
            shown if honorific or role is None else name,
            role,
            affiliation,
            "title" if role else None,
            "title" if affiliation else None,
        )

    def _known(self, plain: str) -> Speaker | None:
        """Read states, capitals, bodies and outlets."""
        bare = re.sub(r"^(?:the|The)\s+", "", plain)
        low = bare.lower().replace("’", "'")
        for words in (
            low,
            re.sub(
                r"^(?:[\w.]+\s+)*?(?:outlet|agency|newspaper|broadcaster|magazine|network|website)\s+",
                "",
                low,
            ),
            re.sub(r"\s+(?:news|newspaper|magazine|agency|news agency)$", "", low),
        ):
            if words in outlets():
                name, role = outlets()[words]
                return Speaker(
                    name if role == "state_media" else bare,
                    role,
                    None,
                    "lexicon",
                    None,
                    None,
                    "thing",
                )
        place = places().get(low)
        if place and place.how != "adjective":
            return Speaker(place.name, "institution", None, "lexicon", None, None, "thing")
        side = self.article.sides.get(low)
        if side:
            return Speaker(side, "institution", None, "lexicon", None, None, "thing")
        return None

    def _state_media(self, plain: str) -> Speaker | None:
        if not STATE_MEDIA.search(plain):
            return None
        bare = re.sub(r"^.*\b(?:from|by|of|in|on)\s+|^the\s+", "", plain, flags=re.I)
        bare = re.sub(r"^the\s+", "", bare, flags=re.I)
        words = bare.split()
        named = next(
            (outlets()[w.lower()] for w in reversed(words) if w.lower() in outlets()), None
        )
        if named:
            return Speaker(named[0], named[1], None, "lexicon", None, None, "thing")
        return Speaker(bare, "state_media", None, "noun", None, None, "thing")

    def _named_body(self, start: int, plain: str) -> Speaker | None:
        """Keep an organisation under its printed name."""
        if not plain[:1].isupper() and not re.match(r"the\s+[A-Z]", plain):
            return None
        role, _ = role_of(plain)
        words = [w for w in re.findall(r"[\w’'.&-]+", plain) if w.lower() not in _INNER_WORDS]
        capital = [w for w in words if w[0].isupper() or w[0].isdigit()]
        if (
            len(capital) < len(words)
            or start == self.article.sentence(start)[0]
            and len(words) == 1
            and words[0].lower() in role_nouns()
        ):
            return None
        if len(words) == 1 and not words[0].isupper() and not self._seen_elsewhere(words[0], start):
            return None
        name = re.sub(r"^The\s", "the ", plain)
        if (
            len(words) == 1
            and not institution_role(self._longer_name(plain))
            and not words[0].isupper()
        ):
            return Speaker(plain)
        told = institution_role(plain) or institution_role(self._longer_name(plain))
        role = (
            told
            if told in ("media", "business", "advocate") and "ssociation" not in plain
            else "institution"
        )
        return Speaker(name, role, None, "noun", None, None, "thing")

    def _longer_name(self, word: str) -> str:
        """Return the fuller name of a body that the article gives elsewhere: "Norvane Inc."."""
        return next(
            (
                " ".join(m.name)
                for m in self.article.within(0, 40_000)[:400]
                if m.name[0] == word and len(m.name) > 1
            ),
            word,
        )

    def _seen_elsewhere(self, word: str, start: int) -> bool:
        return (
            any(
                m.name[0] == word
                and m.start != start
                and m.start != self.article.sentence(m.start)[0]
                for m in self.article.within(start - 6000, start + 6000)[:800]
            )
            or start != self.article.sentence(start)[0]
        )

    def _joint(self, start: int, end: int, found: Attribution | None) -> Speaker | None:
        """Read "Washington and Seoul", "the UN, the US, and Ukraine", "Ann Lee and Bo Park"."""
        both = re.match(r"both\s+", self.text[start:end], re.I)
        start += both.end() if both else 0
        phrase = self.text[start:end]
        if " and " not in phrase and " & " not in phrase or OF.search(phrase):
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
            return Speaker(
                listed([s.name for s in read]),
                roles.pop() if len(roles) == 1 else None,
                None,
                read[0].role_from,
                None,
                None,
                "thing" if things else "many",
            )
        if any(s and s.number == "thing" for s in read):
            return Speaker(
                re.sub(r",\s+and\s", " and ", phrase),
                "institution",
                None,
                "lexicon",
                None,
                None,
                "thing",
            )
        return None


def resolve_speakers(
    article: Article, found: Sequence[Attribution], event: People | None = None
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


__all__ = ["Resolver", "Speaker", "resolve_speakers"]
