"""The pictures of a report as Altair charts, to be looked at in a notebook, changed, or saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonledger.core.language import Lang
from carbonledger.pages.flow_data import flow_data
from carbonledger.pages.picture_data import picture_data
from carbonledger.pages.picture_style import WIDTH
from carbonledger.pages.pictures import chart, chart_of
from carbonledger.pages.target_picture import target_chart
from carbonledger.pages.years_data import years_data, years_of
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

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

    def change_effects(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Why emissions changed since the previous year: each effect from where the one before ends [t CO2e]."""
        return chart(self.report, "change_effects", lang)

    def scopes(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Emissions by scope, scope 2 by both methods where the book forms both [t CO2e]."""
        return chart(self.report, "scopes", lang)

    def gases(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Emissions by gas [t CO2e]."""
        return chart(self.report, "gases", lang)

    def energy_mix(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Energy by carrier [GJ]."""
        return chart(self.report, "energy_mix", lang)

    def target(self, name: str, lang: Lang = "en") -> alt.LayerChart | None:
        """The path of a target by its id, with the years, milestones and trend [t CO2e, or per unit]; None without a path."""
        found = next((item for item in self.report.targets if item.target.id == name), None)
        return None if found is None else target_chart(found, self.report, lang)

    def energy_flow(self, lang: Lang = "en", width: float = WIDTH) -> alt.LayerChart | None:
        """Energy from carriers through companies to its use [GJ], 640 pixels wide for A4 or 344 for a telephone."""
        data = picture_data(self.report, "energy_flow", lang)
        return None if data is None else chart_of(data, width)

    def years(self, *others: Report, axis: str = "scope", lang: Lang = "en", width: float = WIDTH) -> alt.LayerChart:
        """This year and others, stacked by ``scope``, ``entity`` or ``activity``, with their totals [t CO2e].

        Parameters
        ----------
        *others : Report
            The reports of other years of the company.
        axis : {"scope", "entity", "activity"}
            What is stacked.
        lang : {"en", "zh"}
            In which language.
        width : float
            Of the picture [pixels]: 640 for A4, 344 for a telephone.

        Raises
        ------
        BookError
            If something else is to be stacked.
        """
        return chart_of(years_of([self.report, *others], axis, lang), width)

    @staticmethod
    def stacked(frame: pd.DataFrame, title: str, lang: Lang = "en", width: float = WIDTH) -> alt.LayerChart:
        """Several years from any frame, what was reported beside what is restated [t CO2e].

        Parameters
        ----------
        frame : pandas.DataFrame
            ``year``, ``series``, ``emissions_tco2e``, and if need be ``basis`` (``reported``, ``restated``) and ``complete``, see
            `carbonledger.pages.years_data.years_data`.
        title : str
            What is shown.
        lang : {"en", "zh"}
            The language of the other words.
        width : float
            Of the picture [pixels].
        """
        return chart_of(years_data(frame, lang, title), width)

    @staticmethod
    def flow(frame: pd.DataFrame, title: str, lang: Lang = "en", width: float = WIDTH) -> alt.LayerChart:
        """An energy flow from any frame [GJ].

        Parameters
        ----------
        frame : pandas.DataFrame
            ``carrier``, ``company``, ``use``, ``energy_gj`` and if need be ``kind``, see `carbonledger.pages.flow_data.flow_data`.
        title : str
            What is shown, of which year.
        lang : {"en", "zh"}
            The language of the other words.
        width : float
            Of the picture [pixels].
        """
        return chart_of(flow_data(frame, lang, title), width)

    def table(self, name: str, lang: Lang = "en") -> pd.DataFrame | None:
        """The numbers of a picture by its name, see `carbonledger.pages.picture_records.PictureData.table`."""
        data = picture_data(self.report, name, lang)
        return None if data is None else data.table

    def months(self, lang: Lang = "en") -> alt.LayerChart | None:
        """Emissions by month and scope [t CO2e]."""
        return chart(self.report, "months", lang)

    def uncertainty(self, lang: Lang = "en") -> alt.LayerChart | None:
        """What contributes to the variance of the total emissions [%]; None without a table ``[uncertainty]`` in the book."""
        return chart(self.report, "uncertainty", lang)
