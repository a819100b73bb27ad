"""Paragraphs, sentences and words: what splits, what does not, and that spans slice back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.lexicons import read_lexicon
from analysis.text import paragraph_spans, sentence_spans, word_spans

SENTENCES = [
    (["He met U.S. Secretary Ann Lee.", "They left."]),
    (["It lasted until 3 a.m.", "But nobody slept."]),
    (["It fell on Wednesday.", "The next day was dry."],
     "It fell on Wednesday.The next day was dry."),
    (["Mr. J. K. Rowan and Dr. A. Lee met Gov. Smith on Jan. 5."]),
    (["Wait...", "What?", "No!"]),
    (["He waited… and left."]),
    (["“We won.”", "She smiled."]),
    (["“Why?” he asked.", "“Because.”"]),
    (["He called it ‘a gift.’", "She did not."]),
    (["(It rained.)", "The match was stopped."]),
    (["Prices rose 3.5 percent.", "Wages did not."]),
    (["She came from the U.S.", "The rest came from Chile."]),
    (["See example.com for more."]),
    (["No. 5 is alive.", "He said no.", "The end."]),
    (["The talks ended in 2000.", "The next were held later."],
     "The talks ended in 2000.The next were held later."),
    (["“It is over.”", "“It is not.”"], "“It is over.”“It is not.”"),
    (["He is in the E.U. Council."]),
    (["It was . . . odd . . .", "They left."]),
    (["1. A new bridge.", "2. A ferry."]),
    (["One"]),
]


@pytest.mark.parametrize("case", SENTENCES, ids=lambda c: str(c)[:40])
def test_sentences(case):
    wanted, text = case if isinstance(case, tuple) else (case, " ".join(case))
    assert [text[a:b] for a, b in sentence_spans(text)] == wanted


@pytest.mark.parametrize(("text", "terms"), [
    ("The U.S. and U.N. met", ["the", "u.s.", "and", "u.n.", "met"]),
    ("U.S Secretary", ["u.s.", "secretary"]),
    ("U.S.-allied", ["u.s.", "allied"]),
    ("Kim’s allies’ plan isn't", ["kim", "allies", "plan", "isn't"]),
    ("O’Carroll O'Carroll", ["o'carroll", "o'carroll"]),
    ("17–18 June, 60%", ["17", "18", "june", "60"]),
    ("‘an attack’", ["an", "attack"]),
])
def test_terms(text, terms):
    assert [w.term for w in word_spans(text)] == terms


def test_kinds_of_paragraph():
    text = ("World | Asia\n\nA Bridge Opens\n3 minute read\n\nIt rained. It was long.\n"
            "What comes next\nNobody knows.\nRead more: The bridge\nann@example.org\n")
    assert [p.kind for p in paragraph_spans(text)] == [
        "furniture", "title", "furniture", "body", "heading", "body", "furniture", "furniture"]


@pytest.mark.parametrize("entry", read_lexicon("furniture")["patterns"], ids=lambda e: e["source"])
def test_furniture_patterns_hold_their_examples(entry):
    pattern = re.compile(entry["pattern"], 0 if entry.get("case") else re.IGNORECASE)
    assert entry["matches"] and entry["non_matches"] and entry["reason"]
    for line in entry["matches"]:
        assert pattern.fullmatch(line), line
    for line in entry["non_matches"]:
        assert not pattern.fullmatch(line), line


def test_kinds_agree_with_the_codes_of_the_summit(summit, event):
    import pandas as pd
    codes = pd.read_csv(event.folder / "gold" / "frames.csv")
    for coder, own in codes.groupby("coder"):
        for row in summit.itertuples():
            wanted = own[own["article_id"] == row.article_id].sort_values("paragraph")["kind"]
            assert [p.kind for p in paragraph_spans(row.text)] == list(wanted), (coder, row)


def check_spans(text):
    end = 0
    for paragraph in paragraph_spans(text):
        assert end <= paragraph.start < paragraph.end <= len(text)
        end = paragraph.end
        assert text[paragraph.start:paragraph.end].strip() == text[paragraph.start:paragraph.end]
        sentences = sentence_spans(text, paragraph.start, paragraph.end)
        assert sentences and sentences[0].start == paragraph.start
        assert sentences[-1].end == paragraph.end
        inside = {i for a, b in sentences for i in range(a, b)}
        left = set(range(paragraph.start, paragraph.end)) - inside
        assert all(text[i].isspace() for i in left)
        for word in word_spans(text, paragraph.start, paragraph.end):
            assert text[word.start:word.end].lower().replace("’", "'").startswith(
                word.term.rstrip("."))


@given(st.text())
def test_spans_slice_back_on_any_text(text):
    check_spans(text)


@given(st.lists(st.sampled_from(["U.S.", " ", ".", "”", "“", "’", "He", "a.m.", "\n", "…", "!", "x",
                                 "The", "\r\n", "\u2028", "İ", "J.", "3", "www.a.b", "@"])))
def test_spans_slice_back_on_marks_and_abbreviations(pieces):
    check_spans("".join(pieces))


def test_spans_slice_back_on_the_summit(summit):
    for text in summit["text"]:
        check_spans(text)


def test_spans_slice_back_on_the_originals(shared):
    for path in sorted((shared / "originals").glob("*.txt")):
        with path.open(encoding="utf-8", newline="") as file:
            check_spans(file.read())


def test_long_lines_of_marks_are_linear():
    paragraph_spans("| " * 100_000)
    sentence_spans("“.”" * 100_000)
