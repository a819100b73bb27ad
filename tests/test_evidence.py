"""Every number leads to its sentences."""

import pandas as pd
import pytest

from analysis.evidence import show_evidence
from analysis.frames import find_mentions, load_frames
from analysis.rates import count_rates, keep_counted, pool_rates
from analysis.tables import empty, table
from analysis.tokens import tokenize
from analysis.voices import add_voices, find_voices

TEXT = "It rained. A pact is <b>weak</b>. It snowed.\n"


@pytest.fixture
def told():
    return table("articles", pd.DataFrame({"article_id": ["a/b", "z"], "language": "en",
                                           "text": [TEXT, "Rain."]}))


def test_a_stretch_is_shown_in_its_sentence(told):
    start = TEXT.index("pact")
    rows = pd.DataFrame({"article_id": ["a/b"], "start": [start], "end": [start + 4], "frame": "f"})
    shown = show_evidence(rows, told).iloc[0]
    assert (shown["before"], shown["match"], shown["after"]) == ("A ", "pact", " is <b>weak</b>.")
    assert shown["link"] == "articles/a-b.html#s1" and shown["frame"] == "f"
    assert TEXT[shown["start"]:shown["end"]] == "pact"


def test_a_stretch_over_two_sentences_shows_both(told):
    rows = pd.DataFrame({"article_id": ["a/b"], "start": [3], "end": [15]})
    shown = show_evidence(rows, told).iloc[0]
    assert shown["before"] + shown["match"] + shown["after"] == "It rained. A pact is <b>weak</b>."
    assert shown["sentence"] == 0


def test_rates_lead_to_the_mentions_they_count(summit, event):
    frames, tokens = load_frames(event), tokenize(summit)
    voices = find_voices(summit, empty("quotes"))
    mentions = add_voices(find_mentions(summit, frames), voices)
    rates = count_rates(mentions, voices, tokens, frames=event.contrast)
    texts = summit.set_index("article_id")["text"]
    for _, row in rates[rates["n"] > 0].iterrows():
        shown = show_evidence(row.to_frame().T, summit, mentions=mentions)
        assert len(shown) == row["n"]
        assert all(texts[s.article_id][s.start:s.end] == s.match for s in shown.itertuples())
    pooled = pool_rates(rates, ())
    assert len(show_evidence(pooled, summit, mentions=mentions)) == len(keep_counted(mentions))
    assert len(show_evidence(pooled, summit, mentions=mentions, n=3)) == 3
    assert show_evidence(rates[rates["n"] == 0].head(1), summit, mentions=mentions).empty


def test_a_table_without_a_way_to_the_text_is_refused(told):
    with pytest.raises(ValueError, match="neither start and end nor"):
        show_evidence(pd.DataFrame({"p": [0.1]}), told, mentions=empty("mentions"))
    with pytest.raises(ValueError, match="its columns are frame, n"):
        show_evidence(pd.DataFrame({"frame": ["f"], "n": [1]}), told)


def test_offsets_of_another_text_are_refused(told):
    with pytest.raises(ValueError, match="0-99 is not inside article 'z'"):
        show_evidence(pd.DataFrame({"article_id": ["z"], "start": [0], "end": [99]}), told)
