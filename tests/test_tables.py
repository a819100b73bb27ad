"""The declared tables: types, keys and clear errors."""

import pandas as pd
import pytest

from analysis.tables import TABLES, check, empty, spans, spans_text, table


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_has_its_columns_and_passes_its_check(name):
    assert list(empty(name)) == TABLES[name].names
    assert check(name, empty(name)).empty
    assert set(TABLES[name].key) <= set(TABLES[name].names)
    assert all(column.meaning for column in TABLES[name].columns)


def test_columns_that_may_be_missing_are_added_and_others_kept():
    made = table("problems", pd.DataFrame({"file": ["a"], "problem": ["b"], "more": [1]}))
    assert list(made) == ["file", "problem", "more"]


def test_a_lacking_column_is_named():
    with pytest.raises(ValueError, match="problems: the table has no column 'problem'"):
        table("problems", pd.DataFrame({"file": ["a"]}))


def test_a_value_of_the_wrong_type_is_named():
    rows = pd.DataFrame({"article_id": ["a"], "sentence": ["x"], "paragraph": 0, "start": 0,
                         "end": 1})
    with pytest.raises(ValueError, match="column 'sentence' should hold int"):
        table("sentences", rows)


def test_a_key_twice_is_an_error():
    with pytest.raises(ValueError, match="two rows for a"):
        check("problems", pd.DataFrame({"file": ["a", "a"], "problem": ["b", "c"]}))


def test_an_unknown_table_lists_the_known_ones():
    with pytest.raises(ValueError, match="no table is called 'quote'; there are articles"):
        empty("quote")


def test_spans_are_read_and_written():
    assert spans(spans_text([(1, 2), (3, 9)])) == [(1, 2), (3, 9)]
    assert spans(float("nan")) == spans("") == []
