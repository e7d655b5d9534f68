"""Products and what goes into them, as a company states them.

References
----------
ISO 14067:2018, 6.3.3 (declared unit), 6.3.4 (system boundary), 6.3.6 (reference period) and 6.4.6 (allocation); GB/T 24067-2024; GHG
Protocol Product Life Cycle Accounting and Reporting Standard (2011), chapters 6, 7 and 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.period_texts import parse_period
from carbonledger.core.regions import canonical_region
from carbonledger.core.strict_fields import STRICT, Listed, Name, Number
from carbonledger.core.units import canonical_unit

__all__ = [
    "CARBON_KINDS",
    "GATE_STAGES",
    "STAGES",
    "Allocation",
    "Boundary",
    "PactFacts",
    "Product",
    "ProductInput",
    "Stage",
]

Stage = Literal["raw_materials", "manufacturing", "distribution", "use", "end_of_life"]
Boundary = Literal["cradle-to-gate", "cradle-to-grave"]
Basis = Literal["mass", "units", "value", "shares"]
STAGES: tuple[Stage, ...] = ("raw_materials", "manufacturing", "distribution", "use", "end_of_life")
GATE_STAGES: tuple[Stage, ...] = ("raw_materials", "manufacturing")
# What an amount of CO2e is that a row states itself: the columns that ISO 14067:2018, 6.4.9, keeps apart.
CARBON_KINDS = ("fossil", "biogenic", "land_use_change", "removals", "biogenic_uptake")


def _unit(text: str) -> str:
    """The registry's spelling of a unit."""
    try:
        return canonical_unit(text)
    except CarbonLedgerError as error:
        raise PydanticCustomError("product", "{problem}", {"problem": error.says or str(error)}) from error


def _region(text: str) -> str:
    """The code of a region; empty if none is stated."""
    try:
        return canonical_region(text) if text.strip() else ""
    except CarbonLedgerError as error:
        raise PydanticCustomError("product", "{problem}", {"problem": error.says or str(error)}) from error


def _period(text: str) -> str:
    """A period as it is written; empty if none is stated."""
    try:
        _ = parse_period(text) if text.strip() else None
    except CarbonLedgerError as error:
        raise PydanticCustomError("product", "{problem}", {"problem": error.says or str(error)}) from error
    return text.strip()


Unit = Annotated[Name, AfterValidator(_unit)]
Positive = Annotated[Number, Field(gt=0)]
Percent = Annotated[Number, Field(ge=0, le=100)]


class _Table(BaseModel):
    """A table of the file; a misspelt name is refused, and so is a value of another kind."""

    model_config = ConfigDict(**STRICT, frozen=True)


class PactFacts(_Table):
    """What a PACT document says of a product and no calculation knows.

    Parameters
    ----------
    id, created : str
        Of the document: a UUID, and a date with time; made anew where they are not stated.
    product_ids : tuple of str
        URNs.
    preceding : tuple of str
        The ids of the documents that this one replaces.
    fossil_carbon_kg, biogenic_carbon_kg : float or None
        Carbon in the product, kg C per declared unit.
    exempted_percent : float or None
        How much of the footprint was left out, per cent.
    valid_from, valid_until : str
        A date with time; 3 years from the end of the reference period by the specification where they are not stated.
    status : {"Active", "Deprecated"}
        Whether the footprint is to be used.
    comment : str
        Of the document.
    """

    id: str = ""
    created: str = ""
    product_ids: Annotated[tuple[Name, ...], Listed] = ()
    preceding: Annotated[tuple[Name, ...], Listed] = ()
    fossil_carbon_kg: Annotated[Number, Field(ge=0)] | None = None
    biogenic_carbon_kg: Annotated[Number, Field(ge=0)] | None = None
    exempted_percent: Percent | None = None
    valid_from: str = ""
    valid_until: str = ""
    status: Literal["Active", "Deprecated"] = "Active"
    comment: str = ""


class Product(_Table):
    """A product, its declared unit and the boundary of its footprint.

    Parameters
    ----------
    id : str
        By which rows and other products name it.
    name_zh, name_en, description : str
        One of the names at least.
    declared_amount, declared_unit : float, str
        What the footprint is of: 1 ``piece``, 1 ``kg``, 1000 ``kWh``.
    mass_kg : float or None
        Mass of the declared unit without packaging, kg.
    boundary : {"cradle-to-gate", "cradle-to-grave"}
        To where it is followed; there is no default.
    region, period : str
        Where it is made, and the reference period; by default those of the book.
    output : float or None
        How much was made in the period, in `declared_unit`.
    price : float or None
        Of a declared unit, in one currency for all products.
    standards : tuple of str
        By which the footprint is calculated, in the words of PACT, such as ``ISO14067``.
    left_out : mapping of str to str
        Stages within the boundary of which nothing is counted, each with the reason.
    pact : PactFacts
        For the exchange.
    """

    id: Name
    declared_amount: Positive
    declared_unit: Unit
    boundary: Boundary
    name_zh: str = ""
    name_en: str = ""
    description: str = ""
    mass_kg: Positive | None = None
    region: Annotated[str, AfterValidator(_region)] = ""
    period: Annotated[str, AfterValidator(_period)] = ""
    output: Positive | None = None
    price: Positive | None = None
    standards: Annotated[tuple[Name, ...], Listed] = ()
    left_out: dict[Stage, Name] = {}
    pact: PactFacts = PactFacts()

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        """It is called something."""
        if not (self.name_zh.strip() or self.name_en.strip()):
            raise PydanticCustomError("name_missing", "name_zh or name_en")
        return self

    @property
    def label(self) -> Label:
        """Its name."""
        return Label(self.name_en.strip(), self.name_zh.strip())

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages within its boundary."""
        return GATE_STAGES if self.boundary == "cradle-to-gate" else STAGES

    @property
    def units_made(self) -> float | None:
        """How many declared units were made; None if that is not stated."""
        return None if self.output is None else self.output / self.declared_amount


class Allocation(_Table):
    """A part of the company's own inventory that is divided among products.

    Parameters
    ----------
    name : str
        What it is called.
    by : {"mass", "units", "value", "shares"}
        What the shares follow: mass made, pieces made, value made, or the shares stated.
    stage : str
        The stage in which it counts.
    scopes, activities, entity, site, source
        Which lines of the inventory; each narrows the choice, and one at least is stated.
    products : tuple of str
        Among which products; all of the file where none is named.
    shares : mapping of str to float
        Per cent by product, if they are stated.
    not_allocated_percent, reason : float, str
        What goes to none of these products, and why.
    """

    name: Name
    by: Basis
    stage: Stage = "manufacturing"
    scopes: Annotated[tuple[Annotated[int, Field(ge=1, le=3)], ...], Listed] = ()
    activities: Annotated[tuple[Name, ...], Listed] = ()
    entity: str = ""
    site: str = ""
    source: str = ""
    products: Annotated[tuple[Name, ...], Listed] = ()
    shares: dict[str, Percent] = {}
    not_allocated_percent: Percent = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProductInput:
    """One row of a product: a material, a component, energy, transport or an amount of CO2e.

    Parameters
    ----------
    product, stage, name : str
        Which product, in which stage, and what the row is called.
    amount : float
        Per declared unit of the product.
    unit : str
        Of the amount.
    activity : str
        What prices it: an activity of the taxonomy.
    footprint : str
        Or a supplier's footprint: its file, id, product id or product name.
    component : str
        Or another product of the file.
    region, factor : str
        As entries state them.
    carbon : str
        One of `CARBON_KINDS`, for rows that state CO2e themselves; empty for all others.
    distance_km : float or None
        How far the mass of the row is carried; then its activity is a transport.
    times : float
        How often the amount occurs over the life of the product.
    mass_kg : float or None
        Mass of one unit that is bought, for a supplier's footprint per kg.
    packaging : bool
        Whether it is packaging.
    accepted : str
        Why a supplier's footprint is used although it is out of date or deprecated.
    note, file, sheet : str
        Remark, and where the row stands.
    row : int or None
        Its row, or its line in a TOML file.
    """

    product: str
    stage: Stage
    name: str
    amount: float
    unit: str
    activity: str = ""
    footprint: str = ""
    component: str = ""
    region: str = ""
    factor: str = ""
    carbon: str = ""
    distance_km: float | None = None
    times: float = 1.0
    mass_kg: float | None = None
    packaging: bool = False
    accepted: str = ""
    note: str = ""
    file: str = ""
    sheet: str = ""
    row: int | None = None

    def place(self, finding: Finding) -> Finding:
        """A finding at this row."""
        return finding.at(file=self.file, sheet=self.sheet, row=self.row)
