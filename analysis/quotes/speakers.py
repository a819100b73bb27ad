"""
Speakers: one canonical name for the source of each attribution.

Names, surnames, titles, pronouns and definite phrases are resolved inside the article,
then among the articles of one event. What stays doubtful stays missing.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from analysis.quotes.article import Article, gender_of
from analysis.quotes.attribution import Attribution, Span
from analysis.quotes.cues import rule_words, verbs
from analysis.quotes.gazetteer import first_names, outlets, places
from analysis.quotes.joint import Joint
from analysis.quotes.marks import Region
from analysis.quotes.names import Mention, is_full_name
from analysis.quotes.nouns import (
    body_nouns,
    find_head,
    is_place,
    is_title,
    noun_role,
    words_of_time,
)
from analysis.quotes.people import People, Person, person_key
from analysis.quotes.pronouns import FIRST_PERSON, Pronouns
from analysis.quotes.speaker import OF, UNRESOLVED, Speaker
from analysis.quotes.texts import Texts
from analysis.quotes.things import Things
from analysis.quotes.titled import is_rank, title_before
from analysis.quotes.titles import parties
from analysis.quotes.told import describe
from analysis.quotes.unnamed import Unnamed

_ADDRESS = rule_words("address_titles")
_POSSESSIVE_END = re.compile(r"(?:['’]s|['’])$")
_OPENER = re.compile(r"\W*(?:But|And|So|Yet|Now|Still|Even|Then|Or)\s+(?=\S)")
_CAPITAL = r"[^\W\d_a-z][\w.&-]*"
_OWNED = re.compile(rf"(?:[Tt]he )?{_CAPITAL}(?: {_CAPITAL})*['’]s ")
_LOWER_ASIDE = re.compile(r", (?=[a-z])| \(")
_RANKS = re.compile(r"(?<=, )(?:[^\W\d_a-z][\w.-]+ )+$")
_GOES_ON = re.compile(
    r"[,(]| (?:of|from|at|for|with|in|\(|who|and|on|to|also|now)\b|\s*[–—-]"
)
_BROKEN = re.compile(r"[a-z]+, (?:[A-Z][\w.]+ )?")  # of a phrase cut in the middle
_LABEL = re.compile(r"^([A-Z][A-Z .’'-]+):", re.M)
_NO_LABELS = rule_words("no_labels")
_NOBODY = frozenset(["nobody", "no one", "no-one", "none", "nothing", "anyone", "anybody"])
_WHO_DOES = re.compile(
    r"\b((?:[Aa]n?|[Oo]ne) (?:[\w’-]+ ){0,3}[\w’-]+) who ([a-z]+) (?:[a-z]+ )?\Z"
)
_NOBLE = rule_words("noble_titles")
_KIN = re.compile(r"(?:his|her|their) (?:\w+ )?(\w+), ", re.I)


class Resolver(Pronouns, Things, Texts, Unnamed, Joint):
    """Resolve the sources of one article, in text order."""

    def __init__(self, article: Article, event: People | None):
        self.article, self.event = article, event
        self.text = article.text
        self._regions: dict[int, Sequence[Region]] = {}
        self.history: list[tuple[int, Speaker]] = []
        self.quoted: list[tuple[int, int, Speaker]] = []
        self.cue_start = -1
        self.sources: dict[int, Speaker] = {}
        self.titled: dict[str, Speaker] = {}
        self._exact: dict[str, Speaker] = {}
        self._seen: dict[Span, Speaker] = {}

    def resolve(self, found: Attribution) -> Speaker:
        """Return the speaker of one attribution."""
        cue = self.text[found.cue[0] : found.cue[1]].lower() if found.cue else ""
        if found.source is None:
            if "accus" in cue or "blam" in cue or found.rule == "passive":
                return Speaker("unattributed", "collective", None, "passive", None, None, "many")
            return UNRESOLVED
        accused = cue in ("accused", "suspected") and found.source[1] <= found.cue[0]
        if accused and self.text.startswith(" of ", found.cue[1]):
            return Speaker("unattributed", "collective", None, "passive", None, None, "many")
        self.cue_start = found.cue[0] if found.cue else -1
        speaker = self._seen.get(found.source)
        if speaker is None:
            start, end = self._trimmed(*found.source)
            speaker = self._inside(start, end) or self._read(*self._widened(start, end), found)
            self._seen[found.source] = speaker
        self.sources[found.source[1]] = speaker
        if speaker.name:
            self.history.append((found.source[0], speaker))
            self.quoted += [(a, b, speaker) for a, b in found.content]
        return speaker

    def refreshed(self, speaker: Speaker) -> Speaker:
        """Return a person with what has been learned since."""
        person = self.article.people.by_key.get(person_key(tuple((speaker.name or "").split())))
        return self._speaker(person) if person and person.role else speaker

    def resolve_late(self, found: Attribution) -> Speaker:
        """Return whom "I" stands for once all who speak are known."""
        start, end = found.source or (0, 0)
        if self.text[start:end].lower() not in FIRST_PERSON:
            return UNRESOLVED
        return self.first_person(start)

    def _trimmed(self, start: int, end: int) -> Span:
        """Leave out marks and openers round a source: "But Ann Lee," is Ann Lee."""
        opener = None if self.text[start].islower() else _OPENER.match(self.text, start, end)
        start = opener.end() if opener else start
        while start < end and not self.text[start].isalnum():
            start += 1
        while end > start and not (self.text[end - 1].isalnum() or self.text[end - 1] in ".)"):
            end -= 1
        return start, end

    def _widened(self, start: int, end: int) -> Span:
        """Take in the whole name of which the source is an end: "Dockers’ | Union"."""
        if not self.text[start : start + 1].isupper():
            return start, end
        name = self.article.last_before(start)
        if name is None or name.end + 2 < start or name.start in self.article.headings:
            return start, end
        gap = self.text[name.end : start]
        body = gap in ("’ ", "' ") and self.text[start:end].lower() in body_nouns()
        return (name.start if name.end > start or body else start), end

    def _read(self, start: int, end: int, found: Attribution | None) -> Speaker:
        plain = self.text[start:end]
        if plain.isupper() and self.text.startswith(":", end):
            return self._label(start, end)
        if plain.endswith(("'s", "’s", "'", "’")):
            plain = _POSSESSIVE_END.sub("", plain)
        end = start + len(plain)
        if plain in self._exact:
            return self._exact[plain]
        low = plain.lower().replace("’", "'")
        if low in _NOBODY or low.removeprefix("on ") in words_of_time():
            return UNRESOLVED
        if " " not in low or low.startswith(("the ", "both", "two")):
            pronoun = self.pronoun(start, low)
            if pronoun is not None:
                return pronoun
        exact = self._named_exactly(start, end)
        if exact:
            self._exact[plain] = exact
            return exact
        return (
            self.demonym(start, plain)
            or self._apposed_first(start, end)
            or self._joint(start, end)
            or self._state_media(plain)
            or self._body(start, end)
            or self._person(start, end)
            or self._known(plain)
            or self._named_body(start, plain)
            or self._common(start, plain)
        )

    def _inside(self, start: int, end: int) -> Speaker | None:
        """Return who took part, where the source is the end of "a guest who took | part"."""
        if self.cue_start < end or self.text.rfind(" who ", max(0, start - 50), start) < 0:
            return None
        clause = _WHO_DOES.search(self.text, max(0, start - 120), start)
        named = self.article.within(start, end)
        if clause is None or named and self.article.resolve(named[0], self.event):
            return None
        if any(not v.rest for v in verbs().get(clause.group(2), ())):
            return None  # "a guest who said | it rained"
        return self._read(clause.start(1), clause.end(1), None)

    @cached_property
    def _labels(self) -> frozenset[str]:
        """What stands in capitals before a colon at the start of a line."""
        return frozenset(_LABEL.findall(self.text))

    def _label(self, start: int, end: int) -> Speaker:
        """Read what stands in capitals before a colon: who speaks in a transcript, or a heading."""
        label = self.text[start:end]
        name = label.rstrip(".").lower()
        if name in _NO_LABELS or len(self._labels) < 2 and label in self._labels:
            return UNRESOLVED
        noun = find_head(name).noun
        if noun and (noun == name or " of " in name):
            return self._people(start, name, noun, noun_role(noun))
        known = self._person(start, end) or self._known(label)
        return known or Speaker(label.title() if len(label) > 3 else label)

    def _named_exactly(self, start: int, end: int) -> Speaker | None:
        """Read a source that is nothing but the name of a person known."""
        found = self.article.within(start, start + 1)
        if not found or found[0].end != end or found[0].start in self.article.headings:
            return None
        person = self.article.resolve(found[0], self.event)
        return self._speaker(person) if person else None

    def _speaker(self, person: Person) -> Speaker:
        return Speaker(
            person.name,
            person.role,
            person.affiliation,
            person.role_from if person.role else None,
            person.affiliation_from if person.affiliation else None,
            person.gender,
        )

    def _apposed_first(self, start: int, end: int) -> Speaker | None:
        """Read "Ann Lee, a teacher and a Green supporter" before "and" is taken for a list."""
        aside = _LOWER_ASIDE.search(self.text, start, end)
        if not aside or " and " not in self.text[aside.start() : end]:
            return None
        if " and " in self.text[start : aside.start()]:
            return None
        return self._person(start, aside.start())

    def _person(self, start: int, end: int) -> Speaker | None:
        """Read a phrase that holds a person's name where the speaker's name would stand."""
        for mention in self.article.within(start, end):
            if mention.start in self.article.headings or mention.end > end:
                mention = self._clipped(mention, end)
            if not self._heads(start, end, mention):
                continue
            person = self.article.resolve(mention, self.event)
            if person:
                return self._speaker(person)
            alone = self._unlisted(start, end, mention)
            if alone:
                return alone
        return None

    def _is_description(self, before: str, mention: Mention) -> bool:
        """Say whether words describe a person known: "a defensive Park", "party rival Ann Lee"."""
        if OF.search(f" {before} ") or re.search(r"[,;:]| and |['’]s ", before):
            return False
        return self.article.resolve(mention, self.event) is not None

    def _clipped(self, mention: Mention, end: int) -> Mention:
        """Return a mention no longer than the source, or than a person known: for headlines."""
        name = mention.name
        for length in range(len(name), 1, -1):
            person = self.article.people.by_key.get((name[0].lower(), name[length - 1].lower()))
            if person:
                name = name[:length]
                break
        stop = min(end, mention.start + len(" ".join(name)))
        words = tuple(self.text[mention.start : stop].split())
        return mention._replace(end=stop, name=words) if words else mention

    def _heads(self, start: int, end: int, mention: Mention) -> bool:
        """Say whether a name is what the phrase is about: titles before, asides after."""
        after = self.text[mention.end : end]
        if after and not _GOES_ON.match(after):
            return False
        before = self.text[start : mention.start]
        if not before.strip():
            return True
        if mention.possessive and mention.end < end:
            return False
        if all(is_rank(w) for w in before.split()):
            return True
        if is_full_name(mention.name) and _OWNED.fullmatch(before):
            return True
        if mention.end >= end and _BROKEN.fullmatch(before):
            return True
        ranked = _RANKS.sub("", before)
        ranks = before[len(ranked) :].split()
        title = title_before(ranked, ()) if ranks and all(map(is_rank, ranks)) else None
        if title:
            before = ranked
        else:
            title = title_before(before, mention.titles)
        if title is None:
            plain = before.islower() or len(before.split()) < 5
            return plain and mention.end >= end - 1 and self._is_description(before, mention)
        lead = (
            before.rstrip(" ,")[: -len(title)].strip()
            if before.rstrip(" ,").endswith(title)
            else ""
        )
        return not lead or not OF.search(f" {lead} ") or mention.titles[:1] == ("state",)

    def _unlisted(self, start: int, end: int, mention: Mention) -> Speaker | None:
        """Keep a name that the article introduces nowhere: "Councillor Park", "Holt"."""
        name = " ".join(mention.name)
        if (
            is_place(name)
            or name.lower().replace("’", "'") in outlets()
            or name.lower() in parties()
        ):
            return None
        before = self.text[start : mention.start]
        kin = _KIN.fullmatch(before)
        full = is_full_name(mention.name)
        if not (mention.titles or kin or full and self._sounds_personal(mention)):
            return None
        if len(mention.name) == 1 and (not mention.name[0][0].isupper() or is_title(name)):
            return None
        told = describe(self.text, mention, self.article.sentence(mention.start))
        role = next((d.role for d in told if d.role), None)
        body = next((d.affiliation for d in told if d.affiliation), None)
        honorific = next((t for t in mention.titles if t.rstrip(".") in _ADDRESS), None)
        letter = len(name) == 1 and mention.titles  # "Patient A"
        if letter or honorific and len(mention.name) == 1 and role is None:
            name = self.text[start : mention.end]
        elif len(mention.name) == 1 and mention.titles[-1:] and mention.titles[-1] in _NOBLE:
            name = f"{before.split()[-1]} {name}" if before.strip() else name
        place = places().get((body or "").lower())
        body = place.name if place and place.how == "adjective" else body
        origin = "title" if role or body else None
        found = Speaker(name, role, body, origin if role else None, origin if body else None,
                        gender=gender_of(mention))
        self.titled[mention.name[-1]] = found
        return found

    def _sounds_personal(self, mention: Mention) -> bool:
        return mention.name[0].lower() in first_names() or mention.start in self.article.headings


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
    for i in order:  # what "the Florida senator" told later
        if speakers[i].name and speakers[i].role is None and speakers[i].number == "one":
            speakers[i] = resolver.refreshed(speakers[i])
    for i in order:  # "I" in a quotation whose speaker is named after it
        if speakers[i] is UNRESOLVED and found[i].source:
            speakers[i] = resolver.resolve_late(found[i])
    return speakers


__all__ = ["Resolver", "Speaker", "resolve_speakers"]
