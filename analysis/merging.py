"""
What needs all partitions: sums of their counts, and what is made from those.

Sums are of whole numbers, so they do not depend on where the partitions fall.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.duplicates import find_duplicates
from analysis.keyness import measure_keyness
from analysis.outlets import COUNTED, MOST_OUTLETS, compare_outlets, measure_outlets
from analysis.parts import marker, numbers_of, part, read_all, write_part, write_pieces
from analysis.similarity import compare_documents
from analysis.tables import empty, table

NEARLY = 20_000  # articles up to which near-duplicates are looked for
WHOLE = ("keyness", "similarity", "duplicates")  # made once, from all partitions
_FOLD = 8  # partial sums added up at a time: memory stays near one vocabulary

Pieces = dict[str, Iterable[pd.DataFrame]]  # the pieces of each table, made as they are written


def add_up(parts: Iterable[pd.DataFrame], keys: Sequence[str],
           values: Sequence[str]) -> pd.DataFrame:
    """Add up the `values` of tables over equal `keys`, a few tables at a time; rows sorted."""
    waiting = [pd.DataFrame({key: pd.Series([], dtype="str") for key in keys}
                            | {value: pd.Series([], dtype="int64") for value in values})]

    def total() -> pd.DataFrame:
        rows = pd.concat(waiting, ignore_index=True)
        return rows.groupby(list(keys), sort=False, as_index=False)[list(values)].sum()

    for one in parts:
        waiting.append(one)
        if len(waiting) > _FOLD:
            waiting = [total()]
    return total().sort_values(list(keys), ignore_index=True)


def add_up_frequencies(work: Path, numbers: list[int]) -> None:
    """Sum the document frequencies of all partitions: the first pass ends here."""
    total = add_up(_parts(work, "frequencies", numbers), ("term",), ("documents",))
    write_part(total, work / "frequencies.parquet")


def _parts(work: Path, name: str, numbers: list[int], *columns: str) -> Iterator[pd.DataFrame]:
    return (pd.read_parquet(part(work, name, number), columns=list(columns) or None)
            for number in numbers)


def weigh(task: tuple[Path, int]) -> int:
    """Weigh the counts of one partition, as `add_tf_idf` would weigh them all at once."""
    work, number = task
    counts = pd.read_parquet(part(work, "counts", number))
    idf = _idf(work, _stamp(work)).reindex(counts["term"]).to_numpy()
    weight = counts["n"].to_numpy() * idf
    document = pd.factorize(counts["document"])[0]
    length = np.sqrt(np.bincount(document, weight ** 2, minlength=1))
    scores = counts.assign(tf=counts["n"].astype(float), idf=idf, tf_idf=weight / length[document])
    write_part(table("scores", scores), part(work, "scores", number))
    return number


def _stamp(work: Path) -> int:
    return (work / "frequencies.parquet").stat().st_mtime_ns


@lru_cache(1)
def _idf(work: Path, stamp: int) -> pd.Series:
    total = sum(marker(work, n)["articles"] for n in numbers_of(work))
    found = pd.read_parquet(work / "frequencies.parquet").set_index("term")["documents"]
    return np.log((1 + total) / (1 + found)) + 1


def compare(work: Path, numbers: list[int], together: bool) -> None:
    """Make what compares articles with each other, or outlets where articles are many."""
    made: Pieces = {name: [empty(name)] for name in WHOLE}
    if together:
        made |= _compare_articles(work, numbers)
    else:
        made |= {"duplicates": [_duplicates(work, numbers)]} | _compare_outlets(work, numbers)
    for name, pieces in made.items():
        write_pieces(pieces, part(work, name))


def _compare_articles(work: Path, numbers: list[int]) -> Pieces:
    articles, tokens = (read_all(work, name, numbers) for name in ("articles", "tokens"))
    tokens.attrs = {"documents": articles["article_id"].to_list()}
    made = {"duplicates": [find_duplicates(articles)]}
    if tokens["article_id"].nunique() > 1:
        made |= {"keyness": [measure_keyness(tokens)], "similarity": [compare_documents(tokens)]}
    return made


def _compare_outlets(work: Path, numbers: list[int]) -> Pieces:
    """Set outlets against each other, where several have words; say why where not."""
    named: set[str] = set()
    for one in _parts(work, "outlets", numbers, "document"):
        named.update(one["document"].unique())
        if len(named) > MOST_OUTLETS:
            break
    if not 1 < len(named) <= MOST_OUTLETS:
        found = "more" if len(named) > 1 else len(named) or "none"
        warnings.warn("keyness and similarity are empty: of so many articles they compare the "
                      f"outlets, 2 to {MOST_OUTLETS}, and the column 'outlet' names {found}",
                      stacklevel=2)
        return {}
    nameless = sum(one["outlet"].isna().sum()
                   for one in _parts(work, "articles", numbers, "outlet"))
    if nameless:
        warnings.warn(f"keyness and similarity leave out {nameless} of the articles, which name "
                      "no outlet", stacklevel=2)
    counted = add_up(_parts(work, "outlets", numbers), ("document", "term"), COUNTED)
    return {"keyness": measure_outlets(counted),
            "similarity": [compare_outlets(counted, _idf(work, _stamp(work)))]}


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
