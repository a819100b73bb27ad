"""Tables in place: whole or not there, one run at a time, and nothing of the user's lost."""

import pandas as pd
import pytest

from analysis import parts
from analysis.parts import check_places, move_into_place, replace, reserve, write_part
from analysis.tables import CorpusError, empty


def finish(work) -> None:
    """Make a working folder as a finished run leaves it."""
    for name in ("codes", "problems"):
        write_part(empty(name), parts.part(work, name))


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_tables_of_an_earlier_run_are_replaced(format, tmp_path):
    for _ in range(2):
        finish(tmp_path / ".unfinished")
        check_places(tmp_path, ("codes", "problems"), format, None)
        move_into_place(tmp_path / ".unfinished", ("codes", "problems"), tmp_path, format)
        (tmp_path / "notes.txt").write_text("mine")
    suffix = ".csv" if format == "csv" else ""
    assert {p.name for p in tmp_path.iterdir()} == {f"codes{suffix}", f"problems{suffix}",
                                                    "notes.txt"}


@pytest.mark.parametrize(("format", "file", "message"), [
    ("csv", "articles.csv", r"articles\.csv: is not a table of an earlier run.*choose another"),
    ("csv", "articles.csv/a.txt", r"articles\.csv: is not a table of an earlier run"),
    ("parquet", "articles/a.txt", r"articles: is not a table of an earlier run.*move it away"),
    ("parquet", "articles", "articles: is not a table of an earlier run"),
])
def test_a_file_that_is_no_table_is_never_replaced(format, file, message, tmp_path):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("article_id,text,my_notes\n1,Rain.,Years of work\n")
    with pytest.raises(CorpusError, match=message):
        check_places(tmp_path, ("articles",), format, None)


def test_what_is_read_is_never_replaced(tmp_path):
    empty("articles").to_csv(tmp_path / "articles.csv", index=False)
    check_places(tmp_path, ("articles",), "csv", tmp_path / "other.csv")
    with pytest.raises(CorpusError, match="is what is read.*choose another folder"):
        check_places(tmp_path, ("articles",), "csv", tmp_path / "articles.csv")
    with pytest.raises(CorpusError, match=r"articles\.csv: is a file; give the name of a folder"):
        check_places(tmp_path / "articles.csv", ("articles",), "csv", None)


def test_a_table_that_cannot_be_written_leaves_the_others_as_they_were(tmp_path, monkeypatch):
    def fail(files, file):
        file.write_text("half a ta")
        if file.name == "problems.csv":
            raise OSError("no space left")

    finish(tmp_path / ".unfinished")
    monkeypatch.setattr(parts, "_write_csv", fail)
    with pytest.raises(OSError, match="no space left"):
        move_into_place(tmp_path / ".unfinished", ("codes", "problems"), tmp_path, "csv")
    assert [p.name for p in tmp_path.iterdir()] == [".unfinished"]


def test_half_a_part_does_not_stay(tmp_path):
    def fail(file):
        file.write_text("half a pa")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        replace(tmp_path / "part", fail)
    assert not list(tmp_path.iterdir())


def test_a_folder_is_kept_for_one_run_and_let_go_when_it_ends(tmp_path):
    pytest.importorskip("fcntl")
    with reserve(tmp_path), pytest.raises(CorpusError, match="another run is writing"), \
            reserve(tmp_path):
        pass
    with pytest.raises(KeyboardInterrupt), reserve(tmp_path):
        raise KeyboardInterrupt
    with reserve(tmp_path):
        assert not list(tmp_path.iterdir())


def test_a_csv_reads_back_as_it_was(tmp_path):
    texts = ['"No," he said.\rYes.', "a\r\nb", "c\nd", "e,f", "'g", "=h", " ", "ü"]
    write_part(pd.DataFrame({"n": range(len(texts)), "text": texts}), tmp_path / "a.parquet")
    parts._write_csv([tmp_path / "a.parquet"], tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="") as file:
        found = pd.read_csv(file, keep_default_na=False)
    assert found["text"].to_list() == [t if t != "=h" else "'=h" for t in texts]


@pytest.mark.parametrize("written", [None, "", '{"key": "a'])
def test_a_marker_cut_off_is_none(written, tmp_path):
    if written is not None:
        parts.marker_file(tmp_path, 0).write_text(written)
    assert parts.marker(tmp_path, 0) == {}
