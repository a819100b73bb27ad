"""Events and articles: what is read, and what each bad file says."""

import pandas as pd
import pytest

from analysis.corpus import (
    load_articles,
    load_event,
    load_problems,
    read_articles,
    split_front_matter,
)
from analysis.tables import CorpusError

GOOD = "---\nid: good\n---\nThe bridge is open.\n"


def test_the_summit_has_five_articles_and_two_parties(summit, event):
    assert list(summit["article_id"]) == ["briefing-partnership", "digest-alliance", "insider-pact",
                                          "outing-commentary", "time-desperation"]
    assert [party.name for party in event.parties] == ["Russia", "North Korea"]
    assert event.contrast == ("desperation", "alliance")


def test_null_in_front_matter_is_missing(summit):
    row = summit.set_index("article_id").loc["outing-commentary"]
    assert pd.isna(row["outlet"]) and row["licence"] == "CC-BY-4.0"


def test_the_body_is_kept_character_for_character(make_event):
    body = "  One.\r\n\r\nTwo\u2028— “three” \U0001f600 e\u0301 \ufeff.\r\n\n"
    folder = make_event(a="---\r\nid: x\r\n---\r\n" + body, b=body)
    articles = load_articles(folder).set_index("article_id")
    assert articles.loc["x", "text"] == body
    assert articles.loc["b", "text"] == body


def test_values_of_front_matter_are_text():
    fields, _ = split_front_matter("---\nid: no\ndate: 2024-06-19\nwords: 12\n---\nx")
    assert fields == {"id": "no", "date": "2024-06-19", "words": "12"}


def test_a_file_that_only_begins_with_dashes_has_no_front_matter():
    assert split_front_matter("--- so he said\nYes.") == ({}, "--- so he said\nYes.")


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b"---\nid: q\n---\n \n", "has no text"),
    "latin": ("Le caf\xe9 a \xe9t\xe9 ferm\xe9 \xe0 No\xebl.".encode("cp1252"),
              "not UTF-8 .*looks like"),
    "nul": (b"a\0b", "NUL bytes"),
    "unclosed": (b"---\nid: a\nText.\n", "not closed"),
    "broken": (b"---\nid: [a\n---\nText.\n", "cannot be read"),
    "listed": (b"---\n- a\n---\nText.\n", "not a list of fields"),
    "twice": (b"---\nid: a\nid: b\n---\nText.\n", "'id' twice"),
    "huge": (b"a" * 5_000_001, "over 5 MB"),
    "same": (GOOD.encode(), "the id 'good' is already used by a_good.txt"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_problem_and_costs_no_other_article(make_event, name):
    raw, message = BAD[name]
    articles, problems = read_articles(make_event(a_good=GOOD, **{name: raw}))
    assert list(articles["article_id"]) == ["good"]
    assert list(problems["file"]) == [f"{name}.txt"]
    assert problems["problem"].str.contains(message).all(), problems["problem"][0]
    with pytest.warns(UserWarning, match=f"{name}.txt"):
        assert len(load_articles(make_event())) == 1


def test_utf16_is_named(make_event):
    folder = make_event(a=GOOD, b="Caf\xe9 au lait, s'il vous pla\xeet.".encode("utf-16"))
    assert "utf_16" in load_problems(folder)["problem"][0]


def test_a_link_out_of_the_event_is_a_problem(make_event, tmp_path):
    folder = make_event(a=GOOD)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "articles" / "z.txt").symlink_to(tmp_path / "secret.txt")
    articles, problems = read_articles(folder)
    assert len(articles) == 1 and "leads out" in problems["problem"][0]


def test_no_such_event_lists_the_known_ones():
    with pytest.raises(CorpusError, match="nowhere: there is no such event; known: summit"):
        load_event("nowhere")


def test_an_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(CorpusError, match="no article could be read; put one .txt file"):
        load_articles(tmp_path)


def test_a_folder_of_bad_files_says_why(make_event):
    with pytest.warns(UserWarning), pytest.raises(CorpusError, match="empty.txt: is empty"):
        load_articles(make_event(empty=b""))


@pytest.mark.parametrize(("toml", "message"), [
    ("title = ", "cannot be read as TOML"),
    ("contrast = 'a'", "'contrast' is 'a'"),
    ("parties = ['x']", "each of 'parties' needs a name"),
])
def test_a_bad_event_file_is_one_clear_error(make_event, toml, message):
    folder = make_event(a=GOOD)
    (folder / "event.toml").write_text(toml)
    with pytest.raises(CorpusError, match=message):
        load_event(folder)


def test_the_gold_spans_slice_back_to_their_text(summit, event):
    texts = summit.set_index("article_id")["text"]
    gold = pd.read_csv(event.folder / "gold" / "quotes.csv", keep_default_na=False)
    for row in gold.itertuples():
        for span, words in ((row.source_span, row.source_text), (row.cue_span, row.cue_text)):
            if span:
                start, end = map(int, span.split("-"))
                assert texts[row.article_id][start:end] == words
