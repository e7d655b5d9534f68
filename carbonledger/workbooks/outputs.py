"""The workbook of a reporting year, written and compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.core.language import Lang
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    from carbonledger.workbooks.comparison import WorkbookComparison
    from carbonledger.workbooks.edited_copy import EditedCopy

__all__ = ["WorkbookOutputs"]


class WorkbookOutputs(Report):
    """A reporting year that can be written as a workbook and held against an edited copy."""

    def to_excel(self, path: str | Path, lang: Lang = "en", *, replace: bool = False) -> Path:
        """Write the audit workbook: lines, coefficients, factors and tables with live formulas, whole or not at all.

        Parameters
        ----------
        path : str or Path
            Ends in ``.xlsx``; a workbook of a report that nobody has edited is replaced.
        lang : {"en", "zh"}
            The language of all texts.
        replace : bool
            Whether any other file that is there is replaced too.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        BookError
            If the name has another ending, another file is there, XlsxWriter is not installed, or the file cannot be written.
        """
        from carbonledger.workbooks.audit_workbook import write_audit_workbook

        return write_audit_workbook(self, path, lang, replace=replace)

    def compare_workbook(self, path: str | Path | EditedCopy) -> WorkbookComparison:
        """What an edited copy of the audit workbook says differently; nothing is taken over.

        Parameters
        ----------
        path : str or Path or EditedCopy
            The edited copy.

        Returns
        -------
        WorkbookComparison

        Raises
        ------
        EntriesError
            If the file cannot be read as a workbook.
        BookError
            If it is no workbook of this report, naming what it is of.
        """
        from carbonledger.workbooks.comparison import compare_workbook

        return compare_workbook(self, path)
