"""Changes of either sign convention, divisors of zero, and figures of too many digits."""

import pytest

from carbonledger.core.errors import BookError
from carbonledger.published.network import propagate
from carbonledger.published.verdicts import check_rebuilt, check_relation
from tests.support import figures_with_units as figures
from tests.support import relation


def change(printed, current, previous, direction="increase"):
    """The verdict on a printed change, and how many clashes it makes."""
    case = figures(c=(printed, "%"), now=(current, ""), before=(previous, ""))
    item = relation("percent_change", change="c", current="now", previous="before", direction=direction)
    return check_relation(item, case), len(propagate(case, [item]).clashes)


@pytest.mark.parametrize(
    ("printed", "current", "holds"),
    [
        ("50.0 %", "-50.0", True),
        ("-50.0 %", "-50.0", True),
        ("150.0 %", "50.0", True),
        ("-150.0 %", "50.0", True),
        ("-20.0 %", "-120.0", True),
        ("20.0 %", "-120.0", True),
        ("70.0 %", "-50.0", False),
        ("-70.0 %", "-50.0", False),
    ],
)
def test_a_negative_base_is_held_to_neither_convention(printed, current, holds):
    """From -100 to -50 is +50 % of the base's size or -50 % of the base; 70 % is neither."""
    verdict, clashes = change(printed, current, "-100.0")
    assert (verdict.outcome == "agrees", clashes == 0) == (holds, holds)


@pytest.mark.parametrize(
    ("printed", "current", "direction", "holds"),
    [
        ("-14.44 %", "85.56", "decrease", "agrees"),
        ("14.44 %", "85.56", "decrease", "agrees"),
        ("-14.44 %", "85.56", "increase", "agrees"),
        ("-14.44 %", "114.44", "decrease", "agrees"),
        ("14.44 %", "85.56", "increase", "does not follow"),
        ("14.44 %", "114.44", "decrease", "does not follow"),
        ("-14.44 %", "90.00", "decrease", "does not follow"),
    ],
)
def test_a_decrease_may_bear_its_own_minus(printed, current, direction, holds):
    """Down -14.44 % is the same fall as down 14.44 % and a change of -14.44 %; a sign that was lost is still found."""
    verdict, clashes = change(printed, current, "100.00", direction)
    assert (verdict.outcome, clashes) == (holds, int(holds != "agrees"))


def test_what_an_unknown_has_of_a_sign():
    """Down -14.44 % implies the same last year as down 14.44 %; from a negative base nothing is implied."""
    found = []
    for text in ("-14.44 %", "14.44 %"):
        case = figures(c=(text, "%"), now=("2480.59", ""))
        item = relation("percent_change", change="c", current="now", previous="?before", direction="decrease")
        found.append(check_relation(item, case).computed)
    assert found[0] == found[1]
    case = figures(c=("50.0 %", "%"), before=("-100.0", ""))
    item = relation("percent_change", change="c", current="?now", previous="before")
    assert check_relation(item, case).computed is None
    assert propagate(case, [item]).clashes == ()


@pytest.mark.parametrize(
    "item",
    [
        relation("ratio", result="r", numerator="a", denominator="zero"),
        relation("share", result="p", part="a", whole="zero"),
        relation("percent_change", change="p", current="a", previous="zero"),
    ],
    ids=lambda item: item.kind,
)
@pytest.mark.parametrize("rounding", ["exact", "half_up"])
def test_a_divisor_of_zero_clashes_with_nothing(item, rounding):
    """The verdict stays that it cannot be divided; what else is said of the figures is still held together."""
    case = figures(r=("1.0", ""), p=("5.0 %", "%"), a=("7.0", "", "exact"), zero=("0.0", "", rounding), b=("8.0", ""))
    again = relation("same", figures=["a", "b"])
    assert check_relation(item, case).outcome == "cannot be divided"
    assert propagate(case, [item]).clashes == ()
    assert [clash.relations for clash in propagate(case, [item, again]).clashes] == [("same",)]


def test_figures_of_too_many_digits():
    """Thirty digits are refused by name where they are compared with others, and held against the engine without a crash."""
    case = figures(a=("1" * 30, "t"), b=("1" * 30, "t"), c=("9" * 20, "t"), d=("9" * 20, "t"))
    for item in (relation("same", figures=["a", "b"]), relation("sum", total="a", parts=["?x"])):
        with pytest.raises(BookError, match=r"relation \w+: a is printed with 30 digits; more than 20"):
            check_relation(item, case)
        with pytest.raises(BookError, match="30 digits"):
            propagate(case, [item])
    assert check_rebuilt(relation("rebuild", figure="a"), case["a"], 1.0, "t").outcome == "does not follow"
    assert check_relation(relation("same", figures=["c", "d"]), case).outcome == "agrees"
