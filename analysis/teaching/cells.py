"""
Exercises as notebook cells: questions tagged `exercise`, answers tagged `solution`.

They are kept in `notebooks/exercises/`, beside the notebooks and outside the package, so
that nobody who installs the package for a class has the solutions on their disk. The marks
around a solution are nbgrader's.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

from analysis.tables import CorpusError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
NOTEBOOKS = ("00_start_here", "01_corpus", "02_topics", "03_quotes", "04_framing",
             "05_who_frames")
OPEN = """from analysis.figures import show_table
from analysis.teaching import check, open_exercises
study = open_exercises(EVENT)"""


class Exercise(NamedTuple):
    """One exercise: what is asked, the cells that go with it, and notes for the teacher."""

    number: str
    level: str
    minutes: int
    prompt: str
    setup: str
    blank: str
    solution: str
    notes: str


class Sheet(NamedTuple):
    """The exercises of one notebook."""

    title: str
    intro: str
    exercises: tuple[Exercise, ...]


def notebooks_folder() -> Path:
    """Return the folder of the notebooks: that of the current folder, else of the checkout."""
    here = Path.cwd() / "notebooks"
    return here if here.is_dir() else Path(__file__).resolve().parents[2] / "notebooks"


def load_sheet(notebook: str, *, folder: Path | None = None) -> Sheet:
    """
    Load the exercises of a notebook, named as its file without .ipynb.

    Raises CorpusError where there are none, as in a student's copy.
    """
    path = (folder or notebooks_folder() / "exercises") / f"{notebook}.toml"
    if not path.is_file():
        raise CorpusError(f"{path.name}: there are no exercises for {notebook!r}; they are kept in "
                          "notebooks/exercises/ of the project, not in students' copies")
    told = tomllib.loads(path.read_text("utf-8"))
    exercises = tuple(Exercise(**{
        name: value.strip() if isinstance(value, str) else value for name, value in entry.items()})
        for entry in told["exercises"])
    return Sheet(told["title"], told["intro"].strip(), exercises)


def exercise_cells(notebook: str, *, folder: Path | None = None) -> list:
    """
    Return the section of exercises of a notebook as nbformat cells, to be put at its end.

    A heading, a cell that makes the tables ready, and for each exercise the question, the
    cell that shows what it is about, the cell to answer in (with a harmless blank), and the
    solution. Ids are fixed. Raises CorpusError for a notebook without exercises.
    """
    sheet = load_sheet(notebook, folder=folder)
    cells = [_markdown(f"## {sheet.title}\n\n{sheet.intro}"), _code(OPEN)]
    for each in sheet.exercises:
        asked = f'check("{each.number}", answer)'
        cells += [
            _markdown(f"### Exercise {each.number}: {each.level}\n\n{each.prompt}\n\n"
                      f"*About {each.minutes} minutes.*"),
            _code(each.setup), _code(f"{each.blank}\n{asked}"),
            _code(f"{BEGIN}\n{each.solution}\n{END}\n{asked}", tag="solution")]
    for i, cell in enumerate(cells):
        cell["id"] = f"ex-{notebook[:2]}-{i:02}"
    return cells


def _markdown(source: str, tag: str = "exercise") -> dict:
    from nbformat.v4 import new_markdown_cell

    return new_markdown_cell(source, metadata={"tags": [tag]})


def _code(source: str, tag: str = "exercise") -> dict:
    from nbformat.v4 import new_code_cell

    return new_code_cell(source, metadata={"tags": [tag]})
