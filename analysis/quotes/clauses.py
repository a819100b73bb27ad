"""Clauses: where they begin, and the subject of their verb, looked for to the left of a cue."""

from analysis.quotes.cues import rule_words, words
from analysis.quotes.phrases import Phrase, is_name, is_nominal, is_noun_like, phrase_ending
from analysis.quotes.titles import title_words
from analysis.quotes.units import MARKS, Unit

_ASIDE_STARTS = rule_words("aside_starts")
_BEFORE_DATES = rule_words("before_dates")
_BEFORE_PERIODS = rule_words("before_periods")
_CONJUNCTIONS = rule_words("clause_conjunctions")
_NOUNS_IN_LY = rule_words("nouns_in_ly")
_PERIODS = rule_words("periods")
_PREPOSITIONS = rule_words("prepositions")
_BREAKS = frozenset([";", ":", "—", "–", "(", ")", "…", "?", "!", "|", "•"])
_TIMES = (
    words().days
    | words().months
    | frozenset(
        [
            "week",
            "month",
            "year",
            "morning",
            "night",
            "day",
            "time",
            "years",
            "days",
            "weeks",
            "months",
            "hours",
        ]
    )
)
REACH = 60  # tokens looked back for the subject


def clause_start(unit: Unit, i: int) -> int:
    """Return the first token of the clause of `i`: after a stop, dash, colon or quotation."""
    k, floor = i, max(0, i - REACH)
    while k > floor:
        before = k - 1
        if unit.words[before] in _BREAKS and unit.region[before] < 0:
            break
        if (
            unit.words[before] in _CONJUNCTIONS
            and unit.region[before] < 0
            and before
            and (unit.words[before - 1] == "," or unit.region[before - 1] >= 0)
        ):
            break
        if (
            unit.region[before] >= 0
            and unit.region[k] < 0
            and unit.words[before] in MARKS
            and before > 0
            and unit.words[before - 1] in {",", ".", "?", "!", "…"}
        ):
            break
        k -= 1
    return k


def skip_openers(unit: Unit, first: int, last: int) -> int:
    """Return the first token after sentence openers such as "Meanwhile," or "Yet"."""
    lists = words()
    k = first
    while k <= last:
        phrase = next(
            (p for p in lists.opening_phrases if tuple(unit.words[k : k + len(p)]) == p), None
        )
        if phrase:
            k += len(phrase)
        elif unit.words[k] in lists.openers and k < last or unit.words[k] == "," and k > first:
            k += 1
        else:
            break
    return k if k <= last else first


def subject_before(unit: Unit, cue: int) -> Phrase | None:
    """
    Find the subject of the finite verb at token `cue`.

    Adverbs, auxiliaries and dates between are passed over; appositions and relative
    clauses set off by commas are skipped; "X, who warned" gives X.
    """
    j = skip_back(unit, cue - 1)
    if j < 0 or unit.region[j] >= 0 and unit.words[j] in MARKS:
        return None
    word, lists = unit.words[j], words()
    if word in lists.pronouns:
        return j, j
    if word in lists.relatives and word != "whose":
        return antecedent(unit, j)
    if word == ",":
        return _over_comma(unit, j)
    if word in lists.days or word in lists.months:
        return None
    if word in ("and", "or", "but"):
        return None
    return _with_head(unit, phrase_ending(unit, j))


def _with_head(unit: Unit, phrase: Phrase | None) -> Phrase | None:
    """Grow a phrase to the noun that it hangs on: "a study of wreckage from | the region"."""
    for _ in range(3):
        if not phrase or phrase[0] < 2:
            return phrase
        link = unit.words[phrase[0] - 1]
        if link not in _PREPOSITIONS and not link.endswith("ing"):
            return phrase
        noun = phrase[0] - 2
        if (
            noun
            and unit.words[noun].endswith("ed")
            and link in _PREPOSITIONS
            and is_noun_like(unit, noun - 1)
            and not unit.raw[noun][0].isupper()
        ):
            noun -= 1
        if (
            link.endswith("ing")
            and unit.words[noun] not in title_words()
            and unit.words[noun] not in words().documents
        ):
            return phrase
        if unit.words[noun] in _TIMES and unit.words[noun] not in words().days:
            return None
        if (
            unit.region[noun] >= 0
            or not is_noun_like(unit, noun)
            or unit.words[noun] in _TIMES
            or unit.words[noun] in words().adverbs
        ):
            return phrase
        outer = phrase_ending(unit, noun)
        if not outer:
            return phrase
        phrase = outer[0], phrase[1]
    return phrase


def skip_back(unit: Unit, j: int) -> int:
    """Pass over adverbs, auxiliaries and dates, going left from `j`."""
    lists = words()
    while j >= 0:
        word = unit.words[j]
        if (
            word in lists.auxiliaries
            or word in lists.adverbs
            or word.endswith("ly")
            and len(word) > 4
            and word not in _NOUNS_IN_LY
            and not unit.raw[j][0].isupper()
        ):
            j -= 1
        elif word in lists.days or word in lists.months or word.isdigit():
            k = j
            while k >= 0 and (
                unit.words[k] in lists.days
                or unit.words[k] in lists.months
                or unit.words[k].isdigit()
                or unit.words[k] == ","
            ):
                k -= 1
            if k >= 0 and unit.words[k] in _BEFORE_DATES:
                j = k - 1
                if (
                    unit.words[k] in ("late", "early", "last", "this")
                    and j >= 0
                    and unit.words[j] in ("on", "in")
                ):
                    j -= 1
            elif word in lists.days:
                j = k
            else:
                return j
        elif word in _PERIODS and j > 0 and unit.words[j - 1] in _BEFORE_PERIODS:
            j -= 2
        elif (
            word == ","
            and j > 1
            and (unit.words[j - 1] in lists.adverbs or unit.words[j - 1] in ("in turn", "for"))
            and unit.words[j - 2] == ","
        ):
            j -= 3
        else:
            return j
    return j


def antecedent(unit: Unit, relative: int) -> Phrase | None:
    """Find the phrase that a relative pronoun stands for."""
    j = relative - 1
    if j >= 0 and unit.words[j] in (",", "of"):
        j -= 1
    if j < 0 or unit.words[relative] == "that" and not is_nominal(unit, j):
        return None
    return phrase_ending(unit, j)


def _over_comma(unit: Unit, comma: int) -> Phrase | None:
    """Find the subject before an apposition or relative clause that ends at `comma`."""
    first = clause_start(unit, comma)
    commas = [k for k in range(first, comma) if unit.words[k] == "," and unit.region[k] < 0]
    if not commas:
        return None
    edges = [first - 1, *commas, comma]
    segments = [(a + 1, b - 1) for a, b in zip(edges, edges[1:], strict=False)]
    last = segments[-1]
    if last[0] > last[1]:
        return None
    named = phrase_ending(unit, last[1])
    if named and named[0] == last[0] and all(is_name(unit, k) for k in range(*_closed(named))):
        title = phrase_ending(unit, segments[-2][1]) if len(segments) > 1 else None
        if title and unit.words[title[1]] in title_words():
            return title[0], named[1]
    for number in range(len(segments) - 1, 0, -1):
        if _is_aside(unit, *segments[number]):
            before = segments[number - 1]
            if before[0] <= before[1] and (number == 1 or not _is_aside(unit, *before)):
                found = phrase_ending(unit, before[1])
                if found:
                    return found
    return None


def _closed(phrase: Phrase) -> Phrase:
    return phrase[0], phrase[1] + 1


def _is_aside(unit: Unit, first: int, last: int) -> bool:
    """Say whether a stretch between commas looks like an apposition or relative clause."""
    if first > last:
        return False
    word = unit.words[first]
    lists = words()
    return (
        word in lists.relatives
        or word in lists.determiners
        or word.endswith("ing")
        or word.isdigit()
        or word in lists.links
        or word in _ASIDE_STARTS
        or word.endswith("ed")
        or word[-2:] == "'s"
        or is_nominal(unit, first)
    )
