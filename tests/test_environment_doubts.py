"""Doubts about registers that no single row shows, and parts that are never printed as a whole."""

import shutil

import pytest

import carbonledger as cl
from carbonledger.core.periods import Period
from carbonledger.core.units import canonical_unit
from carbonledger.environment.noise import read_noise
from carbonledger.environment.reading import ReadAs
from carbonledger.environment.water import read_water
from carbonledger.reporting.environment_tables import environment_tables
from tests.support import PROJECT

READ_AS = ReadAs(Period.of_year(2024), country="CN", region="CN-SD")
WATER = "流向,来源,数量,单位,时间"
NOISE = "测点,测量时间,测量结果dB (A),时间,执行标准,功能区类别"


def written(folder, name, *rows, encoding="utf-8"):
    """A file of some rows."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding=encoding)
    return path


def keys(findings):
    """The keys of findings with their rows."""
    return [(item.says.key, item.row) for item in findings]


@pytest.fixture
def book(tmp_path):
    """A copy of the example."""
    return shutil.copytree(PROJECT / "examples" / "environment", tmp_path / "book")


def change(path, old, new):
    """Replace a text of a file that has it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# A part is no whole.


def test_sums_of_a_part_are_marked(book):
    """While a row is left out, every sum by source or route says that it is a part, not the totals alone."""
    change(book / "water.csv", "取水,雨水,120", "取水,雨水,-120")
    change(book / "waste.csv", ",30,t,", ",30,m3,")
    for table in environment_tables(cl.report(book), "en"):
        if table.rows and table.headings[0] in {"Flow", "Category"}:
            assert all(row[2].endswith("(part)") for row in table.rows)


def test_how_a_table_was_read_leaves_nothing_out(tmp_path):
    """A note about a file, such as its encoding, does not say that the register is incomplete."""
    path = written(tmp_path, "water.csv", WATER, "取水,自来水,1000,立方米,2024", encoding="gb18030")
    register = read_water(path, READ_AS)
    (finding,) = register.findings
    assert (finding.says.key, finding.severity, register.is_part) == ("ENVIRONMENT_TABLE.read_so", "note", False)
    assert "incomplete" not in finding.text()


# Amounts that are unlike others.


@pytest.mark.parametrize(("before", "is_doubted"), [(9200, False), (92000, True), (920, True), (0, False)])
def test_a_quantity_unlike_the_year_before(book, before, is_doubted):
    """Ten times the water of the year before, or a tenth, is a warning; a change of a few per cent, or from nothing, is none."""
    change(book / "water.csv", "自来水,9200", f"自来水,{before}")
    found = {item.rule for item in cl.report(book).environment.findings}
    assert ("ENVIRONMENT_CHANGE" in found) is is_doubted


def test_a_month_unlike_the_others(tmp_path):
    """A month of ten times the water of the others is a warning at its row, and so is one of a tenth."""
    amounts = [1200, 1250, 11800, 1190, 1210, 120]
    rows = [f"取水,自来水,{amount},m3,2024-{month:02}" for month, amount in enumerate(amounts, 1)]
    register = read_water(written(tmp_path, "water.csv", WATER, *rows), READ_AS)
    assert keys(register.findings) == [("ENVIRONMENT_AMOUNT", 4), ("ENVIRONMENT_AMOUNT", 7)]


def test_a_target_in_another_unit_says_what_is_missing(book):
    """A target in tonnes of water without a density is told so, and not that a year is incomplete."""
    change(book / "book.toml", "water_t_per_m3 = 1.0", "")
    change(book / "book.toml", 'saving = 500.0\nunit = "m3"', 'saving = 500.0\nunit = "t"')
    said = [item for item in cl.report(book).environment.findings if item.rule == "SAVING_TARGET"]
    assert [item.says.key for item in said] == ["SAVING_TARGET.no_unit"]
    assert "density" in said[0].text()


def test_a_stated_figure_in_another_unit_is_named(book):
    """A figure of the year before that cannot be converted is a finding, and not a silent dash."""
    change(book / "water.csv", "取水,自来水,9200,吨,2023,是,是,水费账单 2023\n", "")
    stated = (
        '[[environment.previous]]\nquantity = "water_withdrawal"\namount = 9200.0\nunit = "kWh"\nsource = "report"\n'
    )
    written(book, "book.toml", (book / "book.toml").read_text(encoding="utf-8"), stated)
    assert "ENVIRONMENT_STATED" in {item.rule for item in cl.report(book).environment.findings}


def test_a_concentration_is_no_absence(book):
    """Particulates that were measured as a concentration alone have an unknown mass; nitrogen oxides, of which there is no row, none."""
    air = cl.open_book(book).reporting_year().environment.air
    assert [air.emitted(group).status for group in ("voc", "pm", "nox")] == ["filled", "data_missing", "not_applicable"]


# Noise.


@pytest.mark.parametrize("level", ["0", "540"])
def test_impossible_levels(tmp_path, level):
    """0 dB(A), and more than the whole pressure of the atmosphere can swing (20 lg(101325 Pa / 20 μPa) = 194 dB), are refused."""
    path = written(tmp_path, "noise.csv", NOISE, f"1#,13:00,{level},2024-04-30,GB 12348-2008,二类")
    register = read_noise(path, READ_AS)
    assert keys(register.findings) == [("ENVIRONMENT_ROW.noise_level", 2)]
    assert register.is_part


def test_half_of_the_day_and_the_same_minutes_twice(tmp_path):
    """A point without a level by night is a note; a level that stands twice, and would count twice in the mean, a warning."""
    rows = ["1#,13:00,54,2024-04-30,GB 12348-2008,2类"] * 2
    register = read_noise(written(tmp_path, "noise.csv", NOISE, *rows), READ_AS)
    assert keys(register.findings) == [("ENVIRONMENT_OVERLAP", 3), ("NOISE_HALF", 2)]
    both = [rows[0], "1#,22:10,45,2024-04-30,GB 12348-2008,2类"]
    assert not read_noise(written(tmp_path, "noise.csv", NOISE, *both), READ_AS).findings


# Units and places.


def test_units_as_they_are_printed():
    """The unit that reports set as mg/m ³ is mg/m3, and 只 is a piece as 台 and 个 are."""
    assert canonical_unit("mg/m ³") == canonical_unit("mg/m3")
    assert canonical_unit("只") == canonical_unit("件") == canonical_unit("个")


def test_findings_name_the_file_by_its_path(book):
    """A register in a folder of the book is named by its path there."""
    (book / "data").mkdir()
    (book / "water.csv").rename(book / "data" / "water.csv")
    change(book / "book.toml", 'water = "water.csv"', 'water = "data/water.csv"')
    change(book / "data" / "water.csv", "取水,雨水,120", "取水,雨水,-120")
    said = [item for item in cl.report(book).environment.findings if item.says.key == "ENVIRONMENT_ROW.negative"]
    assert [item.file for item in said] == ["data/water.csv"]


@pytest.mark.parametrize("name", ["registers.csv", "kept/registers.csv"])
def test_a_register_of_credits_makes_no_part_wherever_it_lies(book, name):
    """A bad row of removals and credits, which stand in no total, leaves the inventory whole in a subfolder too."""
    change(book / "book.toml", 'entries = ["entries.csv"]', f'entries = ["entries.csv"]\nregisters = "{name}"')
    written(book, name, "kind,scheme,vintage,tco2e,evidence,note", "removal,own,2024,-5,document,")
    statement = cl.report(book).completeness
    assert [item.file for item in statement.left_out] == [name]
    assert not statement.is_part
