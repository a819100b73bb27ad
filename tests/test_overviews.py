"""Tables and sentences of the framing notebooks: right on the summit, empty where they must be."""

import inspect

import pandas as pd
import pytest

from analysis import answers, answers_voice, evaluation, overviews, traps
from analysis.study import make_study
from analysis.tables import CorpusError

FRAME = """name = "blame"
source = "made up for this test"
matches = ["They blame the council."]
non_matches = ["It rained."]
[[terms]]
term = "blame"
forms = ["blame", "blames", "blamed"]
rule = "who is at fault"
"""
TEXTS = {"a": "Residents blame the council. The council said that nobody was to blame.\n",
         "b": "It rained. “We blame the weather,” said Ann Lee, a farmer.\n"}
TABLES = [f for name, f in inspect.getmembers(overviews, inspect.isfunction)
          if f.__module__ == "analysis.overviews" and name not in ("needs", "widest_curve")]
SENTENCES = [answers_voice.answer_quotes, answers_voice.answer_expert_voice,
             answers_voice.answer_framing, answers_voice.answer_voices,
             answers_voice.answer_what_we_may_say]


@pytest.fixture(scope="module")
def study(event):
    return make_study(event, engine="rules")


@pytest.fixture
def bare(make_event):
    return make_study(make_event(**TEXTS), engine="rules")


@pytest.fixture
def one_frame(make_event):
    folder = make_event(**TEXTS)
    (folder / "frames").mkdir()
    (folder / "frames" / "blame.toml").write_text(FRAME)
    return make_study(folder, engine="rules")


@pytest.mark.parametrize("make", TABLES, ids=lambda f: f.__name__)
def test_every_table_is_filled_on_the_summit_and_has_columns_without_frames(make, study, bare):
    assert len(make(study)) > 0
    assert list(make(bare).columns)


@pytest.mark.parametrize("make", TABLES, ids=lambda f: f.__name__)
def test_one_frame_is_no_contrast(make, one_frame):
    assert isinstance(make(one_frame), pd.DataFrame)


@pytest.mark.parametrize("say", SENTENCES, ids=lambda f: f.__name__)
def test_sentences_are_there_for_every_event(say, study, bare, one_frame):
    for event in (study, bare, one_frame):
        assert len(say(event).split()) > 8
        assert "nan" not in say(event).split()


def test_an_event_without_frames_is_told_how_to_add_one(bare):
    assert "no frames" in answers_voice.answer_framing(bare)


def test_one_frame_is_counted_and_put_to_voices(one_frame):
    said = answers_voice.answer_framing(one_frame)
    assert "one frame, *blame*" in said and "67 % of the 3 frame words" in said, said


def test_plain_counts_take_what_is_excluded_and_own_words_do_not(study):
    plain, own = overviews.count_naively(study), overviews.count_own_words(study)
    assert plain["n"].sum() == len(study.mentions)
    rows = study.mentions[(study.mentions["voice"] == "author") & ~study.mentions["excluded"]]
    assert own["n"].sum() == len(rows)


def test_traps_lie_where_they_say(study):
    found = traps.find_traps(study)
    texts = study.articles.set_index("article_id")["text"]
    words = found[~found["trap"].str.startswith("a frame without")]
    assert all(texts[row.article_id][row.start:row.end] == row.match for row in words.itertuples())
    assert traps.count_traps(found)["places"].sum() == len(found)
    assert found["trap"].nunique() >= 8


def test_marks_alone_miss_what_is_reported_without_them(study):
    told = answers_voice.compare_with_marks(study)
    both = told["attributed"] - told["without_marks"]
    assert (both == told["in_marks"] - told["marked_only"]).all()
    assert told["without_marks"].sum() > 0


def test_the_lean_is_that_of_the_counts():
    counts = pd.DataFrame({"coder": ["machine", "x"], "article_id": "a", "first": [1, 1],
                           "second": [3, 3], "first_own": [1, 1], "second_own": [0, 0]})
    said = answers_voice.answer_paragraphs(counts, ["d", "a"])
    assert "a (1 to 3 in all voices, 1 to 0 in the author's)" in said
    assert "Every coder sees the same in a" in said


def test_topics_and_corpus_have_answers_for_one_article(make_event):
    from analysis.corpus import load_event

    event = load_event(make_event(a="The river rose. The bridge was closed.\n"))
    assert "nothing to compare" in answers.answer_topics(event)
    assert "7 words" in answers.answer_corpus(event)


def test_no_gold_is_said_and_never_an_error_in_a_notebook(bare):
    gold = evaluation.read_gold_quotes(bare)
    assert gold.empty and "Nobody has coded" in answers_voice.answer_gold(gold)
    assert evaluation.measure_attribution(bare).empty
    assert evaluation.list_attribution_errors(bare).empty
    with pytest.raises(CorpusError, match="has no folder gold/"):
        evaluation.evaluate(bare.event.folder)


def test_evaluate_measures_quotes_voices_frames_and_coders(event):
    titles = [title for title, _ in evaluation.evaluate(event.folder, engine="rules", errors=True)]
    assert len(titles) >= 6 and titles[0].startswith("Attribution, rules engine, against coder1")
    assert any("missed, invented" in title for title in titles)


@pytest.mark.parametrize(("value", "said"), [
    (1.0, "All 60 that this event's codes have agree with them; so few do not show errors rarer "
          "than 5 %"),
    (0.8, "F1 0.80 (95 % interval 0.70 to 0.90)"),
])
def test_a_perfect_score_is_not_shown_as_certain(monkeypatch, value, said):
    scores = pd.DataFrame({"type": ["all"], "metric": ["attribution"], "value": [value],
                           "low": [value - 0.1], "high": [value + 0.1], "n": [60]})
    monkeypatch.setattr(answers_voice, "measure_attribution", lambda study: scores)
    assert said in answers_voice._trust(None)
