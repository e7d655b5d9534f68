"""Series of factors in time: what is read, what is refused, and that nothing is interpolated."""

import numpy as np
import pandas as pd
import pytest

from carbonledger.core.errors import BookError, EntriesError
from carbonledger.time_resolved import read_factor_series
from carbonledger.time_resolved.clocks import clock_of
from carbonledger.time_resolved.moment_texts import read_moments

BERLIN = "Europe/Berlin"


def read(rows, **kwargs):
    """A series in the region DE, in g CO2e/kWh."""
    return read_factor_series(rows, **{"zone": BERLIN, "region": "DE", "unit": "g CO2e/kWh", **kwargs})


def rows(starts, values=400):
    """A row for each beginning."""
    return [
        {"start": start, "value": value}
        for start, value in zip(starts, np.broadcast_to(values, len(starts)), strict=True)
    ]


def keys(series):
    """The rules of the findings."""
    return [finding.says.key for finding in series.findings]


def test_a_file_with_its_own_units_and_sources(tmp_path):
    """A CSV in Chinese with zone and unit reads as kg/kWh; its findings name file and row."""
    path = tmp_path / "factors.csv"
    path.write_text(
        "地区,开始,数值,单位,来源\nCN,2024-01-01T00:00+08:00,0.5,t CO2/MWh,made up\nCN,2024-01-01T01:00+08:00,x,t CO2/MWh,made up\n"
        "CN,2024-01-01T02:00+08:00,600,kg CO2/MWh,made up\n",
        encoding="utf-8",
    )
    series = read_factor_series(path, zone="Asia/Shanghai", step="hour")
    assert series.steps["value"].tolist() == pytest.approx([0.5, 0.6])
    assert (series.gas, series.regions, dict(series.refused)) == ("CO2", ("CN",), {"CN": 1})
    assert [(finding.says.key, finding.file, finding.row) for finding in series.findings] == [
        ("FACTOR_SERIES.no_number", "factors.csv", 3),
        ("FACTOR_SERIES_GAP", "factors.csv", None),
    ]


def test_a_parquet_file(tmp_path):
    """A Parquet file of moments with a zone reads as a CSV of them does."""
    moments = pd.date_range("2024-10-27", periods=25, freq="h", tz=BERLIN)
    pd.DataFrame({"region": "DE", "start": moments, "value": 400.0, "unit": "g CO2e/kWh"}).to_parquet(
        tmp_path / "f.parquet"
    )
    series = read_factor_series(tmp_path / "f.parquet", zone=BERLIN)
    assert (len(series.steps), series.findings) == (25, ())


BAD = {
    "no_region": {"region": "", "start": "2024-01-01T05:00", "value": 1},
    "no_number": {"start": "2024-01-01T05:00", "value": -1},
    "unit": {"start": "2024-01-01T05:00", "value": 1, "unit": "kg"},
    "gas": {"start": "2024-01-01T05:00", "value": 1, "unit": "g CO2/kWh"},
    "no_moment": {"start": "05/06/2024", "value": 1},
    "not_a_minute": {"start": "2024-01-01T05:00:30", "value": 1},
    "no_such_time": {"start": "2024-03-31T02:00", "value": 1},
    "twice": {"start": "2024-10-27T02:00", "value": 1},
    "contradiction": {"start": "2024-01-01T01:00", "value": 1},
}


@pytest.mark.parametrize("case", BAD)
def test_rows_that_say_nothing_certain_are_refused(case):
    """A defective row is left out and said, and the others hold."""
    good = rows(["2024-01-01T00:00", "2024-01-01T01:00", "2024-01-01T02:00"])
    table = [{"region": "DE", "unit": "g CO2e/kWh", **row} for row in [*good, BAD[case]]]
    series = read_factor_series(table, zone=BERLIN)
    assert f"FACTOR_SERIES.{case}" in keys(series)
    assert len(series.steps) == (2 if case == "contradiction" else 3)
    assert all(finding.text("zh") != finding.text("en") for finding in series.findings)


def test_a_time_that_comes_twice_is_told_by_its_fold():
    """With 0 and 1 in a column, both hours of the change are read, one after the other."""
    table = [
        {"start": "2024-10-27T01:00", "value": 1, "fold": ""},
        {"start": "2024-10-27T02:00", "value": 2, "fold": "0"},
        {"start": "2024-10-27T02:00", "value": 3, "fold": "1"},
        {"start": "2024-10-27T03:00", "value": 4, "fold": ""},
    ]
    series = read(table)
    assert series.findings == ()
    assert np.diff(series.steps["start"]).tolist() == [3600] * 3


def test_overlaps_repetitions_and_mixed_steps():
    """What overlaps is not used at all, what is repeated is read once, and steps of several lengths are said."""
    stated = [
        {"start": "2024-01-01T00:00", "end": "2024-01-01T01:00", "value": 1},
        {"start": "2024-01-01T01:00", "end": "2024-01-01T03:00", "value": 2},
        {"start": "2024-01-01T02:00", "end": "2024-01-01T03:00", "value": 3},
        {"start": "2024-01-01T03:00", "end": "2024-01-01T04:00", "value": 4},
        {"start": "2024-01-01T03:00", "end": "2024-01-01T04:00", "value": 4},
        {"start": "2024-01-01T04:00", "end": "2024-01-01T06:00", "value": 5},
        {"start": "2024-01-01T07:00", "end": "2024-01-01T07:00", "value": 5},
    ]
    series = read(stated)
    assert keys(series) == [
        *(
            "FACTOR_SERIES_REPEATED",
            "FACTOR_SERIES.backwards",
            "FACTOR_SERIES.overlap",
            "FACTOR_SERIES_GAP",
            "FACTOR_SERIES_MIXED",
        )
    ]
    assert series.steps["value"].tolist() == pytest.approx([0.001, 0.004, 0.005])


def test_months_and_years_follow_the_calendar():
    """Twelve beginnings of months make a year of 366 days in 2024; its mean weighs each month by its hours."""
    months = [f"2024-{month:02d}-01" for month in range(1, 13)]
    series = read(rows(months, np.arange(12) * 100))
    assert series.findings == ()
    assert (series.steps["end"] - series.steps["start"]).sum() == 366 * 86400
    days = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    # March has an hour less and October one more.
    lengths = days * 24 - (np.arange(12) == 2) + (np.arange(12) == 9)
    mean = (lengths * np.arange(12) * 0.1).sum() / lengths.sum()
    assert series.yearly_means().steps["value"].tolist() == pytest.approx([mean], rel=1e-12)


def test_a_series_that_cannot_be_used():
    """No rows, one row without an end, missing or double columns and unknown zones stop with the reason."""
    with pytest.raises(EntriesError, match="stand alone"):
        read(rows(["2024-01-01"]))
    with pytest.raises(EntriesError, match="unit"):
        read(rows(["2024-01-01"]), unit="")
    with pytest.raises(EntriesError, match="both mean"):
        read([{"start": "2024-01-01", "from": "2024-01-01", "value": 1}])
    with pytest.raises(BookError, match="no time zone"):
        read(rows(["2024-01-01", "2024-01-02"]), zone="Europe/Berlinn")
    with pytest.raises(BookError, match="no time zone"):
        read(rows(["2024-01-01", "2024-01-02"]), zone={"FR": "Europe/Paris"})


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "UTC", "America/Sao_Paulo"]
)
def test_clocks_go_there_and_back(zone):
    """What a clock shows at a moment means that moment, unless it shows it twice."""
    clock = clock_of(zone)
    moments = np.arange(1_700_000_000, 1_760_000_000, 900)
    told, is_missing, is_twice = clock.moments(moments + clock.offsets_at(moments))
    assert not is_missing.any()
    assert (told[~is_twice] == moments[~is_twice]).all()
    assert is_twice.sum() % 2 == 0


def test_moments_of_every_kind():
    """Dates, texts with and without an offset, and what is no moment."""
    found = read_moments(
        [pd.Timestamp("2024-01-01", tz="Asia/Shanghai"), "2024-01-01", "2024-01-01 00:00Z", None, "2024-13-01"]
    )
    assert found.seconds.tolist() == [1704038400, 1704067200, 1704067200, 0, 0]
    assert found.is_local.tolist()[:3] == [False, True, False]
    assert found.is_day.tolist()[:3] == [False, True, False]
    assert found.is_bad.tolist() == [False, False, False, True, True]
