"""What became of the attributes of own generation: kept with the energy, sold with certificates or credits, or carried to purchases.

References
----------
GHG Protocol Scope 2 Guidance (2015), chapter 6 and table 7.1: the claim goes with the instrument.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from carbonledger.core.findings import Finding
from carbonledger.scope2.instruments import Instrument

if TYPE_CHECKING:
    from carbonledger.scope2.loads import Load

__all__ = ["Attributes", "capped_at_export", "sold_of_own_use"]

Attributes = Literal["kept", "sold", "by_certificate"]


def sold_of_own_use(load: Load, attributes: Attributes, sold: Sequence[Instrument]) -> tuple[float, list[Finding]]:
    """The MWh of own use whose attributes were sold.

    Parameters
    ----------
    load : Load
        With own use and export.
    attributes : {"kept", "sold", "by_certificate"}
        What the settings say of own generation.
    sold : sequence of Instrument
        Certificates and credits that were sold. Those of ``own_use`` count against it; others are of the export first, and of own use as
        far as they exceed it.

    Returns
    -------
    tuple of (float, list of Finding)
        Records decide where they contradict ``kept``, and that is said; so is a sale beyond what was generated.
    """
    here = [item for item in sold if (item.market, item.carrier) == (load.country, load.carrier)]
    of_use = math.fsum(item.mwh for item in here if item.origin == "own_use")
    others = math.fsum(item.mwh for item in here if item.origin != "own_use")
    gone = max(load.own_sold_mwh, of_use + max(0.0, others - load.exported_mwh))
    findings = []
    if gone > load.own_use_mwh * (1 + _ROUNDING):
        finding = Finding.of(
            "SOLD_BEYOND_GENERATION",
            market=load.country,
            sold_mwh=of_use + others,
            own_use_mwh=load.own_use_mwh,
            exported_mwh=load.exported_mwh,
        )
        findings.append(finding.at(file=here[-1].file, row=here[-1].row))
    gone = min(gone, load.own_use_mwh)
    if attributes == "kept" and gone > load.own_sold_mwh:
        finding = Finding.of("ATTRIBUTES_CONTRADICTED", market=load.country, sold_mwh=gone)
        findings.append(finding.at(file=here[-1].file, row=here[-1].row))
    return (load.own_use_mwh if attributes == "sold" else gone), findings


# What sums of MWh may differ by.
_ROUNDING = 1e-9


def capped_at_export(
    load: Load, instruments: Sequence[Instrument], sold: Sequence[Instrument] = ()
) -> tuple[list[Instrument], list[Finding]]:
    """Certificates of own export cover purchases up to what was exported.

    Parameters
    ----------
    load : Load
        With its export.
    instruments : sequence of Instrument
        Of this market.
    sold : sequence of Instrument
        Certificates that were sold, of any market: what is sold of the export cannot cover purchases too.

    Returns
    -------
    tuple of (list of Instrument, list of Finding)
        The instruments, those of own export cut to the export; what was cut is a finding.
    """
    gone = math.fsum(
        item.mwh
        for item in sold
        if item.origin != "own_use" and (item.market, item.carrier) == (load.country, load.carrier)
    )
    free = max(0.0, load.exported_mwh - gone)
    left, kept, findings = free, [], []
    for item in instruments:
        used = min(item.mwh, left) if item.origin == "own_export" else item.mwh
        left -= used if item.origin == "own_export" else 0.0
        if used < item.mwh * (1 - _ROUNDING):
            finding = Finding.of("OWN_EXPORT_EXCEEDED", free_mwh=free, beyond_mwh=item.mwh - used)
            findings.append(finding.at(file=item.file, row=item.row))
        kept.append(replace(item, mwh=used))
    return kept, findings
