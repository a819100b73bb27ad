"""Tell speech and writing from attitudes, plans and votes by the cue."""

import re
from functools import cache

from .cues import verbs, words

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
# verbs of attitude, and verbs such as "praise" or "talk" that tell only with quoted words
_NOT_TELLING = frozenset(("attitude", "weak"))
# words of telling that the rules cannot use as cues on their own
_MORE_CUES = frozenset((
    "per", "via", "according", "reportedly", "quoted", "statement", "interview", "testimony",
    "tweet", "op-ed", "answer", "letter", "criticism", "criticisms", "emailed",
    "retweeted", "wondered", "pointed", "points", "pointing"))
# what may stand before a reporting noun; after a verb the noun is what somebody acts upon
_BEFORE_NOUN = frozenset(("a", "an", "the", "in", "of", "by", "from", "with", "on", "his", "her",
                          "their", "its", "my", "our", "this", "that"))


@cache
def _reporting() -> tuple[dict[str, tuple[tuple[str, ...], ...]], frozenset[str]]:
    """Return the reporting verbs (first word to what must follow) and the reporting nouns."""
    follow: dict[str, tuple[tuple[str, ...], ...]] = {}
    for word, entries in verbs().items():
        kept = tuple(v.rest for v in entries if not v.groups <= _NOT_TELLING)
        if kept:
            follow[word] = kept
    nouns = words().noun_cues
    return follow, frozenset(nouns) | {noun + "s" for noun in nouns} | _MORE_CUES


@cache
def names_speech(cue: str) -> bool:
    """
    Say whether a cue is a reporting verb or noun of the cue lexicon, and not denied.

    >>> names_speech("had also said in a statement"), names_speech("hopes to")
    (True, False)
    >>> names_speech("has not said"), names_speech("looked at reports of")
    (False, False)
    """
    found = _WORD.findall(cue.lower().replace("’", "'"))
    if ":" in cue:
        return True
    if any(word.endswith("n't") or word in ("not", "never") for word in found):
        return False
    if "yet" in found and "to" in found:
        return False
    follow, nouns = _reporting()
    small = _BEFORE_NOUN | words().adverbs | words().auxiliaries
    for i, word in enumerate(found):
        if word in nouns:
            if small.issuperset(found[:i]):
                return True
        elif any(tuple(found[i + 1:i + 1 + len(rest)]) == rest for rest in follow.get(word, ())):
            return True
    return False


def act_of(cue: str, kind: str, has_source: bool) -> str:
    """Return "speech" or "other": quoted words that have a source count as speech."""
    spoken = names_speech(cue) or (kind != "indirect" and has_source)
    return "speech" if spoken else "other"
