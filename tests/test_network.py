"""The network of figures: narrowed by all relations, clashes in their smallest form."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.analysis.figures import PublishedFigure
from carbonledger.analysis.network import propagate
from carbonledger.analysis.reconciliation import Relation
from tests.conftest import PROJECT


def figures_of(**texts):
    """Published figures by id."""
    return {
        name: PublishedFigure(name, 2024, name, name, cl.parse_figure(text), "", "", "") for name, text in texts.items()
    }


def relation(name, kind, **members):
    """A relation."""
    return Relation(name, kind, name, name, members)


@pytest.fixture(scope="module")
def techen():
    """The published figures of the Techen report."""
    return cl.open_book(PROJECT / "seeds" / "techen-2024").publication


def test_the_total_of_2023(techen):
    """2480.59, down 14.44 %: [2899.065, 2899.416] from unrounded values, [2899.071, 2899.410] from printed ones."""
    for computed, limits in (("unrounded", ("2899.065", "2899.416")), ("printed", ("2899.071", "2899.410"))):
        found = propagate(techen.figures, techen.relations, computed=computed).tightened["?ghg.total.2023"]
        assert (
            str(cl.round_figure(found.interval.low, "0.001")),
            str(cl.round_figure(found.interval.high, "0.001")),
        ) == limits
        assert found.relations == ("ghg.change",)


# The clashes of the case's facts; that of those over 50 shows twice, by its own count and by the other two age groups.
CLASHES = {
    ("training.average",),
    ("staff.category.shares",),
    ("staff.education.shares",),
    ("staff.age_over_50.share",),
    ("rnd.staff.share.category",),
    ("education.bachelor.twice",),
    ("staff.age.shares", "staff.age_under_30.share", "staff.age_30_50.share"),
}


def test_every_clash_of_the_report_is_found_and_nothing_else(techen):
    """All of the known clashes, and no figure accused that only another rounding explains; the readings are named."""
    network = propagate(techen.figures, techen.relations)
    assert {clash.relations for clash in network.clashes} == CLASHES
    assert "staff.male.share rounded coarser" in network.assumptions
    assert "rnd.staff.share truncated" in network.assumptions


def test_three_relations_that_only_together_contradict():
    """10.0 = 4.0 + b, c = b + 1.0, c / 2.0 = 4.0: any two agree, the three do not, and a harmless fourth is not accused."""
    figures = figures_of(ten="10.0", four="4.0", one="1.0", two="2.0", ratio="4.0", other="5.0", half="2.5")
    relations = [
        relation("sum", "sum", total="ten", parts=["four", "?b"]),
        relation("step", "difference", result="one", minuend="?c", subtrahend="?b"),
        relation("ratio", "ratio", result="ratio", numerator="?c", denominator="two"),
        relation("harmless", "ratio", result="half", numerator="other", denominator="two"),
    ]
    for left_out in range(3):
        assert propagate(figures, [item for at, item in enumerate(relations) if at != left_out]).clashes == ()
    (clash,) = propagate(figures, relations).clashes
    assert set(clash.relations) == {"sum", "step", "ratio"}
    assert "other" not in clash.figures


@given(
    st.lists(st.decimals(1, 1000, places=4, allow_nan=False), min_size=3, max_size=6),
    st.integers(0, 2),
)
def test_truth_is_never_accused(values, places):
    """Whatever is printed correctly rounded from true values clashes nowhere, and every narrowed interval holds the truth."""
    truth = {f"x{at}": value for at, value in enumerate(values)}
    truth["total"] = sum(values)
    truth["gap"] = truth["total"] - truth["x0"]
    truth["share"] = truth["x1"] / truth["total"] * 100
    truth["change"] = (truth["x1"] / truth["x0"] - 1) * 100
    step = str(Decimal(1).scaleb(-places))
    printed = {name: format(cl.round_figure(value, step), "f") for name, value in truth.items()}
    figures = figures_of(**printed)
    relations = [
        relation("sum", "sum", total="total", parts=[f"x{at}" for at in range(len(values))]),
        relation("difference", "difference", result="gap", minuend="total", subtrahend="x0"),
        relation("share", "share", result="share", part="x1", whole="total"),
        relation("change", "percent_change", change="change", current="x1", previous="x0"),
    ]
    network = propagate(figures, relations)
    assert network.clashes == ()
    for name, found in network.tightened.items():
        slack = Decimal("1e-15") * max(abs(truth[name]), 1)
        assert found.interval.low - slack <= truth[name] <= found.interval.high + slack
