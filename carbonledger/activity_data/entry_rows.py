"""The rows of a table as entries: total rows set apart, blends and bills over a year's end divided, every row accounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonledger.activity_data.biofuel_blends import blend_parts
from carbonledger.activity_data.cutoff import cut_off_by_year
from carbonledger.activity_data.entry_columns import Conventions, RowColumns, read_columns
from carbonledger.activity_data.entry_headings import NUMBER_FIELDS, EntryTable
from carbonledger.activity_data.tally import SheetTally
from carbonledger.activity_data.total_rows import LABELS, RowLabels, look_alikes, total_findings, total_of, totals_among
from carbonledger.core.activity_concepts import concepts_of
from carbonledger.core.activity_words import read_activity
from carbonledger.core.findings import Finding
from carbonledger.tables.column import Column, is_filled, objects
from carbonledger.tables.records import cell_text

__all__ = ["RowsRead", "read_rows"]

_ENTRY, _CONTROL, _REFUSED, _REMARK = 0, 1, 2, 3
# A text of several letters; a lone number beneath a table is no remark.
_WORDS = re.compile(r"[^\W\d_]{2}")
# What a row without labels lacks: it may be a total that is not named.
_UNLABELLED = frozenset({"EMPTY_ACTIVITY", "MISSING_PERIOD", "EMPTY_UNIT"})


@dataclass(slots=True)
class RowsRead:
    """The entries of a table, as columns of one length, and what was found.

    Parameters
    ----------
    columns : dict of str to Column
        By the names of the entries' columns, without place and amount.
    amounts : numpy.ndarray
        In the unit of each entry.
    rows : numpy.ndarray of int
        The row number of each entry.
    findings : list of Finding
        With their place.
    tally : SheetTally
        What became of each row and cell.
    refused : tuple of int
        The positions in the table of the rows that are kept out.
    """

    columns: dict[str, Column]
    amounts: np.ndarray[Any, Any]
    rows: np.ndarray[Any, Any]
    findings: list[Finding]
    tally: SheetTally
    refused: tuple[int, ...] = ()


def read_rows(entries: EntryTable, conventions: Conventions) -> RowsRead:
    """The entries of a readable table.

    Parameters
    ----------
    entries : EntryTable
        With the fields of its columns.
    conventions : Conventions
        How it is read.

    Returns
    -------
    RowsRead
    """
    rows = read_columns(entries, conventions)
    states = np.full(rows.count, _ENTRY)
    for at in rows.defects:
        if not rows.is_sound(at):
            states[at] = _REFUSED
    findings = [*rows.findings, *_settle_totals(rows, states)]
    findings += _remarks(rows, states)
    for at, found in sorted(rows.defects.items()):
        if states[at] not in {_CONTROL, _REMARK}:
            findings += [_placed(rows, finding, at) for finding in found]
    return _assembled(rows, states, findings)


def _placed(rows: RowColumns, finding: Finding, at: int) -> Finding:
    """A finding at a row of the table."""
    table = rows.entries.table
    return finding.at(file=table.file, sheet=table.sheet, row=table.numbers[at])


def _settle_totals(rows: RowColumns, states: np.ndarray[Any, Any]) -> list[Finding]:
    """Set total rows apart and hold them against their parts."""
    table, fields = rows.entries.table, rows.entries.fields
    field_at = {at: name for name, at in fields.items()}
    numeric = {fields[name] for name in NUMBER_FIELDS if name in fields}
    texts = {
        field_at.get(at, heading or f"column {at}"): table.columns[at]
        for at, heading in enumerate(table.headings)
        if at not in numeric
    }
    totals = totals_among(texts, rows.conventions.listed)
    parts = states == _ENTRY
    parts[list(totals)] = False
    totals = {at: text for at, text in totals.items() if not _is_carrier(rows, text, parts)}
    states[list(totals)] = _CONTROL
    labels = RowLabels(
        {name: rows.columns[name] for name in LABELS},
        rows.periods,
        rows.columns["unit"],
        rows.amounts.values,
        states == _ENTRY,
    )
    findings = [_placed(rows, finding, at) for at, finding in total_findings(labels, totals).items()]
    findings += _unlabelled_totals(rows, labels, states)
    for at, finding in look_alikes(labels, rows.kinds.distinct()[0]).items():
        states[at] = _REFUSED
        rows.defect(at, finding)
    return findings


def _is_carrier(rows: RowColumns, text: str, parts: np.ndarray[Any, Any]) -> bool:
    """Whether a text such as Total electricity says how much of a carrier was used, for there are no rows of it to be the sum of."""
    whole = total_of(text)
    activity = read_activity(whole, rows.conventions.country).activity if whole and concepts_of(whole).is_sure else ""
    return bool(activity) and activity not in rows.columns["activity"].array[parts]


def _remarks(rows: RowColumns, states: np.ndarray[Any, Any]) -> list[Finding]:
    """Set apart rows of one text that is no activity, such as notes and signatures beneath a table."""
    findings = []
    for at in np.flatnonzero(states == _REFUSED).tolist():
        filled = [cell for column in rows.entries.table.columns if is_filled(cell := column[at])]
        if (
            len(filled) == 1
            and isinstance(filled[0], str)
            and not rows.columns["activity"][at]
            and _WORDS.search(filled[0])
        ):
            states[at] = _REMARK
            findings.append(_placed(rows, Finding.of("ROW_WITHOUT_AMOUNT", text=filled[0].strip()[:40]), at))
    return findings


def _unlabelled_totals(rows: RowColumns, labels: RowLabels, states: np.ndarray[Any, Any]) -> list[Finding]:
    """Rows that lack their labels and repeat the sum of the rows above."""
    findings = []
    for at, found in rows.defects.items():
        lacks_labels = all(finding.rule in _UNLABELLED for finding in found)
        if states[at] != _REFUSED or not lacks_labels or np.isnan(rows.amounts.values[at]):
            continue
        finding = total_findings(labels, {at: "-"})[at]
        if finding.says.key == "TOTAL_ROW.agrees":
            values = dict(finding.says.values)
            values.pop("text")
            if values["count"] > 1:
                states[at] = _CONTROL
                findings.append(_placed(rows, Finding.of("TOTAL_ROW.unlabelled", **values), at))
    return findings


def _assembled(rows: RowColumns, states: np.ndarray[Any, Any], findings: list[Finding]) -> RowsRead:
    """The entries; blends and bills that cross years become several."""
    columns, amounts = rows.columns, rows.amounts.values
    if rows.amounts.derivations:
        notes = columns["note"].array
        for at, words in rows.amounts.derivations.items():
            notes[at] = "; ".join(part for part in (notes[at], words) if part)
        columns["note"] = Column(notes)
    stated = rows.entries.table.numbers
    numbers = np.arange(stated.start, stated.stop) if isinstance(stated, range) else np.array(stated, dtype=np.int64)
    is_entry, tally = states == _ENTRY, _tally(rows, states)
    refused = tuple(np.flatnonzero(states == _REFUSED).tolist())
    special = np.flatnonzero(is_entry & (rows.is_blend | rows.crosses))
    if not len(special):
        if not is_entry.all():
            columns = {name: column.where(is_entry) for name, column in columns.items()}
            amounts, numbers = amounts[is_entry], numbers[is_entry]
        return RowsRead(columns, amounts, numbers, findings, tally, refused)
    pieces = [(at, piece) for at in special for piece in _pieces(rows, int(at), findings)]
    plain = is_entry.copy()
    plain[special] = False
    positions = np.concatenate([np.flatnonzero(plain), [at for at, _ in pieces]]).astype(np.intp)
    order = np.argsort(positions, kind="stable")
    joined = {
        name: Column(np.concatenate([column.array[plain], objects([piece[name] for _, piece in pieces])])[order])
        for name, column in columns.items()
    }
    amounts = np.concatenate([amounts[plain], [piece["amount"] for _, piece in pieces]])[order]
    return RowsRead(joined, amounts, numbers[positions[order]], findings, tally, refused)


def _pieces(rows: RowColumns, at: int, findings: list[Finding]) -> list[dict[str, Any]]:
    """One row as an entry for each of its fuels and years."""
    table = rows.entries.table
    record = {name: column[at] for name, column in rows.columns.items()}
    record |= {
        "amount": float(rows.amounts.values[at]),
        "file": table.file,
        "sheet": table.sheet,
        "row": table.numbers[at],
    }
    name = cell_text(rows.entries.cells("activity")[at])
    first_month, weights = rows.conventions.first_month, rows.conventions.weights
    return [
        piece for part in blend_parts(record, name) for piece in cut_off_by_year(part, first_month, weights, findings)
    ]


def _tally(rows: RowColumns, states: np.ndarray[Any, Any]) -> SheetTally:
    """What became of each row and cell of the table."""
    table = rows.entries.table
    known = set(rows.entries.fields.values())
    refused = np.flatnonzero(states == _REFUSED)
    by_column = [column.filled for column in table.columns]
    of_refused = [sum(is_filled(column[at]) for at in refused.tolist()) for column in table.columns]
    remarks = np.flatnonzero(states == _REMARK).tolist()
    of_remarks = sum(is_filled(table.columns[at][row]) for row in remarks for at in known)
    read = sum(count - lost for at, (count, lost) in enumerate(zip(by_column, of_refused, strict=True)) if at in known)
    read -= of_remarks
    headings = sum(map(bool, table.headings))
    return SheetTally(
        table.file,
        table.sheet,
        rows=len(states) + table.refused_rows,
        entries=int((states == _ENTRY).sum()),
        controls=int((states == _CONTROL).sum()),
        refused=len(refused) + table.refused_rows,
        set_aside=int((states == _REMARK).sum()),
        cells=headings + sum(by_column) + table.refused_cells + table.set_aside_cells,
        cells_read=headings + read,
        cells_refused=sum(of_refused) + table.refused_cells,
        cells_set_aside=sum(by_column) - sum(of_refused) - read + table.set_aside_cells,
    )
