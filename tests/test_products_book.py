"""The products of a book: its example by hand, the command in both languages, documents for customers, and files that are wrong."""

import csv
import io
import json
import re
import shutil

import pytest

import carbonledger as cl
from carbonledger.book.input_files import input_files
from carbonledger.products import PactFootprint, read_pact
from tests.support import PROJECT, run

EXAMPLE = PROJECT / "examples" / "product-footprint"


@pytest.fixture
def book(tmp_path):
    """A copy of the example."""
    return shutil.copytree(EXAMPLE, tmp_path / "book")


def change(path, old, new):
    """Replace a text of a file that has it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def findings_of(folder):
    """The findings about the products of a book."""
    return cl.open_book(folder).report().products.all_findings


def test_the_example_by_hand():
    """Each row of the README's table is the line, or lines, of the calculation, and their sum the footprint."""
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    rows = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    stated = [float(row[2]) for row in rows if re.fullmatch(r"[\d.]+", row[2])]
    found = cl.open_book(EXAMPLE).report().products["meter-a"]
    assert found.footprint_kgco2e == pytest.approx(stated[-1], abs=5e-5)
    assert sum(stated[:-1]) == pytest.approx(stated[-1], abs=5e-4)
    by_hand = {
        "raw_materials": 0.42 * 2.56858892
        + 0.18 * 3.81578473
        + 4.3
        + 0.04 * 6.308
        + 0.005 * 2.56858892
        + 0.11 * 1.19396586
        + 0.624 * 0.09752,
        "manufacturing": 640_000 * 0.9 * 170 / 246 / 200_000 * 0.5703
        + 3.2 * 0.7 / 200_000 * 43.33 * 0.0202 * 0.98 * 44 / 12 * 1000,
        "distribution": 0.864 * 0.09752,
        "use": 87.6 * 0.5703,
        "end_of_life": (0.42 * 6.41061 + 0.18 * 0.98485) / 1000,
    }
    assert {stage.stage: stage.kgco2e for stage in found.stages} == pytest.approx(by_hand, rel=1e-5)


@pytest.mark.slow
def test_the_document_for_customers(book, tmp_path):
    """The export keeps the specification, ends at the gate, and gives another book the same figure as a supplier's."""
    path = tmp_path / "meter.json"
    assert run("product", book, "meter-a", "--pact", path).returncode == 0
    (document,), findings = read_pact(path)
    assert findings == []
    found = cl.open_book(book).report().products["meter-a"]
    gate = found.stage("raw_materials") + found.stage("manufacturing")
    assert float(document.pcf["pcfExcludingBiogenicUptake"]) == pytest.approx(gate, abs=1e-9)
    assert float(document.pcf["pcfIncludingBiogenicUptake"]) == pytest.approx(gate - 0.06, abs=1e-9)
    assert float(document.pcf["outboundLogisticsGhgEmissions"]) == pytest.approx(found.stage("distribution"), abs=1e-9)
    assert document.pcf["productMassPerDeclaredUnit"] == "0.85"
    shutil.copy(path, book / "suppliers" / "meter.json")
    old = "gas-meter-b,原材料,电池,,2,件,,,,battery"
    change(book / "bill-of-materials.csv", old, "gas-meter-b,原材料,电表,,1,件,,,suppliers/meter.json,")
    lines = [line for line in cl.open_book(book).report().products["gas-meter-b"].lines if line.name == "电表"]
    assert sum(line.kgco2e for line in lines if line.counts) == pytest.approx(gate, abs=1e-9)
    assert run("product", book, "meter-a", "--pact", path).returncode == 2
    assert run("product", book, "--pact", path, "--force").returncode == 0
    assert len(json.loads(path.read_text(encoding="utf-8"))["data"]) == 2


@pytest.mark.slow
def test_a_part_is_not_exported(book, tmp_path):
    """A footprint that misses a row is called a part in both languages, in JSON null, and is not written as a document."""
    change(book / "bill-of-materials.csv", "material.metals,0.18,kg,GB", "material.metals,0.18,kg,US")
    path = tmp_path / "meter.json"
    result = run("product", book, "meter-a", "--pact", path)
    assert (result.returncode, path.exists()) == (1, False)
    assert "PRODUCT_UNPRICED" in result.stdout
    assert "PACT_EXPORT" in result.stdout
    assert "bill-of-materials.csv, row 3" in result.stdout
    assert "不完整" in run("product", book, "meter-a", "--lang", "zh").stdout
    data = json.loads(run("product", book, "meter-a", "--json").stdout)
    (product,) = data["products"]
    assert (product["is_part"], product["footprint_kgco2e"], data["exit_code"]) == (True, None, 1)
    assert product["calculated_kgco2e"] > 0


def test_csv_has_every_line(book):
    """The lines of all products sum to their footprints."""
    rows = list(csv.DictReader(io.StringIO(run("product", book, "--csv").stdout)))
    found = cl.open_book(book).report().products
    for item in found.footprints:
        own = [
            float(row["kgco2e"])
            for row in rows
            if row["product"] == item.product.id and row["column"] != "biogenic_uptake"
        ]
        assert sum(own) == pytest.approx(item.footprint_kgco2e)


def test_what_a_book_rests_on(book):
    """Files of products and of suppliers are inputs of the book, a pattern by its files, and a lock holds them."""
    opened = cl.open_book(book)
    assert {"products.toml", "bill-of-materials.csv", "suppliers/board.json"} <= set(input_files(opened))
    shutil.copy(book / "suppliers" / "board.json", book / "suppliers" / "other.json")
    assert "PACT_FILE" in {item.rule for item in findings_of(book)}


def test_a_file_by_its_usual_name(book):
    """A products.toml needs no setting; a pattern may not leave the folder."""
    change(book / "book.toml", 'products = ["products.toml", "bill-of-materials.csv"]\n', "")
    assert next(item.product.id for item in cl.open_book(book).report().products.footprints) == "meter-a"
    assert {item.rule for item in findings_of(book)} >= {"PRODUCT_STAGE"}
    change(book / "book.toml", "suppliers/*.json", "../*.json")
    with pytest.raises(cl.errors.BookError, match="outside"):
        cl.open_book(book)


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "words"),
    [
        ("products.toml", "meter-a = 70", "meter-a = 71", "PRODUCT_ALLOCATION", "sum to 101 %"),
        ("products.toml", 'mass_kg = 0.85\n', "", "PRODUCT_ALLOCATION", "states no mass_kg"),
        ("suppliers/board.json", '"piece"', '"pair"', "PACT_FIELD", "'pair'"),
        ("suppliers/board.json", "2026-12-31", "2023-12-30", "SUPPLIER_FOOTPRINT", "valid until 2023-12-30"),
        ("suppliers/board.json", '"pcf": {', '"pcf": ', "PACT_FILE", "no JSON"),
        ("bill-of-materials.csv", "board_board,0.11", "board_board,-0.11", "BAD_NUMBER", "negative"),
        ("bill-of-materials.csv", "电池,,1,件,,,,battery", "电池,,1,件,,,,meter-a", "PRODUCT_INPUT", "circle"),
        ("bill-of-materials.csv", "电池,,1,件,,,,battery", "电池,,1,件,,,,batery", "PRODUCT_INPUT", "'battery'"),
    ],
)  # fmt: skip
def test_bad_files_of_a_book(book, file, old, new, rule, words):
    """Each defect is an error with the file, and the other products are calculated all the same."""
    change(book / file, old, new)
    said = [item for item in findings_of(book) if item.rule == rule and words in item.text()]
    assert said
    assert said[0].severity == "error"
    assert cl.open_book(book).report().products["battery"].footprint_kgco2e == pytest.approx(0.26516, abs=1e-5)


def test_an_incomplete_inventory_gives_parts(book):
    """What is divided of a part is a part."""
    change(book / "entries.csv", "3.2,t", "3.2,furlong")
    found = cl.open_book(book).report().products
    assert found["meter-a"].is_part
    assert not found["battery"].is_part
    assert {"PRODUCT_ALLOCATION"} <= {item.rule for item in found.all_findings}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command(lang):
    """The table of stages, the allocation and what of the inventory is left, in the language that is asked for."""
    text = run("product", EXAMPLE, "--lang", lang, COLUMNS="160").stdout
    assert "57.7387" in text
    assert "127.7472" in text
    assert ("从摇篮到坟墓" in text) == (lang == "zh")
    assert ("cradle to grave" in text) == (lang == "en")


def test_a_book_without_products():
    """It says how to state some; a product that is misspelt is proposed."""
    none = run("product", PROJECT / "seeds" / "techen-2024")
    assert (none.returncode, "products.toml" in none.stderr) == (2, True)
    assert "'meter-a'" in run("product", EXAMPLE, "metr-a").stderr


def test_the_printed_footprints_of_the_first_case():
    """The 15 products of the Techen report: 7, 2 and 6 sum to 15, and 38.46 to 107.03 kg CO2e a piece is printed alike twice."""
    year = cl.open_book(PROJECT / "seeds" / "techen-2024").report()
    about = [item for item in year.verdicts if item.relation.relation_id.startswith("footprint.")]
    outcomes = {item.relation.relation_id: item.outcome.value for item in about}
    assert len(outcomes) == 6
    assert set(outcomes.values()) == {"agrees"}


def test_a_document_is_short_in_print():
    """A record prints what it is about."""
    assert repr(PactFootprint({"specVersion": "9.0.0"})) == "PactFootprint(, , version 0)"


def test_materials_beside_the_inventory(book):
    """The raw materials of everything made stand beside categories 1 and 4 of the inventory; nothing is said where one is a part."""
    (note,) = [item for item in findings_of(book) if item.rule == "PRODUCT_PURCHASES"]
    found = cl.open_book(book).report().products
    made = found["meter-a"].stage("raw_materials") * 200_000 + found["gas-meter-b"].stage("raw_materials") * 40_000
    assert dict(note.says.values) == {"products": pytest.approx(made / 1000), "inventory": 0.0}
    assert note.severity == "note"
    change(book / "bill-of-materials.csv", "material.metals,0.18,kg,GB", "material.metals,0.18,kg,US")
    assert "PRODUCT_PURCHASES" not in {item.rule for item in findings_of(book)}
