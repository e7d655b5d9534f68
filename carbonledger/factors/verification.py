"""What an edition must satisfy before anyone may rely on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache

from carbonledger.core.errors import UnitError
from carbonledger.core.findings import Finding, first_error
from carbonledger.core.units import (
    canonical_unit,
    conversion_factor,
    dimension_of,
    is_convertible,
    parse_unit,
    quantity,
)
from carbonledger.factors.edition_files import metadata_faults
from carbonledger.factors.editions import catalogue, is_shipped
from carbonledger.factors.factor import Edition, latest_day
from carbonledger.factors.own_rows import LIMITS_AND_VALUE, PLAIN_NUMBER, normal_row
from carbonledger.factors.parameters import Parameter, parameters
from carbonledger.factors.usability import usability

__all__ = ["verify_edition", "verify_rows"]

Cells = dict[str, str]

_CONFIDENCE = frozenset({"high", "medium"})
_REQUIRED_METADATA = ("publisher", "document", "roles", "how_verified", "transcribed_by")
# Beyond these sizes a product with an amount is no number any more, or 0.
_LARGEST, _SMALLEST = Decimal("1e15"), Decimal("1e-30")
_LARGEST_CONVERTED = 1e30
# A mass of gas; with the gas in the unit it has a dimension of its own until the gas is taken out.
_MASSES = frozenset({"mass", "co2e_mass"})
# Columns whose cells have one spelling; the activity of a figure that comes with the library may be outside the taxonomy.
_SPELT = ("parameter", "region", "data_year", "gas", "heating_value", "gwp_basis", "confidence")


def verify_edition(edition: Edition) -> list[Finding]:
    """Every defect of an edition, and every doubt about one of your own.

    Parameters
    ----------
    edition : Edition
        As read; its checksum and columns already hold.

    Returns
    -------
    list of Finding
        No error if the edition keeps all rules: metadata complete, values decimal and inside their limits, units
        that measure what the parameter says, unique ids and keys, a place in the source for every row. Of an edition of your own that
        means that `calculate` can use every row. Warnings name figures that are unlike all published ones, or that need a density or
        calorific value which the edition does not have.
    """
    findings = [*metadata_faults(edition)]
    if not findings:
        findings += _check_metadata(edition)
    rows = [dict(zip(edition.header, row, strict=True)) for row in edition.rows]
    if not rows:
        findings.append(Finding.of("EDITION_METADATA.no_rows").at(file=f"{edition.id}/factors.csv"))
    return findings + verify_rows(rows, edition.id, own=not (is_shipped(edition) or _is_refreshed(edition)))


def _is_refreshed(edition: Edition) -> bool:
    """Whether it is a new year of a series of the library, made from the publisher's file: such a table also has figures for reference."""
    return "refresh" in edition.metadata and any(name.partition("@")[0] == edition.name for name in catalogue())


def verify_rows(rows: Sequence[Cells], edition_id: str, *, own: bool = True, compared: bool = True) -> list[Finding]:
    """Every defect of the rows of an edition, and doubts about those of one's own.

    Parameters
    ----------
    rows : sequence of dict
        The cells by column.
    edition_id : str
        For the place of the findings.
    own : bool
        Whether every row must be of use to an inventory. What comes with the library also has figures for reference.
    compared : bool
        Whether figures of one's own are compared with all published ones.

    Returns
    -------
    list of Finding
        The first row counts as row 2.
    """
    findings: list[Finding] = []
    for number, cells in enumerate(rows, start=2):
        found = [finding for check in _ROW_CHECKS for finding in check(cells)]
        found += [*_check_limits(cells, own), *_check_words(cells, own)]
        findings += [_placed(finding, edition_id, number, cells) for finding in found]
    findings += _check_unique(rows, edition_id, own)
    if own and not first_error(findings):
        findings += [
            _placed(finding, edition_id, number, rows[number - 2])
            for number, finding in usability(rows, compared=compared)
        ]
    return findings


def _placed(finding: Finding, edition_id: str, number: int, cells: Cells) -> Finding:
    """A finding at its row."""
    return finding.at(file=f"{edition_id}/factors.csv", row=number, value=cells["factor_id"])


def _check_metadata(edition: Edition) -> Iterator[Finding]:
    """The data package says who published what, for which use, and under which licence."""
    place = f"{edition.id}/datapackage.json"
    for name in _REQUIRED_METADATA:
        if not edition.metadata.get(name):
            yield Finding.of("EDITION_METADATA.missing", field=f"carbonledger.{name}").at(file=place)
    if not edition.licence:
        yield Finding.of("EDITION_METADATA.missing", field="licenses").at(file=place)
    if (edition.package.get("name"), edition.package.get("version")) != (edition.name, edition.version):
        yield Finding.of("EDITION_METADATA.name").at(file=place)
    try:
        latest_day(edition.date_published)
    except ValueError:
        yield Finding.of("EDITION_METADATA.date", date=edition.date_published).at(file=place)
    if edition.roles and not is_shipped(edition):
        yield from _check_roles(edition, place)


def _check_roles(edition: Edition, place: str) -> Iterator[Finding]:
    """The edition plays a role in which each of its parameters is asked for."""
    for name in sorted({parameter for _, parameter in edition.index}):
        wanted = parameters()[name].roles if name in parameters() else ()
        if wanted and not set(wanted) & set(edition.roles):
            yield Finding.of("EDITION_METADATA.role", parameter=name, roles=wanted, stated=edition.roles).at(file=place)


def _check_value(cells: Cells) -> Iterator[Finding]:
    """The value is a finite decimal in plain digits, between its limits."""
    texts = {name: cells[name] for name in LIMITS_AND_VALUE}
    bad = [name for name, text in texts.items() if (text or name == "value") and not PLAIN_NUMBER.fullmatch(text)]
    if bad:
        text = texts[bad[0]]
        if text.strip("+-").lower() in {"inf", "infinity", "nan"}:
            yield Finding.of("FACTOR_VALUE.not_finite", value=text)
        else:
            yield Finding.of("FACTOR_VALUE.no_number", value=text, column=bad[0])
        return
    limits = [Decimal(texts[name]) for name in ("lower", "value", "upper") if texts[name]]
    size = abs(Decimal(texts["value"]))
    if size > _LARGEST or 0 < size < _SMALLEST:
        yield Finding.of("FACTOR_VALUE.size", value=texts["value"])
    elif limits != sorted(limits):
        yield Finding.of("FACTOR_VALUE.outside", **texts)


def _check_limits(cells: Cells, own: bool) -> Iterator[Finding]:
    """A figure of an activity is not negative, not 0 where something is divided by it, no share above one."""
    parameter, text = parameters().get(cells["parameter"]), cells["value"]
    if parameter is None or not PLAIN_NUMBER.fullmatch(text) or not (own or cells["activity"]):
        return
    value, named = Decimal(text), {"parameter": parameter.name, "value": text}
    if value < parameter.lowest:
        yield Finding.of("FACTOR_VALUE.negative", **named)
    elif not value and not parameter.may_be_zero:
        yield Finding.of("FACTOR_VALUE.zero", **named)
    elif parameter.highest is not None and _in_first_unit(cells, parameter) > float(parameter.highest):
        yield Finding.of("FACTOR_VALUE.above", unit=cells["unit"], highest=str(parameter.highest), **named)


def _in_first_unit(cells: Cells, parameter: Parameter) -> float:
    """The value in the unit of the table of parameters that measures the same; 0 if none does."""
    return float(cells["value"]) * _first_units(cells["unit"], parameter)


@cache
def _first_units(unit: str, parameter: Parameter) -> float:
    """How many of the parameter's own units a unit is; 0 if it measures something else."""
    try:
        fitting = [text for text in parameter.measures if is_convertible(unit, text)]
    except UnitError:
        return 0.0
    return conversion_factor(unit, fitting[0]) if fitting else 0.0


def _check_unit(cells: Cells) -> Iterator[Finding]:
    """The unit parses, measures what the parameter says, and gives a number when it is converted."""
    faults = _unit_faults(cells["unit"], cells["parameter"])
    yield from faults
    is_sized = PLAIN_NUMBER.fullmatch(cells["value"]) and abs(Decimal(cells["value"])) <= _LARGEST
    if not faults and is_sized:
        converted = float(cells["value"]) * _base_units(cells["unit"])
        if not math.isfinite(converted) or abs(converted) > _LARGEST_CONVERTED:
            yield Finding.of("FACTOR_VALUE.size", value=cells["value"])


@cache
def _base_units(unit: str) -> float:
    """How many base units of the registry a unit is."""
    return float(quantity(1.0, unit).to_base_units().magnitude)


@cache
def _unit_faults(text: str, name: str) -> tuple[Finding, ...]:
    """What is wrong with the unit of a parameter."""
    parameter = parameters().get(name)
    try:
        unit = parse_unit(text)
    except UnitError as error:
        return (Finding.of("FACTOR_UNIT.unknown", problem=error.says or str(error)),)
    if parameter is None:
        return ()
    if parameter.is_per_mass:
        return tuple(_per_mass_faults(text, name))
    if unit.dimensionality not in [parse_unit(known).dimensionality for known in parameter.measures]:
        return (Finding.of("FACTOR_UNIT.dimension", unit=text, parameter=name, allowed=parameter.measures),)
    return ()


def _per_mass_faults(unit: str, parameter: str) -> Iterator[Finding]:
    """The unit is a mass of the gas per amount of the activity."""
    numerator, per, denominator = canonical_unit(unit).partition("/")
    try:
        above, below = dimension_of(numerator), dimension_of(denominator) if per else ""
    except UnitError:
        above, below = "", ""
    if above in _MASSES:
        if not per:
            yield Finding.of("FACTOR_UNIT.no_denominator", unit=unit, parameter=parameter)
    elif below in _MASSES:
        yield Finding.of("FACTOR_UNIT.upside_down", unit=unit, proposed=f"{denominator}/{numerator}")
    else:
        yield Finding.of("FACTOR_UNIT.no_mass", unit=unit, parameter=parameter)


def _check_provenance(cells: Cells) -> Iterator[Finding]:
    """Every row says where it stands in its source, and how sure we are."""
    if not cells["source_locator"].strip():
        yield Finding.of("FACTOR_SOURCE")
    if cells["confidence"] not in _CONFIDENCE:
        yield Finding.of("FACTOR_CONFIDENCE", confidence=cells["confidence"], known=tuple(sorted(_CONFIDENCE)))
    if not cells["factor_id"].strip():
        yield Finding.of("FACTOR_ID")


@cache
def _normal_words(columns: tuple[str, ...]) -> tuple[Finding, ...]:
    """What is wrong with the words of a row, by its cells; many rows of an edition share them."""
    cells = dict(zip((*_SPELT, "activity", "unit"), columns, strict=True))
    row = normal_row({**cells, "value": "1"})
    found = [Finding.from_message(message).at(column=column) for column, message in row.faults]
    for column in (*_SPELT, "activity"):
        if cells[column] != row.of(column) and column not in {name for name, _ in row.faults}:
            given = cells[column] or "-"
            found.append(
                Finding.of("FACTOR_SPELLING", given=given, column=column, normal=row.of(column)).at(column=column)
            )
    if row.of("unit") != cells["unit"]:
        found.append(_gas_of_unit(cells["unit"], row.of("unit"), row.of("gas"), divided=row.of("value") != "1"))
    return tuple(found)


def _gas_of_unit(given: str, unit: str, gas: str, *, divided: bool) -> Finding:
    """The finding about a unit that names the gas."""
    case = "gas_printed_as_co2e" if divided else "names_gas"
    return Finding.of(f"FACTOR_UNIT.{case}", given=given, unit=unit, gas=gas).at(column="unit")


def _check_words(cells: Cells, own: bool) -> Iterator[Finding]:
    """Every word is one that editions know, in their spelling."""
    wanted = (*(cells.get(name, "") for name in _SPELT), cells["activity"] if own else "", cells["unit"])
    confidence_is_said = {"confidence"}
    for finding in _normal_words(wanted):
        if finding.column in confidence_is_said or finding.says.key == "FACTOR_UNIT.unknown":
            continue
        if own or finding.column != "activity":
            yield finding
    if own and not cells["region"].strip():
        yield Finding.of("FACTOR_REGION").at(column="region")


_ROW_CHECKS: tuple[Callable[[Cells], Iterable[Finding]], ...] = (_check_value, _check_unit, _check_provenance)
_KEY = (
    "activity",
    "parameter",
    "region",
    "data_year",
    "gas",
    "unit",
    "heating_value",
    "boundary",
    "variant",
    "publisher_path",
)


def _check_unique(rows: Sequence[Cells], edition_id: str, own: bool) -> Iterator[Finding]:
    """No id and no key occurs twice; in an edition of one's own, neither does a figure in another unit of one dimension."""
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in enumerate(rows, start=2):
        measured = _measured(cells["unit"]) if own else cells["unit"]
        key = tuple(measured if name == "unit" else cells.get(name, "") for name in _KEY)
        for one in (("factor_id", cells["factor_id"]), key):
            first = seen.setdefault(one, number)
            if first != number:
                shown = (
                    one
                    if one[0] == "factor_id"
                    else (cells["unit"] if name == "unit" else cells.get(name, "") for name in _KEY)
                )
                named = " ".join(part for part in shown if part)
                found = Finding.of("FACTOR_DUPLICATE", key=named, row=first)
                yield found.at(file=f"{edition_id}/factors.csv", row=number)


def _measured(unit: str) -> str:
    """What a unit measures: kg/kWh and t/MWh are one, kg/kg and kg/kWh are not."""
    numerator, per, denominator = unit.partition("/")
    try:
        return f"{dimension_of(numerator)}{per}{dimension_of(denominator) if per else ''}"
    except UnitError:
        return unit
