"""The title that stands right before a name."""

import re
from functools import cache

from analysis.quotes.cues import words
from analysis.quotes.nouns import find_head, is_personal, is_place, noun_role
from analysis.quotes.titles import before_names, honorifics, modifiers, role_nouns

_NAMED = re.compile(r"\s(?:named|called)\s\Z")
RANKED = re.compile(r", ((?:[^\W\d_a-z][\w.-]+ ){1,3})\Z")
_ADDRESS = re.compile(r", (?:Dr|Prof|Professor|Mr|Mrs|Ms|Miss|Sir|Dame|Rev)\.? \Z")
_TOKEN = re.compile(r"[\w’'&./-]+|[^\w\s]")
_AND = re.compile(r" and (?=[^\W\d_a-z])")
_MARKS = frozenset("“”‘’\"'")
_GLUE = frozenset(["of", "for", "and", "&"])
_LINKS = frozenset(["of", "for", "at", "in", "to", "with"])
_DETERMINERS = frozenset(
    ["a", "an", "the", "his", "her", "their", "its", "my", "our", "another", "one"]
)


def is_rank(word: str) -> bool:
    """Say whether a word is a title that stands before a name: "Dr.", "Lieutenant-Colonel"."""
    low = word.lower()
    return low in honorifics() or low.split("-")[0] in honorifics()


def title_before(left: str, titles: tuple[str, ...]) -> str | None:
    """
    Return the title that ends right before a name.

    >>> title_before("It rained. South Korea’s foreign minister, ", ())
    'South Korea’s foreign minister'
    """
    if ", " in left[-14:]:
        left = _ADDRESS.sub(", ", left)
    left = _NAMED.sub(" ", left) if left[-4:-1] in ("med", "led") else left
    stripped = left.rstrip("\"'“‘ \u00a0")
    quoted = stripped.endswith((",”", ",’"))  # "the “Supreme Leader,” Ann Lee"
    stripped = stripped[:-1] if quoted else stripped
    comma = stripped.endswith(",")
    last = stripped.rpartition(" ")[2]
    if last.isalpha() and last.islower() and last not in _last_words():
        return None
    tokens = _TOKEN.findall(stripped.rstrip(","))[-14:]
    if quoted:
        tokens = [t for t in tokens if t not in _MARKS]
    if comma:
        return _before_comma(tokens)
    return _trimmed(_title_words(tokens))


@cache
def _last_words() -> frozenset[str]:
    """Return the common words with which a title can end."""
    return modifiers() | {noun.rpartition(" ")[2] for noun in role_nouns()}


def _title_words(tokens: list[str]) -> list[str]:
    """Go left from a name as long as the words may belong to its title."""
    kept: list[str] = []
    common = 0
    before = tokens[-2].lower() if len(tokens) > 1 else ""
    for word in reversed(tokens):
        low = word.lower().replace("’", "'")
        if low in _DETERMINERS or low in words().determiners:
            kept.append(word)
            break
        telling = low in role_nouns() or low in modifiers() or low.endswith("'s")
        two = not kept and f"{before} {low}" in role_nouns()
        if telling or two or word[0].isupper():
            common = 0
        elif low in _GLUE:
            told = kept[-1].lower() if kept else ""
            if not told or low != "and" and told in before_names() and told != "police":
                break
        elif not kept or common == 3 or low in _function() or not _describes(low):
            if low in ("in", "from", "at", "to") and is_place(kept[-1] if kept else ""):
                kept.pop()
            break
        else:
            common += 1
        kept.append(word)
    return kept[::-1]


def _describes(low: str) -> bool:
    """Say whether a common word may stand inside a title: no verb, no mark."""
    return low[0].isalpha() and ("-" in low or not low.endswith(("ed", "ing")))


def _before_comma(tokens: list[str]) -> str | None:
    """Return the description that a name completes: "its head of research, | Ann Lee"."""
    for at in range(len(tokens) - 1, -1, -1):
        low = tokens[at].lower().replace("’", "'")
        if not (low[0].isalnum() or low[0] in "'&"):
            return _completed(tokens[at + 1 :]) if low[0] in '.”“"—–' else None
        if low in _DETERMINERS or low.endswith(("'s", "s'")):
            first = at
            while first and (
                tokens[first - 1].lower() in _DETERMINERS or tokens[first - 1][0].isupper()
            ):
                first -= 1
                if tokens[first].lower() in _DETERMINERS:
                    break
            opens = first > 0 and tokens[first - 1].lower() in _LINKS
            if not (opens and tokens[first].lower() in _DETERMINERS):
                return _completed(tokens[first:])
    return _completed(tokens)


def _completed(tokens: list[str]) -> str | None:
    phrase = " ".join(tokens)
    noun, start, end, _ = find_head(phrase)
    if noun is None or not is_personal(noun):
        return None
    if phrase[end - 1 - len(noun) + 1 :][:1].isupper() and noun_role(noun) in ("citizen", None):
        return None
    rest = phrase[end:].split()
    plain = not rest or rest[0].lower() in ("of", "for", "at", "in", "to", "and")
    return phrase if plain and starts_bare(phrase, start) else None


def _trimmed(kept: list[str]) -> str | None:
    """Drop what opens a sentence and is no title; None if no title is left."""
    while kept and (kept[0].lower() in _GLUE or _opens(kept[0])):
        kept = kept[1:]
    if not kept:
        return None
    phrase = " ".join(kept)
    noun = find_head(phrase).noun
    if noun is None or not is_personal(noun) or kept[0].lower() in ("my", "our"):
        return None
    joined = _AND.search(phrase) if " and " in phrase else None
    if joined and find_head(phrase[joined.end() :]).noun:
        phrase = phrase[joined.end() :]
    return phrase


def _opens(word: str) -> bool:
    low = word.lower()
    capital = word[0].isupper() and not (word.isupper() and len(word) > 1)
    return capital and (low in words().openers or low in words().stops)


@cache
def _function() -> frozenset[str]:
    return words().stops | words().links | words().auxiliaries | words().modals | frozenset(["and"])


def starts_bare(words: str, start: int) -> bool:
    """Say whether an apposition without article is a title: "director of", "Labour's leader"."""
    return not any(
        low in _function()
        and low not in ("of", "for", "and", "on", "in", "at")
        or low.endswith(("ed", "ing"))
        and word[0].islower()
        and low not in modifiers()
        for word in words[:start].split()
        for low in (word.lower(),)
    )
