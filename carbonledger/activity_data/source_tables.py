"""Every table of a source as it is read: in the form and with the columns that its settings state, if any do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.entry_tables import TableRead, read_table, refused_table
from carbonledger.activity_data.green_button import green_button_tables
from carbonledger.activity_data.interval_columns import is_interval_heading
from carbonledger.activity_data.wide_headings import is_wide_heading
from carbonledger.core.findings import Finding
from carbonledger.tables.sheet_form import AS_FOUND, SheetForm
from carbonledger.tables.sources import tables_in

if TYPE_CHECKING:
    from carbonledger.activity_data.table_settings import TableSettings

__all__ = ["table_settings", "tables_read"]


def table_settings(tables: Sequence[Mapping[str, Any] | TableSettings]) -> list[TableSettings]:
    """What is stated of tables as records.

    Raises
    ------
    pydantic.ValidationError
        If a setting is unknown, of another kind, or contradicts another; it is a ``ValueError``.
    """
    from carbonledger.activity_data.table_settings import TableSettings

    return [item if isinstance(item, TableSettings) else TableSettings.model_validate(item) for item in tables]


def tables_read(
    source: Any, conventions: Conventions, settings: Sequence[TableSettings] = (), name: str = ""
) -> list[TableRead]:
    """Every table of a source as it is read.

    Parameters
    ----------
    source : path, DataFrame, or sequence of mappings
        See `read_entries`.
    conventions : Conventions
        How it is read.
    settings : sequence of TableSettings
        What is stated of its tables.
    name : str
        What findings call the file; its own name by default.
    """
    named = {heading for item in settings for heading in item.columns}

    def form_of(file: str, sheet: str) -> SheetForm:
        return next((item.form for item in settings if item.is_for(file, sheet)), AS_FOUND)

    tables = tables_in(
        source,
        knows=lambda text: text in named or is_wide_heading(text, conventions.country) or is_interval_heading(text),
        country=conventions.country,
        name=name,
        form_of=form_of,
        readers={".xml": green_button_tables},
    )
    own = [[item for item in settings if item.is_for(table.file, table.sheet)] for table in tables]
    counts = Counter(id(item) for found in own for item in found)
    return [
        read_table(
            table,
            conventions,
            alone=len(tables) == 1,
            settings=found[0] if found else None,
            is_shared=bool(found) and counts[id(found[0])] > 1,
        )
        if len(found) <= 1
        else refused_table(table, Finding.of("TABLE_SETTING.two", count=len(found)))
        for table, found in zip(tables, own, strict=True)
    ]
