"""The tables of the next year's book: a row to fill in for each source of this year, and the contracts that go on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from carbonledger.activity_data.entry_headings import field_label
from carbonledger.activity_data.sites import Site
from carbonledger.book.year import ReportingYear
from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Lang
from carbonledger.scope2.instruments import Instrument

__all__ = ["CarriedTable", "entries_table", "instruments_table"]

# Excel takes a CSV for UTF-8 by this mark.
_MARK = "\ufeff"
_ENTRY_COLUMNS = (
    *("entity", "site", "source", "activity", "amount", "unit", "start", "end", "region"),
    *("factor", "scope_3_category", "note"),
)
_INSTRUMENT_COLUMNS = (
    *("kind", "registry", "first_id", "last_id", "mwh", "t_per_mwh", "technology", "market", "generation_month"),
    *("retired_on", "carrier", "tradable", "plant", "beneficiary", "label", "bundled", "use", "entity", "origin"),
)
_GO_ON = frozenset({"contract", "supplier_rate"})


@dataclass(frozen=True, slots=True)
class CarriedTable:
    """A table of the next year's book.

    Parameters
    ----------
    text : str
        As CSV, with the mark by which Excel knows UTF-8.
    carried : int
        How many rows it has.
    ended : tuple of str
        What of this year's it does not hold.
    """

    text: str
    carried: int
    ended: tuple[str, ...] = ()


def entries_table(year: ReportingYear, ended: Sequence[Site], lang: Lang) -> CarriedTable:
    """A row for each entry of the year, a year later and without its amount.

    Parameters
    ----------
    year : ReportingYear
        This year.
    ended : sequence of Site
        Sites that are not in operation in the next year.
    lang : {"en", "zh"}
        The language of the names of activities in the notes.

    Returns
    -------
    CarriedTable
        An amount that is not filled in is an error when the book is read, and never 0.
    """
    closed = {(site.entity, site.id) for site in ended}
    estimates = year.book.settings.files.estimates
    rows: dict[tuple[str, ...], None] = {}
    gone: dict[str, None] = {}
    for entry in year.entries.frame.to_dict("records"):
        if entry["file"] == estimates and estimates:
            continue
        if (entry["entity"], entry["site"]) in closed:
            gone[" ".join(part for part in (entry["site"], entry["source"], entry["activity"]) if part)] = None
            continue
        rows[_row(entry, year, lang)] = None
    headings = [_heading(name, lang) for name in _ENTRY_COLUMNS]
    return CarriedTable(_csv_text(headings, rows), len(rows), tuple(gone))


def _heading(field: str, lang: Lang) -> str:
    """A heading of entries in a language; the Chinese label has it in brackets."""
    return field if lang == "en" else field_label(field).zh.partition("（")[2].rstrip("）") or field


def _row(entry: dict[Any, Any], year: ReportingYear, lang: Lang) -> tuple[str, ...]:
    """An entry a year later, to be filled in."""
    settings = year.book.settings
    placed = any(entry["site"] == site.id and site.region for site in settings.sites)
    own = entry["region"] in {"", settings.company.region} or placed
    last = _year_later(entry["end"]) - timedelta(days=1)
    return (
        *(str(entry[name]) for name in ("entity", "site", "source", "activity")),
        "",
        str(entry["unit"]),
        _year_later(entry["start"]).isoformat(),
        last.isoformat(),
        "" if own else str(entry["region"]),
        str(entry["factor"]),
        str(entry["scope_3_category"]) if entry["scope_3_category"] else "",
        taxonomy()[entry["activity"]].label(lang),
    )


def _year_later(day: date) -> date:
    """The same day of the next year; the last of February where that has no such day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def instruments_table(instruments: Sequence[Instrument]) -> CarriedTable:
    """The contracts and supplier rates that go on, without what belongs to this year: quantity, numbers, dates, rate.

    Certificates belong to the year for which they were retired and end with it.
    """
    going = [item for item in instruments if item.kind in _GO_ON]
    rows = dict.fromkeys(_instrument_row(item) for item in going)
    ended = (item for item in instruments if item.kind not in _GO_ON)
    names = (
        f"{item.series or f'{item.registry} '}{item.first_id or ''}{f'-{item.last_id}' if item.last_id else ''} "
        f"({item.mwh:g} MWh)"
        for item in ended
    )
    return CarriedTable(_csv_text(_INSTRUMENT_COLUMNS, rows), len(rows), tuple(dict.fromkeys(names)))


def _instrument_row(item: Instrument) -> tuple[str, ...]:
    """A contract, to be filled in."""
    known = {
        "kind": item.kind,
        "registry": item.registry,
        "technology": item.technology,
        "market": item.market,
        "carrier": item.carrier,
        "tradable": "" if item.tradable else "no",
        "plant": item.plant,
        "beneficiary": item.beneficiary,
        "label": item.label,
        "bundled": "yes" if item.bundled else "",
        "use": item.use,
        "entity": item.entity,
        "origin": item.origin,
    }
    return tuple(known.get(name, "") for name in _INSTRUMENT_COLUMNS)


def _csv_text(columns: Sequence[str], rows: Iterator[tuple[str, ...]] | dict[tuple[str, ...], None]) -> str:
    """Rows under their headings."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return _MARK + stream.getvalue()
