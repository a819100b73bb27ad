"""Terms weighed and ranked: which mark out their document? scikit-learn does the weighting."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.ledger import Ledger, add_ledger
from analysis.tables import table
from analysis.topics.counts import TermMatrix, as_matrix, documents_of, row_column

TF = ("count", "log")
IDF = ("smooth", "plain", "none")
_BLOCK = 250  # rows weighed at a time
_LEVELS = 64


def add_tf_idf(counts: pd.DataFrame, *, tf: str = "count", idf: str = "smooth") -> pd.DataFrame:
    """
    Weigh each term by how much it marks out its document.

    One row per document and term, as in `counts`, with `tf` (the count, or with
    tf="log" 1 + its logarithm), `idf` = ln((1 + documents) / (1 + documents with the
    term)) + 1 (idf="plain": without the added ones; idf="none": 1) and `tf_idf`, their
    product scaled to length one in each document.

    Spärck Jones (1972), Journal of Documentation 28(1), 11–21.
    """
    ledger = Ledger("tf_idf", "document", len(documents_of(counts)), 0,
                    notes=("a description, not a test",))
    if counts.empty:
        return add_ledger(table("scores", counts.assign(tf=0.0, idf=0.0, tf_idf=0.0)), ledger)
    if not (counts["n"] > 0).all():
        raise ValueError("counts: n is not above 0 in every row; leave out the terms that a "
                         "document does not hold, or they would count as occurring in it")
    found = as_matrix(counts, "n")
    weight = transformer(tf, idf).fit(found.matrix)
    row, column, order = _places(counts, found)
    n = counts["n"].to_numpy()
    scores = np.empty(len(counts))
    scores[order] = weight.transform(found.matrix).data
    return add_ledger(table("scores", counts.assign(
        tf=1 + np.log(n) if tf == "log" else n.astype(float),
        idf=weight.idf_[column] if idf != "none" else 1.0, tf_idf=scores)), ledger)


def top_terms(scores: pd.DataFrame, n: int = 10, *, by: str = "tf_idf") -> pd.DataFrame:
    """
    Keep the `n` highest terms of each document, by any column of the table.

    One row per document and `rank` (from 1); equal values in the order of the alphabet.
    """
    if by not in scores:
        raise ValueError(f"top_terms: no column {by!r}; there are {', '.join(scores.columns)}")
    ranked = scores.sort_values(["document", by, "term"], ascending=[True, False, True],
                                kind="stable").groupby("document").head(n)
    rank = ranked.groupby("document").cumcount() + 1
    return ranked.assign(rank=rank).reset_index(drop=True)


def top_columns(counts: csr_matrix, n: int, *, tf: str = "count",
                idf: str = "smooth") -> np.ndarray:
    """
    Return the columns of the `n` highest TF-IDF weights of each row of a matrix of counts.

    One row per row, highest first, equal weights in the order of columns; -1 fills rows
    with fewer terms. For large corpora, since it never holds all weights at once;
    `add_tf_idf` and `top_terms` do the same with tables.
    """
    weight, top = transformer(tf, idf), np.full((counts.shape[0], n), -1)
    if counts.nnz == 0:
        return top
    weight.fit(counts)
    rarity = weight.idf_ if idf != "none" else np.ones(counts.shape[1])
    for first in range(0, counts.shape[0], _BLOCK):
        pointers = counts.indptr[first:first + _BLOCK + 1]
        indices, data = (part[pointers[0]:pointers[-1]] for part in (counts.indices, counts.data))
        # Scaling a row to length one does not change which of its weights are highest.
        weights = (1 + np.log(data) if tf == "log" else data) * rarity[indices]
        starts = pointers - pointers[0]
        place = _highest(weights, starts, n)
        row, columns = np.searchsorted(starts, place, side="right") - 1, indices[place]
        order = np.lexsort((columns, -weights[place], row))
        row, columns = row[order], columns[order]
        rank = np.arange(len(row)) - np.searchsorted(row, np.arange(len(starts) - 1))[row]
        best = rank < n
        top[first + row[best], rank[best]] = columns[best]
    return top


def weigh(matrix: csr_matrix, *, tf: str = "count", idf: str = "smooth") -> csr_matrix:
    """Weigh a matrix of counts as `add_tf_idf` does."""
    return transformer(tf, idf).fit_transform(matrix)


def weigh_many(counts: np.ndarray, *, tf: str = "count", idf: str = "smooth") -> np.ndarray:
    """Weigh many small arrays (many, documents, terms) of counts at once, as `weigh` does each."""
    transformer(tf, idf)
    documents = (counts > 0).sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):  # terms that a shuffle leaves out, documents without words
        inverse = {"smooth": np.log((1 + counts.shape[1]) / (1 + documents)) + 1,
                   "plain": np.log(counts.shape[1] / documents) + 1}.get(idf, 1.0)
        weights = np.where(counts > 0, 1 + np.log(counts), 0) if tf == "log" else counts
    weights = np.where(counts > 0, weights * inverse, 0)
    length = np.linalg.norm(weights, axis=2, keepdims=True)
    return np.divide(weights, length, out=np.zeros_like(weights), where=length > 0)


def transformer(tf: str, idf: str) -> TfidfTransformer:
    """Return scikit-learn's weighting for the choices; raise ValueError where unknown."""
    if tf not in TF or idf not in IDF:
        raise ValueError(f"tf={tf!r}, idf={idf!r}: tf is one of {', '.join(TF)}; "
                         f"idf one of {', '.join(IDF)}")
    return TfidfTransformer(sublinear_tf=tf == "log", use_idf=idf != "none",
                            smooth_idf=idf == "smooth")


def _highest(weights: np.ndarray, starts: np.ndarray, n: int) -> np.ndarray:
    """Find the `n` highest weights of each row, and a few more: fewer to sort than all."""
    rows, sizes = len(starts) - 1, np.diff(starts)
    most = np.maximum.reduceat(np.append(weights, 1.0), starts[:-1])  # of an empty row, anything
    level = (weights * np.repeat((_LEVELS - 1) / most, sizes)).astype(np.int64)
    spread = np.bincount(np.repeat(np.arange(rows) * _LEVELS, sizes) + level,
                         minlength=rows * _LEVELS).reshape(rows, _LEVELS)
    above = spread[:, ::-1].cumsum(axis=1)[:, ::-1]
    lowest = (above >= n).sum(axis=1) - 1  # of the levels that hold enough; -1 where none does
    return np.flatnonzero(level >= np.repeat(lowest, sizes))


def _places(counts: pd.DataFrame,
            found: TermMatrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row and column of each line of the table, and the lines in matrix order."""
    row, column = row_column(counts, found.documents, found.terms)
    order = np.lexsort((column, row))
    if len(order) != found.matrix.nnz:
        raise ValueError("counts: a document and term occurs twice; one row for each is wanted")
    return row, column, order
