"""
Articles that are the same, or nearly: they would count one text twice.

Up to 300 articles every pair is compared; above that, datasketch's MinHash finds the
pairs worth comparing, so that a near-duplicate may, rarely, be missed. Exact ones never are.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from analysis.counting import locate_words
from analysis.tables import CorpusError, table

NEAR = 0.8  # share of runs of words in common from which two articles count as the same
ALL_PAIRS = 300  # articles up to which every pair is compared
_MARGIN = 0.2  # so far below `near` sketches are asked: at their threshold they miss many
_RUN = 5  # words
_SIZE = 64  # numbers in a sketch
_MIX = np.array([pow(0x9E3779B97F4A7C15, i, 2**64) for i in range(1, _RUN + 1)], np.uint64)


def find_duplicates(articles: pd.DataFrame, *, near: float = NEAR,
                    sketches: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Find articles with the words of an earlier one, all of them or nearly.

    One row per article that repeats another: article_id, duplicate_of, `similarity` (the
    runs of five words they share, as a part of all that either has; 1 for the same words
    in the same order) and `exact`. Only the most similar earlier article is named.
    `sketches`, of the same articles, saves making them.

    Broder (1997), Compression and Complexity of Sequences, 21–29.
    """
    if not 0 < near <= 1:
        raise ValueError(f"near={near}: it is a share above 0, such as {NEAR}")
    if sketches is None:
        sketches = sketch_articles(articles, minhash=len(articles) > ALL_PAIRS)
    names = articles["article_id"].to_list()
    seen, rows, kept = {}, [], []
    for number, words in enumerate(sketches["words"]):
        if words and seen.setdefault(words, number) != number:
            rows.append((number, (names[number], names[seen[words]], 1.0, True)))
        elif words:
            kept.append(number)
    pairs = list(_pairs(kept, sketches["sketch"].to_list(), near))
    wanted = sorted({number for pair in pairs for number in pair})
    texts = articles["text"].iloc[wanted].to_list()
    runs = {number: set(found.tolist())
            for number, found in zip(wanted, map(_runs, _hashed(texts)), strict=True)}
    best: dict[int, tuple[float, int]] = {}
    for i, j in pairs:
        shared = len(runs[i] & runs[j])
        share = shared / (len(runs[i]) + len(runs[j]) - shared)
        if share >= near:
            best[j] = max(best.get(j, (0.0, 0)), (share, -i))
    rows += [(j, (names[j], names[-i], share, False)) for j, (share, i) in best.items()]
    return table("duplicates", [row for _, row in sorted(rows)])


def sketch_articles(articles: pd.DataFrame, *, minhash: bool = True) -> pd.DataFrame:
    """
    Boil each article down to what finds its duplicates, wherever the others are.

    One row per article: article_id, `words` (a hash of all its words in order; empty
    where it has none) and `sketch` (its MinHash; empty without minhash=True).
    """
    rows = []
    for name, hashes in zip(articles["article_id"], _hashed(articles["text"]), strict=True):
        words = blake2b(hashes.tobytes(), digest_size=16).hexdigest() if len(hashes) else ""
        sketch = _sketch(_runs(hashes)) if minhash and words else b""
        rows.append((name, words, sketch))
    return pd.DataFrame(rows, columns=["article_id", "words", "sketch"])


def _hashed(texts: Sequence[str]) -> Iterator[np.ndarray]:
    """Yield the words of each text as numbers that are the same on every machine."""
    words = locate_words(list(texts))
    numbers = np.array([int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")
                        for term in words.vocabulary], np.uint64)[words.code]
    bounds = np.searchsorted(words.text, np.arange(len(texts) + 1))
    return (numbers[a:b] for a, b in pairwise(bounds.tolist()))


def _runs(words: np.ndarray) -> np.ndarray:
    """Return the runs of five words as numbers below 2**32, each once."""
    size = max(1, min(len(words), _RUN))
    runs = np.lib.stride_tricks.sliding_window_view(words, size) @ _MIX[:size]
    return np.unique(runs >> np.uint64(32))


def _pairs(kept: list[int], sketches: list[bytes], near: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs worth comparing, the earlier article first."""
    if len(kept) <= ALL_PAIRS:
        yield from combinations(kept, 2)
        return
    threshold, empty = max(near - _MARGIN, 0.05), _no_sketch()
    lsh = _datasketch().MinHashLSH(threshold=threshold, num_perm=_SIZE)
    for number in kept:
        sketch = empty.copy()
        sketch.hashvalues = np.frombuffer(sketches[number], empty.hashvalues.dtype)
        yield from ((found, number) for found in lsh.query(sketch))
        lsh.insert(number, sketch, check_duplication=False)


def _sketch(runs: np.ndarray) -> bytes:
    sketch = _no_sketch().copy()
    sketch.update_batch(runs.tolist())
    return sketch.hashvalues.tobytes()


@cache
def _no_sketch() -> object:
    return _datasketch().MinHash(num_perm=_SIZE, hashfunc=int)


def _datasketch() -> object:
    try:
        import datasketch
    except ImportError as error:
        raise CorpusError(f"near-duplicates among more than {ALL_PAIRS} articles need the package "
                          "datasketch: pip install 'samestory[scale]'") from error
    return datasketch
