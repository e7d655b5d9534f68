"""Emissions over the years: as reported and as restated side by side, of some scopes by one method.

A figure of several scopes is the one that a row states of them, else the sum of rows of its parts of the same year and method. What no row
states is a gap: nothing is interpolated, and the methods of scope 2 are never mixed.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5: restated figures stand beside those first reported. GB/T 8170-2008 and the half units of
printed figures: a sum of n addends may differ from its printed total by (n + 1) half units.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.comparison.history import (
    METHODS,
    SCOPE_2,
    HistoryEntry,
    HistoryKind,
    Scope2Method,
    Scopes,
    scopes_label,
)
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CalculatedYear", "EmissionSeries", "History", "SeriesYear"]

SCOPES: Scopes = (1, 2, 3)
NO_SOURCE = Label("", "")
# How some scopes may be put together from rows, the fewest rows first.
_PARTITIONS: Mapping[Scopes, tuple[tuple[Scopes, ...], ...]] = {
    (1,): (((1,),),),
    (2,): (((2,),),),
    (3,): (((3,),),),
    (1, 2): (((1, 2),), ((1,), (2,))),
    (1, 3): (((1, 3),), ((1,), (3,))),
    (2, 3): (((2, 3),), ((2,), (3,))),
    (1, 2, 3): (
        ((1, 2, 3),),
        *(((1, 2), (3,)), ((1,), (2, 3)), ((1, 3), (2,))),
        ((1,), (2,), (3,)),
    ),
}
# What binary sums may leave between equal figures.
_LEFT_OVER = 1e-9


@dataclass(frozen=True, slots=True)
class CalculatedYear:
    """A year that the library calculates.

    Parameters
    ----------
    year : int
        The calendar year in which it begins.
    values : mapping of (int, str) to float
        By scope and method (empty but for scope 2), t CO2e; a figure that is not known is missing.
    source : Label
        Which book it is calculated from.
    gwp, approach : str
        The set of global warming potentials and the consolidation approach, empty if there is none.
    first_reported : bool
        Whether it is the figure of the reporting year itself, which no row may replace.
    """

    year: int
    values: Mapping[tuple[int, Scope2Method], float]
    source: Label
    gwp: str = ""
    approach: str = ""
    first_reported: bool = True

    def sum_of(self, scopes: Scopes, method: Scope2Method) -> float | None:
        """The emissions of some scopes, t CO2e; None if one of them is not known."""
        found = [self.values.get((scope, method if scope == SCOPE_2 else "")) for scope in scopes]
        known = [value for value in found if value is not None and math.isfinite(value)]
        return math.fsum(known) if len(known) == len(found) else None


@dataclass(frozen=True, slots=True)
class SeriesYear:
    """One year of a series.

    Parameters
    ----------
    year : int
        The calendar year in which the reporting year begins.
    as_reported_tco2e, restated_tco2e : float or None
        The figure as it was first reported, and as it is restated, t CO2e; None if nothing states it.
    source, restated_source : Label
        Where the two come from.
    calculated : bool
        Whether the figure as reported is calculated from the entries of a book.
    """

    year: int
    as_reported_tco2e: float | None
    restated_tco2e: float | None = None
    source: Label = NO_SOURCE
    restated_source: Label = NO_SOURCE
    calculated: bool = False

    @property
    def stands_tco2e(self) -> float | None:
        """The figure that later years are compared with, t CO2e: the restated one if there is one; None in a gap."""
        return self.as_reported_tco2e if self.restated_tco2e is None else self.restated_tco2e

    @property
    def is_gap(self) -> bool:
        """Whether nothing states the year."""
        return self.stands_tco2e is None

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The year as plain data."""
        return {
            "year": self.year,
            "as_reported_tco2e": self.as_reported_tco2e,
            "restated_tco2e": self.restated_tco2e,
            "stands_tco2e": self.stands_tco2e,
            "source": self.source.text(lang),
            "restated_source": self.restated_source.text(lang),
            "calculated": self.calculated,
        }


@dataclass(frozen=True, slots=True)
class EmissionSeries:
    """Emissions of some scopes by one method, year by year.

    Parameters
    ----------
    scopes : tuple of int
        Which scopes each figure is of.
    method : {"", "location_based", "market_based"}
        The method of scope 2; empty where scope 2 is no part of it.
    entity : str
        The company; empty for everything within the boundary.
    years : tuple of SeriesYear
        Every year from the first to the last, gaps among them.
    """

    scopes: Scopes
    method: Scope2Method
    entity: str
    years: tuple[SeriesYear, ...]

    @property
    def label(self) -> Label:
        """Its scopes and method."""
        return scopes_label(self.scopes, self.method)

    @property
    def gaps(self) -> tuple[int, ...]:
        """The years that nothing states."""
        return tuple(item.year for item in self.years if item.is_gap)

    def of(self, year: int) -> SeriesYear:
        """One year; a gap if the series does not reach it."""
        return next((item for item in self.years if item.year == year), SeriesYear(year, None))

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The series as plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the labels.

        Returns
        -------
        dict
            ``scopes, method, entity, label``, ``years`` with t CO2e as reported, restated, and as it stands, and ``gaps``.
        """
        return {
            "scopes": list(self.scopes),
            "method": self.method or None,
            "entity": self.entity,
            "label": self.label.text(lang),
            "years": [item.to_dict(lang) for item in self.years],
            "gaps": list(self.gaps),
        }

    def frame(self) -> pd.DataFrame:
        """The series as a tidy frame for pictures: a row for each year and kind that is known.

        Returns
        -------
        pandas.DataFrame
            ``year, scopes, method, entity, kind`` (``as_reported`` or ``restated``), ``emissions_tco2e`` [t CO2e], ``calculated``.
        """
        import pandas as pd

        rows = [
            {
                "year": item.year,
                "scopes": "+".join(map(str, self.scopes)),
                "method": self.method,
                "entity": self.entity,
                "kind": kind,
                "emissions_tco2e": value,
                "calculated": item.calculated and kind == "as_reported",
            }
            for item in self.years
            for kind, value in (("as_reported", item.as_reported_tco2e), ("restated", item.restated_tco2e))
            if value is not None
        ]
        columns = ["year", "scopes", "method", "entity", "kind", "emissions_tco2e", "calculated"]
        return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class History:
    """All years of a company: the rows of earlier reports, and the years that are calculated.

    Parameters
    ----------
    entries : sequence of HistoryEntry
        See `read_history`.
    calculated : sequence of CalculatedYear
        The reporting year, and the year compared with if it is calculated.
    needed : sequence of int
        Years that must be there, such as the base year.
    """

    entries: Sequence[HistoryEntry] = ()
    calculated: Sequence[CalculatedYear] = ()
    needed: Sequence[int] = ()

    @cached_property
    def _rows(self) -> Mapping[Any, HistoryEntry]:
        """The rows by year, company, scopes, method and kind."""
        return {item.key: item for item in self.entries}

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year from the first that anything is known or needed of to the last."""
        known = {*self.needed, *(item.year for item in self.entries), *(item.year for item in self.calculated)}
        return tuple(range(min(known), max(known) + 1)) if known else ()

    def series(
        self, scopes: Scopes = (1, 2), method: Scope2Method = "location_based", entity: str = ""
    ) -> EmissionSeries:
        """Emissions of some scopes by one method over all years.

        Parameters
        ----------
        scopes : tuple of int
            Ascending.
        method : {"location_based", "market_based"}
            Of scope 2; it does not matter where scope 2 is no part.
        entity : str
            The company; empty for everything within the boundary.

        Returns
        -------
        EmissionSeries
        """
        kept: Scope2Method = method if SCOPE_2 in scopes else ""
        years = tuple(self._year(year, scopes, kept, entity) for year in self.years)
        return EmissionSeries(scopes, kept, entity, years)

    def whole_series(self) -> Iterator[EmissionSeries]:
        """The series of each scope, by both methods where scope 2 is known by both, and of scopes 1 and 2 together."""
        wanted: list[tuple[Scopes, Scope2Method]] = [((1,), ""), *(((2,), method) for method in METHODS), ((3,), "")]
        wanted += [((1, 2), method) for method in METHODS]
        for scopes, method in wanted:
            found = self.series(scopes, method)
            if any(not item.is_gap for item in found.years):
                yield found

    def _year(self, year: int, scopes: Scopes, method: Scope2Method, entity: str) -> SeriesYear:
        """One year of a series: what is calculated of the reporting year, else what rows state, else what is calculated."""
        reported = self.composed(year, entity, scopes, method, "as_reported")
        restated = self.composed(year, entity, scopes, method, "restated")
        own = next((item for item in self.calculated if item.year == year), None) if not entity else None
        value = own.sum_of(scopes, method) if own else None
        new = (_sum(restated), _sources(restated))
        if own is not None and value is not None and (own.first_reported or not reported):
            return SeriesYear(year, value, new[0], own.source, new[1], calculated=True)
        return SeriesYear(year, _sum(reported), new[0], _sources(reported), new[1])

    def composed(
        self, year: int, entity: str, scopes: Scopes, method: Scope2Method, kind: HistoryKind
    ) -> tuple[HistoryEntry, ...]:
        """The rows that together give a figure: the fewest; empty if none do.

        Parameters
        ----------
        year, entity, scopes, method : int, str, tuple of int, str
            Which figure.
        kind : {"as_reported", "restated"}
            A part that was not restated keeps its figure as reported beside one that was.

        Returns
        -------
        tuple of HistoryEntry
        """
        return next(self._covers(year, entity, scopes, method, kind), ())

    def _covers(
        self, year: int, entity: str, scopes: Scopes, method: Scope2Method, kind: HistoryKind
    ) -> Iterator[tuple[HistoryEntry, ...]]:
        """Every way in which rows give a figure."""
        kinds: tuple[HistoryKind, ...] = ("restated", "as_reported") if kind == "restated" else ("as_reported",)
        for parts in _PARTITIONS[scopes]:
            keys = [(year, entity, part, method if SCOPE_2 in part else "") for part in parts]
            rows = [
                next((self._rows[*key, name] for name in kinds if (*key, name) in self._rows), None) for key in keys
            ]
            found = tuple(item for item in rows if item is not None)
            if len(found) == len(parts) and any(item.kind == kind for item in found):
                yield found

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Rows that contradict each other or what is calculated, and restated figures without the one first reported."""
        return (*self._contradictions(), *self._restated_alone(), *self._calculated_otherwise())

    def _contradictions(self) -> Iterator[Finding]:
        """Figures of several scopes that are not the sums of their parts, within half a unit of each last digit."""
        for item in self.entries:
            for cover in self._covers(item.year, item.entity, item.scopes, item.method, item.kind):
                parts = _sum(cover)
                if parts is None or cover == (item,):
                    continue
                if abs(parts - item.tco2e) > _tolerance((item, *cover)):
                    rows = tuple(part.row for part in cover)
                    values = {"year": item.year, "what": item.label, "value": item.tco2e, "parts": parts, "rows": rows}
                    yield item.place(Finding.of("HISTORY_CONTRADICTION.parts", **values))
                    break

    def _restated_alone(self) -> Iterator[Finding]:
        """Restated figures whose first figure nothing states."""
        for item in self.entries:
            if item.kind == "restated" and self._first(item) is None:
                yield item.place(Finding.of("HISTORY_RESTATED_ALONE", year=item.year, what=item.label))

    def _first(self, item: HistoryEntry) -> float | None:
        """The figure first reported of what a row restates."""
        return self._year(item.year, item.scopes, item.method, item.entity).as_reported_tco2e

    def _calculated_otherwise(self) -> Iterator[Finding]:
        """Rows of a calculated year that say otherwise than the calculation, unless a restated row explains it."""
        for item in self.entries:
            own = next((year for year in self.calculated if year.year == item.year), None)
            value = own.sum_of(item.scopes, item.method) if own and not item.entity else None
            if own is None or value is None or self._explained(item, own, value):
                continue
            if abs(value - item.tco2e) > _tolerance((item,)):
                case = "calculated" if own.first_reported else "compared"
                values = {"year": item.year, "what": item.label, "value": item.tco2e, "calculated": value}
                yield item.place(Finding.of(f"HISTORY_CONTRADICTION.{case}", **values))

    def _explained(self, item: HistoryEntry, own: CalculatedYear, calculated: float) -> bool:
        """Whether a row of an earlier year is as reported and another restates it, or restates what is calculated as first reported."""
        if own.first_reported:
            return False
        if item.kind == "restated":
            first = self._first(item)
            return first is not None and abs(first - calculated) <= _tolerance((item,))
        return bool(self.composed(item.year, item.entity, item.scopes, item.method, "restated"))


def _sum(entries: Sequence[HistoryEntry]) -> float | None:
    """The sum of some rows, t CO2e; None of none."""
    return math.fsum(item.tco2e for item in entries) if entries else None


def _sources(entries: Sequence[HistoryEntry]) -> Label:
    """Where some rows come from, each source once."""
    names = "; ".join(dict.fromkeys(item.source for item in entries if item.source))
    return Label(names, names)


def _tolerance(entries: Sequence[HistoryEntry]) -> float:
    """By how much printed figures may differ from their sum, t CO2e."""
    return math.fsum(item.half_unit_tco2e for item in entries) + _LEFT_OVER * max(item.tco2e for item in entries)
