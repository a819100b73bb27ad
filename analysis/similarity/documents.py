"""Every two articles compared, with the error that one sentence makes."""

from itertools import combinations

import numpy as np
import pandas as pd

from analysis.ledger import add_ledger
from analysis.similarity.chance import against_null
from analysis.similarity.cosines import (
    TINY,
    SentenceTerms,
    cosines_of,
    deletions,
    sentence_terms,
    sum_up,
    warn_of_wordless,
)
from analysis.tables import table


def compare_documents(tokens: pd.DataFrame, *, tf: str = "count", idf: str = "smooth",
                      shuffles: int | None = None, seed: int = 0) -> pd.DataFrame:
    """
    Compare every two articles by the cosine of their TF-IDF rows.

    One row per pair: `cosine`, 0 to 1; `se`, its delete-one-sentence jackknife (idf held
    fixed); `influential`, the sentence whose loss moves it most; `null_mean` and `p`,
    from shuffling all sentences among the articles (each keeps its number of sentences):
    real articles are usually *less* alike than shuffled ones, so p near 1 is the rule.
    shuffles=0 leaves the null out (default 1,999; 199 above 20 articles). An article
    without words has no cosine: missing, with a warning.

    Miller (1974), Biometrika 61(1), 1–15 (jackknife); Good (2005), Permutation,
    Parametric and Bootstrap Tests of Hypotheses.
    """
    found = sentence_terms(tokens)
    observed = cosines_of(sum_up(found), tf, idf)
    warn_of_wordless(found.documents, observed)
    pairs = list(combinations(range(len(found.documents)), 2))
    se, influential = _jackknife(found, observed, tf, idf)
    null_mean, p, ledger = against_null(found, observed, tf, idf, shuffles=shuffles, seed=seed)
    rows = [(found.documents[a], found.documents[b], observed[a, b], null_mean[a, b], p[a, b],
             se[a, b], influential.get((a, b))) for a, b in pairs]
    result = pd.DataFrame(rows, columns=["document_a", "document_b", "cosine", "null_mean", "p",
                                         "se", "influential"])
    return add_ledger(table("similarity", result), ledger)


def as_square(similarity: pd.DataFrame, value: str = "cosine") -> pd.DataFrame:
    """Set out pairs as a square, documents by documents, for a heat map; 1 on the diagonal."""
    names = sorted({*similarity["document_a"], *similarity["document_b"]})
    square = pd.DataFrame(np.eye(len(names)), index=names, columns=names)
    for a, b, x in similarity[["document_a", "document_b", value]].itertuples(index=False):
        square.loc[a, b] = square.loc[b, a] = x
    return square


def _jackknife(found: SentenceTerms, observed: np.ndarray, tf: str,
               idf: str) -> tuple[np.ndarray, dict[tuple[int, int], str]]:
    """Return the standard errors, and for each pair the sentence that matters most."""
    n = len(found.documents)
    variance, strongest = np.zeros((n, n)), {}
    for document, sentences, cosines in deletions(found, tf, idf):
        m = len(sentences)
        spread = (m - 1) / m * ((cosines - cosines.mean(axis=0)) ** 2).sum(axis=0)
        spread[document] = 0
        variance[document] += spread
        variance[:, document] += spread
        moved = np.abs(cosines - observed[document])
        for other in np.flatnonzero(~np.isnan(moved).any(axis=0)):
            most = moved[:, other].argmax()
            pair = tuple(sorted((document, int(other))))
            if moved[most, other] > strongest.get(pair, (0, ""))[0]:
                strongest[pair] = (moved[most, other], found.labels[sentences[most]])
    se = np.sqrt(variance)
    se[np.isnan(observed)] = np.nan
    se[observed > 1 - TINY] = 0  # identical documents: the cosine is at its limit
    return se, {pair: label for pair, (_, label) in strongest.items()}
