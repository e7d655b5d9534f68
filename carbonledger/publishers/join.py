"""A publisher's rows joined to the editions of other years: by the publisher's id where there is one, else by what the labels say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carbonledger.factors.factor import Edition, Factor
from carbonledger.publishers.layout import Counterpart, Layout

__all__ = ["Join", "Joined", "join_of"]

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """What other years say of a row.

    Parameters
    ----------
    same : Factor or None
        The same figure of another year.
    namesake : Factor or None
        A figure that had another publisher's id and bears this row's words; None if there is none.
    meaning : Counterpart or None
        Activity, variant and region, from the same figure, from another gas or unit of the same path, or from the table of activities;
        None if nobody knows.
    """

    same: Factor | None
    meaning: Counterpart | None
    namesake: Factor | None = None


@dataclass(frozen=True)
class Join:
    """The figures of other years by what makes them the same.

    Parameters
    ----------
    layout : Layout
        Of the publisher's file.
    by_id, by_key, by_path : dict
        By the publisher's id; by path, unit, gas and heating value; by path alone.
    """

    layout: Layout
    by_id: dict[str, Factor]
    by_key: dict[Key, Factor]
    by_path: dict[str, Factor]

    def of(self, publisher_id: str, path: str, cells: dict[str, str]) -> Joined:
        """What other years say of a row that has these cells."""
        same_path = self.layout.same(path)
        worded = self.by_key.get(_key(same_path, **cells))
        same = self.by_id.get(publisher_id) or worded
        meant = same or self.by_path.get(same_path)
        if meant is not None:
            namesake = worded if worded is not None and worded.publisher_id not in {"", publisher_id} else None
            return Joined(same, Counterpart(meant.activity, meant.variant, meant.region), namesake)
        return Joined(None, self.layout.activities.get(same_path))


def join_of(layout: Layout, editions: Sequence[Edition]) -> Join:
    """The join to editions of other years; the first that has a figure speaks.

    Parameters
    ----------
    layout : Layout
        Of the publisher's file.
    editions : sequence of Edition
        The nearest year first.

    Returns
    -------
    Join
    """
    join = Join(layout, {}, {}, {})
    for edition in editions:
        for factor in edition.factors():
            path = layout.same(factor.publisher_path)
            cells = {name: getattr(factor, name) for name in ("parameter", "unit", "gas", "heating_value")}
            if factor.publisher_id:
                join.by_id.setdefault(factor.publisher_id, factor)
            join.by_key.setdefault(_key(path, **cells), factor)
            join.by_path.setdefault(path, factor)
    return join


def _key(path: str, *, parameter: str, unit: str, gas: str, heating_value: str) -> Key:
    """What makes a figure the same in two years; the heating value of energy per kilometre was not always printed."""
    return (path, unit, gas, heating_value if parameter.endswith("emission_factor") else "")
