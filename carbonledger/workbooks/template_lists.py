"""The hidden sheet of lists behind the drop-downs, and the names by which formulas call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from carbonledger.workbooks.template_content import Template

__all__ = ["TemplateLists", "write_lists"]

# The lists begin in this row, counted from 0; the mark stands above.
_FIRST = 2
_MOST_UNITS = 12
_ENTITIES, _SITES, _METERS, _ALL_UNITS, _ACTIVITIES, _COUNTS, _UNITS = range(7)


@dataclass(frozen=True, slots=True)
class TemplateLists:
    """Which lists there are, by the keys of the columns that choose from them; each as a formula of a validation.

    Parameters
    ----------
    sources : dict of str to str
        The formula of the list of each key; a list without items is left out.
    """

    sources: dict[str, str]

    def unit_source(self, activity_cell: str) -> str:
        """The units of the activity in a cell; all units for an activity that is in no list."""
        if "activity" not in self.sources:
            return self.sources.get("unit", "")
        at = f"MATCH({activity_cell},cl_activities,0)"
        own = f"OFFSET(cl_first_unit,{at}-1,0,1,INDEX(cl_unit_counts,{at}))"
        return f"=IF(COUNTIF(cl_activities,{activity_cell})=0,cl_units,{own})"


def write_lists(book: Any, sheet: Any, template: Template, mark: str) -> TemplateLists:
    """Write the lists and give them names.

    Parameters
    ----------
    book, sheet : xlsxwriter workbook and worksheet
        The sheet is hidden.
    template : Template
        What may be chosen.
    mark : str
        What the sheet says of itself.
    """
    sheet.write_string(0, 0, mark)
    units = {name: tuple(items[:_MOST_UNITS]) for name, items in template.units.items()}
    every_unit = list(dict.fromkeys(unit for items in units.values() for unit in items))
    lists: list[tuple[str, str, int, Sequence[Any]]] = [
        ("entity", "cl_entities", _ENTITIES, template.entities),
        ("site", "cl_sites", _SITES, template.sites),
        ("source", "cl_meters", _METERS, template.meters),
        ("unit", "cl_units", _ALL_UNITS, every_unit),
        ("activity", "cl_activities", _ACTIVITIES, list(units)),
        ("", "cl_unit_counts", _COUNTS, [len(items) for items in units.values()]),
    ]
    sources = {}
    for key, name, column, items in lists:
        if not items:
            continue
        _write_column(sheet, column, items)
        book.define_name(name, _range_of(sheet, column, len(items)))
        if key:
            sources[key] = f"={name}"
    for row, items in enumerate(units.values(), start=_FIRST):
        for column, unit in enumerate(items, start=_UNITS):
            sheet.write_string(row, column, unit)
    if units:
        book.define_name("cl_first_unit", _range_of(sheet, _UNITS, 1))
    sheet.protect()
    sheet.hide()
    return TemplateLists(sources)


def _write_column(sheet: Any, column: int, items: Sequence[Any]) -> None:
    """A list down a column; no text becomes a formula."""
    for row, item in enumerate(items, start=_FIRST):
        if isinstance(item, str):
            sheet.write_string(row, column, item)
        else:
            sheet.write_number(row, column, item)


def _range_of(sheet: Any, column: int, count: int) -> str:
    """The cells of a list as a formula names them."""
    letter = chr(ord("A") + column)
    name = sheet.get_name().replace("'", "''")
    return f"='{name}'!${letter}${_FIRST + 1}:${letter}${_FIRST + count}"
