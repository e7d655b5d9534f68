"""The fifteen scope 3 categories, and the one that a line belongs to."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from carbonledger.core.activities import ancestors, taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.inventory.coefficients import Key, PlanRow

if TYPE_CHECKING:
    pass

__all__ = ["ScopeThreeCategory", "category_of", "scope_3_categories", "scope_3_findings"]


@dataclass(frozen=True, slots=True)
class ScopeThreeCategory:
    """One of the fifteen categories.

    Parameters
    ----------
    number : int
        1 to 15.
    label_zh, label_en : str
        Its name.
    minimum_boundary : str
        What the standard asks for at least.
    activities : tuple of str
        The first words of activities that can belong to it.
    iso_category : int
        Of ISO 14064-1:2018, annex B, by this library's mapping.
    """

    number: int
    label_zh: str
    label_en: str
    minimum_boundary: str
    activities: tuple[str, ...]
    iso_category: int


def _rows(name: str) -> list[dict[str, str]]:
    """A table that lies beside this module."""
    text = resources.files("carbonledger.inventory").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def scope_3_categories() -> Mapping[int, ScopeThreeCategory]:
    """The fifteen categories by number."""
    return {
        int(row["category"]): ScopeThreeCategory(
            int(row["category"]),
            row["label_zh"],
            row["label_en"],
            row["minimum_boundary"],
            tuple(row["activities"].split(";")),
            int(row["iso_category"]),
        )
        for row in _rows("scope3_categories.csv")
    }


@cache
def _defaults() -> Mapping[str, int]:
    """The only category that an activity can mean."""
    return {row["activity"]: int(row["category"]) for row in _rows("scope3_defaults.csv")}


@lru_cache(maxsize=4096)
def category_of(activity: str, stated: int = 0) -> int:
    """The scope 3 category of a line.

    Parameters
    ----------
    activity : str
        The taxonomy's name.
    stated : int
        What the entry says; 0 for nothing.

    Returns
    -------
    int
        0 if the line is of scope 1 or 2, or if its category must be stated and is not.

    Examples
    --------
    >>> category_of("travel.air.short_haul.economy"), category_of("travel.car.average.petrol"), category_of("electricity.grid", 8)
    (6, 0, 8)
    """
    if stated or taxonomy()[activity].scope != 3:
        return stated
    return next((_defaults()[name] for name in ancestors(activity) if name in _defaults()), 0)


def scope_3_findings(rows: Sequence[PlanRow]) -> Iterator[tuple[Key, Finding]]:
    """Scope 3 lines without category, or in one they cannot belong to.

    Parameters
    ----------
    rows : sequence of PlanRow
        Of a plan.

    Yields
    ------
    tuple of (Key, Finding)
        The combination concerned, and what is wrong with it.
    """
    for row in rows:
        if row.scope != 3:
            continue
        category = category_of(row.activity, row.key.scope_3_category)
        if not category:
            yield row.key, Finding.of("SCOPE3_WITHOUT_CATEGORY", activity=row.activity)
        elif not {*ancestors(row.activity)} & {*scope_3_categories()[category].activities, "other"}:
            named = scope_3_categories()[category]
            label = Label(named.label_en, named.label_zh)
            found = Finding.of("SCOPE3_WRONG_CATEGORY", activity=row.activity, category=category, label=label)
            yield row.key, found
