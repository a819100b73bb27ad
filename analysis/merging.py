"""
What needs all partitions: sums of their counts, and what is made from those.

Sums are of whole numbers, so they do not depend on where the partitions fall.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.duplicates import find_duplicates
from analysis.keyness import measure_keyness
from analysis.parts import marker, numbers_of, part, read_all, write_part
from analysis.similarity import compare_documents
from analysis.tables import empty, table

NEARLY = 20_000  # articles up to which near-duplicates are looked for
WHOLE = ("keyness", "similarity", "duplicates")  # made once, from all partitions
_FOLD = 8  # partial sums added up at a time: memory stays near one vocabulary


def add_up(parts: Iterable[pa.Table], keys: list[str], values: list[str]) -> pa.Table:
    """Add up the `values` of tables over equal `keys`, a few tables at a time; rows sorted."""
    schema = pa.schema([*((key, pa.large_utf8()) for key in keys),
                        *((value, pa.int64()) for value in values)])
    waiting = [schema.empty_table()]

    def total() -> pa.Table:
        summed = pa.concat_tables(waiting).group_by(keys, use_threads=False).aggregate(
            [(value, "sum") for value in values])
        return summed.rename_columns(schema.names).combine_chunks()

    for one in parts:
        waiting.append(one.select(schema.names).cast(schema))
        if len(waiting) > _FOLD:
            waiting = [total()]
    return total().sort_by([(key, "ascending") for key in keys])


def add_up_frequencies(work: Path, numbers: list[int]) -> None:
    """Sum the document frequencies of all partitions: the first pass ends here."""
    total = add_up(_parts(work, "frequencies", numbers), ["term"], ["documents"])
    write_part(total.to_pandas(), work / "frequencies.parquet")


def _parts(work: Path, name: str, numbers: list[int]) -> Iterator[pa.Table]:
    return (pq.read_table(part(work, name, number)) for number in numbers)


def weigh(task: tuple[Path, int]) -> int:
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


def compare(work: Path, numbers: list[int], together: bool) -> None:
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
