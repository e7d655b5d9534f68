"""Findings as people read them: what, where, why, what to do, and how much is at stake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, bracketed, headed, listed, word
from carbonledger.reporting.console import number

__all__ = ["finding_text", "with_gap"]

_LISTED = 6


def with_gap(name: str, row: Mapping[Any, Any], lang: Lang) -> str:
    """The name of a row of a view, and how many entries of it have energy and no emissions."""
    without = int(row.get("without_emissions") or 0)
    return f"{name}{bracketed(word('without_emissions', lang, count=f'{without:,}'), lang)}" if without else name


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
    return headed(word(f"severity_{finding.severity}", lang), f"{finding.text(lang)}{_stake_text(finding, lang)}", lang)


def _stake_text(finding: Finding, lang: Lang) -> str:
    """The lines and the t CO2e that a finding concerns."""
    if not finding.tonnes_at_stake:
        return ""
    if not finding.lines:
        return f" {word('stake_total', lang, tonnes=number(finding.tonnes_at_stake, 2))}"
    lines = listed(finding.lines[:_LISTED], lang) + (" ..." if len(finding.lines) > _LISTED else "")
    return f" {word('stake', lang, lines=lines, tonnes=number(finding.tonnes_at_stake, 2))}"
