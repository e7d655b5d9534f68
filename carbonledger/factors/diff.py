"""What changed from one edition to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from carbonledger.factors.factor import Edition, Factor

__all__ = ["Change", "diff_editions"]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two editions.

    Parameters
    ----------
    kind : {"changed", "added", "removed"}
        What happened to it.
    before, after : Factor or None
        The figure in the older and in the newer edition.
    """

    kind: Literal["changed", "added", "removed"]
    before: Factor | None
    after: Factor | None

    @property
    def factor(self) -> Factor:
        """The newer figure, else the older one."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change concerns a factor")
        return found

    @property
    def percent(self) -> float | None:
        """The change in per cent of the older value; None if there is none or it is 0."""
        if self.before is None or self.after is None or self.before.value == 0:
            return None
        return (self.after.value - self.before.value) / self.before.value * 100


def diff_editions(older: Edition, newer: Edition) -> list[Change]:
    """Every figure that differs between two editions.

    Parameters
    ----------
    older, newer : Edition
        Rows are joined by the publisher's row id where both editions have one, else by what they describe: activity, parameter,
        region, gas, unit and variant, whatever the data year.

    Returns
    -------
    list of Change
        Changed figures by falling size of the change, then added, then removed ones.
    """
    by_publisher_id = _all_have_ids(older) and _all_have_ids(newer)
    before, after = (_keyed(edition, by_publisher_id=by_publisher_id) for edition in (older, newer))
    changed = [
        Change("changed", factor, after[key])
        for key, factor in before.items()
        if key in after and (factor.value, factor.unit) != (after[key].value, after[key].unit)
    ]
    added = [Change("added", None, factor) for key, factor in after.items() if key not in before]
    removed = [Change("removed", factor, None) for key, factor in before.items() if key not in after]
    return sorted(changed, key=lambda change: -abs(change.percent or 0.0)) + added + removed


def _all_have_ids(edition: Edition) -> bool:
    """Whether every row carries a publisher's id, each once."""
    if "publisher_id" not in edition.header:
        return False
    ids = [row[edition.header.index("publisher_id")] for row in edition.rows]
    return all(ids) and len(set(ids)) == len(ids)


def _keyed(edition: Edition, *, by_publisher_id: bool) -> dict[Sequence[str], Factor]:
    """The factors by what makes them the same figure in another edition."""
    return {_key(factor, by_publisher_id=by_publisher_id): factor for factor in edition.factors()}


def _key(factor: Factor, *, by_publisher_id: bool) -> tuple[str, ...]:
    """What makes a figure the same in another edition."""
    if by_publisher_id:
        return (factor.publisher_id,)
    place = "" if factor.activity else factor.publisher_path
    return (
        factor.activity,
        factor.parameter,
        factor.region,
        factor.gas,
        factor.unit,
        factor.variant,
        factor.boundary,
        factor.heating_value,
        place,
    )
