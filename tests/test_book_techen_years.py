"""The three books of examples/techen-years give what their README says, in both languages, and say what is constructed."""

import csv
import re

import pytest

import carbonledger as cl
from tests.support import PROJECT, run

FOLDER = PROJECT / "examples" / "techen-years"
YEARS = (2023, 2024, 2025)
READMES = [FOLDER / "README.md", FOLDER / "README.zh.md"]
# The printed total and its printed fall, as half a unit of their last places allow: what the year before may have been.
PRINTED, STEP, FALL, FALL_STEP = 2480.59, 0.005, 14.44, 0.005


@pytest.fixture(scope="module")
def years():
    """The three reporting years."""
    return {year: cl.open_book(FOLDER / str(year)).reporting_year() for year in YEARS}


def total_of(report):
    """Gross emissions, location-based [t CO2e]."""
    return report.totals()["total_location_based_tco2e"]


def entries_of(folder):
    """The rows of a book's entries."""
    with (folder / "entries.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_2023_lies_where_the_printed_fall_implies(years):
    """The constructed total is inside the interval that 2,480.59 t and -14.44 % leave for 2023."""
    low = (PRINTED - STEP) / (1 - (FALL - FALL_STEP) / 100)
    high = (PRINTED + STEP) / (1 - (FALL + FALL_STEP) / 100)
    assert (round(low, 3), round(high, 3)) == (2899.065, 2899.416)
    assert low < total_of(years[2023]) < high


def test_2024_is_the_seed(years):
    """The entries are the seed's to the byte, and the total is the seed's 2,497.3318 t."""
    seed = PROJECT / "seeds" / "techen-2024"
    assert (FOLDER / "2024" / "entries.csv").read_bytes() == (seed / "entries.csv").read_bytes()
    assert total_of(years[2024]) == cl.open_book(seed).reporting_year().totals()["total_location_based_tco2e"]
    assert total_of(years[2024]) == pytest.approx(13.2655 + 2484.0663, abs=1e-3)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_says_the_totals(years, readme):
    """Every total, the electricity of each year and the changes stand in both READMEs as the books give them."""
    text = readme.read_text(encoding="utf-8")
    for year, report in years.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| [{year}]"))
        assert row.split("|")[4].strip() == f"{total_of(report):,.4f}"
    scope_2 = {
        year: report.inventory.by("scope").set_index("scope")["emissions_tco2e"]["scope 2 (location-based)"]
        for year, report in years.items()
    }
    assert f"{scope_2[2023]:,.4f} t" in text
    assert f"{scope_2[2025]:,.4f} t" in text
    older = scope_2[2025] / 0.6191 * 0.5703
    saved = scope_2[2024] - older
    assert all(f"{value:,.4f}" in text for value in (older,))
    assert all(f"{value:.2f}" in text for value in (saved, scope_2[2025] - older))
    fall = 100 * (1 - total_of(years[2024]) / total_of(years[2023]))
    assert f"{fall:.2f} %" in text


def test_each_year_leads_to_the_one_before(years):
    """The change of a year is that between its book and the book of the year before."""
    for year in (2024, 2025):
        row = years[year].changes["scope"].iloc[-1]
        assert row["emissions_tco2e_previous"] == pytest.approx(total_of(years[year - 1]), rel=1e-12)
        assert row["emissions_tco2e_current"] == pytest.approx(total_of(years[year]), rel=1e-12)


def test_the_plan_is_the_contract(years):
    """Half a year of 1.69 million kWh is used or exported, what is used is bought no longer, and the export reduces no scope."""
    amounts = {
        year: {
            (row["公司"], row["能源种类"], row["备注"]): float(row["用量"]) for row in entries_of(FOLDER / str(year))
        }
        for year in YEARS
    }

    def total(year, activity):
        return sum(value for (_, name, _), value in amounts[year].items() if name == activity)

    used = total(2025, "光伏发电") - total(2024, "光伏发电")
    assert used + total(2025, "上网电量") == total(2025, "发电量") == 1_690_000 / 2
    assert total(2024, "外购电力") - total(2025, "外购电力") == pytest.approx(used)
    scopes = years[2025].inventory.by("scope").set_index("scope")["emissions_tco2e"]
    assert scopes["scope 2 (location-based)"] == pytest.approx(total(2025, "外购电力") * 0.6191 / 1000, rel=1e-12)


def test_what_is_not_the_companys_says_so(years):
    """Every row and every name of the constructed and the planned year is called so, in both languages."""
    for year, words in {2023: ("构造", "constructed"), 2025: ("计划", "plan")}.items():
        assert all(words[0] in row["凭证"] for row in entries_of(FOLDER / str(year)))
        company = years[year].settings["company"]
        assert words[0] in company["name_zh"]
        assert words[1] in company["name_en"]
        first = (FOLDER / str(year) / "book.toml").read_text(encoding="utf-8").splitlines()[0]
        assert words[1] in first.lower()


@pytest.mark.slow
@pytest.mark.parametrize(("readme", "lang"), list(zip(READMES, ["en", "zh"], strict=True)), ids=["en", "zh"])
def test_the_commands_of_the_readme_end_with_0(readme, lang):
    """Each command of the README, in its language; `what-if` of a book without measures ends with 2, as the README says."""
    commands = re.findall(r"^    carbonledger (\S+) (\S+)(.*)$", readme.read_text(encoding="utf-8"), re.MULTILINE)
    assert {command for command, _, _ in commands} == {
        *("report", "check", "compare", "decompose", "uncertainty", "base-year", "targets", "what-if")
    }
    for command, book, options in commands:
        rest = [PROJECT / word if word.startswith("examples/") else word for word in options.split()]
        result = run(command, PROJECT / book, *(word for word in rest if word not in {"--lang", "zh"}), "--lang", lang)
        assert result.returncode == 0, result.stdout + result.stderr
    assert run("what-if", FOLDER / "2023", "--lang", lang).returncode == 2
    for year in YEARS:
        assert run("status", FOLDER / str(year), "--lang", lang).returncode == 0


def test_the_base_year_is_restated_by_the_provincial_factor(years):
    """2023 and 2024 at Shandong's factor of 2025, and the step between: own arithmetic on the kilowatt-hours of the README."""
    series = {row.year: row for row in years[2025].emission_series((1, 2), "location_based").years}
    for year, kwh in {2023: 5_056_500, 2024: 4_355_718.53}.items():
        gasoline = total_of(years[year]) - kwh * 0.5703 / 1000
        assert series[year].as_reported_tco2e == pytest.approx(total_of(years[year]), abs=1e-4)
        assert series[year].restated_tco2e == pytest.approx(gasoline + kwh * 0.6191 / 1000, abs=1e-4)
    assert not [item for item in years[2025].findings if item.rule == "HISTORY_CONTRADICTION"]


def test_the_uncertainty_is_that_of_the_readme_by_hand(years):
    """Error propagation (IPCC 2006, equations 3.1 and 3.2) by hand: one error of the grid factor, one of each company's meters."""
    found = years[2024].assess_uncertainty(approach="1")
    grid, aifu, techen = (kwh * 0.5703 / 1000 for kwh in (4_355_718.53, 3_947_880, 407_838.53))
    # Gasoline: data -5 % / +10 %, three figures of ± 3 %; it moves the sum by a hundredth of a tonne.
    gasoline = (total_of(years[2024]) - grid) * (0.10**2 + 3 * 0.03**2) ** 0.5
    by_hand = ((0.08 * grid) ** 2 + (0.02 * aifu) ** 2 + (0.02 * techen) ** 2 + gasoline**2) ** 0.5
    assert found.total.half_width_tco2e == pytest.approx(by_hand, rel=1e-4)
    assert sum(item.share for item in found.contributions) == pytest.approx(1, rel=1e-12)


def test_one_picture_of_three_years(years):
    """The code of the README: three stacks with the totals of the books."""
    drawn = years[2023].plot.years(years[2024], years[2025], axis="scope", lang="zh")
    assert drawn.title.text == "2023、2024、2025年各范围温室气体排放"
