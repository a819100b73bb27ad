"""What counts as telling: the near misses of the codebook, for rows that only the model sees."""

import re

from analysis.quotes.attribution import Attribution
from analysis.quotes.cues import Verb, rule_words, verbs, words
from analysis.quotes.subjects import SHOWING
from analysis.quotes.titles import role_nouns

_HANGING_PREPOSITIONS = rule_words("hanging_prepositions")
_TOLD_PRONOUNS = rule_words("told_pronouns")

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_OWNER = re.compile(r"^.*(?:['’]s|s['’])\s")
_HEAD = re.compile(r"\s(?:of|in|to|for|at|by|with|on|from)\s|,")
_SEEN = rule_words("seen")
_REFUSALS = rule_words("refusals")
_LIGHT = rule_words("light_words")


def is_told(text: str, row: Attribution) -> bool:
    """
    Say whether somebody tells the words of a row, by the codebook's list of near misses.

    Left out are speech that is denied, expected or only possible ("did not say", "will
    note"), conduct that "shows" something, praise or blame without quoted words, and
    words in marks that nobody is said to have used. A direct quotation always counts.
    """
    source = _WORD.findall(text[slice(*row.source)].lower()) if row.source else []
    if row.source and not set(source) - _LIGHT and source != ["it"]:
        return False
    if row.cue is None or row.type == "direct":
        return True
    cue = _WORD.findall(text[slice(*row.cue)].lower())
    if _is_unsaid(text, row, cue):
        return False
    found = _verbs_in(cue)
    if not found:
        nouns = words().noun_cues | {"according", "per", "statement", "tweet", "interview"}
        return not nouns.isdisjoint(cue)
    groups = frozenset().union(*(v.groups for v in found))
    if groups <= {"attitude", "manner"}:
        return False
    if groups <= {"weak", "accuse", "name", "attitude", "manner"} and row.type == "indirect":
        return "as" in _WORD.findall(text[row.content[0][0] : row.content[-1][1]].lower()) or bool(
            groups & {"accuse"}
        )
    if not all(v.lemma in SHOWING for v in found):
        return True
    if not any(v.lemma in _SEEN for v in found):
        return _can_tell(text, row, source)
    first = _WORD.findall(text[slice(*row.content[0])].lower())[:9]
    clause = first and (
        first[0] in words().wh
        or not words().auxiliaries.isdisjoint(first)
        or not words().modals.isdisjoint(first)
        or row.type != "indirect"
    )
    return bool(clause) and _can_tell(text, row, source)


def _is_unsaid(text: str, row: Attribution, cue: list[str]) -> bool:
    """Say whether a negation or modal stands in the cue, its subject or right before it."""
    lists = words()
    assert row.cue is not None
    before = _WORD.findall(text[max(0, row.cue[0] - 28) : row.cue[0]].lower())[-3:]
    near = cue if row.source and row.source[0] > row.cue[0] else [*before, *cue]
    last = _WORD.findall(text[slice(*row.source)].lower())[-1:] if row.source else []
    if "to" in near and any(w in _REFUSALS for w in near):
        return True
    return any(
        w in lists.negators or w.endswith(("n't", "n’t")) or w in lists.modals
        for w in [*near, *last]
    )


def _verbs_in(cue: list[str]) -> list[Verb]:
    table = verbs()
    return [
        v
        for i, word in enumerate(cue)
        for v in table.get(word, ())
        if tuple(cue[i + 1 : i + 1 + len(v.rest)]) == v.rest
    ]


def _can_tell(text: str, row: Attribution, source: list[str]) -> bool:
    """Say whether the source of "suggests" or "shows" is a person or a text."""
    if not row.source or source and source[0] in _TOLD_PRONOUNS:
        return row.source is not None
    head = _HEAD.split(_OWNER.sub("", text[slice(*row.source)]), maxsplit=1)[0]
    told = _WORD.findall(head.lower())
    if any(w in words().documents or w in role_nouns() for w in told):
        return True
    before = _WORD.findall(text[max(0, row.source[0] - 12) : row.source[0]].lower())
    hangs = bool(before) and before[-1] in _HANGING_PREPOSITIONS
    return not hangs and head.strip()[:1].isupper() and head.split()[-1][:1].isupper()


__all__ = ["is_told"]
