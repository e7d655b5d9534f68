"""CERT_QUALITY: instruments are of the market and time of the consumption.

References
----------
GHG Protocol Scope 2 Guidance (2015), table 7.1 (quality criteria).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from carbonledger.audit.case import AuditCase
from carbonledger.audit.materiality import HALF_A_CERTIFICATE_MWH, purchases_for
from carbonledger.core.activities import DIRECT_LINE, GRID_ELECTRICITY
from carbonledger.core.findings import Finding, old_finding
from carbonledger.core.periods import Period
from carbonledger.core.units import conversion_factor
from carbonledger.scope2.quality_criteria import QualityCriteria

if TYPE_CHECKING:
    pass

__all__ = ["cert_quality"]

_YEAR_MONTHS = 12
_GREEN = r"绿电|绿色电力|绿证|可再生电力|green power|green electricity|renewable electricity"
_GREEN_FACTOR = "renewable|green|绿电|绿色电力"


def cert_quality(case: AuditCase) -> Iterator[Finding]:
    """Instruments are of the market and time of the consumption, and renewable purchases have one."""
    yield from _markets(case)
    yield from _vintages(case)
    yield from _without_instrument(case)
    retired = [item for item in case.instruments if item.kind == "certificate" and item.retired_on]
    if retired and not case.instrument_settings.retired_by:
        message = "no last day of retirement is stated, so that none of the certificates was held to one (criterion 4)."
        yield old_finding("CERT_QUALITY", "note", message, "State retired_by in [scope_2].", file="book.toml")


def _markets(case: AuditCase) -> Iterator[Finding]:
    """Instruments of a market where their carrier is not bought."""
    for item in case.instruments:
        if item.use == "claimed" and not len(purchases_for(case, item)):
            message = f"it is of the market {item.market!r}, where no {item.carrier} is bought (quality criterion 5)."
            remedy = "Claim instruments of the market of the consumption only; markets are country codes such as CN."
            yield old_finding("CERT_QUALITY", "warning", message, remedy, file=item.file, row=item.row)


def _vintages(case: AuditCase) -> Iterator[Finding]:
    """Certificates that had expired, or had been retired, before the reporting year began."""
    whole = Period.of_year(case.year, case.first_month)
    rules = QualityCriteria(whole)
    for item in case.instruments:
        months = rules.months_for(item.market) or 2 * _YEAR_MONTHS
        if item.kind != "certificate" or item.use == "sold" or item.claimed_year not in {0, case.year}:
            continue
        faults = []
        if item.generated and _months_between(item.generated, whole) > months:
            faults.append(f"it was generated in {item.generated}, more than {months} months before the year began")
        if item.retired_on and item.retired_on < whole.start:
            faults.append(f"it was retired on {item.retired_on}, before the year began")
        if faults:
            message = f"{' and '.join(faults)} (quality criterion 4)."
            remedy = "Claim it for the year it was retired for; cover this year by certificates of its own."
            yield old_finding("CERT_QUALITY", "warning", message, remedy, file=item.file, row=item.row)


def _months_between(generated: Period, whole: Period) -> int:
    """Whole months from the end of generation to the beginning of a year."""
    return (whole.start.year - generated.end.year) * _YEAR_MONTHS + whole.start.month - generated.end.month


def _without_instrument(case: AuditCase) -> Iterator[Finding]:
    """Purchases that are called renewable beyond what instruments cover."""
    lines = case.lines
    grid = lines["activity"] == GRID_ELECTRICITY
    priced = lines[grid & lines["factor"].str.contains(_GREEN_FACTOR, case=False)]
    if len(priced) and not case.instruments:
        message = "grid electricity is calculated as renewable, but no instrument is on record."
        remedy = "Record the certificates or contracts in [scope_2] instruments, or use the grid factor."
        yield case.old("CERT_QUALITY", "error", message, remedy, priced)
    called = lines[
        grid & (lines["source"].str.contains(_GREEN, case=False) | lines["note"].str.contains(_GREEN, case=False))
    ]
    called = called.drop(index=priced.index, errors="ignore")
    mwh = float(called["energy_gj"].sum()) * conversion_factor("GJ", "MWh")
    covered = sum(item.mwh for item in case.instruments if item.use == "claimed" and item.carrier == "electricity")
    if mwh > covered + HALF_A_CERTIFICATE_MWH:
        message = f"{mwh:g} MWh of purchases are called green in their source or note, but instruments are on record for {covered:g} MWh."
        yield case.old(
            "CERT_QUALITY", "warning", message, "Record the certificates, or do not call them green.", called
        )
    direct = lines[lines["activity"] == DIRECT_LINE]
    if len(direct) and case.scope_2 is None:
        message = "renewable electricity of a third party counts 0, but nothing says whose its attributes are."
        remedy = "Set direct_line_attributes in [scope_2] to kept or sold."
        yield case.old("CERT_QUALITY", "warning", message, remedy, direct)
