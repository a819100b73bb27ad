"""
Keep what a coder decides, so that a kernel killed at any moment costs nothing.

One CSV file per coder and kind of unit, to which rows are only ever added: a code is
one line, written in one piece and forced to disk before `append` returns. Undoing adds
a line too. A line that a crash cut short is passed over, and never joined to the next.
Only the standard library is used, so that the promise can be tested quickly.
"""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ACTIONS = ("code", "retract")
_FORMULA = ("=", "+", "-", "@", "\t")
_OPEN = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)


class Journal:
    """An append-only CSV file: the given columns, and `action` as the last of each row."""

    def __init__(self, path: str | Path, columns: Sequence[str]) -> None:
        """
        Open the file at `path`, or remember to make it when the first row comes.

        Raises ValueError where a file is there but has other columns.
        """
        self.path, self.columns = Path(path), (*columns, "action")
        self._fresh_line = False
        if self.path.exists():
            self._check_header()

    def append(self, row: Mapping[str, object], *, action: str = "code") -> None:
        """
        Add one row; when this returns, the row is on the disk.

        Raises ValueError where the action is unknown or the file cannot be written.
        """
        if action not in ACTIONS:
            raise ValueError(f"action {action!r} is unknown; choose code or retract")
        line = _line([*(row.get(name, "") for name in self.columns[:-1]), action])
        try:
            if not self.path.exists():
                self._create()
            self._write(line)
        except OSError as error:
            raise ValueError(f"{self.path.name}: the code was NOT kept ({error.strerror}); choose "
                             "another folder with folder=…, or free some space, and code this "
                             "unit again") from error

    def rows(self) -> list[dict[str, str]]:
        """Return the whole rows in order, retractions included; broken lines are left out."""
        return self._read()[0]

    def broken(self) -> int:
        """Count the lines that were cut short, and are passed over."""
        return self._read()[1]

    def current(self, unit: str = "unit_id") -> list[dict[str, str]]:
        """Return the code that stands for each unit: the last that was not taken back."""
        return standing(self.rows(), unit)

    def _read(self) -> tuple[list[dict[str, str]], int]:
        if not self.path.exists():
            return [], 0
        lines = self.path.read_bytes().split(b"\n")[1:]
        read = [_fields(line) for line in lines if line.strip()]
        whole = [dict(zip(self.columns, fields, strict=True)) for fields in read
                 if len(fields) == len(self.columns) and fields[-1] in ACTIONS]
        return whole, len(read) - len(whole)

    def _create(self) -> None:
        # The header appears whole or not at all: it is written aside, then moved into place.
        self.path.parent.mkdir(parents=True, exist_ok=True)
        aside = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        with aside.open("wb") as file:
            file.write(_line(self.columns))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.path)
        self._fresh_line = True

    def _write(self, line: bytes) -> None:
        if not self._fresh_line and not self._ends_line():
            line = b"\n" + line
        file = os.open(self.path, _OPEN)
        try:
            self._fresh_line = False
            sent = os.write(file, line)
            while sent < len(line):
                sent += os.write(file, line[sent:])
            os.fsync(file)
            self._fresh_line = True
        finally:
            os.close(file)

    def _ends_line(self) -> bool:
        with self.path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _check_header(self) -> None:
        with self.path.open("rb") as file:
            header = _fields(file.readline().rstrip(b"\n"))
        if tuple(header) != self.columns:
            raise ValueError(f"{self.path.name}: its first line is not that of a file of codes "
                             f"({', '.join(self.columns)}); move the file away, or choose another "
                             "folder with folder=…")


def standing(rows: Iterable[Mapping[str, str]], unit: str = "unit_id") -> list[dict[str, str]]:
    """
    Return the rows that stand, one per unit: a retraction takes back the unit's last code.

    >>> rows = [{"unit_id": "a", "n": "1", "action": "code"},
    ...         {"unit_id": "a", "n": "2", "action": "code"},
    ...         {"unit_id": "a", "n": "2", "action": "retract"}]
    >>> [row["n"] for row in standing(rows)]
    ['1']
    """
    stacks: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        stack = stacks.setdefault(row[unit], [])
        if row["action"] == "code":
            stack.append(dict(row))
        elif stack:
            stack.pop()
    return [stack[-1] for stack in stacks.values() if stack]


def _line(fields: Sequence[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([_cell(field) for field in fields])
    return out.getvalue().encode("utf-8", "replace")


def _cell(value: object) -> str:
    # One line per row, whatever is typed; and nothing that a spreadsheet would run.
    text = " ".join(str("" if value is None else value).replace("\0", "").split())
    return "'" + text if text.startswith(_FORMULA) else text


def _fields(line: bytes) -> list[str]:
    try:
        fields = next(csv.reader([line.decode("utf-8", "replace").rstrip("\r")]), [])
    except csv.Error:
        return []
    return [field[1:] if field[:1] == "'" and field[1:2] in _FORMULA else field
            for field in fields]
