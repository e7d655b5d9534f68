"""Registers of water, waste, air, wastewater and noise: exact sums, limits with their class, findings with place and way out."""

import json
import math
import shutil
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.periods import Period
from carbonledger.core.units import conversion_factor
from carbonledger.environment.limits import compared, known_limits
from carbonledger.environment.measured import read_measured
from carbonledger.environment.noise import energy_mean, read_noise
from carbonledger.environment.reading import ReadAs
from carbonledger.environment.registers import QUANTITIES
from carbonledger.environment.waste import read_waste
from carbonledger.environment.water import read_water
from tests.support import PROJECT, run

READ_AS = ReadAs(Period.of_year(2024), country="CN", region="CN-SD", water_t_per_m3=Fraction(1))
READERS = {
    "water": read_water,
    "waste": read_waste,
    "air": lambda path, read_as: read_measured(path, "air", read_as),
    "wastewater": lambda path, read_as: read_measured(path, "wastewater", read_as),
    "noise": read_noise,
}
HEADINGS = {
    "water": "flow,source,amount,unit,period,fresh,stress",
    "waste": "category,composition,amount,unit,period,route,place,certificate,disposer",
    "air": "point,pollutant,value,unit,period,standard,class,limit,conditions,oxygen_percent,reference_oxygen_percent",
    "wastewater": "point,pollutant,value,unit,period,standard,class,limit",
    "noise": "point,level,period,day_or_night,time,unit,standard,class,limit",
}


def register(folder, name, *rows, read_as=READ_AS, heading=None):
    """A register of some rows."""
    path = folder / f"{name}.csv"
    path.write_text("\n".join([heading or HEADINGS[name], *rows]) + "\n", encoding="utf-8")
    return READERS[name](path, read_as)


def found(register):
    """The findings of a register: key, severity and row."""
    return [(item.says.key, item.severity, item.row) for item in register.findings]


@pytest.fixture(scope="module")
def example():
    """The registers of the constructed example."""
    return cl.open_book(PROJECT / "examples" / "environment").reporting_year()


# Sums, as the README of the example calculates them by hand.


def test_water_by_hand(example):
    """8,500 t at 1 t/m3 + 120 m3 are withdrawn, 6.9 ML discharged, and 1,720 m3 consumed."""
    own = example.environment
    assert [own.quantity(name).value for name in ("water_withdrawal", "water_discharge", "water_consumption")] == [
        8620.0,
        6900.0,
        1720.0,
    ]
    assert own.water.by_group("withdrawal")["surface"].value == 120.0
    (change,) = own.changes
    assert (change.previous.value, change.change.value) == (9200.0, -580.0)
    assert own.target_results[0].met is True


def test_waste_by_hand(example):
    """2.22 t hazardous and 76 t general are 28.4 t diverted and 49.82 t directed to disposal."""
    values = {name: example.environment.quantity(name).value for name in QUANTITIES if name.startswith("waste_")}
    assert values == pytest.approx(
        {"waste_hazardous": 2.22, "waste_general": 76, "waste_diverted": 28.4, "waste_directed": 49.82}
    )


def test_noise_by_hand(example):
    """The energy mean of 48.6, 50.4 and 47.9 dB(A) is 49.1, and the one level above 50 is named."""
    assert example.environment.noise.means["night"] == pytest.approx(10 * math.log10(243752.2 / 3), abs=1e-3)
    exceeding = [row.level_dba for row in example.environment.levels if row.verdict == "exceeds"]
    assert exceeding == [50.4]


def test_the_inventory_holds_without_them(tmp_path):
    """A row of waste that cannot be read ends the command with 1 and leaves the inventory complete."""
    book = shutil.copytree(PROJECT / "examples" / "environment", tmp_path / "book")
    with (book / "waste.csv").open("a", encoding="utf-8") as stream:
        stream.write("一般废物,废纸,,3,车,2024,再生利用,场外,,,\n")
    year = cl.open_book(book).reporting_year()
    assert year.completeness.complete
    assert (year.completeness.exit_code, year.completeness.to_dict()["environment_in_doubt"]) == (
        1,
        ["ENVIRONMENT_ROW"],
    )
    waste = year.environment.quantity("waste")
    assert (waste.value, waste.known_part) == (None, pytest.approx(78.22))
    assert year.totals()["total_location_based_tco2e"] == pytest.approx(501.864)
    assert run("report", book).returncode == 1


def test_every_output_has_them(example, tmp_path):
    """Text, JSON, page, document and workbook show the same exceedance in both languages."""
    book = PROJECT / "examples" / "environment"
    files = {kind: tmp_path / f"report.{kind}" for kind in ("html", "docx", "xlsx")}
    options = [item for kind, path in files.items() for item in (f"--{kind}", path)]
    for lang, title in (("en", "Water, waste, air and noise"), ("zh", "水、废弃物、大气与噪声")):
        result = run("report", book, "--lang", lang)
        assert title in result.stdout
    assert run("report", book, *options).returncode == 0
    assert "水、废弃物、大气与噪声" in files["html"].read_text(encoding="utf-8")
    assert all(path.stat().st_size for path in files.values())
    data = json.loads(json.dumps(example.to_dict("zh")))["environment"]
    assert [row["point"] for row in data["measurements"] if row["verdict"] == "exceeds"] == ["厂界下风向2#"]
    assert data["quantities"]["wastewater"]["value"] == 6900.0


def test_the_workbook_sums_live(example):
    """The sums and the energy mean of the workbook are formulas beside the library's figures."""
    from carbonledger.workbooks.audit_workbook import audit_workbook

    sheet = next(item for item in audit_workbook(example).sheets if item.key == "environment")
    formulas = [cell for row in sheet.rows for cell in row if cell is not None and cell.formula]
    assert {8620.0, 6900.0, 1720.0} <= {cell.value for cell in formulas}
    assert sum("LOG10" in cell.formula for cell in formulas) == 2


# Limits.


@pytest.mark.parametrize(("category", "day", "night"), [("1", 55, 45), ("2", 60, 50), ("3", 65, 55), ("4", 70, 55)])
def test_limits_of_noise(category, day, night):
    """GB 12348-2008, table 1; the pairs of classes 1 to 4 as two texts print them."""
    for part, value in (("day", day), ("night", night)):
        limits = {item.category: item.upper for item in known_limits("《…》（GB12348-2008）", "noise", part)}
        assert limits[category] == value


def test_every_limit_has_its_source():
    """A limit names clause, confidence and source; none is called the issuer's, because none was opened there."""
    from carbonledger.environment.limits import _limits

    assert all(item.clause and item.source and item.confidence in {"secondary", "unopened"} for item in _limits())


def test_unrounded_comparison(tmp_path):
    """GB/T 8170, full values: 50 keeps 50, and 50.04 does not, although it would be printed as 50."""
    rows = [f"P,{level},2024-03-01,night,,,GB 12348-2008,2," for level in ("50", "50.04")]
    assert [row.verdict for row in register(tmp_path, "noise", *rows).rows] == ["within", "exceeds"]


@given(st.decimals("0.001", "5", places=3), st.sampled_from(["mg/m3", "μg/m3", "g/m3"]))
def test_the_unit_does_not_decide(value, unit):
    """The same concentration in any unit has the same verdict."""
    (limit,) = known_limits("GB 16297-1996", "particulates")
    factor = {"mg/m3": 1, "μg/m3": 1000, "g/m3": Fraction(1, 1000)}[unit]
    verdict = compared(limit.in_unit(Fraction(value) * factor, unit), limit)
    assert verdict == ("within" if value <= 1 else "exceeds")


def test_reference_oxygen(tmp_path):
    """GB 13271-2014: 100 mg/m3 at 9 % oxygen are 100 x (21 - 3.5) / (21 - 9) = 145.83 at 3.5 %."""
    row = "B,NOx,100,mg/Nm3,2024-03-01,permit,,150,,9,3.5"
    (result,) = register(tmp_path, "air", row).rows
    assert (result.value, result.verdict) == (pytest.approx(145.8333, abs=1e-4), "within")


def test_below_detection_is_no_zero(tmp_path):
    """<0.05 and 0.05L keep their limit of detection; a limit below it cannot be judged."""
    rows = ["O,氨氮,<0.05,mg/L,2024-03-01,GB 8978-1996,二级,", "O,氨氮,0.05L,mg/L,2024-04-01,permit,,0.01"]
    results = register(tmp_path, "wastewater", *rows)
    assert [(row.value, row.detection, row.verdict) for row in results.rows] == [
        (None, 0.05, "within"),
        (None, 0.05, "not_compared"),
    ]
    assert found(results) == [("LIMIT_DETECTION", "warning", 3)]


# Bad input: each a finding at its row, and never a figure.


@pytest.mark.parametrize(
    ("name", "row", "key"),
    [
        ("water", "withdrawal,municipal,-5,m3,2024,,", "ENVIRONMENT_ROW.negative"),
        ("water", "withdrawal,municipal,5,kWh,2024,,", "ENVIRONMENT_ROW.no_volume"),
        ("water", "withdrawal,magic,5,m3,2024,,", "ENVIRONMENT_ROW.unknown_word"),
        ("water", "withdrawal,municipal,abc,m3,2024,,", "ENVIRONMENT_ROW.unreadable"),
        ("water", "withdrawal,municipal,,m3,2024,,", "ENVIRONMENT_ROW.empty"),
        ("water", "withdrawal,municipal,5,m3,2023-12-15,,", "ENVIRONMENT_PERIOD.outside"),
        ("waste", "general,paper,3,桶,2024,recycling,offsite,,", "ENVIRONMENT_ROW.no_weight"),
        ("waste", "general,paper,3,车,2024,recycling,offsite,,", "ENVIRONMENT_ROW.unknown_unit"),
        ("waste", "general,paper,3,t,2024,recycling 60 %; landfill 30 %,offsite,,", "ENVIRONMENT_ROW.shares"),
        ("waste", "hazardous,sludge,3,t,2024,landfill,offsite,,A Ltd", "WASTE_CERTIFICATE"),
        ("waste", "hazardous,sludge,3,t,2024,landfill,offsite,M-1,", "WASTE_CERTIFICATE.disposer"),
        ("air", "P,NOx,3,ppm,2024-03-01,,,,,,", "ENVIRONMENT_ROW.ppm"),
        ("air", "P,unobtainium,3,mg/m3,2024-03-01,,,,,,", "ENVIRONMENT_ROW.unknown_word"),
        ("air", "P,NOx,ND,mg/m3,2024-03-01,,,,,,", "ENVIRONMENT_ROW.no_detection_limit"),
        ("air", "P,NOx,3,mg/m3,2024-03-01,,,,,,", "LIMIT_UNKNOWN.not_stated"),
        ("air", "P,NOx,3,mg/m3,2024-03-01,GB 16297-1996,unorganised,,,,", "LIMIT_UNKNOWN"),
        ("air", "P,PM,3,mg/m3,2024-03-01,GB 16297-1996,,,,,", "LIMIT_UNKNOWN.no_class"),
        ("air", "P,PM,3,mg/m3,2024-03-01,GB 16297-1996,unorganised,,actual,,", "MEASURED_CONDITIONS.actual"),
        ("air", "P,NOx,3,mg/Nm3,2024-03-01,permit,,50,,,3.5", "ENVIRONMENT_ROW.oxygen"),
        ("noise", "P,54,2024,,,,GB 12348-2008,2,", "ENVIRONMENT_ROW.no_part"),
        ("noise", "P,54,2024,day,22:10,,GB 12348-2008,2,", "ENVIRONMENT_ROW.noise_part"),
        ("noise", "P,54,2024,,21:55-22:05,,GB 12348-2008,2,", "ENVIRONMENT_ROW.noise_both"),
        ("noise", "P,54,2024,day,,dB(C),GB 12348-2008,2,", "ENVIRONMENT_ROW.noise_unit"),
        ("noise", "P,54,2024,day,,,GB 12348-2008,2,65", "LIMIT_OF_ANOTHER_CLASS"),
        ("noise", "P,54,2024,day,,,GB 12348-2008,2,58", "LIMIT_OF_ANOTHER_CLASS.none"),
    ],
)
def test_bad_rows(tmp_path, name, row, key):
    """A row that cannot be read, or that contradicts itself, is named with its row and a way out, in both languages."""
    made = register(tmp_path, name, row)
    finding = next(item for item in made.findings if item.says.key == key)
    assert (finding.file, finding.row, finding.effect) == (f"{name}.csv", 2, "environment")
    assert finding.remedy_in("en")
    assert finding.remedy_in("zh")
    if key.startswith("ENVIRONMENT_"):
        assert made.rows == ()
    else:
        assert getattr(made.rows[0], "verdict", "not_compared") == "not_compared"


def test_water_in_tonnes_needs_a_density(tmp_path):
    """Tonnes of water are refused without the book's word for them, and by a density that water has not."""
    row = "withdrawal,municipal,5,t,2024,,"
    for density, key in ((None, "WATER_DENSITY"), (Fraction(1000), "WATER_DENSITY.implausible")):
        read_as = ReadAs(Period.of_year(2024), water_t_per_m3=density)
        made = register(tmp_path, "water", row, read_as=read_as)
        assert found(made) == [(key, "error", 2)]
        assert made.total("withdrawal").value is None


def test_a_row_over_the_turn_of_the_year(tmp_path):
    """A row that is in the year in part is not prorated but refused."""
    read_as = ReadAs(Period.of_year(2024, 4))
    made = register(tmp_path, "water", "withdrawal,municipal,5,m3,2024,,", read_as=read_as)
    assert found(made) == [("ENVIRONMENT_PERIOD.straddles", "error", 2)]


def test_the_same_water_twice(tmp_path):
    """A year and one of its months of the same source may be counted twice."""
    made = register(tmp_path, "water", "withdrawal,municipal,5,m3,2024,,", "withdrawal,municipal,1,m3,2024-03,,")
    assert found(made) == [("ENVIRONMENT_OVERLAP", "warning", 3)]


def test_a_total_row_is_not_counted(tmp_path):
    """A row of totals below its parts is set aside with a note, and the register stays whole."""
    made = register(tmp_path, "water", "withdrawal,municipal,5,m3,2024,,", "合计,,5,m3,,,")
    assert found(made) == [("ENVIRONMENT_TOTAL", "note", 3)]
    assert made.total("withdrawal").value == 5.0


def test_more_discharged_than_withdrawn(tmp_path):
    """A balance below zero is a doubt, and stays what it is."""
    made = register(tmp_path, "water", "withdrawal,municipal,5,m3,2024,,", "discharge,sewer,7,m3,2024,,")
    assert made.consumption.value == -2.0
    assert [item[0] for item in found(made)] == ["WATER_BALANCE"]


@pytest.mark.parametrize("name", list(READERS))
def test_an_empty_or_foreign_file(tmp_path, name):
    """A file without the columns, or that is none, is a finding; the register has no total and breaks nothing."""
    made = register(tmp_path, name, "1,2", heading="a,b")
    assert made.rows == ()
    assert made.is_part
    assert {item.effect for item in made.findings} == {"environment"}
    broken = READERS[name](tmp_path / "no.csv", READ_AS)
    assert broken.is_part


def test_monitoring_that_is_missing(example):
    """Each quarter without COD is named, and noise of March and September covers both half years."""
    gaps = [item.says for item in example.environment.findings if item.rule == "MONITORING_MISSING"]
    assert [dict(says.values)["missing"] for says in gaps] == [("2024-07-01..2024-09-30",)]


def test_monitoring_without_a_register(tmp_path):
    """A book that expects noise and names no register of it is told so, with each half of the year."""
    book = shutil.copytree(PROJECT / "examples" / "environment", tmp_path / "book")
    settings = book / "book.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('noise = "noise.csv"\n', ""), encoding="utf-8")
    gaps = [item.says for item in cl.open_book(book).reporting_year().findings if item.rule == "MONITORING_MISSING"]
    assert [len(dict(says.values)["missing"]) for says in gaps] == [2, 2, 1]


# Laws.

AMOUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=8)


@given(AMOUNTS, st.lists(st.sampled_from(["m3", "L", "ML"]), min_size=8, max_size=8))
def test_parts_are_the_total(tmp_path_factory, amounts, units):
    """Withdrawal by source sums to the total, whatever the unit of a row."""
    sources = ["municipal", "surface", "ground", "rain", "sea"]
    rows = [
        f"withdrawal,{sources[at % 5]},{amount},{units[at]},2024-01-{at + 1:02},," for at, amount in enumerate(amounts)
    ]
    made = register(tmp_path_factory.mktemp("water"), "water", *rows)
    parts = made.by_group("withdrawal").values()
    expected = math.fsum(amount * conversion_factor(unit, "m3") for amount, unit in zip(amounts, units, strict=False))
    assert made.total("withdrawal").value == pytest.approx(expected)
    assert math.fsum(item.number for item in parts) == pytest.approx(expected)


@given(AMOUNTS)
def test_waste_goes_one_way_or_the_other(tmp_path_factory, amounts):
    """Diverted and directed waste sum to the total, and so do hazardous and general waste."""
    routes = ["recycling", "landfill", "incineration", "reuse 25 %; landfill 75 %"]
    rows = [
        f"{('general', 'hazardous')[at % 2]},w{at},{amount},kg,2024,{routes[at % 4]},offsite,M{at},A Ltd"
        for at, amount in enumerate(amounts)
    ]
    made = register(tmp_path_factory.mktemp("waste"), "waste", *rows)
    total = made.total().value
    assert made.by_route(group="diverted").number + made.by_route(group="directed").number == pytest.approx(total)
    assert made.of_category("hazardous").number + made.of_category("general").number == pytest.approx(total)


@given(st.lists(st.floats(20, 130), min_size=1, max_size=20))
def test_the_energy_mean(levels):
    """The energy mean lies between the lowest and the highest level and is never below the arithmetic mean."""
    mean = energy_mean(levels)
    assert min(levels) - 1e-9 <= mean <= max(levels) + 1e-9
    assert mean >= math.fsum(levels) / len(levels) - 1e-9


@given(st.lists(st.floats(20, 130), min_size=1, max_size=10), st.floats(-10, 10))
def test_the_energy_mean_moves_with_the_levels(levels, shift):
    """All levels higher by some decibels have a mean higher by as many."""
    assert energy_mean([level + shift for level in levels]) == pytest.approx(energy_mean(levels) + shift)


# The first real case.


def test_techen_registers_agree_with_the_print():
    """Water, waste, particulates and noise of the report are rebuilt, each with its verdict, and keep their limits."""
    year = cl.open_book(PROJECT / "seeds" / "techen-2024").reporting_year()
    rebuilt = {
        item.figure.figure_id: item.verdict.outcome for item in year.rebuilt if item.figure.figure_id[:3] != "ghg"
    }
    names = [name for name in rebuilt if name.startswith(("water", "waste", "air", "noise"))]
    assert len(names) == 17
    assert {str(rebuilt[name]) for name in names} == {"agrees"}
    own = year.environment
    assert {row.verdict for row in (*own.measured, *own.levels)} == {"within"}
    assert own.quantity("water_consumption").value is None
    assert own.target_results[0].met is True
    # 10 lg((10^4.3 + 3 x 10^4.5) / 4), by hand.
    assert own.noise.means["night"] == pytest.approx(10 * math.log10((10**4.3 + 3 * 10**4.5) / 4))


def test_a_changed_register_no_longer_agrees(tmp_path):
    """Another weight in the register than was printed does not follow from it."""
    book = shutil.copytree(PROJECT / "seeds" / "techen-2024", tmp_path / "book")
    path = book / "waste.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("144.5", "145.4"), encoding="utf-8")
    outcomes = {
        item.figure.figure_id: str(item.verdict.outcome) for item in cl.open_book(book).reporting_year().rebuilt
    }
    assert outcomes["waste.general"] == outcomes["waste.total"] == "does not follow"
    assert outcomes["waste.hazardous"] == "agrees"


def test_datapoints_are_filled(example):
    """GRI 303-3, 303-5, 306-4, 305-7 and HKEX A1.3 carry the figures of the registers."""
    values = {
        ("gri-303", "303-3-a"): 8.62,
        ("gri-303", "303-5-a"): 1.72,
        ("gri-303", "303-3-b"): 8.62,
        ("gri-306", "306-4-a"): 28.4,
        ("gri-306", "306-5-b-ii"): 0.82,
        ("gri-305", "305-7-a-iv"): 86.4,
        ("hkex-c2", "A1.3"): 2.22,
        ("esrs-e3-4", "E3-4.28c"): 300.0,
    }
    for (framework, point), value in values.items():
        assert example.disclosure(framework)[point].value == pytest.approx(value), point
