"""What shuffled sentences, and stretches of one article, would give instead."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import gammaln

from analysis.ledger import Ledger, add_ledger
from analysis.similarity.cosines import (
    TINY,
    SentenceTerms,
    cosines_of,
    sentence_terms,
    sum_up,
    warn_of_wordless,
)
from analysis.tables import CorpusError
from analysis.topics.weights import weigh_many

SHUFFLES = 1999
SHUFFLES_OF_MANY = 199  # above 20 documents, where each shuffle costs more
_SMALL = 30_000  # documents times terms up to which shuffles are worked on many at a time
_LONG = 500_000  # sentences times terms above which that is slower: they fit no cache
_AT_ONCE = 50


def compare_with_chance(tokens: pd.DataFrame, *, tf: str = "count", idf: str = "smooth",
                        shuffles: int | None = None, seed: int = 0) -> pd.DataFrame:
    """
    Compare the mean cosine of all pairs with what shuffled sentences would give.

    One row: pairs, mean_cosine, null_mean, null_low and null_high (2.5 and 97.5 per
    cent of the shuffles), p_less and p_more (shares of shuffles at least as extreme).
    Raises CorpusError where fewer than two articles have words.
    """
    found = sentence_terms(tokens)
    count = settle_shuffles(shuffles, len(found.documents), fewest=1)
    worded = len(np.unique(found.owner))
    if worded < 2:
        raise CorpusError(f"mean cosine: {worded} articles with words; it takes two or more")
    square = cosines_of(sum_up(found), tf, idf)
    warn_of_wordless(found.documents, square)
    upper = np.triu_indices(len(square), 1)
    mean = np.nanmean(square[upper])
    drawn = np.array([np.nanmean(s[upper]) for s in _shuffled(found, tf, idf, count, seed)])
    low, high = np.quantile(drawn, [0.025, 0.975])
    lowest = _lowest_p(found.owner, count)
    row = ((~np.isnan(square[upper])).sum(), mean, drawn.mean(), low, high,
           max(_share(drawn <= mean + TINY, count), lowest),
           max(_share(drawn >= mean - TINY, count), lowest))
    result = pd.DataFrame([row], columns=["pairs", "mean_cosine", "null_mean", "null_low",
                                          "null_high", "p_less", "p_more"])
    return add_ledger(result, Ledger("mean cosine", "sentence", len(found.labels), 1,
                                     lowest_p=lowest, seed=seed))


def compare_blocks(tokens: pd.DataFrame, *, words: int = 150, shuffles: int = SHUFFLES,
                   seed: int = 0) -> pd.DataFrame:
    """
    Compare stretches of equal length from the same article with those from two articles.

    One row per kind of pair ("same article", "different articles"): pairs, the mean
    cosine and its quartiles; `p` says how often labels shuffled over the stretches part
    the two means as far. A stretch is as many whole sentences as give at least `words`
    words; the rest at the end of an article counts where it is more than half of that.
    """
    shuffles = settle_shuffles(shuffles, 0, fewest=1)
    sentence = tokens.groupby(["article_id", "sentence"])
    number = [block for _, sizes in sentence.size().groupby(level=0)
              for block in _cut(sizes.to_list(), words)]
    block = np.array(number, int)[sentence.ngroup()].astype(str)
    blocks = tokens.assign(block=tokens["article_id"] + "#" + block)
    blocks = blocks[blocks.groupby("block")["term"].transform("size") > words / 2]
    found = sentence_terms(blocks, by="block")
    square = cosines_of(sum_up(found), "count", "smooth")
    home = np.array([name.rpartition("#")[0] for name in found.documents])
    a, b = np.triu_indices(len(home), 1)
    if len(a) == 0 or not 0 < (home[a] == home[b]).sum() < len(a):
        raise CorpusError(f"blocks: of {words} words there are too few for pairs within and "
                          "between articles; ask for fewer words")
    cosine, generator = square[a, b], np.random.default_rng(seed)
    gap = _gap(cosine, home, a, b)
    drawn = np.array([_gap(cosine, generator.permutation(home), a, b) for _ in range(shuffles)])
    same, lowest = home[a] == home[b], _lowest_p(pd.factorize(home)[0], shuffles)
    p = max(_share(drawn >= gap - TINY, shuffles), lowest)
    rows = [(kind, part.sum(), cosine[part].mean(), *np.quantile(cosine[part], [0.25, 0.75]), p)
            for kind, part in (("same article", same), ("different articles", ~same))]
    result = pd.DataFrame(rows, columns=["kind", "pairs", "mean_cosine", "lower_quartile",
                                         "upper_quartile", "p"])
    return add_ledger(result, Ledger(f"stretches of {words} words", "stretch", len(home), 1,
                                     lowest_p=lowest, seed=seed))


def against_null(found: SentenceTerms, observed: np.ndarray, tf: str, idf: str, *,
                 shuffles: int | None, seed: int) -> tuple[np.ndarray, np.ndarray, Ledger]:
    """Return the mean of each cosine over the shuffles, its p, and the ledger."""
    shuffles = settle_shuffles(shuffles, len(found.documents))
    total, as_high = np.zeros_like(observed), np.zeros_like(observed)
    for square in _shuffled(found, tf, idf, shuffles, seed):
        total += square
        as_high += square >= observed - TINY
    gone = np.isnan(observed) | (shuffles == 0)
    tests = int((~gone[np.triu_indices(len(gone), 1)]).sum())
    lowest = _lowest_p(found.owner, shuffles, pair=True) if tests else None
    ledger = Ledger("similarity", "sentence", len(found.labels), tests, lowest_p=lowest,
                    seed=seed if shuffles else None)
    return (np.where(gone, np.nan, total / max(shuffles, 1)),
            np.where(gone, np.nan, np.maximum((1 + as_high) / (1 + shuffles), lowest or 0)),
            ledger)


def _shuffled(found: SentenceTerms, tf: str, idf: str, shuffles: int,
              seed: int) -> Iterator[np.ndarray]:
    """Yield the square of cosines of each shuffle; small corpora many shuffles at a time."""
    generator, n = np.random.default_rng(seed), len(found.documents)
    sentences, width = found.matrix.shape
    if width == 0 or n * width > _SMALL or sentences * width > _LONG:
        for _ in range(shuffles):
            yield cosines_of(sum_up(found, generator.permutation(found.owner)), tf, idf)
        return
    terms = found.matrix.toarray()
    for first in range(0, shuffles, _AT_ONCE):
        size = min(_AT_ONCE, shuffles - first)
        owners = [generator.permutation(found.owner) for _ in range(size)]
        place = (np.arange(n)[:, None] == np.array(owners)[:, None]).astype(float)
        counts = place @ terms
        rows = weigh_many(counts, tf=tf, idf=idf)
        wordless = np.where(counts.any(axis=2), 0, np.nan)
        yield from ((rows @ rows.transpose(0, 2, 1)).clip(0, 1)
                    + wordless[:, :, None] + wordless[:, None])


def settle_shuffles(asked: int | None, documents: int, *, of_many: int = SHUFFLES_OF_MANY,
                    fewest: int = 0) -> int:
    """Return how often to shuffle: as asked, or as the number of documents allows."""
    if asked is not None and asked < fewest:
        raise ValueError(f"shuffles={asked}: give {fewest} or more, such as {SHUFFLES:,}")
    if asked is None:
        return SHUFFLES if documents <= 20 else of_many
    return asked


def _lowest_p(owner: np.ndarray, shuffles: int, *, pair: bool = False) -> float:
    """
    Return the lowest p that shuffling the owners can give, for all documents or one pair.

    Documents of the same size may change places and nothing else changes: over all pairs
    any of them, for a pair its two, or the others among themselves. So many ways are one.
    """
    sizes, alike = np.unique(np.bincount(owner)[np.unique(owner)], return_counts=True)
    ways = gammaln(len(owner) + 1) - gammaln(sizes + 1) @ alike
    same = gammaln(alike + 1).sum()
    if pair:
        logs = np.log(alike)
        taken = logs[:, None] + logs
        with np.errstate(divide="ignore"):
            np.fill_diagonal(taken, logs + np.log(alike - 1) - np.log(2))
        same -= taken.max()
    return max(float(np.exp(same - ways)), 1 / (1 + shuffles))


def _cut(sizes: list[int], words: int) -> Iterator[int]:
    """Yield for each sentence, given its size, the number of the stretch it falls into."""
    number = length = 0
    for size in sizes:
        yield number
        length += size
        if length >= words:
            number, length = number + 1, 0


def _share(hits: np.ndarray, count: int) -> float:
    return (1 + int(hits.sum())) / (1 + count)


def _gap(cosine: np.ndarray, home: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    same = home[a] == home[b]
    return cosine[same].mean() - cosine[~same].mean()
