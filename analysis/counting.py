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
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix

from analysis.text import WORD, as_term, word_spans

RULES = ("terms", "words")
BATCH = 250  # texts folded at a time: about 1 MB, so that the buffers stay in the cache
_APOSTROPHE, _STOP, _CURLY = 1, 2, 3  # what the fold leaves where a word may go on
_SPACE, _LAST_NOT_WORD = 32, 47  # in folded bytes, everything above 47 belongs to a word
_WORDS = re.compile(r"\w\w+")
_CHUNK = re.compile(rb"[\x02'0-9a-z_\x80-\xff]+")


Texts = Sequence[str] | pa.StringArray


class Words(NamedTuple):
    """Words in text order: `texts[text][start:end]` is one, `vocabulary[code]` its term."""

    text: np.ndarray
    start: np.ndarray
    end: np.ndarray
    code: np.ndarray
    vocabulary: pd.api.extensions.ExtensionArray


class Batch(NamedTuple):
    """A run of texts folded together: word i of text t has bounds[t] <= i < bounds[t + 1]."""

    words: pa.Array
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
    codes, terms = _encode(batches, rule)
    order = pc.array_sort_indices(terms).to_numpy()
    long = pc.greater(pc.utf8_length(terms), 1).to_numpy(zero_copy_only=False)
    order = order[long[order]]
    rank = np.full(len(terms), len(order), np.int32)  # short words share a column, cut off later
    rank[order] = np.arange(len(order), dtype=np.int32)
    matrix = _sparse(batches, (rank[code] for code in codes), len(order), dtype)
    return terms.take(pa.array(order)).to_numpy(zero_copy_only=False), matrix


def locate_words(texts: Sequence[str], *, rule: str = "terms") -> Words:
    """
    Find every word of every text with its offsets: the places behind the counts.

    Offsets are Python string indices, half-open. Words of one character are kept under
    rule="terms"; scikit-learn's rule has none.
    """
    batches = list(_batches(texts, rule, spans=True))
    codes, terms = _encode(batches, rule)
    sizes = np.concatenate([np.diff(batch.bounds) for batch in batches] or [np.array([], int)])
    starts, ends = (np.concatenate([batch.spans[i] for batch in batches] or [sizes])
                    for i in (0, 1))
    words = Words(np.repeat(np.arange(len(texts)), sizes), starts, ends,
                  np.concatenate(codes or [sizes]), as_strings(terms))
    long = pc.greater(pc.utf8_length(terms), 1).to_numpy(zero_copy_only=False)
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
    for first in range(0, len(texts), BATCH):
        some = texts[first:first + BATCH]
        batch = _scan(some, rule, spans=spans)
        if batch:
            yield batch
            continue
        some = some.to_pylist() if isinstance(some, pa.Array) else some
        for odd, run in groupby(some, key=lambda text: bool(_ODD.search(text))):
            run = list(run)
            yield _by_reference(run, rule) if odd else _scan(run, rule, spans=spans)


def _scan(texts: Texts, rule: str, *, spans: bool) -> Batch | None:
    """Fold texts and find their words; None where a letter needs the reference."""
    raw, sizes = _join(texts)
    data = _fold(raw, rule)
    if data is None:
        return None
    view = np.frombuffer(data, np.uint8)
    inside = view != _SPACE
    if rule == "words" or not spans:  # most words of one letter are not wanted: "a", "I"
        inside[1:-1] &= inside[:-2] | inside[2:]
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts = edges[::2]
    offsets = np.zeros(len(starts) + 1, np.int32)
    np.cumsum(edges[1::2] - starts, out=offsets[1:])
    letters = np.compress(inside, view)
    words = pa.Array.from_buffers(pa.utf8(), len(starts),
                                  [None, pa.py_buffer(offsets), pa.py_buffer(letters)])
    bounds = np.searchsorted(starts, np.cumsum(np.concatenate(([1], sizes + 1))))
    return Batch(words, bounds, _character_spans(texts, raw, edges, bounds) if spans else None)


def _join(texts: Texts) -> tuple[bytes, np.ndarray]:
    """Return the texts as bytes with a line end before, between and after, and their sizes."""
    if isinstance(texts, pa.Array):
        every = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
        joined = pc.binary_join(every, "\n")[0].as_buffer()
        return b"\n" + joined.to_pybytes() + b"\n", pc.binary_length(texts).to_numpy()
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    return b"\n".join([b"", *encoded, b""]), np.fromiter(map(len, encoded), int, len(encoded))


def _character_spans(texts: Sequence[str], raw: bytes, edges: np.ndarray,
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
    return Batch(pa.array([term for *_, term in words], pa.utf8()),
                 np.cumsum([0, *map(len, found)]),
                 (np.array([start for start, *_ in words], int),
                  np.array([end for _, end, _ in words], int)))


def _encode(batches: list[Batch], rule: str) -> tuple[list[np.ndarray], pa.Array]:
    """Number the words of all batches; each number stands for one term."""
    sizes = [len(batch.words) for batch in batches]
    if not sum(sizes):
        return [np.array([], np.int32) for _ in sizes], pa.array([], pa.utf8())
    filled = [batch.words for batch in batches if len(batch.words)]  # Arrow drops empty chunks
    coded = pa.chunked_array(filled).dictionary_encode()
    terms = coded.chunk(coded.num_chunks - 1).dictionary
    chunks = iter([chunk.indices.to_numpy() for chunk in coded.chunks])
    codes = [next(chunks) if size else np.array([], np.int32) for size in sizes]
    if rule == "words":
        return codes, terms
    merged = _as_terms(terms).dictionary_encode()
    number = merged.indices.to_numpy()
    return [number[code] for code in codes], merged.dictionary


def _as_terms(words: pa.Array) -> pa.Array:
    """Apply `as_term` to the few distinct folded words that it may change."""
    special = pc.match_substring_regex(words, "['’.]").to_numpy(zero_copy_only=False)
    if not special.any():
        return words
    changed = pa.array([as_term(word) for word in words.filter(pa.array(special)).to_pylist()])
    return pc.replace_with_mask(words, pa.array(special), changed)


def _sparse(batches: list[Batch], columns: Iterable[np.ndarray], width: int,
            dtype: type) -> csr_matrix:
    """Add up equal columns of each text; column `width`, the short words, is left out."""
    most = sum(len(batch.words) for batch in batches)
    indices, counts = np.empty(most, np.int32), np.empty(most, dtype)  # the end stays untouched
    sizes, filled = [[0]], 0
    for batch, column in zip(batches, columns, strict=True):
        texts = len(batch.bounds) - 1
        kind = np.int32 if texts * (width + 1) < 2**31 else np.int64  # 32 bits sort faster
        key = np.repeat(np.arange(texts, dtype=kind) * kind(width + 1), np.diff(batch.bounds))
        key += column
        key.sort()
        first = np.flatnonzero(np.diff(key, prepend=kind(-1)))
        count = np.diff(first, append=len(key))
        row, column = np.divmod(key[first], kind(width + 1))
        kept = column < width
        place = slice(filled, filled + np.count_nonzero(kept))
        indices[place], counts[place], filled = column[kept], count[kept], place.stop
        sizes.append(np.bincount(row[kept], minlength=texts))
    pointers = np.cumsum(np.concatenate(sizes))
    return csr_matrix((counts[:filled], indices[:filled], pointers),
                      shape=(len(pointers) - 1, width))


class _Fold(dict):
    """What becomes of a character above 127: lower-cased, or a space for each byte."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        size = len(letter.encode("utf-8", "surrogatepass"))
        folded = letter.lower() if re.match(r"\w", letter) else " " * size
        self[code] = "" if _is_odd(letter) else folded
        return self[code]


def _is_odd(letter: str) -> bool:
    """Say whether lower-casing depends on the context or changes the length in bytes."""
    return letter == "Σ" or len(letter.lower().encode("utf-8", "surrogatepass")) != len(
        letter.encode("utf-8", "surrogatepass"))


_ODD = re.compile("[" + "".join(filter(_is_odd, map(chr, range(0x11000)))) + "]")
_FOLDS = {"words": _Fold(), "terms": _Fold({ord("’"): chr(_CURLY) * 3})}


def _ascii_table(rule: str) -> bytes:
    marks = {ord("'"): _APOSTROPHE, ord("."): _STOP} if rule == "terms" else {}
    return bytes(marks.get(b, ord(chr(b).lower()) if chr(b).isalnum() or chr(b) == "_" else _SPACE)
                 for b in range(128)) + bytes(range(128, 256))


_ASCII = {rule: _ascii_table(rule) for rule in RULES}


def _fold(raw: bytes, rule: str) -> bytearray | None:
    """Lower-case the words and blank all else, length kept; None if that cannot be done."""
    data = bytearray(raw.translate(_ASCII[rule]))
    view = np.frombuffer(data, np.uint8)
    if not raw.isascii():
        high = np.flatnonzero(view > 127)
        other = view[high].tobytes().decode("utf-8", "surrogatepass")
        folded = other.translate(_FOLDS[rule]).encode("utf-8", "surrogatepass")
        if len(folded) != len(high):
            return None
        view[high] = np.frombuffer(folded, np.uint8)
    if rule == "terms":
        _settle_marks(data, view)
    return data


def _settle_marks(data: bytearray, view: np.ndarray) -> None:
    """Keep the apostrophes and stops that belong to a word, blank the others."""
    marks = np.flatnonzero(view < _SPACE)
    kind = view[marks]
    stops, straight, curly = (marks[kind == k] for k in (_STOP, _APOSTROPHE, _CURLY))
    curly = curly[::3]  # its first byte of three
    straight_joins = (view[straight - 1] > _LAST_NOT_WORD) & (view[straight + 1] > _LAST_NOT_WORD)
    curly_joins = (view[curly - 1] > _LAST_NOT_WORD) & (view[curly + 3] > _LAST_NOT_WORD)
    view[straight] = np.where(straight_joins, ord("'"), _SPACE)
    for i, byte in enumerate("’".encode()):
        view[curly + i] = np.where(curly_joins, byte, _SPACE)
    _keep_dotted(data, view, stops)
    left = stops[view[stops] == _STOP]
    view[left] = _SPACE


def _keep_dotted(data: bytearray, view: np.ndarray, stops: np.ndarray) -> None:
    """Let `WORD` itself decide the few places that look like "U.S."."""
    before, after = view[stops - 1], view[stops + 1]
    letter = (before > 127) | ((before > ord("9")) & (view[stops - 2] <= _LAST_NOT_WORD))
    done = 0
    for stop in stops[letter & (after > ord("9"))].tolist():
        if stop < done:
            continue
        start = stop
        while data[start - 1] > _LAST_NOT_WORD or data[start - 1] in b"\x02'":
            start -= 1
        done = _CHUNK.match(data, start).end()
        data[start:done] = _settled(bytes(data[start:done]))


@lru_cache(10_000)
def _settled(chunk: bytes) -> bytes:
    """Blank what separates the words of a chunk of letters, stops and apostrophes."""
    text = chunk.replace(bytes([_STOP]), b".").decode()
    pieces, last = [], 0
    for word in WORD.finditer(text):
        pieces += [" " * len(text[last:word.start()].encode()), word.group()]
        last = word.end()
    return "".join([*pieces, " " * len(text[last:].encode())]).encode()
