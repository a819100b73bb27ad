"""Names in a text: every run of capitalised words, cut into titles and name."""

import re
from bisect import bisect_right
from functools import cache, lru_cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon
from analysis.quotes.cues import rule_words, words
from analysis.quotes.gazetteer import first_names, outlets, places, regions
from analysis.quotes.titles import before_names, honorifics, modifiers, role_nouns

_CAPITAL = r"[A-ZÀ-ÖØ-Þ\u0100-\u017f\u0386-\u03ab\u0400-\u042f]"
_ABBREVIATION = (
    r"(?:(?<=M)(?:rs?|s|aj)|(?<=D)(?:r|et)|(?<=P)r(?:of|es)|(?<=S)(?:ens?|r|gt|t|upt)|(?<=J)r"
    r"|(?<=R)(?:eps?|ev|t)|(?<=G)(?:ov|en)|(?<=L)t|(?<=C)(?:ol|apt|pl|mdr|llr)|(?<=A)(?:dm|tty)"
    r"|(?<=H)on|(?<=I)nsp)\."
)
_REST = rf"(?:{_ABBREVIATION}|\.(?:{_CAPITAL}\.)*(?:-(?:{_CAPITAL}\.)+)?|[\w’']*(?:[-‑][\w’']+)*)"
_PARTICLE = r"(?:(?:de|da|di|do|dos|del|della|van|von|der|den|ter|ten|la|le|du|bin|ibn|al|el|y) )"
_PREFIX = r"(?:(?:al|el|as|ash|an|ad|ar|at|d|l)[-'’])?"
# The capital stands first, so that the search can jump from one to the next.
RUN = re.compile(
    rf"{_CAPITAL}(?<!\w.){_REST}(?:[ \u00a0]{_PARTICLE}{{0,2}}{_PREFIX}{_CAPITAL}{_REST})*"
)
_OWNED = re.compile(r"(?<=['’]s)(?=\s)|(?<=s['’])(?=\s)")
_NO_LETTER = re.compile(r"[\W_]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_ABBREVIATED = rule_words("abbreviated_titles")
_NOT_PERSON = rule_words("not_person")
_ALSO_PEOPLE = rule_words("also_people")
_OFFICES = rule_words("offices")
_GENERATIONS = frozenset(["ii", "iii", "iv", "jr", "sr", "jr.", "sr."])
_MONTHS = frozenset(["may", "april", "june", "august"])  # and given names
_OWNERLESS = frozenset(["office", "police", "opera", "museum"])
_VERBS = frozenset(["met"])
_TRADES = ("er", "or", "ist", "ian", "eer", "man", "woman")
_OFFICE_OF = re.compile(
    r"(?:[Ss]ecretary|[Mm]inister|[Dd]irector|[Cc]hancellor|[Dd]uke|[Ee]arl|[Ss]peaker|[Cc]hief"
    r"|[Rr]ector|[Dd]ean|[Pp]rince|[Bb]ishop|[Aa]rchbishop|[Cc]ommissioner|[Ss]uperintendent"
    r"|[Ii]nspector|[Gg]eneral|[Gg]overnor|[Pp]rofessor|[Ee]mir) of (?:the )?\Z"
)


class Mention(NamedTuple):
    """A run of capitalised words at `text[start:end]`, titles stripped."""

    start: int
    end: int
    name: tuple[str, ...]
    titles: tuple[str, ...]
    possessive: bool


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Return a word as names are compared: lower case, without hyphens and apostrophes."""
    return _NO_LETTER.sub("", word.lower())


def find_mentions(text: str) -> list[Mention]:
    """
    Find the runs of capitalised words, without titles, sentence openers and 's.

    >>> [" ".join(m.name) for m in find_mentions("On Tuesday Mr. Park’s aide, Ann O’Hara, left.")]
    ['Park', 'Ann O’Hara']
    """
    found: list[Mention] = []
    skipped = _skipped()
    for match in RUN.finditer(text):
        start, run = match.start(), match.group()
        if run.isalpha():  # one plain word, as most are
            if run.lower() not in skipped:
                found.append(Mention(start, match.end(), (run,), (), False))
            continue
        office = (
            " " in run
            and text[start - 4 : start] in (" of ", "the ")
            and _OFFICE_OF.search(text, max(0, start - 24), start) is not None
        )
        for at, end, name, titles, possessive in _read_run(run, office):
            found.append(Mention(start + at, start + end, name, titles, possessive))
    return found


@lru_cache(maxsize=50_000)
def _read_run(run: str, office: bool) -> tuple[Mention, ...]:
    """Return the names in a run, their places counted from its start."""
    if " " not in run and "’" not in run and "'" not in run and "." not in run:
        return () if run.lower() in _skipped() else (Mention(0, len(run), (run,), (), False),)
    found, start = [], 0
    for piece in _OWNED.split(run) if "’" in run or "'" in run else (run,):
        mention = _strip(piece, start, office)
        start += len(piece)
        if mention:
            found.append(mention)
    return tuple(found)


@cache
def _skipped() -> frozenset[str]:
    lists = words()
    return (
        lists.stops
        | lists.determiners
        | lists.openers
        | lists.pronouns
        | lists.days
        | lists.months
        | lists.wh
        | lists.links
        | lists.adverbs
        | lists.auxiliaries
        | lists.modals
        | rule_words("no_names")
    ) - frozenset(["may", "will", "april", "june", "august"])


def _strip(run: str, start: int, office: bool = False) -> Mention | None:
    """
    Return the name of a run, or None if nothing but titles and openers is left.

    After an `office` ("Secretary of | State Ann Lee") the words of the department go too.
    """
    start += len(run) - len(run.lstrip())
    run = run.lstrip()
    pieces = run.split()
    low = [p.lower().replace("’", "'") for p in pieces]
    first, skipped = 0, _skipped()
    if len(low) == 2 and run[-1].isalpha() and low[0] not in skipped and not office:
        plain = low[0] not in before_names() and low[0] not in _MONTHS
        if plain and run[-2] not in "’'" and low[1] not in _suffixes():
            return Mention(start, start + len(run), tuple(pieces), (), False)
    while first < len(low) and (low[first] in skipped or _is_month(low, first)):
        first += 1
    if first == len(low):
        return None
    if first and first == len(low) - 1 and low[first] in _OWNERLESS and low[first - 1] in _VERBS:
        first -= 1  # "the Met Office"
    name_from = max(first, _name_start(low, first, office))
    titles = tuple(low[first:name_from])
    last = len(pieces)
    while last - name_from > 2 and low[last - 1].strip(".,") in _suffixes():
        last -= 1
    name = pieces[name_from:last]
    begin = start + _offset(run, pieces, name_from)
    end = start + _offset(run, pieces, last - 1) + len(name[-1])
    name[-1], possessive, cut = _bare(name[-1])
    if not name[-1]:
        return None
    if titles and len(name) == 1 and len(name[0]) < 4 and name[0].lower() in honorifics():
        return None
    return Mention(begin, end - cut, tuple(name), titles, possessive)


def _offset(run: str, pieces: list[str], number: int) -> int:
    """Return where a piece begins in its run."""
    at = 0
    for piece in pieces[:number]:
        at = run.index(piece, at) + len(piece)
    return run.index(pieces[number], at)


def _bare(word: str) -> tuple[str, bool, int]:
    """Return a last word without 's and full stop, whether 's was there, and how much was cut."""
    if word[-2:] in ("'s", "’s", "'S", "’S"):
        return word[:-2], True, 2
    if word[-1] in "’'":
        return word[:-1], word[-2:-1] == "s", 1
    if word[-1] == "." and word.lower() not in _ABBREVIATED and not _INITIALS.fullmatch(word):
        return word[:-1], False, 1
    return word, False, 0


def _is_month(low: list[str], at: int) -> bool:
    return at == 0 and low[0] in _MONTHS and len(low) > 1 and low[1][0].isdigit()


def _name_start(low: list[str], first: int, office: bool) -> int:
    """Return where the name begins: after the last title of the run, if a name can follow."""
    last = len(low) - 1
    for k in range(last - 1, first - 1, -1):
        word = low[k]
        title = (
            word in before_names()
            or "-" in word
            and word.split("-")[0] in honorifics()
            or k > first
            and f"{low[k - 1]} {word}" in role_nouns()
        )
        if not title and not (office and (word in _NOT_PERSON or k == first and last - first > 1)):
            continue
        if (
            k == first
            and k == last - 1
            and word in first_names()
            and word + "." not in honorifics()
        ):
            return first
        rest = [fold(w) for w in low[k + 1 :]]
        given = rest[0] in first_names()
        inner = rest[1:-1] if given else rest[:-1]
        if len(rest) < 5 and not any(w in _NOT_PERSON or w in modifiers() for w in inner):
            addressed = word + "." in honorifics() or word[-1] == "."
            whole = rest[-1] in _NOT_PERSON and (len(rest) > 1 or not addressed)
            return first if whole or rest[-1] in _OFFICES else k + 1
        return first
    if last - first > 1 and low[last - 1] in first_names():
        word = low[first]
        trade = last - first == 2 and word.endswith(_TRADES) and word not in first_names()
        if trade or not _may_be_name(low[first:]):
            return last - 1  # "Harbour News Ann Lee", "Goalscorer Bo Park"
    return first


def _may_be_name(low: list[str]) -> bool:
    return len(low) < 5 and not any(w in _NOT_PERSON for w in low)


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(read_lexicon("titles")["suffixes"]) - _GENERATIONS


@lru_cache(maxsize=20_000)
def is_full_name(name: tuple[str, ...]) -> bool:
    """
    Say whether words could be the full name of a person.

    >>> is_full_name(("Chang", "Ho-jin")), is_full_name(("Security", "Council"))
    (True, False)
    """
    if not 2 <= len(name) <= 5:
        return False
    low = [w.lower().strip(".") for w in name]
    joined = " ".join(low)
    if joined in places() or joined in outlets() or joined in regions() or low[0] == "the":
        return False
    if low[-1] in _OFFICES or len(name[0]) == 1 and len(name) == 2:
        return False
    given = low[0] in first_names()
    if any(
        w in words().stops | words().wh and w not in ("will", "may")
        for w in (low[1:] if given else low)
    ):
        return False
    if not given and role_nouns().get(low[-1]) and low[-1] not in _ALSO_PEOPLE:
        return False
    for word in low[1:] if given else low:
        if word in _NOT_PERSON and not (given and word in ("law", "grant", "long", "hall", "west")):
            return False
        place = places().get(word) if len(word) > 2 and word not in _ALSO_PEOPLE else None
        if place and not (given and place.how == "adjective"):
            return False
    shouted = any(
        w.isupper() and len(w) > 1 and "." not in w and w.lower() not in _GENERATIONS for w in name
    )
    if shouted and not " ".join(name).isupper():
        return False
    return len(low[-1]) > 1 or "-" in name[-1]


class Headings:
    """The lines of a text that print most words with a capital: names in them have no edge."""

    def __init__(self, text: str):
        self.starts: list[int] = []
        self.ends: list[int] = []
        at = 0
        for line in text.splitlines(keepends=True):
            title = at == 0 and len(line) < 160 and text[len(line) : len(line) + 1] == "\n"
            if title or 3 < len(line) < 220 and _is_heading(line):
                self.starts.append(at)
                self.ends.append(at + len(line))
            at += len(line)

    def __contains__(self, position: int) -> bool:
        at = bisect_right(self.starts, position) - 1
        return at >= 0 and position < self.ends[at]


def _is_heading(line: str) -> bool:
    told = line.rstrip()
    if told[-1:] in (".", "!", "”", '"', ",") and len(told.split()) > 8:
        return False
    long = [w for w in told.split() if len(w) > 3 and w[0].isalpha()]
    return len(long) > 2 and sum(w[0].isupper() for w in long) >= 0.75 * len(long)
