"""Hits: the reporting verbs of a unit, told from the nouns that look like them."""

from functools import cache
from typing import NamedTuple

from analysis.quotes.cues import Verb, rule_words, verbs, words
from analysis.quotes.units import MARKS, Unit

_NOUN_PREPOSITIONS = rule_words("noun_prepositions")
_PRONOUN_DETERMINERS = rule_words("pronoun_determiners")


class Hit(NamedTuple):
    """A reporting verb at tokens `first` to `last` of a unit."""

    first: int
    last: int
    verb: Verb


def find_hits(unit: Unit) -> list[Hit]:
    """Find the reporting verbs outside quotations, longest phrase first."""
    table, found, at = verbs(), [], 0
    for i in [i for i, word in enumerate(unit.words) if word in table]:
        if i < at or unit.region[i] >= 0:
            continue
        word = unit.words[i]
        for verb in table[word]:
            last = i + len(verb.rest)
            if tuple(unit.words[i + 1 : last + 1]) == verb.rest and not _is_noun(unit, i, verb):
                found.append(Hit(i, last, _merge(table[word], verb)))
                at = last + 1
                break
    return found


@cache
def _merge(listed: tuple[Verb, ...], verb: Verb) -> Verb:
    """Join the groups of all verbs with the same words: "read" is two forms of one."""
    same = [v for v in listed if v.rest == verb.rest]
    return verb._replace(
        forms=frozenset().union(*(v.forms for v in same)),
        groups=frozenset().union(*(v.groups for v in same)),
    )


def _is_noun(unit: Unit, i: int, verb: Verb) -> bool:
    """Say whether the word is rather a noun here: "the claims", "Credible reports say"."""
    lists = words()
    before = unit.words[i - 1] if i else ""
    after = unit.words[i + len(verb.rest) + 1] if i + len(verb.rest) + 1 < len(unit) else ""
    if before in lists.determiners and before not in _PRONOUN_DETERMINERS:
        return True
    if before in _NOUN_PREPOSITIONS and "ing" not in verb.forms:
        return True
    if "ing" not in verb.forms and (
        before.endswith("'s") and before not in ("it's", "he's", "she's") or before in ("'", "’")
    ):
        return True
    if (
        unit.raw[i][0].isupper()
        and i
        and unit.words[i - 1] not in MARKS
        and not unit.raw[i].isupper()
    ):
        return True
    if (
        verb.forms & {"present", "base"}
        and before.endswith("ing")
        and not unit.raw[i - 1][0].isupper()
        and (i < 2 or unit.words[i - 2] not in ("is", "are", "was", "were"))
    ):
        return True
    if unit.words[i] == "state" and after not in ("that", ":", "how", "whether", ","):
        return True
    if verb.forms & {"base", "present"} and not verb.rest:
        if (
            after in lists.auxiliaries
            and after not in ("'s",)
            or after in lists.modals
            and after != "may"
        ):
            return True
        if "present" in verb.forms and any(
            v.forms == {"base"} and v.groups & {"say", "that"} for v in verbs().get(after, ())
        ):
            return True
        return any(
            v.forms & {"past", "present"} and not v.forms & {"participle"} or v.lemma == "say"
            for v in verbs().get(after, ())
        )
    return False
