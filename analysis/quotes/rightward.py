"""Noun phrases after a cue, read to the right: "according to | the mayor of Milford"."""

from analysis.quotes.cues import rule_words, words
from analysis.quotes.phrases import LONGEST, Phrase, attaches, is_nominal, is_verb_form
from analysis.quotes.titles import title_words
from analysis.quotes.units import MARKS, Unit

_COUNTING_PRONOUNS = rule_words("counting_pronouns")
_STAND_ALONE = rule_words("stand_alone")


def phrase_after(unit: Unit, first: int) -> Phrase | None:
    """Find the noun phrase that begins at token `first`, going right."""
    lists = words()
    n = min(len(unit), first + LONGEST)
    k = first
    while k < n and unit.words[k] in lists.adverbs and unit.words[k] not in ("both", "all"):
        k += 1
    if k >= n or unit.words[k] in MARKS:
        return None
    begin = k
    alone = unit.words[k] not in ("one", "her") or k + 1 >= n or not is_nominal(unit, k + 1)
    if alone and (unit.words[k] in lists.pronouns or unit.words[k] in _STAND_ALONE):
        return k, k
    last = -1
    while k < n:
        step = _step_right(unit, k, begin, last)
        if step < 0:
            break
        if (
            is_nominal(unit, k)
            or unit.words[k] in lists.determiners
            and (unit.words[k] in _COUNTING_PRONOUNS)
        ):
            last = k
        k += step
    return (begin, last) if last >= begin else None


def _step_right(unit: Unit, k: int, begin: int, last: int) -> int:
    """Return 1 if token `k` may belong to a phrase from `begin` on, -1 if not."""
    lists = words()
    word = unit.words[k]
    after = unit.words[k + 1] if k + 1 < len(unit) else ""
    if word in lists.determiners:
        return (
            1
            if k == begin
            or unit.words[k - 1] in lists.links
            or unit.words[k - 1] in ("and", "of", ",", "all", "both", "one", "many", "some", "most")
            or unit.words[k - 1] in lists.determiners
            else -1
        )
    if word in ("and", "&"):
        right_name = k + 1 < len(unit) and unit.raw[k + 1][0].isupper()
        left_name = last >= 0 and unit.raw[last][0].isupper()
        return (
            1
            if last >= 0
            and (
                right_name
                and left_name
                or after in ("other", "others")
                or (after in lists.determiners and (not left_name or "," in unit.words[begin:k]))
            )
            else -1
        )
    if word == ",":
        later = unit.words[k + 1 : k + 9]
        if after == "and" and "," not in unit.words[begin:k]:
            return -1
        joins = (
            last >= 0
            and unit.raw[last][0].isupper()
            and "and" in later
            and all(
                w in (",", "the") or unit.raw[k + 1 + n][0].isupper()
                for n, w in enumerate(later[: later.index("and")])
            )
        )
        return 1 if joins else -1
    if word in lists.links:
        if last < 0 or k + 1 >= len(unit):
            return -1
        dated = (
            after in lists.days
            or after in lists.months
            or after.isdigit()
            or after in ("a", "an", "this", "last")
            and word in ("in", "on")
        )
        if dated or not (is_nominal(unit, k + 1) or after in lists.determiners):
            return -1
        if word == "of":
            return 1
        if word == "in":
            return 1 if unit.raw[k + 1][0].isupper() and last >= 0 else -1
        return (
            1
            if word in ("from", "at", "for", "with")
            and (unit.raw[last][0].isupper() or attaches(unit, k))
            else -1
        )
    if not is_nominal(unit, k):
        return -1
    if last >= 0 and unit.raw[last][0].isupper() and k == last + 1 and not unit.raw[k][0].isupper():
        # after a name only a title or "spokesman" may follow in the same phrase
        return (
            1
            if word in title_words()
            or word.endswith("'s")
            or unit.words[last].endswith("'s")
            or _common_head(unit, begin, k)
            else -1
        )
    if word in lists.days or word in lists.months:
        return -1
    return (
        -1
        if last >= 0
        and not unit.raw[k][0].isupper()
        and word.endswith("ed")
        and len(word) > 4
        and unit.words[k - 1] not in lists.determiners
        else 1
    )


def _common_head(unit: Unit, begin: int, k: int) -> bool:
    """Say whether a common noun after a capital heads the phrase: "US officials"."""
    word = unit.words[k]
    return (
        word.endswith(("s", "y", "ent", "ion", "ial", "an", "er", "or", "al", "ic"))
        and not is_verb_form(word)
        and not word.endswith("ly")
        and word not in words().adverbs
    )
