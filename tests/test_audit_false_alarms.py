"""Clean books as people keep them: no check speaks about what is right."""

from datetime import date, timedelta

import carbonledger as cl

BOOK = """
[company]
name_en = "Test company"
name_zh = "测试"
reporting_year = 2024
region = "{region}"

[factors]
gwp = "ipcc-ar5@2013"
emissions = ["{edition}"]

[files]
entries = ["entries.csv"]
"""
FIRST_DAYS = [date(2024, month, 1) for month in range(1, 13)]
LAST_DAYS = [*[day - timedelta(days=1) for day in FIRST_DAYS[1:]], date(2024, 12, 31)]


def alarms(folder, region, edition, rows):
    """The rules of errors and warnings about a book of bills: source, activity, amount, unit, start, end."""
    (folder / "book.toml").write_text(BOOK.format(region=region, edition=edition), encoding="utf-8")
    lines = [",".join(map(str, ("A", *row, f"B{number}"))) for number, row in enumerate(rows)]
    text = "\n".join(["site,source,activity,amount,unit,start,end,evidence", *lines])
    (folder / "entries.csv").write_text(text, encoding="utf-8")
    return {item.rule for item in cl.open_book(folder).check() if item.severity != "note"}


def test_half_year_bills(tmp_path):
    """Two bills of half a year each cover it."""
    rows = [("m", "electricity.grid", 50_000, "kWh", "2024-01-01", "2024-06-30")]
    rows.append(("m", "electricity.grid", 52_000, "kWh", "2024-07-01", "2024-12-31"))
    assert alarms(tmp_path, "GB", "uk-desnz@2024", rows) == set()


def test_read_days_that_overlap_by_one(tmp_path):
    """Each bill ends on the day when the next one starts; the last one ends with the year."""
    days = [date(2024, 1, 1), *[day + timedelta(days=2) for day in FIRST_DAYS[1:]], date(2024, 12, 31)]
    rows = [("m", "electricity.grid", 3000 + 70 * month, "kWh", days[month], days[month + 1]) for month in range(12)]
    assert alarms(tmp_path, "GB", "uk-desnz@2024", rows) == set()


def test_fuel_deliveries_on_one_day(tmp_path):
    """Two deliveries on one day of each month, each with its note."""
    rows = [
        ("tank", "fuel.diesel", 6 + month / 10 + load / 100, "t", day, day)
        for month, day in enumerate(FIRST_DAYS)
        for load in range(2)
    ]
    assert alarms(tmp_path, "CN", "cn-ndrc-fuels-b@2013", rows) == set()


def test_two_meters_without_names(tmp_path):
    """Two bills for each month, of 4 and of 6 MWh, each with its own number."""
    rows = [
        ("", "electricity.grid", 4000 + 2000 * meter + 100 * month, "kWh", FIRST_DAYS[month], LAST_DAYS[month])
        for month in range(12)
        for meter in range(2)
    ]
    assert alarms(tmp_path, "CN", "cn-mee-nbs-grid@2023", rows) == set()
