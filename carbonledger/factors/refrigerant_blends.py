"""Refrigerant blends: composition times the potentials of any GWP set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from carbonledger.core.errors import MissingFactorError
from carbonledger.core.findings import Message
from carbonledger.factors.editions import catalogue, editions_about, read_edition
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.gases import species_by_tail
from carbonledger.factors.gwp import GwpSet, read_gwp

__all__ = ["BlendPotential", "blend_gwp", "blend_names", "components", "gwp_sets"]


@dataclass(frozen=True, slots=True)
class BlendPotential:
    """The potential of a blend under one GWP set.

    Parameters
    ----------
    blend : str
        Its activity, e.g. ``refrigerant.r_410a``.
    gwp : float
        kg CO2e per kg of the blend.
    parts : tuple of (Factor, Factor)
        Mass share and potential of each component.
    """

    blend: str
    gwp: float
    parts: tuple[tuple[Factor, Factor], ...]


@cache
def _compositions() -> tuple[Edition, ...]:
    """The editions that state compositions."""
    editions = [read_edition(name) for name, row in catalogue().items() if row.status == "current" and "blends" in name]
    return tuple(edition for edition in editions if "blend_share" in edition.roles)


@cache
def blend_names() -> tuple[str, ...]:
    """Every blend whose composition is known."""
    return tuple(sorted({activity for edition in _compositions() for activity, _ in edition.index}))


def blend_gwp(blend: str, gwp: GwpSet) -> BlendPotential:
    """The potential of a refrigerant blend.

    Parameters
    ----------
    blend : str
        ``R-410A``, ``r410a`` or ``refrigerant.r_410a``.
    gwp : GwpSet
        The potentials of the components.

    Returns
    -------
    BlendPotential
        The sum of mass share times potential, kg CO2e per kg.

    Raises
    ------
    MissingFactorError
        If the composition is unknown, or a component has no potential in this set: a partial sum would be too small.

    References
    ----------
    Compositions: ANSI/ASHRAE Standard 34. The sum over components: GHG Protocol, refrigeration and air-conditioning guidance.

    Examples
    --------
    >>> from carbonledger.factors.gwp import read_gwp
    >>> round(blend_gwp("R-410A", read_gwp("ipcc-ar5@2013")).gwp, 1)
    1923.5
    """
    name = _activity_of(blend)
    shares = [factor for edition in _compositions() for factor in edition.factors(name, "blend_share")]
    if not shares:
        raise MissingFactorError(Message.of("MISSING_FACTOR.unknown_blend", blend=blend, count=len(blend_names())))
    missing = [share.gas for share in shares if share.gas not in gwp.values]
    if missing:
        lacking = {"blend": blend, "gases": tuple(missing), "gwp_set": gwp.edition}
        raise MissingFactorError(Message.of("MISSING_FACTOR.blend_without_gwp", **lacking))
    parts = tuple((share, gwp.values[share.gas]) for share in shares)
    return BlendPotential(name, sum(share.value * potential.value for share, potential in parts), parts)


def components(activity: str, gwp: GwpSet, origin: str = "") -> tuple[tuple[Factor | None, Factor], ...]:
    """What escapes when a refrigerant does: mass share and potential of each species.

    Parameters
    ----------
    activity : str
        ``refrigerant.r_410a`` or, of a pure gas, ``refrigerant.hfc_134a``, ``process.ch4``.
    gwp : GwpSet
        The potentials.
    origin : str
        ``fossil`` or ``biogenic``, where a set tells methane of the two apart.

    Returns
    -------
    tuple of (Factor or None, Factor)
        No share for a pure gas.

    Raises
    ------
    MissingFactorError
        If neither a composition nor a potential is known.
    """
    tail = activity.split(".", 1)[-1]
    gas = _species(gwp).get(tail)
    if gas is not None:
        return ((None, gwp.of(gas, origin)),)
    if activity not in blend_names():
        sets = [name for name in gwp_sets() if tail in _species(read_gwp(name))]
        if sets:
            lacking = {"gwp_set": gwp.edition, "gas": activity, "others": tuple(sets)}
            raise MissingFactorError(Message.of("MISSING_FACTOR.gwp_elsewhere", **lacking))
        raise MissingFactorError(Message.of("MISSING_FACTOR.no_gwp", gwp_set=gwp.edition, gas=activity))
    return blend_gwp(activity, gwp).parts


@cache
def _species(gwp: GwpSet) -> Mapping[str, str]:
    """The species of a set by the last part of their activity."""
    return species_by_tail((*gwp.values, "CH4"))


@cache
def gwp_sets() -> tuple[str, ...]:
    """Every current set of potentials, oldest first."""
    found = [name for name in editions_about("", "gwp") if catalogue()[name].status == "current"]
    return tuple(sorted(found, key=lambda item: item.split("@")[1]))


def _activity_of(blend: str) -> str:
    """The taxonomy's name of a blend as people write it."""
    tail = (
        blend.lower().removeprefix("refrigerant.").replace("-", "").replace("_", "").replace(" ", "").removeprefix("r")
    )
    return f"refrigerant.r_{tail}"
