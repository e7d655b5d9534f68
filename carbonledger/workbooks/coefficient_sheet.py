"""The sheet of coefficients: for each combination of activity, unit, region and year, published values times conversion.

One row for each quantity that a combination gives: GJ, tce of standard coal, and tonnes of each gas with their t CO2e.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from carbonledger.core.language import has_label
from carbonledger.factors.gases import gas_group
from carbonledger.inventory.coefficients import ROUNDING, GasCoefficient, PlanRow, Step
from carbonledger.inventory.conversion_chains import ConversionChain, conversion_chains, step_value
from carbonledger.workbooks.factor_sheet import FactorSheet
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1, column_letters

__all__ = ["CoefficientSheet", "coefficient_sheet"]

_WHOLE = "CO2e"
_BEFORE = (("combination", 13), ("activity", 28), ("unit", 12), ("region", 12), ("year", 7), ("quantity", 16))
_STEP = (("step", 22), ("value", 18), ("unit", 18))
_AFTER = (
    ("conversion", 13),
    ("coefficient", 17),
    ("coefficient_unit", 20),
    ("gwp", 9),
    ("tco2e_per_unit", 17),
    ("match", 18),
    ("amount_of_lines", 16),
    ("result_of_lines", 17),
    ("tco2e_of_lines", 17),
    ("gas", 13),
    ("gas_group", 11),
)


@dataclass(frozen=True)
class CoefficientSheet:
    """The sheet, and where each coefficient stands in it.

    Parameters
    ----------
    content : SheetContent
        What is drawn.
    rows : mapping of (int, str) to list of int
        By number of the combination and quantity, the rows that add up to the coefficient, counted from 0.
    spans : mapping of int to (int, int)
        By number of the combination, the first and last row of its gases.
    coefficient, tco2e : int
        The columns of the coefficient and of t CO2e per unit.
    """

    content: SheetContent
    rows: Mapping[tuple[int, str], list[int]]
    spans: Mapping[int, tuple[int, int]]
    coefficient: int
    tco2e: int

    def coefficient_of(self, number: int, quantity: str) -> str:
        """The formula that points to a coefficient; empty if the combination has none."""
        return "+".join(self.content.at(row, self.coefficient) for row in self.rows.get((number, quantity), ()))

    def tco2e_of(self, number: int) -> str:
        """The formula for t CO2e per unit of the amount; empty for an activity without emissions."""
        if number not in self.spans:
            return ""
        first, last = self.spans[number]
        letters = column_letters(self.tco2e)
        return f"SUM({self.content.quoted}!${letters}${first + 1}:${letters}${last + 1})"


def coefficient_sheet(words: ReportInLanguage, factors: FactorSheet) -> CoefficientSheet:
    """The coefficients of the plan, taken apart.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    factors : FactorSheet
        What they point to.

    Returns
    -------
    CoefficientSheet
    """
    rows = [row for _, part in words.parts for row in part.plan.rows]
    depth = max([1, *(len(chain.steps) for row in rows for chain in conversion_chains(row))])
    columns = [*_BEFORE, *_STEP * depth, *_AFTER]
    content = words.sheet("coefficients", [width for _, width in columns], note=True)
    content.head = content.heading(words.word(f"workbook_{name}") for name, _ in columns)
    content.frozen_columns = len(_BEFORE)
    writer = _Writer(words, factors, content, depth)
    first = content.next_row
    for offset, part in words.parts:
        amounts = part.by_plan()
        for row in part.plan.rows:
            writer.add(row, row.plan_id + offset, amounts.get(row.plan_id, 0.0))
    content.define_columns(first, writer.named)
    return CoefficientSheet(
        content, writer.rows, writer.spans, writer.after("coefficient"), writer.after("tco2e_per_unit")
    )


class _Writer:
    """The rows of the sheet, one plan row after the other."""

    def __init__(self, words: ReportInLanguage, factors: FactorSheet, content: SheetContent, depth: int) -> None:
        self.words, self.factors, self.content, self.depth = words, factors, content, depth
        self.number, self.amount = 0, 0.0
        self.rows: dict[tuple[int, str], list[int]] = {}
        self.spans: dict[int, tuple[int, int]] = {}

    def after(self, name: str) -> int:
        """The column of a heading behind the steps."""
        names = [heading for heading, _ in _AFTER]
        return len(_BEFORE) + len(_STEP) * self.depth + names.index(name)

    @property
    def named(self) -> dict[str, int]:
        """The columns that tables sum over."""
        return {
            "coefficient_results": self.after("result_of_lines"),
            "coefficient_tco2e": self.after("tco2e_of_lines"),
            "coefficient_gases": self.after("gas"),
            "coefficient_gas_groups": self.after("gas_group"),
        }

    def add(self, row: PlanRow, number: int, amount: float) -> None:
        """Every chain of a combination with its number and the amount of its lines."""
        self.number, self.amount = number, amount
        gases = iter(row.gases)
        span: list[int] = []
        for chain in conversion_chains(row):
            gas = None if chain.quantity in {"energy", "standard_coal"} else next(gases)
            at = self.content.next_row
            self.content.add(self._cells(row, chain, gas, span))
            self.rows.setdefault((number, chain.quantity), []).append(at)
            span += [at] if gas else []
        if span:
            self.spans[number] = (span[0], span[-1])

    def _cells(
        self, row: PlanRow, chain: ConversionChain, gas: GasCoefficient | None, before: Sequence[int]
    ) -> list[Cell | None]:
        """One chain."""
        words, at = self.words, self.content.next_row
        quantity = words.gas(gas.gas) if gas else words.word(f"workbook_{chain.quantity}")
        cells: list[Cell | None] = [
            Cell(self.number, "whole"),
            Cell(words.activity(row.activity), "wrapped"),
            Cell(row.unit),
            Cell(row.key.region),
            Cell(row.key.year or None, "whole"),
            Cell(quantity, "wrapped"),
        ]
        for step in chain.steps:
            cells += self._step(step)
        cells += [None] * (len(_BEFORE) + len(_STEP) * self.depth - len(cells))
        conversion = a1(at, self.after("conversion"))
        formula = self._product(chain, at) + f"*{conversion}"
        value = chain.value
        if gas and gas.gas == ROUNDING:
            letters = column_letters(self.after("tco2e_per_unit"))
            formula += f"-SUM({letters}{before[0] + 1}:{letters}{before[-1] + 1})"
            value = gas.tonnes
        unit = f"{chain.unit} {_WHOLE if gas and gas.gas == ROUNDING else gas.gas if gas else ''}".strip()
        return [
            *cells,
            Cell(chain.conversion, "factor"),
            Cell(value, "factor", formula),
            Cell(f"{unit} / {row.unit}"),
            *self._potential(gas, at),
            Cell(self._match(chain), "wrapped"),
            *self._of_lines(gas, value, at),
            Cell(gas.gas if gas else ""),
            Cell(gas_group(gas.gas) or "" if gas else ""),
        ]

    def _step(self, step: Step) -> list[Cell | None]:
        """One published value: what it is, the value, its unit."""
        name = self.words.parameter(step.name) if step.factor else self.words.word("workbook_molar_mass")
        value = step_value(step)
        if step.factor:
            formula = self.factors.value_of(step.factor)
        else:
            ratio = Fraction(step.value_text)
            formula = step.value_text if ratio.denominator != 1 else ""
        return [
            Cell(f"{'÷' if step.divides else '×'} {name}", "wrapped"),
            Cell(value, "factor", formula),
            Cell(step.unit),
        ]

    def _product(self, chain: ConversionChain, at: int) -> str:
        """The values of a chain as a product."""
        text = "1"
        for number, step in enumerate(chain.steps):
            cell = a1(at, len(_BEFORE) + number * len(_STEP) + 1)
            text = f"{text}/{cell}" if step.divides else cell if text == "1" else f"{text}*{cell}"
        return text

    def _potential(self, gas: GasCoefficient | None, at: int) -> list[Cell | None]:
        """The potential of a gas, and its t CO2e per unit of the amount."""
        if gas is None:
            return [None, None]
        coefficient, potential = (a1(at, self.after(name)) for name in ("coefficient", "gwp"))
        if gas.gwp is None:
            counts = bool(gas_group(gas.gas))
            return [None, Cell(gas.tco2e, "factor", coefficient if counts else "")]
        shown = Cell(gas.gwp.value, "factor", self.factors.value_of(gas.gwp))
        counted = f"{coefficient}*{potential}" if gas_group(gas.gas) else ""
        return [shown, Cell(gas.tco2e, "factor", counted)]

    def _of_lines(self, gas: GasCoefficient | None, value: float, at: int) -> list[Cell | None]:
        """What all lines of the combination make of the coefficient."""
        amount, cell = self.amount, a1(at, self.after("amount_of_lines"))
        tco2e = f"{cell}*{a1(at, self.after('tco2e_per_unit'))}"
        return [
            Cell(amount, "amount", f"SUMIFS(lines_amount,lines_combination,{a1(at, 0)})"),
            Cell(amount * value, "tonnes", f"{cell}*{a1(at, self.after('coefficient'))}"),
            Cell(amount * gas.tco2e, "tonnes", tco2e) if gas else None,
        ]

    def _match(self, chain: ConversionChain) -> str:
        """How the factors of a chain were found."""
        kinds = [kind for step in chain.steps if step.kind for kind in step.kind.split(", ")]
        keys = (f"match_{kind.replace(' ', '_')}" for kind in dict.fromkeys(kinds))
        return self.words.listed(self.words.word(key) for key in keys if has_label(key))
