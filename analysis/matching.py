"""
Find the terms of word lists in a string: whole words, longest first, offsets kept.

The text layer of frames. One scan proposes the places where any term may begin, for all
lists together; each list then takes the longest of its own terms at each place. Case and
the form of apostrophes and hyphens are ignored; between words any white space will do.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_ODD = re.compile(r"[^\w' ]")
# A latin-1 character for each byte: letters, digits, _ and ' stay, all else is a space.
_BLANK = bytes(b if chr(b).isalnum() or chr(b) in "_'" else 32 for b in range(256))
_COMMON = ("“", "”", "–", "—", "…")
_BEGIN = r"(?<!\w)(?<!\w')"
# No term ends inside a word or before a contraction: "ally" is in "ally's", not in "ally'd".
_END = r"(?!\w|'(?!s(?!\w))\w)"
_FIRST = re.compile(r"\w")


class Place(NamedTuple):
    """A stretch of text where `form`, of the list with this number, stands."""

    start: int
    end: int
    owner: int
    form: str


def fold(text: str) -> str:
    """
    Fold case, apostrophes and hyphens; the length, and so every offset, stays.

    >>> fold("İzmir’s ALLY")
    "izmir's ally"
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # İ becomes two characters
        lowered = "".join(c.lower()[0] for c in text)
    if lowered.isascii():
        return lowered
    return (lowered.replace("’", "'").replace("‘", "'").replace("ʼ", "'")
            .replace("‐", "-").replace("‑", "-"))


def as_form(term: str) -> str:
    """Fold a term as texts are folded, with one space between its words."""
    return " ".join(fold(term).split())


class Matcher:
    """
    Hold word lists, ready to be found in texts.

    A term is literal text; a * at its very end lets its last word go on. Raises
    ValueError for a term that does not begin with a letter or digit.
    """

    def __init__(self, lists: Sequence[Sequence[str]]) -> None:
        """Compile the lists: one pattern that proposes, one for each list that decides."""
        forms = [[as_form(term) for term in terms] for terms in lists]
        for form in (f for owned in forms for f in owned):
            if not _FIRST.match(form):
                raise ValueError(f"the term {form!r} does not begin with a letter or a digit")
        self._exact = any(_beyond(form) for owned in forms for form in owned)
        every = {" ".join(_blank(form.removesuffix("*"), self._exact).split())
                 + "*" * form.endswith("*") for owned in forms for form in owned}
        self._propose = re.compile(f" (?={_write(every, ' +')}(?!\\w))").finditer if every else None
        self._decide = [(owner, re.compile(phrase_pattern(owned)).match, _Names(owned))
                        for owner, owned in enumerate(forms) if owned]

    def find(self, text: str, folded: str | None = None) -> list[Place]:
        """
        Find the terms in `text`, by start; in each list the longest wins, none overlap.

        >>> lists = [["pact", "mutual defence pact"], ["pact"]]
        >>> [(p.start, p.end, p.owner) for p in Matcher(lists).find("A mutual\\ndefence PACT")]
        [(2, 21, 0), (17, 21, 1)]
        """
        if not self._propose:
            return []
        folded = fold(text) if folded is None else folded
        found, free = [], [0] * (1 + max(owner for owner, *_ in self._decide))
        # The space put before the text makes the place of the space the start of the word.
        for start in [m.start() for m in self._propose(_blank(folded, self._exact))]:
            for owner, match, names in self._decide:
                hit = match(folded, start) if start >= free[owner] else None
                if hit:
                    end = free[owner] = hit.end()
                    found.append(Place(start, end, owner, names[hit.group()]))
        return found


def phrase_pattern(phrases: Sequence[str]) -> str:
    """Write the pattern of whole phrases, in folded text, that begin and end with a word."""
    return _BEGIN + _write({as_form(phrase) for phrase in phrases}, r"\s+") + _END


def _blank(folded: str, exact: bool) -> str:
    """
    Turn all but words (with the apostrophes inside them) into spaces; put one before.

    Unless `exact`, letters beyond latin-1 become spaces too, which is four times faster and
    harmless where no term has such a letter: too much is proposed, never too little.
    """
    folded = folded.replace("''", "  ")
    if exact:
        folded = _ODD.sub(" ", folded)
    else:
        for mark in _COMMON:  # the encoder is slow at replacing, and these are in every article
            folded = folded.replace(mark, " ")
        folded = folded.encode("latin-1", "replace").translate(_BLANK).decode("latin-1")
    return f" {folded} ".replace(" '", "  ").replace("' ", "  ")


def _beyond(form: str) -> bool:
    return any(ord(character) > 255 for character in form)


class _Names(dict):
    """The form behind each stretch that matched: the literal one, else the longest with a star."""

    def __init__(self, forms: Sequence[str]) -> None:
        super().__init__((form, form) for form in forms if not form.endswith("*"))
        self._stems = sorted((f[:-1] for f in forms if f.endswith("*")), key=len, reverse=True)

    def __missing__(self, matched: str) -> str:
        form = " ".join(matched.split())
        if form not in self:
            form = next(stem for stem in self._stems if form.startswith(stem)) + "*"
        self[matched] = form
        return form


def _write(forms: Sequence[str] | set[str], space: str) -> str:
    """Write one pattern in which forms share their beginnings, the longer before the shorter."""
    root: dict = {}
    for form in sorted(forms):
        node = root
        for character in form.removesuffix("*"):
            node = node.setdefault(character, {})
        node[r"\w*" if form.endswith("*") else ""] = {}
    return _branches(root, space)


def _branches(node: dict, space: str) -> str:
    ends = [end for end in (r"\w*", "") if end in node]
    parts = [(space if c == " " else re.escape(c)) + _branches(below, space)
             for c, below in node.items() if len(c) == 1] + ends[:1]
    return parts[0] if len(parts) == 1 else "(?:" + "|".join(parts) + ")"
