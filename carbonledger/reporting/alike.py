"""Findings of one cause over many rows, printed as one finding with the list of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, word
from carbonledger.reporting.wording import finding_text
from carbonledger.tables.sheet_form import as_ranges

__all__ = ["FindingGroup", "gathered"]

# Two or three findings are read one by one; four of a kind are one matter.
_FEW = 3
_RANGES = 400


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one rule, file, sheet and column.

    Parameters
    ----------
    first : Finding
        The one with the most tonnes at stake, else the first of them.
    others : tuple of Finding
        The rest, in their order.
    """

    first: Finding
    others: tuple[Finding, ...] = ()

    def text(self, lang: Lang) -> str:
        """The finding, the number and rows of those like it, and what all of them put at stake together."""
        if not self.others:
            return finding_text(self.first, lang)
        rows = as_ranges(sorted({item.row for item in self.others if item.row is not None}))
        cut = rows if len(rows) <= _RANGES else rows[:_RANGES].rpartition(", ")[0] + ", ..."
        tonnes = [item.tonnes_at_stake or 0.0 for item in (self.first, *self.others)]
        # One sum for all; the lines are those of the rows.
        alone = replace(self.first, lines=(), tonnes_at_stake=sum(tonnes) or None)
        return word("findings_alike", lang, finding=finding_text(alone, lang), count=str(len(self.others)), rows=cut)


def gathered(findings: Iterable[Finding]) -> list[FindingGroup]:
    """Findings in the order of the first of each kind, more than three of a kind as one.

    Parameters
    ----------
    findings : iterable of Finding
        Each at a row; those without a row, and suppressed ones, stay by themselves.

    Returns
    -------
    list of FindingGroup
        Every finding is in one of them.
    """
    kinds: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        own = (number,) if finding.row is None or finding.suppressed else ()
        key = (finding.says.key, finding.severity, finding.file, finding.sheet, finding.column, *own)
        kinds.setdefault(key, []).append(finding)
    return [group for alike in kinds.values() for group in _groups(alike)]


def _groups(alike: Sequence[Finding]) -> list[FindingGroup]:
    """A few findings one by one, more as one group."""
    if len(alike) <= _FEW:
        return [FindingGroup(finding) for finding in alike]
    first = max(alike, key=lambda finding: abs(finding.tonnes_at_stake or 0.0))
    return [FindingGroup(first, tuple(finding for finding in alike if finding is not first))]
