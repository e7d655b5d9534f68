"""Which gases an inventory counts: the seven, and what stands apart from them.

References
----------
GHG Protocol, Required Greenhouse Gases in Inventories (2013 amendment): CO2, CH4, N2O, HFCs, PFCs, SF6, NF3. Gases of the Montreal
Protocol such as HCFC-22 are reported apart from the scopes (Corporate Standard 2004, chapter 9).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

__all__ = ["GAS_GROUPS", "gas_group", "species_by_tail", "species_of"]

# In the order of the standards; last, figures published for all gases together.
GAS_GROUPS = ("CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6", "NF3", "CO2e")


@cache
def _patterns() -> Sequence[tuple[str, str]]:
    """Species, or families of species, with their group."""
    text = resources.files("carbonledger.factors").joinpath("gas_groups.csv").read_text(encoding="utf-8")
    return [(row["species"], row["group"]) for row in csv.DictReader(text.splitlines())]


@cache
def gas_group(gas: str) -> str:
    """The group among the seven that a species belongs to.

    Parameters
    ----------
    gas : str
        A species such as ``HFC-134a``. Unsaturated HFCs (HFO-1234yf) are HFCs.

    Returns
    -------
    str
        ``CO2``, ``CH4``, ``N2O``, ``HFCs``, ``PFCs``, ``SF6`` or ``NF3``; ``CO2e`` for a figure of all gases together; empty for a gas
        that is none of the seven, and for CO2 of biomass; of what publishers round off, ``CO2e rounding``.

    Examples
    --------
    >>> gas_group("HFC-32"), gas_group("HCFC-22"), gas_group("HFO-1234yf"), gas_group("CO2 biogenic")
    ('HFCs', '', 'HFCs', '')
    """
    return next((group for pattern, group in _patterns() if fnmatchcase(gas, pattern)), "")


def species_of(gas: str) -> str:
    """The species behind the two names that potentials of methane have by origin.

    Examples
    --------
    >>> species_of("CH4 non-fossil"), species_of("HFC-32")
    ('CH4', 'HFC-32')
    """
    return gas.removesuffix(" non-fossil").removesuffix(" fossil")


def species_by_tail(gases: Iterable[str]) -> Mapping[str, str]:
    """Some species by the last part of the activities that are named after them; HFO-1234yf is also r1234yf.

    Examples
    --------
    >>> species_by_tail(["HFC-32", "HFO-1234yf"])
    {'hfc_32': 'HFC-32', 'hfo_1234yf': 'HFO-1234yf', 'r1234yf': 'HFO-1234yf'}
    """
    names = tuple(gases)
    plain = {re.sub(r"\W+", "_", gas.lower()): gas for gas in names}
    olefins = {f"r{gas.partition('-')[2].lower()}": gas for gas in names if gas.startswith("HFO-")}
    return plain | olefins
