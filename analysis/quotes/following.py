"""Constructions with the content after the cue: "X said that", "X accused Y of", "X called it"."""

from analysis.quotes.cues import rule_words, words
from analysis.quotes.drafts import Draft, make_draft
from analysis.quotes.hits import Hit
from analysis.quotes.inserted import region_end
from analysis.quotes.phrases import Phrase, is_nominal
from analysis.quotes.rightward import phrase_after
from analysis.quotes.scope import (
    content_end,
    crosses,
    has_region,
    has_verb,
    object_end,
    skip_adjuncts,
)
from analysis.quotes.units import Unit

_ADDRESSEE_CLAUSES = rule_words("addressee_clauses")
_AFTER_PARTICIPLE = rule_words("after_participle")
_BARE_OPENERS = rule_words("bare_openers")
_CLAUSE_OPENERS = rule_words("clause_openers")
_NOT_NAMED = rule_words("not_named")
_OBJECT_PRONOUNS = rule_words("object_pronouns")
_PLAIN_NAMING = rule_words("plain_naming")
_TELLS_OBJECTS = rule_words("tells_objects")

# With a noun phrase after them these tell nothing: "maintains its “hegemony”".
_CLAUSE_ONLY = rule_words("clause_only")


# "That" may be left out after these too.
_BARE_TOO = rule_words("that_left_out")


def read_forward(unit: Unit, hit: Hit, subject: Phrase, hits: list[Hit]) -> Draft | None:
    """Read "X said (that) words", with the variants that each group of verbs allows."""
    groups, n = hit.verb.groups, len(unit)
    at = skip_adjuncts(unit, hit.last + 1)
    if at >= n:
        return None
    if unit.words[at] in {",", ":", "—"} and at + 1 < n:
        opened = skip_adjuncts(unit, at + 1) if unit.words[at] == "," else at + 1
        if opened < n and unit.region[opened] >= 0:
            return _quoted(unit, hit, subject, opened, hits)
        if unit.words[at] == ":" and groups & {"say", "that"} and opened < n:
            return make_draft(
                unit, hit, subject, [(opened, content_end(unit, opened, hits))], "bare"
            )
        if unit.words[at] == "," and opened < n and unit.words[opened] == "that":
            return make_draft(
                unit, hit, subject, [(opened, content_end(unit, opened, hits))], "that"
            )
        return _weak(unit, hit, subject, at, hits)
    if unit.region[at] >= 0:
        return _quoted(unit, hit, subject, at, hits)
    for reader in (_that, _accuse, _to, _name, _order, _told, _bare, _object, _weak):
        draft = reader(unit, hit, subject, at, hits)
        if draft:
            return draft
    return None


def _quoted(unit: Unit, hit: Hit, subject: Phrase, at: int, hits: list[Hit]) -> Draft | None:
    """Read X said: “words”."""
    if hit.verb.groups <= {"manner"} and unit.words[at - 1] not in (",", ":"):
        return None
    if hit.verb.groups <= {"attitude", "manner"} and "attitude" in hit.verb.groups:
        return make_draft(
            unit, hit, subject, [(at, object_end(unit, at, content_end(unit, at, hits)))], "weak"
        )
    direct = unit.words[at - 1] in (",", ":") or unit.raw[min(at + 1, len(unit) - 1)][0].isupper()
    last = (
        region_end(unit, at, hits) if direct else object_end(unit, at, content_end(unit, at, hits))
    )
    return make_draft(unit, hit, subject, [(at, last)], "quoted")


def _that(unit, hit, subject, at, hits) -> Draft | None:
    if unit.words[at] not in _CLAUSE_OPENERS:
        return None
    if unit.words[at] in ("when", "if", "who", "where") and not hit.verb.groups & {"say", "that"}:
        return None
    if not hit.verb.groups & {"say", "that", "attitude", "told", "to", "name"}:
        return None
    if "ing" not in hit.verb.forms and hit.verb.groups <= {"name"}:
        return None
    return make_draft(unit, hit, subject, [(at, content_end(unit, at, hits))], "that")


def _accuse(unit, hit, subject, at, hits) -> Draft | None:
    if "accuse" not in hit.verb.groups:
        return None
    last = content_end(unit, at, hits)
    if not any(w in ("of", "for", "with") for w in unit.words[at : last + 1]):
        return None
    return make_draft(unit, hit, subject, [(at, last)], "accuse")


def _to(unit, hit, subject, at, hits) -> Draft | None:
    if unit.words[at] != "to" or not hit.verb.groups & {"to", "attitude"}:
        return None
    return make_draft(unit, hit, subject, [(at, content_end(unit, at, hits))], "to")


def _name(unit, hit, subject, at, hits) -> Draft | None:
    if "name" not in hit.verb.groups or unit.words[at] in _NOT_NAMED:
        return None
    last = object_end(unit, at, content_end(unit, at, hits))
    if has_region(unit, at, last):
        return make_draft(unit, hit, subject, [(at, last)], "name")
    if (
        hit.verb.lemma in _PLAIN_NAMING
        and last - at >= 1
        and (phrase_after(unit, at) or (at, at))[1] + 1 <= last
        or "as" in unit.words[at:last]
    ):
        if hit.verb.lemma == "call" and unit.words[at] in ("the",) and last - at < 3:
            return None
        return make_draft(unit, hit, subject, [(at, last)], "name")
    return None


def _order(unit, hit, subject, at, hits) -> Draft | None:
    """Read "X urged Y to do": Y is left out."""
    if "order" not in hit.verb.groups:
        return None
    reach = min(at + 14, len(unit) - 1)
    for k in range(at, reach):
        word = unit.words[k]
        if (
            word == "to"
            or word == "not"
            and unit.words[k + 1] == "to"
            or (word == "against" and any(w.endswith("ing") for w in unit.words[k + 1 : k + 3]))
        ):
            if "be" in unit.words[k : k + 4] and hit.last == at - 1:
                return None  # "asked not to be named"
            return make_draft(unit, hit, subject, [(k, content_end(unit, k, hits))], "order")
        if word in {",", ".", ";"} or unit.region[k] >= 0:
            break
    return None


def _told(unit, hit, subject, at, hits) -> Draft | None:
    """Read "X told Y (that) words"."""
    if "told" not in hit.verb.groups:
        return None
    for k in range(at + 1, min(at + 16, len(unit))):
        word = unit.words[k]
        if any(h.first == k for h in hits):
            return None
        if word in _ADDRESSEE_CLAUSES:
            return make_draft(unit, hit, subject, [(k, content_end(unit, k, hits))], "that")
        if unit.region[k] >= 0:
            addressee = phrase_after(unit, at)
            begin = addressee[1] + 1 if addressee else k
            if begin < k and unit.words[begin] in words().pronouns:
                return make_draft(
                    unit, hit, subject, [(begin, content_end(unit, begin, hits))], "bare"
                )
            return _quoted(unit, hit, subject, k, hits)
        if word in (":",) and k + 1 < len(unit):
            return make_draft(unit, hit, subject, [(k + 1, content_end(unit, k + 1, hits))], "bare")
        if word in {".", ";"}:
            return None
    if hit.verb.lemma != "tell":
        return None
    if unit.words[at] in _OBJECT_PRONOUNS:
        after = at + 1
    else:
        addressee = phrase_after(unit, at)
        after = addressee[1] + 1 if addressee else at
    after = skip_adjuncts(unit, after)
    if (
        after + 1 < len(unit)
        and (unit.words[after] == "of" or has_verb(unit, after, content_end(unit, after, hits)))
        and unit.words[after] not in {",", "."}
    ):
        return make_draft(unit, hit, subject, [(after, content_end(unit, after, hits))], "bare")
    return None


def _bare(unit, hit, subject, at, hits) -> Draft | None:
    """Read "X said words": a clause without "that"."""
    if (
        not hit.verb.groups & {"say", "attitude"}
        and hit.verb.lemma not in _BARE_TOO
        or not (
            is_nominal(unit, at)
            or unit.words[at] in words().determiners
            or unit.words[at] in words().pronouns
            or unit.words[at] in _BARE_OPENERS
        )
    ):
        return None
    last = content_end(unit, at, hits)
    if last - at < 1 or not has_verb(unit, at, last):
        return None
    if hit.verb.lemma != "say" and not _clause_soon(unit, at, last):
        return None
    return make_draft(unit, hit, subject, [(at, last)], "bare")


def _clause_soon(unit: Unit, first: int, last: int) -> bool:
    """Say whether a subject and a finite verb stand at the start of a stretch."""
    phrase = phrase_after(unit, first)
    if not phrase or phrase[1] >= last:
        return False
    k = phrase[1] + 1
    while k < last and (unit.words[k] in words().adverbs or unit.words[k].endswith("ly")):
        k += 1
    return (
        has_verb(unit, k, k)
        or unit.words[k] in words().modals
        or (unit.words[k].endswith("ed") and k < last and unit.words[k + 1] in _AFTER_PARTICIPLE)
    )


def _object(unit, hit, subject, at, hits) -> Draft | None:
    """Read "X denied any deal", "warned of consequences"."""
    if "object" not in hit.verb.groups:
        return None
    if (
        not (
            is_nominal(unit, at) or unit.words[at] in words().determiners or unit.words[at] in "€$£"
        )
        or unit.words[at] in words().adverbs
    ):
        return None
    last = content_end(unit, at, hits)
    comma = next((k for k in range(at, last) if unit.words[k] == "," and unit.region[k] < 0), None)
    last = object_end(unit, at, comma - 1 if comma and comma > at else last)
    strong = hit.verb.lemma in _TELLS_OBJECTS
    if not strong and not has_region(unit, at, last):
        return None
    return make_draft(unit, hit, subject, [(at, last)], "object")


def _weak(unit, hit, subject, at, hits) -> Draft | None:
    """Read any other reporting verb, if quoted words come with it."""
    if hit.verb.groups <= {"attitude", "manner"} or hit.verb.lemma in _CLAUSE_ONLY:
        return None
    last = content_end(unit, at, hits)
    if not has_region(unit, at, last) or crosses(unit, at, hits):
        return None
    first = at + 1 if unit.words[at] in {",", ":"} else at
    return make_draft(unit, hit, subject, [(first, object_end(unit, first, last))], "weak")
