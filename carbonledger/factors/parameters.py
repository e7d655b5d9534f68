"""The parameters that a factor may have, and what calculations ask of each: roles, gases, units, limits, activities.

The facts stand in ``parameters.csv``. A parameter that is not there is asked for by nobody, so a factor of it would never be used.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

__all__ = ["ANY_GAS", "PER_MASS", "Parameter", "parameters", "roles_of"]

ANY_GAS, PER_MASS = "any", "mass"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What calculations ask of a kind of figure.

    Parameters
    ----------
    name : str
        For instance ``emission_factor``.
    roles : tuple of str
        The roles of editions in which it is asked for.
    gases : tuple of str
        The gases of its numerator: none, some, or ``any`` that has a potential.
    measures : tuple of str
        Units of the dimensions that it may have, the gas apart; ``mass`` for a mass per amount of an activity.
    lowest, highest : Decimal or None
        Its limits in the first of these units that fits.
    may_be_zero : bool
        Whether 0 is a figure; none that is divided by can be 0.
    activities : str
        What it is a property of: ``taxonomy``, ``grid``, ``none``, or the first parts of names outside the taxonomy.
    """

    name: str
    roles: tuple[str, ...]
    gases: tuple[str, ...]
    measures: tuple[str, ...]
    lowest: Decimal
    highest: Decimal | None
    may_be_zero: bool
    activities: str

    @property
    def is_per_mass(self) -> bool:
        """Whether it is a mass of gas per amount of an activity."""
        return self.measures == (PER_MASS,)


def _listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell."""
    return tuple(filter(None, cell.split(";")))


@cache
def parameters() -> Mapping[str, Parameter]:
    """Every parameter by name.

    Returns
    -------
    mapping of str to Parameter

    Examples
    --------
    >>> parameters()["density"].measures, parameters()["emission_factor"].may_be_zero
    (('kg/m3', 'kg/Nm3'), True)
    """
    text = resources.files("carbonledger.factors").joinpath("parameters.csv").read_text(encoding="utf-8")
    return {
        row["parameter"]: Parameter(
            row["parameter"],
            _listed(row["roles"]),
            _listed(row["gas"]),
            _listed(row["measures"]),
            Decimal(row["lowest"]),
            Decimal(row["highest"]) if row["highest"] else None,
            row["zero"] == "yes",
            row["activities"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def roles_of(names: Iterable[str]) -> tuple[str, ...]:
    """The roles in which some parameters are asked for, in the order of the table; unknown parameters have none.

    Examples
    --------
    >>> roles_of(["density", "emission_factor"]), roles_of(["gwp"]), roles_of(["primary_energy", "oil_equivalent"])
    (('emissions', 'energy'), ('gwp',), ('conventions',))
    """
    wanted = set(names)
    found = [role for name, item in parameters().items() if name in wanted for role in item.roles]
    return tuple(dict.fromkeys(found))
