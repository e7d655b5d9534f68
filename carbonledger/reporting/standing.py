"""Whether a reporting year is closed, what is other since then, and what that moved.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5: a restated figure stands beside the one that was reported, with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from carbonledger.core.findings import Finding, Message, clauses
from carbonledger.core.language import Lang, has_label, word
from carbonledger.reporting.console import number

__all__ = ["ClosedFigure", "StandingState", "YearStanding", "differing_figures", "figure_data"]

StandingState = Literal["closed", "changed", "reopened"]
# So many changes stand in the finding; all of them stand at the head of the report.
_MOST_NAMED = 5
# What sums in another order may move, relative to themselves or to the largest figure.
_SAME = 1e-11


@dataclass(frozen=True, slots=True)
class ClosedFigure:
    """A result as it was closed, and as it is now.

    Parameters
    ----------
    name : str
        A scope, or a total by one of the methods of scope 2.
    closed, now : float or None
        t CO2e; None where it was, or is, not calculated.
    """

    name: str
    closed: float | None
    now: float | None

    @property
    def change(self) -> float | None:
        """The difference, t CO2e; None if one of the two is missing."""
        return None if self.closed is None or self.now is None else self.now - self.closed

    def label(self, lang: Lang) -> str:
        """Its name in a language."""
        key = f"figure_{self.name}"
        return word(key if has_label(key) else self.name, lang)

    def text(self, lang: Lang) -> str:
        """The two figures and their difference as one sentence."""
        change = self.change
        return word(
            "closed_figure",
            lang,
            name=self.label(lang),
            closed=number(self.closed, 4),
            now=number(self.now, 4),
            change="–" if change is None else f"{'+' if change > 0 else ''}{number(change, 4)}",
        )


@dataclass(frozen=True, slots=True)
class YearStanding:
    """What the log of a book says of a year, held against the year as it is now.

    Parameters
    ----------
    state : {"closed", "changed", "reopened"}
        Closed and unchanged; closed, and something is other since then; opened again with a reason.
    year, closing : int
        The year, and which closing it is about, counted from 1.
    closed_on : str
        The day of that closing.
    reason : str
        Why it was closed with findings; empty if there were none.
    reopened_on, reopened_for : str
        The day and the reason of the reopening; empty if it is not open.
    changes : tuple of Message
        What is other than when it was closed.
    compared_closing : int
        Which closing the figures stand beside: this one if the year is open or changed, the one before if it was closed again.
    figures : tuple of ClosedFigure
        The results that differ from those of that closing; empty if none does.
    withdrawn : tuple of str
        Editions that the closed year rests on and that were withdrawn since.
    """

    state: StandingState
    year: int
    closing: int
    closed_on: str
    reason: str = ""
    reopened_on: str = ""
    reopened_for: str = ""
    changes: tuple[Message, ...] = ()
    compared_closing: int = 0
    figures: tuple[ClosedFigure, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def lines(self, lang: Lang) -> list[str]:
        """The sentences at the head of a report.

        Parameters
        ----------
        lang : {"en", "zh"}
            In which language.

        Returns
        -------
        list of str
            The state first, then every change, then the figures as closed and as they are now.
        """
        values = {"year": str(self.year), "closing": str(self.closing), "day": self.closed_on}
        if self.state == "reopened":
            reopened = {"reopened": self.reopened_on, "reason": self.reopened_for}
            lines = [word("standing_reopened", lang, **values, **reopened)]
        else:
            lines = [word(f"standing_{self.state}", lang, **values)]
        if self.reason:
            lines.append(word("standing_reason", lang, reason=self.reason))
        lines += [f"- {change.text(lang)}" for change in self.changes]
        if self.figures:
            lines.append(word("standing_restated", lang, closing=str(self.compared_closing)))
            lines += [f"- {figure.text(lang)}" for figure in self.figures]
        elif self.changes:
            lines.append(word("standing_same_figures", lang, closing=str(self.compared_closing)))
        return lines

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a report lists among its findings: an error for changes of a closed year, notes for the rest."""
        found = []
        if self.state == "changed":
            named = clauses(self.changes[:_MOST_NAMED])
            values = {"year": self.year, "closing": self.closing, "count": len(self.changes), "changes": named}
            found.append(Finding.of("CLOSED_YEAR.changed", **values).about((), self._tonnes_moved))
        if self.state == "reopened":
            found.append(Finding.of("CLOSED_YEAR.reopened", year=self.year, reason=self.reopened_for))
        if self.withdrawn:
            found.append(Finding.of("CLOSED_YEAR.withdrawn", year=self.year, editions=self.withdrawn))
        return tuple(found)

    @property
    def _tonnes_moved(self) -> float | None:
        """The largest change of a figure, t CO2e; None if none is known."""
        return max((abs(item.change) for item in self.figures if item.change is not None), default=None)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The standing as plain data."""
        return {
            "state": self.state,
            "year": self.year,
            "closing": self.closing,
            "closed_on": self.closed_on,
            "reason": self.reason,
            "reopened_on": self.reopened_on or None,
            "reopened_for": self.reopened_for or None,
            "changes": [change.text(lang) for change in self.changes],
            "compared_closing": self.compared_closing or None,
            "figures": [figure_data(figure, lang) for figure in self.figures],
            "withdrawn_editions": list(self.withdrawn),
        }


def figure_data(figure: ClosedFigure, lang: Lang) -> dict[str, Any]:
    """A figure as closed and now as plain data, t CO2e."""
    return {
        "name": figure.name,
        "label": figure.label(lang),
        "closed_tco2e": figure.closed,
        "now_tco2e": figure.now,
        "change_tco2e": figure.change,
    }


def differing_figures(
    closed: Mapping[str, str | None], now: Mapping[str, str | None], names: Sequence[tuple[str, str]]
) -> tuple[ClosedFigure, ...]:
    """The results of a closing and of now side by side, if any of them differs.

    Parameters
    ----------
    closed, now : mapping of str to (str or None)
        Results by name as a lock keeps them.
    names : sequence of (str, str)
        What each is called here, and in the lock.

    Returns
    -------
    tuple of ClosedFigure
        All of them, so that what did not move is seen too; empty if none differs.
    """
    found = tuple(
        ClosedFigure(name, _tonnes(closed.get(key)), _tonnes(now.get(key)))
        for name, key in names
        if key in closed or key in now
    )
    largest = max((abs(value) for item in found for value in (item.closed, item.now) if value is not None), default=0.0)
    return found if any(_differs(item, largest) for item in found) else ()


def _differs(figure: ClosedFigure, largest: float) -> bool:
    """Whether a figure moved by more than sums in another order may."""
    if figure.closed is None or figure.now is None:
        return figure.closed is not figure.now
    return not math.isclose(figure.closed, figure.now, rel_tol=_SAME, abs_tol=_SAME * largest)


def _tonnes(text: str | None) -> float | None:
    """A result as a number; None where there is none."""
    return None if text is None else float(text)
