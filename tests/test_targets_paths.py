"""Paths and progress: both ends are met, nothing turns back, and the published rates give the reductions that their texts give."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carbonledger.targets.benchmarks import benchmarks, published_rates
from carbonledger.targets.judgement import judge
from carbonledger.targets.paths import (
    SHAPES,
    ReductionPath,
    compound_reduction_percent,
    linear_reduction_percent,
    progress,
    reduced,
    required_pace,
)

amounts = st.floats(1.0, 1e9, allow_nan=False)
years = st.integers(1990, 2050)


@st.composite
def paths(draw):
    """A path down over up to three milestones."""
    first = draw(years)
    count = draw(st.integers(1, 4))
    steps = draw(st.lists(st.integers(1, 12), min_size=count, max_size=count))
    shares = sorted(draw(st.lists(st.floats(0.01, 0.99), min_size=count, max_size=count)), reverse=True)
    base, points, year = draw(amounts), [], first
    points.append((first, base))
    for step, share in zip(steps, shares, strict=True):
        year += step
        points.append((year, base * share))
    return ReductionPath(tuple(points), draw(st.sampled_from(SHAPES)))


def test_published_rates_give_their_reductions():
    """4.2 % linear from 2020 to 2030 is 42 %, also from a base of 2022 by the rule of version 1.x; 7 % compound is 51.6 % in ten years."""
    rates = benchmarks()
    assert rates["sbti-absolute-1.5c"].reduction_percent(2020, 2030) == pytest.approx(42.0)
    assert rates["sbti-absolute-1.5c"].reduction_percent(2022, 2030) == pytest.approx(42.0)
    assert rates["sbti-economic-intensity"].reduction_percent(2020, 2030) == pytest.approx(51.601769282070656)
    assert rates["sbti-absolute-wb2c"].reduction_percent(2020, 2030) == pytest.approx(25.0)


def test_a_rate_counted_from_the_base():
    """4.2 % of a base of 2022 every year until 2030 is 33.6 %; over 5 years 21 %; 1000 t less 42 % are 580 t."""
    assert linear_reduction_percent(4.2, 8) == pytest.approx(33.6)
    assert linear_reduction_percent(4.2, 5) == pytest.approx(21.0)
    assert linear_reduction_percent(4.2, 40) == 100.0
    assert compound_reduction_percent(7.0, 10) == pytest.approx(51.601769282070656)
    assert reduced(1000.0, 42.0) == pytest.approx(580.0)


def test_every_published_figure_has_a_source():
    """Each rate and threshold names its publisher and how sure it is, in both languages; a convention of the library says so."""
    assert published_rates()
    for item in benchmarks().values():
        assert item.publisher.zh
        assert item.document.zh
        assert item.name.en
        assert item.name.zh
        assert item.confidence in {"issuer", "secondary", "unopened"} or item.publisher.en == "carbonledger"


@given(paths())
def test_a_path_meets_its_points(path):
    """A path passes through its base, its milestones and its target, and does not exist outside."""
    for year, value in path.points:
        assert path.at(year) == value
    assert path.at(path.first_year - 1) is None
    assert path.at(path.last_year + 1) is None


@given(paths())
def test_a_path_never_rises(path):
    """What is promised as a reduction falls from year to year, whatever the shape."""
    values = [value for _, value in path]
    assert all(after <= before * (1 + 1e-12) for before, after in pairwise(values))


@given(amounts, st.floats(0.0, 0.99))
def test_progress_begins_and_ends(base, share):
    """Progress is 0 at the base and 1 at the target; between two equal values there is none."""
    target = base * share
    assume(target < base)
    assert progress(base, base, target) == 0.0
    assert progress(base, target, target) == 1.0
    assert progress(base, base, base) is None


@given(paths(), st.floats(0.01, 2.0), st.floats(1e-3, 1e3), st.integers(0, 60))
def test_scaling_changes_gaps_alone(path, share, factor, later):
    """In other units the gap scales, and progress and status stay as they are."""
    year = path.first_year + later
    judged = min(year, path.last_year)
    now = path.base * share
    required = path.at(judged)
    assume(abs(now - required) > 1e-6 * path.base)
    scaled = ReductionPath(tuple((at, value * factor) for at, value in path.points), path.shape)
    one, other = judge(path, {judged: now}, year), judge(scaled, {judged: now * factor}, year)
    assert other.status == one.status
    assert other.gap == pytest.approx(one.gap * factor, rel=1e-6)
    assert other.progress == pytest.approx(one.progress, rel=1e-9, abs=1e-9)


@given(amounts, st.floats(0.01, 0.99), st.integers(1, 40))
def test_the_required_pace_arrives(now, share, left):
    """The pace that is needed leads from now to the target, by tonnes and by per cent."""
    target = now * share
    pace = required_pace(now, now, 2024, target, 2024 + left)
    assert now - pace.per_year * left == pytest.approx(target, abs=1e-9 * now)
    assert now * math.pow(1 - pace.compound_percent / 100, left) == pytest.approx(target, rel=1e-9)


def test_a_target_that_is_met_needs_nothing():
    """At or below the target nothing is left to do; from the target year on there is no pace."""
    assert required_pace(1000.0, 500.0, 2024, 580.0, 2030).per_year == 0.0
    assert required_pace(1000.0, 500.0, 2024, 580.0, 2030).compound_percent is None
    assert required_pace(1000.0, 500.0, 2030, 580.0, 2030) is None


def test_a_compound_path_and_a_linear_one_meet_at_the_ends_alone():
    """Half way from 1000 to 580 a straight line is at 790, an even fraction at the geometric mean."""
    ends = ((2020, 1000.0), (2030, 580.0))
    assert ReductionPath(ends).at(2025) == pytest.approx(790.0)
    assert ReductionPath(ends, "compound").at(2025) == pytest.approx(math.sqrt(1000.0 * 580.0))
