"""Quotation marks: what is found, what must not be, and that no input breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quotes.marks import quoted_regions, region_at

EXAMPLES = [
    ("He said “no” and “yes”.", ["“no”", "“yes”"]),
    ('He said "no" and "yes".', ['"no"', '"yes"']),
    ("He said ''no'' and ``yes''.", ["''no''", "``yes''"]),
    ("The leaders’ talks on a ‘most honest friend’ went on.", ["‘most honest friend’"]),
    (
        "‘The leaders’ talks went well,’ he said. ‘We’re “so happy” now,’ she added.",
        ["‘The leaders’ talks went well,’", "‘We’re “so happy” now,’"],
    ),
    (
        "'We won't do it,' said O'Brien of the '90s band. 'Never.'",
        ["'We won't do it,'", "'Never.'"],
    ),
    ("It’s the voters’ votes, isn’t it?", []),
    ("Rock 'n' roll, 'tis said, is for the '80s.", []),
    ('He is 6\'2" tall and said "hi".', ['"hi"']),
    ("“One.\n“Two,” they said.", ["“One.", "“Two,”"]),
    ("“He said ‘no’ to me”", ["“He said ‘no’ to me”"]),
    ("»Ja,« sagte er. „Nein“, sagte sie. «Oui», dit-il.", ["»Ja,«", "„Nein“", "«Oui»"]),
    ("‘It runs on\n‘and ends here,’ he said", ["‘It runs on", "‘and ends here,’"]),
]


@pytest.mark.parametrize(("text", "quoted"), EXAMPLES)
def test_finds_the_quoted_stretches(text, quoted):
    assert [text[r.start : r.end] for r in quoted_regions(text)] == quoted


def test_an_unclosed_mark_is_told_apart():
    assert [r.closed for r in quoted_regions("“One.\n“Two,” they said.")] == [False, True]


def test_region_at_names_the_region_of_a_character():
    regions = quoted_regions("a “b” c “d”")
    assert [region_at(regions, i) for i in (0, 2, 3, 5, 8)] == [-1, 0, 0, -1, 1]


@given(st.text(alphabet="a s’'‘“”\"`«»„\n.,", max_size=80))
def test_regions_slice_do_not_overlap_and_stay_in_their_line(text):
    last = 0
    for region in quoted_regions(text):
        assert last <= region.start < region.end <= len(text)
        assert "\n" not in text[region.start : region.end]
        last = region.end


@pytest.mark.parametrize(
    "mark", ['"', "'", "“", "”", "‘", "’", "''", ' "a', " 'a ", "s’ ", "„", "»"]
)
def test_a_hundred_thousand_marks_are_read_once(mark):
    regions = quoted_regions(mark * 100_000)
    assert all(r.start < r.end for r in regions)
