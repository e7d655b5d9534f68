"""Findings as people read them: what, where, why, what to do, and how much is at stake."""

from __future__ import annotations

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, word
from carbonledger.reporting.console import number

__all__ = ["finding_text"]

_LISTED = 6


def finding_text(finding: Finding, lang: Lang) -> str:
    """A finding as text, with its severity and the tonnes at stake.

    Parameters
    ----------
    finding : Finding
        Of a book or file.
    lang : {"en", "zh"}
        The language of the run.

    Returns
    -------
    str
    """
    colon = "：" if lang == "zh" else ": "
    return f"{word(f'severity_{finding.severity}', lang)}{colon}{finding.text(lang)}{_stake(finding, lang)}"


def _stake(finding: Finding, lang: Lang) -> str:
    """The lines that a doubt is about, and the tonnes that it concerns."""
    if not finding.tonnes_at_stake:
        return ""
    if not finding.lines:
        return f" {word('stake_total', lang, tonnes=number(finding.tonnes_at_stake, 2))}"
    listed = ", ".join(str(line) for line in finding.lines[:_LISTED]) + (" ..." if len(finding.lines) > _LISTED else "")
    return f" {word('stake', lang, lines=listed, tonnes=number(finding.tonnes_at_stake, 2))}"
