"""Correcting editions say what they mend, change nothing else, and are known from their own day on."""

import csv
from datetime import date, timedelta

import pandas as pd
import pytest

import carbonledger as cl
from carbonledger.book.upgrade import newer_editions
from carbonledger.factors.editions import factor_folder, is_corrected

# Old edition, correcting edition, and the day since when its figures could be known (None: as before).
CORRECTIONS = {
    "us-epa-egrid@2023-r2": ("us-epa-egrid@2023-r2.1", "2025-06-12"),
    "us-epa-egrid-state@2023": ("us-epa-egrid-state@2023-r2", "2025-06-12"),
    "us-epa-hub@2024": ("us-epa-hub@2024-r1", "2024-06-05"),
    "us-epa-hub@2025": ("us-epa-hub@2025-r1", "2025-01-15"),
    "uk-desnz@2024": ("uk-desnz@2024-r1", "2024-10-30"),
    "uk-desnz@2021": ("uk-desnz@2021-r1", "2021-06"),
    "cn-mee-electricity-footprint@2024": ("cn-mee-electricity-footprint@2024-r1", "2025-10-23"),
}
PAIRS = [(old, new) for old, (new, _) in CORRECTIONS.items()]


def rows_of(edition):
    """The rows of an edition by id."""
    path = factor_folder() / edition.replace("@", "/") / "factors.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["factor_id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_catalogue_knows_the_correction(old, new):
    """The old one stays and is superseded; the new one names it."""
    row = cl.factors.catalogue()[old]
    assert (row.status, row.superseded_by) == ("superseded", new)
    assert cl.factors.read_edition(new).corrects == old
    assert is_corrected(old)
    assert not is_corrected(new)
    assert newer_editions(cl.load_factors(roles={"emissions": [old]}))[0] == (old, new)


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_nothing_else_changes(old, new):
    """Of the rows only those that the correction is about."""
    before, after = rows_of(old), rows_of(new)
    differing = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    if "hub" in old:
        year, right = {"us-epa-hub@2024": ("2024", "2022"), "us-epa-hub@2025": ("2025", "2023")}[old]
        assert differing == {name for name, row in before.items() if row["source_locator"].startswith("Table 6")}
        assert all(after[name] == before[name] | {"data_year": right} for name in differing)
        assert {before[name]["data_year"] for name in differing} == {year}
        assert all(f"eGRID{right}" in after[name]["source_locator"] for name in differing)
    else:
        assert not differing
    gone, added = before.keys() - after.keys(), after.keys() - before.keys()
    assert added == ({"us-emission_factor-co2e"} if old == "us-epa-egrid@2023-r2" else set())
    if old == "uk-desnz@2021":
        assert len(gone) == 16
        assert all(float(before[name]["value"]) == 0 for name in gone)
        assert all(before[name]["publisher_path"].startswith("SECR kWh UK electricity for EVs/") for name in gone)
        blank = [row for row in after.values() if row["publisher_path"].startswith("SECR kWh UK electricity for EVs/")]
        assert all(float(row["value"]) > 0 for row in blank)
    else:
        assert not gone


@pytest.mark.parametrize("old", [name for name, (_, day) in CORRECTIONS.items() if len(day) == len("2024-06-05")])
def test_an_edition_is_known_from_its_day_on(old):
    """Not the day before; the day on which it appeared."""
    new, text = CORRECTIONS[old]
    edition, day = cl.factors.read_edition(new), date.fromisoformat(text)
    known = [cl.factors.PinnedFactors({}, as_of).known(edition) for as_of in (day - timedelta(days=1), day)]
    assert known == [False, True]


def test_the_set_of_2024_is_not_known_in_summer():
    """Version 1.1 is of October 2024: what was known in July is refused, with the day."""
    entries = pd.DataFrame(
        {"activity": ["electricity.grid"], "unit": ["kWh"], "amount": [1.0], "region": ["GB"], "year": [2024]}
    )
    with pytest.raises(cl.errors.MissingFactorError, match="2024-10-30"):
        cl.calculate(entries, cl.load_factors("uk-desnz@2024-r1", as_of="2024-07-31"), gwp="ipcc-ar5@2013")


def test_the_electricity_footprint_names_its_three_bodies():
    """MEE, NBS and NEA, 23 October 2025."""
    edition = cl.factors.read_edition("cn-mee-electricity-footprint@2024-r1")
    assert all(body in edition.publisher for body in ("MEE", "NBS", "NEA"))


@pytest.mark.parametrize(("hub", "year"), [("us-epa-hub@2024-r1", 2022), ("us-epa-hub@2025-r1", 2023)])
def test_table_6_serves_the_years_of_egrid(hub, year):
    """Its own year exactly, two later ones, no earlier one."""
    pins = cl.load_factors(hub)

    def kind(of):
        found = cl.find_factors(
            pins, cl.factors.Query("emissions", "electricity.grid", "emission_factor", "US", of)
        ).matches
        return {match.kind for match in found}

    assert kind(year) == {"exact"}
    assert kind(year + 2) == {"earlier year"}
    assert kind(year - 1) == kind(year + 3) == set()


BOOK = """
[company]
name_en = "Old pins"
reporting_year = {year}
region = "{region}"

[factors]
gwp = "ipcc-ar5@2013"
emissions = ["{edition}"]

[files]
entries = ["entries.csv"]
"""
PINNED = [
    ("us-epa-egrid@2023-r2", "US", "US-EGRID-CAMX", 2024, ["note"]),
    ("us-epa-egrid-state@2023", "US", "US-TX", 2024, ["note"]),
    ("us-epa-hub@2024", "US", "US-EGRID-CAMX", 2024, ["note"]),
    ("us-epa-hub@2025", "US", "US-EGRID-CAMX", 2025, ["note"]),
    ("us-epa-hub@2025", "US", "US-EGRID-CAMX", 2026, ["warning"]),
    ("uk-desnz@2024", "GB", "GB", 2024, ["note"]),
    ("uk-desnz@2021", "GB", "GB", 2021, ["note"]),
]


@pytest.mark.parametrize(("edition", "region", "place", "year", "severities"), PINNED)
def test_check_asks_about_the_old_edition_and_a_lock_keeps_it(tmp_path, edition, region, place, year, severities):
    """A book that pins it hears of the correction, in both languages; its lock still holds; the upgrade proposes the new one."""
    from carbonledger.book.lock import lock_book
    from carbonledger.book.lock_check import check_lock
    from carbonledger.book.upgrade import upgrade_book

    (tmp_path / "book.toml").write_text(BOOK.format(year=year, region=region, edition=edition), encoding="utf-8")
    line = f"electricity.grid,1000,MWh,{place},{year}"
    (tmp_path / "entries.csv").write_text(f"activity,amount,unit,region,year\n{line}\n", encoding="utf-8")
    opened = cl.open_book(tmp_path)
    found = [item for item in opened.check() if item.rule == "EDITIONS" and CORRECTIONS[edition][0] in item.message]
    assert [item.severity for item in found] == severities
    assert CORRECTIONS[edition][0] in found[0].to_dict("zh")["message"]
    lock_book(opened.reporting_year())
    check_lock(cl.open_book(tmp_path).reporting_year())
    if severities == ["note"]:
        upgrade = upgrade_book(opened.reporting_year())
        assert (edition, CORRECTIONS[edition][0]) in upgrade.editions
        alone = len(upgrade.editions) == 1
        assert not alone or upgrade.total_after == pytest.approx(upgrade.total_before)
