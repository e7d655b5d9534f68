"""What a report can be handed out as."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.activity_data.coverage import coverage_matrix
from carbonledger.activity_data.entries import Entries
from carbonledger.core.errors import BookError
from carbonledger.core.files import write_whole
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, word
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import pandas as pd

    from carbonledger.pages.plots import Plots

__all__ = ["ReportOutputs"]


class ReportOutputs(Report):
    """A report that writes itself as what a company hands out.

    Attributes
    ----------
    entries : Entries
        The entries of the reporting year.
    """

    entries: Entries

    def _repr_html_(self) -> str:
        from carbonledger.pages.record_cards import year_html

        names = self.settings["company"]
        name = str(names["name_en"] or names["name_zh"])
        return year_html(self, word("notebook_year_title", "en", name=name, year=str(self.year)), "en")

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Which months of the year each source covers, see `carbonledger.activity_data.coverage.coverage_matrix`."""
        places = {(place.entity, place.id): place for place in self.sites}
        return coverage_matrix(self.entries, self.year, self.first_month, places=places)

    @property
    def plot(self) -> Plots:
        """The pictures of the report as Altair charts, e.g. ``report.plot.scopes(lang="zh")``."""
        from carbonledger.pages.plots import Plots

        return Plots(self)

    def to_html(self, path: str | Path | None = None, *, lang: Lang = "en") -> str:
        """The report as one page that loads nothing: both languages, pictures, and every figure down to its lines.

        Parameters
        ----------
        path : path, optional
            Where to write it, whole or not at all; without it nothing is written.
        lang : {"en", "zh"}
            The language that is shown first.

        Returns
        -------
        str
            The HTML.

        Raises
        ------
        BookError
            If a package of the extra ``report`` is not installed, or the file cannot be written.
        EntriesError
            If nothing can be calculated.
        """
        from carbonledger.pages.report_page import report_page

        page = report_page(self, self.coverage, lang)
        if path is not None:
            write_whole(Path(path), page)
        return page

    def to_docx(self, path: str | Path, *, lang: Lang = "en") -> None:
        """Write the report as a Word document: tables and pictures to be pasted, with what must be said beside them.

        Parameters
        ----------
        path : path
            Where to write it, whole or not at all; its name ends in ``.docx``.
        lang : {"en", "zh"}
            The language of the whole document.

        Raises
        ------
        BookError
            If a package of the extra ``report`` is not installed, or the file cannot be written.
        EntriesError
            If nothing can be calculated.
        """
        from carbonledger.pages.word_report import word_report

        file = Path(path)
        if file.suffix.lower() != ".docx":
            raise BookError(Message.of("NOT_WRITTEN.suffix", file=str(file), suffix=".docx"))
        write_whole(file, word_report(self, lang))
