"""Constructions with the cue after or inside the content: “…,” said X; “…,” X said, “…”."""

from analysis.quotes.cues import rule_words, words
from analysis.quotes.drafts import Draft, make_draft
from analysis.quotes.hits import Hit
from analysis.quotes.phrases import Phrase, is_name
from analysis.quotes.rightward import phrase_after
from analysis.quotes.scope import before_span, content_end, has_verb, object_end, skip_adjuncts
from analysis.quotes.subjects import is_subject_like
from analysis.quotes.units import MARKS, Unit

_ADJUNCT_STARTS = rule_words("adjunct_starts")
_NOT_CLAUSE = rule_words("not_clause")
_NO_RESUMPTION = rule_words("no_resumption")
_OPENING_WORDS = rule_words("opening_words")
_SUBORDINATORS = rule_words("subordinators")


def read_inverted(unit: Unit, hit: Hit, hits: list[Hit]) -> Draft | None:
    """Read “words,” said X."""
    p, n = hit.first - 1, hit.last + 1
    if (
        p < 1
        or n >= len(unit)
        or not hit.verb.groups & {"say", "that", "manner"}
        or not hit.verb.forms & {"past", "present"}
    ):
        return None
    after_quote = unit.region[p] >= 0 and unit.words[p] in MARKS
    if not after_quote and unit.words[p] != "," or unit.words[n] in MARKS:
        return None
    if unit.words[n] in words().pronouns and not after_quote or unit.words[n] in words().wh:
        return None
    source = phrase_after(unit, n)
    content = before_span(unit, p)
    if not source or not content or not is_subject_like(unit, source):
        return None
    if not after_quote and not hit.verb.groups & {"say", "that"}:
        return None
    after = _after_aside(unit, source[1] + 1, hits)
    if (
        not after_quote
        and not has_verb(unit, *content)
        and (not after or hit.verb.groups & {"told", "order"})
    ):
        return None
    return make_draft(unit, hit, source, [content, *after], "inverted")


def _after_aside(unit: Unit, k: int, hits: list[Hit]) -> list[Phrase]:
    """Return the content that resumes after the source and what is set off behind it."""
    n = len(unit)
    while k < n and unit.words[k] != ",":
        if unit.words[k] in {".", ";", ":"} or unit.region[k] >= 0:
            break
        k += 1
    commas = 0
    while k < n:
        if (
            unit.region[k] >= 0
            and unit.words[k - 1] in (",", ":")
            or unit.region[k] >= 0
            and commas == 0
            and k > 0
        ):
            return [(k, region_end(unit, k, hits))]
        if unit.words[k] == ",":
            commas += 1
            if k + 1 < n and commas >= 1 and unit.words[k + 1] in words().auxiliaries:
                return [(k + 1, content_end(unit, k + 1, hits))]
        if unit.words[k] in {";", "."} and unit.region[k] < 0:
            break
        k += 1
    return []


def region_end(unit: Unit, k: int, hits: list[Hit]) -> int:
    """Return the end of a content that resumes with the quotation at `k`."""
    last = unit.last_of(unit.region[k])
    inner = unit.words[last - 1] if unit.words[last] in MARKS else unit.words[last]
    if inner in {".", "?", "!", "…"} or last + 1 >= len(unit):
        return last
    return content_end(unit, k, hits)


def read_parenthesis(unit: Unit, hit: Hit, subject: Phrase, hits: list[Hit]) -> Draft | None:
    """Read "words, X said" and "words, X said, more words"."""
    p, n = subject[0] - 1, hit.last + 1
    after_quote = unit.region[p] >= 0 and unit.words[p] in MARKS
    if (
        p < 1
        or not hit.verb.groups & {"say", "that", "attitude"}
        and not (after_quote and "manner" in hit.verb.groups)
    ):
        return None
    if not after_quote and unit.words[p] != ",":
        return None
    content = before_span(unit, p)
    if not content or not _ends_here(unit, n, after_quote):
        return None
    n = _skip_to_comma(unit, n)
    quoted_next = n + 1 < len(unit) and unit.region[n + 1] >= 0
    if not after_quote and is_opening(unit, *content, clauses=quoted_next):
        return None
    after: list[Phrase] = []
    if n + 1 < len(unit) and unit.words[n] == ",":
        quoted = unit.region[n + 1] >= 0
        whole = after_quote and unit.region[content[0]] == unit.region[content[1]]
        if quoted:
            after = [(n + 1, region_end(unit, n + 1, hits))]
        elif (
            not whole
            and not unit.words[n + 1].endswith("ing")
            and unit.words[n + 1] not in _NO_RESUMPTION
        ):
            after = [(n + 1, content_end(unit, n + 1, hits))]
    elif n < len(unit) and unit.region[n] >= 0 and after_quote:
        after = [(n, region_end(unit, n, hits))]
    elif n + 1 < len(unit) and unit.words[n] == ":" and unit.region[n + 1] >= 0:
        after = [(n + 1, region_end(unit, n + 1, hits))]
    return make_draft(unit, hit, subject, [content, *after], "final")


def is_opening(unit: Unit, first: int, last: int, clauses: bool = True) -> bool:
    """Say whether words before a comma only open the sentence: "On Tuesday,", "Asked why,"."""
    word = unit.words[first]
    return (
        last - first < 1
        and not is_name(unit, first)
        or not has_verb(unit, first, last)
        and (
            word in words().links
            or word in _OPENING_WORDS
            or last - first < 1
            and not is_name(unit, first)
            or word.endswith("ing")
            or word.endswith("ly")
        )
        or word in ("asked", "speaking", "pressed")
        or unit.words[first + 1] == "asked"
        or clauses
        and word in _SUBORDINATORS
    )


def _ends_here(unit: Unit, n: int, after_quote: bool) -> bool:
    """Say whether nothing that could be content follows the cue directly."""
    if n >= len(unit):
        return True
    word = unit.words[n]
    if (
        word in {",", ".", ";", ":", "?", "!", ")", "—", "–", "…"}
        or unit.region[n] >= 0
        and after_quote
    ):
        return True
    if word in words().wh and word not in _NOT_CLAUSE:
        return False
    if word in words().pronouns or word in words().determiners and not after_quote:
        return False
    if after_quote:
        return True
    reached = skip_adjuncts(unit, n)
    if reached >= len(unit) or unit.words[reached] in {".", ",", ";"}:
        return True
    return word in _ADJUNCT_STARTS and not any(
        w == "that" or w == ":" for w in unit.words[n : n + 20]
    )


def _skip_to_comma(unit: Unit, n: int) -> int:
    k = n
    while k < min(n + 25, len(unit)):
        if unit.words[k] in {",", ".", ";", ":"} or unit.region[k] >= 0:
            return k
        k += 1
    return n


def read_as_clause(unit: Unit, hit: Hit, subject: Phrase, hits: list[Hit]) -> Draft | None:
    """Read "As X puts it, words"."""
    if hit.verb.lemma not in words().as_cues and "say" not in hit.verb.groups:
        return None
    cue, k = hit, hit.last + 1
    if k < len(unit) and unit.words[k] == "it":
        if hit.verb.lemma == "put":
            cue = hit._replace(last=k)
        k += 1
    comma = next(
        (
            j
            for j in range(k, min(k + 12, len(unit)))
            if unit.words[j] in {",", ":"} and unit.region[j] < 0
        ),
        None,
    )
    before = subject[0] - 3
    if comma is not None and comma + 1 < len(unit):
        first = comma + 1
        end = content_end(unit, first, hits)
        return make_draft(
            unit,
            cue,
            subject,
            [(first, object_end(unit, first, end) if unit.region[first] >= 0 else end)],
            "as",
        )
    if before >= 1 and unit.words[before + 1] == ",":
        content = before_span(unit, before)
        return make_draft(unit, cue, subject, [content], "as") if content else None
    return None
