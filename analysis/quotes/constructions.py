"""Constructions: how a cue, its subject and the words reported stand to one another."""

from analysis.quotes.drafts import Draft
from analysis.quotes.following import read_forward
from analysis.quotes.hits import Hit, find_hits
from analysis.quotes.inserted import read_as_clause, read_inverted, read_parenthesis
from analysis.quotes.phrases import Phrase
from analysis.quotes.relatives import (
    cut_to_relative,
    is_passive,
    read_object_relative,
    read_passive,
)
from analysis.quotes.sources import read_nouns, read_phrases
from analysis.quotes.subjects import find_subject, is_plural, may_tell
from analysis.quotes.units import Unit


def read_unit(unit: Unit) -> list[Draft]:
    """Read every attribution of a unit, in text order."""
    hits = find_hits(unit)
    drafts: list[Draft] = []
    shared: Phrase | None = None
    for hit in hits:
        subject = find_subject(unit, hit, shared)
        if subject is False:
            continue
        draft = _read_hit(unit, hit, subject, hits)
        if draft:
            drafts.append(draft)
            shared = draft.source or shared
    drafts.extend(read_phrases(unit, hits))
    drafts.extend(read_nouns(unit, hits))
    return _without_doubles(sorted(drafts, key=lambda d: d.content[0]))


def _without_doubles(drafts: list[Draft]) -> list[Draft]:
    """Keep the better of two drafts with the same content."""
    kept: dict[tuple, Draft] = {}
    for draft in drafts:
        other = kept.get(draft.content)
        if other is None or (draft.source is not None, draft.score) > (
            other.source is not None,
            other.score,
        ):
            kept[draft.content] = draft
    return list(kept.values())


def _read_hit(unit: Unit, hit: Hit, subject: Phrase | None, hits: list[Hit]) -> Draft | None:
    """Try the constructions in turn."""
    if is_passive(unit, hit):
        return read_passive(unit, hit, hits)
    if subject and not may_tell(unit, subject, hit):
        return None
    if subject and unit.words[max(0, subject[0] - 1)] == "as" and subject[0] > 0:
        return read_as_clause(unit, hit, subject, hits)
    inverted = read_inverted(unit, hit, hits)
    if inverted:
        return inverted
    if (
        subject is None
        or hit.verb.forms == {"base"}
        and not is_plural(unit, subject)
        and unit.words[hit.first - 1] != "to"
    ):
        return None
    if hit.first - subject[1] > 1 and "ing" in hit.verb.forms or subject[1] > hit.first:
        return read_forward(unit, hit, subject, hits)
    relative = read_object_relative(unit, hit, subject)
    if relative:
        return relative
    draft = read_parenthesis(unit, hit, subject, hits) or read_forward(unit, hit, subject, hits)
    return cut_to_relative(unit, hit, subject, draft) if draft else None
