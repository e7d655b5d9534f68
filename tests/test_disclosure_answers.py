"""Frameworks answered from a book: a figure is whole or missing, never 0 for want of data, and parts sum to their total."""

import csv
import io
import json
import math
import re
import shutil

import pytest
from hypothesis import given, settings
from rich.console import Console

import carbonledger as cl
from carbonledger.cli.main import main
from carbonledger.core.errors import BookError
from carbonledger.core.language import Label
from carbonledger.core.periods import Period
from carbonledger.core.units import conversion_factor
from carbonledger.disclosure import list_frameworks
from carbonledger.disclosure.answers import answer_framework
from carbonledger.disclosure.case import DisclosureCase
from carbonledger.disclosure.datapoints import CONFIDENCES, framework_named
from carbonledger.disclosure.frameworks import disclose
from carbonledger.reporting.disclosure_text import disclosure_csv, disclosure_markdown, print_disclosure
from tests.strategies import entry_rows
from tests.support import PINS, PROJECT, run

FRAMEWORKS = [item.name for item in list_frameworks()]
GB = """
[company]
name_en = "{name}"
reporting_year = 2024
region = "GB"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["uk-desnz@2024-r1"]
[files]
entries = ["entries.csv"]
[[driver]]
name_en = "Revenue"
name_zh = "营业收入"
amount = 10
unit = "million GBP"
"""
HEADING = "activity,amount,unit,period,heating_value,scope_3_category\n"


def gb_book(folder, rows, name="Gas without gross or net"):
    """A British book with some entries."""
    folder.mkdir(exist_ok=True)
    (folder / "book.toml").write_text(GB.format(name=name), encoding="utf-8")
    (folder / "entries.csv").write_text(HEADING + rows, encoding="utf-8")
    return folder


def year_of(book):
    """The reporting year of one of the project's books."""
    return cl.open_book(PROJECT / book).reporting_year()


@pytest.fixture(scope="module")
def group():
    """The Chinese group, calculated once."""
    return year_of("examples/chinese-group")


def parts_of(disclosure, name):
    """The parts that add to a row, each with its sign."""
    signs = {name: 1, f"-{name}": -1}
    return [
        (answer.figure, signs[answer.datapoint.adds_to]) for answer in disclosure if answer.datapoint.adds_to in signs
    ]


def known(figure):
    """What is known of a figure: all of it, a part, or nothing."""
    whole = figure.value if isinstance(figure.value, float) else 0.0
    return whole if figure.known_part is None else figure.known_part


def check_sums(disclosure):
    """Parts sum to their total; where the total is a part, what is known of the parts sums to what is known of it."""
    for name in {answer.datapoint.adds_to.removeprefix("-") for answer in disclosure} - {""}:
        total, parts = disclosure[name], parts_of(disclosure, name)
        summed = math.fsum(sign * known(figure) for figure, sign in parts)
        where = f"{disclosure.framework.name} {name}"
        if total.status == "filled":
            assert summed == pytest.approx(total.value, rel=1e-9, abs=1e-9), where
        elif total.known_part is not None:
            assert summed == pytest.approx(total.known_part, rel=1e-9, abs=1e-9), where
        elif total.status == "not_applicable":
            assert summed == 0, where


# The tables.


@pytest.mark.parametrize("framework", list_frameworks(), ids=lambda item: item.name)
def test_tables_are_whole(framework):
    """Ids are unique, a part names a row of its table, and every code has its place with how sure it is."""
    points = framework.datapoints
    ids = [point.id for point in points]
    assert len(ids) == len(set(ids))
    assert framework.title.en
    assert framework.title.zh
    for point in points:
        assert point.name.en, point.id
        assert re.search("[一-鿿]|NOx|SOx", point.name.zh), point.id
        assert not re.search("[一-鿿]", re.sub("等价值|当量值", "", point.name.en)), point.id
        assert bool(point.need.en) == bool(point.need.zh), point.id
        assert point.adds_to.removeprefix("-") in {"", *ids}, point.id
        assert point.confidence in CONFIDENCES, point.id
        assert bool(point.place.en) == bool(point.confidence), point.id
        assert not point.code or point.place.en, point.id
        assert point.view not in {"words", "data"} or point.need.en, f"{point.id} does not say what is needed"


def test_frameworks_that_are_asked_for():
    """GRI 302 and 305 with each disclosure, 102 and 103, the report's own index, ISO, ESRS, VSME, IFRS, SECR, HKEX, CDP, China."""
    single = {f"gri-302-{number}" for number in range(1, 6)} | {f"gri-305-{number}" for number in range(1, 8)}
    assert single <= set(FRAMEWORKS)
    assert {"gri-302", "gri-305", "gri-102", "gri-103", "gri-index-techen-2024", "iso-14064-1"} <= set(FRAMEWORKS)
    assert {"esrs-e1-5", "esrs-e1-6", "vsme-b3", "ifrs-s2-29a", "secr", "hkex-c2", "cdp-energy"} <= set(FRAMEWORKS)
    assert {"cdp-emissions", "cn-exchange", "cn-tce", "cn-gbt-32150"} <= set(FRAMEWORKS)
    index = {point.code[:5] for point in framework_named("gri-index-techen-2024").datapoints if point.code}
    assert index == {"302-1", "302-3", "305-1", "305-2", "305-4"}


def test_a_name_is_read_as_it_is_written():
    """Capitals, spaces and underscores do not matter; a wrong name is answered with the nearest."""
    assert framework_named("ESRS E1_6").name == "esrs-e1-6"
    with pytest.raises(BookError, match="Did you mean 'gri-305'"):
        framework_named("gri305")


# Laws.


@settings(max_examples=12, deadline=None)
@given(entry_rows())
def test_parts_sum_to_their_total(rows):
    """In every framework, over entries of any kind."""
    inventory = cl.calculate(cl.read_entries(rows), cl.load_factors(*PINS), gwp="ipcc-ar5@2013")
    case = DisclosureCase(
        inventory, Period.of_year(2024), Label("A", "甲"), Label("", ""), "", statement=inventory.completeness
    )
    for name in FRAMEWORKS:
        check_sums(answer_framework(case, name))
    used = answer_framework(case, "gri-103")["103-2.total"]
    assert used.value == pytest.approx(inventory.total_energy().magnitude)


@pytest.mark.parametrize(
    "book", ["seeds/techen-2024", "examples/six-defects", "examples/uk-company", "examples/us-company"]
)
def test_parts_sum_in_books(book):
    """In every framework, over books with missing months, instruments, travel and distances."""
    year = year_of(book)
    for name in FRAMEWORKS:
        check_sums(year.disclosure(name))


def test_emissions_are_those_of_the_report(group):
    """Scopes, totals by both methods, categories of ISO 14064-1 and intensities are the report's own figures."""
    esrs, iso = group.disclosure("esrs-e1-6"), group.disclosure("iso-14064-1")
    scopes = group.inventory.by("scope").set_index("scope")["emissions_tco2e"]
    assert esrs["E1-6.scope_1"].value == pytest.approx(scopes["scope 1"])
    assert esrs["E1-6.scope_2_location"].value == pytest.approx(scopes["scope 2 (location-based)"])
    totals = group.totals()
    assert iso["total"].value == pytest.approx(totals["total_location_based_tco2e"])
    vsme = group.disclosure("vsme-b3")
    assert vsme["B3.total"].value == pytest.approx(totals["total_location_based_tco2e"])
    ratios = [answer.figure.value for answer in group.disclosure("gri-305-4") if answer.datapoint.id == "305-4-a"]
    (stated,) = group.intensities
    assert ratios == pytest.approx([stated.location_based_tco2e_per_unit, stated.market_based_tco2e_per_unit])


# By hand.


def test_techen_as_printed():
    """The report's own rows of GRI 302-1: 15,680.59 GJ of two companies' electricity, 187.79 of gasoline, 72.88 of own power."""
    found = year_of("seeds/techen-2024").disclosure("gri-index-techen-2024")
    assert round(found["302-1-c-i"].value, 2) == round(1468.22 + 14212.37, 2)
    assert round(found["302-1-a"].value, 2) == 187.79
    assert round(found["302-1.self"].value, 2) == 72.88
    assert found["302-1-e"].value == pytest.approx(1468.218708 + 14212.368 + 187.7852 + 72.882)
    assert found["302-3-a"].status == "data_missing"
    assert "[[driver]]" in found["302-3-a"].reason.en


def test_the_group_by_hand(group):
    """The figures of its README: 13,712.72 GJ, 3,809.09 MWh of which 13.13 % renewable, 467.89 tce."""
    gri, esrs, tce = (group.disclosure(name) for name in ("gri-302-1", "esrs-e1-5", "cn-tce"))
    assert round(gri["302-1-e"].value, 2) == 13712.72
    assert gri["302-1-d-i"].value == pytest.approx(180)
    assert round(esrs["E1-5.petroleum"].value, 2) == 118.48
    assert round(esrs["E1-5.natural_gas"].value, 2) == 2162.83
    assert round(esrs["E1-5.purchased_fossil"].value, 2) == 1027.78
    assert (esrs["E1-5.purchased_renewable"].value, esrs["E1-5.self_generated"].value) == pytest.approx((300, 200))
    assert round(esrs["E1-5.total"].value, 2) == 3809.09
    assert round(esrs["E1-5.share_renewable"].value, 2) == 13.13
    assert round(tce["total"].value, 2) == 467.89


def test_secr_by_hand(tmp_path):
    """The README of the British example; 1,000 km of business travel in a car are grey fleet, apart from own vehicles."""
    found = year_of("examples/uk-company").disclosure("secr")
    assert found["energy.total"].value == pytest.approx(1_379_651.2)
    assert found["energy.transport"].value == pytest.approx(79_651.2)
    assert found["emissions.total"].value == pytest.approx(270.013, abs=2e-3)
    assert found["energy.grey_fleet"].status == "not_applicable"
    rows = "Grid electricity,27463,kWh,2024,,\ntravel.car.average.petrol,1000,km,2024,,6\n"
    grey = cl.disclose(gb_book(tmp_path / "grey", rows), "secr")
    assert grey["energy.grey_fleet"].value > 0
    assert grey["energy.transport"].status == "not_applicable"
    assert grey["intensity"].value == pytest.approx(grey["emissions.total"].value / 10)


def test_changes_are_those_of_the_report():
    """Against the compared year, in the words that all causes are in it; the reduction by initiatives waits for words."""
    year = year_of("examples/second-year")
    found = year.disclosure("gri-305-5")
    total = year.changes["scope"].set_index("scope")["emissions_tco2e_change"]
    assert found["305-5.change_1"].value == pytest.approx(total["scope 1"])
    assert found["305-5.change_2"].value == pytest.approx(total["scope 2 (location-based)"])
    assert "2023" in found["305-5.change_1"].reason.en
    assert found["305-5-a"].status == "needs_words"
    energy = year.changes["scope"].set_index("scope")["energy_gj_change"]["total"]
    assert year.disclosure("gri-103")["103-5.change"].value == pytest.approx(energy)


# What is missing.


def test_gas_without_gross_or_net(tmp_path):
    """Its kWh count, its tonnes are missing: no 0, no total of emissions, no ratio, and the head says so."""
    rows = "Natural gas,10000,kWh,2024,,\nGrid electricity,27463,kWh,2024,,\n"
    found = cl.disclose(gb_book(tmp_path / "book", rows), "secr")
    assert found["energy.fuel"].value == pytest.approx(10_000)
    assert found["energy.total"].value == pytest.approx(37_463)
    assert found["emissions.fuel"].status == "data_missing"
    assert found["emissions.fuel"].known_part is None
    total = found["emissions.total"]
    assert total.value is None
    assert total.known_part == pytest.approx(found["emissions.electricity"].value)
    assert "Heating value not stated" in total.reason.en
    assert found["intensity"].value is None
    assert found["intensity"].known_part is None
    assert not found.complete
    assert found.exit_code == 1
    named = next(answer for answer in found if answer.datapoint.id == "emissions.total")
    assert named.name("en").startswith("Part of the total (incomplete)")
    assert named.name("zh").startswith("部分合计（不完整）")
    assert found.to_frame().set_index("id")["value"]["emissions.total"] is None
    assert found.to_dict()["complete"] is False
    scope_1 = cl.disclose(tmp_path / "book", "gri-305-1")
    assert scope_1["305-1-a"].status == "data_missing"
    assert scope_1["305-1-b"].status == "data_missing"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_an_unread_row_may_belong_anywhere(tmp_path, framework):
    """A row whose activity nobody knows makes every sum a part; the rest of the answers stay what they are."""
    rows = "Grid electricity,27463,kWh,2024,,\nmoon dust,5,t,2024,,\n"
    found = cl.disclose(gb_book(tmp_path / "book", rows), framework)
    assert found.exit_code == 1
    for answer in found:
        family = answer.datapoint.view.partition(":")[0]
        if family in {"energy", "emissions", "iso", "secr", "per_driver", "ndrc"}:
            assert answer.figure.status == "data_missing", answer
            assert answer.figure.value is None, answer


def test_a_missing_month_is_of_its_source():
    """Gas without May: gas, fuels and the total are parts; electricity is whole."""
    found = year_of("examples/six-defects").disclosure("gri-302-1")
    assert found["302-1-a"].known_part == pytest.approx(1542.07, abs=0.01)
    assert found["302-1-e"].value is None
    assert found["302-1-c-i"].status == "filled"


def test_a_distance_without_energy(tmp_path):
    """A vehicle by its distance, with CO2 and no published energy: the energy is missing, the emissions are whole.

    Where only CH4 and N2O go by distance, as with the EPA, the energy counts as fuel and the distance needs none.
    """
    book = gb_book(tmp_path / "book", "vehicle.car.average.petrol,1000,km,2024,,\n")
    own = '[[factors.own]]\nactivity = "vehicle.car.average.petrol"\nvalue = "0.2"\nunit = "kg CO2/km"\nsource = "measured"\nyear = 2024\n'
    text = GB.format(name="Own").replace('emissions = ["uk-desnz@2024-r1"]\n', own + 'region = "GB"\n')
    (book / "book.toml").write_text(text, encoding="utf-8")
    found = cl.disclose(book, "gri-302-1")
    assert (found["302-1-a"].status, found["302-1-a"].value) == ("data_missing", None)
    assert (found["302-1-e"].status, found["302-1-e"].known_part) == ("data_missing", None)
    assert cl.disclose(book, "gri-305-1")["305-1-a"].value == pytest.approx(0.2)
    assert year_of("examples/us-company").disclosure("gri-103")["103-2.total"].status == "filled"


def test_scope_3_is_whole_only_if_every_category_is_explained():
    """Two categories are relevant and not calculated: their sum is a part, and so is the total of ESRS; scope 1 is not."""
    found = year_of("examples/uk-company").disclosure("esrs-e1-6")
    assert found["E1-6.scope_3"].known_part == pytest.approx(84.346, abs=2e-3)
    assert "2, 4" in found["E1-6.scope_3"].reason.en
    assert found["E1-6.total_location"].value is None
    assert found["E1-6.total_location"].known_part == pytest.approx(354.359, abs=2e-3)
    assert found["E1-6.scope_1"].status == "filled"
    assert found.complete


def test_what_no_instrument_proves_is_not_renewable(tmp_path):
    """Without [scope_2] nothing is proven: the row is empty with its reason, and everything bought is fossil."""
    found = cl.disclose(gb_book(tmp_path / "book", "Grid electricity,27463,kWh,2024,,\n"), "esrs-e1-5")
    assert found["E1-5.purchased_renewable"].status == "not_applicable"
    assert "[scope_2]" in found["E1-5.purchased_renewable"].reason.en
    assert found["E1-5.purchased_fossil"].value == pytest.approx(27.463)


def test_registers_stand_beside():
    """Credits and removals come from the register, and are in no other row."""
    green = year_of("examples/green-power")
    retired = [item.tco2e for item in green.registers if item.kind == "credit_retired"]
    found = green.disclosure("gri-102")["102-10"]
    assert (found.value if retired else found.status) == (pytest.approx(sum(retired)) if retired else "not_applicable")


@pytest.mark.parametrize(
    ("file", "whole", "part"),
    [
        ("registers.csv", ("gri-305-2", "305-2-b"), ("gri-102", "102-10")),
        ("instruments.csv", ("gri-305-2", "305-2-a"), ("gri-305-2", "305-2-b")),
    ],
)
def test_a_row_beside_the_inventory_leaves_it_whole(tmp_path, file, whole, part):
    """A credit that cannot be read is missing from the register alone, an instrument from what is market-based alone."""
    book = shutil.copytree(PROJECT / "examples" / "green-power", tmp_path / "book")
    lines = (book / file).read_text(encoding="utf-8").splitlines()
    column = lines[0].split(",").index("tco2e" if file == "registers.csv" else "mwh")
    cells = lines[1].split(",")
    cells[column] = "unread"
    (book / file).write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", encoding="utf-8")
    year = cl.open_book(book).reporting_year()
    assert year.completeness.left_out
    assert year.disclosure(whole[0])[whole[1]].status == "filled"
    found = year.disclosure(part[0])[part[1]]
    assert (found.status, found.value) == ("data_missing", None)
    assert year.disclosure(part[0]).exit_code == 1


def test_the_old_rows_are_the_same(group):
    """What `disclosure.disclose` gives of an inventory is what the framework says, in its unit."""
    rows = disclose(group.inventory, "esrs-e1-5", group.scope_2).set_index("row")["value"]
    found = group.disclosure("esrs-e1-5")
    for name in ("petroleum", "natural_gas", "purchased_fossil", "total_fossil", "total_renewable", "total"):
        assert found[f"E1-5.{name}"].value == pytest.approx(rows[f"esrs_{name}"])
    gj = group.disclosure("gri-302-1")["302-1-e"].value
    mwh = group.disclosure("cdp-energy")["total"].value
    assert gj * conversion_factor("GJ", "MWh") - mwh == pytest.approx(0, abs=1e-6)


def test_a_compared_year_that_is_incomplete_gives_no_change(tmp_path):
    """An amount of last year that cannot be read: no change, and the reason says what is missing."""
    book = shutil.copytree(PROJECT / "examples" / "second-year", tmp_path / "book")
    assert cl.disclose(book, "gri-103")["103-5.change"].status == "filled"
    path = book / "entries-2023.csv"
    text = path.read_text(encoding="utf-8")
    assert "12.4" in text
    path.write_text(text.replace("12.4", "unread"), encoding="utf-8")
    found = cl.disclose(book, "gri-103")["103-5.change"]
    assert (found.status, found.value) == ("data_missing", None)
    assert "missing or left out" in found.reason.en


# Outputs.


def test_a_language_at_a_time(group):
    """Chinese output has no English sentence but names of publishers; English output Chinese only in the book's own unit and terms."""
    documents = " ".join(f"{item.publisher} {item.title}" for item in group.inventory.editions.values())
    for name in FRAMEWORKS:
        texts = {lang: drawn(group.disclosure(name), lang) for lang in ("en", "zh")}
        assert all(found in documents for found in re.findall(r"(?:[A-Za-z']{2,} ){3,}[A-Za-z']{2,}", texts["zh"])), (
            name
        )
        chinese = set(re.findall("[一-鿿]{2,}", texts["en"]))
        assert chinese <= {"百万元", "当量值", "等价值", "优化能源管理", "应对气候变化"}, name


def drawn(disclosure, lang):
    """A disclosure as it is printed, on a console so wide that nothing is folded."""
    console = Console(file=io.StringIO(), width=600)
    print_disclosure(disclosure, console, lang)
    return console.file.getvalue()


def test_hostile_names(tmp_path):
    """What a terminal would obey, or Markdown, is shown and not obeyed."""
    book = gb_book(tmp_path / "book", "Grid electricity,27463,kWh,2024,,\n", name="A\\u001b[31m|<b>*B*")
    found = cl.disclose(book, "gri-302-1")
    for text in (drawn(found, "en"), disclosure_markdown(found, "en"), disclosure_csv(found, "en")):
        assert "\x1b" not in text
    assert "<b>" not in disclosure_markdown(found, "en").replace("\\<b\\>", "")


def test_places_that_were_not_verified_are_said():
    """A mark at the code, and a line below; a table whose places were seen has neither."""
    year = year_of("seeds/techen-2024")
    unopened, seen = (disclosure_markdown(year.disclosure(name), "en") for name in ("gri-305-1", "gri-302-1"))
    assert "305-1-a\\*" in unopened
    assert "not verified" in unopened
    assert "not verified" not in seen
    said = {}
    for name in ("gri-302-1", "gri-305-1", "iso-14064-1"):
        rows = csv.DictReader(disclosure_csv(year.disclosure(name), "zh").splitlines())
        said |= {row["编号"]: row["条款已核实"] for row in rows}
    assert [said[code] for code in ("302-1-a", "305-1-a", "9.3.1 a)")] == [
        "已见于发布方材料",
        "仅见于第三方资料",
        "未查阅原文",
    ]


def test_csv_begins_with_the_statement(tmp_path):
    """The first rows under the headings say what is missing; a name that a spreadsheet would obey is a text."""
    rows = "Natural gas,10000,kWh,2024,,\nGrid electricity,27463,kWh,2024,,\n"
    book = gb_book(tmp_path / "book", rows)
    text = (book / "book.toml").read_text(encoding="utf-8").replace('"million GBP"', '"=1+1"')
    (book / "book.toml").write_text(text.replace('"Revenue"', '"=cmd()"'), encoding="utf-8")
    for name in ("secr", "gri-302-3"):
        lines = list(csv.reader(disclosure_csv(cl.disclose(book, name), "en").splitlines()))
        assert lines[1][1].startswith("INCOMPLETE")
        assert not any(cell.startswith(("=", "@", "+")) for line in lines for cell in line)


@pytest.mark.slow
def test_the_workbook(tmp_path):
    """A sheet for each framework; missing is an empty cell, a part stands in a column of its own, a formula is a text."""
    from python_calamine import CalamineWorkbook

    rows = "Natural gas,10000,kWh,2024,,\nGrid electricity,27463,kWh,2024,,\n"
    book, target = gb_book(tmp_path / "book", rows, name="=HYPERLINK(1)"), tmp_path / "out.xlsx"
    result = run("disclose", book, "--framework", "all", "--xlsx", target)
    assert result.returncode == 1, result.stderr
    workbook = CalamineWorkbook.from_path(str(target))
    assert workbook.sheet_names == [name[:31] for name in FRAMEWORKS]
    cells = workbook.get_sheet_by_name("secr").to_python()
    assert "=HYPERLINK(1)" in cells[0][0]
    assert cells[1][0].startswith("INCOMPLETE")
    (total,) = (line for line in cells if "Total emissions" in str(line[1]) and "compared" not in str(line[1]))
    assert total[2] == ""
    assert total[3] == pytest.approx(5.6862, abs=1e-3)
    assert total[1].startswith("Part of the total (incomplete)")


def ended(monkeypatch, capsys, *arguments):
    """A run of the command line in this process: exit code, standard output, standard error."""
    monkeypatch.setattr("sys.argv", ["carbonledger", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    printed = capsys.readouterr()
    return end.value.code, printed.out, printed.err


def test_the_command(monkeypatch, capsys):
    """The list, the forms and the exit codes."""
    techen, group = PROJECT / "seeds" / "techen-2024", PROJECT / "examples" / "chinese-group"
    listed = ended(monkeypatch, capsys, "disclose", "--list", "--lang", "zh")[1]
    assert all(name in listed for name in FRAMEWORKS)
    data = json.loads(ended(monkeypatch, capsys, "disclose", "--list", "--json")[1])
    assert {item["framework"] for item in data} == set(FRAMEWORKS)
    code, shown, _ = ended(monkeypatch, capsys, "disclose", group, "--framework", "gri-305-2", "--lang", "zh")
    assert code == 0
    assert "已填" in shown
    data = json.loads(ended(monkeypatch, capsys, "disclose", techen, "--framework", "gri-302-1", "--json")[1])
    values = {item["id"]: item["value"] for item in data["datapoints"]}
    assert values["302-1-e"] == pytest.approx(15941.253908)
    assert values["302-1-b"] is None
    assert ended(monkeypatch, capsys, "disclose", group, "--framework", "secr", "--markdown")[1].startswith(
        "# Streamlined"
    )


def test_misuse_of_the_command(monkeypatch, capsys, tmp_path):
    """Refused with exit code 2, in the language of the run, and nothing is written."""
    techen = PROJECT / "seeds" / "techen-2024"
    for arguments, words in (
        ((techen, "--framework", "tcfd"), "--list"),
        ((), "未指定账簿"),
        ((techen, "--json", "--csv"), "--json、--csv"),
        ((techen, "--framework", "all", "--csv"), "--xlsx"),
        ((techen, "--framework", "secr", "--xlsx", tmp_path / "nowhere" / "all.xlsx"), "all.xlsx"),
    ):
        code, _, error = ended(monkeypatch, capsys, "disclose", *arguments, "--lang", "zh")
        assert code == 2
        assert words in error
    assert not list(tmp_path.iterdir())
