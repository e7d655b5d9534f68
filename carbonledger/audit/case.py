"""What the checks look at, how far they let figures go, and what they report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

from carbonledger.activity_data.registers import RegisterEntry
from carbonledger.activity_data.sites import Site
from carbonledger.activity_data.source_bills import SourceBills
from carbonledger.core.findings import Finding
from carbonledger.core.strict_fields import RECORD, Number, Whole
from carbonledger.disclosure.intensity import Driver
from carbonledger.environment.registers import Environment
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.inventory import Inventory
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.network import Contradiction
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.published.verdicts import Relation, Verdict
from carbonledger.scope2.instruments import Instrument
from carbonledger.scope2.market_based import MarketBased

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SOURCE", "AuditCase", "InstrumentSettings", "Thresholds", "name_of"]

SOURCE = ["entity", "site", "source", "activity"]


@pydantic_dataclass(frozen=True, slots=True, config=RECORD)
class Thresholds:
    """Tolerances of the checks; each can be set under ``[checks]`` of ``book.toml``.

    Parameters
    ----------
    near_power_of_ten : float
        How near the decimal logarithm of a ratio must be to 3 or 4.
    meter_tolerance : float
        What meters of one site may differ by, as a fraction.
    implied_factor : float
        How near an implied factor must be to a published one, as a fraction.
    factor_lag_years : int
        How many years a grid factor may be older than its activity.
    fuel_rate_min, fuel_rate_max : float
        T CO2e per GJ of a fossil fuel.
    grid_rate_max, heat_rate_max : float
        T CO2e per MWh of electricity; per GJ of heat.
    diesel_kg_per_litre : float
        Above which a factor of diesel is not of combustion alone.
    unexplained_change_percent : float
        How much a line may change against last year.
    fallback_percent : float
        The share of the total, in per cent, from which a factor that could be nearer is a warning and no note.
    near_duplicate_days : int
        How near two equal bills may begin.
    largest_source_gj : float
        What the power or heat of the largest plants is in a year.
    fuel_plant_ratio : float
        How many times that a plant may burn.
    carrier_ratio : float
        How many times all other carriers of a site one of them may be.
    person_kwh_min, person_kwh_max, m2_kwh_min, m2_kwh_max : float
        The energy of a year for one person and one square metre.
    """

    near_power_of_ten: Number = Field(default=0.15, gt=0, lt=0.5)
    meter_tolerance: Number = Field(default=0.02, gt=0, lt=1)
    implied_factor: Number = Field(default=0.01, gt=0, lt=1)
    factor_lag_years: Whole = Field(default=2, ge=0)
    fuel_rate_min: Number = Field(default=0.03, ge=0)
    fuel_rate_max: Number = Field(default=0.12, gt=0)
    grid_rate_max: Number = Field(default=1.6, gt=0)
    heat_rate_max: Number = Field(default=0.25, gt=0)
    diesel_kg_per_litre: Number = Field(default=3.0, gt=0)
    unexplained_change_percent: Number = Field(default=30.0, gt=0)
    fallback_percent: Number = Field(default=2.0, ge=0)
    near_duplicate_days: Whole = Field(default=35, ge=0)
    largest_source_gj: Number = Field(default=1e8, gt=0)
    fuel_plant_ratio: Number = Field(default=10.0, ge=1)
    carrier_ratio: Number = Field(default=2e5, gt=1)
    person_kwh_min: Number = Field(default=20.0, ge=0)
    person_kwh_max: Number = Field(default=5e7, gt=0)
    m2_kwh_min: Number = Field(default=0.5, ge=0)
    m2_kwh_max: Number = Field(default=5e4, gt=0)


@dataclass(frozen=True, slots=True)
class InstrumentSettings:
    """What a book says of its instruments beyond their records.

    Parameters
    ----------
    own_attributes, direct_line_attributes : str
        ``kept``, ``sold`` or ``by_certificate``; what became of the certificates of own generation and of a direct line.
    retired_by : bool
        Whether the book states the last day of retirement for its year.
    unlisted : tuple of Instrument
        Instruments in a file of the folder that the settings do not name.
    """

    own_attributes: str = "kept"
    direct_line_attributes: str = "kept"
    retired_by: bool = False
    unlisted: tuple[Instrument, ...] = ()


class AuditCase:
    """A calculated inventory with its context: what the checks look at.

    The reporting year of a book is one; it calculates each attribute once, when it is first asked for.

    Attributes
    ----------
    inventory : Inventory
        Of the reporting year, on pandas.
    year : int
        The reporting year.
    previous : Inventory or None
        Of the year before.
    all_entries : pandas.DataFrame or None
        The entries of all years, before anything was consolidated.
    scope_2 : MarketBased or None
        Both methods, if the book forms both.
    instruments : tuple of Instrument
        Every instrument on record, claimed or refused.
    published : mapping
        Published figures by id.
    verdicts : sequence of Verdict
        The relations among them, each with its outcome.
    rebuilt : sequence of RebuiltFigure
        Printed figures against the engine's own results.
    relations : sequence of Relation
        What should hold among the figures.
    contradictions : sequence of Contradiction
        Those that show only when all relations are held together.
    published_total : PublishedFigure or None
        The printed total of emissions.
    country : str
        Of the reporter, ISO 3166-1.
    first_findings : tuple of Finding
        Those of reading and calculating.
    thresholds : Thresholds
        Tolerances of the checks.
    instrument_settings : InstrumentSettings
        What the book states of its instruments.
    sites : tuple of Site
        The listed sites.
    registers : tuple of RegisterEntry
        Removals and credits beside the inventory.
    first_month : int
        The first month of the reporting year.
    drivers : sequence of Driver
        What emissions and energy are divided by.
    """

    inventory: Inventory
    year: int
    previous: Inventory | None
    all_entries: pd.DataFrame | None
    scope_2: MarketBased | None
    instruments: tuple[Instrument, ...]
    published: Mapping[str, PublishedFigure]
    verdicts: Sequence[Verdict]
    rebuilt: Sequence[RebuiltFigure]
    relations: Sequence[Relation]
    contradictions: Sequence[Contradiction]
    published_total: PublishedFigure | None
    country: str
    first_findings: tuple[Finding, ...]
    thresholds: Thresholds
    instrument_settings: InstrumentSettings
    sites: tuple[Site, ...]
    registers: tuple[RegisterEntry, ...]
    first_month: int
    drivers: Sequence[Driver]

    @property
    def environment(self) -> Environment | None:
        """The registers of water, waste, air, wastewater and noise; None if there are none."""
        return None

    def market_based_part(self, _entity: str, _activity: str) -> MarketBased | None:
        """Scope 2 by both methods of a company or activity (empty for any); None if it cannot be told from the rest, or is not known."""
        return None

    @property
    def lines(self) -> pd.DataFrame:
        """The lines of the reporting year."""
        lines: pd.DataFrame = self.inventory.lines
        return lines

    def places_of(self, inventory: Inventory) -> pd.DataFrame:
        """Company, site and note of every entry of a year, those without emissions too, and whether energy is used (``has_energy``)."""
        import pandas as pd

        columns = ["entity", "site", "note"]
        # Every entry without emissions is of an energy carrier, though its calorific value may be missing.
        parts = [part.lines[columns].assign(has_energy=True) for part in inventory.energy_parts]
        parts[0]["has_energy"] = inventory.lines["energy_gj"].fillna(0.0) > 0
        places: pd.DataFrame = pd.concat(parts, ignore_index=True)
        return places

    @property
    def has_total(self) -> bool:
        """Whether the emissions are of every entry, so that a printed total can be judged by them."""
        return self.inventory.completeness.has_total

    @property
    def bills(self) -> SourceBills:
        """The lines by source, as arrays."""
        return self.inventory.remembered("bills by source", lambda: SourceBills(self.lines))

    def previous_lines_of(self, columns: Sequence[str], key: Sequence[Any]) -> pd.DataFrame:
        """The lines of the year before that have certain values in some columns; of a case that has one."""
        before = self.previous or self.inventory
        bills = before.remembered("bills by source", lambda: SourceBills(before.lines))
        return bills.frame.iloc[bills.rows_of(tuple(columns), key)]

    def lines_of(self, columns: Sequence[str], key: Sequence[Any]) -> pd.DataFrame:
        """The lines that have certain values in some columns."""
        return self.lines.iloc[self.bills.rows_of(tuple(columns), key)]

    def row_of(self, line: Any) -> PlanRow:
        """The plan row of a line."""
        return self.inventory.plan.rows[int(line["plan_id"])]

    def already(self, *rules: str) -> bool:
        """Whether reading and calculating found one of some rules."""
        return any(finding.rule in rules for finding in self.first_findings)

    def plan_lines(self) -> Iterator[tuple[PlanRow, pd.DataFrame]]:
        """Each plan row with its lines."""
        for plan_id, group in self.lines.groupby("plan_id", sort=True):
            yield self.inventory.plan.rows[int(str(plan_id))], group

    def finding(self, key: str, found: pd.DataFrame | None = None, /, **values: Any) -> Finding:
        """A finding about some lines, placed at the first of them."""
        return self.placed(Finding.of(key, **values), found)

    def placed(self, finding: Finding, lines: pd.DataFrame | None) -> Finding:
        """A finding with the lines it is about, their place and their tonnes."""
        if lines is None or not len(lines):
            return finding
        first = lines.iloc[0]
        positions = self.lines.index.get_indexer(lines.index)
        located = finding.at(
            file=str(first.get("file", "")),
            sheet=str(first.get("sheet", "")),
            row=int(first["row"]) if "row" in first else None,
        )
        numbers = [int(position) + 1 for position in positions if position >= 0]
        return located.about(numbers, float(lines["emissions_tco2e"].sum()))


def name_of(key: Sequence[Any], nobody: str = "the company") -> str:
    """The parts of a key that are not empty, as people read them."""
    return " / ".join(str(part) for part in key if part) or nobody
