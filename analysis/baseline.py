"""
A supervised baseline: words in, frame out, for teaching what few articles can train.

TF-IDF and logistic regression from scikit-learn. Paragraphs of one article never stand on
both sides of a split; the same with random splits is shown beside it, and is too kind.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import make_pipeline

from analysis.agreement import has_frame
from analysis.text import word_spans

FEWEST_POSITIVES = 50  # below this no calibration is shown
FOLDS = 5


class Baseline(NamedTuple):
    """What the baseline reached, and its prediction for each paragraph when it was left out."""

    scores: pd.DataFrame
    predictions: pd.DataFrame


def train_baseline(articles: pd.DataFrame, paragraphs: pd.DataFrame, codes: pd.DataFrame, *,
                   frames: Sequence[str], coder: str | None = None, seed: int = 0) -> Baseline:
    """
    Train and test a classifier for each frame by cross-validation, grouped and at random.

    `scores`: one row per frame and split (grouped, random) with n, positives, articles, folds,
    auc, brier, brier_base (of always saying the share of positives in the training articles),
    skill (1 less their ratio; below 0 is worse than that) and a `note`, which says what was
    refused. `predictions`: article_id, paragraph, frame, split, coded, probability, base.
    Furniture is left out. `coder` defaults to the first. Raises ValueError with fewer than
    two coded articles.

    Brier (1950), Monthly Weather Review 78(1), 1–3.
    """
    coder = codes["coder"].iloc[0] if coder is None and len(codes) else coder
    units = paragraphs[paragraphs["kind"] != "furniture"].merge(
        codes.loc[codes["coder"] == coder, ["article_id", "paragraph", "frame"]],
        on=["article_id", "paragraph"])
    if units["article_id"].nunique() < 2:
        raise ValueError(f"{units['article_id'].nunique()} articles with codes; a classifier "
                         "that is tested on articles it has not seen takes two")
    source = articles.set_index("article_id")["text"]
    texts = np.array([source[a][s:e] for a, s, e in zip(
        units["article_id"], units["start"], units["end"], strict=True)], dtype=object)
    parts = [_predict(units, texts, frame, split, seed)
             for frame in frames for split in ("grouped", "random")]
    predictions = pd.concat(parts, ignore_index=True)
    rows = [_score(part, frame, split)
            for (frame, split), part in predictions.groupby(["frame", "split"], sort=False)]
    return Baseline(pd.DataFrame(rows), predictions)


def measure_calibration(predictions: pd.DataFrame, *, bins: int = 5) -> pd.DataFrame:
    """
    Set what was predicted against what was found: one row per bin, with its count.

    Columns: low, high, n, predicted (mean probability), found (share coded). Raises
    ValueError with fewer than 50 positives, which cannot bear a curve.
    """
    positives = int(predictions["coded"].sum())
    if positives < FEWEST_POSITIVES:
        raise ValueError(_refusal(positives))
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.digitize(predictions["probability"], edges) - 1, 0, bins - 1)
    sums = predictions.groupby(place).agg(n=("coded", "size"), predicted=("probability", "mean"),
                                          found=("coded", "mean")).reindex(range(bins))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:],
                         "n": sums["n"].fillna(0).astype(int).to_numpy(),
                         "predicted": sums["predicted"].to_numpy(),
                         "found": sums["found"].to_numpy()})


def brier_skill(coded: Sequence[float], probability: Sequence[float], base: Sequence[float]
                ) -> tuple[float, float, float]:
    """
    Return the Brier score, that of the base rate, and the skill, 1 less their ratio.

    >>> y, p = [1, 0, 1, 1, 0, 0, 1, 0], [.9, .2, .6, .4, .3, .1, .8, .7]
    >>> [round(x, 6) for x in brier_skill(y, p, [.5] * 8)]
    [0.15, 0.25, 0.4]
    """
    mine = float(np.mean((np.asarray(probability) - np.asarray(coded)) ** 2))
    theirs = float(np.mean((np.asarray(base) - np.asarray(coded)) ** 2))
    return mine, theirs, 1 - mine / theirs if theirs else float("nan")


def _predict(units: pd.DataFrame, texts: np.ndarray, frame: str, split: str, seed: int
             ) -> pd.DataFrame:
    """Predict each paragraph from a model that has not seen it (nor, grouped, its article)."""
    coded = has_frame(units["frame"], frame).to_numpy(float)
    groups = units["article_id"].to_numpy()
    folds = min(FOLDS, len(np.unique(groups)))
    splitter = GroupKFold(folds) if split == "grouped" else \
        KFold(folds, shuffle=True, random_state=seed)
    probability, base = np.zeros(len(coded)), np.zeros(len(coded))
    for train, test in splitter.split(texts, coded, groups if split == "grouped" else None):
        base[test] = coded[train].mean()
        probability[test] = _fit(texts[train], coded[train], texts[test])
    return pd.DataFrame({"article_id": groups, "paragraph": units["paragraph"].to_numpy(),
                         "frame": frame, "split": split, "coded": coded,
                         "probability": probability, "base": base})


def _fit(texts: np.ndarray, coded: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Fit on some paragraphs, and return the probability of the frame in others."""
    if len(np.unique(coded)) < 2:
        return np.full(len(wanted), coded.mean())
    model = make_pipeline(TfidfVectorizer(analyzer=_terms, sublinear_tf=True),
                          LogisticRegression(max_iter=1000))
    return model.fit(texts, coded).predict_proba(wanted)[:, 1]


def _terms(text: str) -> list[str]:
    return [word.term for word in word_spans(text)]


def _score(part: pd.DataFrame, frame: str, split: str) -> dict:
    coded, probability = part["coded"].to_numpy(), part["probability"].to_numpy()
    positives = int(coded.sum())
    brier, base, skill = brier_skill(coded, probability, part["base"])
    both = 0 < positives < len(coded)
    notes = [_refusal(positives)] if positives < FEWEST_POSITIVES else []
    if not both:
        notes.append("one class only: no AUC")
    articles = part["article_id"].nunique()
    return {"frame": frame, "split": split, "n": len(coded), "positives": positives,
            "articles": articles, "folds": min(FOLDS, articles),
            "auc": float(roc_auc_score(coded, probability)) if both else float("nan"),
            "brier": brier, "brier_base": base, "skill": skill, "note": "; ".join(notes)}


def _refusal(positives: int) -> str:
    return (f"not calibrated: {positives} positives, and {FEWEST_POSITIVES} are the least that "
            "can bear a curve")
