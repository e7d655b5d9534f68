"""What assumed factors and editions would change in a year: the assumption, the difference, and what is to be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang
from carbonledger.core.plain_data import plain_data
from carbonledger.inventory.completeness import CompletenessStatement
from carbonledger.scenarios.assumed_factors import AssumedFactor
from carbonledger.scenarios.assumed_pins import AssumedEdition
from carbonledger.scenarios.effect import Effect

__all__ = ["WhatIf"]


@dataclass(frozen=True)
class WhatIf:
    """A year as it is beside the same year with assumed factors; nothing of the book is changed.

    Parameters
    ----------
    assumed : tuple of AssumedFactor
        The factors that were assumed, with their units.
    editions : tuple of AssumedEdition
        The editions that were assumed.
    effect : Effect
        t CO2e and GJ before and after, by scope, activity, line and total.
    completeness : CompletenessStatement
        Of the year as it is.
    findings : tuple of Finding
        Doubts about the assumptions, and what they leave without a figure.

    Examples
    --------
    >>> import carbonledger as cl
    >>> result = cl.report("seeds/techen-2024").what_if(set={"electricity.grid": "0.6 t CO2/MWh"})
    >>> round(result.effect.totals["location_based"].difference, 4), len(result.effect.lines)
    (129.3648, 2)
    """

    assumed: tuple[AssumedFactor, ...]
    editions: tuple[AssumedEdition, ...]
    effect: Effect
    completeness: CompletenessStatement
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        what = ", ".join([item.text for item in self.assumed] + [item.edition for item in self.editions])
        change = self.effect.totals["location_based"].difference
        moved = "a difference that cannot be stated" if change is None else f"{change:+,.4f} t CO2e location-based"
        return f"WhatIf({what}: {moved}, {len(self.effect.lines)} of {self.lines_in_all} lines)"

    @property
    def lines_in_all(self) -> int:
        """How many lines and entries without emissions the year has."""
        return sum(len(part.lines) for part in self.effect.before.inventory.energy_parts)

    @property
    def exit_code(self) -> int:
        """How a command ends that shows it: 1 if the year, or what it would be, is incomplete or in doubt by an error, else 0."""
        return 1 if self.completeness.exit_code or any(item.severity == "error" for item in self.findings) else 0

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data for JSON.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            Unrounded numbers, units in the names; null where a figure is missing. The statement of completeness is that of the year as it
            is; ``book_changed`` is always false.
        """
        found = self.effect.to_dict()
        for row in found["by_activity"]:
            row["label"] = taxonomy()[row["activity"]].label(lang)
        data = {
            **self.completeness.to_dict(lang),
            "exit_code": self.exit_code,
            "book_changed": False,
            "assumed": [
                {
                    "activity": item.activity,
                    "region": item.region,
                    "value": item.value,
                    "unit": item.unit,
                    "text": item.text,
                }
                for item in self.assumed
            ],
            "editions": [
                {"edition": item.edition, "replaces": list(item.replaces), "roles": list(item.roles)}
                for item in self.editions
            ],
            "difference": found,
            "lines_in_all": self.lines_in_all,
            "lines": [item.to_dict() for item in self.effect.lines],
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain
