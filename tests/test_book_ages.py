"""A book may use a figure for longer than its edition says, with a reason that its report repeats."""

import pytest

import carbonledger as cl
from carbonledger.factors.ages import AllowedAge, with_ages

BOOK = """
[company]
name_en = "Old baselines"
reporting_year = 2026
region = "CN"

[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-grid-enterprise@2022"]

[avoided_emissions]
activity = "electricity.solar"
method = "combined_margin"
region = "CN-BASELINE-NORTH"
editions = ["cn-ncsc-baseline@2019", "unfccc-cdm-tool07@07.0"]

[files]
entries = ["entries.csv"]
{more}
"""
ENTRIES = """activity,amount,unit,region,year
electricity.grid,1000,MWh,CN,2025
electricity.grid,1000,MWh,CN,2026
electricity.solar,100,MWh,CN-SD,2026
"""
REASON = "The platform has published no later baseline; asked in May 2026."
BASELINE = f'[[factors.max_lag]]\nedition = "cn-ncsc-baseline@2019"\nyears = 7\nreason = "{REASON}"\n'
GRID = '[[factors.max_lag]]\nedition = "cn-mee-grid-enterprise@2022"\nyears = 4\nreason = "No later notice."\n'


def book(folder, more=""):
    """A book of 2026 whose baselines describe 2019."""
    (folder / "book.toml").write_text(BOOK.format(more=more), encoding="utf-8")
    (folder / "entries.csv").write_text(ENTRIES, encoding="utf-8")
    return cl.open_book(folder)


def test_an_old_baseline_is_refused_with_the_remedy(tmp_path):
    """The nearest carried figure, its age, what its edition allows, and the setting that allows more."""
    with pytest.raises(cl.errors.MissingFactorError) as caught:
        _ = book(tmp_path, GRID).reporting_year().avoided
    english, chinese = caught.value.text_in("en"), caught.value.text_in("zh")
    for text in (english, chinese):
        assert text.index("CN-BASELINE-NORTH") >= 0
        assert "cn-ncsc-baseline@2019" in text
        assert "[[factors.max_lag]]" in text
    assert english.index("2019") < english.index("[[factors.max_lag]]")
    assert "allows at most 5" in english


def test_a_reason_in_writing_allows_it(tmp_path):
    """100 MWh at 0.8269 t/MWh, the seed's combined margin of North China; the report says for how long and why."""
    opened = book(tmp_path, BASELINE + GRID)
    year = opened.reporting_year()
    assert year.avoided.avoided_tco2 == pytest.approx(82.69)
    notes = {item.message: item.severity for item in year.findings if item.rule == "ALLOWED_AGE"}
    assert set(notes.values()) == {"note"}
    assert any("7 years" in text and "not 5" in text and REASON in text for text in notes)
    assert REASON in str(year.to_dict("zh")["findings"])
    assert year.inventory.total_location_based().magnitude == pytest.approx(570.3)
    explained = str(year.inventory.explain(1))
    assert "No later notice." in explained
    assert "4 years after its data year" in explained


def test_an_upgrade_keeps_what_the_book_allows(tmp_path):
    """What newer editions would change is calculated with the same ages."""
    from carbonledger.book.upgrade import upgrade_book

    found = upgrade_book(book(tmp_path, GRID).reporting_year())
    assert found.total_before == found.total_after == pytest.approx(570.3)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (BASELINE.replace(f'reason = "{REASON}"\n', ""), "factors.max_lag.*reason is missing"),
        (BASELINE.replace(REASON, ""), "the text is empty"),
        (BASELINE.replace("7", "-1"), "at least 0"),
        (BASELINE.replace("7", '"7"'), "whole number"),
        (BASELINE.replace("[[factors.max_lag]]", "[factors.max_lag]"), "max_lag"),
    ],
    ids=["no reason", "empty reason", "negative", "text", "single brackets"],
)
def test_settings_that_allow_nothing_are_refused(tmp_path, more, words):
    """Without a reason, or with an age that is none."""
    with pytest.raises(cl.errors.BookError, match=words):
        book(tmp_path, more)


def test_an_edition_must_be_pinned_and_the_reason_must_say_something(tmp_path):
    """What is allowed to nothing is a misspelling."""
    with pytest.raises(cl.errors.EditionError, match="not pinned"):
        _ = book(tmp_path, BASELINE.replace("baseline@2019", "baseline@2018")).factors
    pins = cl.load_factors("cn-mee-grid-enterprise@2022")
    with pytest.raises(cl.errors.EditionError, match="without a reason"):
        with_ages(pins, [AllowedAge("cn-mee-grid-enterprise@2022", 9, "  ")])


def test_an_age_may_be_shortened():
    """A book may be stricter than an edition: with no year allowed, 2025 is refused."""
    stricter = with_ages(
        cl.load_factors("cn-mee-grid-enterprise@2022"), [AllowedAge("cn-mee-grid-enterprise@2022", 0, "Own policy.")]
    )
    question = cl.factors.Query("emissions", "electricity.grid", "emission_factor", "CN", 2023)
    assert cl.find_factors(stricter, question).matches == ()
