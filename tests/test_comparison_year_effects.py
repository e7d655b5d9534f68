"""Why emissions changed between two years of books: the worked example as a book, boundary, method, driver, zeros, and what is refused."""

import json
import math

import pytest

import carbonledger as cl
from carbonledger.core.errors import EntriesError
from carbonledger.reporting.decompose_text import moved_sources
from tests.support import PROJECT, run

# Standards, section 8.3, as two books: 1,000 and 900 MWh of grid power at 0.5366 and 0.5306 t/MWh, gas at 0.0561 t/GJ; 2025 is constructed.
GRID = {2023: ("1000", "0.5366"), 2024: ("900", "0.5306"), 2025: ("800", "0.5")}
GAS = {2023: "2000", 2024: "2200", 2025: "2100"}
OUTPUT = {2023: 1000, 2024: 1120, 2025: 1100}
WORKED = {
    "method": 0.0,
    "boundary": 0.0,
    "activity": 70.7417075366129,
    "intensity": -11.247459926534118,
    "companies": 0.0,
    "carriers": -101.63895253072444,
    "other_amounts": 0.0,
    "factor": -5.695295079354376,
}


def book(folder, year, rows, *, tables="", company="", gwp="ipcc-ar5@2013", emissions=(), own=()):
    """A book of one year with rows of entity, activity, amount and unit, and factors of its own."""
    folder.mkdir(parents=True)
    factors = "".join(
        f'[[factors.own]]\nactivity = "{name}"\nvalue = "{value}"\nsource = "constructed"\n' for name, value in own
    )
    pins = ", ".join(f'"{name}"' for name in emissions)
    (folder / "book.toml").write_text(
        f'[company]\nname_en = "Constructed"\nreporting_year = {year}\nregion = "CN"\n{company}\n'
        f'[factors]\ngwp = "{gwp}"\nemissions = [{pins}]\n{factors}\n{tables}\n'
        '[files]\nentries = ["entries.csv"]\nallow_outside = [".."]\n',
        encoding="utf-8",
    )
    lines = [f"{','.join(map(str, row))},{year}-01-01,{year}-12-31,CN\n" for row in rows]
    text = "entity,activity,amount,unit,start,end,region\n" + "".join(lines)
    (folder / "entries.csv").write_text(text, encoding="utf-8")
    return folder


def driver(name, amount, unit="t"):
    """A driver of a book."""
    return f'[[driver]]\nname_en = "{name}"\nname_zh = "产量"\namount = {amount}\nunit = "{unit}"\n'


def worked(folder, year, rows=(), **options):
    """A year of the worked example as a book."""
    grid, factor = GRID[year]
    solar = [("A", "electricity.solar", 200, "MWh")] if year > 2023 else []
    own = [("electricity.grid", f"{factor} t CO2/MWh"), ("fuel.natural_gas", "0.0561 t CO2/GJ")]
    lines = [("A", "electricity.grid", grid, "MWh"), ("A", "fuel.natural_gas", GAS[year], "GJ"), *solar, *rows]
    options = {"own": own, "tables": driver("Output", OUTPUT[year]), **options}
    return book(folder, year, lines, **options)


def years(*folders):
    """The reporting years of some books."""
    return [cl.open_book(folder).reporting_year() for folder in folders]


@pytest.fixture
def pair(tmp_path):
    """The two years of the worked example."""
    return worked(tmp_path / "a", 2023), worked(tmp_path / "b", 2024)


def test_the_worked_example_as_books(pair):
    """Two books give the effects of the standard's worked example, named in either language; without a driver, two of them as one."""
    before, after = years(*pair)
    found = after.effects_since(before, "output")
    assert (found.before, found.after) == pytest.approx((648.8, 600.96))
    assert dict(found.effects) == pytest.approx(WORKED, abs=1e-9)
    assert found.residual == 0.0
    assert after.effects_since(before, "产量").effects == found.effects
    alone = after.effects_since(before)
    assert alone.effects["energy_use"] == pytest.approx(WORKED["activity"] + WORKED["intensity"])
    assert alone.effects["carriers"] == pytest.approx(WORKED["carriers"])
    assert [item.says.key for item in alone.findings] == ["DECOMPOSITION.no_driver"]


@pytest.mark.parametrize("method", ["lmdi-i", "lmdi-ii"])
def test_sources_sum_to_effects(pair, method):
    """What each effect made of each source sums to the effect, over sources, and to the source's change, over effects."""
    before, after = years(*pair)
    found = after.effects_since(before, "Output", method)
    for name, value in found.effects.items():
        assert math.fsum(item.effects[name] for item in found.sources) == pytest.approx(value, abs=1e-9)
    assert math.fsum(found.effects.values()) == pytest.approx(found.change, abs=1e-9 * 650)
    if method == "lmdi-i":
        for item in found.sources:
            assert math.fsum(item.effects.values()) == pytest.approx(item.after - item.before, abs=1e-9 * 650)


def test_a_year_that_repeats_itself(tmp_path):
    """The same entries under the same factors: every effect is exactly 0."""
    rows = [("A", "refrigerant.hfc_134a", 3, "kg")]
    first = worked(tmp_path / "a", 2023, rows, emissions=[])
    own = [("electricity.grid", f"{GRID[2023][1]} t CO2/MWh"), ("fuel.natural_gas", "0.0561 t CO2/GJ")]
    lines = [("A", "electricity.grid", 1000, "MWh"), ("A", "fuel.natural_gas", 2000, "GJ"), *rows]
    second = book(tmp_path / "b", 2025, lines, own=own, tables=driver("Output", 1000))
    before, after = years(first, second)
    assert set(after.effects_since(before, "Output").effects.values()) == {0.0}


def test_companies_that_came_and_went(tmp_path, pair):
    """A company that only one year has is boundary, in full; the others keep their effects as if it were not there."""
    more = worked(tmp_path / "c", 2024, [("B", "electricity.grid", 100, "MWh")])
    before, after = years(pair[0], more)
    found = after.effects_since(before, "Output")
    assert found.came == ("B",)
    assert dict(found.effects) == pytest.approx(WORKED | {"boundary": 53.06}, abs=1e-9)
    assert "DECOMPOSITION.driver_boundary" in [item.says.key for item in found.findings]
    less = worked(tmp_path / "d", 2023, [("C", "electricity.grid", 10, "MWh")])
    before, after = years(less, pair[1])
    gone = after.effects_since(before, "Output")
    assert gone.went == ("C",)
    assert dict(gone.effects) == pytest.approx(WORKED | {"boundary": -5.366}, abs=1e-9)


def test_a_share_that_changed(tmp_path):
    """A company whose share rose and nothing else: all of its change is boundary."""

    def held(name, year, percent):
        tables = "".join(
            f'[[holding]]\nentity = "{entity}"\nownership_percent = {share}\n'
            for entity, share in (("A", 100), ("B", percent))
        )
        rows = [("A", "electricity.grid", 500, "MWh"), ("B", "electricity.grid", 300, "MWh")]
        tables = f'[boundary]\napproach = "equity_share"\n{tables}'
        return book(tmp_path / name, year, rows, tables=tables, own=[("electricity.grid", "0.5 t CO2/MWh")])

    before, after = years(held("a", 2023, 60), held("b", 2024, 90))
    found = after.effects_since(before)
    assert found.change == pytest.approx(45.0)
    assert found.effects["boundary"] == pytest.approx(45.0)
    assert found.shared == ("B",)


def test_another_gwp_set_is_method(tmp_path):
    """The same refrigerant under another GWP set is the method; its amount and factor have not changed."""
    rows = [("A", "refrigerant.hfc_134a", 100, "kg")]
    before, after = years(book(tmp_path / "a", 2023, rows), book(tmp_path / "b", 2024, rows, gwp="ipcc-ar6@2021"))
    found = after.effects_since(before)
    # IPCC AR5, table 8.A.1: GWP 100 of HFC-134a 1,300; AR6, table 7.SM.7: 1,530.
    assert (found.before, found.after) == pytest.approx((130.0, 153.0))
    assert found.effects["method"] == pytest.approx(23.0)
    assert {value for name, value in found.effects.items() if name != "method"} == {0.0}
    assert "ipcc-ar6@2021" in found.method_changes[0].text("zh")


def test_another_series_is_method_and_a_newer_edition_is_not(tmp_path):
    """A newer edition of the same series moves the factor effect; another series for the same year moves the method."""
    rows = [("A", "electricity.grid", 1000, "MWh")]
    old = book(tmp_path / "a", 2022, rows, emissions=["cn-mee-nbs-grid@2022"])
    new = book(tmp_path / "b", 2023, rows, emissions=["cn-mee-nbs-grid@2023"])
    before, after = years(old, new)
    vintage = after.effects_since(before)
    assert not vintage.method_changes
    assert vintage.effects["factor"] == pytest.approx(vintage.change)
    other = book(tmp_path / "c", 2022, rows, emissions=["cn-mee-grid-enterprise@2022"])
    before, after = years(other, new)
    found = after.effects_since(before)
    assert found.effects["method"] == pytest.approx(vintage.before - found.before)
    assert found.effects["factor"] == pytest.approx(vintage.effects["factor"])
    assert found.effects["energy_use"] == 0.0


def test_sources_without_energy(tmp_path):
    """Refrigerants change by their amount, in whichever unit it is written; the driver leaves them alone."""
    before, after = years(
        worked(tmp_path / "a", 2023, [("A", "refrigerant.hfc_134a", 100, "kg")]),
        worked(tmp_path / "b", 2024, [("A", "refrigerant.hfc_134a", 0.15, "t")]),
    )
    found = after.effects_since(before, "Output")
    assert dict(found.effects) == pytest.approx(WORKED | {"other_amounts": 65.0}, abs=1e-9)


def test_three_years(tmp_path, pair):
    """Chained over three years, the steps sum to the change from the first to the last."""
    last = worked(tmp_path / "c", 2025)
    done = run("decompose", *pair, last, "--driver", "Output", "--json")
    data = json.loads(done.stdout)
    assert done.returncode == data["exit_code"]
    assert [step["year"] for step in data["steps"]] == [2024, 2025]
    change = data["steps"][1]["after_tco2e"] - data["steps"][0]["before_tco2e"]
    assert math.fsum(data["sum"].values()) == pytest.approx(change)
    text = run("decompose", *pair, last, "--lang", "zh").stdout
    assert "各期合计" in text
    assert "2024 → 2025" in text


def test_refused(tmp_path, pair):
    """Years in the wrong order, an unknown driver, a driver in another unit, and a year that leaves entries out."""
    before, after = years(*pair)
    for arguments, rule in ((("",), "order"), (("Heads",), "driver")):
        with pytest.raises(EntriesError) as error:
            before.effects_since(after, *arguments) if rule == "order" else after.effects_since(before, *arguments)
        assert error.value.findings[0].says.key == f"DECOMPOSITION.{rule}"
    (other,) = years(worked(tmp_path / "c", 2024, tables=driver("Output", 1.12, "kt")))
    with pytest.raises(EntriesError) as error:
        other.effects_since(before, "Output")
    assert error.value.findings[0].says.key == "DECOMPOSITION.driver_unit"
    (part,) = years(worked(tmp_path / "d", 2024, [("A", "fuel.diesel", 5, "t")]))
    found = part.effects_since(before)
    assert not found.possible
    assert found.exit_code == 1
    assert found.to_dict("zh")["effects"] == []
    (negative,) = years(worked(tmp_path / "e", 2024, [("A", "refrigerant.hfc_134a", -5, "kg")]))
    refused = negative.effects_since(before)
    assert not refused.possible


def test_the_command(pair):
    """The command prints the effects in both languages, and ends with 2 where the years are not in order."""
    done = run("decompose", *pair, "--driver", "Output")
    assert "-101.64" in done.stdout
    assert "+70.74" in done.stdout
    assert "-101.64" in run("decompose", *pair, "--driver", "产量", "--lang", "zh").stdout
    assert run("decompose", *reversed(pair)).returncode == 2
    assert run("decompose", pair[0]).returncode == 2
    refused = json.loads(run("decompose", *pair, "--driver", "x", "--json").stdout)
    assert refused[0]["rule"] == "DECOMPOSITION"


def test_the_report_of_a_book_that_compares(tmp_path):
    """A book with a year to compare with says why emissions changed: on its page, with a picture, as a sheet and as plain data."""
    worked(tmp_path / "a", 2023)
    company = 'compare_year = 2023\ncompare_book = "../a"\ncompare_driver = "Output"'
    (year,) = years(worked(tmp_path / "b", 2024, company=company))
    found = year.change_effects
    assert dict(found.effects) == pytest.approx(WORKED, abs=1e-9)
    data = year.to_dict("zh")["change_effects"]
    assert data["effects"][-1]["label"] == "排放因子"
    page = year.to_html()
    assert page.count('id="effects') + page.count("Why emissions changed") >= 2
    assert "-101.64" in page
    assert "结构：能源品种" in page
    drawn = json.dumps(year.plot.change_effects("zh").to_dict(), ensure_ascii=False)
    assert "-101.64" in drawn
    from carbonledger.workbooks.audit_workbook import audit_workbook

    sheets = {sheet.key: sheet for sheet in audit_workbook(year, "en").sheets}
    cells = [cell.value for row in sheets["effects"].rows for cell in row if cell]
    assert pytest.approx(WORKED["carriers"]) in cells
    assert len(moved_sources(found)) == 2
    assert "Activity" in found.to_html()
    assert "carriers -101.64" in repr(found)


def test_a_driver_that_is_not_there_is_said_on_the_page(tmp_path):
    """A misspelt driver, or a driver without a year to compare with, is said and not passed over."""
    worked(tmp_path / "a", 2023)
    company = 'compare_year = 2023\ncompare_book = "../a"\ncompare_driver = "Outptu"'
    (year,) = years(worked(tmp_path / "b", 2024, company=company))
    assert not year.change_effects.possible
    assert "is no driver of 2023" in year.to_html()
    alone = worked(tmp_path / "c", 2024, company='compare_driver = "Output"')
    with pytest.raises(cl.errors.BookError, match="compare_year is missing"):
        cl.open_book(alone)


def test_a_book_that_compares_with_nothing():
    """Without a year to compare with there is no decomposition, and nothing is drawn."""
    year = cl.report(PROJECT / "seeds" / "techen-2024")
    assert year.change_effects is None
    assert year.to_dict()["change_effects"] is None
    assert year.plot.change_effects() is None


def test_a_series_that_the_earlier_year_cannot_have(tmp_path):
    """Where the later series has no figure for the earlier year, a warning says that its method stands under emission factors."""
    rows = [("A", "electricity.grid", 1000, "MWh")]
    old = book(tmp_path / "a", 2022, rows, emissions=["cn-mee-grid-enterprise@2022"])
    own = [("electricity.grid", '0.5 t CO2/MWh"\nyear = 2024\nregion = "CN')]
    before, after = years(old, book(tmp_path / "b", 2024, rows, own=own))
    found = after.effects_since(before)
    assert found.effects["method"] == 0.0
    assert found.effects["factor"] == pytest.approx(found.change)
    assert "DECOMPOSITION.kept" in [item.says.key for item in found.findings]
