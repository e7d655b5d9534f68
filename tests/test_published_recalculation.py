"""Printed figures against the engine, by scope, gas, method, unit and driver; and what the command makes of a case."""

import json
import shutil
from dataclasses import replace

import pytest

import carbonledger as cl
from carbonledger.core.errors import BookError
from carbonledger.core.files import write_whole
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.recalculation import rebuild
from carbonledger.published.relations import Relation
from tests.support import PROJECT, run


@pytest.fixture(scope="module")
def green():
    """A book with both methods of scope 2 and two drivers."""
    return cl.open_book(PROJECT / "examples" / "green-power")


@pytest.fixture(scope="module")
def parts(green):
    """What a relation is rebuilt from."""
    inventory = green.inventory()
    return inventory, green.reporting_year().scope_2, green.reporting_year().drivers


def verdict(parts, text, unit, **members):
    """The verdict on a printed figure."""
    figure = PublishedFigure("x", 2024, "x", "x", cl.parse_figure(text), unit, "", "")
    return rebuild(Relation("r", "rebuild", "", "", {"figure": "x", **members}), {"x": figure}, *parts)


def printed(value, step="0.01"):
    """A number as a report would print it."""
    return format(cl.round_figure(value, step), "f")


@pytest.mark.parametrize("scope", [1, 2])
def test_emissions_of_a_scope(parts, scope):
    """Each scope is the sum of its lines; in kg it is the same figure."""
    lines = parts[0].lines
    tonnes = float(lines.loc[lines["scope"] == scope, "emissions_tco2e"].sum())
    found = verdict(parts, printed(tonnes), "t CO2e", quantity="emissions_tco2e", scope=scope)
    assert (found.verdict.outcome, found.quantity) == ("agrees", f"emissions_tco2e (scope {scope})")
    in_kg = verdict(parts, printed(tonnes * 1000, "1"), "kg CO2e", quantity="emissions_tco2e", scope=scope)
    assert in_kg.verdict.outcome == "agrees"


def test_market_based_totals(parts):
    """The total with scope 2 market-based, and scope 2 by itself, each apart from the location-based one."""
    inventory, scope_2, _ = parts
    total = (
        float(inventory.total_location_based().magnitude) - scope_2.location_based_tco2e + scope_2.market_based_tco2e
    )
    asked = {"quantity": "emissions_tco2e", "scope_2": "market"}
    assert verdict(parts, printed(total), "t CO2e", **asked).verdict.outcome == "agrees"
    lines = inventory.lines
    location = float(lines.loc[lines["scope"] == 2, "emissions_tco2e"].sum())
    second = location - scope_2.location_based_tco2e + scope_2.market_based_tco2e
    assert verdict(parts, printed(second), "t CO2e", scope=2, **asked).verdict.outcome == "agrees"
    assert verdict(parts, printed(location), "t CO2e", scope=2, **asked).verdict.outcome == "does not follow"
    location_asked = {**asked, "scope_2": "location"}
    assert verdict(parts, printed(location), "t CO2e", scope=2, **location_asked).verdict.outcome == "agrees"


def test_gases(parts):
    """Every gas of the inventory, as t of the gas and as t CO2e, and the parts of a scope sum to it."""
    for row in parts[0].by("gas").to_dict("records"):
        gas = row["gas"]
        assert (
            verdict(
                parts, printed(row["emissions_tco2e"]), "t CO2e", quantity="emissions_tco2e", gas=gas
            ).verdict.outcome
            == "agrees"
        )
        assert (
            verdict(parts, printed(row["tonnes"], "0.0001"), "t", quantity="gas_t", gas=gas).verdict.outcome == "agrees"
        )


def test_energy_in_tce_and_intensities(parts):
    """Tonnes of coal equivalent of the energy table; t CO2e and GJ per person or million CNY, by either name of the driver."""
    inventory, _, drivers = parts
    tce = float(inventory.energy_table("id")["energy_tce"].iloc[-1])
    assert verdict(parts, printed(tce), "tce", quantity="energy_tce").verdict.outcome == "agrees"
    gj = float(inventory.total_energy().magnitude)
    total = (
        inventory.by("scope")
        .set_index("scope")["emissions_tco2e"]
        .reindex(["scope 1", "scope 2 (location-based)"])
        .fillna(0)
        .sum()
    )
    people = next(item for item in drivers if item.name_en == "Employees")
    for name in (people.name_en, people.name_zh):
        each = printed(total / people.amount, "0.0001")
        assert (
            verdict(parts, each, "t CO2e/person", quantity="intensity_tco2e", driver=name).verdict.outcome == "agrees"
        )
    revenue = next(item for item in drivers if item.name_en == "Revenue")
    per_10k = printed(gj / revenue.amount / 100, "0.0001")
    assert (
        verdict(parts, per_10k, "GJ/(10^4 CNY)", quantity="intensity_gj", driver="Revenue").verdict.outcome == "agrees"
    )


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"quantity": "energy_gj", "scope": 1}, "energy_gj cannot be rebuilt by scope; it can by activity, entity"),
        ({"quantity": "gas_t"}, "gas_t needs the member 'gas'"),
        ({"quantity": "emissions_tco2e", "gas": "SF6"}, "the inventory has no SF6; it has CO2"),
        ({"quantity": "emissions_tco2e", "activity": "fuel.peat"}, "no line of activity fuel.peat"),
        (
            {"quantity": "emissions_tco2e", "scope_2": "market", "scope": 1},
            "market-based is the total or scope 2",
        ),
        ({"quantity": "intensity_tco2e", "driver": "Sales"}, "no driver 'Sales'; [[driver]] lists Employees, Revenue"),
        ({"quantity": "standard_coal_tce"}, "no coefficients of standard coal are pinned"),
        ({"quantity": "power"}, "no quantity 'power'"),
    ],
)
def test_what_the_inventory_does_not_have_is_refused(parts, members, words):
    """By relation, with what there is instead."""
    with pytest.raises(BookError) as caught:
        verdict(parts, "1", "t CO2e", **members)
    assert words in str(caught.value)
    assert str(caught.value).startswith("relation r: ")


def test_a_figure_in_another_dimension_is_refused(parts):
    """GJ are no t CO2e; and market-based needs a book that forms it."""
    with pytest.raises(BookError, match="relation r: x: 't CO2e' cannot be converted to 'GJ'"):
        verdict(parts, "1", "GJ", quantity="emissions_tco2e")
    with pytest.raises(BookError, match="forms no market-based scope 2"):
        verdict((parts[0], None, ()), "1", "t CO2e", quantity="emissions_tco2e", scope_2="market")


def test_an_exact_figure_is_not_read_as_truncated(parts):
    """What agrees only if truncated does not follow if the figure is declared exact."""
    total = float(parts[0].total_location_based().magnitude)
    text = format(cl.round_figure(total, "1", "truncate"), "f")
    figure = PublishedFigure("x", 2024, "x", "x", cl.parse_figure(text), "t CO2e", "", "")
    item = Relation("r", "rebuild", "", "", {"figure": "x", "quantity": "emissions_tco2e"})
    assert rebuild(item, {"x": figure}, *parts).verdict.outcome != "does not follow"
    exact = replace(figure, figure=cl.parse_figure(text, "exact"))
    assert rebuild(item, {"x": exact}, *parts).verdict.outcome == "does not follow"


@pytest.fixture
def case(tmp_path, techen):
    """A copy of the Techen case."""
    return shutil.copytree(techen, tmp_path / "case")


def rewrite(path, *changes):
    """A file with some texts changed."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_a_total_printed_in_kilograms(case):
    """2480591 kg CO2e holds the combination of 2480.5912 t: search, reconstruction and factor find it as they do in tonnes."""
    before = cl.open_book(case)
    rewrite(case / "published.csv", (",2480.59,t CO2e,", ",2480591,kg CO2e,"))
    book = cl.open_book(case)
    assert book.search("textbook").count > 0
    found, known = (item.report().reconstructions[0] for item in (book, before))
    assert (found.total, found.agrees, str(found.prints_as)) == (known.total, True, "2480.591")
    netted = book.report().netted
    assert str(cl.round_figure(netted.implied.middle, "0.0001")) == "0.8269"


@pytest.mark.slow
def test_json_is_json_and_sums_up(case):
    """No Infinity, what avoided emissions hint at, and a sentence for each clash."""
    result = run("reconcile", case, "--json")
    data = json.loads(result.stdout, parse_constant=lambda text: pytest.fail(f"{text} is no JSON"))
    assert data["avoided_netted"]["own_mwh"] == 20.245
    assert data["summary"]["checks"] == sum(data["summary"]["verdicts"].values())
    assert len(data["summary"]["clashes"]) == len(data["network"]["clashes"]) == 5
    total = next(item for item in data["network"]["unknowns"] if item["unknown"] == "ghg.total.2023")
    assert (total["label"], total["unit"]) == ("Greenhouse gas total of 2023", "t CO2e")
    assert [round(limit, 3) for limit in total["intervals"]["truncated"]] == [2899.240, 2899.579]


ROW = "{0},2024,甲,{0},{1},t,half_up,节,节,\n"
SUM = '[[relation]]\nid = "{0}"\nkind = "sum"\ntitle_zh = "甲"\ntitle_en = "{0}"\ntotal = "{0}"\nparts = ["a", "b"]\n'


@pytest.mark.slow
def test_a_clash_of_the_network_alone_is_exit_code_1(case):
    """Both sums hold by themselves, together they cannot."""
    head = (case / "published.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = {"a": "10.0", "b": "10.0", "s": "20.1", "s2": "19.9"}
    (case / "published.csv").write_text(
        head + "\n" + "".join(ROW.format(*item) for item in rows.items()), encoding="utf-8"
    )
    (case / "relations.toml").write_text(SUM.format("s"), encoding="utf-8")
    rewrite(case / "book.toml", ('reconstructions = "reconstruction.toml"\n', ""))
    assert run("reconcile", case).returncode == 0
    (case / "relations.toml").write_text(SUM.format("s") + SUM.format("s2"), encoding="utf-8")
    result = run("reconcile", case)
    assert result.returncode == 1
    assert "Each of these holds by itself, together they cannot: s; s2." in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", ["published.csv", "relations.toml"])
def test_a_missing_file_is_misuse(case, name):
    """One message that names the file, exit code 2."""
    (case / name).unlink()
    result = run("reconcile", case)
    assert result.returncode == 2
    assert name in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.slow
def test_a_page_that_cannot_be_written(case, tmp_path):
    """A folder that does not exist is named; nothing is half written."""
    result = run("reconcile", case, "--html", tmp_path / "nowhere" / "x.html")
    assert result.returncode == 2
    assert "x.html: it cannot be written: No such file or directory" in result.stderr
    assert "Traceback" not in result.stderr


def test_nothing_is_left_where_a_page_cannot_be_written(tmp_path):
    """A folder of that name stays as it is, and no part of the page beside it."""
    (tmp_path / "x.html").mkdir()
    with pytest.raises(BookError, match=r"x\.html: it cannot be written"):
        write_whole(tmp_path / "x.html", "page")
    assert [path.name for path in tmp_path.iterdir()] == ["x.html"]
