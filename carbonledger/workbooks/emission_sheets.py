"""The sheets of emissions: by scope, gas, company, activity and category, and month by month, as sums over the lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from carbonledger.core.language import has_label
from carbonledger.inventory.scope3_categories import scope_3_categories
from carbonledger.workbooks.line_sheet import LineSheet
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1, column_letters
from carbonledger.workbooks.styles import StyleName

__all__ = ["SCOPES", "emission_sheet", "month_sheet"]

# The view by scope, with the number that a line has.
SCOPES = {"scope 1": 1, "scope 2 (location-based)": 2, "scope 3": 3, "no scope": 0}
_WIDTHS = (24, 40, 18, 18, 14)
_YEAR = 12


class _Axis(NamedTuple):
    """A way to divide the total.

    Parameters
    ----------
    name : str
        Of the view, and of its title.
    column : str
        The named column of the lines.
    key_of, label_of : callable
        What the lines have there for a value of the view, and its words.
    """

    name: str
    column: str
    key_of: Callable[[Any], Any]
    label_of: Callable[[Any], str]


def emission_sheet(words: ReportInLanguage, lines: LineSheet) -> SheetContent:
    """The gross inventory along each axis, each table with its sum and the difference to the total.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    lines : LineSheet
        What is summed.

    Returns
    -------
    SheetContent
        With the names ``total_location_based``, ``scope_1``, ``scope_2_location_based`` and ``scope_3``.
    """
    content = words.sheet("emissions", _WIDTHS, note=True)
    total = float(words.report.inventory.total_location_based().magnitude)
    row = content.add([None, Cell(words.total, "label_total"), None])
    missing = words.quoted(words.missing)
    nothing = f"AND(COUNT(lines_emissions_tco2e)=0,COUNTIF(lines_emissions_tco2e,{missing})>0)"
    live = f"IF({nothing},{missing},SUM(lines_emissions_tco2e))" if words.has_unpriced else "SUM(lines_emissions_tco2e)"
    content.rows[row][2] = words.figure(total, "tonnes_total", live)
    content.define("total_location_based", row, 2)
    for axis in _axes(words, lines):
        _add_axis(content, words, axis)
    _add_gases(content, words)
    return content


def _axes(words: ReportInLanguage, lines: LineSheet) -> Iterable[_Axis]:
    """The axes whose values lines carry."""
    yield _Axis("scope", "lines_scope", SCOPES.__getitem__, words.word)
    yield _Axis("entity", "lines_entity_number", lambda name: lines.entities[str(name)], words.entity)
    yield _Axis("activity", "lines_activity_key", str, words.activity)
    yield _Axis("category", "lines_category", _number, lambda number: _category(words, _number(number)))
    if (words.report.inventory.by("scope_3_category")["scope_3_category"] != 0).any():
        yield _Axis(
            "scope_3_category", "lines_scope_3_category", _number, lambda number: _scope_3(words, _number(number))
        )


def _number(value: Any) -> int:
    """The number of a category; 0 for none."""
    return int(value) if value == value and value is not None else 0


def _category(words: ReportInLanguage, number: int) -> str:
    """A category of ISO 14064-1."""
    key = f"iso_category_{number}"
    return words.word(key if has_label(key) else "no scope")


def _scope_3(words: ReportInLanguage, number: int) -> str:
    """A category of scope 3."""
    known = scope_3_categories().get(number)
    if known is None:
        return words.word("workbook_no_scope_3_category")
    return f"{number} {known.label_zh if words.lang == 'zh' else known.label_en}"


def _add_axis(content: SheetContent, words: ReportInLanguage, axis: _Axis) -> None:
    """One table: energy and emissions along an axis."""
    records = words.report.inventory.by(axis.name).to_dict("records")
    view = [{str(name): value for name, value in record.items()} for record in records]
    headings = ("key", axis.name, "energy_gj", "emissions_tco2e", "share_of_total")
    _title(content, words, axis.name, (*headings, *["without_emissions"] * words.has_unpriced))
    first = content.next_row
    for row in view:
        value, at = row[axis.name], content.next_row
        key = axis.key_of(value)
        criteria = {axis.column: f"$A{at + 1}"}
        gj = _energy_formula(words, criteria)
        content.add(
            [
                Cell(key, "plain" if isinstance(key, str) else "whole"),
                Cell(axis.label_of(value), "wrapped"),
                words.figure(row["energy_gj"], "amount", gj),
                words.figure(row["emissions_tco2e"], "tonnes", words.emissions_if(criteria)),
                _share(words, row["emissions_tco2e"], at, 3),
                *_without(words, row, criteria),
            ]
        )
        if axis.name == "scope":
            name = {1: "scope_1", 2: "scope_2_location_based", 3: "scope_3"}.get(key)
            if name:
                content.define(name, at, 3)
    _sums(
        content,
        words,
        first,
        {2: math.fsum(row["energy_gj"] for row in view), 3: _total(row["emissions_tco2e"] for row in view)},
    )


def _energy_formula(words: ReportInLanguage, criteria: Mapping[str, str]) -> str:
    """The formula of the energy of carriers among some lines."""
    return words.sum_if("lines_energy_gj", {**criteria, "lines_energy_row": '">0"'}, may_miss=True)


def _share(words: ReportInLanguage, value: float, at: int, column: int) -> Cell:
    """The share of the total."""
    total = float(words.report.inventory.total_location_based().magnitude)
    own, missing = a1(at, column), words.quoted(words.missing)
    formula = f"IF(AND(ISNUMBER({own}),N(total_location_based)<>0),{own}/total_location_based*100,{missing})"
    return words.figure(value / total * 100 if total else None, "percent", formula)


def _without(words: ReportInLanguage, row: Mapping[str, Any], criteria: Mapping[str, str]) -> list[Cell | None]:
    """How many lines of a row have no emissions, if any line has none."""
    if not words.has_unpriced:
        return []
    pairs = ",".join(f"{name},{wanted}" for name, wanted in criteria.items())
    counted = f"COUNTIFS({pairs},lines_emissions_tco2e,{words.quoted(words.missing)})"
    return [Cell(int(row["without_emissions"]), "whole", counted)]


def _total(values: Iterable[float]) -> float:
    """The sum of a column of a view, of emissions over the rows that have any."""
    return math.fsum(value for value in values if value == value)


def _title(content: SheetContent, words: ReportInLanguage, name: str, headings: Sequence[str]) -> None:
    """The title and the headings of a table."""
    content.add()
    content.add([Cell(words.word(f"workbook_by_{name}"), "subtitle")])
    content.heading(words.word(f"workbook_{heading}") for heading in headings)


def _sums(content: SheetContent, words: ReportInLanguage, first: int, totals: Mapping[int, float]) -> None:
    """The sums of a table, and what its emissions differ from the total by."""
    last = content.next_row - 1
    cells: list[Cell | None] = [Cell(None, "label_total"), Cell(words.total, "label_total")]
    for column in range(2, max(totals) + 1):
        letters = column_letters(column)
        if column not in totals:
            cells.append(Cell(None, "label_total"))
            continue
        is_energy = column == 2 and len(totals) > 1
        formula = words.sum_of([f"{letters}{first + 1}:{letters}{last + 1}"], may_miss=is_energy)
        style: StyleName = "amount_total" if is_energy else "tonnes_total"
        cells.append(words.figure(totals[column], style, formula))
    at = content.add([*cells, Cell(None, "label_total")])
    check = f"ROUND(N({a1(at, max(totals))})-N(total_location_based),6)"
    content.add(
        [None, Cell(words.word("workbook_difference"), "note"), *[None] * (max(totals) - 2), Cell(0.0, "tonnes", check)]
    )


def _add_gases(content: SheetContent, words: ReportInLanguage) -> None:
    """The tables by gas and by group of gases, as sums over the sheet of coefficients."""
    inventory = words.report.inventory
    gases = inventory.by("gas").to_dict("records")
    _title(content, words, "gas", ("key", "gas", "tonnes", "emissions_tco2e", "share_of_total"))
    first = content.next_row
    for row in gases:
        at = content.next_row
        criteria = {"coefficient_gases": f"$A{at + 1}"}
        content.add(
            [
                Cell(row["gas"]),
                Cell(words.gas(row["gas"])),
                Cell(row["tonnes"], "tonnes", words.sum_if("coefficient_results", criteria)),
                Cell(row["emissions_tco2e"], "tonnes", words.sum_if("coefficient_tco2e", criteria)),
                _share(words, row["emissions_tco2e"], at, 3),
            ]
        )
    if gases:
        _sums(content, words, first, {3: _total(row["emissions_tco2e"] for row in gases)})
    groups = inventory.by("gas_group").to_dict("records")
    _title(content, words, "gas_group", ("key", "gas_group", "emissions_tco2e"))
    first = content.next_row
    for row in groups:
        at = content.next_row
        formula = words.sum_if("coefficient_tco2e", {"coefficient_gas_groups": f"$A{at + 1}"})
        content.add(
            [Cell(row["gas_group"]), Cell(words.gas(row["gas_group"])), Cell(row["emissions_tco2e"], "tonnes", formula)]
        )
    _sums(content, words, first, {2: _total(row["emissions_tco2e"] for row in groups)})


def month_sheet(words: ReportInLanguage, lines: LineSheet) -> SheetContent:
    """Emissions by the month in which an entry begins, and by scope; a month without entries is said to have none, and is not 0.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    lines : LineSheet
        What is summed.

    Returns
    -------
    SheetContent
    """
    view = words.report.inventory.view("month", "scope").to_dict("records")
    found: dict[tuple[int, str], float | None] = {
        (int(row["month"]), str(row["scope"])): float(row["emissions_tco2e"]) for row in view
    }
    names = {number: name for name, number in SCOPES.items()}
    found |= {
        (month, names[scope]): None for month, scope in lines.months_without if (month, names[scope]) not in found
    }
    scopes = [name for name in SCOPES if any(scope == name for _, scope in found)]
    content = words.sheet("months", [26, *[24] * (len(scopes) + 1)], note=True)
    numbers = content.add([None, *(Cell(SCOPES[name], "greyed") for name in scopes)])
    content.head = content.heading([words.word("workbook_month"), *map(words.word, scopes), words.total])
    content.frozen_columns = 1
    first = content.next_row
    for month in _months(words, {month for month, _ in found}):
        _add_month(content, words, month, [found.get((month, scope), math.nan) for scope in scopes], numbers)
    sums = [_total(value or 0.0 for (_, scope), value in found.items() if scope == name) for name in scopes]
    cells: list[Cell | None] = [Cell(words.total, "label_total")]
    for column, value in enumerate([*sums, _total(sums)], start=1):
        letters = column_letters(column)
        cells.append(Cell(value, "tonnes_total", f"SUM({letters}{first + 1}:{letters}{content.next_row})"))
    at = content.add(cells)
    check = f"ROUND(N({a1(at, len(scopes) + 1)})-N(total_location_based),6)"
    content.add([Cell(words.word("workbook_difference"), "greyed"), *[None] * len(scopes), Cell(0.0, "tonnes", check)])
    return content


def _months(words: ReportInLanguage, found: Iterable[int]) -> list[int]:
    """The months of the reporting year, and those of entries beyond it."""
    company = words.report.settings["company"]
    year, first = int(company["reporting_year"]), int(company.get("first_month") or 1)
    own = {(year + (first + at - 1) // _YEAR) * 100 + (first + at - 1) % _YEAR + 1 for at in range(_YEAR)}
    return sorted({*own, *found})


def _add_month(
    content: SheetContent, words: ReportInLanguage, month: int, values: Sequence[float | None], numbers: int
) -> None:
    """One month."""
    at, none = content.next_row, words.word("workbook_no_entry")
    cells: list[Cell | None] = [Cell(month, "month")]
    for column, value in enumerate(values, start=1):
        pairs = f"lines_month,$A{at + 1},lines_scope,{column_letters(column)}${numbers + 1}"
        criteria = {"lines_month": f"$A{at + 1}", "lines_scope": f"{column_letters(column)}${numbers + 1}"}
        formula = f"IF(COUNTIFS({pairs})=0,{words.quoted(none)},{words.emissions_if(criteria)})"
        shown = words.missing if value is None else none if math.isnan(value) else value
        cells.append(Cell(shown, "tonnes", formula))
    known = [value for value in values if value is not None and not math.isnan(value)]
    span = f"B{at + 1}:{column_letters(len(values))}{at + 1}"
    formula = f"IF(COUNT({span})=0,{words.quoted(none)},SUM({span}))"
    content.add([*cells, Cell(_total(known) if known else none, "tonnes", formula)])
