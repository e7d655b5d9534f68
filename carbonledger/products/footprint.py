"""The carbon footprint of a product: its lines, and their sums by stage and by the columns that ISO 14067 keeps apart.

References
----------
ISO 14067:2018, 6.4.9.2 to 6.4.9.7 and 7.3: fossil and biogenic emissions and removals, land use change and aircraft stand apart, and so
does each life-cycle stage; GB/T 24067-2024.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, word
from carbonledger.core.periods import Period
from carbonledger.core.plain_data import plain_data
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.factors.factor import Edition
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.explanation import Explanation, explain_row
from carbonledger.products.product import Product, Stage

__all__ = ["BESIDE", "COUNTED", "ProductFootprint", "ProductLine", "StageSum"]

# The columns whose sum is the footprint, and those that stand beside it. Removals and the uptake of biogenic carbon are never netted.
COUNTED = ("fossil", "biogenic", "land_use_change", "unassigned")
BESIDE = ("removals", "biogenic_uptake", "biogenic_co2", "aircraft")


@dataclass(frozen=True)
class ProductLine:
    """One line of a footprint, per declared unit.

    Parameters
    ----------
    stage : str
        Of the life cycle.
    name : str
        The row, behind the components that it is in.
    origin : {"input", "supplier", "inventory"}
        A row priced by a factor, a supplier's footprint, or a part of the company's inventory.
    amount, unit : float, str
        Per declared unit of the product.
    column : str
        One of `COUNTED` or `BESIDE`.
    kgco2e : float
        Kg CO2e per declared unit; below 0 for removals and uptake.
    biogenic_co2_kg : float
        CO2 of biomass beside it, kg.
    row : PlanRow
        The coefficients, for the explanation.
    packaging, by_air : bool
        Whether it is packaging, and whether it is carried by aircraft.
    file, place_row : str, int or None
        Where it stands.
    share : float
        Of an allocation, the product's fraction; 1 for all else.
    derivation : str
        How the amount per declared unit came about, where it is no row.
    """

    stage: Stage
    name: str
    origin: str
    amount: float
    unit: str
    column: str
    kgco2e: float
    biogenic_co2_kg: float
    row: PlanRow
    editions: Mapping[str, Edition] = field(repr=False)
    packaging: bool = False
    by_air: bool = False
    file: str = ""
    place_row: int | None = None
    share: float = 1.0
    derivation: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is part of the footprint."""
        return self.column in COUNTED

    def explain(self) -> Explanation:
        """How its number came about: formula, units, factors, sources."""
        entry = {
            "amount": self.amount,
            "note": ": ".join(filter(None, (self.name, self.derivation))),
            "file": self.file,
            "row": self.place_row,
        }
        return explain_row(entry, self.row, self.editions)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "stage": self.stage,
            "name": self.name,
            "origin": self.origin,
            "activity": self.row.activity,
            "amount": self.amount,
            "unit": self.unit,
            "column": self.column,
            "kgco2e": self.kgco2e,
            "biogenic_co2_kg": self.biogenic_co2_kg,
            "packaging": self.packaging,
            "factors": self.row.factor_ids,
            "share": self.share,
            "file": self.file,
            "row": self.place_row,
        }


@dataclass(frozen=True, slots=True)
class StageSum:
    """A stage of the life cycle.

    Parameters
    ----------
    stage : str
        Which.
    kgco2e : float
        Of what could be calculated, kg CO2e per declared unit.
    share_percent : float or None
        Of the footprint; None where the footprint is a part, or 0.
    left_out : str
        Why nothing of it is counted; empty if something is.
    """

    stage: Stage
    kgco2e: float
    share_percent: float | None
    left_out: str = ""


@dataclass(frozen=True, repr=False)
class ProductFootprint:
    """The carbon footprint of a product, kg CO2e per declared unit.

    Parameters
    ----------
    product : Product
        With its declared unit and boundary.
    period : Period
        The reference period.
    region : str
        Where it is made.
    gwp : str
        The edition of the potentials.
    lines : tuple of ProductLine
        What it is the sum of, and what stands beside it.
    findings : tuple of Finding
        What is missing or in doubt.
    is_part : bool
        Whether something within the boundary is missing, so that the sum is no footprint.
    """

    product: Product
    period: Period
    region: str
    gwp: str
    lines: tuple[ProductLine, ...]
    findings: tuple[Finding, ...] = ()
    is_part: bool = False

    def __repr__(self) -> str:
        part = " of what could be calculated, a PART" * self.is_part
        return (
            f"ProductFootprint({self.product.id}, {self.calculated_kgco2e:,.4f} kg CO2e{part} per"
            f" {self.product.declared_amount:g} {self.product.declared_unit}, {self.product.boundary})"
        )

    @property
    def calculated_kgco2e(self) -> float:
        """The sum of what could be calculated, kg CO2e per declared unit."""
        return _sum(line.kgco2e for line in self.lines if line.counts)

    @property
    def footprint_kgco2e(self) -> float | None:
        """The footprint, kg CO2e per declared unit, without removals and the uptake of biogenic carbon; None if it is a part."""
        return None if self.is_part else self.calculated_kgco2e

    def column(self, name: str) -> float:
        """A column of what could be calculated, kg CO2e per declared unit; of ``biogenic_co2``, kg CO2."""
        if name == "biogenic_co2":
            return _sum(line.biogenic_co2_kg for line in self.lines)
        if name == "aircraft":
            return _sum(line.kgco2e for line in self.lines if line.by_air or line.column == name)
        return _sum(line.kgco2e for line in self.lines if line.column == name)

    def stage(self, name: str) -> float:
        """A stage of what could be calculated, kg CO2e per declared unit."""
        return _sum(line.kgco2e for line in self.lines if line.stage == name and line.counts)

    @property
    def stages(self) -> tuple[StageSum, ...]:
        """Every stage within the boundary."""
        whole = self.footprint_kgco2e
        return tuple(
            StageSum(
                name,
                self.stage(name),
                self.stage(name) / whole * 100 if whole else None,
                self.product.left_out.get(name, ""),
            )
            for name in self.product.stages
        )

    def per(self, amount: float, unit: str) -> float | None:
        """The footprint of another amount of the product.

        Parameters
        ----------
        amount, unit : float, str
            Such as 1 ``kg``: a product per piece needs its mass for that.

        Returns
        -------
        float or None
            Kg CO2e; None if the footprint is a part, or nothing leads to the unit.
        """
        product, whole = self.product, self.footprint_kgco2e
        if whole is None:
            return None
        if is_convertible(unit, product.declared_unit):
            return whole * amount * conversion_factor(unit, product.declared_unit) / product.declared_amount
        if product.mass_kg and is_convertible(unit, "kg"):
            return whole * amount * conversion_factor(unit, "kg") / product.mass_kg
        return None

    @property
    def of_the_period_tco2e(self) -> float | None:
        """The footprint of everything made in the period, t CO2e; None if that is not stated, or the footprint is a part."""
        made, whole = self.product.units_made, self.footprint_kgco2e
        return None if made is None or whole is None else whole * made * conversion_factor("kg", "t")

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            ``footprint_kgco2e`` is null where the footprint is a part; ``calculated_kgco2e`` is the sum of what there is. All values are
            per declared unit, `columns` in kg CO2e.
        """
        product = self.product
        data = {
            "id": product.id,
            "name": product.label.text(lang),
            "declared_amount": product.declared_amount,
            "declared_unit": product.declared_unit,
            "mass_kg": product.mass_kg,
            "boundary": product.boundary,
            "region": self.region,
            "period_start": self.period.start.isoformat(),
            "period_end": self.period.last_day.isoformat(),
            "gwp": self.gwp,
            "is_part": self.is_part,
            "footprint_kgco2e": self.footprint_kgco2e,
            "calculated_kgco2e": self.calculated_kgco2e,
            "per_kg_kgco2e": self.per(1.0, "kg"),
            "of_the_period_tco2e": self.of_the_period_tco2e,
            "stages": [
                {
                    "stage": item.stage,
                    "name": word(item.stage, lang),
                    "kgco2e": item.kgco2e,
                    "share_percent": item.share_percent,
                    "left_out": item.left_out,
                }
                for item in self.stages
            ],
            "columns": {name: self.column(name) for name in (*COUNTED, *BESIDE)},
            "packaging_kgco2e": _sum(line.kgco2e for line in self.lines if line.packaging and line.counts),
            "lines": [line.to_dict() for line in self.lines],
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain

    @property
    def unit_label(self) -> Label:
        """What the footprint is of."""
        text = f"{self.product.declared_amount:g} {self.product.declared_unit}"
        return Label(text, text)


def _sum(values: Iterable[float]) -> float:
    """A sum without the rounding of its steps."""
    return math.fsum(values)
