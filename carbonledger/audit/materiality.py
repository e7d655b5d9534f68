"""Attaches the affected lines and their t CO2e to findings raised before the calculation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.audit.case import SOURCE, AuditCase
from carbonledger.core.activities import GRID_ELECTRICITY, GRID_LOSSES, activities_where, carrier_of
from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor
from carbonledger.scope2.instruments import Instrument

if TYPE_CHECKING:
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
    known = {"file", "sheet", "row"} <= set(lines.columns)
    by_place: dict[tuple[str, int], list[int]] = {}
    if known and findings:
        numbers = {finding.row for finding in findings}
        chosen = np.flatnonzero(lines["row"].isin([number for number in numbers if number is not None]).to_numpy())
        for at, file, row in zip(chosen, lines["file"].iloc[chosen], lines["row"].iloc[chosen], strict=True):
            by_place.setdefault((str(file), int(row)), []).append(int(at))
    by_record = {(item.file, item.row): item for item in (*case.instruments, *case.instrument_settings.unlisted)}
    return [_placed(finding, case, lines, by_place, by_record) for finding in findings]


def _placed(
    finding: Finding,
    case: AuditCase,
    lines: pd.DataFrame,
    by_place: dict[tuple[str, int], list[int]],
    by_record: dict[tuple[str, int], Instrument],
) -> Finding:
    """One finding with its lines."""
    if finding.lines or finding.tonnes_at_stake is not None:
        return finding
    if finding.rule == "CLAIM_ABOVE_LOAD":
        return _beyond(finding, case, lines)
    place = (finding.file, finding.row or 0)
    if place in by_record:
        return _of_instrument(finding, case, lines, by_record[place])
    here = lines.iloc[by_place.get(place, [])]
    here = here[here["sheet"].map(str) == finding.sheet] if len(here) else here
    if not len(here):
        return finding
    if finding.rule not in _OF_SOURCE | {_SLIP}:
        return _with(finding, here, float(here["emissions_tco2e"].sum()))
    whole = lines.iloc[case.bills.rows_of(tuple(SOURCE), [here.iloc[0][column] for column in SOURCE])]
    if finding.rule == _SLIP:
        usual = float(whole["emissions_tco2e"].median())
        return _with(finding, here, abs(float(here["emissions_tco2e"].sum()) - usual))
    return _with(finding, whole, float(whole["emissions_tco2e"].sum()))


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


def purchases_for(case: AuditCase, item: Instrument) -> pd.DataFrame:
    """The purchases that an instrument may be claimed for."""
    lines = case.lines
    electric = item.carrier == carrier_of(GRID_ELECTRICITY)
    activities = (GRID_ELECTRICITY, GRID_LOSSES) if electric else activities_where(carrier=item.carrier)
    here = lines["region"].str.split("-").str[0] == item.market
    return lines[here & lines["activity"].isin(activities)]
