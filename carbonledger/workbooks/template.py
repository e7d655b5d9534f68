"""The template of a book as a workbook: instructions, the sheet to fill in, the activities to pick from, and the lists of the drop-downs.

Every sheet bears the mark by which the reader knows it (`carbonledger.tables.template_mark`), and the sheet to fill in a row of keys: only
what was written into the cells beneath these is read.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from carbonledger.core.language import Lang, word
from carbonledger.tables.template_mark import TEMPLATE_VERSION, TemplateMark
from carbonledger.tables.template_sheet import ASIDE
from carbonledger.workbooks.styles import CREATED, Styles, workbook_writer
from carbonledger.workbooks.template_content import Template
from carbonledger.workbooks.template_entries import EntrySheet
from carbonledger.workbooks.template_guide import write_activities, write_guide
from carbonledger.workbooks.template_lists import write_lists

__all__ = ["template_workbook"]

_SHEETS = ("guide", "entries", "activities", "lists")


@dataclass(frozen=True, slots=True)
class _Pages:
    """The sheets of the workbook by name."""

    guide: Any
    entries: Any
    activities: Any
    lists: Any


def template_workbook(template: Template, lang: Lang = "en") -> bytes:
    """A template as the bytes of an XLSX file, the same for the same book.

    Parameters
    ----------
    template : Template
        What it holds.
    lang : {"en", "zh"}
        The language of instructions and messages; headings are in both.

    Returns
    -------
    bytes

    Raises
    ------
    BookError
        If XlsxWriter is not installed.
    """
    stream = io.BytesIO()
    book = workbook_writer(stream)
    book.set_properties({"title": f"{template.title} {template.year}", "created": CREATED})
    book.set_size(24_000, 14_000)
    styles = Styles(book, lang)
    pages = _Pages(*(book.add_worksheet(word(f"template_sheet_{name}", lang)) for name in _SHEETS))
    lists = write_lists(book, pages.lists, template, _mark(template, ASIDE))
    write_guide(pages.guide, template, styles, lang, _mark(template, ASIDE))
    EntrySheet(pages.entries, template, styles, lang, lists).write(_mark(template, template.layout))
    write_activities(pages.activities, template, styles, lang, _mark(template, ASIDE))
    pages.entries.activate()
    book.close()
    return stream.getvalue()


def _mark(template: Template, part: str) -> str:
    """The mark of a sheet."""
    start = template.period.start
    return TemplateMark(TEMPLATE_VERSION, part, f"{start.year}-{start.month:02d}", template.names).text()
