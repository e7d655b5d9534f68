"""A place is priced by figures that cover it, or refused in its publisher's words; never by the nation around it in silence."""

import csv
import re

import pandas as pd
import pytest

import carbonledger as cl
from carbonledger.core.regions import canonical_region, main_subregion_of, region_label, subregions_to_choose
from carbonledger.core.us_zip_codes import subregion_shares
from carbonledger.factors.coverage import excluded
from tests.support import PROJECT

GRIDS = ("cn-mee-nbs-grid@2023", "cn-mee-nbs-grid@2022", "cn-mee-grid-enterprise@2022")
EGRID, STATES, HUB = "us-epa-egrid@2023-r2.1", "us-epa-egrid-state@2023-r2", "us-epa-hub@2025-r1"


def frame(region, activity="electricity.grid", unit="MWh", amount=1000.0, year=2023):
    """Entries of one region, as a script hands them over."""
    return pd.DataFrame(
        {"activity": [activity], "unit": [unit], "amount": [amount], "region": [region], "year": [year]}
    )


def priced(region, *editions, **cells):
    """The one plan row of a region under some editions."""
    (row,) = cl.calculate(frame(region, **cells), cl.load_factors(*editions), gwp="ipcc-ar5@2013").plan.rows
    return row


@pytest.mark.parametrize("region", ["CN-QD", "US-ZZ", "GB-XYZ", "GB-JSY", "Atlantis"])
@pytest.mark.parametrize(
    "door",
    [
        canonical_region,
        lambda region: cl.factors.Query("emissions", "electricity.grid", "emission_factor", region, 2023),
        lambda region: cl.factors.why("electricity.grid", region, 2023),
        lambda region: cl.search_factors("electricity", region=region),
        lambda region: cl.calculate(frame(region), cl.load_factors(*GRIDS[:1], EGRID), gwp="ipcc-ar5@2013"),
        lambda region: cl.calculate(
            pd.concat([frame("CN-QH"), frame("US"), frame("GB"), frame(region)]),
            cl.load_factors(GRIDS[2], EGRID, "uk-desnz@2023"),
            gwp="ipcc-ar5@2013",
        ),
    ],
    ids=["text", "query", "why", "search", "frame", "frame beside its nation"],
)
def test_unknown_places_are_refused_at_every_door(region, door):
    """A subdivision that does not exist is an error, never its nation."""
    with pytest.raises(cl.errors.RegionError, match="unknown region"):
        door(region)


def test_a_frame_may_write_a_region_as_people_do():
    """The region of a frame is read as that of a file is."""
    assert (
        priced("山东", GRIDS[0]).emissions_tco2e == priced("CN-SD", GRIDS[0]).emissions_tco2e == pytest.approx(0.6191)
    )


@pytest.mark.parametrize("edition", GRIDS)
@pytest.mark.parametrize("region", ["CN-XZ", "CN-54", "Tibet", "西藏", "CN-HK", "HK", "Macau", "CN-TW", "台湾"])
def test_what_the_mainland_average_leaves_out_is_refused_in_its_words(edition, region):
    """Tibet, Hong Kong, Macau and Taiwan are priced by no Chinese grid factor, beside a province that is priced by it or alone."""
    for rows in (frame(region), pd.concat([frame("CN-GRID-NORTH"), frame("CN-QH"), frame(region)])):
        with pytest.raises(cl.errors.MissingFactorError, match=r"Tibet, Hong Kong, Macau (and|or) Taiwan"):
            cl.calculate(rows, cl.load_factors(edition), gwp="ipcc-ar5@2013")


def test_what_is_left_out_of_one_table_is_not_left_out_of_others():
    """A fuel burnt in Tibet has the national table's figure."""
    row = priced("CN-XZ", "cn-ndrc-fuels-b@2013", activity="fuel.gasoline", unit="t")
    assert row.emissions_tco2e == pytest.approx(43.070 * 18.9e-3 * 0.98 * 44 / 12, rel=1e-6)


def test_the_statements_of_coverage_name_what_is_carried():
    """Each names a carried edition or series, a region it has figures for, a known place, words in both languages and their place."""
    path = PROJECT / "carbonledger" / "factors" / "coverage.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            editions = [name for name in cl.factors.catalogue() if row["edition"] in {name, name.partition("@")[0]}]
            assert editions, row
            for name in editions:
                assert row["figures"] in cl.factors.read_edition(name).regions
                for place in row["excluded"].split(";"):
                    assert place == canonical_region(place)
                    assert not set(cl.factors.read_edition(name).regions) & {place}
                    assert excluded(name, row["figures"], place, ()).zh == row["words_zh"]
            assert re.search("[a-z]", row["words_en"])
            assert re.search("[一-鿿]", row["words_zh"])
            assert row["place"]


def test_islands_beside_the_united_kingdom_are_not_in_it():
    """Northern Ireland is in the UK figures; Jersey, Guernsey and the Isle of Man are countries of ISO 3166 and are not."""
    assert priced("GB-NIR", "uk-desnz@2023").match == "wider region"
    for region in ("JE", "GG", "Isle of Man"):
        with pytest.raises(cl.errors.MissingFactorError, match="GB"):
            priced(region, "uk-desnz@2023")


# eGRID2023 revision 2, lb CO2e/MWh: CAMX, ERCT and PRMS of EPA's Power Profiler, US of the summary tables (12 June 2025).
LB = 0.45359237e-3
MAIN = {"US-CA": ("US-EGRID-CAMX", "CO2e"), "US-TX": ("US-EGRID-ERCT", "CO2e"), "PR": ("US-EGRID-PRMS", "CO2e")}


@pytest.mark.parametrize("state", MAIN)
@pytest.mark.parametrize("edition", [EGRID, "us-epa-egrid@2023-r2", HUB])
def test_a_state_that_nearly_lies_in_one_subregion_has_its_figure(state, edition):
    """California is priced by CAMX, Texas by ERCT, and the match says so."""
    row = priced(state, edition)
    assert {factor.region for factor in row.emission_factors} == {MAIN[state][0]}
    assert row.match == "main subregion of the state"
    assert row.emissions_tco2e == priced(MAIN[state][0], edition).emissions_tco2e


@pytest.mark.parametrize("state", ["US-NY", "US-MS", "US-NV", "US-HI", "US-AK"])
@pytest.mark.parametrize("edition", [EGRID, HUB])
def test_a_state_of_several_subregions_is_asked(state, edition):
    """The choices are named, and what answers; the US average is none of them, beside another state or alone."""
    for rows in (frame(state), pd.concat([frame("US"), frame("US-EGRID-NYCW"), frame("GU"), frame(state)])):
        inventory = (
            cl.calculate(rows, cl.load_factors(edition), gwp="ipcc-ar5@2013", missing="report")
            if len(rows) > 1
            else None
        )
        assert inventory is None or state not in {row.key.region for row in inventory.plan.rows}
    with pytest.raises(cl.errors.MissingFactorError) as caught:
        priced(state, edition)
    assert all(code in str(caught.value) for code in subregions_to_choose(state))
    assert "ZIP code" in str(caught.value)
    assert "us-epa-egrid-state" in str(caught.value)


def test_the_state_edition_answers_for_every_state():
    """Beside subregions or alone, the state's own row is nearer than its main subregion and than any question."""
    for state, value in (("US-NY", None), ("US-CA", 394.769), ("US-TX", 771.179)):
        row = priced(state, EGRID, STATES)
        assert row.match == "exact"
        assert row.emission_factors[0].region == state
        assert value is None or row.emissions_tco2e == pytest.approx(value * LB)


def test_a_state_of_several_subregions_still_burns_fuel():
    """Only figures that are given by subregion ask for one."""
    assert priced("US-NY", HUB, activity="fuel.natural_gas", unit="MMBtu").match == "wider region"


def test_an_entry_may_name_the_national_figure():
    """Whoever writes the id of the US row has decided."""
    rows = frame("US-NY").assign(factor="us-emission_factor-co2e")
    (row,) = cl.calculate(rows, cl.load_factors(EGRID), gwp="ipcc-ar5@2013").plan.rows
    assert row.emissions_tco2e == pytest.approx(770.884 * LB)
    assert row.match == "named, wider region"


def test_the_nation_has_its_row():
    """770.884 lb CO2e/MWh, which two public texts print as 349.67 kg/MWh."""
    assert priced("US", EGRID).emissions_tco2e == pytest.approx(0.34967, abs=5e-6)


@pytest.mark.parametrize(("text", "subregion"), [("90210", "US-EGRID-CAMX"), ("zip 75201", "US-EGRID-ERCT")])
def test_zip_codes_are_read_at_every_door(text, subregion):
    """A ZIP code is a place in a frame, in a question and in a search."""
    assert {factor.region for factor in priced(text, EGRID).emission_factors} == {subregion}
    assert cl.factors.Query("emissions", "electricity.grid", "emission_factor", text, 2023).region == subregion
    with pytest.raises(cl.errors.RegionError, match=r"NYCW.*NYLI"):
        priced("11001", EGRID)


def test_a_main_subregion_holds_nearly_all_of_a_state():
    """At least 95 % of its ZIP codes, or a share that the grid's operator states; there is never a second one."""
    states = {f"US-{row}" for row in ("CA", "TX", "NY", "FL", "WA", "OH", "NV", "AZ", "OK", "MI")}
    for state in states - {"US-TX"}:
        shares = list(subregion_shares(state).values())
        assert bool(main_subregion_of(state)) == (max(shares) >= 0.95), state
        assert sum(share >= 0.95 for share in shares) <= 1
    assert subregion_shares("US-TX")["US-EGRID-ERCT"] > 0.8
    assert region_label(main_subregion_of("US-TX")).en.startswith("ERCOT")
