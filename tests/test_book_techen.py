"""The first real case: the ESG report 2024 of Qingdao Techen."""

import json
import shutil
from decimal import Decimal

import pytest

import carbonledger as cl

# As printed in the report's energy table.
PRINTED = {
    ("electricity.grid", "techen"): "1468.22",
    ("electricity.grid", "aifu"): "14212.37",
    ("fuel.gasoline", "group"): "187.79",
    ("electricity.solar", "group"): "72.88",
}


@pytest.fixture(scope="module")
def report():
    """The report of the case."""
    from tests.support import PROJECT

    return cl.open_book(PROJECT / "seeds" / "techen-2024").report()


def test_entries_are_sound(report):
    """Nothing is wrong with the entries; the errors are about what was printed: the total, and the five clashes of the case's facts.

    The factor of the nation, two years old, is named beside them: the report chose it, and a province's own was published.
    That of gasoline is the nation's as well, and none is nearer.
    Of the savings it prints neither method nor convention nor baseline.
    Of the registers the report prints no transfer manifest, no route of general waste, and no conditions of the air sampled.
    """
    assert report.completeness.complete
    assert report.completeness.doubts == ()
    found = [(finding.rule, finding.severity) for finding in report.findings]
    errors = [rule for rule, severity in found if severity == "error"]
    assert errors == ["AVOIDED_NETTED", "CONVERSION", *["SHARE_OF_TOTAL"] * 3, "REPEATED_FIGURE"]
    others = [("FACTOR_YEAR", "note"), ("EDITIONS", "warning"), ("EDITIONS", "note")]
    registers = [("WASTE_CERTIFICATE", "warning"), ("WASTE_ROUTE", "note"), *[("MEASURED_CONDITIONS", "note")] * 4]
    savings = [*[("SAVING_METHOD", "note")] * 2, ("SAVING_COAL", "warning"), ("SAVING_BASELINE", "warning")]
    assert [item for item in found if item[1] != "error"] == [*others, *savings, *registers]


@pytest.mark.parametrize(("row", "printed"), PRINTED.items())
def test_energy_rows_agree_with_print(report, row, printed):
    """Each printed GJ is rebuilt from its amount."""
    found = report.printed_for(*row)
    assert found.figure.figure.text == printed
    assert found.verdict.outcome == "agrees"
    assert cl.round_figure(found.verdict.computed) == Decimal(printed)


def test_gross_inventory(report):
    """Scope 1 13.2655, scope 2 location-based 2484.0663, together 2497.3318 t CO2."""
    scopes = report.inventory.by("scope").set_index("scope")["emissions_tco2e"]
    assert cl.round_figure(scopes["scope 1"], "0.0001") == Decimal("13.2655")
    assert cl.round_figure(scopes["scope 2 (location-based)"], "0.0001") == Decimal("2484.0663")
    assert cl.round_figure(report.inventory.total_location_based().magnitude, "0.0001") == Decimal("2497.3318")


def test_register_is_beside_the_total(report):
    """Avoided emissions of the photovoltaics: 20.245 MWh x 0.8269 = 16.7406 t, in no total."""
    assert cl.round_figure(report.avoided.factor_t_per_mwh, "0.0001") == Decimal("0.8269")
    assert cl.round_figure(report.avoided.avoided_tco2, "0.0001") == Decimal("16.7406")
    data = report.to_dict()
    assert data["registers"]["avoided_emissions"]["part_of_a_total"] is False


def test_the_printed_total_does_not_follow(report):
    """2480.59 is not the gross inventory, nor near it."""
    verdict = report.printed_total.verdict
    assert verdict.outcome == "does not follow"
    assert float(verdict.distance) == pytest.approx(2497.3318 - 2480.595, abs=1e-3)


def test_the_reconstruction_is_calculated_and_not_called_an_identification(report):
    """Editions named in the data file give 2480.5912 by the engine; term by term it would print as 2480.60."""
    (result,) = [
        item for item in report.reconstructions if item.reconstruction.id == "pv-subtracted-at-combined-margin"
    ]
    assert result.total_text == "2480.5912"
    assert (str(result.prints_as), str(result.prints_as_termwise), result.agrees) == ("2480.59", "2480.60", True)
    assert result.terms[-1].tco2e < 0
    data = next(item for item in report.to_dict()["reconstructions"] if item["id"] == result.reconstruction.id)
    assert data["identification"] is False
    assert "not allow" in data["departs"]


def test_the_reconstruction_moves_with_its_editions(tmp_path, techen):
    """Another fuel table gives another total: the figure is calculated, not typed in."""
    folder = tmp_path / "case"
    shutil.copytree(techen, folder)
    path = folder / "reconstruction.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("cn-ndrc-fuels-a@2013", "cn-ndrc-fuels-b@2013"), encoding="utf-8"
    )
    result = cl.open_book(folder).report().reconstructions[0]
    assert not result.agrees
    assert float(result.total) == pytest.approx(2480.5912 - 4.36 * (3.042547 - 2.925056), abs=1e-3)


def test_the_year_before_is_implied(report):
    """2480.59 after a fall of 14.44 % implies 2023 within [2899.065, 2899.416]."""
    verdict = next(item for item in report.verdicts if item.relation.relation_id == "ghg.change")
    assert verdict.outcome == "implies"
    limits = (cl.round_figure(verdict.computed.low, "0.001"), cl.round_figure(verdict.computed.high, "0.001"))
    assert limits == (Decimal("2899.065"), Decimal("2899.416"))


@pytest.mark.parametrize(
    "relation", ["electricity.equipment", "waste.total", "water.target", "footprint.products", "solar.twice"]
)
def test_printed_figures_that_agree(report, relation):
    """Electricity of lighting etc., waste, water and products agree among themselves."""
    verdict = next(item for item in report.verdicts if item.relation.relation_id == relation)
    assert verdict.outcome == "agrees"


def test_a_false_sum_is_found(tmp_path, techen):
    """A relation that cannot hold is found, with its distance."""
    folder = tmp_path / "case"
    shutil.copytree(techen, folder)
    path = folder / "published.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("146.4,t", "146.7,t"), encoding="utf-8")
    verdicts = cl.open_book(folder).report().verdicts
    verdict = next(item for item in verdicts if item.relation.relation_id == "waste.total")
    assert verdict.outcome == "does not follow"
    assert verdict.distance == Decimal("0.15")


def test_report_is_plain_data(report):
    """The report is JSON, in both languages, and names every edition with its checksum."""
    for lang in ("en", "zh"):
        data = json.loads(json.dumps(report.to_dict(lang), ensure_ascii=False))
        assert data["complete"] is True
        assert {len(row["sha256"]) for row in data["editions"]} == {64}


def test_every_published_figure_has_a_place(report):
    """Each published figure names section and page title."""
    assert len(report.published) > 25
    assert all(figure.section and figure.page_title for figure in report.published.values())


# facts that the report contradicts itself in, and those that another rounding explains
CLASHES = {
    "training hours": ("9.36", "does not follow"),
    "categories": ("101.00 %", "does not follow"),
    "education": ("100.50 %", "does not follow"),
    "over 50": ("1.60%", "does not follow"),
    "men": ("72.20%", "agrees if rounded coarser"),
    "research staff": ("47.85%", "agrees if truncated"),
    "research staff by category": ("47.85%", "agrees if rounded coarser"),
}


@pytest.mark.parametrize(("printed", "holds"), CLASHES.values(), ids=CLASHES)
def test_clashes_of_the_report_are_found(report, printed, holds):
    """Figures that contradict each other are found; those that only another rounding explains are said to."""
    assert (printed, holds) in {(item.printed, item.outcome) for item in report.verdicts}


def test_nothing_else_is_accused(report):
    """All other relations agree or imply an unknown: clashes are no more than those known of the report."""
    accused = [item.relation.relation_id for item in report.verdicts if item.outcome == "does not follow"]
    assert len(accused) == 5, accused


def test_the_implied_factor_is_solved_for(report):
    """Gross less printed over 20.245 MWh is 0.8267 to 0.8272 t/MWh; the North China combined margin is the nearest published one."""
    netted = report.netted
    assert cl.round_figure(netted.implied.low, "0.0001") == Decimal("0.8267")
    assert cl.round_figure(netted.implied.high, "0.0001") == Decimal("0.8272")
    assert netted.near[0][0] == "cn-ncsc-baseline@2019 CN-BASELINE-NORTH combined margin"
    assert all(abs(value / netted.implied.middle - 1) <= Decimal("0.01") for _, value in netted.near)
