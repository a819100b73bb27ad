"""In a real browser: nothing runs, nothing is asked for, everyone can read every page."""

import contextlib
import shutil

import pytest
from hostile import VECTORS, make_hostile_notebook, make_hostile_study

from analysis.report.pages import write_report

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
MEDIA = {"light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"},
         "print": {"media": "print"}}
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    """Return Debian's Chromium, driven by Playwright, or skip and say what is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: "
                                     "pip install -e .[dev]")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    study, out = make_hostile_study(), tmp_path_factory.mktemp("hostile") / "report"
    write_report(study, [make_hostile_notebook(study)], out, single_file=True)
    return out


@pytest.fixture(scope="module")
def summit(tmp_path_factory):
    from test_report import make_example

    from analysis.study import make_study

    study, out = make_study("summit", engine="rules"), tmp_path_factory.mktemp("report") / "summit"
    write_report(study, make_example(study), out, single_file=True)
    return out


@contextlib.contextmanager
def _open(browser, **options):
    """Open an empty page; yield it, what it asks for and what it complains of."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    try:
        yield page, asked, said
    finally:
        context.close()


def _go(page, file):
    page.goto(file.resolve().as_uri())


def _outside(asked):
    return [url for url in asked if not url.startswith(("file:", "data:"))]


def _pages(folder):
    return sorted(folder.rglob("*.html"))


def test_the_trap_works(browser, tmp_path):
    """The vectors do run, and are seen to, on a page that does not escape them."""
    (tmp_path / "bad.html").write_text("<p>" + "\n".join(VECTORS[i] for i in (0, 8, 9)))
    with _open(browser) as (page, asked, _):
        _go(page, tmp_path / "bad.html")
        page.wait_for_timeout(200)
        assert page.evaluate("window.__hit") == 1
        assert any("attacker.invalid" in url for url in asked)


def test_no_vector_runs_asks_or_breaks_a_page(browser, hostile):
    pages = _pages(hostile)
    assert len(pages) > len(VECTORS)
    with _open(browser) as (page, asked, said):
        for file in pages:
            _go(page, file)
            page.mouse.move(200, 300)
            found = page.evaluate("""() => ({
                hit: window.__hit === undefined,
                one: document.querySelectorAll("main").length == 1
                    && document.querySelectorAll("h1").length == 1,
                bare: !document.querySelector("script,iframe,object,embed,form,svg,math,base," +
                    "link,video,audio,input,template,textarea"),
                seen: document.querySelector("main").checkVisibility()
                    && getComputedStyle(document.body).backgroundImage == "none"})""")
            assert all(found.values()), f"{file.name}: {found}"
            assert (_outside(asked), said) == ([], []), file.name


def test_a_report_asks_for_nothing_and_says_nothing(browser, summit):
    with _open(browser) as (page, asked, said):
        for file in _pages(summit):
            _go(page, file)
            assert (_outside(asked), said) == ([], []), file.name
            assert page.evaluate("[...document.images].every(i => i.naturalWidth > 0)"), file.name


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("which", ["summit", "hostile"])
def test_axe_finds_no_violation(browser, which, medium, request):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright",
                              reason="axe-playwright-python is not installed")
    pages = _pages(request.getfixturevalue(which))
    with _open(browser, bypass_csp=True) as (page, _, _said):
        page.emulate_media(**MEDIA[medium])
        for file in pages if which == "summit" else [*pages[:2], pages[-2]]:
            _go(page, file)
            found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response
            told = [(v["id"], v["nodes"][0]["html"][:200], v["nodes"][0]["failureSummary"][:200])
                    for v in found["violations"]]
            assert told == [], file.name


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways(browser, summit, hostile, width):
    with _open(browser) as (page, _, _said):
        page.set_viewport_size({"width": width, "height": 700})
        for file in [*_pages(summit), *_pages(hostile)[::8], hostile / "index.html"]:
            _go(page, file)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, file.name


def test_nothing_is_cut_on_paper(browser, summit):
    with _open(browser) as (page, _, _said):
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 690, "height": 900})  # A4 within its margins
        for file in _pages(summit):
            _go(page, file)
            assert page.evaluate("document.documentElement.scrollWidth") <= 690, file.name


def test_the_keyboard_reaches_every_link_and_every_table(browser, summit):
    with _open(browser) as (page, _, _said):
        _go(page, summit / "03_quotes.html")
        stops = "a[href], summary, [tabindex='0']"
        for _ in range(page.locator(stops).count()):
            page.keyboard.press("Tab")
            page.evaluate("document.activeElement.setAttribute('reached', '')")
        missed = page.locator(stops).evaluate_all(
            "all => all.filter(e => e.checkVisibility({contentVisibilityAuto: true}) "
            "&& !e.hasAttribute('reached')).map(e => e.outerHTML.slice(0, 90))")
        assert missed == []


def test_the_skip_link_is_first_and_shows_on_focus(browser, summit):
    with _open(browser) as (page, _, _said):
        _go(page, summit / "index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0


def test_code_opens_and_links_between_pages_work(browser, summit):
    with _open(browser) as (page, _, _said):
        _go(page, summit / "index.html")
        page.get_by_role("link", name="Who says what?").first.click()
        page.locator("summary", has_text="Draw the types").click()
        assert page.get_by_text("plot()").is_visible()
        page.locator("td a[href*='#q']").first.click()
        assert "/articles/" in page.url
        assert page.evaluate("document.querySelector(':target') !== null")


def test_paper_shows_the_text_and_no_buttons(browser, summit):
    with _open(browser) as (page, _, _said):
        _go(page, summit / "03_quotes.html")
        page.emulate_media(media="print")
        assert not page.locator(".around").is_visible()
        assert page.locator("main table").first.is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == \
            "rgb(255, 255, 255)"
