"""
Which terms mark a document out against the others, and how far can that be trusted?

Every p but `p_perm` takes words as independent draws, which they are not: read intervals
and dispersion first.
"""

from analysis.keyness.documents import (
    add_teaching_measures,
    compare_counts,
    measure_keyness,
    rank_terms,
    top_keywords,
)
from analysis.keyness.measures import (
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
)
from analysis.keyness.shuffling import permute_documents

__all__ = [
    "add_teaching_measures", "bic", "compare_counts", "conservative_log_ratio", "dispersion",
    "holm", "log_likelihood", "log_odds", "log_odds_ratio", "log_ratio", "log_ratio_interval",
    "measure_keyness", "percent_difference", "permute_documents", "rank_terms", "simple_maths",
    "top_keywords",
]
