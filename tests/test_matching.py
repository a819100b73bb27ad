"""Finding terms: whole words, longest first, the same offsets as the text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.matching import Matcher, fold, phrase_pattern

FORMS = ["ally", "allies", "alli*", "mutual defence", "mutual", "long-term", "O’Neill", "u.s. aid",
         "al.*", "colou?r", "comrade-in-arms", "café", "naïve pact"]


def spans(forms, text):
    return [text[p.start:p.end] for p in Matcher([forms]).find(text)]


@pytest.mark.parametrize("forms, text, found", [
    (["ally"], "An ALLY, not a rally; an ally’s word.", ["ALLY", "ally"]),
    (["ally"], "U.S.-ally “ally” ‘ally’ (ally)", ["ally"] * 4),
    (["won"], "They won’t; they won.", ["won"]),
    (["don't"], "They don’t, don't.", ["don’t", "don't"]),
    (["mutual defence", "mutual"], "Mutual\n  defence is mutual.", ["Mutual\n  defence", "mutual"]),
    (["pact of steel", "pact"], "A pact of paper, a pact of steel.", ["pact", "pact of steel"]),
    (["alli*"], "Allies and alliances, not all.", ["Allies", "alliances"]),
    (["alli*", "alliance"], "alliance", ["alliance"]),
    (["long-term"], "long term, long‑term, long-term", ["long‑term", "long-term"]),
    (["ally"], "rallyś śally ally", ["ally"]),
    (["łódź"], "In Łódź, łódźki", ["Łódź"]),
    (["clock"], "o’clock clock", ["clock"]),
    (["state"], "İİ the state’s İ state", ["state", "state"]),
    (["ally"], "", []),
])
def test_terms_are_whole_words_whatever_their_case_and_marks(forms, text, found):
    assert spans(forms, text) == found


def test_a_term_that_is_a_regex_by_accident_is_literal():
    assert spans(["al.*"], "alliance al.liance al") == ["al.liance"]
    assert spans(["colou?r"], "colour color colou?r") == ["colou?r"]
    assert spans(["(a|b)x", "a[bc]", "a|b"][1:], "ab ac a[bc] a|b") == ["a[bc]", "a|b"]


def test_a_star_in_the_middle_is_a_star():
    assert spans(["a*b"], "aab a*b") == ["a*b"]


def test_each_list_finds_its_own():
    lists = [["strategic partnership"], ["partnership"], []]
    found = Matcher(lists).find("a strategic partnership")
    assert [(p.owner, p.form) for p in found] == [(0, "strategic partnership"), (1, "partnership")]


def test_no_list_finds_nothing():
    assert Matcher([]).find("pact") == []
    assert Matcher([[]]).find("pact") == []


@pytest.mark.parametrize("term", ["", "*", "-led", "…"])
def test_a_term_must_begin_with_a_letter_or_digit(term):
    with pytest.raises(ValueError, match="does not begin with a letter or a digit"):
        Matcher([[term]])


@given(st.text(max_size=300))
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)


words = st.sampled_from(["ally", "Allies", "mutual", "defence", "MUTUAL", "long", "term", "us",
                         "café", "CAFÉ", "al", "x", "U.S.", "aid", "O'Neill", "naïve", "pact"])
gaps = st.sampled_from([" ", "\n", "-", "’", ", ", "  ", "\u00a0", "“", "İ", "."])


@given(st.lists(st.tuples(words, gaps), max_size=25))
def test_the_trie_finds_what_a_naive_alternation_finds(pieces):
    text = "".join(word + gap for word, gap in pieces)
    longest = sorted(FORMS, key=len, reverse=True)
    slow = re.compile("|".join(phrase_pattern([form]) for form in longest))
    expected = [match.span() for match in slow.finditer(fold(text))]
    assert [(p.start, p.end) for p in Matcher([FORMS]).find(text)] == expected
