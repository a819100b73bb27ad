"""Differences of rates against chance: whole sentences or whole articles change sides."""

from collections.abc import Sequence
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis.keyness.measures import Floats, divide, sums
from analysis.ledger import Ledger, add_ledger, lowest_p
from analysis.tables import CorpusError
from analysis.text import as_term

MOST_SPLITS = 20_000


def permute_documents(tokens: pd.DataFrame, target: Sequence[str],
                      terms: Sequence[str]) -> pd.DataFrame:
    """
    Compare articles with the others by every way of choosing as many: whole articles move.

    One row per term: rate_target and rate_ref per 1,000 words, `p` (one-sided: the share
    of splits with at least this difference), `splits` and `lowest_p`, which with five
    articles is 0.2 or 0.1 whatever the texts say. Articles without words, which have no
    rate, take no part. Raises CorpusError above 20,000 splits.
    """
    kept = tokens[tokens["term"].str.len() > 1]
    counts = kept["article_id"].value_counts().sort_index()
    names, words, n, size = counts.index, counts.to_numpy(), len(counts), len(set(target))
    if not set(target) <= set(names) or not 0 < size < n:
        raise ValueError(f"target {list(target)}: name some of the articles with words, not all; "
                         f"there are {', '.join(names) or 'none'}")
    if comb(n, size) > MOST_SPLITS:
        raise CorpusError(f"{comb(n, size):,} splits are too many to list; use measure_keyness, "
                          "which shuffles sentences")
    chosen = np.zeros((comb(n, size), n), bool)
    for row, split in zip(chosen, combinations(range(n), size), strict=True):
        row[list(split)] = True
    here = np.isin(names, list(target))
    rows = []
    for term in [terms] if isinstance(terms, str) else terms:
        n_term = (kept["article_id"][kept["term"] == as_term(term)].value_counts()
                  .reindex(names, fill_value=0).to_numpy())
        gap = _rate(n_term, words, chosen) - _rate(n_term, words, ~chosen)
        first, second = (1000 * _rate(n_term, words, part[None])[0] for part in (here, ~here))
        rows.append((term, first, second, np.mean(gap >= (first - second) / 1000 - 1e-12),
                     len(chosen), lowest_p(n, size)))
    result = pd.DataFrame(rows, columns=["term", "rate_target", "rate_ref", "p", "splits",
                                         "lowest_p"])
    return add_ledger(result, Ledger("keyness by whole articles", "article", n, len(rows),
                                     lowest_p=lowest_p(n, size)))


def permute_sentences(matrix: csr_matrix, target: np.ndarray, shuffles: int, seed: int) -> Floats:
    """Return two-sided p values of the rate difference when whole sentences are shuffled."""
    generator = np.random.default_rng(seed)
    lengths, total = sums(matrix, 1), sums(matrix, 0)
    words = lengths.sum()

    def gaps(chosen: np.ndarray) -> Floats:
        a, n1 = chosen @ matrix, (chosen @ lengths)[:, None]
        return np.abs(divide(a, n1, 0.0) - divide(total - a, words - n1, 0.0))

    observed = gaps(target[None].astype(float))[0]
    hits = np.zeros(len(total))
    for first in range(0, shuffles, 100):
        size = min(100, shuffles - first)
        chosen = generator.permuted(np.tile(target, (size, 1)), axis=1).astype(float)
        hits += (gaps(chosen) >= observed - 1e-12).sum(axis=0)
    lowest = lowest_sentence_p(len(target), int(target.sum()), shuffles)
    return np.maximum((1 + hits) / (1 + shuffles), lowest)  # drawn splits may miss the same ones


def lowest_sentence_p(units: int, target: int, shuffles: int) -> float:
    """
    Return the lowest p that shuffling `target` of `units` sentences can give.

    Two-sided: where target and reference are as large, exchanging them changes nothing.

    >>> lowest_sentence_p(2, 1, 1999), lowest_sentence_p(3, 1, 1999)
    (1.0, 0.3333333333333333)
    """
    mirrored = 2 if 2 * target == units else 1
    return max(mirrored * lowest_p(units, target), 1 / (1 + shuffles))


def _rate(counts: np.ndarray, words: np.ndarray, chosen: np.ndarray) -> Floats:
    return divide((chosen * counts).sum(axis=1), (chosen * words).sum(axis=1), missing=0.0)
