"""Where everything in a report is, and what goes into its pages."""

import datetime
import hashlib
import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import analysis
from analysis.markup import escape, safe_url, slugs
from analysis.report.articles import ArticlePage, find_sentence
from analysis.report.safety import POLICY
from analysis.study import Study

HERE = Path(__file__).parent
LIBRARIES = ("pandas", "numpy", "scipy", "scikit-learn", "matplotlib")
_AT = re.compile(r"(.*)#([qfc]):(.*)", re.DOTALL)


class Site(NamedTuple):
    """The addresses of a report: notebooks by name, articles by id, and their anchors."""

    study: Study
    notebooks: list[str]
    files: dict[str, str]
    articles: dict[str, ArticlePage]

    def link(self, address: str) -> str | None:
        """Return where a relative address in a notebook leads in the report, if anywhere."""
        target, _, part = address.partition("#")
        name = target.rsplit("/", 1)[-1].removesuffix(".ipynb").removesuffix(".html")
        if name in self.notebooks:
            return f"{name}.html"
        return "index.html" if target in ("index.html", "../index.html") else None

    def place(self, at: str) -> str | None:
        """Return the address of a place in an article, as `show_table` notes it."""
        found = _AT.fullmatch(at)
        article, kind, what = found.groups() if found else (at, "", "")
        if article not in self.files:
            return None
        page = f"articles/{self.files[article]}.html"
        if kind == "c":
            anchor = find_sentence(self.study, article, int(what)) if what.isdigit() else None
        else:
            anchor = self.articles[article].anchors.get(f"{kind}:{what}") if kind else ""
        return None if anchor is None else f"{page}#{anchor}" if anchor else page


def make_site(study: Study, notebooks: list[str], articles: dict[str, ArticlePage]) -> Site:
    """Give every article a file name that is safe, and gather the addresses."""
    return Site(study, notebooks, slugs(list(study.articles["article_id"])), articles)


def make_environment() -> Environment:
    """Return the templates; every text they print goes through `escape`."""
    environment = Environment(loader=FileSystemLoader(HERE / "template"), autoescape=True,
                              finalize=lambda value: value if isinstance(value, Markup)
                              else Markup(escape(value)), undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True)
    environment.filters["web"] = safe_url
    environment.globals.update(css=Markup(read_css()), policy=Markup(POLICY))
    return environment


def read_css() -> str:
    """Return the style sheet without comments and needless space."""
    text = (HERE / "template" / "report.css").read_text("utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", text)).replace(";}", "}").strip()


def provenance(study: Study) -> list[tuple[str, str]]:
    """Say which versions, lexicons and model made the report, and when."""
    made_by = f"Samestory {analysis.__version__}, Python {platform.python_version()}"
    libraries = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    here = Path(analysis.__file__).parent
    lexicons = _digest(sorted((here / "lexicons").glob("*.toml")))
    frames = _digest(sorted((study.event.folder / "frames").glob("*.toml")))
    model = _digest(sorted((here / "quotes").rglob("*.npz")))
    return [("Made by", made_by), ("With", libraries), ("Word lists", lexicons),
            ("Frames", frames), ("Attribution model", model),
            ("Run on", _today()), ("Rights", study.event.licence or "unknown")]


def cite(study: Study) -> str:
    """Return how to cite the report."""
    return (f"{study.event.title} ({_today()[:4]}): how {len(study.articles)} articles tell it. "
            f"Report made with Samestory {analysis.__version__} on {_today()}.")


def _today() -> str:
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.datetime.fromtimestamp(int(stamp), datetime.UTC) if stamp.isdigit() \
        else datetime.datetime.now(datetime.UTC)
    return now.strftime("%Y-%m-%d")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _digest(paths: list[Path]) -> str:
    """Name the content of files by the first digits of its hash."""
    if not paths:
        return "none"
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{len(paths)} file{'s' if len(paths) > 1 else ''}, sha256 {total.hexdigest()[:12]}"


