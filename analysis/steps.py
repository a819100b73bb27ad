"""
The tables of one partition: every step that needs no article of another.

`analyse_partition` makes and writes them. An article that fails becomes a problem, and
costs the others nothing.
"""

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.corpus import Event
from analysis.duplicates import sketch_articles
from analysis.frames import find_mentions
from analysis.outlets import count_outlets
from analysis.partitions import Partition
from analysis.parts import marker_file, part, replace, write_part
from analysis.quotes import find_quotes
from analysis.rates import count_rates
from analysis.tables import empty
from analysis.tokens import find_furniture, find_paragraphs, find_sentences, tokenize
from analysis.topics import count_terms
from analysis.voices import add_voices, find_voices

Tables = dict[str, pd.DataFrame]


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


def analyse_partition(task: Task) -> int:
    """Make and write the tables of one partition; its marker, written last, says it is done."""
    work, number = task.settings.work, task.partition.number
    tables, problems = _analyse_safely(task.partition.articles, task.settings)
    for name, frame in tables.items():
        write_part(frame, part(work, name, number))
    told = {"key": task.key, "articles": len(tables["articles"]),
            "problems": [*task.partition.problems.to_numpy().tolist(), *problems]}
    replace(marker_file(work, number), lambda file: file.write_text(json.dumps(told), "utf-8"))
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
        tables["outlets"] = count_outlets(articles, tables["tokens"], tables["counts"])
        tables["sketches"] = sketch_articles(articles, minhash=bool(find_spec("datasketch")))
    return tables


def _parties(settings: Settings) -> tuple:
    return settings.event.parties if settings.event else ()


def _contrast(settings: Settings) -> list[str]:
    names = [frame.name for frame in settings.frames]
    wanted = settings.event.contrast if settings.event else ()
    return [name for name in wanted if name in names] or names
