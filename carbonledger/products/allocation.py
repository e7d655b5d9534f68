"""Parts of the company's own inventory divided among its products: what is allocated and what is not make up the inventory.

References
----------
ISO 14067:2018, 6.4.6 (allocation procedure: the sum of the allocated inputs and outputs equals those of the unit process before
allocation); GHG Protocol Product Standard (2011), chapter 9.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from carbonledger.core.activity_words import read_activity
from carbonledger.core.findings import Finding
from carbonledger.core.language import counted, did_you_mean
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.inventory import Inventory
from carbonledger.products.product import Allocation, Product
from carbonledger.products.product_files import ProductSet

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

__all__ = ["Allocated", "AllocatedPart", "Coverage", "allocate"]

_WHOLE = 100.0
# Per cent of the whole by which stated shares may miss it: what binary fractions leave, and no rounding of a person.
_NOTHING = 1e-9
_SCOPES = (1, 2, 3, 0)


@dataclass(frozen=True, slots=True)
class AllocatedPart:
    """What one plan row of the inventory gives to one product, per declared unit.

    Parameters
    ----------
    allocation : Allocation
        By which.
    row : PlanRow
        The coefficients of the lines.
    amount, tco2e : float
        Per declared unit, in the unit of the row, and t CO2e.
    share : float
        Of the product in the allocation, a fraction.
    lines : int
        How many lines of the inventory are behind it.
    whole, made : float
        Their amount, in the unit of the row, and the declared units made.
    """

    allocation: Allocation
    row: PlanRow
    amount: float
    tco2e: float
    share: float
    lines: int
    whole: float
    made: float

    @property
    def derivation(self) -> str:
        """The amount per declared unit as a formula."""
        whole = f"{self.whole:,.10g} {self.row.unit} in {counted(self.lines, 'line')} of the inventory"
        return f"{self.share * _WHOLE:.10g} % of {whole} ÷ {self.made:,.10g} declared units"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a scope of the inventory is allocated to products, t CO2e.

    Parameters
    ----------
    scope : int
        1 to 3; 0 for what is in no scope.
    inventory, allocated, twice, not_allocated : float
        The inventory; what of it is allocated, each tonne counted once; what is allocated beyond that; the rest.
    """

    scope: int
    inventory: float
    allocated: float
    twice: float
    not_allocated: float


@dataclass(frozen=True)
class Allocated:
    """The allocations of a year.

    Parameters
    ----------
    parts : mapping of str to tuple of AllocatedPart
        By product.
    shares : tuple of (Allocation, mapping of str to float)
        The shares of each allocation, per cent by product.
    coverage : tuple of Coverage
        By scope.
    findings : tuple of Finding
        What cannot be allocated, and what is allocated twice.
    broken : frozenset of str
        The products that miss a part.
    """

    parts: Mapping[str, tuple[AllocatedPart, ...]] = field(default_factory=dict)
    shares: tuple[tuple[Allocation, Mapping[str, float]], ...] = ()
    coverage: tuple[Coverage, ...] = ()
    findings: tuple[Finding, ...] = ()
    broken: frozenset[str] = frozenset()


def allocate(products: ProductSet, inventory: Inventory) -> Allocated:
    """Divide the inventory among products as their file says.

    Parameters
    ----------
    products : ProductSet
        With the allocations.
    inventory : Inventory
        Of the reporting year, with pandas lines.

    Returns
    -------
    Allocated
        The parts of the products and what is left are the inventory.
    """
    import numpy as np

    lines = inventory.lines
    taken = np.zeros(len(lines))
    parts: dict[str, list[AllocatedPart]] = {}
    shares: list[tuple[Allocation, Mapping[str, float]]] = []
    findings: list[Finding] = []
    broken: set[str] = set()
    for item in products.allocations:
        among = item.products or tuple(product.id for product in products.products)
        mask = _selected(item, lines)
        faults = [*_faults(item, products, among), *([] if mask.any() else [_at("PRODUCT_ALLOCATION.no_lines", item)])]
        findings += [*faults, *_incomplete(item, inventory)]
        if faults or inventory.completeness.is_part:
            broken.update(among)
        if faults:
            continue
        percent = _shares(item, products, among)
        shares.append((item, percent))
        taken += mask * (math.fsum(percent.values()) / _WHOLE)
        for name, share in percent.items():
            parts.setdefault(name, []).extend(_parts(item, products, name, share / _WHOLE, lines[mask], inventory))
    coverage = _coverage(lines, taken)
    twice = math.fsum(row.twice for row in coverage)
    if twice > _NOTHING:
        findings.append(Finding.of("PRODUCT_TWICE", tonnes=twice))
    return Allocated(
        {name: tuple(found) for name, found in parts.items()},
        tuple(shares),
        coverage,
        tuple(findings),
        frozenset(broken),
    )


def _at(key: str, item: Allocation, **values: Any) -> Finding:
    """A finding about an allocation."""
    return Finding.of(key, name=item.name, **values)


def _selected(item: Allocation, lines: pd.DataFrame) -> npt.NDArray[Any]:
    """Which lines an allocation divides."""
    import numpy as np

    mask = np.ones(len(lines), dtype=bool)
    if item.scopes:
        mask &= lines["scope"].isin(item.scopes).to_numpy()
    if item.activities:
        mask &= lines["activity"].isin(_activities(item)).to_numpy()
    for name in ("entity", "site", "source"):
        if getattr(item, name):
            mask &= (lines[name] == getattr(item, name)).to_numpy()
    return mask


def _activities(item: Allocation) -> set[str]:
    """The names of the activities, however they are written."""
    return {read_activity(text).activity or text for text in item.activities}


def _faults(item: Allocation, products: ProductSet, among: Sequence[str]) -> Iterator[Finding]:
    """What keeps an allocation from being made."""
    if not any((item.scopes, item.activities, item.entity, item.site, item.source)):
        yield _at("PRODUCT_ALLOCATION.no_choice", item)
    known = [product.id for product in products.products]
    for name in dict.fromkeys((*among, *item.shares)):
        if name not in known:
            hint = did_you_mean(get_close_matches(name, known, n=1))
            yield _at("PRODUCT_ALLOCATION.no_product", item, product=name, hint=hint)
    if item.not_allocated_percent and not item.reason.strip():
        yield _at("PRODUCT_ALLOCATION.reason", item, percent=item.not_allocated_percent)
    there = [product for product in products.products if product.id in among]
    for product in there:
        yield from _lacking(item, product)
    yield from _basis_faults(item, there)


def _basis_faults(item: Allocation, there: Sequence[Product]) -> Iterator[Finding]:
    """What is wrong with the shares, or with what they follow."""
    if item.by == "shares":
        whole = math.fsum((*item.shares.values(), item.not_allocated_percent))
        if abs(whole - _WHOLE) > _NOTHING * _WHOLE:
            yield _at("PRODUCT_ALLOCATION.shares", item, percent=whole)
    elif item.shares:
        yield _at("PRODUCT_ALLOCATION.needless", item, by=item.by)
    elif item.by == "units" and not all(is_convertible(each.declared_unit, there[0].declared_unit) for each in there):
        yield _at("PRODUCT_ALLOCATION.units", item, units=tuple(dict.fromkeys(each.declared_unit for each in there)))


_LACKS = {"mass": "mass_kg", "value": "price"}


def _lacking(item: Allocation, product: Product) -> Iterator[Finding]:
    """What a product must state for an allocation."""
    needed = ["output", *([_LACKS[item.by]] if item.by in _LACKS else [])]
    for name in needed:
        if getattr(product, name) is None:
            yield _at("PRODUCT_ALLOCATION.lacking", item, product=product.id, setting=name)


def _incomplete(item: Allocation, inventory: Inventory) -> Iterator[Finding]:
    """That the inventory, of which a part is divided, is itself a part."""
    if inventory.completeness.is_part:
        yield _at("PRODUCT_ALLOCATION.part", item)


def _shares(item: Allocation, products: ProductSet, among: Sequence[str]) -> dict[str, float]:
    """The share of each product, per cent."""
    if item.by == "shares":
        return {name: share for name, share in item.shares.items() if share}
    there = [product for product in products.products if product.id in among]
    weights = {product.id: _weight(item, product, there[0].declared_unit) for product in there}
    whole = math.fsum(weights.values())
    return {name: weight / whole * (_WHOLE - item.not_allocated_percent) for name, weight in weights.items()}


def _weight(item: Allocation, product: Product, unit: str) -> float:
    """What the share of a product follows."""
    made = product.units_made or 0.0
    if item.by == "mass":
        return made * (product.mass_kg or 0.0)
    if item.by == "value":
        return made * (product.price or 0.0)
    return (product.output or 0.0) * conversion_factor(product.declared_unit, unit)


def _parts(
    item: Allocation, products: ProductSet, name: str, share: float, chosen: pd.DataFrame, inventory: Inventory
) -> Iterator[AllocatedPart]:
    """What a product gets of the chosen lines, by plan row, per declared unit."""
    product = products.product(name)
    made = product.units_made if product else None
    if not made:
        return
    for number in sorted(set(chosen["plan_id"])):
        rows = chosen[chosen["plan_id"] == number]
        amount, tonnes = math.fsum(rows["amount"]), math.fsum(rows["emissions_tco2e"])
        row = inventory.plan.rows[int(number)]
        yield AllocatedPart(item, row, amount * share / made, tonnes * share / made, share, len(rows), amount, made)


def _coverage(lines: pd.DataFrame, taken: npt.NDArray[Any]) -> tuple[Coverage, ...]:
    """By scope, how much of the inventory is allocated."""
    import numpy as np

    emissions, scopes = lines["emissions_tco2e"].to_numpy(), lines["scope"].fillna(0).to_numpy()
    once, beyond = np.minimum(taken, 1.0), np.maximum(taken - 1.0, 0.0)
    beyond[beyond < _NOTHING] = 0.0
    rows = []
    for scope in _SCOPES:
        chosen = scopes == scope
        if not chosen.any():
            continue
        whole = math.fsum(emissions[chosen])
        allocated = math.fsum((emissions * once)[chosen])
        rows.append(Coverage(scope, whole, allocated, math.fsum((emissions * beyond)[chosen]), whole - allocated))
    return tuple(rows)
