"""``carbonledger hourly``: text and JSON in both languages, and how it ends."""

import json

import pandas as pd
import pytest

from tests.support import run

FACTORS = """region,start,value,unit
DE,2024-10-26T22:00Z,300,g CO2e/kWh
DE,2024-10-26T23:00Z,310,g CO2e/kWh
DE,2024-10-27T00:00Z,320,g CO2e/kWh
DE,2024-10-27T01:00Z,330,g CO2e/kWh
"""
READINGS = """meter,region,start,amount (kWh)
hall 1,DE,2024-10-27T00:00+02:00,10
hall 1,DE,2024-10-27T01:00+02:00,10
hall 1,DE,2024-10-27T02:00+02:00,10
hall 1,DE,2024-10-27T02:00+01:00,10
"""


@pytest.fixture
def files(tmp_path):
    """Readings and factors of four hours, the third of which comes twice."""
    (tmp_path / "factors.csv").write_text(FACTORS, encoding="utf-8")
    (tmp_path / "readings.csv").write_text(READINGS, encoding="utf-8")
    return tmp_path


def hourly(folder, *more, readings="readings.csv"):
    """The command on the files of a folder."""
    files = (str(folder / readings), "--factors", str(folder / "factors.csv"))
    return run("hourly", *files, "--zone", "Europe/Berlin", "--step", "hour", *more)


def test_text_in_both_languages(files):
    """10 x (0.30 + 0.31 + 0.32 + 0.33) = 12.6 kg, said to stand beside the inventory."""
    english, chinese = hourly(files), hourly(files, "--lang", "zh")
    assert (english.returncode, chinese.returncode) == (0, 0)
    assert "it enters no total" in english.stdout
    assert "0.0126" in english.stdout
    assert "不计入任何合计" in chinese.stdout
    assert "0.0126" in chinese.stdout


def test_json(files):
    """JSON has the views, and the hour that comes twice has both readings."""
    data = json.loads(hourly(files, "--json").stdout)
    assert data["total_t"] == pytest.approx(0.0126, rel=1e-12)
    assert {row["hour"]: row["kwh"] for row in data["by_hour"]} == {0: 10.0, 1: 10.0, 2: 20.0}
    assert data["average_is_stated"] is False


def test_parquet_on_the_engine(files):
    """A Parquet file gives what the table of text gives."""
    table = pd.read_csv(files / "readings.csv").rename(columns={"amount (kWh)": "amount"})
    table.assign(start=pd.to_datetime(table["start"], utc=True)).to_parquet(files / "readings.parquet")
    data = json.loads(hourly(files, "--json", "--unit", "kWh", readings="readings.parquet").stdout)
    assert data["total_t"] == pytest.approx(0.0126, rel=1e-12)


def test_a_stated_average(files):
    """A file of annual averages stands in the place of the mean."""
    (files / "annual.csv").write_text("region,start,value,unit\nDE,2024-01-01,400,g CO2e/kWh\n", encoding="utf-8")
    data = json.loads(hourly(files, "--json", "--annual", str(files / "annual.csv")).stdout)
    assert (data["average_t"], data["average_is_stated"]) == (pytest.approx(0.016), True)


def test_a_part_is_no_total(files):
    """An hour without a factor is an error with its electricity, and the sum is called a part."""
    (files / "factors.csv").write_text(FACTORS.replace("DE,2024-10-26T23:00Z,310,g CO2e/kWh\n", ""), encoding="utf-8")
    found = hourly(files)
    assert found.returncode == 1
    assert "10 kWh lie in hours without a factor" in " ".join(found.stdout.split())
    assert "incomplete" in found.stdout


BAD = {
    "mixed": (READINGS.replace("02:00+02:00", "02:00"), "state no offset"),
    "no amount": (READINGS.replace("amount (kWh)", "colour"), "no column amount"),
    "text": (READINGS.replace("+01:00,10", "+01:00,ten"), "have no amount"),
    "day": (READINGS.replace("2024-10-27T02:00+01:00", "27.10.2024 2 h"), "do not say when"),
    "double": (READINGS.replace("meter,", "start,", 1), "both mean"),
    "empty": ("", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_said(files, case):
    """What cannot be read or calculated ends with 1 and the reason."""
    text, said = BAD[case]
    (files / "readings.csv").write_text(text, encoding="utf-8")
    found = hourly(files)
    assert found.returncode == 1
    assert said in " ".join((found.stdout + found.stderr).split())
