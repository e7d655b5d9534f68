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
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
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
        yield Finding.of("CERT_QUALITY.no_last_day").at(file="book.toml")


def _markets(case: AuditCase) -> Iterator[Finding]:
    """Instruments of a market where their carrier is not bought."""
    for item in case.instruments:
        bought = any(len(purchases_for(part.lines, item)) for part in case.inventory.energy_parts)
        if item.use == "claimed" and not bought:
            found = Finding.of("CERT_QUALITY.other_market", market=item.market, carrier=Label.of(item.carrier))
            yield found.at(file=item.file, row=item.row)


def _vintages(case: AuditCase) -> Iterator[Finding]:
    """Certificates that had expired, or had been retired, before the reporting year began."""
    whole = Period.of_year(case.year, case.first_month)
    rules = QualityCriteria(whole)
    for item in case.instruments:
        months = rules.months_for(item.market) or 2 * _YEAR_MONTHS
        if item.kind != "certificate" or item.use == "sold" or item.claimed_year not in {0, case.year}:
            continue
        reasons = []
        if item.generated and _months_between(item.generated, whole) > months:
            early = {"generated": str(item.generated), "months": months}
            reasons.append(Message.of("CERT_QUALITY.generated_early", **early))
        if item.retired_on and item.retired_on < whole.start:
            reasons.append(Message.of("CERT_QUALITY.retired_early", retired_on=str(item.retired_on)))
        if reasons:
            yield Finding.of("CERT_QUALITY.too_old", reasons=tuple(reasons)).at(file=item.file, row=item.row)


def _months_between(generated: Period, whole: Period) -> int:
    """Whole months from the end of generation to the beginning of a year."""
    return (whole.start.year - generated.end.year) * _YEAR_MONTHS + whole.start.month - generated.end.month


def _without_instrument(case: AuditCase) -> Iterator[Finding]:
    """Purchases that are called renewable beyond what instruments cover."""
    lines = case.lines
    grid = lines["activity"] == GRID_ELECTRICITY
    priced = lines[grid & lines["factor"].str.contains(_GREEN_FACTOR, case=False)]
    if len(priced) and not case.instruments:
        yield case.finding("CERT_QUALITY.no_record", priced)
    called = lines[
        grid & (lines["source"].str.contains(_GREEN, case=False) | lines["note"].str.contains(_GREEN, case=False))
    ]
    called = called.drop(index=priced.index, errors="ignore")
    mwh = float(called["energy_gj"].sum()) * conversion_factor("GJ", "MWh")
    covered = sum(item.mwh for item in case.instruments if item.use == "claimed" and item.carrier == "electricity")
    if mwh > covered + HALF_A_CERTIFICATE_MWH:
        yield case.finding("CERT_QUALITY.called_green", called, mwh=mwh, covered_mwh=covered)
    direct = lines[lines["activity"] == DIRECT_LINE]
    if len(direct) and case.scope_2 is None:
        yield case.finding("CERT_QUALITY.direct_line", direct)
