"""The values of a workbook by python-calamine; of XLS and XLSB in a process of their own, which a damaged file may end.

The extent of XLSX and ODS is known before they are read. The old binary kinds may claim any, and a reader that believes them takes all
memory and is stopped by the system; so that is done apart, with a limit.
"""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from typing import Any, NamedTuple

__all__ = ["SheetValues", "values_apart", "values_of"]

_SECONDS, _BYTES = 60, 4_000_000_000


class SheetValues(NamedTuple):
    """A worksheet as python-calamine gives it.

    Parameters
    ----------
    name : str
        Of the sheet.
    is_hidden : bool
        Whether the spreadsheet hides it.
    rows : list of list of object
        From row 1 and column A on; empty cells are empty texts.
    merged : list of ((int, int), (int, int))
        First and last cell of merged ranges, row and column counted from 0.
    """

    name: str
    is_hidden: bool
    rows: list[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]


def values_of(content: bytes) -> list[SheetValues]:
    """The worksheets of a workbook.

    Raises
    ------
    ValueError
        With what keeps it from being read.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [meta for meta in workbook.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        return [
            _values(workbook.get_sheet_by_name(meta.name), meta.visible != SheetVisibleEnum.Visible) for meta in sheets
        ]
    except (CalamineError, OSError, OverflowError) as error:
        raise ValueError(str(error)) from error


def _values(sheet: Any, is_hidden: bool) -> SheetValues:
    """One worksheet."""
    return SheetValues(
        sheet.name, is_hidden, sheet.to_python(skip_empty_area=False), list(sheet.merged_cell_ranges or ())
    )


def values_apart(content: bytes) -> list[SheetValues]:
    """The worksheets of a workbook, read in a process of their own; see `values_of`."""
    command = [sys.executable, "-m", "carbonledger.tables.workbook_values"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603 - ourselves
    except subprocess.TimeoutExpired as error:
        raise ValueError(f"it takes more than {_SECONDS} s") from error
    if done.returncode:
        raise ValueError("damaged")
    kind, result = pickle.loads(done.stdout)  # noqa: S301 - from our own process
    if kind == "error":
        raise ValueError(result)
    return [SheetValues(*sheet) for sheet in result]


def _serve() -> None:
    """Read a workbook from standard input and write its values to standard output."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass
    try:
        result: tuple[str, Any] = ("values", [tuple(sheet) for sheet in values_of(sys.stdin.buffer.read())])
    except ValueError as error:
        result = ("error", str(error))
    sys.stdout.buffer.write(pickle.dumps(result))


if __name__ == "__main__":
    _serve()
