"""The look of every workbook: formats by name, page layout of a sheet, and texts that no program takes for a formula."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal

from carbonledger.activity_data.reject_columns import shielded
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import printable

__all__ = ["CREATED", "OPTIONS", "StyleName", "Styles", "inert", "lay_out", "workbook_writer"]

StyleName = Literal[
    "plain",
    "wrapped",
    "title",
    "subtitle",
    "heading",
    "note",
    "warning",
    "good",
    "input",
    "input_amount",
    "input_date",
    "greyed",
    "greyed_amount",
    "greyed_percent",
    "heading_greyed",
    "mark",
    "label",
    "label_total",
    "whole",
    "month",
    "amount",
    "amount_total",
    "tonnes",
    "tonnes_total",
    "factor",
    "percent",
    "percent_total",
    "date",
    "link",
]

# No text becomes a formula, number or link by itself; a figure that is no number is refused by whoever writes it.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
# Two runs of one book give the same bytes, so that a workbook carries no clock of the machine.
CREATED = datetime(1980, 1, 1)
_LONGEST_TEXT = 32_000
# Characters of a row that a page of A4 landscape shows at two thirds of their size.
_PAGE_WIDTH = 230
_FONT = {"en": "Calibri", "zh": "Microsoft YaHei"}
_INK, _PALE, _RULE = "#1F3A4D", "#E4ECF1", "#B7C4CC"
_GENERAL: dict[str, Any] = {"valign": "top"}
_TEXT: dict[str, Any] = {"align": "left", "indent": 1}
_TOTAL: dict[str, Any] = {"bold": True, "top": 1, "top_color": _INK, "bg_color": "#F3F6F8"}
# Every digit of a small amount, thousands apart in a large one.
_AS_STATED = "[>=1000]#,##0.00;General"
_TONNES, _AMOUNT, _PERCENT = "#,##0.0000", "#,##0.00", '0.00"%"'

_STYLES: dict[str, dict[str, Any]] = {
    "plain": _TEXT,
    "wrapped": {"text_wrap": True, **_TEXT},
    "title": {"bold": True, "font_size": 15, "font_color": _INK},
    "subtitle": {"bold": True, "font_size": 12, "font_color": _INK},
    "heading": {"bold": True, "font_color": "#FFFFFF", "bg_color": _INK, "border": 1, "border_color": _RULE}
    | {"text_wrap": True, "valign": "vcenter", "align": "center"},
    "note": {"italic": True, "font_color": "#55636C", "text_wrap": True},
    "warning": {"bold": True, "font_color": "#9C1C1C", "bg_color": "#FDECEA", "text_wrap": True},
    "good": {"bold": True, "font_color": "#1D5E3A", "bg_color": "#E8F5EC", "text_wrap": True},
    "input": {"bg_color": "#FFF9E0", "border": 1, "border_color": _RULE},
    "input_amount": {"bg_color": "#FFF9E0", "border": 1, "border_color": _RULE, "num_format": _AS_STATED},
    "input_date": {"bg_color": "#FFF9E0", "border": 1, "border_color": _RULE, "num_format": "yyyy-mm-dd"},
    "greyed": {"font_color": "#6B767D", "bg_color": "#F1F3F4"},
    "greyed_amount": {"font_color": "#6B767D", "bg_color": "#F1F3F4", "num_format": _AS_STATED},
    "greyed_percent": {"font_color": "#6B767D", "bg_color": "#F1F3F4", "num_format": "0%"},
    "heading_greyed": {"font_color": "#55636C", "bg_color": "#DDE2E5", "border": 1, "border_color": _RULE}
    | {"text_wrap": True, "valign": "vcenter"},
    "mark": {"font_color": "#8A949A", "font_size": 7},
    "label": _TEXT,
    "label_total": {**_TEXT, **_TOTAL},
    "whole": {"num_format": "0", **_TEXT},
    "month": {"num_format": '0000"-"00', **_TEXT},
    "amount": {"num_format": _AMOUNT, "align": "right"},
    "amount_total": {"num_format": _AMOUNT, "align": "right", **_TOTAL},
    "tonnes": {"num_format": _TONNES, "align": "right"},
    "tonnes_total": {"num_format": _TONNES, "align": "right", **_TOTAL},
    "factor": {"num_format": "0.0#############", "align": "right"},
    "percent": {"num_format": _PERCENT, "align": "right"},
    "percent_total": {"num_format": _PERCENT, "align": "right", **_TOTAL},
    "date": {"num_format": "yyyy-mm-dd", **_TEXT},
    "link": {"font_color": "#1B5E8C", "underline": 1, **_TEXT},
}


class Styles:
    """The formats of one workbook, each made when it is first asked for.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        The workbook that is being written.
    lang : {"en", "zh"}
        Decides the font.
    """

    def __init__(self, book: Any, lang: Literal["en", "zh"]) -> None:
        self._book = book
        self._base = {**_GENERAL, "font_name": _FONT[lang], "font_size": 10}
        self._made: dict[tuple[str, bool], Any] = {}

    def __call__(self, name: StyleName, *, unlocked: bool = False) -> Any:
        """The format of a name; cells of it may be typed into on a protected sheet if it is unlocked."""
        if (name, unlocked) not in self._made:
            extra = {"locked": False} if unlocked else {}
            self._made[name, unlocked] = self._book.add_format({**self._base, **_STYLES[name], **extra})
        return self._made[name, unlocked]


def workbook_writer(stream: Any) -> Any:
    """A workbook that is written into a stream.

    Raises
    ------
    BookError
        If XlsxWriter is not installed, naming the extra.
    """
    if find_spec("xlsxwriter") is None:
        raise BookError(Message.of("EXCEL_MISSING.write"))
    import xlsxwriter

    return xlsxwriter.Workbook(stream, OPTIONS)


@cache
def inert(text: str) -> str:
    r"""A text of somebody else's as a cell may hold it: visible, never a formula, not even after the sheet is saved as CSV.

    Examples
    --------
    >>> inert("=HYPERLINK(1)"), inert("-12.5"), inert("a\tb")
    ("'=HYPERLINK(1)", '-12.5', 'a\\tb')
    """
    shown = shielded(printable(text, kept="\n"))
    return shown if len(shown) <= _LONGEST_TEXT else f"{shown[:_LONGEST_TEXT]} ..."


def lay_out(sheet: Any, widths: Sequence[float], heading_row: int, last_row: int, *, frozen_columns: int = 0) -> None:
    """Column widths, frozen headings, and the page: A4 landscape, as many pages wide as stay readable, headings repeated.

    Parameters
    ----------
    sheet : xlsxwriter worksheet
        Whose cells are written.
    widths : sequence of float
        Of its columns, in characters.
    heading_row, last_row : int
        Of the table, counted from 0; rows down to the headings stay in view and are printed on every page.
    frozen_columns : int
        How many columns stay in view.
    """
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(heading_row + 1, frozen_columns)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(math.ceil(sum(widths) / _PAGE_WIDTH), 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.repeat_rows(heading_row)
    if frozen_columns:
        sheet.repeat_columns(0, frozen_columns - 1)
    sheet.print_area(0, 0, max(last_row, heading_row), len(widths) - 1)
    sheet.set_footer("&L&F&C&A&R&P / &N")
