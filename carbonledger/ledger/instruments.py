"""Contractual instruments: certificates, contracts and supplier rates for electricity.

Each row of a table is one instrument. What keeps it from being claimed is a finding: the quality criteria of the GHG Protocol
Scope 2 Guidance (2015), table 7.1, as far as a record can show them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, cast

from carbonledger.errors import BookError, Finding
from carbonledger.periods import Period, parse_date, parse_period

__all__ = ["Instrument", "InstrumentKind", "check_instruments", "read_instruments"]

InstrumentKind = Literal["certificate", "contract", "supplier_rate"]
_KINDS = ("certificate", "contract", "supplier_rate")
# A Chinese green certificate is issued per 1,000 kWh.
_ONE_MWH_EACH, _WHOLE = "CN", 0.5
_CARRIERS = ("electricity", "heat", "steam", "cooling")
_COLUMNS = (
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
    "criteria_failed",
    "note",
)


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
    criteria_failed : str
        Quality criteria, by number, that it is known to fail.
    row : int
        Where it stands in its file.
    carrier : str
        ``electricity``, ``heat``, ``steam`` or ``cooling``.
    tradable : bool
        Whether it may be bought; certificates of own generation used on site may not be, in China.
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
    criteria_failed: str
    row: int
    carrier: str = "electricity"
    tradable: bool = True


def read_instruments(path: Path) -> list[Instrument]:
    """The instruments of a book.

    Parameters
    ----------
    path : Path
        A CSV with ``kind, registry, first_id, last_id, mwh, t_per_mwh, technology, market, generation_month, retired_on,
        criteria_failed, note``, and if needed ``carrier`` (electricity by default) and ``tradable`` (``no`` for certificates that
        cannot be bought).

    Returns
    -------
    list of Instrument

    Raises
    ------
    BookError
        Naming file and row of the first record that cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BookError(f"{path}: {error.strerror}.") from error
    rows = csv.DictReader(text.splitlines())
    missing = [name for name in _COLUMNS[:10] if name not in (rows.fieldnames or ())]
    if missing:
        raise BookError(f"{path.name}: no column {', '.join(missing)}.")
    return [_instrument(row, number, path.name) for number, row in enumerate(rows, start=2)]


def _instrument(row: Mapping[str, str], number: int, file: str) -> Instrument:
    """One row as a record."""
    try:
        if row["kind"] not in _KINDS:
            raise ValueError(f"kind {row['kind']!r} is not one of {', '.join(_KINDS)}")
        mwh, rate = float(row["mwh"]), float(row["t_per_mwh"])
        if not (mwh >= 0 and rate >= 0):
            raise ValueError("mwh and t_per_mwh are numbers of at least 0")
        return Instrument(
            kind=cast("InstrumentKind", row["kind"]),
            registry=row["registry"],
            first_id=int(row["first_id"] or 0),
            last_id=int(row["last_id"] or row["first_id"] or 0),
            mwh=mwh,
            t_per_mwh=rate,
            technology=row["technology"],
            market=row["market"],
            generated=parse_period(row["generation_month"]) if row["generation_month"] else None,
            retired_on=parse_date(row["retired_on"]) if row["retired_on"] else None,
            criteria_failed=(row.get("criteria_failed") or "").strip(),
            row=number,
            carrier=_carrier(row),
            tradable=(row.get("tradable") or "yes").strip().lower() not in {"no", "否"},
        )
    except (ValueError, TypeError) as error:
        raise BookError(f"{file}, row {number}: {error}") from error


def _carrier(row: Mapping[str, str]) -> str:
    """What an instrument is about."""
    carrier = (row.get("carrier") or "electricity").strip()
    if carrier not in _CARRIERS:
        raise ValueError(f"carrier {carrier!r} is not one of {', '.join(_CARRIERS)}")
    return carrier


def check_instruments(
    instruments: Iterable[Instrument], year: int, validity_months: Mapping[str, int], file: str = "instruments.csv"
) -> tuple[list[Instrument], list[Finding]]:
    """The instruments that may be claimed for a reporting year, and why the others may not.

    Parameters
    ----------
    instruments : iterable of Instrument
        As read.
    year : int
        The reporting year.
    validity_months : mapping of str to int
        By market, how many months after its generation month a certificate may be retired; China's green certificates: 24.
    file : str
        Where they stand.

    Returns
    -------
    tuple of (list of Instrument, list of Finding)
        A refused instrument's MWh drop to the next level of the hierarchy.
    """
    usable: list[Instrument] = []
    findings: list[Finding] = []
    for item in instruments:
        faults = list(_faults(item, usable, year, validity_months))
        findings += [
            Finding(rule, "warning", message, way_out, file=file, row=item.row) for rule, message, way_out in faults
        ]
        if not faults:
            usable.append(item)
    return usable, findings


def _faults(
    item: Instrument, earlier: list[Instrument], year: int, validity_months: Mapping[str, int]
) -> Iterator[tuple[str, str, str]]:
    """What keeps an instrument from being claimed."""
    if item.criteria_failed:
        yield (
            "INSTRUMENT_CRITERIA",
            f"it fails the quality criteria {item.criteria_failed} (Scope 2 Guidance, table 7.1).",
            "Claim only instruments that meet all of them.",
        )
    if item.kind == "certificate":
        yield from _certificate_faults(item, earlier, validity_months)
    if item.generated is not None and item.generated.start > date(year, 12, 31):
        yield "INSTRUMENT_PERIOD", f"it was generated in {item.generated}, after {year}.", "Claim it in its own year."


def _certificate_faults(
    item: Instrument, earlier: list[Instrument], validity_months: Mapping[str, int]
) -> Iterator[tuple[str, str, str]]:
    """What keeps a certificate from being claimed: not retired, retired too late, or claimed twice."""
    if not item.tradable:
        message = "it is not tradable: it belongs to generation used where it was made and cannot cover purchases."
        yield (
            "CERTIFICATE_NOT_TRADABLE",
            message,
            "Keep it with the own generation; it needs no certificate to count 0.",
        )
    count = item.last_id - item.first_id + 1
    if item.market == _ONE_MWH_EACH and item.first_id and abs(count - item.mwh) > _WHOLE:
        message = f"certificates {item.first_id} to {item.last_id} are {count}, at 1 MWh each, but {item.mwh:g} MWh are stated."
        yield "CERTIFICATE_COUNT", message, "Correct the range or the MWh."
    if item.retired_on is None:
        yield "CERTIFICATE_NOT_RETIRED", "it is not retired.", "Retire it for the reporter, or leave it out."
    months = validity_months.get(item.market)
    if item.retired_on is not None and item.generated is not None and months is not None:
        latest = _months_after(item.generated, months)
        if item.retired_on >= latest:
            message = (
                f"retired on {item.retired_on}, but a certificate of {item.generated} is valid until before {latest}."
            )
            yield "CERTIFICATE_EXPIRED", message, "Claim a certificate that was valid when it was retired."
    twin = next((other for other in earlier if _overlap(item, other)), None)
    if twin is not None:
        yield (
            "CERTIFICATE_TWICE",
            f"certificates {item.first_id} to {item.last_id} of {item.registry} overlap those of row {twin.row}.",
            "Claim each certificate once.",
        )


def _overlap(item: Instrument, other: Instrument) -> bool:
    """Whether two ranges of one registry share a certificate."""
    numbered = item.first_id and other.first_id and item.registry == other.registry
    return bool(numbered and item.first_id <= other.last_id and other.first_id <= item.last_id)


def _months_after(generated: Period, months: int) -> date:
    """The first day on which a certificate is no longer valid."""
    count = generated.end.year * 12 + generated.end.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
