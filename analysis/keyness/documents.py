"""The table `keyness`: each document against the others, term by term."""

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pandas as pd
from scipy.stats import chi2, false_discovery_control

from analysis.keyness.measures import (
    Floats,
    bic,
    conservative_log_ratio,
    dispersion,
    holm,
    log_likelihood,
    log_odds,
    log_odds_ratio,
    log_ratio,
    log_ratio_interval,
    percent_difference,
    simple_maths,
    sums,
)
from analysis.keyness.shuffling import lowest_sentence_p, permute_sentences
from analysis.ledger import Ledger, add_ledger
from analysis.similarity.chance import settle_shuffles
from analysis.similarity.cosines import SentenceTerms, sentence_terms
from analysis.tables import CorpusError, table

FEWEST = 3  # occurrences below which a term is too rare to test
PRIOR_WORDS = 100.0


def measure_keyness(tokens: pd.DataFrame, *, against: str = "rest", alpha: float = 0.05,
                    shuffles: int | None = None, seed: int = 0) -> pd.DataFrame:
    """
    Measure how far each term marks out each article against the others.

    One row per article, reference and term that occurs in either, highest conservative
    Log Ratio first: see `TABLES["keyness"]`. against="rest" sets each article against all
    the others together, "pairs" against each other one. Terms that occur fewer than 3
    times are listed as "too rare" and not tested. Corrections (Bonferroni in
    `lr_conservative`, Holm, Benjamini and Hochberg) run over the terms tested in one
    comparison. The prior of `logodds` is the pooled rate times 100 words: it uses the
    same texts twice. `p_perm` shuffles whole sentences between target and reference
    (1,999 times; left out above 20 articles unless asked for).

    Raises CorpusError where fewer than two articles have words.
    """
    found = sentence_terms(tokens)
    words = np.bincount(found.owner, sums(found.matrix, 1), minlength=len(found.documents))
    if (words > 0).sum() < 2:
        raise CorpusError(f"keyness: {(words > 0).sum()} articles with words; a comparison "
                          "takes two")
    shuffles = settle_shuffles(shuffles, len(found.documents), of_many=0)
    terms = np.sort(tokens["term"][tokens["term"].str.len() > 1].unique().to_numpy(dtype=object))
    pairs = list(_comparisons(words, against))
    parts = [_compare(found, terms, pair, alpha=alpha, shuffles=shuffles, seed=seed)
             for pair in pairs]
    result = rank_terms(pd.concat(parts, ignore_index=True))
    tests = int(result["p"].notna().sum())
    if not shuffles:
        return add_ledger(result, Ledger("keyness", "word", int(words.sum()), tests, alpha))
    return add_ledger(result, Ledger("keyness", "sentence", len(found.labels), tests, alpha,
                                     _lowest_p(found, pairs, shuffles), seed))


def top_keywords(keyness: pd.DataFrame, n: int = 10, *,
                 distinguishable: bool = False) -> pd.DataFrame:
    """
    Keep the `n` terms that most mark out each document, rates above the reference's only.

    One row per document, reference and `rank`: by the conservative Log Ratio, then, where
    that is 0 (not distinguishable), by G2. distinguishable=True keeps only the former.
    """
    kept = keyness[keyness["p"].notna() & (keyness["g2"] > 0)]
    if distinguishable:
        kept = kept[kept["lr_conservative"] > 0]
    pairs = ["document", "reference"]
    kept = rank_terms(kept).groupby(pairs).head(n)
    return kept.assign(rank=kept.groupby(pairs).cumcount() + 1).reset_index(drop=True)


def rank_terms(keyness: pd.DataFrame) -> pd.DataFrame:
    """Sort the terms of each comparison, the one that most marks out the target first."""
    return keyness.sort_values(["document", "reference", "lr_conservative", "g2", "term"],
                               ascending=[True, True, False, False, True], kind="stable",
                               ignore_index=True)


def add_teaching_measures(keyness: pd.DataFrame, *, k: float = 1000) -> pd.DataFrame:
    """Add the measures other tools print: percent_difference, odds ratio, bic, simple_maths."""
    counts = [keyness[c].to_numpy() for c in ("n_target", "n_ref", "words_target", "words_ref")]
    odds, se = log_odds_ratio(*counts)
    return keyness.assign(
        percent_difference=percent_difference(*counts), odds_ratio=np.exp(odds),
        odds_low=np.exp(odds - 1.959964 * se), odds_high=np.exp(odds + 1.959964 * se),
        bic=bic(keyness["g2"], *counts[2:]), simple_maths=simple_maths(*counts, k=k))


def _lowest_p(found: SentenceTerms, pairs: list[tuple[int, list[int]]], shuffles: int) -> float:
    """Return the lowest `p_perm` that any of the comparisons can give."""
    sizes = np.bincount(found.owner, minlength=len(found.documents)).tolist()
    return min(lowest_sentence_p(sizes[target] + sum(sizes[i] for i in reference), sizes[target],
                                 shuffles) for target, reference in pairs)


def _comparisons(words: np.ndarray, against: str) -> Iterator[tuple[int, list[int]]]:
    """Yield each target with the documents that are its reference, the wordless left out."""
    kept = np.flatnonzero(words > 0).tolist()
    if against == "rest":
        return ((i, [j for j in kept if j != i]) for i in kept)
    if against == "pairs":
        return ((i, [j]) for i, j in permutations(kept, 2))
    raise ValueError(f"against={against!r}; it is 'rest' or 'pairs'")


def _compare(found: SentenceTerms, terms: np.ndarray, pair: tuple[int, list[int]], *,
             alpha: float, shuffles: int, seed: int) -> pd.DataFrame:
    """Measure every term of one comparison."""
    target, reference = pair
    parts = [target, *reference]
    rows = np.flatnonzero(np.isin(found.owner, parts))
    matrix, owner = found.matrix[rows], found.owner[rows]
    used = np.flatnonzero(matrix.getnnz(axis=0))
    matrix = matrix[:, used].tocsr()
    by_part = np.stack([sums(matrix[owner == part], 0) for part in parts])
    spread = pd.DataFrame({
        "term": terms[used], "n_articles": (by_part > 0).sum(axis=0),
        "n_sentences": matrix.getnnz(axis=0), "dp": dispersion(by_part.T, by_part.sum(axis=1))})
    names = found.documents
    return compare_counts(
        by_part[0], by_part[1:].sum(axis=0), spread,
        (names[target], names[reference[0]] if len(reference) == 1 else "rest"), alpha=alpha,
        p_perm=permute_sentences(matrix, owner == target, shuffles, seed) if shuffles else np.nan)


def compare_counts(a: Floats, b: Floats, spread: pd.DataFrame, names: tuple[str, str], *,
                   alpha: float = 0.05, p_perm: Floats | float = np.nan) -> pd.DataFrame:
    """
    Measure every term of target and reference, called `names`, from its counts in each.

    `spread` has a row per term: term, n_articles, n_sentences and dp over both. One row
    per term, in the same order, with the columns of `measure_keyness`.
    """
    n1, n2 = a.sum(), b.sum()
    tested = a + b >= FEWEST
    g2 = log_likelihood(a, b, n1, n2)
    delta, z = log_odds(a, b, n1, n2, prior=PRIOR_WORDS * (a + b) / (n1 + n2))
    low, high = log_ratio_interval(a, b, n1, n2, alpha=alpha)
    lrc = conservative_log_ratio(a, b, n1, n2, alpha=alpha, tests=int(tested.sum()))
    p, p_holm, p_bh = _p_values(g2, tested)
    return table("keyness", spread.assign(
        document=names[0], reference=names[1], n_target=a.astype(int), n_ref=b.astype(int),
        words_target=int(n1), words_ref=int(n2), rate_target=1000 * a / n1,
        rate_ref=1000 * b / n2, g2=g2, log_ratio=log_ratio(a, b, n1, n2), lr_low=low,
        lr_high=high, lr_conservative=np.where(tested, lrc, 0.0), logodds=delta, z=z, p=p,
        p_holm=p_holm, p_bh=p_bh, p_perm=np.where(tested, p_perm, np.nan),
        note=_notes(a, b, spread["n_articles"].to_numpy(), tested)))


def _p_values(g2: Floats, tested: np.ndarray) -> list[Floats]:
    """Return p, Holm's and Benjamini and Hochberg's; missing where not tested."""
    columns = [np.full(len(g2), np.nan) for _ in range(3)]
    if tested.any():
        p = chi2.sf(np.abs(g2[tested]), 1)
        for column, values in zip(columns, (p, holm(p), false_discovery_control(p)), strict=True):
            column[tested] = values
    return columns


def _notes(a: Floats, b: Floats, articles: np.ndarray, tested: np.ndarray) -> np.ndarray:
    """Say of each term what to beware of."""
    remarks = ("too rare", "zero replaced by 0.5", "in one article only")
    said = np.array(["; ".join(remark for bit, remark in enumerate(remarks) if number >> bit & 1)
                     for number in range(8)], dtype=object)
    return said[~tested + 2 * ((a == 0) | (b == 0)) + 4 * (articles == 1)]
