"""
Measures of a term in target and reference: arrays in, arrays out.

`a` and `b` are the counts of a term in target and reference, `n1` and `n2` the words in
each.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from scipy.special import betaincinv, xlogy

Floats = NDArray[np.float64]


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
    g2 = xlogy(a, divide(a, n1 * rate)) + xlogy(b, divide(b, n2 * rate))
    if cells == 4:
        c, d = n1 - a, n2 - b
        g2 = g2 + xlogy(c, divide(c, n1 * (1 - rate))) + xlogy(d, divide(d, n2 * (1 - rate)))
    elif cells != 2:
        raise ValueError(f"cells={cells}: G2 is taken over 2 cells or 4")
    return 2 * np.maximum(g2, 0) * np.where(a * n2 >= b * n1, 1, -1)


def log_ratio(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> Floats:
    """
    Return the binary log of the ratio of rates; a zero count, and only that, becomes 0.5.

    Missing for a term that occurs in neither.

    Hardie (2014), Log Ratio: an informal introduction.
    """
    a, b, n1, n2 = _arrays(a, b, n1, n2)
    ratio = np.log2((np.where(a == 0, 0.5, a) / n1) / (np.where(b == 0, 0.5, b) / n2))
    return np.where(a + b > 0, ratio, np.nan)[()]


def log_ratio_interval(a: ArrayLike, b: ArrayLike, n1: ArrayLike, n2: ArrayLike, *,
                       alpha: float = 0.05) -> tuple[Floats, Floats]:
    """
    Return the exact interval of the Log Ratio, infinite on the side of a zero count.

    Clopper and Pearson's limits for a of a + b, turned into a ratio of rates.

    Clopper and Pearson (1934), Biometrika 26(4), 404–413; Evert (2022), ICAME 43.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha={alpha}: it is a share, such as 0.05 for intervals of 95 per cent")
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
    return 100 * divide(a / n1 - b / n2, b / n2, missing=np.nan)


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
    as the source does, which fails for words that make up much of a text. Both are missing
    for a term that is the whole vocabulary: it has no other words to be more likely than.

    Monroe, Colaresi and Quinn (2008), Political Analysis 16(4), 372–403.
    """
    a, b, n1, n2 = _arrays(a, b, n1, n2)
    prior = np.asarray(prior, float)
    total = prior.sum() if prior_total is None else prior_total
    if np.any(prior <= 0):
        raise ValueError("log_odds: the prior must be above 0 for every term")
    rest1, rest2 = (np.where(rest > 1e-9, rest, np.nan)
                    for rest in (n1 + total - a - prior, n2 + total - b - prior))
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
    share = divide(counts, counts.sum(axis=-1, keepdims=True), missing=np.nan)
    return 0.5 * np.abs(share - sizes / sizes.sum()).sum(axis=-1)


def holm(p: ArrayLike) -> Floats:
    """Return p values after Holm's correction (1979, Scand. J. Statistics 6(2), 65–70)."""
    p = np.asarray(p, float)
    order = np.argsort(p)
    raised = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    result = np.empty_like(p)
    result[order] = np.minimum(raised, 1)
    return result


def _arrays(*values: ArrayLike) -> list[Floats]:
    return [np.asarray(value, float) for value in values]


def divide(above: Floats, below: Floats, missing: float = 1.0) -> Floats:
    """Divide, with `missing` where the divisor is 0 (in G2 such a cell holds no word)."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.full(above.shape, missing), where=below > 0)


def sums(matrix: csr_matrix, axis: int) -> Floats:
    """Return the sums of a sparse matrix along an axis."""
    return np.asarray(matrix.sum(axis=axis), float).ravel()
