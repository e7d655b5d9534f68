"""The bills of each source as arrays, so that a check looks at all sources at once and only at the doubtful ones one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.activity_data.coverage import SOURCE_COLUMNS
from carbonledger.activity_data.row_groups import codes_of, row_blocks
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Whole = npt.NDArray[np.int64]
    Truth = npt.NDArray[np.bool_]

__all__ = ["SourceBills", "day_months", "day_numbers", "day_of"]

_SOURCE = list(SOURCE_COLUMNS)
_EPOCH = date(1970, 1, 1).toordinal()


def day_numbers(dates: pd.Series) -> Whole:
    """Dates as days counted from 1970-01-01."""
    return np.fromiter((day.toordinal() for day in dates), dtype=np.int64, count=len(dates)) - _EPOCH


def day_months(dates: pd.Series) -> Whole:
    """The months of dates, 1 to 12."""
    return np.fromiter((day.month for day in dates), dtype=np.int64, count=len(dates))


def day_of(day: date) -> int:
    """A day as counted from 1970-01-01."""
    return day.toordinal() - _EPOCH


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

    def rows_of(self, columns: tuple[str, ...], key: Sequence[Any]) -> Whole:
        """The rows that have certain values in some columns, found by an index that is made once."""
        if columns not in self._indexes:
            codes = codes_of(self.frame, columns)
            blocks = row_blocks(codes, np.ones(len(codes), dtype=np.bool_))
            first = self.frame.iloc[[rows[0] for rows in blocks]]
            keys = zip(*(first[column] for column in columns), strict=True)
            self._indexes[columns] = dict(zip(keys, blocks, strict=True))
        return self._indexes[columns].get(tuple(key), np.zeros(0, dtype=np.int64))

    @cached_property
    def _indexes(self) -> dict[tuple[str, ...], dict[tuple[Any, ...], Whole]]:
        """By columns and their values, the rows; see `rows_of`."""
        return {}

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
