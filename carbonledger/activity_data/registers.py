"""What is reported beside an inventory and never in it: removals, and credits bought, retired or sold.

References
----------
ISO 14064-1:2018, 9.3.3; GHG Protocol Corporate Standard (2004), chapters 8 and 9: total emissions are independent of trades in credits.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from carbonledger.core.errors import RecordError
from carbonledger.core.findings import Finding, Message
from carbonledger.tables.records import Record, records_in

__all__ = ["REGISTER_KINDS", "RegisterEntry", "RegisterKind", "read_registers"]

RegisterKind = Literal["removal", "credit_bought", "credit_retired", "credit_sold", "target_offset"]
REGISTER_KINDS = ("removal", "credit_bought", "credit_retired", "credit_sold", "target_offset")
_COLUMNS = ("kind", "scheme", "vintage", "tco2e", "evidence", "note")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One entry of a register.

    Parameters
    ----------
    kind : {"removal", "credit_bought", "credit_retired", "credit_sold", "target_offset"}
        Which register; the last holds credits set against a target.
    scheme : str
        The programme and project, or where a removal is stored.
    vintage : str
        Of the credit, or the year of the removal.
    tco2e : float
        Amount, t CO2e; part of no total.
    evidence, note : str
        The document, and remarks.
    """

    kind: RegisterKind
    scheme: str
    vintage: str
    tco2e: float
    evidence: str
    note: str


def read_registers(
    path: Path, country: str = "", decimal: str = "", *, name: str = ""
) -> tuple[list[RegisterEntry], list[Finding]]:
    """The registers of a book.

    Parameters
    ----------
    path : Path
        A table with ``kind, scheme, vintage, tco2e, evidence, note``; kinds are `REGISTER_KINDS`.
    country, decimal, name : str
        See `records_in`.

    Returns
    -------
    tuple of (list of RegisterEntry, list of Finding)
        Every entry that can be read; rows that cannot, that stand twice, or that no document shows.

    Raises
    ------
    EntriesError
        If the file cannot be read at all.
    """
    records, findings = records_in(path, _COLUMNS, numbers=("tco2e",), country=country, decimal=decimal, name=name)
    entries: list[RegisterEntry] = []
    first_rows: dict[tuple[str, ...], int] = {}
    for record in records:
        try:
            entry = _entry(record)
        except RecordError as error:
            findings += [record.place(Finding.from_message(error.says))] if error.says else []
            continue
        entries.append(entry)
        key = (entry.kind, entry.scheme, entry.vintage, str(entry.tco2e), entry.evidence)
        if key in first_rows:
            findings.append(record.place(Finding.of("REGISTER_TWICE", other_row=first_rows[key])))
        elif not entry.evidence:
            findings.append(record.place(Finding.of("REGISTER_WITHOUT_EVIDENCE")))
        first_rows.setdefault(key, record.row)
    return entries, findings


def _entry(record: Record) -> RegisterEntry:
    """One row as a record."""
    row = record.cells
    if row["kind"] not in REGISTER_KINDS:
        raise RecordError(Message.of("REGISTER_ENTRY.kind", text=row["kind"], known=REGISTER_KINDS))
    kind = cast("RegisterKind", row["kind"])
    return RegisterEntry(kind, row["scheme"], row["vintage"], record.number("tco2e"), row["evidence"], row["note"])
