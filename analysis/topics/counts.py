"""
Terms counted: how often is each in each document?

Documents are articles, or any other column of tokens that names one. Terms of one
character are not counted.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import csr_matrix

from analysis.counting import as_strings, count_words
from analysis.tables import table
from analysis.tokens import find_paragraphs


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
    documents even without a word (default: the articles that were tokenized). A word
    whose document is missing is in none.
    """
    if documents is None:
        documents = known_documents(tokens, by)
    kept = tokens[(tokens["term"].str.len() > 1) & tokens[by].notna()]
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


def as_matrix(counts: pd.DataFrame, value: str = "tf_idf") -> TermMatrix:
    """
    Set out a table of counts or scores as a sparse matrix, terms sorted.

    Documents without a term keep their row of zeros.
    """
    terms = np.sort(counts["term"].unique().to_numpy(dtype=object))
    documents = documents_of(counts)
    row, column = row_column(counts, documents, terms)
    shape = (len(documents), len(terms))
    return TermMatrix(documents, terms,
                      csr_matrix((counts[value].to_numpy(), (row, column)), shape=shape))


def documents_of(counts: pd.DataFrame) -> list[str]:
    """List the documents of a table, those without a word included where it knows them."""
    return sorted(set(counts.attrs.get("documents", [])) | set(counts["document"].unique()))


def known_documents(tokens: pd.DataFrame, by: str = "article_id") -> list[str]:
    """
    List the articles that were tokenized, those without a word included.

    Only what occurs where `by` is another column, or the articles have been renamed since.
    """
    used = tokens[by].dropna().unique()
    known = tokens.attrs.get("documents", []) if by == "article_id" else []
    return list(known) if known and set(used) <= set(known) else sorted(used)


def row_column(counts: pd.DataFrame, documents: list[str],
               terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the document, and of the term, of each line of the table."""
    return (pd.Index(documents, dtype="str").get_indexer(counts["document"]),
            pd.Index(terms, dtype="str").get_indexer(counts["term"]))


def _counts(document: Sequence[str], term: Sequence[str], n: np.ndarray,
            documents: Sequence[str]) -> pd.DataFrame:
    counts = table("counts", pd.DataFrame({"document": document, "term": term, "n": n}))
    counts.attrs = {"documents": list(documents)}
    return counts
