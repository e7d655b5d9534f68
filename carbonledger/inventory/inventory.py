"""The inventory of a set of entries, and its views."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import narwhals as nw

from carbonledger.activity_data.entries import ENTRY_COLUMNS
from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import counted
from carbonledger.core.units import quantity
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Edition
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.coefficients import Plan
from carbonledger.inventory.energy import energy_rows, is_energy_row, with_totals
from carbonledger.inventory.explanation import Explanation, explain_row
from carbonledger.inventory.gases import biogenic_tonnes, gas_rows, group_rows, other_gas_rows
from carbonledger.inventory.invariants import check_parts
from carbonledger.inventory.scope3_categories import category_of
from carbonledger.inventory.sums import PLANNED_AXES, measure_by, sums_by, unknown_axis, with_month

if TYPE_CHECKING:
    import pandas as pd
    from pint.registry import Quantity

__all__ = ["Inventory"]

T = TypeVar("T")

_WORDS = {
    "id": {"subtotal": "subtotal", "total": "total"},
    "en": {"subtotal": "Subtotal", "total": "Total", "non_renewable": "Non-renewable", "renewable": "Renewable"},
    "zh": {"subtotal": "小计", "total": "合计", "non_renewable": "不可再生能源", "renewable": "可再生能源"},
}
_SCOPE_NAMES = {1: "scope 1", 2: "scope 2 (location-based)", 3: "scope 3", 0: "no scope"}


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

    def __repr__(self) -> str:
        years = sorted({row.key.year for row in self.plan.rows if row.key.year})
        when = "-".join(dict.fromkeys(str(year) for year in (years[:1] + years[-1:]))) or "no year"
        frame = nw.from_native(self.lines, eager_only=True, pass_through=True)
        what = "lines not collected"
        if isinstance(frame, nw.DataFrame) and "emissions_tco2e" in frame.columns:
            what = f"{counted(len(frame), 'line')}, {self._total_of_lines:.2f} t CO2e location-based"
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
            In t CO2e.
        """
        return quantity(self._sum("emissions_tco2e"), "t CO2e")

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
        return other_gas_rows(self.plan, self.by_plan())

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
        import numpy as np
        import pandas as pd

        frame, total = nw.from_native(self.lines), self._total_of_lines
        keys = [axis for axis in axes if axis not in PLANNED_AXES and axis != "gas"]
        dated = with_month(frame) if "month" in keys else frame
        if keys == list(axes):
            plain = pd.DataFrame(measure_by(dated, keys, "emissions_tco2e")).sort_values(keys, ignore_index=True)
            check_parts(" x ".join(axes), plain["emissions_tco2e"], total)
            return plain
        sums = pd.DataFrame(measure_by(dated, ["plan_id", *keys], "amount"))
        rows, plan_ids, amounts = self.plan.rows, sums["plan_id"].to_numpy(), sums["amount"].to_numpy()
        for axis in PLANNED_AXES.intersection(axes):
            codes, labels = pd.factorize(pd.Series([self._plan_value(row.plan_id, axis) for row in rows]))
            sums[axis] = pd.Categorical(labels.take(codes[plan_ids]), categories=labels)
        pieces = []
        for gas in self.plan.gases if "gas" in axes else [""]:
            rates = np.array([math.fsum(item.tco2e for item in row.gases if gas in {"", item.gas}) for row in rows])
            piece = sums.assign(emissions_tco2e=amounts * rates[plan_ids])
            pieces.append(piece.assign(gas=gas)[rates[plan_ids] != 0] if gas else piece)
        whole = pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)
        grouped = (
            whole.groupby(list(axes), sort=True, dropna=False, observed=True)["emissions_tco2e"].sum().reset_index()
        )
        check_parts(" x ".join(axes), grouped["emissions_tco2e"], total)
        return grouped

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
            or any column of the entries: ``entity``, ``site``, ``year`` ...

        Returns
        -------
        pandas.DataFrame
            ``axis``; ``energy_gj`` [GJ], of energy carriers; ``emissions_tco2e`` [t CO2e]. By gas: ``tonnes`` [t of the
            gas] instead of energy. The emissions of every view sum to `total_location_based`.

        Raises
        ------
        UnknownAxisError
            If the lines have no such column.
        InvariantError
            If the parts do not sum to the total, which is a defect of the library.
        """
        if axis in {"gas", "gas_group"}:
            return self._by_gas(axis)
        planned = PLANNED_AXES
        if axis in planned:
            sums = self._plan_sums.copy()
            sums[axis] = [self._plan_value(int(plan_id), axis) for plan_id in sums["plan_id"]]
        else:
            names = nw.from_native(self.lines).collect_schema().names()
            if axis not in names:
                raise unknown_axis(axis, names)
            sums = self._sums((axis,))
        energy = [
            value if is_energy_row(self.plan.rows[int(plan_id)]) else 0.0
            for plan_id, value in zip(sums["plan_id"], sums["energy_gj"], strict=True)
        ]
        sums = sums.assign(energy_gj=energy)
        grouped = sums.groupby(axis, sort=axis in planned, dropna=False)[["energy_gj", "emissions_tco2e"]]
        view = grouped.sum(skipna=False).reset_index()
        check_parts(axis, view["emissions_tco2e"], self._sum("emissions_tco2e"))
        return view

    def _plan_value(self, plan_id: int, axis: str) -> Any:
        """A plan row's place on an axis."""
        row = self.plan.rows[plan_id]
        if axis == "scope":
            return _SCOPE_NAMES[row.scope or 0]
        if axis == "scope_3_category":
            return category_of(row.activity, row.key.scope_3_category)
        return row.activity if axis == "activity" else row.category

    def _by_gas(self, axis: str) -> pd.DataFrame:
        """Tonnes and CO2e per gas, or CO2e per group."""
        view = gas_rows(self.plan, self.by_plan()) if axis == "gas" else group_rows(self.plan, self.by_plan())
        check_parts(axis, view["emissions_tco2e"], self._sum("emissions_tco2e"))
        return view

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
        words, table = _WORDS[lang], self._energy.copy()
        labels = {} if lang == "id" else {name: activity.label(lang) for name, activity in taxonomy().items()}
        labels |= {name: words[name] for name in ("subtotal", "total")}
        table["activity"] = table["activity"].map(lambda name: labels.get(name, name))
        table["class"] = table["class"].map(lambda name: words.get(name, name))
        table["entity"] = table["entity"].map(lambda name: (entity_names or {}).get(name, name))
        first = ["level", "class", "activity", "entity", "unit", "amount"]
        ordered = table[[*first, *[name for name in table.columns if name not in first]]]
        return ordered.rename(columns={"activity": "carrier"})

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
        sums = self._sums(axes)
        return with_totals(energy_rows(sums if axes else sums.assign(entity=""), self.plan), _WORDS["id"])

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
