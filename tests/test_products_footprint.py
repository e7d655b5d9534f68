"""Product footprints: sums of lines by stage and column, scaled with the declared unit, and the whole of what is allocated."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.factors import read_gwp
from carbonledger.products import allocate, product_footprints, read_pact, read_products, suppliers_of
from tests.strategies import bills_of_materials
from tests.test_products_pact import board

PINS = cl.load_factors(
    "cn-mee-grid-enterprise@2022", "uk-desnz@2024-r1", by_activity={"electricity.grid": "cn-mee-grid-enterprise"}
)
GWP = read_gwp("ipcc-ar5@2013")
YEAR = cl.Period.of_year(2024)
HEAD = """
[[product]]
id = "a"
name_en = "A"
declared_amount = {amount}
declared_unit = "piece"
boundary = "{boundary}"
{more}
"""


def toml(rows=(), boundary="cradle-to-grave", amount=1, more="", product="a"):
    """A file of one product: each row a stage, activity, unit and amount, perhaps with further cells."""
    text = HEAD.format(amount=amount, boundary=boundary, more=more).replace('"a"', f'"{product}"')
    for stage, activity, unit, value, *extra in rows:
        region = "CN-SD" if activity.startswith("electricity") else "GB"
        cells = {"stage": stage, "activity": activity, "unit": unit, "amount": value, "region": region}
        cells |= extra[0] if extra else {}
        text += "[[product.input]]\n" + "".join(
            f"{name} = {json.dumps(cell)}\n" for name, cell in cells.items() if cell != ""
        )
    return text


def products_of(folder, *texts):
    """The products of some files."""
    for number, text in enumerate(texts):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return read_products([f"{number}.toml" for number in range(len(texts))], folder=folder)


def footprints_of(folder, *texts, suppliers=None, inventory=None):
    """The footprints of some files."""
    products = products_of(folder, *texts)
    return product_footprints(
        products, PINS, gwp=GWP, period=YEAR, region="CN-SD", suppliers=suppliers, inventory=inventory
    )


ALL_LEFT_OUT = (
    "left_out = { "
    + ", ".join(
        f'{stage} = "law"' for stage in ("raw_materials", "manufacturing", "distribution", "use", "end_of_life")
    )
    + " }"
)


@given(rows=bills_of_materials(), times=st.sampled_from([2, 10, 1000]))
def test_stages_sum_and_the_declared_unit_scales(rows, times, tmp_path_factory):
    """Stages, columns and lines each sum to the footprint; so much more of everything is so much more of the footprint."""
    folder = tmp_path_factory.mktemp("products")
    found = footprints_of(folder, toml(rows, more=ALL_LEFT_OUT))["a"]
    whole = found.footprint_kgco2e
    assert whole == pytest.approx(math.fsum(found.stage(stage.stage) for stage in found.stages), rel=1e-12)
    assert whole == pytest.approx(math.fsum(found.column(name) for name in ("fossil", "biogenic", "land_use_change")))
    assert whole == pytest.approx(math.fsum(line.kgco2e for line in found.lines), rel=1e-12)
    more = [(stage, activity, unit, amount * times) for stage, activity, unit, amount in rows]
    scaled = footprints_of(folder, toml(more, more=ALL_LEFT_OUT, amount=times))["a"]
    assert scaled.footprint_kgco2e == pytest.approx(whole * times, rel=1e-9)
    assert scaled.per(1, "piece") == pytest.approx(whole, rel=1e-9)


@given(
    sizes=st.lists(st.tuples(st.floats(1, 1e6), st.floats(0.01, 100), st.floats(0.1, 1e4)), min_size=1, max_size=4),
    amounts=st.lists(st.floats(0.001, 1e7), min_size=1, max_size=4),
    rest=st.sampled_from([0, 10, 33.3, 100]),
    by=st.sampled_from(["mass", "units", "value"]),
)
def test_allocated_and_not_allocated_are_the_inventory(sizes, amounts, rest, by, tmp_path_factory):
    """Shares and the rest sum to 100 %, and the parts of all products times their output and the rest to the inventory."""
    text = "".join(
        toml(more=f"output = {output!r}\nmass_kg = {mass!r}\nprice = {price!r}", product=f"p{number}")
        for number, (output, mass, price) in enumerate(sizes)
    )
    text += f'[[allocation]]\nname = "all"\nby = "{by}"\nscopes = [2]\nnot_allocated_percent = {rest}\nreason = "law"\n'
    products = products_of(tmp_path_factory.mktemp("products"), text)
    rows = [
        {"activity": "electricity.grid", "amount": value, "unit": "kWh", "year": 2024, "region": "CN-SD"}
        for value in amounts
    ]
    inventory = cl.calculate(
        cl.read_entries([{**row, "evidence": f"{n}"} for n, row in enumerate(rows)]), PINS, gwp=GWP
    )
    found = allocate(products, inventory)
    assert found.findings == ()
    ((_, shares),) = found.shares
    assert math.fsum(shares.values()) + rest == pytest.approx(100, rel=1e-12)
    made = {item.id: item.units_made for item in products.products}
    allocated = math.fsum(part.tco2e * made[name] for name, parts in found.parts.items() for part in parts)
    (row,) = found.coverage
    assert allocated == pytest.approx(row.allocated, rel=1e-9, abs=1e-12)
    assert row.allocated + row.not_allocated == pytest.approx(inventory.total_location_based().magnitude, rel=1e-12)
    assert row.twice == 0


def test_by_hand(tmp_path):
    """Material, transport of a mass and a use phase of ten years, multiplied by hand with the published factors."""
    rows = [
        ("raw_materials", "material.batteries_li_ion", "kg", 0.5),
        ("raw_materials", "freight.hgv.all_hgvs.average_laden", "kg", 0.5, {"distance_km": 200}),
        ("use", "electricity.grid", "kWh", 8.0, {"times": 10}),
    ]
    found = footprints_of(tmp_path, toml(rows, more=ALL_LEFT_OUT + "\nmass_kg = 0.5"))["a"]
    # uk-desnz@2024-r1: 6308 kg CO2e/t; 0.09601 kg CO2, 0.000000714285714285714 kg CH4 (28) and 0.00000562264150943396 kg N2O (265) a t km.
    carried = 0.1 * (0.09601 + 7.14285714285714e-7 * 28 + 5.62264150943396e-6 * 265)
    assert found.stage("raw_materials") == pytest.approx(0.5 * 6.308 + carried, rel=1e-12)
    # cn-mee-grid-enterprise@2022: 0.5703 t CO2/MWh.
    assert found.stage("use") == pytest.approx(80 * 0.5703, rel=1e-12)
    assert found.per(1, "kg") == pytest.approx(2 * found.footprint_kgco2e, rel=1e-12)
    assert "6308" in str(found.lines[0].explain())


def test_uptake_and_removals_stand_beside(tmp_path):
    """What biomass takes up, what is removed and land use change have columns; only emissions are the footprint."""
    stated = {"region": ""}
    rows = [
        ("raw_materials", "reported.emissions", "kg CO2e", 2.0, stated),
        ("raw_materials", "reported.emissions", "kg CO2e", 0.5, {**stated, "carbon": "land_use_change"}),
        ("raw_materials", "reported.emissions", "kg CO2e", 0.25, {**stated, "carbon": "biogenic"}),
        ("raw_materials", "reported.emissions", "kg CO2e", 1.5, {**stated, "carbon": "biogenic_uptake"}),
        ("raw_materials", "reported.emissions", "kg CO2e", 0.75, {**stated, "carbon": "removals"}),
        ("manufacturing", "fuel.wood_logs", "kg", 1.0),
    ]
    found = footprints_of(tmp_path, toml(rows, boundary="cradle-to-gate"))["a"]
    columns = {name: found.column(name) for name in ("fossil", "land_use_change", "biogenic_uptake", "removals")}
    assert columns == pytest.approx({"fossil": 2.0, "land_use_change": 0.5, "biogenic_uptake": -1.5, "removals": -0.75})
    wood = found.stage("manufacturing")
    assert found.column("biogenic") == pytest.approx(0.25 + wood)
    assert found.footprint_kgco2e == pytest.approx(2.75 + wood)
    assert found.column("biogenic_co2") > wood > 0


@pytest.mark.parametrize(
    ("row", "rule", "words"),
    [
        ({"amount": -0.1}, "BAD_NUMBER", "must not be negative"),
        ({"stage": "packing"}, "PRODUCT_INPUT", "no stage"),
        ({"stage": "use"}, "PRODUCT_INPUT", "lies outside"),
        ({"activity": ""}, "PRODUCT_INPUT", "neither by which activity"),
        ({"component": "b"}, "PRODUCT_INPUT", "at once"),
        ({"activity": "", "component": "b"}, "PRODUCT_INPUT", "not defined as a product"),
        ({"activity": "", "component": "a"}, "PRODUCT_INPUT", "in a circle: a → a"),
        ({"activity": "", "footprint": "none.json"}, "PRODUCT_INPUT", "no supplier's footprint"),
        ({"unit": "m3"}, "WRONG_DIMENSION", "m3"),
        ({"region": "US"}, "PRODUCT_UNPRICED", "no emission factor"),
        ({"activity": "unobtainium"}, "UNKNOWN_ACTIVITY", "unobtainium"),
        ({"unit": "furlong"}, "UNKNOWN_UNIT", "furlong"),
        ({"unit": "piece", "distance_km": 5}, "PRODUCT_INPUT", "is no mass"),
        ({"carbon": "green"}, "PRODUCT_INPUT", "no kind of carbon"),
    ],
)
def test_a_bad_row_makes_the_footprint_a_part(tmp_path, row, rule, words):
    """Each defect is an error with file and line, and the sum is then no footprint and has no shares."""
    cells = {"stage": "raw_materials", "activity": "material.batteries_li_ion", "unit": "kg", "amount": 0.1} | row
    head = (cells.pop("stage"), cells.pop("activity"), cells.pop("unit"), cells.pop("amount"))
    rows = [(*head, cells), ("manufacturing", "electricity.grid", "kWh", 1.0)]
    found = footprints_of(tmp_path, toml(rows, boundary="cradle-to-gate", more='left_out = { raw_materials = "test" }'))
    (finding,) = [item for item in found.all_findings if item.severity == "error"]
    assert (finding.rule, finding.file, finding.row) == (rule, "0.toml", 9)
    assert words in finding.text()
    assert found["a"].is_part
    assert found["a"].footprint_kgco2e is None
    assert found["a"].to_dict("zh")["stages"][0]["share_percent"] is None
    assert found["a"].calculated_kgco2e == pytest.approx(0.5703)


def test_a_longer_circle_and_a_component(tmp_path):
    """Components are followed to any depth by amount or mass, and a circle over several of them is found."""
    part = ("raw_materials", "material.batteries_li_ion", "kg", 0.5)
    gate, left = "cradle-to-gate", 'left_out = { manufacturing = "test" }'
    inner = toml([part], gate, more=left + "\nmass_kg = 0.25", product="inner")
    middle = toml([("raw_materials", "", "kg", 0.5, {"component": "inner"})], gate, more=left, product="middle")
    outer = toml([("raw_materials", "", "piece", 3, {"component": "middle"})], gate, more=left, product="outer")
    found = footprints_of(tmp_path, inner, middle, outer)
    assert found.all_findings == ()
    assert found["outer"].footprint_kgco2e == pytest.approx(3 * 2 * 0.5 * 6.308, rel=1e-12)
    back = toml([("raw_materials", "", "piece", 1, {"component": "outer"})], gate, more=left, product="inner")
    found = footprints_of(tmp_path, back, middle, outer)
    assert {item.rule for item in found.all_findings} >= {"PRODUCT_INPUT"}
    assert all(item.is_part for item in found.footprints)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('by = "shares"\nshares = { a = 101 }', "a"),
        ('by = "shares"\nshares = { a = 61 }\nnot_allocated_percent = 40\nreason = "x"', "sum to 101 %"),
        ('by = "units"\nnot_allocated_percent = 5', "no reason"),
        ('by = "units"\nproducts = ["b"]', "no product 'b'"),
        ('by = "mass"', "states no mass_kg"),
        ('by = "units"\nshares = { a = 100 }', "follow from units"),
        ('by = "units"\nsource = "nowhere"', "no line of that kind"),
    ],
)
def test_bad_allocations(tmp_path, settings, words):
    """Shares of 101 %, unknown products and missing masses are findings, and nothing is allocated."""
    text = toml([("raw_materials", "material.batteries_li_ion", "kg", 0.5)], "cradle-to-gate", more="output = 10")
    text += f'[[allocation]]\nname = "power"\nscopes = [2]\n{settings}\n'
    rows = [{"activity": "electricity.grid", "amount": 5, "unit": "MWh", "year": 2024, "region": "CN-SD"}]
    inventory = cl.calculate(cl.read_entries(rows), PINS, gwp=GWP)
    found = footprints_of(tmp_path, text, inventory=inventory)
    assert any(words in item.text() and item.severity == "error" for item in found.all_findings)
    assert found["a"].is_part or "101" in settings
    assert not found.allocated.parts


def test_twice_and_both(tmp_path):
    """Lines that two allocations divide, and energy that a row states besides, are said with their tonnes."""
    rows = [("manufacturing", "electricity.grid", "kWh", 1.0)]
    text = toml(rows, "cradle-to-gate", more='output = 10\nleft_out = { raw_materials = "test" }')
    text += '[[allocation]]\nname = "one"\nscopes = [2]\nby = "units"\n'
    text += '[[allocation]]\nname = "two"\nactivities = ["外购电力"]\nby = "units"\n'
    entries = cl.read_entries(
        [{"activity": "electricity.grid", "amount": 10, "unit": "MWh", "year": 2024, "region": "CN-SD"}]
    )
    found = footprints_of(tmp_path, text, inventory=cl.calculate(entries, PINS, gwp=GWP))
    said = {item.severity: item.text() for item in found.all_findings}
    assert "5.703 t CO2e of the inventory are allocated more than once" in said["error"]
    assert "electricity.grid is stated in a row" in said["warning"]
    (coverage,) = found.allocated.coverage
    assert (coverage.allocated, coverage.twice, coverage.not_allocated) == pytest.approx((5.703, 5.703, 0.0))


def supplied(folder, row=None, **changes):
    """A footprint with one bought board, the supplier's document being changed."""
    (folder / "board.json").write_text(json.dumps(board(**changes)), encoding="utf-8")
    suppliers = suppliers_of(*read_pact(folder / "board.json"))
    cells = {"footprint": "board.json", "region": "", **(row or {})}
    rows = [("raw_materials", "", cells.pop("unit", "piece"), 2, cells)]
    text = toml(rows, "cradle-to-gate", more='left_out = { manufacturing = "test" }')
    found = footprints_of(folder, text, suppliers=suppliers)
    return found["a"], found.all_findings


def test_a_supplier_is_a_factor(tmp_path):
    """Its columns come in by the piece or by mass, and the explanation names document, company and set."""
    found, findings = supplied(tmp_path)
    assert findings == ()
    assert found.footprint_kgco2e == pytest.approx(2 * 4.3, rel=1e-12)
    assert found.column("land_use_change") == pytest.approx(0.16)
    assert found.column("biogenic_uptake") == pytest.approx(-0.12)
    assert "Example Boards (invented)" in str(found.lines[0].explain())
    by_mass, _ = supplied(tmp_path, {"unit": "kg"})
    assert by_mass.footprint_kgco2e == pytest.approx(2 / 0.12 * 4.3, rel=1e-9)
    per_kg = {"pcf_declaredUnitOfMeasurement": "kilogram", "pcf_declaredUnitAmount": "2"}
    weighed, _ = supplied(tmp_path, {"mass_kg": 0.12}, **per_kg)
    assert weighed.footprint_kgco2e == pytest.approx(2 * 0.12 * 4.3 / 2, rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "severity", "words"),
    [
        ({"status": "Deprecated"}, "error", "is deprecated"),
        ({"validityPeriodEnd": "2023-06-30T00:00:00Z"}, "error", "valid until 2023-06-30"),
        ({"validityPeriodStart": "2025-06-01T00:00:00Z"}, "error", "valid from 2025-06-01"),
        (
            {"validityPeriodEnd": None, "validityPeriodStart": None, "pcf_referencePeriodEnd": "2020-12-31T00:00:00Z"},
            "error",
            "valid until 2023-12-31",
        ),
        (
            {"pcf_declaredUnitOfMeasurement": "liter", "pcf_productMassPerDeclaredUnit": "0"},
            "error",
            "does not lead there",
        ),
        ({"pcf_declaredUnitOfMeasurement": "megabit second"}, "error", "no unit here"),
        ({"pcf_ipccCharacterizationFactors": ["AR6"]}, "warning", "potentials of AR6"),
        ({"pcf_fossilGhgEmissions": "3"}, "warning", "parts sum to 3.1"),
    ],
)
def test_what_speaks_against_a_supplier(tmp_path, changes, severity, words):
    """Validity, status, unit and potentials are findings at the row; with an error the footprint is a part."""
    found, findings = supplied(tmp_path, **changes)
    said = [item for item in findings if words in item.text()]
    assert {item.severity for item in said} == {severity}
    assert found.is_part == (severity == "error")
    assert all(item.text("zh") for item in said)


def test_an_accepted_supplier_is_used_with_its_reason(tmp_path):
    """An expired footprint counts if the row says why."""
    found, findings = supplied(tmp_path, {"accepted": "no newer one yet"}, validityPeriodEnd="2023-06-30T00:00:00Z")
    assert found.footprint_kgco2e == pytest.approx(8.6)
    assert [(item.severity, "no newer one yet" in item.text()) for item in findings] == [("warning", True)]


def test_the_rest_of_a_supplier_is_not_hidden(tmp_path):
    """What the parts leave of the stated footprint has a column of its own, and the footprint counts as stated."""
    found, _ = supplied(tmp_path, pcf_fossilGhgEmissions="3")
    assert found.footprint_kgco2e == pytest.approx(8.6)
    assert found.column("unassigned") == pytest.approx(2.4)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[product]]\nid = "a"', "declared_amount is missing"),
        (toml(boundary="gate"), "boundary is 'gate'"),
        (toml(amount=0), "wanted is > 0"),
        (toml(more="mas_kg = 1"), "Did you mean 'mass_kg'?"),
        (toml(more='left_out = { wash = "x" }'), "left_out.wash"),
        (toml().replace('"piece"', '"dozen gross"'), "unit"),
        (toml() + toml(), "more than once"),
        ('[product]\nid = "a"', "[[product]]"),
        ("[[prodct]]\n", "Did you mean 'product'?"),
        ("[[product", "0.toml"),
    ],
)
def test_bad_definitions(tmp_path, text, words):
    """A misspelt setting, a missing one or a value of another kind is a finding with its file."""
    found = products_of(tmp_path, text)
    assert any(words in item.text() for item in found.findings)
    assert all(item.severity == "error" and item.text("zh") for item in found.findings)


def test_a_supplier_that_was_not_known_yet(tmp_path):
    """With a day as of which everything is asked for, a document made later is refused, and an earlier one is used."""
    (tmp_path / "board.json").write_text(json.dumps(board()), encoding="utf-8")
    suppliers = suppliers_of(*read_pact(tmp_path / "board.json"))
    rows = [("raw_materials", "", "piece", 1, {"footprint": "Control board 7", "region": ""})]
    products = products_of(tmp_path, toml(rows, "cradle-to-gate", more='left_out = { manufacturing = "test" }'))
    for day, expected in (("2024-01-31", None), ("2024-03-31", 4.3)):
        pins = cl.load_factors("uk-desnz@2023", as_of=day)
        found = product_footprints(products, pins, gwp=GWP, period=YEAR, suppliers=suppliers)
        assert found["a"].footprint_kgco2e == (None if expected is None else pytest.approx(expected))
        assert ("SUPPLIER_FOOTPRINT" in {item.rule for item in found.all_findings}) == (expected is None)


def test_another_period_gets_nothing_of_the_inventory(tmp_path):
    """A product of 2023 with a part of the inventory of 2024 is a part, and the finding names both periods."""
    text = toml(
        [("raw_materials", "reported.emissions", "kg CO2e", 1.0)], "cradle-to-gate", more='output = 1\nperiod = "2023"'
    )
    text += '[[allocation]]\nname = "power"\nscopes = [2]\nby = "units"\n'
    entries = cl.read_entries(
        [{"activity": "electricity.grid", "amount": 1, "unit": "MWh", "year": 2024, "region": "CN"}]
    )
    found = footprints_of(tmp_path, text, inventory=cl.calculate(entries, PINS, gwp=GWP))
    assert any("2023" in item.text() and item.rule == "PRODUCT_ALLOCATION" for item in found.all_findings)
    assert found["a"].is_part
