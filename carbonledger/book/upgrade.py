"""What newer editions would change, before anything is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from carbonledger.activity_data.entries import Entries
from carbonledger.book.stated_year import StatedYear
from carbonledger.factors.ages import allowed_ages, with_ages
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import STATED_IN_BOOK, Edition
from carbonledger.factors.pinned import PinnedFactors, load_factors
from carbonledger.inventory.calculate import calculate
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.inventory import Inventory

__all__ = ["LineChange", "Upgrade", "newer_editions", "newer_factors", "upgrade", "upgrade_book"]


@dataclass(frozen=True, slots=True)
class LineChange:
    """One combination of the entries under old and new editions.

    Parameters
    ----------
    what : str
        Activity, unit, region and year.
    before, after : str
        The emission factors used, with their values.
    percent : float or None
        Change of t CO2e per unit, in per cent.
    tco2e_before, tco2e_after : float
        t CO2e of all entries concerned.
    """

    what: str
    before: str
    after: str
    percent: float | None
    tco2e_before: float
    tco2e_after: float


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What newer editions would change.

    Parameters
    ----------
    editions : tuple of (str, str)
        A pinned edition, and the newer one that would be added or, if it corrects the first, take its place.
    changes : tuple of LineChange
        The combinations whose emissions would change.
    total_before, total_after : float
        t CO2e of the reporting year.
    """

    editions: tuple[tuple[str, str], ...]
    changes: tuple[LineChange, ...]
    total_before: float
    total_after: float


def newer_editions(pinned: PinnedFactors, folder: Path | None = None) -> list[tuple[str, str]]:
    """For each pinned edition the newer ones of its series, and the one that supersedes it.

    Parameters
    ----------
    pinned : PinnedFactors
        What a book pins.
    folder : Path, optional
        A factor folder of your own.

    Returns
    -------
    list of (str, str)
        Pinned id and newer id.
    """
    rows = catalogue(folder)
    have = {edition.id for edition in pinned.editions}
    pairs: list[tuple[str, str]] = []
    for edition in pinned.editions:
        if edition.superseded_by and edition.superseded_by not in have:
            pairs.append((edition.id, edition.superseded_by))
        later = [
            name
            for name, row in rows.items()
            if name.split("@")[0] == edition.name
            and name not in have
            and row.status == "current"
            and _later(name, edition.id)
        ]
        pairs += [(edition.id, name) for name in later if (edition.id, name) not in pairs]
    newest: dict[str, tuple[str, str]] = {}
    for old, new in pairs:
        newest[new] = max(newest.get(new, (old, new)), (old, new))
    return sorted(newest.values())


def _later(name: str, other: str) -> bool:
    """Whether a version comes after another of the same series."""
    return name.split("@")[1] > other.split("@")[1]


def upgrade_book(year: StatedYear) -> Upgrade:
    """What newer editions would change in the reporting year of a book; nothing is written."""
    return upgrade(year.entries, year.inventory, year.book.factor_folder)


def upgrade(entries: Entries, inventory: Inventory, folder: Path | None = None) -> Upgrade:
    """What newer editions would change in an inventory; nothing is written.

    Parameters
    ----------
    entries : Entries
        Of the reporting year.
    inventory : Inventory
        Under the pinned editions.
    folder : Path, optional
        A factor folder of your own.

    Returns
    -------
    Upgrade
    """
    newer = newer_factors(inventory.factors, folder)
    after = calculate(entries, newer.factors, gwp=inventory.gwp, missing="report")
    return Upgrade(
        newer.pairs,
        tuple(_changes(inventory, after)),
        float(inventory.total_location_based().magnitude),
        float(after.total_location_based().magnitude),
    )


@dataclass(frozen=True, slots=True)
class NewerFactors:
    """Pins with every newer edition among them.

    Parameters
    ----------
    pairs : tuple of (str, str)
        A pinned edition and the newer one.
    replaced : mapping of str to str
        Those of which the newer one takes the place, because it corrects or supersedes them.
    factors : PinnedFactors
        The editions by role.
    """

    pairs: tuple[tuple[str, str], ...]
    replaced: Mapping[str, str]
    factors: PinnedFactors


def newer_factors(pinned: PinnedFactors, folder: Path | None = None, *, known_alone: bool = False) -> NewerFactors:
    """What a book pins, with the newer editions of each series.

    Parameters
    ----------
    pinned : PinnedFactors
        What it pins now; its ``as_of``, the factors that it states itself, its choices and the ages that it allows stay.
    folder : Path, optional
        A factor folder of your own.
    known_alone : bool
        Whether a newer edition must have been published by the pins' ``as_of``.

    Returns
    -------
    NewerFactors
    """
    pairs = newer_editions(pinned, folder)
    if known_alone:
        pairs = [pair for pair in pairs if pinned.known(read_edition(pair[1], folder))]
    replaced = {old: new for old, new in pairs if _replaces(new, old, folder)}
    roles = {role: _new_ids(role, editions, pairs, replaced, folder) for role, editions in pinned.roles.items()}
    newer = load_factors(roles=roles, as_of=pinned.as_of, folder=folder)
    return NewerFactors(tuple(pairs), replaced, _as_decided(newer, pinned, replaced))


def _as_decided(after: PinnedFactors, before: PinnedFactors, replaced: dict[str, str]) -> PinnedFactors:
    """The newer pins with the factors that the book states itself, its choices for activities, and the ages that it allows."""
    stated = before.stated
    roles = {
        role: (*after.in_role(role), *([stated] if stated in found else [])) for role, found in before.roles.items()
    }
    chosen = {activity: replaced.get(name, name) for activity, name in before.by_activity.items()}
    ages = (replace(item, edition=replaced.get(item.edition, item.edition)) for item in allowed_ages(before))
    return with_ages(replace(after, roles=roles, by_activity=chosen), ages)


def _replaces(new: str, old: str, folder: Path | None) -> bool:
    """Whether a newer edition takes the place of the older one instead of standing beside it."""
    corrects = read_edition(new, folder).metadata.get("corrects")
    return corrects == old or read_edition(old, folder).superseded_by == new


def _new_ids(
    role: str,
    pinned: tuple[Edition, ...],
    pairs: list[tuple[str, str]],
    replaced: Mapping[str, str],
    folder: Path | None,
) -> list[str]:
    """The ids of a role with the newer editions in it."""
    ids = [edition.id for edition in pinned if edition.id != STATED_IN_BOOK]
    added = [new for old, new in pairs if old in ids and role in read_edition(new, folder).roles]
    kept = [name for name in ids if name not in replaced]
    return list(dict.fromkeys([*kept, *added]))


def _changes(before: Inventory, after: Inventory) -> list[LineChange]:
    """The combinations whose coefficients differ, by falling size of the change in tonnes."""
    amounts = before.by_plan()
    rows = {row.key: row for row in after.plan.rows}
    changes = []
    for row in before.plan.rows:
        other = rows.get(row.key)
        amount = amounts.get(row.plan_id, 0.0)
        new = other.emissions_tco2e if other else float("nan")
        if new != row.emissions_tco2e:
            percent = (new / row.emissions_tco2e - 1) * 100 if row.emissions_tco2e else None
            text = _factors(other) if other else "no factor"
            changes.append(
                LineChange(str(row.key), _factors(row), text, percent, amount * row.emissions_tco2e, amount * new)
            )
    return sorted(changes, key=lambda change: -abs(change.tco2e_after - change.tco2e_before))


def _factors(row: PlanRow) -> str:
    """The emission factors of a row with their values."""
    factors = dict.fromkeys(step.factor for gas in row.gases for step in gas.steps if step.factor)
    return "; ".join(f"{factor.reference} {factor.value_text} {factor.unit}" for factor in factors)
