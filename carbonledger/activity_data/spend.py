"""Spend in the prices of the year that a spend factor is stated for.

A factor of 0.2 kg per dollar of 2022 must not meet dollars of 2024: an amount is exchanged into the factor's currency at the rate of its
own year, then deflated by the price index of that currency.

References
----------
GHG Protocol, Technical Guidance for Calculating Scope 3 Emissions (2013), category 1, spend-based method: inflation and currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from carbonledger.activity_data.entries import Entries
from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import BookError, EntriesError, RecordError
from carbonledger.core.findings import Finding, Message, first_error
from carbonledger.core.units import dimension_of
from carbonledger.tables.records import Record, records_in

__all__ = ["Prices", "deflated", "read_prices"]

_COLUMNS = ("kind", "currency", "year", "value", "source")


@dataclass(frozen=True)
class Prices:
    """Price indices and exchange rates, each with its source.

    Parameters
    ----------
    index : mapping of (str, int) to (float, str)
        By currency and year: the index, on any base, and its source.
    exchange : mapping of (str, str, int) to (float, str)
        By currency, target and year: units of the target per unit of the currency, and its source.
    """

    index: Mapping[tuple[str, int], tuple[float, str]]
    exchange: Mapping[tuple[str, str, int], tuple[float, str]]


def read_prices(path: Path) -> Prices:
    """Price indices and exchange rates of a book.

    Parameters
    ----------
    path : Path
        A CSV with ``kind`` (``index`` or ``exchange``), ``currency``, ``to`` (of an exchange), ``year``, ``value``, ``source``.

    Returns
    -------
    Prices

    Raises
    ------
    BookError
        Naming file and row of what cannot be read, or has no source.
    """
    try:
        records, findings = records_in(path, _COLUMNS, optional=("to", "note"), numbers=("year", "value"))
    except EntriesError as error:
        first = error.findings[0]
        raise BookError(Message.of("PRICE_FILE.form", place=first.place_label, problem=first.says)) from error
    broken = first_error(findings)
    if broken:
        raise BookError(Message.of("PRICE_FILE.form", place=broken.place_label, problem=broken.says))
    index: dict[tuple[str, int], tuple[float, str]] = {}
    exchange: dict[tuple[str, str, int], tuple[float, str]] = {}
    for record in records:
        row, (year, value) = record.cells, _year_and_value(record)
        if row["kind"] == "index":
            index[row["currency"], year] = (value, row["source"])
        else:
            exchange[row["currency"], row["to"], year] = (value, row["source"])
    return Prices(index, exchange)


def _year_and_value(record: Record) -> tuple[int, float]:
    """The year of a row, and its index or rate."""
    row, place = record.cells, {"file": record.file, "row": record.row}
    try:
        year, value = record.whole_number("year"), record.number("value")
    except RecordError as error:
        raise BookError(Message.of("PRICE_FILE.no_number", problem=error.says or str(error), **place)) from error
    is_whole = bool(row["source"]) and value > 0 and (row["kind"] == "index" or bool(row.get("to")))
    if row["kind"] not in {"index", "exchange"} or not is_whole:
        raise BookError(Message.of("PRICE_FILE.row", **place))
    return year, value


def deflated(entries: Entries, prices: Prices, currency: str, price_year: int) -> Entries:
    """Spend entries in the currency and prices of a year.

    Parameters
    ----------
    entries : Entries
        Those of spend whose unit is a bare currency are converted; others, and spend that names its price year, stay.
    prices : Prices
        What is needed for every currency and year among them.
    currency, price_year : str, int
        What the pinned spend factors are stated in, e.g. ``USD`` of 2022.

    Returns
    -------
    Entries
        Each converted amount says in its note by what; one that cannot be converted stays with a finding.
    """
    frame = entries.frame.copy()
    findings = list(entries.findings)
    for at, row in frame.iterrows():
        spent = str(row["unit"])
        if taxonomy()[row["activity"]].kind != "spend" or "_" in spent or dimension_of(spent) != "currency":
            continue
        price = _price(prices, spent, int(row["year"]), currency, price_year)
        if isinstance(price, _Lacking):
            findings.append(_price_missing(price, {str(name): value for name, value in row.items()}))
            continue
        factor, sources = price
        note = f"{row['note']} deflated: x {factor:.6g} ({sources})".strip()
        frame.loc[at, ["amount", "unit", "note"]] = [row["amount"] * factor, f"{currency}_{price_year}", note]
    return replace(entries, frame=frame.astype({"amount": "float64"}), findings=tuple(findings))


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A price index or exchange rate that the prices do not have: the case of PRICE_MISSING and its values."""

    case: str
    values: Mapping[str, str]


def _price(prices: Prices, spent: str, year: int, currency: str, price_year: int) -> tuple[float, str] | _Lacking:
    """What an amount is multiplied by and the sources, or what is missing."""
    rate, sources = 1.0, []
    if spent != currency:
        exchange = prices.exchange.get((spent, currency, year))
        if exchange is None:
            return _Lacking("PRICE_MISSING.exchange", {"currency": currency})
        rate, source = exchange
        sources.append(source)
    pair = [prices.index.get((currency, which)) for which in (price_year, year)]
    if pair[0] is None or pair[1] is None:
        lacking = price_year if pair[0] is None else year
        return _Lacking("PRICE_MISSING.index", {"currency": currency, "lacking": str(lacking)})
    sources += [pair[0][1], pair[1][1]]
    return rate * pair[0][0] / pair[1][0], "; ".join(dict.fromkeys(sources))


def _price_missing(lacking: _Lacking, row: Mapping[str, Any]) -> Finding:
    """The finding for spend that cannot be deflated."""
    spend = {"activity": str(row["activity"]), "year": str(row["year"]), "unit": str(row["unit"])}
    finding = Finding.of(lacking.case, **spend, **lacking.values)
    return finding.at(file=row["file"], sheet=row["sheet"], row=int(row["row"]))
