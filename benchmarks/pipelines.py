"""Tasks that do more than count: frame terms, the whole job, quotations, growth, engines."""

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from registry import NotInstalled, Run, candidate, load, need, texts_of
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from analysis.counting import count_words
from analysis.topics import top_columns


def digest(found: Iterator[tuple]) -> tuple[int, int]:
    """Boil a long list of places down to what any difference would change."""
    total = number = 0
    for number, place in enumerate(found, 1):  # noqa: B007
        total = (total * 31 + hash(place)) % (2**61 - 1)
    return number, total


# Frame terms: 2 x 100 words, stems, pairs and triples from the corpus itself.
@cache
def make_lists(path: Path) -> list[list[str]]:
    """Make two lists of 100 terms: 80 words, 60 stems with *, 40 pairs, 20 triples in all."""
    rows = [re.findall(r"[a-z]+", text.lower()) for text in texts_of(path, 300)]
    random, terms = np.random.default_rng(3), []
    for size, common, count in ((1, 150, 140), (2, 100, 40), (3, 50, 20)):
        runs = Counter(" ".join(run) for row in rows
                       for run in zip(*(row[i:] for i in range(size)), strict=False)
                       if min(map(len, run)) > 3 - (size > 1))
        pool = [run for run, _ in runs.most_common(3000)[common:]]
        terms += [pool[i] for i in sorted(random.choice(len(pool), count, replace=False))]
    terms = [*terms[:80], *(term[:max(4, len(term) - 2)] + "*" for term in terms[80:140]),
             *terms[140:]]
    terms = list(dict.fromkeys(terms))
    return [terms[::2], terms[1::2]]


@candidate("terms", "re alternation, case ignored")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)
    terms = sorted({term for some in make_lists(path) for term in some}, key=len, reverse=True)
    written = "|".join(re.escape(term).replace(r"\ ", r"\s+").replace(r"\*", r"\w*")
                       for term in terms)
    find = re.compile(rf"\b(?:{written})\b", re.IGNORECASE).finditer
    return lambda: digest((i, *m.span()) for i, text in enumerate(texts) for m in find(text))


@candidate("terms", "samestory")
def _(path: Path, articles: int) -> Run:
    from analysis.matching import Matcher

    texts = texts_of(path, articles)
    matcher = Matcher([[term for some in make_lists(path) for term in some]])
    return lambda: digest((i, place.start, place.end) for i, text in enumerate(texts)
                          for place in matcher.find(text))


# The whole job: load, count, top ten terms of each article, keyness of each outlet.
def _top_by_row(counts: csr_matrix, n: int) -> np.ndarray:
    """Rank the terms of each article as users of scikit-learn do: weigh all, sort each row."""
    weights, top = TfidfTransformer().fit_transform(counts), np.full((counts.shape[0], n), -1)
    for row in range(weights.shape[0]):
        start, end = weights.indptr[row:row + 2]
        best = np.argsort(-weights.data[start:end], kind="stable")[:n]
        top[row, :len(best)] = weights.indices[start:end][best]
    return top


def _finish(vocabulary: np.ndarray, counts: csr_matrix, outlets: np.ndarray,
            rank: Callable[[csr_matrix, int], np.ndarray]) -> tuple:
    from analysis.keyness import log_odds

    top = rank(counts, 10)
    names, group = np.unique(outlets, return_inverse=True)
    place = csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))))
    a = (place @ counts).toarray()
    total, words = a.sum(axis=0), a.sum(axis=1, keepdims=True)
    z = log_odds(a, total - a, words, words.sum() - words, prior=100 * total / words.sum())[1]
    best = np.argpartition(-z, 10, axis=1)[:, :10]
    keys = [sorted(vocabulary[row]) for row in best]
    return len(vocabulary), hash(top.tobytes()), keys, names.tolist()


def _job(count: Callable[[pa.ChunkedArray], tuple[np.ndarray, csr_matrix]],
         rank: Callable[[csr_matrix, int], np.ndarray] = _top_by_row) -> Callable:
    def make(path: Path, articles: int) -> Run:
        import pyarrow.dataset  # noqa: F401  (reading loads it; importing is not timed)

        import analysis.keyness  # noqa: F401

        def run() -> tuple:
            some = load(path, articles, "outlet")
            found = count(some["text"])
            return _finish(*found, some["outlet"].to_numpy().astype(str), rank)
        return run
    return make


def _count_with(analyzer: Callable | str) -> tuple[np.ndarray, csr_matrix]:
    def count(texts: pa.ChunkedArray) -> tuple[np.ndarray, csr_matrix]:
        peer = CountVectorizer(analyzer=analyzer)
        matrix = peer.fit_transform(texts.to_pylist())
        return peer.get_feature_names_out(), matrix
    return count


candidate("job", "scikit-learn")(_job(_count_with("word")))
candidate("job", "samestory")(_job(
    lambda texts: count_words(texts, rule="words", dtype=np.float64), top_columns))


@candidate("job", "spaCy blank + scikit-learn (its own words)")
def _(path: Path, articles: int) -> Run:
    pipe = need("spacy").blank("en")
    return _job(_count_with(lambda text: [word.lower_ for word in pipe.make_doc(text)
                                          if len(word) > 1]))(path, articles)


# Quotations and frames: ours, and textacy's quotations where it and a model are installed.
def _articles(path: Path, articles: int) -> object:
    return load(path, articles, "article_id").to_pandas().astype("str")


@candidate("quotes", "samestory")
def _(path: Path, articles: int) -> Run:
    from analysis.quotes import find_quotes

    some = _articles(path, articles)
    return lambda: len(find_quotes(some, together=False))


@candidate("quotes", "spaCy + textacy (its own rule)")
def _(path: Path, articles: int) -> Run:
    extract, spacy, texts = need("textacy").extract, need("spacy"), texts_of(path, articles)
    try:
        pipe = spacy.load("en_core_web_sm")
    except OSError as error:
        raise NotInstalled("spaCy's en_core_web_sm") from error
    return lambda: sum(len(list(extract.direct_quotations(doc))) for doc in pipe.pipe(texts))


@candidate("frames and voices", "samestory")
def _(path: Path, articles: int) -> Run:
    from analysis.frames import find_mentions, load_frames
    from analysis.quotes import find_quotes
    from analysis.voices import add_voices, find_voices

    some = _articles(path, articles)
    quotes, frames = find_quotes(some, together=False), load_frames("summit")
    return lambda: len(add_voices(find_mentions(some, frames), find_voices(some, quotes)))


# Streaming: document frequencies, a partition at a time. Only its memory and growth matter.
@candidate("stream", "samestory")
def _(path: Path, articles: int) -> Run:
    from analysis.scale import count_frequencies

    cut = path.with_name(f"{path.stem}-{articles}.parquet")
    if not cut.exists():
        with pq.ParquetFile(path) as file, pq.ParquetWriter(cut, file.schema_arrow) as out:
            for batch in file.iter_batches(1000):
                out.write_batch(batch.slice(0, max(0, articles)))
                articles -= len(batch)
                if articles <= 0:
                    break
    return lambda: int(count_frequencies(cut)["n"].sum())


# Engines: every table, quotations and frames included.
def _tables(engine: str, workers: int) -> Callable:
    def make(path: Path, articles: int) -> Run:
        from analysis.partitions import PARTITION_SIZE
        from analysis.scale import write_tables
        from analysis.tables import CorpusError

        if engine == "dask":
            need("distributed")
        folder = Path(tempfile.mkdtemp())
        part = folder / "part.parquet"
        pq.write_table(load(path, articles, "article_id", "outlet"), part)

        def run() -> Callable[[], dict[str, str]]:
            problems = write_tables(part, folder / "out", engine=engine, workers=workers,
                                    partition_size=max(1, min(PARTITION_SIZE, articles // 16)),
                                    like="summit", quiet=True)
            if len(problems):
                raise CorpusError(problems["problem"].iloc[0])
            return lambda: _digests(folder)
        return run
    return make


def _digests(folder: Path) -> dict[str, str]:
    """Boil every table down, row by row, to what any difference would change; remove them."""
    found = {}
    for name in sorted(path.name for path in (folder / "out").iterdir()):
        total, rows = 0, 0
        for file in sorted((folder / "out" / name).glob("*.parquet")):
            hashes = pd.util.hash_pandas_object(pd.read_parquet(file), index=False)
            total = (total * 31 + int(hashes.sum())) % 2**64
            rows += len(hashes)
        found[name] = f"{rows} rows, {total:x}"
    shutil.rmtree(folder)
    return found


candidate("engines", "serial")(_tables("serial", 1))
candidate("engines", "processes, one")(_tables("processes", 1))
candidate("engines", "processes, two")(_tables("processes", 2))
candidate("engines", "dask, two")(_tables("dask", 2))
