"""The electricity of a site or company: purchases, own use, generation and export in MWh."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonledger.audit.case import AuditCase, name_of
from carbonledger.core.units import conversion_factor

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SiteElectricity", "electricity_by"]


@dataclass(frozen=True)
class SiteElectricity:
    """The electricity lines of a site or company, and the MWh by activity."""

    name: str
    lines: pd.DataFrame
    mwh: pd.Series

    def of(self, *activities: str) -> float:
        """The MWh of some activities."""
        return float(self.mwh.reindex(list(activities)).fillna(0.0).sum())


def electricity_by(case: AuditCase, columns: list[str], without: Sequence[int] = ()) -> tuple[SiteElectricity, ...]:
    """The electricity of each site, or of each company, without some lines."""
    name = f"electricity by {columns} without {sorted(without)}"
    return case.inventory.remembered(name, lambda: tuple(_grouped(case, columns, without)))


def _grouped(case: AuditCase, columns: list[str], without: Sequence[int]) -> Iterator[SiteElectricity]:
    """The electricity of each group of lines."""
    lines = case.lines.drop(index=list(without))
    lines = lines[lines["activity"].str.startswith("electricity") & (lines["scope"] != 3)]
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")
    for key, group in lines.groupby(columns, sort=False):
        yield SiteElectricity(name_of(key), group, mwh.loc[group.index].groupby(group["activity"]).sum())
