"""Negation in its clause, and contexts that give a term another target."""

import pytest

from analysis.contexts import expand, find_negation, fits, make_context
from analysis.matching import fold


def negation(text, term):
    folded = fold(text)
    return find_negation(folded, 0, folded.index(term))


@pytest.mark.parametrize("text, cue", [
    ("They are not pariahs.", "not"),
    ("They aren’t pariahs.", "aren't"),
    ("They are no longer pariahs.", "no longer"),
    ("Neither is among the pariahs.", "neither"),
    ("They deny being pariahs.", "deny"),
    ("It is far from a club of pariahs.", "far from"),
    ("It is not “pariahs” but friends.", "not"),
])
def test_a_cue_before_the_term_is_found(text, cue):
    assert negation(text, "pariahs").cue == cue


@pytest.mark.parametrize("text", [
    "They are pariahs, not friends.",
    "It was not a good day for the two old pariahs.",  # more than four words before
    "He did not come, and pariahs stayed.",
    "He did not come. The pariahs did.",
    "It is not small but pariahs like it.",
    "They are not only pariahs.",
    "A few pariahs came.",
    "The knot of pariahs grew.",
])
def test_what_is_no_negation_of_the_term(text):
    assert negation(text, "pariahs") is None


@pytest.mark.parametrize("text, presupposed", [
    ("They want to show that they are not pariahs.", True),
    ("They deny being pariahs.", True),
    ("Both insist that they are no pariahs.", True),
    ("They are not pariahs.", False),
])
def test_a_denial_keeps_in_view_what_it_denies(text, presupposed):
    assert negation(text, "pariahs").presupposed is presupposed


def test_a_frame_may_add_cues():
    text = "they are ex pariahs"
    assert find_negation(text, 0, 12) is None
    assert find_negation(text, 0, 12, more=frozenset({"ex"})).cue == "ex"


@pytest.mark.parametrize("entry, text, fit", [
    ({"before": ["the US and its"], "within": 1}, "the US and its old ally", True),
    ({"before": ["the US and its"]}, "the US and its old ally", False),
    ({"before": ["the US and its"], "within": 3}, "the US and its friends, an ally", False),
    ({"after": ["of {states}"]}, "an ally of Oz", True),
    ({"after": ["of {states}"]}, "an ally; of Oz", False),
    ({"near": ["Oz"]}, "In Oz there is one ally", True),
    ({"unless": ["Oz"]}, "In Oz there is one ally", False),
    ({"unless": ["Oz"]}, "There is one ally", True),
    ({"before": ["an"], "after": ["of Oz"]}, "an ally of Oz", True),
    ({"before": ["the"], "after": ["of Oz"]}, "an ally of Oz", False),
    ({"unless_before": ["of Oz"], "within": 1}, "of Oz an ally", False),
    ({"unless_before": ["of Oz"]}, "of Oz an ally", True),
    ({"unless_after": ["of Oz"], "within": 2}, "an ally, of Oz", True),
    ({"unless_after": ["of Oz"], "within": 2}, "an ally or two of Oz", False),
    ({"before": ["an"], "unless_after": ["of Oz"]}, "an ally of Oz", False),
    ({"before": ["an"], "unless_after": ["of Oz"]}, "an ally of Ix", True),
])
def test_contexts(entry, text, fit):
    folded, context = fold(text), make_context({"reason": "r", **entry}, {"states": ["Oz", "Ix"]})
    start = folded.index("ally")
    assert fits(context, folded, (0, len(text)), (start, start + 4)) is fit


def test_a_list_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="needs a list 'stats'; the lists are states"):
        expand(["of {stats}"], {"states": ["Oz"]})


def test_a_context_without_phrases_is_refused():
    with pytest.raises(ValueError, match="needs one of before, after, near, unless, unless_b"):
        make_context({"reason": "r"}, {})
