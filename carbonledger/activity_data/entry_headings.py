"""Which column of a table holds which field of an entry, and the unit that a heading states."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from carbonledger.core.activities import activities_where, known_activity
from carbonledger.core.errors import UnitError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.units import canonical_unit
from carbonledger.tables.column import Column, is_filled
from carbonledger.tables.headings import folded_heading, heading_and_bracket, nearest_heading
from carbonledger.tables.table import Table

__all__ = [
    "NUMBER_FIELDS",
    "EntryTable",
    "entry_table",
    "field_label",
    "field_of_heading",
    "is_electricity",
    "is_electricity_amount",
    "is_entry_heading",
    "known_fields",
    "unit_of_heading",
]

# Fields whose cells are numbers; those of `_MEASURED` are in the unit of the entry.
_MEASURED = ("amount", "reading_start", "reading_end", "rollover", "opening_stock", "closing_stock", "sold")
NUMBER_FIELDS = (*_MEASURED, "multiplier", "enthalpy", "temperature")
_UNITS_OF_FIELDS = {"enthalpy": "kJ/kg"}
_NEEDED = ("activity", "amount", "unit")
_PERIODS = frozenset({"year", "period", "start", "month"})
# What may be two units is asked; anything else in brackets may be no unit at all.
_ASKED = frozenset({"UNKNOWN_UNIT.ambiguous", "UNKNOWN_UNIT.case"})
_SCALE = re.compile(
    r"(?:in |x ?|× ?|\* ?)?(?:(?P<word>thousand|million)s?|(?:['’]|1,?)?(?P<zeros>0{3}(?:,?0{3})?)(?:['’]?s)?)",
    re.IGNORECASE,
)
_SEEMS_SCALE = re.compile(r"\d{2}|thousand|million|hundred|[百千万亿]|^[km]$", re.IGNORECASE)
# What is a carrier's column in a wide table, and the amount of a table that says the activity of each row and has no other amount.
_IN_NEED = "amount_in_need"
# So many headings of entries make a table one of entries.
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class EntryTable:
    """A table of entries with the field of each column.

    Parameters
    ----------
    table : Table
        The table.
    fields : mapping of str to int
        The position of the column of each field.
    units : mapping of str to str
        The unit that the heading of a field states, in the library's spelling.
    findings : tuple of Finding
        What is wrong with the headings.
    """

    table: Table
    fields: Mapping[str, int]
    units: Mapping[str, str]
    findings: tuple[Finding, ...]

    @property
    def is_readable(self) -> bool:
        """Whether no defect of a heading keeps the table from being read."""
        return not any(finding.severity == "error" for finding in self.findings)

    def heading(self, field: str) -> str:
        """The heading of a field as written; its name if it has no column."""
        return self.table.headings[self.fields[field]] if field in self.fields else field

    def field_at(self, at: int) -> str:
        """The field that a column holds; empty if it holds none."""
        return next((field for field, place in self.fields.items() if place == at), "")

    def cells(self, field: str) -> Column:
        """The cells of a field; nothing for each row if it has no column."""
        if field in self.fields:
            return self.table.columns[self.fields[field]]
        return Column(codes=np.zeros(len(self.table.numbers), dtype=np.intp), values=[None])


@cache
def _headings() -> Mapping[str, tuple[str, ...]]:
    """The headings of each row of the table, as written."""
    text = resources.files("carbonledger.activity_data").joinpath("headings.csv").read_text(encoding="utf-8")
    return {row["field"]: tuple(row["headings"].split(";")) for row in csv.DictReader(text.splitlines())}


@cache
def _fields() -> Mapping[str, str]:
    """Known headings, folded, and the field each stands for."""
    return {
        folded_heading(heading): field
        for field, headings in _headings().items()
        if field != _IN_NEED
        for heading in (field, *headings)
    }


def known_fields() -> list[str]:
    """The fields of entries that a heading may name."""
    return list(dict.fromkeys(_fields().values()))


@cache
def field_label(field: str) -> Label:
    """A field of entries as settings name it, in Chinese with its usual heading; the text itself if it is no field.

    Examples
    --------
    >>> field_label("site").zh, field_label("2025-03").zh
    ('site（场所）', '2025-03')
    """
    usual = (heading for heading, name in _fields().items() if name == field and not heading.isascii())
    chinese = next(usual, "")
    return Label(field, f"{field}（{chinese}）" if chinese else field)


def is_entry_heading(text: str) -> bool:
    """Whether a text is the heading of a field of entries."""
    return bool(_field_and_unit(text)[0])


def field_of_heading(text: str) -> str:
    """The field of entries that a heading names; empty if it names none."""
    return _field_and_unit(text)[0]


def is_electricity_amount(heading: str) -> bool:
    """Whether a heading such as 电量 is the amount of a table about electricity that has no other amount, and an unknown column elsewhere.

    Examples
    --------
    >>> is_electricity_amount("用电量(kWh)"), is_electricity_amount("用水量")
    (True, False)
    """
    known = {folded_heading(name) for name in _headings()[_IN_NEED]}
    return folded_heading(heading_and_bracket(heading)[0]) in known


def is_electricity(activity: str) -> bool:
    """Whether an activity, as it is written in an entry, is one of electricity."""
    return known_activity(activity) in activities_where(carrier="electricity")


def unit_of_heading(text: str) -> str:
    """The unit that a text in the brackets of a heading is, in the library's spelling; empty if it is none."""
    return _unit_of(text)[0]


@cache
def _field_and_unit(text: str) -> tuple[str, str]:
    """The field that a heading names, and what it says about the unit; both may be empty."""
    known = _fields()
    name, inside = heading_and_bracket(text)
    field = known.get(folded_heading(name), "")
    if field:
        return field, inside
    words = folded_heading(text).replace(",", " ").split(" ")
    for at in range(len(words) - 1, 0, -1):
        field = known.get(" ".join(words[:at]), "")
        if field in NUMBER_FIELDS:
            unit = _last_words(text, len(words) - at)
            return (field, unit) if _unit_of(unit)[0] else ("", "")
    return "", ""


def _last_words(text: str, count: int) -> str:
    """The last words of a heading, in their own letters."""
    return " ".join(text.replace("_", " ").replace(",", " ").split()[-count:])


def _scale_in(text: str) -> str:
    """The power of ten that brackets such as ('000), (x1000) or (in thousands) state; empty if they state none."""
    found = _SCALE.fullmatch(text.strip())
    if not found:
        return ""
    if found["word"]:
        return {"thousand": "10^3", "million": "10^6"}[found["word"].lower()]
    return f"10^{found['zeros'].count('0')}"


@cache
def _unit_of(text: str, home: str = "") -> tuple[str, UnitError | None]:
    """The unit that a text is where the reporter is, or why it is none."""
    try:
        return canonical_unit(text, home), None
    except UnitError as error:
        return "", error


def entry_table(table: Table, home: str = "") -> EntryTable:
    """A table with the fields of its columns.

    Parameters
    ----------
    table : Table
        With headings.
    home : str
        The region of the reporter, which settles units that differ between countries.

    Returns
    -------
    EntryTable
        Not readable if a needed column is missing, two have one meaning, or one seems misspelt.
    """
    fields: dict[str, int] = {}
    units: dict[str, str] = {}
    findings: list[Finding] = []
    unknown: list[int] = []
    for at, heading in enumerate(table.headings):
        name, inside = _field_and_unit(heading)
        if name and name in fields:
            first = table.headings[fields[name]]
            findings.append(Finding.of("DOUBLE_HEADING", first=first, second=heading, field=name).at(column=heading))
        elif name:
            fields[name] = at
            findings += _take_unit(name, inside, heading, units, home)
        elif heading:
            unknown.append(at)
    for found in _amount_in_need(table, unknown, fields):
        fields["amount"] = found
        unknown.remove(found)
        heading = table.headings[found]
        findings += _take_unit("amount", heading_and_bracket(heading)[1], heading, units, home)
    findings += [_unknown_heading(table, at, fields) for at in unknown]
    missing = _missing(fields, units)
    if missing:
        headings = tuple(heading for heading in table.headings if heading) or Label("none", "无")
        findings.append(Finding.of("MISSING_COLUMN.entries", missing=missing, headings=headings))
    placed = tuple(table.place(finding, table.heading_row) for finding in findings)
    return EntryTable(table, fields, units, placed)


def _amount_in_need(table: Table, unknown: Sequence[int], fields: Mapping[str, int]) -> list[int]:
    """The one column such as 电量 of a table that has no other amount and states electricity as the activity of each row."""
    if "activity" not in fields or "amount" in fields:
        return []
    electric = activities_where(carrier="electricity")
    stated = {known_activity(str(cell)) for cell in table.columns[fields["activity"]].distinct()[1] if is_filled(cell)}
    if not stated <= {*electric, ""}:
        return []
    found = [at for at in unknown if is_electricity_amount(table.headings[at])]
    return found if len(found) == 1 else []


def _take_unit(field: str, inside: str, heading: str, units: dict[str, str], home: str) -> list[Finding]:
    """Keep the unit that stands in the brackets of a heading; say what else stands there."""
    if not inside or field not in {*_MEASURED, *_UNITS_OF_FIELDS}:
        return []
    unit, error = _unit_of(_scale_in(inside) or inside, home)
    if unit and field in _UNITS_OF_FIELDS:
        wanted = _UNITS_OF_FIELDS[field]
        if unit != wanted:
            return [
                Finding.of("UNIT_CONTRADICTS.of_field", heading=heading, unit=inside, wanted=wanted).at(column=heading)
            ]
        return []
    if unit:
        units[field] = unit
        return []
    says = error.says if error else None
    if says is not None and says.key in _ASKED:
        return [Finding.from_message(says).at(column=heading, value=inside)]
    if _SEEMS_SCALE.search(inside):
        return [Finding.of("UNIT_CONTRADICTS.scale", heading=heading, text=inside).at(column=heading, value=inside)]
    return [Finding.of("HEADING_BRACKET", heading=heading, text=inside).at(column=heading)] if inside.isascii() else []


def _unknown_heading(table: Table, at: int, fields: Mapping[str, int]) -> Finding:
    """The finding for a column that nobody understands."""
    heading = table.headings[at]
    free = [name for name, field in _fields().items() if field not in fields]
    near = nearest_heading(heading, free)
    finding = (
        Finding.of("MISSPELT_HEADING", heading=heading, proposed=near)
        if near
        else Finding.of("UNKNOWN_HEADING", heading=heading, cells=table.columns[at].filled)
    )
    return finding.at(column=heading)


def _missing(fields: Mapping[str, int], units: Mapping[str, str]) -> list[str | Label]:
    """The columns that entries need and the table has not."""
    missing: list[str | Label] = [name for name in _NEEDED if name not in fields]
    if {"reading_start", "reading_end"} <= set(fields) and "amount" in missing:
        missing.remove("amount")
    if units and "unit" in missing:
        missing.remove("unit")
    if not _PERIODS & set(fields):
        missing.append(Label("year (or period, or start and end)", "year（或 period，或 start 和 end）"))
    return missing
