"""Intervals against the reference values and scipy."""

import numpy as np
import pytest
from scipy.stats import binomtest

from analysis.intervals import jeffreys, share_interval, wilson


@pytest.mark.parametrize("x, n, low, high", [
    (5, 8, 0.305742, 0.863156), (1, 10, 0.017876, 0.404150), (4, 7, 0.250458, 0.841780),
    (0, 4, 0, 0.489891)])
def test_wilson_reference_values(x, n, low, high):
    assert wilson(x, n) == pytest.approx((low, high), abs=5e-7)


@pytest.mark.parametrize("x, n, low, high", [
    (5, 8, 0.294823, 0.880961), (1, 10, 0.011012, 0.381315), (4, 7, 0.234501, 0.861136),
    (0, 4, 0, 0.444763)])
def test_jeffreys_reference_values(x, n, low, high):
    assert jeffreys(x, n) == pytest.approx((low, high), abs=5e-7)


def test_wilson_equals_scipy():
    for n in (1, 3, 40):
        for x in range(n + 1):
            reference = binomtest(x, n).proportion_ci(method="wilson")
            assert wilson(x, n) == pytest.approx(tuple(reference), abs=1e-9)


def test_tiny_cells_have_jeffreys_and_empty_ones_nothing():
    low, high, name = share_interval([3, 0, 9, 4, 0], [8, 8, 9, 4, 0])
    assert name.tolist() == ["wilson", "jeffreys", "jeffreys", "jeffreys", "jeffreys"]
    assert low[1] == 0 and high[2] == 1 and np.isnan(low[4]) and np.isnan(high[4])
    assert (low[:4] <= np.array([3 / 8, 0, 1, 1])).all()
