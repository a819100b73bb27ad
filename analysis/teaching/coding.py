"""
The coding lab: read one unit, decide, go on; stop at any time and go on tomorrow.

`code_paragraphs` and `code_quotations` open it in a notebook. What is decided is kept by
`Session`, which knows no widget, in a file that a killed kernel cannot harm.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from analysis.corpus import Event, load_articles, load_event
from analysis.markup import slug
from analysis.teaching.journal import Journal
from analysis.teaching.units import (
    NOT_A_QUOTATION,
    Scheme,
    codebook_text,
    draw,
    frame_scheme,
    in_coder_order,
    paragraph_units,
    quotation_scheme,
    quotation_units,
)

FOLDER = "lab"
_KEY = ("unit_id", "article_id", "paragraph", "quote_id", "start", "end")
_WHO = ("coder", "coder_kind")
_WHEN = ("coded_on", "lexicon_seen", "blind")


class Session:
    """One coder at work on a table of units; every decision is on disk before it counts."""

    def __init__(self, units: pd.DataFrame, scheme: Scheme, coder: str, *, folder: Path,
                 lexicon_seen: bool = False) -> None:
        """
        Take up the coder's work where it stopped, or begin it.

        Raises ValueError where `coder` is no name, or another coder's file is in the way.
        """
        name = slug(coder)
        if not name:
            raise ValueError(f"coder={coder!r} is no name; give a short name in letters, one that "
                             "does not tell strangers who you are")
        self.coder, self.scheme, self.lexicon_seen = coder.strip(), scheme, lexicon_seen
        self.journal = Journal(folder / f"{scheme.kind}-{name}.csv", columns_of(scheme))
        others = {row["coder"] for row in self.journal.rows()} - {self.coder}
        if others:
            raise ValueError(f"{self.journal.path.name} holds the codes of {min(others)!r}; "
                             f"choose a name that differs from it by more than {self.coder!r} does")
        self.units = in_coder_order(units, self.coder)
        self._ids = list(self.units["unit_id"])
        self._queue = [unit for unit in self._ids if unit not in self.codes()]

    def codes(self) -> dict[str, dict[str, str]]:
        """Return the code that stands for each unit, by unit."""
        return {row["unit_id"]: row for row in self.journal.current()}

    @property
    def progress(self) -> tuple[int, int]:
        """How many units are coded, and how many there are."""
        return len(self._ids) - len(self._queue), len(self._ids)

    @property
    def current(self) -> pd.Series | None:
        """The unit to code now; None when all are coded."""
        return self.units.iloc[self._ids.index(self._queue[0])] if self._queue else None

    def code(self, **answers: str) -> str:
        """
        Keep the answers for the current unit and go to the next; return its unit_id.

        Raises ValueError where an answer is missing or is not one of the choices, or where
        nothing is left to code. Nothing is kept then.
        """
        unit = self.current
        if unit is None:
            raise ValueError("every unit is coded; take one back with undo to change it")
        self._check(answers)
        self.journal.append({
            **{name: unit[name] for name in _KEY if name in unit}, **answers,
            "coder": self.coder, "coder_kind": "human", "blind": "yes",
            "coded_on": _now(),
            "lexicon_seen": "yes" if self.lexicon_seen else "no"})
        return self._queue.pop(0)

    def undo(self) -> dict[str, str]:
        """
        Take back the last code that stands, and return it; its unit comes next.

        The file keeps both: a row is added that retracts. Raises ValueError where no code stands.
        """
        row = self._last()
        if row is None:
            raise ValueError("there is no code to take back")
        self.journal.append(row | {"coded_on": _now()}, action="retract")
        if row["unit_id"] in self._ids and row["unit_id"] not in self.codes():
            self._queue = [row["unit_id"], *(u for u in self._queue if u != row["unit_id"])]
        return row

    def skip(self) -> None:
        """Put the current unit at the end; nothing is written."""
        self._queue = self._queue[1:] + self._queue[:1]

    def _last(self) -> dict[str, str] | None:
        """Return the latest code that no later row takes back."""
        taken_back: dict[str, int] = {}
        for row in reversed(self.journal.rows()):
            unit = row["unit_id"]
            if row["action"] == "retract":
                taken_back[unit] = taken_back.get(unit, 0) + 1
            elif taken_back.get(unit):
                taken_back[unit] -= 1
            else:
                return row
        return None

    def _check(self, answers: Mapping[str, str]) -> None:
        fields = {field.name: field for field in self.scheme.fields}
        unknown = set(answers) - set(fields)
        if unknown:
            raise ValueError(f"{min(unknown)!r} is not asked here; asked are {', '.join(fields)}")
        for name, field in fields.items():
            answer = (answers.get(name) or "").strip()
            excused = name == "speaker" and answers.get("role") == NOT_A_QUOTATION
            if not answer and field.needed and not excused:
                raise ValueError(f"{field.label} is missing: " + (
                    "press " + ", ".join(f"{k} for {v}" for k, v in field.keys.items())
                    if field.keys else "write it, or `unknown`"))
            if answer and field.keys and answer not in field.keys.values():
                raise ValueError(f"{field.label}: {answer!r} is not a choice; choose "
                                 f"{', '.join(field.keys.values())}")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def columns_of(scheme: Scheme) -> list[str]:
    """List the columns of a file of codes of this scheme."""
    return [*_KEY, *_WHO, *(field.name for field in scheme.fields), *_WHEN]


def lab_folder(event: Event, folder: str | Path | None = None) -> Path:
    """Return where codes are kept: the given folder, or gold/lab/ of the event."""
    return Path(folder).expanduser() if folder else event.folder / "gold" / FOLDER


def start_paragraphs(event: Event | str | Path, coder: str, *, folder: str | Path | None = None,
                     frames: list[str] | None = None, sample: int | None = None,
                     lexicon_seen: bool = False) -> Session:
    """Begin or take up the coding of paragraphs, without any widget; see `code_paragraphs`."""
    event = event if isinstance(event, Event) else load_event(event)
    units = draw(paragraph_units(load_articles(event)), sample)
    return Session(units, frame_scheme(event, frames), coder,
                   folder=lab_folder(event, folder), lexicon_seen=lexicon_seen)


def start_quotations(event: Event | str | Path, coder: str, *, folder: str | Path | None = None,
                     quotes: pd.DataFrame | None = None, sample: int | None = None,
                     lexicon_seen: bool = False) -> Session:
    """Begin or take up the coding of quotations, without any widget; see `code_quotations`."""
    event = event if isinstance(event, Event) else load_event(event)
    articles = load_articles(event)
    if quotes is None:
        from analysis.quotes import find_quotes

        quotes = find_quotes(articles)
    units = draw(quotation_units(articles, quotes), sample)
    return Session(units, quotation_scheme(), coder,
                   folder=lab_folder(event, folder), lexicon_seen=lexicon_seen)


def code_paragraphs(event: Event | str | Path = "summit", *, coder: str,
                    folder: str | Path | None = None, frames: list[str] | None = None,
                    sample: int | None = None, lexicon_seen: bool = False) -> object:
    """
    Open the coding lab on the paragraphs of an event: which frame, in whose voice?

    One paragraph at a time, in an order of your own, without outlet, machine codes or
    anybody else's. Codes go to gold/lab/ of the event, or to `folder`, one file per coder;
    call it again with the same name to go on. `sample` draws so many paragraphs, the same
    for all coders. Set `lexicon_seen` if you know the frames' word lists. Returns a widget.
    Raises ValueError for a name without letters, or an event without frames.
    """
    from analysis.teaching.coding_view import CodingView

    event = event if isinstance(event, Event) else load_event(event)
    session = start_paragraphs(event, coder, folder=folder, frames=frames, sample=sample,
                               lexicon_seen=lexicon_seen)
    return CodingView(session, codebook_text(event, session.scheme.heading)).shown


def code_quotations(event: Event | str | Path = "summit", *, coder: str,
                    folder: str | Path | None = None, quotes: pd.DataFrame | None = None,
                    sample: int | None = None, lexicon_seen: bool = False) -> object:
    """
    Open the coding lab on the quotations of an event: who says this, in which role?

    The program proposes the words (or `quotes` does); it does not show whom it thinks
    said them. The rest is as in `code_paragraphs`.
    """
    from analysis.teaching.coding_view import CodingView

    event = event if isinstance(event, Event) else load_event(event)
    session = start_quotations(event, coder, folder=folder, quotes=quotes, sample=sample,
                               lexicon_seen=lexicon_seen)
    return CodingView(session, codebook_text(event, session.scheme.heading)).shown
