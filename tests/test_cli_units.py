"""The command ``units`` lists what is known and converts one text."""

import json

import pytest
from typer.testing import CliRunner

from carbonledger.cli.main import app
from carbonledger.core.errors import UnknownUnitError


def run(*arguments):
    """The result of the command."""
    return CliRunner().invoke(app, ["units", *arguments])


def test_a_text_is_explained_in_the_language_of_the_run():
    """GB/T 2589-2020: ten thousand kWh are 36 GJ and 1.2284 tce."""
    found = json.loads(run("万千瓦时", "--json").stdout)
    assert found["unit"] == "10^4 kWh"
    assert found["equals"]["GJ"] == pytest.approx(36)
    assert found["equals"]["tce"] == pytest.approx(1.2283503, rel=1e-7)
    assert "能量" in run("万千瓦时", "--lang", "zh").stdout
    assert "energy" in run("万千瓦时").stdout


def test_every_unit_is_listed():
    """The list has dimension, unit and spellings."""
    listed = {row["unit"]: row for row in json.loads(run("--json").stdout)}
    assert "千瓦时" in listed["kWh"]["spellings"]
    assert listed["Pa"]["dimension"] == "pressure"
    assert "其他写法" in run("--lang", "zh").stdout


def test_an_ambiguous_unit_is_settled_by_a_region():
    """A gallon is refused without a region."""
    assert json.loads(run("gallon", "--region", "GB", "--json").stdout)["unit"] == "gal_UK"
    assert isinstance(run("gallon").exception, UnknownUnitError)
