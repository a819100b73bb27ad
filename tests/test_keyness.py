"""Keyness against the reference values of the methods page and of scipy."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, chi2, chi2_contingency, false_discovery_control

from analysis import keyness as k
from analysis.ledger import read_ledger
from analysis.tables import CorpusError, check, table
from analysis.tokens import tokenize

N1, N2 = 1000, 1500  # table T1 of the methods page
A, B = np.array([12, 1, 5, 0, 3]), np.array([2, 9, 5, 4, 0])


def near(values):
    return pytest.approx(values, abs=1e-6)


def words(*texts: str) -> pd.DataFrame:
    return tokenize(table("articles", pd.DataFrame({
        "article_id": [f"d{i + 1}" for i in range(len(texts))], "language": "en", "text": texts})))


def test_log_likelihood():
    g2 = k.log_likelihood(A, B, N1, N2)
    assert g2 == near([12.619724, -4.540838, 0.409893, -4.090878, 5.503152])
    assert k.log_likelihood(A, B, N1, N2, cells=2) == near(
        [12.551023, -4.525783, 0.408220, -4.086605, 5.497744])
    assert chi2.sf(abs(g2), 1) == near([0.000381698, 0.0330954, 0.522024, 0.0431152, 0.0189822])
    assert k.log_likelihood(3, 7, 10, 9) == near(-4.534939)  # table T2
    with pytest.raises(ValueError, match="2 cells or 4"):
        k.log_likelihood(1, 1, 2, 2, cells=3)


def test_log_likelihood_equals_scipy_on_random_tables():
    generator = np.random.default_rng(5)
    for a, b in generator.integers(1, 40, (30, 2)):
        wanted = chi2_contingency([[a, b], [90 - a, 50 - b]], correction=False,
                                  lambda_="log-likelihood").statistic
        assert abs(k.log_likelihood(a, b, 90, 50)) == pytest.approx(wanted)


def test_corrections():
    p = chi2.sf(np.abs(k.log_likelihood(A, B, N1, N2)), 1)
    assert k.holm(p) == near([0.00190849, 0.0992861, 0.522024, 0.0992861, 0.0759289])
    assert false_discovery_control(p) == near(
        [0.00190849, 0.0538941, 0.522024, 0.0538941, 0.0474556])


def test_log_ratio_and_its_exact_interval():
    assert k.log_ratio(A, B, N1, N2) == near([3.169925, -2.584963, 0.584963, -2.415037, 3.169925])
    low, high = k.log_ratio_interval(A, B, N1, N2)
    assert low == near([1.002606, -8.038843, -1.534438, -np.inf, -0.690016])
    assert high == near([6.371483, 0.266374, 2.704363, 1.184154, np.inf])
    share = binomtest(12, 14).proportion_ci(method="exact")
    assert low[0] == near(np.log2(1.5 * share.low / (1 - share.low)))


def test_the_ratio_of_nothing_to_nothing_is_missing():
    assert np.isnan(k.log_ratio(0, 0, 10, 20))


def test_conservative_log_ratio():
    assert k.conservative_log_ratio(A, B, N1, N2) == near([1.002606, 0, 0, 0, 0])
    assert k.conservative_log_ratio(A, B, N1, N2, tests=5) == near([0.513925, 0, 0, 0, 0])
    assert k.conservative_log_ratio(2, 12, N2, N1) == near(-1.002606)


def test_teaching_measures():
    assert k.percent_difference(A, B, N1, N2)[:4] == near([800, -83.333333, 50, -100])
    assert np.isnan(k.percent_difference(A, B, N1, N2)[4])
    assert k.bic(k.log_likelihood(A, B, N1, N2), N1, N2) == near(
        [4.795678, -3.283208, -7.414153, -3.733168, -2.320894])
    assert k.simple_maths(A, B, N1, N2, k=1) == pytest.approx(
        [8.994004, 0.166806, 1.499850, 0.000375, 3001], abs=1e-6)
    assert k.simple_maths(A, B, N1, N2, k=100) == near([8.441860, 0.180328, 1.485437, 0.036145, 31])
    published = k.simple_maths(35, 263, 112_289_776, 1_559_716_979, k=1)
    assert published == pytest.approx(1.1224, abs=1e-4)
    odds, se = k.log_odds_ratio(A, B, N1, N2)
    assert odds == near([2.025469, -1.445544, 0.406971, -1.794595, 2.354212])
    assert se == near([0.694031, 0.879546, 0.604408, 1.491271, 1.512410])


@pytest.mark.parametrize(("prior", "four", "delta", "z"), [
    (0.01, False, [2.203791, -1.787954, 0.407122, -5.591183, 6.115563, -0.461934],
     [2.891785, -1.703905, 0.644360, -0.558422, 0.610543, -11.213069]),
    (0.1, False, [2.167299, -1.712682, 0.406971, -3.310943, 3.842289, -0.460859],
     [2.899193, -1.696655, 0.649880, -1.034473, 1.195903, -11.187432]),
    ("pooled", False, [1.975086, -1.534163, 0.376234, -2.885861, 3.635555, -0.427048],
     [2.880215, -1.693509, 0.618215, -1.132766, 1.235851, -10.806089]),
    ("pooled", True, [1.975086, -1.534163, 0.376234, -2.885861, 3.635555, -0.427048],
     [2.875493, -1.691923, 0.616934, -1.132632, 1.235741, -1.408377]),
])
def test_log_odds(prior, four, delta, z):
    a, b = np.append(A, 979), np.append(B, 1480)
    prior = 100 * (a + b) / 2500 if prior == "pooled" else np.full(6, prior)
    found = k.log_odds(a, b, N1, N2, prior=prior, four_terms=four)
    assert found[0] == near(delta) and found[1] == near(z)
    with pytest.raises(ValueError, match="above 0"):
        k.log_odds(1, 1, 2, 2, prior=[0.0])


@pytest.mark.filterwarnings("error")
def test_log_odds_of_the_only_term_is_missing():
    assert np.isnan(k.log_odds([5], [3], 5, 3, prior=[500.0])).all()


def test_dispersion():
    parts = [100, 150, 120, 200, 180]
    assert k.dispersion([5, 0, 1, 0, 0], parts) == near(0.706667)
    assert k.dispersion([5, 0, 1, 0, 0], parts) / (1 - 100 / 750) == near(0.815385)
    assert k.dispersion([[1, 1], [2, 0]], [10, 10]) == near([0, 0.5])


def test_table_by_hand():
    tokens = words("Boat boat boat. River river road.", "Road road road. River river car.")
    found = check("keyness", k.measure_keyness(tokens, shuffles=0))
    boat = found[(found["document"] == "d1") & (found["term"] == "boat")].iloc[0]
    counts = boat[["n_target", "n_ref", "words_target", "words_ref"]]
    assert counts.to_list() == [3, 0, 6, 6]
    assert boat["rate_target"] == 500 and boat["n_articles"] == 1 and boat["n_sentences"] == 1
    assert boat["note"] == "zero replaced by 0.5; in one article only"
    assert boat["p_holm"] == pytest.approx(3 * boat["p"])  # boat, river and road are tested
    car = found[(found["document"] == "d1") & (found["term"] == "car")].iloc[0]
    assert "too rare" in car["note"] and np.isnan(car["p"]) and car["lr_conservative"] == 0
    assert read_ledger(found).tests == 6
    top = k.top_keywords(found, 1)
    assert top["term"].to_list() == ["boat", "road"]
    assert k.top_keywords(found, distinguishable=True).empty


def test_both_directions_mirror_each_other(summit):
    two = tokenize(summit.iloc[:2])
    found = k.measure_keyness(two, shuffles=0)
    first, second = (found[found["document"] == d].set_index("term").sort_index()
                     for d in sorted(found["document"].unique()))
    assert first["g2"].to_numpy() == pytest.approx(-second["g2"].to_numpy())
    assert first["log_ratio"].to_numpy() == pytest.approx(-second["log_ratio"].to_numpy())
    pairs = k.measure_keyness(two, against="pairs", shuffles=0)
    shared = ["document", "term", "g2", "lr_low", "z", "p_holm"]
    pd.testing.assert_frame_equal(
        found[shared].sort_values(["document", "term"], ignore_index=True),
        pairs[shared].sort_values(["document", "term"], ignore_index=True))


def test_all_pairs_are_compared(summit):
    found = check("keyness", k.measure_keyness(tokenize(summit), against="pairs", shuffles=0))
    assert len(found[["document", "reference"]].drop_duplicates()) == 20
    with pytest.raises(ValueError, match="'rest' or 'pairs'"):
        k.measure_keyness(tokenize(summit), against="all")


def test_shuffled_sentences_respect_bursts():
    even = "Boat road. " * 20
    burst = "Boat " * 20 + "road. " + "Road road. " * 19
    spread, clumped = (
        k.measure_keyness(words(target, "Road road. " * 20), shuffles=199).query(
            "document == 'd1' and term == 'boat'").iloc[0] for target in (even, burst))
    assert spread["p_perm"] == pytest.approx(1 / 200)
    assert clumped["p"] < 1e-6 < 0.4 < clumped["p_perm"]  # one sentence: no evidence at all


def test_the_permutation_is_reproducible(summit):
    tokens = tokenize(summit)
    once, again = (k.measure_keyness(tokens, shuffles=19, seed=2) for _ in range(2))
    pd.testing.assert_frame_equal(once, again)
    assert once["p_perm"].dropna().between(1 / 20, 1).all()
    assert (once["p_perm"].isna() == once["p"].isna()).all()


def test_whole_articles_have_a_floor():
    tokens = words("Boat boat.", "Road car.", "Road car.", "Road car.", "Road car.")
    found = k.permute_documents(tokens, ["d1"], ["boat", "road", "zebra"])
    assert found["p"].to_list() == pytest.approx([0.2, 1, 1])
    assert set(found["splits"]) == {5} and set(found["lowest_p"]) == {0.2}
    assert read_ledger(found).lowest_p == 0.2
    with pytest.raises(ValueError, match="name some of the articles with words, not all"):
        k.permute_documents(tokens, ["d9"], ["boat"])
    with pytest.raises(CorpusError, match="too many to list"):
        k.permute_documents(words(*["Boat."] * 20), [f"d{i}" for i in range(1, 11)], ["boat"])


@pytest.mark.filterwarnings("error")
def test_articles_without_words_take_no_part_in_the_splits():
    tokens = words("Boat boat.", "...", "Road car.", "Road.")
    found = k.permute_documents(tokens, ["d1"], ["boat"])
    assert found[["p", "splits"]].to_numpy().tolist() == [[pytest.approx(1 / 3), 3]]
    assert read_ledger(found).n == 3
    for target in (["d2"], ["d1", "d3", "d4"]):
        with pytest.raises(ValueError, match="articles with words, not all; there are d1, d3, d4"):
            k.permute_documents(tokens, target, ["boat"])


def test_whole_articles_take_terms_as_printed():
    tokens = words("The U.S. Boat’s boat.", "Road car.")
    for terms in ("Boat", ["boat’s"], ["U.S."]):
        assert k.permute_documents(tokens, ["d1"], terms)["p"].to_list() == [0.5]


@pytest.mark.parametrize(("texts", "lowest"), [
    (("Boat boat boat.", "Road."), 1), (("Boat boat boat.", "Road. Car."), 1 / 3),
    (("Boat boat boat. Sail.", "Road. Car."), 1 / 3), (("Boat. " * 9, "Road. " * 9), 1 / 1000)])
def test_the_lowest_p_is_what_so_few_sentences_allow(texts, lowest):
    found = k.measure_keyness(words(*texts), shuffles=999)
    assert read_ledger(found).lowest_p == pytest.approx(lowest)
    assert found["p_perm"].min() >= read_ledger(found).lowest_p


def test_no_draw_gives_a_p_below_the_lowest():
    for seed in range(6):
        found = k.measure_keyness(words("Boat boat boat. Sail.", "Road. Car."), shuffles=9,
                                  seed=seed)
        assert found["p_perm"].min() >= 1 / 3


def test_unusable_options_are_refused():
    tokens = words("Boat.", "Road.")
    with pytest.raises(ValueError, match="alpha=5: it is a share"):
        k.measure_keyness(tokens, alpha=5)
    with pytest.raises(ValueError, match="shuffles=-1: give 0 or more"):
        k.measure_keyness(tokens, shuffles=-1)


@pytest.mark.parametrize("texts", [(), ("Aa bb.",), ("Aa bb.", "...")])
def test_one_article_has_nothing_to_be_compared_with(texts):
    with pytest.raises(CorpusError, match=r"keyness: \d articles with words"):
        k.measure_keyness(words(*texts))


def test_identical_and_very_long_articles():
    found = k.measure_keyness(words("Boat road. " * 3, "Boat road. " * 300), shuffles=9)
    assert found["g2"].abs().max() == pytest.approx(0, abs=1e-9)
    assert (found["lr_conservative"] == 0).all() and (found["p"] > 0.99).all()


def test_teaching_columns_stay_finite_or_missing(summit):
    found = k.add_teaching_measures(k.measure_keyness(tokenize(summit), shuffles=0))
    finite = found[["odds_ratio", "odds_low", "odds_high", "bic", "simple_maths"]]
    assert np.isfinite(finite).all(axis=None)
    assert (found["percent_difference"].isna() == (found["n_ref"] == 0)).all()
