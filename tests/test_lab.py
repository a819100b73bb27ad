"""
In a real JupyterLab, through a real browser: notebooks run, widgets work, hostile text does not.

One server and one browser for all tests. Needs Debian's chromium and playwright, else skips.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from hostile import VECTORS
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE = 180  # seconds for a notebook to run, on a busy machine
SHOTS = os.environ.get("SAMESTORY_SCREENSHOTS")
FRAMES = ("blame", "praise")
pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPEN = """async (path) => {
    const app = window.jupyterapp;
    const panel = await app.commands.execute('docmanager:open', {path});
    await panel.context.ready;
    await panel.sessionContext.ready;
    window.panel = panel;
    app.shell.activateById(panel.id);
}"""
IDLE = "() => window.panel.sessionContext.session?.kernel?.status === 'idle'"
RUN = """() => {
    const commands = window.jupyterapp.commands;
    commands.execute('notebook:clear-all-cell-outputs')
        .then(() => { commands.execute('notebook:run-all-cells'); });
}"""
STATE = """() => {
    const code = window.panel.content.widgets.filter(cell => cell.model.type === 'code');
    const outputs = code.flatMap(cell => cell.model.outputs.toJSON());
    return {
        all: code.filter(cell => cell.model.sharedModel.source.trim()).length,
        done: code.filter(cell => cell.model.executionCount !== null
                          && cell.model.executionState === 'idle').length,
        errors: outputs.filter(o => o.output_type === 'error').map(o => o.ename + ': ' + o.evalue),
        said: outputs.map(o => JSON.stringify(o.data ?? o.text ?? '')).join('\\n'),
        dialogs: [...document.querySelectorAll('.jp-Dialog')].map(d => d.textContent)};
}"""
CLOSE = """async () => {
    await window.panel.sessionContext.shutdown();
    window.panel.context.model.dirty = false;
    window.panel.dispose();
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The notebooks, a hostile event and small notebooks for the widgets, in a new folder."""
    folder = tmp_path_factory.mktemp("lab")
    for name in NOTEBOOKS:
        shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", folder)
    event = _hostile_event(folder / "hostile")
    _write(folder / "coding.ipynb", [
        "from analysis.teaching import code_paragraphs",
        'code_paragraphs("summit", coder="heron", folder="codes", sample=4)'])
    every = [cell.source for name in NOTEBOOKS
             for cell in nbformat.read(folder / f"{name}.ipynb", 4).cells
             if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", ())]
    _write(folder / "hostile.ipynb", [
        f"EVENT = {str(event)!r}", *every,
        "from analysis.teaching import code_paragraphs, code_quotations, explore, check",
        "explore(EVENT)", 'code_paragraphs(EVENT, coder="heron", folder="codes2")',
        'code_quotations(EVENT, coder="heron", folder="codes2")', 'check("00.3", ("a0", 0, 40))'])
    return folder


def _write(path, sources):
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources], metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}), path)


def _hostile_event(folder):
    """Five articles made of attacks, with attacks for titles and frames; text that still parses."""
    (folder / "articles").mkdir(parents=True)
    (folder / "frames").mkdir()
    (folder / "event.toml").write_text(
        f"title = {json.dumps(VECTORS[0])}\nquestion = {json.dumps(VECTORS[8])}\n"
        f"contrast = {json.dumps(FRAMES)}\n", "utf-8")
    for frame in FRAMES:
        (folder / "frames" / f"{frame}.toml").write_text(
            f'name = "{frame}"\nlabel = {json.dumps(VECTORS[8])}\ndefinition = '
            f'{json.dumps(VECTORS[10])}\nsource = "made up"\nmatches = ["They {frame} it."]\n'
            f'non_matches = ["It rained."]\n[[terms]]\nterm = "{frame}"\nrule = '
            f"{json.dumps(VECTORS[9])}\n", "utf-8")
    attacks = [v for v in VECTORS if "\x01" not in v]
    for i in range(5):
        told = [f"Critics {FRAMES[n % 2]} it. “{v} {FRAMES[n % 2]} it,” said Ann {v}. They {v} "
                f"{FRAMES[n % 2]} the bridge." for n, v in enumerate(attacks[i::5])]
        head = "".join(f"{field}: {json.dumps(attacks[i + 8])}\n" for field in (
            "title", "outlet", "author", "genre"))
        (folder / "articles" / f"a{i}.txt").write_text(
            f"---\n{head}---\n" + "\n\n".join(told) + "\n", "utf-8")
    return folder


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _home(folder):
    """Return an environment in which JupyterLab knows nothing of this machine's user."""
    home = folder.parent / f"{folder.name}-home"
    names = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data",
             "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_SETTINGS_DIR": "settings",
             "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "HOME": "home", "IPYTHONDIR": "ipython"}
    for part in names.values():
        (home / part).mkdir(parents=True)
    settings = {"@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
                "@jupyterlab/apputils-extension/notification": {"fetchNews": "false"}}
    for name, told in settings.items():
        path = home / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told))
    return {**os.environ, **{name: str(home / part) for name, part in names.items()},
            "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def server(folder):
    """Start JupyterLab on a free port with a random token; return its address."""
    pytest.importorskip("jupyterlab", reason="jupyterlab is not installed: pip install -e .[lab]")
    port, token = _free_port(), secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1",
               f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
               f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}",
               "--LabApp.news_url=", "--LabApp.expose_app_in_browser=True",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    log = (folder.parent / f"{folder.name}-home.log").open("w")
    process = subprocess.Popen(command, cwd=folder, env=_home(folder), stdout=log, stderr=log)
    try:
        _wait_for(process, f"http://127.0.0.1:{port}/api/status?token={token}", log)
        yield f"http://127.0.0.1:{port}/lab?token={token}&reset"
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait_for(process, address, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"JupyterLab stopped: {Path(log.name).read_text()[-800:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.3)
    pytest.fail("JupyterLab did not start")


@pytest.fixture(scope="module")
def lab(server):
    """Open JupyterLab in Chromium; return the page, with what it asked for from elsewhere."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: "
                                     "pip install -e .[dev]")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.elsewhere, page.popped = [], []
        page.on("request", lambda r: page.elsewhere.append(r.url) if not r.url.startswith(
            ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")) else None)
        page.on("dialog", lambda dialog: (page.popped.append(dialog.message), dialog.dismiss()))
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(server)
        page.wait_for_function("() => window.jupyterapp?.restored")
        page.evaluate("() => window.jupyterapp.restored.then(() => true)")
        yield page
        browser.close()


@contextlib.contextmanager
def opened(page, name):
    """Open a notebook, run all of it, and hand on the page; shut its kernel down afterwards."""
    page.evaluate(OPEN, f"{name}.ipynb")
    page.wait_for_function(IDLE)
    try:
        run_all(page)
        yield page
    finally:
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png")
        page.evaluate(CLOSE)


def run_all(page):
    """Run all cells and wait; fail at the first error or dialog."""
    page.evaluate(RUN)
    page.wait_for_timeout(500)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        state = page.evaluate(STATE)
        assert not state["dialogs"], state["dialogs"]
        assert not state["errors"], state["errors"]
        if state["done"] == state["all"]:
            return
        page.wait_for_timeout(300)
    pytest.fail(f"only {state['done']} of {state['all']} cells ran in {PATIENCE} s")


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_whole_without_error_or_dialog(lab, name):
    with opened(lab, name) as page:
        state = page.evaluate(STATE)
        assert state["all"] == state["done"] > 0
    assert not lab.popped


def test_the_explorer_answers_to_keyboard_and_mouse(lab, folder):
    """In a notebook of its own: type a term, choose with keys, click; tables follow."""
    _write(folder / "explorer.ipynb", ["from analysis.teaching import explore",
                                       'explore("summit")'])
    with opened(lab, "explorer") as page:
        forms = page.get_by_label("Its terms, one per line")
        forms.wait_for()
        seen = page.get_by_label("What happened")
        before = seen.input_value()
        forms.focus()
        page.keyboard.press("Control+End")
        begin = time.perf_counter()
        page.keyboard.insert_text("\nPyongyang*")
        page.wait_for_function("([box, old]) => box.value !== old",
                               arg=[seen.element_handle(), before])
        print(f"\na typed term shows after {1000 * (time.perf_counter() - begin):.0f} ms "
              "(summit, kernel and browser included)")
        typed = seen.input_value()
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.textContent") == "Terms as filed"
        page.keyboard.press("Enter")
        page.wait_for_function("([box, old]) => box.value !== old",
                               arg=[seen.element_handle(), typed])
        assert seen.input_value() == before
        voices = page.get_by_label("Voices")
        voices.select_option("author")
        page.wait_for_function("([box, old]) => box.value !== old",
                               arg=[seen.element_handle(), before])
        shoot(page, "explorer-counts")
        page.get_by_role("tab", name="Words in context").click()
        box = page.get_by_label("A word in its contexts")
        box.click()
        page.keyboard.type("pariah*")
        page.get_by_text("in its contexts:").first.wait_for()
        page.get_by_role("tab", name="Two articles").press("Enter")
        page.wait_for_function("() => [...document.querySelectorAll('textarea')].filter("
                               "box => box.value.includes('⟦desperation: ')).length === 2")
        shoot(page, "explorer-two-articles")


def test_the_coding_lab_codes_by_key_and_by_click_and_survives_its_kernel(lab, folder):
    with opened(lab, "coding") as page:
        status = page.get_by_label("Where you are")
        status.wait_for()
        assert "0 of 4 coded" in status.input_value()
        shown = page.get_by_label("Read this").input_value()
        keys = page.get_by_label("Keys, then Enter")
        keys.click()
        page.keyboard.type("a3+", delay=30)
        page.keyboard.press("Enter")
        _wait_for_status(page, "1 of 4 coded")
        assert page.get_by_label("Read this").input_value() != shown
        shoot(page, "coding-lab")
        for button in ("neither (n)", "author (1)", "low (-)", "Save"):
            page.get_by_role("button", name=button, exact=True).click()
        _wait_for_status(page, "2 of 4 coded")
        page.get_by_role("button", name="Undo").click()
        _wait_for_status(page, "1 of 4 coded")
        keys.click()
        page.keyboard.type("d1-", delay=30)
        page.keyboard.press("Enter")
        _wait_for_status(page, "2 of 4 coded")
        page.evaluate("() => window.panel.sessionContext.session.kernel.restart()")
        page.wait_for_function(IDLE)
        run_all(page)
        _wait_for_status(page, "2 of 4 coded")
    [path] = (folder / "codes").glob("*.csv")
    actions = [line.rsplit(",", 1)[-1] for line in path.read_text().splitlines()[1:]]
    assert actions == ["code", "code", "retract", "code"]


def _wait_for_status(page, words):
    page.wait_for_function(
        "words => [...document.querySelectorAll('textarea')].some(t => t.value.includes(words))",
        arg=words)


def test_hostile_articles_run_nothing_after_run_all(lab):
    """Every code cell of all notebooks, and every widget, on five articles made of attacks."""
    with opened(lab, "hostile") as page:
        state = page.evaluate(STATE)
        assert "onerror" in state["said"]
        page.get_by_label("Its terms, one per line").first.wait_for()
        page.get_by_role("tab", name="Evidence").first.click()
        page.wait_for_timeout(1000)
        assert page.evaluate("() => window.__hit") is None
        shoot(page, "hostile-evidence")
    assert not lab.popped
    assert not lab.elsewhere, lab.elsewhere
