"""The overview of a book sums to its inventory, and spreads nothing that was not read by the day."""

import math
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.errors import BookError
from tests.monitored_books import hourly, monitored_book
from tests.support import PROJECT

AT = datetime(2025, 6, 15, 18, 30)
# GJ per kWh, by definition of the watt.
GJ = 0.0036


@pytest.fixture(scope="module")
def example():
    """The overview of the constructed example."""
    return cl.open_book(PROJECT / "examples" / "monitoring").overview(AT)


def test_days_sum_to_months_and_months_to_the_entries(example):
    """The law of the room: days of readings are the months of readings, and all months are the inventory of all years."""
    book = cl.open_book(PROJECT / "examples" / "monitoring")
    years = [book.inventory(year) for year in (2024, 2025)]
    months, days = example.priced.months, example.priced.days
    of_days = days.assign(month=days["day"].dt.to_period("M").dt.to_timestamp())
    keys = ["site", "source", "activity", "month"]
    for measure in ("energy_gj", "emissions_tco2e"):
        summed = of_days.groupby(keys)[measure].sum()
        stated = months[months["metered"]].set_index(keys)[measure]
        assert (summed - stated.reindex(summed.index)).abs().max() < 1e-9
    energy = math.fsum(float(item.total_energy().magnitude) for item in years)
    emissions = math.fsum(float(item.total_location_based().magnitude) for item in years)
    longer = example.priced.longer
    assert months["energy_gj"].sum() + longer["energy_gj"].sum() == pytest.approx(energy, rel=1e-12)
    assert months["emissions_tco2e"].sum() + longer["emissions_tco2e"].sum() == pytest.approx(emissions, rel=1e-12)


@given(st.lists(st.integers(0, 5000), min_size=24, max_size=24 * 9))
def test_the_energy_of_the_days_is_that_of_the_readings(kwh):
    """Whatever meters say: the days of a source sum to its readings, at 3.6 MJ a kWh."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        overview = cl.open_book(monitored_book(Path(folder), hourly(kwh))).overview(AT)
        assert math.fsum(day.energy_gj for day in overview.days) == pytest.approx(sum(kwh) * GJ, abs=1e-9)
        assert len(overview.days) == -(-len(kwh) // 24)


def test_a_bill_of_a_month_is_in_no_day(example):
    """Gas is billed by month: it stands in the months, and no day has any of it."""
    assert "fuel.natural_gas" not in set(example.priced.days["activity"])
    gas = example.priced.months[example.priced.months["activity"] == "fuel.natural_gas"]
    assert len(gas) == 14
    assert not gas["metered"].any()


def test_an_entry_of_several_months_is_in_none(tmp_path):
    """The bill of a quarter stands apart, with its energy."""
    (tmp_path / "bills.csv").write_text(
        "source,activity,start,end,amount,unit\nold,electricity.grid,2025-01-01,2025-03-31,900,kWh\n", encoding="utf-8"
    )
    folder = monitored_book(tmp_path, hourly([1] * 48), files='entries = ["bills.csv"]')
    overview = cl.open_book(folder).overview(AT)
    assert overview.priced.longer["energy_gj"].tolist() == [pytest.approx(900 * GJ)]
    assert [month.energy_gj for month in overview.months] == [pytest.approx(48 * GJ)]
    assert overview.to_dict()["longer"]["entries"] == 1


def test_a_reading_longer_than_a_day_is_in_no_day(tmp_path):
    """A reading of three days is in the month and in no day."""
    rows = pd.DataFrame(
        {
            "source": ["main", "main"],
            "activity": "electricity.grid",
            "start": pd.to_datetime(["2025-03-03", "2025-03-06"]),
            "end": pd.to_datetime(["2025-03-06 00:00", "2025-03-07 00:00"]),
            "amount": [30, 10],
        }
    ).astype({"start": "datetime64[us]", "end": "datetime64[us]"})
    overview = cl.open_book(monitored_book(tmp_path, rows)).overview(AT)
    assert [f"{day.begin:%Y-%m-%d}" for day in overview.days] == ["2025-03-06"]
    assert [month.energy_gj for month in overview.months] == [pytest.approx(40 * GJ)]


def test_a_change_needs_whole_days_of_the_same_sources(example):
    """Days beside the same weekday 52 weeks before; a day without one of the meters has no change."""
    by_day = {f"{day.begin:%m-%d}": day for day in example.days}
    assert by_day["06-13"].comparable
    assert by_day["06-13"].change("energy_gj") == pytest.approx(
        by_day["06-13"].energy_gj / by_day["06-13"].previous_energy_gj - 1
    )
    for day in ("06-05", "06-14", "06-15"):
        assert not by_day[day].whole
        assert math.isnan(by_day[day].change("energy_gj"))


def test_a_day_that_a_meter_does_not_report_is_not_whole(tmp_path):
    """A silent meter's day is not whole, unless the book says that the meter was taken out."""
    frames = [hourly([5] * 24 * 4), hourly([2] * 24 * 2, source="side")]
    overview = cl.open_book(monitored_book(tmp_path, *frames)).overview(datetime(2025, 3, 7))
    assert [day.whole for day in overview.days] == [True, True, False, False]
    assert overview.silent == ("hall / side",)
    ended = '[[watch.limit]]\nsource = "side"\nuntil = "2025-03-04"\n'
    overview = cl.open_book(monitored_book(tmp_path, settings=ended)).overview(datetime(2025, 3, 7))
    assert [day.whole for day in overview.days] == [True] * 4
    assert overview.silent == ()


def test_readings_left_out_take_the_changes(tmp_path):
    """With rows that could not be read no day has a change, and the exit code is 1."""
    days = 24 * 380
    kwh = [5.0] * days
    kwh[100] = -1.0
    overview = cl.open_book(monitored_book(tmp_path, hourly(kwh, "2024-03-04"))).overview(datetime(2025, 3, 19))
    assert overview.completeness.is_part
    assert not any(day.comparable for day in overview.days)
    assert overview.exit_code == 1


def test_own_generation_is_a_share_of_the_electricity(tmp_path):
    """A quarter of the electricity of a day that had 3 kWh bought for each of its own."""
    frames = [hourly([3] * 24), hourly([1] * 24, activity="electricity.solar", source="roof")]
    overview = cl.open_book(monitored_book(tmp_path, *frames)).overview(AT)
    assert overview.days[0].own_share == pytest.approx(0.25)


def test_peak_day_and_baseload(tmp_path):
    """The day of most energy, and the least hour of a night."""
    kwh = [20] * 72
    kwh[24 + 3], kwh[48 + 12], kwh[24 + 13] = 7, 90, 1
    overview = cl.open_book(monitored_book(tmp_path, hourly(kwh))).overview(AT)
    assert f"{overview.peak_day.begin:%Y-%m-%d}" == "2025-03-05"
    assert overview.sources[0].baseload == 7
    assert overview.sources[0].peak_amount == 23 * 20 + 90


def test_quarter_hours_and_hours_say_the_same(tmp_path):
    """The same energy by quarters of an hour gives the same days."""
    quarters = hourly([2.5] * 24 * 4 * 3)
    quarters["start"] = quarters["start"].iloc[0] + pd.to_timedelta(range(0, 15 * len(quarters), 15), unit="min")
    first = monitored_book(tmp_path / "a", quarters)
    (first / "book.toml").write_text((first / "book.toml").read_text(encoding="utf-8").replace("1 hour", "15 minutes"))
    second = monitored_book(tmp_path / "b", hourly([10] * 72))
    one, other = (cl.open_book(folder).overview(AT) for folder in (first, second))
    assert [day.energy_gj for day in one.days] == [pytest.approx(day.energy_gj) for day in other.days]
    assert one.sources[0].step_hours == 0.25
    assert one.sources[0].baseload == other.sources[0].baseload == 10


def test_repeated_readings_are_counted_once(tmp_path):
    """A file that was delivered twice changes no day."""
    frame = hourly([4] * 48)
    overview = cl.open_book(monitored_book(tmp_path, frame, frame)).overview(AT)
    assert [day.energy_gj for day in overview.days] == [pytest.approx(96 * GJ)] * 2
    assert "READINGS_REPEATED" in {finding.rule for finding in overview.alarms}


def test_a_book_without_readings_has_months_alone():
    """A year entered as a whole is in no month, and nothing is invented."""
    overview = cl.open_book(PROJECT / "seeds" / "techen-2024").overview(AT)
    assert overview.days == overview.sources == ()
    assert overview.to_dict("zh")["longer"]["emissions_tco2e"] == pytest.approx(2497.3318, abs=1e-3)


def test_unknown_settings_are_refused(tmp_path):
    """A misspelt limit is a fault with its name."""
    folder = monitored_book(tmp_path, hourly([1] * 24), settings="[watch]\nsilent_step = 3\n")
    with pytest.raises(BookError, match="silent_step"):
        cl.open_book(folder)
