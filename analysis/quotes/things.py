"""Sources that are no persons: states, bodies and outlets under their names."""

import re

from analysis.quotes.article import RUNNING
from analysis.quotes.bodies import Body
from analysis.quotes.cues import rule_words
from analysis.quotes.cues import words as cue_words
from analysis.quotes.gazetteer import outlets, places, places_of
from analysis.quotes.nouns import (
    body_nouns,
    common_role,
    find_head,
    institution_role,
    is_personal,
    is_place,
    words_of_time,
)
from analysis.quotes.speaker import OF, STATE_MEDIA, Speaker, thing
from analysis.quotes.titles import before_names, parties

_AFTER_QUOTE = frozenset(["” ", '" ', "’ ", "' "])
_ASIDE = re.compile(r",\s|\s\(")
_CAPITAL = re.compile(r"(?:[Tt]he\s+)?[^\W_a-z]")
_WORD = re.compile(r"[\w’'.&-]+")
_ARTICLE = re.compile(r"(?:Article|Section|Clause|Chapter|Paragraph) \d+")
_INNER_WORDS = rule_words("inner_words")
_OUTLET = re.compile(
    r"^(?:[\w.]+\s+)*?(?:outlet|agency|newspaper|broadcaster|magazine|network|website)\s+|"
    r"\s+(?:news|newspaper|magazine|agency|news agency)$"
)
_DESCRIBED = re.compile(
    r"(?:[Tt]he )?(?:[^\W\d_]\w+ )??((?:[a-z-]+ )*[a-z-]+) ([^\W\d_a-z][^,.;]*)"
)


class Things:
    """Read states, bodies and outlets."""

    def _body(self, start: int, end: int) -> Speaker | None:
        """Read a company, club, union or charity, and the short name of any body."""
        bodies = self.article.bodies
        for at, name in bodies.named(start, end):
            if at + 2 > end or OF.search(self.text, start, at):
                continue
            before, printed = self.text[start:at].split(), self.text[at:end]
            body = bodies.listed[name]
            if printed != name and bodies.full(printed) is not body:
                continue
            if " " not in printed and printed != name and self.article.people.find(printed):
                continue
            if before and before[-1].lower() not in (*body_nouns(), "the"):
                continue
            return self._of_body(body)
        whole = bodies.full(
            bare_name(self.text[start:end]).replace("’s ", " ")
        )
        if whole and " " not in whole.name or self.article.people.find(self.text[start:end]):
            return None
        if whole is None and self.text[start:end].startswith(("The ", "the ")):
            whole = bodies.ending(self.text[start + 4 : end])
        return self._of_body(whole) if whole else None

    def _of_body(self, body: Body) -> Speaker:
        return thing(body.name, body.role, "body")

    def _known(self, plain: str) -> Speaker | None:
        """Read states, capitals, seats of power and outlets."""
        plain = plain.split(", ")[0]
        bare = bare_name(plain)
        low = bare.lower().replace("’", "'")
        for form in (plain.lower().replace("’", "'"), low, _OUTLET.sub("", low)):
            if form in outlets():
                name, role = outlets()[form]
                whole = role != "state_media" and form in (low, plain.lower().replace("’", "'"))
                return thing(bare if whole else name, role, "lexicon")
        if low in parties() and low.endswith("s"):
            return Speaker(bare, "collective", None, "noun", None, None, "many")
        place = places().get(low)
        if place and place.how != "adjective":
            return thing(place.name, "institution", "lexicon")
        if _ARTICLE.match(plain):
            return thing(bare, "document", "noun")
        side = self.article.sides.get(low) if low in ("north", "south", "west", "east") else None
        if side or is_place(low) and place is None:
            return thing(side or bare, "institution", "lexicon")
        return None

    def _state_media(self, plain: str) -> Speaker | None:
        if (
            "state" not in plain.lower()
            and "official" not in plain
            or not STATE_MEDIA.search(plain)
        ):
            return None
        bare = re.sub(r"^.*\b(?:from|by|of|in|on)\s+", "", plain, flags=re.I)
        bare = re.sub(r"^the\s+", "", bare, flags=re.I)
        for word in reversed(bare.split()):
            if word.lower() in outlets():
                name, role = outlets()[word.lower()]
                return thing(name, role, "lexicon")
        return thing(bare, "state_media", "noun")

    def _named_body(self, start: int, plain: str) -> Speaker | None:
        """Keep an organisation under its printed name."""
        whole = _ASIDE.split(plain, maxsplit=1)[0]
        found = described(whole)
        if found:
            return found
        if not _CAPITAL.match(whole):
            return None
        words = [w for w in _WORD.findall(whole) if w.lower() not in _INNER_WORDS]
        if not words or not all(w[0].isupper() or w[0].isdigit() for w in words):
            return None
        name = bare_name(whole)
        if words[0].lower() in cue_words().determiners or name.lower() in before_names():
            return None
        if name.lower() in words_of_time():
            return None
        noun = find_head(name).noun
        if noun and (len(words) == 1 or is_personal(noun) and not noun.isupper()):
            return None
        body = self.article.bodies.full(name)
        if body:
            return self._of_body(body)
        told = institution_role(name)
        if told:
            role = told if told in ("media", "business", "advocate") else "institution"
            return thing(name, role, "noun")
        if len(words) == 1 and not words[0].isupper():
            quoted = self.text[max(0, start - 2) : start] in _AFTER_QUOTE
            quoted = quoted and name[0].isupper() and name[-1] != "s"
            known = quoted or name in self.titled or self._is_name(words[0], start)
            return self._surname(name) if known else None
        if noun and name.split()[-1].lower().endswith(noun.split()[-1]):
            return None
        return thing(name, "institution" if name.isupper() and len(name) < 7 else None, "noun")

    def _surname(self, name: str) -> Speaker:
        """Keep a name of one word; one with a campaign of its own is a politician's."""
        if name in self.titled:
            return self.titled[name]
        runs = any(
            RUNNING.match(self.text, at + len(name)) for at in places_of(name, self.text)
        )
        return Speaker(name, "official" if runs else None, None, "office" if runs else None)

    def _is_name(self, word: str, start: int) -> bool:
        """Say whether a single word is a name: a capital inside a sentence tells."""
        return any(
            m.name[0] == word and m.start != self.article.sentence(m.start)[0]
            for m in self.article.within(start - 6000, start + 6000)[:800]
        )


def bare_name(name: str) -> str:
    """Return a name without its article."""
    article = name.startswith(("the ", "The "))
    return name[4:].lstrip() if article else name


def described(whole: str) -> Speaker | None:
    """Read "the charity Warm Hands": a name after the noun that says what it is."""
    found = _DESCRIBED.fullmatch(whole)
    noun = found.group(1).split()[-1] if found else ""
    if not found or noun not in body_nouns():
        return None
    role = common_role(noun)
    if found.group(1).endswith(("news agency", "newspaper")):
        role = "media"
    return thing(
        found.group(2), role if role in ("media", "business", "advocate") else "institution", "noun"
    )
