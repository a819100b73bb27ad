"""Intervals for a share, and the sums behind them."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

TINY = 5  # with fewer observations, or none on one side, Jeffreys' interval is shown


def wilson(successes: ArrayLike, total: ArrayLike, *, level: float = 0.95
           ) -> tuple[np.ndarray, np.ndarray]:
    """
    Return the ends of Wilson's score interval for each share; nan where the total is 0.

    Wilson (1927), Journal of the American Statistical Association 22(158), 209–212.
    """
    x, n = np.asarray(successes, float), np.asarray(total, float)
    z = stats.norm.ppf(0.5 + level / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (x + z * z / 2) / (n + z * z)
        reach = z * np.sqrt(x * (n - x) / n + z * z / 4) / (n + z * z)
        low = np.where(x == 0, 0.0, middle - reach)
        high = np.where(x == n, 1.0, middle + reach)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def jeffreys(successes: ArrayLike, total: ArrayLike, *, level: float = 0.95
             ) -> tuple[np.ndarray, np.ndarray]:
    """
    Return the ends of Jeffreys' interval; 0 and 1 where the share itself is 0 or 1.

    Brown, Cai & DasGupta (2001), Statistical Science 16(2), 101–133.
    """
    x, n = np.asarray(successes, float), np.asarray(total, float)
    tail = (1 - level) / 2
    low = np.where(x == 0, 0.0, stats.beta.ppf(tail, x + 0.5, n - x + 0.5))
    high = np.where(x == n, 1.0, stats.beta.ppf(1 - tail, x + 0.5, n - x + 0.5))
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def share_interval(successes: ArrayLike, total: ArrayLike, *, level: float = 0.95
                   ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the ends of each interval, and which it is: jeffreys for a tiny cell, or wilson."""
    x, n = np.asarray(successes, float), np.asarray(total, float)
    tiny = (n < TINY) | (x == 0) | (x == n)
    ends = [np.where(tiny, j, w) for j, w in zip(jeffreys(x, n, level=level),
                                                 wilson(x, n, level=level), strict=True)]
    return ends[0], ends[1], np.where(tiny, "jeffreys", "wilson")
