"""
A made-up corpus: news-like articles of pseudo-words, from a seed, with no download.

An article is paragraphs of three made-up sources, so that it has a topic; its length is
lognormal (650 words on average), and six words in a hundred come from a long tail, so that
the vocabulary keeps growing the way that of real text does. Sentences have names, commas,
curly quotes with a speaker, words of the summit's frames, and now and then "U.S." or a
possessive.
"""

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

OUTLETS = 8
GROUP = 1000  # articles in a row group
SCHEMA = pa.schema([("article_id", pa.string()), ("outlet", pa.string()), ("text", pa.string())])
_GRAMMAR = re.findall(r"\w+", """the of to and a in that is for it on was with as at by he from be
    this have his are not has but they who an had their which will she or its""")
_ONSET = re.findall(r"\w+", """b c d f g h j k l m n p r s t v w br ch cl dr fr gr pl pr sh st th
    tr""")
_FRAMED = ["ally", "allies", "alliance", "partner", "treaty", "pariah", "isolated", "desperate",
           "sanctions"]
_VOWEL = ["a", "e", "i", "o", "u", "ai", "ea", "io", "ou"]
_CODA = ["", "", "n", "r", "s", "t", "l", "m", "nd", "st"]
_SAID = ["said", "said", "said", "told reporters", "argued", "warned"]
_ROLES = ["President", "Minister", "Professor", "Mayor", "analyst", "spokesman"]


def make_corpus(path: Path, articles: int, seed: int = 7) -> None:
    """Write `articles` rows (article_id, outlet, text) to Parquet, in row groups of 1,000."""
    random = np.random.default_rng(seed)
    sources = _make_sources(random)
    tail, chance = np.array(_make_words(random, 250_000), dtype=object), _zipf(250_000, 30)
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for start in range(0, articles, GROUP):
            rows = [_make_article(random, number, sources, tail, chance)
                    for number in range(start, min(start + GROUP, articles))]
            writer.write_table(pa.Table.from_pylist(rows, schema=SCHEMA))


def _make_article(random: np.random.Generator, number: int, sources: list[list[list[str]]],
                  tail: np.ndarray, chance: np.ndarray) -> dict[str, str]:
    outlet = int(random.integers(OUTLETS))
    wanted = random.lognormal(np.log(650) - 0.18, 0.6)
    topics = random.integers(len(sources) // OUTLETS, size=3) * OUTLETS + outlet
    pool = [paragraph for topic in topics for paragraph in sources[topic]]
    paragraphs, total = [], 0
    while total < wanted:
        words = list(pool[int(random.integers(len(pool)))])
        places = np.flatnonzero(random.random(len(words)) < 0.06)
        rare = tail[np.searchsorted(chance, random.random(len(places)))]
        for place, word in zip(places, rare, strict=True):
            if words[place].isalpha():
                words[place] = word.capitalize() if words[place][0].isupper() else word
        paragraphs.append(" ".join(words))
        total += len(words)
    return {"article_id": f"a{number:07}", "outlet": f"outlet{outlet}",
            "text": "\n\n".join(paragraphs) + "\n"}


def _make_sources(random: np.random.Generator, count: int = 600) -> list[list[list[str]]]:
    """Return sources as lists of paragraphs, which are lists of words."""
    made = _make_words(random, 30_000)
    words = np.array([*_GRAMMAR, *made[:60], *_FRAMED, *made[60:]], dtype=object)
    names = np.array([word.capitalize() for word in _make_words(random, 4000)], dtype=object)
    chances = _zipf(len(words)), _zipf(len(names))
    return [[[word for _ in range(int(random.integers(1, 4)))
              for word in _make_sentence(random, words, names, chances)]
             for _ in range(int(random.integers(12, 30)))] for _ in range(count)]


def _make_sentence(random: np.random.Generator, words: np.ndarray, names: np.ndarray,
                   chances: tuple[np.ndarray, np.ndarray]) -> list[str]:
    def draw(pool: np.ndarray, chance: np.ndarray, size: int) -> list[str]:
        return pool[np.searchsorted(chance, random.random(size))].tolist()

    length = max(4, int(random.lognormal(3.0, 0.45)))
    some = draw(words, chances[0], length)
    for place in np.flatnonzero(random.random(length) < 0.07):
        some[place] = draw(names, chances[1], 1)[0] + ("’s" if random.random() < 0.1 else "")
    for place in np.flatnonzero(random.random(length) < 0.06)[:-1]:
        some[place] += ","
    if random.random() < 0.05:
        some[1] = "U.S."
    some[0] = some[0][:1].upper() + some[0][1:]
    if random.random() < 0.25:
        first, last = draw(names, chances[1], 2)
        role, said = (str(random.choice(pool)) for pool in (_ROLES, _SAID))
        return ["“" + some[0], *some[1:-1], some[-1].strip(",") + ",”", *said.split(), role, first,
                last + "."]
    return [*some[:-1], some[-1].strip(",") + "."]


def _make_words(random: np.random.Generator, count: int) -> list[str]:
    """Return distinct pronounceable pseudo-words, short ones first."""
    words: dict[str, None] = {}
    while len(words) < count:
        size = random.integers(1, 4) if len(words) < 2000 else random.integers(2, 5)
        words["".join(str(pool[random.integers(len(pool))]) for _ in range(size)
                      for pool in (_ONSET, _VOWEL, _CODA))] = None
    return list(words)


def _zipf(size: int, shift: float = 2.7, exponent: float = 1.05) -> np.ndarray:
    """Return the cumulated chances of a Zipf–Mandelbrot law."""
    weights = 1.0 / (np.arange(size) + shift) ** exponent
    return np.cumsum(weights / weights.sum())
