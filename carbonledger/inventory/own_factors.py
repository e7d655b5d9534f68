"""Factors of one's own: they are used, or it is said that they are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from carbonledger.core.activities import Activity
from carbonledger.core.regions import enclosing_regions
from carbonledger.factors.factor import Factor
from carbonledger.factors.pinned import OF_EMISSIONS, PinnedFactors
from carbonledger.inventory.coefficients import GasCoefficient, Key, Remark

__all__ = ["unused_own"]

_SUM = "CO2e"


def unused_own(
    key: Key, activity: Activity, factors: PinnedFactors, gases: Sequence[GasCoefficient]
) -> Iterator[Remark]:
    """Factors of one's own for an activity, in its region, that the calculation passed over.

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
        At most one per edition: of one that is not used at all, an emission factor or a property for which another edition answered; of
        one that is used, a gas that it gives for another region or year only.
    """
    own = None if key.factor or activity.name in factors.by_activity else factors.own
    if own is None:
        return
    used = [step.factor for gas in gases for step in gas.steps if step.factor]
    around = enclosing_regions(key.region) if key.region else {"GLOBAL": 0}
    parameters = sorted(OF_EMISSIONS | {factor.parameter for factor in used})
    for edition in own.in_role("emissions"):
        listed = [factor for parameter in parameters for factor in edition.factors(activity.name, parameter)]
        near = [factor for factor in listed if factor.region in around]
        if any(factor.edition == edition.id for factor in used):
            near = [*_left_gases(near, used, key)]
        if near:
            yield Remark("own_unused", near[0])


def _left_gases(listed: Iterable[Factor], used: Sequence[Factor], key: Key) -> Iterator[Factor]:
    """Emission factors of a gas that no figure used has: written for another region, or an earlier year, than its companions."""
    counted = {factor.gas for factor in used if factor.parameter == "emission_factor"}
    if not counted or _SUM in counted:
        return
    covered = counted | ({_SUM} if "CO2" in counted else set())
    places = {(factor.region, factor.data_year) for factor in used}
    for factor in listed:
        is_left = factor.parameter == "emission_factor" and factor.gas not in covered
        is_past = not key.year or (factor.data_year or 0) <= key.year
        if is_left and is_past and (factor.region, factor.data_year) not in places:
            yield factor
