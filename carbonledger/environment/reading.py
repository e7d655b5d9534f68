"""What reading a register needs to know of its book, and which rows belong to the year."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from carbonledger.core.errors import RecordError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.periods import Period
from carbonledger.environment.register_rows import Place, RegisterRow

__all__ = ["Occupancy", "ReadAs", "overlaps"]


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How the registers of a book are read.

    Parameters
    ----------
    period : Period
        The days of the year that is wanted.
    others : tuple of Period
        Other years whose rows may stand in the same file: they are passed over in silence.
    country, region, decimal : str
        Where the files were written, see `records_in`.
    water_t_per_m3 : Fraction or None
        The density that the book states for water in tonnes; None if it states none.
    companies : mapping of str to str
        The id of each listed company by every name of it; empty if the book lists none.
    folder : Path or None
        Of the book, from which files are named.
    """

    period: Period
    others: tuple[Period, ...] = ()
    country: str = ""
    region: str = ""
    decimal: str = ""
    water_t_per_m3: Fraction | None = None
    companies: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None

    def name_of(self, path: Path) -> str:
        """What findings call a file: its path in the folder of the book, or its own name."""
        inside = self.folder is not None and path.is_relative_to(self.folder)
        return path.relative_to(self.folder).as_posix() if inside and self.folder else path.name

    def entity(self, row: RegisterRow, findings: list[Finding]) -> str:
        """The id of the company of a row; one that is not listed is a finding, and stays as it is written."""
        text = row.text("entity")
        if text and self.companies and text not in self.companies:
            findings.append(row.place.place(Finding.of("ENVIRONMENT_ENTITY", entity=text)))
        return self.companies.get(text, text)

    def has(self, row: RegisterRow, findings: list[Finding]) -> bool:
        """Whether a row belongs to the year; one that belongs to no year of the book is a finding.

        Raises
        ------
        RecordError
            If the row lies in the year in part: nothing is prorated.
        """
        own = row.period
        shared = own.overlap_days(self.period)
        if shared == own.days:
            return True
        if shared:
            raise RecordError(
                Message.of(
                    "ENVIRONMENT_PERIOD.straddles",
                    period=str(own),
                    first=str(self.period.start),
                    last=str(self.period.last_day),
                )
            )
        if not any(own.overlap_days(other) == own.days for other in self.others):
            values = {"period": str(own), "first": str(self.period.start), "last": str(self.period.last_day)}
            findings.append(row.place.place(Finding.of("ENVIRONMENT_PERIOD.outside", **values)))
        return False


class Occupancy(Protocol):
    """A record of a register that has a period and a place."""

    @property
    def period(self) -> Period:
        """When."""
        ...

    @property
    def place(self) -> Place:
        """Where its row stands."""
        ...


def overlaps(records: Iterable[Any], key: Callable[[Any], Hashable]) -> list[Finding]:
    """A finding for each record whose period overlaps that of an earlier one with the same key, so that it may be counted twice.

    Parameters
    ----------
    records : iterable of Occupancy
        Of one register.
    key : callable
        What two records must have in common to be of the same thing.
    """
    groups: dict[Hashable, list[Occupancy]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    findings = []
    for group in groups.values():
        ordered = sorted(group, key=lambda item: (item.period.start, item.place.row))
        reach = ordered[0]
        for record in ordered[1:]:
            if record.period.overlap_days(reach.period):
                values = {"period": str(record.period), "other": str(reach.period), "other_row": reach.place.row}
                findings.append(record.place.place(Finding.of("ENVIRONMENT_OVERLAP", **values)))
            if record.period.end > reach.period.end:
                reach = record
    return findings
