"""The inventory of a set of entries, and its views."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

import narwhals as nw

from carbonledger.activity_data.entries import ENTRY_COLUMNS
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, counted, word
from carbonledger.core.record_html import record_html
from carbonledger.core.units import quantity
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Edition
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.coefficients import Plan, PlanRow
from carbonledger.inventory.completeness import CompletenessStatement, EntryCounts, completeness_of
from carbonledger.inventory.energy import ENERGY_WORDS, energy_rows, labelled, with_totals
from carbonledger.inventory.explanation import Explanation, explain_row
from carbonledger.inventory.frame_kinds import FrameT, has_own_views, in_kind_of
from carbonledger.inventory.gases import biogenic_tonnes, gas_rows, group_rows, other_gas_rows
from carbonledger.inventory.invariants import check_parts
from carbonledger.inventory.planned_rows import DrawnLines, LineSums
from carbonledger.inventory.scope_table import scopes_html
from carbonledger.inventory.sums import AMOUNT, DERIVED_AXES, LINES, PLANNED_AXES, axis_view, emissions_view

if TYPE_CHECKING:
    import pandas as pd
    from pint.registry import Quantity

__all__ = ["Inventory"]

T = TypeVar("T")


@dataclass(frozen=True)
class Inventory(Generic[FrameT]):
    """Emissions [t CO2e] and energy [GJ] of a set of entries: calculated lines, and views by scope, gas, site or company.

    Views are in the kind of the lines: of Polars lines, lazy ones too, Polars; of PyArrow lines PyArrow; of all others pandas, with the
    statement of completeness in ``attrs``.

    Parameters
    ----------
    lines : frame of the caller's kind
        One row per entry: its own columns and ``plan_id``, ``scope``, ``category``, ``energy_gj`` [GJ], tonnes per gas
        (``co2_t`` [t]), ``emissions_tco2e`` [t CO2e], ``match`` and ``factor_ids``. Made when they are first asked for.
    plan : Plan
        The coefficients and their derivations.
    factors : PinnedFactors
        The editions that could be used.
    gwp : GwpSet
        The potentials used.
    findings : tuple of Finding
        What keeps the inventory from being complete, or is doubtful.
    counts : EntryCounts or None
        The entries behind the figures; None where nobody counted them.
    unpriced : Inventory or None
        The entries of energy carriers whose emissions could not be calculated: their energy counts, their emissions are missing.
    has_pandas_views : bool
        Whether views are pandas whatever the lines are, see `in_pandas`.

    Examples
    --------
    >>> import carbonledger as cl
    >>> rows = [{"activity": "electricity.grid", "amount": 1000, "unit": "MWh", "year": 2022, "region": "CN"}]
    >>> inventory = cl.calculate(cl.read_entries(rows), cl.load_factors("cn-mee-grid-enterprise@2022"), gwp="ipcc-ar5@2013")
    >>> inventory
    Inventory(2022, 1 line, 570.30 t CO2e location-based, 0 findings)
    """

    if TYPE_CHECKING:
        lines: Any
    else:
        lines: Any = DrawnLines()
    plan: Plan
    factors: PinnedFactors
    gwp: GwpSet
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    counts: EntryCounts | None = field(default=None, repr=False)
    unpriced: Inventory[Any] | None = field(default=None, repr=False)
    has_pandas_views: bool = field(default=False, repr=False)

    def __repr__(self) -> str:
        part = " of what could be calculated, INCOMPLETE" * self.completeness.is_part
        what = f"{counted(self._sums.count, 'line')}, {self._sums.total_tco2e:.2f} t CO2e location-based{part}"
        return f"Inventory({self._years or 'no year'}, {what}, {counted(len(self.findings), 'finding')})"

    def to_html(self, lang: Lang = "en") -> str:
        """What is missing or in doubt, and energy [GJ] and emissions [t CO2e] by scope, as a notebook shows them, in a language."""
        lines = f"{self._sums.count:,}"
        title = word("notebook_inventory", lang, years=self._years, lines=lines, gwp=self.gwp.edition)
        table = scopes_html(self.in_pandas.by("scope"), self._headline(), self.completeness, lang)
        return record_html(lang, title, self.completeness.lines(lang), table)

    def _headline(self) -> tuple[float, float]:
        """The energy, GJ, and the emissions, t CO2e, of all lines."""
        return float(self.total_energy().magnitude), float(self.total_location_based().magnitude)

    def _repr_html_(self) -> str:
        return self.to_html()

    @property
    def _years(self) -> str:
        """The first and last year of the entries; empty if they state none."""
        years = sorted({row.key.year for part in self.energy_parts for row in part.plan.rows if row.key.year})
        return "-".join(dict.fromkeys(str(year) for year in (years[:1] + years[-1:])))

    @cached_property
    def _sums(self) -> LineSums:
        """The sums of the lines, of which every view is made."""
        return LineSums(self.__dict__["lines"], self.plan)

    @cached_property
    def in_pandas(self) -> Inventory[pd.DataFrame]:
        """The same inventory with pandas views, whatever kind its lines are."""
        same: Any = self
        if self.has_pandas_views or not has_own_views(self._sums.kind):
            return cast("Inventory[pd.DataFrame]", same)
        own = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "lines"}
        return Inventory(self.__dict__["lines"], **{**own, "has_pandas_views": True})

    @property
    def complete(self) -> bool:
        """Whether every entry was calculated."""
        return not any(finding.severity == "error" for finding in self.findings)

    @cached_property
    def completeness(self) -> CompletenessStatement:
        """What the findings mean for the figures; every pandas view has it as ``attrs["completeness"]``."""
        return completeness_of(self.findings, self.counts)

    @property
    def energy_parts(self) -> tuple[Inventory[Any], ...]:
        """What the energy is of: the lines, and those without emissions."""
        return (self,) if self.unpriced is None else (self, self.unpriced)

    def energy_amounts(self) -> Iterator[tuple[PlanRow, float]]:
        """Each combination that occurs with its summed amount, in its unit; those without emissions last."""
        for part in self.energy_parts:
            amounts = part.by_plan()
            yield from ((row, amounts[row.plan_id]) for row in part.plan.rows if row.plan_id in amounts)

    def _stated(self, frame: pd.DataFrame, axes: Sequence[str] = ()) -> FrameT:
        """A view in the caller's kind; one of pandas carries the statement of completeness."""
        frame.attrs["completeness"] = self.completeness.to_dict()
        given: FrameT = in_kind_of(frame if self.has_pandas_views else self._sums.kind_with(axes), frame, axes)
        return given

    @property
    def editions(self) -> Mapping[str, Edition]:
        """Every edition that could be used, by id, and the compositions of blends that were."""
        editions = {edition.id: edition for edition in (*self.factors.editions, self.gwp.source)}
        used = {factor.edition for row in self.plan.rows for factor in row.factors}
        return editions | {name: read_edition(name) for name in sorted(used - editions.keys())}

    def total_location_based(self) -> Quantity[float]:
        """Gross emissions: scopes 1, 2 (location-based) and 3, registers apart.

        Returns
        -------
        pint.Quantity
            In t CO2e: the sum of what could be calculated, which is no total where `completeness` says ``is_part``; not a number if
            nothing could be.
        """
        nothing = self.completeness.energy_alone or (not self.plan.rows and self.completeness.is_part)
        return quantity(math.nan if nothing else math.fsum(self._sums.by_plan["emissions_tco2e"]), "t CO2e")

    def biogenic_co2(self) -> Quantity[float]:
        """CO2 of biomass, outside the scopes and in no total.

        Returns
        -------
        pint.Quantity
            In t CO2.
        """
        return quantity(biogenic_tonnes(self.plan, self.by_plan()), "t CO2")

    def other_gases(self) -> FrameT:
        """Gases that are none of the seven, such as HCFC-22: beside the inventory, in no total.

        Returns
        -------
        frame
            ``gas``, ``tonnes`` [t of the gas], ``gwp`` [t CO2e/t], ``outside_total_tco2e`` [t CO2e].
        """
        return self._stated(other_gas_rows(self.plan, self.by_plan()))

    def total_energy(self) -> Quantity[float]:
        """Energy used.

        Returns
        -------
        pint.Quantity
            In GJ; not a number if a carrier has no calorific value.
        """
        return quantity(float(self._energy["energy_gj"].iloc[-1]), "GJ")

    def by_plan(self) -> dict[int, float]:
        """The summed amount of each plan row, in the row's unit."""
        return {int(plan_id): float(amount) for plan_id, amount in self._sums.by_plan[["plan_id", AMOUNT]].to_numpy()}

    def plan_totals(self) -> list[tuple[int, float, int]]:
        """Each plan row's number, its emissions in t CO2e and how many lines it has."""
        sums = self._sums.by_plan[["plan_id", "emissions_tco2e", LINES]]
        return [(int(plan_id), float(emissions), int(lines)) for plan_id, emissions, lines in sums.to_numpy()]

    def view(self, *axes: str) -> FrameT:
        """Emissions over several axes at once.

        Parameters
        ----------
        *axes : str
            ``scope``, ``gas``, ``activity``, ``category``, ``scope_3_category``, ``month`` (of the first day: 202403), or any column
            of the entries.

        Returns
        -------
        frame
            The axes and ``emissions_tco2e`` [t CO2e], one row per combination that occurs. It sums to `total_location_based`.

        Raises
        ------
        UnknownAxisError
            If the lines have no such column.
        InvariantError
            If the parts do not sum to the total, which is a defect of the library.
        """
        total = self._sums.total_tco2e
        columns = [axis for axis in axes if axis not in PLANNED_AXES and axis != "gas"]
        view = emissions_view(self.plan, axes, self._sums.sums(columns))
        check_parts(" x ".join(axes), view["emissions_tco2e"], total)
        return self._stated(view, [axis for axis in axes if axis not in DERIVED_AXES])

    def by(self, axis: str) -> FrameT:
        """Energy and emissions along one axis.

        Parameters
        ----------
        axis : str
            ``scope``, ``gas``, ``gas_group`` (the seven), ``activity``, ``carrier``, ``category`` (ISO 14064-1), ``scope_3_category``,
            or any column of the entries: ``entity``, ``site``, ``year`` ...

        Returns
        -------
        frame
            ``axis``; ``energy_gj`` [GJ], of energy carriers; ``emissions_tco2e`` [t CO2e], not a number where none could be
            calculated. By gas: ``tonnes`` [t of the gas] instead of energy. The emissions of every view sum to `total_location_based`.
            ``without_emissions``, only if there are any, says how many energy entries of a row have energy and no emissions.

        Raises
        ------
        UnknownAxisError
            If the lines have no such column.
        InvariantError
            If the parts do not sum to the total, which is a defect of the library.
        """
        if axis in {"gas", "gas_group"}:
            rows = gas_rows if axis == "gas" else group_rows
            view = rows(self.plan, self.by_plan())
        else:
            view = self._by(axis)
        check_parts(axis, view["emissions_tco2e"].fillna(0.0), math.fsum(self._sums.by_plan["emissions_tco2e"]))
        return self._stated(view, () if axis in DERIVED_AXES else (axis,))

    def by_source(self) -> FrameT:
        """The view of `by` along ``entity``, ``site``, ``source`` and ``activity`` at once, in the order of the entries."""
        axes = ("entity", "site", "source", "activity")
        return self._stated(self._by(*axes), axes)

    def _by(self, *axes: str) -> pd.DataFrame:
        """Energy and emissions along axes that are no gas; entries without emissions count beside."""
        columns = [axis for axis in axes if axis not in PLANNED_AXES]
        return axis_view([(part.plan, part._sums.sums(columns)) for part in self.energy_parts], *axes)

    def energy_table(
        self, lang: Literal["en", "zh", "id"] = "en", entity_names: Mapping[str, str] | None = None
    ) -> FrameT:
        """Energy by class, carrier and company, with subtotals and total.

        Parameters
        ----------
        lang : {"en", "zh", "id"}
            The language of the labels; ``id`` leaves the names of taxonomy and entries.
        entity_names : mapping of str to str, optional
            What to print for each company.

        Returns
        -------
        frame
            ``level``, ``class``, ``carrier``, ``entity``, ``unit``, ``amount``, ``energy_gj`` [GJ], ``energy_mwh`` [MWh],
            ``energy_tce`` [tce at 29.3076 GJ], ``standard_coal_tce`` [tce by coefficient, if pinned], ``share_percent`` [%
            of the total GJ; that of the renewable subtotal is the renewable share].
        """
        return self._stated(labelled(self._energy, lang, self.completeness.sum_label, entity_names or {}))

    def remembered(self, name: str, calculate: Callable[[], T]) -> T:
        """What another room derives from the inventory, calculated once for each name."""
        if name not in self._derived:
            self._derived[name] = calculate()
        derived: T = self._derived[name]
        return derived

    @cached_property
    def _derived(self) -> dict[str, Any]:
        """Results by name, see `remembered`."""
        return {}

    @cached_property
    def _energy(self) -> pd.DataFrame:
        """The energy table by the ids of taxonomy and entries, summed once."""
        axes = ("entity",) if "entity" in nw.from_native(self._sums.kind).collect_schema().names() else ()
        amounts = (
            (part.plan.rows[int(plan_id)], str(entity or ""), float(amount))
            for part in self.energy_parts
            for plan_id, entity, amount in part._amounts(axes)
        )
        return with_totals(energy_rows(amounts), ENERGY_WORDS["id"])

    def _amounts(self, axes: Sequence[str]) -> Iterator[tuple[int, str, float]]:
        """The amount of each plan row by company, in order of appearance."""
        sums = self._sums.sums(axes)
        entities = sums[axes[0]] if axes else [""] * len(sums)
        return zip(sums["plan_id"], entities, sums[AMOUNT], strict=True)

    def renewable_share(self) -> float:
        """The share of renewable energy in the total.

        Returns
        -------
        float
            A fraction of the GJ of the energy table; not a number if there is no energy.
        """
        table = self._energy
        total = float(table["energy_gj"].iloc[-1])
        renewable = table.loc[(table["level"] == "subtotal") & (table["class"] == "renewable"), "energy_gj"]
        return float(renewable.sum()) / total if total else math.nan

    def explain(self, line: int) -> Explanation:
        """How a line came about.

        Parameters
        ----------
        line : int
            Counted from 1, in the order of the lines.

        Returns
        -------
        Explanation
            Prints as text.

        Raises
        ------
        IndexError
            If there is no such line.
        """
        frame = nw.from_native(self.lines)
        eager = frame.head(line).collect() if isinstance(frame, nw.LazyFrame) else frame
        if not 1 <= line <= len(eager):
            raise IndexError(f"there is no line {line}; lines count from 1 to {len(eager)}.")
        cells = eager.row(line - 1)
        entry = dict(zip(eager.columns, cells, strict=True))
        row = self.plan.rows[int(entry["plan_id"])]
        own = {name: value for name, value in entry.items() if name in ENTRY_COLUMNS}
        return explain_row(own, row, self.editions, entry.get("consolidation_share"))
