"""
Tables kept in parts in a working folder, and put in place when all of them are done.

`work/TABLE/part-00000.parquet` is what one partition gives; `work/00000.json`, its marker,
is written last and says that it is whole.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def part(work: Path, name: str, number: int = 0) -> Path:
    """Return the file of one part of a table."""
    return work / name / f"part-{number:05}.parquet"


def move_into_place(work: Path, names: Iterable[str], out: Path, format: str) -> None:
    """Put the finished tables in their place, in one move each."""
    for name in names:
        parts = sorted((work / name).glob("part-*.parquet"))
        last = len(numbers_of(work))
        parts = [file for file in parts if int(file.stem[5:]) < max(last, 1)]
        if format == "csv":
            replace(out / f"{name}.csv", lambda file, parts=parts: _write_csv(parts, file))
            continue
        for file in set((work / name).iterdir()) - set(parts):
            file.unlink()
        old = out / f".{name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if (out / name).exists():
            os.replace(out / name, old)
        os.replace(work / name, out / name)
        shutil.rmtree(old, ignore_errors=True)
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
    write(temporary)
    os.replace(temporary, file)


def read_all(work: Path, name: str, numbers: list[int]) -> pd.DataFrame:
    """Read every part of a table."""
    return pd.concat([pd.read_parquet(part(work, name, n)) for n in numbers],
                     ignore_index=True)


def marker(work: Path, number: int) -> dict:
    """Read the marker of a partition; empty where it is not finished."""
    file = work / f"{number:05}.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else {}


def numbers_of(work: Path) -> list[int]:
    """List the finished partitions."""
    return sorted(int(file.stem) for file in work.glob("*.json"))
