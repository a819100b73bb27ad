"""Frame files, and the mentions they find."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.frame_terms import Lexicon
from analysis.frames import (
    drop_headlines,
    find_headline_mentions,
    find_mentions,
    load_frames,
    make_frame,
    read_frame,
    read_frames,
)
from analysis.matching import Matcher
from analysis.tables import TABLES, CorpusError, check, table
from analysis.tokens import find_paragraphs

FRAMES = sorted((Path(__file__).resolve().parent.parent / "corpus").glob("*/frames/*.toml"))

COST = """
name = "cost"
source = "made up for the tests"
matches = ["The bridge will cost millions."]
non_matches = ["She wore a costume."]
[lists]
towns = ["Ix"]
[[terms]]
term = "cost"
rule = "C1"
forms = ["cost", "costs", "tax*", "cost of living"]
exclude = [{ before = ["{towns}'s"], reason = "another town", example = "Ix’s cost is known." }]
[[terms]]
term = "dear"
"""


def articles(*texts, title=None):
    return table(
        "articles",
        pd.DataFrame(
            {
                "article_id": [f"a{i}" for i in range(len(texts))],
                "language": "en",
                "text": list(texts),
                "title": title,
            }
        ),
    )


@pytest.fixture
def cost(tmp_path):
    (tmp_path / "cost.toml").write_text(COST, "utf-8")
    return read_frame(tmp_path / "cost.toml")


def write(folder, **files):
    (folder / "frames").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / "frames" / f"{name}.toml").write_text(text, "utf-8")
    return folder


def test_a_hand_worked_case(cost):
    text = "Taxes\nThe cost of living is dear. Ix’s costs are not dear, and nobody’s cost.\n"
    found = find_mentions(articles(text), [cost])
    assert found[["match", "term", "negated", "excluded"]].to_numpy().tolist() == [
        ["Taxes", "cost", False, False],
        ["cost of living", "cost", False, False],
        ["dear", "dear", False, False],
        ["costs", "cost", False, True],
        ["dear", "dear", True, False],
        ["cost", "cost", False, False],
    ]
    assert found["rule"].iloc[3] == "C1: costs; excluded: another town"
    assert found["rule"].iloc[4] == "dear; negated by 'not'"
    assert found["paragraph"].tolist() == [0, 1, 1, 1, 1, 1]
    assert found["sentence"].tolist() == [0, 1, 1, 2, 2, 2]


def test_mentions_slice_back_to_their_text(summit):
    found = check("mentions", find_mentions(summit, load_frames("summit")))
    texts = summit.set_index("article_id")["text"]
    assert all(texts[m.article_id][m.start : m.end] == m.match for m in found.itertuples())
    assert len(found) > 50 and found["voice"].isna().all()
    for _, one in found.groupby(["article_id", "frame"]):
        assert (one["start"].iloc[1:].to_numpy() >= one["end"].iloc[:-1].to_numpy()).all()


def test_furniture_is_not_looked_at(cost):
    text = "Reading time: about 5 minutes\n\nIt was cheap, he said.\n\nRead more: the cost of it\n"
    assert find_mentions(articles(text), [cost]).empty


def test_frames_that_share_a_term_both_count_it(cost):
    twin = cost._replace(name="twin")
    found = find_mentions(articles("It is dear."), [cost, twin])
    assert found[["frame", "match"]].to_numpy().tolist() == [["cost", "dear"], ["twin", "dear"]]


def test_no_frames_and_no_hits_are_empty_tables(cost):
    for frames, text in (([], "It is dear."), ([cost], "It is cheap.")):
        found = find_mentions(articles(text), frames)
        assert found.empty and set(TABLES["mentions"].names) <= set(found)


def test_headlines_come_from_the_text_or_the_front_matter(cost):
    told = articles(
        "A Dear Bridge\n\nIt was built.\n",
        "It was built at a cost.\n",
        title=["unused", "The Cost of It"],
    )
    heads = find_headline_mentions(told, [cost])
    assert heads[["article_id", "headline", "match", "voice"]].to_numpy().tolist() == [
        ["a0", "A Dear Bridge", "Dear", "author"],
        ["a1", "The Cost of It", "Cost", "author"],
    ]
    assert all(h.headline[h.start : h.end] == h.match for h in heads.itertuples())
    body = drop_headlines(find_mentions(told, [cost]), find_paragraphs(told))
    assert body["match"].tolist() == ["cost"]


@pytest.mark.parametrize(
    "change, message",
    [
        ((COST, COST + "["), "cannot be read as TOML"),
        (('source = "made up for the tests"', ""), "has no source"),
        (('name = "cost"', ""), "has no name"),
        (('term = "dear"', 'term = "cost"'), "the term 'cost' is there twice"),
        (
            ('term = "dear"', 'term = "dear"\nforms = ["COSTS"]'),
            "'costs' is in 'cost' and in 'dear'",
        ),
        (('"costs", ', '"costs", "Costs", '), "the form 'costs' of 'cost' is there twice"),
        (("She wore a costume.", "It costs little."), "should not match, but 'costs' does"),
        (("will cost millions", "is old"), "should match, but no term that counts"),
        (('non_matches = ["She wore a costume."]', ""), "needs examples on either side"),
        (("Ix’s cost is", "The cost is"), "the exclusion 'another town' does not apply"),
        (("{towns}", "{tows}"), "needs a list 'tows'"),
        (('rule = "C1"', 'rules = "C1"'), "a field 'rules' that nothing reads"),
        (('forms = ["cost"', 'forms = ["*"'), r"the form '\*' of 'cost' cannot be searched"),
        (('["She wore a costume."]', '"She"'), "'non_matches' is 'She'; write a list"),
    ],
)
def test_a_bad_file_is_told_with_its_name(tmp_path, cost, change, message):
    write(
        tmp_path, cost=COST.replace(*change), good=COST.replace('"cost"\nsource', '"good"\nsource')
    )
    with pytest.raises(CorpusError, match=rf"frames/cost.toml: .*{message}"):
        load_frames(tmp_path)
    problems = []
    assert [frame.name for frame in load_frames(tmp_path, problems)] == ["good"]
    assert [file for file, _ in problems] == ["frames/cost.toml"]


def test_two_files_with_one_name_are_told(tmp_path):
    frames, problems = read_frames(write(tmp_path, a=COST, b=COST))
    assert [frame.file for frame in frames] == ["a.toml"]
    assert "already used by a.toml" in problems["problem"].iloc[0]


def test_an_event_without_frames_has_none(tmp_path):
    assert load_frames(tmp_path) == []


def test_a_frame_needs_terms():
    with pytest.raises(CorpusError, match="has no terms"):
        make_frame({"name": "x", "source": "y"})


@pytest.mark.parametrize("path", FRAMES, ids=lambda p: p.stem)
def test_the_frames_we_ship(path):
    """They read, their examples run, and every exclusion has a reason and an example."""
    frame = read_frame(path)
    assert frame.question and frame.definition and all(term.rule for term in frame.terms)
    assert len(frame.matches) >= 3 and len(frame.non_matches) >= 3
    assert all(c.reason and c.example for term in frame.terms for c in term.exclude)


TRAPS = [  # what fools a naive word list, in sentences made up for the purpose
    ("The US and its Asian allies met.", []),
    ("A U.S.-allied peninsula would be worse for it.", []),
    ("China is the North’s biggest trading partner.", []),
    ("Beijing wants to keep its close ties with South Korea.", []),
    ("The urgent need for trilateral coordination is plain.", []),
    ("Talks lasting several hours took place.", []),
    ("He spoke of an axis of evil.", []),
    ("The ministry declined to comment.", []),
    ("Russia vetoed the non-proliferation treaty.", []),
    ("Both want to show that they are not pariahs.", ["desperation"]),
    ("Moscow, in need of allies, turned to the North for help.", ["desperation"] * 2),
    ("The two pariahs are allies.", ["desperation", "alliance"]),
    ("Kim promised an answer by May.", []),
    ("The town was attacked at dawn.", []),
    ("If either were attacked, the other would fight.", ["alliance"]),
    ("The street was empty.", []),
    ("With its depots all but empty, it asked.", ["desperation"]),
    ("Others pledged Kyiv another package of military help.", []),
    ("Their bond is more than a marriage of convenience.", ["alliance"] * 2),
    ("Their marriage of convenience is an alliance in name.", ["desperation", "alliance"]),
]


@pytest.mark.parametrize("text, frames", TRAPS, ids=[text for text, _ in TRAPS])
def test_traps(text, frames):
    hits = Lexicon(load_frames("summit")).find(text)
    assert [hit.frame for hit in hits if not hit.excluded] == frames


def test_terms_of_the_frames_are_found_as_they_stand():
    """Every form of every frame is found in itself: none is unreachable."""
    for frame in load_frames("summit"):
        forms = [form for term in frame.terms for form in term.forms]
        matcher = Matcher([forms])
        for form in forms:
            text = form.replace("*", "")
            assert [(p.start, p.end) for p in matcher.find(text)] == [(0, len(text))], form
