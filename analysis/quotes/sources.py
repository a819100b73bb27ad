"""Sources without a verb: "according to X", "X’s claim that …"."""

from analysis.quotes.cues import rule_words, source_phrases, words
from analysis.quotes.drafts import SCORES, Draft
from analysis.quotes.hits import Hit
from analysis.quotes.inserted import is_opening
from analysis.quotes.phrases import Phrase, is_name, is_nominal, phrase_ending
from analysis.quotes.rightward import phrase_after
from analysis.quotes.scope import before_span, content_end, has_region, has_verb, trim
from analysis.quotes.units import Unit

_ASIDE_OPENERS = rule_words("aside_openers")
_CONTRASTS = rule_words("contrasts")
_NO_RESUMING = rule_words("no_resuming")
_OWNERS = rule_words("owners")


def read_phrases(unit: Unit, hits: list[Hit]) -> list[Draft]:
    """Read "according to X" before, after and inside what it reports."""
    found = []
    starts = source_phrases()
    for k in [k for k, word in enumerate(unit.words[:-2]) if word in starts]:
        if unit.region[k] >= 0:
            continue
        phrases = starts[unit.words[k]]
        phrase = next((p for p in phrases if tuple(unit.words[k : k + len(p)]) == p), None)
        if phrase:
            draft = _according(unit, k, k + len(phrase) - 1, hits)
            if draft:
                found.append(draft)
    return found


def _according(unit: Unit, first: int, last: int, hits: list[Hit]) -> Draft | None:
    source = phrase_after(unit, last + 1)
    if not source:
        return None
    by = next(
        (
            k
            for k in range(source[1] + 1, min(source[1] + 4, len(unit) - 1))
            if unit.words[k] in ("by", "from")
        ),
        None,
    )
    if by and all(
        unit.words[k].endswith("ed") or unit.words[k] in ("given", "made") or k == by
        for k in range(source[1] + 1, by + 1)
    ):
        told = phrase_after(unit, by + 1)
        source = (source[0], told[1]) if told else source
    before = before_span(unit, first - 1) if first else None
    after = _next_comma(unit, source[1] + 1)
    if before and after and is_opening(unit, *before) and not has_region(unit, *before):
        before = None
    if before:
        before = _own_clause(unit, before, hits)
    content: list[Phrase] = []
    if before:
        content = [before]
        if after and _resumes(unit, after):
            content.append((after, content_end(unit, after, hits)))
    elif after:
        content = [(after, content_end(unit, after, hits))]
    if not content:
        return None
    content = [(a, trim(unit, a, b)) for a, b in content]
    return Draft(
        tuple(content),
        source,
        (first, last),
        "speech",
        SCORES["according"],
        "according",
        unit.region[content[0][0]] == unit.region[content[0][1]] >= 0,
    )


def _own_clause(unit: Unit, before: Phrase, hits: list[Hit]) -> Phrase:
    """Begin after ", though" where what comes before it is reported by a cue of its own."""
    for k in range(before[1] - 3, before[0] + 3, -1):
        if (
            unit.words[k] in _CONTRASTS
            and unit.words[k - 1] == ","
            and unit.region[k] < 0
            and any(
                before[0] < h.first < k and not h.verb.groups <= {"weak", "attitude"} for h in hits
            )
        ):
            return k + 1, before[1]
    return before


def _next_comma(unit: Unit, k: int) -> int | None:
    """Return the token after the comma that ends the source and its appositions."""
    n, reached = len(unit), None
    while k < n and unit.region[k] < 0:
        if unit.words[k] in {".", ";"}:
            return reached
        if unit.words[k] in {",", ":"} and k + 1 < n:
            nxt = unit.words[k + 1]
            if nxt not in _ASIDE_OPENERS and not (
                nxt in words().determiners and reached is None and _short_aside(unit, k + 1)
            ):
                return k + 1
            reached = None
        k += 1
    return k if k < n else reached


def _short_aside(unit: Unit, k: int) -> bool:
    for j in range(k, min(k + 14, len(unit))):
        if unit.words[j] == ",":
            return not has_verb(unit, k, j - 1)
        if unit.words[j] in words().auxiliaries or unit.words[j] in words().modals:
            return False
    return False


def _resumes(unit: Unit, k: int) -> bool:
    """Say whether a sentence goes on with its content after an inserted source."""
    word = unit.words[k]
    return (
        not word.endswith("ing")
        and word not in _NO_RESUMING
        and not (
            word == "and"
            and k + 2 < len(unit)
            and (is_name(unit, k + 1) or unit.words[k + 1] in ("he", "she", "they", "it"))
        )
    )


def read_nouns(unit: Unit, hits: list[Hit]) -> list[Draft]:
    """Read "X's claim that words", "the leaders’ promises of words"."""
    lists, found = words(), []
    for k in [k for k, word in enumerate(unit.words[:-2]) if word in lists.noun_cues]:
        if unit.region[k] >= 0 or k == 0:
            continue
        word = unit.words[k]
        linker = unit.words[k + 1]
        quoted = unit.region[k + 1] >= 0 or linker == ":" and unit.region[k + 2] >= 0
        if not quoted and linker not in lists.noun_linkers:
            continue
        source = _possessor(unit, k)
        if not source:
            continue
        first = k + 2 if linker == ":" else k + 1
        last = content_end(unit, first, hits)
        end = next(
            (j - 1 for j in range(first, last) if unit.words[j] == "," and unit.region[j] < 0), last
        )
        if word in lists.noun_that_only and linker != "that" and not has_region(unit, first, end):
            continue
        found.append(
            Draft(
                ((first, trim(unit, first, end)),), source, (k, k), "speech", SCORES["noun"], "noun"
            )
        )
    return found


def _own_name(unit: Unit, phrase: Phrase | None) -> Phrase | None:
    """Cut "note of Ann Lee’s" to the name: what comes before "of" is not its owner."""
    if not phrase:
        return None
    for k in range(phrase[1] - 1, phrase[0], -1):
        if unit.words[k] in words().links and is_name(unit, k + 1):
            return k + 1, phrase[1]
    return phrase


def _possessor(unit: Unit, noun: int) -> Phrase | None:
    """Return the phrase in the possessive before a noun, adjectives between."""
    for k in range(noun - 1, max(-1, noun - 4), -1):
        word = unit.words[k]
        if word in _OWNERS:
            return k, k
        if word.endswith("'s"):
            return _own_name(unit, phrase_ending(unit, k))
        if word in ("’", "'") and k and unit.words[k - 1].endswith("s"):
            return _own_name(unit, phrase_ending(unit, k - 1))
        if not is_nominal(unit, k):
            return None
    return None
