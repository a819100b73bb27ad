"""
Events and their articles: from a folder of files to the table `articles`.

A file that cannot be read never costs the user the others: it becomes a row in
`problems`, with its name, what is wrong and what to do.
"""

import re
import tomllib
import warnings
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import yaml
from charset_normalizer import from_bytes

from analysis.tables import TABLES, CorpusError, empty, table

LARGEST_FILE = 5_000_000  # bytes
_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_MISSING = ("", "null", "Null", "NULL", "~", "none", "None", "unknown")


class Party(NamedTuple):
    """A side with a stake in the event, and the names it goes by."""

    name: str
    aliases: tuple[str, ...]


class Event(NamedTuple):
    """A folder that holds everything about one event; fields as in its event.toml."""

    name: str
    folder: Path
    title: str
    question: str
    language: str
    licence: str | None
    parties: tuple[Party, ...]
    contrast: tuple[str, ...]


def corpus_folder() -> Path:
    """Return the folder of the events that are called by name."""
    here = Path.cwd() / "corpus"
    return here if here.is_dir() else Path(__file__).resolve().parent.parent / "corpus"


def find_event(name: str | Path) -> Path:
    """
    Return the folder of the event called `name`: a name under `corpus/`, or any path.

    Raises CorpusError where there is none, with the names that exist.
    """
    for folder in (corpus_folder() / name, Path(name).expanduser()):
        if folder.is_dir() and str(name) not in ("", "."):
            return folder
    known = sorted(p.parent.name for p in corpus_folder().glob("*/event.toml"))
    raise CorpusError(f"{name}: there is no such event; known: {', '.join(known) or 'none'}. Give "
                      "one of these names, the path of a folder, or make one with "
                      "`samestory new NAME`")


def load_event(name: str | Path = "summit") -> Event:
    """
    Read the event called `name`; without an event.toml, everything but its name is unknown.

    Raises CorpusError where there is no such event or its event.toml cannot be read.
    """
    folder = find_event(name)
    told = _read_toml(folder / "event.toml")
    contrast = told.get("contrast", [])
    if not isinstance(contrast, list) or not all(isinstance(f, str) for f in contrast):
        raise CorpusError(f"{folder.name}/event.toml: 'contrast' is {contrast!r}; write the names "
                          'of two frames, as ["desperation", "alliance"]')
    return Event(
        name=folder.resolve().name, folder=folder,
        title=str(told.get("title", folder.resolve().name)),
        question=str(told.get("question", "Who says what, and how is it framed?")),
        language=str(told.get("language", "en")),
        licence=told.get("licence"), parties=_read_parties(told, folder), contrast=tuple(contrast))


def load_articles(event: Event | str | Path = "summit") -> pd.DataFrame:
    """
    Load the articles of an event: one row per article, sorted by article_id.

    Columns as in `TABLES["articles"]`; what a file does not say is missing. A file that
    cannot be read is left out with a warning (see `load_problems`). Raises CorpusError
    where no article remains.
    """
    articles, problems = read_articles(event)
    for file, problem in problems[["file", "problem"]].itertuples(index=False):
        warnings.warn(f"{file}: {problem}", stacklevel=2)
    if articles.empty:
        folder = event.folder if isinstance(event, Event) else find_event(event)
        raise CorpusError(f"{folder.name}: no article could be read"
                          + "".join(f"; {f}: {p}" for f, p in problems.to_numpy())
                          + ("" if len(problems) else "; put one .txt file per article into its "
                             "folder articles/, or use `samestory import`"))
    return articles


def load_problems(event: Event | str | Path = "summit") -> pd.DataFrame:
    """List what is wrong with the files of an event's articles: one row per problem."""
    return read_articles(event)[1]


def read_articles(event: Event | str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the articles that can be read, and the problems of the files that cannot."""
    event = event if isinstance(event, Event) else load_event(event)
    rows, problems, owner = [], [], {}
    for path in article_files(event.folder):
        try:
            row = read_article(path, event)
            if row["article_id"] in owner:
                raise CorpusError(f"the id '{row['article_id']}' is already used by "
                                  f"{owner[row['article_id']]}; give each article an id of its own")
            owner[row["article_id"]] = path.name
            rows.append(row)
        except CorpusError as error:
            problems.append((path.name, str(error)))
    articles = table("articles", pd.DataFrame(rows)) if rows else empty("articles")
    found = table("problems", problems) if problems else empty("problems")
    return articles.sort_values("article_id", ignore_index=True), found


def article_files(folder: Path) -> list[Path]:
    """List the article files of an event: `articles/*.txt`, sorted by name."""
    inside = folder / "articles"
    return sorted(p for p in (inside if inside.is_dir() else folder).glob("*.txt"))


def read_article(path: Path, event: Event) -> dict[str, str | None]:
    """
    Read one file: its front matter, and its body character for character.

    Without front matter the id is the file's name and other fields are unknown.
    Raises CorpusError, without the file's name, where the file cannot be used.
    """
    if not path.resolve().is_relative_to(event.folder.resolve()):
        raise CorpusError("is a link that leads out of the event's folder; put the file here")
    told, body = split_front_matter(_read(path))
    if not body.strip():
        raise CorpusError("has no text; add the article below the front matter, or delete it")
    known = {name: told[name] for name in TABLES["articles"].names if name in told}
    return known | {"article_id": told.get("id", path.stem), "text": body,
                    "language": told.get("language", event.language)}


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """
    Part the front matter (as text values; missing ones left out) from the body.

    >>> split_front_matter('---\\nid: a1\\ndate: 2024-06-19\\n---\\nIt rained.\\n')
    ({'id': 'a1', 'date': '2024-06-19'}, 'It rained.\\n')
    """
    opening = _OPENING.match(text)
    if not opening:
        return {}, text
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        raise CorpusError("its front matter is not closed; write a line '---' after its last field")
    try:
        node = yaml.compose(text[opening.end():closing.start()], Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 2}" if where else ""
        why = getattr(error, "problem", error)
        raise CorpusError(f"its front matter cannot be read{line} ({why}); write "
                          "one `field: value` a line, in quotation marks if the value has "
                          "a colon") from error
    return _fields(node), text[closing.end():]


def _fields(node: yaml.Node | None) -> dict[str, str]:
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode) or any(
            not isinstance(v, yaml.ScalarNode) for _, v in node.value):
        raise CorpusError("its front matter is not a list of fields; write one `field: value` "
                          "a line")
    names = [key.value for key, _ in node.value]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise CorpusError(f"its front matter has '{twice}' twice; keep one")
    return {key.value: value.value for key, value in node.value if value.value not in _MISSING}


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return decode(file.read(LARGEST_FILE + 1))


def decode(raw: bytes) -> str:
    """Decode the bytes of one article; raise CorpusError where they are not text in UTF-8."""
    if len(raw) > LARGEST_FILE:
        raise CorpusError(f"is over {LARGEST_FILE // 10**6} MB, so it is probably several "
                          "articles: split it into one file each")
    if not raw:
        raise CorpusError("is empty; put the article's text into it, or delete it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        best = from_bytes(raw).best()
        looks = f"looks like {best.encoding}" if best else "has no encoding that could be guessed"
        raise CorpusError(f"is not UTF-8 (it {looks}); open it in an editor and save it "
                          "as UTF-8") from error
    if "\0" in text:
        raise CorpusError("has NUL bytes, so it is not plain text; save it as plain text in UTF-8")
    return text


def _read_toml(path: Path) -> dict:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.parent.name}/{path.name}: cannot be read as TOML ({error}); "
                          "compare it with corpus/summit/event.toml") from error


def _read_parties(told: dict, folder: Path) -> tuple[Party, ...]:
    entries = told.get("parties", [])
    if not isinstance(entries, list) or not all(
            isinstance(e, dict) and "name" in e for e in entries):
        raise CorpusError(f"{folder.name}/event.toml: each of 'parties' needs a name; write "
                          '[[parties]], name = "…", aliases = ["…"]')
    return tuple(Party(str(e["name"]), tuple(map(str, e.get("aliases", ())))) for e in entries)
