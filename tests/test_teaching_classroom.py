"""Class copies: students get no solution and no output, teachers get everything, slides run."""

import html
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.tables import CorpusError
from analysis.teaching.cells import BEGIN, NOTEBOOKS, exercise_cells, load_sheet
from analysis.teaching.classroom import make_class_copies

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def _notebook(name: str, event: str) -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# What is it?\n\n**Time:** 12 minutes."),
             new_code_cell(f'EVENT = "{event}"', metadata={"tags": ["parameters"]}),
             new_markdown_cell("We count."),
             new_code_cell("1 + 1", outputs=[
                 new_output("execute_result", {"text/plain": "2", "text/csv": "a\n2\n"}),
                 new_output("display_data", {"text/html": f"<p>{HOSTILE}</p>", "text/plain": "x"}),
                 new_output("stream", name="stdout", text=HOSTILE)]),
             *exercise_cells(name)]
    for n, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code":
            cell["execution_count"] = n
    return new_notebook(cells=cells, metadata={"kernelspec": {
        "name": "conda-env-me", "display_name": "me", "language": "python"}})


@pytest.fixture(scope="module")
def copies(tmp_path_factory, event):
    notebooks = tmp_path_factory.mktemp("notebooks")
    for name in NOTEBOOKS:
        nbformat.write(_notebook(name, event.name), notebooks / f"{name}.ipynb")
    return make_class_copies(event, tmp_path_factory.mktemp("out") / "class", notebooks=notebooks)


def _sources(path) -> str:
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_students_get_questions_without_solutions_and_outputs(copies, name):
    notebook = nbformat.read(copies / "student" / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    source = _sources(copies / "student" / f"{name}.ipynb")
    sheet = load_sheet(name)
    assert BEGIN not in source
    for each in sheet.exercises:
        assert each.prompt in source and f'check("{each.number}", answer)' in source
        assert each.solution not in source and each.notes not in source
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert notebook.metadata.kernelspec.name == "python3"


def test_no_file_for_students_holds_a_solution(copies):
    asked = [each for name in NOTEBOOKS for each in load_sheet(name).exercises]
    shown = "\n".join(each.setup for each in asked)
    lines = {line.strip() for each in asked for line in each.solution.splitlines()}
    secrets = [line for line in lines if len(line) > 20 and line not in shown]
    assert len(secrets) > 18
    for path in (copies / "student").rglob("*.*"):
        text = path.read_text("utf-8", errors="replace").replace('\\"', '"')
        assert not [line for line in secrets if line in text], path


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_teachers_get_solutions_notes_and_timings(copies, name):
    source = _sources(copies / "instructor" / f"{name}.ipynb")
    sheet = load_sheet(name)
    assert source.count(BEGIN) == len(sheet.exercises) == 3
    for each in sheet.exercises:
        assert each.solution in source and each.notes in source
    minutes = sum(each.minutes for each in sheet.exercises)
    assert f"{minutes} minutes in all" in source and f"Together {minutes + 12} minutes" in source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_solutions_carry_what_nbgrader_asks_for(copies, name):
    """Each solution is a solution cell, and an autograded cell worth one point follows it."""
    cells = nbformat.read(copies / "instructor" / f"{name}.ipynb", as_version=4).cells
    marked = [cell.metadata["nbgrader"] for cell in cells if "nbgrader" in cell.metadata]
    assert [m["solution"] for m in marked] == [True, False] * 3
    assert sum(m.get("points", 0) for m in marked) == 3
    assert len({m["grade_id"] for m in marked}) == 6
    assert all(m.keys() >= {"schema_version", "grade", "locked", "task"} for m in marked)


def test_both_have_the_event_but_nobodys_codes(event, tmp_path, copies):
    for part in ("student", "instructor"):
        folder = copies / part / "corpus" / event.name
        assert (folder / "event.toml").is_file() and list((folder / "articles").glob("*.txt"))
        assert not (folder / "gold" / "lab").exists()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_slides_need_nothing_from_outside_and_run_nothing(copies, name):
    page = (copies / "slides" / f"{name}.html").read_text("utf-8")
    assert page.count("<section") == 2
    assert "<script" not in page and "onerror=" not in page.replace("onerror=alert(1)&gt;", "")
    assert "default-src 'none'" in html.unescape(page)
    assert not re.findall(r"(?:src|href)=\"(?!#|data:)", page)
    assert "csv" not in page.lower()


def test_a_folder_with_work_in_it_is_left_alone(copies, event):
    before = sorted(copies.rglob("*"))
    with pytest.raises(ValueError, match="class is not empty and may hold somebody's work"):
        make_class_copies(event, copies)
    assert sorted(copies.rglob("*")) == before


def test_without_notebooks_it_says_where_to_go(event, tmp_path):
    with pytest.raises(CorpusError, match="there are no notebooks"):
        make_class_copies(event, tmp_path / "class", notebooks=tmp_path)


def test_codes_of_the_coding_lab_stay_at_home(tmp_path, make_event):
    folder = make_event(a="It rained.\n")
    (folder / "gold" / "lab").mkdir(parents=True)
    (folder / "gold" / "lab" / "paragraphs-ann.csv").write_text("secret")
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    nbformat.write(_notebook("00_start_here", "event"), notebooks / "00_start_here.ipynb")
    out = make_class_copies(folder, tmp_path / "class", notebooks=notebooks, slides=False)
    assert (out / "student" / "corpus" / "event" / "articles" / "a.txt").is_file()
    assert not list(out.rglob("paragraphs-ann.csv"))
