"""A report shows what was found, leads nowhere that is not there, and lets nothing through."""

import html
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from hostile import VECTORS, make_hostile_notebook, make_hostile_study, shown
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.figures import plot_quote_types, show_figure, show_table, show_text
from analysis.figures.palette import contrast
from analysis.report import build_report, find_notebooks
from analysis.report.articles import make_article
from analysis.report.notebooks import make_page, summarise
from analysis.report.pages import write_report
from analysis.report.run import Ran, run_notebooks
from analysis.report.safety import clean
from analysis.report.site import make_environment, make_site, read_css
from analysis.study import make_study
from analysis.tables import CorpusError

ALT = "Two bars, the second twice as long as the first."
VOID = {"meta", "img", "br", "hr", "wbr"}
ALLOWED = {"html", "head", "meta", "title", "style", "body", "a", "header", "p", "main", "h1", "h2",
           "h3", "h4", "h5", "h6", "ol", "ul", "li", "div", "table", "caption", "thead", "tbody",
           "tr", "th", "td", "dl", "dt", "dd", "nav", "span", "details", "summary", "pre", "code",
           "strong", "em", "b", "i", "sup", "sub", "small", "mark", "figure", "figcaption", "img",
           "blockquote", "section", "br", "hr", "del", "abbr", "kbd"}


class Reader(HTMLParser):
    """Read a page strictly: every tag closed in its order, ids, links, pictures, attributes."""

    def __init__(self, page: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.ids, self.links = [], [], [], []
        self.pictures, self.attributes, self.wrong, self.text = [], set(), [], []
        self.feed(page.read_text("utf-8"))
        self.wrong += [f"not closed: {tag}" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags.append(tag)
        self.attributes |= set(named)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "a":
            self.links.append(named.get("href"))
        if tag == "img":
            self.pictures.append(named)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open[-1:]:
            self.text.append(data)


def make_example(study) -> list[Ran]:
    """Return two notebooks as if they had run: text, tables, a figure, exercises."""
    table = study.quotes[["article_id", "quote_id", "speaker", "type"]]
    figure = show_figure(plot_quote_types(study.quotes), alt=ALT, caption="Look here.", data=table)
    code = lambda source, value, **meta: new_code_cell(
        source, outputs=shown(value), execution_count=1, metadata=meta)
    cells = [
        new_markdown_cell("# Who says what?\n\nSee [framing](04_framing.ipynb), [more](../R.md) "
                          "and [a site](https://example.org/)."),
        new_code_cell("EVENT = 'secret-path'", execution_count=1,
                      metadata={"tags": ["parameters"]}),
        code("x", show_text("**69** quotations, 60 to 75."), tags=["finding"]),
        new_markdown_cell("## First\n\nText."),
        code("find_quotes(articles)", show_table(table, caption="One row per quotation.")),
        new_markdown_cell("## Second"),
        code("# Draw the types\nplot()", figure),
        code("y", show_table(study.rates, caption="One row per article, frame and voice.")),
        new_code_cell("secret solution", execution_count=1, metadata={"tags": ["solution"]}),
        new_markdown_cell("## Try it\n\nDo this yourself."),
        new_code_cell("do()", execution_count=1),
    ]
    other = Ran("04_framing", new_notebook(cells=[new_markdown_cell("# Desperation?")]), None)
    return [Ran("03_quotes", new_notebook(cells=cells), None), other]


@pytest.fixture(scope="module")
def study():
    return make_study("summit", engine="rules")


@pytest.fixture(scope="module")
def report(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "summit"
    write_report(study, make_example(study), out, formats=("csv", "json", "parquet"),
                 single_file=True)
    return out


@pytest.fixture(scope="module")
def hostile_report(tmp_path_factory):
    out = tmp_path_factory.mktemp("hostile") / "report"
    hostile = make_hostile_study()
    write_report(hostile, [make_hostile_notebook(hostile)], out, single_file=True)
    return out


def _pages(folder):
    return sorted(folder.rglob("*.html"))


def test_there_are_enough_vectors():
    assert len(set(VECTORS)) >= 60


def test_a_report_has_all_its_pages(report):
    names = {str(page.relative_to(report)) for page in _pages(report)}
    assert names >= {"index.html", "03_quotes.html", "04_framing.html", "summit-single-file.html",
                     "articles/time-desperation.html"}


@pytest.mark.parametrize("which", ["report", "hostile_report"])
def test_every_page_is_whole(which, request):
    for page in _pages(request.getfixturevalue(which)):
        read = Reader(page)
        assert read.wrong == [], page.name
        assert set(read.tags) <= ALLOWED, page.name
        assert len(read.ids) == len(set(read.ids)), page.name
        assert read.tags.count("h1") == 1 and read.tags.count("main") == 1, page.name
        assert not {name for name in read.attributes if name.startswith("on")} | (
            {"style", "srcdoc", "action", "srcset", "ping"} & read.attributes)


@pytest.mark.parametrize("which", ["report", "hostile_report"])
def test_no_link_leads_nowhere(which, request):
    root = request.getfixturevalue(which)
    ids = {page: set(Reader(page).ids) for page in _pages(root)}
    for page in ids:
        for link in Reader(page).links:
            assert link, page.name
            if link.startswith(("http://", "https://", "data:text/csv;base64,")):
                continue
            target, _, part = link.partition("#")
            goal = (page.parent / target).resolve() if target else page
            assert goal.exists(), f"{page.name}: {link}"
            assert not part or part in ids[goal], f"{page.name}: {link}"


@pytest.mark.parametrize("which", ["report", "hostile_report"])
def test_every_picture_has_words(which, request):
    for page in _pages(request.getfixturevalue(which)):
        for picture in Reader(page).pictures:
            assert picture["src"].startswith("data:image/png;base64,")
            assert len(picture["alt"].split()) > 3
            assert "no description" not in picture["alt"].lower()


@pytest.mark.parametrize("which", ["report", "hostile_report"])
def test_every_page_forbids_scripts_and_requests(which, request):
    for page in _pages(request.getfixturevalue(which)):
        head = page.read_text("utf-8").split("<title>")[0]
        assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in head
        assert "base-uri 'none'; form-action 'none'" in head


@pytest.mark.parametrize("which", ["report", "hostile_report"])
def test_no_page_carries_an_address_or_a_path_of_this_machine(which, request):
    for page in request.getfixturevalue(which).rglob("*"):
        if page.suffix in (".html", ".csv"):
            text = page.read_text("utf-8")
            assert "paper-of-note" not in text.replace("of-note-example", ""), page.name
            assert not re.search(r"[\w.]+@[\w-]+\.\w", re.sub(r"base64,\S+", "", text)), page.name
            assert str(Path(__file__).parents[1]) not in text, page.name


def test_a_page_weighs_little(report):
    sizes = {page.name: page.stat().st_size for page in _pages(report)}
    assert max(size for name, size in sizes.items() if "single" not in name) < 150_000
    assert sum(f.stat().st_size for f in report.rglob("*") if f.is_file()) < 1_500_000


def test_the_furniture_of_a_page_weighs_little():
    empty = make_environment().get_template("page.html.j2").render(
        title="", body="", language="en", event=make_hostile_study().event._replace(title=""),
        root="", single=False)
    assert len(empty.encode()) < 12_000


def test_the_index_has_findings_articles_and_provenance(report):
    text = " ".join(" ".join(Reader(report / "index.html").text).split())
    for words in ("69 quotations, 60 to 75.", "What was found", "unknown", "Who says what?",
                  "Samestory", "pandas", "sha256", "CC-BY-4.0", "Cite as", "Desperation?"):
        assert words in text


def test_a_notebook_page_leaves_out_exercises_and_parameters(report):
    page = (report / "03_quotes.html").read_text("utf-8")
    for words in ("secret", "Try it", "do()", "In [", "Out["):
        assert words not in page
    assert "<summary>Draw the types</summary>" in page
    assert "<summary>Find who is reported as saying" in page
    assert 'href="04_framing.html">framing</a>' in page
    assert "more and" in page.replace("\n", " ")
    assert 'href="https://example.org/" rel="noopener noreferrer"' in page


def test_numbers_lead_to_their_sentences(report, study):
    page = (report / "03_quotes.html").read_text("utf-8")
    first = study.quotes.iloc[0]
    assert f'<a href="articles/{first["article_id"]}.html#q1">{first["quote_id"]}</a>' in page
    assert re.search(r'<a href="articles/[\w-]+\.html#f-\w+-author">\d+</a>', page)


def test_figures_and_tables_offer_their_numbers(report):
    page = (report / "03_quotes.html").read_text("utf-8")
    names = re.findall(r'href="tables/(03_quotes[^"]+\.csv)"', page)
    assert len(names) == 3
    assert pd.read_csv(report / "tables" / names[0]).columns[0] == "article_id"


def test_tables_come_in_the_formats_asked_for(report):
    for name in ("quotes", "voices", "rates"):
        assert len(pd.read_json(report / "tables" / f"{name}.json")) == len(
            pd.read_csv(report / "tables" / f"{name}.csv")) == len(
            pd.read_parquet(report / "tables" / f"{name}.parquet"))
    assert "text" not in pd.read_csv(report / "tables" / "articles.csv")


def test_an_article_page_holds_the_whole_text_and_no_furniture(report, study):
    for row in study.articles.itertuples():
        page = (report / "articles" / f"{row.article_id}.html").read_text("utf-8")
        body = re.search(r'<div class="text">(.*)</div>', page, re.DOTALL)[1]
        for p in study.paragraphs[study.paragraphs["article_id"] == row.article_id].itertuples():
            words = row.text[p.start:p.end]
            bare = re.sub(r"<ul class=\"who\">.*?</ul>|<sup.*?</sup>", "", body, flags=re.DOTALL)
            bare = html.unescape(re.sub(r"<[^>]+>", "", bare))
            assert (words in bare) is (p.kind != "furniture"), words[:60]


def test_every_quotation_is_named_and_linked_both_ways(report, study):
    page = make_article(study, "digest-alliance")
    text = (report / "articles" / "digest-alliance.html").read_text("utf-8")
    assert page.quotes
    for quote in page.quotes:
        assert text.count(f'id="q{quote.number}"') == text.count(f'id="n{quote.number}"') == 1
    assert page.quoted == pytest.approx(sum(
        q.words for q in page.quotes), rel=0.2)


def test_counts_on_an_article_page_are_those_of_the_tables(study):
    for name in study.articles["article_id"]:
        page = make_article(study, name)
        counted = study.mentions[(study.mentions["article_id"] == name)
                                 & ~study.mentions["excluded"]]
        assert sum(row[3] for row in page.frames) == len(counted)
        assert page.words == (study.tokens["article_id"] == name).sum()


def test_an_event_without_frames_or_quotes_has_all_its_pages(study, tmp_path):
    bare = study._replace(frames=[], mentions=study.mentions.head(0), rates=study.rates.head(0),
                          quotes=study.quotes.head(0), voices=study.voices.head(0))
    index = write_report(bare, [], tmp_path / "r")
    assert "Nobody is quoted." in (index.parent / "articles" / "insider-pact.html").read_text()


def test_a_report_is_written_over_an_old_one_and_leaves_strangers_alone(study, tmp_path):
    write_report(study, [], tmp_path)
    (tmp_path / "articles" / "old.html").write_text("old")
    (tmp_path / "mine.html").write_text("mine")
    (tmp_path / "03_old.html").write_text((tmp_path / "index.html").read_text())
    write_report(study, [], tmp_path)
    assert not (tmp_path / "03_old.html").exists()
    assert not (tmp_path / "articles" / "old.html").exists()
    assert (tmp_path / "mine.html").read_text() == "mine"


def test_a_folder_that_is_no_report_is_not_emptied(study, tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "mine.csv").write_text("mine")
    write_report(study, [], tmp_path)
    assert (tmp_path / "tables" / "mine.csv").exists()


def test_hostile_words_are_shown_as_words(hostile_report):
    read = Reader(hostile_report / "index.html")
    text = " ".join(read.text)
    for vector in VECTORS[:50]:
        assert vector in text, vector


def test_hostile_file_names_stay_in_their_folder(hostile_report):
    pages = list((hostile_report / "articles").iterdir())
    assert len(pages) == len(VECTORS)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,70}\.html", page.name) for page in pages)


def test_hostile_formulas_are_neutralised_in_every_table(hostile_report):
    for path in (hostile_report / "tables").glob("*.csv"):
        cells = pd.read_csv(path, dtype=str, keep_default_na=False)
        for value in cells.to_numpy().ravel():
            assert not str(value).startswith(("=", "+", "@", "\t", "\r")), path.name


def _clean(markup):
    return clean(markup, link=lambda a: None, place=lambda a: None)


@pytest.mark.parametrize("vector", VECTORS)
def test_the_second_wall_lets_nothing_through(vector):
    safe = _clean(vector)
    tags = {tag.lower() for tag in re.findall(r"<\s*([a-zA-Z]+)", safe)}
    assert tags <= ALLOWED
    assert not re.search(r"<[^>]*\s(on\w+|style|srcdoc|action)\s*=", safe)
    assert not re.search(r"<[^>]*(javascript|attacker)", safe)


def test_the_second_wall_keeps_what_is_ours():
    table = show_table(pd.DataFrame({"a": ["x"], "n": [1]}), caption="c **d**").html
    assert _clean(table) == table
    safe = _clean("<h2>x</h2><img alt='' src='data:image/png;base64,AA=='>")
    assert safe.startswith("<h2>x</h2><em>[a picture without a description")


def test_pictures_from_elsewhere_and_html_in_data_are_dropped():
    assert "src" not in _clean("<img alt='a b c d' src='data:text/html;base64,AA=='>")
    assert "href" not in _clean("<a href='data:text/html;base64,AA=='>x</a>")
    assert "href" not in _clean("<a href='//evil.org'>x</a><a href='/etc/passwd'>y</a>")


def test_a_picture_without_words_is_left_out_and_said():
    cell = new_code_cell("plt.show()", outputs=[new_output(
        "display_data", {"image/png": "AAAA", "text/plain": "<Figure>"})])
    page = make_page(Ran("x", new_notebook(cells=[cell]), None),
                     link=lambda a: None, place=lambda a: None)
    assert "<img" not in page.body and "show it with show_figure" in page.body


@pytest.mark.parametrize(("source", "wanted"), [
    ("# Count the words.\ncount()", "Count the words"),
    ("quotes = find_quotes(articles)\nquotes.head()", "Find who is reported as saying"),
    ("show_table(x)", "How the table is made"),
    ("1 + 1", "The code"),
    ("%matplotlib inline\nthis is ( no code", "The code"),
])
def test_code_is_summed_up_in_words(source, wanted):
    assert summarise(source).startswith(wanted)
    assert "`" not in summarise(source)


def test_marks_of_frames_can_be_read_light_and_dark():
    light, dark = read_css().split("prefers-color-scheme:dark", 1)
    dark = dark[:dark.index("}}")]
    for theme in (light, dark):
        colour = dict(re.findall(r"--(\w+):(#\w{3,6})", theme))
        for i in range(6):
            assert contrast(colour[f"f{i}"], colour[f"b{i}"]) >= 4.5
            assert contrast(colour["ink"], colour[f"b{i}"]) >= 4.5
        for name in ("ink", "quiet", "link", "accent"):
            assert contrast(colour[name], colour["paper"]) >= 4.5
            assert contrast(colour[name], colour["box"]) >= 4.5


def test_addresses_that_do_not_exist_give_no_link(study):
    articles = {name: make_article(study, name) for name in study.articles["article_id"]}
    site = make_site(study, ["03_quotes"], articles)
    assert site.place("insider-pact#c:700").startswith("articles/insider-pact.html#s")
    assert site.place("insider-pact") == "articles/insider-pact.html"
    for at in ("nobody", "insider-pact#q:none", "insider-pact#c:x", "insider-pact#f:a:b"):
        assert site.place(at) is None
    assert site.link("../notebooks/03_quotes.ipynb#top") == "03_quotes.html"
    assert site.link("../../etc/passwd") is None


def test_notebooks_are_looked_for_and_missed_aloud(tmp_path):
    with pytest.raises(CorpusError, match="there are no notebooks like 00_start_here"):
        find_notebooks(tmp_path)


def _write_notebook(path, *sources):
    cells = [new_code_cell('EVENT = "summit"', metadata={"tags": ["parameters"]}),
             *map(new_code_cell, sources)]
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3",
                                    "language": "python"}
    nbformat.write(notebook, path)


def test_notebooks_run_on_the_event_and_stay_as_they_are(tmp_path, make_event, monkeypatch):
    # The machinery is tested here, not the attribution model.
    rules = partial(make_study, engine="rules")
    monkeypatch.setattr("analysis.study.make_study", rules)
    event = make_event(one="It rained.", two="It snowed.")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    _write_notebook(folder / "00_a.ipynb", "from analysis.figures import show_text\n"
                    "show_text(f'**{EVENT[-5:]}** ran')")
    _write_notebook(folder / "01_b.ipynb", "1 / 0", "print('never')")
    before = [path.read_bytes() for path in sorted(folder.iterdir())]
    with pytest.raises(CorpusError, match=r"01_b\.ipynb: ZeroDivisionError: division by zero"):
        build_report(event, tmp_path / "out", notebooks=folder, quiet=True)
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == before
    assert "<strong>event</strong> ran" in (tmp_path / "out" / "00_a.html").read_text()
    page = (tmp_path / "out" / "01_b.html").read_text()
    assert "This page is not complete" in page and "division by zero" in page
    assert "never" not in page.split("<summary>")[0] and str(tmp_path) not in page


def test_a_kernel_used_again_has_no_names_left(tmp_path):
    _write_notebook(tmp_path / "00_a.ipynb", "left = 1", "1", "2")
    _write_notebook(tmp_path / "01_b.ipynb", "print('left' in dir(), EVENT[:1])")
    _write_notebook(tmp_path / "02_c.ipynb", "import os; os._exit(3)")
    paths = sorted(tmp_path.glob("*.ipynb"))
    one, two, three = run_notebooks(paths, tmp_path, quiet=True, kernels=1)
    assert (one.error, two.error) == (None, None)
    assert two.notebook.cells[1].outputs[0].text == "False /\n"
    assert "died" in three.error.lower()


def test_progress_is_shown_unless_quiet(tmp_path, capfd):
    _write_notebook(tmp_path / "00_a.ipynb")
    run_notebooks([tmp_path / "00_a.ipynb"], tmp_path)
    assert "Running notebooks" in capfd.readouterr().err


