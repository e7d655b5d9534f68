"""Searching a declared space: how many combinations give the printed figure, and how many would by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carbonledger.analysis.combinations import Combinations, expected_by_chance, to_units
from carbonledger.analysis.spaces import Choice, Space, choices_of
from carbonledger.ledger.entries import Entries
from carbonledger.rounding import Figure, round_figure

__all__ = ["Hit", "SpaceResult", "search_space"]

_PLAUSIBILITY = {"textbook": 0, "known practice": 1, "exotic": 2}


@dataclass(frozen=True, slots=True)
class Hit:
    """A combination that gives the printed figure.

    Parameters
    ----------
    rounding : str
        ``unrounded`` or ``termwise``.
    choices : tuple of Choice
        One per term.
    total : Decimal
        Their sum, t CO2e.
    """

    rounding: str
    choices: tuple[Choice, ...]
    total: Decimal

    @property
    def rank(self) -> tuple[int, int]:
        """The least plausible of its choices first, then the sum over all."""
        levels = [_PLAUSIBILITY[choice.plausibility] for choice in self.choices]
        return max(levels), sum(levels)


@dataclass(frozen=True)
class SpaceResult:
    """What a search found.

    Parameters
    ----------
    space : Space
        As declared.
    sizes : tuple of int
        Choices per term.
    tried, count : int
        Combinations, and those inside the printed interval, over all roundings.
    expected, deviation : float
        How many would be inside by chance, and the standard deviation of that number.
    hits : tuple of Hit
        The listed ones, most plausible first.
    common : tuple of (str, str, float)
        By term and treatment the share of all listed hits that have it.
    deciding : tuple of (str, float)
        By term how many of the listed hits would on average be left if the report disclosed what it used there, fewest first.
    """

    space: Space
    sizes: tuple[int, ...]
    tried: int
    count: int
    expected: float
    deviation: float
    hits: tuple[Hit, ...]
    common: tuple[tuple[str, str, float], ...]
    deciding: tuple[tuple[str, float], ...] = ()

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """Plain data for JSON."""
        zh = lang == "zh"
        return {
            "space": self.space.id,
            "title": self.space.title_zh if zh else self.space.title_en,
            "choices_per_term": dict(zip([term.name for term in self.space.terms], self.sizes, strict=True)),
            "tried": self.tried,
            "hits": self.count,
            "expected_by_chance": self.expected,
            "expected_standard_deviation": self.deviation,
            "identification": False,
            "determined": self.space.determined_zh if zh else self.space.determined_en,
            "common": [{"term": term, "treatment": what, "share": share} for term, what, share in self.common],
            "deciding": [{"term": term, "hits_left": left} for term, left in self.deciding],
            "listed": [
                {
                    "rounding": hit.rounding,
                    "total_tco2e": float(hit.total),
                    "choices": [
                        {"label": choice.label, "treatment": choice.treatment, "tco2e": float(choice.tco2e)}
                        for choice in hit.choices
                    ],
                }
                for hit in self.hits
            ],
        }


def search_space(space: Space, entries: Entries, figure: Figure, limit: int = 1000) -> SpaceResult:
    """Every combination of a declared space that gives a printed figure.

    Parameters
    ----------
    space : Space
        As declared, before the search.
    entries : Entries
        The activity data of the year.
    figure : Figure
        The printed figure, in t CO2e.
    limit : int
        How many hits to list per rounding; all are counted.

    Returns
    -------
    SpaceResult
        A hit is plausible, never an identification.
    """
    terms = [choices_of(term, entries, space.known_by) for term in space.terms]
    tried = count = 0
    expected = variance = 0.0
    hits: list[Hit] = []
    for rounding in space.roundings:
        values = [[to_units(_value(choice, rounding, figure)) for choice in choices] for choices in terms]
        combinations = Combinations(values)
        found = combinations.hits(figure.interval, limit)
        chance, deviation = expected_by_chance(combinations, figure.interval)
        tried, count = tried + found.tried, count + found.count
        expected, variance = expected + chance, variance + deviation**2
        hits += [
            _hit(rounding, [choices[at] for choices, at in zip(terms, numbers, strict=True)])
            for numbers in found.listed
        ]
    ranked = tuple(sorted(hits, key=lambda hit: hit.rank))
    return SpaceResult(
        space,
        tuple(len(choices) for choices in terms),
        tried,
        count,
        expected,
        variance**0.5,
        ranked,
        _common(space, ranked),
        _deciding(space, ranked),
    )


def _value(choice: Choice, rounding: str, figure: Figure) -> Decimal:
    """A contribution as it enters the sum."""
    return choice.tco2e if rounding == "unrounded" else round_figure(choice.tco2e, figure.step)


def _hit(rounding: str, choices: Sequence[Choice]) -> Hit:
    """A combination as a hit."""
    return Hit(rounding, tuple(choices), sum((choice.tco2e for choice in choices), Decimal(0)))


def _common(space: Space, hits: Sequence[Hit]) -> tuple[tuple[str, str, float], ...]:
    """How often each treatment occurs among the hits, most frequent first."""
    counts = Counter(
        (term.name, choice.treatment) for hit in hits for term, choice in zip(space.terms, hit.choices, strict=True)
    )
    return tuple((name, what, number / len(hits)) for (name, what), number in counts.most_common())


def _deciding(space: Space, hits: Sequence[Hit]) -> tuple[tuple[str, float], ...]:
    """For each term the hits that knowing its choice would leave: a hit is met with others that share the choice."""
    left = []
    for at, term in enumerate(space.terms):
        alike = Counter((hit.choices[at].label, hit.choices[at].treatment) for hit in hits)
        left.append((term.name, sum(number**2 for number in alike.values()) / len(hits) if hits else 0.0))
    return tuple(sorted(left, key=lambda item: item[1]))
