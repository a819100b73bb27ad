"""
Bring articles from elsewhere into an event: one file per article in `articles/`.

A text file is kept character for character, line ends included. Other formats are
read by the libraries made for them: pandas (csv, jsonl, parquet), trafilatura (html),
python-docx (docx), zipfile (zip).
"""

import re
import shutil
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow.parquet as pq
import yaml

from analysis.corpus import LARGEST_FILE, article_files, corpus_folder, decode, split_front_matter
from analysis.partitions import find_columns
from analysis.tables import TABLES, CorpusError

FORMATS = (".txt", ".html", ".htm", ".csv", ".jsonl", ".parquet", ".docx", ".zip")
_LARGEST_ZIP = 500  # members
_LARGEST_RATIO = 200  # unpacked to packed bytes


class Document(NamedTuple):
    """An article on its way in: what is known of it, and its body."""

    fields: dict[str, str]
    body: str


def import_articles(sources: list[Path], folder: Path) -> pd.DataFrame:
    """
    Write the articles of `sources` (files and folders) into `folder`/articles.

    Returns one row per problem (`file`, `problem`); a file or row with a problem is left out.
    Raises CorpusError where nothing at all could be imported.
    """
    articles = folder / "articles"
    articles.mkdir(parents=True, exist_ok=True)
    taken = {path.stem for path in article_files(folder)}
    problems, written = [], 0
    for path in _files(sources, problems):
        try:
            for document in read_documents(path.name, path.read_bytes()):
                try:
                    written += _write(document, articles, taken)
                except CorpusError as error:  # it costs the other articles of the file nothing
                    name = document.fields["id"]
                    place = path.name if name == path.stem else f"{path.name}, '{name}'"
                    problems.append((place, str(error)))
        except (CorpusError, OSError) as error:
            problems.append((path.name, str(error)))
    if not written:
        said = "; ".join(f"{file}: {problem}" for file, problem in problems)
        raise CorpusError(f"nothing was imported. {said or 'The sources hold no file'}. "
                          f"Give files or folders of {', '.join(FORMATS)}")
    return pd.DataFrame(problems, columns=TABLES["problems"].names)


def take_over(folder: Path, like: Path) -> None:
    """Copy event.toml and the frames of the event folder `like`, unless `folder` has its own."""
    if (like / "event.toml").exists() and not (folder / "event.toml").exists():
        shutil.copyfile(like / "event.toml", folder / "event.toml")
    for frame in sorted((like / "frames").glob("*.toml")):
        (folder / "frames").mkdir(exist_ok=True)
        if not (folder / "frames" / frame.name).exists():
            shutil.copyfile(frame, folder / "frames" / frame.name)


def read_documents(name: str, raw: bytes) -> Iterator[Document]:
    """
    Yield the articles of one file, given its name and its bytes.

    Raises CorpusError, without the file's name, where the file cannot be used.
    """
    kind = Path(name).suffix.lower()
    stem = Path(name).stem
    if kind == ".txt":
        fields, body = split_front_matter(decode(raw))
        yield Document({"id": stem} | fields, body)
    elif kind in (".html", ".htm"):
        yield _from_html(stem, decode(raw))
    elif kind == ".docx":
        yield _from_docx(stem, raw)
    elif kind in (".csv", ".jsonl", ".parquet"):
        yield from _from_table(stem, kind, raw)
    elif kind == ".zip":
        yield from _from_zip(raw)
    else:
        raise CorpusError(f"files of type '{kind or 'none'}' cannot be imported; "
                          f"save it as one of {', '.join(FORMATS)}")


def front_matter(fields: dict[str, str]) -> str:
    """Write `fields` as front matter, every value as quoted text."""
    quoted = (yaml.safe_dump(value, allow_unicode=True, default_style='"', width=10**6).strip()
              for value in fields.values())
    lines = (f"{name}: {value}\n" for name, value in zip(fields, quoted, strict=True))
    return "---\n" + "".join(lines) + "---\n"


def _files(sources: list[Path], problems: list[tuple[str, str]]) -> Iterator[Path]:
    for source in sources:
        if source.is_dir():
            inside = [p for p in sorted(source.rglob("*"))
                      if p.is_file() and not p.name.startswith(".")]
            yield from (p for p in inside if p.suffix.lower() in FORMATS)
            problems += [(p.name, f"left out: its type is not one of {', '.join(FORMATS)}")
                         for p in inside if p.suffix.lower() not in FORMATS]
        elif source.is_file():
            yield source
        else:
            problems.append((str(source), "there is no such file or folder; check the spelling"))


def _write(document: Document, articles: Path, taken: set[str]) -> int:
    name = re.sub(r"[^\w.-]+", "-", document.fields["id"]).strip("-.") or "article"
    if name in taken:
        raise CorpusError(f"the id '{document.fields['id']}' is already in the event; rename the "
                          "file, or delete the article it should replace")
    if not document.body.strip():
        raise CorpusError("has no text; nothing was imported from it")
    with (articles / f"{name}.txt").open("w", encoding="utf-8", newline="") as out:
        out.write(front_matter(document.fields) + document.body)
    taken.add(name)
    return 1


def _from_html(stem: str, page: str) -> Document:
    trafilatura = _library("trafilatura")
    body = trafilatura.extract(page, include_comments=False, include_tables=False)
    if not body:
        raise CorpusError("no article text was found in this page; copy the text into a .txt file")
    about = trafilatura.extract_metadata(page)
    told = {"title": about.title, "outlet": about.sitename, "author": about.author,
            "date": about.date, "url": about.url} if about else {}
    return Document({"id": stem} | {k: str(v) for k, v in told.items() if v}, body + "\n")


def _from_docx(stem: str, raw: bytes) -> Document:
    try:
        paragraphs = _library("docx").Document(BytesIO(raw)).paragraphs
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise CorpusError(f"is not a Word document ({error}); save it again as .docx") from error
    return Document({"id": stem}, "\n\n".join(p.text for p in paragraphs if p.text.strip()) + "\n")


def _from_table(stem: str, kind: str, raw: bytes) -> Iterator[Document]:
    try:
        if kind == ".parquet":
            find_columns(pq.read_schema(BytesIO(raw)).names)  # before all of it is read
            rows = pd.read_parquet(BytesIO(raw))
        elif kind == ".jsonl":
            rows = pd.read_json(BytesIO(raw), lines=True, dtype=False)
        else:
            rows = pd.read_csv(BytesIO(raw), dtype=str, keep_default_na=False)
    except CorpusError:
        raise
    except (ValueError, OSError) as error:
        raise CorpusError(f"cannot be read as {kind[1:]} ({error}); write it again") from error
    column, key = find_columns(rows.columns)
    known = [c for c in TABLES["articles"].names[1:] if c in rows and c not in (key, column)]
    for number, row in enumerate(rows.to_dict("records")):
        fields = {c: str(row[c]) for c in known if pd.notna(row[c]) and str(row[c])}
        yield Document({"id": str(row[key]) if key else f"{stem}-{number + 1}"} | fields,
                       "" if pd.isna(row[column]) else str(row[column]))


def _from_zip(raw: bytes) -> Iterator[Document]:
    try:
        archive = zipfile.ZipFile(BytesIO(raw))
    except zipfile.BadZipFile as error:
        raise CorpusError(f"is not a zip file ({error}); pack it again") from error
    members = [m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
    if len(members) > _LARGEST_ZIP:
        raise CorpusError(f"holds {len(members)} files; at most {_LARGEST_ZIP} are read: unpack it "
                          "and import the folder")
    for member in members:
        if member.file_size > LARGEST_FILE or \
                member.file_size > _LARGEST_RATIO * max(member.compress_size, 1):
            raise CorpusError(f"its member {member.filename} is too large unpacked; unpack the zip "
                              "yourself and import the folder")
        if Path(member.filename).suffix.lower() in FORMATS[:-1]:
            yield from read_documents(Path(member.filename).name, archive.read(member))


def _library(name: str):
    try:
        return __import__(name)
    except ImportError as error:
        package = {"docx": "python-docx"}.get(name, name)
        raise CorpusError(f"to read it, install {package}: pip install {package}") from error


def event_folder(name: str) -> Path:
    """Return the folder for the event `name`, existing or not: under corpus/, or a path."""
    if (corpus_folder() / name).is_dir() or not re.search(r"[/\\~.]", name):
        return corpus_folder() / name
    return Path(name).expanduser()


def new_event(name: str) -> Path:
    """Make an empty event with commented templates; raise CorpusError if it exists."""
    folder = event_folder(name)
    if folder.exists():
        raise CorpusError(f"{folder} exists already; choose another name, or add articles to it")
    for part in ("articles", "frames", "gold"):
        (folder / part).mkdir(parents=True)
    template = files("analysis") / "templates"
    (folder / "event.toml").write_text((template / "event.toml").read_text("utf-8"), "utf-8")
    (folder / "frames" / "example.toml.txt").write_text(
        (template / "frame.toml").read_text("utf-8"), "utf-8")
    return folder
