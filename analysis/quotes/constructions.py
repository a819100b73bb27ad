"""Constructions: how a cue, its subject and the words reported stand to one another."""

from typing import NamedTuple

from analysis.quotes.cues import source_phrases, verbs, words
from analysis.quotes.phrases import (
    Phrase,
    antecedent,
    clause_start,
    head_of,
    is_name,
    is_nominal,
    phrase_after,
    phrase_ending,
    skip_openers,
    subject_before,
)
from analysis.quotes.scope import (
    Hit,
    before_span,
    content_end,
    crosses,
    find_hits,
    has_region,
    has_verb,
    object_end,
    skip_adjuncts,
    trim,
)
from analysis.quotes.titles import role_nouns
from analysis.quotes.units import MARKS, Unit

# Who must be a person, or a text, before these count as telling.
SHOWING = frozenset(["suggest", "show", "indicate", "find", "reveal", "imply", "signal", "highlight",
                      "underline", "underscore", "confirm", "read", "begin", "continue", "see", "rule", "hint", "convey", "specify", "detail", "outline", "set out", "forecast", "signal"])
# With a noun phrase after them these tell nothing: "maintains its “hegemony”".
_CLAUSE_ONLY = frozenset(["maintain", "continue", "begin", "find", "show", "see", "rule", "cast", "report", "agree"])
# "That" may be left out after these too.
_BARE_TOO = frozenset(["indicate", "show", "find", "reveal", "imply", "signal", "affirm", "disclose", "forecast"])
# Whatever their subject is, it tells.
_PLAIN = frozenset(["say", "tell", "add", "ask", "reply", "insist", "argue", "claim", "explain", "complain", "joke",
                    "quip", "shout", "yell", "chant", "remark", "respond", "write", "tweet", "warn", "note", "recall"])
_CAUSES = frozenset(["prompted", "prompting", "led", "leading", "caused", "causing", "forced", "forcing", "pushed", "moved", "drove",
                     "prompts", "leads"])
_WEAK_SUBJECTS = frozenset(["that", "this", "which", "it", "what", "who", "there", "those", "these"])


class Draft(NamedTuple):
    """An attribution in token numbers of its unit."""

    content: tuple[Phrase, ...]
    source: Phrase | None
    cue: Phrase
    act: str
    score: float
    rule: str
    direct: bool = False


def read_unit(unit: Unit) -> list[Draft]:
    """Read every attribution of a unit, in text order."""
    hits = find_hits(unit)
    drafts: list[Draft] = []
    shared: Phrase | None = None
    for hit in hits:
        subject = find_subject(unit, hit, shared)
        if subject is False:
            continue
        draft = _read_hit(unit, hit, subject, hits)
        if draft:
            drafts.append(draft)
            shared = draft.source or shared
    drafts.extend(read_phrases(unit, hits))
    drafts.extend(read_nouns(unit, hits))
    return _without_doubles(sorted(drafts, key=lambda d: d.content[0]))


def _without_doubles(drafts: list[Draft]) -> list[Draft]:
    """Keep the better of two drafts with the same content."""
    kept: dict[tuple, Draft] = {}
    for draft in drafts:
        other = kept.get(draft.content)
        if other is None or (draft.source is not None, draft.score) > (
                other.source is not None, other.score):
            kept[draft.content] = draft
    return list(kept.values())


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
    if negated or modal or "do" in unit.words[k + 1:hit.first]:
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
        if word in words().links or word in ("during", "after", "before", "to", "by", "with"):
            inner = phrase_after(unit, k + 1)
            k = inner[1] + 1 if inner else k + 1
        elif phrase and phrase[1] < cue and unit.region[phrase[0]] < 0:
            return phrase
        else:
            k += 1
    return None


_SUBORDINATORS = frozenset(["as", "when", "while", "after", "before", "if", "although", "though", "because", "since", "once"])


def _reduced_relative(unit: Unit, first: int, cue: int) -> Phrase | None:
    """Find "people" in "people waving flags and chanting"."""
    if "ing" not in {f for v in verbs().get(unit.words[cue], ()) for f in v.forms}:
        return None
    for k in range(cue - 2, first, -1):
        if unit.words[k].endswith("ing") and unit.region[k] < 0 and unit.words[k - 1] in role_nouns() \
                and unit.words[k - 1].endswith(("s", "people", "crowd")):
            return phrase_ending(unit, k - 1)
    return None


def _read_hit(unit: Unit, hit: Hit, subject: Phrase | None, hits: list[Hit]) -> Draft | None:
    """Try the constructions in turn."""
    if _is_passive(unit, hit):
        return _passive(unit, hit, hits)
    if subject and not _may_tell(unit, subject, hit):
        return None
    if subject and unit.words[max(0, subject[0] - 1)] == "as" and subject[0] > 0:
        return _as_clause(unit, hit, subject, hits)
    inverted = _inverted(unit, hit, hits)
    if inverted:
        return inverted
    if subject is None or hit.verb.forms == {"base"} and not _is_plural(unit, subject) \
            and unit.words[hit.first - 1] != "to":
        return None
    if hit.first - subject[1] > 1 and "ing" in hit.verb.forms or subject[1] > hit.first:
        return _forward(unit, hit, subject, hits)
    relative = _object_relative(unit, hit, subject)
    if relative:
        return relative
    draft = _parenthesis(unit, hit, subject, hits) or _forward(unit, hit, subject, hits)
    return _inside_relative(unit, hit, subject, draft) if draft else None


def _inside_relative(unit: Unit, hit: Hit, subject: Phrase, draft: Draft) -> Draft:
    """End the content of ", which had warned ...," with the clause."""
    n = subject[1] + 1
    if unit.words[n:n + 1] != [","] or n + 1 >= hit.first or unit.words[n + 1] not in words().relatives:
        return draft
    first, last = draft.content[-1]
    if first < hit.last:
        return draft
    comma = next((k for k in range(first, last) if unit.words[k] == "," and unit.region[k] < 0), None)
    if comma is None:
        return draft
    return draft._replace(content=(*draft.content[:-1], (first, max(first, comma - 1))))


def _is_plural(unit: Unit, subject: Phrase) -> bool:
    """Say whether a subject agrees with a base form: "they say", "Seoul and Tokyo accuse"."""
    head = head_of(unit, subject)
    word = unit.words[head]
    if unit.words[subject[0]] in ("a", "an", "every", "each", "one", "this") or (
            subject[0] == subject[1] and word.endswith("ing")):
        return False
    return word in ("they", "we", "i", "you", "people", "police", "men", "women", "many", "some", "others", "few",
                    "several", "most", "all", "both", "media", "children") or word.endswith(
                        ("s", "ese", "ish")) and not word.endswith("'s") \
        or "and" in unit.words[subject[0]:subject[1] + 1]


def _is_passive(unit: Unit, hit: Hit) -> bool:
    if "participle" not in hit.verb.forms:
        return False
    k = hit.first - 1
    lists = words()
    while k >= 0 and hit.first - k < 4 and (unit.words[k] in lists.adverbs or unit.words[k].endswith("ly")):
        k -= 1
    n = hit.last + 1
    by = n + 1 < len(unit) and unit.words[n] == "by" and not unit.words[n + 1].endswith("ing") \
        and hit.verb.lemma not in ("respond", "reply", "begin", "continue", "answer")
    return by or k >= 0 and unit.words[k] in lists.passive


def _may_tell(unit: Unit, subject: Phrase, hit: Hit) -> bool:
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
    return is_name(unit, at) and not unit.words[at].endswith("'s") or head in words().pronouns \
        or head.endswith(("ers", "ors", "ists", "ians", "men", "people")) or head in words().determiners


def _draft(unit: Unit, hit: Hit, source: Phrase | None, content: list[Phrase], rule: str
           ) -> Draft | None:
    content = [(a, trim(unit, a, b)) for a, b in content if b >= a]
    content = [(a, b) for a, b in content if any(w[0].isalnum() for w in unit.words[a:b + 1])]
    if not content:
        return None
    other = hit.verb.groups <= {"attitude", "manner"} and "attitude" in hit.verb.groups
    direct = rule in ("final", "inverted", "quoted")
    return Draft(tuple(content), source, (hit.first, hit.last), "other" if other else "speech",
                 _SCORES.get(rule, .5), rule, direct)


# Share of right rows by rule on the development split, rounded; measured, see the tests.
_SCORES = {"final": .8, "inverted": .85, "quoted": .85, "that": .7, "bare": .6, "to": .5, "order": .6,
           "accuse": .6, "name": .6, "object": .45, "weak": .55, "as": .6, "according": .8,
           "noun": .5, "passive": .4, "relative": .5, "what": .6}


def _inverted(unit: Unit, hit: Hit, hits: list[Hit]) -> Draft | None:
    """Read “words,” said X."""
    p, n = hit.first - 1, hit.last + 1
    if p < 1 or n >= len(unit) or not hit.verb.groups & {"say", "that", "manner"} \
            or not hit.verb.forms & {"past", "present"}:
        return None
    after_quote = unit.region[p] >= 0 and unit.words[p] in MARKS
    if not after_quote and unit.words[p] != "," or unit.words[n] in MARKS:
        return None
    if unit.words[n] in words().pronouns and not after_quote or unit.words[n] in words().wh:
        return None
    source = phrase_after(unit, n)
    content = before_span(unit, p)
    if not source or not content or not is_subject_like(unit, source):
        return None
    if not after_quote and not hit.verb.groups & {"say", "that"}:
        return None
    after = _after_aside(unit, source[1] + 1, hits)
    if not after_quote and not has_verb(unit, *content) and (
            not after or hit.verb.groups & {"told", "order"}):
        return None
    return _draft(unit, hit, source, [content, *after], "inverted")


def is_subject_like(unit: Unit, phrase: Phrase) -> bool:
    """Say whether a phrase names somebody: a name, a title or a group of people."""
    first, last = phrase
    head = head_of(unit, phrase)
    word = unit.words[head]
    return is_name(unit, head) and not word.endswith("'s") or word in role_nouns() \
        or word in words().pronouns or word.endswith(("er", "or", "ist", "man", "woman", "ers", "ors",
                                                      "ists", "people"))


def _after_aside(unit: Unit, k: int, hits: list[Hit]) -> list[Phrase]:
    """Return the content that resumes after the source and what is set off behind it."""
    n = len(unit)
    while k < n and unit.words[k] != ",":
        if unit.words[k] in {".", ";", ":"} or unit.region[k] >= 0:
            break
        k += 1
    commas = 0
    while k < n:
        if unit.region[k] >= 0 and unit.words[k - 1] in (",", ":") or unit.region[k] >= 0 and commas == 0 and k > 0:
            return [(k, _region_end(unit, k, hits))]
        if unit.words[k] == ",":
            commas += 1
            if k + 1 < n and commas >= 1 and unit.words[k + 1] in words().auxiliaries:
                return [(k + 1, content_end(unit, k + 1, hits))]
        if unit.words[k] in {";", "."} and unit.region[k] < 0:
            break
        k += 1
    return []


def _region_end(unit: Unit, k: int, hits: list[Hit]) -> int:
    """Return the end of a content that resumes with the quotation at `k`."""
    last = unit.last_of(unit.region[k])
    inner = unit.words[last - 1] if unit.words[last] in MARKS else unit.words[last]
    if inner in {".", "?", "!", "…"} or last + 1 >= len(unit):
        return last
    return content_end(unit, k, hits)


def _parenthesis(unit: Unit, hit: Hit, subject: Phrase, hits: list[Hit]) -> Draft | None:
    """Read "words, X said" and "words, X said, more words"."""
    p, n = subject[0] - 1, hit.last + 1
    after_quote = unit.region[p] >= 0 and unit.words[p] in MARKS
    if p < 1 or not hit.verb.groups & {"say", "that", "attitude"} and not (
            after_quote and "manner" in hit.verb.groups):
        return None
    if not after_quote and unit.words[p] != ",":
        return None
    content = before_span(unit, p)
    if not content or not _ends_here(unit, n, after_quote):
        return None
    n = _skip_to_comma(unit, n)
    quoted_next = n + 1 < len(unit) and unit.region[n + 1] >= 0
    if not after_quote and is_opening(unit, *content, clauses=quoted_next):
        return None
    after: list[Phrase] = []
    if n + 1 < len(unit) and unit.words[n] == ",":
        quoted = unit.region[n + 1] >= 0
        whole = after_quote and unit.region[content[0]] == unit.region[content[1]]
        if quoted:
            after = [(n + 1, _region_end(unit, n + 1, hits))]
        elif not whole and not unit.words[n + 1].endswith("ing") and unit.words[n + 1] not in (
                "according", "citing", "who", "in", "during", "when", "while", "speaking", "at", "on", "after"):
            after = [(n + 1, content_end(unit, n + 1, hits))]
    elif n < len(unit) and unit.region[n] >= 0 and after_quote:
        after = [(n, _region_end(unit, n, hits))]
    elif n + 1 < len(unit) and unit.words[n] == ":" and unit.region[n + 1] >= 0:
        after = [(n + 1, _region_end(unit, n + 1, hits))]
    return _draft(unit, hit, subject, [content, *after], "final")


def is_opening(unit: Unit, first: int, last: int, clauses: bool = True) -> bool:
    """Say whether words before a comma only open the sentence: "On Tuesday,", "Asked why,"."""
    word = unit.words[first]
    return last - first < 1 and not is_name(unit, first) or not has_verb(unit, first, last) and (
        word in words().links or word in ("during", "after", "before", "since", "despite", "as",
                                          "last", "this", "earlier", "later", "when", "speaking",
                                          "asked", "citing", "by", "to", "while", "if", "until", "according", "among", "under", "like", "because", "following", "amid")
        or last - first < 1 and not is_name(unit, first) or word.endswith("ing") or word.endswith("ly")) or word in (
            "asked", "speaking", "pressed") or unit.words[first + 1] == "asked" or clauses and word in (
            "when", "after", "while", "as", "although", "though", "because", "before", "since")


def _ends_here(unit: Unit, n: int, after_quote: bool) -> bool:
    """Say whether nothing that could be content follows the cue directly."""
    if n >= len(unit):
        return True
    word = unit.words[n]
    if word in {",", ".", ";", ":", "?", "!", ")", "—", "–", "…"} or unit.region[n] >= 0 and after_quote:
        return True
    if word in words().wh and word not in ("of", "for", "against", "to", "when", "where"):
        return False
    if word in words().pronouns or word in words().determiners and not after_quote:
        return False
    if after_quote:
        return True
    reached = skip_adjuncts(unit, n)
    if reached >= len(unit) or unit.words[reached] in {".", ",", ";"}:
        return True
    return word in ("in", "on", "at", "during", "to", "of", "as", "when", "after", "while", "by", "with", "last", "this", "from") and \
        not any(w == "that" or w == ":" for w in unit.words[n:n + 20])


def _skip_to_comma(unit: Unit, n: int) -> int:
    k = n
    while k < min(n + 25, len(unit)):
        if unit.words[k] in {",", ".", ";", ":"} or unit.region[k] >= 0:
            return k
        k += 1
    return n


def _forward(unit: Unit, hit: Hit, subject: Phrase, hits: list[Hit]) -> Draft | None:
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
            return _draft(unit, hit, subject, [(opened, content_end(unit, opened, hits))], "bare")
        if unit.words[at] == "," and opened < n and unit.words[opened] == "that":
            return _draft(unit, hit, subject, [(opened, content_end(unit, opened, hits))], "that")
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
        return _draft(unit, hit, subject, [(at, object_end(unit, at, content_end(unit, at, hits)))], "weak")
    direct = unit.words[at - 1] in (",", ":") or unit.raw[min(at + 1, len(unit) - 1)][0].isupper()
    last = _region_end(unit, at, hits) if direct else object_end(
        unit, at, content_end(unit, at, hits))
    return _draft(unit, hit, subject, [(at, last)], "quoted")


def _that(unit, hit, subject, at, hits) -> Draft | None:
    if unit.words[at] not in ("that", "how", "whether", "if", "why", "what", "where", "who", "when"):
        return None
    if unit.words[at] in ("when", "if", "who", "where") and not hit.verb.groups & {"say", "that"}:
        return None
    if not hit.verb.groups & {"say", "that", "attitude", "told", "to", "name"}:
        return None
    if "ing" not in hit.verb.forms and hit.verb.groups <= {"name"}:
        return None
    return _draft(unit, hit, subject, [(at, content_end(unit, at, hits))], "that")


def _accuse(unit, hit, subject, at, hits) -> Draft | None:
    if "accuse" not in hit.verb.groups:
        return None
    last = content_end(unit, at, hits)
    if not any(w in ("of", "for", "with") for w in unit.words[at:last + 1]):
        return None
    return _draft(unit, hit, subject, [(at, last)], "accuse")


def _to(unit, hit, subject, at, hits) -> Draft | None:
    if unit.words[at] != "to" or not hit.verb.groups & {"to", "attitude"}:
        return None
    return _draft(unit, hit, subject, [(at, content_end(unit, at, hits))], "to")


def _name(unit, hit, subject, at, hits) -> Draft | None:
    if "name" not in hit.verb.groups or unit.words[at] in ("for", "on", "to", "in", "upon", "off", "out", "by", "attention"):
        return None
    last = object_end(unit, at, content_end(unit, at, hits))
    if has_region(unit, at, last):
        return _draft(unit, hit, subject, [(at, last)], "name")
    if hit.verb.lemma in ("call", "term", "dub", "label", "brand") and last - at >= 1 and (
            phrase_after(unit, at) or (at, at))[1] + 1 <= last or "as" in unit.words[at:last]:
        if hit.verb.lemma == "call" and unit.words[at] in ("the",) and last - at < 3:
            return None
        return _draft(unit, hit, subject, [(at, last)], "name")
    return None


def _order(unit, hit, subject, at, hits) -> Draft | None:
    """Read "X urged Y to do": Y is left out."""
    if "order" not in hit.verb.groups:
        return None
    reach = min(at + 14, len(unit) - 1)
    for k in range(at + 1, reach):
        word = unit.words[k]
        if word == "to" or word == "not" and unit.words[k + 1] == "to" or (
                word == "against" and any(w.endswith("ing") for w in unit.words[k + 1:k + 3])):
            return _draft(unit, hit, subject, [(k, content_end(unit, k, hits))], "order")
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
        if word in ("that", "how", "whether", "why", "what", "if"):
            return _draft(unit, hit, subject, [(k, content_end(unit, k, hits))], "that")
        if unit.region[k] >= 0:
            return _quoted(unit, hit, subject, k, hits)
        if word in (":",) and k + 1 < len(unit):
            return _draft(unit, hit, subject, [(k + 1, content_end(unit, k + 1, hits))], "bare")
        if word in {".", ";"}:
            return None
    if hit.verb.lemma != "tell":
        return None
    if unit.words[at] in ("me", "him", "her", "us", "them", "you"):
        after = at + 1
    else:
        addressee = phrase_after(unit, at)
        after = addressee[1] + 1 if addressee else at
    after = skip_adjuncts(unit, after)
    if after + 1 < len(unit) and (unit.words[after] == "of" or has_verb(
            unit, after, content_end(unit, after, hits))) and unit.words[after] not in {",", "."}:
        return _draft(unit, hit, subject, [(after, content_end(unit, after, hits))], "bare")
    return None


def _bare(unit, hit, subject, at, hits) -> Draft | None:
    """Read "X said words": a clause without "that"."""
    if not hit.verb.groups & {"say", "attitude"} and hit.verb.lemma not in _BARE_TOO or not (
            is_nominal(unit, at) or unit.words[at] in words().determiners
            or unit.words[at] in words().pronouns or unit.words[at] in ("there", "if", "when", "such", "not", "no", "while", "because")):
        return None
    last = content_end(unit, at, hits)
    if last - at < 1 or not has_verb(unit, at, last):
        return None
    if hit.verb.lemma != "say" and not _clause_soon(unit, at, last):
        return None
    return _draft(unit, hit, subject, [(at, last)], "bare")


def _clause_soon(unit: Unit, first: int, last: int) -> bool:
    """Say whether a subject and a finite verb stand at the start of a stretch."""
    phrase = phrase_after(unit, first)
    if not phrase or phrase[1] >= last:
        return False
    k = phrase[1] + 1
    while k < last and (unit.words[k] in words().adverbs or unit.words[k].endswith("ly")):
        k += 1
    return has_verb(unit, k, k) or unit.words[k] in words().modals or (
        unit.words[k].endswith("ed") and k < last and unit.words[k + 1] in (
            "the", "a", "an", "to", "his", "her", "its", "their", "in", "on", "at", "for", "from", "by"))


def _object(unit, hit, subject, at, hits) -> Draft | None:
    """Read "X denied any deal", "warned of consequences"."""
    if "object" not in hit.verb.groups:
        return None
    if not (is_nominal(unit, at) or unit.words[at] in words().determiners or unit.words[at] in "€$£") or unit.words[at] in words().adverbs:
        return None
    last = content_end(unit, at, hits)
    comma = next((k for k in range(at, last) if unit.words[k] == "," and unit.region[k] < 0), None)
    last = object_end(unit, at, comma - 1 if comma and comma > at else last)
    strong = hit.verb.lemma in ("affirm", "reaffirm", "deny", "call for", "warn of", "demand", "promise", "pledge", "predict", "propose", "reject", "threaten", "advocate")
    if not strong and not has_region(unit, at, last):
        return None
    return _draft(unit, hit, subject, [(at, last)], "object")


def _weak(unit, hit, subject, at, hits) -> Draft | None:
    """Read any other reporting verb, if quoted words come with it."""
    if hit.verb.groups <= {"attitude", "manner"} or hit.verb.lemma in _CLAUSE_ONLY:
        return None
    last = content_end(unit, at, hits)
    if not has_region(unit, at, last) or crosses(unit, at, hits):
        return None
    first = at + 1 if unit.words[at] in {",", ":"} else at
    return _draft(unit, hit, subject, [(first, object_end(unit, first, last))], "weak")


def _as_clause(unit: Unit, hit: Hit, subject: Phrase, hits: list[Hit]) -> Draft | None:
    """Read "As X puts it, words"."""
    if hit.verb.lemma not in words().as_cues and "say" not in hit.verb.groups:
        return None
    cue, k = hit, hit.last + 1
    if k < len(unit) and unit.words[k] == "it":
        if hit.verb.lemma == "put":
            cue = hit._replace(last=k)
        k += 1
    comma = next((j for j in range(k, min(k + 12, len(unit))) if unit.words[j] in {",", ":"}
                  and unit.region[j] < 0), None)
    before = subject[0] - 3
    if comma is not None and comma + 1 < len(unit):
        first = comma + 1
        end = content_end(unit, first, hits)
        return _draft(unit, cue, subject, [(first, object_end(unit, first, end)
                                            if unit.region[first] >= 0 else end)], "as")
    if before >= 1 and unit.words[before + 1] == ",":
        content = before_span(unit, before)
        return _draft(unit, cue, subject, [content], "as") if content else None
    return None


def _object_relative(unit: Unit, hit: Hit, subject: Phrase) -> Draft | None:
    """Read "the “words” that X promotes" and "what X calls words"."""
    p = subject[0] - 1
    if p < 0:
        return None
    if unit.words[p] == "what" and "name" in hit.verb.groups and hit.last + 1 < len(unit):
        first = hit.last + 1
        return _draft(unit, hit, subject, [(first, object_end(unit, first, trim(
            unit, first, len(unit) - 1)))], "what")
    n = hit.last + 1
    if unit.words[p] == "what" and n < len(unit):
        return None
    if unit.words[p] not in ("that", "which") or n < len(unit) and (
            unit.region[n] >= 0 or is_nominal(unit, n) or unit.words[n] in words().determiners
            or unit.words[n] in words().pronouns or unit.words[n] == "that"):
        return None
    start = p - 1 if unit.words[p - 1] not in ("of", "with", "in") else p - 2
    if start < 1 or not has_region(unit, max(0, start - 5), start):
        return None
    first = start
    while first > 0 and start - first < 8 and not (unit.region[first] >= 0
                                                   and unit.words[first] in MARKS
                                                   and unit.region[first - 1] != unit.region[first]):
        first -= 1
    after = []
    if hit.last + 1 < len(unit) and unit.words[hit.last + 1] in ("against", "as", "for"):
        after = [(hit.last + 1, trim(unit, hit.last + 1, len(unit) - 1))]
    return _draft(unit, hit, subject, [(first, start), *after], "relative")


def _passive(unit: Unit, hit: Hit, hits: list[Hit]) -> Draft | None:
    """Read "X was accused (by Y) of doing" and "described by Y as ..."."""
    n = hit.last + 1
    source = None
    if n + 1 < len(unit) and unit.words[n] == "by":
        source = phrase_after(unit, n + 1)
        if not source:
            return None
        n = source[1] + 1
    about = subject_before(unit, hit.first)
    if about and about[0] and unit.region[about[0] - 1] >= 0 and unit.words[about[0] - 1] in MARKS:
        about = unit.first_of(unit.region[about[0] - 1]), about[1]
    if "accuse" in hit.verb.groups and n < len(unit) and unit.words[n] in ("of", "for", "with"):
        content = [(n, content_end(unit, n, hits))]
        return _draft(unit, hit, source, [about, *content] if about else content, "passive")
    if source and n < len(unit):
        end = content_end(unit, n, hits)
        if unit.words[n] in ("as", "that", "to") or has_region(unit, n, end):
            content = [(n, object_end(unit, n, end) if unit.words[n] == "as" else end)]
            return _draft(unit, hit, source, [about, *content] if about else content, "passive")
    if not source and hit.verb.groups & {"name", "weak"}:
        return _named_by(unit, hit, about, n, hits)
    if source and about and has_region(unit, *about):
        return _draft(unit, hit, source, [about], "passive")
    return None


def _named_by(unit: Unit, hit: Hit, about: Phrase | None, n: int, hits: list[Hit]) -> Draft | None:
    """Read "was condemned as “madness” by traders"."""
    end = content_end(unit, n, hits)
    by = next((k for k in range(n, end) if unit.words[k] == "by" and unit.region[k] < 0), None)
    if by is None or not has_region(unit, n, by - 1):
        return None
    source = phrase_after(unit, by + 1)
    if not source or not is_subject_like(unit, source) and unit.words[source[1]] not in ("many", "some", "others"):
        return None
    content = [(n, by - 1)]
    return _draft(unit, hit, source, [about, *content] if about else content, "passive")


def read_phrases(unit: Unit, hits: list[Hit]) -> list[Draft]:
    """Read "according to X" before, after and inside what it reports."""
    found = []
    starts = source_phrases()
    for k, word in enumerate(unit.words[:-2]):
        if word not in starts or unit.region[k] >= 0:
            continue
        phrase = next((p for p in starts[word] if tuple(unit.words[k:k + len(p)]) == p), None)
        if phrase:
            draft = _according(unit, k, k + len(phrase) - 1, hits)
            if draft:
                found.append(draft)
    return found


def _according(unit: Unit, first: int, last: int, hits: list[Hit]) -> Draft | None:
    source = phrase_after(unit, last + 1)
    if not source:
        return None
    by = next((k for k in range(source[1] + 1, min(source[1] + 4, len(unit) - 1))
               if unit.words[k] in ("by", "from")), None)
    if by and all(unit.words[k].endswith("ed") or unit.words[k] in ("given", "made") or k == by
                  for k in range(source[1] + 1, by + 1)):
        told = phrase_after(unit, by + 1)
        source = (source[0], told[1]) if told else source
    before = before_span(unit, first - 1) if first else None
    after = _next_comma(unit, source[1] + 1)
    if before and after and is_opening(unit, *before) and not has_region(unit, *before):
        before = None
    if before:
        before = _own_clause(unit, before, hits)
    content: list[Phrase] = []
    if before:
        content = [before]
        if after and _resumes(unit, after):
            content.append((after, content_end(unit, after, hits)))
    elif after:
        content = [(after, content_end(unit, after, hits))]
    if not content:
        return None
    content = [(a, trim(unit, a, b)) for a, b in content]
    return Draft(tuple(content), source, (first, last), "speech", _SCORES["according"], "according",
                 unit.region[content[0][0]] == unit.region[content[0][1]] >= 0)


def _own_clause(unit: Unit, before: Phrase, hits: list[Hit]) -> Phrase:
    """Begin after ", though" where what comes before it is reported by a cue of its own."""
    for k in range(before[1] - 3, before[0] + 3, -1):
        if unit.words[k] in ("though", "although", "while", "but", "whereas") and unit.words[k - 1] == "," \
                and unit.region[k] < 0 and any(before[0] < h.first < k and not h.verb.groups <= {"weak", "attitude"}
                                               for h in hits):
            return k + 1, before[1]
    return before


def _next_comma(unit: Unit, k: int) -> int | None:
    """Return the token after the comma that ends the source and its appositions."""
    n, reached = len(unit), None
    while k < n and unit.region[k] < 0:
        if unit.words[k] in {".", ";"}:
            return reached
        if unit.words[k] in {",", ":"} and k + 1 < n:
            nxt = unit.words[k + 1]
            if nxt not in ("who", "which", "whose", "an", "a", "where") and not (
                    nxt in words().determiners and reached is None and _short_aside(unit, k + 1)):
                return k + 1
            reached = None
        k += 1
    return k if k < n else reached


def _short_aside(unit: Unit, k: int) -> bool:
    for j in range(k, min(k + 14, len(unit))):
        if unit.words[j] == ",":
            return not has_verb(unit, k, j - 1)
        if unit.words[j] in words().auxiliaries or unit.words[j] in words().modals:
            return False
    return False


def _resumes(unit: Unit, k: int) -> bool:
    """Say whether a sentence goes on with its content after an inserted source."""
    word = unit.words[k]
    return not word.endswith("ing") and word not in ("who", "which", "whose", "a", "an", "but", "while", "though", "although") \
        and not (word == "and" and k + 2 < len(unit) and (is_name(unit, k + 1) or unit.words[k + 1] in ("he", "she", "they", "it")))


def read_nouns(unit: Unit, hits: list[Hit]) -> list[Draft]:
    """Read "X's claim that words", "the leaders’ promises of words"."""
    lists, found = words(), []
    for k, word in enumerate(unit.words[:-2]):
        if word not in lists.noun_cues or unit.region[k] >= 0 or k == 0:
            continue
        linker = unit.words[k + 1]
        quoted = unit.region[k + 1] >= 0 or linker == ":" and unit.region[k + 2] >= 0
        if not quoted and linker not in lists.noun_linkers:
            continue
        source = _possessor(unit, k)
        if not source:
            continue
        first = k + 2 if linker == ":" else k + 1
        last = content_end(unit, first, hits)
        end = next((j - 1 for j in range(first, last) if unit.words[j] == "," and unit.region[j] < 0), last)
        if word in lists.noun_that_only and linker != "that" and not has_region(unit, first, end):
            continue
        found.append(Draft(((first, trim(unit, first, end)),), source, (k, k), "speech",
                           _SCORES["noun"], "noun"))
    return found


def _own_name(unit: Unit, phrase: Phrase | None) -> Phrase | None:
    """Cut "note of Ann Lee’s" to the name: what comes before "of" is not its owner."""
    if not phrase:
        return None
    for k in range(phrase[1] - 1, phrase[0], -1):
        if unit.words[k] in words().links and is_name(unit, k + 1):
            return k + 1, phrase[1]
    return phrase


def _possessor(unit: Unit, noun: int) -> Phrase | None:
    """Return the phrase in the possessive before a noun, adjectives between."""
    for k in range(noun - 1, max(-1, noun - 4), -1):
        word = unit.words[k]
        if word in ("his", "her", "their", "its", "my", "our", "your"):
            return k, k
        if word.endswith("'s"):
            return _own_name(unit, phrase_ending(unit, k))
        if word in ("’", "'") and k and unit.words[k - 1].endswith("s"):
            return _own_name(unit, phrase_ending(unit, k - 1))
        if not is_nominal(unit, k):
            return None
    return None


__all__ = ["Draft", "antecedent", "read_unit"]
