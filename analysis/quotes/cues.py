"""Reporting words: the cue lexicon, inflected, and the words that stand round a cue."""

import re
from functools import cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon


class Verb(NamedTuple):
    """An inflected reporting verb: its base form, the groups it is in, and its form."""

    lemma: str
    rest: tuple[str, ...]  # the words after the first: "on" of "called on"
    groups: frozenset[str]
    forms: frozenset[str]  # base, present, past, participle, ing


class Words(NamedTuple):
    """The small words that the rules look at, as sets."""

    adverbs: frozenset[str]
    auxiliaries: frozenset[str]
    modals: frozenset[str]
    negators: frozenset[str]
    passive: frozenset[str]
    openers: frozenset[str]
    opening_phrases: tuple[tuple[str, ...], ...]
    pronouns: frozenset[str]
    relatives: frozenset[str]
    stops: frozenset[str]
    determiners: frozenset[str]
    links: frozenset[str]
    months: frozenset[str]
    days: frozenset[str]
    wh: frozenset[str]
    documents: frozenset[str]
    noun_cues: frozenset[str]
    noun_linkers: frozenset[str]
    noun_that_only: frozenset[str]
    before_source: tuple[tuple[str, ...], ...]
    as_cues: frozenset[str]


FORMS = ("base", "present", "past", "participle", "ing")
_VOWEL_Y = re.compile(r"[aeiou]y$")


@cache
def words() -> Words:
    """Return the word lists of the cue lexicon."""
    lexicon = read_lexicon("cues")
    lists = {
        **lexicon["words"],
        "noun_cues": lexicon["nouns"]["cues"],
        "noun_linkers": lexicon["nouns"]["linkers"],
        "noun_that_only": lexicon["nouns"]["that_only"],
        "as_cues": lexicon["phrases"]["as_cues"],
    }
    phrases = {
        "opening_phrases": lexicon["words"]["opening_phrases"],
        "before_source": lexicon["phrases"]["before_source"],
    }
    split = {name: tuple(tuple(p.split()) for p in listed) for name, listed in phrases.items()}
    sets = {name: frozenset(lists[name]) for name in Words._fields if name not in split}
    return Words(**sets, **split)


@cache
def rule_words(name: str) -> frozenset[str]:
    """Return one of the small word lists of `lexicons/grammar.toml`."""
    return frozenset(read_lexicon("grammar")[name])


@cache
def source_phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the phrases that stand before a source ("according to") by their first word."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in words().before_source:
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


@cache
def triggers() -> frozenset[str]:
    """Return the words without one of which a sentence reports nothing."""
    return frozenset(verbs()) | words().noun_cues | frozenset(source_phrases())


@cache
def verbs() -> dict[str, tuple[Verb, ...]]:
    """Return the inflected verbs by their first word, longest phrases first."""
    lexicon = read_lexicon("cues")
    irregular = {forms.split("/")[0]: forms.split("/") for forms in lexicon["words"]["irregular"]}
    groups: dict[str, set[str]] = {}
    for group, lemmas in lexicon["verbs"].items():
        for lemma in lemmas:
            groups.setdefault(lemma, set()).add(group)
    found: dict[str, dict[tuple, set[str]]] = {}
    for lemma, member in groups.items():
        first, *rest = lemma.split()
        for form, word in zip(FORMS, irregular.get(first) or inflect(first), strict=True):
            key = (lemma, tuple(rest), frozenset(member))
            found.setdefault(word, {}).setdefault(key, set()).add(form)
    return {
        word: tuple(
            sorted(
                (Verb(*key, frozenset(forms)) for key, forms in keys.items()),
                key=lambda v: -len(v.rest),
            )
        )
        for word, keys in found.items()
    }


def inflect(verb: str) -> tuple[str, str, str, str, str]:
    """
    Return base, present, past, participle and -ing form of a regular verb.

    >>> inflect("deny")
    ('deny', 'denies', 'denied', 'denied', 'denying')
    """
    if verb.endswith("e"):
        return verb, verb + "s", verb + "d", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and not _VOWEL_Y.search(verb):
        return verb, verb[:-1] + "ies", verb[:-1] + "ied", verb[:-1] + "ied", verb + "ing"
    present = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return verb, present, verb + "ed", verb + "ed", verb + "ing"
