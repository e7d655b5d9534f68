"""A year as it was closed, as its book stands, and as it would be calculated with what had been published by a day.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5: a restated figure stands beside the one that was reported, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.reporting.console import number
from carbonledger.reporting.standing import YearStanding
from carbonledger.scenarios.effect import Effect, LineEffect

__all__ = ["Restatement"]

_LONGEST = 20


@dataclass(frozen=True)
class Restatement:
    """A year as it would be calculated now.

    Parameters
    ----------
    year : int
        Which year.
    as_of : date
        Nothing published later is used.
    standing : YearStanding or None
        What is other since it was closed, figures as closed and now side by side; None if it never was closed.
    newer : tuple of (str, str)
        A pinned edition, and the newer one that stands beside it or in its place, of those that had been published by the day.
    effect : Effect
        The year as its book stands, and by the newer editions: t CO2e and GJ by scope, activity and line.
    findings : tuple of Finding
        What the newer editions leave without a factor.
    """

    year: int
    as_of: date
    standing: YearStanding | None
    newer: tuple[tuple[str, str], ...]
    effect: Effect
    findings: tuple[Finding, ...] = ()

    @property
    def moved(self) -> tuple[LineEffect, ...]:
        """The lines whose figures differ, each with the factor that is used and the one that would be."""
        return self.effect.lines

    @property
    def exit_code(self) -> int:
        """1 if the newer editions leave anything without a factor, else 0."""
        return int(any(finding.severity == "error" for finding in self.findings))

    def lines(self, lang: Lang) -> Iterator[str]:
        """The restatement in sentences: as closed, as the book stands, and by what had been published by the day."""
        years = {"year": str(self.year), "as_of": str(self.as_of)}
        if self.standing is None:
            yield word("restated_never_closed", lang, **years)
        else:
            yield from self.standing.lines(lang)
        total = self.effect.totals["location_based"]
        if not self.moved:
            yield word("restated_same", lang, **years)
            return
        values = {
            name: number(value, 4)
            for name, value in (("before", total.before), ("after", total.after), ("change", total.difference))
        }
        is_part = self.effect.before.is_part or self.effect.after.is_part
        yield word("restated_part" if is_part else "restated_total", lang, **years, **values)
        for item in self.moved[:_LONGEST]:
            place = " / ".join(part for part in (item.entity, item.site, item.source, item.activity) if part)
            yield word(
                "restated_line",
                lang,
                place=place,
                before=item.factor_before or "–",
                after=item.factor_after or "–",
                change=number(item.emissions.difference, 4),
            )
        if len(self.moved) > _LONGEST:
            yield word("what_if_more_lines", lang, count=f"{len(self.moved) - _LONGEST:,}")

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data for JSON."""
        data = {
            "year": self.year,
            "as_of": str(self.as_of),
            "standing": self.standing.to_dict(lang) if self.standing else None,
            "newer_editions": [{"edition": old, "newer": new} for old, new in self.newer],
            "difference": self.effect.to_dict(),
            "lines": [item.to_dict() for item in self.moved],
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain
