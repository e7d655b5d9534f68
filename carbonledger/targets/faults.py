"""What keeps a target from being followed: a year, a reduction or a denominator that cannot be, found before anything is calculated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.targets.benchmarks import published_rates
from carbonledger.targets.target import Milestone, Target

__all__ = ["Surroundings", "target_faults"]

_SCOPE_2 = 2
_WHOLE = 100.0
_NETTED = ("credits", "avoided_emissions")
_BINARY_REST = 1e-9


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a book says that targets refer to.

    Parameters
    ----------
    drivers : collection of str
        The names of its denominators.
    boundaries : collection of str
        Its own boundary, in each language; empty if it states none.
    """

    drivers: Collection[str] = ()
    boundaries: Collection[str] = ()


def target_faults(targets: Sequence[Target], around: Surroundings) -> dict[int, tuple[Finding, ...]]:
    """What is wrong with some targets, by their place in the list.

    Parameters
    ----------
    targets : sequence of Target
        As they are stated.
    around : Surroundings
        What they refer to.

    Returns
    -------
    dict of int to tuple of Finding
        An error keeps the target from being judged; a warning or a note does not.
    """
    names = Counter(item.id for item in targets)
    found = {}
    for at, target in enumerate(targets):
        own = [Finding.of("TARGET_FORM.twice", target=target.id)] if names[target.id] > 1 else []
        own += [finding for check in _CHECKS for finding in check(target, around)]
        found[at] = tuple(own)
    return found


def _years(target: Target, _: Surroundings) -> Iterator[Finding]:
    """A base year that is missing, or does not come before the target year."""
    if target.base_year is None:
        if target.has_path:
            yield Finding.of("TARGET_FORM.no_base_year", target=target.id)
    elif target.base_year >= target.target_year:
        yield Finding.of("TARGET_FORM.years", target=target.id, base=target.base_year, year=target.target_year)


def _promise(target: Target, _: Surroundings) -> Iterator[Finding]:
    """A reduction that is not stated, is stated twice, or cannot be."""
    if target.rate and target.published_rate is None:
        yield Finding.of("TARGET_FORM.rate", target=target.id, rate=target.rate, known=published_rates())
    elif target.has_path and len(target.stated) != 1:
        yield Finding.of("TARGET_FORM.promise", target=target.id, stated=target.stated or (Label("none", "无"),))
    elif target.kind == "linear_contraction" and target.stated not in {("annual_rate_percent",), ("rate",)}:
        yield Finding.of("TARGET_FORM.no_rate", target=target.id)


def _numbers(target: Target, _: Surroundings) -> Iterator[Finding]:
    """A reduction beyond everything, or an amount below nothing."""
    for name in ("reduction_percent", "annual_rate_percent"):
        value = getattr(target, name)
        if value is not None and not 0 <= value <= _WHOLE:
            yield Finding.of("TARGET_FORM.percent", target=target.id, name=name, value=value)
    for name in ("base_value", "target_value"):
        value = getattr(target, name)
        if value is not None and value < 0:
            yield Finding.of("TARGET_FORM.negative", target=target.id, name=name, value=value)


def _milestones(target: Target, _: Surroundings) -> Iterator[Finding]:
    """Milestones that lie outside, stand twice, or promise nothing that can be."""
    first, last = target.base_year or 0, target.target_year
    years = [item.year for item in target.milestones]
    for item in target.milestones:
        if not first < item.year < last:
            yield Finding.of("TARGET_FORM.milestone_year", target=target.id, year=item.year)
        elif not _is_possible(item) or years.count(item.year) > 1:
            yield Finding.of("TARGET_FORM.milestone", target=target.id, year=item.year)


def _is_possible(item: Milestone) -> bool:
    """Whether a milestone has one promise that can be kept."""
    stated = [value for value in (item.reduction_percent, item.target_value) if value is not None]
    within = item.reduction_percent is None or 0 <= item.reduction_percent <= _WHOLE
    return len(stated) == 1 and within and (item.target_value is None or item.target_value >= 0)


def _method(target: Target, _: Surroundings) -> Iterator[Finding]:
    """A method of scope 2 that is not stated, or is another at the base."""
    if _SCOPE_2 not in target.scopes:
        return
    if not target.scope_2_method:
        yield Finding.of("TARGET_METHOD.not_stated", target=target.id)
    elif target.base_scope_2_method not in {"", target.scope_2_method}:
        methods = {
            "base": Label.of(_METHOD[target.base_scope_2_method]),
            "now": Label.of(_METHOD[target.scope_2_method]),
        }
        yield Finding.of("TARGET_METHOD.mixed", target=target.id, **methods)


_METHOD = {"location_based": "what_if_location_based", "market_based": "what_if_market_based"}


def _denominator(target: Target, around: Surroundings) -> Iterator[Finding]:
    """An intensity without a denominator, or one that the book does not have."""
    if target.kind == "intensity" and not target.denominator:
        yield Finding.of("TARGET_DENOMINATOR.none", target=target.id)
    elif target.denominator and target.denominator not in around.drivers:
        known = tuple(around.drivers) or (Label("none", "无"),)
        yield Finding.of("TARGET_DENOMINATOR.unknown", target=target.id, name=target.denominator, known=known)


def _boundary(target: Target, around: Surroundings) -> Iterator[Finding]:
    """A promise about something else than the book covers."""
    if target.boundary and target.boundary not in around.boundaries:
        own = tuple(item for item in around.boundaries if item) or (Label("not stated", "未说明"),)
        yield Finding.of("TARGET_BOUNDARY", target=target.id, boundary=target.boundary, own=own)


def _netting(target: Target, _: Surroundings) -> Iterator[Finding]:
    """A promise of neutrality that sets credits or avoided emissions against emissions."""
    netted = tuple(Label.of(f"target_{name}") for name in _NETTED if name in target.counts)
    if netted:
        yield Finding.of("TARGET_NETTED", target=target.id, netted=netted)


def _ambition(target: Target, _: Surroundings) -> Iterator[Finding]:
    """A reduction below the minimum of the published rate that the target names."""
    rate, percent = target.published_rate, target.reduction(target.base_value or 0.0)
    if rate is None or percent is None or target.base_year is None or target.base_year >= target.target_year:
        return
    least = rate.reduction_percent(target.base_year, target.target_year)
    if percent < least - _BINARY_REST:
        values = {
            "percent": percent,
            "least": least,
            "rate": rate.name,
            "confidence": Label.of(f"target_{rate.confidence}"),
        }
        yield Finding.of("TARGET_AMBITION", target=target.id, **values)


_CHECKS: tuple[Callable[[Target, Surroundings], Iterator[Finding]], ...] = (
    _years,
    _promise,
    _numbers,
    _milestones,
    _method,
    _denominator,
    _boundary,
    _netting,
    _ambition,
)
