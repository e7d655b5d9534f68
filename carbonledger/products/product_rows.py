"""Rows of products as what the engine prices: amounts of activities, and of the columns of suppliers' footprints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import did_you_mean
from carbonledger.core.period_texts import parse_period
from carbonledger.core.periods import Period
from carbonledger.core.units import conversion_factor
from carbonledger.factors.gwp import GwpSet
from carbonledger.products.expansion import Expansion, Piece
from carbonledger.products.product import Product
from carbonledger.products.product_files import ProductSet
from carbonledger.products.supplier import SupplierFootprint, Suppliers

__all__ = ["Case", "Row", "entry_of", "rows_of"]

_PURCHASED = 1
# The scope 3 category of a row that is in no scope of its own, by stage; it moves no figure of a footprint.
_CATEGORIES = {"raw_materials": 1, "manufacturing": 1, "distribution": 9, "use": 11, "end_of_life": 12}
_NEGATIVE = frozenset({"removals", "biogenic_uptake"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is to be priced: in which product, as which column, with which sign."""

    product: Product
    piece: Piece
    activity: str
    amount: float
    unit: str
    factor: str
    column: str
    sign: float
    origin: str
    category: int = 0


@dataclass(frozen=True)
class Case:
    """What the rows of all products share."""

    products: ProductSet
    suppliers: Suppliers
    period: Period
    region: str
    gwp: GwpSet
    as_of: date | None = None

    def period_of(self, product: Product) -> Period:
        """The reference period of a product."""
        return parse_period(product.period) if product.period else self.period


def rows_of(expansions: Mapping[str, Expansion], case: Case) -> tuple[list[Row], dict[str, list[Finding]]]:
    """What is to be priced, and by product what cannot be."""
    rows: list[Row] = []
    findings: dict[str, list[Finding]] = {name: [] for name in expansions}
    for product in case.products.products:
        for piece in expansions[product.id].pieces:
            made = list(_of_supplier(product, piece, case) if piece.item.footprint else _of_activity(product, piece))
            rows += [row for row in made if isinstance(row, Row)]
            findings[product.id] += [row for row in made if isinstance(row, Finding)]
    return rows, findings


def _of_activity(product: Product, piece: Piece) -> Iterator[Row | Finding]:
    """A row that an activity prices; mass that is carried becomes tonne-kilometres."""
    item = piece.item
    amount, unit = item.amount * item.times * piece.times, item.unit
    if item.distance_km is not None:
        try:
            amount, unit = amount * conversion_factor(unit, "t") * item.distance_km, "t km"
        except CarbonLedgerError:
            yield item.place(Finding.of("PRODUCT_INPUT.distance", unit=item.unit))
            return
    column = item.carbon or ""
    sign = -1.0 if column in _NEGATIVE else 1.0
    yield Row(product, piece, item.activity, amount, unit, item.factor, column, sign, "input")


def _of_supplier(product: Product, piece: Piece, case: Case) -> Iterator[Row | Finding]:
    """A row that a supplier's footprint prices: one for each of its columns."""
    item = piece.item
    named = case.suppliers.named(item.footprint)
    if len(named) != 1:
        yield item.place(_not_one(item.footprint, named, case.suppliers))
        return
    footprint = named[0]
    doubts = [
        item.place(finding) for finding in footprint.doubts(case.period_of(product), case.gwp.edition, case.as_of)
    ]
    yield from (_accepted(finding, item.accepted) for finding in doubts)
    if any(finding.severity == "error" for finding in doubts) and not item.accepted:
        return
    amount = footprint.amount_in_units(item.amount * item.times * piece.times, item.unit, item.mass_kg)
    if amount is None:
        values = {"unit": item.unit, "footprint": footprint.name, "declared": footprint.pact_unit}
        yield item.place(Finding.of("SUPPLIER_FOOTPRINT.other_unit", **values))
        return
    for column in footprint.priced_columns:
        sign = -1.0 if footprint.priced_columns[column] < 0 else 1.0
        factor = case.suppliers.reference(footprint, column)
        yield Row(product, piece, "other", amount, footprint.unit, factor, column, sign, "supplier", _PURCHASED)


def _not_one(name: str, named: Sequence[SupplierFootprint], suppliers: Suppliers) -> Finding:
    """A name that means no footprint, or several."""
    if named:
        files = tuple(item.source.file for item in named)
        return Finding.of("PRODUCT_INPUT.footprints", footprint=name, files=files)
    known = [each for item in suppliers.footprints for each in item.names]
    hint = did_you_mean(get_close_matches(name, known, n=1))
    return Finding.of("PRODUCT_INPUT.no_footprint", footprint=name, hint=hint)


def _accepted(finding: Finding, reason: str) -> Finding:
    """A finding that the row answers with a reason."""
    if not reason or finding.severity != "error":
        return finding
    says = Message.of("SUPPLIER_FOOTPRINT.accepted", problem=finding.says, reason=reason)
    return Finding.from_message(says).at(file=finding.file, sheet=finding.sheet, row=finding.row)


def entry_of(row: Row, number: int, case: Case) -> dict[str, Any]:
    """A row as an entry."""
    region = row.piece.item.region or row.product.region or case.region
    known = taxonomy().get(row.activity)
    category = row.category or (_CATEGORIES[row.piece.stage] if known is not None and known.scope is None else 0)
    return {
        "activity": row.activity,
        "amount": row.amount,
        "unit": row.unit,
        "region": region,
        "year": case.period_of(row.product).last_day.year,
        "factor": row.factor,
        "scope_3_category": category or "",
        "entry_id": f"{number + 1}",
        "note": row.piece.name,
    }
