"""What a standard leaves open is a named policy, with its default and reason in the report."""

import pytest

import carbonledger as cl
from carbonledger.reporting.policies import policy_rows
from tests.support import PROJECT, run


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_policy_has_default_and_reason(lang):
    """In both languages, and what the book chose is shown."""
    settings = cl.open_book(PROJECT / "examples" / "green-power").settings.model_dump()
    rows = policy_rows(settings, lang)
    assert all(row["question"] and row["default"] and row["reason"] and row["chosen"] for row in rows)
    chosen = {row["policy"]: row["chosen"] for row in rows}
    assert chosen["gwp"] == "ipcc-ar5@2013"
    assert chosen["scope_2_rules"] == "ghgp_s2_2015"


@pytest.mark.slow
def test_the_report_shows_them():
    """The section stands in the text and in the data."""
    text = run("report", PROJECT / "seeds" / "techen-2024").stdout
    assert "Policies: what the standards leave open" in text
    report = cl.open_book(PROJECT / "seeds" / "techen-2024").report().to_dict()
    assert len(report["policies"]) == len(policy_rows({}, "en"))
