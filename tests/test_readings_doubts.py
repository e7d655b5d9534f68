"""Slips of readings, totals and months without readings are told as in small books; what plants do in a year is not."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from carbonledger.activity_data.checks import check_entries
from carbonledger.audit.of_inventory import audited
from carbonledger.factors.pinned import load_factors
from carbonledger.inventory.calculate import calculate
from carbonledger.readings.doubts import doubted, named_few
from carbonledger.readings.entries import read_readings

STATED = {"activity": "electricity.grid", "unit": "kWh", "region": "CN"}
hours = pd.date_range("2022-01-01", "2023-01-01", freq="h", inclusive="left")
of_day, month_of, weekday = (np.asarray(part) for part in (hours.hour, hours.month, hours.day_of_week))
NOISE = np.random.default_rng(21).lognormal(0, 0.2, len(hours))
SUN = np.clip(np.sin((of_day - 6) / 12 * np.pi), 0, None)
LOAD = (1 + 0.8 * np.sin((of_day - 6) / 24 * 2 * np.pi)) * NOISE * 20
# What a plant does in a year.
USUAL = {
    "a daily profile": LOAD,
    "a weekly shutdown": np.where(weekday < 5, LOAD, 0.0),
    "nights of zero": np.where((of_day > 6) & (of_day < 22), LOAD, 0.0),
    "photovoltaics": SUN * NOISE * (1 + 0.5 * np.cos((month_of - 6.5) / 6 * np.pi)),
    "photovoltaics under snow": SUN * NOISE * np.where(np.isin(month_of, (1, 12)), 0.2, 1.0),
    "a battery": np.where((of_day >= 1) & (of_day < 4), 25.0, 0.0),
    "heating in winter": np.where(np.isin(month_of, (1, 2, 3, 11, 12)), LOAD, 0.0),
    "a commissioning in May": np.where(hours < datetime(2022, 5, 17), 0.0, LOAD),
    "a pump that is tried each month": np.where((hours.day == 1) & (of_day == 9), 50.0, 0.05),
    "no use at all": np.zeros(len(hours)),
    "a cold week": np.where((hours >= datetime(2022, 1, 10)) & (hours < datetime(2022, 1, 17)), 8 * LOAD, LOAD),
}


def meter(amounts, source="meter 1"):
    return pd.DataFrame({"source": source, "start": hours, "amount": np.asarray(amounts)})


def told(folder, *frames):
    """Rule or case, and row, of each finding about these readings."""
    pd.concat(frames).to_parquet(folder / "readings.parquet")
    entries = read_readings("readings.parquet", folder=folder, stated=STATED, step="1 hour")
    return [(finding.says.key, finding.row) for finding in check_entries(entries, 2022)]


@pytest.mark.parametrize("amounts", USUAL.values(), ids=USUAL)
def test_what_plants_do_is_no_doubt(tmp_path, amounts):
    """A year of a load, of the sun, of a battery or of a season raises nothing."""
    assert told(tmp_path, meter(amounts)) == []


@pytest.mark.parametrize(("at", "times"), [(4000, 1000), (4011, 1000), (4000, 10000), (11, 1000), (8757, 1000)])
def test_a_single_slip(tmp_path, at, times):
    """A reading of the day or of the night, in Wh among kWh, is told at its file and row, beside its month where that stands out."""
    amounts = LOAD.copy()
    amounts[at] *= times
    found = told(tmp_path, meter(LOAD, "meter 0"), meter(amounts))
    assert found[0] == ("UNIT_10K.reading", len(hours) + at + 1)
    assert {key.partition(".")[0] for key, _ in found[1:]} <= {"AMOUNT_OUTLIER", "UNIT_10K"}


@pytest.mark.parametrize("name", USUAL)
def test_numbers_for_no_reading(tmp_path, name):
    """A register's largest number that stands for a lost connection is told, whatever the profile, unless there is no other."""
    amounts = np.asarray(USUAL[name], dtype=float).copy()
    amounts[5000] = 9_999_999
    expected = [] if name == "no use at all" else ["UNIT_10K.reading"]
    assert [key for key, _ in told(tmp_path, meter(amounts)) if key == "UNIT_10K.reading"] == expected


def test_months_in_another_unit(tmp_path):
    """Three months of one meter a thousand times the others are three slips, each at its first reading."""
    slipped = np.where(np.isin(month_of, (5, 6, 7)), 1000 * LOAD, LOAD)
    assert told(tmp_path, meter(slipped)) == [
        ("UNIT_10K.usual", int(np.flatnonzero(month_of == slip)[0]) + 1) for slip in (5, 6, 7)
    ]


@pytest.mark.parametrize(
    ("first", "last"), [("2022-03-01", "2023-01-01"), ("2022-01-01", "2022-11-01"), ("2022-03-28", "2023-01-01")]
)
def test_months_without_readings(tmp_path, first, last):
    """A meter that begins in March or ends in October misses months; a part of a month is no slip of a decimal point."""
    frame = meter(LOAD)
    part = frame[(frame["start"] >= first) & (frame["start"] < last)]
    assert [key for key, _ in told(tmp_path, part, meter(LOAD, "meter 2"))] == ["MISSING_MONTHS"]


@pytest.mark.parametrize("name", ["合计", "小计", "Total", "Total plant 1", "Subtotal"])
def test_rows_that_are_totals(tmp_path, name):
    """The readings of a source that is called a total are held against the others, and not counted."""
    frames = (meter(LOAD), meter(3 * LOAD, "meter 2"), meter(4 * LOAD, name))
    pd.concat(frames).to_parquet(tmp_path / "readings.parquet")
    entries = read_readings("readings.parquet", folder=tmp_path, stated=STATED, step="1 hour")
    assert {finding.says.key for finding in entries.findings} == {"TOTAL_ROW.agrees"}
    assert entries.frame["amount"].sum() == pytest.approx(4 * LOAD.sum(), rel=1e-12)
    assert entries.tallies[0].adds_up


def calculated(folder, *frames):
    """The inventory of readings in no book."""
    pd.concat(frames).to_parquet(folder / "readings.parquet")
    entries = read_readings("readings.parquet", folder=folder, stated=STATED, step="1 hour")
    factors = load_factors("cn-mee-grid-enterprise@2022")
    return audited(calculate(doubted(entries, "readings.parquet"), factors, gwp="ipcc-ar5@2013", missing="report"))


def test_a_meter_that_is_the_sum_of_others_is_told_without_a_book(tmp_path):
    """A main meter beside its sub-meters, called what it may, is a doubt of the checks; and nothing else is."""
    frames = (meter(LOAD), meter(1.7 * LOAD[::-1], "meter 2"), meter(LOAD + 1.7 * LOAD[::-1], "M9"))
    assert [item.says.key for item in calculated(tmp_path, *frames).findings] == ["DUPLICATE.main_meter"]


def test_without_a_book_sources_are_held_to_what_is_covered(tmp_path):
    """Readings of March to October are no months missing of the year; a meter that begins later than the others is told."""
    within = [
        frame[(frame["start"] >= "2022-03-01") & (frame["start"] < "2022-11-01")]
        for frame in (meter(LOAD), meter(2.3 * LOAD, "b"))
    ]
    assert [item.says.key for item in calculated(tmp_path, *within).findings] == ["READINGS_PERIOD"]
    within[1] = within[1][within[1]["start"] >= "2022-06-01"]
    found = calculated(tmp_path, *within).findings
    assert [item.says.key for item in found] == ["READINGS_PERIOD", "MISSING_MONTHS"]
    assert "2022-03, 2022-04, 2022-05" in found[1].text()


def test_each_year_is_looked_at_by_itself(tmp_path):
    """Of two years of readings, months that are missing are told of each, and a doubt once."""
    frame = meter(LOAD)
    both = pd.concat([frame, frame.assign(start=frame["start"] + pd.Timedelta(days=365))])
    late = both[both["start"] >= "2022-04-01"].assign(source="late")
    keys = [item.says.key for item in calculated(tmp_path, both, late).findings if item.rule == "MISSING_MONTHS"]
    assert keys == ["MISSING_MONTHS"]


def test_of_thousands_of_meters_twenty_are_named(tmp_path):
    """Meters that all begin in March are named twenty times, the others counted; the inventory itself has all."""
    late = [meter(LOAD * (1 + 0.37 * number), f"m{number}").iloc[1416 + 24 * number :] for number in range(30)]
    inventory = calculated(tmp_path, meter(0.1 * LOAD[::-1], "whole"), *late)
    assert sum(item.rule == "MISSING_MONTHS" for item in inventory.findings) == 30
    named = [item for item in named_few(inventory.findings) if item.rule in ("MISSING_MONTHS", "READINGS_ALIKE")]
    assert [item.rule for item in named] == ["MISSING_MONTHS"] * 20 + ["READINGS_ALIKE"]
    assert dict(named[-1].says.values)["count"] == 10
    assert named[-1].severity == named[0].severity
    assert named[-1].row
