"""What can go wrong, and what is merely doubtful.

Two worlds. Misuse of the library raises one of the exceptions below. Defects in the user's data are
values, `Finding`, gathered over the whole input and shown together.

    CarbonLedgerError
    ├── UnitError (ValueError)
    │   ├── UnknownUnitError
    │   └── DimensionError
    ├── FigureError (ValueError)
    ├── EditionError (ValueError)
    │   └── UnknownEditionError (LookupError)
    ├── FactorError (LookupError)
    │   ├── MissingFactorError
    │   ├── MissingBridgeError
    │   └── AmbiguousFactorError
    ├── UnknownActivityError (LookupError)
    ├── EntriesError (ValueError)
    ├── InvariantError (AssertionError)
    ├── LockError (ValueError)
    └── BookError (ValueError)

    IncompleteInventoryWarning (UserWarning)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "AmbiguousFactorError",
    "BookError",
    "CarbonLedgerError",
    "DimensionError",
    "EditionError",
    "EntriesError",
    "FactorError",
    "FigureError",
    "Finding",
    "IncompleteInventoryWarning",
    "InvariantError",
    "LockError",
    "MissingBridgeError",
    "MissingFactorError",
    "Severity",
    "UnitError",
    "UnknownActivityError",
    "UnknownEditionError",
    "UnknownUnitError",
]

Severity = Literal["error", "warning", "note"]


class CarbonLedgerError(Exception):
    """The root of every exception this library raises on purpose."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else self.__class__.__name__


class UnitError(CarbonLedgerError, ValueError):
    """A unit that cannot be used as asked."""


class UnknownUnitError(UnitError):
    """A unit text that the registry does not know.

    Attributes
    ----------
    text : str
        The unit as the user wrote it.
    neighbours : tuple of str
        Known spellings close to it.
    """

    def __init__(self, text: str, neighbours: Sequence[str] = (), reason: str = "") -> None:
        self.text = text
        self.neighbours = tuple(neighbours)
        hint = f" Did you mean {' or '.join(self.neighbours)}?" if self.neighbours else ""
        super().__init__(f"unknown unit {text!r}.{' ' + reason if reason else ''}{hint}")


class DimensionError(UnitError):
    """Two units that cannot be converted into each other."""


class FigureError(CarbonLedgerError, ValueError):
    """A printed number that cannot be read."""


class EditionError(CarbonLedgerError, ValueError):
    """An edition of factors that is damaged or contradicts its catalogue."""


class UnknownEditionError(EditionError, LookupError):
    """An edition id that no factor folder holds."""


class FactorError(CarbonLedgerError, LookupError):
    """A factor that the pinned editions do not give unambiguously."""


class MissingFactorError(FactorError):
    """No pinned edition has a factor for an activity."""


class MissingBridgeError(FactorError):
    """A conversion needs a property of the carrier that no pinned edition has."""


class AmbiguousFactorError(FactorError):
    """Several pinned factors fit equally well."""


class UnknownActivityError(CarbonLedgerError, LookupError):
    """An activity that the taxonomy does not know."""


class BookError(CarbonLedgerError, ValueError):
    """A company's folder whose settings cannot be used."""


class LockError(CarbonLedgerError, ValueError):
    """A calculation that would rest on anything else than its lock."""


class InvariantError(CarbonLedgerError, AssertionError):
    """A law of every inventory that a calculation would break: a defect of the library or of an edition.

    Attributes
    ----------
    invariant : str
        Which law, e.g. ``PARTS_SUM_TO_TOTAL``.
    """

    def __init__(self, invariant: str, message: str) -> None:
        self.invariant = invariant
        super().__init__(
            f"{message} This breaks {invariant}; nothing is printed. Please report it with the editions used."
        )


class IncompleteInventoryWarning(UserWarning):
    """Entries were left out of an inventory because of findings."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect or doubt in the user's data.

    Parameters
    ----------
    rule : str
        Stable upper-case name of the rule, e.g. ``UNKNOWN_UNIT``.
    severity : {"error", "warning", "note"}
        An error keeps the entry out of the calculation.
    message : str
        What is wrong, and why.
    way_out : str
        What the user can do about it.
    file, sheet : str
        Where the data came from; empty if it did not come from a file.
    row : int or None
        Row number as a spreadsheet shows it (the heading is row 1).
    column : str
        The heading as the user wrote it.
    value : str
        The offending text.
    lines : tuple of int
        The lines of the inventory concerned, counted from 1; empty if the doubt is about no line in particular.
    tonnes_at_stake : float or None
        How much of the total the doubt concerns, t CO2e; None if that cannot be said.
    """

    rule: str
    severity: Severity
    message: str
    way_out: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    lines: tuple[int, ...] = ()
    tonnes_at_stake: float | None = None

    @property
    def place(self) -> str:
        """File, sheet, row and column as one text."""
        parts = [
            self.file,
            f"sheet {self.sheet}" if self.sheet else "",
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column else "",
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        way_out = f" {self.way_out}" if self.way_out else ""
        return f"{place}{self.message}{way_out} [{self.rule}]"


class EntriesError(CarbonLedgerError, ValueError):
    """Findings in the entries that a strict caller does not accept.

    Attributes
    ----------
    findings : tuple of Finding
        All of them, in the order of the file.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        listing = "\n".join(f"  {finding}" for finding in self.findings)
        super().__init__(f"{len(self.findings)} finding(s) in the entries:\n{listing}")
