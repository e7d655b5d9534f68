"""The fifteen checks, run over a case, with suppressions that carry a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from carbonledger.analysis.audit.amounts import coverage, duplicate, unit_10k
from carbonledger.analysis.audit.case import AuditCase, Check
from carbonledger.analysis.audit.electricity import cert_double, cert_quality, method_label, pv_balance, pv_twice
from carbonledger.analysis.audit.factors import biogenic_gwp, boundary_mix, energy_table, factor_year, unit_1000
from carbonledger.analysis.audit.totals import avoided_netted_total, yoy_basis
from carbonledger.errors import BookError, Finding

__all__ = ["CHECKS", "Suppression", "audit", "check_of", "suppress"]

CHECKS: tuple[Check, ...] = (
    Check("AVOIDED_NETTED", "总量是否扣减了避免排放", "Are avoided emissions netted?", (), avoided_netted_total),
    Check("UNIT_10K", "数量单位是否差千倍或万倍", "Is an amount off by 10^3 or 10^4?", (), unit_10k),
    Check(
        "CERT_DOUBLE",
        "凭证是否重复使用",
        "Is a certificate claimed twice?",
        ("CERTIFICATE_TWICE", "CLAIM_ABOVE_LOAD"),
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
            "INSTRUMENT_CRITERIA",
            "INSTRUMENT_PERIOD",
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
        pv_balance,
    ),
    Check("UNIT_1000", "因子单位是否差千倍", "Is a factor off by 10^3?", (), unit_1000),
    Check("BOUNDARY_MIX", "因子边界是否混用", "Are factor boundaries mixed?", (), boundary_mix),
    Check("DUPLICATE", "是否重复记账", "Is a bill counted twice?", ("DUPLICATE_ENTRY",), duplicate),
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
    Check("YOY_BASIS", "同比是否同口径", "Are years compared on one basis?", (), yoy_basis),
    Check(
        "ENERGY_TABLE",
        "能源表与排放是否同口径",
        "Do energy and emissions share a perimeter?",
        ("MISSING_ENERGY",),
        energy_table,
    ),
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding that was looked at and is in order.

    Parameters
    ----------
    rule : str
        The check's or the finding's rule.
    reason : str
        Why; the report prints it.
    file : str
        Only findings of this file; empty for all.
    row : int or None
        Only findings of this row.
    contains : str
        Only findings whose message contains this.
    """

    rule: str
    reason: str
    file: str = ""
    row: int | None = None
    contains: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it is about a finding."""
        check = check_of(finding.rule)
        named = self.rule in {finding.rule, check.name if check else ""}
        return (
            named
            and (not self.file or self.file == finding.file)
            and self.row in {None, finding.row}
            and self.contains in finding.message
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


def suppress(findings: Iterable[Finding], suppressions: Sequence[Suppression]) -> list[Finding]:
    """Findings that were looked at become notes that carry the written reason.

    Parameters
    ----------
    findings : iterable of Finding
        Of the checks and of reading.
    suppressions : sequence of Suppression
        What was looked at.

    Returns
    -------
    list of Finding
        The same findings; none is dropped, so that a report shows what was suppressed and why.

    Raises
    ------
    BookError
        If a suppression has no reason, or names a rule that is none of the fifteen checks: an entry that was left out stays out.
    """
    for item in suppressions:
        if not item.reason.strip():
            raise BookError(f"[[suppress]] {item.rule}: a suppression needs a written reason.")
        if check_of(item.rule) is None:
            names = ", ".join(check.name for check in CHECKS)
            raise BookError(f"[[suppress]] {item.rule}: this is none of the checks {names}.")
    shown = []
    for finding in findings:
        reason = next((item.reason for item in suppressions if item.covers(finding)), "")
        shown.append(replace(finding, severity="note", way_out=f"Suppressed: {reason}") if reason else finding)
    return shown
