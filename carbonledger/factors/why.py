"""The whole matching decision for an activity, series by series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from carbonledger.core.errors import AmbiguousFactorError
from carbonledger.core.regions import canonical_region
from carbonledger.factors.editions import CatalogueRow, catalogue, read_edition
from carbonledger.factors.factor import Edition
from carbonledger.factors.matching import Decision, Query, find_factors
from carbonledger.factors.pinned import PinnedFactors

__all__ = ["SeriesDecision", "why"]


@dataclass(frozen=True, slots=True)
class SeriesDecision:
    """What one series of editions answers.

    Parameters
    ----------
    series : str
        The name that its editions share.
    decision : Decision or None
        The factors chosen and the candidates refused; None if the series contradicts itself.
    remark : str
        Why there is no decision.
    """

    series: str
    decision: Decision | None
    remark: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        decision = self.decision.to_dict() if self.decision else None
        return {"series": self.series, "decision": decision, "remark": self.remark}


def why(
    activity: str,
    region: str,
    year: int,
    *,
    parameter: str = "emission_factor",
    as_of: date | None = None,
    folder: Path | None = None,
) -> list[SeriesDecision]:
    """Which factor each series would give, and why not another.

    Parameters
    ----------
    activity : str
        A name of the taxonomy.
    region : str
        Where it took place: any text of `carbonledger.core.regions.canonical_region`.
    year : int
        When.
    parameter : str
        Which property.
    as_of : date, optional
        What had been published by this day.
    folder : Path, optional
        A factor folder of your own.

    Returns
    -------
    list of SeriesDecision
        One for each series that has the activity, those that answer first. Series never stand for each other: the book
        chooses one.

    Raises
    ------
    RegionError
        If the region cannot be read.
    """
    place = canonical_region(region) if region else ""
    decisions = []
    for series, editions in _series(catalogue(folder), folder).items():
        factors = PinnedFactors({"any": tuple(editions)}, as_of)
        try:
            decision = find_factors(factors, Query("any", activity, parameter, place, year))
        except AmbiguousFactorError as error:
            decisions.append(SeriesDecision(series, None, str(error)))
            continue
        if decision.matches or decision.refused:
            decisions.append(SeriesDecision(series, decision))
    return sorted(decisions, key=lambda item: (not (item.decision and item.decision.matches), item.series))


def _series(rows: Mapping[str, CatalogueRow], folder: Path | None) -> dict[str, list[Edition]]:
    """The editions that are not withdrawn, by the name they share; a corrected edition stands for the one it corrects."""
    series: dict[str, list[Edition]] = {}
    corrected = {str(read_edition(name, folder).metadata.get("corrects") or "") for name in rows}
    for name, row in rows.items():
        if row.status != "withdrawn" and name not in corrected:
            series.setdefault(name.split("@")[0], []).append(read_edition(name, folder))
    return series
