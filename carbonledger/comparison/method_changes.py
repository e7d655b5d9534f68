"""What the later of two years calculates by another method, and the factors by which the earlier one would have been calculated so.

A newer edition of a series that both use is a newer figure of the same method. Another GWP set, another series of editions, another choice
between series and a factor of the book itself in the place of a publisher's are another method.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.language import Label, Lang, word
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import STATED_IN_BOOK, Edition
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.coefficients import Key, PlanRow
from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.plan import build_plan

__all__ = ["MethodChange", "method_change"]


@dataclass(frozen=True, slots=True)
class MethodChange:
    """What changed of the method between two years.

    Parameters
    ----------
    changes : tuple of Label
        In words; empty if both years are calculated by one method.
    rows : mapping of Key to PlanRow
        The combinations of the earlier year by the later year's method; empty if it is the same.
    """

    changes: tuple[Label, ...] = ()
    rows: Mapping[Key, PlanRow] | None = None


def method_change(previous: Inventory[Any], current: Inventory[Any]) -> MethodChange:
    """The difference in method between two years.

    Parameters
    ----------
    previous, current : Inventory
        The earlier and the later year.

    Returns
    -------
    MethodChange
        Series of both years keep the editions of the earlier one, so that what remains of the change of a factor is its newer figure.

    References
    ----------
    GHG Protocol Corporate Standard (2004), chapter 5: the earlier year is calculated again by the new method.
    """
    changes = tuple(dict.fromkeys(_changes(previous, current)))
    if not changes:
        return MethodChange()
    pins = _pins(previous.factors, current.factors)
    keys = {row.key for row in previous.plan.rows}
    plan = build_plan(keys, pins, current.gwp)
    now, potentials = _used(current), current.gwp.source.name
    rows = {
        row.key: row
        for row in plan.rows
        if row.priced and _series(row, potentials) <= now.get((row.activity, row.key.region), _series(row, potentials))
    }
    return MethodChange(changes, rows)


def _changes(previous: Inventory[Any], current: Inventory[Any]) -> Iterator[Label]:
    """What is other, in words."""
    if previous.gwp.edition != current.gwp.edition:
        yield _words("decompose_gwp", previous.gwp.edition, current.gwp.edition)
    before, after = (_used(inventory) for inventory in (previous, current))
    for place in sorted(before.keys() & after.keys()):
        if before[place] != after[place]:
            was, now = (", ".join(sorted(series[place])) for series in (before, after))
            yield _words("decompose_series", was, now, place[0])


def _words(key: str, before: str, after: str, activity: str = "") -> Label:
    """A label with what was and what is."""
    known = taxonomy().get(activity)

    def text(lang: Lang) -> str:
        named = {"activity": known.label(lang)} if known else {}
        return word(key, lang, before=before, after=after, **named)

    return Label(text("en"), text("zh"))


def _used(inventory: Inventory[Any]) -> dict[tuple[str, str], frozenset[str]]:
    """By activity and region, the series of editions whose figures the emissions and energy rest on."""
    potentials = inventory.gwp.source.name
    found: dict[tuple[str, str], set[str]] = {}
    for row in inventory.plan.rows:
        found.setdefault((row.activity, row.key.region), set()).update(_series(row, potentials))
    return {place: frozenset(names) for place, names in found.items()}


def _series(row: PlanRow, potentials: str) -> frozenset[str]:
    """The series behind the emissions and energy of a combination, the set of potentials apart."""
    steps = [step for gas in row.gases for step in gas.steps] + list(row.energy_steps)
    return frozenset(step.factor.edition.partition("@")[0] for step in steps if step.factor) - {potentials}


def _pins(earlier: PinnedFactors, later: PinnedFactors) -> PinnedFactors:
    """The later year's series, each in the editions of the earlier year where that one has it."""
    roles = {role: tuple(_editions(role, earlier, later)) for role in later.roles}
    pinned = {name for found in roles.values() for item in found for name in (item.id, item.name)}
    chosen = {
        activity: name if name in pinned else name.partition("@")[0]
        for activity, name in later.by_activity.items()
        if {name, name.partition("@")[0]} & pinned
    }
    return replace(later, roles=roles, by_activity=chosen)


def _editions(role: str, earlier: PinnedFactors, later: PinnedFactors) -> Iterator[Edition]:
    """The editions of a role, each once."""
    done: set[str] = set()
    for edition in later.in_role(role):
        if edition.name in done:
            continue
        done.add(edition.name)
        own = [item for item in earlier.in_role(role) if item.name == edition.name]
        if own:
            yield from own
            continue
        series = [item for item in later.in_role(role) if item.name == edition.name]
        yield from series
        yield from _older(edition, {item.id for item in series})


def _older(edition: Edition, known: set[str]) -> Iterator[Edition]:
    """The other editions of a shipped series that are in force, for the years before."""
    if edition.id == STATED_IN_BOOK or edition.id not in catalogue():
        return
    for name, row in catalogue().items():
        if name not in known and name.partition("@")[0] == edition.name and row.status == "current":
            try:
                yield read_edition(name)
            except CarbonLedgerError:
                continue
