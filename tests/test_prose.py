"""Findings in words: they follow the tables, and any event has them."""

import pandas as pd
import pytest

from analysis import prose


@pytest.mark.parametrize(("items", "said"), [
    ([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_lists_read_as_prose(items, said):
    assert prose.join(items) == said


def test_few_bars_are_all_named_and_many_by_their_ends():
    few = pd.DataFrame({"name": ["a", "b"], "n": [3, 1200]})
    assert prose.describe_values(few, label="name", value="n", what="words") == \
        "Bars for words: a 3 and b 1,200."
    many = pd.DataFrame({"name": list("abcdefghij"), "n": range(10)})
    said = prose.describe_values(many, label="name", value="n", what="words")
    assert "10 in all" in said and "longest is j with 9" in said and "shortest a with 0" in said


def test_no_bars_are_said_to_be_none():
    assert "no words" in prose.describe_values(
        pd.DataFrame({"name": [], "n": []}), label="name", value="n", what="words")
