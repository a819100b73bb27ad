"""Cosines with their uncertainty."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from analysis.counting import reference_words
from analysis.ledger import read_ledger
from analysis.similarity import (
    as_square,
    chance,
    cluster_documents,
    compare_blocks,
    compare_documents,
    compare_specifications,
    compare_with_chance,
)
from analysis.tables import CorpusError, check, table
from analysis.tokens import tokenize
from analysis.topics import blank_furniture


def words(*texts: str) -> pd.DataFrame:
    return tokenize(table("articles", pd.DataFrame({
        "article_id": [f"d{i + 1}" for i in range(len(texts))], "language": "en", "text": texts})))


def test_jackknife_reference_value():
    tokens = words("Aa aa bb. Bb cc.", "Aa cc. Cc dd. Aa.")
    pair = compare_documents(tokens, idf="none", shuffles=0).iloc[0]
    assert pair["cosine"] == pytest.approx(0.666667, abs=1e-6)
    assert pair["se"] == pytest.approx(0.139261, abs=1e-6)
    # replicates 0.471405, 0.596285 and 0.577350, 0.745356, 0.544331: losing "Aa aa bb." moves most
    assert pair["influential"] == "d1:0-8"


def test_cosines_equal_scikit_learn(summit):
    found = check("similarity", compare_documents(tokenize(summit), shuffles=0))
    peer = TfidfVectorizer(analyzer=lambda text: [
        term for *_, term in reference_words(text) if len(term) > 1])
    wanted = cosine_similarity(peer.fit_transform(blank_furniture(summit)))
    assert as_square(found).to_numpy() == pytest.approx(wanted)
    assert found["cosine"].between(0, 1).all() and (found["se"] > 0).all()


def test_identical_documents_have_cosine_one_and_no_error():
    found = compare_documents(words("Aa bb. Cc.", "Aa bb. Cc.", "Dd ee."), shuffles=9)
    same = found.iloc[0]
    assert same["cosine"] == pytest.approx(1) and same["se"] == 0
    assert found["cosine"].iloc[1] == 0 and found["p"].iloc[1] == 1


def test_a_document_without_words_has_no_cosine_and_a_warning():
    with pytest.warns(UserWarning, match="no cosine for d2"):
        found = compare_documents(words("Aa bb.", "...", "Aa."), shuffles=9)
    assert found["cosine"].isna().to_list() == [True, False, True]
    gone = found.loc[found["cosine"].isna(), ["se", "null_mean", "p", "influential"]]
    assert gone.isna().all(axis=None)


@pytest.mark.parametrize("texts", [(), ("Aa bb.",)])
def test_fewer_than_two_documents_have_no_pair(texts):
    assert check("similarity", compare_documents(words(*texts), shuffles=5)).empty


def test_two_documents_of_one_sentence():
    pair = compare_documents(words("Aa bb.", "Aa cc."), shuffles=9).iloc[0]
    assert 0 < pair["cosine"] < 1 and np.isnan(pair["se"])
    assert pair["p"] == 1  # the only shuffle is the exchange of the two


def test_the_null_keeps_sentences_and_p_has_its_floor():
    # Two pairs of articles on two subjects: shuffling sentences makes every pair more alike.
    river, road = "River boat. Boat river. River ferry. ", "Road car. Car road. Road truck. "
    tokens = words(river * 2, river * 2, road * 2, road * 2)
    found = compare_documents(tokens, shuffles=199, seed=4)
    pair = found.set_index(["document_a", "document_b"])
    assert 1 / 200 <= pair.loc[("d1", "d2"), "p"] < 0.1
    assert pair.loc[("d1", "d3"), "p"] == 1
    assert read_ledger(found)[:4] == ("similarity", "sentence", 24, 6)
    pd.testing.assert_frame_equal(found, compare_documents(tokens, shuffles=199, seed=4))
    chance = compare_with_chance(tokens, shuffles=199).iloc[0]
    assert chance["mean_cosine"] < chance["null_low"] and chance["p_less"] == pytest.approx(1 / 200)


@pytest.mark.parametrize(("texts", "lowest"), [
    (("Aa bb.", "Aa cc."), 1),  # exchanging the two is all that a shuffle can do
    (("Aa bb.", "Aa cc.", "Bb cc."), 1 / 3),
    (("Aa bb. Cc. Dd.", "Aa cc."), 1 / 4),
    (("Aa bb. Cc.", "Aa cc. Dd.", "Bb. Ee."), 1 / 45)])  # 90 ways, of which two are one
def test_the_lowest_p_is_what_so_few_sentences_allow(texts, lowest):
    found = compare_documents(words(*texts), shuffles=999)
    assert read_ledger(found).lowest_p == pytest.approx(lowest)
    assert found["p"].min() >= read_ledger(found).lowest_p


def test_the_lowest_p_over_all_pairs_and_over_stretches():
    found = compare_with_chance(words("Aa bb. Cc.", "Aa cc. Dd.", "Bb. Ee."))
    assert read_ledger(found).lowest_p == pytest.approx(1 / 15)
    stretches = compare_blocks(words("Aa bb. " * 3, "Cc dd. " * 3), words=2)
    assert read_ledger(stretches).lowest_p == pytest.approx(1 / 10)
    assert str(read_ledger(stretches)).startswith("stretches of 2 words: 6 stretches; 1 test")
    assert 0.1 <= round(stretches["p"].iloc[0], 9) < 0.13


@pytest.mark.parametrize("seed", range(6))
def test_no_draw_gives_a_p_below_the_lowest(seed):
    tokens = words("Aa bb. Cc dd.", "Aa bb. Cc dd.")
    found = compare_documents(tokens, shuffles=9, seed=seed)  # by chance, none like the texts
    assert found["p"].item() >= read_ledger(found).lowest_p == pytest.approx(1 / 3)
    assert compare_with_chance(tokens, shuffles=9, seed=seed)["p_more"].item() > 0.33


def test_a_pair_without_a_cosine_is_no_test():
    with pytest.warns(UserWarning, match="no cosine for d2"):
        found = compare_documents(words("Aa bb. Cc.", "!", "Aa. Bb cc."), shuffles=9)
    assert read_ledger(found).tests == 1
    with pytest.warns(UserWarning, match="no cosine for d2"):
        assert compare_with_chance(words("Aa bb. Cc.", "!", "Aa. Bb cc."))["pairs"].item() == 1


@pytest.mark.parametrize(("compare", "fewest"), [
    (compare_documents, 0), (compare_with_chance, 1), (compare_blocks, 1)])
def test_too_few_shuffles_are_refused(compare, fewest):
    with pytest.raises(ValueError, match=f"shuffles={fewest - 1}: give {fewest} or more"):
        compare(words("Aa bb.", "Aa cc."), shuffles=fewest - 1)


@pytest.mark.parametrize("tf", ["count", "log"])
@pytest.mark.parametrize("idf", ["smooth", "plain", "none"])
def test_shuffles_worked_on_together_equal_those_worked_on_alone(tf, idf, summit, monkeypatch):
    tokens = tokenize(summit)
    together = compare_documents(tokens, tf=tf, idf=idf, shuffles=60)
    monkeypatch.setattr(chance, "_SMALL", 0)
    pd.testing.assert_frame_equal(
        compare_documents(tokens, tf=tf, idf=idf, shuffles=60), together)


def test_one_article_a_hundred_times_longer_is_not_set_out_in_full(monkeypatch):
    # 1,000 sentences by 1,000 words set out in full took twenty times as long.
    monkeypatch.setattr(chance, "weigh_many", None)
    long = " ".join(f"Boat number{i}." for i in range(1000))
    found = compare_documents(words(long, "Boat number1. Number2.", "Boat."), shuffles=3)
    assert found["p"].notna().all()


def test_blocks_of_one_article_are_alike_where_articles_differ():
    river, road = "River boat ferry. " * 20, "Road car truck. " * 20
    found = compare_blocks(words(river, road), words=20, shuffles=99).set_index("kind")
    assert found["pairs"].to_list() == [6, 9]
    assert found["mean_cosine"].to_list() == pytest.approx([1, 0])
    assert found.loc["same article", "p"] < 0.15
    with pytest.raises(CorpusError, match="ask for fewer words"):
        compare_blocks(words(river, road), words=500)


def test_stretches_are_whole_sentences_of_equal_length():
    # Sentences of ten words, two to a stretch; a rest of one is over half of 15 words.
    for sentences, stretches in ((6, 3), (5, 3), (4, 2)):
        tokens = words(*[("Boat " + "river " * 8 + "dock. ") * sentences] * 2)
        pairs = compare_blocks(tokens, words=15, shuffles=9)["pairs"].sum()
        assert pairs == stretches * (2 * stretches - 1)


def test_every_declared_choice_once_and_the_default_first(summit):
    found = compare_specifications(tokenize(summit))
    choices = ["tf", "idf", "names", "function_words", "words"]
    assert found.loc[0, choices].to_list() == ["count", "smooth", "kept", "kept", "all"]
    assert len(found) == 24 and not found.duplicated(choices).any()
    best = compare_documents(tokenize(summit), shuffles=0).sort_values("cosine").iloc[-1]
    assert found.loc[0, "closest"] == f"{best['document_a']} + {best['document_b']}"
    assert (found["cosine"] >= found["runner_up_cosine"]).all()


def test_author_words_double_the_choices(articles):
    quotes = pd.DataFrame({"article_id": ["bridge"], "content_spans": ["21-41"]})
    found = compare_specifications(tokenize(articles), quotes)
    assert len(found) == 48 and set(found["words"]) == {"all", "author's"}


def test_renamed_articles_are_compared_under_their_new_names():
    tokens = words("Aa bb.", "Bb dd.")
    tokens["article_id"] = tokens["article_id"].map({"d1": "post", "d2": "mail"})
    found = compare_documents(tokens, shuffles=0)
    assert found[["document_a", "document_b"]].to_numpy().tolist() == [["mail", "post"]]


def test_clusters_and_their_support():
    river, road = "River boat. Boat river. River ferry. ", "Road car. Car road. Road truck. "
    tokens = words(river, road, river + "Dock.", road + "Lane.")
    found = cluster_documents(tokens)
    assert found["members"].to_list()[2] == "d1|d2|d3|d4"
    assert set(found["members"][:2]) == {"d1|d3", "d2|d4"}
    assert found["support_sentences"].to_list() == [1, 1, 1]
    assert set(found["verdict"]) == {"stable"}
    assert read_ledger(found).n == 4


def test_a_cluster_on_one_sentence_is_unstable():
    tokens = words("River boat. Dock gate. Pine oak.", "River boat. Lamp desk. Rose fern.",
                   "Dock gate. Moss reed. Sand clay.")
    assert cluster_documents(tokens)["verdict"].to_list()[0] == "unstable"


@pytest.mark.parametrize("texts", [
    ["Aa bb. Cc dd.", "Ee ff. Gg hh.", "Ii jj. Kk ll.", "Mm nn. Oo pp."],
    ["River boat. Dock gate."] * 3])
def test_a_merge_that_only_the_order_decides_is_unstable(texts):
    found = cluster_documents(words(*texts))
    assert found["support_specifications"].iloc[0] == 0
    assert set(found["verdict"][:-1]) == {"unstable"} and found["verdict"].iloc[-1] == "stable"


def test_one_document_cannot_be_clustered():
    with pytest.raises(CorpusError, match="1 articles with words; it takes two"):
        cluster_documents(words("Aa bb."))


def test_one_article_or_none_with_words_has_nothing_to_compare(articles):
    one = tokenize(articles.iloc[:1])
    assert compare_documents(one).empty
    assert compare_specifications(one)["closest"].isna().all()
    for tokens in (one, tokenize(articles.iloc[:1].assign(text="!"))):
        with pytest.raises(CorpusError, match=r"mean cosine: [01] articles with words"):
            compare_with_chance(tokens)
