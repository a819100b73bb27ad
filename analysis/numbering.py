"""
Words of a buffer numbered: equal words get equal numbers, without making strings of them.

The middle of the buffer scan (see `counting`). A word of at most eight bytes is an integer
of 64 bits as it stands, a longer one is hashed to one, and a hash table finds integers
faster than strings. Then the letters are compared; should two words ever share an integer,
or a word be of a length no word has, Arrow numbers the strings instead.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

PADDING = 8  # bytes that a buffer needs after its last word
_LONGEST = 256  # bytes of a word
_MASK = np.array([(1 << 8 * size) - 1 for size in range(8)] + [-1])
_ODD = -0x61C8864680B583EB  # 2**64 over the golden ratio, signed: Knuth (1973), section 6.4


class Numbered(NamedTuple):
    """Word i is words[codes[i]]; `keys` are the integers of `words`, None if there are none."""

    codes: np.ndarray
    words: pa.Array
    keys: np.ndarray | None


def number_words(data: bytearray, starts: np.ndarray, ends: np.ndarray) -> Numbered:
    """
    Number the words data[start:end], in the order in which they first occur.

    `starts` ascend, a space or more stands between words, and PADDING bytes follow the last.
    """
    sizes = ends - starts
    if len(sizes) and sizes.max() <= _LONGEST:
        keys, steps = _as_integers(data, starts, sizes)
        codes, distinct = pd.factorize(keys, size_hint=len(keys) // 8)
        first = _first_places(codes, len(distinct))
        if _are_one_word(codes, first, sizes, steps):
            return Numbered(codes.astype(np.int32), _spell(data, starts[first], ends[first]),
                            distinct)
    return number_strings(_spell(data, starts, ends))


def number_strings(words: pa.Array) -> Numbered:
    """Number Arrow strings in the order in which they first occur."""
    coded = words.dictionary_encode()
    return Numbered(coded.indices.to_numpy(), coded.dictionary, None)


def unite(parts: Sequence[Numbered]) -> Numbered:
    """Number the `words` of all parts together: the codes are those of part after part."""
    words = pa.chunked_array([part.words for part in parts], pa.utf8()).combine_chunks()
    if len(words) and all(part.keys is not None for part in parts):
        codes, distinct = pd.factorize(np.concatenate([part.keys for part in parts]),
                                       size_hint=len(words) // 4)
        united = words.take(pa.array(_first_places(codes, len(distinct))))
        if united.take(pa.array(codes)).equals(words):
            return Numbered(codes, united, distinct)
    return number_strings(words)


def _first_places(codes: np.ndarray, kinds: int) -> np.ndarray:
    first = np.empty(kinds, int)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


class _Step(NamedTuple):
    """The words that it takes eight bytes more of, their integers before, and those of all."""

    longer: np.ndarray
    before: np.ndarray
    keys: np.ndarray


def _as_integers(data: bytearray, starts: np.ndarray,
                 sizes: np.ndarray) -> tuple[np.ndarray, list[_Step]]:
    """Return the bytes of short words, and a hash of longer ones, with its steps."""
    eights = np.ndarray((len(data) - PADDING + 1,), "<i8", data, strides=(1,))
    keys, steps = eights[starts], []
    keys &= _MASK[np.minimum(sizes, 8)]
    longer = np.flatnonzero(sizes > 8)
    while len(longer):
        done = 8 + 8 * len(steps)
        left = sizes[longer] - done
        steps.append(_Step(longer, keys[longer], keys.copy()))
        hashed = steps[-1].before * _ODD
        hashed ^= hashed >> 32
        hashed += eights[starts[longer] + done] & _MASK[np.minimum(left, 8)]
        keys[longer] = hashed
        longer = longer[left > 8]
    return keys, steps


def _are_one_word(codes: np.ndarray, first: np.ndarray, sizes: np.ndarray,
                  steps: list[_Step]) -> bool:
    """
    Say whether all words of one integer are the same word as the first of them.

    A step can be undone: where two came from the same integer and lead to the same one, the
    eight bytes between are the same. So words of as many steps are compared step by step.
    """
    taken = ((sizes - 1) >> 3).astype(np.uint8)
    return np.array_equal(taken, taken[first][codes]) and all(
        np.array_equal(step.before, step.keys[first[codes[step.longer]]]) for step in steps)


def _spell(data: bytearray, starts: np.ndarray, ends: np.ndarray) -> pa.Array:
    """Return words as Arrow strings: every second stretch between ascending edges."""
    edges = np.column_stack([starts, ends]).astype(np.int32).ravel()
    if not len(edges):
        return pa.array([], pa.utf8())
    stretches = pa.Array.from_buffers(pa.utf8(), len(edges) - 1,
                                      [None, pa.py_buffer(edges), pa.py_buffer(data)])
    return stretches.take(pa.array(np.arange(0, len(edges), 2)))
