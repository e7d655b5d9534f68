"""The bills of each source as arrays, so that a check looks at all sources at once and only at the doubtful ones one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.activity_data.coverage import SOURCE_COLUMNS
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Whole = npt.NDArray[np.int64]
    Truth = npt.NDArray[np.bool_]

__all__ = ["SourceBills", "codes_of", "day_numbers", "day_of", "row_blocks", "runs_of"]

_SOURCE = list(SOURCE_COLUMNS)
_EPOCH = date(1970, 1, 1).toordinal()


def codes_of(frame: pd.DataFrame, columns: Sequence[Any]) -> Whole:
    """A number for each distinct combination of some columns, counted from 0 in the order in which they first stand.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table.
    columns : sequence
        Names of its columns, or arrays of as many values.
    """
    import pandas as pd

    codes: Whole = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        values = frame[column] if isinstance(column, str) else column
        own, distinct = pd.factorize(values)
        codes = np.asarray(pd.factorize(codes * max(len(distinct), 1) + own)[0], dtype=np.int64)
    return codes


def day_numbers(dates: pd.Series) -> Whole:
    """Dates as days counted from 1970-01-01."""
    numbers: Whole = np.asarray(dates.to_numpy(), dtype="datetime64[D]").astype(np.int64)
    return numbers


def day_of(day: date) -> int:
    """A day as counted from 1970-01-01."""
    return day.toordinal() - _EPOCH


def runs_of(codes: Whole) -> tuple[Whole, Whole]:
    """Where each run of equal numbers begins in sorted codes, and its length."""
    begins = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else np.zeros(0, dtype=np.int64)
    return begins, np.diff(np.r_[begins, len(codes)])


def row_blocks(codes: Whole, chosen: Truth) -> list[Whole]:
    """The rows of each code of which some row is chosen, in the order of the codes.

    Parameters
    ----------
    codes : array of int
        A number per row.
    chosen : array of bool
        Per row; one suffices for the whole block.
    """
    wanted = np.unique(codes[chosen])
    if not len(wanted):
        return []
    rows = np.flatnonzero(np.isin(codes, wanted))
    rows = rows[np.argsort(codes[rows], kind="stable")]
    return np.split(rows, runs_of(codes[rows])[0][1:])


@dataclass(frozen=True, eq=False)
class SourceBills:
    """Entries or lines with what every check asks of them: source, first and last day.

    Parameters
    ----------
    frame : pandas.DataFrame
        Entries, or lines of an inventory; row numbers below are positions in it.
    """

    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def source(self) -> Whole:
        """The source of each row: company, site, source and activity as one number."""
        return codes_of(self.frame, _SOURCE)

    @cached_property
    def start(self) -> Whole:
        """The first day of each row, see `day_numbers`."""
        return day_numbers(self.frame["start"])

    @cached_property
    def end(self) -> Whole:
        """The day after the last of each row."""
        return day_numbers(self.frame["end"])

    @cached_property
    def amount(self) -> npt.NDArray[np.float64]:
        """The amount of each row in its unit."""
        return np.asarray(self.frame["amount"].to_numpy(), dtype=np.float64)

    @cached_property
    def by_days(self) -> Whole:
        """The rows sorted by source and days."""
        return np.lexsort((self.end, self.start, self.source))

    @cached_property
    def first(self) -> Whole:
        """The first row of each source."""
        return np.unique(self.source, return_index=True)[1]

    @cached_property
    def keys(self) -> list[tuple[str, str, str, str]]:
        """Company, site, source and activity of each source."""
        first = self.frame.iloc[self.first]
        return list(zip(*(map(str, first[column]) for column in _SOURCE), strict=True))

    def name(self, code: int) -> str:
        """A source as people read it."""
        return " / ".join(part for part in self.keys[code] if part)

    def where(self, column: str, values: Sequence[str]) -> Truth:
        """The rows whose column holds one of some values."""
        return np.asarray(self.frame[column].isin(list(values)).to_numpy(), dtype=np.bool_)

    def period(self, row: int) -> Period:
        """The days of a row."""
        return Period(_date(self.start[row]), _date(self.end[row]))

    def periods(self, rows: Sequence[int] | Whole) -> list[Period]:
        """The days of some rows."""
        return [self.period(int(row)) for row in rows]

    def at(self, row: int, finding: Finding) -> Finding:
        """A finding at the place of a row."""
        file, sheet, number = (self.frame[name].iloc[row] for name in ("file", "sheet", "row"))
        return finding.at(file=str(file), sheet=str(sheet), row=int(number))


def _date(number: Any) -> date:
    """A day by its number."""
    return date.fromordinal(int(number) + _EPOCH)
