"""Whether figures that are no formulas still fit a workbook in which an amount was changed."""

from __future__ import annotations

from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1

__all__ = ["add_fit"]

# What binary arithmetic may leave of a total, as a fraction of it.
_SAME = 0.000001


def add_fit(words: ReportInLanguage, content: SheetContent) -> None:
    """The total that the figures of a sheet belong to, and whether it is still that of the workbook; nothing where there is no total.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    content : SheetContent
        A sheet whose figures are fixed.
    """
    inventory = words.report.inventory
    if not inventory.completeness.has_total:
        return
    total = float(inventory.total_location_based().magnitude)
    content.add()
    at = content.next_row
    fixed = a1(at, 1)
    difference = f"ABS(N(total_location_based)-{fixed})>{_SAME}*MAX(1,ABS({fixed}))"
    stale, fresh = (words.quoted(words.word(f"workbook_fit_{name}")) for name in ("old", "good"))
    verdict = Cell(words.word("workbook_fit_good"), "wrapped", f"IF({difference},{stale},{fresh})")
    content.add([Cell(words.word("workbook_fit"), "wrapped"), words.figure(total), verdict])
