"""Figures of one edition that belong together: one denominator, heating value, boundary and variant."""

from __future__ import annotations

import math
from collections.abc import Sequence

from carbonledger.accounting.coefficients import StepsAndValue
from carbonledger.errors import AmbiguousFactorError
from carbonledger.factors.matching import Match

__all__ = ["ROUNDING_OF_PUBLISHERS", "Group", "alike", "difference", "gases_of", "groups_of"]

Group = tuple[str, str, str, str]
ROUNDING_OF_PUBLISHERS = 1e-3


def alike(groups: Sequence[Sequence[tuple[Match, StepsAndValue]]]) -> bool:
    """Whether groups give the same gases in the same amounts, but for the publisher's rounding."""
    totals = [
        {match.factor.gas: float(value.to_base_units().magnitude) for match, (_, value) in group} for group in groups
    ]
    first = totals[0]
    return all(
        total.keys() == first.keys()
        and all(math.isclose(total[gas], first[gas], rel_tol=ROUNDING_OF_PUBLISHERS) for gas in first)
        for total in totals[1:]
    )


def groups_of(matches: Sequence[Match]) -> dict[Group, list[Match]]:
    """Matches by what they are per, heating value, boundary and variant: only figures of one group belong together."""
    groups: dict[Group, list[Match]] = {}
    for match in matches:
        factor = match.factor
        group = (factor.unit.partition("/")[2], factor.heating_value, factor.boundary, factor.variant)
        groups.setdefault(group, []).append(match)
    return groups


def difference(group: Group, first: Group, second: Group) -> str:
    """What tells a group from its rivals."""
    return " ".join(
        part for part, one, other in zip(group, first, second, strict=True) if one != other and part
    ) or str(group)


def gases_of(matches: Sequence[Match]) -> Sequence[Match]:
    """One match per gas: the gas split where it is published, else the CO2e figure."""
    split = [match for match in matches if match.factor.gas != "CO2e"] or list(matches)
    seen: dict[str, Match] = {}
    for match in split:
        other = seen.setdefault(match.factor.gas, match)
        if other is not match:
            raise AmbiguousFactorError(
                f"{other.factor} and {match.factor} fit equally well. Name the one you mean in the entry's factor column."
            )
    return list(seen.values())
