"""
What is each article about? Terms counted, weighed and ranked.

Documents are articles, or any other column of tokens that names one. Terms of one
character are not counted. scikit-learn does the weighting and the topic model.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import csr_matrix
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.counting import as_strings, count_words
from analysis.ledger import Ledger, add_ledger
from analysis.lexicons import read_lexicon
from analysis.tables import CorpusError, spans, table
from analysis.tokens import find_paragraphs

TF = ("count", "log")
IDF = ("smooth", "plain", "none")
FEWEST_FOR_TOPICS = 50  # articles
_BLOCK = 250  # rows weighed at a time
_LEVELS = 64


class TermMatrix(NamedTuple):
    """Documents by terms: `matrix[i, j]` belongs to `documents[i]` and `terms[j]`."""

    documents: list[str]
    terms: np.ndarray
    matrix: csr_matrix


def count_terms(tokens: pd.DataFrame, *, by: str = "article_id",
                documents: Sequence[str] | None = None) -> pd.DataFrame:
    """
    Count each term in each document.

    One row per document and term that occurs in it, sorted. `by` names the column of
    tokens that says which document a word is in; `documents` lists those that count as
    documents even without a word (default: the articles that were tokenized).
    """
    if documents is None:
        known = tokens.attrs.get("documents", []) if by == "article_id" else []
        documents = known or sorted(tokens[by].unique())
    kept = tokens[tokens["term"].str.len() > 1]
    document, names = pd.factorize(kept[by], sort=True)
    term, terms = pd.factorize(kept["term"], sort=True)
    key, n = np.unique(document.astype(np.int64) * max(len(terms), 1) + term, return_counts=True)
    document, term = np.divmod(key, max(len(terms), 1))
    return _counts(names.take(document).array, terms.take(term).array, n, documents)


def count_articles(articles: pd.DataFrame) -> pd.DataFrame:
    """
    Count each term in each article, furniture left out, by the fast scan.

    The same table as `count_terms(tokenize(articles))`, sooner.
    """
    texts = blank_furniture(articles)
    terms, matrix = count_words(texts)
    matrix = matrix[np.argsort(articles["article_id"].to_numpy(), kind="stable")]
    documents = articles["article_id"].sort_values(kind="stable")
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    words = as_strings(pa.array(terms, pa.utf8())).take(matrix.indices)
    return _counts(documents.take(rows).array, words, matrix.data,
                   articles["article_id"].to_list())


def blank_furniture(articles: pd.DataFrame) -> list[str]:
    """Return the texts with furniture as spaces: every offset still holds."""
    paragraphs = find_paragraphs(articles)
    furniture = paragraphs[paragraphs["kind"] == "furniture"]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    for article, start, end in zip(furniture["article_id"], furniture["start"],
                                   furniture["end"], strict=True):
        text = texts[article]
        texts[article] = text[:start] + " " * (end - start) + text[end:]
    return list(texts.values())


def keep_author_words(tokens: pd.DataFrame, quotes: pd.DataFrame) -> pd.DataFrame:
    """Keep the words that are the author's own: those outside the content of every quotation."""
    quoted = np.zeros(len(tokens), bool)
    article, start = tokens["article_id"].to_numpy(), tokens["start"].to_numpy()
    rows = pd.Series(np.arange(len(tokens))).groupby(article).indices
    for name, content in zip(quotes["article_id"], quotes["content_spans"], strict=True):
        place = rows.get(name, np.array([], int))
        for a, b in spans(content):
            quoted[place] |= (start[place] >= a) & (start[place] < b)
    return tokens[~quoted].reset_index(drop=True)


def drop_names(tokens: pd.DataFrame) -> pd.DataFrame:
    """
    Drop the words that behave like names: capitalised inside a sentence, never lower-case.

    Sentences in which most words are capitalised (headlines) are not evidence. A rough
    guide made from these texts alone, for asking whether a result hangs on names.
    """
    upper = tokens["token"].str[:1].str.isupper()
    sentence = [tokens["article_id"], tokens["sentence"]]
    inside = tokens.groupby(sentence).cumcount() > 0
    headline = upper.groupby(sentence).transform("mean") > 0.5
    names = set(tokens["term"][upper & inside & ~headline])
    names -= set(tokens["term"][tokens["token"].str[:1].str.islower()])
    return tokens[~tokens["term"].isin(names)].reset_index(drop=True)


def drop_function_words(tokens: pd.DataFrame) -> pd.DataFrame:
    """
    Drop the words that carry grammar rather than subject (`lexicons/function_words.toml`).

    A choice that moves results, never the default: say so where it is made.
    """
    lists = read_lexicon("function_words")
    grammar = {word for name, words in lists.items() if name != "source" for word in words}
    return tokens[~tokens["term"].isin(grammar)].reset_index(drop=True)


def add_tf_idf(counts: pd.DataFrame, *, tf: str = "count", idf: str = "smooth") -> pd.DataFrame:
    """
    Weigh each term by how much it marks out its document.

    One row per document and term, as in `counts`, with `tf` (the count, or with
    tf="log" 1 + its logarithm), `idf` = ln((1 + documents) / (1 + documents with the
    term)) + 1 (idf="plain": without the added ones; idf="none": 1) and `tf_idf`, their
    product scaled to length one in each document.

    Spärck Jones (1972), Journal of Documentation 28(1), 11–21.
    """
    if counts.empty:
        return table("scores", counts.assign(tf=0.0, idf=0.0, tf_idf=0.0))
    found = as_matrix(counts, "n")
    weight = _transformer(tf, idf).fit(found.matrix)
    row, column, order = _places(counts, found)
    n = counts["n"].to_numpy()
    scores = np.empty(len(counts))
    scores[order] = weight.transform(found.matrix).data
    return table("scores", counts.assign(
        tf=1 + np.log(n) if tf == "log" else n.astype(float),
        idf=weight.idf_[column] if idf != "none" else 1.0, tf_idf=scores))


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
    weight, top = _transformer(tf, idf).fit(counts), np.full((counts.shape[0], n), -1)
    rarity = weight.idf_ if idf != "none" else np.ones(counts.shape[1])
    for first in range(0, counts.shape[0], _BLOCK):
        pointers = counts.indptr[first:first + _BLOCK + 1]
        indices, data = (part[pointers[0]:pointers[-1]] for part in (counts.indices, counts.data))
        # Scaling a row to length one does not change which of its weights are highest.
        weights = (1 + np.log(data) if tf == "log" else data) * rarity[indices]
        sizes = np.diff(pointers)
        row = np.repeat(np.arange(len(sizes)), sizes)
        place = _highest(weights, row, n, len(sizes))
        row, columns = row[place], indices[place]
        order = np.lexsort((columns, -weights[place], row))
        row, columns = row[order], columns[order]
        rank = np.arange(len(row)) - np.searchsorted(row, np.arange(len(sizes)))[row]
        best = rank < n
        top[first + row[best], rank[best]] = columns[best]
    return top


def _highest(weights: np.ndarray, row: np.ndarray, n: int, rows: int) -> np.ndarray:
    """Find the `n` highest weights of each row, and a few more: fewer to sort than all."""
    most = np.zeros(rows)
    np.maximum.at(most, row, weights)
    level = (weights / most[row] * (_LEVELS - 1)).astype(np.int32)
    spread = np.bincount(row * _LEVELS + level, minlength=rows * _LEVELS).reshape(rows, _LEVELS)
    above = spread[:, ::-1].cumsum(axis=1)[:, ::-1]
    lowest = (above >= n).sum(axis=1) - 1  # of the levels that hold enough; -1 where none does
    return np.flatnonzero(level >= lowest[row])


def as_matrix(counts: pd.DataFrame, value: str = "tf_idf") -> TermMatrix:
    """
    Set out a table of counts or scores as a sparse matrix, terms sorted.

    Documents without a term keep their row of zeros.
    """
    terms = np.sort(counts["term"].unique().to_numpy(dtype=object))
    documents = documents_of(counts)
    row, column = _row_column(counts, documents, terms)
    shape = (len(documents), len(terms))
    return TermMatrix(documents, terms,
                      csr_matrix((counts[value].to_numpy(), (row, column)), shape=shape))


def documents_of(counts: pd.DataFrame) -> list[str]:
    """List the documents of a table, those without a word included where it knows them."""
    return sorted(set(counts.attrs.get("documents", [])) | set(counts["document"].unique()))


def weigh(matrix: csr_matrix, *, tf: str = "count", idf: str = "smooth") -> csr_matrix:
    """Weigh a matrix of counts as `add_tf_idf` does."""
    return _transformer(tf, idf).fit_transform(matrix)


def weigh_many(counts: np.ndarray, *, tf: str = "count", idf: str = "smooth") -> np.ndarray:
    """Weigh many small arrays (many, documents, terms) of counts at once, as `weigh` does each."""
    _transformer(tf, idf)
    documents = (counts > 0).sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):  # terms that a shuffle leaves out, documents without words
        inverse = {"smooth": np.log((1 + counts.shape[1]) / (1 + documents)) + 1,
                   "plain": np.log(counts.shape[1] / documents) + 1}.get(idf, 1.0)
        weights = np.where(counts > 0, 1 + np.log(counts), 0) if tf == "log" else counts
    weights = np.where(counts > 0, weights * inverse, 0)
    length = np.linalg.norm(weights, axis=2, keepdims=True)
    return np.divide(weights, length, out=np.zeros_like(weights), where=length > 0)


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
    if kept["term"].nunique() < n_topics:
        raise CorpusError(f"topics: {kept['term'].nunique()} terms occur in several documents; "
                          f"{n_topics} topics need more. Ask for fewer topics")
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


def _counts(document: Sequence[str], term: Sequence[str], n: np.ndarray,
            documents: Sequence[str]) -> pd.DataFrame:
    counts = table("counts", pd.DataFrame({"document": document, "term": term, "n": n}))
    counts.attrs = {"documents": list(documents)}
    return counts


def _transformer(tf: str, idf: str) -> TfidfTransformer:
    if tf not in TF or idf not in IDF:
        raise ValueError(f"tf={tf!r}, idf={idf!r}: tf is one of {', '.join(TF)}; "
                         f"idf one of {', '.join(IDF)}")
    return TfidfTransformer(sublinear_tf=tf == "log", use_idf=idf != "none",
                            smooth_idf=idf == "smooth")


def _row_column(counts: pd.DataFrame, documents: list[str],
                terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (pd.Index(documents, dtype="str").get_indexer(counts["document"]),
            pd.Index(terms, dtype="str").get_indexer(counts["term"]))


def _places(counts: pd.DataFrame,
            found: TermMatrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row and column of each line of the table, and the lines in matrix order."""
    row, column = _row_column(counts, found.documents, found.terms)
    order = np.lexsort((column, row))
    if len(order) != found.matrix.nnz:
        raise ValueError("counts: a document and term occurs twice; one row for each is wanted")
    return row, column, order
