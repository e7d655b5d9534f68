"""Product footprints calculated: rows become entries, and the engine of the inventory prices them.

References
----------
ISO 14067:2018, 6.4; GHG Protocol Product Standard (2011), chapter 11: each amount times its factor, summed over the life cycle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.entries import Entries, read_entries
from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.periods import Period
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.calculate import calculate
from carbonledger.inventory.coefficients import BIOGENIC, Key, PlanRow
from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.plan import build_plan
from carbonledger.inventory.scope3_categories import category_of
from carbonledger.products.allocation import Allocated, AllocatedPart, allocate
from carbonledger.products.expansion import Expansion, expanded
from carbonledger.products.footprint import ProductFootprint, ProductLine
from carbonledger.products.product import Product
from carbonledger.products.product_files import ProductSet
from carbonledger.products.product_rows import Case, Row, entry_of, rows_of
from carbonledger.products.supplier import Suppliers

if TYPE_CHECKING:
    pass

__all__ = ["ProductFootprints", "product_footprints"]

_KG = 1000.0
# Purchased goods, and upstream transport.
_PURCHASES = frozenset({1, 4})


@dataclass(frozen=True)
class ProductFootprints:
    """The footprints of a company's products.

    Parameters
    ----------
    footprints : tuple of ProductFootprint
        In the order of the files.
    allocated : Allocated
        What of the inventory they hold, and what not.
    findings : tuple of Finding
        What is said of the files, suppliers and allocations as a whole.
    """

    footprints: tuple[ProductFootprint, ...]
    allocated: Allocated = field(default_factory=Allocated)
    findings: tuple[Finding, ...] = ()

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Every finding once."""
        own = (finding for item in self.footprints for finding in item.findings)
        return tuple(dict.fromkeys((*self.findings, *own)))

    def __getitem__(self, name: str) -> ProductFootprint:
        """The footprint of a product by its id.

        Raises
        ------
        KeyError
            If there is none.
        """
        found = next((item for item in self.footprints if item.product.id == name), None)
        if found is None:
            raise KeyError(name)
        return found


def product_footprints(
    products: ProductSet,
    factors: PinnedFactors,
    *,
    gwp: GwpSet,
    period: Period,
    region: str = "",
    suppliers: Suppliers | None = None,
    inventory: Inventory | None = None,
) -> ProductFootprints:
    """The footprints of some products.

    Parameters
    ----------
    products : ProductSet
        From `read_products`.
    factors : PinnedFactors
        From `load_factors`.
    gwp : GwpSet
        From `read_gwp`.
    period : Period
        The reference period of products that state none.
    region : str, optional
        Where products are made that do not say so.
    suppliers : Suppliers, optional
        From `suppliers_of`.
    inventory : Inventory, optional
        Of the company, for allocations.

    Returns
    -------
    ProductFootprints
        Each a sum of lines priced by the same engine as the inventory; one that misses something within its boundary is a part.
    """
    case = Case(products, suppliers or Suppliers(), period, region, gwp, factors.as_of)
    allocated = allocate(products, inventory) if inventory is not None else Allocated()
    expansions = {item.id: expanded(item, products) for item in products.products}
    rows, findings = rows_of(expansions, case)
    priced, missing = _priced(rows, case, factors)
    found = []
    for product in products.products:
        expansion = expansions[product.id]
        own = [*expansion.findings, *findings[product.id], *missing[product.id]]
        lines = [*priced[product.id], *_allocated_lines(product.id, expansion, allocated, inventory)]
        own += [*_both(product, expansion, allocated), *_other_period(product, allocated, case)]
        names = {product.id, *(item.product for item in expansion.components)}
        is_part = expansion.is_part or bool(names & allocated.broken) or _has_error(own)
        is_part = is_part or (inventory is None and bool(products.allocations))
        where = product.region or region
        found.append(
            ProductFootprint(product, case.period_of(product), where, gwp.edition, tuple(lines), tuple(own), is_part)
        )
    whole = [*products.findings, *case.suppliers.findings, *allocated.findings]
    inside = {item.product for expansion in expansions.values() for item in expansion.components}
    whole += _purchases([item for item in found if item.product.id not in inside], inventory)
    return ProductFootprints(tuple(found), allocated, tuple(whole))


def _purchases(sold: Sequence[ProductFootprint], inventory: Inventory | None) -> list[Finding]:
    """What the rows of raw materials are for everything made, beside what the inventory has of purchases and their transport.

    Products that are in others count there. Nothing is said where a footprint is a part, or nothing made is stated.
    """
    made = [item for item in sold if item.product.units_made and not item.is_part]
    if inventory is None or not made or len(made) < len(sold):
        return []
    products = math.fsum(
        line.kgco2e * (item.product.units_made or 0.0) / _KG
        for item in made
        for line in item.lines
        if line.stage == "raw_materials" and line.origin != "inventory" and line.counts
    )
    lines = zip(inventory.lines["plan_id"], inventory.lines["emissions_tco2e"], strict=True)
    rows = inventory.plan.rows
    listed = math.fsum(float(tonnes) for number, tonnes in lines if _category(rows[int(number)]) in _PURCHASES)
    return [Finding.of("PRODUCT_PURCHASES", products=products, inventory=listed)] if products else []


def _category(row: PlanRow) -> int:
    """The scope 3 category of a plan row; 0 if it has none."""
    return category_of(row.activity, row.key.scope_3_category)


def _has_error(findings: Sequence[Finding]) -> bool:
    """Whether something is missing."""
    return any(finding.severity == "error" for finding in findings)


# From entries to lines.


Lines = dict[str, list[ProductLine]]
Missing = dict[str, list[Finding]]


def _priced(rows: Sequence[Row], case: Case, factors: PinnedFactors) -> tuple[Lines, Missing]:
    """The lines of each product, and what could not be priced."""
    lines: Lines = {item.id: [] for item in case.products.products}
    findings: Missing = {item.id: [] for item in case.products.products}
    if not rows:
        return lines, findings
    pins = case.suppliers.pinned_with(factors)
    entries = read_entries([entry_of(row, number, case) for number, row in enumerate(rows)], superseding=False)
    settled = _refused(entries, rows, findings)
    inventory = _calculated(entries, pins, case.gwp)
    for record in [] if inventory is None else inventory.lines.to_dict("records"):
        number = int(record["entry_id"]) - 1
        settled.add(number)
        lines[rows[number].product.id].append(_line(rows[number], record, inventory))
    if len(settled) < len(rows):
        reasons = _reasons(entries, pins, case.gwp)
        for number, row in enumerate(rows):
            if number not in settled:
                reason = reasons.get(f"{number + 1}", Label("", ""))
                values = {"product": row.product.id, "name": row.piece.name, "reason": reason}
                findings[row.product.id].append(row.piece.item.place(Finding.of("PRODUCT_UNPRICED", **values)))
    return lines, findings


def _refused(entries: Entries, rows: Sequence[Row], findings: Missing) -> set[int]:
    """The rows that are no entries, and what is said of any row, at its place."""
    refused: set[int] = set()
    for finding in entries.findings:
        number = (finding.row or 0) - 2
        if 0 <= number < len(rows):
            findings[rows[number].product.id].append(rows[number].piece.item.place(finding))
            refused |= {number} if finding.severity == "error" else set()
    return refused


def _calculated(entries: Entries, factors: PinnedFactors, gwp: GwpSet) -> Inventory | None:
    """The inventory of the rows; None if nothing of them can be calculated."""
    if not len(entries):
        return None
    try:
        return calculate(Entries(entries.frame), factors, gwp=gwp, missing="report")
    except EntriesError:
        return None


def _reasons(entries: Entries, factors: PinnedFactors, gwp: GwpSet) -> dict[str, Label]:
    """By entry, why it has no price."""
    records: dict[Key, list[str]] = {_key(record): [] for record in entries.frame.to_dict("records")}
    for record in entries.frame.to_dict("records"):
        records[_key(record)].append(str(record["entry_id"]))
    problems = build_plan(list(records), factors, gwp).problems
    return {
        entry: Label(item.error.text_in("en"), item.error.text_in("zh"))
        for item in problems
        if item.fatal
        for entry in records[item.key]
    }


def _key(record: Mapping[Any, Any]) -> Key:
    """The combination that an entry needs a price for."""
    words = (record["activity"], record["unit"], record["region"], int(record["year"]), record["factor"])
    return Key(*words, int(record["scope_3_category"]))


def _line(row: Row, record: Mapping[Any, Any], inventory: Any) -> ProductLine:
    """A priced row."""
    plan_row = inventory.plan.rows[int(record["plan_id"])]
    item = row.piece.item
    column = row.column or ("biogenic" if taxonomy()[plan_row.activity].origin == "biogenic" else "fossil")
    return ProductLine(
        row.piece.stage,
        row.piece.name,
        row.origin,
        float(record["amount"]),
        plan_row.unit,
        column,
        float(record["emissions_tco2e"]) * _KG * row.sign,
        _biogenic(plan_row) * float(record["amount"]) * _KG,
        plan_row,
        inventory.editions,
        item.packaging,
        "air" in plan_row.activity.split("."),
        item.file,
        item.row,
    )


def _biogenic(row: PlanRow) -> float:
    """CO2 of biomass per unit of a plan row, t."""
    return math.fsum(gas.tonnes for gas in row.gases if gas.gas == BIOGENIC)


def _allocated_lines(
    name: str, expansion: Expansion, allocated: Allocated, inventory: Inventory | None
) -> Iterator[ProductLine]:
    """What a product has of the inventory: its own part, and those of its components."""
    if inventory is None:
        return
    for part in allocated.parts.get(name, ()):
        yield _allocated_line(part, part.allocation.stage, 1.0, part.allocation.name, inventory)
    for within in expansion.components:
        for part in allocated.parts.get(within.product, ()):
            called = f"{within.name} / {part.allocation.name}"
            yield _allocated_line(part, within.stage, within.times, called, inventory)


def _allocated_line(part: AllocatedPart, stage: Any, times: float, name: str, inventory: Inventory) -> ProductLine:
    """A part of the inventory as a line."""
    column = "biogenic" if taxonomy()[part.row.activity].origin == "biogenic" else "fossil"
    return ProductLine(
        stage,
        name,
        "inventory",
        part.amount * times,
        part.row.unit,
        column,
        part.tco2e * times * _KG,
        _biogenic(part.row) * part.amount * times * _KG,
        part.row,
        inventory.editions,
        by_air="air" in part.row.activity.split("."),
        share=part.share,
        derivation=part.derivation,
    )


def _both(product: Product, expansion: Expansion, allocated: Allocated) -> list[Finding]:
    """Own energy that a product states in a row although an allocation gives it the same."""
    given = {part.row.activity for part in allocated.parts.get(product.id, ())}
    return [
        piece.item.place(
            Finding.of("PRODUCT_TWICE.both", product=product.id, name=piece.name, activity=piece.item.activity)
        )
        for piece in expansion.pieces
        if piece.stage == "manufacturing" and piece.item.activity in given
    ]


def _other_period(product: Product, allocated: Allocated, case: Case) -> list[Finding]:
    """That a product of another period is given a part of this year's inventory."""
    parts = allocated.parts.get(product.id, ())
    if not parts or case.period_of(product) == case.period:
        return []
    values = {"product": product.id, "period": product.period, "year": f"{case.period.start} – {case.period.last_day}"}
    return [Finding.of("PRODUCT_ALLOCATION.period", name=parts[0].allocation.name, **values)]
