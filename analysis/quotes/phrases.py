"""
Noun phrases that end at a token, without a parser.

All positions are token numbers of a `Unit`; a phrase is (first, last), both inclusive.
Every scan stops after a fixed number of tokens.
"""

from functools import cache

from analysis.quotes.cues import rule_words, verbs, words
from analysis.quotes.titles import title_words
from analysis.quotes.units import MARKS, Unit

_DEFINITE = rule_words("definite")
_DEFINITE_PLURAL = rule_words("definite_plural")
_PREPOSITIONS = rule_words("prepositions")
_TEXT_LINKS = rule_words("text_links")
_ALSO_NOUNS = rule_words("also_nouns")
_VERB_ENDINGS = ("ed", "ing")
Phrase = tuple[int, int]
LONGEST = 16  # tokens in a noun phrase


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


def is_noun_like(unit: Unit, i: int) -> bool:
    """Say whether token `i` may be the last noun of a phrase."""
    return (
        is_nominal(unit, i)
        and not (is_verb_form(unit.words[i]) and not unit.raw[i][0].isupper())
        and not (unit.words[i].endswith("ly") and not unit.raw[i][0].isupper())
    )


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


def head_of(unit: Unit, phrase: Phrase) -> int:
    """Return the head noun of a phrase: the token before its first preposition."""
    for k in range(phrase[0] + 1, phrase[1] + 1):
        if unit.words[k] in _PREPOSITIONS or unit.words[k] == "of":
            return k - 1
    return phrase[1]


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
