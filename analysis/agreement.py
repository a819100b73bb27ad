"""
How well do coders agree, and how sure is that?

Everything is computed from one matrix: for each unit, how many coders chose each value.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

NO_VARIATION = "no variation, alpha undefined"
ONE_CODER = "one coder only, no agreement to measure"


def count_codes(ratings: pd.DataFrame) -> np.ndarray:
    """Count, for each unit (row), the coders (columns) that chose each value; missing is none."""
    values = pd.unique(ratings.stack())
    return np.stack([(ratings == value).sum(axis=1).to_numpy() for value in sorted(values)],
                    axis=1) if len(values) else np.zeros((len(ratings), 0), int)


def krippendorff_alpha(ratings: pd.DataFrame) -> float:
    """
    Compute Krippendorff's alpha for nominal values: one row per unit, one column per coder.

    Units with fewer than two codes do not count. Where only one value was used alpha is not
    defined, and the result is nan.

    Krippendorff (2019), Content Analysis, 4th edition, chapter 12.

    >>> codes = pd.DataFrame({"a": list("DDAAA0000D"), "b": list("DAAA00000D")})
    >>> round(krippendorff_alpha(codes), 6)
    0.705426
    """
    return float(_alpha(count_codes(ratings)[None])[0])


def percent_agreement(ratings: pd.DataFrame) -> float:
    """Compute the share of pairs of codes that agree, averaged over units with a pair."""
    counts = count_codes(ratings)
    pairs = counts.sum(axis=1)
    if not (pairs > 1).any():
        return float("nan")
    counts, pairs = counts[pairs > 1], pairs[pairs > 1]
    return float(((counts * (counts - 1)).sum(axis=1) / (pairs * (pairs - 1))).mean())


def gwet_ac1(ratings: pd.DataFrame) -> float:
    """
    Compute Gwet's AC1, which rare values disturb less than alpha; nan with one value only.

    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61(1), 29–48.
    """
    counts = count_codes(ratings)
    coded = counts[counts.sum(axis=1) > 0]
    if coded.shape[1] < 2:
        return float("nan")
    share = (coded / coded.sum(axis=1, keepdims=True)).mean(axis=0)
    chance = (share * (1 - share)).sum() / (coded.shape[1] - 1)
    return (percent_agreement(ratings) - chance) / (1 - chance)


def cohen_kappa(ratings: pd.DataFrame) -> float:
    """
    Compute Cohen's kappa of exactly two coders; nan where chance agreement is complete.

    Cohen (1960), Educational and Psychological Measurement 20(1), 37–46.
    """
    if ratings.shape[1] != 2:
        raise ValueError(f"Cohen's kappa is for two coders, and there are {ratings.shape[1]}; "
                         "use krippendorff_alpha")
    both = ratings.dropna()
    first, second = (both[column].value_counts(normalize=True) for column in both)
    chance = float((first * second.reindex(first.index, fill_value=0)).sum())
    observed = float((both.iloc[:, 0] == both.iloc[:, 1]).mean())
    return (observed - chance) / (1 - chance) if chance < 1 else float("nan")


def bootstrap_alpha(ratings: pd.DataFrame, *, replicates: int = 2000, seed: int = 0,
                    level: float = 0.95) -> tuple[float, float]:
    """
    Return the ends of alpha's percentile interval, drawing units anew `replicates` times.

    Draws in which only one value occurs have no alpha and are left out; nan if all are.

    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
    """
    counts = count_codes(ratings)
    draws = np.random.default_rng(seed).integers(len(counts), size=(replicates, len(counts)))
    alphas = _alpha(counts[draws])
    alphas = alphas[~np.isnan(alphas)]
    if not len(alphas):
        return float("nan"), float("nan")
    low, high = np.quantile(alphas, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def measure_agreement(codes: pd.DataFrame, *, frames: Sequence[str], replicates: int = 2000,
                      seed: int = 0) -> pd.DataFrame:
    """
    Measure how the coders of `codes` agree: one row per question put to them.

    Questions: the frame, the presence of each of `frames`, the voice, and the presence of each
    voice. Columns: n_units, n_pairable (two codes or more), coders, agreement, alpha with its
    interval `low` to `high`, kappa (two coders), ac1, and a `note` where alpha is undefined.
    .667 and .80 are conventions (Krippendorff 2019), not verdicts.
    """
    rows = []
    for question, ratings in _questions(codes, frames):
        pairable = int((ratings.notna().sum(axis=1) > 1).sum())
        alpha = krippendorff_alpha(ratings)
        low, high = bootstrap_alpha(ratings, replicates=replicates, seed=seed) if pairable \
            else (float("nan"),) * 2
        note = "" if not np.isnan(alpha) else NO_VARIATION if pairable else ONE_CODER
        rows.append((question, len(ratings), pairable, ratings.shape[1], percent_agreement(ratings),
                     alpha, low, high,
                     cohen_kappa(ratings) if ratings.shape[1] == 2 and pairable else float("nan"),
                     gwet_ac1(ratings) if pairable else float("nan"), note))
    return pd.DataFrame(rows, columns=["question", "n_units", "n_pairable", "coders", "agreement",
                                       "alpha", "low", "high", "kappa", "ac1", "note"])


def has_frame(codes: pd.Series, frame: str) -> pd.Series:
    """Say which codes hold the frame: its name, `both`, or a list of names parted by |."""
    return codes.fillna("").map(lambda code: code == "both" or frame in code.split("|"))


def _questions(codes: pd.DataFrame, frames: Sequence[str]) -> list[tuple[str, pd.DataFrame]]:
    """Return each question with its answers: one row per unit, one column per coder."""
    def wide(column: str) -> pd.DataFrame:
        return codes.pivot(index=["article_id", "paragraph"], columns="coder", values=column)

    frame, voice = wide("frame"), wide("voice")
    voices = sorted(pd.unique(voice.stack()))
    return [("frame", frame),
            *((f"presence of {name}", frame.apply(has_frame, frame=name).where(frame.notna()))
              for name in frames),
            ("voice", voice),
            *((f"voice {name}", (voice == name).where(voice.notna())) for name in voices)]


def _alpha(counts: np.ndarray) -> np.ndarray:
    """Compute alpha from counts of shape (replicate, unit, value)."""
    coders = counts.sum(axis=2, keepdims=True)
    counts = np.where(coders > 1, counts, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        agreeing = np.where(coders > 1, counts * (counts - 1) / (coders - 1), 0).sum(axis=(1, 2))
        used = counts.sum(axis=1)
        total = used.sum(axis=1)
        observed = 1 - agreeing / total
        expected = 1 - (used * (used - 1)).sum(axis=1) / (total * (total - 1))
        return np.where(expected > 0, 1 - observed / expected, np.nan)
