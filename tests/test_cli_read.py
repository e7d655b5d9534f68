"""``carbonledger read``: what is shown, proposed and written."""

import csv
import json
import tomllib

import pytest
import xlsxwriter

from tests.support import run

BOOK = """\
[company]
name_en = "Sample"
reporting_year = 2025
region = "CN-SD"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-nbs-grid@2023"]
[files]
entries = ["{name}"]
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path):
    """A book of one workbook with a column of electricity whose activity nobody states."""
    with xlsxwriter.Workbook(tmp_path / "use.xlsx") as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, ["公司", "月份", "用电量(万千瓦时)"])
        for month in range(1, 13):
            sheet.write_row(month, 0, ["一厂", f"2025年{month}月", 10])
        sheet.write_row(13, 0, ["合计", "", 120])
    (tmp_path / "book.toml").write_text(BOOK.format(name="use.xlsx"), encoding="utf-8")
    return tmp_path


def test_one_paste_and_a_report(folder):
    """The proposed section, pasted with its question answered, gives the figure: 1,200 MWh x 0.6191 t/MWh (Shandong)."""
    shown = run("read", folder / "use.xlsx", "--explain", "--lang", "zh")
    assert shown.returncode == 1
    section = shown.stdout[shown.stdout.index("[[table]]") :]
    assert section.count("# ") >= 1
    settled = section.replace('# "用电量', '"用电量')
    with (folder / "book.toml").open("a", encoding="utf-8") as stream:
        stream.write(settled)
    assert tomllib.loads((folder / "book.toml").read_text(encoding="utf-8"))["table"][0]["columns"]["公司"] == "entity"
    result = json.loads(run("report", folder, "--json").stdout)
    assert result["totals"]["total_location_based_tco2e"] == pytest.approx(1200 * 0.6191)
    again = run("read", folder / "use.xlsx", "--book", folder)
    assert again.returncode == 0
    assert "1,200 MWh" in again.stdout


def test_json(folder):
    """--json prints tables, columns, sections, findings and the number of refused rows."""
    data = json.loads(run("read", folder / "use.xlsx", "--json", "--rejects", folder / "out.csv").stdout)
    (table,) = data["tables"]
    assert (table["shape"], table["heading_row"], table["control_rows"]) == ("carriers", 1, [14])
    assert [column["certain"] for column in table["columns"]] == [True, True, False]
    assert data["rejects"] == 12
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        heads, *rows = [row for row in csv.reader(stream) if any(row)][-13:]
    assert heads[-5:] == ["file", "sheet", "row", "why", "remedy"]
    assert len(rows) == 12


def test_what_cannot_be(folder):
    """A sheet that is not there, the file itself as list of refused rows, and a missing file are misuse or errors."""
    assert "no sheet" in run("read", folder / "use.xlsx", "--sheet", "May").stdout
    own = run("read", folder / "use.xlsx", "--rejects", folder / "use.xlsx")
    assert (own.returncode, "Choose another name" in own.stderr) == (2, True)
    assert run("read", folder / "nothing.xlsx").returncode == 1


def test_no_refused_rows(tmp_path):
    """Where no row is refused no list is written, and that is said."""
    (tmp_path / "a.csv").write_text("activity,amount,unit,year\nelectricity.grid,1,kWh,2025\n", encoding="utf-8")
    shown = run("read", tmp_path / "a.csv", "--rejects", tmp_path / "out.csv")
    assert shown.returncode == 0
    assert "No row is refused" in shown.stdout
    assert not (tmp_path / "out.csv").exists()
