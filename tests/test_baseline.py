"""The supervised baseline: honest splits, honest refusals."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss

from analysis.baseline import FEWEST_POSITIVES, brier_skill, measure_calibration, train_baseline
from analysis.tables import table
from analysis.tokens import find_paragraphs
from analysis.validation import load_codes


def made(frames_of, articles=4, paragraphs=30):
    """Make articles whose paragraphs name their frame in a word, but for a word of their own."""
    texts, codes = [], []
    for a in range(articles):
        names = [frames_of(a, p) for p in range(paragraphs)]
        texts.append(
            "\n\n".join(
                f"The word of it is {name} here, number {p}." for p, name in enumerate(names)
            )
        )
        codes += [
            (f"a{a}", p, "one", "human", name, "author", None, None) for p, name in enumerate(names)
        ]
    told = table(
        "articles",
        pd.DataFrame(
            {"article_id": [f"a{a}" for a in range(articles)], "language": "en", "text": texts}
        ),
    )
    return told, find_paragraphs(told), table("codes", codes)


def test_it_learns_what_can_be_learned():
    scores, predictions = train_baseline(*made(lambda a, p: ("D", "A")[p % 2]), frames=["D"])
    assert scores["auc"].eq(1).all() and (scores["skill"] > 0.8).all()
    assert len(predictions) == 2 * 4 * 30 and predictions["probability"].between(0, 1).all()
    assert (scores["note"] == "").all() and scores["folds"].tolist() == [4, 4]


def test_an_article_never_stands_on_both_sides():
    """Where the article alone tells the frame, only the random split can profit."""

    def frames_of(a, p):
        return "D" if a % 2 else "A"

    told, paragraphs, codes = made(frames_of)
    texts = [
        f"{t}".replace("word", f"word{a}").replace(" D ", " x ").replace(" A ", " x ")
        for a, t in enumerate(told["text"])
    ]
    told = told.assign(text=texts)
    scores = train_baseline(told, find_paragraphs(told), codes, frames=["D"])[0].set_index("split")
    assert scores.loc["random", "auc"] == pytest.approx(1)
    assert scores.loc["grouped", "auc"] < 0.8


def test_brier_reference_values():
    coded = [1, 0, 1, 1, 0, 0, 1, 0]
    probability = [0.9, 0.2, 0.6, 0.4, 0.3, 0.1, 0.8, 0.7]
    brier, base, skill = brier_skill(coded, probability, [0.5] * 8)
    assert brier == pytest.approx(brier_score_loss(coded, probability)) == pytest.approx(0.15)
    assert (base, skill) == pytest.approx((0.25, 0.4))


def test_the_base_rate_has_no_skill(event, summit):
    scores, predictions = train_baseline(
        summit, find_paragraphs(summit), load_codes(event), frames=event.contrast
    )
    for _, part in predictions.groupby(["frame", "split"]):
        assert brier_skill(part["coded"], part["base"], part["base"])[2] == 0
    assert scores["n"].eq(64).all()  # 70 paragraphs, 6 of them furniture
    assert scores["note"].str.startswith("not calibrated: ").all()


def test_few_positives_are_not_calibrated(event, summit):
    predictions = train_baseline(
        summit, find_paragraphs(summit), load_codes(event), frames=["desperation"]
    ).predictions
    grouped = predictions[predictions["split"] == "grouped"]
    with pytest.raises(ValueError, match=f"19 positives, and {FEWEST_POSITIVES} are the least"):
        measure_calibration(grouped)


def test_calibration_counts_its_bins():
    predictions = pd.DataFrame(
        {"probability": np.linspace(0, 1, 201), "coded": [0] * 101 + [1] * 100}
    )
    bins = measure_calibration(predictions)
    assert bins["n"].sum() == 201 and bins["found"].iloc[0] == 0 and bins["found"].iloc[-1] == 1
    assert ((bins["predicted"] >= bins["low"]) & (bins["predicted"] <= bins["high"])).all()


def test_one_class_has_no_auc():
    scores = train_baseline(*made(lambda a, p: "D"), frames=["D", "A"])[0]
    assert scores["auc"].isna().all() and scores["note"].str.contains("one class only").all()


def test_one_article_is_too_few():
    with pytest.raises(ValueError, match="1 articles with codes"):
        train_baseline(*made(lambda a, p: "D", articles=1), frames=["D"])
