"""The potential of a gas or refrigerant blend under every GWP set, under any name that an entry may give it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from carbonledger.core.activities import taxonomy
from carbonledger.core.activity_words import read_activity
from carbonledger.core.errors import MissingFactorError
from carbonledger.factors.gases import species_by_tail
from carbonledger.factors.gwp import read_gwp
from carbonledger.factors.refrigerant_blends import blend_gwp, blend_names, gwp_sets
from carbonledger.factors.search_query import meant_instead

__all__ = ["potentials"]


def potentials(gas: str) -> list[tuple[str, float | None, str]]:
    """The potential of a gas or blend under every GWP set that comes with the library.

    Parameters
    ----------
    gas : str
        A species such as ``CH4``, a blend such as ``R-410A``, or what an entry may call it: ``R32``, ``HFC32``, ``CF4``, 六氟化硫.

    Returns
    -------
    list of (str, float or None, str)
        Edition, kg CO2e per kg, and a remark: the composition, what the name was read as, or why there is no value.

    Examples
    --------
    >>> potentials("r22")[-1]
    ('ipcc-ar6@2021', 1960.0, 'HCFC-22')
    """
    return [(name, *_potential(gas, name)) for name in gwp_sets()]


def _potential(gas: str, edition: str) -> tuple[float | None, str]:
    """The potential under one set with a remark."""
    gwp = read_gwp(edition)
    written = {known.casefold(): known for known in gwp.values}.get(gas.strip().casefold(), "")
    try:
        if written:
            return gwp.of(written).value, ""
        if _activity(gas) in blend_names():
            blend = blend_gwp(_activity(gas), gwp)
            return round(blend.gwp, 6), " + ".join(f"{share.value_text} {share.gas}" for share, _ in blend.parts)
        species = _species(gas, gwp_sets())
        return gwp.of(species or gas).value, species
    except MissingFactorError as error:
        return None, str(error)


@cache
def _activity(gas: str) -> str:
    """The activity that a name stands for; empty if it is no gas or not sure."""
    for text in (gas, meant_instead(gas)):
        name = read_activity(text).activity if text.strip() else ""
        if name in blend_names() or (name in taxonomy() and taxonomy()[name].is_gas):
            return name
    return ""


def _species(gas: str, editions: Sequence[str]) -> str:
    """The species that a name stands for, as the sets spell it; empty if none has it."""
    spelt = species_by_tail(known for edition in editions for known in read_gwp(edition).values)
    return spelt.get(_activity(gas).partition(".")[2], "")
