"""
Class copies: notebooks for students, notebooks for the teacher, and slides.

Students get the questions without solutions and without outputs; teachers get solutions,
notes and timings; slides are the same cells through nbconvert, one thought a page, without
script and without a network. Solutions stand between nbgrader's marks.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from analysis.corpus import Event, load_articles, load_event
from analysis.report.notebooks import make_page
from analysis.report.run import Ran, run_notebooks
from analysis.report.safety import POLICY
from analysis.tables import CorpusError
from analysis.teaching.cells import Sheet, exercise_cells, load_sheet, notebooks_folder
from analysis.teaching.coding import FOLDER

HERE = Path(__file__).parent
NOTE = "note-for-the-teacher"
_READING = re.compile(r"\*\*Time:?\*\*:?\s*(?:about\s*)?(\d+) minutes")
_EXERCISE = re.compile(r"### Exercise (\d\d\.\d)")
README = """Class copies of the event "{event}", made by samestory class.

student/     the notebooks to hand out, and the event they need; no solutions, no outputs
instructor/  the same with solutions, notes and timings, and the event
slides/      one page of slides per notebook; open in any browser, no network needed

Hand out the folder student/ whole. Running a notebook is trusting it: only run what you
know. Before you hand out an event of your own, make sure that you may share its articles.
"""


def make_class_copies(event: Event | str | Path = "summit", out: str | Path = "class", *,
                      notebooks: Path | None = None, slides: bool = True,
                      quiet: bool = True) -> Path:
    """
    Write class copies of all notebooks for an event into the folder `out`; return it.

    `out/student`, `out/instructor` (each with the event in its corpus/) and `out/slides`. The
    notebooks are run where slides need outputs that they do not have. Raises ValueError where
    `out` holds anything, since students' work may be in it, and CorpusError where the event
    has no article or there are no notebooks.
    """
    event = event if isinstance(event, Event) else load_event(event)
    load_articles(event)
    out, folder = Path(out).expanduser(), notebooks or notebooks_folder()
    paths = sorted(folder.glob("[0-9]*.ipynb"))
    if not paths:
        raise CorpusError(f"{folder.name}: there are no notebooks; class copies are made in a "
                          "checkout of the project")
    if out.exists() and any(out.iterdir()):
        raise ValueError(f"{out.name} is not empty and may hold somebody's work; give an empty or "
                         "a new folder")
    for part, make in (("student", _student), ("instructor", _instructor)):
        _write(paths, out / part, event, make)
    if slides:
        _write_slides(_with_outputs(paths, event, quiet), out / "slides")
    (out / "README.txt").write_text(README.format(event=event.name), "utf-8")
    return out


def _write(paths: Sequence[Path], folder: Path, event: Event, make: object) -> None:
    folder.mkdir(parents=True)
    for path in paths:
        made = make(nbformat.read(path, as_version=4), event.name, path.stem)
        nbformat.write(made, folder / path.name)
    # Codes of the coding lab are somebody's work, and would spoil the others' blindness.
    shutil.copytree(event.folder, folder / "corpus" / event.name,
                    ignore=shutil.ignore_patterns(FOLDER, ".*"))


def _student(notebook: NotebookNode, event: str, name: str) -> NotebookNode:
    notebook = _prepared(notebook, event, name)
    notebook.cells = [cell for cell in notebook.cells if not _tags(cell) & {"solution", NOTE}]
    return _clear(notebook)


def _instructor(notebook: NotebookNode, event: str, name: str) -> NotebookNode:
    notebook = _clear(_prepared(notebook, event, name))
    sheet = load_sheet(name)
    notes = {each.number: each for each in sheet.exercises}
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if "solution" in _tags(cell):
            cells.append(_grade(cell))
        asked = _EXERCISE.match(cell.source) if cell.cell_type == "markdown" else None
        if asked and asked[1] in notes:
            each = notes[asked[1]]
            cells.append(_note(f"{each.notes}\n\n*{each.minutes} minutes. The solution follows "
                               "the question.*", each.number))
    cells.insert(1, _note(_timing(notebook, sheet), "time"))
    notebook.cells = cells
    return notebook


def _grade(solution: NotebookNode) -> NotebookNode:
    """Mark a solution for nbgrader, and return the cell that grades it: one point."""
    asked = solution.source.splitlines()[-1]
    number = re.sub(r"\D+", "-", asked).strip("-")
    common = {"schema_version": 3, "task": False}
    solution.metadata["nbgrader"] = {**common, "grade": False, "solution": True, "locked": False,
                                     "grade_id": f"solution-{number}"}
    return new_code_cell(f"assert {asked}", id=f"grade-{number}", metadata={
        "tags": [NOTE], "nbgrader": {**common, "grade": True, "solution": False, "locked": True,
                                     "points": 1, "grade_id": f"grade-{number}"}})


def _timing(notebook: NotebookNode, sheet: Sheet) -> str:
    minutes = [each.minutes for each in sheet.exercises]
    parts = ", ".join(f"{each.number} {each.minutes}" for each in sheet.exercises)
    reading = next((int(found[1]) for cell in notebook.cells
                    if (found := _READING.search(cell.source))), None)
    read = f"Reading and running the cells: {reading} minutes. " if reading else ""
    total = f" Together {sum(minutes) + reading} minutes." if reading else ""
    return f"{read}Exercises: {parts} ({sum(minutes)} minutes in all).{total}"


def _note(text: str, name: str) -> NotebookNode:
    cell = new_markdown_cell(f"> **For the teacher.** {text}", metadata={"tags": [NOTE]})
    cell["id"] = f"note-{name.replace('.', '-')}"
    return cell


def _prepared(notebook: NotebookNode, event: str, name: str) -> NotebookNode:
    """Set the event; add the exercises where a notebook does not have them yet."""
    if not any("exercise" in _tags(cell) for cell in notebook.cells):
        notebook.cells += exercise_cells(name)
    for cell in notebook.cells:
        if "parameters" in _tags(cell):
            cell.source = f'EVENT = "{event}"'
    notebook.metadata = NotebookNode(
        kernelspec={"name": "python3", "display_name": "Python 3", "language": "python"},
        language_info={"name": "python"})
    return notebook


def _clear(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            cell.metadata.pop("execution", None)
    return notebook


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", ()))


def _with_outputs(paths: Sequence[Path], event: Event, quiet: bool) -> list[Ran]:
    """Return the notebooks with outputs of this event: as stored, if they are of it, else run."""
    stored = [Ran(path.stem, nbformat.read(path, as_version=4), None) for path in paths]
    if all(_is_of(ran.notebook, event.name) for ran in stored):
        return stored
    return run_notebooks(list(paths), event.folder, quiet=quiet)


def _is_of(notebook: NotebookNode, event: str) -> bool:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    named = any("parameters" in _tags(cell) and f'"{event}"' in cell.source for cell in code)
    return named and all(cell.execution_count for cell in code)


def _write_slides(ran: Sequence[Ran], folder: Path) -> None:
    folder.mkdir(parents=True)
    template = Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template(
        "slides.html.j2")
    css = Markup((HERE / "slides.css").read_text("utf-8"))
    for one in ran:
        slides = list(_slides(one))
        title = make_page(one, link=_nowhere, place=_nowhere).title
        (folder / f"{one.name}.html").write_text(template.render(
            title=title, slides=slides, css=css, policy=POLICY), "utf-8")


def _slides(ran: Ran) -> Iterator[Markup]:
    """Yield one page for each thought: prose with the code cells that follow it."""
    for cell in ran.notebook.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop("text/csv", None)  # a slide has no file to link to
    for cells in _thoughts(ran.notebook.cells):
        part = NotebookNode({**ran.notebook, "cells": cells})
        body = make_page(Ran(ran.name, part, None), link=_nowhere, place=_nowhere).body
        if body.strip():
            yield Markup(body)


def _thoughts(cells: Sequence[NotebookNode]) -> Iterator[list[NotebookNode]]:
    thought: list[NotebookNode] = []
    for cell in cells:
        if cell.cell_type == "markdown" and thought:
            yield thought
            thought = []
        thought.append(cell)
    if thought:
        yield thought


def _nowhere(_: str) -> None:
    """Slides stand alone: a link into the report leads nowhere."""
