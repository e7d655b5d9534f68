"""A table as its settings say: columns by what they hold, what all rows have in common, labels filled down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.activity_data.entry_headings import NUMBER_FIELDS, field_of_heading, unit_of_heading
from carbonledger.activity_data.total_rows import is_total
from carbonledger.activity_data.wide_headings import carrier_of, is_place, month_of
from carbonledger.core.activities import known_activity
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label, did_you_mean
from carbonledger.tables.column import Column, is_filled, objects
from carbonledger.tables.headings import folded_heading, heading_and_bracket, joined_heading, split_heading
from carbonledger.tables.table import Table

if TYPE_CHECKING:
    from carbonledger.activity_data.table_settings import TableSettings

__all__ = ["SettledTable", "blank_labels", "label_columns", "settled_table", "unmatched_settings"]

# Labels that are filled down where the settings ask for it.
_LABELS = ("entity", "site", "source", "activity", "unit", "period", "year", "month", "start", "end", "region")
# Labels that a table may do without, so that an empty cell is no defect.
_OPTIONAL_LABELS = ("entity", "site")
_READINGS = frozenset({"reading", "reading_start", "reading_end"})
# The values of findings that are headings.
_HEADINGS = frozenset({"heading", "headings", "first", "second", "last"})
_NONE = Label("none", "无")
_IGNORED, _TOTAL = frozenset({"", "ignore"}), "total"


@dataclass(slots=True)
class SettledTable:
    """A table that its settings have been applied to.

    Parameters
    ----------
    table : Table
        With headings that the readers of entries understand.
    findings : list of Finding
        What the settings state that the table does not have, and what was done; with their place.
    own_headings : dict of str to str
        The headings as written, by those that stand for them.
    """

    table: Table
    findings: list[Finding] = field(default_factory=list)
    own_headings: dict[str, str] = field(default_factory=dict)

    def say(self, key: str, *, column: str = "", **values: Any) -> None:
        """Keep a finding at the headings of the table."""
        row = self.table.heading_row if self.table.headings else None
        self.findings.append(self.table.place(Finding.of(key, **values), row, column))

    def in_own_words(self, finding: Finding) -> Finding:
        """A finding with the headings as they are written."""
        if not self.own_headings:
            return finding
        values = tuple((name, self._own(value) if name in _HEADINGS else value) for name, value in finding.says.values)
        says = Message(finding.says.key, values)
        return replace(finding, says=says, column=self.own_headings.get(finding.column, finding.column))

    def _own(self, value: Any) -> Any:
        """A heading, or several, as written."""
        if isinstance(value, tuple):
            return tuple(self.own_headings.get(item, item) for item in value)
        return self.own_headings.get(value, value)


def settled_table(table: Table, settings: TableSettings, country: str = "") -> SettledTable:
    """A table as its settings say.

    Parameters
    ----------
    table : Table
        In the form that the settings state.
    settings : TableSettings
        Those that mean it.
    country : str
        Where the table was written.

    Returns
    -------
    SettledTable
        Its findings are errors where a setting cannot take effect.
    """
    settled = SettledTable(table)
    if not table.headings:
        return settled
    _fill_down(settled, settings)
    _name_columns(settled, settings, country)
    _add_constants(settled, settings)
    return settled


def _position(table: Table, heading: str) -> int | None:
    """The column of a heading, however its spaces and width are written; ``heading#2`` is the second that has it."""
    for wanted, number in ((heading, "1"), heading.rpartition("#")[::2]):
        exact = [at for at, own in enumerate(table.headings) if own == wanted]
        folded = [at for at, own in enumerate(table.headings) if own and folded_heading(own) == folded_heading(wanted)]
        places = exact or folded
        if number.isdecimal() and 1 <= int(number[:4]) <= len(places):
            return places[int(number[:4]) - 1]
    return None


def _no_column(settled: SettledTable, heading: str) -> None:
    """Say that a setting names a column that is not there."""
    from rapidfuzz import fuzz, process

    headings = [own for own in settled.table.headings if own]
    near = process.extractOne(heading, headings, scorer=fuzz.ratio, score_cutoff=60)
    hint = did_you_mean([near[0]] if near else [])
    settled.say("TABLE_SETTING.no_column", heading=heading, hint=hint, headings=tuple(headings))


def _name_columns(settled: SettledTable, settings: TableSettings, country: str) -> None:
    """Give the columns the headings of what they hold."""
    headings = list(settled.table.headings)
    for heading, meaning in settings.columns.items():
        at = _position(settled.table, heading)
        if at is None:
            _no_column(settled, heading)
            continue
        own = settled.table.headings[at]
        headings[at] = _heading_for(own, meaning, settings.unit, country)
        if headings[at] not in {"", own}:
            if headings[at] in settled.own_headings:
                first = settled.own_headings[headings[at]]
                settled.say("TABLE_SETTING.double", column=own, first=first, second=own, holds=meaning)
            settled.own_headings.setdefault(headings[at], own)
    settled.table = replace(settled.table, headings=tuple(headings))


def _heading_for(own: str, meaning: str, unit: str, country: str) -> str:
    """A heading that says what a column holds, with the unit that its own heading states."""
    if meaning in _IGNORED:
        return ""
    if is_total(own) and meaning == _TOTAL:
        return own
    meaning = f"{meaning[6:]}月" if meaning.startswith("month ") else meaning
    if month_of(own) and month_of(own) == month_of(meaning):
        return own
    if carrier_of(own)[0] in {meaning, known_activity(meaning)} - {""}:
        return own
    name, stated = heading_and_bracket(meaning)
    if stated and unit_of_heading(stated):
        return _of_group(own, meaning, country)
    holds = field_of_heading(meaning)
    if holds == meaning and field_of_heading(own) == holds:
        # What a heading says beyond its field, such as the day in 抄表日期, stays.
        return own
    is_activity = _is_activity(meaning)
    inside = _unit_in(own) or (unit if is_activity else "")
    holds_numbers = is_activity or holds in NUMBER_FIELDS
    return _of_group(own, f"{name}({inside})" if inside and holds_numbers else meaning, country)


def _of_group(own: str, heading: str, country: str) -> str:
    """The heading of an activity with the site or company above its own heading, if that is one."""
    group, below = split_heading(own)
    if not below or not _is_activity(heading):
        return heading
    unit = unit_of_heading(heading_and_bracket(heading)[1])
    return joined_heading(group, heading) if is_place(group, unit, country) else heading


def _is_activity(meaning: str) -> bool:
    """Whether a column holds the amounts of an activity."""
    name = heading_and_bracket(meaning)[0]
    return not field_of_heading(name) and bool(known_activity(meaning) or known_activity(name))


def _unit_in(heading: str) -> str:
    """The unit that a heading states, in brackets or as its last word."""
    name, inside = heading_and_bracket(heading)
    if inside:
        return inside
    last = name.replace("_", " ").split()[-1:]
    return last[0] if last and last[0] != name and unit_of_heading(last[0]) else ""


def _add_constants(settled: SettledTable, settings: TableSettings) -> None:
    """Add what all rows have in common as columns."""
    table = settled.table
    fields = {name: heading for heading in table.headings if (name := field_of_heading(heading))}
    has_activities = any(map(_is_activity, settings.columns.values()))
    headings, columns = list(table.headings), list(table.columns)
    count = len(table.numbers)
    for name, value in settings.constants.items():
        clash = _clash(name, fields)
        if clash:
            own = settled.own_headings.get(clash, clash)
            settled.say("TABLE_SETTING.has_column", column=own, name=name, heading=own)
        elif name == "multiplier" and not _READINGS & set(fields):
            settled.say("TABLE_SETTING.no_readings")
        elif not (name == "unit" and has_activities):
            headings.append(name)
            columns.append(Column(codes=np.zeros(count, dtype=np.intp), values=[value]))
    settled.table = replace(table, headings=tuple(headings), columns=tuple(columns))


def _clash(name: str, fields: Mapping[str, str]) -> str:
    """The heading of the column that says already what all rows shall have in common; empty if there is none."""
    alike = ("year", "period", "start") if name == "year" else (name,)
    return next((fields[other] for other in alike if other in fields), "")


def label_columns(table: Table) -> dict[str, int]:
    """The columns of labels by field, the first of each."""
    found: dict[str, int] = {}
    for at, heading in enumerate(table.headings):
        name = field_of_heading(heading)
        if name in _LABELS:
            found.setdefault(name, at)
    return found


def _fill_down(settled: SettledTable, settings: TableSettings) -> None:
    """Give the label above to the empty cells beneath it, but not in total rows and remarks."""
    if settings.fill_down in {None, False}:
        return
    chosen = list(_filled_columns(settled, settings))
    table = settled.table
    columns, count = list(table.columns), 0
    totals = _total_rows(table)
    others = [column for at, column in enumerate(table.columns) if at not in chosen]
    has_more = [any(is_filled(column[row]) for column in others) for row in range(len(table.numbers))]
    for at in chosen:
        cells, above = list(columns[at].cells), None
        for row, cell in enumerate(cells):
            if is_filled(cell):
                above = None if row in totals else cell
            elif above is not None and has_more[row] and row not in totals:
                cells[row], count = above, count + 1
        columns[at] = Column(objects(cells))
    settled.table = replace(table, columns=tuple(columns))
    if count:
        headings = tuple(table.headings[at] for at in chosen)
        settled.say("LABELS_FILLED_DOWN", count=count, headings=headings)
    else:
        settled.say("TABLE_STATED.nothing_to_fill")


def _filled_columns(settled: SettledTable, settings: TableSettings) -> Iterator[int]:
    """The columns that are filled down."""
    table = settled.table
    meanings = {folded_heading(heading): meaning for heading, meaning in settings.columns.items()}
    if settings.fill_down is True:
        for at, heading in enumerate(table.headings):
            if field_of_heading(meanings.get(folded_heading(heading), heading)) in _LABELS:
                yield at
        return
    for heading in settings.fill_down or ():
        place = _position(table, heading)
        if place is None:
            _no_column(settled, heading)
        elif field_of_heading(meanings.get(folded_heading(heading), heading)) not in _LABELS:
            settled.say("TABLE_SETTING.fills_numbers", column=heading, heading=heading)
        else:
            yield place


def _total_rows(table: Table) -> set[int]:
    """The positions of rows that name a total."""
    found: set[int] = set()
    for column in table.columns:
        is_named = column.rows_where(lambda cell: isinstance(cell, str) and is_total(cell))
        found |= set(np.flatnonzero(is_named).tolist())
    return found


def blank_labels(table: Table, settings: TableSettings | None) -> Iterator[Finding]:
    """A doubt for each column of companies or sites in which each name stands once, with empty cells between them.

    Parameters
    ----------
    table : Table
        With its labels as they stand.
    settings : TableSettings or None
        Those that mean it; if they say whether labels are filled down, there is no doubt.
    """
    if not table.file or (settings is not None and settings.fill_down is not None):
        return  # Rows of a program bear their own labels.
    for name, at in label_columns(table).items():
        if name not in _OPTIONAL_LABELS or table.columns[at].filled == len(table.numbers):
            continue
        totals = _total_rows(table)
        cells = [cell for row, cell in enumerate(table.columns[at].cells) if row not in totals]
        labels = [str(cell) for cell in cells if is_filled(cell)]
        begins = [row for row, cell in enumerate(cells) if is_filled(cell)]
        # Names with empty cells between them, or one name for all; empty cells behind several names belong to none.
        are_groups = len(labels) == 1 or begins[-1:] > [len(labels) - 1]
        if begins[:1] == [0] and are_groups and len(labels) == len(set(labels)):
            finding = Finding.of("BLANK_LABELS", count=len(cells) - len(labels), heading=table.headings[at])
            yield table.place(finding, table.heading_row, table.headings[at])


def unmatched_settings(
    tables: Sequence[TableSettings], seen: Sequence[tuple[str, str]]
) -> Iterator[tuple[TableSettings, Finding]]:
    """The settings that mean no table, each with its finding.

    Parameters
    ----------
    tables : sequence of TableSettings
        All of them.
    seen : sequence of (str, str)
        The files and sheets that were read.
    """
    files = list(dict.fromkeys(file for file, _ in seen))
    for item in tables:
        if any(item.is_for(file, sheet) for file, sheet in seen):
            continue
        own = [(file, sheet) for file, sheet in seen if item.model_copy(update={"sheet": ""}).is_for(file, sheet)]
        sheets = tuple(sheet for _, sheet in own if sheet)
        if not own:
            yield item, Finding.of("TABLE_SETTING.no_file", name=item.file, files=tuple(filter(None, files)) or _NONE)
        elif sheets:
            finding = Finding.of("TABLE_SETTING.no_sheet", sheet=item.sheet, sheets=sheets)
            yield item, finding.at(file=own[0][0])
        else:
            yield item, Finding.of("TABLE_SETTING.has_no_sheets", sheet=item.sheet).at(file=own[0][0])
