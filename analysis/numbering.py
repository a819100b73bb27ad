"""
Words of a buffer numbered: equal words get equal numbers, without making strings of them.

The middle of the buffer scan (see `counting`). A word of at most eight bytes is an integer
of 64 bits as it stands, a longer one is hashed to one, and a hash table finds integers
faster than strings. Then the letters are compared; should two words ever share an integer,
or a word be of a length no word has, Arrow numbers the strings instead.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

PADDING = 8  # bytes that a buffer needs after its last word
_LONGEST = 256  # bytes of a word
_MASK = np.array([(1 << 8 * size) - 1 for size in range(8)] + [-1])
_ODD = -0x61C8864680B583EB  # 2**64 over the golden ratio, signed: Knuth (1973), section 6.4


def number_words(data: bytearray, starts: np.ndarray,
                 ends: np.ndarray) -> tuple[np.ndarray, pa.Array]:
    """
    Number the words data[start:end], in the order in which they first occur.

    Returns the number of each word (32 bits), and the words by number. `starts` ascend, a
    space or more stands between words, and PADDING bytes follow the last one.
    """
    sizes = ends - starts
    if len(sizes) and sizes.max() <= _LONGEST:
        keys, steps = _as_integers(data, starts, sizes)
        numbers, distinct = pd.factorize(keys, size_hint=len(keys) // 8)
        first = np.empty(len(distinct), int)
        first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
        if all(_are_equal(step, first[numbers[step.longer]], sizes) for step in steps):
            return numbers.astype(np.int32), _spell(data, starts[first], ends[first])
    words = _spell(data, starts, ends).dictionary_encode()
    return words.indices.to_numpy(), words.dictionary


class _Step(NamedTuple):
    """The words that it takes eight bytes more of, and the integers of all before it."""

    longer: np.ndarray
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
        steps.append(_Step(longer, keys.copy()))
        hashed = keys[longer] * _ODD
        hashed ^= hashed >> 32
        hashed += eights[starts[longer] + done] & _MASK[np.minimum(left, 8)]
        keys[longer] = hashed
        longer = longer[left > 8]
    return keys, steps


def _are_equal(step: _Step, same: np.ndarray, sizes: np.ndarray) -> bool:
    """
    Say whether words of one hash, `longer` and `same`, took the step from the same integer.

    A step can be undone: words as long as each other that come from the same integer and
    lead to the same one have the same eight bytes between.
    """
    return (np.array_equal(step.keys[step.longer], step.keys[same])
            and np.array_equal(sizes[step.longer], sizes[same]))


def _spell(data: bytearray, starts: np.ndarray, ends: np.ndarray) -> pa.Array:
    """Return words as Arrow strings: every second stretch between ascending edges."""
    edges = np.column_stack([starts, ends]).astype(np.int32).ravel()
    if not len(edges):
        return pa.array([], pa.utf8())
    stretches = pa.Array.from_buffers(pa.utf8(), len(edges) - 1,
                                      [None, pa.py_buffer(edges), pa.py_buffer(data)])
    return stretches.take(pa.array(np.arange(0, len(edges), 2)))
