"""Evaluation: hand-worked counts, equality with the reference scorer, and floors that hold."""

import importlib.util

import pandas as pd
import pytest

from analysis.quotes import find_attributions, find_quotes
from analysis.quotes.combine import combine
from analysis.quotes.evaluation import (
    evaluate_brat,
    evaluate_quotes,
    load_gold_quotes,
    plain_name,
    quote_agreement,
    quote_errors,
)
from analysis.quotes.rules import rule_attributions
from analysis.quotes.scoring import Claim, Text, count_text
from analysis.tables import CorpusError, spans_text, table

TEXT = (
    "Mayor Ann Lee said the bridge is safe. “We checked it twice,” she added.\n"
    "Critics called the plan “a costly toy” for tourists.\n"
)


def _at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


ONE = Claim([_at("the bridge is safe")], [_at("Mayor Ann Lee")], [_at("said")])
TWO = Claim([_at("“We checked it twice,”")], [_at("she")], [_at("added")])
THREE = Claim([_at("the plan “a costly toy” for tourists")], [_at("Critics")], [_at("called")])


def _value(frame: pd.DataFrame, metric: str, kind: str = "all", column: str = "value") -> float:
    return frame.loc[(frame["type"] == kind) & (frame["metric"] == metric), column].item()


def test_gold_against_itself_is_perfect_in_each_type():
    text = Text(TEXT)
    counts = count_text(text, text.read([ONE, TWO, THREE]), text.read([ONE, TWO, THREE]))
    for kind, n in (("all", 3), ("indirect", 1), ("direct", 1), ("mixed", 1)):
        assert counts[kind, "attribution", "gold"] == counts[kind, "attribution", "right_gold"] == n


def test_half_the_words_and_the_wrong_source_count_as_such():
    """Two of four words overlap by a half; a wrong or missing source is no attribution."""
    text = Text(TEXT)
    found = [Claim([_at("bridge is")], [_at("Critics")]), Claim(TWO.content), THREE]
    counts = count_text(text, text.read([ONE, TWO, THREE]), text.read(found))
    assert counts["all", "quote_50", "right_gold"] == 3
    assert counts["all", "quote_exact", "right_gold"] == 2
    assert counts["all", "attribution", "right_gold"] == 1
    assert counts["all", "speaker", "gold"] == 3


def _table(rows):
    names = [
        "article_id",
        "quote_id",
        "type",
        "content_spans",
        "source_span",
        "source_text",
        "cue_span",
        "cue_text",
        "speaker",
        "role",
        "affiliation",
        "score",
        "rule",
        "act",
    ]
    return table("quotes", pd.DataFrame(rows, columns=names))


@pytest.fixture
def small():
    articles = table(
        "articles", pd.DataFrame({"article_id": ["a"], "language": "en", "text": [TEXT]})
    )
    gold = _table(
        [
            (
                "a",
                "1",
                "indirect",
                spans_text(ONE.content),
                spans_text(ONE.source),
                "Mayor Ann Lee",
                spans_text(ONE.cue),
                "said",
                "Ann Lee",
                "official",
                None,
                1.0,
                "",
                "speech",
            ),
            (
                "a",
                "2",
                "direct",
                spans_text(TWO.content),
                spans_text(TWO.source),
                "she",
                spans_text(TWO.cue),
                "added",
                "Ann Lee",
                "official",
                None,
                1.0,
                "",
                "speech",
            ),
        ]
    )
    return articles, gold


def test_names_are_compared_without_case_apostrophes_and_article(small):
    articles, gold = small
    other = gold.assign(speaker=["ann lee", "Bo Park"], role=["official", "expert"])
    scores = evaluate_quotes(other, gold, articles, replicates=50)
    assert _value(scores, "canonical_speaker") == 0.5
    assert _value(scores, "role") == 0.5
    assert _value(scores, "affiliation") == 1.0
    assert _value(scores, "attribution") == 1.0
    assert plain_name("The O’Hara Trust") == plain_name("the O'Hara trust")


def test_errors_come_with_their_sentence(small):
    articles, gold = small
    errors = quote_errors(gold.iloc[:1].assign(role="expert"), gold, articles)
    assert errors["error"].tolist() == ["role", "missed"]
    for row in errors.itertuples():
        assert TEXT[row.start : row.end] == row.sentence
    assert errors["sentence"].iloc[1] == "“We checked it twice,” she added."


def test_intervals_are_the_same_twice_and_hold_the_value(summit, event):
    gold = load_gold_quotes(event.folder)
    quotes = find_quotes(summit, engine="rules", parties=event.parties)
    first, second = (evaluate_quotes(quotes, gold, summit, replicates=200) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert (first["low"] <= first["value"] + 1e-9).all()
    assert (first["value"] <= first["high"] + 1e-9).all()


def test_the_coders_agree_as_the_datasheet_says(summit, event):
    assert _value(quote_agreement(event.folder, summit), "attribution") == pytest.approx(
        0.992, abs=0.001
    )


@pytest.mark.parametrize("engine", ["rules", "model"])
def test_the_summit_is_read_as_its_coder_read_it(summit, event, engine):
    """Floors: the musts of this task, below what was measured."""
    scores = evaluate_quotes(
        find_quotes(summit, engine=engine, parties=event.parties),
        load_gold_quotes(event.folder),
        summit,
        replicates=20,
    )
    assert _value(scores, "attribution") >= 0.95
    assert _value(scores, "canonical_speaker") >= 0.95
    assert _value(scores, "role") >= 0.95
    assert _value(scores, "affiliation") >= 0.92


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "gold/quotes.csv: cannot be read as a CSV table"),
        ("article_id,quote_id\na,b\n", "there is no column 'type'"),
        (
            "article_id,quote_id,type,content_spans,source_span,cue_span,speaker,role,affiliation\n"
            "a,1,direct,four-9,,,x,official,\n",
            "row 2, content_spans is 'four-9'",
        ),
        (
            "article_id,quote_id,type,content_spans,source_span,cue_span,speaker,role,affiliation\n"
            "a,1,direct,,,,x,official,\n",
            "row 2, content_spans is ''",
        ),
    ],
)
def test_bad_gold_is_refused(tmp_path, content, message):
    (tmp_path / "gold").mkdir()
    if content is not None:
        (tmp_path / "gold" / "quotes.csv").write_text(content, "utf-8")
    with pytest.raises(CorpusError, match=message):
        load_gold_quotes(tmp_path)


def test_an_unknown_coder_is_refused_with_the_known_ones(event):
    with pytest.raises(CorpusError, match="there is no coder 'me'; there are coder1, coder2"):
        load_gold_quotes(event.folder, "me")


def test_rows_of_both_engines_are_joined_once():
    text = "“It rained,” said Ann Lee."
    rules = rule_attributions(text)
    model = [rules[0]._replace(source=None, score=0.9, rule="model")]
    joined = combine(text, model, rules)
    assert [(r.rule, r.source) for r in joined] == [("model+inverted", rules[0].source)]


def test_what_only_the_model_sees_must_be_told():
    """A cue that denies speech is no speech; with `include="all"` the row is kept."""
    text = "Ann Lee did not say what it cost."
    row = rule_attributions("Ann Lee had now said what it cost.")[0]._replace(
        content=((20, 32),), cue=(16, 19), score=0.9, rule="model"
    )
    assert combine(text, [row], []) == []
    assert len(combine(text, [row], [], include="all")) == 1


# ---------------------------------------------------------------- third-party texts


def _scorer(shared):
    spec = importlib.util.spec_from_file_location("scorer", shared / "tools" / "score_quotes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _some(shared, tmp_path, n=24):
    """Copy the first articles of the development split, for one run, to a folder of its own."""
    from shutil import copy

    source = shared / "polnear" / "dev"
    for name in ("text", "attributions"):
        (tmp_path / name).mkdir()
        for path in sorted((source / name).iterdir()):
            if any(
                path.name.startswith(stem.stem)
                for stem in sorted((source / "text").glob("*.txt"))[:: 84 // n]
            ):
                copy(path, tmp_path / name)
    return tmp_path


NAMES = {
    "tokens": "tokens",
    "quote_50": "iou50",
    "quote_80": "iou80",
    "quote_exact": "exact",
    "attribution": "attribution",
    "cue": "cue",
    "source": "source",
}


def test_equals_the_reference_scorer(shared, tmp_path):
    scorer, folder = _scorer(shared), _some(shared, tmp_path)
    ours = evaluate_brat(folder, engine="rules", replicates=0)
    gold = list(scorer.find_gold(folder / "text", folder / "attributions"))
    found = find_attributions([g[2] for g in gold], engine="rules", include="all")
    articles = [
        (
            text,
            quotes,
            [
                {
                    "content": list(a.content),
                    "source": [a.source] if a.source else [],
                    "cue": [a.cue] if a.cue else [],
                }
                for a in rows
            ],
        )
        for (_, _, text, quotes), rows in zip(gold, found, strict=True)
    ]
    theirs = scorer.score(articles)["subsets"]
    for row in ours.itertuples():
        block = theirs[row.type.upper()]
        if row.metric == "speaker":
            assert row.value == pytest.approx(block["speaker_accuracy"]["accuracy"], abs=6e-5)
        else:
            wanted = block[NAMES[row.metric]]
            assert (row.precision, row.recall, row.value) == pytest.approx(
                (wanted["p"], wanted["r"], wanted["f1"]), abs=6e-5
            )


@pytest.mark.parametrize(
    ("engine", "all_rows", "direct"), [("rules", 0.54, 0.80), ("model", 0.62, 0.84)]
)
def test_scores_on_development_texts_do_not_fall(shared, tmp_path, engine, all_rows, direct):
    scores = evaluate_brat(_some(shared, tmp_path), engine=engine, replicates=0)
    assert _value(scores, "attribution") >= all_rows
    assert _value(scores, "attribution", "direct") >= direct


def test_the_originals_are_read(shared):
    """Third-party texts unchanged: every span slices, and the people have one name."""
    files = sorted((shared / "originals").glob("*.txt"))
    texts = []
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            texts.append(file.read())
    articles = table(
        "articles",
        pd.DataFrame({"article_id": [p.stem for p in files], "language": "en", "text": texts}),
    )
    quotes = find_quotes(articles, engine="rules")
    assert quotes["article_id"].nunique() == len(files)
    assert {"Vladimir Putin", "Kim Jong Un"} <= set(quotes["speaker"])
    assert not set(quotes["speaker"]) & {"Putin", "Kim"}
