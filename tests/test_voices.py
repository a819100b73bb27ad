"""Whose words: the tiles cover each article, the innermost attribution wins."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import Party
from analysis.tables import check, empty, table
from analysis.voices import (
    VOICES,
    add_voices,
    find_marked_voices,
    find_voices,
    marked_spans,
    tile,
    voice_of,
)

PARTIES = (
    Party("Oz", ("Ozian", "Emerald City", "the North", "Dorothy Gale", "Gale", "Kim", "Kim Oz")),
)


def story(text):
    return table("articles", pd.DataFrame({"article_id": ["a"], "language": "en", "text": [text]}))


def quotes(text, *rows):
    """Make quotes of (words, speaker, role, cue); the words are looked up in the text."""
    made = []
    for number, (words, speaker, role, cue) in enumerate(rows):
        start = text.index(words)
        made.append(
            {
                "article_id": "a",
                "quote_id": f"q{number}",
                "type": "mixed",
                "content_spans": f"{start}-{start + len(words)}",
                "speaker": speaker,
                "role": role,
                "cue_text": cue,
                "score": 1.0,
                "rule": "test",
                "act": "speech",
            }
        )
    return table("quotes", pd.DataFrame(made)) if made else empty("quotes")


def test_a_hand_worked_case():
    text = "TASS reported that Gale praised “old friends” warmly. It rained."
    told = quotes(
        text,
        ("that Gale praised “old friends” warmly", "TASS", "media", "reported"),
        ("“old friends”", "Dorothy Gale", "official", "praised"),
    )
    voices = check("voices", find_voices(story(text), told, parties=PARTIES))
    assert [(text[v.start : v.end], v.voice, v.nested, v.quoted) for v in voices.itertuples()] == [
        ("TASS reported ", "author", False, False),
        ("that Gale praised ", "other", False, False),
        ("“old friends”", "party", True, True),
        (" warmly", "other", False, False),
        (". It rained.", "author", False, False),
    ]
    assert voices["quote_id"].dropna().tolist() == ["q0", "q1", "q0"]


def test_scare_quotes_are_the_authors_and_indirect_speech_is_not():
    text = "The “Wizard” slept. Gale said that he slept."
    voices = find_voices(
        story(text), quotes(text, ("that he slept", "Gale", "official", "said")), parties=PARTIES
    )
    assert voices["voice"].tolist() == ["author", "party", "author"]
    marked = find_marked_voices(story(text))
    assert [text[v.start : v.end] for v in marked.itertuples() if v.voice == "other"] == [
        "“Wizard”"
    ]


def test_denials_are_flagged():
    text = "Gale denied that it rained, and Ann said it poured."
    voices = find_voices(
        story(text),
        quotes(
            text,
            ("that it rained", "Gale", "official", "denied"),
            ("it poured", "Ann", "expert", "said"),
        ),
        parties=PARTIES,
    )
    assert voices.set_index("quote_id")["denied"].to_dict() == {"q0": True, "q1": False} | {
        key: False for key in voices["quote_id"] if pd.isna(key)
    }


def test_attitudes_are_the_authors_unless_asked_for():
    text = "Gale hopes that it rains."
    told = quotes(text, ("that it rains", "Gale", "official", "hopes")).assign(act="other")
    assert find_voices(story(text), told)["voice"].tolist() == ["author"]
    asked = find_voices(story(text), told, parties=PARTIES, acts=("speech", "other"))
    assert asked["voice"].tolist() == ["author", "party", "author"]


def test_an_article_that_is_one_long_quotation():
    text = "“" + "word " * 50 + "”"
    voices = find_voices(story(text), quotes(text, (text, "Ann", "expert", None)))
    assert voices[["start", "end", "voice"]].to_numpy().tolist() == [[0, len(text), "expert"]]


def test_no_quotes_no_articles():
    assert find_voices(story("It rained."), empty("quotes"))["voice"].tolist() == ["author"]
    assert find_voices(empty("articles"), empty("quotes")).empty


@pytest.mark.parametrize(
    "speaker, role, affiliation, voice",
    [
        ("Dorothy Gale", "official", None, "party"),
        ("Ann Lee", "official", "Oz", "party"),
        ("Ann Lee", "official", "the Ozian army", "party"),
        ("Ann Lee", "official", "Ix", "official"),
        ("Ann Lee", "expert", "Institute for Ozian Studies", "expert"),
        ("Ozian state media", "state_media", None, "party"),
        ("Ixian state media", "state_media", None, "other"),
        ("the North", "institution", None, "party"),
        ("North", "institution", None, "party"),
        ("North Carolina", "institution", None, "official"),
        ("Kim", "official", None, "party"),
        ("Kim Dae-jung", "official", "Ix", "official"),
        ("Ix and Oz", "institution", None, "party"),
        ("crowds in Oz", "collective", None, "other"),
        ("Ozians", "citizen", None, "other"),
        ("a diplomat in Oz", "official", None, "official"),
        ("the ambassador to Oz", "official", "Ix", "official"),
        ("analysts", "collective", None, "expert"),
        ("two officials", "collective", None, "official"),
        ("Ozian officials", "collective", None, "party"),
        ("mutual defence clause", "document", None, "party"),
        ("the Treaty of Ix", "document", None, "other"),
        ("a study", "document", None, "other"),
        ("unattributed", "collective", None, "other"),
        (None, None, None, "other"),
        ("Ann Lee", "citizen", None, "other"),
    ],
)
def test_roles_fold_into_voices(speaker, role, affiliation, voice):
    assert voice_of(speaker, role, affiliation, PARTIES) == voice


def test_without_parties_nobody_is_one():
    assert voice_of("Dorothy Gale", "official", "Oz", ()) == "official"
    assert voice_of("mutual defence clause", "document", None, ()) == "other"


@given(
    st.text(alphabet="ab “”\"'‘’\n", max_size=60),
    st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70), st.integers(0, 4)), max_size=8),
)
def test_the_tiles_cover_the_text_once(text, pieces):
    tiles = list(tile(text, pieces))
    assert "".join(text[t.start : t.end] for t in tiles) == text
    assert all(t.start < t.end for t in tiles)
    for t in tiles:
        holding = {n for a, b, n in pieces if max(a, 0) <= t.start and t.end <= b}
        assert (t.quote in holding) if holding else t.quote == -1
        assert t.nested == (len(holding) > 1)


def test_quotations_that_touch_leave_no_empty_tile():
    assert [(t.start, t.end, t.quoted) for t in tile('"a""b"c', [(0, 7, 0)])] == [
        (0, 3, True),
        (3, 6, True),
        (6, 7, False),
    ]


def test_the_shorter_of_two_that_hold_each_other_wins():
    assert [(t.start, t.quote) for t in tile("abcdefgh", [(0, 8, 0), (2, 6, 1), (3, 4, 2)])] == [
        (0, 0),
        (2, 1),
        (3, 2),
        (4, 1),
        (6, 0),
    ]


@pytest.mark.parametrize(
    "text, found",
    [
        ("a “b” c", ["“b”"]),
        ("a ‘b’s c’ d", ["‘b’s c’"]),
        ("it's 'one two.' don't", ["'one two.'"]),
        ("“open to the end\nnext", ["“open to the end"]),
        ("the leaders’ talks, Kim’s", []),
        ('a "b" c "d"', ['"b"', '"d"']),
        ("", []),
    ],
)
def test_quotation_marks(text, found):
    assert [text[a:b] for a, b in marked_spans(text)] == found


def test_many_marks_take_linear_time():
    assert len(marked_spans("“a” " * 50_000)) == 50_000
    assert marked_spans("'" * 100_000) == []
    assert marked_spans("'a " * 20_000) == []


def test_mentions_have_the_voice_in_which_they_begin():
    text = "A pact. Gale said a pact is a pact."
    voices = find_voices(
        story(text), quotes(text, ("a pact is a pact", "Gale", "official", "said")), parties=PARTIES
    )
    starts = [2, text.index("pact is")]
    mentions = table(
        "mentions",
        pd.DataFrame(
            {
                "article_id": "a",
                "paragraph": 0,
                "sentence": 0,
                "start": starts,
                "frame": "f",
                "end": [s + 4 for s in starts],
                "term": "pact",
                "match": "pact",
                "negated": False,
                "excluded": False,
                "rule": "",
            }
        ),
    )
    assert add_voices(mentions, voices)["voice"].tolist() == ["author", "party"]
    with pytest.raises(ValueError, match="no row for article 'b'"):
        add_voices(mentions.assign(article_id="b"), voices)


def test_the_summit_is_tiled(summit, event):
    from analysis.validation import load_codes

    gold = pd.read_csv(event.folder / "gold" / "quotes.csv")
    voices = find_voices(summit, gold[gold["coder"] == "coder1"], parties=event.parties)
    texts = summit.set_index("article_id")["text"]
    for article, own in voices.groupby("article_id"):
        assert own["start"].tolist() == [0, *own["end"].tolist()[:-1]]
        assert own["end"].iloc[-1] == len(texts[article])
    assert set(voices["voice"]) == set(VOICES)
    assert set(load_codes(event)["voice"]) <= set(VOICES)
