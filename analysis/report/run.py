"""Run the notebooks on an event, several at a time."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from tqdm import tqdm

TIMEOUT = 600  # seconds a cell may take
_STOPPED = (CellExecutionError, CellTimeoutError, DeadKernelError, TimeoutError, RuntimeError)


class Ran(NamedTuple):
    """A notebook after its run; `error` says where it stopped, if it did."""

    name: str
    notebook: NotebookNode
    error: str | None


def run_notebooks(paths: list[Path], event: Path, *, quiet: bool = False,
                  kernels: int | None = None) -> list[Ran]:
    """
    Run notebooks on the event in the folder `event`, and return them in order.

    The files are not changed. `EVENT` is set in the cell tagged `parameters`. A notebook
    that fails keeps what it showed until then, and the others run on. Two run at a time,
    or as many as the machine has cores, if more.
    """
    notebooks = [_read(path, event) for path in paths]
    cells = sum(cell.cell_type == "code" for notebook in notebooks for cell in notebook.cells)
    with tqdm(total=cells, desc="Running notebooks", unit="cell", disable=quiet) as bar:
        return asyncio.run(_run_all(paths, notebooks, bar, kernels or max(2, os.cpu_count() or 2)))


def _read(path: Path, event: Path) -> NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "parameters" in cell.metadata.get("tags", ()):
                cell.source = f"EVENT = {str(event.resolve())!r}"
    return notebook


async def _run_all(paths: list[Path], notebooks: list[NotebookNode], bar: tqdm,
                   kernels: int) -> list[Ran]:
    # The longest go first, so that no kernel waits for one that began last.
    waiting = sorted(range(len(paths)), key=lambda i: len(notebooks[i].cells))
    results: dict[int, Ran] = {}

    async def work() -> None:
        kernel = None
        while waiting:
            i = waiting.pop()
            kernel = await _ready(kernel, paths[i].parent)
            results[i] = await _run_one(paths[i], notebooks[i], kernel, bar)
        if kernel is not None:
            await kernel.shutdown_kernel(now=True)

    await asyncio.gather(*(work() for _ in range(min(kernels, len(paths)))))
    return [results[i] for i in range(len(paths))]


async def _ready(kernel: AsyncKernelManager | None, folder: Path) -> AsyncKernelManager:
    """
    Return a kernel in `folder` without names of an earlier notebook.

    A kernel is used again, since most of its life is importing libraries; the tests run
    every notebook in a fresh one.
    """
    if kernel is not None and await kernel.is_alive():
        emptied = nbformat.v4.new_notebook(cells=[
            nbformat.v4.new_code_cell(f"%reset -f\n%cd -q {folder.resolve()}")])
        try:
            await _client(emptied, kernel).async_execute()
            return kernel
        except _STOPPED:
            await kernel.shutdown_kernel(now=True)
    kernel = AsyncKernelManager(kernel_name="python3")
    await kernel.start_kernel(cwd=str(folder))
    return kernel


async def _run_one(path: Path, notebook: NotebookNode, kernel: AsyncKernelManager,
                   bar: tqdm) -> Ran:
    try:
        await _client(notebook, kernel, on_cell_executed=lambda **_: bar.update()).async_execute()
    except CellExecutionError as error:
        return Ran(path.stem, notebook, f"{error.ename}: {error.evalue}")
    except _STOPPED as error:
        return Ran(path.stem, notebook, str(error).splitlines()[0])
    return Ran(path.stem, notebook, None)


def _client(notebook: NotebookNode, kernel: AsyncKernelManager,
            on_cell_executed: Callable[..., None] | None = None) -> NotebookClient:
    return NotebookClient(notebook, km=kernel, timeout=TIMEOUT, on_cell_executed=on_cell_executed)
