"""Savings that were achieved stand beside the inventory, are adjusted to their driver, and never mix two conventions of standard coal."""

import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError
from carbonledger.core.periods import Period
from carbonledger.scenarios.saved import EnergyRate, SavingsRegister, saved_energy
from carbonledger.scenarios.savings import Saving
from tests.support import PROJECT

TECHEN = PROJECT / "seeds" / "techen-2024"
YEAR = Period.of_year(2024)
# GB/T 2589-2020: 0.1229 kgce/kWh as calorific equivalent.
EQUIVALENT = {
    "coal_convention": "calorific_equivalent",
    "coal_coefficient": "0.1229 kgce/kWh",
    "coal_source": "GB/T 2589",
}
# A constructed coal rate of a year's generation.
SUBSTITUTION = {"coal_convention": "substitution", "coal_coefficient": "0.302 kgce/kWh", "coal_source": "constructed"}
STATED = {"id": "a", "name_en": "A", "period": "2024", "source": "constructed"}
MEASURED = {**STATED, "activity": "electricity.grid", "before_period": "2023", "normalised_by": "none"}
OUTPUT = {"normalised_by": "output", "driver": "meters made"}
AMOUNTS = st.floats(min_value=0.001, max_value=1e6)


def written(amount):
    """An amount as a text that is no other one: 1.224 may be 1224."""
    text = repr(amount)
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def rate(activity, unit):
    """Constructed factors: 0.5 t CO2e a MWh of electricity, in kWh."""
    return EnergyRate(tco2e=0.0005) if (activity, unit) == ("electricity.grid", "kWh") else EnergyRate()


def found(**fields):
    """What a saving comes to under the constructed factors."""
    return saved_energy(Saving(**{**STATED, **fields}), rate, YEAR)


def rules_of(item):
    """The rules of its findings."""
    return [finding.says.key for finding in item.findings]


def with_savings(folder, text, source=TECHEN):
    """A copy of a book with more savings."""
    target = folder / "book"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    with (target / "book.toml").open("a", encoding="utf-8") as file:
        file.write(text)
    return target


@pytest.fixture(scope="module")
def techen():
    """The seed case with the three savings that its report states."""
    return cl.report(TECHEN)


def test_the_three_statements_of_the_report(techen):
    """181.8 - 166.7 = 15.1 x 10^4 kWh as printed, at 0.5703 t CO2/MWh; 16 tce of no convention and 55 % of nothing are no energy."""
    equipment, platform, pump = techen.savings.items
    assert equipment.saving.saved == (15.1, "10^4 kWh")
    assert (equipment.kwh, equipment.gj) == (151000.0, pytest.approx(543.6))
    assert equipment.tco2e == pytest.approx(151 * 0.5703)
    assert equipment.percent == pytest.approx(15.1 / 181.8 * 100)
    assert (platform.gj, platform.tce, platform.tco2e) == (None, None, None)
    assert (pump.gj, pump.percent) == (None, 55.0)
    assert rules_of(platform) == ["SAVING_COAL.no_convention"]
    assert rules_of(pump) == ["SAVING_BASELINE"]
    assert techen.savings.total("gj") is None
    assert techen.savings.known_part("gj") == pytest.approx(543.6)


def test_both_readings_of_16_tce_are_named(techen):
    """16 tce are 130,187 kWh at 0.1229 kgce/kWh (GB/T 2589-2020), and about 53,333 kWh at about 0.30."""
    text = techen.savings.items[1].findings[0].text("en")
    assert "130,187 kWh" in text
    assert "53,333 kWh" in text
    assert "cn-gbt-2589@2020" in text
    assert "当量值" in techen.savings.items[1].findings[0].text("zh")


def test_savings_are_in_no_total(techen, tmp_path):
    """A book without its savings has the same totals."""
    target = with_savings(tmp_path, "")
    path = target / "book.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[[saving]]")], encoding="utf-8")
    bare = cl.report(target)
    assert bare.savings is None
    assert bare.totals() == techen.totals()
    assert bare.completeness == techen.completeness


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_equal_drivers_adjust_nothing(before, after, driver):
    """With the same output in both periods, the normalised saving is the plain one."""
    fields = {**MEASURED, "before": f"{written(before)} kWh", "after": f"{written(after)} kWh"}
    plain = Saving(**fields).saved
    assert Saving(**{**fields, **OUTPUT, "driver_before": driver, "driver_after": driver}).saved == plain


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_saving_has_the_sign_of_adjusted_less_after(before, after, first, last):
    """Below the adjusted baseline is a saving, above it is none, and a finding says so."""
    drivers = {**OUTPUT, "driver_before": first, "driver_after": last}
    item = found(**{**MEASURED, "before": f"{written(before)} kWh", "after": f"{written(after)} kWh", **drivers})
    adjusted = before * last / first
    assert item.saving.adjusted_baseline[0] == pytest.approx(adjusted)
    assert item.saving.saved[0] == pytest.approx(adjusted - after, abs=1e-9 * max(adjusted, after))
    assert ("SAVING_NEGATIVE" in rules_of(item)) == (item.gj < 0)


def test_output_and_a_base_load():
    """100 MWh for 1000 pieces are 120 MWh for 1200; 110 MWh if half of it does not follow the output."""
    fields = {
        **MEASURED,
        "before": "100 MWh",
        "after": "96 MWh",
        **OUTPUT,
        "driver_before": 1000.0,
        "driver_after": 1200.0,
    }
    assert Saving(**fields).saved == (24.0, "MWh")
    assert Saving(**fields, driver_share=0.5).saved == (14.0, "MWh")


@given(AMOUNTS)
def test_the_unit_does_not_matter(kwh):
    """The same saving in kWh, MWh and GJ is the same energy."""
    energies = [
        found(
            **{**MEASURED, "before": f"{written(kwh * 2 * size)} {unit}", "after": f"{written(kwh * size)} {unit}"}
        ).gj
        for unit, size in (("kWh", 1), ("MWh", 1e-3), ("GJ", 0.0036))
    ]
    assert energies == pytest.approx([kwh * 0.0036] * 3)


def test_standard_coal_by_each_convention():
    """16 tce of electricity: 130.187 MWh at 0.1229, 52.980 MWh at a stated 0.302; each named by its convention."""
    heat = found(stated="16 tce", activity="electricity.grid", **EQUIVALENT)
    generation = found(stated="16 tce", activity="electricity.grid", **SUBSTITUTION)
    assert heat.kwh == pytest.approx(16000 / 0.1229)
    assert generation.kwh == pytest.approx(16000 / 0.302)
    assert heat.to_dict()["saved_tce_calorific_equivalent"] == 16.0
    assert heat.to_dict()["saved_tce_substitution"] is None
    assert generation.to_dict()["saved_tce_substitution"] == 16.0
    assert generation.tco2e == pytest.approx(16000 / 0.302 * 0.0005)


def test_calorific_equivalent_of_no_carrier_is_heat():
    """16 tce in calorific equivalent, of no stated carrier, are 16 x 29.3076 GJ, and have no emissions."""
    item = found(stated="16 tce", coal_convention="calorific_equivalent")
    assert item.gj == pytest.approx(468.9216)
    assert rules_of(item) == ["SAVING_FACTOR.no_activity"]


def test_two_conventions_are_never_added():
    """Energy is added, standard coal of two conventions is refused with an error."""
    items = [
        found(id=name, stated="16 tce", activity="electricity.grid", **convention)
        for name, convention in (("a", EQUIVALENT), ("b", SUBSTITUTION))
    ]
    register = SavingsRegister(tuple(items))
    assert register.total("tce") is None
    assert register.known_part("tce") is None
    assert register.total("gj") == pytest.approx(items[0].gj + items[1].gj)
    assert [(item.says.key, item.severity) for item in register.findings] == [("SAVING_COAL.mixed", "error")]
    assert SavingsRegister(tuple(items[:1])).total("tce") == 16.0


def test_what_is_in_another_saving_or_another_year_is_not_added():
    """A part of another saving, and a saving of 2022, stand in the list and in no sum."""
    whole = found(stated="10 MWh")
    part = found(id="b", stated="4 MWh", part_of="a")
    old = found(id="c", stated="8 MWh", period="2022")
    assert SavingsRegister((whole, part, old)).total("gj") == pytest.approx(36.0)
    assert "SAVING_PERIODS.other_year" in rules_of(old)


def test_periods_of_two_lengths_are_not_compared():
    """A year against a month is no saving; a year against a leap year is."""
    assert found(**{**MEASURED, "before": "10 MWh", "after": "1 MWh", "period": "2024-03"}).gj is None
    assert found(**{**MEASURED, "before": "10 MWh", "after": "9 MWh"}).gj == pytest.approx(3.6)


def test_a_year_alone_is_the_reporting_year():
    """2024 of a company whose year begins in April is April 2024 to March 2025."""
    item = saved_energy(Saving(**STATED, stated="1 MWh"), rate, Period.of_year(2024, 4), 4)
    assert item.in_year


def test_a_percentage_of_a_stated_baseline():
    """55 % of 100 MWh are 55 MWh."""
    item = found(stated="55 %", baseline="100 MWh", activity="electricity.grid")
    assert (item.kwh, item.percent) == (pytest.approx(55000.0), pytest.approx(55.0))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "as before and after, or as stated"),
        ({"stated": "16"}, "no amount above 0"),
        ({"stated": "-16 tce"}, "no amount above 0"),
        ({"stated": "nan tce"}, "no amount above 0"),
        ({"stated": "155 %"}, "more than all"),
        ({"stated": "5 t"}, "no activity says how much energy"),
        ({"stated": "16 tce", "baseline": "3 tce"}, "no baseline"),
        ({"stated": "16 tce", "driver_share": 0.5}, "no driver_share"),
        ({"before": "10 MWh"}, "needs after"),
        ({**MEASURED, "before": "10 MWh", "after": "9 t"}, "not convertible"),
        ({**MEASURED, "before": "10 t", "after": "9 t"}, "cannot be measured in t"),
        ({**MEASURED, "before": "10 MWh", "after": "9 MWh", "normalised_by": "output"}, "needs driver"),
        ({**MEASURED, "before": "10 MWh", "after": "9 MWh", "driver_before": 2.0}, "no driver_before"),
        ({**MEASURED, "before": "10 MWh", "after": "9 MWh", "before_period": "spring"}, "not a year"),
        ({"stated": "16 tce", "coal_convention": "substitution"}, "substitution value needs"),
        ({"stated": "16 tce", "activity": "fuel.diesel", **SUBSTITUTION}, "substitution value needs"),
        ({"stated": "16 tce", **EQUIVALENT, "coal_coefficient": "0.30 kgce/kWh"}, "not the coefficient of"),
        (
            {"stated": "16 tce", "activity": "electricity.grid", **SUBSTITUTION, "coal_coefficient": "0.1229 kgce/kWh"},
            "not the coef",
        ),
        ({"stated": "16 tce", **EQUIVALENT, "coal_source": ""}, "needs coal_source"),
        ({"stated": "16 tce", **EQUIVALENT, "coal_coefficient": "0.1229 kg"}, "no standard coal of a kWh"),
        ({"stated": "16 tce", "part_of": "other"}, "no other saving"),
        ({"stated": "16 tce", "target": "2030"}, "has no target"),
        ({"stated": "16 tce", "id": "platform"}, "listed twice"),
    ],
)
def test_what_is_no_saving_is_refused(tmp_path, fields, words):
    """A saving that cannot be meant is refused with its line and the way out, in the words of the catalogue."""
    stated = {**STATED, **fields}
    lines = [f"{name} = {json.dumps(value)}" for name, value in stated.items()]
    with pytest.raises(BookError, match=words):
        cl.open_book(with_savings(tmp_path, "\n[[saving]]\n" + "\n".join(lines) + "\n"))


def test_a_pinned_edition_gives_the_coefficient(tmp_path):
    """With GB/T 2589 pinned, kWh get their standard coal at 0.1229, and tce of electricity their kWh."""
    target = with_savings(tmp_path, "")
    path = target / "book.toml"
    text = path.read_text(encoding="utf-8").replace("energy = [", 'standard_coal = ["cn-gbt-2589@2020"]\nenergy = [')
    text = text.replace(
        'stated = "16 吨标准煤"', 'stated = "16 吨标准煤"\nactivity = "电力"\ncoal_convention = "calorific_equivalent"'
    )
    path.write_text(text, encoding="utf-8")
    equipment, platform, _ = cl.report(target).savings.items
    assert equipment.tce == pytest.approx(151 * 0.1229)
    assert platform.kwh == pytest.approx(16000 / 0.1229)
    assert platform.tco2e == pytest.approx(16 / 0.1229 * 0.5703)


def test_fuel_in_its_own_unit(tmp_path):
    """1 t of gasoline saved is 43.07 GJ by the yearbook that the book pins."""
    fuel = """
[[saving]]
id = "cars"
name_en = "Fewer cars"
activity = "fuel.gasoline"
before = "5 t"
before_period = "2023"
after = "4 t"
period = "2024"
normalised_by = "none"
ipmvp = "C"
source = "constructed"
target = "peak-2030"
"""
    year = cl.report(with_savings(tmp_path, fuel))
    item = year.savings.items[-1]
    assert item.gj == pytest.approx(43.07)
    entries = year.inventory.by("activity").set_index("activity")["emissions_tco2e"]
    assert item.tco2e == pytest.approx(entries["fuel.gasoline"] / 4.36)
    result = CliRunner().invoke(app, ["report", str(year.book.folder)])
    shown = " ".join(result.output.split())
    assert "Carbon peak by" in shown
    assert "IPMVP" in shown


def test_datapoints_are_filled_from_savings(techen, tmp_path):
    """GRI 302-4, 103-5 and 305-5 have what is known as a part; the whole once every saving can be told."""
    part = techen.disclosure("gri-302-4")["302-4-a"]
    assert (part.status, part.known_part) == ("data_missing", pytest.approx(543.6))
    target = with_savings(tmp_path, "")
    path = target / "book.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("[[saving]]                             # 16")], encoding="utf-8")
    year = cl.report(target)
    assert year.disclosure("gri-302-4")["302-4-a"].value == pytest.approx(543.6)
    assert year.disclosure("gri-103")["103-5"].value == pytest.approx(543.6)
    assert year.disclosure("gri-305-5")["305-5-a"].value == pytest.approx(151 * 0.5703)
    assert year.disclosure("gri-305-5")["305-5-d"].value.text("zh") == "范围二"


@pytest.mark.parametrize(("lang", "title"), [("en", "Savings achieved"), ("zh", "已实现的节能量")])
def test_the_report_lists_them(lang, title):
    """Text and page show the register in both languages."""
    result = CliRunner().invoke(app, ["report", str(TECHEN), "--lang", lang])
    assert title in result.output
    assert "86.1153" in result.output


def test_json_says_that_they_are_in_no_total():
    """The data of the report have each saving with null where it cannot be told."""
    data = json.loads(CliRunner().invoke(app, ["report", str(TECHEN), "--json"]).stdout)["savings_achieved"]
    assert data["part_of_a_total"] is False
    assert [item["saved_gj"] for item in data["savings"]] == [pytest.approx(543.6), None, None]
    assert data["total_saved_gj"] is None
