"""Describe tokens by whole-number columns and hash templates of them into one table.

Every column is an array with one number per token; a template combines columns
into one 32-bit hash. Nothing here keeps a word: only hashes of words.
"""
import zlib
from typing import NamedTuple

import numpy as np

from .reading import CLOSE, OPEN, OUTSIDE, Tokens

RATE_BITS = 16
N_FREQUENT = 300
_EDGES = np.array([1, 2, 3, 4, 6, 9, 13, 20, 35])
MEANING_UNITS = 40  # vectors of meaning are stored in whole numbers of one part in so many
_CUE_EDGES = np.array([0.004, 0.02, 0.06, 0.15, 0.3, 0.55, 0.8])


class Lexicon(NamedTuple):
    """Hold what training counted: hashes of frequent words and classes of rates by hashed word."""

    frequent: np.ndarray
    cue: np.ndarray
    cue_stem: np.ndarray
    source: np.ndarray


def hash_word(word: str) -> int:
    """Hash a word to 32 bits, the same on every machine."""
    return zlib.crc32(word.encode("utf-8", "replace"))


def stem(word: str) -> str:
    """Cut the commonest English endings: a crude stem that joins say/says, argue/argued/arguing."""
    for ending in ("ies", "ied", "ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return "say" if word == "said" else "tell" if word == "told" else word.rstrip("y")


def shape(word: str) -> int:
    """Class the spelling: punctuation, digits, lower, Capital, CAPITALS, mixed, and its length."""
    if not word[0].isalnum():
        return 1 if len(word) == 1 else 2
    if word[0].isdigit():
        return 3 + min(len(word), 5)
    kind = (word.islower() and 1) or (word.istitle() and 2) or (word.isupper() and 3) or 4
    return 16 + kind * 8 + min(len(word), 7)


def describe_word(word: str) -> tuple[int, ...]:
    """Return the hashes of a word: lower-case, stem, suffixes of 2 and 3, prefix, shape."""
    low = word.lower()
    return (hash_word(low), hash_word(stem(low)), hash_word("-" + low[-2:]),
            hash_word("-" + low[-3:]), hash_word(low[:4] + "-"), shape(word))


class Meanings(NamedTuple):
    """Hold a vector for each of many English words, in the order of the words' hashes."""

    words: np.ndarray
    vectors: np.ndarray

    def look_up(self, hashes: np.ndarray) -> np.ndarray:
        """Return the vector of each hashed word, zeros for a word that has none."""
        place = np.minimum(np.searchsorted(self.words, hashes), len(self.words) - 1)
        known = self.words[place] == hashes
        return self.vectors[place] * (known * np.float32(1 / MEANING_UNITS))[:, None]


class Vocabulary:
    """Remember the hashes of words met, up to a bound, so that each word is hashed once."""

    def __init__(self, limit: int = 100_000):
        self.limit = limit
        self.index: dict[str, int] = {}
        self.rows = np.zeros((1024, 6), np.uint32)

    def look_up(self, words: list[str]) -> np.ndarray:
        """Return one row of hashes per word."""
        if len(self.index) > self.limit:
            self.index.clear()
        index = self.index
        for word in set(words).difference(index):
            if len(index) == len(self.rows):
                self.rows = np.concatenate([self.rows, np.zeros_like(self.rows)])
            self.rows[len(index)] = describe_word(word)
            index[word] = len(index)
        return self.rows[np.fromiter(map(index.__getitem__, words), np.int64, len(words))]


def rate_class(hits: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Class how often a word is (part of) a cue or source: 0 unseen, 1 never, then by rate."""
    rate = hits / (total + 1.0)
    found = np.searchsorted(_CUE_EDGES, rate) + 2
    return np.where(total <= 0, 0, np.where(hits <= 0, 1, found)).astype(np.uint8)


def bucket(hashed: np.ndarray) -> np.ndarray:
    """Fold a word hash into the rate tables."""
    return (hashed * np.uint32(2654435761)) >> np.uint32(32 - RATE_BITS)


def distance(gap: np.ndarray) -> np.ndarray:
    """Class a distance in tokens."""
    return np.searchsorted(_EDGES, gap, "right").astype(np.uint32)


def _last(flag: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Index of the last flagged token before each token in its stretch, or -1."""
    index = np.where(flag, np.arange(len(flag)), -1)
    last = np.full(len(flag), -1, np.int64)
    last[1:] = np.maximum.accumulate(index)[:-1]
    return np.where(last >= first, last, -1)


def _next(flag: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Index of the next flagged token after each token in its stretch, or -1."""
    n = len(flag)
    reverse = _last(flag[::-1], n - 1 - last[::-1])[::-1]
    return np.where(reverse >= 0, n - 1 - reverse, -1)


def run_edges(groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last index of the run of equal numbers that each token is in."""
    n = len(groups)
    change = np.flatnonzero(np.diff(groups)) + 1
    starts, ends = np.append(0, change), np.append(change, n) - 1
    sizes = ends - starts + 1
    return np.repeat(starts, sizes), np.repeat(ends, sizes)


def lexical_columns(tokens: Tokens, hashes: np.ndarray, lexicon: Lexicon,
                    rates: tuple[np.ndarray, ...] | None = None) -> dict[str, np.ndarray]:
    """Return the columns that belong to the word itself; `rates` replaces the looked-up classes."""
    columns = dict(zip(("w", "st", "s2", "s3", "p4", "sh"), hashes.T, strict=True))
    if rates is None:
        rates = (lexicon.cue[bucket(columns["w"])], lexicon.cue_stem[bucket(columns["st"])],
                 lexicon.source[bucket(columns["w"])])
    cue, cue_stem, source = (r.astype(np.uint32) for r in rates)
    cue = np.where(cue == 0, np.where(cue_stem > 1, cue_stem, cue), cue)
    place = np.minimum(np.searchsorted(lexicon.frequent, columns["w"]), len(lexicon.frequent) - 1)
    known = lexicon.frequent[place] == columns["w"]
    coarse = columns["s2"] * np.uint32(31) + columns["sh"] // 8
    columns["c"] = np.where(known, columns["w"], coarse)
    columns["cr"], columns["cs"], columns["sr"] = cue, cue_stem, source
    return columns


def scan_columns(tokens: Tokens, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return columns from scans of the sentence: nearest cue words, commas, quotation, position."""
    n = len(tokens.words)
    index = np.arange(n)
    first, last = run_edges(tokens.sentence)
    strong = (columns["cr"] >= 5) & (tokens.quote == OUTSIDE)
    comma = np.array([w in ",;:—–-" for w in tokens.words], bool)
    commas = np.cumsum(comma)
    left, right = _last(strong, first), _next(strong, last)
    found: dict[str, np.ndarray] = {}
    for name, place, missing in (("l", left, left < 0), ("r", right, right < 0)):
        far = distance(np.abs(index - place))
        between = np.minimum(np.abs(commas[index] - commas[place]), 2)
        code = far * 64 + between * 16 + columns["cr"][place] + 1
        found[name] = np.where(missing, 0, code).astype(np.uint32)
        found[name + "w"] = np.where(missing, 0, columns["st"][place]).astype(np.uint32)
    found.update(_sentence_columns(tokens, columns, strong, comma, (index, first, last)))
    found.update(_region_columns(tokens, columns, comma))
    return found


def _sentence_columns(tokens, columns, strong, comma, edges) -> dict[str, np.ndarray]:
    index, first, last = edges
    quoted = tokens.quote != OUTSIDE
    tail = np.where(strong & (last - index <= 7), index, -1)
    final = np.maximum.accumulate(tail)[last]
    final = np.where(final >= first, final, 0)
    before = np.maximum(final - 4, first)
    commas = np.cumsum(comma | (tokens.quote == CLOSE))
    preceded = (commas[np.maximum(final, 0)] - commas[before]) > 0
    side = np.where(final == 0, 0, np.where(index < final, 1, 2))
    total = np.cumsum(strong)
    count = np.minimum(total[last] - total[first] + strong[first], 3)
    paragraph_first, _ = run_edges(tokens.sequence)
    place = np.minimum(tokens.sentence - tokens.sentence[paragraph_first], 3)
    ended_quoted = np.where(first > paragraph_first, quoted[np.maximum(first - 1, 0)], 2)
    return {
        "fin": (side * 2 + preceded).astype(np.uint32),
        "nc": (count * 4 + place).astype(np.uint32),
        "pos": distance(index - first) * 16 + distance(last - index),
        "fw": columns["c"][first],
        "sq": (quoted[first] * 3 + ended_quoted).astype(np.uint32),
        "par": (np.minimum(tokens.paragraph, 2) * 2 + tokens.carried).astype(np.uint32),
    }


def _region_columns(tokens, columns, comma) -> dict[str, np.ndarray]:
    """Describe the quoted stretch a token is in, and the distance to those on either side."""
    n = len(tokens.words)
    index, state = np.arange(n), tokens.quote.astype(np.int64)
    first, last = run_edges(tokens.sequence)
    stretch = np.where(state == OUTSIDE, -1 - tokens.sequence, tokens.region)
    left_edge, right_edge = run_edges(stretch)
    inside = state != OUTSIDE
    length = distance(right_edge - left_edge - 1)
    capital = columns["sh"][np.minimum(left_edge + 1, right_edge)] // 8
    ending = comma[np.maximum(right_edge - 1, left_edge)] * 2 + comma[np.maximum(right_edge - 2, 0)]
    describe = (length * 32 + np.minimum(capital, 7) * 4 + ending + 1).astype(np.uint32)
    closed, opened = _last(state == CLOSE, first), _next(state == OPEN, last)
    after = np.where(closed < 0, 0, distance(index - closed) + 1)
    before = np.where(opened < 0, 0, distance(opened - index) + 1)
    boundary = np.uint32(7)
    previous = np.where(left_edge > first, columns["c"][left_edge - 1], boundary)
    beyond = np.minimum(right_edge + 1, n - 1)
    following = np.where(right_edge < last, columns["c"][beyond], boundary)
    return {
        "q": state.astype(np.uint32),
        "reg": np.where(inside, describe, 0).astype(np.uint32),
        "gap": np.where(inside, 0, after * 16 + before).astype(np.uint32),
        "rb": np.where(inside, previous, 0).astype(np.uint32),
        "ra": np.where(inside, following, 0).astype(np.uint32),
    }


def token_columns(tokens: Tokens, hashes: np.ndarray, lexicon: Lexicon,
                  rates: tuple[np.ndarray, ...] | None = None) -> dict[str, np.ndarray]:
    """Return all columns: those of the word and those of its surroundings."""
    columns = lexical_columns(tokens, hashes, lexicon, rates)
    return columns | scan_columns(tokens, columns)


# A template is a list of columns that are hashed together; its place in the list numbers it.
TEMPLATES = (
    ("w",), ("st",), ("s3",), ("p4",), ("sh",), ("c",), ("cr", "cs"), ("sr",), ("q", "sq"),
    ("reg",), ("gap",), ("l",), ("r",), ("fin", "nc"), ("pos",), ("par",), ("rb",), ("ra",),
)


def hash_templates(columns: dict[str, np.ndarray], bits: int) -> np.ndarray:
    """Return the table rows (`bits`-bit hashes) of each token, one column per template."""
    rows = np.empty((len(columns["w"]), len(TEMPLATES)), np.int32)
    for number, names in enumerate(TEMPLATES):
        code = np.full(len(rows), (number + 1) * 0x85EBCA6B & 0xFFFFFFFF, np.uint32)
        for name in names:
            code ^= columns[name].astype(np.uint32)
            code *= np.uint32(0xCC9E2D51)
            code ^= code >> np.uint32(15)
        code *= np.uint32(0x1B873593)
        code ^= code >> np.uint32(13)
        code *= np.uint32(0xC2B2AE35)
        rows[:, number] = code >> np.uint32(32 - bits)
    return rows
