"""Subjects: who is behind a cue, and whether it can tell anything."""

from analysis.quotes.clauses import clause_start, skip_openers, subject_before
from analysis.quotes.cues import rule_words, verbs, words
from analysis.quotes.hits import Hit
from analysis.quotes.phrases import Phrase, head_of, is_name, phrase_ending
from analysis.quotes.rightward import phrase_after
from analysis.quotes.titles import role_nouns
from analysis.quotes.units import MARKS, Unit

_ADJUNCT_PREPOSITIONS = rule_words("adjunct_prepositions")
_PLURAL_WORDS = rule_words("plural_words")
_SINGULAR_DETERMINERS = rule_words("singular_determiners")

# Who must be a person, or a text, before these count as telling.
SHOWING = rule_words("showing")


# Whatever their subject is, it tells.
_PLAIN = rule_words("plain_telling")


_CAUSES = rule_words("causes")


_WEAK_SUBJECTS = rule_words("weak_subjects")


def find_subject(unit: Unit, hit: Hit, shared: Phrase | None) -> Phrase | None | bool:
    """Return the subject of a cue, None if it has none before it, False if it tells nothing."""
    lists = words()
    forms = hit.verb.forms
    k, negated, passive, modal = hit.first - 1, False, False, False
    while k >= 0 and hit.first - k < 6:
        word = unit.words[k]
        if word in lists.negators or word.endswith("n't"):
            negated = True
        elif word in lists.modals or word == "to":
            modal = True
            if word == "to" and k > 1:
                caused = phrase_ending(unit, k - 1)
                if caused and caused[0] and unit.words[caused[0] - 1] in _CAUSES:
                    return caused
        elif word in lists.passive:
            passive = True
        elif not (word in lists.auxiliaries or word in lists.adverbs or word.endswith("ly")):
            break
        k -= 1
    if negated or modal or "do" in unit.words[k + 1 : hit.first]:
        return False
    if "ing" in forms:
        if passive:
            return subject_before(unit, hit.first)
        before = unit.words[hit.first - 1] if hit.first else ""
        if before in (",", "by", "while", "and") or before in MARKS or hit.first == 0:
            near = shared and clause_start(unit, hit.first) <= shared[1]
            return shared if near else _first_subject(unit, hit.first) or shared
        return False
    if passive and "participle" in forms:
        return None
    if forms == {"base"} and k < 0:
        return False
    before = unit.words[hit.first - 1] if hit.first else ""
    if before in ("and", "but") or unit.words[k] in ("and", "but") and k >= 0:
        return shared or _first_subject(unit, hit.first)
    return subject_before(unit, hit.first)


def _first_subject(unit: Unit, cue: int) -> Phrase | None:
    """Return the noun phrase that opens the clause of a cue that has no subject beside it."""
    first = skip_openers(unit, clause_start(unit, cue), cue)
    if unit.words[first] in _SUBORDINATORS:
        first = next((j + 1 for j in range(first, cue) if unit.words[j] == ","), first)
    waving = _reduced_relative(unit, first, cue)
    if waving:
        return waving
    k = first
    while k < cue:
        word = unit.words[k]
        phrase = phrase_after(unit, k)
        if word in words().links or word in _ADJUNCT_PREPOSITIONS:
            inner = phrase_after(unit, k + 1)
            k = inner[1] + 1 if inner else k + 1
        elif phrase and phrase[1] < cue and unit.region[phrase[0]] < 0:
            return phrase
        else:
            k += 1
    return None


_SUBORDINATORS = rule_words("clause_starts")


def _reduced_relative(unit: Unit, first: int, cue: int) -> Phrase | None:
    """Find "people" in "people waving flags and chanting"."""
    if "ing" not in {f for v in verbs().get(unit.words[cue], ()) for f in v.forms}:
        return None
    for k in range(cue - 2, first, -1):
        if (
            unit.words[k].endswith("ing")
            and unit.region[k] < 0
            and unit.words[k - 1] in role_nouns()
            and unit.words[k - 1].endswith(("s", "people", "crowd"))
        ):
            return phrase_ending(unit, k - 1)
    return None


def is_plural(unit: Unit, subject: Phrase) -> bool:
    """Say whether a subject agrees with a base form: "they say", "Seoul and Tokyo accuse"."""
    head = head_of(unit, subject)
    word = unit.words[head]
    if unit.words[subject[0]] in _SINGULAR_DETERMINERS or (
        subject[0] == subject[1] and word.endswith("ing")
    ):
        return False
    return (
        word in _PLURAL_WORDS
        or word.endswith(("s", "ese", "ish"))
        and not word.endswith("'s")
        or "and" in unit.words[subject[0] : subject[1] + 1]
    )


def may_tell(unit: Unit, subject: Phrase, hit: Hit) -> bool:
    """Say whether the subject can tell something: a person, a body or a text."""
    at = head_of(unit, subject)
    head = unit.words[at]
    if subject[0] == subject[1] and head in _WEAK_SUBJECTS:
        return head == "it" and hit.verb.lemma not in SHOWING
    if hit.verb.lemma in _PLAIN or hit.verb.groups <= {"attitude"}:
        return True
    inside = range(subject[0], at + 1)
    if any(unit.words[k] in words().documents or unit.words[k] in role_nouns() for k in inside):
        return True
    return (
        is_name(unit, at)
        and not unit.words[at].endswith("'s")
        or head in words().pronouns
        or head.endswith(("ers", "ors", "ists", "ians", "men", "people"))
        or head in words().determiners
    )


def is_subject_like(unit: Unit, phrase: Phrase) -> bool:
    """Say whether a phrase names somebody: a name, a title or a group of people."""
    first, last = phrase
    head = head_of(unit, phrase)
    word = unit.words[head]
    return (
        is_name(unit, head)
        and not word.endswith("'s")
        or word in role_nouns()
        or word in words().pronouns
        or word.endswith(("er", "or", "ist", "man", "woman", "ers", "ors", "ists", "people"))
    )
