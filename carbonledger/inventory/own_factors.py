"""Factors of one's own: they are used, or it is said that they are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from carbonledger.core.activities import Activity
from carbonledger.core.regions import enclosing_regions
from carbonledger.factors.editions import catalogue
from carbonledger.factors.factor import Edition
from carbonledger.factors.pinned import OF_EMISSIONS, PinnedFactors
from carbonledger.inventory.coefficients import GasCoefficient, Key, Remark

__all__ = ["own_of", "unused_own"]


def own_of(factors: PinnedFactors) -> PinnedFactors | None:
    """The same pins without the emission editions that come with the library.

    Parameters
    ----------
    factors : PinnedFactors
        What may be used.

    Returns
    -------
    PinnedFactors or None
        None if no edition of one's own is pinned for emissions.
    """
    own = tuple(edition for edition in factors.in_role("emissions") if _is_own(edition))
    return replace(factors, roles={**factors.roles, "emissions": own}) if own else None


def _is_own(edition: Edition) -> bool:
    """Whether an edition does not come with the library, or is not the one of that name that does."""
    shipped = catalogue().get(edition.id)
    return shipped is None or shipped.sha256 != edition.sha256


def unused_own(
    key: Key, activity: Activity, factors: PinnedFactors, gases: Sequence[GasCoefficient]
) -> Iterator[Remark]:
    """Factors of one's own for an activity, in its region, of which the calculation used none.

    Parameters
    ----------
    key : Key
        The combination; one that names its factor has chosen.
    activity : Activity
        Of the key.
    factors : PinnedFactors
        What may be used; an edition decided for the activity is a choice too.
    gases : sequence of GasCoefficient
        What was calculated.

    Yields
    ------
    Remark
        One per edition.
    """
    own = None if key.factor or activity.name in factors.by_activity else own_of(factors)
    used = {step.factor.edition for gas in gases for step in gas.steps if step.factor}
    around = enclosing_regions(key.region) if key.region else {"GLOBAL": 0}
    for edition in own.in_role("emissions") if own else ():
        if edition.id in used:
            continue
        listed = [factor for parameter in sorted(OF_EMISSIONS) for factor in edition.factors(activity.name, parameter)]
        passed = next((factor for factor in listed if factor.region in around), None)
        if passed is not None:
            yield Remark("own_unused", passed)
