"""Relative clauses and passives: "the words that X promotes", "was accused of", "called … by X"."""

from analysis.quotes.clauses import subject_before
from analysis.quotes.cues import rule_words, words
from analysis.quotes.drafts import Draft, make_draft
from analysis.quotes.hits import Hit
from analysis.quotes.phrases import Phrase, is_nominal
from analysis.quotes.rightward import phrase_after
from analysis.quotes.scope import content_end, has_region, object_end, trim
from analysis.quotes.subjects import is_subject_like
from analysis.quotes.units import MARKS, Unit

_TAKES_BY = rule_words("takes_by")


def cut_to_relative(unit: Unit, hit: Hit, subject: Phrase, draft: Draft) -> Draft:
    """End the content of ", which had warned ...," with the clause."""
    n = subject[1] + 1
    if (
        unit.words[n : n + 1] != [","]
        or n + 1 >= hit.first
        or unit.words[n + 1] not in words().relatives
    ):
        return draft
    first, last = draft.content[-1]
    if first < hit.last:
        return draft
    comma = next(
        (k for k in range(first, last) if unit.words[k] == "," and unit.region[k] < 0), None
    )
    if comma is None:
        return draft
    return draft._replace(content=(*draft.content[:-1], (first, max(first, comma - 1))))


def is_passive(unit: Unit, hit: Hit) -> bool:
    if "participle" not in hit.verb.forms:
        return False
    k = hit.first - 1
    lists = words()
    while (
        k >= 0
        and hit.first - k < 4
        and (unit.words[k] in lists.adverbs or unit.words[k].endswith("ly"))
    ):
        k -= 1
    n = hit.last + 1
    by = (
        n + 1 < len(unit)
        and unit.words[n] == "by"
        and not unit.words[n + 1].endswith("ing")
        and hit.verb.lemma not in _TAKES_BY
    )
    return by or k >= 0 and unit.words[k] in lists.passive


def read_object_relative(unit: Unit, hit: Hit, subject: Phrase) -> Draft | None:
    """Read "the “words” that X promotes" and "what X calls words"."""
    p = subject[0] - 1
    if p < 0:
        return None
    if unit.words[p] == "what" and "name" in hit.verb.groups and hit.last + 1 < len(unit):
        first = hit.last + 1
        return make_draft(
            unit,
            hit,
            subject,
            [(first, object_end(unit, first, trim(unit, first, len(unit) - 1)))],
            "what",
        )
    n = hit.last + 1
    if unit.words[p] == "what" and n < len(unit):
        return None
    if (
        unit.words[p] not in ("that", "which")
        or n < len(unit)
        and (
            unit.region[n] >= 0
            or is_nominal(unit, n)
            or unit.words[n] in words().determiners
            or unit.words[n] in words().pronouns
            or unit.words[n] == "that"
        )
    ):
        return None
    start = p - 1 if unit.words[p - 1] not in ("of", "with", "in") else p - 2
    if start < 1 or not has_region(unit, max(0, start - 5), start):
        return None
    first = start
    while (
        first > 0
        and start - first < 8
        and not (
            unit.region[first] >= 0
            and unit.words[first] in MARKS
            and unit.region[first - 1] != unit.region[first]
        )
    ):
        first -= 1
    after = []
    if hit.last + 1 < len(unit) and unit.words[hit.last + 1] in ("against", "as", "for"):
        after = [(hit.last + 1, trim(unit, hit.last + 1, len(unit) - 1))]
    return make_draft(unit, hit, subject, [(first, start), *after], "relative")


def read_passive(unit: Unit, hit: Hit, hits: list[Hit]) -> Draft | None:
    """Read "X was accused (by Y) of doing" and "described by Y as ..."."""
    n = hit.last + 1
    source = None
    if n + 1 < len(unit) and unit.words[n] == "by":
        source = phrase_after(unit, n + 1)
        if not source:
            return None
        n = source[1] + 1
    about = subject_before(unit, hit.first)
    if about and about[0] and unit.region[about[0] - 1] >= 0 and unit.words[about[0] - 1] in MARKS:
        about = unit.first_of(unit.region[about[0] - 1]), about[1]
    if hit.verb.lemma in ("quote", "cite") and unit.words[n : n + 2] == ["as", "saying"]:
        if not about or n + 2 >= len(unit):
            return None
        content = [(n + 2, content_end(unit, n + 2, hits))]
        return make_draft(unit, hit, about, content, "that")
    if "accuse" in hit.verb.groups and n < len(unit) and unit.words[n] in ("of", "for", "with"):
        content = [(n, content_end(unit, n, hits))]
        return make_draft(unit, hit, source, [about, *content] if about else content, "passive")
    if source and n < len(unit):
        end = content_end(unit, n, hits)
        if unit.words[n] in ("as", "that", "to") or has_region(unit, n, end):
            content = [(n, object_end(unit, n, end) if unit.words[n] == "as" else end)]
            return make_draft(unit, hit, source, [about, *content] if about else content, "passive")
    if not source and hit.verb.groups & {"name", "weak"}:
        return _named_by(unit, hit, about, n, hits)
    if source and about and has_region(unit, *about):
        return make_draft(unit, hit, source, [about], "passive")
    return None


def _named_by(unit: Unit, hit: Hit, about: Phrase | None, n: int, hits: list[Hit]) -> Draft | None:
    """Read "was condemned as “madness” by traders"."""
    end = content_end(unit, n, hits)
    by = next((k for k in range(n, end) if unit.words[k] == "by" and unit.region[k] < 0), None)
    if by is None or not has_region(unit, n, by - 1):
        return None
    source = phrase_after(unit, by + 1)
    if (
        not source
        or not is_subject_like(unit, source)
        and unit.words[source[1]] not in ("many", "some", "others")
    ):
        return None
    content = [(n, by - 1)]
    return make_draft(unit, hit, source, [about, *content] if about else content, "passive")
