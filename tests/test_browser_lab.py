"""In JupyterLab, after all cells have run: no article makes anything happen."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from hostile import HIT, VECTORS
from nbformat.v4 import new_code_cell, new_notebook
from test_browser import _open, _outside, browser  # noqa: F401  the fixture is used by name

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOW = """
import json
import pandas as pd
from pathlib import Path
from analysis.figures import (plot_speakers, show_figure, show_ledger, show_table, show_text)
vectors = json.loads(Path("vectors.json").read_text("utf-8"))
quotes = pd.DataFrame({"article_id": vectors, "speaker": vectors, "type": "direct"})
"""
CELLS = [
    "show_table(quotes.assign(**{vectors[8]: vectors}), caption=vectors[0], rows=99)",
    "show_text('\\n\\n'.join(vectors))",
    "show_ledger(dict(zip(vectors, vectors)), title=vectors[8])",
    "show_figure(plot_speakers(quotes.head(8)), alt='A picture of ' + vectors[10],"
    " caption=vectors[16], data=quotes)",
    "quotes",
]
STATE = """() => {
    const view = window.jupyterapp?.shell.currentWidget;
    const kernel = view?.context?.sessionContext?.session?.kernel;
    return view?.context?.isReady && kernel?.status === "idle";
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Start JupyterLab on a folder of its own; yield the folder and the address."""
    if shutil.which("jupyter-lab", path=os.path.dirname(sys.executable)) is None:
        pytest.skip("JupyterLab is not installed: pip install -e .[lab]")
    root = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
             "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
    own = {name: str(tmp_path_factory.mktemp(name.lower())) for name in names}
    path = os.pathsep.join(filter(None, (os.getcwd(), os.environ.get("PYTHONPATH"))))
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1",
         f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
         f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}",
         "--LabApp.news_url=", "--LabApp.expose_app_in_browser=True", "--allow-root",
         "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
        env={**os.environ, **own, "PYTHONPATH": path}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", server)
        yield root, f"http://127.0.0.1:{port}/lab/tree/NAME.ipynb?token={token}&reset"
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(url, server):
    for _ in range(240):
        assert server.poll() is None, "JupyterLab did not start"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail("JupyterLab did not answer within two minutes")


def _run_all(page, lab, name, sources):
    """Write a notebook, open it in JupyterLab and run all its cells; return output types."""
    root, address = lab
    (root / "vectors.json").write_text(json.dumps(VECTORS), "utf-8")
    notebook = new_notebook(cells=[new_code_cell(source) for source in (SHOW, *sources)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3",
                                    "language": "python"}
    nbformat.write(notebook, root / f"{name}.ipynb")
    page.goto(address.replace("NAME", name), timeout=120_000)
    page.wait_for_function(STATE, timeout=120_000)
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function("""() => window.jupyterapp.shell.currentWidget.content.widgets
        .every(cell => cell.model.type !== 'code' || cell.model.executionCount)""",
                           timeout=120_000)
    page.wait_for_timeout(1000)
    return page.evaluate("""() => window.jupyterapp.shell.currentWidget.content.widgets
        .map(cell => cell.model.outputs.toJSON().map(output => output.output_type))""")


def test_no_vector_runs_in_jupyterlab(browser, lab):  # noqa: F811
    with _open(browser) as (page, asked, said):
        outputs = _run_all(page, lab, "hostile", CELLS)
        assert outputs == [[], *[["execute_result"]] * len(CELLS)]
        assert page.locator(".jp-OutputArea img[alt^='A picture of']").count() == 1
        assert page.evaluate("window.__hit") is None, f"{HIT} was run"
        here = lab[1].split("/lab")[0]
        assert [url for url in _outside(asked) if not url.startswith((here, "blob:"))] == []
        assert not [words for words in said if "attacker" in words]


def test_the_trap_works_in_jupyterlab(browser, lab):  # noqa: F811
    """A vector that is not escaped does run there, and is seen to."""
    raw = "from IPython.display import HTML\nHTML(vectors[8])"
    with _open(browser) as (page, _asked, _said):
        _run_all(page, lab, "trap", [raw])
        assert page.evaluate("window.__hit") == 1
