"""After coding: agreement, disagreements and the sheet on which they are settled."""

import shutil

import pandas as pd
import pytest

from analysis.corpus import load_event
from analysis.tables import CorpusError
from analysis.teaching.coding import start_paragraphs, start_quotations
from analysis.teaching.comparing import (
    compare_coders,
    load_adjudication,
    load_lab_codes,
    load_lab_speakers,
    write_adjudication,
)


@pytest.fixture
def coded(event, tmp_path):
    """Return a folder in which ann and ben coded four paragraphs and differ on one."""
    frames = {}
    for name, other in (("ann", "alliance"), ("ben", "neither")):
        session = start_paragraphs(event, name, folder=tmp_path, lexicon_seen=name == "ben")
        wanted = sorted(session.units["unit_id"])[:4]
        while session.current is not None:
            unit = session.current["unit_id"]
            if unit not in wanted:
                session.skip()
                continue
            answer = other if unit == wanted[0] else "desperation" if unit == wanted[1] else "both"
            session.code(frame=answer, voice="author", confidence="low", evidence="=SUM(1)")
            frames[name, unit] = answer
            if session.progress[0] == 4:
                break
    return tmp_path


def test_codes_of_the_lab_are_a_table_of_codes(event, coded):
    codes = load_lab_codes(event, folder=coded)
    assert list(codes["coder"].value_counts()) == [4, 4]
    assert set(codes["coder_kind"]) == {"human"} and set(codes["evidence"]) == {"=SUM(1)"}
    assert set(codes.loc[codes["coder"] == "ben", "lexicon_seen"]) == {"yes"}


def test_a_retracted_code_does_not_count(event, coded):
    start_paragraphs(event, "ann", folder=coded).undo()
    codes = load_lab_codes(event, folder=coded)
    assert codes["coder"].value_counts()["ann"] == 3


def test_agreement_is_measured_by_hand(event, coded):
    """Three of four paragraphs agree; the fourth is listed, with its first words."""
    compared = compare_coders(event, folder=coded, shipped=False)
    frame = compared.agreement.set_index("question").loc["frame"]
    assert frame["agreement"] == pytest.approx(0.75) and frame["n_pairable"] == 4
    # Coincidences: alliance-neither 2, desperation 2, both 4 of 8; Do = 2/8, De = 1 - 14/56.
    assert frame["alpha"] == pytest.approx(1 - 0.25 / (1 - (2 * 1 + 4 * 3) / 56))
    [row] = compared.disagreements.to_dict("records")
    assert row["ann"].startswith("alliance") and row["ben"].startswith("neither")
    assert row["agree"] == 0 and row["begins"]


def test_shipped_coders_join_and_keep_their_kind(event, coded):
    compared = compare_coders(event, folder=coded)
    kinds = compared.codes.groupby("coder")["coder_kind"].first().to_dict()
    assert kinds == {"ann": "human", "ben": "human", "coder1": "model", "coder2": "model"}
    frame = compared.agreement.set_index("question").loc["frame"]
    assert frame["n_units"] == 4 and frame["coders"] == 4


def test_an_adjudication_sheet_goes_round(event, coded, tmp_path):
    compared = compare_coders(event, folder=coded, shipped=False)
    path = write_adjudication(compared, tmp_path / "sheet.csv")
    sheet = pd.read_csv(path)
    assert load_adjudication(path).empty
    sheet["frame"], sheet["voice"], sheet["reason"] = "alliance", "author", "A2, we agreed"
    sheet.to_csv(path, index=False)
    [row] = load_adjudication(path).to_dict("records")
    assert (row["coder"], row["frame"], row["evidence"]) == ("adjudicated", "alliance",
                                                             "A2, we agreed")
    with pytest.raises(ValueError, match="is there already"):
        write_adjudication(compared, path)


def test_a_sheet_that_is_none_says_so(tmp_path):
    (tmp_path / "sheet.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CorpusError, match="sheet.csv has no column 'article_id'"):
        load_adjudication(tmp_path / "sheet.csv")
    with pytest.raises(CorpusError, match="cannot be read as CSV"):
        load_adjudication(tmp_path / "none.csv")


def test_a_strange_file_costs_nobody_their_codes(event, coded):
    (coded / "paragraphs-zoe.csv").write_text("unit;frame\n")
    with pytest.warns(UserWarning, match="paragraphs-zoe.csv: its first line"):
        assert len(load_lab_codes(event, folder=coded)) == 8


def test_the_same_coder_twice_is_an_error(event, coded):
    shutil.copy(coded / "paragraphs-ann.csv", coded / "paragraphs-ann2.csv")
    with pytest.raises(CorpusError, match="both hold codes of 'ann'"):
        load_lab_codes(event, folder=coded)


def test_nobody_coded_yet(make_event, tmp_path):
    folder = make_event(a="It rained.\n")
    (folder / "event.toml").write_text('contrast = ["blame", "repair"]\n')
    with pytest.raises(CorpusError, match="nobody has coded anything yet"):
        compare_coders(load_event(folder), folder=tmp_path / "none")


def test_speakers_come_back(event, tmp_path):
    gold = pd.read_csv(event.folder / "gold" / "quotes.csv").query("coder == 'coder1'")
    session = start_quotations(event, "ann", folder=tmp_path, quotes=gold)
    unit = session.current
    session.code(role="official", speaker="Ann Lee", confidence="high")
    [row] = load_lab_speakers(event, folder=tmp_path).to_dict("records")
    assert (row["quote_id"], row["speaker"]) == (unit["quote_id"], "Ann Lee")
