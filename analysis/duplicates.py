"""
Articles that are the same, or nearly: they would count one text twice.

Up to 300 articles every pair is compared; above that, datasketch's MinHash finds the
pairs worth comparing, so that a near-duplicate may, rarely, be missed. Exact ones never are.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from zlib import crc32

import pandas as pd

from analysis.tables import CorpusError, table
from analysis.text import word_spans

NEAR = 0.8  # share of runs of words in common from which two articles count as the same
ALL_PAIRS = 300  # articles up to which every pair is compared
_RUN = 5  # words


def find_duplicates(articles: pd.DataFrame, *, near: float = NEAR) -> pd.DataFrame:
    """
    Find articles with the words of an earlier one, all of them or nearly.

    One row per article that repeats another: article_id, duplicate_of, `similarity` (the
    runs of five words they share, as a part of all that either has; 1 for the same words
    in the same order) and `exact`. Only the most similar earlier article is named.

    Broder (1997), Compression and Complexity of Sequences, 21–29.
    """
    names, texts = articles["article_id"].to_list(), articles["text"].to_list()
    seen, rows, kept = {}, [], []
    for number, text in enumerate(texts):
        words = " ".join(word.term for word in word_spans(text))
        key = blake2b(words.encode(), digest_size=16).digest()
        if words and seen.setdefault(key, number) != number:
            rows.append((number, (names[number], names[seen[key]], 1.0, True)))
        elif words:
            kept.append(number)
    runs_of = lru_cache(2 * ALL_PAIRS)(lambda number: _runs(texts[number]))
    best: dict[int, tuple[float, int]] = {}
    for i, j in _pairs(kept, runs_of, near):
        shared = len(runs_of(i) & runs_of(j))
        share = shared / (len(runs_of(i)) + len(runs_of(j)) - shared)
        if share >= near:
            best[j] = max(best.get(j, (0.0, 0)), (share, -i))
    rows += [(j, (names[j], names[-i], share, False)) for j, (share, i) in best.items()]
    return table("duplicates", [row for _, row in sorted(rows)])


def _runs(text: str) -> frozenset[int]:
    """Return the runs of five words as numbers that are the same on every machine."""
    words = [word.term for word in word_spans(text)]
    return frozenset(crc32(" ".join(words[i:i + _RUN]).encode())
                     for i in range(max(1, len(words) - _RUN + 1)))


def _pairs(kept: list[int], runs_of: Callable[[int], frozenset[int]],
           near: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs worth comparing, the earlier article first."""
    if len(kept) <= ALL_PAIRS:
        yield from combinations(kept, 2)
        return
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError as error:
        raise CorpusError(f"near-duplicates among more than {ALL_PAIRS} articles need the package "
                          "datasketch: pip install 'samestory[scale]'") from error
    index = MinHashLSH(threshold=near - 0.1, num_perm=64)
    for number in kept:
        sketch = MinHash(num_perm=64, hashfunc=int)
        sketch.update_batch(runs_of(number))
        yield from ((found, number) for found in index.query(sketch))
        index.insert(number, sketch, check_duplication=False)
