"""
The small-n ledger: what a result rests on, carried with it and printed beside it.

A result is a table; its ledger travels in `table.attrs["ledger"]` and says the unit, how
many there are, how many tests were made, how many false hits chance alone would give, the
lowest p the design allows, and the seed.
"""

from math import comb
from typing import NamedTuple

import pandas as pd


class Ledger(NamedTuple):
    """What a result rests on; `units` says how the units fall, as in "43 + 155"."""

    result: str
    unit: str
    n: int
    tests: int
    alpha: float = 0.05
    lowest_p: float | None = None
    seed: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def false_hits(self) -> float:
        """Tests expected below alpha where nothing is the matter; none where p cannot get there."""
        return 0.0 if (self.lowest_p or 0.0) >= self.alpha else self.tests * self.alpha

    def __str__(self) -> str:
        """Return the ledger as one line of prose."""
        parts = [f"{self.result}: {_many(self.n, self.unit)}"]
        if self.tests:
            parts.append(f"{_many(self.tests, 'test')}, of which chance alone would put "
                         f"{self.false_hits:.3g} below {self.alpha:g}")
        if self.lowest_p is not None:
            parts.append(f"p cannot fall below {self.lowest_p:.2g}")
        if self.seed is not None:
            parts.append(f"seed {self.seed}")
        return "; ".join([*parts, *self.notes]) + "."


def lowest_p(units: int, target: int, shuffles: int | None = None) -> float:
    """
    Return the lowest p that comparing `target` of `units` with the rest can give.

    Every split counts once, so p is at least 1 / C(units, target); drawing `shuffles`
    at random cannot give less than 1 / (1 + shuffles) either.

    >>> lowest_p(5, 1), lowest_p(5, 2)
    (0.2, 0.1)
    >>> lowest_p(40, 20, shuffles=1999)
    0.0005
    """
    if not 0 <= target <= units:
        raise ValueError(f"{target} of {units} units cannot be the target; give 0 to {units}")
    floor = 1 / comb(units, target)
    return floor if shuffles is None else max(floor, 1 / (1 + shuffles))


def add_ledger(result: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Return the table with its ledger attached, in place of any it had."""
    written = result.copy(deep=False)
    written.attrs = {**result.attrs, "ledger": {**ledger._asdict(), "notes": list(ledger.notes)}}
    return written


def read_ledger(result: pd.DataFrame) -> Ledger:
    """Return the ledger a table carries; raise ValueError where it has none."""
    kept = result.attrs.get("ledger")
    if kept is None:
        raise ValueError("this table carries no ledger; joins and concatenations lose it, so read "
                         "it from the table that the analysis returned")
    return Ledger(**{**kept, "notes": tuple(kept["notes"])})


def list_ledgers(*results: pd.DataFrame) -> pd.DataFrame:
    """
    Set the ledgers of several results side by side.

    One row per result: unit, n, tests, false_hits expected by chance, lowest_p, seed,
    notes.
    """
    rows = [(x.result, x.unit, x.n, x.tests, x.false_hits, x.lowest_p, x.seed, " ".join(x.notes))
            for x in map(read_ledger, results)]
    columns = ["result", "unit", "n", "tests", "false_hits", "lowest_p", "seed", "notes"]
    return pd.DataFrame(rows, columns=columns).astype({"seed": "Int64", "lowest_p": "float64"})


def _many(n: int, unit: str) -> str:
    ending = "es" if unit.endswith(("s", "x", "ch", "sh")) else "s"
    return f"{n:,} {unit}" + ("" if n == 1 else ending)
