"""Scope: how far the words that a cue reports reach."""

from analysis.quotes.cues import rule_words, verbs, words
from analysis.quotes.hits import Hit
from analysis.quotes.rightward import phrase_after
from analysis.quotes.units import MARKS, Unit

_ADJUNCTS = rule_words("adjuncts")
_ADVERBS_OF_CONTENT = rule_words("adverbs_of_content")
_AMBIGUOUS_OPENERS = rule_words("ambiguous_openers")
_BEFORE_DATES_AFTER = rule_words("before_dates_after")
_COORDINATORS = rule_words("coordinators")
_DATE_PARTS = rule_words("date_parts")
_IRREGULAR_PASTS = rule_words("irregular_pasts")
_SUBJECT_PRONOUNS = rule_words("subject_pronouns")
_THAT_PREPOSITIONS = rule_words("that_prepositions")
FINAL = frozenset([".", "?", "!", "…"])
FAR = 200  # tokens of content at most


def crosses(unit: Unit, first: int, hits: list[Hit]) -> bool:
    """Say whether another cue stands between `first` and the next quotation."""
    region = next(
        (k for k in range(first, min(len(unit), first + FAR)) if unit.region[k] >= 0), None
    )
    return region is not None and any(
        first < h.first < region for h in hits if not h.verb.groups <= {"attitude"}
    )


def content_end(unit: Unit, first: int, hits: list[Hit]) -> int:
    """
    Return the last token of the content that begins at `first`.

    It runs to the end of the sentence, or to a semicolon, "according to", a new
    subject with a cue of its own, or a second cue that shares the subject.
    """
    last = min(len(unit) - 1, first + FAR)
    later = {h.first for h in hits if h.first > first}
    for k in range(first, last + 1):
        if unit.region[k] >= 0:
            continue
        word = unit.words[k]
        if word in (";", "—") and k > first or word == "|":
            return trim(unit, first, k - 1)
        if word == "according" and k > first:
            return trim(unit, first, k - 1)
        if word in ("and", "but", ",", "while") and k > first and _new_cue(unit, k, later):
            return trim(unit, first, k - 1)
        if word == "," and k > first and _closing_cue(unit, k, later):
            return trim(unit, first, k - 1)
        if (
            word in _COORDINATORS
            and k > first
            and unit.words[k - 1] == ","
            and _new_clause_cue(unit, k, later)
        ):
            return trim(unit, first, k - 1)
    return trim(unit, first, last)


def _new_cue(unit: Unit, k: int, later: set[int]) -> bool:
    """Say whether a cue follows directly on "and" or a comma, adverbs between."""
    lists = words()
    j = k + 1
    while j < min(k + 4, len(unit)) and (
        unit.words[j] in lists.adverbs
        or unit.words[j] in ("and", "but")
        or unit.words[j] in lists.auxiliaries
        or unit.words[j].endswith("ly")
        and j not in later
    ):
        j += 1
    if j not in later:
        return False
    forms = frozenset().union(*(v.forms for v in verbs()[unit.words[j]]))
    if unit.words[k] == ",":
        return "ing" in forms or unit.words[j - 1] in ("and", "but")
    if unit.words[k] == "while":
        return "ing" in forms
    return bool(forms & {"past", "present"})


def _closing_cue(unit: Unit, k: int, later: set[int]) -> bool:
    """Say whether ", he said." follows, which reports the whole sentence."""
    phrase = phrase_after(unit, k + 1)
    if not phrase or phrase[1] + 1 not in later:
        return False
    n = phrase[1] + 2
    return n >= len(unit) or unit.words[n] in FINAL or unit.words[n] == ","


def _new_clause_cue(unit: Unit, k: int, later: set[int]) -> bool:
    """Say whether a subject with its own cue follows on ", and": "..., but Clinton said"."""
    phrase = phrase_after(unit, k + 1)
    if not phrase:
        return False
    lists = words()
    j = phrase[1] + 1
    while j < min(phrase[1] + 5, len(unit)) and (
        unit.words[j] in lists.adverbs or unit.words[j] in lists.auxiliaries
    ):
        j += 1
    return j in later


def trim(unit: Unit, first: int, last: int) -> int:
    """Drop stops and commas outside quotation marks from the end of a stretch."""
    while (
        last > first
        and unit.region[last] < 0
        and (
            unit.words[last] in FINAL
            or unit.words[last] in {",", ";", ":", "—", "–", "-", "and", "but"}
        )
    ):
        last -= 1
    return last


def object_end(unit: Unit, first: int, last: int) -> int:
    """Return where a noun-phrase content ends: at the first comma after its last quotation."""
    start = first
    for k in range(first, last + 1):
        if unit.region[k] >= 0 and (k == last or unit.region[k + 1] != unit.region[k]):
            start = k
            inner = unit.words[k - 1] if unit.words[k] in MARKS else ""
            if inner in {",", ".", ";"} and not any(r >= 0 for r in unit.region[k + 1 : k + 4]):
                return k
    for k in range(start, last + 1):
        if unit.region[k] < 0 and unit.words[k] in {",", "—", "–", "("}:
            return trim(unit, first, k - 1)
    return last


def has_region(unit: Unit, first: int, last: int) -> bool:
    """Say whether any quoted token stands in the stretch."""
    return any(r >= 0 for r in unit.region[first : last + 1])


def has_verb(unit: Unit, first: int, last: int) -> bool:
    """Say whether a stretch seems to hold a finite verb."""
    lists = words()
    for k in range(first, min(last, first + 25) + 1):
        word = unit.words[k]
        if (
            word in lists.auxiliaries
            or word in lists.modals
            or word.endswith(("n't", "'re", "'ll", "'ve", "'m", "'d"))
            or (
                k > first
                and word.endswith("ed")
                and len(word) > 4
                and unit.words[k - 1] not in lists.determiners
            )
        ):
            return True
        if (
            k > first
            and any(v.forms & {"past", "present"} for v in verbs().get(word, ()))
            and unit.words[k - 1] not in lists.determiners
        ):
            return True
        if k > first and unit.words[k - 1] in _SUBJECT_PRONOUNS or word in _IRREGULAR_PASTS:
            return True
    return False


def skip_adjuncts(unit: Unit, k: int) -> int:
    """Pass over "on Tuesday", "in a statement", ", too," after a cue; return the next token."""
    lists = words()
    n = len(unit)
    while k < n and unit.region[k] < 0:
        word = unit.words[k]
        if word in lists.adverbs and word not in _ADVERBS_OF_CONTENT:
            k += 1
        elif (
            word == ","
            and k + 2 < n
            and unit.words[k + 1] in lists.adverbs
            and unit.words[k + 2] == ","
        ):
            k += 3
        elif word in lists.days and unit.words[k - 1] != ",":
            k += 1
        else:
            reached = _skip_phrase(unit, k)
            if reached == k:
                return k
            k = reached
    return k


def _skip_phrase(unit: Unit, k: int) -> int:
    """Pass over one prepositional phrase if "that", a colon or a quotation follows it."""
    word = unit.words[k]
    dated = k + 1 < len(unit) and (
        unit.words[k + 1] in words().days or unit.words[k + 1] in words().months
    )
    if word not in _ADJUNCTS and not word.isdigit():
        return k
    if dated and word in _BEFORE_DATES_AFTER:
        j = k + 2
        while j < len(unit) and (unit.words[j].isdigit() or unit.words[j] in _DATE_PARTS):
            j += 1
        return j
    for j in range(k + 1, min(k + 22, len(unit))):
        if unit.region[j] >= 0:
            return j if unit.words[j - 1] in (",", ":") else k
        if unit.words[j] == "that" and unit.words[j - 1] not in _THAT_PREPOSITIONS:
            return j
        if unit.words[j] in {":"}:
            return j
        if unit.words[j] in {";", ".", "(", ")", "—"} or unit.words[j] in words().pronouns:
            return k
    return k


def before_span(unit: Unit, last: int) -> tuple[int, int] | None:
    """Return the content that ends at token `last`, back to the start of its clause."""
    while last >= 0 and unit.region[last] < 0 and unit.words[last] in {",", "—", "–"}:
        last -= 1
    if last < 0 or unit.region[last] < 0 and unit.words[last] in {";", ":", "and", "but", "("}:
        return None
    first = _scope_start(unit, last)
    return (first, last) if first <= last else None


def _scope_start(unit: Unit, last: int) -> int:
    """Return the start of the sentence, or of the clause after a semicolon, past its openers."""
    lists = words()
    k = last
    while k > max(0, last - FAR):
        before = unit.words[k - 1]
        if unit.region[k - 1] < 0 and (
            before in {";", ":"} or before == "." and unit.raw[k][0].isupper()
        ):
            break
        k -= 1
    while k < last and unit.region[k] < 0:
        phrase = next(
            (p for p in lists.opening_phrases if tuple(unit.words[k : k + len(p)]) == p), None
        )
        if phrase:
            k += len(phrase)
        elif (
            unit.words[k] in lists.openers
            and (unit.words[k] not in _AMBIGUOUS_OPENERS or unit.words[k + 1] == ",")
            or unit.words[k] in (",", ")", "-", "—", "–", "•")
        ):
            k += 1
        else:
            break
    return k
