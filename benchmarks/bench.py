"""
Measure speed and memory side by side, correctness first.

    python benchmarks/bench.py                      1,000 articles, 3 repetitions: a minute or two
    python benchmarks/bench.py --articles 10000 --reps 5
    python benchmarks/bench.py --tasks stream --large
    python benchmarks/bench.py --tasks engines --articles 20000 --reps 1     an idle machine

Every candidate runs in a process of its own, in turn with the others, on a made-up corpus
(no download); imports and preparation are not timed. Candidates whose result differs from
the reference get the difference and no figure. Only ratios inside one run mean anything.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import forkserver
from pathlib import Path

SINGLE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
                                 "POLARS_MAX_THREADS")}
POOL = {"ARROW_DEFAULT_MEMORY_POOL": "system"}  # Arrow's own gives memory back, and asks again
FEW = {"engines": 8, "quotes": 5, "frames and voices": 5}  # a part, where all is measured
SEVERAL = ("engines",)  # several processes: wall seconds mean something, if the machine is idle
OWN_RULE = "its own"  # a candidate that says so is not compared
PACKAGES = ("numpy", "pandas", "pyarrow", "scipy", "scikit-learn", "polars", "spacy", "textacy",
            "dask", "samestory")


def measure(task: str, name: str, path: Path, articles: int, check: bool) -> dict:
    """Run one candidate here, compare it if asked, and say what it took."""
    from candidates import TASKS, NotInstalled, difference

    try:
        run = TASKS[task][name](path, articles)
    except NotInstalled as error:
        return {"missing": str(error)}
    before = memory()
    wall, own, others = time.perf_counter(), time.process_time(), children()
    result = run()
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - own + children()
            - others, "memory_mb": max(0.0, peak() - before), "peak_mb": peak()}
    if task in SEVERAL:  # too long to run twice: the digests of all candidates are compared
        return told | {"digests": result()}
    reference = next(iter(TASKS[task]))
    if check and name != reference and OWN_RULE not in name:
        try:
            told["difference"] = difference(task, TASKS[task][reference](path, articles)(), result)
        except NotInstalled:
            told["difference"] = None
    return told


def memory() -> float:
    """Return the memory of this process now, in MB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def peak() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def children() -> float:
    """Return the processor seconds of the processes that have ended, the fork server stopped."""
    forkserver._forkserver._stop()  # it has the workers' seconds until it ends
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_task(task: str, names: list[str], path: Path, articles: int, reps: int) -> dict:
    """Run the candidates of a task in turn, each time in a new process."""
    runs: dict[str, list[dict]] = {name: [] for name in names}
    for rep in range(reps):
        for name in names:
            if runs[name] and ("missing" in runs[name][0] or runs[name][0].get("difference")):
                continue
            command = [sys.executable, __file__, "--child", json.dumps(
                [task, name, str(path), articles, rep == 0])]
            done = subprocess.run(command, capture_output=True, text=True, check=False,
                                  env={**os.environ, **SINGLE, **POOL, "PYTHONHASHSEED": "0"})
            if done.returncode:
                raise SystemExit(f"{task}, {name}: {done.stderr.strip()[-2000:]}")
            runs[name].append(json.loads(done.stdout.splitlines()[-1]))
            _compare_digests(runs[name][-1], runs[names[0]][0])
    return {name: summarise(task, found) for name, found in runs.items()}


def _compare_digests(run: dict, reference: dict) -> None:
    """Mark a run with the first table that differs from the reference's."""
    for name, digest in run.get("digests", {}).items():
        if digest != reference["digests"][name]:
            run["difference"] = f"{name}: {digest}, not {reference['digests'][name]}"
            return


def summarise(task: str, runs: list[dict]) -> dict:
    """Return medians of the repetitions of one candidate."""
    if "missing" in runs[0]:
        return {"missing": runs[0]["missing"]}
    for run in runs:
        if run.get("difference"):
            return {"difference": run["difference"]}
    clock = "wall" if task in SEVERAL else "cpu"
    times = [run[clock] for run in runs]
    return {"clock": clock, "seconds": statistics.median(times), "times": times,
            "cpu": statistics.median(run["cpu"] for run in runs),
            "memory_mb": statistics.median(run["memory_mb"] for run in runs),
            "peak_mb": statistics.median(run["peak_mb"] for run in runs)}


def show(task: str, articles: int, found: dict) -> None:
    """Print the table of one task, ratios to its first candidate."""
    print(f"\n{task}, {articles:,} articles")
    first = next((row["seconds"] for row in found.values() if "seconds" in row), None)
    for name, row in found.items():
        if "missing" in row:
            print(f"  {name:44} not available: {row['missing']}")
        elif "difference" in row:
            print(f"  {name:44} DIFFERS: {row['difference']}")
        else:
            spread = (max(row["times"]) - min(row["times"])) / row["seconds"]
            row["speed"] = first / row["seconds"]
            print(f"  {name:44} {row['seconds']:9.3f} s {row['clock']:4} x{row['speed']:6.2f}  "
                  f"spread {spread:4.0%}  {articles / row['seconds']:9,.0f} articles/s  "
                  f"{'' if row['clock'] == 'cpu' else format(row['cpu'], '.1f') + ' s cpu  '}"
                  f"+{row['memory_mb']:,.0f} MB (peak {row['peak_mb']:,.0f})", flush=True)


def describe() -> dict:
    """Say where and with what the figures were made."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return {"made": datetime.now(UTC).isoformat(timespec="seconds"), "versions": versions,
            "python": platform.python_version(), "machine": platform.machine(),
            "cores": len(os.sched_getaffinity(0)), "load": os.getloadavg()}


def main(arguments: list[str] | None = None) -> int:
    """Run the tasks asked for; return 1 if a result differs from its reference."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--tasks", nargs="+", metavar="TASK", help="all by default")
    parser.add_argument("--candidates", nargs="+", metavar="NAME", help="of a task; all by default")
    parser.add_argument("--large", action="store_true", help="stream 100,000 articles as well")
    parser.add_argument("--busy", action="store_true",
                        help="measure engines even on a busy machine, where they mean little")
    parser.add_argument("--corpus", type=Path, help="a corpus made earlier, to be used or made")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    parser.add_argument("--child", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.child:
        task, name, path, articles, check = json.loads(asked.child)
        print(json.dumps(measure(task, name, Path(path), articles, check)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return run_all(asked, asked.corpus or Path(folder) / "corpus.parquet")


def run_all(asked: argparse.Namespace, path: Path) -> int:
    """Make the corpus, run the tasks, write the file."""
    from candidates import TASKS
    from made_up import make_corpus

    largest = 100_000 if asked.large else asked.articles
    if not path.exists():
        make_corpus(path, largest)
    told = {"before": describe(), "articles": asked.articles, "reps": asked.reps, "tasks": {}}
    for task in asked.tasks or TASKS:
        if task not in TASKS:
            raise SystemExit(f"no task is called {task!r}; there are {', '.join(TASKS)}")
        if task in SEVERAL and os.getloadavg()[0] > told["before"]["cores"] / 2 and not asked.busy:
            print(f"\n{task}: refused, since the machine is busy (load {os.getloadavg()[0]:.1f}); "
                  "wait, or insist with --busy")
            continue
        sizes = [max(8, asked.articles // (1 if asked.tasks else FEW.get(task, 1)))]
        if task == "stream":
            sizes = [asked.articles] + [largest] * asked.large
        for size in sizes:
            names = [n for n in TASKS[task] if n in (asked.candidates or TASKS[task])]
            found = run_task(task, names, path, size, asked.reps)
            show(task, size, found)
            told["tasks"][f"{task}, {size}"] = found
    told["after"] = describe()
    asked.out.write_text(json.dumps(told, indent=1), "utf-8")
    print(f"\nWrote {asked.out}")
    return int(any("difference" in row for rows in told["tasks"].values()
                   for row in rows.values()))


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
    sys.exit(main())
