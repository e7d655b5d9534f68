"""The editions a calculation may use, by role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from textwrap import shorten
from typing import Any

from carbonledger.core.activities import find_activity
from carbonledger.core.errors import EditionError
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import STATED_IN_BOOK, Edition, latest_day

__all__ = ["OF_EMISSIONS", "ROLES", "PinnedFactors", "load_factors"]

ROLES = ("emissions", "energy", "standard_coal", "avoided", "conventions")
OF_EMISSIONS = frozenset({"emission_factor", "carbon_content"})


@dataclass(frozen=True, repr=False)
class PinnedFactors:
    """Editions in the roles they play.

    Parameters
    ----------
    roles : mapping of str to tuple of Edition
        ``emissions`` for the inventory, ``energy`` for the calorific values of the energy table, ``standard_coal``
        for coefficients to tonnes of coal equivalent, ``avoided`` for the register of avoided emissions, ``conventions`` for national
        ways to price energy, such as Japan's primary energy.
    as_of : date or None
        Nothing published later is used.
    by_activity : mapping of str to str
        The series (``us-epa-egrid``) or edition that prices an activity, where several pinned ones could.
    """

    roles: Mapping[str, tuple[Edition, ...]]
    as_of: date | None = None
    by_activity: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        pins = "; ".join(f"{role}: {', '.join(item.id for item in found)}" for role, found in self.roles.items())
        known = f"; published by {self.as_of}" if self.as_of else ""
        return shorten(f"PinnedFactors({pins}{known})", 190, placeholder=" ...)")

    @cached_property
    def answers(self) -> dict[Any, Any]:
        """What `carbonledger.factors.matching` has answered by query: pins never change, so an answer stands."""
        return {}

    @cached_property
    def families(self) -> dict[Any, Any]:
        """What `carbonledger.inventory.factor_search` has found to belong together, by activity and matches."""
        return {}

    @cached_property
    def has_corrections(self) -> bool:
        """Whether a pinned edition corrects another."""
        ids = {edition.id for edition in self.editions}
        return any(edition.corrects in ids for edition in self.editions)

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        """Every pinned edition once, by id."""
        unique = {edition.id: edition for editions in self.roles.values() for edition in editions}
        return tuple(unique[name] for name in sorted(unique))

    @cached_property
    def stated(self) -> Edition | None:
        """The factors that the book or script states itself; None if it states none."""
        return next((item for found in self.roles.values() for item in found if item.id == STATED_IN_BOOK), None)

    @cached_property
    def own(self) -> PinnedFactors | None:
        """The same pins without the emission editions that come with the library; None if no other is pinned for emissions."""
        own = tuple(edition for edition in self.in_role("emissions") if _is_own(edition))
        return replace(self, roles={**self.roles, "emissions": own}) if own else None

    def in_role(self, role: str) -> tuple[Edition, ...]:
        """The editions of a role."""
        return self.roles.get(role, ())

    def for_activity(self, role: str, activity: str, parameter: str) -> tuple[Edition, ...]:
        """The editions of a role that may be asked for a property of an activity: of its emissions only the one chosen for it."""
        editions = self.roles.get(role, ())
        chosen = self.by_activity.get(activity) if self.by_activity else None
        if chosen is None:
            return editions
        found = tuple(item for item in editions if chosen in {item.id, item.name})
        if role == "emissions" and parameter in OF_EMISSIONS:
            return found
        return tuple(item for item in found if item.places[activity, parameter]) or editions

    def known(self, edition: Edition) -> bool:
        """Whether the edition had surely been published by `as_of`."""
        if self.as_of is None or edition.id == STATED_IN_BOOK:
            return True
        published = latest_day(edition.date_published)
        return published is not None and published <= self.as_of


def _is_own(edition: Edition) -> bool:
    """Whether an edition does not come with the library, or is not the one of that name that does."""
    shipped = catalogue().get(edition.id)
    return shipped is None or shipped.sha256 != edition.sha256


def load_factors(
    *editions: str,
    roles: Mapping[str, Iterable[str]] | None = None,
    as_of: date | str | None = None,
    folder: str | Path | None = None,
    by_activity: Mapping[str, str] | None = None,
    own: Sequence[Mapping[str, Any]] = (),
) -> PinnedFactors:
    """Pin editions of factors.

    Parameters
    ----------
    *editions : str
        Ids as ``name@version``. Each plays the roles its publisher meant it for.
    roles : mapping of str to iterable of str, optional
        Editions by role, where the book decides otherwise: ``{"energy": ["cn-gbt-2589@2020"]}``. A role named here
        is filled by these alone.
    as_of : date or str, optional
        Use only what had been published by this day.
    folder : path, optional
        A factor folder of your own; by default the one that comes with the library.
    by_activity : mapping of str to str, optional
        The series or edition that prices an activity, where several pinned ones could:
        ``{"electricity.grid": "us-epa-egrid"}``.
    own : sequence of mapping, optional
        Factors of your own without a folder: ``{"activity": "electricity.grid", "value": "0.412 kg CO2/kWh", "source": "Supplier X,
        contract 7, p. 3"}``, see `stated_edition`. They come before the editions.

    Returns
    -------
    PinnedFactors

    Raises
    ------
    UnknownEditionError
        If an id is not in the catalogue.
    EditionError
        If an edition's bytes are not the released ones, it plays no role here, `by_activity` names one that is not pinned, or a factor
        of `own` cannot be used.
    """
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    filled = _filled(editions, roles or {}, Path(folder) if folder is not None else None)
    if own:
        from carbonledger.factors.stated_factors import stated_edition

        stated = stated_edition(own, day)
        for role in stated.roles:
            filled.setdefault(role, []).append(stated)
    pins = {role: tuple(dict.fromkeys(found)) for role, found in filled.items()}
    return PinnedFactors(
        pins, day, _decided(by_activity or {}, [edition for found in pins.values() for edition in found])
    )


def _filled(editions: Iterable[str], roles: Mapping[str, Iterable[str]], home: Path | None) -> dict[str, list[Edition]]:
    """The editions of each role: those named for it, else those that are meant for it."""
    named = {role: tuple(ids) for role, ids in roles.items()}
    unknown = set(named) - set(ROLES)
    if unknown:
        raise EditionError(f"unknown role {min(unknown)!r}. Roles are {', '.join(ROLES)}.")
    filled: dict[str, list[Edition]] = {role: [read_edition(name, home) for name in ids] for role, ids in named.items()}
    for name in editions:
        edition = read_edition(name, home)
        playable = [role for role in edition.roles if role in ROLES]
        if not playable:
            meant = ", ".join(edition.roles) or "reference only"
            raise EditionError(f"{name} is meant for: {meant}. It cannot be pinned for a calculation.")
        for role in playable:
            if role not in named:
                filled.setdefault(role, []).append(edition)
    return filled


def _decided(by_activity: Mapping[str, str], pinned: Iterable[Edition]) -> dict[str, str]:
    """The choice for each activity by the taxonomy's name, held to the pinned editions."""
    names = {name for edition in pinned for name in (edition.id, edition.name)}
    for activity, name in by_activity.items():
        if name not in names:
            raise EditionError(f"by_activity: {activity} = {name!r} is none of the pinned editions.")
    return {find_activity(activity).name: name for activity, name in by_activity.items()}
