"""
Outlets set against each other, where articles are too many to compare one by one.

An outlet is one document, made of all its articles; an article that names none is in no
document. `count_outlets` boils a run of articles down to whole numbers, and the sums of
those give `keyness` and `similarity`, wherever the runs begin and end. What takes whole
sentences stays missing: p_perm, and all of `similarity` but the cosine.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, diags_array
from sklearn.preprocessing import normalize

from analysis.keyness import compare_counts, dispersion, rank_terms
from analysis.keyness.measures import Floats, sums
from analysis.similarity.cosines import multiply
from analysis.tables import table
from analysis.topics import as_matrix

MOST_OUTLETS = 200  # that are compared with each other
COUNTED = ("n", "articles", "sentences")
_BLOCK = 10_000  # terms set out for all outlets at a time


def count_outlets(articles: pd.DataFrame, tokens: pd.DataFrame,
                  counts: pd.DataFrame) -> pd.DataFrame:
    """
    Count each term in each outlet; `counts` are those of the articles' `tokens`.

    One row per outlet (`document`) and term that occurs in it, sorted: `n`, and the
    numbers of `articles` and `sentences` that contain it.
    """
    pairs = tokens[["article_id", "sentence", "term"]].drop_duplicates()
    sentences = pairs.groupby(["article_id", "term"]).size().rename("sentences").reset_index()
    found = counts.merge(sentences, left_on=["document", "term"],
                         right_on=["article_id", "term"], validate="one_to_one")
    outlet = articles.set_index("article_id")["outlet"]
    by_outlet = found.groupby([found["document"].map(outlet), "term"])
    return table("counts", by_outlet.agg(
        n=("n", "sum"), articles=("n", "size"), sentences=("sentences", "sum")).reset_index())


def measure_outlets(counted: pd.DataFrame, *, alpha: float = 0.05) -> Iterator[pd.DataFrame]:
    """
    Measure how far each term marks out each outlet against all the others together.

    `counted` is what `count_outlets` gives, summed, of two outlets or more. Yields a table
    for each: one row per term that occurs in any, with the columns, formulas and order of
    `measure_keyness`. `n_articles` is the number of articles that contain the term (its
    range); `dp` is its dispersion over outlets.
    """
    found = as_matrix(counted, "n")
    spread = counted.groupby("term")[["articles", "sentences"]].sum().loc[found.terms]
    spread = pd.DataFrame({"term": found.terms, "n_articles": spread["articles"].to_numpy(),
                           "n_sentences": spread["sentences"].to_numpy(),
                           "dp": _dispersions(found.matrix)})
    total = sums(found.matrix, 0)
    for row, name in enumerate(found.documents):
        target = sums(found.matrix[[row]], 0)
        other = found.documents[1 - row] if len(found.documents) == 2 else "rest"
        yield rank_terms(compare_counts(target, total - target, spread, (name, other),
                                        alpha=alpha))


def compare_outlets(counted: pd.DataFrame, idf: pd.Series) -> pd.DataFrame:
    """
    Compare every two outlets by the cosine of the summed TF-IDF of their articles.

    `counted` is what `count_outlets` gives, summed; `idf` has a value for each term, as in
    the table `scores` of all articles. One row per pair of outlets with words: `cosine`.
    """
    found = as_matrix(counted, "n")
    weights = found.matrix @ diags_array(idf.loc[found.terms].to_numpy())
    square = multiply(normalize(weights.tocsr()))
    return table("similarity", pd.DataFrame(
        [(found.documents[a], found.documents[b], square[a, b])
         for a, b in combinations(range(len(square)), 2)],
        columns=["document_a", "document_b", "cosine"]))


def _dispersions(matrix: csr_matrix) -> Floats:
    """Return the dispersion of each term over the rows, some terms at a time."""
    sizes, columns = sums(matrix, 1), matrix.tocsc()
    return np.concatenate([dispersion(columns[:, first:first + _BLOCK].toarray().T, sizes)
                           for first in range(0, matrix.shape[1], _BLOCK)])
