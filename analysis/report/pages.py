"""Write the pages and tables of a report."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from analysis.markup import csv_text, neutralise
from analysis.report.articles import make_article, tell
from analysis.report.notebooks import Page, make_page
from analysis.report.run import Ran
from analysis.report.single import join_pages
from analysis.report.site import Site, cite, make_environment, make_site, provenance
from analysis.study import Study

TABLES = ("articles", "paragraphs", "sentences", "quotes", "voices", "mentions", "rates")
FOLDERS = ("articles", "tables")
GENERATOR = '<meta name="generator" content="Samestory">'


def write_report(study: Study, ran: Sequence[Ran], out: Path, *,
                 formats: Sequence[str] = ("csv",), single_file: bool = False) -> Path:
    """Write the pages and tables of a report to `out` and return its index."""
    _clear(out)
    articles = {name: make_article(study, name) for name in study.articles["article_id"]}
    site = make_site(study, [r.name for r in ran], articles)
    pages = [make_page(r, link=site.link, place=site.place) for r in ran]
    _write_tables(study, pages, out / "tables", formats)
    bodies = _render(site, pages, {r.name: r.error for r in ran}, formats)
    environment = make_environment()
    titles = _titles(site, pages)
    for address, body in bodies.items():
        _write_page(environment, out / address, study, titles[address], Markup(body))
    if single_file:
        whole = join_pages(bodies, out / "tables")
        _write_page(environment, out / f"{out.resolve().name}-single-file.html", study,
                    study.event.title, Markup(whole), single=True)
    return out / "index.html"


def _clear(out: Path) -> None:
    """Make `out` without what an earlier report left there; what is not ours stays."""
    index = out / "index.html"
    if index.exists() and GENERATOR in index.read_text("utf-8", errors="replace"):
        for page in out.glob("*.html"):
            if GENERATOR in page.read_text("utf-8", errors="replace"):
                page.unlink()
        for name in FOLDERS:
            shutil.rmtree(out / name, ignore_errors=True)
    for name in FOLDERS:
        (out / name).mkdir(parents=True, exist_ok=True)


def _titles(site: Site, pages: list[Page]) -> dict[str, str]:
    event = site.study.event.title
    titles = {"index.html": event}
    titles |= {f"{page.name}.html": f"{page.title} · {event}" for page in pages}
    names = dict(zip(site.study.articles["article_id"], _headlines(site.study), strict=True))
    return titles | {f"articles/{file}.html": f"{names[name]} · {event}"
                     for name, file in site.files.items()}


def _headlines(study: Study) -> list[str]:
    rows = study.articles[["article_id", "title"]].itertuples(index=False)
    return [title if isinstance(title, str) else name for name, title in rows]


def _render(site: Site, pages: list[Page], errors: dict[str, str | None],
            formats: Sequence[str]) -> dict[str, str]:
    """Return the body of each page by its address."""
    environment, study = make_environment(), site.study
    shared = {"event": study.event, "pages": pages, "files": site.files, "study": study,
              "headlines": dict(zip(study.articles["article_id"], _headlines(study),
                                    strict=True)), "articles": site.articles}
    bodies = {"index.html": environment.get_template("front.html.j2").render(
        **shared, findings=_main_findings(pages), provenance=provenance(study),
        citation=cite(study), tables=TABLES, formats=formats)}
    for i, page in enumerate(pages):
        around = (pages[i - 1] if i else None, pages[i + 1] if i + 1 < len(pages) else None)
        head, heading, body = page.body.partition("</h1>")
        head, body = (head + heading, body) if heading else ("", page.body)
        bodies[f"{page.name}.html"] = environment.get_template("notebook.html.j2").render(
            **shared, page=page, head=Markup(head), body=Markup(body),
            before=around[0], after=around[1],
            sections=[(name, Markup(text)) for name, text in page.sections],
            error=errors.get(page.name))
    for name, article in site.articles.items():
        bodies[f"articles/{site.files[name]}.html"] = environment.get_template(
            "article.html.j2").render(**shared, article=article, headline=shared["headlines"][name],
            tell=tell)
    return bodies


def _main_findings(pages: list[Page]) -> list[tuple[Page, Markup]]:
    """Return up to three: those tagged `headline`, else the first of each of the last pages."""
    tagged = [(page, Markup(found)) for page in pages for found in page.headlines]
    first = [(page, Markup(page.findings[0])) for page in pages if page.findings]
    return tagged[:3] or first[-3:]


def _write_page(environment: object, path: Path, study: Study, title: str, body: Markup, *,
                single: bool = False) -> None:
    page = environment.get_template("page.html.j2").render(
        title=title, body=body, language=study.event.language, event=study.event,
        root="../" if path.parent.name == "articles" else "", single=single)
    path.write_text(page, encoding="utf-8", newline="\n")


def _write_tables(study: Study, pages: list[Page], folder: Path, formats: Sequence[str]) -> None:
    for page in pages:
        for name, csv in page.tables.items():
            (folder / name).write_text(csv, encoding="utf-8", newline="\n")
    for name in TABLES:
        table: pd.DataFrame = getattr(study, name)
        table = table.drop(columns="text", errors="ignore")
        (folder / f"{name}.csv").write_text(csv_text(table), encoding="utf-8", newline="\n")
        if "json" in formats:
            neutralise(table).to_json(folder / f"{name}.json", orient="records", indent=1,
                                      force_ascii=False)
        if "parquet" in formats:
            table.to_parquet(folder / f"{name}.parquet", index=False)
