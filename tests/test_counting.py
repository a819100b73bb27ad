"""The buffer scan equals plain `re` and scikit-learn on whatever text."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from analysis import counting
from analysis.counting import count_words, locate_words, reference_words
from analysis.folding import RULES

HOSTILE = ("É é İstanbul ΣΑΣ naïve café—“Ok” 𝐛𝐨𝐥𝐝 😀 y’s ẞ K ⅷ ² ١٢٣ e\u0301 \u0130\u0307 ǅ Ⓐ "
           "U.S. U.S u.s.'s U.S.A.-led É.U. a.b'c.d x’a.b 3.5 a..b 'tis rock'n'roll ’ '' ’’ l’é’ "
           "don't don’t DON’T it's O’Neill’s U.S.’s\x00\x01\x02\x03\x1f_a _ __\u00a0\u2028\ud800x")
ALPHABET = st.sampled_from(sorted(set(HOSTILE) | set(" abcABC.'’\n")))
ANY = st.one_of(st.text(ALPHABET, max_size=80), st.text(max_size=40))


def terms_of(text: str) -> list[str]:
    return [term for *_, term in reference_words(text) if len(term) > 1]


def assert_equal_counts(texts: list[str], rule: str) -> None:
    peer = CountVectorizer(analyzer=terms_of) if rule == "terms" else CountVectorizer()
    vocabulary, matrix = count_words(texts, rule=rule)
    try:
        wanted = peer.fit_transform(texts)
    except ValueError as error:
        assert "empty vocabulary" in str(error)  # scikit-learn raises where we count nothing
        assert matrix.shape == (len(texts), 0)
        return
    assert list(vocabulary) == list(peer.get_feature_names_out())
    assert (matrix != wanted).nnz == 0 and matrix.has_canonical_format


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=150)
@given(st.lists(ANY, min_size=1, max_size=5))
@example([HOSTILE, "", "plain words only", HOSTILE[::-1]])
def test_counts_equal_scikit_learn_on_any_text(rule, texts):
    assert_equal_counts(texts, rule)


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=150)
@given(st.lists(ANY, max_size=5))
@example([HOSTILE, "", "plain words only", HOSTILE[::-1]])
def test_places_equal_the_reference_on_any_text(rule, texts):
    words = locate_words(texts, rule=rule)
    found = list(zip(words.text.tolist(), words.start.tolist(), words.end.tolist(),
                     list(words.vocabulary.take(words.code)), strict=True))
    assert found == [(i, *word) for i, text in enumerate(texts)
                     for word in reference_words(text, rule)]


def test_by_hand():
    vocabulary, matrix = count_words(["The U.S. envoy’s plan", "Plan the plan: I won't"])
    assert list(vocabulary) == ["envoy", "plan", "the", "u.s.", "won't"]
    assert matrix.toarray().tolist() == [[1, 1, 1, 1, 0], [0, 2, 1, 0, 1]]


@pytest.mark.parametrize("rule", RULES)
def test_originals_and_summit_equal_scikit_learn(rule, shared, summit):
    texts = [p.read_bytes().decode() for p in sorted((shared / "originals").glob("*.txt"))]
    assert_equal_counts([*texts, *summit["text"], HOSTILE], rule)


def test_tf_idf_equals_scikit_learn_to_1e9(summit):
    texts = [*summit["text"], HOSTILE]
    vocabulary, matrix = count_words(texts, rule="words")
    peer = TfidfVectorizer()
    difference = TfidfTransformer().fit_transform(matrix) - peer.fit_transform(texts)
    assert abs(difference).max() < 1e-9
    assert list(vocabulary) == list(peer.get_feature_names_out())


def test_batches_do_not_matter(summit, monkeypatch):
    texts = [HOSTILE, *summit["text"], "", "İ", *summit["text"][::-1]]
    vocabulary, matrix = count_words(texts)
    for size in (1, 3):
        monkeypatch.setattr(counting, "BATCH", size)
        again, counts = count_words(texts)
        assert np.array_equal(vocabulary, again) and (matrix != counts).nnz == 0


@pytest.mark.parametrize("rule", RULES)
def test_arrow_strings_give_the_same_counts(rule, summit):
    texts = [HOSTILE.replace("\ud800", ""), *summit["text"], "", "İ"] * 2
    vocabulary, matrix = count_words(texts, rule=rule)
    for strings in (pa.array(["left out", *texts])[1:],
                    pa.chunked_array([texts[:3], texts[3:]])):
        again, counts = count_words(strings, rule=rule)
        assert np.array_equal(vocabulary, again) and (matrix != counts).nnz == 0


def test_a_count_leads_back_to_its_places(summit):
    texts = summit["text"].to_list()
    vocabulary, matrix = count_words(texts)
    words = locate_words(texts)
    term = vocabulary[np.asarray(matrix.sum(axis=0)).argmax()]
    code = list(words.vocabulary).index(term)
    here = words.code == code
    assert here.sum() == matrix[:, list(vocabulary).index(term)].sum()
    places = zip(words.text[here], words.start[here], words.end[here], strict=True)
    assert {texts[t][a:b].lower() for t, a, b in places} == {term}


def test_one_article_a_hundred_times_longer_and_none_at_all():
    texts = ["bridge ferry"] * 3 + ["river ferry " * 10_000]
    vocabulary, matrix = count_words(texts)
    assert matrix.toarray().tolist() == [[1, 1, 0]] * 3 + [[0, 10_000, 10_000]]
    assert list(vocabulary) == ["bridge", "ferry", "river"]
    empty, nothing = count_words([])
    assert len(empty) == 0 and nothing.shape == (0, 0)


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="no word rule is called 'token'; there are terms, words"):
        count_words(["x"], rule="token")
