"""
How alike are the articles, and how far does the answer hang on one sentence or choice?

Cosines of TF-IDF rows, with a delete-one-sentence jackknife, a null of shuffled
sentences, and clusters with their support. A percentile bootstrap of a cosine is not
offered: resampling sentences repeats words and biases every cosine upward.
"""

import warnings
from collections.abc import Iterator
from itertools import combinations, product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.ledger import Ledger, add_ledger
from analysis.tables import CorpusError, table
from analysis.topics import (
    IDF,
    TF,
    drop_function_words,
    drop_names,
    keep_author_words,
    weigh,
    weigh_many,
)

SHUFFLES = 1999
SHUFFLES_OF_MANY = 199  # above 20 documents, where each shuffle costs more
UNSTABLE = 0.7
_MOST_REPLICATES = 500
_SMALL = 30_000  # documents times terms up to which shuffles are worked on many at a time
_AT_ONCE = 50
_TINY = 1e-12  # cosines closer than this are equal: rounding, not language


class SentenceTerms(NamedTuple):
    """Term counts of each sentence, and the document that each belongs to."""

    documents: list[str]
    owner: np.ndarray
    labels: list[str]
    matrix: csr_matrix


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
    observed = _cosines(_sum_up(found, found.owner), tf, idf)
    _warn_of_wordless(found.documents, observed)
    pairs = list(combinations(range(len(found.documents)), 2))
    se, influential = _jackknife(found, observed, tf, idf)
    null_mean, p, ledger = _null(found, observed, tf, idf,
                                 shuffles=_shuffles(shuffles, found), seed=seed)
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


def compare_with_chance(tokens: pd.DataFrame, *, tf: str = "count", idf: str = "smooth",
                        shuffles: int | None = None, seed: int = 0) -> pd.DataFrame:
    """
    Compare the mean cosine of all pairs with what shuffled sentences would give.

    One row: pairs, mean_cosine, null_mean, null_low and null_high (2.5 and 97.5 per
    cent of the shuffles), p_less and p_more (shares of shuffles at least as extreme).
    Raises CorpusError where fewer than two articles have words.
    """
    found = sentence_terms(tokens)
    count, worded = _shuffles(shuffles, found), len(np.unique(found.owner))
    if worded < 2:
        raise CorpusError(f"mean cosine: {worded} articles with words; it takes two or more")
    square = _cosines(_sum_up(found, found.owner), tf, idf)
    _warn_of_wordless(found.documents, square)
    upper = np.triu_indices(len(square), 1)
    mean = np.nanmean(square[upper])
    drawn = np.array([np.nanmean(s[upper]) for s in _shuffled(found, tf, idf, count, seed)])
    low, high = np.quantile(drawn, [0.025, 0.975])
    row = (len(upper[0]), mean, drawn.mean(), low, high, _share(drawn <= mean + _TINY, count),
           _share(drawn >= mean - _TINY, count))
    result = pd.DataFrame([row], columns=["pairs", "mean_cosine", "null_mean", "null_low",
                                          "null_high", "p_less", "p_more"])
    return add_ledger(result, Ledger("mean cosine", "sentence", len(found.labels), 1,
                                     lowest_p=1 / (1 + count), seed=seed))


def compare_blocks(tokens: pd.DataFrame, *, words: int = 150, shuffles: int = SHUFFLES,
                   seed: int = 0) -> pd.DataFrame:
    """
    Compare stretches of equal length from the same article with those from two articles.

    One row per kind of pair ("same article", "different articles"): pairs, the mean
    cosine and its quartiles; `p` says how often labels shuffled over the stretches part
    the two means as far. A stretch is whole sentences of at least `words` words.
    """
    place = tokens.groupby("article_id").cumcount()
    begin = tokens.assign(at=place).groupby(["article_id", "sentence"])["at"].transform("min")
    block = begin // words
    blocks = tokens.assign(block=tokens["article_id"] + "#" + block.astype(str))
    blocks = blocks[blocks.groupby("block")["term"].transform("size") > words / 2]
    found = sentence_terms(blocks, by="block")
    square = _cosines(_sum_up(found, found.owner), "count", "smooth")
    home = np.array([name.rpartition("#")[0] for name in found.documents])
    a, b = np.triu_indices(len(home), 1)
    if len(a) == 0 or not 0 < (home[a] == home[b]).sum() < len(a):
        raise CorpusError(f"blocks: of {words} words there are too few for pairs within and "
                          "between articles; ask for fewer words")
    cosine, generator = square[a, b], np.random.default_rng(seed)
    gap = _gap(cosine, home, a, b)
    drawn = np.array([_gap(cosine, generator.permutation(home), a, b) for _ in range(shuffles)])
    same = home[a] == home[b]
    rows = [(kind, part.sum(), cosine[part].mean(), *np.quantile(cosine[part], [0.25, 0.75]),
             _share(drawn >= gap - _TINY, shuffles))
            for kind, part in (("same article", same), ("different articles", ~same))]
    result = pd.DataFrame(rows, columns=["kind", "pairs", "mean_cosine", "lower_quartile",
                                         "upper_quartile", "p"])
    return add_ledger(result, Ledger("blocks", f"block of {words} words", len(home), 1,
                                     lowest_p=1 / (1 + shuffles), seed=seed))


def compare_specifications(tokens: pd.DataFrame, quotes: pd.DataFrame | None = None
                           ) -> pd.DataFrame:
    """
    Ask for the closest pair under every declared choice, the default first.

    One row per specification: tf, idf, names (kept, dropped), function_words (kept,
    dropped), words (all; the author's only, where `quotes` are given), the closest pair
    and its cosine, the runner-up and its cosine, and the mean over all pairs.
    """
    rows = []
    for choice, names, square in _specifications(tokens, quotes):
        upper = np.array(list(combinations(range(len(names)), 2)), int).reshape(-1, 2)
        cosine = square[upper[:, 0], upper[:, 1]]
        order = [i for i in np.argsort(-cosine, kind="stable") if not np.isnan(cosine[i])][:2]
        best = [v for i in order for v in (" + ".join(names[j] for j in upper[i]), cosine[i])]
        mean = np.nanmean(cosine) if len(order) else np.nan
        rows.append((*choice, *best, *[None, np.nan] * (2 - len(order)), mean))
    result = pd.DataFrame(rows, columns=[
        "tf", "idf", "names", "function_words", "words", "closest", "cosine", "runner_up",
        "runner_up_cosine", "mean_cosine"])
    return add_ledger(result, Ledger(
        "specifications", "specification", len(result), 0,
        notes=("all use the same texts, so they are not independent evidence",)))


def cluster_documents(tokens: pd.DataFrame, quotes: pd.DataFrame | None = None, *,
                      tf: str = "count", idf: str = "smooth", seed: int = 0) -> pd.DataFrame:
    """
    Cluster the articles by average linkage on 1 - cosine, with the support of each merge.

    One row per merge, closest first: `left`, `right` (numbers as in scipy's linkage: an
    article's place in `attrs["documents"]`, or the number of articles plus a merge),
    `height`, `size`, `members` ("a|b"), the shares of specifications and of
    delete-one-sentence replicates in which the same articles form a cluster, and
    `verdict`, "unstable" where either is below 0.7. The last merge holds all articles, so
    its support is 1 whatever the texts say.

    Sokal and Michener (1958), University of Kansas Science Bulletin 38, 1409–1438.
    """
    found = sentence_terms(tokens)
    square = _cosines(_sum_up(found, found.owner), tf, idf)
    _warn_of_wordless(found.documents, square)
    kept = [i for i in range(len(square)) if not np.isnan(square[i, i])]
    if len(kept) < 2:
        raise CorpusError(f"clusters: {len(kept)} articles with words; it takes two or more")
    names = [found.documents[i] for i in kept]
    tree = _linkage(square[np.ix_(kept, kept)])
    specified = [_groups(n, s) for _, n, s in _specifications(tokens, quotes)]
    deleted = [_groups(found.documents, s) for s in _less_a_sentence(found, square, tf, idf, seed)]
    rows = []
    for merge, members in zip(tree, _members(tree, names), strict=True):
        shares = [np.mean([members in groups for groups in many]) if many else np.nan
                  for many in (specified, deleted)]
        rows.append((int(merge[0]), int(merge[1]), merge[2], int(merge[3]),
                     "|".join(sorted(members)), *shares,
                     "unstable" if min(shares) < UNSTABLE else "stable"))
    result = pd.DataFrame(rows, columns=["left", "right", "height", "size", "members",
                                         "support_specifications", "support_sentences", "verdict"])
    result.attrs = {"documents": names}
    return add_ledger(result, Ledger(
        "clusters", "article", len(names), 0, seed=seed,
        notes=(f"support from {len(specified)} specifications and {len(deleted)} replicates that "
               "each lack one sentence",)))


def sentence_terms(tokens: pd.DataFrame, *, by: str = "article_id") -> SentenceTerms:
    """Count the terms of each sentence; documents without words are known by their names."""
    kept = tokens[tokens["term"].str.len() > 1]
    known = tokens.attrs.get("documents", []) if by == "article_id" else []
    documents = sorted(known or kept[by].unique())
    sentence = kept.groupby([by, "sentence"], sort=True)
    extent = sentence.agg(article=("article_id", "first"), start=("start", "min"),
                          end=("end", "max"))
    column, terms = pd.factorize(kept["term"], sort=True)
    matrix = csr_matrix((np.ones(len(kept)), (sentence.ngroup().to_numpy(), column)),
                        shape=(len(extent), len(terms)))
    owner = pd.Index(documents).get_indexer(extent.index.get_level_values(0))
    labels = [f"{a}:{s}-{e}" for a, s, e in extent.itertuples(index=False)]
    return SentenceTerms(documents, owner, labels, matrix)


def _sum_up(found: SentenceTerms, owner: np.ndarray) -> csr_matrix:
    """Add the sentences up to documents."""
    place = csr_matrix((np.ones(len(owner)), (owner, np.arange(len(owner)))),
                       shape=(len(found.documents), len(owner)))
    return place @ found.matrix


def _cosines(counts: csr_matrix, tf: str, idf: str) -> np.ndarray:
    """Return the square of cosines; NaN for documents without words."""
    if counts.shape[1] == 0:
        return np.full((counts.shape[0],) * 2, np.nan)
    rows = weigh(counts, tf=tf, idf=idf)
    return _blank((rows @ rows.T).toarray().clip(0, 1), counts)


def _blank(square: np.ndarray, counts: csr_matrix) -> np.ndarray:
    wordless = counts.getnnz(axis=1) == 0
    square[wordless] = np.nan
    square[:, wordless] = np.nan
    return square


def _warn_of_wordless(documents: list[str], square: np.ndarray) -> None:
    wordless = [name for name, c in zip(documents, np.diag(square), strict=True) if np.isnan(c)]
    if wordless:
        warnings.warn(f"no cosine for {', '.join(wordless)}: no words to compare", stacklevel=3)


def _jackknife(found: SentenceTerms, observed: np.ndarray, tf: str,
               idf: str) -> tuple[np.ndarray, dict[tuple[int, int], str]]:
    """Return the standard errors, and for each pair the sentence that matters most."""
    n = len(found.documents)
    variance, strongest = np.zeros((n, n)), {}
    for document, sentences, cosines in _deletions(found, tf, idf):
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
    se[observed > 1 - _TINY] = 0  # identical documents: the cosine is at its limit
    return se, {pair: label for pair, (_, label) in strongest.items()}


def _deletions(found: SentenceTerms, tf: str,
               idf: str) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """For each document, its cosine with every other when it loses one sentence, idf fixed."""
    counts = _sum_up(found, found.owner)
    if counts.nnz == 0:
        return
    weight = TfidfTransformer(sublinear_tf=tf == "log", use_idf=idf != "none",
                              smooth_idf=idf == "smooth").fit(counts)
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


def _null(found: SentenceTerms, observed: np.ndarray, tf: str, idf: str, *, shuffles: int,
          seed: int) -> tuple[np.ndarray, np.ndarray, Ledger]:
    """Return the mean of each cosine over the shuffles, its p, and the ledger."""
    total, as_high = np.zeros_like(observed), np.zeros_like(observed)
    for square in _shuffled(found, tf, idf, shuffles, seed):
        total += square
        as_high += square >= observed - _TINY
    gone = np.isnan(observed) | (shuffles == 0)
    pairs = len(observed) * (len(observed) - 1) // 2
    ledger = Ledger("similarity", "sentence", len(found.labels), pairs if shuffles else 0,
                    lowest_p=1 / (1 + shuffles) if shuffles else None,
                    seed=seed if shuffles else None)
    return (np.where(gone, np.nan, total / max(shuffles, 1)),
            np.where(gone, np.nan, (1 + as_high) / (1 + shuffles)), ledger)


def _shuffled(found: SentenceTerms, tf: str, idf: str, shuffles: int,
              seed: int) -> Iterator[np.ndarray]:
    """Yield the square of cosines of each shuffle; small corpora many shuffles at a time."""
    generator, n = np.random.default_rng(seed), len(found.documents)
    if found.matrix.shape[1] == 0 or n * found.matrix.shape[1] > _SMALL:
        for _ in range(shuffles):
            yield _cosines(_sum_up(found, generator.permutation(found.owner)), tf, idf)
        return
    terms = found.matrix.toarray()
    for first in range(0, shuffles, _AT_ONCE):
        size = min(_AT_ONCE, shuffles - first)
        owners = [generator.permutation(found.owner) for _ in range(size)]
        place = (np.arange(n)[:, None] == np.array(owners)[:, None]).astype(float)
        counts = place @ terms
        rows = weigh_many(counts, tf=tf, idf=idf)
        wordless = np.where(counts.any(axis=2), 0, np.nan)
        yield from ((rows @ rows.transpose(0, 2, 1)).clip(0, 1)
                    + wordless[:, :, None] + wordless[:, None])


def _shuffles(asked: int | None, found: SentenceTerms) -> int:
    if asked is None:
        return SHUFFLES if len(found.documents) <= 20 else SHUFFLES_OF_MANY
    return asked


def _share(hits: np.ndarray, count: int) -> float:
    return (1 + int(hits.sum())) / (1 + count)


def _gap(cosine: np.ndarray, home: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    same = home[a] == home[b]
    return cosine[same].mean() - cosine[~same].mean()


def _specifications(tokens: pd.DataFrame, quotes: pd.DataFrame | None
                    ) -> Iterator[tuple[tuple[str, ...], list[str], np.ndarray]]:
    """Yield every choice with its documents and their cosines, the default first."""
    voices = {"all": tokens}
    if quotes is not None:
        voices["author's"] = keep_author_words(tokens, quotes)
    for words, names, grammar in product(voices, ("kept", "dropped"), ("kept", "dropped")):
        some = voices[words] if names == "kept" else drop_names(voices[words])
        some = some if grammar == "kept" else drop_function_words(some)
        found = sentence_terms(some)
        counts = _sum_up(found, found.owner)
        for tf, idf in product(TF, IDF):
            yield (tf, idf, names, grammar, words), found.documents, _cosines(counts, tf, idf)


def _less_a_sentence(found: SentenceTerms, square: np.ndarray, tf: str, idf: str,
                     seed: int) -> list[np.ndarray]:
    """Return the square of cosines without each sentence in turn (500 of them at most)."""
    drawn = np.arange(len(found.owner))
    if len(drawn) > _MOST_REPLICATES:
        drawn = np.random.default_rng(seed).choice(drawn, _MOST_REPLICATES, replace=False)
    wanted, squares = set(drawn.tolist()), []
    for document, sentences, cosines in _deletions(found, tf, idf):
        for sentence, row in zip(sentences.tolist(), cosines, strict=True):
            if sentence in wanted and not np.isnan(row).all():
                changed = square.copy()
                changed[document] = changed[:, document] = row
                changed[document, document] = 1
                squares.append(changed)
    return squares


def _linkage(square: np.ndarray) -> np.ndarray:
    distance = 1 - square
    np.fill_diagonal(distance, 0)
    return linkage(squareform((distance + distance.T) / 2, checks=False), "average")


def _members(tree: np.ndarray, names: list[str]) -> list[frozenset[str]]:
    groups = [frozenset([name]) for name in names]
    for left, right, *_ in tree:
        groups.append(groups[int(left)] | groups[int(right)])
    return groups[len(names):]


def _groups(names: list[str], square: np.ndarray) -> set[frozenset[str]]:
    kept = [i for i in range(len(names)) if not np.isnan(square[i, i])]
    if len(kept) < 2:
        return set()
    return set(_members(_linkage(square[np.ix_(kept, kept)]), [names[i] for i in kept]))
