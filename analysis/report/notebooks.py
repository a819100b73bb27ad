"""From a notebook that has run to the body of a page."""

import ast
import html
import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from analysis.markup import escape, slug
from analysis.report.run import Ran
from analysis.report.safety import Resolve, clean

HERE = Path(__file__).parent
LEFT_OUT = {"parameters", "exercise", "solution", "notebook-only"}
EXERCISES = "try it"  # the section of a notebook that only makes sense with a keyboard
_SHOWS = {"show_table": "How the table is made", "show_figure": "How the figure is drawn",
          "show_text": "How the sentence is worked out", "show_ledger": "How the box is filled"}
_FORMS = ["text/html", "text/markdown", "image/png", "text/plain"]
_HEADING = re.compile(r"<h([1-4])>(.*?)</h\1>", re.DOTALL)


class Page(NamedTuple):
    """A page's body, title, sections, findings (main ones apart) and its tables as CSV."""

    name: str
    title: str
    body: str
    sections: list[tuple[str, str]]
    headlines: list[str]
    findings: list[str]
    tables: dict[str, str]


def make_page(ran: Ran, *, link: Resolve, place: Resolve) -> Page:
    """
    Return the page of a notebook: no script, no prompt, code folded away.

    Cells tagged parameters, exercise, solution or notebook-only are left out, and so is
    the section "Try it". What a cell tagged `finding`, or `headline`, shows is also among
    the findings, or the headlines, of the page.
    """
    def wall(markup: str) -> str:
        return clean(markup, link=link, place=place)

    notebook, tables = _prepare(ran)
    exporter = _exporter(wall)
    body, _ = exporter.from_notebook_node(notebook)
    body, sections = _number_headings(body)
    title = next((t for level, t in re.findall(r"<h(1)[^>]*>(.*?)</h1>", body, re.DOTALL)), "")
    plain = html.unescape(re.sub(r"<[^>]+>", "", title)).strip() or ran.name
    return Page(ran.name, plain, body, sections, _findings(notebook, wall, "headline"),
                _findings(notebook, wall, "finding"), tables)


def _exporter(wall: Callable[[str], str]) -> HTMLExporter:
    exporter = HTMLExporter(template_name="template", extra_template_basedirs=[str(HERE)],
                            exclude_anchor_links=True, filters={"wall": wall, "shown": escape})
    exporter.display_data_priority = list(_FORMS)
    return exporter


def _prepare(ran: Ran) -> tuple[NotebookNode, dict[str, str]]:
    """Return a copy without what a report leaves out, and the CSV its outputs carry."""
    notebook, tables, cells = ran.notebook.copy(), {}, []
    for cell in _drop_exercises(ran.notebook.cells):
        cell = NotebookNode({**cell, "metadata": NotebookNode(cell.metadata)})
        if cell.cell_type == "code":
            cell.outputs = [NotebookNode(out) for out in cell.outputs if _is_shown(out)]
            cell.metadata["summary"] = summarise(cell.source)
            for output in cell.outputs:
                _take_csv(output, ran.name, tables)
        cells.append(cell)
    notebook.cells = cells
    return notebook, tables


def _drop_exercises(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    exercises = False
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith(("# ", "## ")):
            heading = cell.source.split("\n", 1)[0].lstrip("# ").strip().lower()
            exercises = heading.rstrip("!.").startswith(EXERCISES)
        if not exercises and not LEFT_OUT.intersection(cell.metadata.get("tags", ())):
            yield cell


def _is_shown(output: NotebookNode) -> bool:
    data = output.get("data", {})
    widget = "application/vnd.jupyter.widget-view+json" in data
    noise = output.output_type == "stream" and output.name == "stderr"
    return not widget and not noise and output.output_type != "error" and (
        output.output_type == "stream" or any(form in data for form in _FORMS))


def _take_csv(output: NotebookNode, page: str, tables: dict[str, str]) -> None:
    csv = output.get("data", {}).get("text/csv")
    if csv is None:
        return
    name = next((known for known, content in tables.items() if content == csv), None)
    if name:
        output.metadata = NotebookNode({**output.metadata, "csv": name})
        return
    words = slug(re.sub(r"^(Figure|Table): ", "", output.data.get("text/plain", "")), length=40)
    name = f"{slug(page)}-{len(tables) + 1:02}-{words or 'table'}.csv"
    tables[name] = csv
    output.metadata = NotebookNode({**output.metadata, "csv": name})


def _findings(notebook: NotebookNode, wall: Callable[[str], str], tag: str) -> list[str]:
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and tag in cell.metadata.get("tags", ()):
            for output in cell.outputs:
                data = output.get("data", {})
                if "text/html" in data:
                    found.append(wall(data["text/html"]))
                elif "text/plain" in data:
                    found.append(f"<p>{escape(data['text/plain'])}</p>")
    return found


def _number_headings(body: str) -> tuple[str, list[tuple[str, str]]]:
    """Give every heading an id, and return the sections (id, text) of the second level."""
    sections, taken = [], set()

    def number(found: re.Match[str]) -> str:
        name = stem = "h-" + (slug(re.sub(r"<[^>]+>|&\w+;", "", found[2]), length=40) or "section")
        count = 2
        while name in taken:
            name, count = f"{stem}-{count}", count + 1
        taken.add(name)
        if found[1] == "2":
            sections.append((name, re.sub(r"<[^>]+>", "", found[2])))
        return f'<h{found[1]} id="{name}">{found[2]}</h{found[1]}>'

    return _HEADING.sub(number, body), sections


def summarise(source: str) -> str:
    """
    Say in words what code does: its first comment, else what the functions it calls say.

    >>> summarise("# Count the words\\ncount()")
    'Count the words'
    """
    first = source.strip().split("\n", 1)[0]
    if first.startswith("# "):
        return first[2:].strip().rstrip(".")
    called = _called(source)
    said = [words for name in called if (words := _docstring(name))]
    shown = next((words for name, words in _SHOWS.items() if name in called), "The code")
    return "; ".join(said[:2]) or shown


def _called(source: str) -> list[str]:
    try:
        tree = ast.parse(re.sub(r"(?m)^\s*[%!].*$", "", source))
    except SyntaxError:
        return []
    names = [node.func.id if isinstance(node.func, ast.Name) else node.func.attr
             for node in ast.walk(tree) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Name | ast.Attribute)]
    return list(dict.fromkeys(names))


def _docstring(name: str) -> str | None:
    """Return the first clause of what a public function says of itself."""
    if name.startswith("show_"):
        return None
    for module in ("analysis", "analysis.figures"):
        found = getattr(importlib.import_module(module), name, None)
        if callable(found) and found.__doc__:
            first = " ".join(found.__doc__.strip().split("\n\n")[0].replace("`", "").split())
            return re.split(r"[;:.]( |$)", first)[0]
    return None
