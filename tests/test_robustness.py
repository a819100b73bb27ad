"""How far a result hangs on one term, one article, or one choice."""

import math

import pandas as pd
import pytest

from analysis.frames import find_headline_mentions, find_mentions, load_frames, make_frame
from analysis.robustness import (
    CHOICES,
    audit_terms,
    count_statements,
    leave_out_articles,
    leave_out_terms,
    measure_choices,
    run_specifications,
)
from analysis.suggestions import suggest_terms
from analysis.tables import empty, table
from analysis.tokens import tokenize
from analysis.validation import load_codes
from analysis.voices import add_voices, find_marked_voices, find_voices

FRAMES = [
    make_frame({"name": n, "source": "t", "terms": [{"term": t} for t in terms]})
    for n, terms in (("weak", ["weak", "poor", "zebra"]), ("pact", ["pact", "bond"]))
]
TEXTS = {
    "a": "It is weak. It is poor. A pact.",
    "b": "A pact. A bond. It is weak.",
    "c": "It rained.",
}


@pytest.fixture
def told():
    return table(
        "articles",
        pd.DataFrame({"article_id": list(TEXTS), "language": "en", "text": list(TEXTS.values())}),
    )


@pytest.fixture
def mentions(told):
    return add_voices(find_mentions(told, FRAMES), find_voices(told, empty("quotes")))


def codes(**frames):
    return table(
        "codes",
        pd.DataFrame(
            {
                "article_id": list(frames),
                "paragraph": 0,
                "coder": "one",
                "coder_kind": "human",
                "frame": list(frames.values()),
            }
        ),
    )


def specify(articles, mentions, frames, contrast):
    marked = add_voices(mentions, find_marked_voices(articles))
    return run_specifications(
        mentions,
        marked,
        find_headline_mentions(articles, frames),
        contrast=contrast,
        articles=articles["article_id"],
    )


def test_every_term_is_audited(mentions):
    audit = audit_terms(mentions, codes(a="weak", b="pact"), FRAMES).set_index("term")
    assert audit.loc["weak", ["n", "articles", "coded", "right", "precision"]].tolist() == [
        2,
        2,
        2,
        1,
        0.5,
    ]
    assert audit.loc["pact", "precision"] == 0.5 and audit.loc["bond", "precision"] == 1
    assert audit.loc["zebra", ["n", "note"]].tolist() == [0, "never occurs"]
    assert len(audit) == 5


def test_an_audit_without_codes(mentions):
    audit = audit_terms(mentions, empty("codes"), FRAMES)
    assert len(audit) == 5 and audit["precision"].isna().all()


def test_leaving_out_a_term(mentions):
    """a is 2 of 3 weak, b 1 of 3; without `weak` a is 1 of 2 and b 0: a loses its side."""
    rows = leave_out_terms(mentions, contrast=["weak", "pact"]).set_index(["term", "article_id"])
    assert rows.loc[("weak", "a"), "delta"] == pytest.approx(1 / 2 - 2 / 3)
    assert rows.loc[("weak", "b"), "without"] == 0
    assert rows.loc[("weak", "a"), "sign_changed"] and not rows.loc[("weak", "b"), "sign_changed"]
    assert not rows["order_changed"].any()
    assert rows.loc[("pact", "a"), "without"] == 1


def test_an_order_may_change(told):
    told = told.assign(
        text=[
            "It is weak. A pact.",
            "It is poor. It is poor. A pact. A bond. A bond.",
            "It rained.",
        ]
    )
    mentions = add_voices(find_mentions(told, FRAMES), find_voices(told, empty("quotes")))
    rows = leave_out_terms(mentions, contrast=["weak", "pact"])
    assert rows.groupby("term")["order_changed"].first().to_dict() == {
        "bond": True,
        "pact": False,
        "poor": False,
        "weak": True,
    }


def test_leaving_out_what_only_one_article_has(mentions):
    kept = leave_out_articles(mentions)
    assert sorted(kept["term"].unique()) == ["pact", "weak"]
    with pytest.raises(ValueError, match="by='word' is not known; choose match or term"):
        leave_out_articles(mentions, by="word")


def test_the_specifications(told, mentions):
    rows = specify(told, mentions, FRAMES, ["weak", "pact"])
    size = math.prod(map(len, CHOICES.values()))
    assert size >= 96 and rows["specification"].nunique() == size
    assert len(rows) == size * 4
    first = rows[rows["specification"] == 0]
    assert first["default"].all() and not rows.loc[rows["specification"] > 0, "default"].any()
    assert all((first[choice] == values[0]).all() for choice, values in CHOICES.items())
    by_article = first.set_index("article_id")
    assert by_article.loc["a", ["n_first", "n_second"]].tolist() == [2, 1]
    assert by_article.loc["all", "share"] == 0.5 and by_article["share"].isna()["c"]
    assert by_article.loc["a", "balance"] == pytest.approx(1 / 3)
    pd.testing.assert_frame_equal(rows, specify(told, mentions, FRAMES, ["weak", "pact"]))


def test_statements_are_counted_over_specifications(told, mentions):
    rows = specify(told, mentions, FRAMES, ["weak", "pact"])
    statements = count_statements(rows, contrast=["weak", "pact"]).set_index("statement")
    assert set(statements.index) == {
        "a leans to weak",
        "b leans to pact",
        "a has more of weak than b",
    }
    assert (statements["n_judged"] <= statements["n_specifications"]).all()
    # `shared` drops poor and bond, and paragraphs hold both frames: then a is on no side.
    assert statements.loc["a leans to weak", "holds"] == pytest.approx(2 / 3 * 1 / 2)


def test_each_choice_has_its_effect(told, mentions):
    effects = measure_choices(specify(told, mentions, FRAMES, ["weak", "pact"]))
    assert len(effects) == sum(len(values) - 1 for values in CHOICES.values())
    effects = effects.set_index("value")
    # From 2 of 3 to 1 of 2 in sentences and mentions; in paragraphs it is 1 of 2 anyway.
    assert effects.loc["shared", "mean_absolute_change"] == pytest.approx(2 / 3 * 1 / 6)
    assert effects.loc["drop", "mean_absolute_change"] == 0


def test_the_summit_default_comes_first_and_matters(summit, event):
    frames = load_frames(event)
    mentions = add_voices(find_mentions(summit, frames), find_voices(summit, empty("quotes")))
    rows = specify(summit, mentions, frames, event.contrast)
    assert rows["share"].between(0, 1).all()
    assert rows[rows["article_id"] == "all"].groupby("specification")["share"].first().nunique() > 5


def test_suggestions_are_for_the_user_to_accept(summit, event):
    frames, marked = load_frames(event), load_codes(event)
    suggested = suggest_terms(tokenize(summit), marked, frames, n=5)
    assert suggested.groupby("frame").size().to_dict() == {"alliance": 5, "desperation": 5}
    assert not suggested["accept"].any() and (suggested["n_target"] > 0).all()
    forms = {form for frame in frames for term in frame.terms for form in term.forms}
    assert not set(suggested["term"]) & forms
    assert suggest_terms(tokenize(summit), marked.assign(frame="both"), frames).empty
    assert suggest_terms(tokenize(summit), empty("codes"), frames).empty
