"""Frames counted by article and voice, and one voice set against another."""

import numpy as np
import pandas as pd
import pytest

from analysis.frames import find_mentions, make_frame
from analysis.rates import (
    UNITS,
    compare_voices,
    count_headlines,
    count_rates,
    count_voice_words,
    keep_counted,
    pool_rates,
)
from analysis.tables import check, empty, table
from analysis.tokens import tokenize
from analysis.voices import VOICES, add_voices, find_voices

TEXT = (
    "The pact is weak. A pact, a strong pact! “No pact is weak,” said Ann. It is not weak.\n"
    "\nIt rained.\n"
)


def frame(name, *terms):
    return make_frame({"name": name, "source": "test", "terms": [{"term": t} for t in terms]})


FRAMES = [frame("weak", "weak"), frame("pact", "pact"), frame("never", "zebra")]


def made(text=TEXT):
    articles = table(
        "articles",
        pd.DataFrame({"article_id": ["a", "b"], "language": "en", "text": [text, "Nothing here."]}),
    )
    start = text.index("“")
    quotes = table(
        "quotes",
        pd.DataFrame(
            {
                "article_id": ["a"],
                "quote_id": ["q"],
                "type": "direct",
                "score": 1.0,
                "rule": "r",
                "act": "speech",
                "speaker": "Ann",
                "role": "expert",
                "content_spans": f"{start}-{text.index('”') + 1}",
            }
        ),
    )
    voices = find_voices(articles, quotes)
    mentions = add_voices(find_mentions(articles, FRAMES), voices)
    return mentions, voices, tokenize(articles), articles


def cell(rates, frame, voice, article="a"):
    rates = rates.set_index(["article_id", "frame", "voice"])
    return rates.loc[(article, frame, voice)]


def test_a_hand_worked_case():
    mentions, voices, tokens, _ = made()
    rates = check("rates", count_rates(mentions, voices, tokens, frames=["weak", "pact"]))
    author = cell(rates, "weak", "author")
    assert (author["n"], author["sentences"], author["words"]) == (2, 2, 17)
    assert cell(rates, "pact", "author")[["n", "sentences"]].tolist() == [3, 2]
    assert author["share"] == 0.5
    assert cell(rates, "weak", "expert")[["n", "words", "share"]].tolist() == [1, 4, 0.5]


def test_zero_rows_are_kept():
    mentions, voices, tokens, _ = made()
    rates = count_rates(mentions, voices, tokens, frames=["weak", "pact", "never"])
    assert len(rates) == 2 * 3 * len(VOICES)
    assert (rates[rates["frame"] == "never"]["n"] == 0).all()
    empty_cell = cell(rates, "weak", "author", "b")
    assert empty_cell["n"] == 0 and empty_cell["words"] == 2 and np.isnan(empty_cell["share"])
    assert cell(rates, "never", "author")["share"] == 0


def test_units_and_negation_change_the_count():
    mentions, voices, tokens, _ = made()
    found = {
        unit: cell(
            count_rates(mentions, voices, tokens, frames=["weak", "pact"], unit=unit),
            "pact",
            "author",
        )["sentences"]
        for unit in UNITS
    }
    assert found == {"sentence": 2, "mention": 3, "paragraph": 1}
    dropped = count_rates(mentions, voices, tokens, frames=["weak", "pact"], negated="drop")
    assert cell(dropped, "weak", "author")["n"] == 1 and cell(dropped, "pact", "expert")["n"] == 0
    with pytest.raises(ValueError, match="unit='page' is not known; choose one of sentence"):
        count_rates(mentions, voices, tokens, frames=["weak"], unit="page")


def test_presupposed_negations_stay_and_excluded_mentions_go():
    marks = pd.DataFrame(
        {"negated": [0, 1, 1, 0], "presupposed": [0, 0, 1, 0], "excluded": [0, 0, 0, 1]}, dtype=bool
    )
    assert list(keep_counted(marks).index) == [0, 1, 2]
    assert list(keep_counted(marks, negated="presupposed").index) == [0, 2]
    assert list(keep_counted(marks, negated="drop").index) == [0]
    assert list(keep_counted(marks, excluded=True).index) == [0, 1, 2, 3]


def test_no_frames_no_rates():
    _, voices, tokens, articles = made()
    rates = count_rates(add_voices(find_mentions(articles, []), voices), voices, tokens, frames=[])
    assert rates.empty


def test_mentions_without_voice_are_refused():
    mentions, voices, tokens, _ = made()
    with pytest.raises(ValueError, match="use add_voices"):
        count_rates(mentions.assign(voice=None), voices, tokens, frames=["weak"])


def test_pooling_adds_up():
    mentions, voices, tokens, _ = made()
    rates = count_rates(mentions, voices, tokens, frames=["weak", "pact"])
    for by in (("article_id",), ("voice",), ()):
        assert pool_rates(rates, by)["n"].sum() == rates["n"].sum() == 7
    pooled = pool_rates(rates, ()).set_index("frame")
    assert (
        pooled.loc["weak", "share"] == pooled.loc["weak", "sentences"] / pooled["sentences"].sum()
    )


def test_words_of_voices_are_all_the_words():
    _, voices, tokens, _ = made()
    assert count_voice_words(voices, tokens)["words"].sum() == len(tokens)


def test_headlines_are_counted_apart():
    heads = table(
        "mentions",
        pd.DataFrame(
            {
                "article_id": ["a", "a"],
                "frame": ["weak", "pact"],
                "negated": [False, True],
                "start": 0,
                "end": 1,
                "paragraph": 0,
                "sentence": 0,
                "term": "t",
                "match": "m",
                "excluded": False,
                "rule": "",
            }
        ),
    ).assign(presupposed=False)
    counts = count_headlines(heads, made()[3], ["weak", "pact"])
    assert counts.to_numpy().tolist() == [
        ["a", "weak", 1],
        ["a", "pact", 0],
        ["b", "weak", 0],
        ["b", "pact", 0],
    ]


def units(rows):
    """Make mentions of (article, voice, frame, times), each in a sentence of its own."""
    made = [(a, v, f) for a, v, f, times in rows for _ in range(times)]
    mentions = pd.DataFrame(made, columns=["article_id", "voice", "frame"])
    return mentions.assign(
        sentence=range(len(made)),
        start=range(len(made)),
        negated=False,
        excluded=False,
        presupposed=False,
    )


def test_the_permutation_agrees_with_fishers_exact_test():
    """Author 15:23, official 2:19: Fisher's two-sided p is 0.0175926."""
    mentions = units(
        [
            ("a", "author", "D", 15),
            ("a", "author", "A", 23),
            ("a", "official", "D", 2),
            ("a", "official", "A", 19),
        ]
    )
    result = compare_voices(
        mentions, contrast=["D", "A"], pairs=[("author", "official")], permutations=19_999
    ).iloc[0]
    assert result["difference"] == pytest.approx(15 / 38 - 2 / 21)
    assert result["p"] == pytest.approx(0.0175926, abs=0.004)


def test_voices_are_shuffled_within_articles():
    """Where voice and frame differ only between articles, no shuffle can change anything."""
    mentions = units([("a", "author", "D", 9), ("b", "party", "A", 9)])
    result = compare_voices(mentions, contrast=["D", "A"], pairs=[("author", "party")])
    assert result[["article_id", "difference", "p"]].iloc[-1].tolist() == ["all", 1.0, 1.0]
    assert result["p"].iloc[:2].isna().all()


def test_comparisons_are_the_same_each_time():
    mentions = made()[0]
    args = {"contrast": ["weak", "pact"], "pairs": [("author", "expert")]}
    pd.testing.assert_frame_equal(
        compare_voices(mentions, **args), compare_voices(mentions, **args)
    )


def test_nothing_to_compare_is_missing_not_an_error():
    result = compare_voices(empty("mentions").assign(presupposed=False), contrast=["D", "A"])
    assert result["p"].isna().all() and (result["n_a"] == 0).all()
