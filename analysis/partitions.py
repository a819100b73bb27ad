"""
Articles read a partition at a time: from an event, a CSV, JSONL or Parquet file.

A row that cannot be used becomes a problem and costs the others nothing; a file that
cannot be read at all is one clear error.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.corpus import Event, article_files, read_article
from analysis.tables import TABLES, CorpusError, empty, table

READERS = (".csv", ".jsonl", ".parquet")
PARTITION_SIZE = 500  # articles
_HEAD = 1000  # rows whose columns are taken for those of the file
_TEXT_COLUMNS = ("text", "body", "content", "article")
_ID_COLUMNS = ("article_id", "id")
_FIELDS = TABLES["articles"].names
Columns = tuple[str, str | None]  # of text and id
Row = dict | CorpusError


class Partition(NamedTuple):
    """A run of articles, numbered from 0, and the problems of the rows that are not in it."""

    number: int
    articles: pd.DataFrame
    problems: pd.DataFrame

    def __str__(self) -> str:
        """Name the partition by its number and its articles."""
        ids = self.articles["article_id"]
        return f"partition {self.number}" + (f" ({ids.iloc[0]} to {ids.iloc[-1]})"
                                             if len(ids) else "")


def find_source(source: str | Path) -> Path | None:
    """
    Find the file of articles, or the folder of Parquet files; None where it is an event.

    Raises CorpusError where the file does not exist, is of another kind, or is a Parquet
    file that is damaged or lacks a column of text: its schema says so before a row is read.
    """
    path = Path(source).expanduser()
    if path.suffix.lower() in READERS and not path.exists():
        raise CorpusError(f"{path.name}: there is no such file; check the spelling")
    if path.is_file() and path.suffix.lower() not in READERS:
        raise CorpusError(f"{path.name}: articles are read from {', '.join(READERS)}, or from the "
                          "folder of an event; `samestory import` takes other files")
    is_event = not path.is_file() and ((path / "articles").is_dir() or not _parquet_files(path))
    if is_event:
        return None
    for file in _parquet_files(path):
        with _opened(file) as opened:
            schema = opened.schema_arrow
            for name in filter(None, _columns(schema.names, file.name)):
                _check_type(file, name, schema.types[schema.names.index(name)])
    return path


def _check_type(file: Path, column: str, type: pa.DataType) -> None:
    """Raise CorpusError where the column of texts or ids holds what cannot be read as such."""
    type = type.value_type if pa.types.is_dictionary(type) else type
    text = pa.types.is_string(type) or pa.types.is_large_string(type) or \
        pa.types.is_string_view(type) or pa.types.is_null(type)
    number = pa.types.is_primitive(type) or pa.types.is_decimal(type)
    if not text and (column in _TEXT_COLUMNS or not number):
        raise CorpusError(f"{file.name}: its column '{column}' holds {type}, not text; write it "
                          "again with text (a string) in that column")


def read_partitions(source: Event | Path, size: int = PARTITION_SIZE) -> Iterator[Partition]:
    """
    Yield the articles of `source` in order, `size` at a time.

    `source` is an event, a .csv, .jsonl or .parquet file, or a folder of Parquet files.
    Rows without text, and rows whose id an earlier row has, become problems. Raises
    CorpusError where a file is damaged or lacks a column of text.
    """
    taken: set[str] = set()
    rows = _event_rows(source) if isinstance(source, Event) else _file_rows(source)
    for number in range(2**63):
        chunk = list(islice(rows, size))
        if not chunk:
            return
        articles, problems = [], []
        for name, row in chunk:
            try:
                articles.append(_checked(row, taken))
            except CorpusError as error:
                problems.append((name, str(error)))
        yield Partition(
            number,
            table("articles", pd.DataFrame(articles)) if articles else empty("articles"),
            table("problems", problems) if problems else empty("problems"))


def _checked(row: Row, taken: set[str]) -> dict:
    """Return the row as an article; raise CorpusError where it cannot be one."""
    if isinstance(row, CorpusError):
        raise row
    text, name = row["text"], row["article_id"]
    if not isinstance(text, str) or not text.strip():
        raise CorpusError("has no text; fill it in, or delete the row")
    if "\0" in text:
        raise CorpusError("holds NUL bytes, so it is not plain text; export it again")
    for field, value in row.items():
        try:
            (value or "").encode()
        except UnicodeEncodeError as error:
            raise CorpusError(f"holds half a character at {error.start} of its {field}; export it "
                              "again") from error
    if name in taken:
        raise CorpusError(f"the id '{name}' is already used by an earlier article; give each an "
                          "id of its own")
    taken.add(name)
    return row


def _event_rows(event: Event) -> Iterator[tuple[str, Row]]:
    """Read the files of an event one by one, in the order of their ids where those are names."""
    for path in article_files(event.folder):
        try:
            yield path.name, read_article(path, event)
        except CorpusError as error:
            yield path.name, error


def _file_rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Read a file, or every Parquet file of a folder, row by row."""
    readers = {".csv": _csv_rows, ".jsonl": _json_rows, ".parquet": _parquet_rows}
    for file in _parquet_files(path) or [path]:
        columns, rows = _look_ahead(readers[file.suffix.lower()](file), file)
        for number, row in enumerate(rows, 1):
            if not isinstance(row, CorpusError):
                row = _as_article(row, columns, file, number)
            yield f"{file.name}, row {number}", row


def _look_ahead(rows: Iterator[Row], file: Path) -> tuple[Columns, Iterator[Row]]:
    """Find the columns of text and id: in JSONL the first row need not have both."""
    head = list(islice(rows, _HEAD))
    names = dict.fromkeys(name for row in head if isinstance(row, dict) for name in row)
    columns = _columns(names, file.name) if names else ("text", None)
    return columns, chain(head, rows)


def _parquet_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.parquet"))
    return [path] if path.suffix.lower() == ".parquet" else []


def find_columns(names: Iterable[str]) -> Columns:
    """Return the names of the columns of text and id; CorpusError where there is no text."""
    text = next((name for name in _TEXT_COLUMNS if name in names), None)
    if text is None:
        joined = any(mark in str(name) for name in names for mark in ";\t")
        raise CorpusError(f"has no column 'text'; it has {', '.join(map(str, names))}. "
                          + ("Save it with commas between the columns, and name" if joined
                             else "Name") + " the column of the articles' words 'text'")
    return text, next((name for name in _ID_COLUMNS if name in names), None)


def _columns(names: Iterable[str], file: str) -> Columns:
    try:
        return find_columns(names)
    except CorpusError as error:
        raise CorpusError(f"{file}: {error}") from error


def _as_article(row: dict, columns: Columns, path: Path, number: int) -> Row:
    text, key = columns
    told = {field: str(row[field]) for field in (*_FIELDS, key) if not _is_missing(row.get(field))}
    if key and key not in told:
        return CorpusError(f"has no id; fill in '{key}'")
    name = told.pop(key) if key else f"{path.stem}-{number}"
    return {"language": "en"} | told | {"article_id": name, "text": row.get(text)}


def _is_missing(value: object) -> bool:
    return value is None or value == "" or value != value  # the last is NaN


def _csv_rows(path: Path) -> Iterator[dict]:
    try:
        with pd.read_csv(path, dtype=str, keep_default_na=False, chunksize=1000) as chunks:
            for chunk in chunks:
                if not isinstance(chunk.index, pd.RangeIndex):  # pandas took a column as an index
                    raise CorpusError(
                        f"{path.name}: row 1 has more cells than the header has names; put "
                        "quotation marks around cells with a comma, and separate columns by commas")
                yield from chunk.to_dict("records")
    except pd.errors.EmptyDataError as error:
        raise CorpusError(f"{path.name}: is empty; write a header and a row per article") from error
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name}: cannot be read as CSV ({str(error).strip()}); save it "
                          "again as CSV in UTF-8") from error


def _json_rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as lines:
        for line in lines:
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield CorpusError(f"is not JSON ({error}); write one article in braces a line")
                continue
            yield row if isinstance(row, dict) else CorpusError(
                "is not an article; write it as {\"article_id\": …, \"text\": …}")


def _parquet_rows(path: Path) -> Iterator[dict]:
    with _opened(path) as file:
        known = {*_FIELDS, *_TEXT_COLUMNS, *_ID_COLUMNS}
        columns = [name for name in file.schema_arrow.names if name in known]
        for group in range(file.num_row_groups):
            for batch in file.iter_batches(1000, row_groups=[group], columns=columns):
                yield from batch.to_pylist()


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file; CorpusError where it is damaged, here or further on."""
    try:
        # Neither read ahead nor over many groups at once: both keep what has been read.
        with pq.ParquetFile(path, pre_buffer=False) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name}: cannot be read as Parquet ({str(error).strip()}); it may "
                          "be cut off: copy it again") from error
