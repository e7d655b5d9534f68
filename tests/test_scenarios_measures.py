"""What a company plans: its effect stands beside the inventory, is calculated from the year's entries, and says what it lacks."""

import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError
from carbonledger.scenarios.measured_entries import Ground, entered
from carbonledger.scenarios.measures import Measure
from tests.support import PROJECT

TECHEN = PROJECT / "seeds" / "techen-2024"
ROOF = """
[[measure]]
name_zh = "屋顶光伏"
name_en = "Rooftop photovoltaics"
kind = "generation"
activity = "electricity.solar"
generates = "1.69 GWh"
self_use_share = 0.8
"""
RETROFIT = """
[[measure]]
name_en = "Compressor retrofit"
kind = "saving"
activity = "电力"
saves = "16 tce"
"""
PUMP = """
[[measure]]
name_zh = "空气源热泵"
kind = "shift"
activity = "fuel.natural_gas"
saves = "5 万Nm3"
adds = [{activity = "electricity.grid", amount = "120 MWh"}]
"""


def with_measures(folder, text, source=TECHEN):
    """A copy of a book with measures."""
    target = folder / "book"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    with (target / "book.toml").open("a", encoding="utf-8") as file:
        file.write(text)
    return target


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """Techen with its rooftop, its retrofit, and a heat pump for gas that its books do not show."""
    return cl.report(with_measures(tmp_path_factory.mktemp("techen"), "[scope_2]\n" + ROOF + RETROFIT + PUMP))


@pytest.fixture(scope="module")
def techen_year():
    """The seed case without measures."""
    return cl.report(TECHEN)


def test_the_rooftop(planned):
    """1.69 GWh with 80 % self-use: 1352 MWh less from the grid at 0.5703, no less energy, 338 MWh exported for nothing."""
    roof = planned.measures[0]
    assert roof.total("location_based") == pytest.approx(-1352 * 0.5703)
    assert roof.total("market_based") == pytest.approx(-1352 * 0.5703)
    assert roof.energy_gj == 0.0
    assert roof.energy_by_activity_gj == pytest.approx({"electricity.grid": -4867.2, "electricity.solar": 4867.2})
    assert roof.exported_mwh == pytest.approx(338)


def test_exports_reduce_nothing(tmp_path):
    """All of it exported, a roof changes no scope."""
    year = cl.report(with_measures(tmp_path, ROOF.replace("0.8", "0.0")))
    assert year.measures[0].total("location_based") == 0.0
    assert year.measures[0].exported_mwh == pytest.approx(1690)


def test_the_retrofit(planned):
    """16 tce at 29.3076 GJ are 130.256 MWh, of which each entry bears its share."""
    retrofit = planned.measures[1]
    assert retrofit.energy_gj == pytest.approx(-16 * 29.3076)
    assert retrofit.total("location_based") == pytest.approx(-16 * 29.3076 / 3.6 * 0.5703)
    assert retrofit.scope("scope 1") == 0.0


def test_a_measure_without_baseline_says_what_is_missing(planned):
    """Techen's books have no gas: no effect, no zero, and a warning that leaves the inventory complete."""
    pump = planned.measures[2]
    assert pump.effect is None
    assert [finding.says.key for finding in pump.missing] == ["MEASURE_BASELINE.no_entries"]
    data = pump.to_dict("zh")
    assert data["change_location_based_tco2e"] is None
    assert data["change_energy_gj"] is None
    assert pump.missing[0] in planned.findings
    assert planned.completeness.complete


def test_an_override_constructs_the_baseline(tmp_path):
    """With a reason the gas is taken as burnt: 5 x 10^4 Nm3 at 389.31 GJ less, 120 MWh more."""
    reason = 'override = "The boiler is in the landlord\'s books."\n'
    year = cl.report(with_measures(tmp_path, PUMP + reason))
    pump = year.measures[0]
    assert pump.constructed == 5.0
    assert pump.energy_gj == pytest.approx(120 * 3.6 - 5 * 389.31)
    gas = 5 * 389.31 * 15.3e-3 * 0.99 * 44 / 12
    assert pump.scope("scope 1") == pytest.approx(-gas, rel=1e-6)
    assert pump.scope("scope 2 (location-based)") == pytest.approx(120 * 0.5703)
    assert pump.to_dict()["override"] == ["The boiler is in the landlord's books."]
    assert year.totals() == cl.report(TECHEN).totals()


def test_more_than_there_is(tmp_path):
    """A saving above the book's amount is refused, of one company too; the part above it may be constructed."""
    text = RETROFIT.replace("16 tce", "500 MWh") + 'entity = "乾程科技"\n'
    year = cl.report(with_measures(tmp_path, text))
    (finding,) = year.measures[0].missing
    assert finding.says.key == "MEASURE_BASELINE.too_large"
    assert "407.839 MWh" in finding.text()
    text += 'override = "A line starts in autumn."\n'
    constructed = cl.report(with_measures(tmp_path, text)).measures[0]
    assert constructed.constructed == pytest.approx(500 - 407.83853)
    assert constructed.total("location_based") == pytest.approx(-500 * 0.5703)


def test_measures_together(planned, tmp_path):
    """Those with an effect together; two that take more than there is say so."""
    together = planned.measures_together
    assert [str(item.label) for item in together.measures] == ["Rooftop photovoltaics", "Compressor retrofit"]
    assert together.total("location_based") == pytest.approx(
        sum(item.total("location_based") for item in planned.measures[:2])
    )
    two = RETROFIT.replace("16 tce", "3 GWh")
    missing = cl.report(with_measures(tmp_path, two + two)).measures_together.missing
    assert [finding.says.key for finding in missing] == ["MEASURE_BASELINE.together"]


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ('kind = "saving"\nactivity = "汽油"\nsaves = "100 L"\n', "no_bridge"),
        ('kind = "saving"\nactivity = "电力"\nsaves = "1 MWh"\nentity = "nobody"\n', "no_entries"),
        (
            'kind = "shift"\nactivity = "汽油"\nsaves = "1 t"\nadds = [{activity = "heat.purchased", amount = "9 GJ"}]\n',
            "not_priced",
        ),
    ],
)
def test_what_else_is_missing(tmp_path, text, case):
    """No bridge between units, no such company, no factor for what is added: said, and no effect in its place."""
    year = cl.report(with_measures(tmp_path, f'[[measure]]\nname_en = "M"\n{text}'))
    assert [finding.says.key for finding in year.measures[0].missing] == [f"MEASURE_BASELINE.{case}"]
    assert year.measures[0].total("location_based") is None


def test_energy_alone(tmp_path):
    """A book that pins no emission factors has the energy of a measure, and states no emissions of it."""
    folder = with_measures(tmp_path, RETROFIT)
    settings = (folder / "book.toml").read_text(encoding="utf-8")
    pins = 'emissions = ["cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013"]'
    (folder / "book.toml").write_text(settings.replace(pins, "emissions = []"), encoding="utf-8")
    (retrofit,) = cl.report(folder).measures
    assert retrofit.energy_gj == pytest.approx(-16 * 29.3076)
    assert retrofit.total("location_based") is None
    assert retrofit.missing == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('kind = "saving"\nactivity = "电力"\n', "needs saves"),
        ('kind = "saving"\nactivity = "elektrik"\nsaves = "1 MWh"\n', "unknown activity"),
        ('kind = "saving"\nactivity = "电力"\nsaves = "1 t"\n', "cannot be measured in t"),
        ('kind = "saving"\nactivity = "电力"\nsaves = "16"\n', "no amount above 0 with its unit"),
        ('kind = "saving"\nactivity = "电力"\nsaves = "1,234 kWh"\n', "no amount above 0 with its unit"),
        ('kind = "saving"\nactivity = "电力"\nsaves = "0 kWh"\n', "no amount above 0 with its unit"),
        ('kind = "saving"\nactivity = "电力"\nsaves = "5 kWhh"\n', "kWhh"),
        ('kind = "saving"\nactivity = "电力"\nsaves = 16\n', "a text is expected"),
        ('kind = "saving"\nactivity = "电力"\nsaves = "1 MWh"\nself_use_share = 0.5\n', "has no self_use_share"),
        ('kind = "shift"\nactivity = "汽油"\nsaves = "1 t"\n', "needs adds"),
        ('kind = "generation"\nactivity = "光伏"\ngenerates = "1 GWh"\n', "needs self_use_share"),
        ('kind = "generation"\nactivity = "光伏"\ngenerates = "1 GWh"\nself_use_share = 1.2\n', "at most 1"),
        (
            'kind = "generation"\nactivity = "电力"\ngenerates = "1 GWh"\nself_use_share = 1\n',
            "no own renewable generation",
        ),
        ('kind = "thrift"\nactivity = "电力"\n', "saving"),
        ('kind = "saving"\nactivity = "电力"\nsaves = "1 MWh"\nsavs = "1"\n', "saves"),
    ],
)
def test_a_measure_that_cannot_be_read(tmp_path, text, words):
    """Every fault has its line and a remedy, in both languages."""
    with pytest.raises(BookError, match=words) as caught:
        cl.report(with_measures(tmp_path, f'[[measure]]\nname_zh = "甲"\n{text}'))
    assert "book.toml, line" in str(caught.value)
    assert "book.toml 第" in caught.value.text_in("zh")


@given(
    saved=st.floats(min_value=0.001, max_value=4355.0),
    share=st.floats(min_value=0.0, max_value=1.0),
)
def test_amounts_are_conserved(techen_year, saved, share):
    """A saving takes exactly its amount off the entries, a generation puts back what it takes; the entries given stay as they are."""
    year = techen_year
    frame = year.entries.frame
    kept = frame.copy(deep=True)
    ground = Ground(year.inventory, year.period, "CN-SD")
    saving = Measure(kind="saving", activity="electricity.grid", name_en="S", saves=f"{saved:.6f} MWh")
    after = entered(frame, frame, saving, ground).after
    assert _mwh(frame) - _mwh(after) == pytest.approx(float(f"{saved:.6f}"), rel=1e-6, abs=1e-9)
    roof = Measure(
        kind="generation", activity="electricity.solar", name_en="R", generates=f"{saved:.6f} MWh", self_use_share=share
    )
    used = entered(frame, frame, roof, ground).after
    energy = _mwh(used) + _mwh(used, "electricity.solar")
    assert energy == pytest.approx(_mwh(frame) + _mwh(frame, "electricity.solar"), rel=1e-9)
    assert _mwh(used, "electricity.exported") == pytest.approx(float(f"{saved:.6f}") * (1 - share), rel=1e-6, abs=1e-9)
    assert frame.equals(kept)


def _mwh(frame, activity="electricity.grid"):
    """The MWh of an activity."""
    rows = frame[frame["activity"] == activity]
    return sum(
        amount * cl.units.conversion_factor(unit, "MWh")
        for amount, unit in zip(rows["amount"], rows["unit"], strict=True)
    )


def test_a_measure_never_changes_the_inventory(planned, tmp_path):
    """Every figure of the report but its measures is that of the same book without them; so is a consolidated group's."""
    plain = cl.report(with_measures(tmp_path, "[scope_2]\n")).to_dict()
    data = planned.to_dict()
    assert data["measures"]
    assert data["measures_together"]
    moved = {"measures", "measures_together", "findings"}
    assert {key: value for key, value in data.items() if key not in moved} == {
        key: value for key, value in plain.items() if key not in moved
    }
    group = PROJECT / "examples" / "chinese-group"
    assert (
        cl.report(with_measures(tmp_path, ROOF.replace("1.69 GWh", "100 MWh"), group)).totals()
        == cl.report(group).totals()
    )


def test_a_group_saves_where_it_uses(tmp_path):
    """A saving without a place takes the same share of each plant; its market-based effect is at the residual mix."""
    group = PROJECT / "examples" / "chinese-group"
    (saving,) = cl.report(with_measures(tmp_path, RETROFIT.replace("16 tce", "75 MWh"), group)).measures
    assert saving.total("location_based") == pytest.approx(-75 * 790.27 / 1300, abs=1e-6)
    assert saving.total("market_based") == pytest.approx(-75 * 0.6096, abs=1e-6)


def shown(*arguments):
    """What a command prints."""
    return CliRunner().invoke(app, list(map(str, arguments))).stdout


def test_the_report_and_the_command(planned):
    """The section is headed not deducted, in both languages; a book without measures has no such section."""
    folder = planned.book.folder
    assert "Planned measures (not deducted)" in shown("report", folder)
    text = shown("what-if", folder, "--lang", "zh")
    for words in ("计划的措施（不作扣减）", "屋顶光伏", "-771.0456", "338.00", "账簿本年度没有", "账簿未作任何更改"):
        assert words in text
    data = json.loads(shown("what-if", folder, "--json"))
    assert [item["part_of_a_total"] for item in data["measures"]] == [False, False, False]
    assert data["complete"] is True
    assert "Planned measures" not in shown("report", TECHEN)
