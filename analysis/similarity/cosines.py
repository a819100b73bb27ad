"""Cosines of documents from the terms of their sentences, whole and less a sentence."""

import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis.topics.counts import known_documents
from analysis.topics.weights import transformer, weigh

TINY = 1e-12  # cosines closer than this are equal: rounding, not language


class SentenceTerms(NamedTuple):
    """Term counts of each sentence, and the document that each belongs to."""

    documents: list[str]
    owner: np.ndarray
    labels: list[str]
    matrix: csr_matrix


def sentence_terms(tokens: pd.DataFrame, *, by: str = "article_id") -> SentenceTerms:
    """Count the terms of each sentence; documents without words are known by their names."""
    kept = tokens[tokens["term"].str.len() > 1]
    documents = sorted(known_documents(tokens if by == "article_id" else kept, by))
    sentence = kept.groupby([by, "sentence"], sort=True)
    extent = sentence.agg(article=("article_id", "first"), start=("start", "min"),
                          end=("end", "max"))
    column, terms = pd.factorize(kept["term"], sort=True)
    matrix = csr_matrix((np.ones(len(kept)), (sentence.ngroup().to_numpy(), column)),
                        shape=(len(extent), len(terms)))
    owner = pd.Index(documents).get_indexer(extent.index.get_level_values(0))
    labels = [f"{a}:{s}-{e}" for a, s, e in extent.itertuples(index=False)]
    return SentenceTerms(documents, owner, labels, matrix)


def sum_up(found: SentenceTerms, owner: np.ndarray | None = None) -> csr_matrix:
    """Add the sentences up to documents: their own, or those that `owner` gives them to."""
    owner = found.owner if owner is None else owner
    place = csr_matrix((np.ones(len(owner)), (owner, np.arange(len(owner)))),
                       shape=(len(found.documents), len(owner)))
    return place @ found.matrix


def cosines_of(counts: csr_matrix, tf: str, idf: str) -> np.ndarray:
    """Return the square of cosines; NaN for documents without words."""
    if counts.shape[1] == 0:
        return np.full((counts.shape[0],) * 2, np.nan)
    return multiply(weigh(counts, tf=tf, idf=idf))


def multiply(rows: csr_matrix) -> np.ndarray:
    """Return the square of cosines of rows of length one; NaN for rows of nothing."""
    square = (rows @ rows.T).toarray().clip(0, 1)
    wordless = rows.getnnz(axis=1) == 0
    square[wordless] = square[:, wordless] = np.nan
    return square


def warn_of_wordless(documents: list[str], square: np.ndarray) -> None:
    """Warn of documents that have no cosine."""
    wordless = [name for name, c in zip(documents, np.diag(square), strict=True) if np.isnan(c)]
    if wordless:
        warnings.warn(f"no cosine for {', '.join(wordless)}: no words to compare", stacklevel=3)


def deletions(found: SentenceTerms, tf: str,
              idf: str) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """For each document, its cosine with every other when it loses one sentence, idf fixed."""
    counts = sum_up(found)
    if counts.nnz == 0:
        return
    weight = transformer(tf, idf).fit(counts)
    others = weight.transform(counts).T.tocsr()
    for document in range(len(found.documents)):
        sentences = np.flatnonzero(found.owner == document)
        if not len(sentences):
            continue
        whole = csr_matrix(np.ones((len(sentences), 1))) @ counts[document]
        less = (whole - found.matrix[sentences]).tocsr()
        less.eliminate_zeros()
        cosines = (weight.transform(less) @ others).toarray().clip(0, 1)
        cosines[less.getnnz(axis=1) == 0] = np.nan
        cosines[:, counts.getnnz(axis=1) == 0] = np.nan
        yield document, sentences, cosines
