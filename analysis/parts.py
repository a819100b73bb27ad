"""
Tables kept in parts in a working folder, and put in place when all of them are done.

`work/TABLE/part-00000.parquet` is what one partition gives; `work/00000.json`, its marker,
is written last and says that it is whole.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.tables import TABLES, CorpusError

try:
    import fcntl
except ImportError:  # Windows has no such lock
    fcntl = None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def part(work: Path, name: str, number: int = 0) -> Path:
    """Return the file of one part of a table."""
    return work / name / f"part-{number:05}.parquet"


def check_places(out: Path, names: Iterable[str], format: str, source: Path | None) -> None:
    """Raise CorpusError where a table would replace what is no table of an earlier run."""
    if out.exists() and not out.is_dir():
        raise CorpusError(f"{out}: is a file; give the name of a folder")
    for name in names:
        place = out / (f"{name}.csv" if format == "csv" else name)
        if not place.exists() or place.is_dir() and not any(place.iterdir()):
            continue
        if source and place.resolve() == source.resolve():
            raise CorpusError(f"{place}: is what is read, and the tables would replace it; choose "
                              "another folder for them")
        if not (_is_csv_table(place, name) if format == "csv" else _is_parquet_table(place)):
            raise CorpusError(f"{place}: is not a table of an earlier run, and the new one would "
                              "replace it; choose another folder, or move it away")


def _is_csv_table(place: Path, name: str) -> bool:
    if not place.is_file():
        return False
    with place.open("rb") as file:
        header = file.readline(10_000).decode("utf-8", "replace").strip().split(",")
    return header[:len(TABLES[name].names)] == TABLES[name].names


def _is_parquet_table(place: Path) -> bool:
    return place.is_dir() and all(re.fullmatch(r"part-\d+\.parquet|\..*", file.name)
                                  for file in place.iterdir())


@contextmanager
def reserve(out: Path) -> Iterator[None]:
    """Keep a folder for one run at a time, until it ends, however it ends."""
    out.mkdir(parents=True, exist_ok=True)
    if not fcntl:
        yield
        return
    folder = os.open(out, os.O_RDONLY)
    try:
        _lock(folder, out)
        yield
    finally:
        os.close(folder)


def _lock(folder: int, out: Path) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CorpusError(f"{out}: another run is writing its tables there; wait for it to end, or "
                          "choose another folder") from error
    except OSError:  # a file system that knows no locks
        pass


def move_into_place(work: Path, names: Iterable[str], out: Path, format: str) -> None:
    """Put the finished tables in their place, in one move each, once all can be moved."""
    names, last = list(names), max(len(numbers_of(work)), 1)
    for name in names:
        files = sorted((work / name).iterdir())
        parts = [file for file in files if file.match("part-*.parquet")
                 and int(file.stem[5:]) < last]
        if format == "csv":
            _write_csv(parts, work / f"{name}.csv")
        else:
            for file in set(files) - set(parts):
                file.unlink()
    for name in names:
        made = f"{name}.csv" if format == "csv" else name
        if (out / made).is_dir():
            shutil.rmtree(work / f"{name}.old", ignore_errors=True)
            os.replace(out / made, work / f"{name}.old")
        os.replace(work / made, out / made)
    shutil.rmtree(work)


def _write_csv(parts: list[Path], file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as csv:
        for number, frame in enumerate(frame for one in parts for frame in _read_pieces(one)):
            for name in frame.select_dtypes("str"):
                risky = frame[name].str.startswith(_FORMULA).fillna(False)
                frame[name] = frame[name].mask(risky.astype(bool), "'" + frame[name])
            frame.to_csv(csv, index=False, header=number == 0, lineterminator="\n")


def _read_pieces(file: Path) -> Iterator[pd.DataFrame]:
    with pq.ParquetFile(file) as opened:
        for group in range(opened.num_row_groups):
            yield opened.read_row_group(group).to_pandas()


def write_part(frame: pd.DataFrame, file: Path) -> None:
    """Write a table, whole or not at all, without what pandas keeps beside it."""
    write_pieces([frame], file)


def write_pieces(pieces: Iterable[pd.DataFrame], file: Path) -> None:
    """Write a table that comes in pieces, one or more, holding one at a time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    tables = (pa.Table.from_pandas(pd.DataFrame(dict(piece)), preserve_index=False)
              for piece in pieces)

    def write(temporary: Path) -> None:
        first = next(tables)
        with pq.ParquetWriter(temporary, first.schema) as out:
            out.write_table(first)
            for one in tables:
                out.write_table(one)

    replace(file, write)


def replace(file: Path, write: Callable[[Path], object]) -> None:
    """Write beside the file and move it there, so that it is whole or not there."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        write(temporary)
        os.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)  # still there only where writing it failed


def read_all(work: Path, name: str, numbers: list[int]) -> pd.DataFrame:
    """Read every part of a table."""
    return pd.concat([pd.read_parquet(part(work, name, n)) for n in numbers],
                     ignore_index=True)


def marker(work: Path, number: int) -> dict:
    """Read the marker of a partition; empty where it is not finished."""
    try:
        return json.loads(marker_file(work, number).read_text("utf-8"))
    except (FileNotFoundError, ValueError):  # the latter of a machine that lost its power
        return {}


def marker_file(work: Path, number: int) -> Path:
    """Return the file of the marker of a partition."""
    return work / f"{number:05}.json"


def numbers_of(work: Path) -> list[int]:
    """List the finished partitions."""
    return sorted(int(file.stem) for file in work.glob("*.json"))
