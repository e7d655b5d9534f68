"""The columns that a list of refused rows has beside those of its table; on reading it again they are left aside."""

from __future__ import annotations

from dataclasses import replace

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.tables.table import Table

__all__ = ["REJECT_COLUMNS", "shielded", "without_reject_columns"]

# File, sheet and row of a refused row, why it is refused, and what to do.
REJECT_COLUMNS = tuple(Label.of(f"reject_{name}") for name in ("file", "sheet", "row", "why", "remedy"))
# A text that begins so may be taken for a formula by a spreadsheet; in a CSV an apostrophe stands before it.
_FORMULA = ("=", "+", "-", "@", "\t")
_SHIELD = "'"


def shielded(text: str) -> str:
    """A text that no spreadsheet takes for a formula; a number stays as it is.

    Examples
    --------
    >>> shielded("=1+1"), shielded("-12.5"), shielded("- none")
    ("'=1+1", '-12.5', "'- none")
    """
    from carbonledger.core.number_text import NumberText, is_gap, number_text

    if not text.startswith(_FORMULA) or is_gap(text) or isinstance(number_text(text), NumberText):
        return text
    return _SHIELD + text


def _unshielded(cell: object) -> object:
    """A cell as it was before it was shielded."""
    is_shielded = isinstance(cell, str) and cell[:1] == _SHIELD and cell[1:].startswith(_FORMULA)
    return cell[1:] if is_shielded and isinstance(cell, str) else cell


def without_reject_columns(table: Table) -> Table:
    """A table without the columns of a list of refused rows, if it has all of them.

    Parameters
    ----------
    table : Table
        As it came from its file.

    Returns
    -------
    Table
        The same for any other table; else with a note, and with the texts as they were before they were shielded.
    """
    names = next(
        (
            names
            for names in (tuple(label.en for label in REJECT_COLUMNS), tuple(label.zh for label in REJECT_COLUMNS))
            if set(names) <= set(table.headings)
        ),
        None,
    )
    if names is None:
        return table
    at_end = {len(table.headings) - 1 - table.headings[::-1].index(name) for name in names}
    kept = [at for at in range(len(table.headings)) if at not in at_end]
    note = table.place(Finding.of("REJECT_COLUMNS", headings=names), table.heading_row)
    return replace(
        table,
        headings=tuple(table.headings[at] for at in kept),
        columns=tuple(table.columns[at].mapped(_unshielded) for at in kept),
        findings=(*table.findings, note),
        set_aside_cells=table.set_aside_cells + sum(table.columns[at].filled + 1 for at in at_end),
    )
