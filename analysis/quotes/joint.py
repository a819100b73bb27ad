"""Several who speak as one: "Washington and Seoul", "Ann Lee and her co-author, Bo Park"."""

import re
from collections.abc import Sequence

from analysis.quotes.speaker import OF, Speaker, listed, thing
from analysis.quotes.things import bare_name, described

_LIST = re.compile(r"\s*,\s+and\s+|\s*,\s+|\s+and\s+|\s+&\s+")
_GROUPED = re.compile(r"(?:[^\W_]+ )?(?:[a-z’'-]+ )*[a-z]+s, (?=[^\W\d_a-z])")
_KIN_OF = re.compile(r"(?:his|her|its|their) [a-z-]+", re.I)


class Joint:
    """Read lists of sources."""

    def _joint(self, start: int, end: int) -> Speaker | None:
        """Read "Washington and Seoul", "the UN, the US, and Ukraine", "Ann Lee and Bo Park"."""
        if " and " not in self.text[start:end] and " & " not in self.text[start:end]:
            return None
        both = re.match(r"both\s+", self.text[start:end], re.I)
        start += both.end() if both else 0
        group = _GROUPED.match(self.text, start, end)
        start = group.end() if group and " and " in self.text[group.end() : end] else start
        phrase = self.text[start:end]
        of = OF.search(phrase)
        if of and " and " in phrase[: of.start()]:
            end, phrase, of = start + of.start(), phrase[: of.start()], None
        if of or " and " not in phrase and " & " not in phrase:
            return None
        if self.article.bodies.full(bare_name(phrase)) or described(phrase):
            return None
        pieces, at = [], start
        for gap in [*_LIST.finditer(phrase), None]:
            stop = start + gap.start() if gap else end
            pieces.append((at, stop))
            at = start + gap.end() if gap else end
        read = [
            self._person(a, b) or self._known(self.text[a:b]) or self._body(a, b) for a, b in pieces
        ]
        last = pieces[-1]
        if read[-1] is None and _KIN_OF.fullmatch(self.text, *last):
            person = self._apposed(last[1])
            read[-1] = self._speaker(person) if person else None
        kin = [
            read[n] is None and read[n + 1] is not None and _KIN_OF.match(self.text, a) is not None
            for n, (a, _) in enumerate(pieces[:-1])
        ]  # "Ann Lee and his co-author, Bo Park"
        return _together([r for r, k in zip(read, [*kin, False], strict=True) if not k], phrase)


def _together(read: Sequence[Speaker | None], phrase: str) -> Speaker | None:
    """Return several who speak as one, under their names, or the words where one has none."""
    named = [s for s in read if s and s.name]
    if len(named) == len(read):
        roles = {s.role for s in named}
        number = "thing" if all(s.number == "thing" for s in named) else "many"
        role = roles.pop() if len(roles) == 1 else None
        names = listed([s.name or "" for s in named])
        return Speaker(names, role, None, role and named[0].role_from, None, None, number)
    if named and named[0].number == "one" and read[0] is named[0] and len(phrase) < 120:
        return Speaker(phrase, "collective", None, "noun", None, None, "many")
    if any(s.number == "thing" for s in named):
        return thing(re.sub(r",\s+and\s", " and ", phrase), "institution", "lexicon")
    return None
