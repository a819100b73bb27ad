"""The machine's codes beside the coders', and codes that cannot be used."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from analysis.coding import code_paragraphs_by_machine, count_coded_paragraphs
from analysis.frames import find_mentions, load_frames, make_frame
from analysis.tables import CorpusError, check, table
from analysis.tokens import find_paragraphs, find_sentences, tokenize
from analysis.validation import (
    check_codes,
    keep_known_codes,
    list_disagreements,
    load_codes,
    macro_f1,
    score_codes,
    score_quote_voices,
)
from analysis.voices import add_voices, find_voices

HEAD = "article_id,paragraph,coder,coder_kind,frame,voice,evidence,confidence\n"


def gold(make_event, text):
    folder = make_event(a="One.\n\nTwo.\n")
    (folder / "gold").mkdir()
    (folder / "gold" / "frames.csv").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def coded(summit, event):
    """Return what the machine makes of the summit, given the first coder's quotes."""
    told = pd.read_csv(event.folder / "gold" / "quotes.csv")
    voices = find_voices(summit, told[told["coder"] == "coder1"], parties=event.parties)
    paragraphs, frames = find_paragraphs(summit), load_frames(event)
    sentences = find_sentences(summit, paragraphs)
    mentions = add_voices(find_mentions(summit, frames, sentences=sentences), voices)
    machine = code_paragraphs_by_machine(
        mentions, voices, tokenize(summit, sentences), paragraphs, frames=frames
    )
    return machine, load_codes(event), paragraphs, voices


def toy(text, quoted=None):
    frames = [
        make_frame({"name": n, "source": "t", "terms": [{"term": t}], **more})
        for n, t, more in (("need", "weak", {}), ("bond", "pact", {"yields_to": ["need"]}))
    ]
    articles = table(
        "articles", pd.DataFrame({"article_id": ["a"], "language": "en", "text": [text]})
    )
    start = text.index(quoted) if quoted else 0
    quotes = table(
        "quotes",
        pd.DataFrame(
            {
                "article_id": ["a"],
                "quote_id": ["q"],
                "type": "direct",
                "score": 1.0,
                "rule": "r",
                "act": "speech",
                "speaker": "Ann",
                "role": "expert",
                "content_spans": f"{start}-{start + len(quoted)}",
            }
            if quoted
            else {
                c: []
                for c in ("article_id", "quote_id", "type", "score", "rule", "act", "content_spans")
            }
        ),
    )
    voices = find_voices(articles, quotes)
    mentions = add_voices(find_mentions(articles, frames), voices)
    return code_paragraphs_by_machine(
        mentions, voices, tokenize(articles), find_paragraphs(articles), frames=frames
    )


@pytest.mark.parametrize(
    "text, quoted, frame, voice",
    [
        ("It rained today.", None, "neither", "author"),
        ("It is weak.", None, "need", "author"),
        ("It is not weak.", None, "neither", "author"),
        ("It is a pact.", None, "bond", "author"),
        ("A pact of the weak.", None, "need", "author"),
        ("A pact, one pact of the weak.", None, "both", "author"),
        ("It is weak, it is weak, she says.", "it is weak, she", "need", "expert"),
        ("It is weak, it is weak, it is weak now.", "weak now", "need", "author"),
        ("It rained here, she said.", "It rained here", "neither", "expert"),
        ("It rained, she said about it all.", "It rained", "neither", "author"),
    ],
)
def test_how_the_machine_codes_a_paragraph(text, quoted, frame, voice):
    row = toy(text, quoted).iloc[0]
    assert (row["frame"], row["voice"]) == (frame, voice)


def test_every_paragraph_is_coded(coded):
    machine, codes, paragraphs, _ = coded
    check("codes", machine)
    assert len(machine) == len(paragraphs) == 70
    assert set(machine["coder_kind"]) == {"machine"} and set(codes["coder_kind"]) == {"model"}


def test_coded_paragraphs_are_counted_with_zeros(coded, event):
    machine, codes, _, _ = coded
    counts = count_coded_paragraphs(pd.concat([machine, codes]), frames=event.contrast)
    assert len(counts) == 3 * 5 * 2 * 5
    one = counts[counts["coder"] == "coder1"].groupby("frame")["paragraphs"].sum()
    assert one.to_dict() == {"alliance": 29 + 6, "desperation": 13 + 6}


def test_scores_equal_scikit_learn(coded, event):
    machine, codes, _, _ = coded
    scores = score_codes(machine, codes, frames=event.contrast).set_index(["coder", "question"])
    one = codes[codes["coder"] == "coder1"].merge(machine, on=["article_id", "paragraph"])
    for name, code in (("desperation", "frame"), ("alliance", "frame"), ("party", "voice")):
        question = f"voice {name}" if code == "voice" else f"presence of {name}"
        sides = [one[f"{code}_{s}"].isin([name, "both"]) for s in "xy"]
        row = scores.loc[("coder1", question)]
        for measure, function in (
            ("precision", precision_score),
            ("recall", recall_score),
            ("f1", f1_score),
        ):
            assert row[measure] == pytest.approx(function(*sides))
        assert row["f1_low"] <= row["f1"] <= row["f1_high"]
        assert row["precision_low"] <= row["precision"] <= row["precision_high"]


def test_the_summit_reaches_its_figures(coded, event):
    machine, codes, _, _ = coded
    scores = score_codes(machine, codes, frames=event.contrast)
    first = scores[scores["coder"] == "coder1"].set_index("question")["f1"]
    assert first["presence of desperation"] >= 0.70 and first["presence of alliance"] >= 0.70
    assert macro_f1(scores).set_index("coder").loc["coder1", "macro_f1"] >= 0.75


def test_disagreements_come_with_their_text(coded, summit):
    machine, codes, paragraphs, _ = coded
    listed = list_disagreements(machine, codes, paragraphs, summit)
    texts = summit.set_index("article_id")["text"]
    assert 0 < len(listed) < len(codes)
    assert all(texts[r.article_id][r.start : r.end] == r.text for r in listed.itertuples())
    differ = (listed["frame_coder"] != listed["frame_machine"]) | (
        listed["voice_coder"] != listed["voice_machine"]
    )
    assert differ.all()


def test_voices_scored_against_themselves_are_right(coded, summit):
    voices = coded[3]
    scores = score_quote_voices(voices, voices, tokenize(summit))
    assert scores.set_index("voice").loc["macro", "f1"] == 1


def test_a_voice_never_used_has_no_score_and_does_not_count():
    codes = table(
        "codes",
        pd.DataFrame(
            {
                "article_id": ["a", "b"],
                "paragraph": [0, 0],
                "coder": "one",
                "coder_kind": "human",
                "frame": "D",
                "voice": "author",
            }
        ),
    )
    scores = score_codes(codes.assign(coder="machine"), codes, frames=["D", "A"])
    rows = scores.set_index("question")
    assert np.isnan(rows.loc["presence of A", "f1"]) and rows.loc["voice author", "f1"] == 1
    assert macro_f1(scores)["macro_f1"].tolist() == [1.0]


def test_state_is_called_party(event):
    assert "party" in set(load_codes(event)["voice"]) and "state" not in set(
        load_codes(event)["voice"]
    )


def test_an_event_without_gold_has_no_codes(make_event):
    assert load_codes(make_event(a="One.")).empty


@pytest.mark.parametrize(
    "text, message",
    [
        ("article_id,paragraph,coder,frame\na,0,one,D\n", "has no column 'coder_kind'"),
        (HEAD + "a,0,one,person,D,author,,\n", "row 2 has coder_kind 'person'; write one of human"),
        (HEAD + "a,0,one,human,D,nobody,,\n", "row 2 has voice 'nobody'; write one of author"),
        (HEAD + "a,0,one,human,D,author,,\na,0,one,human,A,author,,\n", "two rows for a, 0, one"),
        (HEAD + "a,first,one,human,D,author,,\n", "column 'paragraph' should hold int"),
        ("", "cannot be read as CSV"),
    ],
)
def test_codes_that_cannot_be_used(make_event, text, message):
    with pytest.raises(CorpusError, match=f"gold/frames.csv.*{message}"):
        load_codes(gold(make_event, text))


def test_codes_for_a_paragraph_that_does_not_exist(make_event, articles):
    folder = gold(
        make_event,
        HEAD + "bridge,7,one,human,D,author,,\nbridge,0,one,human,D,author,,\n"
        "tunnel,0,one,human,D,author,,\n",
    )
    paragraphs = find_paragraphs(articles)
    told = check_codes(load_codes(folder), paragraphs)["problem"].tolist()
    assert told[0].startswith("codes paragraph 7 of 'bridge', whose paragraphs are 0 to 1")
    assert told[1].startswith("codes an article 'tunnel' that is not there")
    assert len(keep_known_codes(load_codes(folder), paragraphs)) == 1
