"""What a reporter states about a table: the ``[[table]]`` sections of ``book.toml``, and the argument `tables` of `read_entries`.

A section is an answer that is given once: which row has the headings, what each column holds, what all rows have in common, and what is to
be left out. Every setting takes effect, or is refused.
"""

from __future__ import annotations

import re
import unicodedata
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from carbonledger.activity_data.entry_headings import field_of_heading, known_fields, unit_of_heading
from carbonledger.core.activities import known_activity
from carbonledger.core.language import Label, did_you_mean
from carbonledger.core.period_texts import DateOrder
from carbonledger.core.strict_fields import STRICT, Listed, Name, Year
from carbonledger.tables.headings import heading_and_bracket
from carbonledger.tables.sheet_form import SheetForm

__all__ = ["CONSTANTS", "IGNORED", "TOTAL", "TableSettings", "is_month", "matches"]

# Fields that may be the same in all rows of a table.
CONSTANTS = ("entity", "site", "source", "activity", "unit", "heating_value", "year", "multiplier", "rounding")
# What a column may hold that is no field: nothing that counts, or the total of its row.
IGNORED, TOTAL = frozenset({"", "ignore"}), "total"
_MONTH = re.compile(
    r"(?:19|20)\d{2}(?:-(?:0[1-9]|1[0-2])|Q[1-4]|H[12])|(?:1[0-2]|[1-9])月|month (?:1[0-2]|[1-9])|Q[1-4]|H[12]",
    re.ASCII,
)
_MOST_ROWS, _FIRST_AND_LAST = 10_000_000, 2
_Row = Annotated[int, Field(ge=1, le=_MOST_ROWS)]
_Rows = Annotated[tuple[_Row, ...], Listed]
_Positive = Annotated[float, Field(gt=0)]


def _heading_rows(value: Any) -> Any:
    """A row, or the first and the last of several."""
    rows = [value, value] if isinstance(value, int) else value
    if isinstance(rows, list | tuple) and len(rows) == _FIRST_AND_LAST and all(map(_is_row, rows)):
        return tuple(rows)
    raise PydanticCustomError("heading_rows", "a row, or the first and the last row")


def _is_row(value: Any) -> bool:
    """Whether a value is the number of a row."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_ROWS


def _filled_columns(value: Any) -> Any:
    """All columns, none, or those named."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    raise PydanticCustomError("fill_down", "true, false or headings")


def is_month(text: str) -> bool:
    """Whether a text is a month, quarter or half such as 2025-03, 2025Q1, 2025H1 or, of the year of each row, month 3, 3月, Q1 or H1."""
    return _MONTH.fullmatch(text) is not None


def matches(pattern: str, name: str) -> bool:
    """Whether a name of a file or sheet is the one that a setting states, or one of those that its ``*`` and ``?`` stand for.

    Examples
    --------
    >>> matches("bills-*.csv", "bills-2025.csv"), matches("meter[1].csv", "meter[1].csv"), matches("a.csv", "b.csv")
    (True, True, False)
    """
    pattern, name = (unicodedata.normalize("NFC", text) for text in (pattern, name))
    return pattern == name or fnmatchcase(name, pattern)


class TableSettings(BaseModel):
    """How the tables of some files and sheets are read.

    Parameters
    ----------
    file, sheet : str
        Their names, or patterns with ``*`` and ``?``; a sheet is not stated for files that have none.
    skip : bool
        Whether the table is left out; then nothing else is stated.
    headings : tuple of (int, int), optional
        The first and the last row of the headings; a single number in ``book.toml`` means both.
    columns : dict of str to str
        What the column of a heading holds: a field (``amount``, ``site``), an activity (``fuel.gasoline``, 汽油), a month
        (``2025-03``), each perhaps with a unit in brackets (``amount (kWh)``); ``total`` for the total of a row, ``ignore`` for nothing.
    entity, site, source, activity, unit : str
        Of all rows, where the table has no such column.
    heating_value : {"", "gross", "net"}
        The basis of fuels stated in energy, likewise.
    year : int, optional
        Of all rows, or of months without one.
    multiplier : float, optional
        Of the meters' transformers.
    rounding : {"", "half_up", "half_even", "truncate", "exact"}
        How the amounts were rounded, if they are themselves printed.
    decimal : {"", ".", ","}
        The decimal sign.
    date_order : {"", "day_first", "month_first"}
        What 03/04/2024 means.
    fill_down : bool or list of str, optional
        Whether an empty label counts as the one above it: in all columns, in none (not even where cells are merged), or in those named; by
        default where cells are merged.
    skip_rows : list of int
        Rows that are left out.
    last_row : int, optional
        The last row of the table.
    hidden : {"", "count", "skip"}
        Whether hidden sheets, rows and columns count.

    Examples
    --------
    >>> TableSettings(file="meter.csv", headings=(3, 3), columns={"kWh": "amount (kWh)"}, activity="electricity.grid").file
    'meter.csv'
    """

    model_config = ConfigDict(**STRICT, frozen=True)

    file: Name
    sheet: str = ""
    skip: bool = False
    headings: Annotated[tuple[int, int] | None, BeforeValidator(_heading_rows)] = None
    columns: dict[str, str] = {}
    entity: str = ""
    site: str = ""
    source: str = ""
    activity: str = ""
    unit: str = ""
    heating_value: Literal["", "gross", "net"] = ""
    year: Year | None = None
    multiplier: _Positive | None = None
    rounding: Literal["", "half_up", "half_even", "truncate", "exact"] = ""
    decimal: Literal["", ".", ","] = ""
    date_order: DateOrder = ""
    fill_down: Annotated[bool | tuple[str, ...] | None, BeforeValidator(_filled_columns)] = None
    skip_rows: _Rows = ()
    last_row: _Row | None = None
    hidden: Literal["", "count", "skip"] = ""

    @field_validator("columns")
    @classmethod
    def _known_meanings(cls, columns: dict[str, str]) -> dict[str, str]:
        """Each column holds something that there is."""
        for heading, meaning in columns.items():
            name, inside = heading_and_bracket(meaning)
            plain = name if inside and unit_of_heading(inside) else meaning
            if (
                plain in IGNORED
                or plain == TOTAL
                or field_of_heading(plain)
                or is_month(plain)
                or known_activity(plain)
            ):
                continue
            raise PydanticCustomError(
                "no_field",
                "a field",
                {"heading": heading, "meaning": meaning, "hint": _hint(plain), "known": tuple(known_fields())},
            )
        return columns

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """No setting contradicts another."""
        others = [name for name in self.model_fields_set if name not in {"file", "sheet", "skip"}]
        if self.skip and others:
            raise PydanticCustomError("skipped_with", "skip alone", {"names": tuple(sorted(others))})
        rows = self.headings or (0, 0)
        if rows[0] > rows[1]:
            raise PydanticCustomError("rows_exchanged", "first row first", {"first": rows[0], "last": rows[1]})
        if self.last_row is not None and self.last_row <= rows[1]:
            raise PydanticCustomError("ends_above", "last_row", {"last": self.last_row, "heading": rows[1]})
        above = [row for row in self.skip_rows if rows[0] <= row <= rows[1] or row > (self.last_row or row)]
        if above:
            raise PydanticCustomError("skipped_heading", "skip_rows", {"row": above[0]})
        return self

    @property
    def form(self) -> SheetForm:
        """What they say about the form of the sheet."""
        return SheetForm(
            self.headings, frozenset(self.skip_rows), self.last_row, self.hidden, self.fill_down is not False
        )

    @property
    def constants(self) -> dict[str, str | int | float]:
        """What all rows have in common, by field."""
        values = {name: getattr(self, name) for name in CONSTANTS}
        return {name: value for name, value in values.items() if value not in {"", None}}

    @property
    def is_pattern(self) -> bool:
        """Whether several tables may be meant."""
        return any(sign in self.file + self.sheet for sign in "*?") or not self.sheet

    def is_for(self, file: str, sheet: str) -> bool:
        """Whether a table is meant, by the names of its file and sheet."""
        own = self.file.replace("\\", "/").rpartition("/")[2]
        return matches(own, file) and (not self.sheet or matches(self.sheet, sheet))


def _hint(text: str) -> Label:
    """The field that a misspelt one may be."""
    from carbonledger.tables.headings import nearest_heading

    near = nearest_heading(text, known_fields())
    return did_you_mean([near] if near else [])
