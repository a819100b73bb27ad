"""Sources that are texts or outlets without a name: "a study of wreckage", "the newspaper"."""

import re

from analysis.quotes.cues import rule_words
from analysis.quotes.gazetteer import outlets, places_of
from analysis.quotes.roles import read_phrase
from analysis.quotes.speaker import OF, Speaker, thing

DEFINITE = re.compile(r"(?:the|this|that|his|her|their|its)\s+", re.I)
_ARTICLE = re.compile(r"^(?:the|a|an|this|these|those)\s+", re.I)
_RESTRICTS = re.compile(
    r" (?:who|in|at|from|with|familiar|briefed|close|near|outside|behind|involved|by"
    r"|(?:for|to|of) (?=[^\W\d_a-z]|the\b|his\b|her\b))(?:\b|(?<=\s))"
)
_CLAUSE_END = re.compile(
    r"[,.;:—–“”\"\n()]| (?:that|and|as|when|after|while"
    r"|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
_AUXILIARIES = re.compile(
    r"(?: (?:has|have|had|is|are|was|were|also|later|then|once|still|already|\w+ly))*\s*$"
)
_SHIELDED = re.compile(
    r" who (?:ask|spoke|speak|declin|request|insist|want|is not|was not|were not"
    r"|wasn|weren|did not|refus)"
)
_MADE_BY = re.compile(r"(?:[\w’'-]+ ){1,4}by (?:the )?[A-Z][^,;:“”\"]{2,60}$")
_MADE = re.compile(
    r" (?:prepared|written|published|compiled|filed|released|issued|commissioned|shown|sent|leaked"
    r"|seen|obtained|dated|titled|entitled|called|signed|produced|posted|due|labeled|labelled)\b"
)
_ABOUT = re.compile(r" (?:on|of|about) (?:the )?([a-z]\w+(?: [a-z]\w+)?)(?=[.,;])", re.I)
_TEXTS = rule_words("told_texts")


class Texts:
    """Resolve or keep texts, and outlets under a common noun."""

    def _teller(self, start: int, plain: str, head: str) -> Speaker | None:
        """Read "a statement from the ministry" as the ministry."""
        origin = re.search(r"\s(?:by|from)\s+(.+)$", plain) if head in _TEXTS else None
        if not origin:
            return None
        told = self._read(start + origin.start(1), start + len(plain), None)
        return told if told.name and told.role != "document" else None

    def _more(self, end: int) -> str:
        """Return what right after a nameless source tells it from others: "in the back row"."""
        if not _RESTRICTS.match(self.text, end):
            return ""
        cue = self.cue_start if self.cue_start > end else None
        stop = _CLAUSE_END.search(self.text, end, end + 90)
        last = min(cue or end + 90, stop.start() if stop else end + 90)
        more = _AUXILIARIES.sub("", self.text[end:last])
        if cue and last < cue or not (cue or stop) or _SHIELDED.match(more):
            return ""
        return more if 1 < len(more.split()) < 10 else ""

    def _outlet(self, start: int, plain: str, head: str, definite: bool) -> Speaker:
        """Read "the newspaper": the outlet named before; else keep the words."""
        if definite:
            found = self._last_outlet(start)
            if found.name or head != "agency":
                return found
        if head in ("website", "site") and re.search(r"['’]s? |^its ", plain):
            return thing(plain_phrase(plain), "document", "noun")
        return thing(
            self._small(start, plain_phrase(plain)), "media" if head != "agency" else None, "noun"
        )

    def _last_outlet(self, position: int) -> Speaker:
        for at, speaker in reversed(self.history[-40:]):
            if (
                at < position
                and speaker.role in ("media", "state_media")
                and speaker.number == "thing"
            ):
                return speaker
        for mention in reversed(self.article.within(position - 8000, position)):
            low = " ".join(mention.name).lower().replace("’", "'")
            if low in outlets():
                name, role = outlets()[low]
                return thing(
                    name if role == "state_media" else " ".join(mention.name), role, "lexicon"
                )
        body = self.article.bodies.before(position, ("media",), 8000)
        return self._of_body(body) if body else thing(None, "media", "noun")

    def _document(self, start: int, plain: str, head: str, bare: bool) -> Speaker:
        """Name a document: "A study of wreckage from ..." is "study of wreckage"."""
        words = plain_phrase(plain.split(", ")[0])
        if bare and len(words.split()) == 1:
            for _, before in reversed(self.history[-8:]):
                if before.role == "document" and (
                    head == "document" or head in (before.name or "").split()
                ):
                    return before
            return thing(self._introduced(start, head) or words, "document", "noun")
        made = _MADE_BY.match(words)
        if made:
            told = read_phrase(made.group())
            name, body = self._small(start, made.group()), told.affiliation
            return Speaker(name, "document", body, "noun", body and "noun", None, "thing")
        if re.match(r"(?:his|her)\s", plain, re.I):
            return thing(self._owned(start, plain), "document", "noun")
        of = re.match(r"(.*?\bof\b (?:the |a )?(?:[^\W\d_a-z][\w’'-]* )*[\w’'-]+)", words)
        if of:
            return thing(self._small(start, of.group(1)), "document", "noun")
        whole = self._whole(start, start + len(plain))
        shorter = whole or _MADE.split(OF.split(words)[0])[0]
        told = read_phrase(self._small(start, words))
        name = self._small(start, shorter)
        if not (whole or DEFINITE.match(plain)):
            more = self._more(start + len(plain))
            name += more
            told = read_phrase(name) if more.startswith((" by ", " from ")) else told
        body = told.affiliation
        return Speaker(name, "document", body, "noun", "noun" if body else None, None, "thing")

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
        for printed in (head, head.capitalize()):
            for at in places_of(printed, self.text, max(0, position - 8000), position):
                about = _ABOUT.match(self.text, at + len(head), position)
                if about:
                    return f"{about.group(1)} {head}"
        return None


def plain_phrase(phrase: str) -> str:
    """Return a phrase without its article."""
    return _ARTICLE.sub("", phrase)
