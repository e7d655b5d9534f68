"""What is reported beside an inventory and never in it: removals, and credits bought, retired or sold.

References
----------
ISO 14064-1:2018, 9.3.3; GHG Protocol Corporate Standard (2004), chapters 8 and 9: total emissions are independent of trades in credits.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from carbonledger.errors import BookError

__all__ = ["REGISTER_KINDS", "RegisterEntry", "RegisterKind", "read_registers"]

RegisterKind = Literal["removal", "credit_bought", "credit_retired", "credit_sold"]
REGISTER_KINDS = ("removal", "credit_bought", "credit_retired", "credit_sold")
_COLUMNS = ("kind", "scheme", "vintage", "tco2e", "evidence", "note")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One entry of a register.

    Parameters
    ----------
    kind : {"removal", "credit_bought", "credit_retired", "credit_sold"}
        Which register.
    scheme : str
        The programme and project, or where a removal is stored.
    vintage : str
        Of the credit, or the year of the removal.
    tco2e : float
        T CO2e; part of no total.
    evidence, note : str
        The document, and remarks.
    """

    kind: RegisterKind
    scheme: str
    vintage: str
    tco2e: float
    evidence: str
    note: str


def read_registers(path: Path) -> list[RegisterEntry]:
    """The registers of a book.

    Parameters
    ----------
    path : Path
        A CSV with ``kind, scheme, vintage, tco2e, evidence, note``.

    Returns
    -------
    list of RegisterEntry

    Raises
    ------
    BookError
        Naming file and row of what cannot be read.
    """
    try:
        rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    except OSError as error:
        raise BookError(f"{path}: {error.strerror}.") from error
    missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise BookError(f"{path.name}: no column {', '.join(missing)}.")
    entries = []
    for number, row in enumerate(rows, start=2):
        try:
            tonnes = float(row["tco2e"])
        except ValueError:
            tonnes = -1.0
        if row["kind"] not in REGISTER_KINDS or not tonnes >= 0:
            raise BookError(
                f"{path.name}, row {number}: kind is one of {', '.join(REGISTER_KINDS)}, tco2e a number of at least 0; "
                f"got {row['kind']!r}, {row['tco2e']!r}."
            )
        kind = cast("RegisterKind", row["kind"])
        entries.append(RegisterEntry(kind, row["scheme"], row["vintage"], tonnes, row["evidence"], row["note"]))
    return entries
