"""Drafts: an attribution in token numbers of its unit, before it is written as offsets."""

from typing import NamedTuple

from analysis.quotes.hits import Hit
from analysis.quotes.phrases import Phrase
from analysis.quotes.scope import trim
from analysis.quotes.units import Unit


class Draft(NamedTuple):
    """An attribution in token numbers of its unit."""

    content: tuple[Phrase, ...]
    source: Phrase | None
    cue: Phrase
    act: str
    score: float
    rule: str
    direct: bool = False


def make_draft(
    unit: Unit, hit: Hit, source: Phrase | None, content: list[Phrase], rule: str
) -> Draft | None:
    content = [(a, trim(unit, a, b)) for a, b in content if b >= a]
    content = [(a, b) for a, b in content if any(w[0].isalnum() for w in unit.words[a : b + 1])]
    if not content:
        return None
    other = hit.verb.groups <= {"attitude", "manner"} and "attitude" in hit.verb.groups
    direct = rule in ("final", "inverted", "quoted")
    return Draft(
        tuple(content),
        source,
        (hit.first, hit.last),
        "other" if other else "speech",
        SCORES.get(rule, 0.5),
        rule,
        direct,
    )


# Share of right rows by rule on the development split, rounded; measured, see the tests.
SCORES = {
    "final": 0.8,
    "inverted": 0.85,
    "quoted": 0.85,
    "that": 0.7,
    "bare": 0.6,
    "to": 0.5,
    "order": 0.6,
    "accuse": 0.6,
    "name": 0.6,
    "object": 0.45,
    "weak": 0.55,
    "as": 0.6,
    "according": 0.8,
    "noun": 0.5,
    "passive": 0.4,
    "relative": 0.5,
    "what": 0.6,
}
