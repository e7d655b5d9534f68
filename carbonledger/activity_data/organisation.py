"""Companies, who owns and controls them, and the share of their emissions that counts.

References
----------
GHG Protocol Corporate Standard (2004), chapter 3: equity share, financial control, operational control.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from pydantic.dataclasses import dataclass

from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.core.strict_fields import RECORD, Day, Number, Truth

__all__ = ["APPROACHES", "Approach", "Holding", "check_holdings", "consolidation_share"]

Approach = Literal["equity_share", "financial_control", "operational_control"]
APPROACHES: tuple[Approach, ...] = ("equity_share", "financial_control", "operational_control")
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True, slots=True, config=RECORD)
class Holding:
    """What the reporter holds of a company, for a time.

    Parameters
    ----------
    entity : str
        The company.
    ownership_percent : float or None
        Economic interest, 0 to 100; None if it is not known, so that no equity share can be formed.
    financial_control, joint_financial_control, operational_control : bool
        Whether the reporter controls it; joint financial control is that of a joint venture.
    valid_from, valid_to : date or None
        First and last day; None for open.
    held_by : str
        The company of the group through which it is held; empty for the reporter itself.
    """

    entity: str
    ownership_percent: Number | None = None
    financial_control: Truth = False
    joint_financial_control: Truth = False
    operational_control: Truth = False
    valid_from: Day | None = None
    valid_to: Day | None = None
    held_by: str = ""

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
            Not a number if it rests on an ownership that is not known.
        """
        equity = math.nan if self.ownership_percent is None else self.ownership_percent / 100
        if approach == "equity_share":
            return equity
        if approach == "operational_control":
            return float(self.operational_control)
        if self.financial_control:
            return 1.0
        return equity if self.joint_financial_control else 0.0

    @property
    def reversed(self) -> bool:
        """Whether it ends before it begins."""
        return self.valid_from is not None and self.valid_to is not None and self.valid_to < self.valid_from

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
        0 to 1; days on which nothing is held count 0. What is held through another company counts times that company's share;
        several ways to hold a company add up. Not a number if an ownership that decides is not known.
    """
    listed = [holding for holding in holdings if not holding.reversed]
    return (
        math.fsum(_on(listed, entity, approach, span.start, ()) * span.days for span in _spans(listed, period))
        / period.days
    )


def _spans(holdings: Sequence[Holding], period: Period) -> list[Period]:
    """The period cut wherever a holding begins or ends."""
    cuts = {day for holding in holdings for day in (holding.days.start, holding.days.end)}
    edges = [period.start, *sorted(cut for cut in cuts if period.start < cut < period.end), period.end]
    return [Period(start, end) for start, end in pairwise(edges)]


def _on(holdings: Sequence[Holding], entity: str, approach: Approach, day: date, below: tuple[str, ...]) -> float:
    """The share of a company on a day, over every way in which it is held."""
    if entity in below:
        return 0.0
    total = 0.0
    for holding in holdings:
        if holding.entity != entity or not holding.days.start <= day < holding.days.end:
            continue
        own = holding.share(approach)
        if own:
            through = _on(holdings, holding.held_by, approach, day, (*below, entity)) if holding.held_by else 1.0
            total += own * through if through else 0.0
    return min(total, 1.0)


def check_holdings(holdings: Sequence[Holding]) -> list[Finding]:
    """Shares beyond 100 %, times that overlap, control that excludes itself, holders that are unknown or in a circle.

    Parameters
    ----------
    holdings : sequence of Holding
        As stated in the settings.

    Returns
    -------
    list of Finding
    """
    sound = [holding for holding in holdings if not holding.reversed]
    backwards = [_backwards(holding) for holding in holdings if holding.reversed]
    return backwards + [
        finding for at, holding in enumerate(sound) for finding in _holding_findings(holding, at, sound)
    ]


def _holding_findings(holding: Holding, at: int, holdings: Sequence[Holding]) -> Iterator[Finding]:
    """What is wrong with one holding among the others."""
    yield from _share_findings(holding, holdings)
    if holding.held_by and holding.held_by not in {other.entity for other in holdings}:
        yield _of_holding(holding, Finding.of("HOLDER_UNKNOWN", company=holding.entity, holder=holding.held_by))
    if _leads_back(holding, holdings):
        yield _of_holding(holding, Finding.of("HOLDING_CYCLE", company=holding.entity))
    if holding.financial_control and holding.joint_financial_control:
        yield _of_holding(holding, Finding.of("CONTROL_TWICE", company=holding.entity))
    if any(_overlap(holding, other) for other in holdings[:at]):
        yield _of_holding(holding, Finding.of("VALIDITY_OVERLAP", company=holding.entity))


def _share_findings(holding: Holding, holdings: Sequence[Holding]) -> Iterator[Finding]:
    """Shares that cannot be, alone or together."""
    owned = holding.ownership_percent
    if owned is not None and not 0 <= owned <= 100:
        yield _of_holding(holding, Finding.of("SHARE_BEYOND_100.one", company=holding.entity, percent=owned))
    percent, day = _together(holding, holdings)
    if percent > 100:
        held = {"company": holding.entity, "percent": percent}
        yield _of_holding(
            holding,
            Finding.of("SHARE_BEYOND_100.together_from", day=str(day), **held)
            if day > _FIRST
            else Finding.of("SHARE_BEYOND_100.together", **held),
        )


def _backwards(holding: Holding) -> Finding:
    """The finding for a holding that ends before it begins."""
    first, last = str(holding.valid_from), str(holding.valid_to)
    return _of_holding(holding, Finding.of("VALIDITY_REVERSED", company=holding.entity, first=first, last=last))


def _overlap(holding: Holding, other: Holding) -> bool:
    """Whether two holdings of one company, by the same holder, share a day."""
    same = (holding.entity, holding.held_by) == (other.entity, other.held_by)
    return same and holding.days.overlap_days(other.days) > 0


def _together(holding: Holding, holdings: Sequence[Holding]) -> tuple[float, date]:
    """What several holders have of a company at most, in per cent, and from which day; 0 unless this holding is its first."""
    alike = [item for item in holdings if item.entity == holding.entity]
    if alike[0] is not holding:
        return 0.0, holding.days.start
    most = (0.0, holding.days.start)
    for day in sorted({item.days.start for item in alike}):
        held = [item for item in alike if item.days.start <= day < item.days.end]
        if len({item.held_by for item in held}) > 1:
            most = max(most, (sum(item.ownership_percent or 0.0 for item in held), day), key=lambda pair: pair[0])
    return most


def _leads_back(holding: Holding, holdings: Sequence[Holding]) -> bool:
    """Whether the ways in which a company is held come back to it."""
    followed: set[str] = set()
    front = {holding.held_by} - {""}
    while front:
        if holding.entity in front:
            return True
        followed |= front
        front = {item.held_by for item in holdings if item.entity in front} - followed - {""}
    return False


def _of_holding(holding: Holding, finding: Finding) -> Finding:
    """A finding at the settings of a holding."""
    return finding.at(file="book.toml", value=holding.entity)
