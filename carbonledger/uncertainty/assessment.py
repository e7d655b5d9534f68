"""The uncertainty of an inventory by both approaches: total, scopes and companies, and what contributes to it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.inventory.inventory import Inventory
from carbonledger.uncertainty.approach_1 import Propagated, half_width_of_variance, propagated
from carbonledger.uncertainty.arrays import Arrays, arrays_of
from carbonledger.uncertainty.gaps import gap_findings
from carbonledger.uncertainty.model import Model, model_of
from carbonledger.uncertainty.monte_carlo import Simulated, simulated
from carbonledger.uncertainty.results import Contribution, Estimate, SimulatedEstimate, Trend
from carbonledger.uncertainty.stated import UncertaintySettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Approach", "UncertaintyAssessment", "assess", "assess_change"]

Approach = Literal["1", "2", "both"]

# How much the half-width of both halves of a simulation may differ, as a fraction.
CONVERGED = 0.01
_AXES = ("scope", "entity")
_TAIL = 2.5


@dataclass(frozen=True, eq=False, repr=False)
class UncertaintyAssessment:
    """The uncertainty of an inventory, location-based, t CO2e.

    Parameters
    ----------
    inventory : Inventory
        What is assessed.
    settings : UncertaintySettings
        What was stated.
    approach : {"1", "2", "both"}
        Error propagation, Monte Carlo simulation, or both.
    model : Model
        The errors and what depends on them.
    """

    inventory: Inventory[Any]
    settings: UncertaintySettings
    approach: Approach
    model: Model = field(repr=False)

    def __repr__(self) -> str:
        total = self.total
        percent = total.covered_percent
        what = "no limits" if percent is None else f"± {percent:.2f} %"
        part = f" of {(total.covered_share or 0) * 100:.1f} % of the emissions" if total.is_part else ""
        return f"UncertaintyAssessment({total.emissions_tco2e:.2f} t CO2e, {what}{part})"

    @cached_property
    def _arrays(self) -> Arrays:
        """What both approaches calculate with."""
        return arrays_of({1.0: self.model})

    @cached_property
    def _propagated(self) -> Propagated:
        """Approach 1 of the total."""
        return propagated(self._arrays)

    @cached_property
    def _simulated(self) -> Simulated | None:
        """Approach 2; None if it is not asked for, or nothing has limits."""
        if self.approach == "1" or not len(self._arrays.cells):
            return None
        return simulated(self._arrays, self.settings.draws, self.settings.seed)

    @cached_property
    def total(self) -> Estimate:
        """The uncertainty of the sum of all scopes."""
        width = half_width_of_variance(self._propagated.variance) if self._has_limits else None
        drawn = self._simulated.draws.sum(1) if self._simulated else None
        return Estimate(
            "total", "total", self.model.total_tco2e, self.model.covered_tco2e, self.is_part, width, _summary(drawn)
        )

    @property
    def _has_limits(self) -> bool:
        """Whether anything has limits."""
        return len(self._arrays.cells) > 0

    @property
    def is_part(self) -> bool:
        """Whether the uncertainty is that of a part: a figure has no limits, or entries are left out of the inventory."""
        return self.model.is_part or self.inventory.completeness.is_part

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        """The total, then each scope, then each company if there are several."""
        found = [self.total]
        for axis in _AXES:
            parts = list(self.along(axis))
            found += parts if axis == "scope" or len(parts) > 1 else []
        return tuple(found)

    def along(self, axis: str) -> Iterator[Estimate]:
        """The estimates of one axis: ``scope``, ``entity`` or ``category`` (of ISO 14064-1), the last by Approach 1 only."""
        cells = self.model.cells
        sums = cells.groupby(axis, sort=True)[["all_emissions", "emissions"]].sum()
        for value, whole, covered in zip(sums.index, sums["all_emissions"], sums["emissions"], strict=True):
            if not whole:
                continue
            variance = self._variance_of(axis, value) if covered else None
            width = None if variance is None else half_width_of_variance(variance)
            is_part = self.inventory.completeness.is_part or not math.isclose(whole, covered, rel_tol=1e-12)
            yield Estimate(
                axis, value, float(whole), float(covered), is_part, width, _summary(self._drawn(axis, value))
            )

    def _variance_of(self, axis: str, value: Any) -> float:
        """The variance of one value of an axis; that of the total if there is no other."""
        if (self._arrays.cells[axis] == value).all():
            return self._propagated.variance
        return propagated(self._arrays.only(axis, value)).variance

    def _drawn(self, axis: str, value: Any) -> NDArray[np.float64] | None:
        """The draws of one value of an axis."""
        if self._simulated is None or axis not in _AXES:
            return None
        at = _AXES.index(axis)
        columns = [number for number, group in enumerate(self._simulated.groups) if group[at] == value]
        return self._simulated.draws[:, columns].sum(1) if columns else None

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """What each figure adds to the variance of the total, the largest first; they sum to 100 %."""
        variance = self._propagated.variance
        if variance <= 0:
            return ()
        drawn = self._simulated
        rows = [
            Contribution(
                item,
                float(self._propagated.of_parameters[at]) / variance,
                None if drawn is None else float(drawn.of_parameters[at]),
            )
            for at, item in enumerate(self._arrays.parameters)
            if self._propagated.of_parameters[at] or (drawn is not None and drawn.of_parameters[at])
        ]
        rows += self._own_contributions(variance)
        return tuple(sorted(rows, key=lambda item: (-item.share, item.parameter.key)))

    def _own_contributions(self, variance: float) -> Iterator[Contribution]:
        """Those of activity data, each source once."""
        cells = self._arrays.cells.assign(share=self._propagated.of_cells / variance)
        cells["drawn"] = 0.0 if self._simulated is None else self._simulated.of_cells
        sums = cells.groupby("error", sort=True)[["share", "drawn"]].sum()
        firsts = cells.loc[~cells["error"].duplicated()].set_index("error").to_dict("index")
        for error, share, drawn in zip(sums.index, sums["share"], sums["drawn"], strict=True):
            if share > 0:
                parameter = self.model.error_parameter(firsts[error])
                yield Contribution(parameter, float(share), None if self._simulated is None else float(drawn))

    @cached_property
    def halves_differ_by(self) -> float | None:
        """By how much the half-width of the total differs between both halves of the draws, as a fraction; None without draws."""
        if self._simulated is None:
            return None
        drawn = self._simulated.draws.sum(1)
        first, second = (_summary(half) for half in (drawn[: len(drawn) // 2], drawn[len(drawn) // 2 :]))
        whole = _summary(drawn)
        if first is None or second is None or whole is None or not whole.half_width:
            return 0.0
        return abs(first.half_width - second.half_width) / whole.half_width

    @property
    def is_converged(self) -> bool | None:
        """Whether both halves of the draws agree within 1 %; None without draws."""
        return None if self.halves_differ_by is None else self.halves_differ_by < CONVERGED

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What has no limits and how much hangs on it, what could not be read, and what fits nothing."""
        return tuple(gap_findings(self.inventory, self.settings, self.model))

    def to_dict(self, lang: Lang = "en", trend: Trend | None = None) -> dict[str, Any]:
        """The assessment as plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of labels and findings.
        trend : Trend, optional
            The change since the year before.

        Returns
        -------
        dict
            Unrounded numbers, units in the names; what is missing is null.
        """
        has_draws = self.approach != "1"
        data = {
            "scope_2_method": "location-based",
            "approach": self.approach,
            "draws": self.settings.draws if has_draws else None,
            "seed": self.settings.seed if has_draws else None,
            "halves_differ_by_percent": None if self.halves_differ_by is None else self.halves_differ_by * 100,
            "is_converged": self.is_converged,
            "is_part": self.is_part,
            "total": self.total.to_dict(),
            "estimates": [item.to_dict() for item in self.estimates],
            "contributions": [item.to_dict(lang) for item in self.contributions],
            "advice": list(self.advice(lang)),
            "trend": trend.to_dict(lang) if trend else None,
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain

    def advice(self, lang: Lang) -> Iterator[str]:
        """In words, what contributes most, and which of the reporter's own activity data to improve first."""
        if not self.contributions:
            return
        first = self.contributions[0]
        label = first.parameter.label.text(lang)
        yield word("uncertainty_largest", lang, label=label, share=f"{first.share * 100:.1f}")
        own = next((item for item in self.contributions if item.parameter.kind == "activity"), None)
        now = self.total.covered_percent
        if own is None or now is None:
            return
        # Half its uncertainty takes three quarters of its part from the variance.
        after = now * math.sqrt(max(1 - 0.75 * own.share, 0.0))
        values = {"now": f"{now:.2f}", "after": f"{after:.2f}", "share": f"{own.share * 100:.1f}"}
        yield word("uncertainty_improve", lang, label=own.parameter.label.text(lang), **values)


def _summary(drawn: NDArray[np.float64] | None) -> SimulatedEstimate | None:
    """Mean, median and percentiles of some draws."""
    import numpy as np

    if drawn is None or not len(drawn):
        return None
    lower, median, upper = np.percentile(drawn, [_TAIL, 50, 100 - _TAIL])
    return SimulatedEstimate(float(drawn.mean()), float(median), float(lower), float(upper))


def assess(
    inventory: Inventory[Any],
    settings: UncertaintySettings | None = None,
    approach: Approach = "both",
    names: Mapping[str, Label] | None = None,
) -> UncertaintyAssessment:
    """The uncertainty of an inventory.

    Parameters
    ----------
    inventory : Inventory
        Of one year; its entries may have a column ``uncertainty`` such as ``5 %``, 95 % limits, relative.
    settings : UncertaintySettings, optional
        What is stated of activity data and factors; the limits that editions publish count without being stated.
    approach : {"1", "2", "both"}
        Error propagation, Monte Carlo simulation, or both.
    names : mapping of str to Label, optional
        What companies are called, by their ids.

    Returns
    -------
    UncertaintyAssessment
        Of the location-based total. What has no limits is in no uncertainty, and in a finding.

    References
    ----------
    IPCC 2006 Guidelines, volume 1, chapter 3, with the 2019 Refinement. GHG Protocol, Quantitative Inventory Uncertainty (2011).

    Examples
    --------
    >>> import carbonledger as cl
    >>> rows = [{"activity": "electricity.grid", "amount": 1000, "unit": "MWh", "year": 2022, "region": "CN"}]
    >>> inventory = cl.calculate(cl.read_entries(rows), cl.load_factors("cn-mee-grid-enterprise@2022"), gwp="ipcc-ar5@2013")
    >>> stated = cl.uncertainty.UncertaintySettings(
    ...     activity=[{"activity": "electricity.grid", "percent": 2.0, "reason": "class 1 meter"}],
    ...     factor=[{"activity": "electricity.grid", "percent": 8.0, "reason": "expert judgement"}],
    ... )
    >>> cl.uncertainty.assess(inventory, stated, approach="1")
    UncertaintyAssessment(570.30 t CO2e, ± 8.25 %)
    """
    chosen = settings or UncertaintySettings()
    return UncertaintyAssessment(inventory, chosen, approach, model_of(inventory, chosen, names))


def assess_change(before: UncertaintyAssessment, after: UncertaintyAssessment) -> Trend:
    """The change of emissions between two years, with its uncertainty.

    Parameters
    ----------
    before, after : UncertaintyAssessment
        Of the earlier and of the later year. A factor of one edition and id is one figure in both, so that its error nearly cancels;
        figures of two editions, and activity data of two years, are independent.

    Returns
    -------
    Trend

    References
    ----------
    IPCC 2006 Guidelines, volume 1, 3.2.2.4 and 3.7.1: correlation between years. JCGM 100:2008 (GUM), equation 13.
    """
    first, second = before.total, after.total
    keys = {item.key for item in before.model.coefficients.parameters if item.limits and item.limits.half_width}
    shared = tuple(item.label for item in after.model.coefficients.parameters if item.key in keys)
    is_part = before.is_part or after.is_part
    width = points = drawn = None
    if first.half_width_tco2e is not None and second.half_width_tco2e is not None:
        arrays = arrays_of({1.0: after.model, -1.0: before.model})
        width = half_width_of_variance(propagated(arrays).variance)
        ratio = second.covered_tco2e / first.covered_tco2e
        relative = arrays_of({1.0: after.model, -ratio: before.model})
        points = half_width_of_variance(propagated(relative).variance) / first.covered_tco2e * 100
        if "1" not in {before.approach, after.approach}:
            drawn = _summary(simulated(arrays, after.settings.draws, after.settings.seed).draws.sum(1))
    return Trend(first.emissions_tco2e, second.emissions_tco2e, width, points, is_part, shared, drawn)
