"""Every output says the same of itself: what is missing, what is in doubt, and whether a sum is a total."""

import json
import math
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.activity_data.organisation import Holding
from carbonledger.inventory.consolidation import consolidate
from tests.support import PROJECT, run

GB = {"year": 2024, "region": "GB"}
GAS = {**GB, "activity": "fuel.natural_gas", "amount": 100_000, "unit": "kWh"}
POWER = {**GB, "activity": "electricity.grid", "amount": 27_463, "unit": "kWh", "entity": "A"}
BOOK = """[company]
name_zh = "测试"
name_en = "Test"
region = "GB"
reporting_year = 2024
[files]
entries = ["entries.csv"]
[factors]
gwp = "ipcc-ar5@2013"
emissions = [{pins}]
"""


def calculated(*rows, pins=("uk-desnz@2024",), missing="report"):
    """The inventory of some entries, what cannot be calculated left out."""
    return cl.calculate(cl.read_entries(list(rows)), cl.load_factors(*pins), gwp="ipcc-ar5@2013", missing=missing)


def book(folder, rows, pins='"uk-desnz@2024"'):
    """A book of 2024 in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "book.toml").write_text(BOOK.format(pins=pins), encoding="utf-8")
    (folder / "entries.csv").write_text("activity,amount,unit,year,heating_value\n" + rows, encoding="utf-8")
    return folder


def test_gas_without_gross_or_net_keeps_its_energy():
    """The bill says 100,000 kWh, so the energy is 360 GJ; only its emissions are missing, and no sum of the others is a total."""
    inventory = calculated(GAS, POWER)
    table = inventory.energy_table("id")
    assert table.loc[table["carrier"] == "fuel.natural_gas", "energy_gj"].tolist() == [360.0]
    assert table["energy_gj"].iloc[-1] == pytest.approx(360 + 27_463 * 0.0036)
    scopes = inventory.by("scope").set_index("scope")
    assert math.isnan(scopes.loc["scope 1", "emissions_tco2e"])
    assert scopes.loc["scope 1", "without_emissions"] == 1
    assert scopes.loc["scope 2 (location-based)", "without_emissions"] == 0
    statement = inventory.completeness
    assert (statement.complete, statement.is_part, statement.counts.without_emissions) == (False, True, 1)
    assert statement.lines("en")[0].startswith("INCOMPLETE")
    assert "1 of 2 entries have no emissions" in statement.lines("en")[0]
    assert "2 条数据中有 1 条未计算排放" in statement.lines("zh")[0]
    assert inventory.energy_table("en")["carrier"].iloc[-1] == "Sum of what was calculated (incomplete)"


def test_a_carrier_without_energy_is_missing_and_not_zero():
    """Litres of diesel without emissions and without a calorific value stand in the table, and the total is missing with them."""
    table = calculated({**GB, "activity": "fuel.diesel", "amount": 100, "unit": "L"}, POWER).energy_table("id")
    assert table["carrier"].tolist()[:2] == ["electricity.grid", "fuel.diesel"]
    assert table["energy_gj"].isna().tolist() == [False, True, True, True]


def test_every_frame_carries_the_statement():
    """Views say in their attributes what the inventory says."""
    inventory = calculated(GAS, POWER)
    for view in (
        inventory.by("scope"),
        inventory.by("gas"),
        inventory.view("activity", "gas"),
        inventory.energy_table(),
    ):
        assert view.attrs["completeness"]["exit_code"] == 1
        assert view.attrs["completeness"]["missing"] == ["HEATING_VALUE_UNKNOWN"]
    assert "INCOMPLETE" in repr(inventory)
    whole = calculated({**GAS, "heating_value": "gross"}, POWER, missing="raise")
    assert whole.by("scope").attrs["completeness"]["statement"] == [
        "Complete: nothing is known to be missing or in doubt."
    ]


CARRIERS = {
    "electricity.grid": ("kWh", "MWh", "GJ"),
    "heat.purchased": ("GJ", "MWh"),
    "fuel.gasoline": ("t", "kg"),
    "fuel.diesel": ("t", "kg", "GJ"),
    "electricity.solar": ("kWh",),
}
BILLS = st.lists(
    st.sampled_from([(name, unit) for name, units in CARRIERS.items() for unit in units]).flatmap(
        lambda what: st.tuples(st.just(what), st.floats(0, 1e6), st.sampled_from(["", "甲", "B"]))
    ),
    min_size=1,
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(BILLS)
def test_energy_needs_no_emission_factors(bills):
    """The energy table is the same with emission factors and without any; nothing but the emissions is missing."""
    rows = [
        {
            "activity": name,
            "unit": unit,
            "amount": amount,
            "entity": entity,
            "year": 2024,
            "region": "CN-SD",
            "source": number,
        }
        for number, ((name, unit), amount, entity) in enumerate(bills)
    ]
    entries, energy = cl.read_entries(rows), ["cn-ndrc-fuels-a@2013"]
    pins = ["cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013", "cn-ndrc-heat@2013"]
    priced, alone = (
        cl.calculate(
            entries,
            cl.load_factors(roles={"emissions": emissions, "energy": energy}),
            gwp="ipcc-ar5@2013",
            missing="report",
        )
        for emissions in (pins, [])
    )
    columns = ["level", "class", "carrier", "entity", "amount", "energy_gj"]
    both = [
        item.energy_table("id")[columns].sort_values(columns[:4], ignore_index=True).round(9)
        for item in (priced, alone)
    ]
    assert both[0].equals(both[1])
    for item in (priced, alone):
        assert item.counts.entries == len(item.lines) + item.counts.without_emissions
        without = 0 if item.unpriced is None else len(item.unpriced.lines)
        assert item.counts.without_emissions == without
    assert not priced.completeness.is_part
    assert alone.view("scope", "gas", "activity")["emissions_tco2e"].sum() == 0
    needed = any(name != "electricity.solar" for (name, _), _, _ in bills)
    assert alone.completeness.energy_alone == needed
    assert math.isnan(alone.total_location_based().magnitude) == needed
    assert alone.completeness.exit_code == 0


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_energy_without_emissions_on_any_engine(engine):
    """The energy of unpriced entries is found in the caller's engine too."""
    import narwhals as nw

    frame = cl.read_entries([GAS, POWER]).frame[["activity", "unit", "amount", "region", "year", "factor"]]
    frame["factor"] = ""
    native = nw.from_native(frame).to_polars()
    if engine == "duckdb":
        import duckdb

        native = duckdb.from_arrow(native.to_arrow())
    inventory = cl.calculate(native, cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013", missing="report")
    assert inventory.in_pandas.energy_table("id")["energy_gj"].iloc[-1] == pytest.approx(360 + 27_463 * 0.0036)


def test_consolidation_keeps_energy_without_emissions():
    """Half of a company's gas without emissions is half of its energy."""
    holding = Holding(entity="A", ownership_percent=50)
    entries = cl.read_entries([{**GAS, "entity": "A"}, POWER])
    inventory = cl.calculate(entries, cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013", missing="report")
    half = consolidate(inventory, [holding], "equity_share")
    assert half.energy_table("id")["energy_gj"].iloc[-1] == pytest.approx((360 + 27_463 * 0.0036) / 2)


def test_a_book_of_energy_alone(tmp_path):
    """`emissions = []` asks for no emissions: energy is reported, nothing is missing, and no emissions are printed."""
    place = book(tmp_path / "b", "natural gas,100000,kWh,2024,\nelectricity,27463,kWh,2024,\n", pins="")
    done = run("report", place)
    assert done.returncode == 0, done.stderr
    assert "Energy alone: no emission factors are pinned" in done.stdout
    assert "458.87" in done.stdout
    assert "Gross inventory" not in done.stdout
    data = json.loads(run("report", place, "--json").stdout)
    assert data["totals"]["total_location_based_tco2e"] is None


def test_emissions_of_energy_alone_are_missing_from_disclosures(tmp_path):
    """A framework asks for them: they are data that are missing, not entries that the book lacks."""
    place = book(tmp_path / "b", "natural gas,100000,kWh,2024,\nelectricity,27463,kWh,2024,\n", pins="")
    rows = cl.disclose(place, "secr").to_frame()
    status = dict(zip(rows["name"], rows["status"], strict=True))
    assert status["Total energy"] == "filled"
    assert status["Emissions: gas and other fuels"] == status["Total emissions"] == "data_missing"
    assert status["Emissions: heat and steam"] == "not_applicable"


def test_a_refrigerant_makes_a_book_one_of_emissions(tmp_path):
    """Its mass has emissions without any edition: then those of the carriers are missing, and nothing is energy alone."""
    place = book(tmp_path / "b", "electricity,27463,kWh,2024,\nR-410A,10,kg,2024,\n", pins="")
    statement = cl.report(place).completeness
    assert (statement.energy_alone, statement.is_part, statement.counts.without_emissions) == (False, True, 1)


def test_energy_alone_needs_its_calorific_values(tmp_path):
    """Litres of diesel that nothing turns into GJ are missing from a book of energy alone, which says so."""
    place = book(tmp_path / "b", "electricity,27463,kWh,2024,\ndiesel,100,L,2024,\n", pins="")
    report = cl.report(place)
    assert not report.completeness.complete
    assert [finding.rule for finding in report.completeness.gaps] == ["MISSING_ENERGY"]


@pytest.mark.slow
def test_exit_codes_tell_one_story(tmp_path):
    """Where something is left out or in doubt by an error, every command says so; where nothing is, none does."""
    books = {
        0: book(tmp_path / "whole", "natural gas,100000,kWh,2024,gross\nelectricity,27463,kWh,2024,\n"),
        1: book(tmp_path / "part", "natural gas,100000,kWh,2024,\nelectricity,27463,kWh,2024,\n"),
    }
    for wanted, place in books.items():
        for command in (["report"], ["check", "--json"], ["reconcile"], ["disclose"], ["status"]):
            done = run(*command, place)
            assert done.returncode == wanted, (command, done.stdout[-500:], done.stderr)
            assert command[0] == "check" or ("INCOMPLETE" in done.stdout) == bool(wanted)


def test_the_approaches_state_what_is_missing(tmp_path):
    """Three columns over a part are no totals."""
    place = shutil.copytree(PROJECT / "examples" / "chinese-group", tmp_path / "book")
    text = (place / "entries.csv").read_text(encoding="utf-8")
    (place / "entries.csv").write_text(text.replace("柴油,10,吨", "柴油,-10,吨"), encoding="utf-8")
    done = run("approaches", place)
    assert done.returncode == 1
    assert "INCOMPLETE" in done.stdout
    assert "Sum of what was calculated (incomplete)" in done.stdout
    data = json.loads(run("approaches", place, "--json").stdout)
    assert data["missing"] == ["NEGATIVE_AMOUNT"]
    assert data["rows_refused"] == 1


def test_a_part_is_no_total_in_data(tmp_path):
    """JSON has null for the total, and the sum of the others under another name."""
    place = book(tmp_path / "b", "natural gas,100000,kWh,2024,\nelectricity,27463,kWh,2024,\n")
    data = json.loads(run("report", place, "--json").stdout)
    assert data["is_part"] is True
    assert data["totals"]["total_location_based_tco2e"] is None
    calculated_part = data["totals"]["calculated_location_based_tco2e"]
    # DESNZ 2024: 0.20705 kg CO2e per kWh of grid electricity.
    assert calculated_part == pytest.approx(27_463 * 0.20705 / 1000, rel=1e-6)
    assert data["profiles"]["ghgp"]["total_location_based_tco2e"] is None


def test_nothing_is_drawn_without_printed_figures(tmp_path):
    """A page of no figures would be blank: it is refused, and not written."""
    place = book(tmp_path / "b", "electricity,27463,kWh,2024,\n")
    for option in ("--html", "--summary"):
        done = run("reconcile", place, option, tmp_path / "page.html")
        assert done.returncode == 2
        assert "no published figures" in done.stderr
    assert not (tmp_path / "page.html").exists()


def test_a_printed_total_is_not_accused_by_a_part(techen, tmp_path):
    """With a refused bill the printed total cannot be held against the rest; with all of them it can."""
    place = shutil.copytree(techen, tmp_path / "book")
    assert "AVOIDED_NETTED" in {finding.rule for finding in cl.check(place)}
    lines = (place / "entries.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[1].split(",")
    number = next(at for at, cell in enumerate(cells) if cell.replace(".", "").isdigit())
    lines[1] = ",".join([*cells[:number], f"-{cells[number]}", *cells[number + 1 :]])
    (place / "entries.csv").write_text("".join(lines), encoding="utf-8")
    report = cl.report(place)
    assert report.completeness.is_part
    assert not {"AVOIDED_NETTED", "PUBLISHED_DIFFERS"} & {finding.rule for finding in report.findings}
    outcomes = {item.verdict.outcome for item in report.rebuilt}
    assert "does_not_follow" not in {str(outcome) for outcome in outcomes}
