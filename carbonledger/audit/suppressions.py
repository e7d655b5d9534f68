"""Findings that were looked at and are in order, each with the written reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pydantic.dataclasses import dataclass

from carbonledger.audit.catalogue import CHECKS
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Finding, rules
from carbonledger.core.strict_fields import RECORD, Whole

__all__ = ["Suppression", "suppress"]

# A Chinese character says as much as two letters.
_SHORTEST = 10
_WIDE = frozenset("WF")


@dataclass(frozen=True, slots=True, config=RECORD)
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
    row: Whole | None = None
    contains: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it is about a finding."""
        named = self.rule in {finding.rule, finding.check}
        return (
            named
            and (not self.file or self.file == finding.file)
            and self.row in {None, finding.row}
            and (self.contains in finding.message or self.contains in finding.says.text("zh"))
        )


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
        The same findings; none is dropped, so that a report shows what was suppressed and why. A suppression that is about none of them
        is a note of its own (STALE_SUPPRESSION).

    Raises
    ------
    BookError
        If a suppression has no reason or one that says nothing, or names a rule that is none of the sixteen checks: an entry that was
        left out stays out.
    """
    _refuse(suppressions)
    shown: list[Finding] = []
    used: set[Suppression] = set()
    for finding in findings:
        fitting = [item for item in suppressions if item.covers(finding)]
        used.update(fitting)
        looked_at = [replace(finding, severity="note", suppressed=item.reason) for item in fitting[:1]]
        shown += looked_at or [finding]
    return shown + [_stale(item) for item in suppressions if item not in used]


def _stale(item: Suppression) -> Finding:
    """A suppression that is about nothing."""
    return Finding.of("STALE_SUPPRESSION", rule=item.rule, reason=item.reason).at(file="book.toml")


def _refuse(suppressions: Sequence[Suppression]) -> None:
    """Suppressions without a reason, and of what cannot be suppressed."""
    for item in suppressions:
        words = sum(1 + (unicodedata.east_asian_width(letter) in _WIDE) for letter in item.reason.strip())
        if words < _SHORTEST:
            message = f"a suppression needs a written reason of at least {_SHORTEST} letters, not {item.reason!r}."
            raise BookError(f"[[suppress]] {item.rule}: {message}")
        if not (item.rule in rules() and rules()[item.rule].check):
            names = ", ".join(CHECKS)
            raise BookError(f"[[suppress]] {item.rule}: this is none of the checks {names}.")
