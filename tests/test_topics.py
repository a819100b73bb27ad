"""Counting, weighing and ranking terms."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.counting import reference_words
from analysis.ledger import read_ledger
from analysis.tables import CorpusError, check, table
from analysis.tokens import tokenize
from analysis.topics import (
    add_tf_idf,
    as_matrix,
    blank_furniture,
    count_articles,
    count_terms,
    drop_function_words,
    drop_names,
    find_topics,
    keep_author_words,
    top_columns,
    top_terms,
)

# METHODS' three documents, each letter doubled, since terms of one letter are not counted
DOCUMENTS = ["aa aa bb", "bb cc", "cc cc dd aa"]
WEIGHTS = {  # variant: idf of a (or b, c) and d, cosines 12, 13, 23
    ("count", "smooth"): (1.287682, 1.693147, 0.316228, 0.344804, 0.545183),
    ("log", "smooth"): (1.287682, 1.693147, 0.359594, 0.363996, 0.506121),
    ("count", "plain"): (1.405465, 2.098612, 0.316228, 0.332651, 0.525967),
}


def counted(*texts: str) -> pd.DataFrame:
    articles = table("articles", pd.DataFrame({
        "article_id": [f"d{i + 1}" for i in range(len(texts))], "language": "en", "text": texts}))
    return count_terms(tokenize(articles))


def test_counts_by_hand(articles):
    counts = check("counts", count_terms(tokenize(articles)))
    bridge = counts[counts["document"] == "bridge"].set_index("term")["n"]
    assert bridge["bridge"] == 2 and bridge["she"] == 1 and "a" not in bridge
    assert counts["n"].sum() == 37 - 2  # the two words "a"


@pytest.mark.parametrize("variant", WEIGHTS)
def test_reference_values(variant):
    idf, rare, *cosines = WEIGHTS[variant]
    scores = check("scores", add_tf_idf(counted(*DOCUMENTS), tf=variant[0], idf=variant[1]))
    by_term = scores.drop_duplicates("term").set_index("term")["idf"]
    assert by_term[["aa", "dd"]].to_list() == pytest.approx([idf, rare], abs=1e-6)
    rows = as_matrix(scores).matrix
    square = (rows @ rows.T).toarray()
    assert square[[0, 0, 1], [1, 2, 2]] == pytest.approx(cosines, abs=1e-6)


def test_reference_rows():
    rows = as_matrix(add_tf_idf(counted(*DOCUMENTS))).matrix.toarray()
    assert rows[0] == pytest.approx([0.894427, 0.447214, 0, 0], abs=1e-6)
    assert rows[2] == pytest.approx([0.385503, 0, 0.771006, 0.506890], abs=1e-6)


def test_scores_equal_scikit_learn_with_our_word_rule(summit):
    peer = TfidfVectorizer(analyzer=lambda text: [
        term for *_, term in reference_words(text) if len(term) > 1])
    wanted = peer.fit_transform(blank_furniture(summit))
    scores = add_tf_idf(count_terms(tokenize(summit)))
    found = as_matrix(scores)
    assert list(found.terms) == list(peer.get_feature_names_out())
    assert abs(found.matrix - wanted).max() < 1e-9
    length = scores.assign(square=scores["tf_idf"] ** 2).groupby("document")["square"].sum()
    assert length.to_numpy() == pytest.approx(1)


def test_shuffled_rows_keep_their_scores(summit):
    counts = count_terms(tokenize(summit))
    mixed = add_tf_idf(counts.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(mixed.sort_index(), add_tf_idf(counts))


def test_the_fast_path_gives_the_same_table(summit, articles):
    for some in (summit, articles, articles.iloc[::-1], articles.iloc[:0]):
        pd.testing.assert_frame_equal(count_articles(some), count_terms(tokenize(some)))


def test_a_document_without_words_counts_for_idf_but_has_no_row():
    counts = counted("aa bb", "", "...")
    scores = add_tf_idf(counts)
    assert set(scores["document"]) == {"d1"}
    assert scores["idf"].to_numpy() == pytest.approx(np.log(4 / 2) + 1)
    assert as_matrix(scores).matrix.shape == (3, 2)


def test_renamed_articles_are_the_documents(articles):
    tokens = tokenize(articles)
    outlet = {"bridge": "post", "ferry": "mail", "river": "post"}
    renamed = tokens.assign(article_id=tokens["article_id"].map(outlet))
    scores = add_tf_idf(count_terms(renamed)).set_index(["document", "term"])
    assert scores.loc[("post", "the"), "idf"] == 1  # in both outlets, of two documents
    assert as_matrix(count_terms(renamed), "n").documents == ["mail", "post"]


def test_words_of_no_document_are_not_counted(articles):
    tokens = tokenize(articles)
    outlet = {"bridge": "post", "ferry": None, "river": "mail"}
    by_outlet = tokens.assign(outlet=tokens["article_id"].map(outlet))
    for documents in (None, ["mail", "post"]):
        counts = check("counts", count_terms(by_outlet, by="outlet", documents=documents))
        assert set(counts["document"]) == {"mail", "post"} and "cheap" not in set(counts["term"])


def test_one_document_and_a_term_in_every_document():
    assert add_tf_idf(counted("aa bb bb"))["idf"].to_list() == [1, 1]
    scores = add_tf_idf(counted("aa bb", "aa cc", "aa dd"), idf="plain").set_index("term")
    assert scores.loc["aa", "idf"].to_list() == [1, 1, 1]


def test_nothing_to_count_gives_empty_tables():
    assert add_tf_idf(counted("", "!")).empty
    assert top_terms(add_tf_idf(counted(""))).empty


def test_top_terms_break_ties_by_the_alphabet():
    top = top_terms(add_tf_idf(counted("dd cc bb bb aa", "aa")), 2)
    first = top[top["document"] == "d1"]
    assert first["term"].to_list() == ["bb", "cc"] and first["rank"].to_list() == [1, 2]
    with pytest.raises(ValueError, match="no column 'weight'; there are document, term"):
        top_terms(top, by="weight")


@pytest.mark.parametrize("n", [1, 3, 10])
def test_top_columns_equal_top_terms(n, summit):
    counts = count_terms(tokenize(summit))
    scores, found = add_tf_idf(counts), as_matrix(counts, "n")
    top = top_columns(found.matrix, n)
    assert found.terms[top.ravel()].tolist() == top_terms(scores, n)["term"].to_list()


def test_top_columns_of_short_and_empty_rows():
    counts = as_matrix(counted("aa bb bb", "", "cc"), "n")
    assert top_columns(counts.matrix, 3).tolist() == [[1, 0, -1], [-1, -1, -1], [2, -1, -1]]
    for texts in ((), ("", "!")):
        nothing = as_matrix(counted(*texts), "n").matrix
        assert top_columns(nothing, 2).tolist() == [[-1, -1]] * len(texts)


def test_author_words_leave_quotations_out(articles):
    text = dict(zip(articles["article_id"], articles["text"], strict=True))["bridge"]
    start = text.index("We need")
    quotes = pd.DataFrame({"article_id": ["bridge"],
                           "content_spans": [f"{start}-{start + len('We need a new bridge')}"]})
    tokens = tokenize(articles)
    kept = keep_author_words(tokens, quotes)
    assert len(kept) == len(tokens) - 5
    assert " ".join(kept["term"][:8]) == "the bridge is old said mayor ann lee"
    assert kept.attrs == tokens.attrs


def test_names_are_capitalised_inside_sentences_and_never_small():
    articles = table("articles", pd.DataFrame({
        "article_id": ["x"], "language": "en",
        "text": ["A Big Bridge Opens Today\n\nYesterday in the rain Mayor Lee came here. "
                 "The mayor spoke. Rain fell.\n"]}))
    kept = drop_names(tokenize(articles))["term"].to_list()
    assert "lee" not in kept
    assert {"mayor", "opens", "rain", "yesterday"} <= set(kept)


def test_function_words_can_be_left_out(articles):
    kept = set(drop_function_words(tokenize(articles))["term"])
    assert "bridge" in kept and not kept & {"the", "is", "that", "we"}


def test_unknown_weighting_is_refused():
    with pytest.raises(ValueError, match="tf is one of count, log"):
        add_tf_idf(counted("aa"), tf="root")


def test_a_term_counted_twice_is_refused():
    counts = counted("aa bb")
    with pytest.raises(ValueError, match="twice"):
        add_tf_idf(pd.concat([counts, counts]))


@pytest.mark.parametrize("tf", ["count", "log"])
def test_a_term_that_does_not_occur_is_no_row(tf):
    counts = counted("aa bb", "aa")
    with pytest.raises(ValueError, match="n is not above 0 in every row"):
        add_tf_idf(counts.assign(n=[1, 1, 0]), tf=tf)


@pytest.mark.parametrize("n_topics", [0, 5])
def test_topics_are_no_more_than_documents_or_terms_allow(n_topics):
    counts = counted("aa bb cc dd", "aa cc ee dd", "bb ee ff", "ff")
    with pytest.raises(CorpusError, match="4 documents with 6 terms.*Ask for 1 to 4 topics"):
        find_topics(counts, n_topics, insist=True)
    with pytest.raises(CorpusError, match="Ask for topics of other articles"):
        find_topics(counted("aa", "bb"), insist=True)


def test_topics_refuse_few_documents_and_can_be_insisted_on():
    counts = counted(*(["river ferry boat"] * 3 + ["bridge road car"] * 3))
    with pytest.raises(CorpusError, match=r"6 documents are too few.*takes 50.*insist=True"):
        find_topics(counts, 2)
    terms, shares = find_topics(counts, 2, insist=True)
    groups = terms[terms["weight"] > 1e-6].groupby("topic")["term"].agg(set).to_list()
    assert {frozenset(g) for g in groups} == {frozenset({"river", "ferry", "boat"}),
                                              frozenset({"bridge", "road", "car"})}
    assert shares.groupby("document")["share"].sum().to_numpy() == pytest.approx(1)
    assert read_ledger(terms).n == 6


def test_topics_above_the_number_need_no_insisting():
    counts = counted(*["river ferry boat", "bridge road car"] * 25)
    assert find_topics(counts, 2)[1]["document"].nunique() == 50
    with pytest.raises(CorpusError, match="Ask for 1 to 6 topics"):
        find_topics(counts, 40)
