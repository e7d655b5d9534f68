"""A new book: it is read back, everything used is priced or said not to be, and nothing that is there is written over."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.activity_data.entry_headings import field_of_heading
from carbonledger.beginning import new_book as new_book_module
from carbonledger.beginning.answers import read_place
from carbonledger.beginning.guide_text import ENTRY_FIELDS, headings
from carbonledger.beginning.new_book import pins_for
from carbonledger.beginning.pins import propose
from carbonledger.beginning.questions import Given, read_answers
from carbonledger.beginning.reasons import activity_words
from carbonledger.beginning.settings_text import region_text
from carbonledger.beginning.uses import menu, read_uses
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.errors import BookError, EditionError, MissingBridgeError, RegionError, UnknownActivityError
from carbonledger.core.periods import Period, months_of
from carbonledger.factors.gwp import read_gwp
from carbonledger.inventory.why import gwp_sets

PLAIN = {"name": "Acme", "region": "GB", "year": 2024, "uses": "power, gas", "gwp": "AR5", "scope_2": "location"}
FACTOR_RULES = {"MISSING_FACTOR", "UNRESOLVED_FACTOR", "MISSING_BRIDGE", "HEATING_VALUE_UNKNOWN"}
# Places in and beyond what the library carries, and what is used there.
REGIONS = st.sampled_from(
    [
        *("CN", "CN-SD", "CN-BJ", "CN-XZ", "HK", "TW", "GB", "US", "US-TX", "US-NV", "US-EGRID-CAMX", "DE", "FR", "PL"),
        *("AU", "AU-NSW", "CA", "CA-ON", "NZ", "IN", "SG", "JP", "BR", "GLOBAL"),
    ]
)
WORDS = st.sampled_from(
    [*menu(), "烟煤", "R-410A", "HFC-134a", "fuel.kerosene", "fuel.fuel_oil", "electricity.load", "heat.exported"]
)


@pytest.fixture(autouse=True)
def plain_files(monkeypatch):
    """Entries as CSV, so that a test can fill them in."""
    monkeypatch.setattr(new_book_module, "entries_name", lambda: "entries.csv")


def fill(folder, answers, pins, lang, words=0):
    """Fill in each source for each month, in the units and with the words that the book proposes; how many rows."""
    by_place = {(item.activity, item.region): item for item in pins.proposals}
    regions = {(place.entity, place.site): place.region for place in answers.places}
    rows = []
    for source in answers.sources():
        region = regions[source.entity, source.site]
        item = by_place[source.activity, region]
        for month in months_of(Period.of_year(answers.year, answers.first_month)):
            year = month.start.year
            answer = item.by_year.get(year) or next(iter(item.by_year.values()), None)
            way = answer.ways[words % len(answer.ways)] if answer else None
            factor = way.words[words % len(way.words)] if way and way.words else ""
            unit = way.unit if way else ("kWh" if taxonomy()[source.activity].measured_in("energy") else "kg")
            name = activity_words(source.activity, answers.region, lang)
            cells = {"entity": source.entity, "site": source.site, "source": source.source, "activity": name}
            cells |= {
                "amount": "1.5",
                "unit": unit,
                "year": str(year),
                "month": str(month.start.month),
                "factor": factor,
            }
            rows.append([cells.get(field, "") for field in ENTRY_FIELDS])
    with (folder / "entries.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return len(rows)


@pytest.mark.slow
@given(
    regions=st.lists(REGIONS, min_size=1, max_size=2, unique=True),
    words=st.lists(WORDS, min_size=1, max_size=3, unique=True),
    year=st.integers(2014, 2026),
    first_month=st.sampled_from([1, 1, 4]),
    gwp=st.sampled_from(gwp_sets(None)),
    scope_2=st.sampled_from(["location", "both"]),
    lang=st.sampled_from(["en", "zh"]),
    way=st.integers(0, 7),
)
def test_whatever_is_answered(tmp_path_factory, regions, words, year, first_month, gwp, scope_2, lang, way):
    """Every book is read back; empty it is said to be so; filled in, each use is calculated or was said not to be priced."""
    folder = tmp_path_factory.mktemp("law") / "book"
    placed = [region_text(region, regions[0]) for region in regions]
    sites = [f"S{number}={region}" for number, region in enumerate(placed)] if len(regions) > 1 else []
    name = '甲/乙=丙 "x\\" # ]'
    stated = Given(name, regions[0], str(year), str(first_month), words, (), sites, gwp, scope_2, "kept")
    answers = read_answers(stated, lang)
    pins = pins_for(answers)
    book = new_book_module.begin_book(folder, answers, pins)
    empty = book.status()
    assert {"NO_ENTRIES", "SOURCE_WITHOUT_ENTRIES"} <= {finding.rule for finding in empty.findings}
    assert (empty.exit_code, empty.months_with("missing")) == (1, 12 * len(answers.sources()))
    rows = fill(folder, answers, pins, lang, way)
    full = cl.open_book(folder).reporting_year()
    assert len(full.entries.frame) == rows
    told = {(item.activity, item.region, year) for item, year in pins.unpriced()}
    if told and len(told) == len(pins.proposals) * len(pins.years):
        text = (folder / "README.md").read_text(encoding="utf-8")
        assert ("NOT PRICED" in text) or ("没有因子" in text)
        return
    refused = [
        finding for finding in full.inventory.findings if finding.rule in FACTOR_RULES and finding.effect == "excluded"
    ]
    lines = full.inventory.lines
    unpriced = lines[lines["emissions_tco2e"].isna()]
    found = {(str(row.activity), str(row.region), int(row.year)) for row in unpriced.itertuples()}
    assert found <= told, [str(finding) for finding in refused]
    assert bool(refused) == bool(told)


def test_the_reason_is_true(tmp_path):
    """What the book says prices a use is what prices it: the editions of the lines are those of the proposal."""
    folder = tmp_path / "group"
    sites = ("北方厂/济南=山东: power, gas, diesel, pv", "Köln=DE: power, gas, diesel")
    stated = Given("集团", "CN", "2024", "", (), (), sites, "AR5", "both", "kept")
    answers = read_answers(stated, "zh")
    pins = pins_for(answers)
    new_book_module.begin_book(folder, answers, pins)
    fill(folder, answers, pins, "zh")
    lines = cl.open_book(folder).inventory().lines
    for item in pins.proposals:
        used = lines[(lines["activity"] == item.activity) & (lines["region"] == item.region)]
        editions = {name.partition(":")[0] for ids in used["factor_ids"] for name in ids.split("; ") if name}
        assert set(item.by_year[2024].editions if item.by_year else ()) <= editions


def test_rules_choose_and_not_names():
    """The nearest region and year first, one publisher's table for all fuels of a place, the surest before the newest."""
    fuels = [(name, "CN-SD") for use in ("gas", "diesel", "gasoline", "lpg") for name in menu()[use].activities]
    pins = propose([("electricity.grid", "CN-SD"), *fuels], (2025,), read_gwp("ipcc-ar5@2013"))
    assert pins.emissions == ("cn-mee-nbs-grid@2023", "cn-ndrc-fuels-b@2013")
    assert (pins.energy, pins.standard_coal) == (("cn-energy-yearbook@2021",), ("cn-gbt-2589@2020",))
    assert pins.proposals[0].others == ("cn-mee-grid-enterprise@2022",)
    earlier = propose([("electricity.grid", "GB")], (2021, 2022), read_gwp("ipcc-ar5@2013"))
    assert earlier.emissions == ("uk-desnz@2021-r1", "uk-desnz@2022")


def test_another_edition_can_be_chosen():
    """An edition that is wanted prices its activity; one that cannot is refused with those that can."""
    wanted = read_answers(
        Given("A", "山东", "2025", "", ("电",), gwp="AR5", scope_2="location", edition=("电=cn-mee-grid-enterprise",))
    )
    assert pins_for(wanted).emissions == ("cn-mee-grid-enterprise@2022",)
    refused = read_answers(
        Given("A", "山东", "2025", "", ("电",), gwp="AR5", scope_2="location", edition=("电=uk-desnz@2025",))
    )
    with pytest.raises(EditionError, match="cn-mee-nbs-grid@2023, cn-mee-grid-enterprise@2022"):
        pins_for(refused)


def test_what_nothing_prices_is_said(tmp_path):
    """Hong Kong's power has no factor: the settings and the guide say so, with what to do, and the book can be read."""
    book = cl.new_book(tmp_path / "hk", **{**PLAIN, "region": "HK", "uses": "power", "year": 2025})
    text = (book.folder / "book.toml").read_text(encoding="utf-8")
    assert "# [[factors.own]]" in text
    assert "NOT PRICED in 2025" in text
    assert "NOT PRICED in 2025" in (book.folder / "README.md").read_text(encoding="utf-8")
    own = text.replace("# [[factors.own]]", "[[factors.own]]").replace("0.000 kg CO2/kWh", "0.39 kg CO2/kWh")
    lines = [line.removeprefix("# ") if line.startswith(OWN) else line for line in own.splitlines()]
    (book.folder / "book.toml").write_text("\n".join(lines), encoding="utf-8")
    with (book.folder / "entries.csv").open("a", encoding="utf-8") as stream:
        stream.write(",,,electricity.grid,1000,kWh,2025,,,,,\n")
    report = cl.report(book.folder)
    assert report.completeness.complete
    assert report.totals()["total_location_based_tco2e"] == pytest.approx(0.39)


OWN = ("# activity =", "# value =", "# region =", "# year =", "# source =")


def test_nothing_is_assumed(tmp_path):
    """Every question that nothing may be assumed of is named at once, with its option and the choices; nothing is written."""
    with pytest.raises(BookError) as caught:
        read_answers(Given())
    text = caught.value.text_in("zh")
    for flag in ("--name", "--region", "--year", "--use", "--gwp", "--scope-2"):
        assert flag in text
    assert "ipcc-ar6@2021" in text
    assert "location" in text
    with pytest.raises(BookError, match="--own-attributes"):
        cl.new_book(tmp_path / "a", **{**PLAIN, "uses": "power, pv", "scope_2": "both"})
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"region": "Shandon"}, RegionError, "CN-SD"),
        ({"region": "Georgia"}, RegionError, "US-GA"),
        ({"uses": "refrigerants"}, UnknownActivityError, "refrigerant.r_410a"),
        ({"uses": "99"}, UnknownActivityError, "menu"),
        ({"uses": " , 、"}, BookError, "--use"),
        ({"gwp": "AR7"}, BookError, "ipcc-ar6@2021"),
        ({"scope_2": "market"}, BookError, "location, both"),
        ({"year": 24}, BookError, "1900"),
        ({"year": "２０２５x"}, BookError, "--year"),
        ({"first_month": 13}, BookError, "12"),
        ({"name": "  "}, BookError, "--name"),
        ({"sites": ["Jinan"]}, BookError, "REGION"),
        ({"sites": ["Jinan=CN-SD", "Jinan=CN-SD"]}, BookError, "twice"),
        ({"sites": ["Jinan=Nowhere"]}, RegionError, "Nowhere"),
        ({"own_attributes": "lost"}, BookError, "kept, sold"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, change, kind, words):
    """An answer that cannot be read is refused with the way out, and no folder is there afterwards."""
    with pytest.raises(kind, match=words):
        cl.new_book(tmp_path / "new", **{**PLAIN, **change})
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path):
    """A folder with something in it, a file and a link to nowhere are refused and stay as they are; an empty folder is filled."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name, words in (("full", "notes.txt"), ("file", "no folder"), ("link", "no folder")):
        with pytest.raises(BookError, match=words):
            cl.new_book(tmp_path / name, **PLAIN)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["notes.txt"]
    (tmp_path / "empty").mkdir()
    book = cl.new_book(tmp_path / "empty", **PLAIN)
    assert sorted(path.name for path in book.folder.iterdir()) == ["README.md", "book.toml", "entries.csv"]
    with pytest.raises(BookError, match="not empty"):
        cl.new_book(tmp_path / "empty", **PLAIN)


def test_the_folder_where_one_stands(tmp_path, monkeypatch):
    """An empty working folder is filled, as `carbonledger init` without a folder asks for."""
    monkeypatch.chdir(tmp_path)
    assert cl.new_book(".", **PLAIN).year == 2024
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "book.toml", "entries.csv"]


def test_no_folder_is_half_written(tmp_path, monkeypatch):
    """A disk that fills up, or settings that could not be read back, leave nothing behind, in a new folder and in an empty one."""
    (tmp_path / "empty").mkdir()

    def refuse(*_):
        raise OSError(28, "No space left on device")

    for name, words in (("carbonledger.core.files._flush_folder", "No space"), ("os.fsync", "No space")):
        with monkeypatch.context() as patch:
            patch.setattr(name, refuse)
            for folder in ("empty", "new"):
                with pytest.raises(BookError, match=words):
                    cl.new_book(tmp_path / folder, **PLAIN)
    monkeypatch.setattr(new_book_module, "settings_text", lambda *_: "[company]\nyear = 1\n")
    for folder in ("empty", "new"):
        with pytest.raises(BookError, match="reporting_year"):
            cl.new_book(tmp_path / folder, **PLAIN)
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    assert list((tmp_path / "empty").iterdir()) == []


def test_names_are_safe(tmp_path):
    """Quotation marks, backslashes, line ends and signs of TOML in names come back as they were written."""
    name = 'A "B" \\ [c] # 甲\u202e'
    book = cl.new_book(tmp_path / "x", **{**PLAIN, "name": name, "sites": ['Z="=GB', "'q'=GB"], "entities": ['E "1"']})
    company = book.settings.company
    assert name in (company.name_en, company.name_zh)
    assert [site.id for site in book.settings.sites] == ['Z="', "'q'"]
    assert book.settings.entities[0].id == 'E "1"'


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_headings_are_read(lang, tmp_path):
    """Every heading of the file of entries is read as its field; the CSV begins with the mark by which Excel knows UTF-8."""
    assert [field_of_heading(text) for text in headings(lang)] == list(ENTRY_FIELDS)
    book = cl.new_book(tmp_path / "x", **PLAIN, lang=lang)
    content = (book.folder / "entries.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert next(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == headings(lang)


def test_a_workbook_if_workbooks_can_be_read(tmp_path, monkeypatch):
    """With the extra the file of entries is a workbook, which reads without a row and without a doubt."""
    monkeypatch.setattr(new_book_module, "entries_name", lambda: "entries.xlsx")
    book = cl.new_book(tmp_path / "x", **PLAIN, lang="zh")
    assert len(book.entries) == 0
    assert book.entries.findings == ()


def test_every_line_of_the_menu_is_read():
    """Names, labels in both languages and numbers of the menu mean its lines, and every activity of the menu is known."""
    for number, use in enumerate(menu().values(), start=1):
        assert all(name in taxonomy() for name in use.activities)
        assert read_uses([use.name]) == read_uses([str(number)]) == (use,)
        assert read_uses([use.label.en]) == read_uses([use.label.zh]) == (use,)
    assert [use.name for use in read_uses(["电、天然气；光伏", "汽油，柴油"], "CN")] == [
        "power",
        "gas",
        "pv",
        "gasoline",
        "diesel",
    ]


def test_a_site_abroad_is_read_where_its_code_means_two_places(tmp_path):
    """A site in India of a company in the US: the code IN could be Indiana, so the settings name the country."""
    book = cl.new_book(tmp_path / "x", **{**PLAIN, "region": "US", "sites": ["Pune=India", "Gary=US-IN"]})
    with (book.folder / "entries.csv").open("a", encoding="utf-8") as stream:
        stream.write(",Pune,,electricity.grid,1000,kWh,2024,,,,,\n,Gary,,electricity.grid,1000,kWh,2024,,,,,\n")
    assert list(cl.open_book(book.folder).entries.frame["region"]) == ["IN", "US-IN"]


def test_places_are_read():
    """A site may leave out its company and name what is used there; a name may hold an equals sign."""
    place = read_place("甲/乙=丙=山东：电")
    assert (place.entity, place.site, place.region, place.uses[0].name) == ("甲", "乙=丙", "CN-SD", "power")
    assert read_place("HQ = UK").region == "GB"


def test_two_tables_of_one_fuel_are_a_finding():
    """Two pinned tables with different calorific values of gasoline, and an amount in litres: a finding, and no end of the run."""
    pins = cl.load_factors("cn-ndrc-fuels-a@2013", "cn-ndrc-fuels-b@2013")
    entries = cl.read_entries([{"activity": "gasoline", "amount": 1, "unit": "L", "year": 2025, "region": "CN-SD"}])
    with pytest.raises(MissingBridgeError, match="density") as caught:
        cl.calculate(entries, pins, gwp="ipcc-ar5@2013")
    assert "The library carries: density" in str(caught.value)
    assert "calorific value 4" not in str(caught.value)
