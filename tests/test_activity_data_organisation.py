"""Organisational boundaries: three approaches, shares by day."""

import shutil
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.activity_data.entries import without_duplicates
from carbonledger.activity_data.organisation import Holding, check_holdings, consolidation_share
from carbonledger.activity_data.sites import Site, with_regions
from carbonledger.core.periods import Period
from carbonledger.inventory.consolidation import compare_approaches, consolidate
from tests.support import PINS, PROJECT

YEAR = Period.of_year(2024)
SUBSIDIARY = Holding("subsidiary", 80, financial_control=True, operational_control=True)
VENTURE = Holding("venture", 50, joint_financial_control=True)
ASSOCIATE = Holding("associate", 30)
OPERATED = Holding("operated", 40, operational_control=True)


# GHG Protocol Corporate Standard, chapter 3, table 1: what each approach takes of an operation.
@pytest.mark.parametrize(
    ("holding", "equity", "financial", "operational"),
    [(SUBSIDIARY, 0.8, 1, 1), (VENTURE, 0.5, 0.5, 0), (ASSOCIATE, 0.3, 0, 0), (OPERATED, 0.4, 0, 1)],
)
def test_shares(holding, equity, financial, operational):
    """Equity share, financial control with joint ventures by equity, operational control all or nothing."""
    shares = [holding.share(name) for name in ("equity_share", "financial_control", "operational_control")]
    assert shares == [pytest.approx(equity), financial, operational]


def test_a_share_that_changes_counts_by_days():
    """30 % until the end of March, 80 % from April: (91 x 0.3 + 275 x 0.8) / 366."""
    holdings = [
        Holding("a", 30, valid_to=date(2024, 3, 31)),
        Holding("a", 80, valid_from=date(2024, 4, 1)),
    ]
    assert check_holdings(holdings) == []
    share = consolidation_share(holdings, "a", "equity_share", YEAR)
    assert share == pytest.approx((91 * 0.3 + 275 * 0.8) / 366)


def test_impossible_holdings_are_found():
    """Shares beyond 100 %, overlapping validity and double control are findings."""
    bad = [Holding("a", 120), Holding("a", 50), Holding("b", 50, financial_control=True, joint_financial_control=True)]
    assert [finding.rule for finding in check_holdings(bad)] == [
        "SHARE_BEYOND_100",
        "VALIDITY_OVERLAP",
        "CONTROL_TWICE",
    ]


def inventory():
    """One MWh of grid electricity in each of five companies."""
    rows = [
        {"entity": name, "activity": "电力", "amount": 1, "unit": "MWh", "year": 2024, "region": "CN"}
        for name in ("subsidiary", "venture", "associate", "operated", "stranger")
    ]
    return cl.calculate(cl.read_entries(rows), cl.load_factors(*PINS), gwp="ipcc-ar5@2013")


def test_consolidation():
    """The consolidated total is the sum of share times emissions; a company without holding is left out and named."""
    holdings = [SUBSIDIARY, VENTURE, ASSOCIATE, OPERATED]
    result = consolidate(inventory(), holdings, "equity_share")
    assert result.total_location_based().magnitude == pytest.approx((0.8 + 0.5 + 0.3 + 0.4) * 0.5703)
    assert [finding.rule for finding in result.findings] == ["ENTITY_WITHOUT_HOLDING"]
    assert not result.complete
    assert result.by("gas")["tonnes"].sum() == pytest.approx(result.total_location_based().magnitude)
    table = compare_approaches(inventory(), holdings).set_index("scope").loc["total"]
    assert table.to_dict() == {
        "equity_share": pytest.approx(2.0 * 0.5703),
        "financial_control": pytest.approx(1.5 * 0.5703),
        "operational_control": pytest.approx(2.0 * 0.5703),
    }


@given(st.floats(0, 100), st.dates(date(2024, 1, 2), date(2024, 12, 31)))
def test_a_holding_in_two_parts_is_the_holding(percent, day):
    """Splitting a holding in time changes nothing."""
    parts = [
        Holding("a", percent, valid_to=date.fromordinal(day.toordinal() - 1)),
        Holding("a", percent, valid_from=day),
    ]
    whole = consolidation_share([Holding("a", percent)], "a", "equity_share", YEAR)
    assert consolidation_share(parts, "a", "equity_share", YEAR) == pytest.approx(whole)


def test_a_book_switches_its_approach(tmp_path):
    """Switching the approach is one setting."""
    text = (
        '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2024\nregion = "CN"\n'
        '[boundary]\napproach = "APPROACH"\n'
        '[[holding]]\nentity = "mine"\nownership_percent = 60\nfinancial_control = true\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-grid-enterprise@2022"]\n[files]\nentries = ["entries.csv"]\n'
    )
    (tmp_path / "entries.csv").write_text(
        "entity,activity,amount,unit,year\nmine,电力,100,MWh,2024\n", encoding="utf-8"
    )
    for approach, expected in (("equity_share", 34.218), ("financial_control", 57.03)):
        (tmp_path / "book.toml").write_text(text.replace("APPROACH", approach), encoding="utf-8")
        assert cl.open_book(tmp_path).inventory().total_location_based().magnitude == pytest.approx(expected)
    (tmp_path / "book.toml").write_text(text.replace("APPROACH", "by_gut_feeling"), encoding="utf-8")
    with pytest.raises(cl.errors.BookError, match="approach"):
        cl.open_book(tmp_path)


def test_what_is_held_through_another_counts_its_share():
    """80 % of a company that holds 50 % is 40 %; two ways to hold one add up; control must hold along the chain."""
    holdings = [
        Holding("parent", 80, financial_control=True, operational_control=True),
        Holding("child", 50, joint_financial_control=True, held_by="parent"),
        Holding("child", 10),
    ]
    assert check_holdings(holdings) == []
    assert consolidation_share(holdings, "child", "equity_share", YEAR) == pytest.approx(0.5)
    assert consolidation_share(holdings, "child", "financial_control", YEAR) == pytest.approx(0.5)
    assert consolidation_share(holdings, "child", "operational_control", YEAR) == 0


def test_circles_and_unknown_holders_are_found():
    """A company cannot hold itself over others, nor be held by one that is not listed."""
    circle = [Holding("a", 50, held_by="b"), Holding("b", 50, held_by="a"), Holding("c", 50, held_by="nobody")]
    assert [finding.rule for finding in check_holdings(circle)] == ["HOLDING_CYCLE", "HOLDING_CYCLE", "HOLDER_UNKNOWN"]
    assert consolidation_share(circle, "a", "equity_share", YEAR) == 0


def test_the_seven_companies_of_techen():
    """Two of seven have data; control takes all of it, and an equity share nobody disclosed is refused, never guessed."""
    book = cl.open_book(PROJECT / "examples" / "techen-organisation")
    assert len([entity for entity in book.settings.entities if entity.id != "group"]) == 7
    assert not [finding for finding in book.check() if finding.severity == "error"]
    totals = book.reporting_year().approaches().set_index("scope").loc["total"]
    seed = cl.open_book(PROJECT / "seeds" / "techen-2024").inventory().total_location_based().magnitude
    assert totals["operational_control"] == totals["financial_control"] == pytest.approx(seed)
    assert totals["equity_share"] != totals["equity_share"]


def test_sites_give_regions_and_are_checked(tmp_path):
    """An entry takes its site's grid; unlisted, silent and closed sites are findings."""
    (tmp_path / "book.toml").write_text(
        '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2023\nregion = "CN"\n'
        '[[entity]]\nid = "a"\nname_zh = "甲"\nname_en = "A"\n[[entity]]\nid = "b"\nname_zh = "乙"\nname_en = "B"\n'
        '[[site]]\nid = "north"\nentity = "a"\nregion = "山东"\n'
        '[[site]]\nid = "closed"\nentity = "a"\nvalid_to = 2022-12-31\n[[site]]\nid = "silent"\nentity = "a"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-nbs-grid@2023"]\n[files]\nentries = ["entries.csv"]\n'
    )
    (tmp_path / "entries.csv").write_text(
        "entity,site,activity,amount,unit,year\na,north,电力,100,MWh,2023\na,closed,电力,1,MWh,2023\na,other,电力,1,MWh,2023\n"
    )
    book = cl.open_book(tmp_path)
    assert list(book.entries.frame["region"]) == ["CN-SD", "CN", "CN"]
    rules = {finding.rule for finding in book.check()}
    assert {"ENTITY_WITHOUT_ENTRIES", "SITE_UNKNOWN", "SITE_NOT_OPERATING", "SITE_WITHOUT_ENTRIES"} <= rules


def placed(rows, sites, default="CN"):
    """Entries as a book reads them, with the regions of its sites."""
    common = {"activity": "electricity.grid", "amount": 1, "unit": "MWh", "year": 2023, "entity": "a"}
    read = cl.read_entries([common | row for row in rows])
    return without_duplicates(with_regions(read, sites, default))


SITES = [Site("north", "a", "山东"), Site("east", "a", "CN-JS"), Site("open", "a"), Site("south", "a", "CN-XX")]


def test_an_entry_in_another_region_than_its_site_is_left_out():
    """What equals, encloses or lies in the site's region stands as the entry says it; what contradicts it is an error at its row."""
    own = ["CN-SD", "CN", "CN-GRID-NORTH", "CN-JS", "US", ""]
    entries = placed([{"site": "north", "region": name, "evidence": str(at)} for at, name in enumerate(own)], SITES[:3])
    assert list(entries.frame["region"]) == ["CN-SD", "CN", "CN-GRID-NORTH", "CN-SD"]
    found = [finding for finding in entries.findings if finding.rule == "SITE_REGION_CONTRADICTS"]
    assert [(finding.severity, finding.row) for finding in found] == [("error", 5), ("error", 6)]
    assert found[0].message == "north lies in CN-SD (Shandong), but the entry says CN-JS (Jiangsu)."
    assert (entries.rows_read, entries.left_out) == (6, 2)


def test_an_entry_of_the_books_region_may_contradict_its_site():
    """That the entry's region is the one of the book does not hide that its site lies elsewhere."""
    entries = placed([{"site": "east", "region": "CN-SD"}, {"site": "open"}, {"site": ""}], SITES[:3], "山东")
    assert list(entries.frame["region"]) == ["CN-SD", "CN-SD"]
    assert [finding.rule for finding in entries.findings] == ["SITE_REGION_CONTRADICTS"]


def test_a_site_whose_region_cannot_be_read_is_a_finding():
    """Its entries do not become those of the nation: they are left out unless they say where they are."""
    entries = placed([{"site": "south"}, {"site": "south", "region": "CN-GD"}, {"site": "north"}], SITES)
    assert list(entries.frame["region"]) == ["CN-GD", "CN-SD"]
    finding, of_row = entries.findings
    assert (of_row.rule, of_row.row) == ("SITE_REGION_UNREAD", 2)
    assert (finding.rule, finding.severity, finding.file, finding.value) == (
        "UNKNOWN_REGION",
        "error",
        "book.toml",
        "CN-XX",
    )
    assert entries.left_out == 1


def test_rows_that_differ_by_a_region_left_blank_are_duplicates():
    """A row without region repeats one that names the region of the same site, whichever comes first."""
    for rows in ([{"region": "CN-SD"}, {}], [{}, {"region": "CN-SD"}]):
        entries = placed([{"site": "north"} | row for row in rows], SITES)
        assert [finding.rule for finding in entries.findings] == ["UNKNOWN_REGION", "DUPLICATE_ENTRY"]
        assert len(entries) == entries.left_out == 1


@given(
    st.lists(st.sampled_from(["", "CN", "CN-SD", "CN-JS", "CN-GRID-EAST", "US", "GLOBAL"]), min_size=1, max_size=8),
    st.randoms(),
)
def test_placing_is_of_each_entry_alone(regions, random):
    """The order of entries changes neither which stand nor where; every row stands or has a finding."""
    rows = [{"site": "north", "region": name, "evidence": str(at)} for at, name in enumerate(regions)]
    once = placed(rows, SITES[:3])
    mixed = placed(random.sample(rows, len(rows)), SITES[:3])
    assert sorted(once.frame["evidence"] + once.frame["region"]) == sorted(
        mixed.frame["evidence"] + mixed.frame["region"]
    )
    assert len(once) + len(once.findings) == len(rows) == once.rows_read
    assert once.left_out == len(once.findings)


def test_several_holders_cannot_have_more_than_all():
    """60 % by the parent and 50 % by a sister exceed the company."""
    holdings = [Holding("sister", 100), Holding("a", 60), Holding("a", 50, held_by="sister")]
    assert [finding.rule for finding in check_holdings(holdings)] == ["SHARE_BEYOND_100"]


def test_shares_that_exceed_all_only_later_are_found_too():
    """60 % all year and 60 % of another holder from June: 120 % from June on; a holding that ends before it begins counts never."""
    holdings = [
        Holding("x", 100),
        Holding("y", 100),
        Holding("a", 60, held_by="x"),
        Holding("a", 60, held_by="y", valid_from=date(2024, 6, 1)),
        Holding("b", 50, valid_from=date(2024, 6, 1), valid_to=date(2024, 3, 1)),
    ]
    found = {finding.rule: finding for finding in check_holdings(holdings)}
    assert set(found) == {"SHARE_BEYOND_100", "VALIDITY_REVERSED"}
    assert "from 2024-06-01 on is 120 %" in found["SHARE_BEYOND_100"].message
    assert consolidation_share(holdings, "b", "equity_share", YEAR) == 0


def test_holdings_without_an_approach_are_said(tmp_path):
    """Every company counts whole until one approach is chosen, and impossible shares are found even then."""
    book = shutil.copytree(PROJECT / "examples" / "chinese-group", tmp_path / "book")
    text = (book / "book.toml").read_text(encoding="utf-8").replace('approach = "operational_control"\n', "")
    (book / "book.toml").write_text(text.replace("ownership_percent = 60", "ownership_percent = 120"), encoding="utf-8")
    rules = {finding.rule for finding in cl.open_book(book).check()}
    assert {"APPROACH_NOT_STATED", "SHARE_BEYOND_100"} <= rules


def test_instruments_of_a_company_count_at_its_share(tmp_path):
    """By equity the east plant counts 60 %: its certificates of 100 MWh cover 60 MWh."""
    book = shutil.copytree(PROJECT / "examples" / "chinese-group", tmp_path / "book")
    settings = (book / "book.toml").read_text(encoding="utf-8")
    (book / "book.toml").write_text(settings.replace('operational_control"', 'equity_share"'), encoding="utf-8")
    records = book / "instruments.csv"
    text = records.read_text(encoding="utf-8").replace("北方厂,north", "东方厂,east").replace("5300,300", "5100,100")
    records.write_text(text, encoding="utf-8")
    opened = cl.open_book(book)
    levels = opened.reporting_year().scope_2.levels
    assert levels[0].mwh == pytest.approx(60)


def test_an_explanation_names_the_share(tmp_path):
    """A line that counts 60 % shows the whole amount, the share and its company."""
    book = shutil.copytree(PROJECT / "examples" / "chinese-group", tmp_path / "book")
    settings = (book / "book.toml").read_text(encoding="utf-8")
    (book / "book.toml").write_text(settings.replace('operational_control"', 'equity_share"'), encoding="utf-8")
    inventory = cl.open_book(book).inventory()
    texts = [str(inventory.explain(number)) for number in range(1, len(inventory.lines) + 1)]
    assert sum("400 MWh × 0.6 (share of east) × 0.5827 t CO2/MWh" in text for text in texts) == 1
    assert sum("a register beside the inventory" in text for text in texts) == 2
