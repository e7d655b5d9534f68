"""A missing emission factor, density or calorific value, with the editions of the library that have it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from carbonledger.core.activities import find_activity
from carbonledger.core.errors import AmbiguousFactorError, CarbonLedgerError, MissingBridgeError, MissingFactorError
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
_ANY = "any"
_OFFERED = 3
_BRIDGES = {"density": Label("density", "密度"), "calorific_value": Label("calorific value", "热值")}
_EMISSIONS = {
    "emission_factor": Label("emission factor", "排放因子"),
    "carbon_content": Label("carbon content", "含碳量"),
}
_WORDS = {**_BRIDGES, **_EMISSIONS}


def naming_editions(error: CarbonLedgerError, key: Key, factors: PinnedFactors) -> CarbonLedgerError:
    """The error that a factor or a property of the carrier is missing, with the editions that carry it; any other error as it is.

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
    said = error.says.key if error.says else ""
    if said in {"MISSING_FACTOR.none", "MISSING_FACTOR.refused"}:
        return _naming_factors(error, key, factors)
    return _naming_properties(error, key, factors) if said == "MISSING_BRIDGE.property" else error


def _values(error: CarbonLedgerError) -> dict[str, Any]:
    """What an error prints, by name."""
    return dict(error.says.values) if error.says else {}


def _naming_factors(error: CarbonLedgerError, key: Key, factors: PinnedFactors) -> CarbonLedgerError:
    """The error of a missing emission factor with the carried ones of its region that are not too old, the nearest first."""
    found = [label for parameter in _EMISSIONS for label in _offers(key, parameter, factors)]
    if not found:
        return error
    values = _values(error)
    case = "refused_offered" if "refused" in values else "offered"
    return MissingFactorError(Message.of(f"MISSING_FACTOR.{case}", **values, offered=tuple(found[:_OFFERED])))


def _naming_properties(error: CarbonLedgerError, key: Key, factors: PinnedFactors) -> CarbonLedgerError:
    """The error of a missing density or calorific value with the carried ones of its region."""
    values = _values(error)
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
    # Each edition is asked alone: of several that fit equally well nothing is chosen, and they are pinned all the same.
    alone = [
        (role, PinnedFactors({role: (edition,)}, factors.as_of)) for role in _ROLES for edition in factors.in_role(role)
    ]
    queries = [(pins, Query(role, name, parameter, key.region, key.year or None)) for role, pins in alone]
    return [match.factor for pins, query in queries for match in find_factors(pins, query).matches]


def _offers(key: Key, parameter: str, factors: PinnedFactors) -> list[Label]:
    """The nearest carried figures of a property that could be pinned, one of each series, with its edition."""
    pinned = {edition.id for edition in factors.editions}
    found: dict[str, Factor] = {}
    for factor in _carried(find_activity(key.activity).name, parameter, key.region, key.year):
        edition = read_edition(factor.edition)
        if edition.id not in pinned and factors.known(edition):
            found.setdefault(edition.name, factor)
    return [_offer(factor) for factor in found.values()][:_OFFERED]


def _offer(factor: Factor) -> Label:
    """A figure and its edition in words."""
    named, what = edition_label(factor.edition), _WORDS[factor.parameter]
    figure = f"{factor.published_value or factor.value_text} {factor.published_unit or factor.unit}"
    return Label(f"{what.en} {figure} in {named.en}", f"{named.zh} 的{what.zh} {figure}")


@cache
def _carried(activity: str, parameter: str, region: str, year: int) -> tuple[Factor, ...]:
    """What each current edition by itself would give, the nearest region and then the nearest year first."""
    found = []
    for name in _about(frozenset(enclosing_regions(region) if region else {"GLOBAL"})):
        alone = PinnedFactors({_ANY: (read_edition(name),)})
        try:
            decision = find_factors(alone, Query(_ANY, activity, parameter, region, year or None))
        except AmbiguousFactorError:
            continue
        if decision.matches and decision.best:
            depth, distance, lag = decision.best
            found.append(((distance, lag, depth, name), decision.matches[0].factor))
    return tuple(factor for _, factor in sorted(found, key=lambda item: item[0]))


def _about(regions: frozenset[str]) -> Iterator[str]:
    """The current editions for emissions or energy whose data package names one of some regions; no figures are read."""
    for name, row in catalogue().items():
        package = row.folder / name.replace("@", "/") / "datapackage.json"
        metadata = json.loads(package.read_text(encoding="utf-8"))["carbonledger"]
        if row.status == "current" and set(_ROLES) & set(metadata["roles"]) and metadata["region"] in regions:
            yield name
