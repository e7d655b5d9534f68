"""The years before: emissions as they were reported and as they were restated, each row with its source.

Rows are records of what stands in earlier reports; nothing of them enters the inventory of the reporting year, and nothing is overwritten.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5 and chapter 9: the profile of emissions over time, with the base year and its
recalculations; GHG Protocol Scope 2 Guidance (2015), chapter 6.1: base years by method.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast, get_args

from carbonledger.activity_data.organisation import APPROACHES
from carbonledger.core.errors import CarbonLedgerError, RecordError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.core.units import canonical_unit, conversion_factor, dimension_of
from carbonledger.tables.records import Record, records_in

__all__ = ["METHODS", "HistoryEntry", "HistoryKind", "Scope2Method", "Scopes", "read_history", "scopes_label"]

Scopes = tuple[int, ...]
Scope2Method = Literal["", "location_based", "market_based"]
HistoryKind = Literal["as_reported", "restated"]
METHODS: tuple[Scope2Method, ...] = ("location_based", "market_based")
SCOPE_2 = 2

_EMISSIONS, _ENERGY = ("t CO2e", "co2e_mass"), ("GJ", "energy")
_NEEDED = ("year", "scope", "kind", "source")
_OPTIONAL = (*("entity", "method", "emissions", "unit", "tco2e", "energy", "energy_unit", "gwp", "approach", "note"),)
_NUMBERS = ("year", "emissions", "tco2e", "energy")
# What 年份 is called among records in general is the vintage of a credit.
_RENAMED = {"vintage": "year"}
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_NUMERALS = str.maketrans("一二三", "123")
_SCOPES = re.compile(r"(?:scopes?|范围|s)?([123](?:[+、,&和及](?:scopes?|范围|s)?[123])*)")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Emissions of a year as a report states them.

    Parameters
    ----------
    year : int
        The calendar year in which the reporting year begins.
    entity : str
        The company; empty for everything within the boundary.
    scopes : tuple of int
        Which scopes the figure is of: ``(1,)``, ``(1, 2)``.
    method : {"", "location_based", "market_based"}
        The method of scope 2; empty where scope 2 is no part of it.
    kind : {"as_reported", "restated"}
        As it was first reported, or as a later report restates it.
    tco2e, half_unit_tco2e : float
        The figure, and half a unit of its last digit, t CO2e.
    energy_gj : float or None
        Energy of the same year, if the row has it, GJ.
    source : str
        Document and page; of a constructed figure the reason, as ``constructed: ...``.
    gwp, approach, note : str
        The set of global warming potentials and the consolidation approach, if the row states them; a remark.
    file, sheet : str
        Where it stands.
    row : int
        Row number as a spreadsheet shows it.
    """

    year: int
    entity: str
    scopes: Scopes
    method: Scope2Method
    kind: HistoryKind
    tco2e: float
    half_unit_tco2e: float
    energy_gj: float | None
    source: str
    gwp: str
    approach: str
    note: str
    file: str
    sheet: str
    row: int

    @property
    def key(self) -> tuple[int, str, Scopes, Scope2Method, HistoryKind]:
        """What may stand once only."""
        return self.year, self.entity, self.scopes, self.method, self.kind

    @property
    def label(self) -> Label:
        """Its scopes and method."""
        return scopes_label(self.scopes, self.method)

    def place(self, finding: Finding) -> Finding:
        """A finding at this row."""
        return finding.at(file=self.file, sheet=self.sheet, row=self.row)


def scopes_label(scopes: Scopes, method: Scope2Method = "") -> Label:
    """What some scopes are called, with the method of scope 2.

    Examples
    --------
    >>> scopes_label((1, 2), "market_based")
    Label(en='scope 1+2, market-based', zh='范围一+二（基于市场）')
    """
    chinese = "+".join("一二三"[scope - 1] for scope in scopes)
    name = Label("scope " + "+".join(map(str, scopes)), f"范围{chinese}")
    if not method or SCOPE_2 not in scopes:
        return name
    words = Label.of(f"what_if_{method}")
    return Label(f"{name.en}, {words.en}", f"{name.zh}（{words.zh}）")


def read_history(
    path: Path, companies: Mapping[str, str] | None = None, country: str = "", decimal: str = "", *, name: str = ""
) -> tuple[list[HistoryEntry], list[Finding]]:
    """The earlier years of a book.

    Parameters
    ----------
    path : Path
        A table with ``year, scope, kind, source``, the emissions as ``emissions`` with ``unit`` (t CO2e if it is empty) or as ``tco2e``,
        and perhaps ``entity, method, energy, energy_unit, gwp, approach, note``; headings may be Chinese.
    companies : mapping of str to str, optional
        The id of each company by the names that rows may use; an empty id stands for everything within the boundary.
    country, decimal, name : str
        See `records_in`.

    Returns
    -------
    tuple of (list of HistoryEntry, list of Finding)
        Every row that can be used. A row that cannot is a finding; so is one that repeats another. Of two rows that contradict each
        other neither is used.

    Raises
    ------
    EntriesError
        If the file cannot be read at all.
    """
    read, findings = records_in(
        path,
        _NEEDED,
        optional=_OPTIONAL,
        numbers=_NUMBERS,
        country=country,
        decimal=decimal,
        renamed=_RENAMED,
        name=name,
    )
    entries: list[HistoryEntry] = []
    for record in read:
        try:
            entries.append(_entry(record, companies or {}, country))
        except RecordError as error:
            findings += [record.place(Finding.from_message(error.says))] if error.says else []
    usable, faults = _once(entries)
    without = [item.place(Finding.of("HISTORY_WITHOUT_SOURCE")) for item in usable if not item.source]
    return usable, [*findings, *faults, *without]


def _once(entries: list[HistoryEntry]) -> tuple[list[HistoryEntry], list[Finding]]:
    """Each figure once: of repeated rows the first, of contradicting ones none."""
    first: dict[object, HistoryEntry] = {}
    refused: set[object] = set()
    findings = []
    for item in entries:
        other = first.setdefault(item.key, item)
        if other is item:
            continue
        values = {"year": item.year, "what": item.label, "other_row": other.row}
        if other.tco2e == item.tco2e:
            findings.append(item.place(Finding.of("HISTORY_TWICE", **values)))
            continue
        refused.add(item.key)
        amounts = {"value": item.tco2e, "other": other.tco2e}
        findings.append(item.place(Finding.of("HISTORY_CONTRADICTION.rows", **values, **amounts)))
    return [item for key, item in first.items() if key not in refused], findings


def _entry(record: Record, companies: Mapping[str, str], country: str) -> HistoryEntry:
    """One row as a record."""
    cells = record.cells
    scopes = _scopes(cells["scope"])
    emissions, half_unit = _emissions(record, country)
    energy = cells.get("energy", "")
    entity = cells.get("entity", "")
    return HistoryEntry(
        year=_year(record),
        entity=companies.get(entity, entity),
        scopes=scopes,
        method=_method(cells.get("method", ""), scopes),
        kind=_kind(cells["kind"]),
        tco2e=emissions,
        half_unit_tco2e=half_unit,
        energy_gj=record.number("energy") * _factor(record, "energy_unit", _ENERGY, country) if energy else None,
        source=cells["source"],
        gwp=cells.get("gwp", ""),
        approach=_approach(cells.get("approach", "")),
        note=cells.get("note", ""),
        file=record.file,
        sheet=record.sheet,
        row=record.row,
    )


def _year(record: Record) -> int:
    """The year of a row."""
    year = record.whole_number("year")
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise RecordError(Message.of("HISTORY_ENTRY.year", text=record.cells["year"]))
    return year


def _scopes(text: str) -> Scopes:
    """The scopes that a cell names, such as ``1``, ``Scope 1+2`` or ``范围一、二``; each once."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split()).translate(_NUMERALS)
    found = _SCOPES.fullmatch(plain)
    numbers = [int(sign) for sign in found[1] if sign.isdigit()] if found else []
    if not numbers or len(set(numbers)) < len(numbers):
        raise RecordError(Message.of("HISTORY_ENTRY.scope", text=text))
    return tuple(sorted(numbers))


def _method(text: str, scopes: Scopes) -> Scope2Method:
    """The method of scope 2; stated where scope 2 is part of the figure, and nowhere else."""
    name = text.casefold().replace("-", "_").replace(" ", "_")
    if name and name not in METHODS:
        raise RecordError(Message.of("HISTORY_ENTRY.method", text=text, known=METHODS))
    if SCOPE_2 in scopes and not name:
        raise RecordError(Message.of("HISTORY_ENTRY.no_method", known=METHODS))
    if SCOPE_2 not in scopes and name:
        raise RecordError(Message.of("HISTORY_ENTRY.needless_method", what=scopes_label(scopes), text=text))
    return name


def _kind(text: str) -> HistoryKind:
    """Whether a figure is as reported or restated."""
    name = text.casefold().replace("-", "_").replace(" ", "_")
    known = get_args(HistoryKind)
    if name not in known:
        raise RecordError(Message.of("HISTORY_ENTRY.kind", text=text, known=known))
    return cast("HistoryKind", name)


def _approach(text: str) -> str:
    """A consolidation approach, or nothing."""
    name = text.casefold().replace("-", "_").replace(" ", "_")
    if name and name not in APPROACHES:
        raise RecordError(Message.of("HISTORY_ENTRY.approach", text=text, known=tuple(APPROACHES)))
    return name


def _emissions(record: Record, country: str) -> tuple[float, float]:
    """The figure of a row and half a unit of its last digit, t CO2e."""
    stated = [name for name in ("emissions", "tco2e") if record.cells.get(name)]
    if len(stated) != 1:
        raise RecordError(Message.of("HISTORY_ENTRY.amounts" if stated else "HISTORY_ENTRY.no_amount"))
    value = record.number(stated[0])
    factor = 1.0 if stated == ["tco2e"] else _factor(record, "unit", _EMISSIONS, country)
    exponent = cast("int", Decimal(repr(value)).normalize().as_tuple().exponent)
    return value * factor, 0.5 * 10.0 ** min(exponent, 0) * factor


def _factor(record: Record, column: str, wanted: tuple[str, str], country: str) -> float:
    """What the number of a row is multiplied by, from its unit to that of the library."""
    text, (target, dimension) = record.cells.get(column, ""), wanted
    if not text:
        return 1.0
    try:
        unit = canonical_unit(text, country)
    except CarbonLedgerError as error:
        raise RecordError(Message.of("HISTORY_ENTRY.no_unit", text=text, reason=error.says or str(error))) from error
    if dimension_of(unit) != dimension:
        raise RecordError(Message.of("HISTORY_ENTRY.unit", text=text, target=target))
    return conversion_factor(unit, target)
