"""What an assessment of uncertainty gives: estimates, contributions, and a change between two years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from carbonledger.core.language import Label, Lang
from carbonledger.uncertainty.parameters import Parameter

__all__ = ["Contribution", "Estimate", "SimulatedEstimate", "Trend"]


class SimulatedEstimate(NamedTuple):
    """A distribution in figures, t CO2e: those of the emissions that have limits.

    Parameters
    ----------
    mean, median : float
        Of the draws.
    lower, upper : float
        The 2.5 and the 97.5 percentile.
    """

    mean: float
    median: float
    lower: float
    upper: float

    @property
    def half_width(self) -> float:
        """Half of the 95 % interval, t CO2e."""
        return (self.upper - self.lower) / 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """Emissions with their uncertainty, t CO2e.

    Parameters
    ----------
    axis : {"total", "scope", "entity"}
        What they are a part of.
    value : int or str
        The scope or the company.
    emissions_tco2e : float
        All of them.
    covered_tco2e : float
        Those of which every figure has limits; the uncertainty is theirs.
    is_part : bool
        Whether some have a figure without limits, or entries are left out of the inventory.
    half_width_tco2e : float or None
        Half of the 95 % interval by Approach 1; None where nothing has limits, or Approach 1 was not asked for.
    simulated : SimulatedEstimate or None
        By Approach 2.
    """

    axis: str
    value: Any
    emissions_tco2e: float
    covered_tco2e: float
    is_part: bool
    half_width_tco2e: float | None = None
    simulated: SimulatedEstimate | None = None

    @property
    def covered_share(self) -> float | None:
        """The share of the emissions that has limits; None without emissions."""
        return self.covered_tco2e / self.emissions_tco2e if self.emissions_tco2e else None

    def percent(self, tonnes: float | None) -> float | None:
        """Some tonnes in per cent of what they are the uncertainty of."""
        return None if tonnes is None or not self.covered_tco2e else tonnes / self.covered_tco2e * 100

    @property
    def covered_percent(self) -> float | None:
        """The uncertainty of what has limits in per cent of it, by Approach 1."""
        return self.percent(self.half_width_tco2e)

    def to_dict(self) -> dict[str, Any]:
        """Plain data; per cents of the whole are null where only a part has limits."""
        drawn = self.simulated
        own = self.covered_percent
        simulated = None
        if drawn is not None:
            limits = {
                f"{name}_percent": self.percent(value - self.covered_tco2e)
                for name, value in (("lower", drawn.lower), ("upper", drawn.upper))
            }
            simulated = {
                **{f"{name}_tco2e": value for name, value in drawn._asdict().items()},
                "half_width_tco2e": drawn.half_width,
                "half_width_percent": self.percent(drawn.half_width),
                **limits,
            }
        return {
            "axis": self.axis,
            "value": self.value,
            "emissions_tco2e": self.emissions_tco2e,
            "covered_tco2e": self.covered_tco2e,
            "covered_share_percent": None if self.covered_share is None else self.covered_share * 100,
            "is_part": self.is_part,
            "half_width_tco2e": self.half_width_tco2e,
            "uncertainty_percent": None if self.is_part else own,
            "uncertainty_of_covered_percent": own,
            "monte_carlo": simulated,
        }


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one figure adds to the variance of the total.

    Parameters
    ----------
    parameter : Parameter
        The figure.
    share : float
        Of the variance by Approach 1, a fraction; all shares sum to 1.
    simulated_share : float or None
        The same by Approach 2.
    """

    parameter: Parameter
    share: float
    simulated_share: float | None = None

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """Plain data."""
        limits = self.parameter.limits
        return {
            "key": self.parameter.key,
            "kind": self.parameter.kind,
            "label": self.parameter.label.text(lang),
            "lower_percent": limits.lower * 100 if limits else None,
            "upper_percent": limits.upper * 100 if limits else None,
            "distribution": limits.shape if limits else None,
            "origin": self.parameter.origin.text(lang),
            "share_percent": self.share * 100,
            "simulated_share_percent": None if self.simulated_share is None else self.simulated_share * 100,
        }


@dataclass(frozen=True, slots=True)
class Trend:
    """The change of emissions between two years, with its uncertainty.

    Parameters
    ----------
    before_tco2e, after_tco2e : float
        Of both years.
    half_width_tco2e : float or None
        Half of the 95 % interval of the change; of what has limits in both years.
    half_width_points : float or None
        The same of the change in per cent, percentage points.
    is_part : bool
        Whether some emissions of a year have a figure without limits, or entries are left out, so that nothing is said of significance.
    shared : tuple of Label
        The figures that both years were calculated with, which nearly cancel.
    simulated : SimulatedEstimate or None
        Of the change of what has limits, by Approach 2.
    """

    before_tco2e: float
    after_tco2e: float
    half_width_tco2e: float | None
    half_width_points: float | None
    is_part: bool
    shared: tuple[Label, ...] = ()
    simulated: SimulatedEstimate | None = None

    @property
    def change_tco2e(self) -> float:
        """The later year less the earlier one."""
        return self.after_tco2e - self.before_tco2e

    @property
    def change_percent(self) -> float | None:
        """The change in per cent of the earlier year; None without emissions then."""
        return self.change_tco2e / self.before_tco2e * 100 if self.before_tco2e else None

    @property
    def is_significant(self) -> bool | None:
        """Whether the change is larger than its uncertainty, at 95 %; None where only a part has limits."""
        if self.is_part or self.half_width_tco2e is None:
            return None
        return abs(self.change_tco2e) > self.half_width_tco2e

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """Plain data."""
        drawn = self.simulated
        return {
            "before_tco2e": self.before_tco2e,
            "after_tco2e": self.after_tco2e,
            "change_tco2e": self.change_tco2e,
            "change_percent": self.change_percent,
            "half_width_tco2e": self.half_width_tco2e,
            "half_width_percentage_points": self.half_width_points,
            "is_part": self.is_part,
            "is_significant": self.is_significant,
            "shared": [label.text(lang) for label in self.shared],
            "monte_carlo": None
            if drawn is None
            else {f"{name}_tco2e": value for name, value in drawn._asdict().items()},
        }
