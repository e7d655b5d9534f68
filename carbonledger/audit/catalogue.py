"""The fifteen checks, run over a case."""

from __future__ import annotations

from collections.abc import Iterator

from carbonledger.audit.avoided_netted import avoided_netted_total
from carbonledger.audit.biogenic_gwp import biogenic_gwp
from carbonledger.audit.boundary_mix import boundary_mix
from carbonledger.audit.case import AuditCase, Check
from carbonledger.audit.cert_double import cert_double
from carbonledger.audit.cert_quality import cert_quality
from carbonledger.audit.coverage import coverage
from carbonledger.audit.duplicate import duplicate, sub_meters
from carbonledger.audit.energy_table import energy_table, export_in_energy
from carbonledger.audit.factor_year import factor_year
from carbonledger.audit.method_label import method_label
from carbonledger.audit.pv_balance import pv_balance
from carbonledger.audit.pv_twice import pv_twice
from carbonledger.audit.unit_10k import unit_10k
from carbonledger.audit.unit_1000 import unit_1000
from carbonledger.audit.yoy_basis import yoy_basis
from carbonledger.core.errors import Finding

__all__ = ["CHECKS", "audit", "check_of"]


def _counted_twice(case: AuditCase) -> Iterator[Finding]:
    """Bills and meters that are counted twice."""
    yield from duplicate(case)
    yield from sub_meters(case)


def _balanced(case: AuditCase) -> Iterator[Finding]:
    """Own generation balances, in the entries and in the printed energy."""
    yield from pv_balance(case)
    yield from export_in_energy(case)


CHECKS: tuple[Check, ...] = (
    Check(
        "AVOIDED_NETTED",
        "总量是否扣减了避免排放",
        "Are avoided emissions netted?",
        ("PV_NETTED", "EXPORT_NETTED", "PV_PRICED_AS_GRID"),
        avoided_netted_total,
    ),
    Check("UNIT_10K", "数量单位是否差千倍或万倍", "Is an amount off by 10^3 or 10^4?", (), unit_10k),
    Check(
        "CERT_DOUBLE",
        "凭证是否重复使用",
        "Is a certificate claimed twice?",
        (
            "CERTIFICATE_TWICE",
            "CLAIM_ABOVE_LOAD",
            "INSTRUMENT_AND_CREDIT",
            "ATTRIBUTES_CONTRADICTED",
            "OWN_EXPORT_EXCEEDED",
            "SOLD_BEYOND_GENERATION",
        ),
        cert_double,
    ),
    Check(
        "CERT_QUALITY",
        "凭证是否符合质量准则",
        "Do instruments meet the quality criteria?",
        (
            "CERTIFICATE_NOT_RETIRED",
            "CERTIFICATE_EXPIRED",
            "CERTIFICATE_NOT_TRADABLE",
            "CERTIFICATE_COUNT",
            "CERTIFICATE_DATES",
            "CERTIFICATE_TOO_LATE",
            "CERTIFICATE_WITHOUT_MONTH",
            "CERTIFICATE_WITHOUT_NUMBERS",
            "INSTRUMENT_BENEFICIARY",
            "INSTRUMENT_CRITERIA",
            "INSTRUMENT_CRITERIA_OPEN",
            "INSTRUMENT_PERIOD",
            "INSTRUMENT_VINTAGE",
        ),
        cert_quality,
    ),
    Check("FACTOR_YEAR", "因子年份是否匹配", "Does the factor's year fit?", (), factor_year),
    Check("PV_TWICE", "光伏自用是否计入外购", "Is own use also inside the purchases?", (), pv_twice),
    Check(
        "PV_BALANCE",
        "光伏平衡是否闭合",
        "Does own generation balance?",
        (),
        _balanced,
    ),
    Check("UNIT_1000", "因子单位是否差千倍", "Is a factor off by 10^3?", (), unit_1000),
    Check("BOUNDARY_MIX", "因子边界是否混用", "Are factor boundaries mixed?", (), boundary_mix),
    Check("DUPLICATE", "是否重复记账", "Is a bill counted twice?", ("DUPLICATE_ENTRY",), _counted_twice),
    Check(
        "COVERAGE",
        "数据是否覆盖全年",
        "Is the year covered?",
        (
            "MISSING_MONTHS",
            "OVERLAPPING_PERIODS",
            "ENTITY_WITHOUT_ENTRIES",
            "SITE_WITHOUT_ENTRIES",
            "SITE_NOT_OPERATING",
        ),
        coverage,
    ),
    Check("METHOD_LABEL", "范围二方法是否标明", "Are scope 2 methods labelled?", ("NO_RESIDUAL_MIX",), method_label),
    Check("BIOGENIC_GWP", "生物质与GWP是否一致", "Are biogenic CO2 and GWP sets right?", (), biogenic_gwp),
    Check("YOY_BASIS", "同比是否同口径", "Are years compared on one basis?", ("PUBLISHED_DIFFERS",), yoy_basis),
    Check(
        "ENERGY_TABLE",
        "能源表与排放是否同口径",
        "Do energy and emissions share a perimeter?",
        ("MISSING_ENERGY",),
        energy_table,
    ),
)


def check_of(rule: str) -> Check | None:
    """The check that a rule belongs to; None if it is of reading or calculating."""
    return next((check for check in CHECKS if rule == check.name or rule in check.rules), None)


def audit(case: AuditCase) -> list[Finding]:
    """Every doubt that the fifteen checks have beyond what reading and calculating found.

    Parameters
    ----------
    case : AuditCase
        The inventory and what was said about it.

    Returns
    -------
    list of Finding
        In the order of the checks; errors first within a check.
    """
    order = {"error": 0, "warning": 1, "note": 2}
    found = [sorted(check.run(case), key=lambda finding: order[finding.severity]) for check in CHECKS]
    return [finding for findings in found for finding in findings]
