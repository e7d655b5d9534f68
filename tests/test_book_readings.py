"""A book whose entries are readings in files is reported, locked, closed and found changed like any other."""

import pandas as pd
import pytest

import carbonledger as cl
from carbonledger.book.lock import lock_book
from carbonledger.core.errors import BookError
from tests.support import run

BOOK = """
[company]
name_en = "Meters"
region = "CN-SD"
reporting_year = 2024
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-grid-enterprise@2022"]
[[readings]]
files = ["meters/*.parquet"]
activity = "electricity.grid"
unit = "kWh"
step = "1 hour"
"""


@pytest.fixture
def book(tmp_path):
    """Two meters of 1 and 2 MWh an hour, a file for each half of 2024, which has 8,784 hours."""
    (tmp_path / "book.toml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "meters").mkdir()
    start = pd.date_range("2024-01-01", "2024-12-31 23:00", freq="h")
    whole = pd.concat(
        [
            pd.DataFrame({"source": "meter 1", "start": start, "amount": 1000.0}),
            pd.DataFrame({"source": "meter 2", "start": start, "amount": 2000.0}),
        ]
    )
    for name, chosen in {"a": whole["start"].dt.month < 7, "b": whole["start"].dt.month >= 7}.items():
        whole[chosen].to_parquet(tmp_path / "meters" / f"{name}.parquet")
    return tmp_path


def test_the_report(book):
    """3 MWh in each of 8,784 hours at 0.5703 t/MWh (MEE, for 2022), in 24 entries; the command line says the same."""
    year = cl.open_book(book).reporting_year()
    assert len(year.entries) == 24
    assert year.inventory.total_location_based().magnitude == pytest.approx(3 * 8784 * 0.5703, rel=1e-12)
    assert not [finding for finding in year.findings if finding.rule.startswith("READINGS")]
    done = run("status", book, "--lang", "zh")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_lock_and_close(book):
    """The files are locked: a reading that is changed is told, and a year that was closed keeps its report."""
    assert "meters/a.parquet" in lock_book(cl.open_book(book).reporting_year()).read_text(encoding="utf-8")
    cl.year_end.close_year(book, by="A")
    path = book / "meters" / "a.parquet"
    frame = pd.read_parquet(path)
    frame.loc[0, "amount"] = 5000.0
    frame.to_parquet(path)
    done = run("report", book, "--locked")
    assert done.returncode == 1
    assert "meters/a.parquet" in done.stderr + done.stdout
    kept = next(book.glob("closed/**/meters/a.parquet"))
    assert pd.read_parquet(kept)["amount"].sum() == 3000.0 * 182 * 24


def test_a_gap_reaches_the_report(book):
    """Hours that are missing stand in the report, in both languages, and in its statement of completeness."""
    path = book / "meters" / "b.parquet"
    frame = pd.read_parquet(path)
    frame[~frame["start"].between("2024-08-03 05:00", "2024-08-03 09:00")].to_parquet(path)
    year = cl.open_book(book).reporting_year()
    finding, _ = [item for item in year.findings if item.rule == "READINGS_GAP"]
    assert dict(finding.says.values)["hours"] == 5
    assert "没有读数" in finding.text("zh")
    assert year.completeness.to_dict()["complete"] is False


@pytest.mark.parametrize(
    "line", ["files = []", 'files = ["../x.parquet"]', 'files = ["/x.parquet"]', 'files = ["m/*.parquet"]\nstep = 15']
)
def test_settings_that_cannot_be_used(book, line):
    """A section of readings that is wrong is refused with its place."""
    text = BOOK.replace('files = ["meters/*.parquet"]', line)
    (book / "book.toml").write_text(text.replace('step = "1 hour"\n', "") if "step" in line else text, encoding="utf-8")
    with pytest.raises(BookError, match="readings"):
        cl.open_book(book)
