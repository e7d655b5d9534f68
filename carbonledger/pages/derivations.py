"""Derivations behind the figures of a page: which lines a figure is made of, by which formula, from which factor and row.

A figure may rest on thousands of lines. Lines that share activity, unit, region, year and factor are one kind: they have one formula, which
is linear, so that it holds for their summed amount. A figure lists its largest kinds, and each kind lists its rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Lang, has_label, listed, word
from carbonledger.core.rounding import decimal_of
from carbonledger.inventory.coefficients import ROUNDING, PlanRow
from carbonledger.inventory.energy import is_energy_row
from carbonledger.inventory.explanation import Derivation, Explanation, Source, explain_row
from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.sums import AMOUNT, LINES, sums_by
from carbonledger.reporting.console import amount_text, number
from carbonledger.reporting.report import Report
from carbonledger.tables.sheet_form import as_ranges

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "EMISSIONS",
    "ENERGY",
    "Behind",
    "Kind",
    "Ledger",
    "Measure",
    "counted_lines",
    "formula_text",
    "line_cells",
    "source_text",
    "without_binary_rest",
]

# How many kinds of lines one figure lists, and how long the list of their rows may be.
_KINDS, _RANGES = 8, 160
_NUMBERS = "energy_gj", "emissions_tco2e"
_SUMMED = ("amount", *_NUMBERS, "lines")
_ENGLISH = re.compile(r" ?\(share of (?P<entity>[^)]*)\)|t CO2e of the gases")


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

    def shows(self, gas: str, derivation: Derivation) -> bool:
        """Whether a formula belongs to the figure."""
        if self.name == "energy_gj" or not gas:
            return self.name == "energy_gj" and not gas
        # That a tonne of CO2 is a tonne of CO2e stands in the full derivation.
        return self.gas in {"", gas} and not (gas == "CO2" and derivation.quantity == "CO2e")


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
    lines : str
        How many; empty where it is no line of entries.
    places : str
        File and rows.
    formulas : tuple of str
        Amount, coefficients and result.
    sources : tuple of str
        The factors with how they were matched.
    """

    number: int
    title: str
    lines: str
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
    more : int
        How many kinds are not listed.
    remarks : tuple of str
        What is to be said besides.
    """

    kinds: tuple[Kind, ...]
    more: int = 0
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of one kind behind a figure, before they are put into words.

    Parameters
    ----------
    kind : int
        Number of the plan row.
    amount : float
        In the unit of the plan row.
    lines : int
        How many.
    places : tuple of (str, str)
        Each file, and its rows as ranges.
    share : float or None
        At which all of them were consolidated.
    entity : str
        Whose share it is.
    """

    kind: int
    amount: float
    lines: int
    places: tuple[tuple[str, str], ...]
    share: float | None
    entity: str


class Ledger:
    """The lines of a report with what they came from.

    Parameters
    ----------
    report : Report
        Calculated on pandas.
    """

    def __init__(self, report: Report) -> None:
        self.inventory = report.inventory
        parts = self.inventory.energy_parts
        self.rows = [row for part in parts for row in part.plan.rows]
        self.lines = _lines_of(parts)
        self._told: dict[tuple[int, float, float | None, str], Explanation] = {}
        self._found: dict[tuple[bytes, Measure], tuple[tuple[_Part, ...], int, int]] = {}

    @cached_property
    def _editions(self) -> Mapping[str, Any]:
        """Every edition by its id, read once."""
        return {name: edition for part in self.inventory.energy_parts for name, edition in part.editions.items()}

    @cached_property
    def totals(self) -> Mapping[int, Mapping[str, float]]:
        """By kind of lines: ``amount``, ``energy_gj``, ``emissions_tco2e`` and ``lines``."""
        sums = sums_by(nw.from_native(self.lines[["kind", "amount", *_NUMBERS]]), ["kind"])
        rows = zip(*(sums[name] for name in ("kind", AMOUNT, *_NUMBERS, LINES)), strict=True)
        return {int(kind): dict(zip(_SUMMED, values, strict=True)) for kind, *values in rows}

    def row(self, kind: int) -> PlanRow:
        """The plan row of a kind of lines."""
        return self.rows[kind]

    def which(self, chosen: Callable[[PlanRow], bool]) -> pd.Series[bool]:
        """Which lines have a plan row of some sort."""
        wanted = {kind for kind, row in enumerate(self.rows) if chosen(row)}
        found: pd.Series[bool] = self.lines["kind"].isin(wanted)
        return found

    def of_activities(self, names: set[str]) -> pd.Series[bool]:
        """Which lines are of some activities."""
        return self.which(lambda row: row.activity in names)

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
        parts, more, missing = self._parts(chosen, measure)
        said = (word("page_without_emissions", lang, lines=counted_lines(missing, lang)),) if missing else ()
        if not parts:
            return Behind((), remarks=said or (word("page_no_lines", lang),))
        return Behind(tuple(self._kind(part, measure, lang) for part in parts), more, said)

    def _parts(self, chosen: pd.Series[bool] | None, measure: Measure) -> tuple[tuple[_Part, ...], int, int]:
        """The largest kinds of lines behind a figure, how many more there are, and how many lines have no emissions."""
        key = b"" if chosen is None else chosen.to_numpy().tobytes(), measure
        if key not in self._found:
            self._found[key] = self._sorted_parts(chosen, measure)
        return self._found[key]

    def _sorted_parts(self, chosen: pd.Series[bool] | None, measure: Measure) -> tuple[tuple[_Part, ...], int, int]:
        """The same, found anew."""
        meant = self.lines if chosen is None else self.lines[chosen]
        counted = {kind for kind, row in enumerate(self.rows) if _counts(row, measure)}
        lines = meant[meant["kind"].isin(counted)]
        missing = 0 if measure.name == "energy_gj" else int(meant["emissions_tco2e"].isna().sum())
        if lines.empty:
            return (), 0, missing
        sums = sums_by(nw.from_native(lines[["kind", "amount", *_NUMBERS]]), ["kind"])
        columns = zip(sums["kind"], sums[AMOUNT], sums[measure.name], sums[LINES], strict=True)
        order = sorted(columns, key=lambda item: (-abs(item[2]) if item[2] == item[2] else 0.0, item[0]))
        parts = []
        for kind, amount, _, count in order[:_KINDS]:
            own = lines[lines["kind"] == kind]
            parts.append(_Part(int(kind), float(amount), int(count), tuple(_places(own)), *_share(own)))
        return tuple(parts), max(0, len(order) - _KINDS), missing

    def _kind(self, part: _Part, measure: Measure, lang: Lang) -> Kind:
        """The lines of one plan row behind a figure."""
        told = self.explained(part.kind, part.amount, part.share, part.entity)
        row = self.row(part.kind)
        gases = zip(_gases_of(row), told.derivations, strict=True)
        shown = [derivation for gas, derivation in gases if measure.shows(gas, derivation)]
        factors = _factors_of(row, measure)
        used = [source for source in told.sources if source.factor in factors]
        formulas = tuple(formula_text(item, lang) for item in shown) or (self.remark(part.kind, lang),)
        places = (word("page_rows", lang, file=file, rows=rows) if rows else file for file, rows in part.places)
        return Kind(
            part.kind,
            self.title(part.kind, lang),
            counted_lines(part.lines, lang),
            listed(filter(None, places), lang, semicolons=True),
            formulas,
            tuple(source_text(source, lang) for source in used),
        )

    def explained(self, kind: int, amount: float, share: float | None = None, entity: str = "") -> Explanation:
        """The derivation of an amount of one kind of lines, made once for each amount."""
        key = kind, amount, share, entity
        if key not in self._told:
            entry = {"amount": without_binary_rest(amount), "entity": entity}
            self._told[key] = explain_row(entry, self.row(kind), self._editions, share)
        return self._told[key]

    def remark(self, kind: int, lang: Lang) -> str:
        """What is said of lines without emissions."""
        if kind >= len(self.inventory.plan.rows):
            return word("page_no_factor", lang)
        register = taxonomy()[self.row(kind).activity].kind == "register"
        return word("page_register_line" if register else "page_no_emissions", lang)

    def title(self, kind: int, lang: Lang) -> str:
        """A kind of lines in words: activity, region, year."""
        row = self.row(kind)
        return " · ".join(filter(None, (taxonomy()[row.activity].label(lang), row.key.region, str(row.key.year or ""))))


def _counts(row: PlanRow, measure: Measure) -> bool:
    """Whether a plan row can be part of a figure."""
    if measure.name == "energy_gj":
        return is_energy_row(row)
    return any(measure.gas in {"", gas.gas} for gas in row.gases)


def _gases_of(row: PlanRow) -> list[str]:
    """The gas of each derivation of a plan row, in their order; empty for those of energy."""
    energy = [""] * ((row.energy_gj is not None) + (row.standard_coal_tce is not None))
    twice = {gas.gas for gas in row.gases if gas.gwp is not None or gas.gas == ROUNDING}
    return energy + [gas.gas for gas in row.gases for _ in range(2 if gas.gas in twice else 1)]


def _factors_of(row: PlanRow, measure: Measure) -> set[str]:
    """The references of the factors in a figure's formulas."""
    steps = [*row.energy_steps, *row.coal_steps]
    found = []
    if measure.name != "energy_gj":
        gases = [gas for gas in row.gases if measure.gas in {"", gas.gas}]
        steps = [step for gas in gases for step in gas.steps]
        found = [gas.gwp for gas in gases if gas.gwp and gas.gas != "CO2"]
    return {factor.reference for factor in (*found, *(step.factor for step in steps)) if factor}


def _share(lines: pd.DataFrame) -> tuple[float | None, str]:
    """The share at which some lines were consolidated, and of which company, if it is one."""
    if "consolidation_share" not in lines:
        return None, ""
    shares, entities = lines["consolidation_share"].unique(), lines["entity"].unique()
    one = len(shares) == len(entities) == 1 and shares[0] == shares[0]
    return (float(shares[0]), str(entities[0])) if one else (None, "")


def formula_text(derivation: Derivation, lang: Lang) -> str:
    """A formula with its result, in a language."""
    unit = f"unit of {derivation.unit}"
    shown = f"{decimal_of(derivation.value).normalize():f} {word(unit, lang) if has_label(unit) else derivation.unit}"
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


def _places(lines: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Where some lines stand: each file and sheet with its rows as ranges."""
    found: dict[tuple[str, str], set[int]] = {}
    for file, sheet, row in zip(lines["file"], lines["sheet"], lines["row"], strict=True):
        found.setdefault((str(file or ""), str(sheet or "")), set()).add(int(row or 0))
    for names, numbers in found.items():
        rows = as_ranges(sorted(numbers - {0}))
        cut = rows if len(rows) <= _RANGES else rows[:_RANGES].rpartition(", ")[0] + " …"
        yield " / ".join(filter(None, names)), cut


def _lines_of(parts: Sequence[Inventory]) -> pd.DataFrame:
    """The lines of some inventories with every column that a page asks for, each with the number of its kind."""
    import pandas as pd

    frames: list[pd.DataFrame] = []
    first = 0
    for part in parts:
        lines = part.lines
        texts = ("entity", "site", "source", "file", "sheet", "evidence", "note")
        missing: dict[str, Any] = {name: "" for name in texts if name not in lines}
        missing |= {} if "row" in lines else {"row": 0}
        frames.append(lines.assign(**missing, kind=lines["plan_id"] + first))
        first += len(part.plan.rows)
    return pd.concat(frames, ignore_index=True)


def counted_lines(count: int, lang: Lang) -> str:
    """A number of lines in words."""
    return word("page_count_one" if count == 1 else "page_count", lang, count=f"{count:,}")


def without_binary_rest(value: float) -> float:
    """A sum of decimals without what binary addition leaves of it behind the fifteenth digit."""
    return float(f"{value:.15g}")


def line_cells(line: Mapping[str, Any]) -> tuple[str, ...]:
    """Amount, GJ and t CO2e of a line as printed."""
    return (amount_text(float(line["amount"])), *(number(line[name], 4) for name in _NUMBERS))
