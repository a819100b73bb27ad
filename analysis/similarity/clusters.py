"""Clusters of articles, and how far they hang on one sentence or choice."""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform

from analysis.ledger import Ledger, add_ledger
from analysis.similarity.cosines import (
    SentenceTerms,
    cosines_of,
    deletions,
    sentence_terms,
    sum_up,
    warn_of_wordless,
)
from analysis.tables import CorpusError
from analysis.topics.choices import drop_function_words, drop_names, keep_author_words
from analysis.topics.weights import IDF, TF

UNSTABLE = 0.7
_MOST_REPLICATES = 500


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
    `verdict`, "unstable" where either is below 0.7. A merge that only the order of the
    articles decides, others being as near, has no support. The last merge holds all
    articles, so its support is 1 whatever the texts say.

    Sokal and Michener (1958), University of Kansas Science Bulletin 38, 1409–1438.
    """
    found = sentence_terms(tokens)
    square = cosines_of(sum_up(found), tf, idf)
    warn_of_wordless(found.documents, square)
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
        counts = sum_up(found)
        for tf, idf in product(TF, IDF):
            yield (tf, idf, names, grammar, words), found.documents, cosines_of(counts, tf, idf)


def _less_a_sentence(found: SentenceTerms, square: np.ndarray, tf: str, idf: str,
                     seed: int) -> list[np.ndarray]:
    """Return the square of cosines without each sentence in turn (500 of them at most)."""
    drawn = np.arange(len(found.owner))
    if len(drawn) > _MOST_REPLICATES:
        drawn = np.random.default_rng(seed).choice(drawn, _MOST_REPLICATES, replace=False)
    wanted, squares = set(drawn.tolist()), []
    for document, sentences, cosines in deletions(found, tf, idf):
        for sentence, row in zip(sentences.tolist(), cosines, strict=True):
            if sentence in wanted and not np.isnan(row).all():
                changed = square.copy()
                changed[document] = changed[:, document] = row
                changed[document, document] = 1
                squares.append(changed)
    return squares


def _linkage(square: np.ndarray) -> np.ndarray:
    distance = (1 - square).round(12)  # or rounding would part what is equal
    np.fill_diagonal(distance, 0)
    return linkage(squareform((distance + distance.T) / 2, checks=False), "average")


def _members(tree: np.ndarray, names: list[str]) -> list[frozenset[str]]:
    groups = [frozenset([name]) for name in names]
    for left, right, *_ in tree:
        groups.append(groups[int(left)] | groups[int(right)])
    return groups[len(names):]


def _groups(names: list[str], square: np.ndarray) -> set[frozenset[str]]:
    """Return the clusters that both orders of the documents give: ties make others in each."""
    kept = [i for i in range(len(names)) if not np.isnan(square[i, i])]
    if len(kept) < 2:
        return set()
    return set.intersection(*(
        set(_members(_linkage(square[np.ix_(order, order)]), [names[i] for i in order]))
        for order in (kept, kept[::-1])))
