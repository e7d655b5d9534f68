"""Findings of one cause are printed once, with every row; none is lost."""

from hypothesis import given
from hypothesis import strategies as st

from carbonledger.core.findings import Finding
from carbonledger.reporting.alike import gathered


def slip(row, tonnes=None, file="entries.csv"):
    """A doubt about a bill."""
    what = {"source": f"meter {row}", "amount": 1200, "unit": "kWh", "ratio": 10, "usual": 120}
    return Finding.of("AMOUNT_OUTLIER.tenfold", **what).at(file=file, row=row).about((row,), tonnes)


def test_many_of_a_kind_are_one_finding():
    """The one with the most at stake is shown, with the rows of the others and the sum of the tonnes."""
    groups = gathered([slip(row, float(row)) for row in (2, 3, 4, 9, 7)])
    assert len(groups) == 1
    assert "meter 9" in groups[0].text("en")
    assert "Likewise 4 more: rows 2-4, 7." in groups[0].text("en")
    assert "25.00 t" in groups[0].text("en")
    assert "另有 4 处相同（第 2-4, 7 行）" in groups[0].text("zh")


def test_a_few_are_read_one_by_one():
    """Three of a kind, and those of other files, stay apart."""
    assert len(gathered([slip(2), slip(3), slip(4)])) == 3
    assert len(gathered([*(slip(row) for row in range(2, 6)), slip(2, file="other.csv")])) == 2


@given(st.lists(st.tuples(st.integers(2, 40), st.sampled_from(["a.csv", "b.csv"]), st.booleans()), max_size=60))
def test_no_finding_is_lost(places):
    """Every finding is in exactly one group, and its row in the group's text or list."""
    findings = [slip(row, file=file).as_severity("error" if grave else "warning") for row, file, grave in places]
    groups = gathered(findings)
    kept = [item for group in groups for item in (group.first, *group.others)]
    assert sorted(map(str, kept)) == sorted(map(str, findings))
