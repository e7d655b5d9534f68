"""How a figure of one's own compares with everything published of the same activity: a thousandfold is a slip of a unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import Factor

__all__ = ["unlike_published"]

# Published figures of one activity differ by less: by country, year and technology.
_FAR = 100.0
_ONE_KIND = frozenset({"CO2", "CO2e"})


def unlike_published(cells: Mapping[str, str]) -> Iterator[Finding]:
    """The finding that a figure is a hundred times larger, or smaller, than every published one.

    Parameters
    ----------
    cells : mapping of str to str
        A row without any fault of form.

    Yields
    ------
    Finding
        With the published figure that is nearest; none where nothing comparable is published.
    """
    value = abs(float(cells["value"]))
    if not value or not cells["activity"]:
        return
    ratios = [
        (value / (factor.value * conversion_factor(factor.unit, cells["unit"])), factor)
        for factor in _published(cells["activity"], cells["parameter"], cells["gas"])
        if factor.value > 0 and _comparable(factor.unit, cells["unit"])
    ]
    if not ratios or not (min(ratio for ratio, _ in ratios) >= _FAR or max(ratio for ratio, _ in ratios) <= 1 / _FAR):
        return
    ratio, nearest = min(ratios, key=lambda item: max(item[0], 1 / item[0]))
    named = {"value": f"{cells['value']} {cells['unit']}", "published": f"{nearest.value_text} {nearest.unit}"}
    case = "large" if ratio > 1 else "small"
    times = f"{ratio if ratio > 1 else 1 / ratio:,.0f}"
    yield Finding.of(
        f"FACTOR_MAGNITUDE.{case}", activity=cells["activity"], factor=nearest.reference, times=times, **named
    )


@cache
def _published(activity: str, parameter: str, gas: str) -> tuple[Factor, ...]:
    """The figures of every current edition for the same property and gas of an activity; one of CO2 is compared with one of all gases."""
    alike = _ONE_KIND if gas in _ONE_KIND else {gas}
    editions = (read_edition(name) for name, row in catalogue().items() if row.status == "current")
    return tuple(
        factor for edition in editions for factor in edition.factors(activity, parameter) if factor.gas in alike
    )


@cache
def _comparable(unit: str, other: str) -> bool:
    """Whether two units are of one kind, mass per mass never being mass per energy."""
    try:
        return all(
            bool(conversion_factor(one or "1", two or "1"))
            for one, two in zip(unit.partition("/")[::2], other.partition("/")[::2], strict=True)
        )
    except CarbonLedgerError:
        return False
