"""The project: its lists of packages agree, imports run one way, notebooks are executed."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SOURCES = sorted((ROOT / "analysis").rglob("*.py"))


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def test_environment_and_pyproject_agree():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["channels"] == ["conda-forge"]
    *packages, pip = environment["dependencies"]
    assert packages == ["python=3.11", "pip"], "packages belong in pyproject.toml"
    assert PYPROJECT["project"]["requires-python"] == ">=3.11"
    own = re.fullmatch(r"-e \.\[([\w,]+)\]", pip["pip"][1])
    assert pip["pip"][0] == "-c constraints.txt"
    assert set(own.group(1).split(",")) <= set(PYPROJECT["project"]["optional-dependencies"])


def test_every_package_has_a_tested_version_that_fits():
    groups = dict(PYPROJECT["project"]["optional-dependencies"])
    groups.pop("bench")
    wanted = sum(groups.values(), PYPROJECT["project"]["dependencies"])
    versions = pinned()
    for requirement in map(Requirement, wanted):
        name = requirement.name.lower()
        assert name in versions, f"constraints.txt lacks {name}"
        assert requirement.specifier.contains(versions[name]), (name, versions[name])


# What a module may import of ours: the arrows of the design, none of which turns round.
BELOW = {
    "tables": set(),
    "text": {"lexicons"},
    "corpus": {"tables"},
    "tokens": {"tables", "text", "corpus", "counting"},
    "topics": {"tables", "text", "corpus", "tokens", "counting", "ledger", "lexicons"},
    "similarity": {"tables", "topics", "ledger"},
    "keyness": {"tables", "text", "similarity", "ledger"},
    "outlets": {"tables", "topics", "similarity", "keyness"},
    "frames": {"tables", "corpus", "tokens", "frame_terms", "contexts", "matching"},
    "frame_terms": {"contexts", "matching"},
    "voices": {"corpus", "lexicons", "matching", "tables"},
    "rates": {"tables", "intervals", "ledger", "voices"},
    "agreement": {"tables"},
    "figures": {"tables", "markup"},
}


def imported(path: Path) -> set[str]:
    """Return the modules of ours that a file imports at its top level or inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "analysis":
            names.update(alias.name for alias in node.names)
    return names


@pytest.mark.parametrize("module", BELOW)
def test_imports_run_one_way(module):
    path = ROOT / "analysis" / f"{module}.py"
    files = [path] if path.exists() else sorted(path.with_suffix("").rglob("*.py"))
    for file in files:
        assert imported(file) - {module} <= BELOW[module], file


def test_topics_quotes_and_frames_do_not_import_each_other():
    for part, others in {"topics": {"quotes", "frames"}, "frames": {"quotes", "topics"},
                         "quotes": {"topics", "frames"}}.items():
        path = ROOT / "analysis" / part
        for file in sorted(path.rglob("*.py")) or [path.with_suffix(".py")]:
            assert not imported(file) & others, file


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_code_cell_was_executed(path):
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert code and all(c["execution_count"] for c in code if "".join(c["source"]).strip())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_output_carries_a_path_or_a_name_of_a_user(path):
    notebook = json.loads(path.read_text("utf-8"))
    outputs = json.dumps([c.get("outputs") for c in notebook["cells"]])
    outputs = re.sub(r"data:image/[^\"\\]+", "", outputs)
    found = re.search(r"(/home/|/root\b|/Users/|/tmp/|/work/|[A-Z]:\\\\|@[\w-]+\.\w)", outputs)
    assert not found, outputs[max(0, found.start() - 80):found.end() + 80]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebooks_keep_the_house_style(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    assert "parameters" in sum((c["metadata"].get("tags", []) for c in cells), [])
    title = "".join(cells[0]["source"]).splitlines()[0]
    assert title.startswith("# ") and title.endswith("?")
    prose = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert "What this cannot show" in prose
    code = ["".join(c["source"]).strip().splitlines() for c in cells if c["cell_type"] == "code"]
    teaching = ("solution", "exercise")
    lines = [ln for c in cells if c["cell_type"] == "code"
             and not set(teaching) & set(c["metadata"].get("tags", []))
             for ln in "".join(c["source"]).splitlines() if ln.strip()]
    assert max(map(len, code)) <= 10
    assert not any(ln.startswith(("def ", "class ", "for ")) for ln in lines)
    assert len(prose.split()) >= 5 * len(lines), (len(prose.split()), len(lines))


def test_nothing_committed_escapes_article_text_by_hand():
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                source = "".join(cell["source"])
                found = re.search(r"escape=False|\bHTML\(|\bMarkdown\(|\.style\b", source)
                assert not found, source


def test_no_sentence_of_the_third_party_texts_is_in_the_project(shared):
    ours = "\n".join(p.read_text("utf-8", errors="ignore") for folder in (
        "analysis", "tests", "notebooks", "corpus", "docs") for p in (ROOT / folder).rglob("*")
        if p.suffix in (".py", ".ipynb", ".toml", ".md", ".txt", ".csv", ".json"))
    ours = " ".join(re.findall(r"\w+", re.sub(r"[“”\"][^“”\"]*[“”\"]", " ", ours))).lower()
    for path in sorted((shared / "originals").glob("*.txt")):
        for sentence in re.split(r"(?<=[.!?])\s+", path.read_text("utf-8")):
            words = re.findall(r"\w+", sentence.lower())
            if len(words) > 12:
                assert " ".join(words) not in ours, sentence
