"""What is planned against what is needed: measures and a cleaner grid as wedges between business as usual and the planned path.

Nothing is counted twice. The grid's own decline is taken first, on the electricity that business as usual would buy; a measure that saves
electricity of the grid is then worth its MWh at the factor that the grid has in that year. So the wedges sum to the difference of the
two paths, and the order of the measures does not matter.

References
----------
With electricity ``M`` at the factor ``f``, growth ``g`` and decline ``d`` a year, after n years: grid ``M (1+g)^n f (1 - (1-d)^n)``,
measure ``dM f (1-d)^n`` plus what it changes elsewhere. Wedges: S. Pacala and R. Socolow, Science 305 (2004), 968-972.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonledger.core.language import Label, Lang
from carbonledger.targets.paths import ReductionPath
from carbonledger.targets.projection import business_as_usual
from carbonledger.targets.target import Assumptions
from carbonledger.targets.words import said

__all__ = ["PlannedMeasure", "Start", "Wedge", "Wedges", "wedges_of"]


@dataclass(frozen=True, slots=True)
class PlannedMeasure:
    """A measure as a target sees it; changes a year against this year's entries, by this year's factors, in t CO2e.

    Parameters
    ----------
    name : Label
        What it is called.
    grid_tco2e : float
        The change of scope 2 of electricity of the grid; less is below 0.
    other_tco2e : float
        The change of everything else in the target's scopes.
    start_year : int or None
        The first year in which it works; None if it is not stated.
    """

    name: Label
    grid_tco2e: float
    other_tco2e: float
    start_year: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Where the paths begin.

    Parameters
    ----------
    year : int
        The reporting year.
    now_tco2e : float
        Its emissions in the target's scopes.
    grid_tco2e : float
        Of these, scope 2 of electricity of the grid.
    """

    year: int
    now_tco2e: float
    grid_tco2e: float


@dataclass(frozen=True, slots=True)
class Wedge:
    """What one thing takes off business as usual.

    Parameters
    ----------
    name : Label
        The cleaner grid, or a measure.
    note : Label
        From when it is counted, and why.
    tco2e : mapping of int to float
        By year; what increases emissions is below 0.
    """

    name: Label
    note: Label
    tco2e: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Wedges:
    """Business as usual, what is planned, and what is needed; t CO2e by year.

    Parameters
    ----------
    usual : mapping of int to float
        Business as usual: stated growth at today's factors.
    planned : mapping of int to float
        With everything that is planned.
    needed : mapping of int to float
        What has to be taken off business as usual to be on the path.
    wedges : tuple of Wedge
        The grid first.
    """

    usual: Mapping[int, float]
    planned: Mapping[int, float]
    needed: Mapping[int, float]
    wedges: tuple[Wedge, ...]

    def shortfall(self, year: int) -> float:
        """What is needed and not planned; 0 if enough is planned."""
        return max(self.needed[year] - (self.usual[year] - self.planned[year]), 0.0)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data."""
        years = [
            {
                "year": year,
                "business_as_usual_tco2e": value,
                "planned_path_tco2e": self.planned[year],
                "planned_reduction_tco2e": value - self.planned[year],
                "needed_reduction_tco2e": self.needed[year],
                "shortfall_tco2e": self.shortfall(year),
            }
            for year, value in self.usual.items()
        ]
        wedges = [
            {
                "name": item.name.text(lang),
                "note": item.note.text(lang),
                "tco2e": {str(year): value for year, value in item.tco2e.items()},
            }
            for item in self.wedges
        ]
        return {"years": years, "wedges": wedges}


def wedges_of(
    start: Start, path: ReductionPath, measures: Sequence[PlannedMeasure], assumed: Assumptions | None = None
) -> Wedges | None:
    """What is planned against what is needed, year by year to the target.

    Parameters
    ----------
    start : Start
        The reporting year.
    path : ReductionPath
        Of the target.
    measures : sequence of PlannedMeasure
        What is planned.
    assumed : Assumptions or None
        Growth and the decline of the grid's factor; None for neither.

    Returns
    -------
    Wedges or None
        None from the target year on.

    Examples
    --------
    >>> path = ReductionPath(((2024, 1000.0), (2030, 580.0)))
    >>> roof = PlannedMeasure(Label("Roof", "屋顶"), -100.0, 0.0, 2026)
    >>> found = wedges_of(Start(2024, 1000.0, 800.0), path, [roof], Assumptions(source="constructed", grid_decline_percent=5.0))
    >>> [round(item.tco2e[2030], 2) for item in found.wedges], round(found.planned[2030], 2), round(found.shortfall(2030), 2)
    ([211.93, 73.51], 714.56, 134.56)
    """
    years = range(max(start.year, path.first_year), path.last_year + 1)
    if start.year >= path.last_year or start.year < path.first_year:
        return None
    growth = assumed.growth_percent if assumed else 0.0
    usual = {year: business_as_usual(start.now_tco2e, year - start.year, growth) for year in years}
    wedges = [_grid(start, years, assumed)] if assumed and assumed.grid_decline_percent else []
    wedges += [_measure(item, start, years, assumed) for item in measures]
    planned = {year: value - math.fsum(item.tco2e[year] for item in wedges) for year, value in usual.items()}
    needed = {year: max(value - (path.at(year) or 0.0), 0.0) for year, value in usual.items()}
    return Wedges(usual, planned, needed, tuple(wedges))


def _grid_left(year: int, start: Start, assumed: Assumptions | None) -> float:
    """The grid's factor of a year as a fraction of today's."""
    decline = assumed.grid_decline_percent if assumed else 0.0
    return float((1 - decline / 100.0) ** (year - start.year))


def _grid(start: Start, years: range, assumed: Assumptions) -> Wedge:
    """What a cleaner grid takes off, on the electricity that business as usual would buy."""
    found = {
        year: business_as_usual(start.grid_tco2e, year - start.year, assumed.growth_percent)
        * (1 - _grid_left(year, start, assumed))
        for year in years
    }
    stated = said("wedge_grid_note", percent=f"{assumed.grid_decline_percent:g}", source=assumed.source)
    note = stated if start.grid_tco2e else said("wedge_grid_none")
    return Wedge(said("wedge_grid"), note, found)


def _measure(item: PlannedMeasure, start: Start, years: range, assumed: Assumptions | None) -> Wedge:
    """What a measure takes off from its first year on, its electricity at the grid's factor of the year."""
    if item.start_year is not None and item.start_year <= start.year:
        note = said("wedge_begun", start=item.start_year, year=start.year)
        return Wedge(item.name, note, dict.fromkeys(years, 0.0))
    first = item.start_year or start.year + 1
    note = said("wedge_from" if item.start_year else "wedge_next", year=first)
    found = {
        year: -(item.grid_tco2e * _grid_left(year, start, assumed) + item.other_tco2e) if year >= first else 0.0
        for year in years
    }
    return Wedge(item.name, note, found)
