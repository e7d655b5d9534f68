"""The sixteen checks, run over a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from carbonledger.audit.avoided_netted import avoided_netted_total
from carbonledger.audit.biogenic_gwp import biogenic_gwp
from carbonledger.audit.boundary_mix import boundary_mix
from carbonledger.audit.case import AuditCase
from carbonledger.audit.cert_double import cert_double
from carbonledger.audit.cert_quality import cert_quality
from carbonledger.audit.coverage import coverage
from carbonledger.audit.duplicate import duplicate
from carbonledger.audit.editions import editions
from carbonledger.audit.energy_table import energy_table, export_in_energy
from carbonledger.audit.factor_year import factor_year
from carbonledger.audit.implausible_size import implausible_size
from carbonledger.audit.main_meters import sub_meters
from carbonledger.audit.method_label import method_label
from carbonledger.audit.pv_balance import pv_balance
from carbonledger.audit.pv_twice import pv_twice
from carbonledger.audit.unit_10k import unit_10k
from carbonledger.audit.unit_1000 import unit_1000
from carbonledger.audit.yoy_basis import yoy_basis
from carbonledger.core.findings import Finding

__all__ = ["CHECKS", "Check", "audit"]


def _counted_twice(case: AuditCase) -> Iterator[Finding]:
    """Bills and meters that are counted twice."""
    yield from duplicate(case)
    yield from sub_meters(case)


def _sized(case: AuditCase) -> Iterator[Finding]:
    """Amounts against last year's, and against what any plant can use."""
    yield from unit_10k(case)
    yield from implausible_size(case)


def _balanced(case: AuditCase) -> Iterator[Finding]:
    """Own generation balances, in the entries and in the printed energy."""
    yield from pv_balance(case)
    yield from export_in_energy(case)


Check = Callable[[AuditCase], Iterator[Finding]]

# By name: that of its file, of its page in docs/checks, and of the column ``check`` in rules.csv.
CHECKS: Mapping[str, Check] = {
    "AVOIDED_NETTED": avoided_netted_total,
    "UNIT_10K": _sized,
    "CERT_DOUBLE": cert_double,
    "CERT_QUALITY": cert_quality,
    "FACTOR_YEAR": factor_year,
    "EDITIONS": editions,
    "PV_TWICE": pv_twice,
    "PV_BALANCE": _balanced,
    "UNIT_1000": unit_1000,
    "BOUNDARY_MIX": boundary_mix,
    "DUPLICATE": _counted_twice,
    "COVERAGE": coverage,
    "METHOD_LABEL": method_label,
    "BIOGENIC_GWP": biogenic_gwp,
    "YOY_BASIS": yoy_basis,
    "ENERGY_TABLE": energy_table,
}


def audit(case: AuditCase) -> list[Finding]:
    """Every doubt of the sixteen checks beyond what reading and calculating found.

    Parameters
    ----------
    case : AuditCase
        The inventory with its context.

    Returns
    -------
    list of Finding
        In the order of the checks; errors first within a check.
    """
    order = {"error": 0, "warning": 1, "note": 2}
    found = [sorted(check(case), key=lambda finding: order[finding.severity]) for check in CHECKS.values()]
    return [finding for findings in found for finding in findings]
