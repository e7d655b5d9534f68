"""What a report says of itself: what is missing from its totals, and what is in doubt."""

import shutil

import pytest

import carbonledger as cl
from tests.support import PROJECT, run

GROUP = PROJECT / "examples" / "chinese-group"
REGISTERS = "kind,scheme,vintage,tco2e,evidence,note\n"


@pytest.fixture
def group(tmp_path):
    """The Chinese group in a folder that may be changed."""
    return shutil.copytree(GROUP, tmp_path / "book")


def changed(folder, name, old, new):
    """The book with a text replaced in one of its files."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return cl.open_book(folder).report()


@pytest.mark.slow
def test_what_is_missing_is_said_at_the_head(group):
    """A missing month, a refused entry and a line without category make the report incomplete, in text and data."""
    changed(group, "entries.csv", "年份,备注", "期间,备注")
    report = changed(group, "entries.csv", "外购电力,400,MWh,2023", "外购电力,400,MWh,2023-03")
    assert report.to_dict()["missing"] == ["MISSING_MONTHS"]
    report = changed(group, "entries.csv", "柴油,10,吨", "柴油,-10,吨")
    assert report.to_dict()["missing"] == ["MISSING_MONTHS", "NEGATIVE_AMOUNT"]
    text = run("report", group).stdout
    assert (
        "INCOMPLETE: data are missing from these figures or were excluded; 1 row(s) of the files were refused; 2 finding(s)"
        in text.replace("\n", " ")
    )
    assert "MISSING_MONTHS, NEGATIVE_AMOUNT" in text


def test_a_scope_3_line_without_category_is_incomplete(tmp_path):
    """The UK example's commuting without its category."""
    book = shutil.copytree(PROJECT / "examples" / "uk-company", tmp_path / "book")
    report = changed(
        book, "entries.csv", "travel.car.average.petrol,200000,km,2024,,7", "travel.car.average.petrol,200000,km,2024,,"
    )
    assert report.to_dict()["missing"] == ["SCOPE3_WITHOUT_CATEGORY"]


@pytest.mark.slow
def test_doubts_do_not_make_it_incomplete(group):
    """A balance that does not close is in doubt, with the tonnes at stake; nothing is missing."""
    report = changed(group, "entries.csv", "发电量,250", "发电量,150")
    assert report.completeness.complete
    assert report.to_dict()["in_doubt"] == ["PV_BALANCE"]
    assert "IN DOUBT: 1 finding" in run("report", group).stdout


def test_a_year_that_cannot_be_compared_leaves_the_report(group):
    """The reporting year is calculated; why nothing is compared is a finding."""
    report = changed(group, "book.toml", "reporting_year = 2023", "reporting_year = 2023\ncompare_year = 2020")
    assert report.totals()["total_location_based_tco2e"] == pytest.approx(1264.6669, abs=5e-5)
    assert "COMPARE_YEAR" in {finding.rule for finding in report.findings}


def test_registers_are_read_to_the_end(group):
    """Unknown kinds, words for numbers, double rows and missing documents are found at once; sound rows stand."""
    rows = (
        "removal,forest,2023,10,survey 7,\nremoval,forest,2023,10,survey 7,\ngift,x,2023,1,y,\n"
        "credit_retired,CCER,2022,many,y,\ntarget_offset,VCS,2021,5,,\n"
    )
    (group / "registers.csv").write_text(REGISTERS + rows, encoding="utf-8")
    report = changed(
        group, "book.toml", 'entries = ["entries.csv"]', 'entries = ["entries.csv"]\nregisters = "registers.csv"'
    )
    found = [(item.rule, item.row) for item in report.findings if item.rule.startswith(("REGISTER", "BAD_NUMBER"))]
    assert found == [
        ("REGISTER_TWICE", 3),
        ("REGISTER_ENTRY", 4),
        ("BAD_NUMBER", 5),
        ("REGISTER_WITHOUT_EVIDENCE", 6),
    ]
    assert [item.kind for item in report.registers] == ["removal", "removal", "target_offset"]
    assert report.totals()["total_location_based_tco2e"] == pytest.approx(1264.6669, abs=5e-5)


@pytest.mark.slow
def test_settings_that_cannot_be(group):
    """A company listed twice, a site that ends before it begins and an unknown scope are refused by name."""
    text = (group / "book.toml").read_text(encoding="utf-8")
    for old, new, words in (
        ('id = "east"\nname_zh', 'id = "north"\nname_zh', "listed twice"),
        ('region = "CN-JS"', 'region = "CN-JS"\nvalid_from = 2023-06-01\nvalid_to = 2023-01-01', "before it begins"),
        ('unit = "百万元 (million CNY)"', 'unit = "百万元"\nscopes = [1, 4]', "scopes"),
    ):
        (group / "book.toml").write_text(text.replace(old, new), encoding="utf-8")
        result = run("check", group)
        assert result.returncode == 2
        assert words in result.stderr


def test_exports_without_a_price_are_said(group):
    """The NDRC profile cannot deduct an export of a grid that has no factor; the report says so at its head."""
    report = changed(group, "entries.csv", "北方厂,济南,上网电量,50,MWh,2023,", "北方厂,济南,外供热力,50,GJ,2023,")
    assert report.completeness.complete
    report = changed(group, "book.toml", '"cn-mee-nbs-grid@2023", ', "")
    assert not report.completeness.complete


@pytest.mark.slow
def test_market_based_lines_are_explained(group):
    """Each MWh of market-based scope 2 leads to its record or factor."""
    text = run("explain", group, "--market-based", "--line", "1").stdout
    assert "300 MWh × 0 t CO2e/MWh = 0 t CO2e" in text
    assert "instruments.csv, row 2" in text
    assert "cn-mee-nbs-grid@2023" in run("explain", group, "--market-based", "--line", "2").stdout
    assert run("explain", group, "--market-based", "--line", "99").returncode == 2


@pytest.mark.slow
def test_policies_that_nobody_stated_are_marked(group):
    """The report tells defaults from choices."""
    text = run("report", group).stdout
    assert "ghgp_s2_2015 (by default)" in " ".join(text.split())
    rows = {row["policy"]: row["stated"] for row in cl.open_book(group).report().to_dict()["policies"]}
    assert rows["gwp"]
    assert not rows["scope_2_rules"]


def test_attributes_that_nobody_stated_are_asked_for(group):
    """Own generation counts 0 market-based only if somebody says what became of its certificates."""
    report = changed(group, "book.toml", 'own_attributes = "kept"', "")
    assert "ATTRIBUTES_NOT_STATED" in {finding.rule for finding in report.findings}


@pytest.mark.slow
def test_how_much_is_measured_and_estimated_is_said(group):
    """Electricity of the north measured (557.19 t), the gas estimated (432.4378 t), the rest not stated, of 1,264.6669 t."""
    changed(group, "entries.csv", "备注\n", "备注,数据类型\n")
    path = group / "entries.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *(f"{row}," for row in rows), ""]), encoding="utf-8")
    changed(group, "entries.csv", "锅炉,\n", "锅炉,估算\n")
    report = changed(group, "entries.csv", "不扣减上网电量,\n", "不扣减上网电量,实测\n")
    assert report.data_types() == {
        "actual": pytest.approx(557.19 / 1264.6669),
        "estimated": pytest.approx(432.4378 / 1264.6669),
        "not_stated": pytest.approx((1264.6669 - 557.19 - 432.4378) / 1264.6669),
    }
    assert "Emissions by data type: actual 44.06 %" in run("report", group).stdout
