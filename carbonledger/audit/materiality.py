"""Attaches the affected lines and their t CO2e to findings raised before the calculation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.audit.case import SOURCE, AuditCase
from carbonledger.core.activities import GRID_ELECTRICITY, GRID_LOSSES, activities_where, carrier_of
from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor
from carbonledger.scope2.instruments import Instrument

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

__all__ = ["HALF_A_CERTIFICATE_MWH", "purchases_for", "with_materiality"]

# Findings about a whole source, placed at its first entry.
_OF_SOURCE = frozenset({"MISSING_MONTHS", "OVERLAPPING_PERIODS"})
# A slip is about its bill's distance from what the source usually emits.
_SLIP = "UNIT_10K"
# Certificates are whole MWh: less than half of one is rounding.
HALF_A_CERTIFICATE_MWH = 0.5
_RESIDUAL, _AVERAGE = 4, 5


def with_materiality(findings: Sequence[Finding], case: AuditCase) -> list[Finding]:
    """Findings with the lines they are about and what those emit.

    Parameters
    ----------
    findings : sequence of Finding
        Of reading, of calculating and of the instruments.
    case : AuditCase
        The inventory they belong to.

    Returns
    -------
    list of Finding
        In the same order. Findings of entries that were excluded are returned unchanged.
    """
    lines = case.lines.reset_index(drop=True)
    by_place = _rows_by_place(findings, lines)
    by_record = {(item.file, item.row): item for item in (*case.instruments, *case.instrument_settings.unlisted)}
    emitted = np.asarray(lines["emissions_tco2e"].to_numpy(), dtype=np.float64)
    placed = []
    for finding in findings:
        record = by_record.get((finding.file, finding.row or 0))
        if finding.lines or finding.tonnes_at_stake is not None:
            placed.append(finding)
        elif finding.rule == "CLAIM_ABOVE_LOAD":
            placed.append(_beyond(finding, case, lines))
        elif record:
            placed.append(_of_instrument(finding, case, lines, record))
        else:
            rows = by_place.get((finding.file, finding.sheet, finding.row or 0), [])
            placed.append(_of_rows(finding, case, rows, emitted) if rows else finding)
    return placed


def _rows_by_place(findings: Sequence[Finding], lines: pd.DataFrame) -> dict[tuple[str, str, int], list[int]]:
    """The positions of the lines at each place that a finding may mean."""
    if not findings or not {"file", "sheet", "row"} <= set(lines.columns):
        return {}
    numbers = {finding.row for finding in findings if finding.row is not None}
    chosen = np.flatnonzero(lines["row"].isin(list(numbers)).to_numpy())
    by_place: dict[tuple[str, str, int], list[int]] = {}
    places = lines.iloc[chosen]
    for at, file, sheet, row in zip(chosen, places["file"], places["sheet"], places["row"], strict=True):
        by_place.setdefault((str(file), str(sheet), int(row)), []).append(int(at))
    return by_place


def _of_rows(finding: Finding, case: AuditCase, rows: list[int], emitted: npt.NDArray[np.float64]) -> Finding:
    """A finding about the lines of a row of the entries, or about their whole source."""
    if finding.rule not in _OF_SOURCE | {_SLIP}:
        return _at_rows(finding, rows, float(np.nansum(emitted[rows])))
    whole = case.bills.rows_of(tuple(SOURCE), case.bills.keys[case.bills.source[rows[0]]])
    if finding.rule == _SLIP:
        return _at_rows(finding, rows, abs(float(np.nansum(emitted[rows]) - np.nanmedian(emitted[whole]))))
    return _at_rows(finding, whole, float(np.nansum(emitted[whole])))


def _at_rows(finding: Finding, rows: Iterable[int], tonnes: float) -> Finding:
    """A finding about lines by their positions."""
    return finding.about([int(at) + 1 for at in rows], tonnes)


def _with(finding: Finding, lines: pd.DataFrame, tonnes: float) -> Finding:
    """A finding about some lines."""
    return replace(finding, lines=tuple(int(at) + 1 for at in lines.index), tonnes_at_stake=tonnes)


def _beyond(finding: Finding, case: AuditCase, lines: pd.DataFrame) -> Finding:
    """Claims beyond the load, at what the surplus would take off."""
    bought = lines[lines["activity"] == GRID_ELECTRICITY]
    surplus = case.scope_2.surplus_mwh if case.scope_2 else 0.0
    market = dict(finding.says.values)["market"]
    return _with(finding, bought, surplus * uncovered_rate(case, market))


def _of_instrument(finding: Finding, case: AuditCase, lines: pd.DataFrame, item: Instrument) -> Finding:
    """An instrument, at what it would take off the market-based total."""
    here = (lines["activity"] == GRID_ELECTRICITY) & (lines["region"].str.split("-").str[0] == item.market)
    rate = uncovered_rate(case, item.market) if item.carrier == "electricity" else 0.0
    return _with(finding, lines[here], item.mwh * max(rate - item.t_per_mwh, 0.0))


def uncovered_rate(case: AuditCase, market: str) -> float:
    """What a MWh of a market emits that no instrument covers: the residual mix, else the average of what is bought, t/MWh."""
    levels = case.scope_2.levels if case.scope_2 else ()
    rest = [item.t_per_mwh for item in levels if item.market == market and item.level in {_RESIDUAL, _AVERAGE}]
    if rest:
        return rest[0]
    lines = case.lines
    bought = lines[(lines["activity"] == GRID_ELECTRICITY) & (lines["region"].str.split("-").str[0] == market)]
    mwh = float(bought["energy_gj"].sum()) * conversion_factor("GJ", "MWh")
    return float(bought["emissions_tco2e"].sum()) / mwh if mwh else 0.0


def purchases_for(lines: pd.DataFrame, item: Instrument) -> pd.DataFrame:
    """Of some lines, the purchases that an instrument may be claimed for."""
    electric = item.carrier == carrier_of(GRID_ELECTRICITY)
    activities = (GRID_ELECTRICITY, GRID_LOSSES) if electric else activities_where(carrier=item.carrier)
    here = lines["region"].str.split("-").str[0] == item.market
    return lines[here & lines["activity"].isin(activities)]
