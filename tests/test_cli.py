"""The command line, as a user runs it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from carbonledger.cli.program import exit_code_of
from tests.support import run, run_installed


def test_report(techen):
    """The report prints every section, without colour codes when piped."""
    result = run_installed("report", techen)
    assert result.returncode == 1, result.stderr
    for words in (
        "Energy table",
        "2,497.3318",
        "16.7406",
        "2480.5912",
        "not an identification",
        "2899.065 – 2899.416",
    ):
        assert words in result.stdout
    assert "\x1b" not in result.stdout


def test_report_in_chinese(techen):
    """Labels follow --lang."""
    result = run("report", techen, "--lang", "zh")
    assert "能源消耗表" in result.stdout
    assert "不能得出" in result.stdout


@pytest.mark.slow
def test_json(techen):
    """--json prints plain data on every command."""
    assert json.loads(run("report", techen, "--json").stdout)["complete"] is True
    rules = {finding["rule"] for finding in json.loads(run("check", techen, "--json").stdout)}
    # The seed prices Shandong by the nation's factor of 2022, and an edition that is pinned states a year of its own.
    assert rules == {
        "AVOIDED_NETTED",
        "CONVERSION",
        "EDITIONS",
        "FACTOR_YEAR",
        "MEASURED_CONDITIONS",
        "REPEATED_FIGURE",
        "SAVING_BASELINE",
        "SAVING_COAL",
        "SAVING_METHOD",
        "SHARE_OF_TOTAL",
        "WASTE_CERTIFICATE",
        "WASTE_ROUTE",
    }
    assert json.loads(run("explain", techen, "--line", "3", "--json").stdout)["activity"] == "fuel.gasoline"
    shown = json.loads(run("factors", "show", "cn-mee-grid-enterprise@2022", "--json").stdout)
    assert shown["factors"][0]["value_text"] == "0.5703"
    assert len(json.loads(run("factors", "list", "--json").stdout)) > 20


def test_explain(techen):
    """A line is derived with its sources."""
    result = run("explain", techen, "--line", "3")
    assert "4.36 t × 44.80 GJ/t × 0.0189 t C/GJ × 0.98 × 44/12" in result.stdout


def test_factors_show():
    """An edition shows value, unit, region and place; an activity by any of its names."""
    result = run("factors", "show", "cn-ndrc-fuels-a@2013", "--activity", "汽油")
    assert "44.80" in result.stdout
    assert "t C/GJ" in result.stdout
    assert "fuel.diesel" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "nowhere"),
        ("factors", "show", "cn-nothing@1"),
        ("factors", "show", "cn-ndrc-fuels-a@2013", "--activity", "ice cream"),
        ("report",),
        ("dance",),
    ],
)
def test_misuse_is_exit_code_2(arguments):
    """Misuse prints one message, no traceback, and exits with 2."""
    result = run_installed(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()


@pytest.fixture
def broken(tmp_path, techen):
    """A copy of the case with a wrong unit, a misspelt activity and a missing month."""
    folder = tmp_path / "case"
    shutil.copytree(techen, folder)
    months = "".join(f",汽油,0.36,t,2024-{month:02},CN-SD\n" for month in range(1, 13) if month != 7)
    (folder / "entries.csv").write_text(
        "公司,能源种类,用量,单位,期间,地区\n"
        "乾程科技,外购电力,407838.53,吨,2024,CN-SD\n"
        "艾孚科技,外够电力,3947880,kWh,2024,CN-SD\n" + months,
        encoding="utf-8",
    )
    book = folder / "book.toml"
    text = book.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("published", "relations", "reconstructions"))]
    book.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


@pytest.mark.slow
def test_check_names_every_defect(broken):
    """A wrong unit, a misspelt activity and a missing month come back together, with file, row and way out."""
    result = run("check", broken)
    assert result.returncode == 1
    assert (
        "entries.csv, row 2, column 单位: Grid electricity (electricity.grid) cannot be measured in 吨" in result.stdout
    )
    assert (
        "entries.csv, row 3, column 能源种类: unknown activity '外够电力'. Did you mean electricity.grid"
        in result.stdout
    )
    assert "no entry covers 2024-07" in result.stdout


@pytest.mark.slow
def test_an_incomplete_report_says_so(broken):
    """Figures that lack entries are marked, and the exit code is 1."""
    result = run("report", broken)
    assert result.returncode == 1
    assert "INCOMPLETE" in result.stdout


@pytest.mark.slow
def test_a_file_of_entries_can_be_checked_alone(broken):
    """check takes a file as well as a book; strict counts warnings."""
    assert run("check", broken / "entries.csv").returncode == 1
    fine = broken / "fine.csv"
    fine.write_text("activity,amount,unit,period\n汽油,1,t,2024-01\n", encoding="utf-8")
    assert run("check", fine).returncode == 0
    assert run("check", fine, "--strict").returncode == 1


def test_settings_are_checked(broken):
    """A misspelt setting is named, and nothing is calculated."""
    book = broken / "book.toml"
    text = book.read_text(encoding="utf-8").replace("gwp =", "gpw =")
    book.write_text(text, encoding="utf-8")
    line = next(number for number, words in enumerate(text.splitlines(), start=1) if words.startswith("gpw ="))
    result = run("report", broken)
    assert result.returncode == 2
    assert "gpw" in result.stderr
    assert "factors.gwp is missing" in result.stderr
    assert "Did you mean 'gwp'?" in result.stderr
    assert f"line {line}: factors.gpw" in result.stderr


@pytest.mark.slow
def test_nothing_to_calculate_is_said(broken):
    """A book whose every row is defective lists its findings, as text and as JSON."""
    (broken / "entries.csv").write_text("activity,amount,unit,year\n汽油,-1,t,2024\n", encoding="utf-8")
    result = run("report", broken)
    assert result.returncode == 1
    assert "NOTHING_TO_CALCULATE" in result.stdout
    assert "NEGATIVE_AMOUNT" in result.stdout
    rules = {finding["rule"] for finding in json.loads(run("check", broken, "--json").stdout)}
    assert {"NEGATIVE_AMOUNT", "NO_ENTRIES"} <= rules
    (broken / "entries.csv").unlink()
    assert run("check", broken).returncode == 1


@pytest.mark.slow
def test_reconcile_sums_up(techen):
    """Published figures that do not follow make exit code 1, and are counted."""
    result = run("reconcile", techen)
    assert result.returncode == 1
    assert "does not follow: 6" in result.stdout
    assert json.loads(run("reconcile", techen, "--json").stdout)["rebuilt"][0]["verdict"] == "agrees"


def ended(arguments, output, **environment):
    """A run whose output goes to a file; exit code and standard error."""
    result = subprocess.run(
        [sys.executable, "-c", "from carbonledger.cli.main import main; main()", *map(str, arguments)],
        stdout=output,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, **environment},
    )
    assert b"Traceback" not in result.stderr
    assert b"Exception ignored" not in result.stderr
    return result.returncode, result.stderr.decode("utf-8", "replace")


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("report",), ("report", "--json"), ("explain", "--line", "1")])
def test_output_that_nobody_takes(techen, arguments):
    """A closed pipe ends the run in silence, a full disk in one line."""
    reading, writing = os.pipe()
    os.close(reading)
    command = (arguments[0], techen, *arguments[1:])
    assert ended(command, writing) == (141, "")
    os.close(writing)
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        code, said = ended(command, full)
    assert code == 2
    assert said.startswith("carbonledger: the output cannot be written: No space left on device.")
    assert said.count("\n") == 1


@pytest.mark.slow
def test_output_in_ascii(techen, tmp_path):
    """Letters that the output lacks are escapes, in JSON too."""
    for more, name in ((("--lang", "zh"), "text"), (("--json",), "json")):
        with (tmp_path / name).open("wb") as stream:
            assert ended(("report", techen, *more), stream, PYTHONIOENCODING="ascii")[0] in {0, 1}
    assert r"\u9752\u5c9b" in (tmp_path / "text").read_text(encoding="ascii")
    assert json.loads((tmp_path / "json").read_text(encoding="ascii"))["complete"] is True


@pytest.mark.parametrize(
    ("raised", "code", "words"),
    [
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
        (PermissionError(13, "Permission denied", "a\x1b.csv"), 2, r"a\x1b.csv: Permission denied."),
        (KeyError("scope"), 70, "KeyError: 'scope': this is a defect of carbonledger, not of your data."),
    ],
)
def test_how_a_run_ends(capsys, raised, code, words):
    """Whatever ends a run, it is an exit code and at most one line."""

    def run_commands():
        raise raised

    assert exit_code_of(run_commands, lambda: "en") == code
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == bool(words)


def test_a_defect_with_its_traceback(monkeypatch):
    """What is to be added to a report of a defect is printed if it is asked for."""
    monkeypatch.setenv("CARBONLEDGER_TRACEBACK", "1")
    with pytest.raises(KeyError):
        exit_code_of(lambda: {}["scope"], lambda: "en")
