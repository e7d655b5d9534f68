"""Entries that cross the end of a year, divided into one part per year.

References
----------
ISO 14064-1:2018: emissions belong to the period in which they arise. The order of preference - interval data, a reading at
the turn of the year, weights of degree-days or production, plain days - is this library's policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from carbonledger.core.errors import BookError, EntriesError, PeriodError, RecordError
from carbonledger.core.findings import Finding, Message, first_error
from carbonledger.core.period_texts import parse_period
from carbonledger.core.periods import Period
from carbonledger.tables.records import Record, records_in

__all__ = ["Weights", "cut_off_by_year", "read_weights"]


@dataclass(frozen=True)
class Weights:
    """How much of a period falls on each day, beyond plain days.

    Parameters
    ----------
    name : str
        What weighs, e.g. ``degree-days of Qingdao``, as an entry's note will say.
    of_day : mapping of date to float
        The weight of each known day.
    """

    name: str
    of_day: Mapping[date, float]

    def of(self, period: Period) -> float | None:
        """The summed weight of a period; None if a day of it is not known."""
        days = [period.start + timedelta(days=count) for count in range(period.days)]
        if any(day not in self.of_day for day in days):
            return None
        return sum(self.of_day[day] for day in days)


def read_weights(path: Path) -> Weights:
    """Degree-days, production or other weights.

    Parameters
    ----------
    path : Path
        A CSV with ``period`` (a day or a month) and ``weight``; that of a month is spread evenly over its days. The file's name says
        what weighs.

    Returns
    -------
    Weights

    Raises
    ------
    BookError
        Naming file and row of what cannot be read.
    """
    try:
        records, findings = records_in(path, ("period", "weight"), optional=("note",), numbers=("weight",))
    except EntriesError as error:
        first = error.findings[0]
        raise BookError(Message.of("WEIGHTS_FILE.form", place=first.place_label, problem=first.says)) from error
    broken = first_error(findings)
    if broken:
        raise BookError(Message.of("WEIGHTS_FILE.form", place=broken.place_label, problem=broken.says))
    of_day: dict[date, float] = {}
    for record in records:
        period, weight = _weight_of(record)
        for count in range(period.days):
            day = period.start + timedelta(days=count)
            if day in of_day:
                raise BookError(Message.of("WEIGHTS_FILE.twice", file=record.file, row=record.row, day=str(day)))
            of_day[day] = weight / period.days
    return Weights(path.stem, of_day)


def _weight_of(record: Record) -> tuple[Period, float]:
    """The period and the weight of a row."""
    place = {"file": record.file, "row": record.row}
    try:
        return parse_period(record.value("period")), record.number("weight")
    except PeriodError as error:
        raise BookError(Message.of("WEIGHTS_FILE.period", problem=error.says or str(error), **place)) from error
    except RecordError as error:
        raise BookError(Message.of("WEIGHTS_FILE.weight", problem=error.says or str(error), **place)) from error


def cut_off_by_year(
    record: dict[str, Any], first_month: int, weights: Weights | None, findings: list[Finding]
) -> list[dict[str, Any]]:
    """An entry as one per calendar and reporting year that it touches; the parts sum to the whole.

    Parameters
    ----------
    record : dict
        A sound entry with its place.
    first_month : int
        The first month of the reporting year.
    weights : Weights or None
        By what it is divided; None for days.
    findings : list of Finding
        Gets a note if the weights do not know some day of it, which days then decide.

    Returns
    -------
    list of dict
        With ``year``, the calendar year of each part, and a note that says its share.
    """
    whole = Period(record["start"], record["end"])
    pieces = _pieces(whole, first_month)
    if len(pieces) == 1:
        return [{**record, "year": whole.start.year}]
    weight = weights.of(whole) if weights else None
    if weights and not weight:
        finding = Finding.of("WEIGHTS_MISSING", weights=weights.name, period=str(whole))
        findings.append(finding.at(file=record["file"], sheet=record["sheet"], row=record["row"]))
    parts = []
    for piece in pieces:
        if weights and weight:
            share = (weights.of(piece) or 0.0) / weight
            note = f"prorated: {share:.2%} by {weights.name}"
        else:
            share = piece.days / whole.days
            note = f"prorated: {piece.days} of {whole.days} days"
        words = f"{record['note']} {note}".strip()
        cells = {"start": piece.start, "end": piece.end, "year": piece.start.year, "amount": record["amount"] * share}
        parts.append({**record, **cells, "note": words})
    return parts


def _pieces(whole: Period, first_month: int) -> list[Period]:
    """A period cut where calendar and reporting years begin."""
    years = range(whole.start.year, whole.last_day.year + 1)
    cuts = {date(year, month, 1) for year in years for month in {1, first_month}}
    edges = [whole.start, *sorted(cut for cut in cuts if whole.start < cut < whole.end), whole.end]
    return [Period(start, end) for start, end in pairwise(edges)]
