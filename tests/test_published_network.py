"""The network of figures: narrowed by all relations, clashes in their smallest form."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.published.constraints import Constraint, constraints_of
from carbonledger.published.measures import measures_of
from carbonledger.published.network import propagate
from carbonledger.published.propagation import groups
from carbonledger.published.verdicts import check_relation
from tests.support import PROJECT, figures_of, figures_with_units
from tests.support import named_relation as relation


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


# Section 4 of the case's facts, what clashes: each is found once.
CLASHES = {
    ("training.average",): "training.hours_per_person",
    ("staff.category.shares",): "",
    ("staff.education.shares",): "",
    ("staff.age_over_50.share",): "staff.age_over_50.share",
    ("education.bachelor.twice",): "",
}
# What only another rounding explains: rounded to one decimal and printed with two, or truncated.
READ_OTHERWISE = {
    "staff.male.share": "rounded coarser",
    "staff.female.share": "rounded coarser",
    "staff.han.share": "rounded coarser",
    "staff.minority.share": "rounded coarser",
    "staff.age_under_30.share": "rounded coarser",
    "staff.age_30_50.share": "rounded coarser",
    "rnd.staff.share": "truncated",
    "rnd.staff.share.highlights": "truncated",
    "staff.category.rnd.share": "rounded coarser",
    "staff.category.platform.share": "rounded coarser",
    "staff.category.sales.share": "rounded coarser",
    "staff.category.other.share": "rounded coarser",
}


def test_every_clash_of_the_report_is_found_and_nothing_else(techen):
    """All of the known clashes, and no figure accused that only another rounding explains; the rounding_variants are named."""
    network = propagate(techen.figures, techen.relations)
    assert {clash.relations: clash.result for clash in network.clashes} == CLASHES
    assert {item.figure: item.how for item in network.rounding_variants} == READ_OTHERWISE
    assert "staff.male.share rounded coarser" in network.assumptions


def test_a_figure_that_does_not_follow_is_left_open(techen):
    """1.60 % over 50 is accused by its own count only; what the other age groups leave holds the right 1.69 %."""
    found = propagate(techen.figures, techen.relations).tightened["staff.age_over_50.share"]
    assert found.interval.low <= Decimal(13) / 771 * 100 <= found.interval.high


def test_each_relation_holds_and_both_clash():
    """10.0 + 10.0 may print as 20.1 or as 19.9, but not as both."""
    figures = figures_of(a="10.0", b="10.0", s="20.1", s2="19.9")
    relations = [
        relation("one", "sum", total="s", parts=["a", "b"]),
        relation("two", "sum", total="s2", parts=["a", "b"]),
    ]
    assert all(check_relation(item, figures).outcome == "agrees" for item in relations)
    (clash,) = propagate(figures, relations).clashes
    assert (set(clash.relations), clash.result) == ({"one", "two"}, "")


def test_clashes_apart_from_each_other_cost_no_more_than_alone():
    """Each group is solved by itself: of 60 sums, 30 pairs clash, and no constraint meets those of another group."""
    texts, relations = {}, []
    for at in range(30):
        texts |= {f"a{at}": "10.0", f"b{at}": "10.0", f"s{at}": "20.1", f"t{at}": "19.9"}
        relations += [
            relation(f"{total}{at}", "sum", total=f"{total}{at}", parts=[f"a{at}", f"b{at}"]) for total in "st"
        ]
    figures = figures_of(**texts)
    active = [item for one in relations for item in constraints_of(one, measures_of(figures, relations))]
    parts = list(groups(active, {name: item.figure.interval for name, item in figures.items()}))
    assert sorted(len(part) for part in parts) == [2] * 30
    assert len(propagate(figures, relations).clashes) == 30


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


def drifting_chain(size, *, printed):
    """Figures that each lie 0.01 above the one before; the last is printed 1.0 above the first, which only the whole chain refutes."""
    ends = {"x0": "100.0", f"x{size - 1}": f"{100 + size // 50}.0"}
    texts = {f"x{at}": ends.get(f"x{at}", "about 100") for at in range(size) if printed or f"x{at}" in ends}
    figures = figures_of(**texts) | figures_with_units(step=("0.01", "", "exact"))
    names = [f"x{at}" if f"x{at}" in figures else f"?x{at}" for at in range(size)]
    links = [
        relation(f"link{at}", "difference", result="step", minuend=names[at], subtrahend=names[at - 1])
        for at in range(1, size)
    ]
    return figures, links


@pytest.mark.parametrize("printed", [False, True], ids=["unknowns", "coarse figures"])
@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "shuffled"])
def test_a_chain_contradicts_as_a_whole(printed, shuffled, monkeypatch):
    """Every link is in the smallest set, and finding that takes a few applications of each link for every halving."""
    size, applied = 128, []
    figures, links = drifting_chain(size, printed=printed)
    if shuffled:
        links = [links[at * 37 % len(links)] for at in range(len(links))]
    whole = Constraint.narrowed_ends
    monkeypatch.setattr(Constraint, "narrowed_ends", lambda self, known: applied.append(self) or whole(self, known))
    (clash,) = propagate(figures, links).clashes
    assert set(clash.relations) == {link.relation_id for link in links}
    assert len(applied) <= (8 if shuffled else 4) * size * 7


def test_many_contradictions_in_one_group_are_all_found():
    """Of 40 sums that share their parts' total, 7 are printed wrong: each is found, by itself or with what it rests on, and no other."""
    texts = {f"x{at}": f"{at + 1}.0" for at in range(40)} | {"base": "5.0"}
    figures = figures_of(**texts | {f"s{at}": f"{at + (9 if at % 6 == 5 else 6)}.0" for at in range(40)})
    relations = [relation(f"s{at}", "sum", total=f"s{at}", parts=["base", f"x{at}"]) for at in range(40)]
    clashes = propagate(figures, relations).clashes
    assert {clash.relations for clash in clashes} == {(f"s{at}",) for at in range(5, 40, 6)}


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
