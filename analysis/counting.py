"""
Words found and counted at close to the speed of a C loop: the buffer scan.

Texts are joined, encoded and folded as bytes (lower case, every byte outside a word a
space), so that numpy finds all word borders at once and Arrow numbers the words without
making Python strings. Beside it stands `reference_words`, plain `re`, which says what the
result must be; tests hold the scan to it.

Two rules say what a word is. "terms", the package's own: `analysis.text.WORD`, counted as
`as_term` (lower case, apostrophes unified, "U.S." whole, possessive 's dropped). "words",
scikit-learn's: two or more characters of `\\w`, after lower-casing the whole text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix

from analysis.folding import ODD, RULES, SPACE, fold
from analysis.numbering import PADDING, Numbered, number_strings, number_words, unite
from analysis.text import as_term, word_spans

BATCH = 500  # texts scanned at a time: their buffers and distinct words stay in the cache
_END = b"\n" * PADDING
_WORDS = re.compile(r"\w\w+")

Texts = Sequence[str] | pa.StringArray | pa.ChunkedArray


class Words(NamedTuple):
    """Words in text order: `texts[text][start:end]` is one, `vocabulary[code]` its term."""

    text: np.ndarray
    start: np.ndarray
    end: np.ndarray
    code: np.ndarray
    vocabulary: pd.api.extensions.ExtensionArray


class Batch(NamedTuple):
    """A run of texts: word i is of text t where bounds[t] <= i < bounds[t + 1]."""

    numbered: Numbered
    bounds: np.ndarray
    spans: tuple[np.ndarray, np.ndarray] | None


def reference_words(text: str, rule: str = "terms") -> list[tuple[int, int, str]]:
    """
    Find (start, end, term) of each word by plain `re`: slow, short, and right.

    >>> reference_words("The U.S. envoy’s", "terms")
    [(0, 3, 'the'), (4, 8, 'u.s.'), (9, 16, 'envoy')]
    >>> reference_words("The U.S. envoy’s", "words")
    [(0, 3, 'the'), (9, 14, 'envoy')]
    """
    if _checked(rule) == "terms":
        return [tuple(word) for word in word_spans(text)]
    lower = text.lower()
    if len(lower) == len(text):
        return [(*m.span(), m.group()) for m in _WORDS.finditer(lower)]
    origin = [i for i, letter in enumerate(text) for _ in letter.lower()]
    return [(origin[m.start()], origin[m.end() - 1] + 1, m.group())
            for m in _WORDS.finditer(lower)]


def count_words(texts: Texts, *, rule: str = "terms",
                dtype: type = np.int64) -> tuple[np.ndarray, csr_matrix]:
    """
    Count every term in every text, terms of one character left out.

    `texts` are strings, or an Arrow array of them, which saves making Python strings;
    `dtype` is the type of the counts, float64 if they are to be weighed in place.

    Returns the sorted vocabulary and a matrix with a row per text and a column per term:
    with rule="words" what scikit-learn's CountVectorizer().fit_transform(texts) gives.
    """
    batches = list(_batches(texts, rule, spans=False))
    numbers, terms = _unify(batches, rule)
    order = pc.array_sort_indices(terms).to_numpy()
    order = order[_long(terms)[order]]
    long = len(order)
    rank = np.full(len(terms), long, np.int32)  # short words share a column, which is cut off
    rank[order] = np.arange(long, dtype=np.int32)
    width = min(long + 1, len(terms))
    matrix = _sparse(batches, (rank[number] for number in numbers), width, dtype)
    vocabulary = terms.take(pa.array(order)).to_numpy(zero_copy_only=False)
    return vocabulary, matrix if width == long else matrix[:, :long]


def locate_words(texts: Sequence[str], *, rule: str = "terms") -> Words:
    """
    Find every word of every text with its offsets: the places behind the counts.

    Offsets are Python string indices, half-open. Words of one character are kept under
    rule="terms"; scikit-learn's rule has none.
    """
    batches = list(_batches(texts, rule, spans=True))
    numbers, terms = _unify(batches, rule)
    nothing = [np.array([], int)]
    starts, ends = (np.concatenate([batch.spans[i] for batch in batches] or nothing)
                    for i in (0, 1))
    codes = np.concatenate([number[batch.numbered.codes] for number, batch
                            in zip(numbers, batches, strict=True)] or nothing)
    sizes = np.concatenate([np.diff(batch.bounds) for batch in batches] or nothing)
    words = Words(np.repeat(np.arange(len(texts)), sizes), starts, ends, codes, as_strings(terms))
    long = _long(terms)
    if rule == "terms" or long.all():
        return words
    kept = long[words.code]
    return Words(*(column[kept] for column in words[:4]), words.vocabulary)


def as_strings(words: pa.Array) -> pd.api.extensions.ExtensionArray:
    """Return Arrow strings as the string array that pandas 3 uses, without copying."""
    return pd.array(pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array([words])), dtype="str"))


def _checked(rule: str) -> str:
    if rule not in RULES:
        raise ValueError(f"no word rule is called {rule!r}; there are {', '.join(RULES)}")
    return rule


def _batches(texts: Texts, rule: str, *, spans: bool) -> Iterator[Batch]:
    """Fold the texts batch by batch, in order; odd ones go by the reference."""
    _checked(rule)
    _keep_memory()
    for first in range(0, len(texts), BATCH):
        some = texts[first:first + BATCH]
        batch = _scan(some, rule, spans=spans)
        if batch:
            yield batch
            continue
        some = some if isinstance(some, Sequence) else some.to_pylist()
        for odd, run in groupby(some, key=lambda text: bool(ODD.search(text))):
            run = list(run)
            yield _by_reference(run, rule) if odd else _scan(run, rule, spans=spans)


def _keep_memory() -> None:
    """
    Let the memory of freed arrays be kept for the next batch.

    glibc gives large freed blocks back to the system, at a quarter of the time of a scan,
    until it has seen one as large as this freed, which is never touched and costs nothing.
    """
    np.empty(31 << 20, np.uint8)


def _scan(texts: Texts, rule: str, *, spans: bool) -> Batch | None:
    """Fold texts and find their words; None where a letter needs the reference."""
    raw, sizes = _join(texts)
    data = fold(raw, rule)
    if data is None:
        return None
    view = np.frombuffer(data, np.uint8)
    inside = view != SPACE
    if rule == "words" or not spans:  # most words of one letter are not wanted: "a", "I"
        inside[1:-1] &= inside[:-2] | inside[2:]
    turns = np.zeros(len(inside), bool)
    np.not_equal(inside[1:], inside[:-1], out=turns[1:])
    edges = np.flatnonzero(turns)
    starts = edges[::2].copy()
    bounds = np.searchsorted(starts, np.cumsum(np.concatenate(([1], sizes + 1))))
    return Batch(number_words(data, starts, edges[1::2]), bounds,
                 _character_spans(texts, raw, edges, bounds) if spans else None)


def _join(texts: Texts) -> tuple[bytearray, np.ndarray]:
    """Return the texts as bytes with line ends before, between and after, and their sizes."""
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if isinstance(texts, pa.Array):
        every = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
        joined = pc.binary_join(every, "\n")[0].as_buffer()
        return bytearray().join((b"\n", joined, _END)), pc.binary_length(texts).to_numpy()
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    sizes = np.fromiter(map(len, encoded), int, len(encoded))
    return bytearray(b"\n").join([b"", *encoded, _END]), sizes


def _character_spans(texts: Sequence[str], raw: bytearray, edges: np.ndarray,
                     bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn byte edges in the joined texts into character offsets within each text."""
    if not raw.isascii():
        later = np.flatnonzero((np.frombuffer(raw, np.uint8) & 0xC0) == 0x80)
        passed = np.bincount(np.searchsorted(edges, later, side="right"),
                             minlength=len(edges) + 1)
        edges = edges - np.cumsum(passed)[:-1]
    begins = np.cumsum([1, *(len(text) + 1 for text in texts)])[:-1]
    home = np.repeat(begins, np.diff(bounds))
    return edges[::2] - home, edges[1::2] - home


def _by_reference(texts: Sequence[str], rule: str) -> Batch:
    found = [reference_words(text, rule) for text in texts]
    words = [word for words in found for word in words]
    return Batch(number_strings(pa.array([term for *_, term in words], pa.utf8())),
                 np.cumsum([0, *map(len, found)]),
                 (np.array([start for start, *_ in words], int),
                  np.array([end for _, end, _ in words], int)))


def _unify(batches: list[Batch], rule: str) -> tuple[list[np.ndarray], pa.Array]:
    """Return the terms of all batches, and for each batch the terms' numbers for its words."""
    if not batches:
        return [], pa.array([], pa.utf8())
    numbers, words, _ = unite([batch.numbered for batch in batches])
    terms = _as_terms(words) if rule == "terms" else words
    if terms is not words:
        merged = number_strings(terms)
        numbers, terms = merged.codes[numbers], merged.words
    sizes = [len(batch.numbered.words) for batch in batches]
    return np.split(numbers, np.cumsum(sizes)[:-1]), terms


def _as_terms(words: pa.Array) -> pa.Array:
    """Apply `as_term` to the few distinct folded words that it may change."""
    special = pc.match_substring_regex(words, "['’.]").to_numpy(zero_copy_only=False)
    if not special.any():
        return words
    changed = pa.array([as_term(word) for word in words.filter(pa.array(special)).to_pylist()])
    return pc.replace_with_mask(words, pa.array(special), changed)


def _long(terms: pa.Array) -> np.ndarray:
    return pc.greater(pc.utf8_length(terms), 1).to_numpy(zero_copy_only=False)


def _sparse(batches: list[Batch], columns: Iterable[np.ndarray], width: int,
            dtype: type) -> csr_matrix:
    """Add up equal words of each text; `columns` are those of each batch's words."""
    most = sum(len(batch.numbered.codes) for batch in batches)
    indices, counts = np.empty(most, np.int32), np.empty(most, dtype)  # the end stays untouched
    sizes, filled = [[0]], 0
    for batch, column in zip(batches, columns, strict=True):
        texts = len(batch.bounds) - 1
        kind = np.int32 if (texts + 1) * width < 2**31 else np.int64  # 32 bits sort faster
        rows = np.arange(texts + 1, dtype=kind) * kind(width)
        key = np.repeat(rows, np.append(np.diff(batch.bounds), 1))  # at the end, one of no text
        key[:-1] += column[batch.numbered.codes]
        key.sort()
        last = np.flatnonzero(key[1:] != key[:-1])  # of each run of equal words
        pairs = key[last]
        sizes.append(np.diff(np.searchsorted(pairs, rows)))
        place = slice(filled, filled + len(pairs))
        np.subtract(pairs, np.repeat(rows[:-1], sizes[-1]), out=indices[place], casting="same_kind")
        counts[place] = np.diff(last, prepend=-1)
        filled = place.stop
    pointers = np.cumsum(np.concatenate(sizes))
    return csr_matrix((counts[:filled], indices[:filled], pointers),
                      shape=(len(pointers) - 1, width))
