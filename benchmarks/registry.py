"""
The tasks of the benchmark, their candidates, and the articles these read.

A candidate takes the path of a corpus and a number of articles, prepares (not timed; what
only it needs is imported there), and returns what is timed. Candidates of one task return
the same thing, which is compared.
"""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

Run = Callable[[], object]
TASKS: dict[str, dict[str, Callable[[Path, int], Run]]] = {}


class NotInstalled(Exception):
    """A peer, or a compiler, that is not on this machine."""


def candidate(task: str, name: str) -> Callable[[Callable], Callable]:
    """Register a candidate; the first of a task is its reference."""
    def register(make: Callable[[Path, int], Run]) -> Callable[[Path, int], Run]:
        TASKS.setdefault(task, {})[name] = make
        return make
    return register


def need(name: str) -> object:
    """Import a peer."""
    try:
        return __import__(name)
    except ImportError as error:
        raise NotInstalled(name) from error


def load(path: Path, articles: int, *columns: str) -> object:
    """Read the first articles, as an Arrow table."""
    return pq.read_table(path, columns=["text", *columns]).slice(0, articles)


def texts_of(path: Path, articles: int) -> list[str]:
    """Read the texts of the first articles."""
    return load(path, articles)["text"].to_pylist()
