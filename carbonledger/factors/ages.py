"""How old a figure may be, where a book decides otherwise than its edition.

An edition says for how many years after its data year a figure may be used (``max_lag_years``). Where nothing newer is to be had, as with
project baselines, a book may allow more, or less, with a reason in writing that goes into its report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from carbonledger.core.errors import EditionError
from carbonledger.core.findings import Finding, Message
from carbonledger.factors.factor import Edition
from carbonledger.factors.pinned import PinnedFactors

__all__ = ["AllowedAge", "age_findings", "age_remark", "allowed_ages", "with_ages"]

_REASON, _USUAL = "allowed_age_reason", "usual_max_lag_years"


@dataclass(frozen=True, slots=True)
class AllowedAge:
    """The age that a book allows to the figures of an edition.

    Parameters
    ----------
    edition : str
        ``name@version``.
    years : int
        How many years after its data year a figure may be used.
    reason : str
        Why.
    """

    edition: str
    years: int
    reason: str


def with_ages(factors: PinnedFactors, ages: Iterable[AllowedAge]) -> PinnedFactors:
    """Pinned editions whose figures may be as old as the book says.

    Parameters
    ----------
    factors : PinnedFactors
        What may be used.
    ages : iterable of AllowedAge
        What the book allows.

    Returns
    -------
    PinnedFactors

    Raises
    ------
    EditionError
        If an edition is not pinned, or no reason is given.

    Examples
    --------
    >>> from carbonledger.factors.pinned import load_factors
    >>> grid = load_factors("cn-mee-grid-enterprise@2022")
    >>> older = with_ages(grid, [AllowedAge("cn-mee-grid-enterprise@2022", 4, "The ministry has published no later figure.")])
    >>> grid.editions[0].max_lag_years, older.editions[0].max_lag_years
    (3, 4)
    """
    allowed = {item.edition: item for item in ages}
    if not allowed:
        return factors
    pinned = {edition.id for edition in factors.editions}
    for item in allowed.values():
        if item.edition not in pinned:
            raise EditionError(Message.of("ALLOWED_AGE.not_pinned", edition=item.edition, pinned=tuple(sorted(pinned))))
        if not item.reason.strip() or item.years < 0:
            raise EditionError(Message.of("ALLOWED_AGE.no_reason", edition=item.edition))
    roles = {
        role: tuple(_aged(edition, allowed[edition.id]) if edition.id in allowed else edition for edition in editions)
        for role, editions in factors.roles.items()
    }
    return replace(factors, roles=roles)


def _aged(edition: Edition, allowed: AllowedAge) -> Edition:
    """An edition with the age that a book allows it, and its reason."""
    reason = allowed.reason.strip()
    said = {
        "max_lag_years": allowed.years,
        "max_lag_reason": reason,
        _REASON: reason,
        _USUAL: edition.max_lag_years or 0,
    }
    return replace(edition, metadata={**edition.metadata, **said})


def allowed_ages(factors: PinnedFactors) -> tuple[AllowedAge, ...]:
    """The ages that a book allows otherwise than its editions, by edition.

    Parameters
    ----------
    factors : PinnedFactors
        As the book pins them.

    Returns
    -------
    tuple of AllowedAge
    """
    return tuple(
        AllowedAge(edition.id, edition.max_lag_years or 0, str(edition.metadata[_REASON]))
        for edition in factors.editions
        if _REASON in edition.metadata
    )


def age_remark(edition: Edition) -> str:
    """The age that a book allows to the figures of an edition, with its reason; empty if the edition's own holds."""
    reason = edition.metadata.get(_REASON)
    return f"allowed in this book up to {edition.max_lag_years} years after its data year: {reason}" if reason else ""


def age_findings(factors: PinnedFactors) -> list[Finding]:
    """A note for each edition whose figures may be older or must be newer than it says itself.

    Parameters
    ----------
    factors : PinnedFactors
        As the book pins them.

    Returns
    -------
    list of Finding
        At ``book.toml``, with the book's reason.
    """
    usual = {edition.id: int(edition.metadata.get(_USUAL, 0)) for edition in factors.editions}
    return [
        Finding.of(
            "ALLOWED_AGE", edition=item.edition, years=item.years, usual=usual[item.edition], reason=item.reason
        ).at(file="book.toml")
        for item in allowed_ages(factors)
    ]
