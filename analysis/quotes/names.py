"""Names in a text: every run of capitalised words, read as person, place, outlet or body."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from analysis.lexicons import read_lexicon
from analysis.quotes.cues import rule_words, words
from analysis.quotes.titles import honorifics, modifiers, role_nouns

_WORD = (
    r"(?:(?:[^\W\d_a-zß-öø-ÿ]\.)+|(?:Mrs?|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Adm|Rev|Hon|St|Jr|Sr|Maj"
    r"|Cpl|Cmdr|Rt)\.|[^\W\d_a-zß-öø-ÿ][\w’']*(?:[-‑][\w’']+)*)"
)
_PARTICLE = r"(?:(?:de|da|di|do|dos|del|della|van|von|der|den|ter|ten|la|le|du|bin|ibn|al|el|y) )"
RUN = re.compile(rf"{_WORD}(?:[ \u00a0]{_PARTICLE}{{0,2}}{_WORD})*")
_NO_LETTER = re.compile(r"[\W_]")
_PIECE = re.compile(r"\S+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+")
_ABBREVIATED = rule_words("abbreviated_titles")
_NOT_PERSON = rule_words("not_person")


_ALSO_PEOPLE = rule_words("also_people")


_OFFICES = rule_words("offices")


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
    found = []
    for match in RUN.finditer(text):
        start, run = match.start(), match.group()
        if run.isalpha():  # one plain word, as most are
            if run.lower() not in _skipped():
                found.append(Mention(start, match.end(), (run,), (), False))
            continue
        office = (
            text[start - 4 : start] in (" of ", "the ")
            and _OFFICE.search(text, max(0, start - 24), start) is not None
        )
        for piece in _OWNED.split(run):
            mention = _strip(piece, start, office)
            start += len(piece)
            if mention:
                found.append(mention)
    return found


_OWNED = re.compile(r"(?<=['’]s)(?=\s)|(?<=s['’])(?=\s)")


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
        | frozenset(
            [
                "and",
                "my",
                "oh",
                "yes",
                "no",
                "asked",
                "according",
                "speaking",
                "despite",
                "following",
                "like",
                "during",
                "read",
                "photo",
                "i'm",
                "it's",
                "he's",
                "she's",
                "that's",
                "we're",
                "don't",
                "let's",
                "there's",
                "they're",
                "i've",
                "what's",
                "see",
                "given",
                "during",
                "last",
                "next",
                "earlier",
                "later",
            ]
        )
    ) - frozenset(["may", "will", "april", "june", "august"])


_OFFICE = re.compile(
    r"(?:[Ss]ecretary|[Mm]inister|[Dd]irector|[Cc]hancellor|[Dd]uke|[Ee]arl|[Ss]peaker|[Cc]hief)"
    r" of (?:the )?\Z"
)


def _strip(run: str, start: int, office: bool = False) -> Mention | None:
    """
    Return the name of a run, or None if nothing but titles and openers is left.

    After an `office` ("Secretary of | State Ann Lee") the words of the department go too.
    """
    pieces = [(m.group(), start + m.start()) for m in _PIECE.finditer(run)]
    skipped, titles = _skipped(), honorifics()
    first = 0
    seen: list[str] = []
    if office:
        while len(pieces) - first > 2 and (
            pieces[first][0].lower() in _NOT_PERSON or pieces[first][0].lower() in modifiers()
        ):
            first += 1
        seen += ["secretary"] if first else []
    while first < len(pieces):
        word = pieces[first][0].lower().replace("’", "'")
        if (
            word in skipped
            or word in ("may", "april", "june", "august")
            and first + 1 < len(pieces)
            and not seen
            and first == 0
            and pieces[first + 1][0][0].isdigit()
        ):
            first += 1
        elif first + 1 < len(pieces) and (
            word in titles
            or word in modifiers()
            and _leads_to_title(pieces, first)
            or word in role_nouns()
            and first + 1 < len(pieces)
        ):
            seen.append(word)
            first += 1
        else:
            break
    if first >= len(pieces):
        return None
    later = _title_inside(pieces, first)
    if later:
        seen += [p[0].lower() for p in pieces[first:later]]
        first = later
    word, at = pieces[-1]
    end = at + len(word)
    if word.endswith(".") and word.lower() not in _ABBREVIATED and not _INITIALS.fullmatch(word):
        end -= 1
    possessive = False
    for ending in ("'s", "’s", "'S", "’S"):
        if run[: end - start].endswith(ending):
            end, possessive = end - 2, True
    if run[: end - start].endswith(("’", "'")):
        end -= 1
    while len(pieces) - first > 2 and pieces[-1][0].lower().strip(".,") in _suffixes():
        pieces.pop()
        end = pieces[-1][1] + len(pieces[-1][0])
    begin = pieces[first][1]
    name = tuple(run[begin - start : end - start].split())
    if (
        not name
        or seen
        and len(name) == 1
        and name[0].lower() in titles
        and not possessive
        and len(name[0]) < 4
    ):
        return None
    return Mention(begin, end, name, tuple(seen), possessive)


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(read_lexicon("titles")["suffixes"]) - {
        "ii",
        "iii",
        "iv",
        "jr",
        "sr",
        "jr.",
        "sr.",
    }


def _title_inside(pieces: list[tuple[str, int]], first: int) -> int:
    """Return where the name begins after a body and a title: "NATO Secretary-General Ann Lee"."""
    for k in range(len(pieces) - 2, first - 1, -1):
        low = pieces[k][0].lower()
        if low in honorifics() or role_nouns().get(low) in (
            "official",
            "expert",
            "business",
            "media",
        ):
            rest = tuple(w for w, _ in pieces[k + 1 :])
            plain = not any(
                w.lower() in _NOT_PERSON or w.lower() in places() and w.lower() not in _ALSO_PEOPLE
                for w in rest
            )
            return k + 1 if plain and len(rest) < 5 and k + 1 > first else 0
    return 0


def _leads_to_title(pieces: list[tuple[str, int]], at: int) -> bool:
    """Say whether a title comes after a word such as Foreign or Vice, adjectives between."""
    for word, _ in pieces[at + 1 : at + 4]:
        low = word.lower()
        if low in honorifics() or low in role_nouns():
            return True
        if low not in modifiers():
            return False
    return False


class Place(NamedTuple):
    """A state or body: its canonical name, and the state it belongs to."""

    name: str
    state: str | None
    how: str  # name, capital, alias or adjective


@cache
def places() -> dict[str, Place]:
    """Return states, capitals and bodies by the lower-case words that name them."""
    found: dict[str, Place] = {}
    for state in read_lexicon("places")["states"]:
        name = state["name"]
        for how, forms in (
            ("adjective", state["adjectives"]),
            ("capital", state["capitals"]),
            ("alias", state["aliases"]),
            ("name", [name]),
        ):
            for form in forms:
                found[form.lower()] = Place(name, name, how)
    for body in read_lexicon("places")["bodies"]:
        for form in [body["name"], body["name"].removeprefix("the "), *body["aliases"]]:
            found[form.lower()] = Place(body["name"], body.get("state"), "body")
    return found


@cache
def outlets() -> dict[str, tuple[str, str]]:
    """Return (name, role) of news outlets by their lower-case names."""
    lexicon = read_lexicon("outlets")
    return {
        name.lower().replace("’", "'"): (name, role)
        for role in ("media", "state_media")
        for name in lexicon[role]
    }


@cache
def first_names() -> dict[str, str]:
    """Return m or f for first names that tell."""
    lexicon = read_lexicon("first_names")
    return {**{n: "m" for n in lexicon["male"]}, **{n: "f" for n in lexicon["female"]}}


def is_full_name(name: tuple[str, ...]) -> bool:
    """
    Say whether words could be the full name of a person.

    >>> is_full_name(("Chang", "Ho-jin")), is_full_name(("Security", "Council"))
    (True, False)
    """
    if not 2 <= len(name) <= 5:
        return False
    low = [w.lower().strip(".") for w in name]
    if any(w in _NOT_PERSON or len(w) > 2 and w in places() and w not in _ALSO_PEOPLE for w in low):
        return False
    if low[-1] in _OFFICES or len(name[0]) == 1 and len(name) == 2:
        return False
    joined = " ".join(low)
    if joined in places() or joined in outlets() or low[0] == "the":
        return False
    if (
        any(w.isupper() and len(w) > 1 and "." not in w for w in name)
        and not " ".join(name).isupper()
    ):
        return False
    return len(low[-1]) > 1 or "-" in name[-1]
