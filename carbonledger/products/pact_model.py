"""The published data model of PACT for product footprints, versions 2 and 3.

A model says whether a document keeps the specification; the document itself is kept as it is, with every field that the model does not
know.

References
----------
WBCSD PACT, Technical Specifications for PCF Data Exchange, version 2.3.0 (October 2024) and version 3.0.3, the schemas
``ProductFootprint`` and ``CarbonFootprint`` of their OpenAPI files; the models were written from them, see ``PACT-NOTICE.txt``.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

__all__ = ["MODELS", "ProductFootprint2", "ProductFootprint3"]

# Names that are not what camel case makes of ours.
_OTHER_NAMES = {
    "land_management_biogenic_co2_emissions": "landManagementBiogenicCO2Emissions",
    "land_management_biogenic_co2_removals": "landManagementBiogenicCO2Removals",
    "biogenic_co2_uptake": "biogenicCO2Uptake",
    "biogenic_non_co2_emissions": "biogenicNonCO2Emissions",
    "ccs_technological_co2_capture_included": "ccsTechnologicalCO2CaptureIncluded",
    "ccs_technological_co2_capture": "ccsTechnologicalCO2Capture",
    "technological_co2_capture_origin": "technologicalCO2CaptureOrigin",
    "technological_co2_removals": "technologicalCO2Removals",
    "pcf_excluding_biogenic": "pCfExcludingBiogenic",
    "pcf_including_biogenic": "pCfIncludingBiogenic",
    "d_luc_ghg_emissions": "dLucGhgEmissions",
    "i_luc_ghg_emissions": "iLucGhgEmissions",
    "technological_dqr": "technologicalDQR",
    "geographical_dqr": "geographicalDQR",
    "temporal_dqr": "temporalDQR",
    "completeness_dqr": "completenessDQR",
    "reliability_dqr": "reliabilityDQR",
}
_UUID = r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
_REGIONS = Literal[
    "Africa",
    "Americas",
    "Asia",
    "Europe",
    "Oceania",
    "Australia and New Zealand",
    "Central Asia",
    "Eastern Asia",
    "Eastern Europe",
    "Latin America and the Caribbean",
    "Melanesia",
    "Micronesia",
    "Northern Africa",
    "Northern America",
    "Northern Europe",
    "Polynesia",
    "South-eastern Asia",
    "Southern Asia",
    "Southern Europe",
    "Sub-Saharan Africa",
    "Western Asia",
    "Western Europe",
]
_UNITS_2 = Literal["liter", "kilogram", "cubic meter", "kilowatt hour", "megajoule", "ton kilometer", "square meter"]
_UNITS_3 = Literal[
    "liter",
    "kilogram",
    "cubic meter",
    "kilowatt hour",
    "megajoule",
    "ton kilometer",
    "square meter",
    "piece",
    "hour",
    "megabit second",
]


def _name(field: str) -> str:
    """The name of a field in a document."""
    return _OTHER_NAMES.get(field) or to_camel(field)


def _moment(text: str) -> str:
    """A date with time, such as 2024-12-31T00:00:00Z."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in text:
        raise PydanticCustomError("moment", "a date with time and zone, such as 2024-12-31T00:00:00Z")
    return text


def _each_once(items: list[Any]) -> list[Any]:
    """A list in which nothing stands twice."""
    if any(item in items[:at] for at, item in enumerate(items)):
        raise PydanticCustomError("repeated", "a list in which nothing stands twice")
    return items


def _above_zero(text: str) -> str:
    """A decimal number above 0."""
    if not re.search("[1-9]", text):
        raise PydanticCustomError("above_zero", "a decimal number above 0")
    return text


Decimals = Annotated[str, StringConstraints(pattern=r"^[+-]?[0-9]+(\.[0-9]+)?$")]
NotNegative = Annotated[str, StringConstraints(pattern=r"^[+]?[0-9]+(\.[0-9]+)?$")]
Positive = Annotated[NotNegative, AfterValidator(_above_zero)]
NotPositive = Annotated[str, StringConstraints(pattern=r"^(-[0-9]+(\.[0-9]+)?|0+(\.0+)?)$")]
Moment = Annotated[str, AfterValidator(_moment)]
Uuid = Annotated[str, StringConstraints(pattern=_UUID)]
Urn = Annotated[str, StringConstraints(pattern=r"^[uU][rR][nN]:")]
Text = Annotated[str, StringConstraints(min_length=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
Urns = Annotated[list[Urn], Field(min_length=1), AfterValidator(_each_once)]
Texts = Annotated[list[Text], Field(min_length=1), AfterValidator(_each_once)]
Reports = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^AR[0-9]+$")]], Field(min_length=1), AfterValidator(_each_once)
]


class _Pact(BaseModel):
    """A part of a document; what the specification does not know is kept."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, defer_build=True, alias_generator=_name)


class _Rule(_Pact):
    """Product or sector specific rules."""

    operator: Literal["PEF", "EPD International", "Other"]
    rule_names: Texts
    other_operator_name: Text | None = None


class _Source(_Pact):
    """A data base of secondary emission factors."""

    name: Text
    version: Text


class _Extension(_Pact):
    """A data model extension."""

    spec_version: str
    data_schema: str
    documentation: str | None = None
    data: dict[str, Any]


class _Verification(_Pact):
    """What was verified, and by whom."""

    coverage: Literal["PCF calculation model", "PCF program", "product level"] | None = None
    provider_name: str | None = None
    completed_at: Moment | None = None
    standard_name: str | None = None
    comments: str | None = None


class _Assurance(_Pact):
    """The same in version 2."""

    assurance: bool
    provider_name: str
    coverage: Literal["corporate level", "product line", "PCF system", "product level"] | None = None
    level: Literal["limited", "reasonable"] | None = None
    boundary: Literal["Gate-to-Gate", "Cradle-to-Gate"] | None = None
    completed_at: Moment | None = None
    standard_name: str | None = None
    comments: str | None = None


class _Quality(_Pact):
    """Data quality ratings."""

    technological_dqr: Decimals
    geographical_dqr: Decimals
    temporal_dqr: Decimals


class _Quality2(_Pact):
    """The same in version 2."""

    coverage_percent: Percent
    technological_dqr: Annotated[float, Field(ge=1, le=3)]
    temporal_dqr: Annotated[float, Field(ge=1, le=3)]
    geographical_dqr: Annotated[float, Field(ge=1, le=3)]
    completeness_dqr: Annotated[float, Field(ge=1, le=3)]
    reliability_dqr: Annotated[float, Field(ge=1, le=3)]


class _Carbon(_Pact):
    """What both versions of a carbon footprint have."""

    product_mass_per_declared_unit: Decimals | None = None
    reference_period_start: Moment
    reference_period_end: Moment
    geography_region_or_subregion: _REGIONS | None = None
    geography_country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] | None = None
    geography_country_subdivision: Annotated[str, StringConstraints(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")] | None = None
    fossil_ghg_emissions: NotNegative
    fossil_carbon_content: NotNegative
    aircraft_ghg_emissions: NotNegative | None = None
    packaging_ghg_emissions: NotNegative | None = None
    product_or_sector_specific_rules: Annotated[list[_Rule], Field(min_length=1)] | None = None
    allocation_rules_description: str | None = None
    secondary_emission_factor_sources: Annotated[list[_Source], Field(min_length=1)] | None = None


class CarbonFootprint2(_Carbon):
    """``CarbonFootprint`` of version 2: values in kg CO2e per one unit."""

    declared_unit: _UNITS_2
    unitary_product_amount: Positive
    pcf_excluding_biogenic: NotNegative
    pcf_including_biogenic: Decimals | None = None
    biogenic_carbon_content: NotNegative
    d_luc_ghg_emissions: NotNegative | None = None
    land_management_ghg_emissions: Decimals | None = None
    other_biogenic_ghg_emissions: NotNegative | None = None
    i_luc_ghg_emissions: NotNegative | None = None
    biogenic_carbon_withdrawal: NotPositive | None = None
    characterization_factors: Literal["AR5", "AR6"]
    ipcc_characterization_factors_sources: Reports | None = None
    cross_sectoral_standards_used: Texts
    cross_sectoral_standards: Texts | None = None
    biogenic_accounting_methodology: Literal["PEF", "ISO", "GHGP", "Quantis"] | None = None
    boundary_processes_description: str
    exempted_emissions_percent: Annotated[float, Field(ge=0, le=5)]
    exempted_emissions_description: str
    packaging_emissions_included: bool
    uncertainty_assessment_description: str | None = None
    primary_data_share: Percent | None = None
    dqi: _Quality2 | None = None
    assurance: _Assurance | None = None


class CarbonFootprint3(_Carbon):
    """``CarbonFootprint`` of version 3: values in kg CO2e per declared unit, an amount with its unit."""

    declared_unit_of_measurement: _UNITS_3
    declared_unit_amount: Positive
    product_mass_per_declared_unit: Decimals
    pcf_excluding_biogenic_uptake: Decimals
    pcf_including_biogenic_uptake: Decimals
    biogenic_carbon_content: NotNegative | None = None
    recycled_carbon_content: NotNegative | None = None
    land_use_change_ghg_emissions: NotNegative | None = None
    land_carbon_leakage: NotNegative | None = None
    land_management_fossil_ghg_emissions: NotNegative | None = None
    land_management_biogenic_co2_emissions: NotNegative | None = None
    land_management_biogenic_co2_removals: NotPositive | None = None
    biogenic_co2_uptake: NotPositive | None = None
    biogenic_non_co2_emissions: NotNegative | None = None
    land_area_occupation: NotNegative | None = None
    packaging_emissions_included: bool | None = None
    packaging_biogenic_carbon_content: NotNegative | None = None
    outbound_logistics_ghg_emissions: NotNegative | None = None
    ccs_technological_co2_capture_included: bool | None = None
    ccs_technological_co2_capture: NotPositive | None = None
    technological_co2_capture_origin: str | None = None
    technological_co2_removals: NotPositive | None = None
    ccu_carbon_content: NotNegative | None = None
    ccu_calculation_approach: Literal["Cut-off", "Credit"] | None = None
    ccu_credit_certification: str | None = None
    ipcc_characterization_factors: Reports
    cross_sectoral_standards: Texts
    exempted_emissions_percent: Decimals
    exempted_emissions_description: str | None = None
    boundary_processes_description: str | None = None
    primary_data_share: Decimals | None = None
    dqi: _Quality | None = None
    verification: _Verification | None = None


class _Product(_Pact):
    """What both versions of a product footprint have."""

    id: Uuid
    spec_version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9]{8})?$")]
    preceding_pf_ids: Annotated[list[Uuid], Field(min_length=1), AfterValidator(_each_once)] | None = None
    created: Moment
    status: Literal["Active", "Deprecated"]
    validity_period_start: Moment | None = None
    validity_period_end: Moment | None = None
    company_name: Text
    company_ids: Urns
    product_description: str
    product_ids: Urns
    product_classifications: Urns | None = None
    product_name_company: Text
    comment: str | None = None
    extensions: list[_Extension] | None = None


class ProductFootprint2(_Product):
    """``ProductFootprint`` of version 2.3.0."""

    version: Annotated[int, Field(ge=0)]
    updated: Moment | None = None
    status_comment: str | None = None
    product_category_cpc: Text
    comment: str
    pcf: CarbonFootprint2


class ProductFootprint3(_Product):
    """``ProductFootprint`` of version 3.0.3."""

    pcf: CarbonFootprint3


MODELS: dict[int, type[_Product]] = {2: ProductFootprint2, 3: ProductFootprint3}
