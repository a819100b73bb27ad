"""
Noun phrases beside a cue, without a parser: who does the saying.

All positions are token numbers of a `Unit`; a phrase is (first, last), both inclusive.
Every scan stops after a fixed number of tokens.
"""

from functools import cache

from analysis.quotes.cues import rule_words, verbs, words
from analysis.quotes.titles import title_words
from analysis.quotes.units import MARKS, Unit

_ASIDE_STARTS = rule_words("aside_starts")
_BEFORE_DATES = rule_words("before_dates")
_BEFORE_PERIODS = rule_words("before_periods")
_DEFINITE = rule_words("definite")
_DEFINITE_PLURAL = rule_words("definite_plural")
_NOUNS_IN_LY = rule_words("nouns_in_ly")
_PERIODS = rule_words("periods")
_TEXT_LINKS = rule_words("text_links")

Phrase = tuple[int, int]

LONGEST = 16  # tokens in a noun phrase
REACH = 60  # tokens looked back for the subject
_CONJUNCTIONS = rule_words("clause_conjunctions")
_BREAKS = frozenset([";", ":", "—", "–", "(", ")", "…", "?", "!", "|", "•"])


@cache
def _never_names() -> frozenset[str]:
    lists = words()
    return lists.stops | lists.determiners | lists.openers | lists.pronouns


@cache
def _never_nominal() -> frozenset[str]:
    lists = words()
    return lists.stops | lists.links | lists.determiners | lists.pronouns | {"and", "that"}


def is_name(unit: Unit, i: int) -> bool:
    """Say whether token `i` has a capital and is no function word at a sentence start."""
    return unit.raw[i][0].isupper() and unit.words[i] not in _never_names()


def is_nominal(unit: Unit, i: int) -> bool:
    """Say whether token `i` may stand inside a noun phrase, function words aside."""
    return unit.raw[i][0].isalnum() and unit.words[i] not in _never_nominal()


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


_PREPOSITIONS = rule_words("prepositions")


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


def head_of(unit: Unit, phrase: Phrase) -> int:
    """Return the head noun of a phrase: the token before its first preposition."""
    for k in range(phrase[0] + 1, phrase[1] + 1):
        if unit.words[k] in _PREPOSITIONS or unit.words[k] == "of":
            return k - 1
    return phrase[1]


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


def phrase_ending(unit: Unit, last: int) -> Phrase | None:
    """Find the noun phrase whose last token is `last`, going left."""
    lists = words()
    if last < 0 or not (is_nominal(unit, last) or unit.words[last] in lists.determiners):
        return None
    k, floor = last, max(0, last - LONGEST)
    if unit.words[last] in lists.determiners and unit.words[last] in _DEFINITE:
        return None
    while k > floor:
        step = _step_left(unit, k)
        if not step:
            break
        k -= step
    return k, last


def _step_left(unit: Unit, k: int) -> int:
    """Return by how many tokens a phrase that begins at `k` may grow to the left."""
    lists = words()
    t = k - 1
    word = unit.words[t]
    if unit.region[t] != unit.region[k] and unit.words[t] in MARKS:
        return 0
    opened = unit.words[k] in lists.determiners or unit.words[k] in lists.pronouns
    if opened and word in ("all", "both", "of") and unit.words[k] in _DEFINITE_PLURAL:
        return 1 if t == 0 or word != "of" or is_noun_like(unit, t - 1) else 0
    if word in lists.links:
        attached = t > 0 and is_noun_like(unit, t - 1)
        if word == "of":
            return 1 if attached else 0
        return 1 if attached and attaches(unit, t) else 0
    if word in ("and", "&", "or"):
        return _over_and(unit, k)
    if word == "," and t > 0:
        return _over_list_comma(unit, k)
    if opened:
        return 1 if word in ("of",) else 0
    if word in lists.determiners:
        # "that Ann" opens a clause, "that woman" a phrase
        return 0 if word in ("that", "this", "which") and unit.raw[k][0].isupper() else 1
    if not is_nominal(unit, t) and word != ".":
        return 0
    if word == ".":
        return 0
    upper, title = unit.raw[k][0].isupper(), unit.raw[t][0].isupper()
    if word.endswith(("'s", "s'")) or title:
        return 1
    if upper:  # a common word before a name: a title, or a verb that is not ours
        return 1 if word in title_words() or "-" in word or word.endswith("'s") else 0
    return 0 if is_verb_form(word) and t > 0 and unit.words[t - 1] not in lists.determiners else 1


def is_noun_like(unit: Unit, i: int) -> bool:
    """Say whether token `i` may be the last noun of a phrase."""
    return (
        is_nominal(unit, i)
        and not (is_verb_form(unit.words[i]) and not unit.raw[i][0].isupper())
        and not (unit.words[i].endswith("ly") and not unit.raw[i][0].isupper())
    )


def attaches(unit: Unit, link: int) -> bool:
    """Say whether "at", "for", "from", "in", "with" or "on" belongs to the noun before it."""
    noun = unit.words[link - 1]
    return (
        noun in title_words()
        or noun.endswith(
            (
                "man",
                "woman",
                "person",
                "er",
                "or",
                "ist",
                "ers",
                "ors",
                "ists",
                "ant",
                "ants",
                "people",
            )
        )
        or unit.raw[link - 1][0].isupper()
        and unit.words[link] in ("of", "from", "at", "for")
        or noun in words().documents
        and unit.words[link] in _TEXT_LINKS
    )


def _over_and(unit: Unit, k: int) -> int:
    """Join "the UN and Ukraine", "the mayor and the governor", not two clauses."""
    t = k - 2
    if t >= 0 and unit.words[t] == ",":
        t -= 1
        earlier = unit.words[t - 2 : t] if t > 1 else []
        if "," not in earlier:
            return 0
    if t < 0 or not is_noun_like(unit, t):
        return 0
    right_name, left_name = unit.raw[k][0].isupper(), unit.raw[t][0].isupper()
    right_det = unit.words[k] in words().determiners
    if right_name != left_name and not right_det and unit.words[k] not in ("others",):
        return 0
    if right_det and not left_name and not (t > 0 and unit.words[t - 1] in words().determiners):
        return 0
    return k - t


def _over_list_comma(unit: Unit, k: int) -> int:
    """Join "the UN, the US, and Ukraine": only if an "and" follows in the list."""
    t = k - 2
    follows = unit.words[k : k + 8]
    if t < 0 or "and" not in follows or not is_noun_like(unit, t):
        return 0
    joined = follows.index("and")
    inside = follows[:joined]
    if not all(
        w == "," or w in words().determiners or unit.raw[k + n][0].isupper()
        for n, w in enumerate(inside)
    ):
        return 0
    return 2 if unit.raw[t][0].isupper() else 0


_VERB_ENDINGS = ("ed", "ing")


def is_verb_form(word: str) -> bool:
    """Say whether a lower-case word is more likely a verb than a noun or adjective."""
    return (
        word.endswith(_VERB_ENDINGS)
        and len(word) > 4
        or any(
            v.forms & {"past"} or "present" in v.forms and not v.rest and word not in _ALSO_NOUNS
            for v in verbs().get(word, ())
        )
    )


_ALSO_NOUNS = rule_words("also_nouns")
