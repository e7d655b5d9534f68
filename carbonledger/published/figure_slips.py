"""The slips that lead from what a printed figure should be to what is printed, with what its relations know of other figures."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from itertools import pairwise, permutations

from carbonledger.core.errors import UnitError
from carbonledger.core.exact_conversion import exact_factor, times
from carbonledger.core.printed_number import Figure
from carbonledger.core.rounding import Interval, decimal_of, rounding_interval
from carbonledger.factors.gwp import read_gwp
from carbonledger.published.constraints import Constraint
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.measures import Measures
from carbonledger.published.typical_errors import YEARS, typical_error_among, typical_error_of

__all__ = [
    "AT_ZERO",
    "DIGITS_EXCHANGED",
    "EXCHANGED",
    "GWP_SETS",
    "METHODS",
    "NETTED",
    "OTHER_GWP",
    "exchange_name",
    "slip_to",
]

EXCHANGED = "figures exchanged"
METHODS = "location-based and market-based exchanged"
NETTED = "credits or certificates subtracted"
_LEFT_OUT, _TWICE = "a part left out", "a part counted twice"
AT_ZERO = "energy counted at zero"
PRINTED_AS_ZERO = "printed as 0"
DIGITS_EXCHANGED = "two digits exchanged"
OTHER_GWP, _NOX = "GWP of another set", "NOx taken for N2O"
_MARKET = ("market", "市场", "(mb", "mb)")
_LOCATION = ("location", "位置", "地点", "区域", "(lb", "lb)")
_CREDITS = (
    "credit",
    "offset",
    "certificate",
    "avoided",
    "green",
    "rec",
    "i-rec",
    "go ",
    "碳信用",
    "抵销",
    "抵消",
    "绿证",
    "绿电",
    "减排",
)
_NITROUS, _NITROGEN = ("n2o", "nitrous", "氧化亚氮"), ("nox", "no2", "nitrogen oxide", "氮氧化物")
GWP_SETS = ("ipcc-sar@1995", "ipcc-ar4@2007", "ipcc-ar5@2013", "ipcc-ar6@2021")
_GASES: Mapping[str, tuple[str, ...]] = {"CH4": ("ch4", "methane", "甲烷"), "N2O": _NITROUS, "SF6": ("sf6", "六氟化硫")}
# Named by a ratio, a slip needs a number that is known better than the ratio.
_WIDEST = Decimal("0.2")
_NARROW = Decimal("0.004")
_SHORTEST, _LONGEST, _FEWEST = 3, 12, 3


def slip_to(
    printed: PublishedFigure, should_be: Interval, group: Sequence[Constraint], measures: Measures
) -> tuple[str, str]:
    """The slip that leads from what a figure should be to what is printed.

    Parameters
    ----------
    printed : PublishedFigure
        The figure.
    should_be : Interval
        What its relations say of it, in its unit.
    group : sequence of Constraint
        The relations that do not hold.
    measures : Measures
        With all figures.

    Returns
    -------
    tuple of (str, str)
        The name of the slip, and the other figure in it; empty if there is none.
    """
    alone = len(group) == 1 and group[0].result == printed.figure_id
    among = typical_error_among(group[0], measures) if alone else ""
    if among or not printed.figure.value:
        return among or _zero(printed.figure, should_be), ""
    width = _relative_width(should_be)
    if width < _WIDEST and (typical := typical_error_of(printed.figure, should_be)):
        return typical, ""
    for name, other in _with_other_figures(printed, should_be, group, measures):
        return name, other
    if width < _NARROW:
        for name, factor in (*_factors(), *_gwp_ratios(printed, group, measures)):
            if printed.figure.interval.overlaps(should_be.scaled(factor)):
                return name, ""
    return _digit_slip(printed.figure, should_be), ""


def _zero(printed: Figure, should_be: Interval) -> str:
    """That a number is printed as 0, if it is known to be another; a 0 does not tell by which factor."""
    known = _relative_width(should_be) < _WIDEST and not printed.interval.overlaps(should_be)
    return PRINTED_AS_ZERO if known else ""


def exchange_name(one: PublishedFigure, other: PublishedFigure) -> str:
    """What the exchange of two figures is called: of methods, of years; empty for any other."""
    if one.year != other.year:
        return YEARS
    words = [_words(item) for item in (one, other)]
    methods = [{name for name, signs in (("m", _MARKET), ("l", _LOCATION)) if _has(text, signs)} for text in words]
    return METHODS if methods[0] != methods[1] and methods[0] | methods[1] == {"m", "l"} else ""


def _words(figure: PublishedFigure) -> str:
    """Everything that a figure is called."""
    return _joined(figure.figure_id, figure.label_en, figure.label_zh, figure.note, figure.unit)


@cache
def _joined(*texts: str) -> str:
    """Some texts as one, without regard to case."""
    return " ".join(texts).casefold()


def _is_credit(figure: PublishedFigure) -> bool:
    """Whether a figure is called a credit, a certificate or green electricity."""
    return _names_credits(_words(figure))


@cache
def _names_credits(text: str) -> bool:
    """Whether a text has one of the words for credits and certificates."""
    return _has(text, _CREDITS)


def _has(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text has one of some words."""
    return any(item in text for item in words)


def _relative_width(interval: Interval) -> Decimal:
    """The width of an interval in parts of its middle."""
    return interval.width / abs(interval.middle) if interval.middle else Decimal("Infinity")


def _with_other_figures(
    printed: PublishedFigure, should_be: Interval, group: Sequence[Constraint], measures: Measures
) -> Iterator[tuple[str, str]]:
    """The slips in which another figure plays a part: subtracted, left out, counted twice, counted at zero, or of another gas."""
    members = {term.figure for item in group for term in item.terms}
    missing = should_be - printed.figure.interval
    whole = any(item.form == "sum" and item.result == printed.figure_id for item in group)
    # Most figures are neither members nor credits: they are passed over before anything is converted.
    others = {name: item for name, item in measures.figures.items() if name in members or _is_credit(item)}
    others.pop(printed.figure_id, None)
    for name, other in others.items():
        value = _in_unit(other, printed.unit)
        if value is None:
            continue
        if name in members:
            if whole and _is_amount(value, missing):
                yield _LEFT_OUT, name
            if whole and _is_amount(value, Interval(-missing.high, -missing.low)):
                yield _TWICE, name
        elif _is_amount(value, missing):
            yield (NETTED if _is_emission(printed.unit) else AT_ZERO), name
    yield from _at_zero(printed, group, measures, members)
    yield from _of_another_gas(printed, measures)


def _is_amount(value: Interval, difference: Interval) -> bool:
    """Whether a difference is an amount above 0, known well enough to say so."""
    return value.low > 0 and value.overlaps(difference) and difference.width < value.middle * _WIDEST


def _is_emission(unit: str) -> bool:
    """Whether a unit is a mass of gas."""
    return "CO2" in unit


def _in_unit(figure: PublishedFigure, unit: str) -> Interval | None:
    """The interval of a figure in a unit; None if it measures something else."""
    if figure.unit == unit:
        return figure.figure.interval
    factor = _factor_between(figure.unit, unit)
    return None if factor is None else times(figure.figure.interval, factor)


@cache
def _factor_between(unit: str, wanted: str) -> Fraction | None:
    """The factor between two units; None if they measure different things, or one is missing."""
    try:
        return exact_factor(unit, wanted) if unit and wanted else None
    except UnitError:
        return None


def _at_zero(
    printed: PublishedFigure, group: Sequence[Constraint], measures: Measures, members: set[str]
) -> Iterator[tuple[str, str]]:
    """Energy that was left out before a printed factor was applied, because it was counted at zero."""
    for item in group:
        if item.form != "product" or item.result != printed.figure_id or item.relation.kind != "unit_conversion":
            continue
        source = item.terms[1].figure
        try:
            used = item.solved(source, lambda name: measures.figures[name].figure.interval)
        except ArithmeticError:
            continue
        if used is None:
            continue
        missing = measures.figures[source].figure.interval - used
        for name, other in measures.figures.items():
            value = _in_unit(other, measures.figures[source].unit)
            if name not in members and value is not None and _is_amount(value, missing):
                yield AT_ZERO, name


def _of_another_gas(printed: PublishedFigure, measures: Measures) -> Iterator[tuple[str, str]]:
    """Nitrous oxide that is the nitrogen oxides times its GWP, or their mass."""
    if not _has(_words(printed), _NITROUS):
        return
    for name, other in measures.figures.items():
        mass = _in_unit(other, "t")
        own = _in_unit(printed, "t") or _in_unit(printed, "t CO2e")
        if mass is None or own is None or not _has(_words(other), _NITROGEN):
            continue
        factors = [Decimal(1), *(value for _, value in _potentials("N2O"))]
        if any(own.overlaps(mass.scaled(factor)) for factor in factors):
            yield _NOX, name


@cache
def _factors() -> tuple[tuple[str, Decimal], ...]:
    """The ratios that slips of units lead to, by their names."""
    text = resources.files("carbonledger.published").joinpath("slip_factors.csv").read_text(encoding="utf-8")
    return tuple((row["name"], Decimal(row["factor"])) for row in csv.DictReader(text.splitlines()))


@cache
def _potentials(gas: str) -> tuple[tuple[str, Decimal], ...]:
    """The GWP of a gas in each set."""
    sets = ((name, read_gwp(name).values) for name in GWP_SETS)
    return tuple((name, decimal_of(float(values[gas].value))) for name, values in sets if gas in values)


def _gwp_ratios(
    printed: PublishedFigure, group: Sequence[Constraint], measures: Measures
) -> Iterator[tuple[str, Decimal]]:
    """The ratios of the GWP of one set to that of another, of a gas that the relations are about."""
    names = {term.figure for item in group for term in item.terms}
    text = " ".join([_words(printed), *(_words(measures.figures[name]) for name in names if name in measures.figures)])
    for gas, words in _GASES.items():
        if _has(text, words):
            for (_, one), (_, other) in permutations(_potentials(gas), 2):
                if one != other:
                    yield OTHER_GWP, one / other


def _digit_slip(printed: Figure, should_be: Interval) -> str:
    """Two digits exchanged, or one misprinted; empty if neither leads to the printed figure."""
    digits = str(abs(int(printed.value / printed.step)))
    if (
        len(digits.rstrip("0")) < _FEWEST
        or not _SHORTEST <= len(digits) <= _LONGEST
        or _relative_width(should_be) > _NARROW
    ):
        return ""
    sign = -1 if printed.value < 0 else 1

    def fits(text: str) -> bool:
        value = sign * int(text) * printed.step
        return rounding_interval(value, printed.step, printed.rounding).overlaps(should_be)

    if any(fits(text) for text in _with_two_exchanged(digits)):
        return DIGITS_EXCHANGED
    return "one digit misprinted" if any(fits(text) for text in _with_one_changed(digits)) else ""


def _with_two_exchanged(digits: str) -> Iterator[str]:
    """The numbers in which two neighbouring digits are exchanged."""
    for at, (one, other) in enumerate(pairwise(digits)):
        if one != other:
            yield f"{digits[:at]}{other}{one}{digits[at + 2 :]}"


def _with_one_changed(digits: str) -> Iterator[str]:
    """The numbers in which one digit is another."""
    for at, own in enumerate(digits):
        for other in "0123456789":
            if other != own:
                yield f"{digits[:at]}{other}{digits[at + 1 :]}"
