"""Articles that repeat others are found, at any size."""

import random

import pandas as pd
import pytest

from analysis import duplicates
from analysis.duplicates import find_duplicates
from analysis.tables import check, table


def stories(texts: list[str]) -> pd.DataFrame:
    return table("articles", pd.DataFrame({
        "article_id": [f"a{i}" for i in range(len(texts))], "language": "en", "text": texts}))


def made_up(count: int, length: int = 120) -> list[str]:
    generator = random.Random(3)
    return [" ".join(f"w{generator.randrange(500)}" for _ in range(length)) for _ in range(count)]


@pytest.mark.parametrize("all_pairs", [300, 10])
def test_same_words_and_nearly_the_same_words(all_pairs, monkeypatch):
    pytest.importorskip("datasketch")
    monkeypatch.setattr(duplicates, "ALL_PAIRS", all_pairs)
    texts = made_up(30)
    texts[20] = texts[4].upper() + "\n"
    texts[25] = texts[7].replace(texts[7].split()[60], "zebra", 1)
    found = check("duplicates", find_duplicates(stories(texts)))
    assert found[["article_id", "duplicate_of", "exact"]].to_numpy().tolist() == [
        ["a20", "a4", True], ["a25", "a7", False]]
    assert found["similarity"].iloc[0] == 1 and 0.8 <= found["similarity"].iloc[1] < 1


def test_near_duplicates_are_rarely_missed(monkeypatch):
    pytest.importorskip("datasketch")
    monkeypatch.setattr(duplicates, "ALL_PAIRS", 10)
    texts, generator = made_up(150, 400), random.Random(4)
    for text in texts[:150]:
        words = text.split()
        for place in generator.sample(range(20, 400), 7):
            words[place] = "zebra"
        texts.append(" ".join(words))
    found = find_duplicates(stories(texts))
    monkeypatch.setattr(duplicates, "ALL_PAIRS", 300)
    wanted = find_duplicates(stories(texts))
    assert len(wanted) > 100 and wanted["similarity"].between(0.8, 0.9).all()
    assert len(found) >= 0.95 * len(wanted)


def test_a_share_is_wanted():
    with pytest.raises(ValueError, match="near=0: it is a share above 0"):
        find_duplicates(stories(["one"]), near=0)


def test_by_hand():
    # Six and seven words: two runs of five, three runs, two in common.
    found = find_duplicates(stories(["one two three four five six",
                                     "One two three four five six seven."]), near=0.6)
    assert found["similarity"].to_list() == pytest.approx([2 / 3])


def test_wordless_articles_are_not_duplicates_and_nothing_gives_nothing():
    assert find_duplicates(stories(["", "…", "!"])).empty
    assert check("duplicates", find_duplicates(stories([]))).empty
