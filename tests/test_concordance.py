"""Contexts, collocates, dispersion and shared wordings."""

from time import process_time

import pandas as pd
import pytest

from analysis.concordance import (
    find_collocates,
    find_in_context,
    find_positions,
    find_shared_ngrams,
    find_shared_quotations,
    measure_dispersion,
)
from analysis.tables import table
from analysis.tokens import tokenize


def stories(*texts: str) -> pd.DataFrame:
    return table("articles", pd.DataFrame({
        "article_id": [f"d{i + 1}" for i in range(len(texts))], "language": "en", "text": texts}))


def test_context_by_hand(articles):
    found = find_in_context(articles, tokenize(articles), "The Bridge", width=8)
    assert found[["article_id", "before", "match", "after"]].to_numpy().tolist() == [
        ["bridge", "", "The bridge", " is old."], ["river", "ed that ", "the bridge", " was clo"]]


def test_a_star_stands_for_any_ending_and_line_breaks_become_spaces(articles):
    found = find_in_context(articles, tokenize(articles), "smil*")
    assert found["match"].to_list() == ["smiled"]
    assert "\n" not in "".join(found["before"] + found["after"])


def test_matches_slice_back_and_stay_in_one_sentence(summit):
    tokens = tokenize(summit)
    texts = dict(zip(summit["article_id"], summit["text"], strict=True))
    found = find_in_context(summit, tokens, "north korea*")
    assert len(found) > 5
    assert all(texts[r.article_id][r.start:r.end] == r.match for r in found.itertuples())
    split = stories("He spoke of the North. Korea was quiet.")
    assert find_in_context(split, tokenize(split), "north korea").empty


@pytest.mark.parametrize("phrase", ["", "?!", "*"])
def test_a_phrase_needs_a_word(articles, phrase):
    with pytest.raises(ValueError, match="no word to look for"):
        find_in_context(articles, tokenize(articles), phrase)


def test_a_phrase_longer_than_the_text_is_not_found():
    tiny = stories("One.")
    assert find_in_context(tiny, tokenize(tiny), "one two three").empty


def test_collocates_by_hand():
    tokens = tokenize(stories("Red boat sank. Red boat swam. Blue road. Blue boat. Road red."))
    found = find_collocates(tokens, "boat", window=1).set_index("term")
    assert found.loc["red", ["n_near", "n_elsewhere"]].to_list() == [2, 1]
    assert set(found.index) == {"red"}  # sank, swam, blue: once each
    assert found.loc["red", "g2"] > 0
    assert find_collocates(tokens, "zebra").empty


def test_positions_and_dispersion_by_hand():
    tokens = tokenize(stories("Boat one two three.", "Four five six boat."))
    found = find_positions(tokens, ["boat"])
    assert found["position"].to_list() == [0, 0.75]
    spread = measure_dispersion(tokens, ["boat", "one two", "zebra"]).set_index("phrase")
    assert spread.loc["boat", ["n", "n_articles", "dp"]].to_list() == [2, 2, 0]
    assert spread.loc["one two", ["dp", "dp_norm"]].to_list() == [0.5, 1]
    assert measure_dispersion(tokens, "boat")["n"].to_list() == [2]  # one phrase, not four letters
    assert spread.loc["zebra", "n"] == 0 and pd.isna(spread.loc["zebra", "dp"])


def test_shared_wordings_are_as_long_as_they_go():
    articles = stories("They gave a tea set and a dagger.",
                       "He said they gave a tea set and a hat.", "Later they gave a tea cup.")
    found = find_shared_ngrams(tokenize(articles))
    assert found[["ngram", "n_articles", "article_id"]].to_numpy().tolist() == [
        ["they gave a tea set and a", 2, "d1"], ["they gave a tea set and a", 2, "d2"],
        ["they gave a tea", 3, "d1"], ["they gave a tea", 3, "d2"], ["they gave a tea", 3, "d3"]]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    assert all(texts[r.article_id][r.start:r.end].lower() == r.ngram for r in found.itertuples())


def test_identical_articles_share_whole_sentences_only_once():
    articles = stories("One two three four five. Six.", "One two three four five.")
    found = find_shared_ngrams(tokenize(articles))
    assert found["ngram"].to_list() == ["one two three four five"] * 2


def test_a_sentence_of_a_thousand_words_can_be_shared():
    text = " ".join(f"word{i}" for i in range(1000))
    began = process_time()
    found = find_shared_ngrams(tokenize(stories(text, text, "Word5 word6 word7 word8.")))
    assert found["words"].to_list() == [1000, 1000, 4, 4, 4]
    assert process_time() - began < 15  # under one; fifty where each length spells out its runs


def test_a_run_has_a_word():
    with pytest.raises(ValueError, match="fewest_words=0: give 1 or more"):
        find_shared_ngrams(tokenize(stories("One two.", "One two.")), fewest_words=0)


def test_nothing_shared_and_nothing_at_all():
    assert find_shared_ngrams(tokenize(stories("One two three four.", "Five six seven."))).empty
    assert find_shared_ngrams(tokenize(stories(""))).empty


def test_shared_quotations_whole_cut_and_from_one_article():
    said = "We will build the bridge before the winter"
    articles = stories(f"“{said},” she said. “{said},” she repeated.",
                       "“We will build the bridge,” he said.",
                       "“No bridge was ever built here,” he said.")
    quotes = pd.DataFrame([("d2", "q3", "1-26", "Lee"), ("d1", "q1", "1-43", "Lee"),
                           ("d1", "q2", "57-99", "Lee"), ("d3", "q4", "1-30", None)],
                          columns=["article_id", "quote_id", "content_spans", "speaker"])
    found = find_shared_quotations(articles, quotes)
    assert found[["quote_a", "quote_b"]].to_numpy().tolist() == [["q1", "q3"], ["q2", "q3"]]
    assert found["run"].to_list() == ["we will build the bridge"] * 2
    assert found["overlap"].to_list() == [1, 1] and found["same_speaker"].all()
