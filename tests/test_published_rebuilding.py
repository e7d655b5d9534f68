"""Rebuilt figures: factors printed by gas, drivers of other years, market-based scope 2 in parts, and entries that are left out."""

import json
from decimal import Decimal

import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.rounding import Interval
from carbonledger.published.computed_numbers import plain_number

BOOK = """
[company]
name_en = "Ashwell Foods"
reporting_year = 2024
region = "GB"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["uk-desnz@2024-r1"{more}]
{tables}
[files]
entries = ["entries.csv"]
published = "published.csv"
relations = "relations.toml"
"""
ENTRIES = "activity,amount,unit,year,factor\nnatural gas,14250000,kWh,2024,gross\n"


def rebuilt(folder, published, *relations, entries=ENTRIES, settings=None):
    """The verdicts on the figures of a book, by figure; relations are mappings of members beyond the figure."""
    (folder / "book.toml").write_text(settings or BOOK.format(more="", tables=""), encoding="utf-8")
    (folder / "entries.csv").write_text(entries, encoding="utf-8")
    (folder / "published.csv").write_text("figure_id,year,text,unit\n" + published, encoding="utf-8")
    lines = []
    for at, members in enumerate(relations):
        full = {"id": f"r{at}", "kind": "rebuild", "quantity": "emissions_tco2e", **members}
        lines += ["[[relation]]", *(f"{name} = {json.dumps(value)}" for name, value in full.items())]
    (folder / "relations.toml").write_text("\n".join(lines), encoding="utf-8")
    return {item.figure.figure_id: item.verdict for item in cl.reconcile(folder).rebuilt}


def reconcile(folder, *more):
    """The command run in this process."""
    return CliRunner().invoke(app, ["reconcile", str(folder), *map(str, more)])


@pytest.mark.parametrize(
    ("printed", "outcome"),
    [
        ("2606.3", "agrees"),
        ("2606.5", "agrees within rounded factors"),
        ("2606.8", "does not follow"),
    ],
)
def test_factors_printed_by_gas_leave_their_rounding_open(tmp_path, printed, outcome):
    """0.18253, 0.00028 and 0.00009 kg/kWh are each half of 0.00001 uncertain: 14.25 GWh are 2606.325 t, give or take 0.21 t."""
    found = rebuilt(tmp_path, f"gas,2024,{printed},t CO2e\n", {"figure": "gas"})
    assert found["gas"].outcome == outcome
    assert not found["gas"].slip


def test_a_factor_printed_as_one_number_leaves_nothing_open(tmp_path):
    """0.1829 kg CO2/kWh alone is exact: carbon dioxide of 0.18253 kg/kWh is 2601.0525 t, and 2601.2 t does not follow."""
    found = rebuilt(tmp_path, "gas,2024,2601.2,t CO2\n", {"figure": "gas"})
    assert found["gas"].outcome == "does not follow"


def test_a_total_of_carbon_dioxide_is_checked_without_a_word_of_co2e(tmp_path):
    """The checks compare totals in t CO2e; one printed in t CO2 is held to carbon dioxide, by the relation that rebuilds it."""
    rebuilt(tmp_path, "gas,2024,2601.2,t CO2\n", {"figure": "gas"})
    folder = next(tmp_path.rglob("book.toml")).parent
    assert "AVOIDED_NETTED" not in {finding.rule for finding in cl.check(folder)}


DRIVERS = """
[[driver]]
name_en = "Revenue"
amount = 200
unit = "million GBP"
[[driver]]
name_en = "Revenue"
amount = 100
unit = "million GBP"
year = 2023
"""


def test_a_driver_of_another_year_is_stated_with_its_year(tmp_path):
    """Each year per its own revenue; a year without one cannot be evaluated, and the report knows only its own."""
    entries = ENTRIES + "".join(f"natural gas,1000000,kWh,{year},gross\n" for year in (2023, 2022))
    settings = BOOK.format(more=', "uk-desnz@2023", "uk-desnz@2022"', tables=DRIVERS)
    unit = "t CO2e/(million GBP)"
    published = f"now,2024,13.03,{unit}\nbefore,2023,1.83,{unit}\nearlier,2022,1.83,{unit}\n"
    relations = [
        {"figure": name, "quantity": "intensity_tco2e", "driver": "Revenue"} for name in ("now", "before", "earlier")
    ]
    found = rebuilt(tmp_path, published, *relations, entries=entries, settings=settings)
    outcomes = {name: item.outcome for name, item in found.items()}
    assert outcomes == {"now": "agrees", "before": "agrees", "earlier": "cannot be evaluated"}
    assert "Revenue states no amount of 2022" in found["earlier"].problem.text("en")
    assert [item.driver.amount for item in cl.report(tmp_path).intensities] == [200]


GROUP = """
[company]
name_zh = "集团"
reporting_year = 2024
region = "CN-SD"
[[entity]]
id = "a"
name_zh = "一厂"
[[entity]]
id = "b"
name_zh = "二厂"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-nbs-grid@2022"]
[scope_2]
instruments = "instruments.csv"
[files]
entries = ["entries.csv"]
published = "published.csv"
relations = "relations.toml"
"""
MARKET = {"scope_2": "market"}


@pytest.mark.parametrize(("owner", "evaluated"), [("a", True), ("", False)])
def test_market_based_scope_2_of_a_company(tmp_path, owner, evaluated):
    """2,000 MWh of certificates are of the company that they name, at 0.5856 t/MWh beyond them; if they name none, of nobody alone."""
    (tmp_path / "instruments.csv").write_text(
        "kind,registry,first_id,last_id,mwh,t_per_mwh,technology,market,generation_month,retired_on,entity\n"
        f"certificate,GEC,1,2000,2000,0,wind,CN,2024-03,2024-12-01,{owner}\n",
        encoding="utf-8",
    )
    entries = "entity,activity,amount,unit,year\na,electricity.grid,15230,MWh,2024\nb,electricity.grid,4775,MWh,2024\n"
    published = "a,2024,7747.49,t CO2e\nb,2024,2796.24,t CO2e\ngrid,2024,10543.73,t CO2e\n"
    parts = [{"figure": name, "entity": name, "scope": 2, **MARKET} for name in "ab"]
    whole = {"figure": "grid", "activity": "electricity.grid", **MARKET}
    found = rebuilt(tmp_path, published, *parts, whole, entries=entries, settings=GROUP)
    assert found["grid"].outcome == "agrees"
    assert {found[name].outcome for name in "ab"} == {"agrees" if evaluated else "cannot be evaluated"}
    assert evaluated or "certificates name no company" in found["a"].problem.text("en")


def test_entries_that_are_left_out_are_the_reason_of_what_they_concern(tmp_path):
    """Peat has no factor: the total cannot be evaluated and is no green row, gas is; the text begins with what is missing."""
    pytest.importorskip("jinja2")
    entries = ENTRIES + "fuel.peat,10,t,2024,\n"
    published = "gas,2024,2606.3,t CO2e\ntotal,2024,2606.3,t CO2e\n"
    relations = ({"figure": "gas", "activity": "fuel.natural_gas"}, {"figure": "total"})
    found = rebuilt(tmp_path, published, *relations, entries=entries)
    assert (found["gas"].outcome, found["total"].outcome) == ("agrees", "cannot be evaluated")
    assert "no emission factor for fuel.peat" in found["total"].problem.text("en")
    page = tmp_path / "page.html"
    reconcile(tmp_path, "--html", page)
    assert '<td class="open">cannot be evaluated' in page.read_text(encoding="utf-8")
    shown = reconcile(tmp_path)
    assert shown.exit_code == 1
    assert shown.stdout.startswith("INCOMPLETE")


def test_a_year_that_cannot_be_calculated_says_which_entry_is_why(tmp_path):
    """2023 has no edition: the finding about its own activity stands beside the relation."""
    entries = ENTRIES + "electricity.grid,5,MWh,2023,\nnatural gas,5,MWh,2023,gross\n"
    relation = {"figure": "gas", "activity": "fuel.natural_gas"}
    found = rebuilt(tmp_path, "gas,2023,0.9,t CO2e\n", relation, entries=entries)
    problem = found["gas"].problem.text("en")
    assert "entries of 2023" in problem
    assert "no emission factor for fuel.natural_gas" in problem
    assert "\n" not in problem


def test_a_printed_total_is_named_in_its_own_unit(tmp_path):
    """0.2606 of ten thousand tonnes is no 0.2606 t; the summary takes the difference in tonnes."""
    pytest.importorskip("jinja2")
    rebuilt(tmp_path, "total,2024,0.2600,10^4 t CO2e\n", {"figure": "total"})
    assert "The printed total 0.2600 × 10^4 t CO2e does not follow" in reconcile(tmp_path).stdout
    page = tmp_path / "summary.html"
    reconcile(tmp_path, "--summary", page)
    assert "-6.32 t" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Interval(Decimal(18658), Decimal(18660)), "18,659"),
        (Interval(Decimal("0.0121"), Decimal("0.0123")), "0.01220"),
        (Decimal("1234567.891"), "1,234,568"),
        (Decimal(0), "0"),
    ],
)
def test_computed_numbers_have_no_exponent(value, text):
    """As many digits as their interval leaves known."""
    assert plain_number(value) == text
