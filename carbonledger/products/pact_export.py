"""A product footprint as a PACT document of version 3, from cradle to gate.

References
----------
WBCSD PACT, Technical Specifications 3.0.3, ``CarbonFootprint``: the footprint without biogenic uptake is the sum of fossil emissions, land
use change, biogenic emissions and removals; with it, biogenic uptake is added. Both are given, so nothing is netted unseen.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.factors.own_words import basis_named
from carbonledger.products.footprint import ProductFootprint, ProductLine
from carbonledger.products.pact_document import PactFootprint, pact_rows
from carbonledger.products.pact_versions import LATEST, decimal_text
from carbonledger.products.product import GATE_STAGES
from carbonledger.products.product_files import Declarant

__all__ = ["pact_document"]

_VERSION = 3
# As many decimals of a kilogram as anybody could want; a document is no place for the noise of binary fractions.
_DECIMALS = Decimal("0.0000000001")
_MIDNIGHT = "T00:00:00Z"
_PIECE = "piece"
_COUNTRY, _PARTS = 2, 2


def pact_document(
    footprint: ProductFootprint, declarant: Declarant | None
) -> tuple[PactFootprint | None, list[Finding]]:
    """A footprint as a document to hand to customers.

    Parameters
    ----------
    footprint : ProductFootprint
        A whole one: a part is refused.
    declarant : Declarant or None
        The company.

    Returns
    -------
    tuple of (PactFootprint or None, list of Finding)
        None if something is missing that the specification demands; each with the setting that states it.
    """
    findings = list(_missing(footprint, declarant))
    if findings or declarant is None:
        return None, findings
    facts, product = footprint.product.pact, footprint.product
    document: dict[str, Any] = {
        "id": facts.id or str(uuid.uuid4()),
        "specVersion": LATEST[_VERSION],
        **({"precedingPfIds": list(facts.preceding)} if facts.preceding else {}),
        "created": facts.created or datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "status": facts.status,
        **({"validityPeriodStart": facts.valid_from} if facts.valid_from else {}),
        **({"validityPeriodEnd": facts.valid_until} if facts.valid_until else {}),
        "companyName": declarant.company_name,
        "companyIds": list(declarant.company_ids),
        "productDescription": product.description,
        "productIds": list(facts.product_ids),
        "productNameCompany": product.label.text("en"),
        **({"comment": facts.comment} if facts.comment else {}),
        "pcf": _pcf(footprint),
    }
    made = PactFootprint(document)
    wrong = [finding for finding in made.findings if finding.severity == "error" or finding.rule == "PACT_FIELD"]
    return (None, wrong) if wrong else (made, [])


def _unit_of(footprint: ProductFootprint) -> tuple[str, float] | None:
    """The unit of PACT for the declared unit, and how many of it a declared unit is; None if there is none."""
    product = footprint.product
    for row in pact_rows("pact_units"):
        if row["unit"] and is_convertible(product.declared_unit, row["unit"]):
            return row["pact"], product.declared_amount * conversion_factor(product.declared_unit, row["unit"])
    return None


def _missing(footprint: ProductFootprint, declarant: Declarant | None) -> Iterator[Finding]:
    """What the specification demands and nothing states."""
    product = footprint.product
    if footprint.is_part:
        yield Finding.of("PACT_EXPORT.part", product=product.id)
    unit = _unit_of(footprint)
    if unit is None:
        yield Finding.of("PACT_EXPORT.unit", product=product.id, unit=product.declared_unit)
    stated = {
        "[pact] company_name": declarant is not None,
        "pact.product_ids": bool(product.pact.product_ids),
        "pact.fossil_carbon_kg": product.pact.fossil_carbon_kg is not None,
        "pact.exempted_percent": product.pact.exempted_percent is not None,
        "standards": bool(product.standards),
        "mass_kg": _mass_kg(footprint) is not None,
    }
    for setting, there in stated.items():
        if not there:
            yield Finding.of("PACT_EXPORT.missing", product=product.id, setting=setting)
    if not basis_named(footprint.gwp).startswith("AR"):
        yield Finding.of("PACT_EXPORT.gwp", product=product.id, gwp=footprint.gwp)


def _mass_kg(footprint: ProductFootprint) -> float | None:
    """Mass of the declared unit, kg; 0 of energy, transport and services, which have none."""
    product = footprint.product
    if product.mass_kg is not None:
        return product.mass_kg
    if is_convertible(product.declared_unit, "kg"):
        return product.declared_amount * conversion_factor(product.declared_unit, "kg")
    massless = any(is_convertible(product.declared_unit, unit) for unit in ("kWh", "t_km", "h"))
    return 0.0 if massless else None


def _text(value: float) -> str:
    """A number as PACT writes decimals."""
    return decimal_text(Decimal(repr(value)).quantize(_DECIMALS))


def _pcf(footprint: ProductFootprint) -> dict[str, Any]:
    """The carbon footprint itself."""
    product, facts = footprint.product, footprint.product.pact
    gate = [line for line in footprint.lines if line.stage in GATE_STAGES]
    sums = {name: _column(gate, name) for name in _FIELDS}
    without = sum(sums[name] for name in _FIELDS if name != "biogenic_uptake")
    unit = _unit_of(footprint) or ("", 0.0)
    optional = {field: _text(sums[name]) for name, field in _FIELDS.items() if sums[name] and name != "fossil"}
    outbound = _counted([line for line in footprint.lines if line.stage == "distribution"])
    packaging = [line for line in gate if line.packaging]
    return {
        "declaredUnitOfMeasurement": unit[0],
        "declaredUnitAmount": _text(unit[1]),
        "productMassPerDeclaredUnit": _text(_mass_kg(footprint) or 0.0),
        "referencePeriodStart": f"{footprint.period.start.isoformat()}{_MIDNIGHT}",
        "referencePeriodEnd": f"{footprint.period.end.isoformat()}{_MIDNIGHT}",
        **_geography(footprint.region),
        "boundaryProcessesDescription": _processes(gate),
        "pcfExcludingBiogenicUptake": _text(without),
        "pcfIncludingBiogenicUptake": _text(without + sums["biogenic_uptake"]),
        "fossilGhgEmissions": _text(sums["fossil"]),
        "fossilCarbonContent": _text(facts.fossil_carbon_kg or 0.0),
        **({} if facts.biogenic_carbon_kg is None else {"biogenicCarbonContent": _text(facts.biogenic_carbon_kg)}),
        **optional,
        "packagingEmissionsIncluded": bool(packaging),
        **({"packagingGhgEmissions": _text(_counted(packaging))} if packaging else {}),
        **({"outboundLogisticsGhgEmissions": _text(outbound)} if outbound else {}),
        "ipccCharacterizationFactors": [basis_named(footprint.gwp)],
        "crossSectoralStandards": list(product.standards),
        "exemptedEmissionsPercent": _text(facts.exempted_percent or 0.0),
    }


# What a supplier did not assign counts as fossil, which is where a doubt does no favour.
_FIELDS = {
    "fossil": "fossilGhgEmissions",
    "biogenic": "biogenicNonCO2Emissions",
    "land_use_change": "landUseChangeGhgEmissions",
    "removals": "technologicalCO2Removals",
    "biogenic_uptake": "biogenicCO2Uptake",
}


def _column(lines: list[ProductLine], name: str) -> float:
    """The sum of a column."""
    columns = {"fossil", "unassigned"} if name == "fossil" else {name}
    return sum(line.kgco2e for line in lines if line.column in columns)


def _counted(lines: list[ProductLine]) -> float:
    """The sum of what counts."""
    return sum(line.kgco2e for line in lines if line.counts)


def _geography(region: str) -> dict[str, str]:
    """The region by the fields of PACT; nothing if it is no country or subdivision."""
    parts = region.split("-")
    if len(parts[0]) != _COUNTRY or len(parts) > _PARTS:
        return {}
    return {"geographyCountry": parts[0]} if len(parts) == 1 else {"geographyCountrySubdivision": region}


def _processes(lines: list[ProductLine]) -> str:
    """What is counted in each stage."""
    named = {stage: dict.fromkeys(line.name for line in lines if line.stage == stage) for stage in GATE_STAGES}
    return "; ".join(f"{stage.replace('_', ' ')}: {', '.join(names)}" for stage, names in named.items() if names)
