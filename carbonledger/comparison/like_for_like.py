"""Two years like for like: as reported, at the factors of the earlier year, and at those of the later one.

Each year is priced by its own factors as reported. Pricing both by one year's factors takes out what publishers changed, and what is
left is the change of what was used: a Laspeyres index of quantities at the earlier factors, a Paasche index at the later ones.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5 (a change over time is told apart from a change of method and of structure); the two
indices are those of price statistics: ILO, IMF, OECD, Eurostat, UN, World Bank, Consumer Price Index Manual (2004), chapter 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.comparison.axis_values import keys_of, values_along
from carbonledger.comparison.basis import Basis
from carbonledger.comparison.repricing import Repriced
from carbonledger.core.findings import Finding
from carbonledger.core.relative_change import RelativeChange, relative_change
from carbonledger.inventory.frame_kinds import in_kind_of
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LikeForLike", "ThreeNumbers", "three_numbers"]

_EMISSIONS = "emissions_tco2e"
# What sums in another order may leave of a difference, as a fraction of what was summed.
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class ThreeNumbers:
    """The change of emissions between two years, three times.

    Parameters
    ----------
    previous, current : float
        Each year at its own factors, t CO2e.
    current_at_previous : float
        The later year at the factors of the earlier one, t CO2e.
    previous_at_current : float
        The earlier year at the factors of the later one, t CO2e.
    as_reported, previous_factors, current_factors : RelativeChange
        From `previous` to `current`; from `previous` to `current_at_previous`; from `previous_at_current` to `current`.
    """

    previous: float
    current: float
    current_at_previous: float
    previous_at_current: float
    as_reported: RelativeChange
    previous_factors: RelativeChange
    current_factors: RelativeChange

    @property
    def laspeyres_factor_effect(self) -> float:
        """What the factors changed, on the quantities of the earlier year, t CO2e."""
        return _difference(self.previous_at_current, self.previous)

    @property
    def paasche_factor_effect(self) -> float:
        """What the factors changed, on the quantities of the later year, t CO2e."""
        return _difference(self.current, self.current_at_previous)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, units in the names."""
        data: dict[str, Any] = {
            f"{_EMISSIONS}_previous": self.previous,
            f"{_EMISSIONS}_current": self.current,
            f"{_EMISSIONS}_current_at_previous_factors": self.current_at_previous,
            f"{_EMISSIONS}_previous_at_current_factors": self.previous_at_current,
        }
        for name in ("as_reported", "previous_factors", "current_factors"):
            change: RelativeChange = getattr(self, name)
            data |= {
                f"{name}_change_tco2e": change.change,
                f"{name}_change_percent": change.percent,
                f"{name}_convention": change.convention,
            }
        return {
            **data,
            "laspeyres_factor_effect_tco2e": self.laspeyres_factor_effect,
            "paasche_factor_effect_tco2e": self.paasche_factor_effect,
        }


def three_numbers(
    previous: float,
    current: float,
    current_at_previous: float,
    previous_at_current: float,
    *,
    basis: Basis | None = None,
) -> ThreeNumbers:
    """The three changes of four values.

    Parameters
    ----------
    previous, current, current_at_previous, previous_at_current : float
        See `ThreeNumbers`, t CO2e.
    basis : Basis, optional
        Whether a percentage between the two years is right.

    Returns
    -------
    ThreeNumbers

    Examples
    --------
    >>> found = three_numbers(648.80, 600.96, 606.36, 642.80)
    >>> [round(item.percent, 2) for item in (found.as_reported, found.previous_factors, found.current_factors)]
    [-7.37, -6.54, -6.51]
    >>> round(found.laspeyres_factor_effect, 2), round(found.paasche_factor_effect, 2)
    (-6.0, -5.4)
    """
    pairs = (previous, current), (previous, current_at_previous), (previous_at_current, current)
    changes = [relative_change(*pair) for pair in pairs]
    if basis is not None and basis.withheld:
        changes = [item.withheld(basis.withheld) for item in changes]
    return ThreeNumbers(previous, current, current_at_previous, previous_at_current, *changes)


@dataclass(frozen=True)
class LikeForLike:
    """Two years as reported and like for like, scope 2 location-based.

    Parameters
    ----------
    previous, current : Inventory
        The two years, each at its own factors.
    current_at_previous, previous_at_current : Repriced
        The later year at the factors, GWP set and vintages of the earlier one, and the other way round.
    basis : Basis
        Whether percentages between the two are right.
    """

    previous: Inventory[Any]
    current: Inventory[Any]
    current_at_previous: Repriced
    previous_at_current: Repriced
    basis: Basis

    @property
    def _four(self) -> tuple[Inventory[Any], ...]:
        """The four inventories, in the order of `three_numbers`."""
        return self.previous, self.current, self.current_at_previous.inventory, self.previous_at_current.inventory

    @cached_property
    def total(self) -> ThreeNumbers:
        """The three changes of the total; not numbers where one of the years leaves entries out."""
        values = values_along(self._four, "scope", (_EMISSIONS,))[_EMISSIONS]
        return three_numbers(*values.totals, basis=self.basis)

    def by(self, axis: str) -> Any:
        """The three changes along an axis.

        Parameters
        ----------
        axis : str
            As for `carbonledger.compare`.

        Returns
        -------
        frame of the kind of the current inventory's views
            ``axis`` (for ``line`` its four columns), ``status`` and the values of `ThreeNumbers.to_dict`; last row the total. Changes and
            factor effects sum to those of the total.

        Raises
        ------
        UnknownAxisError
            If the lines have no such axis.
        """
        table = self._table(axis)
        return in_kind_of(table if self.current.has_pandas_views else self.current.lines, table)

    def _table(self, axis: str) -> pd.DataFrame:
        """The three changes along an axis, in pandas."""
        import pandas as pd

        values, keys = values_along(self._four, axis, (_EMISSIONS,))[_EMISSIONS], keys_of(axis)
        rows = [
            {
                **dict(zip(keys, key, strict=True)),
                "status": values.status(key),
                **three_numbers(*values.rows[key], basis=self.basis).to_dict(),
            }
            for key in values.keys
        ]
        rows.append({**dict.fromkeys(keys, ""), keys[0]: "total", "status": "continuing", **self.total.to_dict()})
        table = pd.DataFrame(rows)
        table.attrs["completeness"] = self.current.completeness.to_dict()
        table.attrs["completeness_previous"] = self.previous.completeness.to_dict()
        return table

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Which lines are left at their own factor, and why; nothing of them is dropped."""
        return (*self.current_at_previous.findings, *self.previous_at_current.findings)

    @property
    def kept_tco2e(self) -> tuple[float, float]:
        """The emissions left at their own factor, of the later year and of the earlier one, t CO2e."""
        return self.current_at_previous.kept_tco2e, self.previous_at_current.kept_tco2e

    def within(self, companies: Sequence[str]) -> LikeForLike:
        """The same comparison of some companies alone: the perimeter that both years have."""
        shared = replace(self.basis, perimeter_moved=False)
        return LikeForLike(
            _of_companies(self.previous, companies),
            _of_companies(self.current, companies),
            self.current_at_previous.of(_of_companies(self.current_at_previous.inventory, companies)),
            self.previous_at_current.of(_of_companies(self.previous_at_current.inventory, companies)),
            shared,
        )


def _of_companies(inventory: Inventory[Any], companies: Sequence[str]) -> Inventory[Any]:
    """The lines of some companies."""
    import narwhals as nw

    def chosen(lines: Any) -> Any:
        return nw.from_native(lines).filter(nw.col("entity").fill_null("").is_in(list(companies))).to_native()

    unpriced = inventory.unpriced
    kept = replace(unpriced, lines=chosen(unpriced.lines)) if unpriced is not None else None
    return replace(inventory, lines=chosen(inventory.lines), unpriced=kept)


def _difference(one: float, other: float) -> float:
    """One value less another; 0 where they differ only by the order of their sums."""
    found = one - other
    return 0.0 if abs(found) <= _SAME * max(abs(one), abs(other)) else found
