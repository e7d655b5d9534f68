"""Certificates matched by the hour under a draft: by hand, and what must hold of hours, months and years."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from carbonledger.core.errors import BookError
from carbonledger.time_resolved import match_by_hour, read_factor_series
from tests.strategies import hourly_amounts

DRAFT = "ghgp_s2_draft_2025"
BERLIN = "Europe/Berlin"
RESIDUAL = read_factor_series(
    [{"start": "2024-01-01", "end": "2024-12-31", "value": 600}], zone=BERLIN, region="DE", unit="g CO2e/kWh"
)


def hourly(amounts, start="2024-01-31 20:00", **columns):
    """Amounts by the hour in kWh, from the evening of 31 January."""
    moments = pd.date_range(start, periods=len(amounts), freq="h", tz=BERLIN)
    return pd.DataFrame({"region": "DE", "start": moments, "amount": amounts, **columns})


def matched(load, certificates, **kwargs):
    """The matching by the draft."""
    return match_by_hour(load, certificates, RESIDUAL, **{"rules": DRAFT, "unit": "kWh", "step": "hour", **kwargs})


def test_by_hand():
    """Load 10 in each of six hours, four of them in January; certificates 30, 0, 0, 0, 0, 30: 20 kWh by hour, 50 by month, 60 by year."""
    found = matched(hourly([10.0] * 6), hourly([30.0, 0, 0, 0, 0, 30.0]))
    table = found.periods.set_index("period")
    assert table["matched_kwh"].to_dict() == {"hour": 20.0, "month": 50.0, "year": 60.0}
    assert found.share("hour") == pytest.approx(1 / 3)
    assert table["emissions_t"].to_dict() == pytest.approx({"hour": 0.024, "month": 0.006, "year": 0.0})
    assert table["surplus_kwh"]["hour"] == 40.0
    assert [finding.says.key for finding in found.findings] == ["DRAFT_RULES"]
    assert found.is_complete
    assert found.to_dict("zh")["draft"] is True
    assert (
        repr(found)
        == "HourlyMatching(draft ghgp_s2_draft_2025: 33.3% by the hour, 83.3% by the month, 100.0% by the year)"
    )


def test_a_draft_is_named_or_nothing_is_matched():
    """There is no default, and the rules in force match by year."""
    with pytest.raises(BookError, match="in force"):
        matched(hourly([1.0]), hourly([1.0]), rules="ghgp_s2_2015")
    with pytest.raises(TypeError, match="rules"):
        match_by_hour(hourly([1.0]), hourly([1.0]), RESIDUAL)


def test_certificates_of_another_market_cover_nothing():
    """A region is a market: what was generated elsewhere is refused here, with its electricity."""
    found = matched(hourly([10.0]), hourly([10.0]).assign(region="FR"))
    assert found.share("hour") == 0.0
    assert [finding.says.key for finding in found.findings] == ["DRAFT_RULES", "HOURLY.unknown_region"]
    assert not found.is_complete


def test_a_month_of_certificates_names_no_hour():
    """A certificate for a month is refused, unless somebody states that it is spread evenly."""
    month = pd.DataFrame(
        {"region": "DE", "start": [pd.Timestamp("2024-01-01")], "end": [pd.Timestamp("2024-02-01")], "amount": 744.0}
    )
    load = hourly([2.0, 0.5])
    load["end"] = load["start"] + pd.Timedelta(hours=1)
    assert [finding.says.key for finding in matched(load, month, step="").findings] == ["DRAFT_RULES", "HOURLY.long"]
    assert matched(load, month, step="", spread="even").periods["matched_kwh"][0] == 1.5


def test_quarter_hours_meet_within_their_hour():
    """Load and generation of different quarters of one hour match; the residual factor may change within it."""
    residual = read_factor_series(
        [{"start": f"2024-01-31T20:{minute:02d}", "value": 400 + minute} for minute in (0, 15, 30, 45)],
        zone=BERLIN,
        region="DE",
        unit="g CO2e/kWh",
    )
    moments = pd.date_range("2024-01-31 20:00", periods=4, freq="15min", tz=BERLIN)
    load = pd.DataFrame({"region": "DE", "start": moments, "amount": [4.0, 0, 0, 4.0]})
    own = pd.DataFrame({"region": "DE", "start": moments, "amount": [0, 6.0, 0, 0]})
    found = match_by_hour(load, own, residual, rules=DRAFT, unit="kWh", step="15 minutes")
    assert found.periods["matched_kwh"].tolist() == [6.0, 6.0, 6.0]
    # 2 kWh at the factor that the load has on average: (0.400 + 0.445) / 2.
    assert found.periods["emissions_t"][0] == pytest.approx(2 * 0.4225 / 1000)


def test_load_without_a_residual_factor():
    """Hours that no residual factor covers are said, and emissions are not a number."""
    found = matched(hourly([10.0], start="2025-01-31 20:00"), hourly([0.0], start="2025-01-31 20:00"))
    assert [finding.says.key for finding in found.findings] == ["DRAFT_RULES", "HOURLY_GAP.no_factor"]
    assert found.periods["emissions_t"].isna().all()
    assert found.to_dict()["periods"][0]["emissions_t"] is None


@given(hourly_amounts(), hourly_amounts())
def test_the_longer_the_period_the_more_is_matched(load, certificates):
    """By hour at most as by month, by month at most as by year; shares lie between 0 and 1; load is matched or not."""
    found = matched(hourly(load), hourly(certificates))
    table = found.periods
    assert (np.diff(table["matched_kwh"]) >= -1e-9 * (1 + sum(load))).all()
    assert (np.diff(table["emissions_t"]) <= 1e-9 * (1 + sum(load))).all()
    assert table["share"].dropna().between(0, 1 + 1e-12).all()
    assert (table["matched_kwh"] + table["unmatched_kwh"]).tolist() == pytest.approx([sum(load)] * 3, abs=1e-6)
    assert found.hours["matched_kwh"].sum() == pytest.approx(table["matched_kwh"][0])
