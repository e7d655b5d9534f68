"""A missing density or calorific value, with the editions of the library that have it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from carbonledger.core.activities import ancestors, find_activity
from carbonledger.core.errors import CarbonLedgerError, MissingBridgeError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.regions import enclosing_regions
from carbonledger.core.units import dimension_of
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import Factor
from carbonledger.factors.matching import Query, find_factors
from carbonledger.factors.partial_editions import edition_label
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.coefficients import Key

__all__ = ["naming_editions"]

_ROLES = ("emissions", "energy")
_OFFERED = 3
_BRIDGES = {"density": Label("density", "密度"), "calorific_value": Label("calorific value", "热值")}


def naming_editions(error: CarbonLedgerError, key: Key, factors: PinnedFactors) -> CarbonLedgerError:
    """The error that a property of the carrier is missing, with the editions that carry it; any other error as it is.

    Parameters
    ----------
    error : CarbonLedgerError
        Of one combination.
    key : Key
        The combination.
    factors : PinnedFactors
        What is pinned.

    Returns
    -------
    CarbonLedgerError
    """
    if not isinstance(error, MissingBridgeError) or error.says is None or error.says.key != "MISSING_BRIDGE.property":
        return error
    values = dict(error.says.values)
    pinned = {parameter: _pinned(factors, key, parameter) for parameter in _BRIDGES}
    dimensions = {dimension_of(str(values["source"])), dimension_of(str(values["target"]))}
    # A calorific value per litre makes a density wanted between mass and energy too.
    dimensions |= {dimension_of(factor.unit.partition("/")[2]) for factor in pinned["calorific_value"]}
    wanted = {"density": "volume" in dimensions, "calorific_value": "energy" in dimensions}
    lacking = [parameter for parameter, is_wanted in wanted.items() if is_wanted and not pinned[parameter]]
    offered = tuple(label for parameter in lacking for label in _offers(key, parameter, factors))
    return MissingBridgeError(Message.of("MISSING_BRIDGE.offered", **values, offered=offered)) if offered else error


def _pinned(factors: PinnedFactors, key: Key, parameter: str) -> list[Factor]:
    """The figures of a property that the pinned editions have for a combination."""
    name = find_activity(key.activity).name
    queries = (Query(role, name, parameter, key.region, key.year or None) for role in _ROLES)
    return [match.factor for query in queries for match in find_factors(factors, query).matches]


def _offers(key: Key, parameter: str, factors: PinnedFactors) -> list[Label]:
    """The nearest carried figures of a property that could be pinned, each with its edition."""
    pinned = {edition.id for edition in factors.editions}
    found = [
        factor
        for factor in _carried(find_activity(key.activity).name, parameter, key.region)
        if factor.data_year in (None, key.year) and factor.edition not in pinned
    ]
    return [_offer(factor) for factor in found if factors.known(read_edition(factor.edition))][:_OFFERED]


def _offer(factor: Factor) -> Label:
    """A figure and its edition in words."""
    named, what = edition_label(factor.edition), _BRIDGES[factor.parameter]
    figure = f"{factor.published_value or factor.value_text} {factor.published_unit or factor.unit}"
    return Label(f"{what.en} {figure} in {named.en}", f"{named.zh} 的{what.zh} {figure}")


@cache
def _carried(activity: str, parameter: str, region: str) -> tuple[Factor, ...]:
    """The figures that current editions have of a property of an activity and its region, the nearest region first."""
    around = enclosing_regions(region) if region else {"GLOBAL": 0}
    found = [
        (around[factor.region], depth, edition, factor)
        for edition in _about(frozenset(around))
        for depth, name in enumerate(ancestors(activity))
        for factor in read_edition(edition).factors(name, parameter)
        if factor.region in around
    ]
    nearest: dict[str, Factor] = {}
    for _, _, edition, factor in sorted(found, key=lambda item: item[:3]):
        nearest.setdefault(edition, factor)
    return tuple(nearest.values())


def _about(regions: frozenset[str]) -> Iterator[str]:
    """The current editions for emissions or energy whose data package names one of some regions; no figures are read."""
    for name, row in catalogue().items():
        package = row.folder / name.replace("@", "/") / "datapackage.json"
        metadata = json.loads(package.read_text(encoding="utf-8"))["carbonledger"]
        if row.status == "current" and set(_ROLES) & set(metadata["roles"]) and metadata["region"] in regions:
            yield name
