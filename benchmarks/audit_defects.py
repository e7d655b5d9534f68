"""One planted defect per check, in many variants."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import carbonledger as cl
from benchmarks.audit_corpora import NETTING, PINS, YEAR, Scenario, certificate, seasonal
from benchmarks.audit_editions import edited, pinned, with_fuel
from carbonledger.activity_data.registers import RegisterEntry
from carbonledger.audit.case import InstrumentSettings
from carbonledger.core.periods import Period
from carbonledger.scope2.instruments import Criterion

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
    """Own use or generation is priced at a published factor and taken off, exports are netted, or own use is counted as bought."""
    own, made, sold = (_mwh(scenario, f"electricity.{name}") for name in ("solar", "generated", "exported"))
    if own < 1:
        return None
    rows = [
        row
        for name in NETTING
        for row in cl.factors.read_edition(name).factors("electricity.grid")
        if row.region == "CN" and row.gas == "CO2"
    ]
    rate = draw.choice(rows).value
    rate = rate / 1000 if rate > 10 else rate
    grid = _rate(scenario)
    kinds = {"own": -own * rate, "made": -made * rate, "export": -sold * grid, "as grid": own * grid}
    told = {"own", "made"} if "market" in scenario.label else set(kinds)
    fitting = [name for name, moved in kinds.items() if abs(moved) > 1 and name in told]
    if not fitting:
        return None
    kind = draw.choice(fitting)
    return replace(scenario, printed_total=str(cl.round_figure(float(scenario.printed_total) + kinds[kind], "0.01")))


def _mwh(scenario: Scenario, activity: str) -> float:
    """The MWh of an activity."""
    return float(sum(row["amount"] for row in _of(scenario, activity)))


def _rate(scenario: Scenario) -> float:
    """The average of the scenario's grid, t/MWh."""
    rows = cl.factors.read_edition("cn-mee-nbs-grid@2023").factors("electricity.grid", "emission_factor")
    return next(row.value for row in rows if row.region == scenario.region)


def unit_10k(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """One bill in the wrong unit, also of a seasonal meter without a last year; or a year of fuel in kg as t, last year's in kg."""
    new = seasonal(draw) if draw.random() < 0.3 else []
    scenario = replace(scenario, rows=[*scenario.rows, *new])
    row = draw.choice(new or _of(scenario, "electricity.grid", "fuel.natural_gas", "fuel.gasoline"))
    yearly = [item for item in _of(scenario, "fuel.gasoline") if _alone(scenario, item)]
    if not new and yearly and draw.random() < 0.5:
        row = draw.choice(yearly)
        before = [
            {**item, "amount": item["amount"] * 1e3, "unit": "kg", "source": "cards"}
            if item["source"] == row["source"]
            else item
            for item in scenario.previous
        ]
        return replace(_with(scenario, row, amount=row["amount"] * 1e3), previous=before)
    return _with(scenario, row, amount=row["amount"] * draw.choice([1e3, 1e4, 1e-3, 1e-4]))


def _alone(scenario: Scenario, row: dict) -> bool:
    """Whether a row is the only one of its carrier at its site, and covers the year."""
    same = [item for item in scenario.rows if all(item[name] == row[name] for name in ("entity", "site", "activity"))]
    return len(same) == 1 and row["start"].endswith("01-01") and row["end"].endswith("12-31")


def cert_double(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A range used again, more than was bought, bundled power and its certificate, a credit of the same MWh, or sold and kept."""
    good = certificate(draw, max(scenario.grid_mwh * 0.2, 2), 100)
    kind = draw.choice(["again", "too much", "bundled", "credit", "sold"])
    if kind == "again":
        again = replace(good, first_id=good.first_id + draw.randrange(int(good.mwh)), row=3)
        return replace(scenario, instruments=[good, replace(again, last_id=again.first_id + int(good.mwh))])
    if kind == "too much":
        return replace(scenario, instruments=[certificate(draw, scenario.grid_mwh * draw.uniform(1.02, 3) + 1, 1)])
    if kind == "bundled":
        power = replace(good, kind="contract", first_id=0, last_id=0, bundled=True, row=3)
        return replace(scenario, instruments=[good, power])
    if kind == "credit":
        plant = replace(good, plant="Gansu wind 3")
        entry = RegisterEntry("credit_sold", "CCER Gansu Wind 3", str(YEAR), good.mwh / 2, "registry", "")
        return replace(scenario, instruments=[plant], registers=(entry,))
    own, out = _mwh(scenario, "electricity.solar"), _mwh(scenario, "electricity.exported")
    if own < 2:
        return None
    sold = replace(certificate(draw, out + own * draw.uniform(0.3, 0.9) + 1, 1), use="sold")
    return replace(scenario, instruments=[sold])


def cert_quality(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Not retired, expired, of another time, market or carrier, failing a criterion, or green without any instrument."""
    good = certificate(draw, max(scenario.grid_mwh * 0.3, 1), 1)
    if draw.random() < _IN_LAST_YEAR:
        row = draw.choice(_of(scenario, "electricity.grid"))
        if row["amount"] < 1:
            return None
        return replace(_with(scenario, row, note="100% 绿电"), instruments=[])
    old = replace(good, generated=Period.of_month(YEAR - 3, 1), retired_on=date(YEAR - 1, 6, 30))
    bad = draw.choice(
        [
            replace(good, retired_on=None),
            replace(good, generated=Period.of_month(YEAR - 3, 5)),
            replace(good, generated=Period.of_month(YEAR + 1, 2)),
            replace(good, market=draw.choice(["US", "DE", "JP"])),
            replace(good, carrier="cooling"),
            old,
            replace(good, retired_on=date(YEAR - 1, 11, 30), generated=Period.of_month(YEAR - 1, 5)),
            replace(good, criteria=(Criterion(draw.randint(1, 8), met=False),)),
        ]
    )
    return replace(scenario, instruments=[bad])


def factor_year(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Some bills on another vintage, or all on one far older than the year; a newer one is refused when factors are matched."""
    other = draw.choice(
        ["cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2021", "cn-mee-grid-enterprise@2022", "older", "superseded"]
    )
    if other == "superseded":
        pins = {**PINS, "emissions": ("cn-mee-nbs-grid@2021", *PINS["emissions"][1:])}
        return replace(scenario, factors=cl.load_factors(roles=pins, as_of=f"{YEAR + 2}-01-31"))
    if other == "older":
        edition = edited("cn-mee-nbs-grid@2023", {f",{YEAR},": f",{YEAR - draw.randint(3, 9)},"})
        return replace(scenario, factors=pinned(replace(edition, metadata={**edition.metadata, "max_lag_years": 10})))
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


def editions(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A second grid edition of another publisher that differs, a year older, which matching passes over; or one of the nation alone."""
    if scenario.factors is not None:
        return None
    if draw.choice((True, False)):
        pins = {**PINS, "emissions": ("cn-mee-grid-enterprise@2022", *PINS["emissions"][1:])}
        alone = cl.load_factors(roles=pins)
        return replace(scenario, factors=alone) if scenario.region != "CN" else None
    rival = replace(edited("cn-mee-nbs-grid@2023", {f",{YEAR},": f",{YEAR - 1},", ",0.": ",0.9"}), name="other-grid")
    base = cl.load_factors(roles=PINS)
    return replace(
        scenario, factors=replace(base, roles={**base.roles, "emissions": (*base.in_role("emissions"), rival)})
    )


def pv_twice(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Purchases that hold the whole load although part of it is own generation; or, without a load meter, own use booked again."""
    loads = _of(scenario, "electricity.load")
    if draw.random() < 0.5:
        own = _of(scenario, "electricity.solar", "electricity.generated")
        if not own or loads:
            return None
        row = draw.choice(own)
        again = {**row, "activity": "electricity.grid", "source": "meter 2", "evidence": "inverter export"}
        return replace(scenario, rows=[*scenario.rows, again])
    if not loads:
        return None
    place = draw.choice(loads)
    here = [row for row in scenario.rows if (row["entity"], row["site"]) == (place["entity"], place["site"])]
    own_mwh = sum(row["amount"] for row in here if row["activity"] == "electricity.solar")
    bought = sum(row["amount"] for row in here if row["activity"] == "electricity.grid")
    if own_mwh < 0.03 * bought:
        return None
    rows = [
        {**row, "amount": row["amount"] * (1 + own_mwh / bought)}
        if row in here and row["activity"] == "electricity.grid"
        else row
        for row in scenario.rows
    ]
    return replace(scenario, rows=rows)


def pv_balance(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """Export above generation, own use that holds the export too, or a printed energy that holds or lacks the export."""
    suns = {row["entity"] + row["site"] for row in _of(scenario, "electricity.solar")}
    made = [
        row
        for row in _of(scenario, "electricity.generated")
        if row["entity"] + row["site"].removesuffix(" roof") in suns
    ]
    sold, bought = _mwh(scenario, "electricity.exported"), _mwh(scenario, "electricity.grid")
    if sold > 1 and draw.random() < 0.4:
        text = str(cl.round_figure(bought + draw.choice([-1, 1]) * sold, "0.01"))
        return replace(scenario, figures=(("energy.grid.mwh", "Purchased electricity", text, "MWh"),))
    if not made:
        return None
    row = draw.choice(made)
    return _with(scenario, row, amount=row["amount"] * draw.choice([draw.uniform(0.3, 0.95), draw.uniform(1.06, 2)]))


def unit_1000(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A factor in the wrong unit: kg for t, or the other way round."""
    value = next(
        iter(cl.factors.read_edition("cn-mee-nbs-grid@2023").factors("electricity.grid", "emission_factor"))
    ).unit
    wrong = {"kg/kWh": draw.choice(["t/kWh", "g/kWh"]), "t/MWh": draw.choice(["t/kWh", "kg/MWh"])}[value]
    return replace(scenario, factors=pinned(edited("cn-mee-nbs-grid@2023", {f",{value},": f",{wrong},"})))


def boundary_mix(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A factor with its upstream on scope 1 or 2; diesel by the tonne at a well-to-wheel figure."""
    if draw.random() < 0.3:
        swap = {
            "heat.purchased,emission_factor": "fuel.diesel,emission_factor",
            ",0.11,": f",{draw.uniform(3.75, 4.3):.3f},",
            "/GJ,": "/t,",
        }
        return with_fuel(scenario, draw, "fuel.diesel", "cn-ndrc-heat@2013", swap)
    name = draw.choice(["cn-mee-nbs-grid@2023", "cn-ndrc-heat@2013"])
    if name == "cn-ndrc-heat@2013" and not _of(scenario, "heat.purchased"):
        name = "cn-mee-nbs-grid@2023"
    boundary = draw.choice(["life_cycle", "well_to_tank", "well_to_wheel", "cradle_to_gate"])
    return replace(scenario, factors=pinned(edited(name, {}, boundary=boundary)))


def duplicate(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A bill entered again: as it is, elsewhere, under another number, weeks later, in last year too; or a main meter beside its parts."""
    row = draw.choice(_of(scenario, "electricity.grid", "fuel.natural_gas", "fuel.gasoline"))
    if draw.random() < _IN_LAST_YEAR:
        last = {**row, "start": f"{YEAR - 1}-12-01", "end": f"{YEAR - 1}-12-31"}
        return replace(scenario, previous=[*scenario.previous, last])
    if draw.random() < _IN_LAST_YEAR:
        return _main_meter(scenario, draw)
    again = draw.choice(
        [
            {},
            {"site": "another site"},
            {"evidence": ""},
            {"start": row["start"][:8] + "02"},
            {"evidence": "invoice 77"},
            {"site": "another site", "amount": row["amount"] * 0.5},
        ]
    )
    if "invoice" in again.get("evidence", "") and len(f"{row['amount']:g}".replace(".", "").strip("0")) < 4:
        return None
    return replace(scenario, rows=[*scenario.rows, {**row, **again}])


def _main_meter(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A meter that shows what the others of its carrier at a site show together, within a per cent."""
    place = draw.choice(_of(scenario, "electricity.grid"))
    same = [
        row
        for row in _of(scenario, "electricity.grid")
        if (row["entity"], row["site"]) == (place["entity"], place["site"])
    ]
    months = {row["start"] for row in same}
    by_source = {row["source"] for row in same}
    if len(by_source) < 2 or len(same) != len(months) * len(by_source):
        return None
    drift = 1 + draw.uniform(-0.004, 0.004) if len(months) < 3 else 1 + draw.uniform(-0.015, 0.015)
    main = [
        {
            **next(row for row in same if row["start"] == month),
            "source": "main meter",
            "evidence": f"main {month}",
            "amount": round(sum(row["amount"] for row in same if row["start"] == month) * drift, 2),
        }
        for month in months
    ]
    return replace(scenario, rows=[*scenario.rows, *main])


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
    """Instruments but one total, in a file or beside it; a residual mix or a contract's rate in the location-based one; no label."""
    kind = draw.choice(["one total", "stray", "residual", "contract", "no label"])
    good = certificate(draw, max(scenario.grid_mwh * 0.2, 1), 1)
    if kind == "one total":
        return replace(scenario, both_methods=False, instruments=[good])
    if kind == "stray":
        return replace(scenario, instruments=[], claims=InstrumentSettings(unlisted=(good,)))
    if kind == "no label":
        return replace(scenario, label="Total greenhouse gas emissions", instruments=[good])
    if kind == "contract":
        rate = _rate(scenario)
        swap = {f",{rate:.4f},": f",{rate * draw.uniform(0.02, 0.5):.4f},"}
        return replace(scenario, factors=pinned(edited("cn-mee-nbs-grid@2023", swap)))
    swap = {",emission_factor,": ",retired,", ",residual_mix,": ",emission_factor,"}
    return replace(scenario, factors=pinned(edited("cn-mee-nbs-grid@2023", swap)))


def biogenic_gwp(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """The CO2 of biomass in scope 1, CO2e on another GWP set, CO2 alone called CO2e, or a refrigerant without its kind."""
    kind = draw.choice(["basis", "co2", "biomass", "refrigerant"])
    if kind == "refrigerant":
        row = {**scenario.rows[0], "activity": "reported.emissions", "unit": "t CO2e", "amount": draw.uniform(1, 50)}
        days = {"start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31"}
        words = {"source": draw.choice(["制冷剂补充", "refrigerant top-up"]), "evidence": "service report"}
        return replace(scenario, rows=[*scenario.rows, {**row, **days, **words}])
    if kind != "biomass":
        basis = draw.choice(["SAR", "AR4", "AR6"]) if kind == "basis" else ""
        edition = edited("cn-mee-nbs-grid@2023", {",CO2,": ",CO2e,"}, gwp_basis=basis)
        return replace(scenario, factors=pinned(edition))
    swap = {
        "electricity.grid,emission_factor": "fuel.biodiesel,emission_factor",
        ",t/MWh,": ",t/t,",
        ",kg/kWh,": ",kg/kg,",
    }
    return with_fuel(scenario, draw, "fuel.biodiesel", "cn-mee-nbs-grid@2023", swap)


def yoy_basis(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A printed change of the other year or of another sign, a line that moves without a word or with one, or a company that is gone."""
    kind = draw.choice(["sign", "other number", "silent", "one note", "gone"])
    value = float(scenario.printed_change.removesuffix(" %"))
    if kind == "gone":
        other = {**scenario.previous[0], "entity": "sold company", "evidence": "sold", "source": "sold"}
        return replace(scenario, previous=[*scenario.previous, other])
    if kind in {"silent", "one note"}:
        return _moved(scenario, draw, one_note=kind == "one note")
    changed = -value if kind == "sign" and abs(value) > 0.05 else value + draw.choice([-1, 1]) * draw.uniform(0.05, 5)
    return replace(scenario, printed_change=f"{cl.round_figure(changed, '0.01')} %")


def _moved(scenario: Scenario, draw: random.Random, *, one_note: bool) -> Scenario | None:
    """A line that moved, without a note or with one on a single bill of many."""
    before = {row["source"] for row in scenario.previous}
    fresh = [row for row in _of(scenario, "electricity.grid", "fuel.gasoline") if not row["note"]]
    rows = [row for row in fresh if row["source"] in before]
    if not rows:
        return None
    source, factor = draw.choice(rows)["source"], draw.choice([0.4, 1.6, 2.5])
    bills = [row for row in scenario.rows if row["source"] == source]
    if any(row["note"] for row in bills) or (one_note and len(bills) < 4):
        return None
    moved = [{**row, "amount": row["amount"] * factor} if row["source"] == source else row for row in scenario.previous]
    found = replace(scenario, previous=moved)
    return _with(found, draw.choice(bills), note="meter read on the 3rd") if one_note else found


def energy_table(scenario: Scenario, draw: random.Random) -> Scenario | None:
    """A fuel with emissions but no calorific value; printed energy that does not convert or add up; own power beside its fuel."""
    kind = draw.choice(["no energy", "converted", "parts", "share", "generator"])
    mwh = round(draw.uniform(100, 9000), 2)
    if kind == "converted":
        wrong = str(cl.round_figure(mwh * draw.choice([1, 3.5, 36, 0.36, 3.6**2]), "0.01"))
        figures = (
            ("energy.grid.mwh", "Electricity", f"{mwh:.2f}", "MWh"),
            ("energy.grid.gj", "Electricity", wrong, "GJ"),
        )
        return replace(scenario, figures=figures)
    if kind in {"parts", "share"}:
        renewable = mwh * draw.uniform(0.05, 0.6)
        total = mwh if kind == "share" else mwh * draw.choice([0.9, 1.05, 1.2])
        share = renewable / total * 100 + (draw.choice([-1, 1]) * draw.uniform(0.2, 8) if kind == "share" else 0)
        printed = {
            "total": ("Total energy", total, "GJ"),
            "non": ("Non-renewable energy", mwh - renewable, "GJ"),
            "green": ("Renewable energy", renewable, "GJ"),
            "ratio": ("Renewable energy share", max(share, 0.01), "percent"),
        }
        return replace(
            scenario,
            figures=tuple((name, label, f"{value:.2f}", unit) for name, (label, value, unit) in printed.items()),
        )
    if kind == "generator":
        gas = _of(scenario, "fuel.natural_gas")
        if not gas:
            return None
        own = {**gas[0], "activity": "electricity.grid", "unit": "MWh", "source": "自备发电机", "evidence": "genset"}
        return replace(scenario, rows=[*scenario.rows, own])
    swap = {"heat.purchased,emission_factor": "fuel.coal_gangue,emission_factor", "/GJ,": "/t,"}
    return with_fuel(scenario, draw, "fuel.coal_gangue", "cn-ndrc-heat@2013", swap)


DEFECTS: dict[str, Plant] = {
    "AVOIDED_NETTED": avoided_netted,
    "UNIT_10K": unit_10k,
    "CERT_DOUBLE": cert_double,
    "CERT_QUALITY": cert_quality,
    "FACTOR_YEAR": factor_year,
    "EDITIONS": editions,
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
