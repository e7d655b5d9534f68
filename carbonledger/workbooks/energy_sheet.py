"""The sheet of the energy table, in the form that the company publishes: sums over the lines, by class, carrier and company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from carbonledger.core.units import conversion_factor
from carbonledger.workbooks.line_sheet import LineSheet
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1, column_letters
from carbonledger.workbooks.styles import StyleName

__all__ = ["energy_sheet"]

_WIDTHS = {"number": 6, "class": 18, "carrier": 26, "entity": 26, "unit": 12, "printed_gj": 14, "verdict": 16}
_FIGURES = ("energy_gj", "energy_mwh", "energy_tce")
_NUMBER_WIDTH = 15


def energy_sheet(words: ReportInLanguage, lines: LineSheet) -> SheetContent:
    """The energy table with live sums.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    lines : LineSheet
        What is summed.

    Returns
    -------
    SheetContent
        With the names ``total_energy_gj``, ``renewable_energy_gj``, ``mwh_per_gj`` and ``tce_per_gj``.
    """
    return _Writer(words, lines).written()


class _Writer:
    """The rows of the energy table."""

    def __init__(self, words: ReportInLanguage, lines: LineSheet) -> None:
        self.words, self.lines = words, lines
        self.rows = words.report.energy_rows(words.lang)
        coal = ["standard_coal_tce"] if any("standard_coal_tce" in row for row in self.rows) else []
        printed = ["printed_gj", "verdict"] if any(row["printed_gj"] for row in self.rows) else []
        self.summed = [*_FIGURES, *coal]
        first = ["number", "class", "carrier", "entity", "unit", "amount"]
        self.columns = [*first, *self.summed, "share_percent", *printed]
        self.content = words.sheet("energy", [_WIDTHS.get(name, _NUMBER_WIDTH) for name in self.columns], note=True)

    def written(self) -> SheetContent:
        """The whole sheet."""
        content = self.content
        content.head = content.heading(self.words.word(f"workbook_{name}") for name in self.columns)
        content.frozen_columns = 3
        first, total_row = content.next_row, content.next_row + len(self.rows) - 1
        parts: list[int] = []
        subtotals: list[int] = []
        for number, row in enumerate(self.rows, start=1):
            at = content.next_row
            if row["level"] == "row":
                parts.append(at)
                content.add(self._row(row, number - len(subtotals), at, total_row))
            elif row["level"] == "subtotal":
                content.add(self._sum(row, [(parts[0], parts[-1])], at, total_row))
                subtotals.append(at)
                parts = []
            else:
                content.add(self._sum(row, [(part, part) for part in subtotals], at, total_row))
        gj = self.columns.index("energy_gj")
        content.define("total_energy_gj", total_row, gj)
        self._define_renewable(first, gj)
        self._conversions()
        return content

    def _row(self, row: Mapping[str, Any], number: int, at: int, total_row: int) -> list[Cell | None]:
        """A carrier of a company."""
        words, key = self.words, {"lines_energy_row": f"$A{at + 1}"}
        cells: list[Cell | None] = [Cell(number, "whole")]
        cells += [Cell(row[name], "wrapped") for name in ("class", "carrier", "entity", "unit")]
        cells.append(Cell(row["amount"], "amount", self._amount(number, key)))
        for name in self.summed:
            if name in {"energy_mwh", "energy_tce"}:
                formula = self._converted(name, at)
            else:
                formula = words.sum_if(f"lines_{name}", key, may_miss=True)
            cells.append(words.figure(row[name], "amount", formula))
        return [*cells, self._share(row, at, total_row, "percent"), *self._printed(row)]

    def _amount(self, number: int, key: Mapping[str, str]) -> str:
        """The formula of the amount: the lines in the row's unit, those of other units converted."""
        if number not in self.lines.converted_rows:
            return self.words.sum_if("lines_amount", key)
        return f"SUMPRODUCT((lines_energy_row={key['lines_energy_row']})*lines_amount*lines_energy_unit_factor)"

    def _sum(
        self, row: Mapping[str, Any], parts: Sequence[tuple[int, int]], at: int, total_row: int
    ) -> list[Cell | None]:
        """A subtotal or the total."""
        words = self.words
        name = words.total if row["level"] == "total" else row["carrier"]
        cells: list[Cell | None] = [Cell(None, "label_total"), Cell(row["class"], "label_total")]
        cells += [Cell(text, "label_total") for text in (name, "", "", "")]
        for figure in self.summed:
            letters = column_letters(self.columns.index(figure))
            ranges = [f"{letters}{first + 1}:{letters}{last + 1}" for first, last in parts]
            formula = words.sum_of(ranges, may_miss=True)
            cells.append(words.figure(row[figure], "amount_total", formula))
        cells.append(self._share(row, at, total_row, "percent_total"))
        return cells + [Cell("", "label_total")] * (len(self.columns) - len(cells))

    def _converted(self, name: str, at: int) -> str:
        """The formula from GJ to another unit."""
        return self.words.times(a1(at, self.columns.index("energy_gj")), f"*{name.removeprefix('energy_')}_per_gj")

    def _share(self, row: Mapping[str, Any], at: int, total_row: int, style: StyleName) -> Cell:
        """The share of the total; missing where either is, or where the total is 0."""
        column = self.columns.index("energy_gj")
        own, total = a1(at, column), f"{column_letters(column)}${total_row + 1}"
        missing = self.words.quoted(self.words.missing)
        formula = f"IF(AND(ISNUMBER({own}),N({total})<>0),{own}/{total}*100,{missing})"
        return self.words.figure(row["share_percent"], style, formula)

    def _printed(self, row: Mapping[str, Any]) -> list[Cell]:
        """What the company printed for the row, if there are printed figures."""
        if "printed_gj" not in self.columns:
            return []
        verdict = self.words.word(row["verdict"]) if row["verdict"] else ""
        return [Cell(row["printed_gj"] or ""), Cell(verdict, "wrapped")]

    def _define_renewable(self, first: int, column: int) -> None:
        """The cell of the renewable subtotal, if there is one."""
        table = self.words.report.inventory.energy_table("id").to_dict("records")
        for at, row in enumerate(table, start=first):
            if row["level"] == "subtotal" and row["class"] == "renewable":
                self.content.define("renewable_energy_gj", at, column)

    def _conversions(self) -> None:
        """What one GJ is in the other units."""
        self.content.add()
        self.content.add([Cell(self.words.word("workbook_conversions"), "subtitle")])
        for unit in ("MWh", "tce"):
            value = conversion_factor("GJ", unit)
            row = self.content.add([None, Cell(f"{unit} / GJ"), Cell(value, "factor")])
            self.content.define(f"{unit.lower()}_per_gj", row, 2)
