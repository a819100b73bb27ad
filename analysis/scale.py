"""
Every table of a corpus of any size: one function over a partition, and a merge.

`_analyse` makes the tables of a run of articles; `_weigh` then weighs its counts with the
document frequencies of all partitions, which are summed in between and never cut. Results
do not depend on the engine, nor on where the partitions fall. Finished partitions are kept
in OUT/.unfinished until all are done, so that an interrupted run goes on where it stopped
and OUT never holds half a table.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.util import hash_pandas_object
from tqdm import tqdm

from analysis import __version__
from analysis.corpus import Event, load_event
from analysis.counting import count_words
from analysis.duplicates import find_duplicates, sketch_articles
from analysis.engines import open_engine
from analysis.frames import find_mentions, load_frames
from analysis.keyness import measure_keyness
from analysis.partitions import PARTITION_SIZE, Partition, find_source, read_partitions
from analysis.parts import marker, move_into_place, numbers_of, part, read_all, replace, write_part
from analysis.quotes import find_quotes, load_speakers
from analysis.rates import count_rates
from analysis.similarity import compare_documents
from analysis.tables import CorpusError, empty, table
from analysis.tokens import find_furniture, find_paragraphs, find_sentences, tokenize
from analysis.topics import blank_furniture, count_terms
from analysis.validation import load_codes
from analysis.voices import add_voices, find_voices

COMPARED = 200  # articles up to which every article is compared with every other
NEARLY = 20_000  # articles up to which near-duplicates are looked for
_FOLD = 8  # partial sums added up at a time: memory stays near one vocabulary

Tables = dict[str, pd.DataFrame]


def count_frequencies(source: str | Path, *,
                      partition_size: int = PARTITION_SIZE) -> pd.DataFrame:
    """
    Count in how many articles each term occurs, and how often, a partition at a time.

    One row per term, sorted: term, documents, n. Memory holds one partition and the
    vocabulary, however many articles `source` (see `write_tables`) has.
    """
    parts: list[pa.Table] = []
    for partition in read_partitions(find_source(source) or load_event(source), partition_size):
        terms, matrix = count_words(blank_furniture(partition.articles))
        parts.append(pa.table({"term": pa.array(terms, pa.utf8()),
                               "documents": matrix.getnnz(axis=0).astype(np.int64),
                               "n": np.asarray(matrix.sum(axis=0)).ravel()}))
        del partition, matrix  # before the next is read
        if len(parts) > _FOLD:
            parts = [_sum_by_term(parts)]
    if not parts:
        return pd.DataFrame({"term": pd.Series(dtype="str"), "documents": 0, "n": 0})
    return _sum_by_term(parts).sort_by("term").to_pandas()


def _sum_by_term(parts: list[pa.Table]) -> pa.Table:
    summed = pa.concat_tables(parts).group_by("term", use_threads=False).aggregate(
        [("documents", "sum"), ("n", "sum")])
    return summed.rename_columns(["term", "documents", "n"]).combine_chunks()


class Settings(NamedTuple):
    """What every partition is analysed with; `key` changes when any of it does."""

    work: Path
    include: str
    event: Event | None
    frames: list
    speakers: pd.DataFrame | None
    together: bool
    key: str


class Task(NamedTuple):
    """A partition and what to do it with."""

    partition: Partition
    settings: Settings
    key: str

    def __str__(self) -> str:
        """Name the partition."""
        return str(self.partition)


STEPS: dict[str, Callable[[Tables, Settings], pd.DataFrame]] = {
    "paragraphs": lambda t, s: find_paragraphs(t["articles"]),
    "cleaning": lambda t, s: find_furniture(t["articles"], t["paragraphs"]),
    "sentences": lambda t, s: find_sentences(t["articles"], t["paragraphs"]),
    "tokens": lambda t, s: tokenize(t["articles"], t["sentences"]),
    "counts": lambda t, s: count_terms(t["tokens"]),
    "quotes": lambda t, s: find_quotes(t["articles"], include=s.include, parties=_parties(s),
                                       speakers=s.speakers, together=s.together),
    "voices": lambda t, s: find_voices(t["articles"], t["quotes"], parties=_parties(s)),
    "mentions": lambda t, s: add_voices(
        find_mentions(t["articles"], s.frames, sentences=t["sentences"]), t["voices"]),
    "rates": lambda t, s: count_rates(t["mentions"], t["voices"], t["tokens"],
                                      frames=_contrast(s)),
}
WHOLE = ("keyness", "similarity", "duplicates")  # made once, from all partitions
WRITTEN = ("articles", *STEPS, "scores", *WHOLE)


def write_tables(source: str | Path, out: str | Path, *, engine: str = "serial",
                 scheduler: str | None = None, workers: int | None = None,
                 partition_size: int = PARTITION_SIZE, include: str = "speech",
                 format: str = "parquet", like: str | Path | None = None,
                 quiet: bool = False) -> pd.DataFrame:
    """
    Write every table of a corpus into the folder `out`; return the table `problems`.

    `source` is an event, or a CSV, JSONL or Parquet file (or folder of Parquet files);
    `like` names an event whose frames and parties are used. format="parquet"
    gives a folder of parts for each table, "csv" one file each, in which text that a
    spreadsheet would run as a formula is led by an apostrophe. `engine` is serial,
    processes or dask (see `engines.open_engine`); a cluster must see `out` under the same
    path.

    Up to 200 articles are one event and one partition: persons have one name in all of
    them, and keyness and similarity compare them. Above, each article is read by itself,
    and these two tables stay empty. Near-duplicates are looked for up to 20,000 articles,
    exact ones always.

    An article that fails becomes a row in `problems`. Raises CorpusError where the source
    cannot be read or holds no article.
    """
    if format not in ("parquet", "csv"):
        raise ValueError(f"format={format!r}; it is 'parquet' or 'csv'")
    if partition_size < 1:
        raise ValueError(f"a partition size of {partition_size}: give 1 or more articles")
    out = Path(out)
    source, settings = _settings(source, out / ".unfinished", include, like)
    partition_size = COMPARED if settings.together else partition_size
    settings.work.mkdir(parents=True, exist_ok=True)
    tasks = _unfinished(read_partitions(source, partition_size), settings)
    with open_engine(engine, workers=workers, scheduler=scheduler) as run:
        for _ in tqdm(run(_analyse_partition, tasks), desc="Partitions", unit="", disable=quiet):
            pass
        numbers = _finished(settings.work, source)
        _add_up(settings.work, numbers)
        for _ in tqdm(run(_weigh, [(settings.work, n) for n in numbers]), total=len(numbers),
                      desc="Scores", unit="", disable=quiet):
            pass
    _compare(settings.work, numbers, settings.together)
    problems = table("problems", [tuple(p) for n in numbers
                                  for p in marker(settings.work, n)["problems"]])
    write_part(problems, part(settings.work, "problems"))
    codes = load_codes(source) if isinstance(source, Event) else empty("codes")
    write_part(codes, part(settings.work, "codes"))
    move_into_place(settings.work, (*WRITTEN, "codes", "problems"), out, format)
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
    told = [__version__, include, together, *(event.parties if event else ()),
            None if speakers is None else speakers.to_csv()]
    files = sorted((event.folder / "frames").glob("*.toml")) if event else []
    key = _hash(repr(told).encode(), *(file.read_bytes() for file in files))
    return source, Settings(work.resolve(), include, event, frames, speakers, together, key)


def _parties(settings: Settings) -> tuple:
    return settings.event.parties if settings.event else ()


def _contrast(settings: Settings) -> list[str]:
    names = [frame.name for frame in settings.frames]
    wanted = settings.event.contrast if settings.event else ()
    return [name for name in wanted if name in names] or names


def _unfinished(partitions: Iterable[Partition], settings: Settings) -> Iterator[Task]:
    """Yield the partitions that an earlier run has not finished, and forget stale ones."""
    last = -1
    for partition in partitions:
        articles, problems = (hash_pandas_object(frame, index=False).to_numpy().tobytes()
                              for frame in partition[1:])
        key, last = _hash(settings.key.encode(), articles, problems), partition.number
        if marker(settings.work, partition.number).get("key") != key:
            yield Task(partition, settings, key)
    for file in settings.work.glob("*.json"):
        if int(file.stem) > last:
            file.unlink()


def _finished(work: Path, source: Event | Path) -> list[int]:
    """List the partitions; raise CorpusError where none holds an article."""
    numbers = numbers_of(work)
    if any(marker(work, n)["articles"] for n in numbers):
        return numbers
    problems = [": ".join(problem) for n in numbers for problem in marker(work, n)["problems"]]
    shutil.rmtree(work)
    name = source.folder.name if isinstance(source, Event) else source.name
    why = f" ({problems[0]})" if problems else ""
    raise CorpusError(f"{name}: no article could be read{why}; put one .txt file per article into "
                      "its folder articles/, or give a file with the columns article_id and text")


def _analyse_partition(task: Task) -> int:
    """Make and write the tables of one partition; its marker, written last, says it is done."""
    work, number = task.settings.work, task.partition.number
    tables, problems = _analyse_safely(task.partition.articles, task.settings)
    for name, frame in tables.items():
        write_part(frame, part(work, name, number))
    told = {"key": task.key, "articles": len(tables["articles"]),
            "problems": [*task.partition.problems.to_numpy().tolist(), *problems]}
    replace(work / f"{number:05}.json", lambda file: file.write_text(json.dumps(told), "utf-8"))
    return number


def _analyse_safely(articles: pd.DataFrame,
                    settings: Settings) -> tuple[Tables, list[tuple[str, str]]]:
    """Make the tables; where that fails, without the articles that fail by themselves."""
    try:
        return _analyse(articles, settings), []
    except Exception:  # whatever it is, it should cost no more than the articles that cause it
        problems = [(name, problem) for row, name in enumerate(articles["article_id"])
                    if (problem := _try(articles.iloc[row:row + 1], settings))]
    kept = articles[~articles["article_id"].isin([name for name, _ in problems])]
    if problem := _try(kept, settings):
        problems += [(name, problem) for name in kept["article_id"]]
        kept = kept.iloc[:0]
    return _analyse(kept.reset_index(drop=True), settings), problems


def _try(articles: pd.DataFrame, settings: Settings) -> str:
    """Return what goes wrong with the articles, or nothing."""
    try:
        _analyse(articles.reset_index(drop=True), settings)
    except Exception as error:
        return f"left out: {type(error).__name__}: {error}; the others were analysed without it"
    return ""


def _analyse(articles: pd.DataFrame, settings: Settings) -> Tables:
    """Make every table of a run of articles that needs no other article."""
    tables = {"articles": articles}
    for name, step in STEPS.items():
        made = step(tables, settings)
        tables[name] = made if len(made.columns) else empty(name)
    place = {name: number for number, name in enumerate(articles["article_id"])}
    counts = tables["counts"]
    tables["counts"] = counts.sort_values("document", key=lambda names: names.map(place),
                                          kind="stable", ignore_index=True)
    tables["frequencies"] = (counts.groupby("term").size().rename("documents").reset_index())
    if not settings.together:
        tables["sketches"] = sketch_articles(articles, minhash=bool(find_spec("datasketch")))
    return tables


def _add_up(work: Path, numbers: list[int]) -> None:
    """Sum the document frequencies of all partitions: the first pass ends here."""
    parts = (pd.read_parquet(part(work, "frequencies", n)).set_index("term")["documents"]
             for n in numbers)
    total, waiting = pd.Series(dtype="int64", name="documents"), []
    for number, found in enumerate(parts, 1):
        waiting.append(found)
        if number % _FOLD == 0 or number == len(numbers):
            total = pd.concat([total, *waiting]).groupby(level=0).sum()
            waiting.clear()
    frequencies = total.rename_axis("term").reset_index()
    write_part(frequencies.astype({"term": "str", "documents": "int64"}),
           work / "frequencies.parquet")


def _weigh(task: tuple[Path, int]) -> int:
    """Weigh the counts of one partition, as `add_tf_idf` would weigh them all at once."""
    work, number = task
    counts = pd.read_parquet(part(work, "counts", number))
    stamp = (work / "frequencies.parquet").stat().st_mtime_ns
    idf = _idf(work, stamp).reindex(counts["term"]).to_numpy()
    weight = counts["n"].to_numpy() * idf
    document = pd.factorize(counts["document"])[0]
    length = np.sqrt(np.bincount(document, weight ** 2, minlength=1))
    scores = counts.assign(tf=counts["n"].astype(float), idf=idf, tf_idf=weight / length[document])
    write_part(table("scores", scores), part(work, "scores", number))
    return number


@lru_cache(1)
def _idf(work: Path, stamp: int) -> pd.Series:
    total = sum(marker(work, n)["articles"] for n in numbers_of(work))
    found = pd.read_parquet(work / "frequencies.parquet").set_index("term")["documents"]
    return np.log((1 + total) / (1 + found)) + 1


def _compare(work: Path, numbers: list[int], together: bool) -> None:
    """Make what compares articles with each other."""
    made = {name: empty(name) for name in WHOLE}
    if together:
        articles, tokens = (read_all(work, name, numbers) for name in ("articles", "tokens"))
        tokens.attrs = {"documents": articles["article_id"].to_list()}
        made["duplicates"] = find_duplicates(articles)
        if tokens["article_id"].nunique() > 1:
            made["keyness"] = measure_keyness(tokens)
            made["similarity"] = compare_documents(tokens)
    else:
        made["duplicates"] = _duplicates(work, numbers)
    for name, frame in made.items():
        frame.attrs = {}
        write_part(frame, part(work, name))


def _duplicates(work: Path, numbers: list[int]) -> pd.DataFrame:
    """Pair the sketches of all partitions; above a number only those with the same words."""
    sketches = read_all(work, "sketches", numbers)
    if len(sketches) <= NEARLY:
        sketched = sketches["sketch"].str.len().any()  # not without datasketch
        return find_duplicates(read_all(work, "articles", numbers),
                               sketches=sketches if sketched else None)
    worded = sketches[sketches["words"] != ""]
    first = worded.drop_duplicates("words").set_index("words")["article_id"]
    again = worded[worded["words"].duplicated()]
    return table("duplicates", pd.DataFrame({
        "article_id": again["article_id"], "duplicate_of": again["words"].map(first),
        "similarity": 1.0, "exact": True}).reset_index(drop=True))


def _hash(*pieces: bytes) -> str:
    found = blake2b(digest_size=16)
    for piece in pieces:
        found.update(len(piece).to_bytes(8) + piece)
    return found.hexdigest()
