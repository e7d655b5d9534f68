"""Whether a factor is one that comes with the library, unchanged, or one of the book's own."""

from __future__ import annotations

from functools import cache

from carbonledger.core.errors import EditionError
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import Factor
from carbonledger.inventory.coefficients import PlanRow

__all__ = ["emission_factors", "is_own"]


@cache
def is_own(factor: Factor) -> bool:
    """Whether a factor is none of the editions that come with the library, or differs from what they say.

    Parameters
    ----------
    factor : Factor
        As a line uses it.

    Returns
    -------
    bool
    """
    if factor.edition not in catalogue():
        return True
    try:
        return factor not in read_edition(factor.edition).by_id(factor.factor_id)
    except EditionError:
        return True


def emission_factors(row: PlanRow) -> list[Factor]:
    """The factors of a plan row that decide its emissions by themselves."""
    found = [step.factor for gas in row.gases for step in gas.steps if step.factor]
    return [factor for factor in dict.fromkeys(found) if factor.parameter == "emission_factor"]
