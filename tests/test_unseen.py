"""Texts written and coded blind: what the program reaches where it was not made to fit."""

from pathlib import Path

import pytest

from analysis.evaluation import code_study
from analysis.frames import find_mentions, load_frames
from analysis.quotes.evaluation import evaluate_quotes, load_gold_quotes
from analysis.study import make_study
from analysis.validation import load_codes, score_codes
from analysis.voices import add_voices

UNSEEN = Path(__file__).parent / "unseen"
# Floors somewhat under what was measured, so that a change for the worse is seen.
FLOORS = {
    ("news", "attribution"): 0.80, ("news", "canonical_speaker"): 0.54, ("news", "role"): 0.56,
    ("news", "affiliation"): 0.68, ("tie", "attribution"): 0.84,
    ("tie", "canonical_speaker"): 0.48, ("tie", "role"): 0.5, ("tie", "affiliation"): 0.5,
    ("press", "attribution"): 0.74, ("press", "canonical_speaker"): 0.7, ("press", "role"): 0.62,
    ("press", "affiliation"): 0.56, ("world", "attribution"): 0.78,
    ("world", "canonical_speaker"): 0.6, ("world", "role"): 0.62, ("world", "affiliation"): 0.53,
}
FRAME_FLOORS = {"desperation": 0.55, "alliance": 0.48}


@pytest.fixture(scope="module")
def studies():
    return {name: make_study(UNSEEN / name) for name in ("news", "tie", "press", "world")}


@pytest.mark.parametrize(("name", "metric"), FLOORS)
def test_quotes_hold_on_unseen_texts(studies, name, metric):
    study = studies[name]
    scores = evaluate_quotes(study.quotes, load_gold_quotes(UNSEEN / name), study.articles,
                             replicates=2).set_index(["type", "metric"])
    assert scores.loc[("all", metric), "value"] >= FLOORS[name, metric]


@pytest.mark.parametrize("frame", FRAME_FLOORS)
def test_frames_hold_on_unseen_texts(studies, event, frame):
    study, frames = studies["tie"], load_frames(event)
    mentions = add_voices(find_mentions(study.articles, frames), study.voices)
    coded = code_study(study._replace(frames=frames, mentions=mentions))
    scores = score_codes(coded, load_codes(UNSEEN / "tie"), frames=["desperation", "alliance"])
    f1 = scores.set_index("question").loc[f"presence of {frame}", "f1"]
    assert f1 >= FRAME_FLOORS[frame]
