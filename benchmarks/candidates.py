"""
What is measured: for each task a reference, our way, and peers where they are installed.

Here words are found, counted and weighed; `pipelines` has the tasks that do more.
"""

import ctypes
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from registry import TASKS, NotInstalled, Run, candidate, need, texts_of
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

from analysis.counting import count_words, locate_words, reference_words

__all__ = ["TASKS", "NotInstalled", "difference"]
HERE = Path(__file__).parent
STEP = 250  # articles handed over at a time where results need not be kept


# Words with offsets: the timed part returns the number of words; places are compared apart.
@candidate("words", "re.finditer")
def _(path: Path, articles: int) -> Run:
    texts, find = texts_of(path, articles), re.compile(r"\w\w+").finditer
    return lambda: sum(len([(*m.span(), m.group()) for m in find(text.lower())])
                       for text in texts)


@candidate("words", "samestory")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)
    return lambda: sum(len(locate_words(texts[i:i + STEP], rule="words").start)
                       for i in range(0, len(texts), STEP))


@candidate("words, own rule", "re.finditer")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)
    return lambda: sum(len(reference_words(text)) for text in texts)


@candidate("words, own rule", "samestory")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)
    return lambda: sum(len(locate_words(texts[i:i + STEP]).start)
                       for i in range(0, len(texts), STEP))


@candidate("words, own rule", "spaCy blank (its own rule)")
def _(path: Path, articles: int) -> Run:
    pipe, texts = need("spacy").blank("en"), texts_of(path, articles)
    return lambda: sum(len(pipe.make_doc(text)) for text in texts)


# TF-IDF matrix: (vocabulary, matrix), compared to 1e-9.
@candidate("matrix", "scikit-learn")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)

    def run() -> tuple[np.ndarray, csr_matrix]:
        peer = TfidfVectorizer()
        matrix = peer.fit_transform(texts)
        return peer.get_feature_names_out(), matrix
    return run


@candidate("matrix", "samestory")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)

    def run() -> tuple[np.ndarray, csr_matrix]:
        vocabulary, counts = count_words(texts, rule="words", dtype=float)
        return vocabulary, TfidfTransformer().fit(counts).transform(counts, copy=False)
    return run


@candidate("matrix", "polars")
def _(path: Path, articles: int) -> Run:
    polars, texts = need("polars"), texts_of(path, articles)

    def run() -> tuple[np.ndarray, csr_matrix]:
        counts = (polars.DataFrame({"row": np.arange(len(texts), dtype=np.int32), "term": texts})
                  .lazy().with_columns(polars.col("term").str.to_lowercase()
                                       .str.extract_all(r"[\pL\pN_]{2,}"))
                  .explode("term").drop_nulls().group_by("row", "term").len().collect())
        terms = np.sort(counts["term"].unique().to_numpy().astype(object))
        column = counts["term"].rank("dense").to_numpy() - 1
        matrix = csr_matrix((counts["len"].to_numpy().astype(float),
                             (counts["row"].to_numpy(), column)), shape=(len(texts), len(terms)))
        return terms, TfidfTransformer().fit_transform(matrix)
    return run


def _analyse(text: str) -> list[str]:
    return [term for *_, term in reference_words(text) if len(term) > 1]


@candidate("matrix, own rule", "scikit-learn")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)

    def run() -> tuple[np.ndarray, csr_matrix]:
        peer = TfidfVectorizer(analyzer=_analyse)
        matrix = peer.fit_transform(texts)
        return peer.get_feature_names_out(), matrix
    return run


@candidate("matrix, own rule", "samestory")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)

    def run() -> tuple[np.ndarray, csr_matrix]:
        vocabulary, counts = count_words(texts)
        return vocabulary, TfidfTransformer().fit(counts).transform(counts, copy=False)
    return run


# Counts against a loop in C: (terms, pairs of document and term, words).
@candidate("counts", "C loop")
def _(path: Path, articles: int) -> Run:
    compiler = shutil.which("cc")
    if not compiler:
        raise NotInstalled("a C compiler (cc)")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "count.so"
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, HERE / "count.c"],
                       check=True)
        count = ctypes.CDLL(str(library)).count
    count.restype = ctypes.c_int64
    encoded = [text.encode() for text in texts_of(path, articles)]
    joined, ends = b"".join(encoded), np.cumsum([len(text) for text in encoded], dtype=np.int64)
    pairs = (ctypes.c_int64 * 2)()

    def run() -> tuple[int, int, int]:
        terms = count(joined, ends.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(len(ends)),
                      pairs)
        return terms, pairs[0], pairs[1]
    return run


@candidate("counts", "samestory")
def _(path: Path, articles: int) -> Run:
    texts = texts_of(path, articles)

    def run() -> tuple[int, int, int]:
        vocabulary, matrix = count_words(texts, rule="words")
        return len(vocabulary), matrix.nnz, int(matrix.sum())
    return run


def difference(task: str, one: object, two: object) -> str | None:
    """Return the first difference between the results of two candidates, or None."""
    if task.startswith("matrix"):
        for a, b in zip(one[0], two[0], strict=False):
            if a != b:
                return f"vocabulary: {a!r} is not {b!r}"
        if one[1].shape != two[1].shape:
            return f"shape {one[1].shape} is not {two[1].shape}"
        largest = abs(one[1] - two[1]).max()
        return None if largest < 1e-9 else f"a value differs by {largest}"
    return None if one == two else f"{str(one)[:80]} is not {str(two)[:80]}"


import pipelines  # noqa: E402, F401  (registers its tasks, which are listed after these)
