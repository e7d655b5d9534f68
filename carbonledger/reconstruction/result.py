"""The result of a search: counts over all hits, the best-ranked hits, and the sums that the printed total identifies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carbonledger.core.language import Lang
from carbonledger.reconstruction.candidates import Choice
from carbonledger.reconstruction.chance import Chance
from carbonledger.reconstruction.counts import Rank
from carbonledger.reconstruction.identifiability import IdentifiedSum, Indistinguishable
from carbonledger.reconstruction.spaces import NamedCombination, Space

__all__ = ["PLAUSIBILITY", "MatchingCombination", "NamedResult", "OfRounding", "SpaceResult"]

PLAUSIBILITY = {"textbook": 0, "known practice": 1, "exotic": 2}


@dataclass(frozen=True, slots=True)
class MatchingCombination:
    """A combination that gives the printed figure.

    Parameters
    ----------
    rounding : str
        ``unrounded`` or ``termwise``.
    choices : tuple of Choice
        One per term.
    total : Decimal
        Their unrounded sum, t CO2e.
    """

    rounding: str
    choices: tuple[Choice, ...]
    total: Decimal

    @property
    def rank(self) -> Rank:
        """The least plausible of its choices first, then the sum over all."""
        levels = [PLAUSIBILITY[choice.plausibility] for choice in self.choices]
        return max(levels), sum(levels)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "rounding": self.rounding,
            "total_tco2e": float(self.total),
            "choices": [
                {
                    "label": choice.label,
                    "labels": list(choice.labels),
                    "treatment": choice.treatment,
                    "plausibility": choice.plausibility,
                    "tco2e": float(choice.tco2e),
                }
                for choice in self.choices
            ],
        }


@dataclass(frozen=True, slots=True)
class NamedResult:
    """A combination looked up by name.

    Parameters
    ----------
    named : NamedCombination
        As declared.
    hit : MatchingCombination
        Its choices and sum.
    agrees : bool
        Whether it gives the printed figure.
    """

    named: NamedCombination
    hit: MatchingCombination
    agrees: bool


@dataclass(frozen=True, slots=True)
class OfRounding:
    """The counts under one way of rounding.

    Parameters
    ----------
    rounding : str
        ``unrounded`` or ``termwise``.
    tried, count : int
        Combinations, and hits among them.
    chance : Chance
        Expected hits by chance.
    """

    rounding: str
    tried: int
    count: int
    chance: Chance


@dataclass(frozen=True)
class SpaceResult:
    """The hits of a search with their counts, ranks and odds.

    Parameters
    ----------
    space : Space
        As declared.
    sizes : tuple of int
        Choices per term.
    of_roundings : tuple of OfRounding
        The counts by rounding.
    chance : Chance
        Of all roundings together: a combination that hits under both counts twice, in the interval as in its neighbours.
    tried, declared : int
        Combinations tried, and declared; fewer are tried if the search was interrupted.
    hits : tuple of MatchingCombination
        The best-ranked ones.
    ranks : mapping of Rank to int
        All hits by rank.
    common : tuple of (str, str, float)
        By term and treatment the share of all hits that have it.
    deciding : tuple of (str, float)
        By term how many hits would on average be left if the report disclosed what it used there, fewest first.
    named : tuple of NamedResult
        The combinations looked up by name.
    determined : tuple of IdentifiedSum
        What the printed interval fixes, under the treatments of the best-ranked hit; empty without hits.
    indistinguishable : tuple of Indistinguishable
        Choices among the hits that give the same amount.
    """

    space: Space
    sizes: tuple[int, ...]
    of_roundings: tuple[OfRounding, ...]
    chance: Chance
    tried: int
    declared: int
    hits: tuple[MatchingCombination, ...]
    ranks: Mapping[Rank, int]
    common: tuple[tuple[str, str, float], ...] = ()
    deciding: tuple[tuple[str, float], ...] = ()
    named: tuple[NamedResult, ...] = ()
    determined: tuple[IdentifiedSum, ...] = ()
    indistinguishable: tuple[Indistinguishable, ...] = ()

    @property
    def count(self) -> int:
        """All hits."""
        return sum(self.ranks.values())

    @property
    def complete(self) -> bool:
        """Whether every declared combination was tried."""
        return self.tried == self.declared

    @property
    def cut(self) -> bool:
        """Whether there are more hits than are listed."""
        return len(self.hits) < self.count

    @property
    def expected(self) -> float | None:
        """Expected number of hits by chance; None if the space has no totals around the printed figure."""
        return self.chance.expected

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the count of one interval."""
        return self.chance.deviation

    def standing(self, rank: Rank) -> tuple[int, int]:
        """The place of the first hit of a rank among all, counted from 1, and how many hits have that rank."""
        return 1 + sum(count for other, count in self.ranks.items() if other < rank), self.ranks.get(rank, 0)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "space": self.space.id,
            "title": self.space.title.text(lang),
            "choices_per_term": dict(zip([term.name for term in self.space.terms], self.sizes, strict=True)),
            "tried": self.tried,
            "declared": self.declared,
            "partial": not self.complete,
            "hits": self.count,
            **_chance_data(self.chance),
            "by_rounding": [
                {"rounding": item.rounding, "tried": item.tried, "hits": item.count, **_chance_data(item.chance)}
                for item in self.of_roundings
            ],
            "identification": False,
            "determined": [item.to_dict() for item in self.determined],
            "indistinguishable": [
                {"term": item.term, "tco2e": float(item.tco2e), "labels": list(item.labels)}
                for item in self.indistinguishable
            ],
            "common": [{"term": term, "treatment": what, "share": share} for term, what, share in self.common],
            "deciding": [{"term": term, "hits_left": left} for term, left in self.deciding],
            "named": [self._named_data(item, lang) for item in self.named],
            "listing_cut": self.cut,
            "listed": [hit.to_dict() | self._rank_data(hit) for hit in self.hits],
        }

    def _rank_data(self, hit: MatchingCombination) -> dict[str, Any]:
        """The rank of a hit and the number of hits that share it, as plain data."""
        place, ties = self.standing(hit.rank)
        return {"rank": place, "ties": ties}

    def _named_data(self, item: NamedResult, lang: Lang) -> dict[str, Any]:
        """A named combination as plain data."""
        place = self._rank_data(item.hit) if item.agrees else {"rank": None, "ties": None}
        return {
            "id": item.named.id,
            "title": item.named.title.text(lang),
            "agrees": item.agrees,
            **place,
            **item.hit.to_dict(),
        }


def _chance_data(chance: Chance) -> dict[str, Any]:
    """Expected hits by chance, as plain data."""
    return {
        "expected_by_chance": chance.expected,
        "expected_standard_deviation": chance.deviation,
        "expected_upper_bound": chance.upper_bound,
        "neighbours": chance.cells,
        "neighbours_with_as_many": chance.as_many,
    }
