"""
What stands around a frame term: a negation, or a context that gives it another target.

Text layer; works on folded text (`matching.fold`), within one sentence.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon
from analysis.matching import as_form, phrase_pattern

NEGATION_WINDOW = 4  # words before the term that may hold the cue
SIDES = ("before", "after", "near", "unless", "unless_before", "unless_after")
_REACH = 100  # characters looked at on each side for contexts
_PIECE = re.compile(r"(?:\w\.){2,}|\w+(?:['-]\w+)*|[^\w\s\"“”‘’'*-]|--")
_GAP = r"(?:[^\w.,;:!?\n]+[\w'-]+)"
_PART = r"[^\w.,;:!?\n]+"


class Negation(NamedTuple):
    """A cue before a term; `presupposed` if what is denied stays in view."""

    cue: str
    presupposed: bool


class Context(NamedTuple):
    """Phrases before or after a term that give it another target, and the reason."""

    reason: str
    before: re.Pattern | None
    after: re.Pattern | None
    near: re.Pattern | None
    unless: re.Pattern | None
    example: str
    unless_before: re.Pattern | None = None
    unless_after: re.Pattern | None = None


def find_negation(folded: str, begin: int, start: int, *, more: frozenset[str] = frozenset(),
                  window: int = NEGATION_WINDOW) -> Negation | None:
    """
    Find a negation at most `window` words before `start`, in the same clause.

    The sentence begins at `begin`. A denial before the cue ("deny", "want to show that")
    makes it presupposed: the speaker rejects what the writer keeps in view. `more` adds cues.

    >>> find_negation("they want to show that they are not pariahs", 0, 36)
    Negation(cue='not', presupposed=True)
    """
    lists, reach = _lists(), max(begin, start - 60)
    if not (more or _first_word().search(folded, reach, start)):
        return None
    words = _clause_tail(folded[reach:start])[-window - 2:]
    firsts = lists["first words"] | {cue.split()[0] for cue in more} if more \
        else lists["first words"]
    if firsts.isdisjoint(words):
        return None
    tail = " " + " ".join(words) + " "
    for phrase in lists["not_cues"]:
        tail = tail.replace(f" {phrase} ", " " + "~ " * len(phrase.split()))
    cues = [(tail.rfind(f" {cue} "), cue) for cue in {*lists["cues"], *more}]
    at, cue = max(cues, key=lambda found: (found[0], len(found[1])))
    if at < 0 or len(tail[at + len(cue) + 2:].split()) >= window:
        return None
    denied = cue in lists["denials"] or bool(_denial().search(folded, begin, start))
    return Negation(cue, denied)


def make_context(entry: Mapping, lists: Mapping[str, list[str]]) -> Context:
    """
    Compile an `exclude` entry: the phrases of its sides (`SIDES`).

    `before` and `after` stand beside the term, at most `within` words away; `near` anywhere
    in the sentence; `unless` nowhere in it; `unless_before` and `unless_after` not beside it.
    All that are given are needed. A phrase may hold {name}, which stands for each phrase of
    that list; ValueError where there is no such list.
    """
    within = int(entry.get("within", 0))
    phrases = {side: expand(entry.get(side, ()), lists) for side in SIDES}
    if not any(phrases.values()):
        raise ValueError(f"an 'exclude' entry needs one of {', '.join(SIDES)}")
    patterns = {side: re.compile(_write_side(side, phrases[side], within)) if phrases[side]
                else None for side in SIDES}
    return Context(reason=entry.get("reason", ""), example=entry.get("example", ""), **patterns)


def _write_side(side: str, phrases: list[str], within: int) -> str:
    """Write the pattern of one side: beside the term, or anywhere."""
    if side.endswith("before"):
        return phrase_pattern(phrases) + f"{_GAP}{{0,{within}}}{_PART}$"
    if side.endswith("after"):
        return f"{_GAP}{{0,{within}}}?{_PART}" + phrase_pattern(phrases)
    return phrase_pattern(phrases)


def expand(phrases: Iterable[str], lists: Mapping[str, list[str]]) -> list[str]:
    """
    Write out the phrases that hold {name} with each phrase of the list `name`.

    >>> expand(["with {states}"], {"states": ["Oz", "the Shire"]})
    ['with Oz', 'with the Shire']
    """
    out = []
    for phrase in phrases:
        name = re.search(r"\{([^}]*)\}", phrase)
        if name and name[1] not in lists:
            raise ValueError(f"{phrase!r} needs a list {name[1]!r}; the lists are "
                             f"{', '.join(lists) or 'none'}")
        out += expand([phrase.replace(name[0], p, 1) for p in lists[name[1]]], lists) if name \
            else [phrase]
    return out


def fits(context: Context, folded: str, sentence: tuple[int, int], term: tuple[int, int]) -> bool:
    """Say whether the term at these offsets stands in this context."""
    (begin, stop), (start, end) = sentence, term
    if context.near and not (context.near.search(folded, begin, start)
                             or context.near.search(folded, end, stop)):
        return False
    if context.unless and (context.unless.search(folded, begin, start)
                           or context.unless.search(folded, end, stop)):
        return False
    if not (context.before or context.after or context.unless_before or context.unless_after):
        return True
    left = folded[max(begin, start - _REACH):start]
    right = folded[end:min(stop, end + _REACH)]
    if context.before and not context.before.search(left):
        return False
    if context.after and not context.after.match(right):
        return False
    return not (context.unless_before and context.unless_before.search(left)
                or context.unless_after and context.unless_after.match(right))


def _clause_tail(window: str) -> list[str]:
    """Return the words after the last border of a clause in `window`."""
    words: list[str] = []
    borders = _lists()["clause_words"]
    for piece in _PIECE.findall(window):
        if piece[0].isalnum() and piece not in borders:
            words.append(piece)
        elif piece != "'":
            words = []
    return words


@cache
def _lists() -> dict[str, frozenset[str] | list[str]]:
    read = read_lexicon("negation")
    lists: dict = {name: frozenset(map(as_form, read[name]))
                   for name in ("cues", "denials", "clause_words")}
    lists["not_cues"] = sorted(map(as_form, read["not_cues"]), key=len, reverse=True)
    lists["first words"] = frozenset(cue.split()[0] for cue in lists["cues"])
    return lists


@cache
def _first_word() -> re.Pattern:
    return re.compile(phrase_pattern(sorted(_lists()["first words"])))


@cache
def _denial() -> re.Pattern:
    return re.compile(phrase_pattern(sorted(_lists()["denials"])))
