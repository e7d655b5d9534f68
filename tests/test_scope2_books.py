"""Scope 2 of whole books: shares, sites, sales, tariffs and spreadsheets."""

from datetime import datetime

import pytest
import xlsxwriter

import carbonledger as cl
from carbonledger.disclosure.frameworks import disclose

G, R = 0.5306, 0.6096
BOOK = """[company]
name_zh = "甲"
name_en = "A"
reporting_year = 2023
region = "{region}"
[boundary]
{approach}
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["{edition}"]
[scope_2]
instruments = "{records}"
own_attributes = "{own}"
direct_line_attributes = "kept"
[files]
entries = ["entries.csv"]
{more}
"""
HEAD = "kind,registry,first_id,last_id,mwh,t_per_mwh,technology,market,generation_month,retired_on,entity,origin,use,credit\n"
TWO = """[[entity]]
id = "north"
name_zh = "北方厂"
name_en = "North"
[[entity]]
id = "east"
name_zh = "东方厂"
name_en = "East"
"""
HELD = """[[holding]]
entity = "north"
ownership_percent = 100
[[holding]]
entity = "东方厂"
ownership_percent = 60
"""


@pytest.fixture
def scope_2(tmp_path):
    """Market-based scope 2 of a book of some rows and records."""

    def calculate(
        rows, records="", *, own="by_certificate", approach="", more="", region="CN", edition="cn-mee-nbs-grid@2023"
    ):
        (tmp_path / "entries.csv").write_text("entity,site,activity,amount,unit,year\n" + rows, encoding="utf-8")
        (tmp_path / "instruments.csv").write_text(HEAD + records, encoding="utf-8")
        settings = BOOK.format(
            own=own, approach=approach, more=more, region=region, edition=edition, records="instruments.csv"
        )
        (tmp_path / "book.toml").write_text(settings, encoding="utf-8")
        book = cl.open_book(tmp_path)
        return book.reporting_year().scope_2

    return calculate


EAST = "东方厂,,grid electricity,400,MWh,2023\n东方厂,,solar,200,MWh,2023\n东方厂,,electricity.exported,50,MWh,2023\n"


@pytest.mark.parametrize(("origin", "mwh", "expected"), [("own_use", 100, (240 + 60) * R), ("own_export", 50, 240 * R)])
def test_what_was_sold_counts_at_the_share_of_its_company(scope_2, origin, mwh, expected):
    """60 % of 400 bought; 60 % of 100 certificates of own use sold; those of the export leave own use alone."""
    record = f"certificate,GEC,1,{mwh},{mwh},0,solar,CN,2023-06,,东方厂,{origin},sold,\n"
    result = scope_2(EAST, record, approach='approach = "equity_share"', more=TWO + HELD)
    assert result.market_based_tco2e == pytest.approx(expected)


def test_what_was_sold_in_other_years_is_not_of_this_one(scope_2):
    """Certificates of June 2022 say nothing about 2023."""
    record = "certificate,GEC,1,150,150,0,solar,CN,2022-06,,,own_use,sold,\n"
    assert scope_2("a,,solar,200,MWh,2023\n", record).market_based_tco2e == 0


def test_credits_of_own_use_take_its_attributes(scope_2):
    """Row 13: 150 MWh whose CCER were sold count at the residual mix, and one finding says why."""
    record = "certificate,GEC,1,150,150,0,solar,CN,2023-06,2024-01-10,,own_use,claimed,CCER-1\n"
    result = scope_2("a,,solar,200,MWh,2023\n", record)
    assert result.market_based_tco2e == pytest.approx(150 * R)
    assert "CERTIFICATE_NOT_TRADABLE" not in {finding.rule for finding in result.findings}


def test_an_export_is_sold_or_claimed(scope_2):
    """50 MWh exported, 50 sold and 50 retired for the own load: nothing is left to claim."""
    records = (
        "certificate,GEC,1,50,50,0,solar,CN,2023-06,,,own_export,sold,\n"
        "certificate,GEC,51,100,50,0,solar,CN,2023-06,2024-01-10,,own_export,claimed,\n"
    )
    rows = "a,,grid electricity,900,MWh,2023\na,,electricity.exported,50,MWh,2023\n"
    result = scope_2(rows, records)
    assert result.market_based_tco2e == pytest.approx(900 * R)
    assert "OWN_EXPORT_EXCEEDED" in {finding.rule for finding in result.findings}


def test_a_site_keeps_what_the_group_sells(scope_2):
    """The group sold, site A kept 200 of 300 MWh: 100 count at the residual mix. The site is named as in the entries."""
    more = TWO + '[[site]]\nid = "A"\nentity = "北方厂"\nown_attributes = "kept"\n'
    rows = "北方厂,A,solar,200,MWh,2023\n北方厂,B,solar,100,MWh,2023\n"
    assert scope_2(rows, own="sold", more=more).market_based_tco2e == pytest.approx(100 * R)


def test_instruments_of_strangers_cover_nothing(scope_2):
    """A misspelt company is an error, not the whole group."""
    record = "certificate,GEC,1,100,100,0,wind,CN,2023-06,2024-01-10,Esat,bought,claimed,\n"
    result = scope_2("东方厂,,grid electricity,400,MWh,2023\n", record, more=TWO + HELD)
    assert result.market_based_tco2e == pytest.approx(400 * R)
    assert "INSTRUMENT_ENTITY_UNKNOWN" in {finding.rule for finding in result.findings}


def test_a_tariff_covers_its_own_company(scope_2):
    """A tariff of north, 1,000 MWh at 0.2, covers its 100 MWh and none of east's 900."""
    rows = "北方厂,,grid electricity,100,MWh,2023\n东方厂,,grid electricity,900,MWh,2023\n"
    record = "supplier_rate,,,,1000,0.2,wind,CN,,,北方厂,,claimed,\n"
    assert scope_2(rows, record, more=TWO).market_based_tco2e == pytest.approx(100 * 0.2 + 900 * R)


def test_sold_own_use_without_purchases_counts_at_the_grid_average(scope_2):
    """GB has no residual mix and nothing is bought: 200 MWh at the published 0.20705 t/MWh (UK factors 2023: 0.207074)."""
    result = scope_2("a,,solar,200,MWh,2023\n", own="sold", region="GB", edition="uk-desnz@2023")
    assert result.market_based_tco2e == pytest.approx(200 * 0.207, rel=1e-3)


def test_no_load_is_left_over_by_binary_arithmetic(scope_2):
    """Seven bills of 4.215 MWh, all under contract: nothing at the residual mix, and a total of 0."""
    rows = "".join(f"a,{at},grid electricity,4.215,MWh,2023\n" for at in range(7))
    result = scope_2(rows, "contract,,,,100,0,wind,CN,2023-06,,,,claimed,\n")
    assert [level.level for level in result.levels] == [2]
    assert str(result.market_based_tco2e) == "0.0"


def test_records_from_a_workbook(tmp_path, scope_2):
    """Numbers and months as spreadsheets hold them: 5001.0 is a number, the first of June a month, valid for two years."""
    scope_2("a,,grid electricity,900,MWh,2023\n")
    with xlsxwriter.Workbook(tmp_path / "instruments.xlsx") as workbook:
        sheet, days = workbook.add_worksheet(), workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEAD.strip().split(","))
        sheet.write_row(1, 0, ["certificate", "GEC", 5001, 5100, 100, 0, "wind", "CN"])
        sheet.write_datetime(1, 8, datetime(2021, 12, 1), days)
        sheet.write_datetime(1, 9, datetime(2023, 12, 20), days)
    path = tmp_path / "book.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("instruments.csv", "instruments.xlsx"), encoding="utf-8")
    book = cl.open_book(tmp_path)
    result = book.reporting_year().scope_2
    assert result.market_based_tco2e == pytest.approx(800 * R)
    assert book.reporting_year().instruments[0].last_id == 5100


def test_electricity_of_fuel_by_direct_line_stands_in_every_table(tmp_path):
    """GRI 302-1 counts it as electricity purchased, as the energy table does."""
    own = "factor_id,activity,region,gas,value,unit,source_locator,data_year\nx,electricity.direct_line.fossil,CN,CO2,0.4,t/MWh,c,2023\n"
    (tmp_path / "own.csv").write_text(own, encoding="utf-8")
    facts = {"publisher": "P", "document": "D", "how_verified": "v", "transcribed_by": "t"}
    cl.factors.new_edition("mine", folder=tmp_path / "f", source=tmp_path / "own.csv", facts=facts)
    assert cl.factors.seal_edition("mine@1", tmp_path / "f") == []
    rows = [
        {"activity": name, "amount": mwh, "unit": "MWh", "year": 2023, "region": "CN"}
        for name, mwh in (("grid electricity", 400), ("electricity.direct_line.fossil", 100))
    ]
    factors = cl.load_factors("cn-mee-nbs-grid@2023", "mine@1", folder=tmp_path / "f")
    inventory = cl.calculate(cl.read_entries(rows), factors, gwp="ipcc-ar5@2013")
    table = disclose(inventory, "gri-302-1").set_index("row")["value"]
    assert table["gri_total"] == pytest.approx(1800) == inventory.total_energy().magnitude


def test_records_in_chinese(tmp_path, scope_2):
    """Headings and words of a Chinese table of certificates are understood."""
    scope_2("a,,grid electricity,900,MWh,2023\n")
    (tmp_path / "instruments.csv").write_text(
        "凭证类型,登记系统,起始编号,终止编号,电量,排放率,发电技术,市场,发电月份,注销日期,来源性质\n"
        "绿证,GEC,1,100,100,0,风电,中国,2023-06,2024-01-10,购入\n",
        encoding="utf-8",
    )
    book = cl.open_book(tmp_path)
    assert book.reporting_year().scope_2.market_based_tco2e == pytest.approx(800 * R)
