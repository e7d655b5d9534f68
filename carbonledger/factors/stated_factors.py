"""Factors that stand in the settings themselves: a value, its unit and its source, without a folder.

They make an edition in memory, ``own@book``, which keeps the rules of all editions and comes before the pinned ones.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from carbonledger.core.errors import EditionError, UnitError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label, did_you_mean
from carbonledger.core.units import canonical_unit
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS, STATED_IN_BOOK, Edition, latest_day
from carbonledger.factors.own_rows import normal_row
from carbonledger.factors.parameters import roles_of
from carbonledger.factors.verification import verify_rows
from carbonledger.tables.headings import nearest_heading

__all__ = ["stated_edition"]

_NEEDED = ("activity", "value", "source")
# What an author may write, and the column of an edition that it fills.
_COLUMN = {
    "activity": "activity",
    "value": "value",
    "unit": "unit",
    "source": "source_locator",
    "region": "region",
    "year": "data_year",
    "gas": "gas",
    "parameter": "parameter",
    "heating_value": "heating_value",
    "gwp_basis": "gwp_basis",
    "variant": "variant",
    "note": "note",
}
_BESIDE = ("published", "place")
_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?[\d.,'_]+(?:[eE][+-]?\d+)?)\s*(.*?)\s*")


def stated_edition(stated: Sequence[Mapping[str, Any]], as_of: date | None = None) -> Edition:
    """The edition of factors that a book, or a script, states itself.

    Parameters
    ----------
    stated : sequence of mapping
        Each with ``activity``, ``value`` (a text with the unit, or a number beside ``unit``) and ``source``; ``region`` (everywhere by
        default), ``year`` (any by default), ``gas``, ``parameter``, ``heating_value``, ``gwp_basis``, ``variant``, ``note``,
        ``published`` (the day of the source) and ``place`` (where it is written) are optional.
    as_of : date, optional
        A source published later is refused. One without a date counts as known: who states a figure knows it.

    Returns
    -------
    Edition
        ``own@book``, of the status ``own``; its checksum is that of the content, not of the places.

    Raises
    ------
    EditionError
        Naming every fault of every factor.

    Examples
    --------
    >>> edition = stated_edition([{"activity": "electricity.grid", "value": "0.412 kg CO2/kWh", "source": "Supplier X, contract 7"}])
    >>> edition.factors()[0].unit, edition.factors()[0].gas, edition.roles, edition.status
    ('kg/kWh', 'CO2', ('emissions',), 'own')
    """
    faults: list[Message] = []
    rows: list[dict[str, str]] = []
    places = [_place(item, number) for number, item in enumerate(stated, start=1)]
    for item, place in zip(stated, places, strict=True):
        broken = [*_form_faults(item, place, as_of)]
        cells = {} if broken else _cells(item, place, broken)
        faults += broken
        rows.append(cells)
    if not faults:
        _name(rows)
        faults = [
            _fault(finding, places)
            for finding in verify_rows(rows, STATED_IN_BOOK, compared=False)
            if finding.severity == "error"
        ]
    if faults:
        error = EditionError(faults[0])
        error.others = tuple(EditionError(fault) for fault in faults[1:])
        raise error
    return _edition(rows, places)


def _place(item: Mapping[str, Any], number: int) -> Label:
    """Where a factor is written, by default its number."""
    place = item.get("place") or f"own[{number}]"
    return place if isinstance(place, Label) else Label(str(place), str(place))


def _form_faults(item: Mapping[str, Any], place: Label, as_of: date | None) -> Iterator[Message]:
    """Names that a factor does not have, or that it needs; a source later than the day that is asked for."""
    for name in item:
        if name not in {*_COLUMN, *_BESIDE}:
            hint = did_you_mean([near] if (near := nearest_heading(name, tuple(_COLUMN))) else [])
            yield Message.of("OWN_FACTOR.unknown", where=place, name=name, hint=hint, known=(*_COLUMN, _BESIDE[0]))
    for name in _NEEDED:
        if not str(item.get(name, "")).strip():
            yield Message.of("OWN_FACTOR.missing", where=place, name=name)
    published = str(item.get("published") or "")
    try:
        day = latest_day(published)
    except ValueError:
        problem = Message.of("EDITION_METADATA.date", date=published)
        yield Message.of("OWN_FACTOR.fault", where=place, problem=problem)
        return
    if as_of and day and day > as_of:
        yield Message.of("OWN_FACTOR.later", where=place, published=published, as_of=as_of.isoformat())


def _cells(item: Mapping[str, Any], place: Label, faults: list[Message]) -> dict[str, str]:
    """A factor as the row of an edition; its faults are added to the others."""
    cells = dict.fromkeys((*COLUMNS, *OPTIONAL_COLUMNS), "") | {"region": "GLOBAL", "confidence": "medium"}
    cells |= {
        _COLUMN[name]: str(value).strip() for name, value in item.items() if name in _COLUMN and value is not None
    }
    cells["region"] = cells["region"] or "GLOBAL"
    number = _NUMBER_AND_UNIT.fullmatch(cells["value"])
    if number and number[2] and cells["unit"]:
        faults.append(Message.of("OWN_FACTOR.two_units", where=place, given=cells["value"], unit=cells["unit"]))
    elif number:
        cells |= {"value": number[1], "unit": number[2] or cells["unit"]}
        if not cells["unit"]:
            faults.append(Message.of("OWN_FACTOR.no_unit", where=place, given=cells["value"]))
    if faults:
        return cells
    row = normal_row(cells)
    faults += [_fault(Finding.from_message(message).at(row=2), [place]) for _, message in row.faults]
    with suppress(UnitError):
        row.cells["unit"] = canonical_unit(row.cells["unit"], row.cells["region"])
    return row.cells


def _fault(finding: Finding, places: Sequence[Label]) -> Message:
    """A finding about a row as a message about the factor that it came from."""
    says = finding.says
    if says.key == "FACTOR_DUPLICATE":
        first, what = dict(says.values)["row"], dict(says.values)["key"]
        return Message.of("OWN_FACTOR.twice", where=places[(finding.row or 2) - 2], what=what, first=places[first - 2])
    problem = Label(says.full_text("en"), says.full_text("zh"))
    return Message.of("OWN_FACTOR.fault", where=places[(finding.row or 2) - 2], problem=problem)


def _name(rows: Sequence[dict[str, str]]) -> None:
    """Name each factor by what it is about."""
    taken: dict[str, int] = {}
    for row in rows:
        parts = (
            row["activity"],
            row["parameter"].replace("emission_factor", ""),
            row["gas"],
            row["region"].replace("GLOBAL", ""),
            row["data_year"],
            row["variant"],
        )
        name = re.sub(r"[^a-z0-9._-]+", "-", "-".join(filter(None, parts)).lower()).strip("-")
        taken[name] = taken.get(name, 0) + 1
        row["factor_id"] = name if taken[name] == 1 else f"{name}-{taken[name]}"


def _edition(rows: Sequence[Mapping[str, str]], places: Sequence[Label]) -> Edition:
    """The edition of some rows without fault."""
    header = (*COLUMNS, *OPTIONAL_COLUMNS)
    digest = sha256(_body(rows, header)).hexdigest()
    placed = [
        {**row, "source_locator": f"{row['source_locator']}; {place}"} for row, place in zip(rows, places, strict=True)
    ]
    name, _, version = STATED_IN_BOOK.partition("@")
    metadata = {"roles": list(roles_of(row["parameter"] for row in rows)), "max_lag_years": 0}
    package = {"name": name, "version": version, "title": "Factors stated in the settings", "carbonledger": metadata}
    return Edition(name, version, Path(), metadata, package, digest, header, _body(placed, header), status="own")


def _body(rows: Sequence[Mapping[str, str]], header: Sequence[str]) -> bytes:
    """Rows as CSV, each on one line."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([" ".join(row[name].split()) for name in header] for row in rows)
    return stream.getvalue().encode()
