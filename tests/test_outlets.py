"""Outlets compared from sums: the same figures as from articles merged into documents."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.metrics.pairwise import cosine_similarity

from analysis import outlets
from analysis.keyness import measure_keyness
from analysis.outlets import COUNTED, compare_outlets, count_outlets, measure_outlets
from analysis.tables import check, table
from analysis.tokens import tokenize
from analysis.topics import add_tf_idf, count_terms


def counted(articles: pd.DataFrame) -> pd.DataFrame:
    tokens = tokenize(articles)
    return count_outlets(articles, tokens, count_terms(tokens))


def measured(articles: pd.DataFrame, **options) -> pd.DataFrame:
    pieces = measure_outlets(counted(articles), **options)
    return check("keyness", pd.concat(pieces, ignore_index=True))


def merged(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the tokens as if each outlet were one article, its sentences numbered through."""
    tokens = tokenize(articles.dropna(subset="outlet"))
    outlet = tokens["article_id"].map(articles.set_index("article_id")["outlet"])
    sentence = tokens.groupby(["article_id", "sentence"]).ngroup()
    tokens.attrs = {}  # the articles, which are no documents here
    return tokens.assign(article_id=outlet, sentence=sentence)


@pytest.fixture
def named(summit) -> pd.DataFrame:
    """Return the summit's articles as those of three outlets; one names none."""
    return summit.assign(outlet=["post", "mail", None, "post", "star"])


@pytest.fixture
def toys(articles) -> pd.DataFrame:
    """Return the three toy articles, two of them in one outlet."""
    return articles.assign(outlet=["post", "mail", "post"])


def test_counts_by_hand(toys):
    found = check("counts", counted(toys)).set_index(["document", "term"])
    # "The bridge is old." "a new bridge" | "the bridge was closed"
    assert found.loc[("post", "bridge"), list(COUNTED)].to_list() == [3, 2, 3]
    assert found.loc[("post", "river"), list(COUNTED)].to_list() == [1, 1, 1]
    assert found.loc[("mail", "ferry"), list(COUNTED)].to_list() == [2, 1, 2]
    assert ("mail", "bridge") not in found.index


def test_a_term_twice_in_a_sentence_is_in_one_sentence():
    one = table("articles", pd.DataFrame({"article_id": ["a"], "language": "en", "outlet": "post",
                                          "text": ["Boat by boat. A boat."]}))
    assert counted(one).set_index("term").loc["boat", list(COUNTED)].to_list() == [3, 1, 2]


@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_keyness_equals_that_of_merged_documents(named, alpha):
    found = measured(named, alpha=alpha)
    wanted = measure_keyness(merged(named), shuffles=0, alpha=alpha)
    assert set(found["document"]) == {"mail", "post", "star"}
    same = [name for name in wanted if name not in ("n_articles", "note")]
    pd.testing.assert_frame_equal(found[same], wanted[same], rtol=1e-12)
    tokens = tokenize(named.dropna(subset="outlet"))
    articles = tokens.groupby("term")["article_id"].nunique()
    assert (found["n_articles"] == found["term"].map(articles)).all()
    alone = found["note"].str.contains("in one article only").to_numpy(bool)
    assert (alone == (found["n_articles"] == 1)).all()


def test_an_outlet_of_one_article_is_that_article(summit):
    found = measured(summit.assign(outlet=summit["article_id"]))
    pd.testing.assert_frame_equal(found, measure_keyness(tokenize(summit), shuffles=0), rtol=1e-12)


def test_what_takes_sentences_is_missing(named):
    assert measured(named)["p_perm"].isna().all()
    idf = add_tf_idf(count_terms(tokenize(named))).drop_duplicates("term").set_index("term")["idf"]
    found = check("similarity", compare_outlets(counted(named), idf))
    assert found[["se", "null_mean", "p", "influential"]].isna().all(axis=None)


def test_cosines_are_those_of_summed_scores(named):
    scores = add_tf_idf(count_terms(tokenize(named)))
    idf = scores.drop_duplicates("term").set_index("term")["idf"]
    found = compare_outlets(counted(named), idf).set_index(["document_a", "document_b"])["cosine"]
    assert found.index.to_list() == [("mail", "post"), ("mail", "star"), ("post", "star")]
    peer, tokens = CountVectorizer(analyzer=list), tokenize(named)
    kept = tokens[tokens["term"].str.len() > 1].groupby("article_id")["term"].agg(list)
    counts = peer.fit_transform(kept)
    weights = TfidfTransformer(norm=None).fit_transform(counts).toarray()
    outlet = kept.index.map(named.set_index("article_id")["outlet"])
    rows = [weights[outlet == name].sum(axis=0) for name in ("mail", "post", "star")]
    assert found.to_numpy() == pytest.approx(cosine_similarity(rows)[[0, 0, 1], [1, 2, 2]])


def test_articles_without_an_outlet_are_in_no_document(named):
    pd.testing.assert_frame_equal(counted(named), counted(named.dropna(subset="outlet")))
    assert counted(named.assign(outlet=None)).empty


def test_articles_without_words_count_nothing(toys):
    silent = counted(toys.assign(text=["...", "Boat.", "!"]))
    assert silent["document"].to_list() == ["mail"]
    assert counted(toys.assign(text="!")).empty


@pytest.mark.parametrize("block", [1, 7])
def test_blocks_of_terms_do_not_matter(toys, block, monkeypatch):
    whole = measured(toys)
    monkeypatch.setattr(outlets, "_BLOCK", block)
    np.testing.assert_array_equal(measured(toys)["dp"], whole["dp"])
