"""Searching declared spaces: exact counting, chance, and the two combinations known beforehand."""

import itertools
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.analysis.combinations import Combinations, expected_by_chance, to_units
from carbonledger.rounding import Interval, parse_figure
from tests.conftest import PROJECT
from tests.test_cli import run

values = st.lists(st.integers(-200, 200).map(lambda number: Decimal(number) / 100), min_size=1, max_size=6)
limits = st.tuples(st.integers(-500, 500), st.integers(0, 80), st.booleans(), st.booleans())


@settings(max_examples=300, deadline=None)
@given(st.lists(values, min_size=1, max_size=5), limits)
def test_counting_is_exact(terms, place):
    """Counted and listed combinations are those that trying each one finds, at closed and open limits alike."""
    low, width, low_closed, high_closed = place
    interval = Interval(Decimal(low) / 100, Decimal(low + width) / 100, low_closed, high_closed)
    numbers = itertools.product(*(range(len(choices)) for choices in terms))
    inside = sorted(
        chosen
        for chosen in numbers
        if sum((choices[at] for choices, at in zip(terms, chosen, strict=True)), Decimal(0)) in interval
    )
    combinations = Combinations([[to_units(value) for value in choices] for choices in terms])
    hits = combinations.hits(interval, limit=10_000)
    assert hits.tried == len(list(itertools.product(*terms)))
    assert hits.count == combinations.count(interval) == len(inside)
    assert list(hits.listed) == inside
    assert combinations.hits(interval, limit=2).count == len(inside)
    assert len(combinations.hits(interval, limit=2).listed) == min(2, len(inside))


def test_a_term_needs_a_choice():
    """A space with an empty term has no combinations, which is a mistake."""
    with pytest.raises(ValueError, match="needs a choice"):
        Combinations([[1], []])


def test_chance_is_the_local_density():
    """A uniform space of totals is hit as often as its density says."""
    combinations = Combinations([range(0, 10**12, 10**8), range(0, 10**8, 10**7)])
    interval = Interval(Decimal("50.000"), Decimal("50.010"), True, False)
    expected, deviation = expected_by_chance(combinations, interval)
    assert combinations.count(interval) == pytest.approx(expected, abs=3 * max(deviation, 1))
    assert expected == pytest.approx(10, rel=0.01)


@pytest.fixture(scope="module")
def book():
    """The Techen case."""
    return cl.open_book(PROJECT / "seeds" / "techen-2024")


def test_textbook_space(book):
    """Of some hundred textbook combinations one gives 2480.59 where a few hundredths would by chance; it subtracts avoided emissions."""
    result = book.search("textbook")
    assert (result.tried, result.count) == (448, 1)
    assert 0.005 < result.expected < 0.05
    (hit,) = result.hits
    assert cl.round_figure(hit.total, "0.0001") == Decimal("2480.5912")
    assert [choice.treatment for choice in hit.choices][-1] == "avoided emissions subtracted"
    assert result.to_dict()["identification"] is False


def test_the_whole_space_hits_as_often_as_chance(book):
    """Among hundreds of millions of combinations the hits are about as many as chance brings; both known ones are among them."""
    result = book.search("everything")
    assert result.tried > 3e8
    assert result.count == pytest.approx(result.expected, rel=0.05)
    assert len(result.hits) == result.count
    both = {
        frozenset(str(cl.round_figure(choice.tco2e, "0.0001")) for choice in hit.choices)
        for hit in result.hits
        if hit.rounding == "unrounded"
    }
    grid = {"232.5903", "2251.4760"}
    assert frozenset({*grid, "13.2655", "-16.7406"}) in both
    assert frozenset({*grid, "13.5786", "-17.0584"}) in both


def test_later_editions_could_not_have_been_used(book):
    """A space known by June 2025 holds no factor published at the end of 2025."""
    labels = {choice.label for hit in book.search("everything").hits for choice in hit.choices}
    assert not any("cn-mee-nbs-grid@2023" in label for label in labels)


def test_the_command_line(tmp_path):
    """Counts and chance are printed, never an identification; an unknown space names those declared."""
    folder = PROJECT / "seeds" / "techen-2024"
    shown = run("reconstruct", folder, "--space", "textbook")
    assert "448 combinations tried, 1 give the printed figure" in shown.stdout
    assert "not an identification" in shown.stdout
    assert json.loads(run("reconstruct", folder, "--space", "textbook", "--json").stdout)["hits"] == 1
    wrong = run("reconstruct", folder, "--space", "galaxy")
    assert wrong.returncode == 2
    assert "textbook, everything" in wrong.stderr
    assert parse_figure("2480.59").decimals == 2
    assert not list(tmp_path.iterdir())


def test_what_further_figure_would_decide():
    """Each term leaves at least one hit and at most all; the first named leaves the fewest."""
    result = cl.open_book(PROJECT / "seeds" / "techen-2024").search("everything")
    left = [hits for _, hits in result.deciding]
    assert left == sorted(left)
    assert all(1 <= hits <= len(result.hits) for hits in left)
    assert left[0] < len(result.hits) / 10
