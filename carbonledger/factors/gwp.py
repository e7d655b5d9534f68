"""Global warming potentials: a set is always named, never assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from carbonledger.core.errors import EditionError, MissingFactorError
from carbonledger.core.findings import Message
from carbonledger.core.language import counted
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Edition, Factor

__all__ = ["GwpSet", "read_gwp"]

_METHANE_BY_ORIGIN = {"fossil": "CH4 fossil", "biogenic": "CH4 non-fossil"}


@dataclass(frozen=True, eq=False, repr=False)
class GwpSet:
    """The 100-year potentials of one assessment.

    Parameters
    ----------
    source : Edition
        For instance ``ipcc-ar5@2013``.
    values : mapping of str to Factor
        By species, kg CO2e per kg.
    """

    source: Edition
    values: Mapping[str, Factor]

    def __repr__(self) -> str:
        return f"GwpSet({self.edition}, {counted(len(self.values), 'potential')})"

    @property
    def edition(self) -> str:
        """The edition's id."""
        return self.source.id

    def of(self, gas: str, origin: str = "") -> Factor:
        """The potential of a gas.

        Parameters
        ----------
        gas : str
            The species, e.g. ``CH4``.
        origin : str
            ``fossil`` or ``biogenic``, where the set tells the two kinds of methane apart.

        Returns
        -------
        Factor
            kg CO2e per kg of the gas.

        Raises
        ------
        MissingFactorError
            If the set has no value for the gas.
        """
        by_origin = _METHANE_BY_ORIGIN.get(origin, "") if gas == "CH4" else ""
        found = self.values.get(by_origin) or self.values.get(gas)
        if found is None:
            raise MissingFactorError(Message.of("MISSING_FACTOR.no_gwp", gwp_set=self.edition, gas=gas))
        return found


@cache
def read_gwp(edition_id: str, folder: Path | None = None) -> GwpSet:
    """A set of global warming potentials.

    Parameters
    ----------
    edition_id : str
        An edition whose role is ``gwp``, e.g. ``ipcc-ar6@2021``.

    Returns
    -------
    GwpSet

    Raises
    ------
    EditionError
        If the edition is no GWP set.
    """
    edition = read_edition(edition_id, folder)
    if "gwp" not in edition.roles:
        raise EditionError(f"{edition_id} is no GWP set. Name one such as ipcc-ar5@2013.")
    return GwpSet(edition, {factor.gas: factor for factor in edition.factors(parameter="gwp")})
