"""Derivations behind the figures of a page: which lines a figure is made of, by which formula, from which factor and row.

A figure may rest on thousands of lines. Lines that share activity, unit, region, year and factor are one kind: they have one formula, which
is linear, so that it holds for their summed amount. A figure lists its largest kinds, and each kind lists its rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Lang, has_label, listed, word
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.energy import is_energy_row
from carbonledger.inventory.explanation import Derivation, Explanation, Source, explain_row
from carbonledger.inventory.sums import sums_by
from carbonledger.reporting.console import amount_text, number
from carbonledger.reporting.report import Report
from carbonledger.tables.sheet_form import as_ranges

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EMISSIONS", "ENERGY", "Behind", "Kind", "Ledger", "Measure", "formula_text", "line_cells", "places_text", "source_text"]

# How many kinds of lines one figure lists, and how long the list of their rows may be.
_KINDS, _RANGES = 8, 160
_NUMBERS = "energy_gj", "emissions_tco2e"
_ENERGY = frozenset({"energy", "standard coal (coefficient)"})
_ENGLISH = re.compile(r"\(share of (?P<entity>[^)]*)\)|t CO2e of the gases")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure counts.

    Parameters
    ----------
    name : {"energy_gj", "emissions_tco2e"}
        The column of the lines, GJ or t CO2e.
    gas : str
        Of emissions, the one gas that is meant; empty for all.
    """

    name: str = "emissions_tco2e"
    gas: str = ""

    def shows(self, derivation: Derivation, before: Derivation | None) -> bool:
        """Whether a formula belongs to the figure; that of CO2e follows the one of its gas."""
        if self.name == "energy_gj":
            return derivation.quantity in _ENERGY
        if derivation.quantity in _ENERGY:
            return False
        gas = before.quantity if before and derivation.quantity == "CO2e" else derivation.quantity
        return not self.gas or gas == self.gas


ENERGY, EMISSIONS = Measure("energy_gj"), Measure()


@dataclass(frozen=True, slots=True)
class Kind:
    """Lines that share their formula, as they stand behind one figure.

    Parameters
    ----------
    number : int
        Of the plan row, for links.
    title : str
        Activity, region and year.
    lines : int
        How many.
    places : str
        File and rows.
    formulas : tuple of str
        Amount, coefficients and result.
    sources : tuple of str
        The factors with how they were matched.
    """

    number: int
    title: str
    lines: int
    places: str
    formulas: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """What a figure is made of.

    Parameters
    ----------
    kinds : tuple of Kind
        The largest first.
    lines : int
        How many lines in all.
    more : int
        How many kinds are not listed.
    remarks : tuple of str
        What is to be said besides.
    """

    kinds: tuple[Kind, ...]
    lines: int = 0
    more: int = 0
    remarks: tuple[str, ...] = ()


class Ledger:
    """The lines of a report with what they came from.

    Parameters
    ----------
    report : Report
        Calculated on pandas.
    """

    def __init__(self, report: Report) -> None:
        self.inventory = report.inventory
        self.lines = _with_columns(report.lines)
        self._told: dict[tuple[int, float, float | None], Explanation] = {}

    @cached_property
    def _editions(self) -> Mapping[str, Any]:
        """Every edition by its id, read once."""
        return self.inventory.editions

    @cached_property
    def _amounts(self) -> pd.DataFrame:
        """The lines with what sums need."""
        return self.lines[["plan_id", "amount", *_NUMBERS]]

    def row(self, plan_id: int) -> PlanRow:
        """A plan row by its number."""
        return self.inventory.plan.rows[plan_id]

    def of_activities(self, names: set[str]) -> pd.Series[bool]:
        """Which lines are of some activities."""
        wanted = {row.plan_id for row in self.inventory.plan.rows if row.activity in names}
        found: pd.Series[bool] = self.lines["plan_id"].isin(wanted)
        return found

    def of_plan(self, wanted: set[int]) -> pd.Series[bool]:
        """Which lines are of some plan rows."""
        found: pd.Series[bool] = self.lines["plan_id"].isin(wanted)
        return found

    def behind(self, chosen: pd.Series[bool] | None, measure: Measure, lang: Lang) -> Behind:
        """The lines behind a figure.

        Parameters
        ----------
        chosen : pandas.Series of bool, optional
            Which lines are meant; all without it.
        measure : Measure
            What the figure counts.
        lang : {"en", "zh"}
            In which language.

        Returns
        -------
        Behind
        """
        lines = self.lines if chosen is None else self.lines[chosen]
        counted = {row.plan_id for row in self.inventory.plan.rows if _counts(row, measure)}
        lines = lines[lines["plan_id"].isin(counted)]
        if lines.empty:
            return Behind((), remarks=(word("page_no_lines", lang),))
        sums = sums_by(nw.from_native(self._amounts.loc[lines.index]), ["plan_id"])
        columns = zip(sums["plan_id"], sums["amount"], sums[measure.name], sums["lines"], strict=True)
        order = sorted(columns, key=lambda item: (-abs(item[2]) if item[2] == item[2] else 0.0, item[0]))
        places = {int(str(plan)): part for plan, part in lines.groupby("plan_id", sort=False)}
        kinds = [
            self._kind(int(plan), float(amount), int(count), places[int(plan)], measure, lang)
            for plan, amount, _, count in order[:_KINDS]
        ]
        return Behind(tuple(kinds), len(lines), max(0, len(order) - _KINDS))

    def _kind(self, plan: int, amount: float, count: int, lines: pd.DataFrame, measure: Measure, lang: Lang) -> Kind:
        """The lines of one plan row behind a figure."""
        told = self.explained(plan, amount, _share(lines))
        before = [None, *told.derivations[:-1]]
        shown = [
            item for item, last in zip(told.derivations, before, strict=False) if measure.shows(item, last)
        ]
        factors = _factors_of(self.row(plan), measure)
        used = [source for source in told.sources if source.factor in factors]
        formulas = tuple(formula_text(item, lang) for item in shown) or (self.remark(plan, lang),)
        return Kind(
            plan,
            self.title(plan, lang),
            count,
            places_text(lines, lang),
            formulas,
            tuple(source_text(source, lang) for source in used),
        )

    def explained(self, plan: int, amount: float, share: float | None = None) -> Explanation:
        """The derivation of an amount of one kind of lines, made once for each amount."""
        key = plan, amount, share
        if key not in self._told:
            # Fifteen digits hide what binary addition leaves of a sum of decimals.
            entry = {"amount": float(f"{amount:.15g}")}
            self._told[key] = explain_row(entry, self.row(plan), self._editions, share)
        return self._told[key]

    def remark(self, plan: int, lang: Lang) -> str:
        """What is said of lines without emissions."""
        register = taxonomy()[self.row(plan).activity].kind == "register"
        return word("page_register_line" if register else "page_no_emissions", lang)

    def title(self, plan: int, lang: Lang) -> str:
        """A kind of lines in words: activity, region, year."""
        row = self.row(plan)
        where = [row.key.region, str(row.key.year or ""), row.key.factor]
        return " · ".join([taxonomy()[row.activity].label(lang), *filter(None, where)])


def _counts(row: PlanRow, measure: Measure) -> bool:
    """Whether a plan row can be part of a figure."""
    if measure.name == "energy_gj":
        return is_energy_row(row)
    return any(measure.gas in {"", gas.gas} for gas in row.gases)


def _factors_of(row: PlanRow, measure: Measure) -> set[str]:
    """The references of the factors in a figure's formulas."""
    steps = [*row.energy_steps, *row.coal_steps]
    found = []
    if measure.name != "energy_gj":
        gases = [gas for gas in row.gases if measure.gas in {"", gas.gas}]
        steps = [step for gas in gases for step in gas.steps]
        found = [gas.gwp for gas in gases if gas.gwp]
    return {factor.reference for factor in (*found, *(step.factor for step in steps)) if factor}


def _share(lines: pd.DataFrame) -> float | None:
    """The share at which some lines were consolidated, if it is one."""
    if "consolidation_share" not in lines:
        return None
    shares = lines["consolidation_share"].unique()
    return float(shares[0]) if len(shares) == 1 and shares[0] == shares[0] else None


def formula_text(derivation: Derivation, lang: Lang) -> str:
    """A formula with its result, in a language."""
    unit = f"unit of {derivation.unit}"
    shown = f"{number(derivation.value, 4)} {word(unit, lang) if has_label(unit) else derivation.unit}"
    formula = _ENGLISH.sub(lambda found: _in_language(found, lang), derivation.formula)
    quantity = f"quantity {derivation.quantity}"
    name = word(quantity, lang) if has_label(quantity) else derivation.quantity
    return word("page_formula", lang, quantity=name, formula=formula, result=shown)


def _in_language(found: re.Match[str], lang: Lang) -> str:
    """The few words that stand in formulas."""
    entity = found["entity"]
    return word("page_of_gases", lang) if entity is None else word("page_share_of", lang, entity=entity)


def source_text(source: Source, lang: Lang) -> str:
    """A factor with its value and how it was matched."""
    unit = "" if source.unit == "1" else f" {source.unit}"
    matches = (f"match_{part.strip().replace(' ', '_')}" for part in source.match.split(","))
    match = listed((word(key, lang) if has_label(key) else key.removeprefix("match_") for key in matches), lang)
    return word("page_factor", lang, factor=source.factor, value=f"{source.value}{unit}", match=match)


def places_text(lines: pd.DataFrame, lang: Lang) -> str:
    """Where some lines stand: each file and sheet with its rows as ranges."""
    texts = []
    for (file, sheet), part in lines.groupby(["file", "sheet"], sort=False):
        rows = as_ranges(sorted({int(row) for row in part["row"] if row == row and row}))
        cut = rows if len(rows) <= _RANGES else rows[:_RANGES].rpartition(", ")[0] + " …"
        name = " / ".join(str(item) for item in (file, sheet) if item)
        texts.append(word("page_rows", lang, file=name, rows=cut) if cut else name)
    return listed(filter(None, texts), lang, semicolons=True)


def _with_columns(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines with every column that a page asks for, numbered from 1."""
    texts = ("entity", "site", "source", "file", "sheet", "evidence", "note")
    missing = {name: "" for name in texts if name not in lines}
    rows = {} if "row" in lines else {"row": 0}
    return lines.assign(**missing, **rows).reset_index(drop=True)


def line_cells(line: Mapping[str, Any]) -> tuple[str, ...]:
    """Amount, GJ and t CO2e of a line as printed."""
    return (amount_text(float(line["amount"])), *(number(line[name], 4) for name in _NUMBERS))
