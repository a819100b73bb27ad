"""The coding lab: nothing is lost, nothing is given away, keys and buttons agree."""

import importlib.util
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.teaching import journal as journal_module
from analysis.teaching.coding import start_paragraphs, start_quotations
from analysis.teaching.coding_view import CodingView
from analysis.teaching.journal import Journal
from analysis.teaching.units import (
    codebook_text,
    frame_scheme,
    in_coder_order,
    letter_keys,
    paragraph_units,
)

CODER = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("journal", sys.argv[1])
journal = importlib.util.module_from_spec(spec)
spec.loader.exec_module(journal)
book = journal.Journal(sys.argv[2], ["unit_id", "frame", "comment"])
number = int(sys.argv[3])
while True:
    book.append({"unit_id": f"u{number}", "frame": "both", "comment": "x" * (number % 300)})
    sys.stdout.write(f"u{number}\\n")
    sys.stdout.flush()
    number += 1
"""


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "codes.csv", ["unit_id", "frame", "comment"])


def _kill_a_coder(path: Path, number: int, wait: float) -> list[str]:
    """Start a process that codes without pause, kill it, and return what it was told is kept."""
    coder = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", CODER, journal_module.__file__, str(path), str(number)],
        stdout=subprocess.PIPE)
    first = coder.stdout.readline()  # it is at work now
    time.sleep(wait)
    coder.kill()
    told, _ = coder.communicate()
    return [line for line in (first + told).decode().split("\n")[:-1] if line]


def test_a_hundred_kills_lose_no_code(tmp_path):
    """Each killed coder goes on with the same file; all that was acknowledged is in it."""
    path, told, kills = tmp_path / "codes.csv", [], 100
    chance = random.Random(7)
    for _ in range(kills):
        told += _kill_a_coder(path, len(told) + 10 * kills * _, chance.uniform(0, 0.012))
    book = Journal(path, ["unit_id", "frame", "comment"])
    kept = {row["unit_id"] for row in book.rows()}
    lost = [unit for unit in told if unit not in kept]
    print(f"\n{kills} kills, {len(told)} codes acknowledged, {len(lost)} lost, "
          f"{book.broken()} broken lines")
    assert len(told) >= kills
    assert lost == []


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_torn_last_line_costs_only_itself(journal, cut):
    """Cut at any byte, the file keeps the rows before, and the next row is whole."""
    journal.append({"unit_id": "a", "frame": "both", "comment": 'said "no", twice'})
    whole = journal.path.stat().st_size
    journal.append({"unit_id": "b", "frame": "neither", "comment": 'a "torn, quoted" row'})
    size = journal.path.stat().st_size
    os.truncate(journal.path, max(whole, size - cut))
    again = Journal(journal.path, ["unit_id", "frame", "comment"])
    again.append({"unit_id": "c", "frame": "both", "comment": "after"})
    kept = [row["unit_id"] for row in again.rows()]
    assert kept[0] == "a" and kept[-1] == "c"
    assert again.rows()[0]["comment"] == 'said "no", twice'
    assert len(kept) + again.broken() == (3 if size - cut > whole else 2)


def test_rows_are_only_ever_added(journal):
    journal.append({"unit_id": "a", "frame": "both"})
    before = journal.path.read_bytes()
    journal.append({"unit_id": "a"}, action="retract")
    assert journal.path.read_bytes().startswith(before)
    assert journal.current() == []


def test_a_typed_formula_stays_text_and_comes_back_as_typed(journal):
    journal.append({"unit_id": "a", "frame": "both", "comment": "=1+1\nnext line"})
    assert b",'=1+1 next line," in journal.path.read_bytes()
    assert journal.rows()[0]["comment"] == "=1+1 next line"


def test_a_file_with_other_columns_is_not_touched(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_text("name;code\n")
    with pytest.raises(ValueError, match="codes.csv: its first line is not that of"):
        Journal(path, ["unit_id"])
    assert path.read_text() == "name;code\n"


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "gold").write_text("a file, not a folder")
    book = Journal(tmp_path / "gold" / "codes.csv", ["unit_id"])
    with pytest.raises(ValueError, match="was NOT kept"):
        book.append({"unit_id": "a"})


def test_units_are_paragraphs_without_furniture_and_without_codes(summit):
    units = paragraph_units(summit)
    texts = dict(zip(summit["article_id"], summit["text"], strict=True))
    assert all(texts[u.article_id][u.start:u.end] == u.words == u.text
               for u in units.itertuples())
    assert not units["text"].str.contains("Reading time").any()
    assert set(units) == {"unit_id", "article_id", "paragraph", "start", "end", "kind", "reason",
                          "text", "words", "before"}


def test_each_coder_has_an_order_and_keeps_it(summit):
    units = paragraph_units(summit)
    ann, ben = in_coder_order(units, "ann"), in_coder_order(units, "ben")
    assert list(ann["unit_id"]) == list(in_coder_order(units, "ann")["unit_id"])
    assert list(ann["unit_id"]) != list(ben["unit_id"])
    assert set(ann["unit_id"]) == set(units["unit_id"])


def test_a_sample_is_the_same_for_all_and_grows(event, tmp_path):
    ann, ben = (start_paragraphs(event, name, folder=tmp_path, sample=12) for name in ("a", "b"))
    more = start_paragraphs(event, "c", folder=tmp_path, sample=20)
    assert ann.progress == (0, 12) and set(ann.units["unit_id"]) == set(ben.units["unit_id"])
    assert set(ann.units["unit_id"]) < set(more.units["unit_id"])
    with pytest.raises(ValueError, match="one unit or more"):
        start_paragraphs(event, "d", folder=tmp_path, sample=0)


def test_keys_differ_and_leave_undo_and_skip_alone():
    keys = letter_keys(["supply", "unity", "surplus", "both", "neither", "ß", "日本"])
    assert len(set(keys)) == 7 and not {"u", "s"} & set(keys)


def test_the_codebook_part_is_the_one_on_the_task(event, make_event):
    assert codebook_text(event, "frame").startswith("## 3. Frames")
    assert codebook_text(event, "quote").startswith("## 2. Quotes")
    from analysis.corpus import load_event

    assert "no codebook yet" in codebook_text(load_event(make_event(a="It rained.")), "frame")


def test_work_goes_on_where_it_stopped(event, tmp_path):
    first = start_paragraphs(event, "Ann", folder=tmp_path)
    unit = first.code(frame="alliance", voice="party", confidence="high")
    again = start_paragraphs(event, "Ann", folder=tmp_path, lexicon_seen=True)
    assert again.progress == (1, first.progress[1])
    assert again.current["unit_id"] == first.current["unit_id"] != unit
    again.code(frame="neither", voice="author", confidence="low", evidence="a, b")
    assert [row["lexicon_seen"] for row in again.codes().values()] == ["no", "yes"]


def test_undo_takes_back_one_code_at_a_time_even_after_a_restart(event, tmp_path):
    session = start_paragraphs(event, "Ann", folder=tmp_path)
    one = session.code(frame="alliance", voice="party", confidence="high")
    two = session.code(frame="both", voice="author", confidence="low")
    session = start_paragraphs(event, "Ann", folder=tmp_path)
    assert session.undo()["unit_id"] == two
    assert session.undo()["unit_id"] == one
    assert session.progress[0] == 0 and session.current["unit_id"] == one
    with pytest.raises(ValueError, match="no code to take back"):
        session.undo()
    assert [row["action"] for row in session.journal.rows()] == ["code"] * 2 + ["retract"] * 2


@pytest.mark.parametrize(("answers", "message"), [
    ({"voice": "party", "confidence": "high"}, "Frame is missing: press d for desperation"),
    ({"frame": "war", "voice": "party", "confidence": "high"}, "'war' is not a choice"),
    ({"frame": "both", "voice": "party", "confidence": "high", "mood": "x"}, "'mood' is not asked"),
])
def test_an_incomplete_code_is_not_kept(event, tmp_path, answers, message):
    session = start_paragraphs(event, "Ann", folder=tmp_path)
    with pytest.raises(ValueError, match=message):
        session.code(**answers)
    assert session.progress[0] == 0 and not session.journal.path.exists()


@pytest.mark.parametrize("name", ["", "  ", "../..", "***"])
def test_a_coder_needs_a_name(event, tmp_path, name):
    with pytest.raises(ValueError, match="is no name"):
        start_paragraphs(event, name, folder=tmp_path)


def test_two_coders_cannot_share_a_file(event, tmp_path):
    start_paragraphs(event, "ann lee", folder=tmp_path).code(
        frame="both", voice="author", confidence="low")
    with pytest.raises(ValueError, match="holds the codes of 'ann lee'"):
        start_paragraphs(event, "Ann-Lee", folder=tmp_path)


def test_an_event_without_frames_says_so(make_event):
    from analysis.corpus import load_event

    with pytest.raises(ValueError, match="there is no frame to code"):
        frame_scheme(load_event(make_event(a="It rained.")))


def test_quotations_are_shown_without_their_speakers(event, summit, tmp_path):
    import pandas as pd

    gold = pd.read_csv(event.folder / "gold" / "quotes.csv")
    quotes = gold[gold["coder"] == gold["coder"].iloc[0]]
    session = start_quotations(event, "Ann", folder=tmp_path, quotes=quotes)
    assert session.progress == (0, len(quotes))
    assert "speaker" not in session.units
    session.code(role="official", speaker="Kim Jong Un", confidence="high")
    session.code(role="not a quotation", confidence="high")
    with pytest.raises(ValueError, match="Who says this"):
        session.code(role="official", confidence="high")
    assert session.progress[0] == 2


@pytest.fixture
def view(event, tmp_path):
    return CodingView(start_paragraphs(event, "Ann", folder=tmp_path), "The codebook.")


def _press(view, keys):
    for n in range(len(keys)):
        view.keys.value = keys[:n + 1]
    view.keys._handle_custom_msg({"event": "submit"}, [])


def test_keys_code_undo_and_skip(view):
    first = view.unit.value
    _press(view, "d1+")
    assert view.session.progress[0] == 1 and view.unit.value != first
    [row] = view.session.codes().values()
    assert (row["frame"], row["voice"], row["confidence"]) == ("desperation", "author", "high")
    _press(view, "u")
    assert view.unit.value == first and view.inputs["frame"].value == "desperation"
    _press(view, "s")
    assert view.session.progress[0] == 0 and view.unit.value != first


def test_keys_typed_before_the_field_was_emptied_are_not_read_twice(view):
    _press(view, "d1+")
    view.keys.value = "d1+a"
    assert view.inputs["frame"].value == "alliance"
    assert view.inputs["voice"].value is None


def test_buttons_code_and_say_what_is_missing(view):
    view.inputs["frame"].value = "both"
    view.buttons["Save"].click()
    assert "Voice is missing" in view.status.value and view.session.progress[0] == 0
    view.inputs["voice"].value, view.inputs["confidence"].value = "party", "low"
    view.buttons["Save"].click()
    assert "1 of 64 coded" in view.status.value
    view.buttons["Undo"].click()
    assert "0 of 64 coded" in view.status.value


def test_the_text_shown_cannot_be_changed_by_typing(view):
    shown = view.unit.value
    view.unit.value = "something else"
    assert view.unit.value == shown


def test_every_control_is_labelled_and_none_is_html(view):
    import ipywidgets

    def walk(widget):
        yield widget
        for child in getattr(widget, "children", ()):
            yield from walk(child)

    parts = [w for w in walk(view.widget) if not isinstance(w, ipywidgets.Box)]
    assert parts and all(w.description.strip() for w in parts)
    assert not any(isinstance(w, ipywidgets.HTML | ipywidgets.HTMLMath) for w in parts)


def test_the_journal_needs_only_the_standard_library():
    spec = importlib.util.spec_from_file_location("alone", journal_module.__file__)
    alone = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(alone)
    done = subprocess.run([sys.executable, "-I", "-S", journal_module.__file__], check=False)
    assert done.returncode == 0


def test_quotations_are_coded_by_key_and_name(event, tmp_path):
    """The words in question stand first; names once given are offered again."""
    import pandas as pd

    gold = pd.read_csv(event.folder / "gold" / "quotes.csv").query("coder == 'coder1'")
    session = start_quotations(event, "Ann", folder=tmp_path, quotes=gold)
    view = CodingView(session, "")
    assert view.unit.value.startswith("WHO SAYS: ")
    view.inputs["speaker"].value = "Kim Jong Un"
    _press(view, "1+")
    assert session.progress[0] == 1
    assert view.inputs["speaker"].options == ("Kim Jong Un",) and not view.inputs["speaker"].value
    _press(view, "n+")
    assert [row["role"] for row in session.codes().values()] == ["official", "not a quotation"]
