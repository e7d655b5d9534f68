"""What a measure would change in a year, beside the inventory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang
from carbonledger.core.plain_data import plain_data
from carbonledger.core.units import conversion_factor
from carbonledger.scenarios.effect import Effect, Values
from carbonledger.scenarios.measures import Measure

__all__ = ["MeasureEffect"]

_LEFT_OVER = 1e-12


@dataclass(frozen=True)
class MeasureEffect:
    """What one measure, or several together, would change in a year: in no total.

    Parameters
    ----------
    measures : tuple of Measure
        One, or those that are taken together.
    effect : Effect or None
        The year without and with it, t CO2e and GJ; None where the book does not carry its baseline.
    missing : tuple of Finding
        What the book lacks.
    baseline : float or None
        How much of the reduced activity the book has, in `unit`; None of several measures.
    constructed : float
        How much of the baseline an override constructed, in `unit`.
    unit : str
        In which the measure is stated.
    priced : bool
        Whether there are factors for everything that it touches; if not, only its energy is known.
    """

    measures: tuple[Measure, ...]
    effect: Effect | None = None
    missing: tuple[Finding, ...] = ()
    baseline: float | None = None
    constructed: float = 0.0
    unit: str = ""
    priced: bool = True

    def __repr__(self) -> str:
        change = self.total("location_based")
        what = (
            "no effect that could be calculated"
            if change is None
            else f"{change:+,.4f} t CO2e location-based, not deducted"
        )
        return f"MeasureEffect({' + '.join(str(item.label) for item in self.measures)}: {what})"

    @cached_property
    def activities(self) -> tuple[str, ...]:
        """The activities of which there is less or more."""
        names = [name for item in self.measures for name in (item.reduced, *(more[0] for more in item.more()))]
        return tuple(dict.fromkeys(names))

    def total(self, method: str) -> float | None:
        """The change of the gross emissions by a method of scope 2, t CO2e; None if it could not be calculated, or nobody asked for it."""
        totals = self.effect.totals if self.effect and self.priced else {}
        return totals[method].difference if method in totals else None

    def scope(self, name: str) -> float | None:
        """The change of a scope, t CO2e; 0 if the year has nothing of it."""
        return (
            None
            if self.effect is None or not self.priced
            else self.effect.by_scope.get(name, Values(0.0, 0.0)).difference
        )

    @property
    def energy_by_activity_gj(self) -> dict[str, float | None]:
        """The change of the energy of each activity that it touches, GJ."""
        found = self.effect.energy_by_activity if self.effect else {}
        return {name: found[name].difference for name in self.activities if name in found}

    @property
    def energy_gj(self) -> float | None:
        """The change of the energy used, GJ; exports are no use."""
        parts = list(self.energy_by_activity_gj.values())
        return _sum(parts) if self.effect and parts else None

    @property
    def exported_mwh(self) -> float:
        """What it feeds into the grid, MWh: it reduces no scope."""
        return math.fsum(
            amount * conversion_factor(unit, "MWh") for amount, unit in (item.exported for item in self.measures)
        )

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            Changes in t CO2e and GJ, null where they could not be calculated; ``part_of_a_total`` is always false.
        """
        energy = self.energy_gj
        data = {
            "names": [item.label.text(lang) for item in self.measures],
            "kinds": [item.kind for item in self.measures],
            "stated": [_stated(item) for item in self.measures],
            "part_of_a_total": False,
            "baseline": self.baseline,
            "constructed_baseline": self.constructed,
            "unit": self.unit,
            "override": [item.override for item in self.measures if item.override and self.constructed],
            "change_energy_gj": energy,
            "change_energy_tce": None if energy is None else energy * conversion_factor("GJ", "tce"),
            "change_energy_by_activity_gj": self.energy_by_activity_gj,
            "change_scope_1_tco2e": self.scope("scope 1"),
            "change_scope_2_location_based_tco2e": self.scope("scope 2 (location-based)"),
            "change_scope_2_market_based_tco2e": self._market_based(),
            "change_scope_3_tco2e": self.scope("scope 3"),
            "change_location_based_tco2e": self.total("location_based"),
            "change_market_based_tco2e": self.total("market_based"),
            "exported_mwh": self.exported_mwh,
            "missing": [finding.to_dict(lang) for finding in self.missing],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain

    def _market_based(self) -> float | None:
        """The change of scope 2 market-based; None if the book forms one method only."""
        formed = self.effect is not None and self.effect.before.scope_2 is not None
        return self.scope("scope 2 (market-based)") if formed else None


def _stated(item: Measure) -> dict[str, Any]:
    """What a measure states."""
    names = ("activity", "saves", "generates", "self_use_share", "entity", "site", "source", "start_year")
    stated = {name: getattr(item, name) for name in names}
    added = [{"activity": more.activity, "amount": more.amount} for more in item.adds]
    return {**stated, "replaces": item.reduced if item.kind == "generation" else "", "adds": added}


def _sum(parts: Sequence[float | None]) -> float | None:
    """The sum of some changes, without what binary arithmetic leaves of it; None if one of them is missing."""
    known = [part for part in parts if part is not None]
    if len(known) != len(parts):
        return None
    found = math.fsum(known)
    return 0.0 if abs(found) <= _LEFT_OVER * max(map(abs, known)) else found
