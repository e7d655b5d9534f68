"""Every example runs from the command line and gives what its README calculates by hand."""

import re

import pytest

import carbonledger as cl
from tests.support import PROJECT, run

FOLDERS = sorted(path.parent for path in (PROJECT / "examples").rglob("book.toml"))


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_examples_run(folder):
    """Each book reports, none has findings that keep entries out, and the exit code tells whether something is in doubt."""
    result = run("report", folder)
    assert result.returncode == int("IN DOUBT" in result.stdout), result.stdout + result.stderr
    assert cl.open_book(folder).inventory().complete


@pytest.mark.parametrize("name", ["own-factors", "uk-company", "us-company"])
def test_examples_agree_with_their_hand_calculation(name):
    """Line by line and in total, to the third decimal of a tonne."""
    folder = PROJECT / "examples" / name
    text = (folder / "README.md").read_text(encoding="utf-8").split("`carbonledger disclose")[0]
    cells = [row.split("|")[1:-1] for row in text.splitlines() if row.startswith("|")]
    stated = {cell[0].strip(" *"): cell[-1].strip(" *").replace(",", "") for cell in cells}
    numbers = [
        float(value)
        for label, value in stated.items()
        if re.fullmatch(r"[\d.]+", value) and not label.startswith(("scope", "total"))
    ]
    inventory = cl.open_book(folder).inventory()
    lines = sorted(inventory.lines["emissions_tco2e"])
    assert lines == [pytest.approx(value, abs=2e-3) for value in sorted(numbers)]
    total = float(next(value for label, value in stated.items() if label.startswith("total")))
    assert inventory.total_location_based().magnitude == pytest.approx(total, abs=2e-3)


def test_us_market_based_by_hand():
    """The README's market-based figures: RECs at 0, the rest at the grid average, which the findings say."""
    book = cl.open_book(PROJECT / "examples" / "us-company")
    report = book.report()
    assert report.scope_2.market_based_tco2e == pytest.approx(390.074, abs=2e-3)
    assert report.totals()["total_market_based_tco2e"] == pytest.approx(1529.657, abs=4e-3)
    assert "NO_RESIDUAL_MIX" in {finding.rule for finding in report.findings}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_line_of_every_example_explains_itself(folder):
    """Whatever kind of line: the explanation names its activity and, where it emits, a factor."""
    inventory = cl.open_book(folder).inventory()
    for number in range(1, len(inventory.lines) + 1):
        explanation = inventory.explain(number)
        line = inventory.lines.iloc[number - 1]
        assert explanation.activity in str(explanation)
        assert not line["emissions_tco2e"] or "@" in str(explanation)


def test_utility_bills_by_hand():
    """An export of Portfolio Manager gives what its README calculates: by scope and in total."""
    inventory = cl.open_book(PROJECT / "examples" / "utility-bills").inventory()
    scopes = inventory.by("scope").set_index("scope")["emissions_tco2e"]
    assert scopes["scope 1"] == pytest.approx(29_900 * 0.1054804 / 1.05505585262 * 53.1145 / 1000, rel=1e-9)
    assert scopes["scope 2 (location-based)"] == pytest.approx(1_230 * 429.983 * 0.45359237 / 1000, rel=1e-9)
    text = (PROJECT / "examples" / "utility-bills" / "README.md").read_text(encoding="utf-8")
    assert f"**{inventory.total_location_based().magnitude:.3f}**" in text


def test_every_example_has_its_line():
    """Each folder of the examples is named in their README."""
    text = (PROJECT / "examples" / "README.md").read_text(encoding="utf-8")
    folders = [path.name for path in (PROJECT / "examples").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [name for name in folders if f"[{name}]" not in text and f"`{name}/`" not in text] == []
