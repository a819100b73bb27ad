"""Build the HTML report of an event: run the notebooks, write the pages."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from analysis.corpus import Event, load_event
from analysis.report.run import run_notebooks
from analysis.tables import CorpusError

__all__ = ["build_report", "find_notebooks", "run_notebooks"]


def build_report(event: Event | str | Path, out: Path, *, notebooks: Path | None = None,
                 formats: Sequence[str] = ("csv",), single_file: bool = False,
                 quiet: bool = False) -> Path:
    """
    Run the notebooks on an event, write its report to the folder `out`, return the index.

    `formats` of the tables are csv (always written), json and parquet. Where a notebook
    fails the report is written all the same; then CorpusError says which and why.
    """
    event = event if isinstance(event, Event) else load_event(event)
    paths = find_notebooks(notebooks)
    with ThreadPoolExecutor(1) as aside:
        running = aside.submit(run_notebooks, paths, event.folder, quiet=quiet)
        # Slow to import, so the kernels are at work by now.
        from analysis.report.pages import write_report
        from analysis.study import make_study

        study = make_study(event)
        ran = running.result()
    index = write_report(study, ran, Path(out), formats=formats, single_file=single_file)
    failed = [f"{r.name}.ipynb: {r.error}" for r in ran if r.error]
    if failed:
        raise CorpusError(f"{'; '.join(failed)}. The rest of the report is in {index}; run "
                          f"`samestory check {event.name}` to see what is wrong with the event")
    return index


def find_notebooks(folder: Path | None = None) -> list[Path]:
    """Return the notebooks of `folder` (by default the project's), in order of name."""
    choices = [folder] if folder else [Path.cwd() / "notebooks",
                                       Path(__file__).resolve().parents[2] / "notebooks"]
    for choice in choices:
        found = sorted(choice.glob("[0-9]*.ipynb"))
        if found:
            return found
    raise CorpusError(f"{choices[-1].name}/: there are no notebooks like 00_start_here.ipynb; run "
                      "the command in the project's folder")
