"""Emissions by factors that change in time: clocks, joins, findings, and what must hold on every engine."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given

from carbonledger import time_resolved as tr
from carbonledger.core.errors import BookError, EntriesError
from tests.strategies import hourly_amounts

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"


def hours(first, last, zone=BERLIN, freq="h"):
    """The moments of a time by the clock of a zone."""
    return pd.date_range(first, last, freq=freq, tz=zone, inclusive="left")


def series(moments, values, *, zone=BERLIN, region="DE", **kwargs):
    """Factors in g CO2e/kWh, each from its moment."""
    table = pd.DataFrame({"region": region, "start": [moment.isoformat() for moment in moments], "value": values})
    return tr.read_factor_series(table, zone=zone, unit="g CO2e/kWh", **kwargs)


def readings(moments, amounts=1.0, *, region="DE", source="meter 1"):
    """Readings in kWh, each from its moment."""
    return pd.DataFrame({"source": source, "region": region, "start": moments, "amount": amounts, "unit": "kWh"})


def by_day_and_night(moments):
    """200 g from 6 to 18 o'clock, else 400 g: made up."""
    return [200.0 if 6 <= moment.hour < 18 else 400.0 for moment in moments]


@pytest.mark.parametrize(
    ("first", "last", "count", "kilograms", "at_two"),
    [
        ("2024-10-21", "2024-10-28", 169, 84 * 0.2 + 85 * 0.4, 8.0),
        ("2024-03-25", "2024-04-01", 167, 84 * 0.2 + 83 * 0.4, 6.0),
    ],
)
def test_a_week_in_which_the_clock_changes(first, last, count, kilograms, at_two):
    """A day has 25 or 23 hours, and every reading is counted once: by hand, 84 hours of day and the rest of night."""
    moments = hours(first, last)
    found = tr.hourly_emissions(readings(moments), series(moments, by_day_and_night(moments)), step="hour")
    assert found.findings == ()
    assert found.kwh == count
    assert found.total_t == pytest.approx(kilograms / 1000, rel=1e-12)
    assert found.weighted_factor == pytest.approx(kilograms / count, rel=1e-12)
    assert found.by("hour").set_index("hour")["kwh"][2] == at_two
    assert found.difference_t == pytest.approx(0.0, abs=1e-15)


def test_a_leap_day_by_monthly_factors():
    """28 and 29 February at 500 g and 1 March at 600 g: 48 x 0.5 + 24 x 0.6 = 38.4 kg."""
    rows = [{"month": "2024-02-01", "value": 500}, {"month": "2024-03-01", "value": 600}]
    table = [{"start": row["month"], "value": row["value"]} for row in rows]
    factors = tr.read_factor_series(table, zone=SHANGHAI, region="CN", unit="g CO2/kWh")
    assert factors.findings == ()
    found = tr.hourly_emissions(
        readings(hours("2024-02-28", "2024-03-02", SHANGHAI), region="CN"), factors, step="hour"
    )
    assert found.total_t == pytest.approx(0.0384, rel=1e-12)
    assert found.by("month")["month"].tolist() == [202402, 202403]
    assert found.by("month")["kwh"].tolist() == [48.0, 24.0]
    assert found.gas == "CO2"


def test_a_reading_across_a_change_is_divided_by_time():
    """2 kWh from 0:45 to 1:15, half at 300 g and half at 500 g, are 0.8 kg."""
    factors = series(hours("2024-01-10 00:00", "2024-01-10 02:00"), [300.0, 500.0])
    reading = readings([pd.Timestamp("2024-01-10 00:45", tz=BERLIN)], 2.0)
    found = tr.hourly_emissions(reading, factors, step="30 minutes")
    assert found.total_t == pytest.approx(0.0008, rel=1e-12)


def test_a_long_reading_is_spread_only_if_that_is_said():
    """A day of 23 hours with 23 kWh: refused as it is; spread evenly, one hour at 1,000 g and 22 at 400 g."""
    moments = hours("2024-03-31", "2024-04-01")
    factors = series(moments, [1000.0] + [400.0] * 22)
    day = pd.DataFrame({"start": [date(2024, 3, 31)], "end": [date(2024, 3, 31)], "amount": [23.0]})
    lazy = pl.from_pandas(day).with_columns(pl.col("start", "end").cast(pl.Date))
    refused = tr.hourly_emissions(lazy, factors, region="DE", unit="kWh")
    assert [finding.says.key for finding in refused.findings] == ["HOURLY.long"]
    assert (refused.total_t, refused.refused_kwh) == (None, 23.0)
    spread = tr.hourly_emissions(lazy, factors, region="DE", unit="kWh", spread="even")
    assert spread.total_t == pytest.approx((1.0 + 22 * 0.4) / 1000, rel=1e-12)


def test_hours_without_a_factor_are_said_with_their_electricity():
    """Nothing is interpolated: two hours are missing, and 3 kWh hang on them."""
    moments = hours("2024-01-10", "2024-01-11")
    factors = series(moments.delete([5, 6]), [400.0] * 22)
    assert [finding.says.values for finding in factors.findings] == [
        (("region", "DE"), ("count", 1), ("hours", 2.0), ("first", "2024-01-10 05:00"))
    ]
    found = tr.hourly_emissions(readings(moments, [1.5] * 24), factors, step="hour")
    gap = next(finding for finding in found.findings if finding.rule == "HOURLY_GAP")
    assert dict(gap.says.values)["kwh"] == 3.0
    assert (found.total_t, found.difference_t, found.is_complete) == (None, None, False)
    assert found.calculated_t == pytest.approx(22 * 1.5 * 0.4 / 1000, rel=1e-12)


def test_times_by_the_clock():
    """A time that the clock skips is refused, one that it shows twice needs to say which it is, all others are found."""
    factors = series(hours("2024-01-01", "2025-01-01"), [400.0] * 8784)
    stamps = ["2024-03-31 01:00", "2024-03-31 02:30", "2024-10-27 02:00", "2024-10-27 02:00", "2024-10-27 03:00"]
    frame = readings(pd.to_datetime(stamps), [1.0, 2.0, 4.0, 8.0, 16.0])
    found = tr.hourly_emissions(frame, factors, step="hour")
    assert [
        (finding.says.key, dict(finding.says.values)["kwh"])
        for finding in found.findings
        if finding.severity == "error"
    ] == [
        ("HOURLY.no_such_time", 2.0),
        ("HOURLY.twice", 12.0),
    ]
    assert found.kwh == 17.0
    told = tr.hourly_emissions(frame.assign(fold=[0, 0, 0, 1, 0]).drop(index=1), factors, step="hour")
    assert told.kwh == 29.0
    assert told.is_complete


BAD = {
    "no_amount": {"amount": [float("nan")]},
    "negative": {"amount": [-1.0]},
    "no_moment": {"start": [pd.NaT]},
    "unknown_region": {"region": ["FR"]},
    "unit": {"unit": ["t"]},
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_defective_readings_are_refused_and_said(case, engine):
    """What cannot be calculated is in no sum, and said, on every engine."""
    moments = hours("2024-01-10", "2024-01-11")
    bad = readings(moments[:1]).assign(**BAD[case])
    bad["start"] = (
        pd.to_datetime(bad["start"]).dt.tz_convert(BERLIN)
        if case != "no_moment"
        else bad["start"].dt.tz_localize(BERLIN)
    )
    frame = pd.concat([readings(moments), bad], ignore_index=True)
    found = tr.hourly_emissions(as_frame(frame, engine), series(moments, [400.0] * 24), step="hour")
    assert f"HOURLY.{case}" in [finding.says.key for finding in found.findings]
    assert (found.kwh, found.total_t) == (24.0, None)


def as_frame(frame, engine):
    """The same rows on another engine."""
    if engine == "duckdb":
        in_utc = frame.assign(start=frame["start"].dt.tz_convert("UTC"))
        return duckdb.from_df(in_utc)
    return (
        frame if engine == "pandas" else pl.from_pandas(frame) if engine == "polars" else pl.from_pandas(frame).lazy()
    )


@pytest.mark.parametrize("engine", ["pandas", "polars", "lazy", "duckdb"])
def test_engines_agree(engine):
    """Quarter-hours of two meters give the same views on every engine, in its own kind of frame."""
    moments = hours("2024-10-21", "2024-10-28")
    factors = series(moments, by_day_and_night(moments))
    quarters = hours("2024-10-21", "2024-10-28", freq="15min")
    both = pd.concat(
        [readings(quarters, np.arange(676.0)), readings(quarters, 0.5, source="meter 2")], ignore_index=True
    )
    expected = tr.hourly_emissions(both, factors, step="15 minutes")
    found = tr.hourly_emissions(as_frame(both, engine), factors, step="15 minutes")
    assert found.total_t == pytest.approx(expected.total_t, rel=1e-12)
    assert found.findings == ()
    for axis in ("source", "month", "hour", "region"):
        own, other = found.by(axis), expected.by(axis)
        own = own.to_pandas() if isinstance(own, pl.DataFrame) else own
        pd.testing.assert_frame_equal(own, other, check_dtype=False, rtol=1e-12)
        assert own["emissions_t"].sum() == pytest.approx(expected.total_t, rel=1e-12)
    assert isinstance(found.by("hour"), pl.DataFrame) is (engine in {"polars", "lazy"})


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_amounts_of_32_bits_are_said(engine):
    """A column of seven digits is named, and summed in sixteen."""
    moments = hours("2024-10-21", "2024-10-28")
    frame = readings(moments, np.full(169, 0.1, dtype="float32"))
    found = tr.hourly_emissions(as_frame(frame, engine), series(moments, [400.0] * 169), step="hour")
    assert [item.says.values for item in found.findings] == [(("column", "amount"),)]
    assert found.is_complete
    assert found.kwh == pytest.approx(169 * float(np.float32(0.1)), rel=1e-12)


def test_a_stated_annual_average():
    """Beside the hours stands what the same readings are at a published annual average; a year without one has no difference."""
    moments = hours("2024-01-10", "2024-01-11")
    factors = series(moments, [400.0] * 24)
    rows = [{"start": "2024-01-01", "end": "2024-12-31", "value": 380}]
    annual = tr.read_factor_series(rows, zone=BERLIN, region="DE", unit="g CO2e/kWh")
    found = tr.hourly_emissions(readings(moments), factors, annual=annual, step="hour")
    assert found.average_t == pytest.approx(24 * 0.38 / 1000, rel=1e-12)
    assert found.difference_t == pytest.approx(24 * 0.02 / 1000, rel=1e-12)
    other = tr.read_factor_series(
        [{**rows[0], "start": "2023-01-01", "end": "2023-12-31"}], zone=BERLIN, region="DE", unit="g CO2e/kWh"
    )
    none = tr.hourly_emissions(readings(moments), factors, annual=other, step="hour")
    assert [finding.says.key for finding in none.findings] == ["HOURLY_GAP.no_average"]
    assert none.difference_t is None


def test_readings_that_overlap_or_leave_time_are_doubted():
    """A repeated delivery covers more hours than there were; a missing hour is named."""
    moments = hours("2024-01-10", "2024-01-11")
    factors = series(moments, [400.0] * 24)
    twice = tr.hourly_emissions(pd.concat([readings(moments)] * 2), factors, step="hour")
    assert [finding.says.values[2] for finding in twice.findings] == [("hours", 24.0)]
    missing = tr.hourly_emissions(readings(moments.delete(7)), factors, step="hour")
    assert [(finding.says.key, finding.says.values[2]) for finding in missing.findings] == [
        ("HOURLY_COVERAGE.gap", ("hours", 1.0))
    ]


def test_zones_of_half_an_hour():
    """In India the hours of the day begin half an hour off those of UTC, and are kept apart."""
    moments = hours("2024-01-10", "2024-01-11", "Asia/Kolkata")
    factors = series(moments, np.arange(24.0) * 10, zone="Asia/Kolkata", region="IN")
    assert factors.grid == 1800
    found = tr.hourly_emissions(readings(moments, region="IN"), factors, step="hour")
    assert found.by("hour")["emissions_t"].tolist() == pytest.approx((np.arange(24.0) * 1e-5).tolist(), rel=1e-12)


def test_data_in_both_languages():
    """JSON says that the figures stand beside the inventory, in the language of the reader."""
    moments = hours("2024-01-10", "2024-01-11")
    found = tr.hourly_emissions(readings(moments), series(moments, [400.0] * 24), step="hour")
    assert found.to_dict("zh")["method"] == "分时因子（基于位置），列于清单之外"
    assert found.to_dict()["in_inventory"] is False
    assert len(found.to_dict()["by_hour"]) == 24
    assert repr(found) == "TimeEmissions(0.010 t CO2e, 24 kWh; beside the inventory)"
    with pytest.raises(KeyError, match="colour"):
        found.by("colour")


def test_misuse():
    """A step of the calendar, a zone that is none and columns that are missing are refused."""
    factors = series(hours("2024-01-10", "2024-01-11"), [400.0] * 24)
    frame = readings(hours("2024-01-10", "2024-01-11"))
    with pytest.raises(BookError, match="depends on the calendar"):
        tr.hourly_emissions(frame, factors, step="month")
    with pytest.raises(BookError, match="no step in time"):
        tr.hourly_emissions(frame, factors, step="often")
    with pytest.raises(EntriesError, match="end"):
        tr.hourly_emissions(frame, factors)
    with pytest.raises(EntriesError, match="no days or moments"):
        tr.hourly_emissions(frame.assign(start="2024-01-10"), factors, step="hour")
    with pytest.raises(EntriesError, match="no numbers"):
        tr.hourly_emissions(frame.assign(amount="many"), factors, step="hour")
    with pytest.raises(EntriesError, match="both mean amount"):
        tr.hourly_emissions(frame.assign(quantity=1.0), factors, step="hour")


@given(hourly_amounts())
def test_a_constant_series_gives_the_annual_figure(amounts):
    """Factors that do not change give the sum of the readings times the factor, and no difference to the average."""
    moments = hours("2024-03-30", "2024-04-02")[: len(amounts)]
    found = tr.hourly_emissions(
        readings(moments, amounts), series(hours("2024-03-30", "2024-04-02"), [432.1] * 71), step="hour"
    )
    assert found.total_t == pytest.approx(sum(amounts) * 0.4321 / 1000, rel=1e-12, abs=1e-15)
    assert found.difference_t == pytest.approx(0.0, abs=1e-9 * (1 + sum(amounts)))


@given(hourly_amounts())
def test_splitting_readings_in_time_changes_nothing(amounts):
    """Two-hour readings that are spread evenly are the same as their halves."""
    first = pd.Timestamp("2024-10-26 00:00", tz=BERLIN)
    whole = pd.DatetimeIndex([first + pd.Timedelta(hours=2 * at) for at in range(len(amounts))])
    halves = pd.DatetimeIndex([moment + pd.Timedelta(hours=more) for moment in whole for more in (0, 1)])
    known = pd.date_range(first, periods=2 * len(amounts), freq="h")
    factors = series(known, by_day_and_night(known), step="hour")
    one = tr.hourly_emissions(readings(whole, amounts), factors, step="2 hours", spread="even")
    other = tr.hourly_emissions(readings(halves, np.repeat(amounts, 2) / 2), factors, step="hour")
    assert one.total_t == pytest.approx(other.total_t, rel=1e-12, abs=1e-15)
    pd.testing.assert_frame_equal(one.by("hour"), other.by("hour"), rtol=1e-9)
