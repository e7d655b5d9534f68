"""The electricity of a site or company: purchases, own use, generation and export in MWh."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.activity_data.row_groups import codes_of, row_blocks
from carbonledger.audit.case import AuditCase, name_of
from carbonledger.core.units import conversion_factor

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

__all__ = ["SiteElectricity", "electricity_by"]


@dataclass(frozen=True)
class SiteElectricity:
    """The electricity of a site or company.

    Parameters
    ----------
    key : tuple
        The company, or company and site.
    mwh : mapping of str to float
        By activity, with purchases that no emission factor prices.
    rows : array of int
        Positions in the lines of the inventory.
    all_lines : pandas.DataFrame
        The lines of the inventory.
    """

    key: tuple[Any, ...]
    mwh: Mapping[str, float]
    rows: npt.NDArray[np.int64]
    all_lines: pd.DataFrame

    @property
    def name(self) -> str:
        """Company and site as people read them."""
        return name_of(self.key)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The lines of its electricity."""
        return self.all_lines.iloc[self.rows]

    def of(self, *activities: str) -> float:
        """The MWh of some activities."""
        return sum(self.mwh.get(activity, 0.0) for activity in activities)


def electricity_by(case: AuditCase, columns: list[str], without: Collection[int] = ()) -> tuple[SiteElectricity, ...]:
    """The electricity of each site, or of each company, without some lines."""
    name = f"electricity by {columns} without {sorted(without)}"
    return case.inventory.remembered(name, lambda: tuple(_grouped(case, columns, without)))


def _grouped(case: AuditCase, columns: list[str], without: Collection[int]) -> Iterator[SiteElectricity]:
    """The electricity of each group of lines."""
    lines = case.lines
    chosen = lines["activity"].str.startswith("electricity") & (lines["scope"] != 3) & ~lines.index.isin(list(without))
    positions = np.flatnonzero(chosen.to_numpy())
    electric = lines.iloc[positions]
    mwh = (electric["energy_gj"].fillna(0.0) * conversion_factor("GJ", "MWh")).to_numpy()
    activities = electric["activity"].to_list()
    codes = codes_of(electric, columns)
    first = electric.iloc[np.unique(codes, return_index=True)[1]]
    keys = list(zip(*(first[column] for column in columns), strict=True))
    beside = _without_factor(case, columns)
    for rows in row_blocks(codes, np.ones(len(electric), dtype=np.bool_)):
        sums = dict(beside.get(keys[codes[rows[0]]], {}))
        for row in map(int, rows):
            sums[activities[row]] = sums.get(activities[row], 0.0) + float(mwh[row])
        yield SiteElectricity(keys[codes[rows[0]]], sums, positions[rows], lines)


def _without_factor(case: AuditCase, columns: list[str]) -> dict[tuple[Any, ...], dict[str, float]]:
    """By group and activity, the MWh of electricity that no emission factor prices."""
    unpriced, found = case.inventory.unpriced, dict[tuple[Any, ...], dict[str, float]]()
    if unpriced is None:
        return found
    lines = unpriced.lines[unpriced.lines["activity"].str.startswith("electricity") & (unpriced.lines["scope"] != 3)]
    for (*key, activity), gj in lines.groupby([*columns, "activity"])["energy_gj"].sum().items():
        found.setdefault(tuple(key), {})[str(activity)] = float(gj) * conversion_factor("GJ", "MWh")
    return found
