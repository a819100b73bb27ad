"""The command line: `samestory …`, or `python -m analysis …`."""

import sys
import warnings
from errno import EPIPE
from pathlib import Path

import click

from analysis import checking, corpus, importing
from analysis.partitions import PARTITION_SIZE, find_source
from analysis.prose import many
from analysis.tables import CorpusError

EVENT_HELP = "EVENT is a name under corpus/ or the path of an event's folder."


class _Commands(click.Group):
    """Turn bad data into one message and exit code 1; click gives 2 for wrong usage."""

    def invoke(self, ctx: click.Context) -> object:
        warnings.showwarning = lambda message, *_, **__: click.echo(f"Note: {message}", err=True)
        try:
            return super().invoke(ctx)
        except (CorpusError, ValueError) as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:  # no space, no permission, a file where a folder is wanted
            if error.errno == EPIPE:
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(
                f"{where}{error.strerror or error}; see that the disk has room and that you may "
                "read and write there, or choose another place") from error


quiet_option = click.option("--quiet", is_flag=True, help="No progress bars: for scripts.")
include_option = click.option(
    "--include", type=click.Choice(["speech", "all"]), default="speech", show_default=True,
    help="Attributions of speech and writing only, or attitudes and plans too.")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="samestory")
def main() -> None:
    """
    One event, several articles: who says what, and how is it framed?

    Start with `samestory report summit` and open reports/summit/index.html.
    """


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """
    Make an empty event called NAME, with templates that explain themselves.

    Next: put one .txt file per article into its folder articles/, or use
    `samestory import`; then `samestory check NAME`.
    """
    folder = importing.new_event(name)
    click.echo(f"Made {folder}. Next: put articles into {folder / 'articles'}, or run\n"
               f"  samestory import FILES --event {name}\nthen\n  samestory check {name}")


@main.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--event", "name", required=True, metavar="NAME",
              help="The event that gets the articles: a name under corpus/, or a folder "
                   "(made if it does not exist).")
@click.option("--like", metavar="EVENT", help="Take event.toml and the frames from this event.")
def import_(sources: tuple[Path, ...], name: str, like: str | None) -> None:
    """
    Bring articles into an event, from SOURCES: files or folders.

    Reads txt, html, csv, jsonl, parquet, docx and zip. A text is kept character for
    character. Without --like, the event has no frames until you add some.
    """
    folder = importing.event_folder(name)
    model = corpus.find_event(like) if like else None
    problems = importing.import_articles(list(sources), folder)
    if model:
        importing.take_over(folder, model)
    for file, problem in problems.itertuples(index=False):
        click.echo(f"{file}: {problem}", err=True)
    count = many(len(corpus.article_files(folder)), "article")
    click.echo(f"{folder} now has {count}. "
               f"Next: samestory report {name}")
    sys.exit(1 if len(problems) else 0)


@main.command(epilog=EVENT_HELP)
@click.argument("event")
def check(event: str) -> None:
    """
    Say what is wrong with an event, file by file, and how to mend it.

    Exit code 1 if anything is.
    """
    problems = checking.find_problems(event)
    for file, problem in problems[["file", "problem"]].itertuples(index=False):
        click.echo(f"{file}: {problem}")
    articles = corpus.read_articles(event)[0]
    click.echo(f"{many(len(articles), 'article')} can be read; "
               f"{many(len(problems), 'problem') if len(problems) else 'no problem'}.")
    sys.exit(1 if len(problems) or articles.empty else 0)


@main.command(epilog=EVENT_HELP)
@click.argument("event", default="summit")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Where to write; reports/EVENT by default.")
@click.option("--single-file", is_flag=True, help="Also write one page that can be mailed.")
@click.option("--format", "formats", multiple=True, type=click.Choice(["csv", "json", "parquet"]),
              default=["csv"], help="Format of the tables; may be given more than once.")
@quiet_option
def report(event: str, out: Path | None, single_file: bool, formats: tuple[str, ...],
           quiet: bool) -> None:
    """
    Run the notebooks on an event and write its HTML report.

    Open index.html in any browser; no network is needed.
    """
    from analysis.report import build_report

    loaded = corpus.load_event(event)
    page = build_report(loaded, out or Path("reports") / loaded.name, single_file=single_file,
                        formats=formats, quiet=quiet)
    click.echo(f"Wrote {page}")


@main.command(epilog=EVENT_HELP)
@click.argument("source", metavar="EVENT")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR",
              help="The folder that gets one file (or folder of parts) per table.")
@click.option("--format", "format_", type=click.Choice(["csv", "parquet"]), default="csv",
              show_default=True)
@click.option("--engine", type=click.Choice(["serial", "processes", "dask"]), default="serial",
              show_default=True, help="Who does the work: one process, several, or a Dask cluster.")
@click.option("--scheduler", metavar="ADDRESS", help="A running Dask scheduler (--engine dask).")
@include_option
@click.option("--like", metavar="EVENT", help="The event whose frames and parties are used: for a "
              "file, or instead of EVENT's own.")
@click.option("--workers", type=int, help="Processes at a time; as many as there are cores by "
              "default.")
@click.option("--partition-size", default=PARTITION_SIZE, show_default=True,
              help="Articles at a time.")
@quiet_option
def tables(source: str, out: Path, format_: str, **options: object) -> None:
    """
    Write every table of an event, for use elsewhere.

    EVENT may also be a CSV, JSONL or Parquet file with the columns article_id and text.
    Above 200 articles, keyness and similarity compare outlets (the column outlet).
    An interrupted run goes on where it stopped.
    """
    find_source(source)  # refused here where it cannot be read: the next line takes seconds
    from analysis.scale import write_tables

    problems = write_tables(source, out, format=format_, **options)
    for file, problem in problems[["file", "problem"]].itertuples(index=False):
        click.echo(f"{file}: {problem}", err=True)
    click.echo(f"Wrote the tables to {out}")
    sys.exit(1 if len(problems) else 0)


@main.command(epilog=EVENT_HELP)
@click.argument("event")
@click.option("--engine", type=click.Choice(["model", "rules"]), default="model",
              show_default=True, help="The trained model, or rules alone.")
@include_option
@click.option("--errors", is_flag=True, help="List what was missed, invented or misattributed.")
def evaluate(event: str, engine: str, include: str, errors: bool) -> None:
    """
    Measure attribution and framing against the codes in an event's gold/.

    EVENT may also be a folder of brat annotations (text and .ann files), such as PolNeAR.
    """
    from analysis.evaluation import evaluate as measure

    for title, frame in measure(event, engine=engine, include=include, errors=errors):
        click.echo(f"\n{title}\n{frame.to_string(index=False, float_format='{:.3f}'.format)}")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Where to write the model; by default it replaces the one in use.")
@quiet_option
def train(folder: Path, out: Path | None, quiet: bool) -> None:
    """
    Train the attribution model on FOLDER, which holds brat annotations.

    The same data give the same model, byte for byte.
    """
    from analysis.quotes.training import train as train_model

    click.echo(f"Wrote {train_model(folder, out, progress=not quiet)}")


@main.command("class", epilog=EVENT_HELP)
@click.argument("event", default="summit")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR",
              help="The folder that gets the copies.")
@quiet_option
def class_(event: str, out: Path, quiet: bool) -> None:
    """
    Make copies of the notebooks for a class: students', teacher's, and slides.

    Students' copies hold no solution and no output.
    """
    from analysis.teaching.classroom import make_class_copies

    click.echo(f"Wrote {make_class_copies(event, out, quiet=quiet)}")


if __name__ == "__main__":
    main(prog_name="samestory")
