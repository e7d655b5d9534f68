"""What an edition must satisfy before anyone may rely on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation

from carbonledger.core.errors import UnitError
from carbonledger.core.findings import Finding, old_finding
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
                old_finding(
                    rule, "error", message, file=f"{edition.id}/factors.csv", row=number, value=cells["factor_id"]
                )
                for rule, message in check(cells)
            )
    return findings + list(_check_unique(edition))


def _check_metadata(edition: Edition) -> Iterator[Finding]:
    """The data package says who published what, for which use, and under which licence."""
    place = f"{edition.id}/datapackage.json"
    for name in _REQUIRED_METADATA:
        if not edition.metadata.get(name):
            yield old_finding("EDITION_METADATA", "error", f"carbonledger.{name} is missing.", file=place)
    if not edition.licence:
        yield old_finding("EDITION_METADATA", "error", "licenses is missing.", file=place)
    if (edition.package.get("name"), edition.package.get("version")) != (edition.name, edition.version):
        yield old_finding("EDITION_METADATA", "error", "name and version differ from the folder's.", file=place)
    try:
        latest_day(edition.date_published)
    except ValueError:
        yield old_finding("EDITION_METADATA", "error", f"{edition.date_published!r} is no date.", file=place)


def _check_value(cells: Cells) -> Iterator[tuple[str, str]]:
    """The value is a finite decimal between its limits."""
    try:
        limits = [Decimal(cells[name]) for name in ("lower", "value", "upper") if cells[name] or name == "value"]
    except InvalidOperation:
        yield (
            "FACTOR_VALUE",
            f"{cells['value']!r} (limits {cells['lower']!r}, {cells['upper']!r}) is no decimal number.",
        )
        return
    if not all(limit.is_finite() for limit in limits):
        yield "FACTOR_VALUE", f"{cells['value']!r} is not finite."
    elif limits != sorted(limits):
        yield "FACTOR_VALUE", f"{cells['value']} lies outside its limits {cells['lower']} to {cells['upper']}."


def _check_unit(cells: Cells) -> Iterator[tuple[str, str]]:
    """The unit parses and measures what the parameter says."""
    try:
        unit = parse_unit(cells["unit"])
    except UnitError as error:
        yield "FACTOR_UNIT", str(error)
        return
    allowed = _MEASURES.get(cells["parameter"])
    dimensions = registry().get_dimensionality
    if allowed is not None and dimensions(unit) not in [dimensions(parse_unit(text)) for text in allowed]:
        yield "FACTOR_UNIT", f"{cells['unit']!r} does not measure a {cells['parameter']} ({' or '.join(allowed)})."
    if cells["gas"]:
        define_label(cells["gas"])


def _check_provenance(cells: Cells) -> Iterator[tuple[str, str]]:
    """Every row says where it stands in its source, and how sure we are."""
    if not cells["source_locator"].strip():
        yield "FACTOR_SOURCE", "the row has no place in its source."
    if cells["confidence"] not in _CONFIDENCE:
        yield "FACTOR_CONFIDENCE", f"{cells['confidence']!r} is not {' or '.join(sorted(_CONFIDENCE))}."
    if not cells["factor_id"]:
        yield "FACTOR_ID", "the row has no factor_id."


def _check_parameter(cells: Cells) -> Iterator[tuple[str, str]]:
    """An emission factor names its gas."""
    if cells["parameter"] in {"emission_factor", "gwp", "carbon_content"} and not cells["gas"]:
        yield "FACTOR_GAS", f"a {cells['parameter']} names its gas."


_ROW_CHECKS: tuple[Callable[[Cells], Iterable[tuple[str, str]]], ...] = (
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
                message = f"{' '.join(part for part in key if part)} already stands in row {first}."
                yield old_finding("FACTOR_DUPLICATE", "error", message, file=f"{edition.id}/factors.csv", row=number)
