"""Contractual instruments: certificates, contracts and supplier rates for electricity, heat, steam and cooling.

Each row of a table is one instrument, with what the quality criteria of the GHG Protocol Scope 2 Guidance (2015), table 7.1, ask of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from carbonledger.core.errors import CarbonLedgerError, RecordError, RegionError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.period_texts import parse_date, parse_period
from carbonledger.core.periods import Period
from carbonledger.core.regions import canonical_region
from carbonledger.tables.records import Record, records_in

__all__ = [
    "CRITERIA",
    "INSTRUMENT_COLUMNS",
    "Criterion",
    "Instrument",
    "InstrumentKind",
    "InstrumentOrigin",
    "InstrumentUse",
    "read_instruments",
]

InstrumentKind = Literal["certificate", "contract", "supplier_rate"]
InstrumentUse = Literal["claimed", "sold"]
InstrumentOrigin = Literal["", "bought", "own_use", "own_export"]
_KINDS = ("certificate", "contract", "supplier_rate")
_USES = ("claimed", "sold")
_ORIGINS = ("", "bought", "own_use", "own_export")
_CARRIERS = ("electricity", "heat", "steam", "cooling")
_NEEDED = (
    "kind",
    "registry",
    "first_id",
    "last_id",
    "mwh",
    "t_per_mwh",
    "technology",
    "market",
    "generation_month",
    "retired_on",
)
CRITERIA = range(1, 9)
_OPTIONAL = (
    *("carrier", "tradable", "plant", "beneficiary", "label", "issued_on", "bundled", "use", "claimed_year", "credit"),
    *("entity", "origin", "note", *(f"criterion_{number}" for number in CRITERIA)),
)
INSTRUMENT_COLUMNS = (*_NEEDED, *_OPTIONAL)
_NUMBERS = ("mwh", "t_per_mwh", "claimed_year")
# A spreadsheet shows a long number in this form and has cut its digits; so does a number of more than 15 digits.
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE][+-]?\d+")
_MOST_DIGITS = 15
_LONGEST_NUMBER = 40
_IDS = re.compile(r"(.*\D|)(\d+)", re.ASCII | re.DOTALL)
_YES, _NO = frozenset({"yes", "y", "true", "是", "1"}), frozenset({"no", "n", "false", "否", "0"})


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the eight quality criteria, as the reporter answers it.

    Parameters
    ----------
    number : int
        1 to 8, Scope 2 Guidance, table 7.1.
    met : bool
        Whether the instrument meets it.
    evidence : str
        What shows it.
    """

    number: int
    met: bool
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument, or a range of certificates.

    Parameters
    ----------
    kind : {"certificate", "contract", "supplier_rate"}
        Levels 1, 2 and 3 of the market-based hierarchy.
    registry : str
        Where it is tracked.
    first_id, last_id : int
        The range of certificates; 0 if it has no numbers.
    series : str
        What stands before the number in a certificate's id, e.g. ``GEC-2023-``.
    mwh : float
        What it covers.
    t_per_mwh : float
        The emission rate it conveys, t CO2e per MWh.
    technology, market : str
        What generated, and the country whose consumption it may be claimed for.
    generated : Period or None
        The month or year of generation.
    retired_on : date or None
        When it was retired for the reporter; None if it was not.
    row : int
        Where it stands in its file.
    criteria : tuple of Criterion
        The quality criteria that the record answers.
    carrier : str
        ``electricity``, ``heat``, ``steam`` or ``cooling``.
    tradable : bool
        Whether it may be bought; certificates of own generation used on site may not be, in China.
    plant, beneficiary, label : str
        What generated it; for whom it was retired; subsidy or quality label.
    issued_on : date or None
        When it was issued.
    bundled : bool
        Whether it came with the electricity itself.
    use : {"claimed", "sold"}
        Whether the reporter claims it, or sold it: certificates of its own generation.
    claimed_year : int
        The reporting year it is claimed for; 0 for that of the book.
    origin : {"", "bought", "own_use", "own_export"}
        Whether it was bought, or issued for own generation that is used on site or fed into the grid; empty if that is not said.
    file, entity : str
        The file it stands in, and the company of the group that claims it.
    credit : str
        The carbon credits that the same MWh also gave and that were sold, if any.
    """

    kind: InstrumentKind
    registry: str
    first_id: int
    last_id: int
    mwh: float
    t_per_mwh: float
    technology: str
    market: str
    generated: Period | None
    retired_on: date | None
    row: int
    criteria: tuple[Criterion, ...] = ()
    carrier: str = "electricity"
    tradable: bool = True
    plant: str = ""
    beneficiary: str = ""
    label: str = ""
    issued_on: date | None = None
    bundled: bool = False
    use: InstrumentUse = "claimed"
    claimed_year: int = 0
    credit: str = ""
    series: str = ""
    file: str = ""
    entity: str = ""
    origin: InstrumentOrigin = ""

    @property
    def failed(self) -> tuple[int, ...]:
        """The criteria that it is known to fail."""
        return tuple(item.number for item in self.criteria if not item.met)

    def shares_certificates(self, other: Instrument) -> bool:
        """Whether two ranges of one registry have a certificate in common."""
        alike = (_folded(self.registry), self.series) == (_folded(other.registry), other.series)
        numbered = self.first_id and other.first_id
        return bool(numbered and alike and self.first_id <= other.last_id and other.first_id <= self.last_id)


def read_instruments(path: Path, country: str = "", decimal: str = "") -> tuple[list[Instrument], list[Finding]]:
    """The instruments of a book.

    Parameters
    ----------
    path : Path
        A table with ``kind, registry, first_id, last_id, mwh, t_per_mwh, technology, market, generation_month, retired_on``, and as far
        as they are known ``carrier`` (electricity by default), ``tradable`` (``no`` for certificates that cannot be bought), ``plant``,
        ``beneficiary``, ``label``, ``issued_on``, ``bundled``, ``use`` (``claimed`` by default, or ``sold``), ``claimed_year``,
        ``credit``, ``entity``, ``origin`` (``bought``, ``own_use`` or ``own_export``), and ``criterion_1`` to ``criterion_8``: ``yes``
        or ``no``, then a colon and the evidence.
    country, decimal : str
        See `records_in`.

    Returns
    -------
    tuple of (list of Instrument, list of Finding)
        Every record that can be read, and why the others cannot, each with its row.

    Raises
    ------
    EntriesError
        If the file cannot be read at all.
    """
    records, findings = records_in(
        path, _NEEDED, optional=_OPTIONAL, numbers=_NUMBERS, country=country, decimal=decimal
    )
    instruments: list[Instrument] = []
    for record in records:
        try:
            instruments.append(replace(_instrument(record), file=record.file))
        except (ValueError, TypeError) as error:
            says = error.says if isinstance(error, CarbonLedgerError) else None
            own = says if isinstance(error, RecordError) and says else None
            message = own or Message.of("INSTRUMENT_RECORD.unreadable", problem=says or f"{error}.")
            finding = Finding.from_message(message)
            findings.append(finding.at(file=record.file, sheet=record.sheet, row=record.row))
    return instruments, findings


def _refused(case: str, **values: Any) -> RecordError:
    """A cell of a record that cannot be read."""
    return RecordError(Message.of(f"INSTRUMENT_RECORD.{case}", **values))


def _instrument(record: Record) -> Instrument:
    """One row as a record."""
    row = record.cells
    for name in ("first_id", "last_id"):
        _refuse_cut_number(record, name)
    series, first = _id(row["first_id"])
    last_series, last = _id(row["last_id"] or row["first_id"])
    if last < first or last_series != series:
        raise _refused("id_range", first=row["first_id"], last=row["last_id"])
    return Instrument(
        kind=cast("InstrumentKind", _one_of(row, "kind", _KINDS, "")),
        registry=row["registry"].strip(),
        first_id=first,
        last_id=last,
        mwh=record.number("mwh"),
        t_per_mwh=record.number("t_per_mwh"),
        technology=row["technology"],
        market=_market(row["market"]),
        generated=_month(record.value("generation_month")),
        retired_on=_day(row, "retired_on"),
        row=record.row,
        criteria=tuple(_criteria(row)),
        carrier=_one_of(row, "carrier", _CARRIERS, "electricity"),
        tradable=_flag(row, "tradable", default=True),
        plant=row.get("plant", ""),
        beneficiary=row.get("beneficiary", ""),
        label=row.get("label", ""),
        issued_on=_day(row, "issued_on"),
        bundled=_flag(row, "bundled", default=False),
        use=cast("InstrumentUse", _one_of(row, "use", _USES, "claimed")),
        claimed_year=record.whole_number("claimed_year", 0),
        credit=row.get("credit", ""),
        series=series,
        entity=row.get("entity", ""),
        origin=cast("InstrumentOrigin", _one_of(row, "origin", _ORIGINS, "")),
    )


def _market(text: str) -> str:
    """The country of a market; as written if it is no region, such as a market of several countries."""
    try:
        return canonical_region(text).partition("-")[0] if text.strip() else ""
    except RegionError:
        return text.strip().upper()


def _folded(text: str) -> str:
    """A registry's name without case and spaces."""
    return "".join(text.casefold().split())


def _id(text: str) -> tuple[str, int]:
    """What stands before the number of a certificate, and the number; 0 if there is none."""
    if not text:
        return "", 0
    found = _IDS.fullmatch(text.strip())
    if not found:
        raise _refused("id_without_number", text=text)
    if len(found[2]) > _LONGEST_NUMBER:
        raise _refused("id_too_long", text=text[:40])
    return _folded(found[1]), int(found[2])


def _refuse_cut_number(record: Record, name: str) -> None:
    """Refuse the number of a certificate that a spreadsheet has cut."""
    text, typed = record.cells.get(name, ""), record.typed.get(name)
    if _SCIENTIFIC.fullmatch(text) or (isinstance(typed, float | int) and len(text) > _MOST_DIGITS):
        raise _refused("id_cut", column=name, text=text)


def _one_of(row: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    """One of some words."""
    word = row.get(name, "") or default
    if word not in known:
        raise _refused("not_one_of", column=name, text=word, known=known)
    return word


def _flag(row: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Yes or no."""
    word = row.get(name, "").casefold()
    if word and word not in _YES | _NO:
        raise _refused("not_yes_or_no", column=name, text=word)
    return word in _YES if word else default


def _month(cell: Any) -> Period | None:
    """The month or year of generation; a spreadsheet turns the month 2023-06 into its first day."""
    if not cell:
        return None
    period = parse_period(cell)
    return Period.of_month(period.start.year, period.start.month) if period.days == 1 else period


def _day(row: Mapping[str, str], name: str) -> date | None:
    """A day, if there is one."""
    return parse_date(row[name]) if row.get(name) else None


def _criteria(row: Mapping[str, str]) -> list[Criterion]:
    """The criteria that are answered."""
    found = []
    for number in CRITERIA:
        answer, _, evidence = row.get(f"criterion_{number}", "").replace("：", ":").partition(":")
        word = answer.strip().casefold()
        if word and word not in _YES | _NO:
            raise _refused("criterion", column=f"criterion_{number}", text=answer)
        if word:
            found.append(Criterion(number, word in _YES, evidence.strip()))
    return found
