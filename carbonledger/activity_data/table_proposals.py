"""The ``[[table]]`` section that states how a table is read, ready to paste; what is uncertain stands in comments with its choices."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from carbonledger.activity_data.entry_headings import field_of_heading, known_fields, unit_of_heading
from carbonledger.activity_data.reading_explanation import ColumnReading, TableReading
from carbonledger.activity_data.table_settings import is_month
from carbonledger.core.activities import GRID_ELECTRICITY, OWN_GENERATION, taxonomy
from carbonledger.core.language import Lang, in_language, printable, word
from carbonledger.core.units import dimension_of
from carbonledger.tables.headings import heading_and_bracket

__all__ = ["proposed_section", "toml_text"]

_LABELS_EMPTY = frozenset({"EMPTY_ACTIVITY", "EMPTY_UNIT", "MISSING_PERIOD", "BLANK_LABELS"})
_NEEDED_PERIODS = frozenset({"year", "period", "start", "month"})
_MOST_CHOICES = 4
# Names of activities within a sentence.
_DOTTED = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")
# Settings that are kept as they were stated.
_KEPT = (
    "entity", "site", "source", "activity", "unit", "heating_value", "year", "multiplier", "fill_down", "skip_rows", "last_row", "hidden",
)  # fmt: skip


def toml_text(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_text, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def proposed_section(table: TableReading, lang: Lang = "en") -> str:
    """The section that gives the same entries when the table is read with it.

    Parameters
    ----------
    table : TableReading
        How it is read.
    lang : {"en", "zh"}
        The language of its comments.

    Returns
    -------
    str
        TOML, with a line feed at its end.
    """
    found = table.read.table
    if found.template is not None and not table.read.settings:
        return f"# {word('template_needs_no_section', lang, sheet=printable(found.sheet))}\n"
    lines = ["[[table]]", f"file = {toml_text(found.file)}"]
    if found.sheet:
        lines.append(f"sheet = {toml_text(found.sheet)}")
    if table.shape == "aside":
        return "\n".join([*lines, "skip = true", ""])
    lines += [*_stated(table), *_settled(table), *_asked(table)]
    keys = zip(_keys(table.columns), table.columns, strict=True)
    columns = [_column_lines(column, key, table) for key, column in keys if not _tells_by_heading(column, table)]
    lines += ["[table.columns]", *columns] if columns else []
    lines += _own_names(table, lang)
    return "\n".join([*lines, ""])


def _tells_by_heading(column: ColumnReading, table: TableReading) -> bool:
    """Whether only its own heading says what a column is, as those of the intervals of a day and of what stands beside them."""
    return table.shape == "intervals" and column.holds in {"interval", "ignore"}


def _stated(table: TableReading) -> Iterator[str]:
    """What the settings stated before."""
    settings, own = table.read.settings, table.read.table
    if own.headings:
        rows = own.heading_row if own.first_heading_row is None else (own.first_heading_row, own.heading_row)
        yield f"headings = {toml_text(rows)}"
    if settings is None:
        return
    are_months = any(is_month(column.holds) for column in table.columns)
    said = {*table.common, *(("year",) if are_months else ())}
    for name in _KEPT:
        value = getattr(settings, name)
        if value not in {"", None, ()} and name not in said:
            yield f"{name} = {toml_text(value)}"


def _settled(table: TableReading) -> Iterator[str]:
    """What was decided on reading."""
    for name, value in table.common.items():
        yield f"{name} = {toml_text(value)}"
    if table.decimal:
        yield f"decimal = {toml_text(table.decimal)}"
    if table.date_order:
        yield f"date_order = {toml_text(table.date_order)}"


def _asked(table: TableReading) -> Iterator[str]:
    """What is uncertain, each with its choices."""
    keys = {item.says.key for item in table.findings}
    rules = {item.rule for item in table.findings}
    errors = {item.rule for item in table.findings if item.severity == "error"}
    holds = {column.holds for column in table.columns}
    if "DECIMAL_SIGN" in rules:
        yield '# decimal = "."   # or ","'
    if "BAD_PERIOD.order_open" in keys:
        yield '# date_order = "day_first"   # or "month_first"'
    if "HIDDEN_CELLS" in errors:
        yield '# hidden = "count"   # or "skip"'
    if rules & _LABELS_EMPTY:
        yield "# fill_down = true   # or false"
    if "heating_value" not in holds and _has_fuel_in_energy(table):
        yield '# heating_value = "gross"   # or "net"'
    if "MISSING_COLUMN" in errors or _lacks_activity(table):
        yield from _missing(table, holds)


def _has_fuel_in_energy(table: TableReading) -> bool:
    """Whether a fuel is stated in units of energy without gross or net, which some publishers' factors need."""
    columns = table.read.rows.columns if table.read.rows else {}
    if not {"activity", "unit", "factor"} <= columns.keys():
        return False
    return any(
        activity and unit and taxonomy()[activity].kind == "fuel" and dimension_of(unit) == "energy"
        for activity, unit, words in set(zip(columns["activity"], columns["unit"], columns["factor"], strict=True))
        if not {"gross", "net"} & set(words.split())
    )


def _lacks_activity(table: TableReading) -> bool:
    """Whether running readings do not say of what they are."""
    is_unknown = any(item.rule == "UNKNOWN_ACTIVITY" for item in table.findings)
    return table.shape == "readings" and is_unknown and "activity" not in {column.holds for column in table.columns}


def _missing(table: TableReading, holds: set[str]) -> Iterator[str]:
    """What the table has no column for."""
    stated = {field_of_heading(heading) for heading in table.read.settled.headings}
    unit = next((column.unit for column in table.columns if column.unit), "")
    if table.shape == "readings":
        unit = unit or _bracket_unit(table)
    if "activity" not in holds | stated:
        yield f"# activity = {_choices(table, '', unit)}"
    if not unit and "unit" not in holds | stated:
        yield '# unit = "kWh"   # or "MWh", "t", "m3"'
    if not _NEEDED_PERIODS & (holds | stated):
        yield "# year = 2025"


def _bracket_unit(table: TableReading) -> str:
    """The unit of the readings."""
    heading = next((column.heading for column in table.columns if column.holds == "reading"), "")
    return unit_of_heading(heading_and_bracket(heading)[1])


def _column_lines(column: ColumnReading, key: str, table: TableReading) -> str:
    """What a column holds, as a line; in a comment if it has to be confirmed."""
    if column.is_certain:
        return f"{key} = {toml_text(column.holds)}"
    near = _proposed(column.heading, table)
    if near or column.holds == "ignore":
        return f"# {key} = {_alternatives([name for name in (near, 'ignore') if name])}"
    if column.holds in known_fields():
        return f"# {key} = {_alternatives([column.holds, 'ignore'])}"
    return f"# {key} = {_choices(table, column.holds, column.unit)}"


def _keys(columns: Sequence[ColumnReading]) -> Iterator[str]:
    """The key of each column: its heading, with a number behind it if another column has it before."""
    counts: dict[str, int] = {}
    for column in columns:
        counts[column.heading] = counts.get(column.heading, 0) + 1
        again = counts[column.heading]
        yield toml_text(column.heading if again == 1 else f"{column.heading}#{again}")


def _proposed(heading: str, table: TableReading) -> str:
    """The field that a misspelt heading may mean."""
    for finding in table.findings:
        if finding.rule == "MISSPELT_HEADING" and finding.column == heading:
            return field_of_heading(str(dict(finding.says.values)["proposed"]))
    return ""


def _choices(table: TableReading, text: str, unit: str) -> str:
    """The activities that a name may mean as the finding about it says, else those that are measured in a unit."""
    proposed: list[str] = []
    for finding in table.findings:
        values = dict(finding.says.values)
        if finding.rule == "UNKNOWN_ACTIVITY" and (not text or values.get("text") == text):
            named = _DOTTED.findall(str(in_language(values.get("proposed", ""), "en")))
            proposed = [name for name in named if name in taxonomy()]
            break
    usual = [GRID_ELECTRICITY, *OWN_GENERATION]
    names = sorted(dict.fromkeys([*proposed, *usual]), key=lambda name: (name not in proposed, name not in usual[:1]))
    fitting = [name for name in names if not unit or taxonomy()[name].measured_in(dimension_of(unit))]
    return _alternatives(fitting[: max(_MOST_CHOICES, len(proposed))] or ["..."])


def _alternatives(choices: Sequence[str]) -> str:
    """The first of some choices as a value, the others behind it."""
    first, *others = map(toml_text, choices)
    return f"{first}   # or {', '.join(others)}" if others else first


def _own_names(table: TableReading, lang: Lang) -> list[str]:
    """The names of activities that the taxonomy does not have, for ``[activities]`` of the book."""
    asked = {column.heading for column in table.columns if not column.is_certain}
    names = {
        item.value
        for item in table.findings
        if item.rule == "UNKNOWN_ACTIVITY" and item.value and item.column not in asked
    }
    has_column = "activity" in {column.holds for column in table.columns}
    if not names or not has_column:
        return []
    lines = [f"# {toml_text(name)} = {_choices(table, name, '')}" for name in sorted(names)]
    return [f"# {word('proposal_activities', lang)}", "# [activities]", *lines]
