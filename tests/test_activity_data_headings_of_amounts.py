"""Headings of amounts that people write: 电量（度）, Qty, Fuel type, each read where it can mean one thing only."""

import csv
import re
from collections import Counter

import pytest

import carbonledger as cl
from tests.support import PROJECT, run


def entries_of(tmp_path, headings, *rows):
    """Entries of a table, in Shandong."""
    file = tmp_path / "entries.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([headings, *rows])
    return cl.read_entries(file, region="CN-SD")


@pytest.mark.parametrize("heading", ["电量（度）", "用电量（度）", "电量(kWh)", "用电量 (kWh)"])
def test_electricity_as_the_amount(tmp_path, heading):
    """A table that says electricity in each row and has no other amount: the column is the amount, in the unit of its brackets."""
    read = entries_of(tmp_path, ["公司", "能源种类", heading, "年份"], ["甲", "外购电力", "1200", "2024"])
    assert read.frame[["activity", "amount", "unit"]].to_numpy().tolist() == [["electricity.grid", 1200.0, "kWh"]]
    assert not read.findings


def test_the_explanation_names_the_column(tmp_path):
    """`carbonledger read` says that the column is the amount, with its unit."""
    file = tmp_path / "bills.csv"
    file.write_text("公司,能源种类,电量（度）,年份\n甲,外购电力,1200,2024\n", encoding="utf-8")
    result = run("read", file)
    assert re.search(r"电量（度）\s+amount\s+kWh", result.stdout)


def test_english_headings(tmp_path):
    """Qty and Fuel type are amount and activity."""
    read = entries_of(tmp_path, ["Company", "Fuel type", "Qty", "Unit", "Year"], ["A", "diesel", "5", "t", "2024"])
    assert read.frame[["activity", "amount", "unit"]].to_numpy().tolist() == [["fuel.diesel", 5.0, "t"]]
    assert not read.findings


def test_gas_is_never_read_from_a_column_of_electricity(tmp_path):
    """A table in which another carrier stands beside electricity has no amount for it, and says so."""
    rows = [["甲", "外购电力", "1200", "2024"], ["甲", "天然气", "1200", "2024"]]
    read = entries_of(tmp_path, ["公司", "能源种类", "电量（度）", "年份"], *rows)
    assert len(read.frame) == 0
    assert {"UNKNOWN_HEADING", "MISSING_COLUMN"} <= {finding.rule for finding in read.findings}


def test_an_amount_stays_the_amount(tmp_path):
    """Beside 数量 the column of electricity is no second amount, as before."""
    read = entries_of(
        tmp_path,
        ["公司", "能源种类", "数量", "单位", "电量（度）", "年份"],
        ["甲", "外购电力", "3", "万度", "7", "2024"],
    )
    assert read.frame["amount"].tolist() == [3.0]
    assert [finding.rule for finding in read.findings] == ["UNKNOWN_HEADING"]


def test_a_wide_table_stays_wide(tmp_path):
    """用电量 beside 天然气 in a table of months is a carrier's column, and which electricity it is stays a question."""
    read = entries_of(tmp_path, ["公司", "月份", "用电量（度）", "天然气（Nm3）"], ["甲", "2024-01", "1200", "30"])
    assert read.frame["activity"].tolist() == ["fuel.natural_gas"]
    assert "WIDE_TABLE" in {finding.rule for finding in read.findings}


def test_no_heading_means_two_things():
    """Each heading of the table stands for one field."""
    with (PROJECT / "carbonledger" / "activity_data" / "headings.csv").open(encoding="utf-8", newline="") as file:
        counts = Counter(
            heading.casefold()
            for row in csv.DictReader(file)
            for heading in {row["field"], *row["headings"].split(";")}
        )
    assert [heading for heading, count in counts.items() if count > 1] == []
