"""Edits that keep the length of a text, and say that they were made."""

import pandas as pd
import pytest

from analysis.counterfactuals import (
    FILLER,
    blot_out,
    delete_quotation,
    mask_term,
    swap_voice,
    try_edits,
)
from analysis.frames import find_mentions, make_frame
from analysis.tables import table
from analysis.voices import find_voices

FRAMES = [
    make_frame({"name": n, "source": "t", "terms": [{"term": t}]})
    for n, t in (("weak", "weak"), ("pact", "pact"))
]
TEXT = "A pact. It is weak. “A weak pact,” said Ann."


@pytest.fixture
def told():
    return table(
        "articles",
        pd.DataFrame(
            {
                "article_id": ["a", "b"],
                "language": "en",
                "title": ["A Weak Pact", None],
                "text": [TEXT, "Rain."],
            }
        ),
    )


@pytest.fixture
def quotes():
    start = TEXT.index("“")
    return table(
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
                "content_spans": f"{start}-{TEXT.index('”') + 1}",
            }
        ),
    )


def test_an_edit_is_marked_and_keeps_the_length(told):
    edited = blot_out(told, "a", [(2, 6), (8, 10)], reason="test")
    assert edited["text"].tolist() == [
        f"A {FILLER * 4}. {FILLER * 2} is weak. “A weak pact,” said Ann.",
        "Rain.",
    ]
    assert edited["edited"].tolist() == ["test", ""]
    assert told["text"].iloc[0] == TEXT and "edited" not in told


@pytest.mark.parametrize(
    "article, piece, message",
    [
        ("c", (0, 1), "no article 'c'; there are a, b"),
        ("b", (0, 9), "0-9 is not inside 'b'"),
        ("b", (2, 2), "2-2 is not inside"),
    ],
)
def test_edits_outside_a_text_are_refused(told, article, piece, message):
    with pytest.raises(ValueError, match=message):
        blot_out(told, article, [piece], reason="test")


def test_a_masked_term_is_found_no_more(told):
    mentions = find_mentions(told, FRAMES)
    edited = mask_term(told, mentions.iloc[0])
    assert len(find_mentions(edited, FRAMES)) == len(mentions) - 1
    assert edited["edited"].iloc[0] == "masked 'pact' at 2"


def test_a_deleted_quotation_takes_its_words_and_its_row(told, quotes):
    edited, rest = delete_quotation(told, quotes, quotes.iloc[0])
    assert rest.empty and edited["text"].iloc[0].endswith(
        f"“{FILLER} {FILLER * 4} {FILLER * 4},” said Ann."
    )


def test_a_swapped_voice_is_marked(told, quotes):
    voices = find_voices(told, quotes)
    swapped = swap_voice(voices, "a", "q", "author")
    assert set(swapped["voice"]) == {"author"} and set(voices["voice"]) == {"author", "expert"}
    assert swapped["edited"].tolist().count("voice of q set to author") == 1
    with pytest.raises(ValueError, match="no voice is called 'king'; there are author"):
        swap_voice(voices, "a", "q", "king")
    with pytest.raises(ValueError, match="no stretch of attribution 'p'"):
        swap_voice(voices, "a", "p", "party")


def test_every_edit_is_tried_on_a_hand_worked_case(told, quotes):
    """Author and headline: weak 2, pact 2. The expert's sentence counts for neither."""
    tried = try_edits(told, quotes, FRAMES, contrast=["weak", "pact"], voice="author")
    assert tried["share_before"].eq(0.5).all() and len(tried) == 4 + 2 + 1
    found = tried.set_index(["edit", "start"])["share_after"].to_dict()
    assert found[("mask term", 2)] == pytest.approx(2 / 3)
    assert found[("mask term", TEXT.index("weak"))] == pytest.approx(1 / 3)
    assert found[("mask term", TEXT.index("weak pact"))] == 0.5
    assert found[("delete quotation", TEXT.index("“"))] == 0.5
    assert found[("author instead", TEXT.index("“"))] == 0.5
    assert found[("drop headline", 0)] == 0.5
    assert tried["change"].abs().is_monotonic_decreasing
    assert tried["sign_changed"].sum() == 2


def test_all_voices_may_be_counted(told, quotes):
    tried = try_edits(told, quotes, FRAMES, contrast=["weak", "pact"])
    gone = tried[tried["edit"] == "mask term"].set_index("start")["share_after"]
    assert gone[TEXT.index("weak pact")] == pytest.approx(2 / 5)
