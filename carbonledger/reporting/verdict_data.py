"""Verdicts as plain data."""

from __future__ import annotations

from decimal import Decimal

from carbonledger.core.language import Lang
from carbonledger.core.rounding import Interval
from carbonledger.published.verdicts import Verdict

__all__ = ["ends_or_number", "problem_text"]


def ends_or_number(computed: Interval | Decimal | None) -> list[Decimal] | Decimal | None:
    """An interval by its ends, a number as it is."""
    return [computed.low, computed.high] if isinstance(computed, Interval) else computed


def problem_text(verdict: Verdict, lang: Lang) -> str | None:
    """Why a relation cannot be evaluated; None if it can."""
    return verdict.problem.text(lang) if verdict.problem else None
