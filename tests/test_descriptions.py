"""Alternative texts: they carry the numbers of the figure, and say when there are none."""

import pandas as pd

from analysis import descriptions as d
from analysis.tables import empty

RATES = pd.DataFrame({
    "article_id": ["a", "a", "a", "a"], "frame": ["blame", "repair", "blame", "repair"],
    "voice": ["author", "author", "expert", "expert"], "n": [2, 1, 1, 0],
    "sentences": [2, 1, 1, 0], "words": 10})


def test_rates_name_the_authors_part():
    said = d.describe_rates(RATES)
    assert "a, blame: 3, of which 2 the author's" in said
    assert "a, repair: 1, of which 1 the author's" in said


def test_frame_by_voice_gives_shares_and_what_they_rest_on():
    said = d.describe_frame_voice(RATES, "blame")
    assert "author 67 % of 3" in said and "expert 100 % of 1" in said


def test_nothing_is_said_to_be_nothing():
    assert "no sentence" in d.describe_rates(empty("rates"))
    assert "Empty" in d.describe_frame_voice(empty("rates"), "blame")
    assert "no speaker" in d.describe_speakers(empty("quotes"))
    assert "empty" in d.describe_timeline(empty("mentions"))


def test_speakers_are_led_by_the_most_widely_quoted():
    quotes = pd.DataFrame({"speaker": ["Ann", "Bob", "Bob", None], "article_id": list("abba")})
    said = d.describe_speakers(quotes)
    assert "First: Bob 2 attributions in 1 article; Ann 1 attribution" in said


def test_a_curve_gives_its_range_default_and_signs():
    curve = pd.DataFrame({"gap": [-0.1, 0.2, 0.3], "default": [False, True, False]})
    said = d.describe_specifications(curve, "gap", "the gap")
    assert "from -0.10 to 0.30" in said and "default gives 0.20" in said
    assert "2 are above zero and 1 below" in said
