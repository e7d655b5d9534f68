"""Exports of programs and utilities: read as their publishers mean them, or refused with the row and the reason."""

import pytest

import carbonledger as cl

HALF_HOURS = [f"{at // 2:02}:{30 * (at % 2):02}" for at in range(48)]
PREAMBLE = ["My Portfolio: Example,,", "06/06/2024 04:28 PM EDT,,", ""]
PORTFOLIO = (
    "Property Name,Portfolio Manager Meter ID,Meter Name,Meter Type,Start Date,End Date,"
    "Delivery Date,Usage/Quantity,Usage Units,Cost ($),Estimation"
)


def read(tmp_path, lines, region, **settings):
    """What is read of a CSV."""
    path = tmp_path / "export.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return cl.read_entries(path, region=region, **settings)


def errors(entries):
    """The keys of the errors."""
    return [item.says.key for item in entries.findings if item.severity == "error"]


def portfolio(*bills):
    """A Portfolio Manager export of some bills: meter type, first and last day, delivery, amount, unit."""
    rows = [f"Building 1,{at},Meter {at},{','.join(bill)},Not Applicable,No" for at, bill in enumerate(bills)]
    return [*PREAMBLE, PORTFOLIO, *rows]


@pytest.mark.parametrize(
    ("kind", "unit", "activity", "read_unit"),
    [
        ("Electric - Grid", "kBtu (thousand Btu)", "electricity.grid", "kBtu"),
        ("Electric on Site Solar", "MWh (million Watt-hours)", "electricity.solar", "MWh"),
        ("Natural Gas", "MCF(million cubic feet)", "fuel.natural_gas", "10^6 ft3"),
        ("Natural Gas", "cm (Cubic meters)", "fuel.natural_gas", "m3"),
        ("District Steam", "KLbs. (thousand pounds)", "steam.purchased", "10^3 lb"),
        ("District Steam", "MBtu/MMBtu (million Btu)", "steam.purchased", "10^6 Btu"),
        ("District Hot Water", "GJ", "heat.purchased", "GJ"),
        ("District Chilled Water - Electric", "ton hours", "cooling.purchased", "RTh"),
        ("District Chilled Water - Absorption Chiller using Natural Gas", "ton hours", "cooling.purchased", "RTh"),
        ("Fuel Oil (No. 2)", "Gallons (US)", "fuel.diesel", "gal_US"),
        ("Municipally Supplied Potable Water - Indoor", "kGal (thousand gallons) (US)", "water.supply", "10^3 gal_US"),
    ],
)
def test_meter_types_and_units_of_portfolio_manager(tmp_path, kind, unit, activity, read_unit):
    """Each is read as the publisher defines it."""
    row = (kind, "01/01/2024", "01/31/2024", "Not Available", "12.5", unit)
    frame = read(tmp_path, portfolio(row), "US-CA").frame
    assert frame[["activity", "amount", "unit"]].to_numpy().tolist() == [[activity, 12.5, read_unit]]


def test_what_portfolio_manager_leaves_open_is_asked(tmp_path):
    """A meter of two oils or of other energy is refused."""
    open_kinds = ("Fuel Oil No 5 or 6", "Other (Energy)")
    rows = [(kind, "01/01/2024", "01/31/2024", "", "9", "kBtu (thousand Btu)") for kind in open_kinds]
    entries = read(tmp_path, portfolio(*rows), "US-CA")
    assert (len(entries), len(errors(entries))) == (0, 2)


def test_a_delivery_is_on_its_day(tmp_path):
    """A fuel that is delivered has no first and last day."""
    row = ("Propane", "Not Available", "Not Available", "01/15/2024", "500", "Gallons (US)")
    frame = read(tmp_path, portfolio(row), "US-CA").frame
    assert frame[["start", "end"]].astype(str).to_numpy().tolist() == [["2024-01-15", "2024-01-16"]]


def test_hours_of_a_day_in_their_own_columns(tmp_path):
    """Equal amounts of two hours of one day are two amounts."""
    lines = [
        "Name,JANE DOE",
        'Address,"1 MAIN ST, OAKLAND CA"',
        "",
        "TYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES",
        "Electric usage,2024-01-01,00:00,00:59,0.62,kWh,$0.20,",
        "Electric usage,2024-01-01,01:00,01:59,0.62,kWh,$0.20,",
        "Natural gas usage,2024-01-01,00:00,23:59,1.04,therms,$2.20,",
    ]
    frame = read(tmp_path, lines, "US-CA").frame
    assert frame["amount"].tolist() == [0.62, 0.62, 1.04]
    assert frame["activity"].tolist() == ["electricity.grid", "electricity.grid", "fuel.natural_gas"]
    assert set(frame["start"].astype(str)) == {"2024-01-01"}


def test_import_and_export_are_two_amounts(tmp_path):
    """What flows to the grid is never taken off what was bought."""
    lines = [
        "TYPE,DATE,START TIME,END TIME,IMPORT (kWh),EXPORT (kWh)",
        "Electric usage,2024-01-01,00:00,00:59,0.62,0.10",
        "Electric usage,2024-01-01,01:00,01:59,0.55,0.20",
    ]
    frame = read(tmp_path, lines, "US-CA").frame
    assert frame.groupby("activity")["amount"].sum().round(9).to_dict() == {
        "electricity.exported": 0.3,
        "electricity.grid": 1.17,
    }


def test_bills_with_the_unit_in_the_heading(tmp_path):
    """The billing variant is divided at New Year by days: 20 of 30 days of 620 kWh lie in 2023."""
    lines = [
        "Name,JANE DOE",
        "",
        "TYPE,START DATE,END DATE,USAGE (kWh),COST",
        "Electric billing,2023-12-12,2024-01-10,620,$1",
        "Electric billing,2024-01-11,2024-02-08,580,$1",
    ]
    frame = read(tmp_path, lines, "US-CA", prorate=True).frame
    assert frame["amount"].round(6).tolist() == [413.333333, 206.666667, 580]


def half_hourly(*rows, head=()):
    """A British export of half-hours."""
    return [*head, f"Site,MPAN,Date,Units,Measurement,{','.join(HALF_HOURS)},Total", *rows]


def test_half_hours_are_summed_by_day(tmp_path):
    """48 times 1.5 kWh are 72 kWh; the total agrees, and the MPAN is the meter."""
    row = f"Leeds,1200012345678,31/01/2024,kWh,AI,{','.join(['1.5'] * 48)},72"
    entries = read(tmp_path, half_hourly(row, head=["sep=,"]), "GB")
    only = entries.frame.iloc[0]
    assert (only["amount"], only["unit"], only["source"]) == (72, "kWh", "MPAN 1200012345678")
    assert (only["activity"], str(only["start"]), only["site"]) == ("electricity.grid", "2024-01-31", "Leeds")
    assert all(item.adds_up for item in entries.tallies)


@pytest.mark.parametrize(
    ("kind", "cells", "total", "key"),
    [
        ("AE", ["1.5"] * 48, "72", "INTERVAL_NOT_READ.export"),
        ("AI", ["1.5"] * 47 + ["err"], "", "INTERVAL_NOT_READ.number"),
        ("AI", ["1.5"] * 47 + ["-1"], "", "INTERVAL_NOT_READ.number"),
        ("AI", ["1.5"] * 48, "50", "TOTAL_DISAGREES.row"),
    ],
)
def test_a_day_that_is_in_doubt_is_not_read(tmp_path, kind, cells, total, key):
    """Exports, texts, negative intervals and totals that disagree give no amount."""
    row = f"Leeds,1200012345678,31/01/2024,kWh,{kind},{','.join(cells)},{total}"
    entries = read(tmp_path, half_hourly(row), "GB")
    assert (len(entries), errors(entries)) == (0, [key])
    assert all(item.adds_up for item in entries.tallies)


def test_missing_half_hours_and_reactive_energy_are_named(tmp_path):
    """A day that lacks more than the hour of the clock change is a warning; reactive energy is no consumption."""
    short = f"Leeds,12,31/01/2024,kWh,AI,{','.join(['1'] * 40)},,,,,,,,,"
    reactive = f"Leeds,12,31/01/2024,kVArh,RI,{','.join(['1'] * 48)},"
    entries = read(tmp_path, half_hourly(short, reactive), "GB")
    assert entries.frame["amount"].tolist() == [40]
    keys = {item.says.key for item in entries.findings}
    assert {"INTERVALS_MISSING", "WIDE_TABLE.reactive"} <= keys


def test_headings_of_an_energy_ledger(tmp_path):
    """用能品种 and 用能种类 head the carriers as 能源品种 does."""
    for heading in ("用能品种", "用能种类", "能源品种"):
        path = tmp_path / f"{heading}.csv"
        path.write_text(
            f"单位名称,{heading},月份,数量,计量单位\n总部,外购电力,2024年3月,11.2,万千瓦时\n", encoding="utf-8"
        )
        assert cl.read_entries(path, region="CN-SD").frame["activity"].to_list() == ["electricity.grid"]
