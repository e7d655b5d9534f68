"""PACT documents are read, held to their specification, carried from one version to the other, and written back as they were."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.products import PactFootprint, read_pact, to_version
from tests.strategies import pact_documents
from tests.support import PROJECT

BOARD = PROJECT / "examples" / "product-footprint" / "suppliers" / "board.json"


def board(**changes):
    """The supplier's document of the example with other fields; those of its carbon footprint begin with ``pcf_``."""
    document = json.loads(BOARD.read_text(encoding="utf-8"))
    for name, value in changes.items():
        part, key = (document["pcf"], name[4:]) if name.startswith("pcf_") else (document, name)
        part.pop(key, None)
        part |= {} if value is None else {key: value}
    return document


def findings_of(tmp_path, content):
    """The rules and texts of a file."""
    path = tmp_path / "supplier.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_pact(path)[1]


@pytest.mark.parametrize("version", [2, 3])
@given(data=st.data())
def test_a_round_trip_loses_nothing(version, data, tmp_path_factory):
    """What is read and written again is the same document, unknown fields too, and keeps the specification."""
    document = data.draw(pact_documents(version))
    path = tmp_path_factory.mktemp("pact") / "one.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    (footprint,), findings = read_pact(path)
    assert findings == []
    assert json.loads(footprint.to_json()) == document
    path.write_text(json.dumps({"data": [document]}), encoding="utf-8")
    assert read_pact(path)[0] == [footprint]


@given(document=pact_documents(2))
def test_there_and_back_between_versions(document):
    """Version 2 as version 3 and back has every field that it had, with the same numbers."""
    there = to_version(PactFootprint(document), 3)
    back = to_version(there, 2).document
    for part, whole in ((document, back), (document["pcf"], back["pcf"])):
        for name, value in part.items():
            if name == "pcf":
                continue
            known = name in {"pCfExcludingBiogenic", "fossilGhgEmissions", "fossilCarbonContent"}
            known = known or name in {"biogenicCarbonContent", "biogenicCarbonWithdrawal"}
            assert (Decimal(whole[name]) == Decimal(value)) if known else (whole[name] == value), name
    assert there.version == 3


# Decision 36 of the PACT data exchange protocol (Clarify product amount), examples: a bottle of 12 L, a car of 2000 kg.
DECISION_36 = [
    (("liter", "12", "1.5", "0.789"), ("liter", "12", "18", "9.468")),
    (("kilogram", "2000", "300", "1"), ("kilogram", "2000", "600000", "2000")),
]


@pytest.mark.parametrize(("two", "three"), DECISION_36)
def test_the_published_examples_of_the_product_amount(two, three):
    """Values of version 2 are per one unit, of version 3 per declared unit, as the decision's tables have it."""
    names_2 = ("declaredUnit", "unitaryProductAmount", "pCfExcludingBiogenic", "productMassPerDeclaredUnit")
    names_3 = ("declaredUnitOfMeasurement", "declaredUnitAmount", "pcfExcludingBiogenicUptake")
    names_3 = (*names_3, "productMassPerDeclaredUnit")
    older = PactFootprint({"specVersion": "2.2.0", "pcf": dict(zip(names_2, two, strict=True))})
    newer = to_version(older, 3)
    assert tuple(newer.pcf[name] for name in names_3) == three
    assert tuple(to_version(newer, 2).pcf[name] for name in names_2) == two


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        ("{ this is no JSON", "PACT_FILE", "no JSON: line 1"),
        ("{}", "PACT_FILE", "no product footprint"),
        ('{"pcf": {"a": NaN}}', "PACT_FILE", "NaN is no number"),
        ('{"pcf": {}, "pcf": {}}', "PACT_FILE", "stands twice"),
        ("[" * 100_000, "PACT_FILE", "nested too deeply"),
        (board(specVersion="1.0.1"), "PACT_FILE", "specVersion is '1.0.1'"),
        (board(pcf_declaredUnitOfMeasurement="pound"), "PACT_FIELD", "pcf.declaredUnitOfMeasurement is 'pound'"),
        (board(pcf_declaredUnitAmount="0"), "PACT_FIELD", "a decimal above 0 in quotes"),
        (board(pcf_pcfExcludingBiogenicUptake=4.3), "PACT_FIELD", "asks for a text in quotes"),
        (board(pcf_fossilGhgEmissions="-1"), "PACT_FIELD", "pcf.fossilGhgEmissions is '-1'"),
        (board(pcf_fossilGhgEmissions=None), "PACT_FIELD", "without which the footprint cannot be used"),
        (board(status="active"), "PACT_FIELD", "status is 'active'"),
    ],
)
def test_bad_files_are_findings(tmp_path, content, rule, words):
    """Each defect is an error with the file, in both languages."""
    found = [finding for finding in findings_of(tmp_path, content) if words in finding.text()]
    assert [(finding.rule, finding.severity, finding.file) for finding in found] == [(rule, "error", "supplier.json")]
    assert found[0].text("zh") != found[0].text("en")


def test_what_does_not_matter_for_the_footprint_is_a_doubt(tmp_path):
    """A fault in a field that no calculation uses is a warning."""
    found = findings_of(tmp_path, board(created="yesterday", pcf_crossSectoralStandards=None))
    assert [(finding.rule, finding.severity) for finding in found] == [("PACT_FIELD", "warning")] * 2


def test_a_missing_file_is_a_finding(tmp_path):
    """A file that is not there is said so, and stops nothing."""
    footprints, findings = read_pact(tmp_path / "nowhere.json")
    assert footprints == []
    assert [finding.rule for finding in findings] == ["PACT_FILE"]
