"""Equal words get equal numbers and others do not, whatever their length and their hash."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import numbering
from analysis.numbering import PADDING, number_words

# Words alike in their first, second or last eight bytes, or in length only.
PIECES = st.sampled_from(["abcdefgh", "abcdefgx", "zzzzzzzz", "a", "z", "äöüß", "é"])
WORDS = st.lists(st.one_of(st.lists(PIECES, min_size=1, max_size=6).map("".join),
                           st.text("ab", min_size=1, max_size=20)), max_size=30)


def laid_out(words: list[str]) -> tuple[bytearray, np.ndarray, np.ndarray]:
    encoded = [word.encode() for word in words]
    ends = np.cumsum([len(word) + 1 for word in encoded], dtype=int) - 1
    starts = ends - [len(word) for word in encoded]
    return bytearray(b" ".join([*encoded, b" " * PADDING])), starts, ends


def assert_numbered(words: list[str]) -> None:
    numbers, distinct = number_words(*laid_out(words))
    assert [distinct[number].as_py() for number in numbers.tolist()] == words
    assert distinct.to_pylist() == list(dict.fromkeys(words))


@settings(max_examples=300)
@given(WORDS)
def test_numbers_are_those_of_a_dict(words):
    assert_numbered(words)


@pytest.mark.parametrize("factor", [0, 1])
@given(words=WORDS)
def test_words_of_one_hash_are_told_apart(factor, words):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbering, "_ODD", factor)
        assert_numbered(words)
        assert_numbered(["abcdefghsame", "zzzzzzzzsame", "same", *words])


def test_collisions_are_seen(monkeypatch):
    words = ["abcdefghsame", "zzzzzzzzsame", "same", "abcdefghsame"]
    data, starts, ends = laid_out(words)
    seen = []
    monkeypatch.setattr(numbering, "_are_equal", lambda *a, real=numbering._are_equal:
                        seen.append(real(*a)) or seen[-1])
    number_words(data, starts, ends)
    assert seen == [True]
    monkeypatch.setattr(numbering, "_ODD", 0)
    number_words(data, starts, ends)
    assert seen == [True, False]


def test_words_of_any_length():
    long = ["x" * size for size in (8, 9, 16, 17, 255, 256, 257, 100_000)]
    assert_numbered([*long[:6], "y", *long[:6]])
    assert_numbered([*long, "y", *long[::-1], "x" * 99_999 + "y"])
