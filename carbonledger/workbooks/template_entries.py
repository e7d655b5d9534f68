"""The sheet of a template that is filled in: a row of keys beneath the headings, drop-downs, checked numbers, the year before in grey."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal

from carbonledger.core.language import Label, Lang, has_label, word
from carbonledger.core.periods import Period
from carbonledger.tables.template_sheet import NOT_READ, WHOLE_YEAR
from carbonledger.workbooks.styles import Styles, lay_out
from carbonledger.workbooks.template_content import Template, TemplateSource, periods_to_fill
from carbonledger.workbooks.template_lists import TemplateLists

__all__ = ["EntrySheet"]

# Rows from the top, counted from 0: title, mark, hint, groups of columns, headings, keys; then the rows to be filled in.
_TITLE, _MARK, _HINT, _GROUPS, _HEADINGS, _KEYS, _BODY = range(7)
_SPARE_ROWS = 30
_WIDTHS = {
    "entity": 18,
    "site": 14,
    "source": 16,
    "activity": 30,
    "unit": 12,
    "factor": 20,
    WHOLE_YEAR: 13,
    "evidence": 18,
    "note": 24,
}
_WIDTH, _HEADING_HEIGHT, _GROUP_HEIGHT, _TITLE_HEIGHT = 11.5, 44, 20, 24
_A3, _A4 = 8, 9
_LARGEST_TITLE, _LARGEST_MESSAGE = 32, 255
# What a person may do on the protected sheet.
_ALLOWED = {
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
Kind = Literal["choice", "text", "amount", "date", "before", "sum", "change"]


@dataclass(frozen=True, slots=True)
class _ColumnPlan:
    """A column of the sheet.

    Parameters
    ----------
    key : str
        By which the reader knows it; that of columns that are never read is a dash.
    kind : str
        What its cells are.
    heading : Label
        Shown in both languages.
    period : Period or None
        Of a column of amounts, or the one that the figures of the year before are of; None for their sum.
    """

    key: str
    kind: Kind
    heading: Label
    period: Period | None = None


class EntrySheet:
    """The sheet that is filled in.

    Parameters
    ----------
    sheet : xlsxwriter worksheet
        Still empty.
    template : Template
        What it asks for.
    styles : Styles
        The look of its cells.
    lang : {"en", "zh"}
        Of messages and titles.
    lists : TemplateLists
        What may be chosen.
    """

    def __init__(self, sheet: Any, template: Template, styles: Styles, lang: Lang, lists: TemplateLists) -> None:
        self._sheet, self._template, self._styles, self._lang, self._lists = sheet, template, styles, lang, lists
        self._columns = list(_months_across(template) if template.layout == "months" else _rows_down(template))
        self._at = {column.key: at for at, column in enumerate(self._columns)}

    def write(self, mark: str) -> None:
        """Write headings, prepared and spare rows, and what Excel checks."""
        rows = list(self._prepared_rows())
        last = _BODY + len(rows) + _SPARE_ROWS - 1
        self._write_head(mark)
        for at in range(_BODY, last + 1):
            source, period = rows[at - _BODY] if at - _BODY < len(rows) else (None, None)
            self._write_row(at, source, period)
        for at, column in enumerate(self._columns):
            self._check_column(at, column, last)
        self._lay_out(last)

    def _prepared_rows(self) -> Iterator[tuple[TemplateSource, Period | None]]:
        """The sources, each once or once for each of its periods."""
        for source in self._template.sources:
            if self._template.layout == "months":
                yield source, None
            else:
                yield from ((source, period) for period in periods_to_fill(source, self._template.months))

    def _write_head(self, mark: str) -> None:
        """Title, mark, hint, groups of columns, headings and keys."""
        template, styles, lang = self._template, self._styles, self._lang
        title = word("template_title", lang, company=template.title, year=self._year_text())
        self._sheet.write_string(_TITLE, 0, title, styles("title"))
        self._sheet.write_string(_MARK, 0, mark, styles("mark"))
        hint = word(f"template_hint_{template.layout}", lang)
        self._sheet.write_string(_HINT, 0, hint, styles("label"))
        self._write_groups()
        for at, column in enumerate(self._columns):
            is_read = column.key != NOT_READ
            heading = f"{column.heading.zh}\n{column.heading.en}"
            self._sheet.write_string(_HEADINGS, at, heading, styles("heading" if is_read else "heading_greyed"))
            self._sheet.write_string(_KEYS, at, column.key, styles("mark"))

    def _year_text(self) -> str:
        """The year, or both calendar years that it touches."""
        first, last = self._template.period.start.year, self._template.period.last_day.year
        return str(first) if first == last else f"{first}/{last}"

    def _write_groups(self) -> None:
        """What stands above groups of columns: which year the amounts are of, and that grey is not read."""
        for key, years in (("amount", 0), ("before", -1)) if self._template.layout == "months" else (("before", -1),):
            first = next((at for at, column in enumerate(self._columns) if column.kind == key), None)
            if first is not None:
                year = str(self._template.year + years)
                self._sheet.write_string(
                    _GROUPS, first, word(f"template_group_{key}", self._lang, year=year), self._styles("subtitle")
                )

    def _write_row(self, row: int, source: TemplateSource | None, period: Period | None) -> None:
        """One row: its labels if it is prepared, empty cells to be filled in, figures of the year before and sums."""
        for at, column in enumerate(self._columns):
            if column.kind in {"choice", "text"}:
                text = source.labels.get(column.key, "") if source else ""
                self._write_input(row, at, text)
            elif column.kind == "amount":
                self._sheet.write_blank(row, at, None, self._styles("input_amount", unlocked=True))
            elif column.kind == "date":
                self._write_day(row, at, column.key, period)
            elif column.kind == "before":
                value = _before(source, column.period or period) if source else None
                self._write_before(row, at, value)
            else:
                style = self._styles("greyed_percent" if column.kind == "change" else "greyed_amount")
                self._sheet.write_formula(row, at, self._formula(column.kind, row), style, "")

    def _write_input(self, row: int, at: int, text: str) -> None:
        """A cell for a text, which is never a formula."""
        style = self._styles("input", unlocked=True)
        if text:
            self._sheet.write_string(row, at, text, style)
        else:
            self._sheet.write_blank(row, at, None, style)

    def _write_day(self, row: int, at: int, key: str, period: Period | None) -> None:
        """A cell for the first or the last day of a row."""
        style = self._styles("input_date", unlocked=True)
        if period is None:
            self._sheet.write_blank(row, at, None, style)
        else:
            day = period.start if key == "start" else period.last_day
            self._sheet.write_datetime(row, at, datetime.combine(day, time()), style)

    def _write_before(self, row: int, at: int, value: float | None) -> None:
        """A figure of the year before; nothing where none is known, never 0."""
        if value is None:
            self._sheet.write_blank(row, at, None, self._styles("greyed"))
        else:
            self._sheet.write_number(row, at, value, self._styles("greyed_amount"))

    def _formula(self, kind: Kind, row: int) -> str:
        """The sum of a row, or its change against the year before; nothing as long as nothing is written."""
        line = row + 1
        first, last = (self._letters(self._at[month]) for month in _months_of(self._columns))
        months, whole = f"{first}{line}:{last}{line}", f"{self._letters(self._at[WHOLE_YEAR])}{line}"
        own = f'IF(COUNT({months})>0,SUM({months}),IF(ISNUMBER({whole}),{whole},""))'
        if kind == "sum":
            return f"={own}"
        at = next(at for at, column in enumerate(self._columns) if column.kind == "before")
        total, before = (f"{self._letters(place)}{line}" for place in (at - 1, at))
        return f'=IF(AND(ISNUMBER({total}),ISNUMBER({before})),IF({before}=0,"",{total}/{before}-1),"")'

    @staticmethod
    def _letters(column: int) -> str:
        """The letters of a column counted from 0."""
        from xlsxwriter.utility import xl_col_to_name

        return str(xl_col_to_name(column))

    def _check_column(self, at: int, column: _ColumnPlan, last: int) -> None:
        """What Excel lets a person write into a column."""
        rule = self._rule_of(column)
        if rule is not None:
            self._sheet.data_validation(_BODY, at, last, at, rule)
        if column.kind == "amount":
            first = f"{self._letters(at)}{_BODY + 1}"
            criteria = {"type": "formula", "criteria": f"=ISTEXT({first})", "format": self._styles("warning")}
            self._sheet.conditional_format(_BODY, at, last, at, criteria)

    def _rule_of(self, column: _ColumnPlan) -> dict[str, Any] | None:
        """The check of a column; None if any text will do."""
        if column.kind == "amount":
            return {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "stop", **self._says("amount")}
        if column.kind == "date":
            span = self._template.period
            days = {"minimum": span.start - timedelta(days=366), "maximum": span.end + timedelta(days=366)}
            return {"validate": "date", "criteria": "between", "error_type": "stop", **days, **self._says("date")}
        if column.key in {"data_type", "heating_value"}:
            words = [word(f"template_word_{name}", self._lang) for name in _WORDS_OF[column.key]]
            return {"validate": "list", "source": words, "error_type": "stop", **self._says(column.key)}
        if column.key == "unit":
            cell = f"${self._letters(self._at['activity'])}{_BODY + 1}"
            source = self._lists.unit_source(cell)
        else:
            source = self._lists.sources.get(column.key, "")
        return (
            {"validate": "list", "source": source, "error_type": "warning", **self._says(column.key)}
            if source
            else None
        )

    def _says(self, name: str) -> dict[str, str]:
        """The messages of a check: what is shown beside a chosen cell, and when something else is written."""
        texts = {"error_title": f"template_check_{name}", "error_message": f"template_error_{name}"}
        if has_label(f"template_input_{name}"):
            texts |= {"input_title": f"template_check_{name}", "input_message": f"template_input_{name}"}
        most = {"error_title": _LARGEST_TITLE, "input_title": _LARGEST_TITLE}
        return {key: word(text, self._lang)[: most.get(key, _LARGEST_MESSAGE)] for key, text in texts.items()}

    def _lay_out(self, last: int) -> None:
        """Widths, frozen headings and labels, the printed page, and the protection without a password."""
        widths = [_WIDTHS.get(column.key, _WIDTH) for column in self._columns]
        frozen = self._at["unit"] + 1
        lay_out(self._sheet, widths, _KEYS, last, frozen_columns=frozen)
        self._sheet.set_row(_TITLE, _TITLE_HEIGHT)
        self._sheet.set_row(_GROUPS, _GROUP_HEIGHT)
        self._sheet.set_row(_HEADINGS, _HEADING_HEIGHT)
        self._sheet.set_paper(_A3 if self._template.layout == "months" else _A4)
        self._sheet.repeat_rows(_HEADINGS, _KEYS)
        self._sheet.print_area(0, 0, last, self._at["note"])
        self._sheet.protect("", _ALLOWED)


_WORDS_OF = {"data_type": ("actual", "estimated"), "heating_value": ("net", "gross")}


def _months_of(columns: list[_ColumnPlan]) -> tuple[str, str]:
    """The keys of the first and the last month."""
    keys = [column.key for column in columns if column.kind == "amount" and column.key != WHOLE_YEAR]
    return keys[0], keys[-1]


def _heading(key: str) -> Label:
    """The heading of a column."""
    return Label.of(f"template_column_{key}")


def _month_heading(period: Period) -> Label:
    """A month in both languages, such as 3月 and Mar."""
    from babel.dates import get_month_names

    names = {lang: get_month_names("abbreviated", locale=lang)[period.start.month] for lang in ("en", "zh")}
    return Label(names["en"], names["zh"])


def _labels(template: Template) -> Iterator[_ColumnPlan]:
    """The columns that say of what a row is."""
    for key in template.keys:
        chosen = key in {"entity", "site", "source", "activity", "unit", "heating_value"}
        yield _ColumnPlan(key, "choice" if chosen else "text", _heading(key))


def _months_across(template: Template) -> Iterator[_ColumnPlan]:
    """Labels, the months, the whole year, sums beside the year before, evidence and note; then the months of the year before."""
    yield from _labels(template)
    for month in template.months:
        yield _ColumnPlan(_key_of(month), "amount", _month_heading(month), month)
    yield _ColumnPlan(WHOLE_YEAR, "amount", _heading("whole_year"), template.period)
    yield _ColumnPlan(NOT_READ, "sum", _heading("sum"))
    if template.has_year_before:
        yield _ColumnPlan(NOT_READ, "before", _heading("before"))
        yield _ColumnPlan(NOT_READ, "change", _heading("change"))
    yield _ColumnPlan("evidence", "text", _heading("evidence"))
    yield _ColumnPlan("note", "text", _heading("note"))
    for month in template.months if template.has_year_before else ():
        yield _ColumnPlan(NOT_READ, "before", _month_heading(month), month)


def _rows_down(template: Template) -> Iterator[_ColumnPlan]:
    """Labels, first and last day, the amount beside that of the year before, how it was obtained, evidence and note."""
    yield from _labels(template)
    yield _ColumnPlan("start", "date", _heading("start"))
    yield _ColumnPlan("end", "date", _heading("end"))
    yield _ColumnPlan("amount", "amount", _heading("amount"))
    if template.has_year_before:
        yield _ColumnPlan(NOT_READ, "before", _heading("before"))
    yield _ColumnPlan("data_type", "choice", _heading("data_type"))
    yield _ColumnPlan("evidence", "text", _heading("evidence"))
    yield _ColumnPlan("note", "text", _heading("note"))


def _key_of(month: Period) -> str:
    """The key of a month, such as 2025-03."""
    return f"{month.start.year}-{month.start.month:02d}"


def _before(source: TemplateSource, period: Period | None) -> float | None:
    """What a source used in the same period of the year before; the sum of all for no period; None if it is not known."""
    return source.used_before if period is None else source.before_in(period)
