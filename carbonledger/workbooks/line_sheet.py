"""The sheet of lines: each entry's amount times the coefficient cells of its combination."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals as nw

from carbonledger.core.errors import DimensionError
from carbonledger.core.language import has_label
from carbonledger.core.schema import gas_column
from carbonledger.core.units import conversion_factor
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.energy import is_energy_row
from carbonledger.inventory.scope3_categories import category_of
from carbonledger.workbooks.coefficient_sheet import CoefficientSheet
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, Place, SheetContent, a1

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LineSheet", "line_sheet"]

_SOURCE = ("entity", "site", "source", "activity")
_MEASURES = ("energy_gj", "standard_coal_tce", "emissions_tco2e")
_WIDTHS = {
    "number": 6,
    "entity": 22,
    "site": 14,
    "source": 18,
    "activity": 24,
    "from": 11,
    "to": 11,
    "amount_read": 15,
    "unit": 12,
    "data_type": 10,
    "evidence": 16,
    "note": 26,
    "file": 22,
    "sheet_read": 12,
    "match": 18,
}
_FIRST = ("number", "entity", "site", "source", "activity", "from", "to", "amount_read", "unit")
_NUMBER_WIDTH, _RATE_WIDTH = 14, 18
_VALUE_CHAIN = 3
_TAIL = ("scope", "category", "scope_3_category", "data_type", "evidence", "note", "file", "sheet_read", "row")
_KEYS = ("combination", "activity_key", "energy_row", "energy_unit_factor", "entity_number", "source_number", "month")


@dataclass(frozen=True)
class LineSheet:
    """The sheet, and the numbers by which tables find lines.

    Parameters
    ----------
    content : SheetContent
        What is drawn.
    entities : mapping of str to int
        The number of each company.
    sources : mapping of tuple to int
        The number of each company, site, source and activity.
    converted_rows : collection of int
        The rows of the energy table with lines in another unit than the row's.
    months_without : collection of (int, int)
        Months and scopes with lines that have no emissions.
    """

    content: SheetContent
    entities: Mapping[str, int]
    sources: Mapping[tuple[str, ...], int]
    converted_rows: Collection[int]
    months_without: Collection[tuple[int, int]]


class _Line(NamedTuple):
    """A line with its combination and the number of that.

    Parameters
    ----------
    cells : dict
        Of the frame of lines.
    row : PlanRow
        Its coefficients.
    number : int
        Of the combination.
    """

    cells: dict[str, Any]
    row: PlanRow
    number: int

    @property
    def share(self) -> float:
        """The share of its company that counts."""
        return float(self.cells.get("consolidation_share", 1.0))


def line_sheet(words: ReportInLanguage, coefficients: CoefficientSheet) -> LineSheet:
    """The lines of the inventory.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    coefficients : CoefficientSheet
        What the lines point to.

    Returns
    -------
    LineSheet
    """
    return _Writer(words, coefficients).written()


class _Writer:
    """The lines of an inventory, one after the other."""

    def __init__(self, words: ReportInLanguage, coefficients: CoefficientSheet) -> None:
        self.words, self.coefficients = words, coefficients
        self.inventory = words.report.inventory
        self.has_share = "consolidation_share" in nw.from_native(self.inventory.lines).columns
        rows = [row for _, part in words.parts for row in part.plan.rows]
        self.has_coal = any(row.standard_coal_tce is not None for row in rows)
        self.gases = self.inventory.plan.gases
        self._rates_of: dict[int, list[Cell | None]] = {}
        self._data_types: dict[str, str] = {}
        self._matches: dict[str, Cell] = {}
        self.months_without: set[tuple[int, int]] = set()
        self.entities: dict[str, int] = {}
        self.sources: dict[tuple[str, ...], int] = {}
        self.converted_rows: set[int] = set()

    def _lines(self) -> Iterator[_Line]:
        """The lines, those without emissions last."""
        for offset, part in self.words.parts:
            frame: pd.DataFrame = nw.from_native(part.lines).to_native()
            for cells in frame.to_dict("records"):
                row = part.plan.rows[int(cells["plan_id"])]
                yield _Line({str(name): value for name, value in cells.items()}, row, row.plan_id + offset)

    @cached_property
    def columns(self) -> list[str]:
        """The columns from left to right."""
        share = ["share", "amount"] if self.has_share else []
        coal = ["standard_coal_tce"] if self.has_coal else []
        gases = [f"gas {gas}" for gas in self.gases]
        measures = ["energy_gj", *coal, *gases, "emissions_tco2e"]
        rates = [f"rate {name}" for name in measures]
        return [*_FIRST, *share, *measures, *_TAIL, *_KEYS, *rates, "match"]

    def at(self, name: str) -> int:
        """The place of a column."""
        return self._places[name]

    @cached_property
    def _places(self) -> dict[str, int]:
        """The place of each column."""
        return {name: place for place, name in enumerate(self.columns)}

    def width(self, name: str) -> float:
        """The width of a column, in characters."""
        return _RATE_WIDTH if name.startswith("rate ") else _WIDTHS.get(name, _NUMBER_WIDTH)

    def heading(self, name: str) -> str:
        """The heading of a column."""
        words, (kind, _, gas) = self.words, name.partition(" ")
        if kind == "gas":
            return words.word("workbook_tonnes_of", gas=words.gas(gas))
        if kind == "rate" and gas.startswith("gas "):
            return words.word("workbook_tonnes_per_unit", gas=words.gas(gas.removeprefix("gas ")))
        return words.word(f"workbook_rate_{gas}" if kind == "rate" else f"workbook_{name}")

    def written(self) -> LineSheet:
        """The whole sheet."""
        words, widths = self.words, [self.width(name) for name in self.columns]
        content = words.sheet("lines", widths, note=True)
        content.head = content.heading(self.heading(name) for name in self.columns)
        content.frozen_columns, content.keyed_by = 5, 0
        content.detail_columns = (self.at(_KEYS[0]), self.at("match"))
        self._number_entities()
        first = content.next_row
        for number, line in enumerate(self._lines(), start=1):
            at = content.add(self._cells(number, line, content.next_row))
            cells = line.cells
            content.places[at] = Place(str(cells["file"] or ""), str(cells["sheet"] or ""), cells["row"])
            content.effects[at] = line.row.emissions_tco2e * line.share
        content.amount_column = self.at("amount_read")
        content.define_columns(first, self._named())
        return LineSheet(content, self.entities, self.sources, self.converted_rows, self.months_without)

    def _named(self) -> dict[str, int]:
        """The columns that tables sum over."""
        named = {"lines_amount": self.at("amount" if self.has_share else "amount_read")}
        named |= {
            f"lines_{name}": self.at(name) for name in (*_MEASURES, "scope", "category", *_KEYS) if name in self.columns
        }
        named |= {"lines_data_type": self.at("data_type"), "lines_scope_3_category": self.at("scope_3_category")}
        return named

    def _number_entities(self) -> None:
        """Companies are numbered in the order of the view by company."""
        for name in self.inventory.by("entity")["entity"]:
            self.entities[str(name)] = len(self.entities) + 1

    def _cells(self, number: int, whole: _Line, at: int) -> list[Cell | None]:
        """One line."""
        line, row, share = whole.cells, whole.row, whole.share
        amount = float(line["amount"])
        cells: list[Cell | None] = [
            Cell(number, "whole"),
            Cell(self.words.entity(str(line["entity"])), "wrapped"),
            Cell(str(line["site"] or ""), "wrapped"),
            Cell(str(line["source"] or ""), "wrapped"),
            Cell(self.words.activity(row.activity), "wrapped"),
            Cell(_day(line["start"]), "date"),
            Cell(_day(line["end"]) - timedelta(days=1), "date"),
            Cell(_read(amount, share), "amount"),
            Cell(row.unit),
        ]
        if self.has_share:
            formula = f"{a1(at, self.at('amount_read'))}*{a1(at, self.at('share'))}"
            cells += [Cell(share, "factor"), Cell(amount, "amount", formula)]
        if whole.number not in self._rates_of:
            self._rates_of[whole.number] = list(self._rates(whole))
        rates = self._rates_of[whole.number]
        counted = a1(at, self.at("amount" if self.has_share else "amount_read"))
        for name, rate in zip(self._measures, rates, strict=True):
            cells.append(self._result(name, whole, rate, f"{counted}*{a1(at, self.at(f'rate {name}'))}"))
        return [*cells, *self._tail(whole), *self._keys(whole), *rates, self._match(str(line["match"]))]

    @cached_property
    def _measures(self) -> list[str]:
        """The results of a line, from left to right."""
        return [name.removeprefix("rate ") for name in self.columns if name.startswith("rate ")]

    def _rates(self, line: _Line) -> Iterator[Cell | None]:
        """The coefficient cells of a combination."""
        row = line.row
        yield self._rate(line, "energy", row.energy_gj)
        if self.has_coal:
            yield self._rate(line, "standard_coal", row.standard_coal_tce)
        for gas in self.gases:
            yield self._rate(line, gas, sum(item.tonnes for item in row.gases if item.gas == gas))
        yield self.words.figure(row.emissions_tco2e, "factor", self.coefficients.tco2e_of(line.number))

    def _rate(self, line: _Line, quantity: str, value: float | None) -> Cell | None:
        """One coefficient cell; empty if the combination has none."""
        formula = self.coefficients.coefficient_of(line.number, quantity)
        return Cell(value, "factor", formula) if formula else None

    def _result(self, name: str, whole: _Line, rate: Cell | None, formula: str) -> Cell | None:
        """Amount times coefficient; the word for missing where energy has no calorific value, or nothing gives the emissions."""
        line, row = whole.cells, whole.row
        if name == "emissions_tco2e" and not row.priced:
            return Cell(self.words.missing, "tonnes")
        if rate is None:
            is_missing = name in {"energy_gj", "standard_coal_tce"} and is_energy_row(row)
            return Cell(self.words.missing, "tonnes") if is_missing else None
        if name == "standard_coal_tce":
            value = float(line["amount"]) * float(row.standard_coal_tce or 0.0)
        else:
            kind, _, gas = name.partition(" ")
            value = float(line[gas_column(gas) if kind == "gas" else name])
        return self.words.figure(value, "tonnes", formula)

    def _tail(self, whole: _Line) -> Iterator[Cell]:
        """Where a line counts, and where it comes from."""
        line, row = whole.cells, whole.row
        category = category_of(row.activity, row.key.scope_3_category) if row.scope == _VALUE_CHAIN else 0
        yield from (Cell(int(line[name]), "whole") for name in ("scope", "category"))
        yield Cell(category, "whole")
        yield Cell(self._data_type(str(line["data_type"] or "")))
        yield from (Cell(str(line[name] or ""), "wrapped") for name in ("evidence", "note", "file", "sheet"))
        yield Cell(int(line["row"]) if line["row"] == line["row"] and line["row"] else None, "whole")

    def _data_type(self, name: str) -> str:
        """How an amount was obtained, in words."""
        if name not in self._data_types:
            key = f"data_{name or 'not_stated'}"
            self._data_types[name] = self.words.word(key) if has_label(key) else name
        return self._data_types[name]

    def _keys(self, whole: _Line) -> Iterator[Cell | None]:
        """The numbers by which tables find the line."""
        line, row = whole.cells, whole.row
        entity = str(line["entity"] or "")
        source = tuple(str(line[name] or "") for name in _SOURCE)
        yield Cell(whole.number, "whole")
        yield Cell(row.activity)
        energy_row, factor = self._energy_row(whole, entity)
        yield Cell(energy_row, "whole")
        yield Cell(factor, "factor")
        yield Cell(self.entities[str(line["entity"])], "whole")
        yield Cell(self.sources.setdefault(source, len(self.sources) + 1), "whole")
        start = _day(line["start"])
        month = start.year * 100 + start.month
        if not row.priced:
            self.months_without.add((month, int(line["scope"])))
        yield Cell(month, "month")

    def _energy_row(self, line: _Line, entity: str) -> tuple[int | None, float | None]:
        """The row of the energy table to which a line belongs, and what one of its unit is in the row's; None if to none."""
        row = line.row
        if not is_energy_row(row):
            return None, None
        for number, unit in self._energy_table[row.activity, entity]:
            with suppress(DimensionError):
                factor = conversion_factor(row.unit, unit)
                self.converted_rows |= {number} if factor != 1.0 else set()
                return number, factor
        return None, None

    @cached_property
    def _energy_table(self) -> dict[tuple[str, str], list[tuple[int, str]]]:
        """The rows of the energy table by activity and company, counted from 1, each with its unit."""
        table = self.inventory.energy_table("id")
        found: dict[tuple[str, str], list[tuple[int, str]]] = {}
        rows = table[table["level"] == "row"].to_dict("records")
        for number, row in enumerate(rows, start=1):
            found.setdefault((row["carrier"], row["entity"]), []).append((number, row["unit"]))
        return found

    def _match(self, text: str) -> Cell:
        """How the factors of a line were found, in words."""
        if text not in self._matches:
            keys = (f"match_{kind.replace(' ', '_')}" for kind in text.split(", "))
            listed = self.words.listed(self.words.word(key) for key in keys if has_label(key))
            self._matches[text] = Cell(listed, "wrapped")
        return self._matches[text]


def _day(value: Any) -> date:
    """A cell of a date column as a date."""
    return date(value.year, value.month, value.day)


def _read(amount: float, share: float) -> float:
    """The amount before it was consolidated, without the last digits that a division leaves."""
    whole = amount / share
    short = float(f"{whole:.15g}")
    return short if short * share == amount else whole
