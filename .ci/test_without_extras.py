"""The library as `pip install carbonledger` gives it, without any extra: run by `make test-bare` in a fresh environment."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import carbonledger as cl
from carbonledger.factors.editions import read_edition

PROJECT = Path(__file__).resolve().parent.parent
SEED = PROJECT / "seeds" / "techen-2024"
PROGRAM = Path(sys.executable).parent / "carbonledger"


def run(*arguments):
    """A run of the installed program."""
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    "name",
    [
        "openpyxl",
        "python_calamine",
        "xlsxwriter",
        "altair",
        "docx",
        "jinja2",
        "vl_convert",
        "polars",
        "duckdb",
        "pyarrow",
        "pyspark",
    ],
)
def test_no_extra_is_installed(name):
    """The environment holds none of the optional packages, so that what passes here needs none."""
    assert find_spec(name) is None


def test_the_wheel_is_what_is_imported():
    """The package comes from the environment, not from the source tree, and brings its factors along."""
    assert PROJECT / "carbonledger" not in Path(cl.__file__).parents
    assert read_edition("cn-mee-grid-enterprise@2022").factors


def test_a_csv_is_read():
    """Entries in CSV need no extra."""
    entries = cl.read_entries(SEED / "entries.csv")
    assert not [finding for finding in entries.findings if finding.severity == "error"]


def test_the_report_of_the_seed():
    """`carbonledger report` prints the real case as text and as JSON; it ends with 1, as printed figures are in doubt."""
    report = run("report", str(SEED))
    assert report.returncode == 1, report.stderr
    assert "2,497.3318" in report.stdout
    assert json.loads(run("report", str(SEED), "--json").stdout)["complete"] is True


def test_writing_a_workbook_names_its_extra(tmp_path):
    """`report --xlsx` without the extra says which one to install, and writes nothing."""
    result = run("report", str(SEED), "--xlsx", str(tmp_path / "report.xlsx"))
    assert result.returncode == 2
    assert "carbonledger[excel]" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_workbook_names_its_extra(tmp_path):
    """Reading XLSX without the extra says which one to install, without a traceback."""
    path = tmp_path / "entries.xlsx"
    path.write_bytes(b"PK\x03\x04")
    result = run("check", str(path))
    assert result.returncode != 0
    assert "carbonledger[excel]" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_a_document_names_its_extra_too(tmp_path):
    """Writing a Word document without the extra says which one to install, and writes nothing."""
    result = run("report", str(SEED), "--docx", str(tmp_path / "report.docx"))
    assert result.returncode == 2
    assert "carbonledger[report]" in result.stderr
    assert list(tmp_path.iterdir()) == []
