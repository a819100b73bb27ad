"""Files that people bring: what cannot be used is told, and nothing is misread in silence."""

import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.partitions import find_source, read_partitions
from analysis.tables import CorpusError


def read(path) -> tuple[list[str], dict[str, str]]:
    """Return the ids that can be read, and the problems by their place."""
    parts = list(read_partitions(find_source(path), 3))
    return ([name for part in parts for name in part.articles["article_id"]],
            {file: problem for part in parts
             for file, problem in part.problems.itertuples(index=False)})


@pytest.mark.parametrize(("raw", "message"), [
    ("article_id,text\n1,Rain, then sun\n", "more cells than the header.*quotation marks"),
    ("article_id,text\n1,Rain,\n2,Sun,\n", "more cells than the header"),
    ("article_id;text\n1;Rain\n", "no column 'text'; it has article_id;text. .*commas between"),
    ("article_id;text\n1;Rain, then sun\n", "more cells than the header.*by commas"),
    ("article_id\ttext\n1\tRain\n", "commas between the columns, and name the column"),
    ("Article_ID,Text\n1,Rain\n", "it has Article_ID, Text. Name the column"),
])
def test_cells_of_a_csv_are_never_taken_for_those_of_another_column(raw, message, tmp_path):
    (tmp_path / "a.csv").write_text(raw)
    with pytest.raises(CorpusError, match=rf"^a\.csv: .*{message}"):
        read(tmp_path / "a.csv")


def test_a_csv_keeps_its_cells_as_they_are(tmp_path):
    raw = '\ufeff"article_id",title,text\r\n007,NA,"He said ""no"".\r\n\nNaN"\r\n7,,nan\r\n8\r\n'
    (tmp_path / "a.csv").write_bytes(raw.encode())
    [part] = read_partitions(tmp_path / "a.csv", 5)
    found = part.articles[["article_id", "title", "text"]].fillna("-").to_numpy().tolist()
    assert found == [["007", "NA", 'He said "no".\r\n\nNaN'], ["7", "-", "nan"]]
    assert part.problems["file"].to_list() == ["a.csv, row 3"]


def test_the_first_row_of_a_jsonl_file_need_not_have_every_column(tmp_path):
    rows = [{"made": "2024"}, {"text": "One."}, {"id": "b", "text": "Two."}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    ids, problems = read(tmp_path / "a.jsonl")
    assert ids == ["b"] and list(problems) == ["a.jsonl, row 1", "a.jsonl, row 2"]
    assert all("has no id; fill in 'id'" in problem for problem in problems.values())


@pytest.mark.parametrize(("line", "message"), [
    (r'{"id": "a\ud800", "text": "One."}', "half a character at 1 of its article_id"),
    (r'{"id": "a", "title": "\ud800", "text": "One."}', "half a character at 0 of its title"),
    ("[" * 100_000, "is not JSON"),
])
def test_a_row_that_no_file_could_hold_is_one_problem(line, message, tmp_path):
    (tmp_path / "a.jsonl").write_text(line + '\n{"id": "b", "text": "Two."}\n')
    ids, problems = read(tmp_path / "a.jsonl")
    assert ids == ["b"] and message in problems["a.jsonl, row 1"]


@pytest.mark.parametrize("type", [pa.large_string(), pa.string_view(),
                                  pa.dictionary(pa.int32(), pa.string())])
def test_parquet_may_hold_text_in_any_way(type, tmp_path):
    column = pa.array(["One.", None, "Two."], pa.string()).cast(type)
    pq.write_table(pa.table({"id": [1, 2, 3], "text": column}), tmp_path / "a.parquet")
    ids, problems = read(tmp_path / "a.parquet")
    assert ids == ["1", "3"] and "has no text" in problems["a.parquet, row 2"]


@pytest.mark.parametrize(("ids", "texts", "message"), [
    ([1], [b"One."], "column 'text' holds binary, not text"),
    ([1], [["One."]], "column 'text' holds list<.*>, not text"),
    ([1], [1.5], "column 'text' holds double, not text"),
    ([b"1"], ["One."], "column 'article_id' holds binary, not text"),
])
def test_parquet_that_holds_something_else_is_refused_by_its_schema(ids, texts, message, tmp_path):
    pq.write_table(pa.table({"article_id": ids, "text": texts}), tmp_path / "a.parquet")
    with pytest.raises(CorpusError, match=rf"^a\.parquet: its {message}.*write it again"):
        find_source(tmp_path / "a.parquet")


def test_parquet_with_broken_characters_is_one_clear_error(tmp_path):
    broken = pa.array([b"\xff\xfe"]).view(pa.string())
    pq.write_table(pa.table({"text": broken}), tmp_path / "a.parquet")
    with pytest.raises(CorpusError, match=r"^a\.parquet: cannot be read as Parquet"):
        read(tmp_path / "a.parquet")


def test_a_problem_in_a_folder_names_its_file(tmp_path):
    for name, texts in (("a", ["One.", "Two."]), ("b", ["Three.", ""])):
        pd.DataFrame({"text": texts}).to_parquet(tmp_path / f"{name}.parquet")
    ids, problems = read(tmp_path)
    assert ids == ["a-1", "a-2", "b-1"] and list(problems) == ["b.parquet, row 2"]
