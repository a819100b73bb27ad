"""Topics of many documents, by scikit-learn's non-negative matrix factorisation."""

import numpy as np
import pandas as pd
from sklearn.decomposition import NMF

from analysis.ledger import Ledger, add_ledger
from analysis.tables import CorpusError
from analysis.topics.counts import as_matrix, documents_of
from analysis.topics.weights import add_tf_idf

FEWEST_FOR_TOPICS = 50  # articles


def find_topics(counts: pd.DataFrame, n_topics: int = 10, *, insist: bool = False,
                n_terms: int = 10, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Find topics by non-negative matrix factorisation of the TF-IDF scores.

    Returns two tables: one row per topic and rank (term, weight), and one row per
    document and topic (share of the document's weight). Terms in one document only, or
    in more than half, are left out. Raises CorpusError below 50 documents: so few texts
    give topics that are little but the texts themselves, and other ones with another
    seed; insist=True makes them all the same.

    Lee and Seung (1999), Nature 401, 788–791.
    """
    documents = documents_of(counts)
    if len(documents) < FEWEST_FOR_TOPICS and not insist:
        raise CorpusError(
            f"topics: {len(documents)} documents are too few for a topic model, which would find "
            f"each text as a topic of its own; it takes {FEWEST_FOR_TOPICS}. Use keyness and "
            "similarity, or insist with find_topics(..., insist=True)")
    spread = counts.groupby("term")["document"].transform("size")
    kept = counts[(spread > 1) & (spread <= max(2, len(documents) / 2))]
    most = min(kept["term"].nunique(), len(documents))
    if not 1 <= n_topics <= most:
        raise CorpusError(f"topics: {len(documents)} documents with {kept['term'].nunique()} terms "
                          f"in several of them cannot give {n_topics} topics. Ask for "
                          + (f"1 to {most} topics" if most else "topics of other articles"))
    found = as_matrix(add_tf_idf(kept))
    model = NMF(n_topics, init="nndsvda", random_state=seed, max_iter=400)
    loads = model.fit_transform(found.matrix)
    ledger = Ledger("topics", "document", len(documents), 0, seed=seed)
    return (add_ledger(_topic_terms(model.components_, found.terms, n_terms), ledger),
            add_ledger(_topic_shares(loads, found.documents), ledger))


def _topic_terms(weights: np.ndarray, terms: np.ndarray, n: int) -> pd.DataFrame:
    best = np.argsort(-weights, axis=1, kind="stable")[:, :n]
    return pd.DataFrame([(topic, rank + 1, terms[i], weights[topic, i])
                         for topic, row in enumerate(best) for rank, i in enumerate(row)],
                        columns=["topic", "rank", "term", "weight"])


def _topic_shares(loads: np.ndarray, documents: list[str]) -> pd.DataFrame:
    total = loads.sum(axis=1, keepdims=True)
    shares = np.divide(loads, total, out=np.full_like(loads, np.nan), where=total > 0)
    return pd.DataFrame([(name, topic, share) for name, row in zip(documents, shares, strict=True)
                         for topic, share in enumerate(row)],
                        columns=["document", "topic", "share"])
