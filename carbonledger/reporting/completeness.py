"""What the findings mean for the totals: whether something is missing from them, and whether something is in doubt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carbonledger.core.findings import Finding

__all__ = ["CompletenessStatement", "completeness_of"]


@dataclass(frozen=True, slots=True)
class CompletenessStatement:
    """What the findings mean for the totals.

    Parameters
    ----------
    left_out : tuple of Finding
        Errors that keep entries, or what belongs to them, out of the figures.
    gaps : tuple of Finding
        What is missing although no entry was refused: months, companies, energy, categories.
    doubts : tuple of Finding
        Errors that the sixteen checks found in what was counted.
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


def completeness_of(findings: Iterable[Finding]) -> CompletenessStatement:
    """Sort findings by what they mean for the totals.

    Parameters
    ----------
    findings : iterable of Finding
        Of a book, suppressed ones among them as notes.

    Returns
    -------
    CompletenessStatement
    """
    left_out, gaps, doubts = [], [], []
    for finding in findings:
        effect, error = finding.effect, finding.severity == "error"
        if effect == "gap" and finding.severity != "note":
            gaps.append(finding)
        elif effect == "doubt" and error:
            doubts.append(finding)
        elif effect == "excluded" and error:
            left_out.append(finding)
    return CompletenessStatement(tuple(left_out), tuple(gaps), tuple(doubts))
