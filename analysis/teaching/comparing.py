"""
After coding: how well coders agree, which paragraphs to talk about, and what was decided.

Codes of the coding lab are read from its files, those shipped with the event from
`gold/frames.csv`. People and models are told apart by `coder_kind` throughout.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.agreement import measure_agreement
from analysis.corpus import Event, load_articles, load_event
from analysis.markup import csv_text
from analysis.tables import CorpusError, check, empty
from analysis.teaching.coding import columns_of, lab_folder
from analysis.teaching.journal import Journal
from analysis.teaching.units import Scheme, frame_scheme, paragraph_units, quotation_scheme
from analysis.validation import load_codes

UNITS = ["article_id", "paragraph"]
TO_FILL = ("frame", "voice", "reason")


class Comparison(NamedTuple):
    """The codes that were compared, the agreement, and what to discuss; three tables."""

    codes: pd.DataFrame
    agreement: pd.DataFrame
    disagreements: pd.DataFrame


def load_lab_codes(event: Event | str | Path = "summit", *, folder: str | Path | None = None,
                   frames: Sequence[str] | None = None) -> pd.DataFrame:
    """
    Load what was coded in the coding lab: one row per paragraph and coder, as in `codes`.

    Only codes that stand count. `lexicon_seen` and `blind` are kept beside the declared
    columns. A file that is none of the lab's is left out with a warning.
    """
    event = event if isinstance(event, Event) else load_event(event)
    rows = _read_files(frame_scheme(event, list(frames) if frames else None),
                       lab_folder(event, folder))
    if not rows:
        return empty("codes").assign(lexicon_seen=pd.Series(dtype="str"))
    told = pd.DataFrame(rows).replace({"": None}).astype({"paragraph": int})
    kept = ["article_id", "paragraph", "coder", "coder_kind", "frame", "voice", "confidence",
            "evidence", "lexicon_seen", "blind"]
    return check("codes", told[kept]).sort_values(
        [*UNITS, "coder"], ignore_index=True)


def load_lab_speakers(event: Event | str | Path = "summit", *,
                      folder: str | Path | None = None) -> pd.DataFrame:
    """
    Load who was said to speak in the coding lab: one row per quotation and coder.

    Columns: article_id, quote_id, start, end, coder, coder_kind, role, speaker, confidence.
    """
    event = event if isinstance(event, Event) else load_event(event)
    rows = _read_files(quotation_scheme(), lab_folder(event, folder))
    columns = ["article_id", "quote_id", "start", "end", "coder", "coder_kind", "role", "speaker",
               "confidence"]
    return pd.DataFrame(rows, columns=[*columns])[columns]


def _read_files(scheme: Scheme, folder: Path) -> list[dict[str, str]]:
    rows, owner = [], {}
    for path in sorted(folder.glob(f"{scheme.kind}-*.csv")):
        try:
            found = Journal(path, columns_of(scheme)).current()
        except ValueError as error:
            warnings.warn(str(error), stacklevel=3)
            continue
        for coder in {row["coder"] for row in found}:
            if coder in owner:
                raise CorpusError(f"{path.name} and {owner[coder]} both hold codes of {coder!r}; "
                                  "keep one file per coder in the folder")
            owner[coder] = path.name
        rows += found
    return rows


def compare_coders(event: Event | str | Path = "summit", *, folder: str | Path | None = None,
                   shipped: bool = True, frames: Sequence[str] | None = None) -> Comparison:
    """
    Compare the coders of an event: those of the lab with each other and with the shipped.

    Put classmates' files into the same folder first. Without `shipped`, the coders of
    gold/frames.csv stay out. Raises CorpusError where nobody has coded anything.
    """
    event = event if isinstance(event, Event) else load_event(event)
    own = load_lab_codes(event, folder=folder, frames=frames)
    parts = [part for part in (own, load_codes(event) if shipped else empty("codes")) if len(part)]
    if not parts:
        raise CorpusError(f"{event.name}: nobody has coded anything yet; start with "
                          "code_paragraphs(event, coder=\"your name\")")
    codes = pd.concat(parts, ignore_index=True)
    coded = codes.groupby("coder")["frame"].size()
    units = codes[codes["coder"].isin(own["coder"])][UNITS] if len(own) else codes[UNITS]
    both = codes.merge(units.drop_duplicates(), on=UNITS)
    agreement = measure_agreement(both, frames=list(frames or event.contrast))
    agreement.attrs["coded"] = coded.to_dict()
    return Comparison(codes, agreement, find_disagreements(both, load_articles(event)))


def find_disagreements(codes: pd.DataFrame, articles: pd.DataFrame, *,
                       length: int = 90) -> pd.DataFrame:
    """
    List the paragraphs on whose frame coders differ: one row each, the most divided first.

    Columns: article_id, paragraph, `begins` (its first characters), one column per coder with
    frame, voice and confidence, and `agree`, the share of pairs of coders who agree.
    """
    counted = codes.groupby([*UNITS, "frame"]).size().unstack(fill_value=0)
    n = counted.sum(axis=1)
    agree = ((counted * (counted - 1)).sum(axis=1) / (n * (n - 1)).where(n > 1)).dropna()
    split = agree[agree < 1].rename("agree").reset_index()
    said = codes.assign(said=[_words(*row) for row in codes[
        ["frame", "voice", "confidence"]].itertuples(index=False)])
    wide = said.pivot(index=UNITS, columns="coder", values="said").reset_index()
    texts = paragraph_units(articles)[[*UNITS, "text"]]
    table = split.merge(wide, on=UNITS).merge(texts, on=UNITS, how="left")
    table.insert(2, "begins", table.pop("text").fillna("").str.slice(0, length))
    return table.sort_values(["agree", *UNITS], ignore_index=True)


def write_adjudication(comparison: Comparison, path: str | Path) -> Path:
    """
    Write a sheet to decide on: the disagreements, with empty columns frame, voice and reason.

    Fill it in together, reading the paragraph and the codebook; `load_adjudication` reads it.
    A file that is there already is not overwritten: ValueError.
    """
    path = Path(path).expanduser()
    sheet = comparison.disagreements.assign(**dict.fromkeys(TO_FILL, ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(csv_text(sheet))
    except FileExistsError as error:
        raise ValueError(f"{path.name} is there already, and may hold decisions; give another "
                         "name, or move it away") from error
    return path


def load_adjudication(path: str | Path) -> pd.DataFrame:
    """
    Load a sheet that was filled in: codes of the coder `adjudicated`, one row per decision.

    Rows without a frame are still open and left out. Raises CorpusError where the file is no
    such sheet.
    """
    path = Path(path).expanduser()
    try:
        sheet = pd.read_csv(path, encoding="utf-8-sig", dtype=str)
    except (OSError, pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name} cannot be read as CSV in UTF-8 ({error}); save the sheet "
                          "as “CSV UTF-8”") from error
    lacking = [name for name in (*UNITS, *TO_FILL) if name not in sheet]
    if lacking:
        raise CorpusError(f"{path.name} has no column '{lacking[0]}'; make a sheet with "
                          "write_adjudication and keep its first line")
    decided = sheet[sheet["frame"].fillna("").str.strip() != ""]
    return check("codes", pd.DataFrame({
        "article_id": decided["article_id"], "paragraph": decided["paragraph"].astype(int),
        "coder": "adjudicated", "coder_kind": "human", "frame": decided["frame"].str.strip(),
        "voice": decided["voice"], "confidence": None, "evidence": decided["reason"]}))


def _words(frame: object, voice: object, confidence: object) -> str:
    return ", ".join(str(part) for part in (frame, voice, confidence) if not pd.isna(part))
