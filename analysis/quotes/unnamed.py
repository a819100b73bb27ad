"""Sources without a name: "the president", "the outlet", "analysts", "a study of wreckage"."""

import re

from analysis.quotes.bodies import body_nouns
from analysis.quotes.cues import rule_words
from analysis.quotes.names import outlets, places
from analysis.quotes.people import Person, speaking_for
from analysis.quotes.roles import affiliation_in, institution_role, is_named, role_of
from analysis.quotes.speaker import OF, UNRESOLVED, Speaker
from analysis.quotes.titles import role_nouns

_PERSONAL_ROLES = rule_words("personal_roles")
_VAGUE_WORDS = rule_words("vague_words")

_DEFINITE = re.compile(r"(?:the|this|that|his|her|their|its)\s+", re.I)


class Unnamed:
    """Resolve or keep sources that are common nouns."""

    def _common(self, start: int, plain: str) -> Speaker:
        """Read "the president", "the outlet", "analysts", "a study of wreckage"."""
        words = plain.split()
        if not words:
            return UNRESOLVED
        if _DEFINITE.match(plain) or words[0].lower().endswith(("'s", "’s")):
            named = self._apposed(start + len(plain))
            if named:
                return self._speaker(named)
        cut = _true_cut(plain)
        head_part = _PARTICIPLE.split(plain[: cut.start()] if cut else plain)[0]
        head = re.sub(r"['’]s$", "", head_part.split()[-1].lower())
        if head not in role_nouns():
            known = (w for w in reversed(head_part.lower().split()) if w in role_nouns())
            head = next(known, head)
        role = role_nouns().get(head)
        definite = _DEFINITE.match(plain) is not None
        if definite and not cut and head in body_nouns():
            body = self.article.bodies.called(head, start)
            if body:
                return self._of_body(body)
        if head in _SPOKES:
            return self._spokes(start, plain, head)
        if head in ("website", "site") and re.search(r"['’]s? |^its ", plain):
            return Speaker(_unarticled(plain), "document", None, "noun", None, None, "thing")
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
        if definite and not cut and role in _PERSONAL_ROLES and not head.endswith("s"):
            return self._by_title(start, plain, head)
        kind = _kind_of(head, plain)
        if kind in ("official", "expert", "business", "advocate"):
            kind = role_of(plain)[0] or kind
        kind = None if kind == "unassigned" else kind
        if kind is None:
            opens = self.article.sentence(start)[0] == start and len(words) > 1
            return (
                Speaker(self._small(_unarticled(plain), opens))
                if not definite
                else UNRESOLVED
            )
        if kind == "document":
            if definite and not cut and len(words) == 2:
                for _, before in reversed(self.history[-6:]):
                    if before.role == "document" and (
                        head == "document" or head in (before.name or "").split()
                    ):
                        return before
            return Speaker(
                self._document_name(start, plain, head),
                "document",
                None,
                "noun",
                None,
                None,
                "thing",
            )
        name = self._small(
            _unarticled(plain) if kind != "institution" else plain,
            self.article.sentence(start)[0] == start and _unarticled(plain) == plain,
        )
        if kind == "institution":
            kind = _speaking_as(head, plain)
            return Speaker(re.sub(r"^The\s", "the ", name), kind, None, "noun", None, None, "thing")
        affiliation = self._unnamed_affiliation(plain, head_part)
        if kind == "citizen" and not institution_role(affiliation or ""):
            affiliation = None
        many = kind == "collective" or head.endswith("s")
        return Speaker(
            name,
            kind,
            affiliation,
            "noun",
            "noun" if affiliation else None,
            None,
            "many" if many else "one",
        )

    def _unnamed_affiliation(self, plain: str, head_part: str) -> str | None:
        words = _COUNTED.sub("", _unarticled(head_part)).split()[:-1]
        if words and words[0][0].isupper() and words[0].lower() not in _VAGUE_WORDS:
            name = " ".join(words)
            return re.sub(r"['’]s$", "", name)
        cut = OF.search(plain)
        return affiliation_in(plain[cut.start() :].strip()) if cut else None

    def _last_outlet(self, position: int) -> Speaker:
        for at, speaker in reversed(self.history[-40:]):
            if at < position and speaker.role in ("media", "state_media"):
                return speaker
        for mention in reversed(self.article.within(position - 8000, position)):
            low = " ".join(mention.name).lower().replace("’", "'")
            if low in outlets():
                name, role = outlets()[low]
                return Speaker(
                    name if role == "state_media" else " ".join(mention.name),
                    role,
                    None,
                    "lexicon",
                    None,
                    None,
                    "thing",
                )
        return Speaker(None, "media", None, "noun", None, None, "thing")

    def _small(self, phrase: str, opens: bool) -> str:
        """Return a phrase with a small first letter, unless its first word is a name."""
        first = phrase.split()[0] if phrase else ""
        if opens and first and is_named(self.text, re.sub(r"['’]s?$", "", first)):
            return phrase
        return _lowered(phrase, opens)

    def _apposed(self, after: int) -> Person | None:
        """Return the person named right after a phrase: "its director, | Dr Ann Lee"."""
        apposed = self.article.within(after, after + 14)
        if apposed and _APPOSED.fullmatch(self.text[after : apposed[0].start]):
            return self.article.resolve(apposed[0], self.event)
        return None

    def _spokes(self, start: int, plain: str, head: str) -> Speaker:
        """Give a spokesperson the role and affiliation of the body spoken for."""
        cut = _true_cut(plain)
        bodies = self.article.bodies
        words = _unarticled(plain[: cut.start()] if cut else plain).split()[:-1]
        own = " ".join(words)
        own = re.sub(r"['’]s?$", "", own)
        name, body = _unarticled(plain), None
        name = self._small(name, name == plain and self.article.sentence(start)[0] == start)
        if own.lower() in ("company", "club", "union", "council", "charity", "firm", "group"):
            body = bodies.called(own.lower(), start)
        elif own and own[0].isupper():
            body = bodies.full(own)
        elif cut:
            told = re.sub(r"^(?:the|its|their)\s+", "", plain[cut.end() :], flags=re.I)
            body = bodies.full(told) or (
                bodies.called(told.split()[-1], start) if told.islower() else None
            )
            own = affiliation_in(plain) or ""
        elif not own:
            body = bodies.before(start, reach=400) or bodies.only(("business", "advocate", "club"))
            name = f"{body.name} {head}" if body else name
        if body:
            return Speaker(name, speaking_for(body), body.name, "body", "body")
        own = own if own[:1].isupper() else ""
        role = institution_role(own) if own and own.lower() not in places() else "official"
        role = "official" if role == "expert" and " of " not in own else role or "official"
        return Speaker(name, role, own or None, "noun", "noun" if own else None)

    def _by_title(self, position: int, plain: str, head: str) -> Speaker:
        """Resolve "the president" to the nearest person before who has that title."""
        after = position + len(plain)
        apposed = self.article.within(after, after + 4)
        if apposed and self.text[after : apposed[0].start] == ", ":
            named = self.article.resolve(apposed[0], self.event)
            if named:
                return self._speaker(named)
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
            if (
                not own
                and position - at < 400
                and speaker.number == "one"
                and speaker.role == role_nouns().get(head)
            ):
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
            return self._small(of.group(1), True)
        if _DEFINITE.match(plain) and len(bare.split()) == 1:
            return self._introduced(start, head) or bare
        whole = self._whole(start, start + len(plain))
        if whole:
            return whole
        shorter = _MADE.split(OF.split(bare)[0])[0]
        return self._small(shorter, True) if not shorter[:2].isupper() else shorter

    def _whole(self, start: int, end: int) -> str | None:
        """Name the text that a clause is part of: "a “trade pact,” one clause of which"."""
        if not re.match(r"\s+of which\b", self.text[end : end + 12]):
            return None
        before = re.search(
            r"\b(?:a|an|the)\s+[“‘\"']?([^“”‘\"',;.]{3,60}?),?[”’\"']?,?\s*$",
            self.text[max(0, start - 80) : start],
            re.I,
        )
        return before.group(1) if before else None

    def _introduced(self, position: int, head: str) -> str | None:
        """Return the fuller name under which "the clause" was introduced: "a clause on aid"."""
        pattern = re.compile(
            rf"\b{re.escape(head)} (?:on|of|about) (?:the )?([a-z]\w+(?: [a-z]\w+)?)(?=[.,;])", re.I
        )
        match = pattern.search(self.text, max(0, position - 8000), position)
        return f"{match.group(1)} {head}" if match else None


_SPOKES = frozenset(["spokesman", "spokeswoman", "spokesperson"])
_APPOSED = re.compile(r", (?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame|Rev)\.? )?")
_MADE = re.compile(
    r" (?:prepared|written|published|compiled|filed|released|issued|commissioned|shown|sent|leaked"
    r"|seen|obtained|dated|titled|entitled|called|signed|produced|posted|due|labeled|labelled)\b"
)
_COUNTED = re.compile(
    r"^(?:two|three|four|five|six|seven|eight|nine|ten|dozens of|hundreds of|most|few|both|another"
    r"|one|other|\d+)\s+",
    re.I,
)
_GROUPS = {
    "researchers": "expert",
    "authors": "expert",
    "prosecutors": "official",
    "police": "official",
    "firefighters": "official",
    "organisers": "advocate",
    "organizers": "advocate",
    "campaigners": "advocate",
}
_PARTICIPLE = re.compile(r"\s(?!being\b|king\b)\w+(?:ing\s|ed$)")
_TEXTS = rule_words("told_texts")
_NOUNS_OUTLET = {
    noun: True
    for noun in (
        "outlet",
        "newspaper",
        "paper",
        "broadcaster",
        "magazine",
        "network",
        "station",
        "website",
        "site",
        "channel",
        "tabloid",
        "publication",
    )
}
_COLLECTIVE = rule_words("collective_heads")


def _kind_of(head: str, plain: str) -> str | None:
    """Return the role of an unnamed source from its head noun."""
    from analysis.quotes.cues import words

    role = role_nouns().get(head)
    if head in _GROUPS:
        return _GROUPS[head]
    if head in words().documents and role not in ("institution",):
        return "document"
    if head in _COLLECTIVE or role == "collective":
        return "collective"
    if (
        role
        and role not in ("institution", "document")
        and head.endswith("s")
        and head[:-1] in role_nouns()
    ):
        return "collective"
    return role


def _true_cut(plain: str) -> re.Match | None:
    """Return the first preposition outside the name of a body: "Department of Health aide"."""
    cut = OF.search(plain)
    last = plain.split()[-1].lower()
    if cut and cut.group() == " of " and plain[cut.start() - 1].isalpha():
        word = plain[: cut.start()].split()[-1]
        if word[0].isupper() and role_nouns().get(last) in _PERSONAL_ROLES:
            return OF.search(plain, cut.end())
    return cut


def _speaking_as(head: str, plain: str) -> str:
    """Return the role in which a nameless body speaks: firms and unions not as institutions."""
    kinds = body_nouns().get(head, frozenset())
    if kinds and kinds <= {"business", "club"} or head in ("company", "firm", "bank"):
        return "business"
    return "advocate" if kinds == {"advocate"} else "institution"


def _unarticled(phrase: str) -> str:
    return re.sub(
        r"^(?:the|a|an|one|his|her|their|its|this|these|those)\s+", "", phrase, flags=re.I
    )


def _lowered(phrase: str, opens: bool) -> str:
    """Return a phrase with a small first letter where only its place made it a capital."""
    if (
        opens
        and phrase[:1].isupper()
        and phrase.split()[0][1:].islower()
        and phrase.split()[0].lower() not in places()
    ):
        return phrase[0].lower() + phrase[1:]
    return phrase
