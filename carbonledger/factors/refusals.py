"""Why a candidate was not chosen: a code and its numbers, put into words when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from carbonledger.core.language import Label, Lang, word
from carbonledger.core.regions import enclosing_regions, subregions_to_choose
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.fitting import (
    Query,
    Rank,
    asked_editions,
    corrected_editions,
    left_out,
    names_of,
    oldest_allowed,
    region_distances,
    rows_asked_for,
    years_after,
)
from carbonledger.factors.pinned import PinnedFactors

__all__ = ["Refusal", "nearest_refusals", "refusals_of"]

Code = Literal[
    "unpublished",
    "unknown_day",
    "corrected",
    "left_out",
    "region",
    "no_region",
    "no_year",
    "later",
    "too_old",
    "too_old_at_all",
    "wider_activity",
    "wider_region",
    "earlier_year",
    "not_first",
    "beside",
]
_WORSE: tuple[Code, ...] = ("wider_activity", "wider_region", "earlier_year")

# Regions that neither hold the activity's nor lie in its country come last.
_REACHES, _SAME_COUNTRY, _ELSEWHERE = 50, 100, 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """A candidate that was not chosen.

    Parameters
    ----------
    factor : Factor
        The candidate.
    code : str
        Why not: ``region``, ``later``, ``too_old`` and so on; ``refusal_<code>`` in ``labels.csv`` says it in words.
    values : tuple of (str, str or Label)
        What stands in the braces of the words.
    nearness : tuple of int
        How far from what was asked: activity, region, years.
    """

    factor: Factor
    code: Code
    values: tuple[tuple[str, str | Label], ...]
    nearness: tuple[int, int, int]

    @property
    def is_near(self) -> bool:
        """Whether its region holds or reaches the activity's, or its publisher says that it leaves it out."""
        return self.code == "left_out" or self.nearness[1] < _SAME_COUNTRY

    @property
    def is_elsewhere(self) -> bool:
        """Whether its region lies in another country than the activity."""
        return self.nearness[1] >= _ELSEWHERE

    def reason(self, lang: Lang) -> str:
        """Why it was not chosen, in words."""
        values = {name: value.text(lang) if isinstance(value, Label) else value for name, value in self.values}
        return word(f"refusal_{self.code}", lang, **values)

    def text(self, lang: Lang) -> str:
        """The candidate and why it was not chosen."""
        return word("refusal", lang, factor=self.factor.reference, reason=self.reason(lang))


def nearest_refusals(refusals: Sequence[Refusal], limit: int = 3) -> tuple[Refusal | Label, ...]:
    """The nearest refusals, and how many other countries' figures there are.

    Parameters
    ----------
    refusals : sequence of Refusal
        Of one or several questions about the same activity.
    limit : int
        How many are listed at most.

    Returns
    -------
    tuple of Refusal or Label
        Those of the activity's own country first; figures for other countries are listed only if there are no others.
    """
    ordered = sorted(refusals, key=lambda item: item.nearness)
    here = [item for item in ordered if not item.is_elsewhere or item.code == "left_out"]
    # One statement of a publisher stands for all the figures that it is about.
    first = {item.reason("en"): item for item in reversed(here) if item.code == "left_out"}
    here = [item for item in here if item.code != "left_out" or first[item.reason("en")] is item]
    if not here:
        return tuple(ordered[:limit])
    elsewhere = str(len(ordered) - len(here))
    count = Label.of("refusals_elsewhere")
    counted = Label(count.en.format(count=elsewhere), count.zh.format(count=elsewhere))
    return (*here[:limit], *((counted,) if elsewhere != "0" else ()))


def refusals_of(
    factors: PinnedFactors, query: Query, best: Rank | None, chosen: Sequence[Factor]
) -> tuple[Refusal, ...]:
    """Every candidate that was not chosen.

    Parameters
    ----------
    factors : PinnedFactors
        What may be used.
    query : Query
        What was asked.
    best : tuple of int or None
        Depth, distance and lag of the factors chosen.
    chosen : sequence of Factor
        The factors chosen.

    Returns
    -------
    tuple of Refusal
        The nearest first: by activity, then by region, then by year.
    """
    taken, used = {factor.reference for factor in chosen}, {factor.edition for factor in chosen}
    corrected = corrected_editions(factors, query)
    found: list[Refusal] = []
    for edition in asked_editions(factors, query):
        for depth, name in names_of(query.activity):
            places = rows_asked_for(edition, name, query)
            distances = region_distances(edition, places, query)
            numbers = sorted(number for years in places.values() for rows in years.values() for number in rows)
            for factor in edition.factors_in(numbers):
                if factor.reference not in taken:
                    words = left_out(edition, factor.region, places, query)
                    code, values = (
                        _of_edition(edition, factors, corrected)
                        or (("left_out", {"words": words}) if words else None)
                        or _of_row(edition, factor, distances.get(factor.region), depth, best, query)
                    )
                    said = "beside" if code == "not_first" and edition.id in used else code
                    found.append(Refusal(factor, said, tuple(values.items()), _nearness(factor, depth, query)))
    return tuple(sorted(found, key=lambda item: item.nearness))


def _nearness(factor: Factor, depth: int, query: Query) -> tuple[int, int, int]:
    """How far a candidate is from what was asked: activity, region, years."""
    around = enclosing_regions(query.region) if query.region else {}
    country = factor.region.split("-")[0] == query.region.split("-")[0]
    reaches = factor.region in subregions_to_choose(query.region)
    distance = around.get(factor.region, _REACHES if reaches else _SAME_COUNTRY if country else _ELSEWHERE)
    return depth, distance, abs(years_after(factor.data_year, query) or 0)


_Reason = tuple[Code, Mapping[str, str | Label]]


def _of_edition(edition: Edition, factors: PinnedFactors, corrected: Mapping[str, str]) -> _Reason | None:
    """Why nothing of an edition is chosen; None if nothing speaks against it."""
    if not factors.known(edition):
        published = edition.date_published
        return "unpublished" if published else "unknown_day", {"published": published, "day": str(factors.as_of)}
    return ("corrected", {"correction": corrected[edition.id]}) if edition.id in corrected else None


def _of_row(
    edition: Edition, factor: Factor, distance: int | None, depth: int, best: Rank | None, query: Query
) -> _Reason:
    """Why a figure of an edition was not chosen: its region, its year, or a better one."""
    if distance is None:
        return "region" if query.region else "no_region", {"region": factor.region, "place": query.region}
    lag = years_after(factor.data_year, query)
    if lag is None or not 0 <= lag <= oldest_allowed(edition):
        return _wrong_year(edition, factor, lag, query)
    rank = (depth, distance, lag)
    differing = [code for code, mine, other in zip(_WORSE, rank, best or rank, strict=True) if mine != other]
    return differing[0] if differing else "not_first", {}


def _wrong_year(edition: Edition, factor: Factor, lag: int | None, query: Query) -> _Reason:
    """The code of a refusal for its year."""
    described: dict[str, str | Label] = {"described": str(factor.data_year)}
    if lag is None:
        return "no_year", described
    asked = described | {"year": str(query.year)}
    if lag < 0:
        return "later", asked
    if edition.max_lag_years is None:
        return "too_old_at_all", asked | {"lag": str(lag)}
    return "too_old", asked | {"lag": str(lag), "allowed": str(edition.max_lag_years)}
