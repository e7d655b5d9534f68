"""What the findings mean for the totals: whether something is missing from them, and whether something is in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carbonledger.audit.catalogue import CHECKS
from carbonledger.core.errors import Finding

__all__ = ["Standing", "standing_of"]

# What leaves a gap without keeping an entry out.
_GAPS = frozenset(
    {
        "END_OF_LIFE_ROUTES",
        "ENTITY_WITHOUT_ENTRIES",
        "MISSING_ENERGY",
        "MISSING_MONTHS",
        "PROFILE_INCOMPLETE",
        "SCOPE3_WITHOUT_CATEGORY",
        "SCOPE3_WRONG_CATEGORY",
        "SITE_WITHOUT_ENTRIES",
    }
)
# Doubts about what somebody printed are no doubts about what was calculated here.
_ABOUT_PRINTED = frozenset(
    {"AVOIDED_NETTED", "EXPORT_NETTED", "PUBLISHED_DIFFERS", "PV_NETTED", "PV_PRICED_AS_GRID", "YOY_BASIS"}
)
# Claims that were refused or cut, and replacements that were refused: what they concern is counted.
_REFUSED = frozenset(
    {
        "ATTRIBUTES_CONTRADICTED",
        "CERTIFICATE_TWICE",
        "CLAIM_ABOVE_LOAD",
        "OWN_EXPORT_EXCEEDED",
        "SOLD_BEYOND_GENERATION",
        "SUPERSEDES_OTHER",
        "SUPERSEDES_PART",
        "SUPERSEDES_TWICE",
        "SUPERSEDES_UNKNOWN",
    }
)
# Rows that are no entries at all.
_NO_ENTRIES = frozenset({"TOTAL_ROW"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the findings mean for the totals.

    Parameters
    ----------
    left_out : tuple of Finding
        Errors that keep entries, or what belongs to them, out of the figures.
    gaps : tuple of Finding
        What is missing although no entry was refused: months, companies, energy, categories.
    doubts : tuple of Finding
        Errors that the fifteen checks found in what was counted.
    """

    left_out: tuple[Finding, ...]
    gaps: tuple[Finding, ...]
    doubts: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is known to be missing."""
        return not (self.left_out or self.gaps)

    @property
    def tonnes_in_doubt(self) -> float:
        """The largest amount at stake of any doubt, t CO2e; several may concern the same lines."""
        return max((abs(finding.tonnes_at_stake or 0.0) for finding in self.doubts), default=0.0)


def standing_of(findings: Iterable[Finding]) -> Standing:
    """Sort findings by what they mean for the totals.

    Parameters
    ----------
    findings : iterable of Finding
        Of a book, suppressed ones among them as notes.

    Returns
    -------
    Standing
    """
    checks = {check.name for check in CHECKS}
    left_out, gaps, doubts = [], [], []
    for finding in findings:
        if finding.rule in _GAPS and finding.severity != "note":
            gaps.append(finding)
        elif finding.severity == "error" and finding.rule in checks | _REFUSED | _ABOUT_PRINTED:
            doubts += [] if finding.rule in _ABOUT_PRINTED else [finding]
        elif finding.severity == "error" and finding.rule not in _NO_ENTRIES:
            left_out.append(finding)
    return Standing(tuple(left_out), tuple(gaps), tuple(doubts))
