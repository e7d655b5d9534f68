"""Inventories for the fifteen checks: clean ones of many shapes, and the same with one planted defect.

Everything is drawn from a seeded generator. The real-world surprises that are no defects - a plant shut down, a price shock, bills that
differ by almost a power of ten, a source that is read once a year - are part of the clean inventories, each with the note that staff
would write.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date

import carbonledger as cl
from carbonledger.accounting.markets import markets_of
from carbonledger.accounting.scope2 import market_based
from carbonledger.analysis.audit.case import AuditCase
from carbonledger.analysis.audit.catalogue import audit, check_of
from carbonledger.analysis.figures import PublishedFigure
from carbonledger.analysis.reconciliation import Relation, check_relation
from carbonledger.ledger.checks import check_entries
from carbonledger.ledger.claims import ClaimRules, check_instruments
from carbonledger.ledger.instruments import Instrument
from carbonledger.periods import Period

__all__ = ["Scenario", "checks_that_speak", "clean"]

YEAR = 2023
PINS = {
    "emissions": ("cn-mee-nbs-grid@2023", "cn-ndrc-fuels-b@2013", "cn-ndrc-heat@2013"),
    "avoided": ("cn-ncsc-baseline@2019",),
}
LAST_YEAR_PINS = {**PINS, "emissions": ("cn-mee-nbs-grid@2022", "cn-ndrc-fuels-b@2013", "cn-ndrc-heat@2013")}
# The factors at which totals have been found netted, t/MWh; only their rows of the editions are used.
NETTING = ("cn-mee-nbs-grid@2023", "cn-mee-grid-enterprise@2022", "cn-mee-nbs-grid@2022")


@dataclass(frozen=True)
class Scenario:
    """A company's two years, and what it printed."""

    rows: list[dict]
    previous: list[dict]
    instruments: list[Instrument] = field(default_factory=list)
    both_methods: bool = True
    factors: cl.PinnedFactors | None = None
    printed_total: str = ""
    printed_change: str = ""
    grid_mwh: float = 0.0


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
    scenario = Scenario(rows, _last_year(draw, rows), grid_mwh=bought)
    if draw.random() < 0.5:
        scenario = replace(scenario, instruments=[certificate(draw, bought * draw.uniform(0.05, 0.9), 1)])
    return _print(scenario)


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
    )
    for odds, bills in more:
        rows += bills() if draw.random() < odds else []
    return rows


def _pv(draw: random.Random, entity: str, site: str, grid: float) -> list[dict]:
    """Own generation with its meters, which agree within a per cent; sometimes the load is metered too."""
    made = grid * draw.uniform(0.02, 0.4)
    sold = made * draw.choice([0, draw.uniform(0.05, 0.6)])
    own = (made - sold) * draw.uniform(0.99, 1.0)
    meters = {"electricity.generated": made, "electricity.solar": own, "electricity.exported": sold}
    rows = [_yearly(entity, site, activity, "MWh", amount) for activity, amount in meters.items() if amount]
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
    for row in rows:
        key = (row["entity"], row["site"], row["source"])
        if key not in ratios:
            surprise = draw.random() < 0.15
            ratios[key] = (
                draw.choice([draw.uniform(2, 4), draw.uniform(0.3, 0.5)]) if surprise else draw.uniform(0.9, 1.1)
            )
            if surprise:
                row["note"] = draw.choice(["plant shut down from May", "price shock: switched fuel", "new line opened"])
    moved = [{**row, "amount": row["amount"] * ratios[row["entity"], row["site"], row["source"]]} for row in rows]
    return [
        {**row, "start": row["start"].replace("2023", "2022"), "end": row["end"].replace("2023", "2022")}
        for row in moved
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


def _print(scenario: Scenario) -> Scenario:
    """What the company prints: loads that balance, its gross total, and the change against last year."""
    for row in scenario.rows:
        if row["activity"] == "electricity.load":
            place = (row["entity"], row["site"])
            row["amount"] = sum(
                item["amount"]
                for item in scenario.rows
                if (item["entity"], item["site"]) == place
                and item["activity"] in {"electricity.grid", "electricity.solar"}
            )
    now, before = _total(scenario.rows, PINS), _total(scenario.previous, LAST_YEAR_PINS)
    change = cl.round_figure((now / before - 1) * 100, "0.01")
    return replace(scenario, printed_total=str(cl.round_figure(now, "0.01")), printed_change=f"{change} %")


def _calculated(rows: list[dict], factors: cl.PinnedFactors) -> tuple[cl.Entries, cl.Inventory]:
    """Entries and inventory of some rows."""
    entries = cl.read_entries(rows, region="CN")
    return entries, cl.calculate(entries, factors, gwp="ipcc-ar5@2013", missing="report")


def _total(rows: list[dict], pins: dict) -> float:
    """The gross total of some rows."""
    return float(_calculated(rows, cl.load_factors(roles=pins))[1].total_location_based().magnitude)


def checks_that_speak(scenario: Scenario) -> set[str]:
    """The checks that have an error or warning about a scenario, wherever in the library it is found."""
    factors = scenario.factors or cl.load_factors(roles=PINS)
    entries, inventory = _calculated(scenario.rows, factors)
    _, previous = _calculated(scenario.previous, cl.load_factors(roles=LAST_YEAR_PINS))
    usable, faults = check_instruments(scenario.instruments, ClaimRules(Period.of_year(YEAR), {"CN": 24}))
    scope_2 = market_based(markets_of(inventory, YEAR), usable) if scenario.both_methods else None
    known = [*check_entries(entries, YEAR), *inventory.findings, *faults, *(scope_2.findings if scope_2 else ())]
    figures = _figures(scenario, float(previous.total_location_based().magnitude))
    change = Relation("change", "percent_change", "", "", {"change": "change", "current": "now", "previous": "before"})
    case = AuditCase(
        inventory,
        YEAR,
        previous=previous,
        scope_2=scope_2,
        instruments=tuple(scenario.instruments),
        figures=figures,
        verdicts=[check_relation(change, figures)],
        printed_total=figures["now"],
        country="CN",
    )
    spoken = [finding for finding in (*known, *audit(case)) if finding.severity != "note"]
    return {check.name for finding in spoken if (check := check_of(finding.rule))}


def _figures(scenario: Scenario, before: float) -> dict[str, PublishedFigure]:
    """The printed figures."""
    texts = {
        "now": scenario.printed_total,
        "change": scenario.printed_change,
        "before": str(cl.round_figure(before, "0.01")),
    }
    units = {"now": "t CO2e", "before": "t CO2e", "change": "percent"}
    return {
        name: PublishedFigure(name, YEAR, name, name, cl.parse_figure(text), units[name], "", "")
        for name, text in texts.items()
    }
