import json
from datetime import date
from pathlib import Path

import pytest

import carbonledger as cl
from carbonledger.core.period_texts import parse_date
from carbonledger.core.periods import Period, missing_months

WORKED = json.loads((Path(__file__).parent / "data" / "rounding_examples.json").read_text(encoding="utf-8"))["prorate"]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", "2024-01-01", "2025-01-01"),
        ("2024年", "2024-01-01", "2025-01-01"),
        ("2024-12", "2024-12-01", "2025-01-01"),
        ("2024年2月", "2024-02-01", "2024-03-01"),
        ("202402", "2024-02-01", "2024-03-01"),
        ("2024/2/29", "2024-02-29", "2024-03-01"),
        ("20240229", "2024-02-29", "2024-03-01"),
        ("２０２４年２月２９日", "2024-02-29", "2024-03-01"),
    ],
)
def test_periods_as_people_write_them(text, start, end):
    """Years, months and days in the usual spellings."""
    assert cl.parse_period(text) == Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2023-02-29", "1066", "yesterday"])
def test_no_period(text):
    """What is no period of the calendar is refused."""
    with pytest.raises(ValueError, match=r"."):
        cl.parse_period(text)


def test_empty_periods_are_refused():
    """A period holds at least a day."""
    with pytest.raises(ValueError, match="has no days"):
        Period(date(2024, 1, 1), date(2024, 1, 1))


def test_proration_by_days():
    """A bill over the turn of the year divides by days."""
    bill = Period(date(2024, 12, 16), date(2025, 1, 16))
    assert bill.days == WORKED["days"]
    assert bill.prorated(31000, Period.of_year(2024)) == WORKED["y2024"]
    assert bill.prorated(31000, Period.of_year(2025)) == WORKED["y2025"]
    assert bill.calendar_year is None


def test_gaps():
    """Months with any uncovered day are missing."""
    covered = [Period(date(2024, 1, 1), date(2024, 6, 16)), Period(date(2024, 7, 1), date(2025, 1, 1))]
    assert [str(month) for month in missing_months(covered, Period.of_year(2024))] == ["2024-06"]
    assert missing_months([Period.of_year(2024)], Period.of_year(2024)) == []
    assert len(missing_months([], Period.of_year(2024))) == 12
    assert str(parse_date("2024年3月1日")) == "2024-03-01"
