"""The pictures of a report as Altair charts, to be looked at in a notebook, changed, or saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonledger.core.language import Lang
from carbonledger.pages.pictures import chart
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import altair as alt

__all__ = ["Plots"]


@dataclass(frozen=True, slots=True)
class Plots:
    """The pictures of one report; each is None where the book has nothing to draw.

    Parameters
    ----------
    report : Report
        Of a book.

    Examples
    --------
    >>> import carbonledger as cl
    >>> year = cl.open_book("seeds/techen-2024").reporting_year()
    >>> year.plot.scopes().title.text
    'Greenhouse gas emissions by scope, 2024'
    >>> year.plot.year_on_year() is None
    True
    """

    report: Report = field(repr=False)

    def year_on_year(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Emissions of the year beside the previous one, by scope [t CO2e]."""
        return chart(self.report, "year_on_year", lang)

    def scopes(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Emissions by scope, scope 2 by both methods where the book forms both [t CO2e]."""
        return chart(self.report, "scopes", lang)

    def gases(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Emissions by gas [t CO2e]."""
        return chart(self.report, "gases", lang)

    def energy_mix(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Energy by carrier [GJ]."""
        return chart(self.report, "energy_mix", lang)

    def months(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Emissions by month and scope [t CO2e]."""
        return chart(self.report, "months", lang)

    def uncertainty(self, lang: Lang = "en") -> alt.LayerChart | None:
        """What contributes to the variance of the total emissions [%]; None without a table ``[uncertainty]`` in the book."""
        return chart(self.report, "uncertainty", lang)
