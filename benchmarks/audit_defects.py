"""One planted defect per check, in many variants."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import carbonledger as cl
from benchmarks.audit_corpora import NETTING, PINS, YEAR, Scenario, certificate
from carbonledger.factors.factor import Edition
from carbonledger.ledger.instruments import Criterion
from carbonledger.periods import Period

__all__ = ["DEFECTS"]

_IN_LAST_YEAR = 0.2
Plant = Callable[[Scenario, random.Random], Scenario | None]


def _of(scenario: Scenario, *activities: str) -> list[dict]:
    """The rows of some activities with an amount."""
    return [row for row in scenario.rows if row["activity"] in activities and row["amount"] > 0]


def _with(scenario: Scenario, row: dict, **changes: object) -> Scenario:
    """A scenario with one row changed."""
    return replace(scenario, rows=[{**item, **changes} if item is row else item for item in scenario.rows])


def avoided_netted(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Own use is priced at a published factor and taken off the printed total."""
    own = sum(row["amount"] for row in _of(scenario, "electricity.solar"))
    if own < 1:
        return None
    rows = [
        row
        for name in NETTING
        for row in cl.read_edition(name).factors("electricity.grid")
        if row.region == "CN" and row.gas == "CO2"
    ]
    rate = draw.choice(rows).value
    rate = rate / 1000 if rate > 10 else rate
    return replace(scenario, printed_total=str(cl.round_figure(float(scenario.printed_total) - own * rate, "0.01")))


def unit_10k(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """One bill in the wrong unit."""
    rows = _of(scenario, "electricity.grid", "fuel.natural_gas", "fuel.gasoline")
    row = draw.choice(rows)
    return _with(scenario, row, amount=row["amount"] * draw.choice([1e3, 1e4, 1e-3, 1e-4]))


def cert_double(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A range of certificates used again, or more than was bought."""
    if draw.random() < 0.5:
        first = certificate(draw, max(scenario.grid_mwh * 0.2, 2), 100)
        again = replace(first, first_id=first.first_id + draw.randrange(int(first.mwh)), row=3)
        return replace(scenario, instruments=[first, replace(again, last_id=again.first_id + int(first.mwh))])
    return replace(scenario, instruments=[certificate(draw, scenario.grid_mwh * draw.uniform(1.02, 3) + 1, 1)])


def cert_quality(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Not retired, expired, generated later, of another market, or failing a criterion."""
    good = certificate(draw, max(scenario.grid_mwh * 0.3, 1), 1)
    bad = draw.choice(
        [
            replace(good, retired_on=None),
            replace(good, generated=Period.of_month(YEAR - 3, 5)),
            replace(good, generated=Period.of_month(YEAR + 1, 2)),
            replace(good, market=draw.choice(["US", "DE", "JP"])),
            replace(good, criteria=(Criterion(draw.randint(1, 8), met=False),)),
        ]
    )
    return replace(scenario, instruments=[bad])


def factor_year(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Some bills on another vintage, or all on one far older than the year; a newer one is refused when factors are matched."""
    other = draw.choice(["cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2021", "older"])
    if other == "older":
        edition = _edited("cn-mee-nbs-grid@2023", {f",{YEAR},": f",{YEAR - draw.randint(3, 9)},"})
        return replace(scenario, factors=_pinned(replace(edition, metadata={**edition.metadata, "max_lag_years": 10})))
    row = draw.choice(_of(scenario, "electricity.grid"))
    if len(_of(scenario, "electricity.grid")) < 2:
        return None
    pins = {**PINS, "emissions": (*PINS["emissions"], other)}
    rows = [
        {**item, "factor": other if item is row else "cn-mee-nbs-grid@2023"}
        if item["activity"] == "electricity.grid"
        else item
        for item in scenario.rows
    ]
    return replace(scenario, rows=rows, factors=cl.load_factors(roles=pins))


def pv_twice(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Purchases that hold the whole load although part of it is own generation."""
    loads = _of(scenario, "electricity.load")
    if not loads:
        return None
    place = draw.choice(loads)
    here = [row for row in scenario.rows if (row["entity"], row["site"]) == (place["entity"], place["site"])]
    own = sum(row["amount"] for row in here if row["activity"] == "electricity.solar")
    bought = sum(row["amount"] for row in here if row["activity"] == "electricity.grid")
    if own < 0.03 * bought:
        return None
    rows = [
        {**row, "amount": row["amount"] * (1 + own / bought)}
        if row in here and row["activity"] == "electricity.grid"
        else row
        for row in scenario.rows
    ]
    return replace(scenario, rows=rows)


def pv_balance(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Export above generation, or own use that holds the export too."""
    made = _of(scenario, "electricity.generated")
    if not made:
        return None
    row = draw.choice(made)
    return _with(scenario, row, amount=row["amount"] * draw.choice([draw.uniform(0.3, 0.95), draw.uniform(1.06, 2)]))


def unit_1000(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A factor in the wrong unit: kg for t, or the other way round."""
    value = next(iter(cl.read_edition("cn-mee-nbs-grid@2023").factors("electricity.grid", "emission_factor"))).unit
    wrong = {"kg/kWh": draw.choice(["t/kWh", "g/kWh"]), "t/MWh": draw.choice(["t/kWh", "kg/MWh"])}[value]
    return replace(scenario, factors=_pinned(_edited("cn-mee-nbs-grid@2023", {f",{value},": f",{wrong},"})))


def boundary_mix(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A factor with its upstream on scope 1 or 2."""
    name = draw.choice(["cn-mee-nbs-grid@2023", "cn-ndrc-heat@2013"])
    if name == "cn-ndrc-heat@2013" and not _of(scenario, "heat.purchased"):
        name = "cn-mee-nbs-grid@2023"
    return replace(scenario, factors=_pinned(_edited(name, {}, boundary=draw.choice(["life_cycle", "well_to_tank"]))))


def duplicate(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A bill entered again: as it is, at another site, under another number for the same days, or in last year too."""
    row = draw.choice(_of(scenario, "electricity.grid", "fuel.natural_gas", "fuel.gasoline"))
    if draw.random() < _IN_LAST_YEAR:
        last = {**row, "start": f"{YEAR - 1}-12-01", "end": f"{YEAR - 1}-12-31"}
        return replace(scenario, previous=[*scenario.previous, last])
    again = draw.choice([{}, {"site": "another site"}, {"evidence": ""}, {"start": row["start"][:8] + "02"}])
    return replace(scenario, rows=[*scenario.rows, {**row, **again}])


def coverage(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A bill that is missing, entered as 0 without a word, or that ends too early."""
    row = draw.choice(_of(scenario, "electricity.grid", "fuel.natural_gas", "fuel.gasoline"))
    kind = draw.choice(["missing", "zero", "short"])
    if kind == "missing" and sum(item["source"] == row["source"] for item in scenario.rows) > 1:
        return replace(scenario, rows=[item for item in scenario.rows if item is not row])
    if kind == "zero":
        return _with(scenario, row, amount=0.0, note="")
    return _with(scenario, row, end=date.fromisoformat(row["end"]).replace(day=draw.randint(5, 20)).isoformat())


def method_label(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Instruments but one total, a residual mix in the location-based one, or two totals that are one."""
    kind = draw.choice(["one total", "residual"])
    if kind == "one total":
        return replace(
            scenario, both_methods=False, instruments=[certificate(draw, max(scenario.grid_mwh * 0.2, 1), 1)]
        )
    swap = {",emission_factor,": ",retired,", ",residual_mix,": ",emission_factor,"}
    return replace(scenario, factors=_pinned(_edited("cn-mee-nbs-grid@2023", swap)))


def biogenic_gwp(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """The CO2 of biomass in scope 1, or CO2e on another GWP set."""
    if draw.random() < 0.5:
        edition = _edited("cn-mee-nbs-grid@2023", {",CO2,": ",CO2e,"}, gwp_basis=draw.choice(["SAR", "AR4", "AR6"]))
        return replace(scenario, factors=_pinned(edition))
    swap = {
        "electricity.grid,emission_factor": "fuel.biodiesel,emission_factor",
        ",t/MWh,": ",t/t,",
        ",kg/kWh,": ",kg/kg,",
    }
    extra = replace(_edited("cn-mee-nbs-grid@2023", swap), name="biomass-of-ones-own")
    base = cl.load_factors(roles=PINS)
    factors = replace(base, roles={**base.roles, "emissions": (*base.in_role("emissions"), extra)})
    row = {
        **scenario.rows[0],
        "activity": "fuel.biodiesel",
        "unit": "t",
        "amount": draw.uniform(1, 50),
        "source": "bio",
        "evidence": "bio",
    }
    days = {"start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31"}
    return replace(scenario, rows=[*scenario.rows, {**row, **days}], factors=factors)


def yoy_basis(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A printed change of the other year or of another sign, or a line that moves without a word."""
    kind = draw.choice(["sign", "other number", "silent"])
    value = float(scenario.printed_change.removesuffix(" %"))
    if kind == "silent":
        rows = [row for row in _of(scenario, "electricity.grid", "fuel.gasoline") if not row["note"]]
        if not rows:
            return None
        source, factor = draw.choice(rows)["source"], draw.choice([0.4, 1.6, 2.5])
        if any(row["note"] for row in scenario.rows if row["source"] == source):
            return None
        moved = [
            {**row, "amount": row["amount"] * factor} if row["source"] == source else row for row in scenario.previous
        ]
        return replace(scenario, previous=moved)
    changed = -value if kind == "sign" and abs(value) > 0.05 else value + draw.choice([-1, 1]) * draw.uniform(0.05, 5)
    return replace(scenario, printed_change=f"{cl.round_figure(changed, '0.01')} %")


def energy_table(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A fuel with emissions but no calorific value, or one on gross beside others on net."""
    base = cl.load_factors(roles=PINS)
    swap = {"heat.purchased,emission_factor": "fuel.coal_gangue,emission_factor", "/GJ,": "/t,"}
    extra = replace(_edited("cn-ndrc-heat@2013", swap), name="fuel-without-ncv")
    factors = replace(base, roles={**base.roles, "emissions": (*base.in_role("emissions"), extra)})
    row = {
        **scenario.rows[0],
        "activity": "fuel.coal_gangue",
        "unit": "t",
        "amount": draw.uniform(1, 500),
        "source": "gas",
        "evidence": "gas",
    }
    days = {"start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31"}
    return replace(scenario, rows=[*scenario.rows, {**row, **days}], factors=factors)


def _edited(name: str, swaps: dict[str, str], **columns: str) -> Edition:
    """An edition with its text changed, as a careless copy of it would be."""
    edition = cl.read_edition(name)
    lines = list(edition.lines)
    for old, new in swaps.items():
        lines = [line.replace(old, new) for line in lines]
    header = list(edition.header)
    for column, value in columns.items():
        if column in header:
            at = header.index(column)
            lines = [
                ",".join(value if place == at else cell for place, cell in enumerate(line.split(","))) for line in lines
            ]
        else:
            header.append(column)
            lines = [f"{line.rstrip()},{value}" for line in lines]
    return replace(edition, lines=tuple(lines), header=tuple(header))


def _pinned(edition: Edition) -> cl.PinnedFactors:
    """The pins with one edition replaced."""
    base = cl.load_factors(roles=PINS)
    emissions = tuple(edition if item.id == edition.id else item for item in base.in_role("emissions"))
    return replace(base, roles={**base.roles, "emissions": emissions})


DEFECTS: dict[str, Plant] = {
    "AVOIDED_NETTED": avoided_netted,
    "UNIT_10K": unit_10k,
    "CERT_DOUBLE": cert_double,
    "CERT_QUALITY": cert_quality,
    "FACTOR_YEAR": factor_year,
    "PV_TWICE": pv_twice,
    "PV_BALANCE": pv_balance,
    "UNIT_1000": unit_1000,
    "BOUNDARY_MIX": boundary_mix,
    "DUPLICATE": duplicate,
    "COVERAGE": coverage,
    "METHOD_LABEL": method_label,
    "BIOGENIC_GWP": biogenic_gwp,
    "YOY_BASIS": yoy_basis,
    "ENERGY_TABLE": energy_table,
}
