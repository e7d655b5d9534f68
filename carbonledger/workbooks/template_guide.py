"""The instructions of a template, and its sheet of activities to pick from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from carbonledger.core.language import Label, Lang, word
from carbonledger.workbooks.styles import StyleName, Styles, inert, lay_out
from carbonledger.workbooks.template_content import Template

__all__ = ["write_activities", "write_guide"]

_TITLE, _MARK, _BODY = 0, 1, 3
_WIDE, _NUMBERED = 100, 5
_TITLE_HEIGHT = 24
_LINE_HEIGHT, _SIGNS_IN_A_LINE = 15.0, {"en": 106, "zh": 58}
_COLOURS: tuple[tuple[StyleName, str], ...] = (
    ("input", "template_colour_input"),
    ("greyed", "template_colour_greyed"),
    ("heading", "template_colour_heading"),
)
_ACTIVITY_HEAD, _ACTIVITY_KEYS = (
    3,
    ("activity", "label_zh", "label_en", "kind", "units", "scope", "synonyms", "editions"),
)
_ACTIVITY_WIDTHS = (34, 26, 34, 12, 22, 8, 40, 44)


def write_guide(sheet: Any, template: Template, styles: Styles, lang: Lang, mark: str) -> None:
    """Write the instructions.

    Parameters
    ----------
    sheet : xlsxwriter worksheet
        Still empty.
    template : Template
        Whose layout and lists they explain.
    styles : Styles
        The look of its cells.
    lang : {"en", "zh"}
        Of the instructions.
    mark : str
        What the sheet says of itself.
    """
    title = word("template_guide_title", lang, company=template.title, year=str(template.year))
    sheet.write_string(_TITLE, 0, inert(title), styles("title"))
    sheet.write_string(_MARK, 0, mark, styles("mark"))
    row = _BODY
    for number, text in enumerate(_steps(template, lang), start=1):
        sheet.write_number(row, 0, number, styles("label"))
        sheet.write_string(row, 1, inert(text), styles("wrapped"))
        sheet.set_row(row, _LINE_HEIGHT * (len(text) // _SIGNS_IN_A_LINE[lang] + 1) + 4)
        row += 1
    row += 1
    for style, key in _COLOURS:
        sheet.write_blank(row, 0, None, styles(style))
        sheet.write_string(row, 1, word(key, lang), styles("plain"))
        row += 1
    lay_out(sheet, (_NUMBERED, _WIDE), _MARK, row)
    sheet.set_row(_TITLE, _TITLE_HEIGHT)
    sheet.set_portrait()
    sheet.protect()


def _steps(template: Template, lang: Lang) -> Iterator[str]:
    """The instructions, one after the other."""
    names = {name: word(f"template_sheet_{name}", lang) for name in ("entries", "activities")}
    yield word("template_step_fill", lang, sheet=names["entries"])
    yield word("template_step_sources", lang, sheet=names["activities"])
    yield word(f"template_step_{template.layout}", lang)
    yield word("template_step_units", lang)
    if "heating_value" in template.keys:
        yield word("template_step_heating_value", lang)
    if template.has_year_before:
        yield word("template_step_before", lang, year=str(template.year - 1))
    yield word("template_step_evidence", lang)
    yield word("template_step_form", lang)
    yield word("template_step_hand_in", lang)


def write_activities(sheet: Any, template: Template, styles: Styles, lang: Lang, mark: str) -> None:
    """Write the whole taxonomy: what to write into the column of activities, names in both languages, units and editions.

    Parameters
    ----------
    sheet, template, styles, lang, mark
        See `write_guide`.
    """
    sheet.write_string(_TITLE, 0, word("template_activities_title", lang), styles("title"))
    sheet.write_string(_MARK, 0, mark, styles("mark"))
    sheet.write_string(2, 0, word("template_activities_hint", lang), styles("label"))
    for column, key in enumerate(_ACTIVITY_KEYS):
        heading = Label.of(f"template_taxonomy_{key}")
        sheet.write_string(_ACTIVITY_HEAD, column, f"{heading.zh}\n{heading.en}", styles("heading"))
    rows = template.taxonomy[list(_ACTIVITY_KEYS)].astype(object)
    records = rows.where(rows.notna(), None).values.tolist()
    for row, record in enumerate(records, start=_ACTIVITY_HEAD + 1):
        for column, value in enumerate(record):
            if isinstance(value, str) and value:
                sheet.write_string(row, column, inert(value), styles("plain"))
            elif value is not None and value != "":
                sheet.write_number(row, column, int(value), styles("whole"))
    last = _ACTIVITY_HEAD + len(records)
    lay_out(sheet, _ACTIVITY_WIDTHS, _ACTIVITY_HEAD, last, frozen_columns=1)
    sheet.set_row(_TITLE, _TITLE_HEIGHT)
    sheet.set_row(_ACTIVITY_HEAD, 2 * _LINE_HEIGHT + 2)
    sheet.autofilter(_ACTIVITY_HEAD, 0, last, len(_ACTIVITY_KEYS) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True})
