"""The ledger travels with its result."""

import pandas as pd
import pytest

from analysis.concordance import find_shared_ngrams, find_shared_quotations, measure_dispersion
from analysis.ledger import Ledger, add_ledger, list_ledgers, lowest_p, read_ledger
from analysis.tables import empty
from analysis.tokens import tokenize
from analysis.topics import add_tf_idf, count_terms


@pytest.mark.parametrize(("units", "target", "shuffles", "p"), [
    (5, 1, None, 0.2), (5, 2, None, 0.1), (5, 2, 1999, 0.1), (100, 50, 1999, 1 / 2000),
    (2, 1, None, 0.5), (1, 1, None, 1.0)])
def test_lowest_p(units, target, shuffles, p):
    assert lowest_p(units, target, shuffles) == pytest.approx(p)


def test_an_impossible_target_is_refused():
    with pytest.raises(ValueError, match="6 of 5 units"):
        lowest_p(5, 6)


def test_it_says_what_a_result_rests_on():
    ledger = Ledger("keyness", "sentence", 161, 200, lowest_p=0.0005, seed=3, notes=("a note",))
    assert str(ledger) == ("keyness: 161 sentences; 200 tests, of which chance alone would put 10 "
                           "below 0.05; p cannot fall below 0.0005; seed 3; a note.")
    assert str(Ledger("x", "article", 1, 0)) == "x: 1 article."


def test_it_survives_filters_and_parquet_but_not_the_original_table(tmp_path):
    plain = pd.DataFrame({"x": [1, 2, 3]})
    ledger = Ledger("x", "word", 3, 1, notes=("n",))
    result = add_ledger(plain, ledger)
    assert not plain.attrs
    result[result["x"] > 1].to_parquet(tmp_path / "x.parquet")
    assert read_ledger(pd.read_parquet(tmp_path / "x.parquet")) == ledger
    with pytest.raises(ValueError, match="carries no ledger"):
        read_ledger(plain)


def test_several_side_by_side():
    tables = [add_ledger(pd.DataFrame(), Ledger("a", "word", 9, 40, seed=1)),
              add_ledger(pd.DataFrame(), Ledger("b", "article", 5, 1, lowest_p=0.2))]
    listed = list_ledgers(*tables)
    assert listed["false_hits"].to_list() == [2.0, 0]  # p of the second cannot be below 0.2
    assert listed["lowest_p"].isna().to_list() == [True, False]


def test_descriptions_carry_one_too(summit):
    tokens = tokenize(summit)
    for result, unit, n in [
            (add_tf_idf(count_terms(tokens)), "document", 5),
            (measure_dispersion(tokens, ["north", "treaty"]), "article", 5),
            (find_shared_ngrams(tokens), "article", 5),
            (find_shared_quotations(summit, empty("quotes")), "quotation", 0)]:
        ledger = read_ledger(result)
        assert (ledger.unit, ledger.n, ledger.tests, ledger.lowest_p) == (unit, n, 0, None)
        assert "not a test" in str(ledger)
