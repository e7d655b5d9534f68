"""Pinned editions with others in their place, and with factors that are assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from carbonledger.core.activities import find_activity
from carbonledger.core.errors import EditionError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.factors.ages import allowed_ages, with_ages
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import STATED_IN_BOOK, Edition
from carbonledger.factors.matching import Query, find_factors
from carbonledger.factors.pinned import OF_EMISSIONS, ROLES, PinnedFactors, load_factors
from carbonledger.inventory.coefficients import Key
from carbonledger.inventory.inventory import Inventory
from carbonledger.scenarios.assumed_factors import AssumedFactor

__all__ = ["AssumedEdition", "assumed_editions", "assumed_pins", "check_used", "stated_with"]


@dataclass(frozen=True, slots=True)
class AssumedEdition:
    """An edition that is assumed.

    Parameters
    ----------
    edition : str
        ``name@version``.
    replaces : tuple of str
        The pinned editions of its series, in whose place it comes; empty if it comes beside the others.
    roles : tuple of str
        What it is asked for.
    """

    edition: str
    replaces: tuple[str, ...]
    roles: tuple[str, ...]


def assumed_editions(
    names: Sequence[str], inventory: Inventory, folder: Path | None = None
) -> tuple[AssumedEdition, ...]:
    """Each edition that is assumed, with what it takes the place of.

    Parameters
    ----------
    names : sequence of str
        Ids as ``name@version``.
    inventory : Inventory
        As it is.
    folder : Path, optional
        A factor folder of your own.

    Returns
    -------
    tuple of AssumedEdition
        Each once. One of a series that is not pinned comes beside the other emission factors; of energy alone, in the place of the
        editions that have the same carriers.

    Raises
    ------
    UnknownEditionError
        If there is no such edition.
    EditionError
        If it was published after the day that the pins are held to, or is meant for no role of a calculation.
    """
    asked = (names,) if isinstance(names, str) else names
    return tuple(_assumed(read_edition(name, folder), inventory) for name in dict.fromkeys(asked))


def _assumed(edition: Edition, inventory: Inventory) -> AssumedEdition:
    """One edition, with the editions in whose place it comes and their roles."""
    pinned = inventory.factors
    if not pinned.known(edition):
        published = edition.date_published or Label("an unknown day", "未知日期")
        raise EditionError(
            Message.of("WHAT_IF.later", edition=edition.id, published=published, as_of=str(pinned.as_of))
        )
    taken = {role: [item.id for item in found if item.name == edition.name] for role, found in pinned.roles.items()}
    if not any(taken.values()):
        taken = _beside(edition, inventory)
    if not taken:
        meant = tuple(edition.roles) or (Label("reference only", "仅供参考"),)
        raise EditionError(Message.of("WHAT_IF.no_role", edition=edition.id, roles=meant))
    series = any(read.name == edition.name for found in pinned.roles.values() for read in found)
    roles = tuple(role for role, found in taken.items() if found or not series)
    return AssumedEdition(edition.id, tuple(dict.fromkeys(name for found in taken.values() for name in found)), roles)


def _beside(edition: Edition, inventory: Inventory) -> dict[str, list[str]]:
    """The roles of an edition whose series is not pinned, each with the editions that cannot stand beside it."""
    own = [role for role in edition.roles if role in ROLES]
    if "emissions" in own:
        return {"emissions": []}
    used = {row.activity for part in inventory.energy_parts for row in part.plan.rows}
    carried = edition.activities("calorific_value") & used
    return {
        role: [item.id for item in inventory.factors.in_role(role) if item.activities("calorific_value") & carried]
        for role in own
    }


def assumed_pins(
    inventory: Inventory,
    editions: Sequence[AssumedEdition],
    own: Sequence[Mapping[str, Any]],
    assumed: Sequence[AssumedFactor] = (),
    folder: Path | None = None,
) -> PinnedFactors:
    """The pins of an inventory with assumed editions and factors.

    Parameters
    ----------
    inventory : Inventory
        As it is.
    editions : sequence of AssumedEdition
        What comes in the place of pinned editions, or beside them.
    own : sequence of mapping
        The factors stated in the settings, the assumed ones among them, see `stated_with`.
    assumed : sequence of AssumedFactor
        Those that are assumed: a choice of edition for their activities no longer holds.
    folder : Path, optional
        A factor folder of your own.

    Returns
    -------
    PinnedFactors
    """
    pinned = inventory.factors
    successors = {old: item.edition for item in editions for old in item.replaces}
    roles = {
        role: _ids(role, pinned, editions) for role in (*pinned.roles, *(r for item in editions for r in item.roles))
    }
    loaded = load_factors(roles=roles, as_of=pinned.as_of, folder=folder, own=own)
    ages = {successors.get(item.edition, item.edition): item for item in allowed_ages(pinned)}
    aged = with_ages(loaded, (replace(item, edition=name) for name, item in ages.items()))
    chosen = {activity: successors.get(name, name) for activity, name in pinned.by_activity.items()}
    for item in editions:
        if not item.replaces and "emissions" in item.roles:
            chosen |= dict.fromkeys(_served(inventory, aged, item.edition), item.edition)
    free = {item.activity for item in assumed}
    return replace(aged, by_activity={activity: name for activity, name in chosen.items() if activity not in free})


def _ids(role: str, pinned: PinnedFactors, editions: Sequence[AssumedEdition]) -> list[str]:
    """The editions of a role, each replaced where its successor stands in for it."""
    here = [item for item in editions if role in item.roles]
    gone = {old: item.edition for item in here for old in item.replaces}
    kept = [gone.get(item.id, item.id) for item in pinned.in_role(role) if item.id != STATED_IN_BOOK]
    return list(dict.fromkeys([*kept, *(item.edition for item in here)]))


def _served(inventory: Inventory, factors: PinnedFactors, edition: str) -> list[str]:
    """The activities of an inventory all of whose lines find an emission factor in an edition that was added."""
    alone = replace(
        factors, roles={"emissions": tuple(i for i in factors.in_role("emissions") if i.id == edition)}, by_activity={}
    )
    keys: dict[str, list[Key]] = {}
    for part in inventory.energy_parts:
        for row in part.plan.rows:
            keys.setdefault(row.activity, []).append(row.key)
    return [activity for activity, asked in keys.items() if all(_finds(alone, activity, key) for key in asked)]


def _finds(factors: PinnedFactors, activity: str, key: Key) -> bool:
    """Whether an edition has an emission factor, or a carbon content, for a combination."""
    queries = (Query("emissions", activity, name, key.region, key.year or None, key.factor) for name in OF_EMISSIONS)
    return any(find_factors(factors, query).matches for query in queries)


def stated_with(own: Sequence[Mapping[str, Any]], assumed: Sequence[AssumedFactor]) -> list[Mapping[str, Any]]:
    """The factors of the settings and the assumed ones, which come in the place of those for the same activity.

    Parameters
    ----------
    own : sequence of mapping
        As the book states them, see `carbonledger.factors.stated_edition`.
    assumed : sequence of AssumedFactor
        What is assumed, with units.

    Returns
    -------
    list of mapping
    """
    kept = [item for item in own if not any(_supersedes(one, item) for one in assumed)]
    return [*kept, *(item.stated() for item in assumed)]


def _supersedes(assumed: AssumedFactor, own: Mapping[str, Any]) -> bool:
    """Whether an assumption comes in the place of a factor of the settings: an emission factor of its activity and region."""
    if own.get("parameter") or find_activity(str(own["activity"])).name != assumed.activity:
        return False
    return assumed.region in {"", own.get("region", "")}


def check_used(editions: Sequence[AssumedEdition], before: Inventory, after: Inventory) -> None:
    """Refuse an edition of which no line takes a figure.

    Parameters
    ----------
    editions : sequence of AssumedEdition
        What was assumed.
    before, after : Inventory
        As it is, and with the assumptions.

    Raises
    ------
    EditionError
        With the reasons of the first entries that it leaves without a factor, if it leaves any.
    """
    used = {factor.edition for part in after.energy_parts for row in part.plan.rows for factor in row.factors}
    known = {problem.key for problem in before.plan.problems}
    for item in editions:
        if item.edition in used:
            continue
        lost = [problem.error for problem in after.plan.problems if problem.key not in known]
        if lost:
            reason = Label(lost[0].text_in("en"), lost[0].text_in("zh"))
            raise EditionError(Message.of("WHAT_IF.edition_fails", edition=item.edition, reason=reason))
        raise EditionError(Message.of("WHAT_IF.edition_unused", edition=item.edition))
