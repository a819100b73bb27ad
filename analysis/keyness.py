"""
Which terms mark a document out against the others, and how far can that be trusted?

The first part takes arrays: `a` and `b` are the counts of a term in target and reference,
`n1` and `n2` the words in each. The second makes the table `keyness` from tokens. Every
p but `p_perm` takes words as independent draws, which they are not: read intervals and
dispersion first.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from scipy.special import betaincinv, xlogy
from scipy.stats import chi2, false_discovery_control

from analysis.ledger import Ledger, add_ledger, lowest_p
from analysis.similarity import SHUFFLES, SentenceTerms, sentence_terms
from analysis.tables import CorpusError, table

Floats = NDArray[np.float64]
FEWEST = 3  # occurrences below which a term is too rare to test
PRIOR_WORDS = 100.0
MOST_SPLITS = 20_000


def log_likelihood(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *,
                   cells: int = 4) -> Floats:
    """
    Return G2, positive where the target's rate is higher.

    cells=4 also counts the words that are not the term; cells=2 does not (Rayson's form).

    Dunning (1993), Computational Linguistics 19(1), 61–74; Rayson and Garside (2000),
    Comparing Corpora, 1–6.

    >>> log_likelihood(12, 2, 1000, 1500).round(6).item()
    12.619724
    """
    a, b, n1, n2 = _arrays(a, b, n1, n2)
    rate = (a + b) / (n1 + n2)
    g2 = xlogy(a, _ratio(a, n1 * rate)) + xlogy(b, _ratio(b, n2 * rate))
    if cells == 4:
        c, d = n1 - a, n2 - b
        g2 = g2 + xlogy(c, _ratio(c, n1 * (1 - rate))) + xlogy(d, _ratio(d, n2 * (1 - rate)))
    elif cells != 2:
        raise ValueError(f"cells={cells}: G2 is taken over 2 cells or 4")
    return 2 * np.maximum(g2, 0) * np.where(a * n2 >= b * n1, 1, -1)


def log_ratio(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """
    Return the binary log of the ratio of rates; a zero count, and only that, becomes 0.5.

    Hardie (2014), Log Ratio: an informal introduction.
    """
    a, b, n1, n2 = _arrays(a, b, n1, n2)
    return np.log2((np.where(a == 0, 0.5, a) / n1) / (np.where(b == 0, 0.5, b) / n2))


def log_ratio_interval(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *,
                       alpha: float = 0.05) -> tuple[Floats, Floats]:
    """
    Return the exact interval of the Log Ratio, infinite on the side of a zero count.

    Clopper and Pearson's limits for a of a + b, turned into a ratio of rates.

    Clopper and Pearson (1934), Biometrika 26(4), 404–413; Evert (2022), ICAME 43.
    """
    a, b, n1, n2 = np.broadcast_arrays(*_arrays(a, b, n1, n2))
    pairs, back = np.unique(np.stack([a.ravel(), b.ravel()]), axis=1, return_inverse=True)
    x, y = pairs
    low, high = np.zeros(len(x)), np.ones(len(x))
    low[x > 0] = betaincinv(x[x > 0], y[x > 0] + 1, alpha / 2)
    high[y > 0] = betaincinv(x[y > 0] + 1, y[y > 0], 1 - alpha / 2)
    with np.errstate(divide="ignore"):
        odds = [np.log2(p) - np.log2(1 - p) for p in (low, high)]
    low, high = (o[back.ravel()].reshape(a.shape) + np.log2(n2 / n1) for o in odds)
    return low, high


def conservative_log_ratio(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *,
                           alpha: float = 0.05, tests: int = 1) -> Floats:
    """
    Return the limit of the Log Ratio's interval nearer to 0; 0 where the interval holds it.

    `alpha` is shared out over `tests` (Bonferroni): 0 means "not distinguishable".

    Evert (2022), Measuring keyness, ICAME 43.
    """
    low, high = log_ratio_interval(a, b, n1, n2, alpha=alpha / max(tests, 1))
    return np.where(low > 0, low, np.where(high < 0, high, 0.0))


def percent_difference(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """
    Return 100 (p1 - p2) / p2; missing where the term is absent from the reference.

    Gabrielatos and Marchi (2011), Keyness: matching metrics to definitions.
    """
    a, b, n1, n2 = _arrays(a, b, n1, n2)
    return 100 * _ratio(a / n1 - b / n2, b / n2, missing=np.nan)


def log_odds_ratio(a: ArrayLike, b: ArrayLike, n1: ArrayLike,
                   n2: ArrayLike) -> tuple[Floats, Floats]:
    """
    Return the log odds ratio and its standard error, 0.5 added to all four cells.

    Haldane (1956), Annals of Human Genetics 20(4), 309–311.
    """
    a, b, n1, n2 = _arrays(a, b, n1, n2)
    cells = [x + 0.5 for x in (a, b, n1 - a, n2 - b)]
    return (np.log(cells[0] * cells[3] / (cells[1] * cells[2])),
            np.sqrt(sum(1 / x for x in cells)))


def bic(g2: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """
    Return |G2| - ln(n1 + n2); below 0 it favours no difference. Not a true Bayes factor.

    Wilson (2013), Embracing Bayes factors for key item analysis.
    """
    return np.abs(np.asarray(g2, float)) - np.log(np.asarray(n1, float) + np.asarray(n2, float))


def simple_maths(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *,
                 k: float = 1000) -> Floats:
    """
    Return (rate1 + k) / (rate2 + k), rates per million words.

    Kilgarriff (2009), Simple maths for keywords, Corpus Linguistics. In texts of 600
    words one word is 1,700 per million, so that k = 1 would be far too small.
    """
    a, b, n1, n2 = _arrays(a, b, n1, n2)
    return (1e6 * a / n1 + k) / (1e6 * b / n2 + k)


def log_odds(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *, prior: ArrayLike,
             prior_total: float | None = None, four_terms: bool = True) -> tuple[Floats, Floats]:
    """
    Return the log-odds ratio under a Dirichlet prior, and z, its size in standard errors.

    `prior` holds a pseudo-count for each term, `prior_total` their sum over the whole
    vocabulary. four_terms=False leaves the terms for the other words out of the variance,
    as the source does, which fails for words that make up much of a text.

    Monroe, Colaresi and Quinn (2008), Political Analysis 16(4), 372–403.
    """
    a, b, n1, n2 = _arrays(a, b, n1, n2)
    prior = np.asarray(prior, float)
    total = prior.sum() if prior_total is None else prior_total
    if np.any(prior <= 0):
        raise ValueError("log_odds: the prior must be above 0 for every term")
    rest1, rest2 = n1 + total - a - prior, n2 + total - b - prior
    delta = np.log((a + prior) / rest1) - np.log((b + prior) / rest2)
    variance = 1 / (a + prior) + 1 / (b + prior)
    if four_terms:
        variance = variance + 1 / rest1 + 1 / rest2
    return delta, delta / np.sqrt(variance)


def dispersion(counts: ArrayLike, sizes: ArrayLike) -> Floats:
    """
    Return the deviation of proportions over parts (last axis): 0 even, near 1 in one part.

    Gries (2008), International Journal of Corpus Linguistics 13(4), 403–437.

    >>> dispersion([5, 0, 1, 0, 0], [100, 150, 120, 200, 180]).round(6).item()
    0.706667
    """
    counts, sizes = np.asarray(counts, float), np.asarray(sizes, float)
    share = _ratio(counts, counts.sum(axis=-1, keepdims=True), missing=np.nan)
    return 0.5 * np.abs(share - sizes / sizes.sum()).sum(axis=-1)


def holm(p: ArrayLike) -> Floats:
    """Return p values after Holm's correction (1979, Scand. J. Statistics 6(2), 65–70)."""
    p = np.asarray(p, float)
    order = np.argsort(p)
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    result = np.empty_like(p)
    result[order] = np.minimum(raised, 1)
    return result


def measure_keyness(tokens: pd.DataFrame, *, against: str = "rest", alpha: float = 0.05,
                    shuffles: int | None = None, seed: int = 0) -> pd.DataFrame:
    """
    Measure how far each term marks out each article against the others.

    One row per article, reference and term that occurs in either, highest conservative
    Log Ratio first: see `TABLES["keyness"]`. against="rest" sets each article against all
    the others together, "pairs" against each other one. Terms that occur fewer than 3
    times are listed as "too rare" and not tested. Corrections (Bonferroni in
    `lr_conservative`, Holm, Benjamini and Hochberg) run over the terms tested in one
    comparison. The prior of `logodds` is the pooled rate times 100 words: it uses the
    same texts twice. `p_perm` shuffles whole sentences between target and reference
    (1,999 times; left out above 20 articles unless asked for).

    Raises CorpusError where fewer than two articles have words.
    """
    found = sentence_terms(tokens)
    words = np.bincount(found.owner, _sums(found.matrix, 1), minlength=len(found.documents))
    if (words > 0).sum() < 2:
        raise CorpusError(f"keyness: {(words > 0).sum()} articles with words; a comparison "
                          "takes two")
    if shuffles is None:
        shuffles = SHUFFLES if len(found.documents) <= 20 else 0
    terms = np.sort(tokens["term"][tokens["term"].str.len() > 1].unique().to_numpy(dtype=object))
    parts = [_compare(found, terms, pair, alpha=alpha, shuffles=shuffles, seed=seed)
             for pair in _comparisons(words, against)]
    result = pd.concat(parts, ignore_index=True).sort_values(
        ["document", "reference", "lr_conservative", "g2", "term"],
        ascending=[True, True, False, False, True], kind="stable")
    tests = int(result["p"].notna().sum())
    ledger = Ledger("keyness", "sentence" if shuffles else "word",
                    len(found.labels) if shuffles else int(words.sum()), tests, alpha,
                    lowest_p=1 / (1 + shuffles) if shuffles else None,
                    seed=seed if shuffles else None)
    return add_ledger(table("keyness", result.reset_index(drop=True)), ledger)


def top_keywords(keyness: pd.DataFrame, n: int = 10, *,
                 distinguishable: bool = False) -> pd.DataFrame:
    """
    Keep the `n` terms that most mark out each document, rates above the reference's only.

    One row per document, reference and `rank`: by the conservative Log Ratio, then, where
    that is 0 (not distinguishable), by G2. distinguishable=True keeps only the former.
    """
    kept = keyness[keyness["p"].notna() & (keyness["g2"] > 0)]
    if distinguishable:
        kept = kept[kept["lr_conservative"] > 0]
    kept = kept.sort_values(["document", "reference", "lr_conservative", "g2", "term"],
                            ascending=[True, True, False, False, True], kind="stable")
    pairs = ["document", "reference"]
    kept = kept.groupby(pairs).head(n)
    return kept.assign(rank=kept.groupby(pairs).cumcount() + 1).reset_index(drop=True)


def add_teaching_measures(keyness: pd.DataFrame, *, k: float = 1000) -> pd.DataFrame:
    """Add the measures other tools print: percent_difference, odds ratio, bic, simple_maths."""
    counts = [keyness[c].to_numpy() for c in ("n_target", "n_ref", "words_target", "words_ref")]
    odds, se = log_odds_ratio(*counts)
    return keyness.assign(
        percent_difference=percent_difference(*counts), odds_ratio=np.exp(odds),
        odds_low=np.exp(odds - 1.959964 * se), odds_high=np.exp(odds + 1.959964 * se),
        bic=bic(keyness["g2"], *counts[2:]), simple_maths=simple_maths(*counts, k=k))


def permute_documents(tokens: pd.DataFrame, target: Sequence[str],
                      terms: Sequence[str]) -> pd.DataFrame:
    """
    Compare articles with the others by every way of choosing as many: whole articles move.

    One row per term: rate_target and rate_ref per 1,000 words, `p` (one-sided: the share
    of splits with at least this difference), `splits` and `lowest_p`, which with five
    articles is 0.2 or 0.1 whatever the texts say. Raises CorpusError above 20,000 splits.
    """
    found = sentence_terms(tokens)
    names, n, size = found.documents, len(found.documents), len(set(target))
    unknown = sorted(set(target) - set(names))
    if unknown or not 0 < size < n:
        raise ValueError(f"target {list(target)}: name some of the articles, not all; there are "
                         f"{', '.join(names)}")
    if comb(n, size) > MOST_SPLITS:
        raise CorpusError(f"{comb(n, size):,} splits are too many to list; use measure_keyness, "
                          "which shuffles sentences")
    chosen = np.zeros((comb(n, size), n), bool)
    for row, split in zip(chosen, combinations(range(n), size), strict=True):
        row[list(split)] = True
    here = np.isin(names, list(target))
    kept = tokens[tokens["term"].str.len() > 1]
    words = kept["article_id"].value_counts().reindex(names, fill_value=0).to_numpy()
    rows = []
    for term in terms:
        n_term = (kept["article_id"][kept["term"] == term].value_counts()
                  .reindex(names, fill_value=0).to_numpy())
        gap = _rate(n_term, words, chosen) - _rate(n_term, words, ~chosen)
        first, second = (1000 * _rate(n_term, words, part[None])[0] for part in (here, ~here))
        rows.append((term, first, second, np.mean(gap >= (first - second) / 1000 - 1e-12),
                     len(chosen), lowest_p(n, size)))
    result = pd.DataFrame(rows, columns=["term", "rate_target", "rate_ref", "p", "splits",
                                         "lowest_p"])
    return add_ledger(result, Ledger("keyness by whole articles", "article", n, len(rows),
                                     lowest_p=lowest_p(n, size)))


def _arrays(*values: ArrayLike) -> list[Floats]:
    return [np.asarray(value, float) for value in values]


def _ratio(above: Floats, below: Floats, missing: float = 1.0) -> Floats:
    """Divide, with `missing` where the divisor is 0 (in G2 such a cell holds no word)."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.full(above.shape, missing), where=below > 0)


def _sums(matrix: csr_matrix, axis: int) -> Floats:
    return np.asarray(matrix.sum(axis=axis), float).ravel()


def _rate(counts: np.ndarray, words: np.ndarray, chosen: np.ndarray) -> Floats:
    return _ratio((chosen * counts).sum(axis=1), (chosen * words).sum(axis=1), missing=0.0)


def _comparisons(words: np.ndarray, against: str) -> Iterator[tuple[int, list[int]]]:
    """Yield each target with the documents that are its reference, the wordless left out."""
    kept = np.flatnonzero(words > 0).tolist()
    if against == "rest":
        return ((i, [j for j in kept if j != i]) for i in kept)
    if against == "pairs":
        return ((i, [j]) for i, j in permutations(kept, 2))
    raise ValueError(f"against={against!r}; it is 'rest' or 'pairs'")


def _compare(found: SentenceTerms, terms: np.ndarray, pair: tuple[int, list[int]], *,
             alpha: float, shuffles: int, seed: int) -> pd.DataFrame:
    """Measure every term of one comparison."""
    target, reference = pair
    parts = [target, *reference]
    rows = np.flatnonzero(np.isin(found.owner, parts))
    matrix, owner = found.matrix[rows], found.owner[rows]
    used = np.flatnonzero(matrix.getnnz(axis=0))
    matrix = matrix[:, used].tocsr()
    by_part = np.stack([_sums(matrix[owner == part], 0) for part in parts])
    a, b = by_part[0], by_part[1:].sum(axis=0)
    n1, n2 = a.sum(), b.sum()
    tested = a + b >= FEWEST
    prior = PRIOR_WORDS * (a + b) / (n1 + n2)
    g2, (delta, z) = log_likelihood(a, b, n1, n2), log_odds(a, b, n1, n2, prior=prior)
    low, high = log_ratio_interval(a, b, n1, n2, alpha=alpha)
    lrc = conservative_log_ratio(a, b, n1, n2, alpha=alpha, tests=int(tested.sum()))
    articles = (by_part > 0).sum(axis=0)
    p, p_holm, p_bh, p_perm = _p_values(g2, tested)
    if shuffles:
        p_perm[tested] = _permute(matrix, owner == target, shuffles, seed)[tested]
    names = found.documents
    return pd.DataFrame({
        "document": names[target],
        "reference": names[reference[0]] if len(reference) == 1 else "rest",
        "term": terms[used], "n_target": a.astype(int), "n_ref": b.astype(int),
        "words_target": int(n1), "words_ref": int(n2),
        "n_articles": articles, "n_sentences": matrix.getnnz(axis=0),
        "dp": dispersion(by_part.T, by_part.sum(axis=1)),
        "rate_target": 1000 * a / n1, "rate_ref": 1000 * b / n2, "g2": g2,
        "log_ratio": log_ratio(a, b, n1, n2), "lr_low": low, "lr_high": high,
        "lr_conservative": np.where(tested, lrc, 0.0), "logodds": delta, "z": z,
        "p": p, "p_holm": p_holm, "p_bh": p_bh, "p_perm": p_perm,
        "note": _notes(a, b, articles, tested)})


def _p_values(g2: Floats, tested: np.ndarray) -> list[Floats]:
    """Return p, Holm, Benjamini and Hochberg (missing where not tested), and room for p_perm."""
    columns = [np.full(len(g2), np.nan) for _ in range(4)]
    if tested.any():
        p = chi2.sf(np.abs(g2[tested]), 1)
        for column, values in zip(columns, (p, holm(p), false_discovery_control(p)),
                                  strict=False):
            column[tested] = values
    return columns


def _permute(matrix: csr_matrix, target: np.ndarray, shuffles: int, seed: int) -> Floats:
    """Return two-sided p values of the rate difference when whole sentences are shuffled."""
    generator = np.random.default_rng(seed)
    lengths, total = _sums(matrix, 1), _sums(matrix, 0)
    words = lengths.sum()

    def gaps(chosen: np.ndarray) -> Floats:
        a, n1 = chosen @ matrix, (chosen @ lengths)[:, None]
        return np.abs(_ratio(a, n1, 0.0) - _ratio(total - a, words - n1, 0.0))

    observed = gaps(target[None].astype(float))[0]
    hits = np.zeros(len(total))
    for first in range(0, shuffles, 100):
        size = min(100, shuffles - first)
        chosen = generator.permuted(np.tile(target, (size, 1)), axis=1).astype(float)
        hits += (gaps(chosen) >= observed - 1e-12).sum(axis=0)
    return (1 + hits) / (1 + shuffles)


def _notes(a: Floats, b: Floats, articles: np.ndarray, tested: np.ndarray) -> list[str]:
    said = {"too rare": ~tested, "zero replaced by 0.5": (a == 0) | (b == 0),
            "in one article only": articles == 1}
    return ["; ".join(words for words, where in said.items() if where[i]) for i in range(len(a))]
