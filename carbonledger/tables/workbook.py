"""Workbooks as grids of cells."""

from __future__ import annotations

import io

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.tables.sheet import Sheet

__all__ = ["read_workbook"]


def read_workbook(file: str, content: bytes) -> list[Sheet]:
    """Every sheet of a workbook."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise EntriesError([Finding.of("EXCEL_MISSING").at(file=file)]) from error
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            Sheet(file, name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in workbook.sheet_names
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise EntriesError([Finding.of("UNREADABLE_WORKBOOK", reason=str(error)).at(file=file)]) from error
