"""Editions are what their catalogue says, and factors are found by stated rules."""

import json
import shutil

import frictionless
import pytest

import carbonledger as cl
from carbonledger.factors.editions import factor_folder
from carbonledger.factors.factor import latest_day
from tests.support import PROJECT

EDITIONS = sorted(cl.factors.catalogue())


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_editions_verify(edition_id):
    """Checksum, columns, metadata, values, units, provenance and keys of every edition hold."""
    assert [str(finding) for finding in cl.factors.verify_edition(cl.factors.read_edition(edition_id))] == []


@pytest.mark.slow
@pytest.mark.parametrize("edition_id", EDITIONS)
def test_editions_are_valid_data_packages(edition_id):
    """Every edition is a Frictionless Data Package whose rows satisfy its schema."""
    name, version = edition_id.split("@")
    report = frictionless.validate(str(PROJECT / "emission_factors" / name / version / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_catalogue_lists_every_folder():
    """No edition lies outside the catalogue."""
    folders = {f"{path.parent.parent.name}@{path.parent.name}" for path in factor_folder().glob("*/*/factors.csv")}
    assert folders == set(EDITIONS)


def test_superseded_editions_name_their_successor():
    """What replaces an edition is itself an edition."""
    for row in cl.factors.catalogue().values():
        assert row.status in {"current", "superseded", "withdrawn"}
        assert row.superseded_by == "" or row.superseded_by in cl.factors.catalogue()


@pytest.fixture
def copied(tmp_path):
    """A factor folder of one edition of one's own that may be damaged."""
    folder = tmp_path / "factors"
    shutil.copytree(factor_folder() / "cn-ndrc-fuels-a" / "2013", folder / "my-fuels" / "1")
    path = folder / "my-fuels" / "1" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8")) | {"name": "my-fuels", "version": "1"}
    path.write_text(json.dumps(package), encoding="utf-8")
    (folder / "catalogue.csv").write_text(
        "edition,status,superseded_by,date_published,sha256\nmy-fuels@1,current,,,x\n", encoding="utf-8"
    )
    reseal(folder)
    return folder


def reseal(folder):
    """The catalogue with the checksum of the files as they stand."""
    from hashlib import sha256

    place = folder / "my-fuels" / "1"
    digest = sha256((place / "factors.csv").read_bytes() + (place / "datapackage.json").read_bytes()).hexdigest()
    text = f"edition,status,superseded_by,date_published,sha256\nmy-fuels@1,current,,,{digest}\n"
    (folder / "catalogue.csv").write_text(text, encoding="utf-8")


def change(folder, old, new):
    """A changed text in the edition's factors."""
    path = folder / "my-fuels" / "1" / "factors.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_byte_is_refused(copied):
    """A released edition cannot change unnoticed."""
    assert cl.factors.verify_edition(cl.factors.read_edition("my-fuels@1", copied)) == []
    cl.factors.read_edition.cache_clear()
    change(copied, "44.80", "43.07")
    with pytest.raises(cl.errors.EditionError, match="not the released ones"):
        cl.factors.read_edition("my-fuels@1", copied)


DEFECTS = {
    "FACTOR_VALUE": ("44.80,GJ/t", "forty,GJ/t"),
    "FACTOR_UNIT": ("44.80,GJ/t", "44.80,GJ/km"),
    "FACTOR_SOURCE": ('"Fuel table A: gasoline, net calorific value"', '" "'),
    "FACTOR_CONFIDENCE": ('44.80,GJ/t,,,,"Fuel table A: gasoline, net calorific value",high', "44.80,GJ/t,,,,x,low"),
    "FACTOR_DUPLICATE": ("cn-fuel-a-gasoline-cc", "cn-fuel-a-gasoline-ncv"),
}


@pytest.mark.parametrize(("rule", "texts"), DEFECTS.items())
def test_defects_of_an_edition_are_found(copied, rule, texts):
    """Each rule of verification finds the defect it is for, with its row."""
    change(copied, *texts)
    reseal(copied)
    findings = cl.factors.verify_edition(cl.factors.read_edition("my-fuels@1", copied))
    assert rule in {finding.rule for finding in findings}
    assert all(finding.row for finding in findings)


def test_metadata_is_required(copied):
    """A data package that does not say who published it is found."""
    path = copied / "my-fuels" / "1" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["carbonledger"]["publisher"] = ""
    path.write_text(json.dumps(package), encoding="utf-8")
    reseal(copied)
    assert [finding.rule for finding in cl.factors.verify_edition(cl.factors.read_edition("my-fuels@1", copied))] == [
        "EDITION_METADATA"
    ]


def test_unknown_editions_name_their_neighbours():
    """A misspelt edition, or one without version, is met with the nearest ids."""
    with pytest.raises(cl.errors.UnknownEditionError, match="cn-mee-grid-enterprise@2022"):
        cl.factors.read_edition("cn-mee-grid-enterprise")
    with pytest.raises(cl.errors.UnknownEditionError, match="Did you mean"):
        cl.load_factors("cn-ndrc-fuel-a@2013")


def test_editions_play_only_their_roles():
    """A life-cycle intensity cannot be pinned for an inventory; nor can a role be invented."""
    with pytest.raises(cl.errors.EditionError, match="cannot be pinned"):
        cl.load_factors("cn-mee-electricity-footprint@2023")
    with pytest.raises(cl.errors.EditionError, match="unknown role"):
        cl.load_factors(roles={"magic": []})


# China's grid factors as published: MEE enterprise series and MEE + NBS announcements 2024/12, 2024/33, 2025/47.
PUBLISHED = [
    ("cn-mee-grid-enterprise@2015", "CN", 2015, "emission_factor", "0.6101"),
    ("cn-mee-grid-enterprise@2021", "CN", 2021, "emission_factor", "0.5810"),
    ("cn-mee-grid-enterprise@2022", "CN", 2022, "emission_factor", "0.5703"),
    ("cn-mee-nbs-grid@2021", "CN", 2021, "emission_factor", "0.5568"),
    ("cn-mee-nbs-grid@2022", "CN", 2022, "emission_factor", "0.5366"),
    ("cn-mee-nbs-grid@2023", "CN", 2023, "emission_factor", "0.5306"),
    ("cn-mee-nbs-grid@2023", "CN", 2023, "residual_mix", "0.6096"),
    ("cn-mee-nbs-grid@2023", "CN", 2023, "fossil_average", "0.8273"),
    ("cn-mee-nbs-grid@2022", "CN-SD", 2022, "emission_factor", "0.6410"),
    ("cn-ncsc-baseline@2019", "CN-BASELINE-NORTH", 2019, "baseline_om", "0.9419"),
]


@pytest.mark.parametrize(("edition", "region", "year", "parameter", "value"), PUBLISHED)
def test_published_grid_factors(edition, region, year, parameter, value):
    """The carried figures are the published ones."""
    rows = cl.factors.read_edition(edition).factors("electricity.grid", parameter)
    found = [row.value_text for row in rows if (row.region, row.data_year) == (region, year)]
    assert found == [value]


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_grid_editions_are_complete(year):
    """One national figure, seven regions, thirty provinces in each year."""
    rows = cl.factors.read_edition(f"cn-mee-nbs-grid@{year}").factors("electricity.grid", "emission_factor")
    regions = [row.region for row in rows]
    assert len(regions) == len(set(regions)) == 38
    assert sum(region.startswith("CN-GRID-") for region in regions) == 7
    assert not {"CN-XZ", "HK", "MO", "TW"} & set(regions)


def query(region="CN-SD", year=2024, activity="electricity.grid", parameter="emission_factor", factor_id=""):
    """A question to the emissions role."""
    return cl.factors.Query("emissions", activity, parameter, region, year, factor_id)


def test_exact_beats_wider_and_earlier():
    """Exact region and year are found as such; else the latest earlier year, else the wider region."""
    factors = cl.load_factors("cn-mee-nbs-grid@2021", "cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2023")
    assert found(factors, query("CN-SD", 2022)) == ("0.6410", "exact")
    assert found(factors, query("CN-SD", 2024)) == ("0.6191", "earlier year")
    assert found(factors, query("CN-BASELINE-EAST", 2022)) == ("0.5366", "wider region")
    assert found(factors, query("CN-GRID-NORTH", 2021)) == ("0.7120", "exact")


def found(factors, question):
    """Value and kind of the one match."""
    (match,) = cl.find_factors(factors, question).matches
    return match.factor.value_text, match.kind


def test_later_years_and_long_lags_are_refused():
    """A factor never serves an earlier activity, nor one beyond its edition's stated lag; the reason is kept."""
    factors = cl.load_factors("cn-mee-nbs-grid@2021")
    early, late = cl.find_factors(factors, query(year=2020)), cl.find_factors(factors, query(year=2024))
    assert early.matches == late.matches == ()
    assert any("later than 2020" in reason for _, reason in early.refused)
    assert any("its edition allows at most 2" in reason for _, reason in late.refused)


def test_series_never_stand_for_each_other():
    """Two series that both fit are nobody's choice."""
    factors = cl.load_factors("cn-mee-grid-enterprise@2022", "cn-mee-nbs-grid@2022")
    with pytest.raises(cl.errors.AmbiguousFactorError, match="fit equally well"):
        cl.find_factors(factors, query("CN", 2022))
    assert found(factors, query("CN", 2022, factor_id="cn-mee-nbs-grid@2022")) == ("0.5366", "exact")
    assert found(factors, query("CN", 2022, factor_id="cn-grid-ent-2022")) == ("0.5703", "named")


def test_as_of_knows_only_what_was_published():
    """The 2023 factor, published on the last day of 2025, is unknown in April 2025."""
    pins = ("cn-mee-nbs-grid@2021", "cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2023")
    assert found(cl.load_factors(*pins, as_of="2025-04-30"), query("CN", 2023)) == ("0.5366", "earlier year")
    assert found(cl.load_factors(*pins, as_of="2024-12-19"), query("CN", 2023)) == ("0.5568", "earlier year")
    assert found(cl.load_factors(*pins, as_of="2025-12-31"), query("CN", 2023)) == ("0.5306", "exact")
    nothing = cl.find_factors(cl.load_factors(*pins, as_of="2024-04-11"), query("CN", 2023))
    assert nothing.matches == ()
    assert any("published 2024-04-12" in reason for _, reason in nothing.refused)


def test_partial_dates_count_from_their_last_day():
    """February 2023 is known from its last day on; an empty date is known never."""
    assert str(latest_day("2023-02")) == "2023-02-28"
    assert str(latest_day("2024")) == "2024-12-31"
    assert latest_day("") is None


def test_gwp_sets():
    """Methane has the value of the named set, in AR6 by origin."""
    values = {
        name: cl.factors.read_gwp(name).of("CH4").value for name in ("ipcc-ar4@2007", "ipcc-ar5@2013", "ipcc-ar6@2021")
    }
    assert values == {"ipcc-ar4@2007": 25, "ipcc-ar5@2013": 28, "ipcc-ar6@2021": 27.9}
    ar6 = cl.factors.read_gwp("ipcc-ar6@2021")
    assert (ar6.of("CH4", "fossil").value, ar6.of("CH4", "biogenic").value) == (29.8, 27.0)
    assert cl.factors.read_gwp("ipcc-ar5@2013").of("CH4", "fossil").value == 28
    with pytest.raises(cl.errors.MissingFactorError, match="no GWP for unobtainium"):
        ar6.of("unobtainium")
    with pytest.raises(cl.errors.EditionError, match="is no GWP set"):
        cl.factors.read_gwp("cn-ndrc-heat@2013")


def test_a_factor_without_a_source_cannot_be_built():
    """Provenance is not optional."""
    with pytest.raises(cl.errors.EditionError, match="no factor"):
        cl.Factor("x@1", "a", "fuel.coke", "density", "CN", None, "", 1.0, "1", "kg/m3", "", "high")
