"""
Who does the work: this process, several processes, or a Dask cluster.

An engine's `run` hands out tasks and yields results as they come, in any order. It never
holds more than a few tasks at a time, so tasks may be read while others are worked on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from analysis.tables import CorpusError

if TYPE_CHECKING:
    from dask.distributed import Client

ENGINES = ("serial", "processes", "dask")
_WORKER = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
           "MALLOC_ARENA_MAX": "1"}
ATTEMPTS = 3  # times a task may take its worker down
Task = TypeVar("Task")
Result = TypeVar("Result")
Run = Callable[[Callable[[Task], Result], Iterable[Task]], Iterator[Result]]


@contextmanager
def open_engine(engine: str = "serial", *, workers: int | None = None,
                scheduler: str | None = None) -> Iterator[Run]:
    """
    Start an engine and give its `run(function, tasks)`, which yields results as they come.

    `workers` defaults to the cores this process may use; `scheduler` is the address of a
    running Dask scheduler, without which Dask starts a cluster on this machine. Work of a
    worker that was killed is done again. Raises CorpusError where a task takes its worker
    down three times, or where Dask is asked for and not installed.
    """
    if engine not in ENGINES:
        raise ValueError(f"no engine is called {engine!r}; there are {', '.join(ENGINES)}")
    if scheduler and engine != "dask":
        raise ValueError("a scheduler's address goes with the engine dask")
    if workers is not None and workers < 1:
        raise ValueError(f"{workers} workers cannot do it: give 1 or more, or leave it out")
    workers = workers or count_cores()
    if engine == "serial":
        yield map
    elif engine == "processes":
        with closing(_Processes(workers)) as processes:
            yield processes.run
    else:
        with _client(workers, scheduler) as client:
            yield partial(_dask, client)


def count_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Processes:
    """A pool of processes that is replaced where one of them dies."""

    def __init__(self, workers: int) -> None:
        self.workers, self.pool = workers, _pool(workers)

    def close(self) -> None:
        """Let the processes go, dropping what has not begun."""
        self.pool.shutdown(cancel_futures=True)

    def run(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Keep the pool busy; where a process dies, find the task that killed it."""
        tasks, waiting = iter(tasks), {}
        while True:
            for task in islice(tasks, self.workers + 1 - len(waiting)):
                waiting[self.pool.submit(function, task)] = task
            if not waiting:
                return
            done = next(iter(wait(waiting, return_when=FIRST_COMPLETED).done))
            try:
                result = done.result()
                del waiting[done]
                yield result
            except BrokenProcessPool:
                lost, waiting = list(waiting.values()), {}
                self.pool.shutdown()
                self.pool = _pool(self.workers)
                yield from (_alone(function, task) for task in lost)


def _alone(function: Callable[[Task], Result], task: Task) -> Result:
    """Do one task in a process of its own, again if it dies."""
    for _ in range(ATTEMPTS - 1):
        with _pool(1) as pool:
            try:
                return pool.submit(function, task).result()
            except BrokenProcessPool:
                pass
    raise CorpusError(f"{task}: its worker was killed {ATTEMPTS} times, perhaps for want of "
                      "memory; use a smaller partition size. What is finished is kept, and the "
                      "same command goes on from there")


def _pool(workers: int) -> ProcessPoolExecutor:
    # Workers are copies of a clean server that has imported the package once: a copy of a
    # process with threads may hang, and importing takes seconds.
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["analysis.scale"])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Set up a worker, which would wait for work for ever from a process that was killed."""
    _one_thread_each()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a traceback
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)


def _one_thread_each() -> None:
    """Keep the libraries of a worker to one thread, since there is a worker for each core."""
    import pyarrow
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
    pyarrow.set_cpu_count(1)


def _dask(client: Client, function: Callable[[Task], Result],
          tasks: Iterable[Task]) -> Iterator[Result]:
    """Keep a Dask cluster busy; Dask itself does again what a killed worker had."""
    from dask.distributed import as_completed

    tasks = iter(tasks)
    busy = 2 * max(len(client.scheduler_info()["workers"]), 1)
    done = as_completed(_submit(client, function, task) for task in islice(tasks, busy))
    for future in done:
        yield _result(future)
        for task in islice(tasks, 1):
            done.add(_submit(client, function, task))


def _submit(client: Client, function: Callable[[Task], Result], task: Task) -> Future:
    return client.submit(function, task, pure=False)  # tasks with the same input are two tasks


def _result(future: Future) -> object:
    from dask.distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as error:
        raise CorpusError(f"{error} Use a smaller partition size. What is finished is kept, and "
                          "the same command goes on from there") from error
    finally:
        future.release()


@contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Client]:
    try:
        from dask import config
        from dask.distributed import Client, LocalCluster
    except ImportError as error:
        raise CorpusError("the engine dask needs the package dask: pip install "
                          "'samestory[scale]', or use --engine processes") from error
    if scheduler:
        try:
            client = Client(scheduler, timeout="20s")
        except OSError as error:
            raise CorpusError(f"{scheduler}: no Dask scheduler answers ({error}); start one with "
                              "`dask scheduler`, or leave the address out") from error
        with client:
            yield client
        return
    # Dask has its workers give freed memory back at once, and looks at what they do a hundred
    # times a second; both take processor time from arrays that come and go.
    with config.set({"distributed.worker.daemon": False,
                     "distributed.worker.profile.enabled": False,
                     "distributed.nanny.pre-spawn-environ": _WORKER}), LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=":0",
            silence_logs="ERROR") as cluster, Client(cluster) as client:
        client.run(_one_thread_each)
        yield client
