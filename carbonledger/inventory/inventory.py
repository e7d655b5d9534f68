"""The inventory of a set of entries, and its views."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import narwhals as nw

from carbonledger.activity_data.entries import ENTRY_COLUMNS
from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import counted, word
from carbonledger.core.units import quantity
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Edition
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.coefficients import Plan, PlanRow
from carbonledger.inventory.completeness import CompletenessStatement, EntryCounts, completeness_of
from carbonledger.inventory.energy import energy_rows, with_totals
from carbonledger.inventory.explanation import Explanation, explain_row
from carbonledger.inventory.gases import biogenic_tonnes, gas_rows, group_rows, other_gas_rows
from carbonledger.inventory.invariants import check_parts
from carbonledger.inventory.sums import PLANNED_AXES, SOURCE_AXES, axis_view, emissions_view, sums_by, unknown_axis

if TYPE_CHECKING:
    import pandas as pd
    from pint.registry import Quantity

__all__ = ["Inventory"]

T = TypeVar("T")

_WORDS = {
    "id": {"subtotal": "subtotal", "total": "total"},
    "en": {"subtotal": "Subtotal", "non_renewable": "Non-renewable", "renewable": "Renewable"},
    "zh": {"subtotal": "小计", "non_renewable": "不可再生能源", "renewable": "可再生能源"},
}


@dataclass(frozen=True)
class Inventory:
    """Emissions [t CO2e] and energy [GJ] of a set of entries: calculated lines, and views by scope, gas, site or company.

    Parameters
    ----------
    lines : frame of the caller's kind
        One row per entry: its own columns and ``plan_id``, ``scope``, ``category``, ``energy_gj`` [GJ], tonnes per gas
        (``co2_t`` [t]), ``emissions_tco2e`` [t CO2e], ``match`` and ``factor_ids``.
    plan : Plan
        The coefficients and their derivations.
    factors : PinnedFactors
        The editions that could be used.
    gwp : GwpSet
        The potentials used.
    findings : tuple of Finding
        What keeps the inventory from being complete, or is doubtful.
    counts : EntryCounts or None
        The entries behind the figures; None where nobody counted them, as of a lazy frame.
    unpriced : Inventory or None
        The entries of energy carriers whose emissions could not be calculated: their energy counts, their emissions are missing.

    Examples
    --------
    >>> import carbonledger as cl
    >>> rows = [{"activity": "electricity.grid", "amount": 1000, "unit": "MWh", "year": 2022, "region": "CN"}]
    >>> inventory = cl.calculate(cl.read_entries(rows), cl.load_factors("cn-mee-grid-enterprise@2022"), gwp="ipcc-ar5@2013")
    >>> inventory
    Inventory(2022, 1 line, 570.30 t CO2e location-based, 0 findings)
    """

    lines: Any
    plan: Plan
    factors: PinnedFactors
    gwp: GwpSet
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    counts: EntryCounts | None = field(default=None, repr=False)
    unpriced: Inventory | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        years = sorted({row.key.year for part in self.energy_parts for row in part.plan.rows if row.key.year})
        when = "-".join(dict.fromkeys(str(year) for year in (years[:1] + years[-1:]))) or "no year"
        frame = nw.from_native(self.lines, eager_only=True, pass_through=True)
        what = "lines not collected"
        if isinstance(frame, nw.DataFrame) and "emissions_tco2e" in frame.columns:
            part = " of what could be calculated, INCOMPLETE" * self.completeness.is_part
            what = f"{counted(len(frame), 'line')}, {self._total_of_lines:.2f} t CO2e location-based{part}"
        return f"Inventory({when}, {what}, {counted(len(self.findings), 'finding')})"

    def _repr_html_(self) -> str:
        """The totals by scope as a small table, for notebooks."""
        if not isinstance(nw.from_native(self.lines, eager_only=True, pass_through=True), nw.DataFrame):
            return f"<pre>{escape(repr(self))}</pre>"
        return f"<p>{escape(repr(self))}</p>{self.by('scope').to_html(index=False, float_format='{:,.2f}'.format)}"

    @property
    def complete(self) -> bool:
        """Whether every entry was calculated."""
        return not any(finding.severity == "error" for finding in self.findings)

    @cached_property
    def completeness(self) -> CompletenessStatement:
        """What the findings mean for the figures; every frame has it as ``attrs["completeness"]``."""
        return completeness_of(self.findings, self.counts)

    @property
    def energy_parts(self) -> tuple[Inventory, ...]:
        """What the energy is of: the lines, and those without emissions."""
        return (self,) if self.unpriced is None else (self, self.unpriced)

    def energy_amounts(self) -> Iterator[tuple[PlanRow, float]]:
        """Each combination that occurs with its summed amount, in its unit; those without emissions last."""
        for part in self.energy_parts:
            amounts = part.by_plan()
            yield from ((row, amounts[row.plan_id]) for row in part.plan.rows if row.plan_id in amounts)

    def _stated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A view that carries the statement of completeness."""
        frame.attrs["completeness"] = self.completeness.to_dict()
        return frame

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
        return quantity(math.nan if nothing else self._sum("emissions_tco2e"), "t CO2e")

    def biogenic_co2(self) -> Quantity[float]:
        """CO2 of biomass, outside the scopes and in no total.

        Returns
        -------
        pint.Quantity
            In t CO2.
        """
        return quantity(biogenic_tonnes(self.plan, self.by_plan()), "t CO2")

    def other_gases(self) -> pd.DataFrame:
        """Gases that are none of the seven, such as HCFC-22: beside the inventory, in no total.

        Returns
        -------
        pandas.DataFrame
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
        return quantity(float(self.energy_table()["energy_gj"].iloc[-1]), "GJ")

    def _sum(self, column: str) -> float:
        """The sum of a column of the lines."""
        return math.fsum(self._sums(())[column])

    def _sums(self, axes: Sequence[str]) -> pd.DataFrame:
        """Amount, energy and emissions by plan row and by some columns of the lines, in order of appearance."""
        import pandas as pd

        if not axes:
            return self._plan_sums
        frame = nw.from_native(self.lines)
        return pd.DataFrame(sums_by(frame, ["plan_id", *axes]))

    @cached_property
    def _plan_sums(self) -> pd.DataFrame:
        """Amount, energy and emissions by plan row."""
        import pandas as pd

        return pd.DataFrame(sums_by(nw.from_native(self.lines), ["plan_id"]))

    def by_plan(self) -> dict[int, float]:
        """The summed amount of each plan row, in the row's unit."""
        return {int(plan_id): float(amount) for plan_id, amount in self._plan_sums[["plan_id", "amount"]].to_numpy()}

    def plan_totals(self) -> list[tuple[int, float, int]]:
        """Each plan row's number, its emissions in t CO2e and how many lines it has."""
        sums = self._plan_sums[["plan_id", "emissions_tco2e", "lines"]]
        return [(int(plan_id), float(emissions), int(lines)) for plan_id, emissions, lines in sums.to_numpy()]

    def view(self, *axes: str) -> pd.DataFrame:
        """Emissions over several axes at once.

        Parameters
        ----------
        *axes : str
            ``scope``, ``gas``, ``activity``, ``category``, ``scope_3_category``, ``month`` (of the first day: 202403), or any column
            of the entries.

        Returns
        -------
        pandas.DataFrame
            The axes and ``emissions_tco2e`` [t CO2e], one row per combination that occurs. It sums to `total_location_based`.

        Raises
        ------
        UnknownAxisError
            If the lines have no such column.
        InvariantError
            If the parts do not sum to the total, which is a defect of the library.
        """
        total = self._total_of_lines
        view = emissions_view(nw.from_native(self.lines), self.plan, axes)
        check_parts(" x ".join(axes), view["emissions_tco2e"], total)
        return self._stated(view)

    @cached_property
    def _total_of_lines(self) -> float:
        """The sum over all lines, t CO2e, by itself and not over any view."""
        summed = nw.from_native(self.lines).select(nw.col("emissions_tco2e").sum())
        eager = summed.collect() if isinstance(summed, nw.LazyFrame) else summed
        return float(eager.item() or 0.0)

    def by(self, axis: str) -> pd.DataFrame:
        """Energy and emissions along one axis.

        Parameters
        ----------
        axis : str
            ``scope``, ``gas``, ``gas_group`` (the seven), ``activity``, ``category`` (of ISO 14064-1), ``scope_3_category``,
            ``line`` for every company, site, source and activity, or any column of the entries: ``entity``, ``site``, ``year`` ...

        Returns
        -------
        pandas.DataFrame
            ``axis`` (for ``line`` its four columns); ``energy_gj`` [GJ], of energy carriers;
            ``emissions_tco2e`` [t CO2e], not a number where none could be
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
        check_parts(axis, view["emissions_tco2e"].fillna(0.0), self._sum("emissions_tco2e"))
        return self._stated(view)

    def _by(self, axis: str) -> pd.DataFrame:
        """Energy and emissions along an axis that is no gas; entries without emissions count beside."""
        axes = SOURCE_AXES if axis == "line" else (axis,)
        stated = [name for name in axes if name not in PLANNED_AXES]
        if stated:
            names = nw.from_native(self.lines).collect_schema().names()
            if not set(stated) <= set(names):
                raise unknown_axis(axis, names)
        parts = [part._sums(stated) for part in self.energy_parts]
        return axis_view([(part.plan, sums) for part, sums in zip(self.energy_parts, parts, strict=True)], axes)

    def energy_table(
        self, lang: Literal["en", "zh", "id"] = "en", entity_names: Mapping[str, str] | None = None
    ) -> pd.DataFrame:
        """Energy by class, carrier and company, with subtotals and total.

        Parameters
        ----------
        lang : {"en", "zh", "id"}
            The language of the labels; ``id`` leaves the names of taxonomy and entries.
        entity_names : mapping of str to str, optional
            What to print for each company.

        Returns
        -------
        pandas.DataFrame
            ``level``, ``class``, ``carrier``, ``entity``, ``unit``, ``amount``, ``energy_gj`` [GJ], ``energy_mwh`` [MWh],
            ``energy_tce`` [tce at 29.3076 GJ], ``standard_coal_tce`` [tce by coefficient, if pinned], ``share_percent`` [%
            of the total GJ; that of the renewable subtotal is the renewable share].
        """
        words, table = dict(_WORDS[lang]), self._energy.copy()
        if lang != "id":
            words["total"] = word(self.completeness.sum_label, lang)
        labels = {} if lang == "id" else {name: activity.label(lang) for name, activity in taxonomy().items()}
        labels |= {name: words[name] for name in ("subtotal", "total")}
        table["activity"] = table["activity"].map(lambda name: labels.get(name, name))
        table["class"] = table["class"].map(lambda name: words.get(name, name))
        table["entity"] = table["entity"].map(lambda name: (entity_names or {}).get(name, name))
        first = ["level", "class", "activity", "entity", "unit", "amount"]
        ordered = table[[*first, *[name for name in table.columns if name not in first]]]
        return self._stated(ordered.rename(columns={"activity": "carrier"}))

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
        axes = ("entity",) if "entity" in nw.from_native(self.lines).collect_schema().names() else ()
        amounts = (
            (part.plan.rows[int(plan_id)], str(entity or ""), float(amount))
            for part in self.energy_parts
            for plan_id, entity, amount in part._amounts(axes)
        )
        return with_totals(energy_rows(amounts), _WORDS["id"])

    def _amounts(self, axes: Sequence[str]) -> Iterator[tuple[int, str, float]]:
        """The amount of each plan row by company, in order of appearance."""
        sums = self._sums(axes)
        entities = sums[axes[0]] if axes else [""] * len(sums)
        return zip(sums["plan_id"], entities, sums["amount"], strict=True)

    def renewable_share(self) -> float:
        """The share of renewable energy in the total.

        Returns
        -------
        float
            A fraction of the GJ of the energy table; not a number if there is no energy.
        """
        table = self.energy_table()
        total = float(table["energy_gj"].iloc[-1])
        renewable = table.loc[
            (table["level"] == "subtotal") & (table["class"] == _WORDS["en"]["renewable"]), "energy_gj"
        ]
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
