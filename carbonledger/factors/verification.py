"""What an edition must satisfy before anyone may rely on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation

from carbonledger.core.errors import UnitError
from carbonledger.core.findings import Finding
from carbonledger.core.units import define_label, parse_unit, registry
from carbonledger.factors.factor import Edition, latest_day

__all__ = ["verify_edition"]

Cells = dict[str, str]

# What a parameter measures: the dimensionality of its unit, gas apart. None means that any unit will do.
_MEASURES: dict[str, tuple[str, ...] | None] = {
    "emission_factor": None,
    "residual_mix": ("t/MWh",),
    "fossil_average": ("t/MWh",),
    "baseline_om": ("t/MWh",),
    "baseline_bm": ("t/MWh",),
    "life_cycle_intensity": ("t/MWh",),
    "calorific_value": ("GJ/t", "GJ/m3", "GJ/Nm3", "1"),
    "carbon_content": ("t/GJ", "t/t", "t/m3", "t/Nm3"),
    "oxidation_factor": ("1",),
    "density": ("kg/m3", "kg/Nm3"),
    "standard_coal": ("kgce/kg", "kgce/m3", "kgce/Nm3", "kgce/kWh"),
    "primary_energy": ("1", "GJ/t", "GJ/m3", "GJ/Nm3"),
    "oil_equivalent": ("kL/GJ",),
    "gwp": ("1",),
    "leakage_rate": ("1", "1/year"),
    "combined_margin_weight_om": ("1",),
    "combined_margin_weight_bm": ("1",),
    "blend_share": ("1",),
    "methane_correction_factor": ("1",),
    "maximum_methane_capacity": ("1",),
}
_CONFIDENCE = frozenset({"high", "medium"})
_REQUIRED_METADATA = ("publisher", "document", "roles", "how_verified", "transcribed_by")


def verify_edition(edition: Edition) -> list[Finding]:
    """Every defect of an edition.

    Parameters
    ----------
    edition : Edition
        As read; its checksum and columns already hold.

    Returns
    -------
    list of Finding
        Empty if the edition keeps all rules: metadata complete, values decimal and inside their limits, units
        that measure what the parameter says, unique ids and keys, a place in the source for every row.
    """
    findings = list(_check_metadata(edition))
    for number, row in enumerate(edition.rows, start=2):
        cells = dict(zip(edition.header, row, strict=True))
        for check in _ROW_CHECKS:
            findings.extend(
                finding.at(file=f"{edition.id}/factors.csv", row=number, value=cells["factor_id"])
                for finding in check(cells)
            )
    return findings + list(_check_unique(edition))


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


def _check_value(cells: Cells) -> Iterator[Finding]:
    """The value is a finite decimal between its limits."""
    try:
        limits = [Decimal(cells[name]) for name in ("lower", "value", "upper") if cells[name] or name == "value"]
    except InvalidOperation:
        texts = {name: cells[name] for name in ("value", "lower", "upper")}
        yield Finding.of("FACTOR_VALUE.no_number", **texts)
        return
    if not all(limit.is_finite() for limit in limits):
        yield Finding.of("FACTOR_VALUE.not_finite", value=cells["value"])
    elif limits != sorted(limits):
        texts = {name: cells[name] for name in ("value", "lower", "upper")}
        yield Finding.of("FACTOR_VALUE.outside", **texts)


def _check_unit(cells: Cells) -> Iterator[Finding]:
    """The unit parses and measures what the parameter says."""
    try:
        unit = parse_unit(cells["unit"])
    except UnitError as error:
        yield Finding.of("FACTOR_UNIT.unknown", problem=error.says or str(error))
        return
    allowed = _MEASURES.get(cells["parameter"])
    dimensions = registry().get_dimensionality
    if allowed is not None and dimensions(unit) not in [dimensions(parse_unit(text)) for text in allowed]:
        measured = {"unit": cells["unit"], "parameter": cells["parameter"], "allowed": tuple(allowed)}
        yield Finding.of("FACTOR_UNIT.dimension", **measured)
    if cells["gas"]:
        define_label(cells["gas"])


def _check_provenance(cells: Cells) -> Iterator[Finding]:
    """Every row says where it stands in its source, and how sure we are."""
    if not cells["source_locator"].strip():
        yield Finding.of("FACTOR_SOURCE")
    if cells["confidence"] not in _CONFIDENCE:
        yield Finding.of("FACTOR_CONFIDENCE", confidence=cells["confidence"], known=tuple(sorted(_CONFIDENCE)))
    if not cells["factor_id"]:
        yield Finding.of("FACTOR_ID")


def _check_parameter(cells: Cells) -> Iterator[Finding]:
    """An emission factor names its gas."""
    if cells["parameter"] in {"emission_factor", "gwp", "carbon_content"} and not cells["gas"]:
        yield Finding.of("FACTOR_GAS", parameter=cells["parameter"])


_ROW_CHECKS: tuple[Callable[[Cells], Iterable[Finding]], ...] = (
    _check_value,
    _check_unit,
    _check_provenance,
    _check_parameter,
)
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


def _check_unique(edition: Edition) -> Iterator[Finding]:
    """No id and no key occurs twice."""
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(edition.rows, start=2):
        cells = dict(zip(edition.header, row, strict=True))
        for key in (("factor_id", cells["factor_id"]), tuple(cells.get(name, "") for name in _KEY)):
            first = seen.setdefault(key, number)
            if first != number:
                named = " ".join(part for part in key if part)
                found = Finding.of("FACTOR_DUPLICATE", key=named, row=first)
                yield found.at(file=f"{edition.id}/factors.csv", row=number)
