"""Inventories for the sixteen checks: clean ones of many shapes, and the same with one planted defect.

Everything is drawn from a seeded generator. The real-world surprises that are no defects - a plant shut down, a price shock, bills that
differ by almost a power of ten, a source that is read once a year, a site opened in summer, inverters recorded at another site than their
use, a gas engine that makes power, several meters at one site, a contract with equal bills, a printed market-based total - are part of
the clean inventories, each with the note or date that staff would write.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

import carbonledger as cl
from carbonledger.activity_data.checks import check_entries
from carbonledger.activity_data.registers import RegisterEntry
from carbonledger.activity_data.sites import Site
from carbonledger.audit.case import AuditCase, InstrumentSettings, Thresholds
from carbonledger.audit.catalogue import audit
from carbonledger.audit.materiality import with_materiality
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.disclosure.intensity import Driver
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.network import Contradiction
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.published.verdicts import Relation, Verdict, check_relation
from carbonledger.scope2.instruments import Instrument
from carbonledger.scope2.loads import loads_of
from carbonledger.scope2.market_based import MarketBased, market_based
from carbonledger.scope2.quality_criteria import QualityCriteria, check_instruments

__all__ = ["Scenario", "certificate", "checks_that_speak", "clean", "findings_about", "seasonal"]

YEAR = 2023
PINS = {
    "emissions": ("cn-mee-nbs-grid@2023", "cn-ndrc-fuels-b@2013", "cn-ndrc-heat@2013"),
    "avoided": ("cn-ncsc-baseline@2019",),
}
LAST_YEAR_PINS = {**PINS, "emissions": ("cn-mee-nbs-grid@2022", "cn-ndrc-fuels-b@2013", "cn-ndrc-heat@2013")}
# The factors at which totals have been found netted, t/MWh; only their rows of the editions are used.
NETTING = ("cn-mee-nbs-grid@2023", "cn-mee-grid-enterprise@2022", "cn-mee-nbs-grid@2022")


_CLAIMS = InstrumentSettings(retired_by=True)


@dataclass(frozen=True)
class Scenario:
    """A company's two years, and what it printed."""

    rows: list[dict]
    previous: list[dict]
    instruments: list[Instrument] = field(default_factory=list)
    both_methods: bool = True
    factors: cl.factors.PinnedFactors | None = None
    printed_total: str = ""
    printed_change: str = ""
    grid_mwh: float = 0.0
    region: str = "CN"
    places: tuple[Site, ...] = ()
    registers: tuple[RegisterEntry, ...] = ()
    claims: InstrumentSettings = _CLAIMS
    label: str = "Total (location-based)"
    figures: tuple[tuple[str, str, str, str], ...] = ()


def _bills(
    draw: random.Random, entity: str, site: str, activity: str, unit: str, yearly: float, season: float
) -> list[dict]:
    """A year of bills of one source: monthly, quarterly or one."""
    rhythm = draw.choice([12, 12, 12, 4, 1])
    source = f"{activity}-{draw.randrange(10_000)}"
    rows = []
    for at in range(rhythm):
        months = 12 // rhythm
        first, last = at * months + 1, at * months + months
        weight = 1 + season * (1 if last <= 3 or first >= 11 else -0.6)
        amount = yearly / rhythm * weight * draw.lognormvariate(0, 0.08)
        end = Period.of_month(YEAR, last).last_day
        rows.append(
            {
                "entity": entity,
                "site": site,
                "source": source,
                "activity": activity,
                "amount": round(amount, 2),
                "unit": unit,
                "start": date(YEAR, first, 1).isoformat(),
                "end": end.isoformat(),
                "evidence": f"bill {source} {first}",
                "note": "",
            }
        )
    return rows


def clean(seed: int) -> Scenario:
    """A company without a defect."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    rows: list[dict] = []
    for number in range(draw.randint(1, 3)):
        rows += _site(draw, f"company {number % 2}", f"site {number}")
    bought = sum(row["amount"] for row in rows if row["activity"] == "electricity.grid")
    region = draw.choice(["CN", "CN-SD", "CN-GD", "CN-JS"])
    scenario = Scenario(rows, _last_year(draw, rows), grid_mwh=bought, region=region)
    if draw.random() < 0.5:
        scenario = replace(scenario, instruments=[certificate(draw, bought * draw.uniform(0.05, 0.9), 1)])
    if draw.random() < 0.2:
        scenario = _opened(draw, scenario)
    return _print(scenario, market_based=draw.random() < 0.2)


def _opened(draw: random.Random, scenario: Scenario) -> Scenario:
    """A site that opened within the year, listed with its date; it has no last year."""
    month = draw.randint(3, 10)
    rows = _bills(draw, "company 0", "new site", "electricity.grid", "MWh", draw.lognormvariate(5, 0.5), 0)
    first = date(YEAR, month, 1)
    rows = [row for row in rows if row["end"] >= first.isoformat()]
    rows = [{**row, "start": max(row["start"], first.isoformat())} for row in rows]
    place = Site("new site", "company 0", valid_from=first)
    bought = scenario.grid_mwh + sum(row["amount"] for row in rows)
    return replace(scenario, rows=[*scenario.rows, *rows], places=(place,), grid_mwh=bought)


def _site(draw: random.Random, entity: str, site: str) -> list[dict]:
    """Electricity, and what else a site may use."""
    grid = draw.lognormvariate(6.5, 1.2)
    rows = _bills(draw, entity, site, "electricity.grid", "MWh", grid, draw.uniform(0, 0.3))
    more = (
        (0.7, lambda: _pv(draw, entity, site, grid)),
        (
            0.5,
            lambda: _bills(
                draw, entity, site, "fuel.natural_gas", "Nm3", draw.lognormvariate(10, 1), draw.uniform(0, 1.2)
            ),
        ),
        (0.6, lambda: _bills(draw, entity, site, "fuel.gasoline", "t", draw.lognormvariate(1.5, 1), 0)),
        (0.4, lambda: _heating(draw, entity, site)),
        (0.2, lambda: _generator(draw, entity, site)),
        (0.15, lambda: _meters(draw, entity, site)),
        (0.1, lambda: _contract(draw, entity, site)),
    )
    for odds, bills in more:
        rows += bills() if draw.random() < odds else []
    if not any(row["activity"] == "electricity.generated" for row in rows) and draw.random() < 0.15:
        rows += _gas_engine(draw, entity, site)
    return rows


def _meters(draw: random.Random, entity: str, site: str) -> list[dict]:
    """Two or three more meters of the same carrier, none of which counts the others."""
    return [
        row
        for _ in range(draw.randint(2, 3))
        for row in _bills(draw, entity, site, "electricity.grid", "MWh", draw.lognormvariate(5, 0.7), 0.1)
    ]


def _contract(draw: random.Random, entity: str, site: str) -> list[dict]:
    """Steam at a contract's equal amount each month."""
    amount = round(draw.uniform(50, 900), 2)
    rows = _bills(draw, entity, site, "steam.purchased", "GJ", 1.0, 0)
    return [{**row, "amount": amount} for row in rows]


def _gas_engine(draw: random.Random, entity: str, site: str) -> list[dict]:
    """Power and heat from gas: generation without any sun."""
    rows = _bills(draw, entity, site, "fuel.natural_gas", "Nm3", draw.lognormvariate(11, 0.5), 0.1)
    made = draw.lognormvariate(5, 0.5)
    return [*rows, _yearly(entity, site, "electricity.generated", "MWh", made)]


def _pv(draw: random.Random, entity: str, site: str, grid: float) -> list[dict]:
    """Own generation with its meters, which agree within a per cent; sometimes the load is metered too."""
    made = grid * draw.uniform(0.02, 0.4)
    sold = made * draw.choice([0, draw.uniform(0.05, 0.6)])
    own = (made - sold) * draw.uniform(0.99, 1.0)
    meters = {"electricity.generated": made, "electricity.solar": own, "electricity.exported": sold}
    # Inverters may be recorded where the roof is, and their use where the meter is.
    roof = f"{site} roof" if draw.random() < 0.15 else site
    places = {"electricity.generated": roof}
    rows = [
        _yearly(entity, places.get(activity, site), activity, "MWh", amount)
        for activity, amount in meters.items()
        if amount
    ]
    if draw.random() < 0.6:
        rows.append(_yearly(entity, site, "electricity.load", "MWh", 0.0))
    return rows


def _yearly(entity: str, site: str, activity: str, unit: str, amount: float, note: str = "") -> dict:
    """One entry for the year."""
    days = {"start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31"}
    what = {
        "entity": entity,
        "site": site,
        "source": f"{activity} meter",
        "activity": activity,
        "amount": amount,
        "unit": unit,
    }
    return {**what, **days, "evidence": f"{site} {activity}", "note": note}


def _heating(draw: random.Random, entity: str, site: str) -> list[dict]:
    """District heat in winter; the other months are said to be 0."""
    rows = []
    for month in range(1, 13):
        winter = month in {1, 2, 3, 11, 12}
        amount = draw.lognormvariate(6, 0.3) if winter else 0.0
        days = {"start": f"{YEAR}-{month:02}-01", "end": Period.of_month(YEAR, month).last_day.isoformat()}
        what = {
            "entity": entity,
            "site": site,
            "source": "heat",
            "activity": "heat.purchased",
            "amount": round(amount, 1),
            "unit": "GJ",
        }
        rows.append({**what, **days, "evidence": f"{site} heat {month}", "note": "" if winter else "no heating"})
    return rows


def _generator(draw: random.Random, entity: str, site: str) -> list[dict]:
    """A standby generator: litres in test months, hundreds of times as much in one outage - near a power of ten, but not at it."""
    rows = []
    outage = draw.randint(1, 12)
    for month in range(1, 13):
        amount = 0.02 * draw.lognormvariate(0, 0.1) * (draw.uniform(250, 500) if month == outage else 1)
        days = {"start": f"{YEAR}-{month:02}-01", "end": Period.of_month(YEAR, month).last_day.isoformat()}
        what = {
            "entity": entity,
            "site": site,
            "source": "standby",
            "activity": "fuel.diesel",
            "amount": round(amount, 4),
            "unit": "t",
        }
        rows.append({**what, **days, "evidence": f"{site} diesel {month}", "note": "outage" if month == outage else ""})
    return rows


def _last_year(draw: random.Random, rows: list[dict]) -> list[dict]:
    """The year before: a few per cent apart, and for some a plant shut down or a price shock, which this year's notes explain."""
    ratios: dict[tuple, float] = {}
    notes: dict[tuple, str] = {}
    for row in rows:
        key = (row["entity"], row["site"], row["source"])
        if key not in ratios:
            surprise = draw.random() < 0.15
            ratios[key] = (
                draw.choice([draw.uniform(2, 4), draw.uniform(0.3, 0.5)]) if surprise else draw.uniform(0.9, 1.1)
            )
            words = draw.choice(["plant shut down from May", "price shock: switched fuel", "new line opened"])
            notes[key] = words if surprise else ""
        row["note"] = row["note"] or notes[key]
    moved = [{**row, "amount": row["amount"] * ratios[row["entity"], row["site"], row["source"]]} for row in rows]
    return [
        {**row, "start": row["start"].replace("2023", "2022"), "end": row["end"].replace("2023", "2022")}
        for row in moved
    ]


def seasonal(draw: random.Random) -> list[dict]:
    """A meter read for the first time, whose use goes with heating or with school terms: no month is near the usual one."""
    activity, unit, shape = draw.choice(
        [
            ("fuel.natural_gas", "Nm3", (5.2, 4.9, 4.1, 2.6, 0.91, 0.87, 0.85, 0.89, 1.2, 2.5, 4.3, 5.1)),
            ("electricity.grid", "MWh", (0.9, 0.7, 1.2, 1.1, 1.0, 1.1, 0.5, 0.4, 1.0, 1.1, 1.3, 2.4)),
        ]
    )
    size = draw.lognormvariate(6, 1)
    rows = [
        _yearly("company 0", "school", activity, unit, round(size * share * draw.lognormvariate(0, 0.1), 4))
        for share in shape
    ]
    return [
        {
            **row,
            "start": f"{YEAR}-{month:02}-01",
            "end": Period.of_month(YEAR, month).last_day.isoformat(),
            "evidence": f"school {month}",
        }
        for month, row in enumerate(rows, start=1)
    ]


def certificate(draw: random.Random, mwh: float, first: int, month: int = 6) -> Instrument:
    """Green certificates that may be claimed."""
    count = max(int(mwh), 1)
    retired = date(YEAR + 1, draw.randint(1, 4), draw.randint(1, 28))
    return Instrument(
        "certificate",
        "GEC",
        first,
        first + count - 1,
        float(count),
        0.0,
        "wind",
        "CN",
        Period.of_month(YEAR, month),
        retired,
        2,
    )


def _print(scenario: Scenario, *, market_based: bool) -> Scenario:
    """What the company prints: loads that balance, its gross total by a method that it names, and the change against last year."""
    for row in scenario.rows:
        if row["activity"] == "electricity.load":
            place = (row["entity"], row["site"])
            row["amount"] = sum(
                item["amount"]
                for item in scenario.rows
                if (item["entity"], item["site"]) == place
                and item["activity"] in {"electricity.grid", "electricity.solar"}
            )
    now, shift = _total(scenario, scenario.rows, PINS)
    before, _ = _total(scenario, scenario.previous, LAST_YEAR_PINS)
    printed = now + shift if market_based else now
    change = cl.round_figure((printed / before - 1) * 100, "0.01")
    label = "Total (market-based)" if market_based else scenario.label
    texts = {"printed_total": str(cl.round_figure(printed, "0.01")), "printed_change": f"{change} %"}
    return replace(scenario, **texts, label=label)


def _calculated(rows: list[dict], factors: cl.factors.PinnedFactors, region: str) -> tuple[cl.Entries, cl.Inventory]:
    """Entries and inventory of some rows."""
    entries = cl.read_entries(rows, region=region)
    return entries, cl.calculate(entries, factors, gwp="ipcc-ar5@2013", missing="report")


def _market_based(scenario: Scenario, inventory: cl.Inventory) -> tuple[MarketBased, list[Finding]]:
    """Scope 2 by both methods, and what is wrong with the instruments."""
    usable, faults = check_instruments(scenario.instruments, QualityCriteria(Period.of_year(YEAR), {"CN": 24}))
    sold = [item for item in scenario.instruments if item.use == "sold"]
    attributes = scenario.claims.own_attributes
    return market_based(loads_of(inventory, YEAR), usable, own_attributes=attributes, sold=sold), faults


@dataclass
class StatedCase(AuditCase):
    """A case whose context is stated, not calculated from a book."""

    inventory: cl.Inventory
    year: int
    previous: cl.Inventory | None = None
    all_entries: pd.DataFrame | None = None
    scope_2: MarketBased | None = None
    instruments: tuple[Instrument, ...] = ()
    published: Mapping[str, PublishedFigure] = field(default_factory=dict)
    verdicts: Sequence[Verdict] = ()
    rebuilt: Sequence[RebuiltFigure] = ()
    relations: Sequence[Relation] = ()
    contradictions: Sequence[Contradiction] = ()
    published_total: PublishedFigure | None = None
    country: str = ""
    first_findings: tuple[Finding, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    instrument_settings: InstrumentSettings = field(default_factory=InstrumentSettings)
    sites: tuple[Any, ...] = ()
    registers: tuple[RegisterEntry, ...] = ()
    first_month: int = 1
    drivers: tuple[Driver, ...] = ()


def _total(scenario: Scenario, rows: list[dict], pins: dict) -> tuple[float, float]:
    """The gross total of some rows, and what the market-based one has more."""
    inventory = _calculated(rows, cl.load_factors(roles=pins), scenario.region)[1]
    result = _market_based(scenario, inventory)[0]
    shift = result.market_based_tco2e - result.location_based_tco2e
    return float(inventory.total_location_based().magnitude), shift


def findings_about(scenario: Scenario) -> list[Finding]:
    """Everything that the library has to say about a scenario."""
    factors = scenario.factors or cl.load_factors(roles=PINS)
    entries, inventory = _calculated(scenario.rows, factors, scenario.region)
    _, previous = _calculated(scenario.previous, cl.load_factors(roles=LAST_YEAR_PINS), scenario.region)
    both, faults = _market_based(scenario, inventory)
    scope_2 = both if scenario.both_methods else None
    doubts = check_entries(entries, YEAR, sites=scenario.places)
    known = (*doubts, *inventory.findings, *faults, *(scope_2.findings if scope_2 else ()))
    figures = _figures(scenario, float(previous.total_location_based().magnitude))
    change = Relation("change", "percent_change", "", "", {"change": "change", "current": "now", "previous": "before"})
    case = StatedCase(
        inventory,
        YEAR,
        previous=previous,
        scope_2=scope_2,
        instruments=tuple(scenario.instruments),
        published=figures,
        verdicts=[check_relation(change, figures)],
        published_total=figures["now"],
        country="CN",
        first_findings=known,
        instrument_settings=scenario.claims,
        sites=scenario.places,
        registers=scenario.registers,
    )
    return [*with_materiality(known, case), *audit(case)]


def checks_that_speak(scenario: Scenario) -> set[str]:
    """The checks that have an error or warning about a scenario, wherever in the library it is found."""
    spoken = [finding for finding in findings_about(scenario) if finding.severity != "note"]
    return {finding.check for finding in spoken if finding.check}


def _figures(scenario: Scenario, before: float) -> dict[str, PublishedFigure]:
    """The printed figures."""
    printed = (
        ("now", scenario.label, scenario.printed_total, "t CO2e"),
        ("change", "change", scenario.printed_change, "percent"),
        ("before", "last year's total", str(cl.round_figure(before, "0.01")), "t CO2e"),
        *scenario.figures,
    )
    return {
        name: PublishedFigure(
            name, YEAR - 1 if name == "before" else YEAR, label, label, cl.parse_figure(text), unit, "", ""
        )
        for name, label, text, unit in printed
    }
