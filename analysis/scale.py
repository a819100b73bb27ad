"""
Every table of a corpus of any size: one function over a partition, and a merge.

`analyse_partition` makes the tables of a run of articles; `weigh` then weighs its counts with
the document frequencies of all partitions, which are summed in between and never cut. Results
do not depend on the engine, nor on where the partitions fall. Finished partitions are kept
in OUT/.unfinished until all are done, so that an interrupted run goes on where it stopped
and OUT never holds half a table.
"""

import shutil
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.util import hash_pandas_object
from tqdm import tqdm

from analysis.corpus import Event, load_event
from analysis.counting import as_strings, count_words
from analysis.engines import Run, open_engine
from analysis.frames import load_frames
from analysis.merging import WHOLE, add_up, add_up_frequencies, compare, weigh
from analysis.partitions import PARTITION_SIZE, Partition, find_source, read_partitions
from analysis.parts import (
    check_places,
    marker,
    marker_file,
    move_into_place,
    numbers_of,
    part,
    reserve,
    write_part,
)
from analysis.quotes import load_speakers
from analysis.steps import STEPS, Settings, Task, analyse_partition
from analysis.tables import CorpusError, empty, table
from analysis.topics import blank_furniture
from analysis.validation import load_codes

COMPARED = 200  # articles up to which they are one event, each compared with every other
PACKAGE = Path(__file__).parent
WRITTEN = ("articles", *STEPS, "scores", *WHOLE)


def count_frequencies(source: str | Path, *,
                      partition_size: int = PARTITION_SIZE) -> pd.DataFrame:
    """
    Count in how many articles each term occurs, and how often, a partition at a time.

    One row per term, sorted: term, documents, n. Memory holds one partition and the
    vocabulary, however many articles `source` (see `write_tables`) has.
    """
    partitions = read_partitions(find_source(source) or load_event(source), partition_size)
    return add_up(map(_frequencies, partitions), ("term",), ("documents", "n"))


def _frequencies(partition: Partition) -> pd.DataFrame:
    terms, matrix = count_words(blank_furniture(partition.articles))
    return pd.DataFrame({"term": as_strings(pa.array(terms, pa.utf8())),
                         "documents": matrix.getnnz(axis=0).astype(np.int64),
                         "n": np.asarray(matrix.sum(axis=0)).ravel()})


def write_tables(source: str | Path, out: str | Path, *, engine: str = "serial",
                 scheduler: str | None = None, workers: int | None = None,
                 partition_size: int = PARTITION_SIZE, include: str = "speech",
                 format: str = "parquet", like: str | Path | None = None,
                 quiet: bool = False) -> pd.DataFrame:
    """
    Write every table of a corpus into the folder `out`; return the table `problems`.

    `source` is an event, or a CSV, JSONL or Parquet file (or folder of Parquet files);
    `like` names an event whose frames and parties are used. format="parquet" gives a folder
    of parts for each table, "csv" one file each, in which text that a spreadsheet would run
    as a formula is led by an apostrophe. `engine` is serial, processes or dask (see
    `engines.open_engine`); a cluster must see `out` under the same path.

    Up to 200 articles are one event and one partition: persons have one name in all of
    them, and keyness and similarity compare them. Above, each article is read by itself,
    and these two tables compare outlets (see `outlets`), articles without one left out; with
    one outlet, none, or more than 200 they are empty, and a warning says so. Near-duplicates
    are looked for up to 20,000 articles, exact ones always.

    An article that fails becomes a row in `problems`. Raises CorpusError where the source
    cannot be read or holds no article, where another run is writing into `out`, or where
    what a table would replace there is not a table.
    """
    if format not in ("parquet", "csv"):
        raise ValueError(f"format={format!r}; it is 'parquet' or 'csv'")
    if partition_size < 1:
        raise ValueError(f"a partition size of {partition_size}: give 1 or more articles")
    out, names = Path(out), (*WRITTEN, "codes", "problems")
    source, settings = _settings(source, out / ".unfinished", include, like)
    partitions = read_partitions(source, COMPARED if settings.together else partition_size)
    check_places(out, names, format, None if isinstance(source, Event) else source)
    with reserve(out):
        with open_engine(engine, workers=workers, scheduler=scheduler) as run:
            numbers = _analyse_all(run, partitions, source, settings, quiet)
        problems = _conclude(source, settings, numbers)
        move_into_place(settings.work, names, out, format)
    return problems


def _analyse_all(run: Run, partitions: Iterable[Partition], source: Event | Path,
                 settings: Settings, quiet: bool) -> list[int]:
    """Make what each partition gives by itself, and its scores; return their numbers."""
    settings.work.mkdir(exist_ok=True)
    keys: dict[int, str] = {}
    tasks = _unfinished(partitions, settings, keys)
    for _ in tqdm(run(analyse_partition, tasks), desc="Partitions", unit="", disable=quiet):
        pass
    numbers = _finished(settings.work, source, keys)
    add_up_frequencies(settings.work, numbers)
    for _ in tqdm(run(weigh, [(settings.work, n) for n in numbers]), total=len(numbers),
                  desc="Scores", unit="", disable=quiet):
        pass
    return numbers


def _conclude(source: Event | Path, settings: Settings, numbers: list[int]) -> pd.DataFrame:
    """Make what needs all partitions; return the table `problems`."""
    compare(settings.work, numbers, settings.together)
    problems = table("problems", [tuple(p) for n in numbers
                                  for p in marker(settings.work, n)["problems"]])
    write_part(problems, part(settings.work, "problems"))
    codes = load_codes(source) if isinstance(source, Event) else empty("codes")
    write_part(codes, part(settings.work, "codes"))
    return problems


def _settings(source: str | Path, work: Path, include: str,
              like: str | Path | None) -> tuple[Event | Path, Settings]:
    """Find out what the source is, and with which frames and parties it is read."""
    path = find_source(source)
    own = None if path else load_event(source)
    event = load_event(like) if like else own
    frames = load_frames(event) if event else []
    corrections = event.folder / "speakers.csv" if event else None
    speakers = load_speakers(corrections) if event and corrections.exists() else None
    source = path or own
    first = next(read_partitions(source, COMPARED + 1), None)
    together = first is None or len(first.articles) + len(first.problems) <= COMPARED
    told = [include, together, event and (event.parties, event.contrast),
            None if speakers is None else speakers.to_csv(), bool(find_spec("datasketch"))]
    files = sorted((event.folder / "frames").glob("*.toml")) if event else []
    key = _hash(_code(), repr(told).encode(), *(file.read_bytes() for file in files))
    return source, Settings(work.resolve(), include, event, frames, speakers, together, key)


def _code() -> bytes:
    """Return what changes with any line of the package, its word lists or its model."""
    files = sorted(file for file in PACKAGE.rglob("*")
                   if file.is_file() and "__pycache__" not in file.parts)
    return _hash(*(piece for file in files for piece in (
        file.relative_to(PACKAGE).as_posix().encode(), file.read_bytes()))).encode()


def _unfinished(partitions: Iterable[Partition], settings: Settings,
                keys: dict[int, str]) -> Iterator[Task]:
    """Yield the partitions that an earlier run has not finished; put the keys of all in `keys`."""
    names = ("articles", *STEPS, "frequencies",
             *(() if settings.together else ("outlets", "sketches")))
    for partition in partitions:
        number = partition.number
        articles, problems = (hash_pandas_object(frame, index=False).to_numpy().tobytes()
                              for frame in partition[1:])
        keys[number] = _hash(settings.key.encode(), articles, problems)
        if marker(settings.work, number).get("key") != keys[number] or not all(
                part(settings.work, name, number).exists() for name in names):
            yield Task(partition, settings, keys[number])
    for number in set(numbers_of(settings.work)) - set(keys):
        marker_file(settings.work, number).unlink()


def _finished(work: Path, source: Event | Path, keys: dict[int, str]) -> list[int]:
    """List the partitions; raise CorpusError where one is not there, or none holds an article."""
    numbers = sorted(keys)
    lost = [n for n in numbers if marker(work, n).get("key") != keys[n]]
    if lost:
        raise CorpusError(f"{work}: partition {lost[0]} was analysed, but its tables are not here. "
                          "Let all workers see this folder under the same path, and let no other "
                          "run write into it; then give the same command again")
    if any(marker(work, n)["articles"] for n in numbers):
        return numbers
    problems = [": ".join(problem) for n in numbers for problem in marker(work, n)["problems"]]
    shutil.rmtree(work)
    name = source.folder.name if isinstance(source, Event) else source.name
    why = f" ({problems[0]})" if problems else ""
    raise CorpusError(f"{name}: no article could be read{why}; put one .txt file per article into "
                      "its folder articles/, or give a file with the columns article_id and text")


def _hash(*pieces: bytes) -> str:
    found = blake2b(digest_size=16)
    for piece in pieces:
        found.update(len(piece).to_bytes(8) + piece)
    return found.hexdigest()
