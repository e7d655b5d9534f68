"""The sums of factors that a printed total identifies, and the choices that it cannot tell apart.

A total is one equation. Whatever the factors are, it fixes one weighted sum of them and nothing else; and choices that give the same
amount leave no trace in it at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from carbonledger.core.rounding import Interval
from carbonledger.reconstruction.candidates import Choice, TermChoices

__all__ = ["IdentifiedSum", "Indistinguishable", "Weighted", "choice_text", "identified_by", "indistinguishable_among"]


@dataclass(frozen=True, slots=True)
class Weighted:
    """The weight that a term's factor has in the total.

    Parameters
    ----------
    term, unit : str
        The term, and the unit of its amount.
    weight : Decimal
        Its amount, negative where it is subtracted.
    """

    term: str
    unit: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class IdentifiedSum:
    """A weighted sum of factors that the printed interval fixes.

    Parameters
    ----------
    weights : tuple of Weighted
        Of the terms whose factors stand in the sum.
    interval : Interval
        Where the sum lies, t CO2e.
    given : tuple of (str, str)
        Terms whose factors are taken as known, each with the label of its choice.
    """

    weights: tuple[Weighted, ...]
    interval: Interval
    given: tuple[tuple[str, str], ...] = ()

    def sum_text(self, names: Mapping[str, str] | None = None) -> str:
        """The sum in symbols, as ``4.36 t x gasoline - 20.245 MWh x photovoltaics``.

        Parameters
        ----------
        names : mapping of str to str, optional
            What terms are called in the language of the text.

        Returns
        -------
        str
        """
        called = names or {}
        parts = [
            f"{'-' if item.weight < 0 else '+'} {abs(item.weight).normalize():f} {item.unit} x {called.get(item.term, item.term)}"
            for item in self.weights
        ]
        return " ".join(parts).removeprefix("+ ")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "sum": self.sum_text(),
            "weights": [{"term": item.term, "unit": item.unit, "weight": float(item.weight)} for item in self.weights],
            "low_tco2e": float(self.interval.low),
            "high_tco2e": float(self.interval.high),
            "given": [{"term": term, "choice": label} for term, label in self.given],
        }


@dataclass(frozen=True, slots=True)
class Indistinguishable:
    """Choices of one term that give the same amount.

    Parameters
    ----------
    term : str
        Which.
    tco2e : Decimal
        The amount, t CO2e.
    choices : tuple of (str, str)
        Label and treatment of each.
    """

    term: str
    tco2e: Decimal
    choices: tuple[tuple[str, str], ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, each with its treatment in square brackets."""
        return tuple(choice_text(*pair) for pair in self.choices)


def identified_by(terms: Sequence[TermChoices], chosen: Sequence[Choice], interval: Interval) -> list[IdentifiedSum]:
    """The weighted sums of factors that a printed interval identifies, under the treatments of one hit.

    Parameters
    ----------
    terms : sequence of TermChoices
        The space.
    chosen : sequence of Choice
        By term the choice of the hit, which says what is added, what is subtracted and what is not counted.
    interval : Interval
        Of the total, t CO2e.

    Returns
    -------
    list of IdentifiedSum
        The sum over all terms; then, if the factor of the largest term is taken as known, the sum over the others.
    """
    counted = [(term, choice) for term, choice in zip(terms, chosen, strict=True) if choice.rate]
    if not counted:
        return []
    weights = {
        term.term.name: Weighted(term.term.name, term.unit, -term.amount if choice.rate < 0 else term.amount)
        for term, choice in counted
    }
    whole = IdentifiedSum(tuple(weights.values()), interval)
    largest, known = max(counted, key=lambda pair: abs(pair[1].tco2e))
    rest = tuple(item for name, item in weights.items() if name != largest.term.name)
    if not rest:
        return [whole]
    left = Interval(interval.low - known.tco2e, interval.high - known.tco2e, interval.low_closed, interval.high_closed)
    return [whole, IdentifiedSum(rest, left, ((largest.term.name, known.label),))]


def indistinguishable_among(
    terms: Sequence[TermChoices], counts: Sequence[np.ndarray]
) -> tuple[Indistinguishable, ...]:
    """The choices among the hits that no total can tell apart.

    Parameters
    ----------
    terms : sequence of TermChoices
        The space.
    counts : sequence of array of int
        By term and choice the hits that have it.

    Returns
    -------
    tuple of Indistinguishable
    """
    found = []
    for term, hits in zip(terms, counts, strict=True):
        alike: dict[Decimal, list[tuple[str, str]]] = {}
        for choice, number in zip(term.choices, hits, strict=True):
            if number:
                alike.setdefault(choice.tco2e, []).extend((label, choice.treatment) for label in choice.labels)
        found += [
            Indistinguishable(term.term.name, value, tuple(pairs)) for value, pairs in alike.items() if len(pairs) > 1
        ]
    return tuple(found)


def choice_text(label: str, treatment: str) -> str:
    """The label of a choice with its treatment in square brackets; once if both are the same."""
    return label if label == treatment else f"{label} [{treatment}]"
