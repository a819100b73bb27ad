"""Paragraphs, sentences and words as tables of offsets."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import load_articles
from analysis.tables import CorpusError, check, table
from analysis.text import sentence_spans, word_spans
from analysis.tokens import find_furniture, find_paragraphs, find_sentences, tokenize


def story(*texts: str) -> pd.DataFrame:
    return table("articles", pd.DataFrame({
        "article_id": [f"a{i}" for i in range(len(texts))], "language": "en", "text": texts}))


def one_by_one(articles: pd.DataFrame) -> list[tuple]:
    """Find the words sentence by sentence, by the text layer alone."""
    paragraphs = find_paragraphs(articles)
    kept = paragraphs[paragraphs["kind"] != "furniture"]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    return [(p.article_id, p.paragraph, *word)
            for p in kept.itertuples()
            for a, b in sentence_spans(texts[p.article_id], p.start, p.end)
            for word in word_spans(texts[p.article_id], a, b)]


def columns(tokens: pd.DataFrame) -> list[tuple]:
    names = ["article_id", "paragraph", "start", "end", "term"]
    return list(tokens[names].itertuples(index=False, name=None))


def test_toy_articles_by_hand(articles):
    tokens = check("tokens", tokenize(articles))
    ferry = tokens[tokens["article_id"] == "ferry"]
    words = " ".join(ferry["term"])
    assert words == "a ferry is cheap critics say that the ferry is slow"
    assert ferry["sentence"].to_list() == [0] * 4 + [1] * 7
    assert len(tokens) == 15 + 11 + 11


def test_every_span_slices_back_to_its_token(summit):
    tokens = tokenize(summit)
    texts = dict(zip(summit["article_id"], summit["text"], strict=True))
    assert all(texts[t.article_id][t.start:t.end] == t.token for t in tokens.itertuples())


def test_words_of_the_summit_equal_the_text_layer(summit):
    assert columns(tokenize(summit)) == one_by_one(summit)


def test_words_of_real_articles_equal_the_text_layer(shared):
    texts = [p.read_bytes().decode() for p in sorted((shared / "originals").glob("*.txt"))]
    assert columns(tokenize(story(*texts))) == one_by_one(story(*texts))


LETTERS = st.sampled_from("aBİΣẞß'’. \n“”é_1\u0301\x00K—U.S")


@given(st.lists(st.text(LETTERS, max_size=60), max_size=4))
def test_any_text_gives_the_words_of_the_text_layer(texts):
    articles = story(*texts)
    tokens = tokenize(articles)
    assert columns(tokens) == one_by_one(articles)
    sentences = find_sentences(articles)
    home = tokens.merge(sentences, on=["article_id", "sentence"], validate="many_to_one",
                        suffixes=("", "_of"))
    assert ((home["start_of"] <= home["start"]) & (home["end"] <= home["end_of"])).all()


def test_furniture_is_listed_with_its_reason_and_left_out():
    articles = story("Photo: A handshake.\n\nThe bridge opened.\n\n"
                     "Write to Ann at ann@example.org\n")
    furniture = check("cleaning", find_furniture(articles))
    assert furniture["reason"].to_list() == ["caption", "contact"]
    assert furniture["characters"].to_list() == [19, 31]
    assert tokenize(articles)["term"].to_list() == ["the", "bridge", "opened"]
    assert not furniture.astype(str).apply(lambda c: c.str.contains("@")).to_numpy().any()


def test_articles_are_not_changed_and_wordless_ones_are_remembered():
    articles = story("One two.", "", "…!")
    before = articles.copy(deep=True)
    tokens = tokenize(articles)
    pd.testing.assert_frame_equal(articles, before)
    assert tokens["article_id"].unique().tolist() == ["a0"]
    assert tokens.attrs["documents"] == ["a0", "a1", "a2"]


def test_two_articles_of_one_id_are_refused(articles):
    twice = articles.assign(article_id="bridge")
    for find in (tokenize, find_sentences, find_paragraphs):
        with pytest.raises(CorpusError, match="the id 'bridge' is there twice; give each article"):
            find(twice)


def test_order_of_articles_is_kept_and_no_article_gives_an_empty_table():
    articles = story("One.", "Two.").iloc[::-1].reset_index(drop=True)
    assert tokenize(articles)["term"].to_list() == ["two", "one"]
    assert check("tokens", tokenize(articles.iloc[:0])).empty


def test_an_event_without_a_readable_article_is_one_clear_error(make_event):
    with pytest.raises(CorpusError, match="no article"):
        load_articles(make_event())
