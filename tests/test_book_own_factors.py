"""A factor that stands in book.toml itself: three lines, first of all editions, with its line, in the lock."""

import pytest

import carbonledger as cl
from tests.support import PROJECT, run

OWN = {"activity": "electricity.grid", "value": "0.412 kg CO2/kWh", "source": "Supplier X, contract 7, p. 3"}
ENTRIES = (
    "activity,amount,unit,year,region\n电力,1000,MWh,2024,CN-SD\n电力,900,MWh,2024,CN-BJ\n柴油,1000,kg,2024,CN-SD\n"
)


def tables(*factors):
    """The TOML of some factors; a number stays one."""
    return "".join(
        "[[factors.own]]\n"
        + "".join(
            f"{name} = {value}\n" if isinstance(value, float | int) else f'{name} = "{value}"\n'
            for name, value in one.items()
        )
        for one in factors
    )


@pytest.fixture
def book(tmp_path):
    """A writer of books with factors of their own."""

    def write(*factors, settings="", emissions=("cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013")):
        pinned = ", ".join(f'"{name}"' for name in emissions)
        (tmp_path / "entries.csv").write_text(ENTRIES, encoding="utf-8")
        (tmp_path / "book.toml").write_text(
            '[company]\nname_en = "A"\nreporting_year = 2024\nregion = "CN"\n'
            f'[factors]\ngwp = "ipcc-ar5@2013"\nemissions = [{pinned}]\n{settings}'
            f'{tables(*factors)}[files]\nentries = ["entries.csv"]\n',
            encoding="utf-8",
        )
        return tmp_path

    return write


def tonnes(folder):
    """Emissions of each line, t CO2e."""
    return [round(float(value), 3) for value in cl.open_book(folder).inventory().lines["emissions_tco2e"]]


def test_three_lines_are_enough(book):
    """The figure is used for every region before any edition, and the line says where it stands."""
    folder = book(OWN)
    opened = cl.open_book(folder)
    inventory = opened.inventory()
    assert [round(float(value), 3) for value in inventory.lines["emissions_tco2e"]] == [412, 370.8, 3.145]
    text = str(inventory.explain(1))
    assert "own@book:electricity.grid-co2 = 0.412 kg CO2/kWh" in text
    assert "Supplier X, contract 7, p. 3; book.toml, line 8: factors.own[1]" in text
    assert not [finding for finding in opened.check() if finding.severity == "error"]


def test_a_region_and_a_year_are_its_own(book):
    """A factor of Shandong 2024 prices Shandong in 2024; elsewhere the edition does."""
    plain = tonnes(book())
    assert tonnes(book(OWN | {"region": "山东", "year": 2024})) == [412, plain[1], plain[2]]
    assert tonnes(book(OWN | {"region": "CN-SD", "year": 2023})) == plain


def test_without_any_edition(book):
    """A book may have no other factors."""
    folder = book(OWN, OWN | {"activity": "fuel.diesel", "value": "3.1 kg CO2e/kg"}, emissions=())
    assert tonnes(folder) == [412, 370.8, 3.1]


@pytest.mark.parametrize(
    "cells",
    [
        {"value": 0.412, "unit": "kg CO2/kWh"},
        {"value": "0.412", "unit": "kg/kWh", "gas": "二氧化碳"},
        {"value": "412 g CO2e/kWh"},
    ],
)
def test_a_value_and_its_unit_in_several_ways(book, cells):
    """As one text, or as a number beside its unit."""
    assert tonnes(book(OWN | cells))[0] == 412


def test_carbon_content_comes_before_an_emission_factor(book):
    """An own carbon content is used, with the edition's oxidation factor and calorific value, not passed over."""
    folder = book(
        {"activity": "fuel.diesel", "parameter": "carbon_content", "value": "20 kgC/GJ", "source": "laboratory"}
    )
    assert "own@book:fuel.diesel-carbon_content-c" in str(cl.open_book(folder).inventory().explain(3))


@pytest.mark.parametrize(
    ("factors", "english", "chinese"),
    [
        ([OWN, OWN | {"value": "500 g CO2/kWh"}], "line 12: factors.own[2]: electricity.grid", "factors.own[2]：electricity.grid"),
        ([OWN | {"value": 0.412}], "has no unit", "没有单位"),
        ([OWN | {"unit": "kg/kWh"}], "both state a unit", "都写了单位"),
        ([OWN | {"value": "0.4 kg NOx/kWh"}], "knows the gas 'NOx'", "没有气体“NOx”"),
        ([OWN | {"value": "0.4 kg CO2"}], "per what", "没有注明"),
        ([OWN | {"value": "-0.4 kg CO2/kWh"}], "negative", "为负"),
        ([OWN | {"value": "0.4 kWh/kgCO2"}], "upside down", "颠倒"),
        ([OWN | {"activity": "electricty.grd"}], "not the name of one activity", "不能确定"),
        ([OWN | {"region": "Shandon"}], "line 12: factors.own[1].region", "第 12 行"),
        ([OWN | {"colour": "red"}], "no such setting", "没有这项设置"),
        ([{"activity": "electricity.grid", "value": "0.4 kg CO2/kWh"}], "source is missing", "缺少这项设置"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_with_its_line(book, factors, english, chinese):
    """Opening the book refuses it in both languages, before anything is calculated."""
    with pytest.raises(cl.errors.BookError) as raised:
        cl.open_book(book(*factors))
    assert "book.toml, line" in str(raised.value)
    assert english in str(raised.value)
    assert chinese in raised.value.text_in("zh")


def test_single_brackets_are_explained(book):
    """``[factors.own]`` is told to be ``[[factors.own]]``."""
    folder = book(OWN)
    path = folder / "book.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[[factors.own]]", "[factors.own]"), encoding="utf-8")
    with pytest.raises(cl.errors.BookError, match=r"Write \[\[factors.own\]\] in place of \[factors.own\]"):
        cl.open_book(folder)


def test_as_of_refuses_a_later_source(book):
    """A source with a later date is refused aloud; one without a date is known to who states it."""
    settings = "as_of = 2025-01-01\n"
    assert tonnes(book(OWN, settings=settings))[0] == 412
    with pytest.raises(cl.errors.BookError, match="after as_of"):
        cl.open_book(book(OWN | {"published": "2025-06-01"}, settings=settings))


def test_a_lock_holds_the_factors_of_the_book(book):
    """A comment above them changes nothing; another value or source does."""
    folder = book(OWN)
    assert run("lock", folder).returncode == 0
    path = folder / "book.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text("# a comment\n" + text, encoding="utf-8")
    assert run("report", folder, "--locked").returncode == 0
    for old, new in (("0.412", "0.413"), ("p. 3", "p. 4")):
        path.write_text(text.replace(old, new), encoding="utf-8")
        refused = run("report", folder, "--locked")
        assert refused.returncode == 1
        assert f"factors.own[1].{'value' if new == '0.413' else 'source'}" in refused.stderr
        assert "own@book has other figures than when it was locked" in refused.stderr


def test_an_upgrade_keeps_them(book):
    """What newer editions would change leaves the lines priced by the book's own factors as they are."""
    result = run("upgrade", book(OWN, emissions=("cn-mee-grid-enterprise@2021", "cn-ndrc-fuels-a@2013")))
    assert result.returncode == 0, result.stderr
    assert "own@book" not in result.stdout


def test_the_report_names_them_in_both_languages(book):
    """The list of factors used has them, with their status."""
    folder = book(OWN)
    for lang, words in (("en", "stated in the book"), ("zh", "账簿自有")):
        result = run("report", folder, "--lang", lang)
        assert result.returncode == 0, result.stderr
        assert "own@book" in result.stdout
        assert words in result.stdout


def test_from_python():
    """A script states them the same way, and a fault names the factor."""
    entries = cl.read_entries(
        [{"activity": "electricity.grid", "amount": 10, "unit": "MWh", "year": 2024, "region": "FR"}]
    )
    pinned = cl.load_factors(own=[OWN])
    assert cl.calculate(entries, pinned, gwp="ipcc-ar5@2013").total_location_based().magnitude == pytest.approx(4.12)
    with pytest.raises(
        cl.errors.EditionError, match=r"own\[1\]: there is no 'vlaue' of a factor. Did you mean 'value'\?"
    ):
        cl.load_factors(own=[{"activity": "electricity.grid", "vlaue": "0.4 kg CO2/kWh", "source": "x"}])


def test_nobody_else_can_have_the_name(tmp_path):
    """An edition in a folder cannot be called as the factors of the book."""
    with pytest.raises(cl.errors.EditionError, match=r"book\.toml itself"):
        cl.factors.new_edition("own", version="book", folder=tmp_path)


def test_the_example_is_what_its_table_gives(tmp_path):
    """The edition of `examples/own-factors` is made from its table by one command, and sealed as it is."""
    example = PROJECT / "examples" / "own-factors"
    place = cl.factors.new_edition("invented-suppliers", folder=tmp_path, source=example / "suppliers.csv")
    shipped = example / "factors" / "invented-suppliers" / "1"
    assert (place / "factors.csv").read_bytes() == (shipped / "factors.csv").read_bytes()
    assert cl.factors.verify_edition(cl.factors.read_edition("invented-suppliers@1", example / "factors")) == []
    assert cl.open_book(example).reporting_year().totals()["total_market_based_tco2e"] == pytest.approx(
        213.827, abs=1e-3
    )
