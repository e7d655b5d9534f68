"""A product that misses something its files state is a part, and a supplier's doubtful document is never used in silence."""

import json
import shutil

import pytest

import carbonledger as cl
from tests.support import PROJECT


@pytest.fixture
def book(tmp_path):
    """A copy of the example."""
    return shutil.copytree(PROJECT / "examples" / "product-footprint", tmp_path / "book")


def change(path, old, new):
    """Replace a text of a file that has it."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def supplier(book, **changes):
    """Other fields of the supplier's document; those of its carbon footprint begin with ``pcf_``."""
    path = book / "suppliers" / "board.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for name, value in changes.items():
        part, key = (document["pcf"], name[4:]) if name.startswith("pcf_") else (document, name)
        part[key] = value
    path.write_text(json.dumps(document), encoding="utf-8")


def wholes(book):
    """The products whose footprint is given, and the findings."""
    found = cl.open_book(book).report().products
    return {item.product.id for item in found.footprints if item.footprint_kgco2e is not None}, found.all_findings


@pytest.mark.parametrize(
    ("file", "old", "new", "left"),
    [
        # An allocation that cannot be read: the products that it names, or all.
        ("products.toml", "gas-meter-b = 30", "gas-meter-b = -30", {"battery"}),
        ("products.toml", "shares = { meter-a = 70, gas-meter-b = 30 }", "shares = 1", {"battery"}),
        ("products.toml", '[[allocation]]\nname = "fork lifts"', "[[allocations]]", set()),
        # A table that cannot be read may hold rows of any product.
        ("bill-of-materials.csv", "数量", "数量,数量", set()),
        # A row of a product that nobody defines is most likely one of the product whose name it nearly has.
        ("bill-of-materials.csv", "meter-a,原材料,外壳", "meter-aa,原材料,外壳", {"gas-meter-b", "battery"}),
    ],
)
def test_what_cannot_be_read_makes_a_part(book, file, old, new, left):
    """No footprint is given of a product that misses a row or an allocation, for whatever reason it was not read."""
    change(book / file, old, new)
    given, findings = wholes(book)
    assert given == left
    assert any(item.severity == "error" for item in findings)


def test_a_negative_footprint_without_removals(book):
    """A supplier's footprint below zero that states no removals lowers no product unless the row says why it is accepted."""
    supplier(book, pcf_pcfExcludingBiogenicUptake="-4.3")
    given, findings = wholes(book)
    assert given == {"battery"}
    assert "SUPPLIER_FOOTPRINT.negative" in {item.says.key for item in findings}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"validityPeriodEnd": "2024-01-31T00:00:00Z"}, "ends_within"),
        ({"validityPeriodStart": "2024-06-01T00:00:00Z"}, "begins_within"),
    ],
)
def test_validity_of_a_part_of_the_year(book, changes, key):
    """A footprint that is valid in a part of the reference period is used, and said."""
    supplier(book, **changes)
    given, findings = wholes(book)
    assert len(given) == 3
    assert f"SUPPLIER_FOOTPRINT.{key}" in {item.says.key for item in findings}


def test_a_number_too_large_is_a_finding(book):
    """A supplier's number beyond all calculation costs its own products their footprint, and the others nothing."""
    supplier(book, pcf_pcfExcludingBiogenicUptake="9" * 400, pcf_fossilGhgEmissions="9" * 400)
    given, findings = wholes(book)
    assert given == {"battery"}
    assert "SUPPLIER_FOOTPRINT.too_large" in {item.says.key for item in findings}


@pytest.mark.parametrize(
    "changes",
    [
        {"pcf_pcfExcludingBiogenicUptake": None},
        {"pcf_declaredUnitAmount": "0"},
        {"created": "yesterday"},
        {"pcf_packagingEmissionsIncluded": "yes"},
    ],
)
def test_chinese_findings_are_chinese(book, changes):
    """What the specification asks for is said in the language of the reader."""
    supplier(book, **changes)
    said = [item.text("zh") for item in wholes(book)[1] if item.rule == "PACT_FIELD"]
    assert said
    assert not [text for text in said for word in ("text", "decimal", "None", "date-time") if f"要求 {word}" in text]


def test_stages_in_both_languages(book):
    """A stage that is none names those that are in the language of the reader."""
    change(book / "bill-of-materials.csv", "meter-a,原材料,外壳", "meter-a,装修,外壳")
    (said,) = [item for item in wholes(book)[1] if item.says.key == "PRODUCT_INPUT.stage"]
    assert "生产制造" in said.text("zh")
    assert "raw_materials" not in said.text("zh")
