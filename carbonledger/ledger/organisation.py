"""Companies, who owns and controls them, and the share of their emissions that counts.

References
----------
GHG Protocol Corporate Standard (2004), chapter 3: equity share, financial control, operational control.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from carbonledger.errors import Finding
from carbonledger.periods import Period

__all__ = ["APPROACHES", "Approach", "Holding", "check_holdings", "consolidation_share"]

Approach = Literal["equity_share", "financial_control", "operational_control"]
APPROACHES: tuple[Approach, ...] = ("equity_share", "financial_control", "operational_control")
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Holding:
    """What the reporter holds of a company, for a time.

    Parameters
    ----------
    entity : str
        The company.
    ownership_percent : float
        Economic interest, 0 to 100.
    financial_control, joint_financial_control, operational_control : bool
        Whether the reporter controls it; joint financial control is that of a joint venture.
    valid_from, valid_to : date or None
        First and last day; None for open.
    """

    entity: str
    ownership_percent: float
    financial_control: bool = False
    joint_financial_control: bool = False
    operational_control: bool = False
    valid_from: date | None = None
    valid_to: date | None = None

    def share(self, approach: Approach) -> float:
        """The part of the company's emissions that counts, 0 to 1.

        Parameters
        ----------
        approach : {"equity_share", "financial_control", "operational_control"}
            Equity share: the economic interest. Financial control: all of a subsidiary, the equity of a joint venture under
            joint control, else nothing. Operational control: all or nothing.

        Returns
        -------
        float
        """
        equity = self.ownership_percent / 100
        if approach == "equity_share":
            return equity
        if approach == "operational_control":
            return float(self.operational_control)
        return 1.0 if self.financial_control else equity * self.joint_financial_control

    @property
    def days(self) -> Period:
        """The days on which it is held."""
        last = self.valid_to or _LAST
        return Period(self.valid_from or _FIRST, last + timedelta(days=1) if last < _LAST else last)


def consolidation_share(holdings: Iterable[Holding], entity: str, approach: Approach, period: Period) -> float:
    """The part of a company's emissions of a period that counts.

    Parameters
    ----------
    holdings : iterable of Holding
        Of all companies.
    entity : str
        The company.
    approach : str
        The consolidation approach.
    period : Period
        When the emissions arose; a share that changes within it counts by days.

    Returns
    -------
    float
        0 to 1; days on which nothing is held count 0.
    """
    parts = [
        holding.share(approach) * holding.days.overlap_days(period) for holding in holdings if holding.entity == entity
    ]
    return sum(parts) / period.days


def check_holdings(holdings: Sequence[Holding]) -> list[Finding]:
    """Shares beyond 100 %, times that overlap, and control that excludes itself.

    Parameters
    ----------
    holdings : sequence of Holding
        As stated in the settings.

    Returns
    -------
    list of Finding
    """
    findings = []
    for at, holding in enumerate(holdings):
        if not 0 <= holding.ownership_percent <= 100:
            findings.append(
                _finding("SHARE_BEYOND_100", holding, f"an ownership of {holding.ownership_percent:g} % is impossible.")
            )
        if holding.financial_control and holding.joint_financial_control:
            findings.append(_finding("CONTROL_TWICE", holding, "it is under sole and under joint financial control."))
        clash = next((other for other in holdings[:at] if _overlap(holding, other)), None)
        if clash is not None:
            findings.append(_finding("VALIDITY_OVERLAP", holding, "two holdings of it are valid on the same days."))
    return findings


def _overlap(holding: Holding, other: Holding) -> bool:
    """Whether two holdings of one company share a day."""
    return holding.entity == other.entity and holding.days.overlap_days(other.days) > 0


def _finding(rule: str, holding: Holding, message: str) -> Finding:
    """A finding about a company."""
    return Finding(
        rule, "error", f"{holding.entity}: {message}", "Correct the [[holding]] in book.toml.", file="book.toml"
    )
