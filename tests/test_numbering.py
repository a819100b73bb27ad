"""Equal words get equal numbers and others do not, whatever their length and their hash."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import numbering
from analysis.numbering import PADDING, number_strings, number_words, unite

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
    numbered = number_words(*laid_out(words))
    assert numbered.words.take(pa.array(numbered.codes)).to_pylist() == words
    assert numbered.words.to_pylist() == list(dict.fromkeys(words))


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
    words = ["abcdefghsame", "zzzzzzzzsame", "abcdefghsame"]
    assert number_words(*laid_out(words)).keys is not None
    monkeypatch.setattr(numbering, "_ODD", 0)
    assert number_words(*laid_out(words[::2])).keys is not None
    for clash in (words, ["same", *words[::2]], [*words[::2], "same"]):
        assert number_words(*laid_out(clash)).keys is None


def test_words_of_any_length():
    long = ["x" * size for size in (8, 9, 16, 17, 255, 256, 257, 100_000)]
    assert_numbered([*long[:6], "y", *long[:6]])
    assert_numbered([*long, "y", *long[::-1], "x" * 99_999 + "y"])


@pytest.mark.parametrize("factor", [0, numbering._ODD])
@given(words=st.lists(WORDS, max_size=4), by_string=st.booleans())
def test_parts_are_numbered_together(factor, words, by_string):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbering, "_ODD", factor)
        parts = [number_words(*laid_out(some)) for some in words]
        parts += [number_strings(pa.array(["abcdefghsame", "b"]))] * by_string
        united = unite(parts)
    every = [word for part in parts for word in part.words.to_pylist()]
    assert united.words.take(pa.array(united.codes)).to_pylist() == every
    assert united.words.to_pylist() == list(dict.fromkeys(every))


def test_parts_with_words_of_one_hash_are_told_apart(monkeypatch):
    monkeypatch.setattr(numbering, "_ODD", 0)
    parts = [number_words(*laid_out([word])) for word in ("abcdefghsame", "zzzzzzzzsame")]
    assert parts[0].keys == parts[1].keys
    assert unite(parts).words.to_pylist() == ["abcdefghsame", "zzzzzzzzsame"]
