"""Factors of one's own: they are used, or it is said that they are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonledger.core.activities import Activity
from carbonledger.core.regions import enclosing_regions
from carbonledger.factors.pinned import OF_EMISSIONS, PinnedFactors
from carbonledger.inventory.coefficients import GasCoefficient, Key, Remark

__all__ = ["unused_own"]


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
    own = None if key.factor or activity.name in factors.by_activity else factors.own
    if own is None:
        return
    used = {step.factor.edition for gas in gases for step in gas.steps if step.factor}
    around = enclosing_regions(key.region) if key.region else {"GLOBAL": 0}
    for edition in own.in_role("emissions"):
        if edition.id in used:
            continue
        listed = [factor for parameter in sorted(OF_EMISSIONS) for factor in edition.factors(activity.name, parameter)]
        passed = next((factor for factor in listed if factor.region in around), None)
        if passed is not None:
            yield Remark("own_unused", passed)
