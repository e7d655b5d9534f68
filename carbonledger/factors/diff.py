"""What changed from one edition to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isclose
from typing import Literal

from carbonledger.factors.factor import Edition, Factor

__all__ = ["Change", "diff_editions", "paired_factors"]

Pair = tuple[Factor | None, Factor | None]
Key = tuple[str, ...]

# The sixteenth digit of an unrounded figure is a spreadsheet's, not the publisher's.
_SAME = 1e-12
# An id that only counts the rows of one table says nothing about another.
_COUNTED = re.compile(r"row-\d+")


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two editions.

    Parameters
    ----------
    kind : {"changed", "renamed", "added", "removed"}
        What happened to it; ``renamed`` if its figure stayed and only the publisher's words for it changed.
    before, after : Factor or None
        The figure in the older and in the newer edition.
    """

    kind: Literal["changed", "renamed", "added", "removed"]
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
    def former_name(self) -> str:
        """What the publisher called it in the older edition; empty if that is what it is called still."""
        if self.before is None or self.after is None:
            return ""
        return "" if _name(self.before) == _name(self.after) else _name(self.before)

    @property
    def percent(self) -> float | None:
        """The change in per cent of the older value; None if there is none or it is 0."""
        if self.before is None or self.after is None or self.before.value == 0:
            return None
        return (self.after.value - self.before.value) / self.before.value * 100


def diff_editions(older: Edition, newer: Edition) -> list[Change]:
    """Every figure that differs between two editions, in its value or its name.

    Parameters
    ----------
    older, newer : Edition
        Rows are joined by the publisher's row id where both editions have one, whatever the rows are called; else by what they
        describe (activity, parameter, region, gas, unit and variant, whatever the data year), and then by their factor id.

    Returns
    -------
    list of Change
        Changed figures by falling size of the change, then renamed, added and removed ones.
    """
    kinds: dict[str, list[Change]] = {"changed": [], "renamed": [], "added": [], "removed": []}
    for before, after in paired_factors(older, newer):
        if before is None or after is None:
            kind: Literal["changed", "renamed", "added", "removed"] = "added" if before is None else "removed"
        elif before.unit != after.unit or not isclose(before.value, after.value, rel_tol=_SAME):
            kind = "changed"
        elif _name(before) != _name(after):
            kind = "renamed"
        else:
            continue
        kinds[kind].append(Change(kind, before, after))
    kinds["changed"].sort(key=lambda change: -abs(change.percent or 0.0))
    return [change for changes in kinds.values() for change in changes]


def paired_factors(older: Edition, newer: Edition) -> list[Pair]:
    """Every figure of two editions with the same figure of the other one.

    Parameters
    ----------
    older, newer : Edition
        Joined as in :func:`diff_editions`; several figures of one description are joined in the order of their files.

    Returns
    -------
    list of tuple
        The older and the newer figure; None where one edition has none.
    """
    rest, news = dict(enumerate(older.factors())), dict(enumerate(newer.factors()))
    keys = (_publisher_id,) if _all_have_ids(older) and _all_have_ids(newer) else (_path_and_what, _what, _factor_id)
    pairs: list[Pair] = []
    for key in keys:
        waiting = _grouped(rest, key)
        for number, factor in list(news.items()):
            found = waiting.get(key(factor) or ())
            if found:
                pairs.append((rest.pop(found.pop(0)), news.pop(number)))
    return pairs + [(None, factor) for factor in news.values()] + [(factor, None) for factor in rest.values()]


def _grouped(factors: dict[int, Factor], key: Callable[[Factor], Key | None]) -> dict[Key, list[int]]:
    """The numbers of factors by their key; those without one are left out."""
    groups: dict[Key, list[int]] = {}
    for number, factor in factors.items():
        if found := key(factor):
            groups.setdefault(found, []).append(number)
    return groups


def _all_have_ids(edition: Edition) -> bool:
    """Whether every row carries a publisher's id, each once."""
    if "publisher_id" not in edition.header:
        return False
    ids = [row[edition.header.index("publisher_id")] for row in edition.rows]
    return all(ids) and len(set(ids)) == len(ids)


def _name(factor: Factor) -> str:
    """What the publisher calls a figure, or what it is about."""
    return factor.publisher_path or " ".join(filter(None, (factor.activity, factor.variant)))


def _publisher_id(factor: Factor) -> Key:
    """The publisher's id of a row."""
    return (factor.publisher_id,)


def _path_and_what(factor: Factor) -> Key:
    """The publisher's words and what they mean."""
    return (*_described(factor), factor.publisher_path)


def _what(factor: Factor) -> Key | None:
    """What a figure of a known activity describes, however the publisher words it."""
    return _described(factor) if factor.activity else None


def _described(factor: Factor) -> Key:
    """What makes a figure the same in another edition."""
    return (
        factor.activity,
        factor.parameter,
        factor.region,
        factor.gas,
        factor.unit,
        factor.variant,
        factor.boundary,
        factor.heating_value,
    )


def _factor_id(factor: Factor) -> Key | None:
    """The factor id with what must not differ behind it."""
    if _COUNTED.fullmatch(factor.factor_id):
        return None
    return (factor.factor_id, factor.parameter, factor.region, factor.gas, factor.unit)
