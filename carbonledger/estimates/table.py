"""The estimates of a book: a table of what is known, each row turned into an entry whose note is its derivation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from carbonledger.core.activities import GRID_ELECTRICITY, GRID_LOSSES, canonical_activity
from carbonledger.core.errors import CarbonLedgerError, RecordError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.period_texts import parse_date
from carbonledger.core.periods import Period
from carbonledger.core.units import conversion_factor
from carbonledger.estimates.formulas import leaked, parameter_of, wastewater_methane
from carbonledger.estimates.value_chain import (
    Formed,
    commuting,
    end_of_life,
    grid_losses,
    investment,
    use_of_sold_products,
)
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Edition
from carbonledger.tables.records import Record, records_in

__all__ = ["ESTIMATE_METHODS", "Estimates", "read_estimates"]

_NEEDED = ("method", "activity", "amount", "unit", "start", "end")
_NUMBERS = ("amount", "recovered", "count", "times", "share_percent")
_OPTIONAL = (
    *("parameter", "recovered", "count", "times", "share_percent", "note"),
    *("entity", "site", "source", "region", "factor", "evidence", "entry_id", "supersedes"),
)
_PASSED_ON = ("entity", "site", "source", "region", "factor", "evidence", "entry_id", "supersedes")


class _Made(NamedTuple):
    """What an estimate gives: so much of an activity."""

    activity: str
    amount: float
    unit: str
    derivation: str
    category: int = 0


@dataclass(frozen=True)
class Estimates:
    """The estimates of a file.

    Parameters
    ----------
    rows : tuple of dict
        As `read_entries` understands them.
    numbers : tuple of int
        The row of the file that each came from.
    findings : tuple of Finding
        Rows that cannot be estimated, with their place.
    """

    rows: tuple[dict[str, Any], ...]
    numbers: tuple[int, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Row:
    """The cells of one row, by heading."""

    record: Record
    editions: tuple[Edition, ...]

    @property
    def cells(self) -> Mapping[str, str]:
        """Text by heading."""
        return self.record.cells

    def number(self, name: str, default: float | None = None) -> float:
        """A number that is not negative."""
        return self.record.number(name, default)

    def share(self, default: float | None = None) -> float:
        """The share, 0 to 1, from a column in per cent."""
        percent = self.number("share_percent", default)
        if percent > 100:
            raise RecordError(Message.of("ESTIMATE.share", percent=percent))
        return percent / 100

    def text(self, name: str) -> str:
        """A cell that must not be empty."""
        if not self.cells.get(name):
            raise RecordError(Message.of("ESTIMATE.empty", column=name))
        return self.cells[name]

    @property
    def days(self) -> Period:
        """From start to end, both included."""
        return Period(parse_date(self.text("start")), parse_date(self.text("end")) + timedelta(days=1))


def _leakage(row: _Row) -> _Made:
    """A refrigerant's charge and a published rate."""
    charge = row.number("amount") * conversion_factor(row.text("unit"), "kg")
    estimate = leaked(charge, row.text("parameter"), row.days, row.editions)
    return _Made(row.text("activity"), estimate.kilograms, "kg", estimate.derivation)


def _wastewater(row: _Row) -> _Made:
    """An organic load and a way of treatment."""
    load = row.number("amount") * conversion_factor(row.text("unit"), "kg")
    water, system, recovered = row.text("activity"), row.text("parameter"), row.number("recovered", 0.0)
    estimate = wastewater_methane(load, water, system, row.editions, recovered)
    return _Made("wastewater.ch4", estimate.kilograms, "kg", estimate.derivation)


def _commuting(row: _Row) -> _Made:
    """People, days and kilometres."""
    made = commuting(row.number("count"), row.number("times"), row.number("amount"), row.text("unit"), row.share(100.0))
    return _formed(row, made, 7)


def _use(row: _Row) -> _Made:
    """Products sold, uses over their life and energy of each."""
    return _formed(
        row,
        use_of_sold_products(row.number("count"), row.number("times"), row.number("amount"), row.text("unit")),
        11,
    )


def _disposal(row: _Row) -> _Made:
    """Mass sold, by route."""
    return _formed(row, end_of_life(row.number("amount"), row.text("unit"), row.share()), 12)


def _losses(row: _Row) -> _Made:
    """Electricity used, at a stated or published rate of loss."""
    place = row.cells.get("parameter", "")
    rate = parameter_of(row.editions, GRID_ELECTRICITY, "loss_rate", place) if place else None
    loss = rate.value if rate else row.share()
    if loss >= 1:
        raise RecordError(Message.of("ESTIMATE.loss"))
    made = grid_losses(row.number("amount"), row.text("unit"), loss)
    source = f" ({rate.reference})" if rate else ""
    if canonical_activity(row.text("activity")) != GRID_ELECTRICITY:
        raise RecordError(Message.of("ESTIMATE.not_grid", activity=row.text("activity")))
    return _Made(GRID_LOSSES, made.amount, row.text("unit"), made.derivation + source, 3)


def _investment(row: _Row) -> _Made:
    """An investee's emissions by share."""
    return _formed(row, investment(row.number("amount"), row.text("unit"), row.share()), 15)


def _formed(row: _Row, made: Formed, category: int) -> _Made:
    """An amount of scope 3, in the unit of the row."""
    return _Made(row.text("activity"), made.amount, row.text("unit"), made.derivation, category)


ESTIMATE_METHODS: Mapping[str, Callable[[_Row], _Made]] = {
    "leakage_rate": _leakage,
    "wastewater": _wastewater,
    "commuting": _commuting,
    "use_of_sold_products": _use,
    "end_of_life": _disposal,
    "grid_losses": _losses,
    "investment": _investment,
}


def read_estimates(
    path: Path, editions: Iterable[str], folder: Path | None = None, country: str = "", decimal: str = ""
) -> Estimates:
    """The estimates of a book as rows that `read_entries` understands.

    Parameters
    ----------
    path : Path
        A table with ``method``, ``activity``, ``amount``, ``unit``, ``start``, ``end`` (both days included) and, as the method needs them,
        ``parameter``, ``recovered``, ``count``, ``times``, ``share_percent``; ``entity``, ``site``, ``source``, ``region``, ``factor``
        and ``evidence`` are passed on.

        * ``leakage_rate``: activity the refrigerant, amount its charge, parameter the equipment;
        * ``wastewater``: activity ``domestic`` or ``industrial``, amount its BOD or COD, parameter the system, ``recovered`` in kg CH4;
        * ``commuting``: count of people, times days, amount the distance a day, share_percent of the mode (100 if empty);
        * ``use_of_sold_products``: count sold, times used over the life, amount each time;
        * ``end_of_life``: amount the mass sold, share_percent treated so;
        * ``grid_losses``: amount used, share_percent lost, or parameter the region of a published rate;
        * ``investment``: amount the investee's emissions, share_percent held.
    editions : iterable of str
        Where the parameters stand.
    folder : Path, optional
        A factor folder of the book's own.
    country, decimal : str
        See `records_in`.

    Returns
    -------
    Estimates

    Raises
    ------
    EntriesError
        If the file cannot be read at all.
    UnknownEditionError
        If there is no such edition.
    """
    parameters = tuple(read_edition(name, folder) for name in editions)
    records, findings = records_in(
        path, _NEEDED, optional=_OPTIONAL, numbers=_NUMBERS, country=country, decimal=decimal
    )
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    routes: dict[tuple[str, ...], list[tuple[int, float]]] = {}
    for record in records:
        row = _Row(record, parameters)
        try:
            rows.append(_entry(row))
        except (ValueError, CarbonLedgerError) as error:
            findings.append(record.place(_not_estimated(error)))
            continue
        numbers.append(record.row)
        if record.cells["method"] == "end_of_life" and row.share() < 1:
            sold = tuple(record.cells.get(name, "") for name in ("entity", "site", "source", "amount", "unit", "start"))
            routes.setdefault(sold, []).append((record.row, row.share()))
    return Estimates(tuple(rows), tuple(numbers), (*findings, *_incomplete_routes(routes, path.name)))


def _not_estimated(error: Exception) -> Finding:
    """The finding for a row that cannot be estimated."""
    says = error.says if isinstance(error, CarbonLedgerError) else None
    if says and says.rule.name in {"ESTIMATE", "BAD_NUMBER", "DECIMAL_SIGN"}:
        return Finding.from_message(says)
    return Finding.of("ESTIMATE.problem", problem=says or f"{error}.")


def _entry(row: _Row) -> dict[str, Any]:
    """One estimate as an entry."""
    method = row.text("method")
    if method not in ESTIMATE_METHODS:
        raise RecordError(Message.of("ESTIMATE.method", text=method, known=tuple(ESTIMATE_METHODS)))
    made, days = ESTIMATE_METHODS[method](row), row.days
    place = {name: row.cells.get(name, "") for name in _PASSED_ON}
    what = {"activity": canonical_activity(made.activity), "amount": made.amount, "unit": made.unit}
    when = {"start": days.start.isoformat(), "end": (days.end - timedelta(days=1)).isoformat()}
    words = {"data_type": "estimated", "note": made.derivation, "scope_3_category": made.category or ""}
    return {**place, **what, **when, **words}


def _incomplete_routes(routes: Mapping[tuple[str, ...], list[tuple[int, float]]], file: str) -> list[Finding]:
    """Products sold of which not everything is treated, or more than everything."""
    findings = []
    for sold, parts in routes.items():
        treated = sum(share for _, share in parts)
        if abs(treated - 1) > 1e-9:
            amount, unit = sold[3:5]
            finding = Finding.of("END_OF_LIFE_ROUTES", amount=amount, unit=unit, percent=treated * 100)
            findings.append(finding.at(file=file, row=parts[0][0]))
    return findings
