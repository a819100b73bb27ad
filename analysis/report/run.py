"""Run the notebooks on an event, several at a time."""

import asyncio
import os
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from tqdm import tqdm

TIMEOUT = 600  # seconds a cell may take


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
    free = asyncio.Semaphore(kernels)
    results: list[Ran | None] = [None] * len(paths)
    # The longest go first, so that no kernel waits for one that began last.
    order = sorted(range(len(paths)), key=lambda i: -len(notebooks[i].cells))

    async def run(i: int) -> None:
        async with free:
            results[i] = await _run_one(paths[i], notebooks[i], bar)

    await asyncio.gather(*map(run, order))
    return [ran for ran in results if ran]


async def _run_one(path: Path, notebook: NotebookNode, bar: tqdm) -> Ran:
    client = NotebookClient(notebook, timeout=TIMEOUT, kernel_name="python3",
                            shutdown_kernel="immediate",
                            resources={"metadata": {"path": str(path.parent)}},
                            on_cell_executed=lambda **_: bar.update())
    try:
        await client.async_execute()
    except CellExecutionError as error:
        return Ran(path.stem, notebook, f"{error.ename}: {error.evalue}")
    except (CellTimeoutError, DeadKernelError, TimeoutError, RuntimeError) as error:
        return Ran(path.stem, notebook, str(error).splitlines()[0])
    return Ran(path.stem, notebook, None)
