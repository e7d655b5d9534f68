"""Bills of materials expanded: each row of a product, and of the products that are in it, per declared unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.language import did_you_mean
from carbonledger.core.units import canonical_unit, conversion_factor, is_convertible
from carbonledger.products.product import GATE_STAGES, Product, ProductInput, Stage
from carbonledger.products.product_files import ProductSet

__all__ = ["Expansion", "Piece", "Within", "expanded"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A row as it stands in a product.

    Parameters
    ----------
    item : ProductInput
        The row.
    stage : str
        The stage of the product in which it counts: that of the row, or of the component that it is in.
    times : float
        How often the row is in a declared unit of the product.
    name : str
        The row, behind the components that it is in.
    """

    item: ProductInput
    stage: Stage
    times: float
    name: str


@dataclass(frozen=True, slots=True)
class Within:
    """A component of a product: which, in which stage, how many declared units of it, and its name."""

    product: str
    stage: Stage
    times: float
    name: str


@dataclass
class Expansion:
    """The rows of a product.

    Parameters
    ----------
    pieces : list of Piece
        Rows that something prices.
    components : list of Within
        The products in it, at any depth.
    findings : list of Finding
        Rows that lead nowhere, or in a circle.
    is_part : bool
        Whether a row is missing.
    """

    pieces: list[Piece] = field(default_factory=list)
    components: list[Within] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_part: bool = False


def expanded(product: Product, products: ProductSet) -> Expansion:
    """The rows of a product, and of its components from cradle to gate.

    Parameters
    ----------
    product : Product
        Whose.
    products : ProductSet
        With the rows and the other products.

    Returns
    -------
    Expansion
        A component that contains itself is a finding, and its rows are not followed again.
    """
    found = Expansion(is_part=product.id in products.broken)
    for item in products.inputs_of(product.id):
        if item.stage not in product.stages:
            values = {"product": product.id, "stage": item.stage, "boundary": product.boundary}
            found.findings.append(item.place(Finding.of("PRODUCT_INPUT.outside", **values)))
            found.is_part = True
            continue
        _follow(Piece(item, item.stage, 1.0, item.name), (product.id,), products, found)
    found.findings += list(_empty_stages(product, products))
    found.is_part = found.is_part or any(finding.rule == "PRODUCT_STAGE" for finding in found.findings)
    return found


def _empty_stages(product: Product, products: ProductSet) -> Iterator[Finding]:
    """Stages within the boundary of which nothing is stated, not even why."""
    stated = {item.stage for item in products.inputs_of(product.id)}
    stated |= {item.stage for item in products.allocations if product.id in (item.products or [product.id])}
    for stage in product.stages:
        if stage not in stated and stage not in product.left_out:
            yield Finding.of("PRODUCT_STAGE", product=product.id, stage=stage, boundary=product.boundary)


def _follow(piece: Piece, path: tuple[str, ...], products: ProductSet, found: Expansion) -> None:
    """A row, or the rows of the component that it names."""
    item = piece.item
    if not item.component:
        found.pieces.append(piece)
        return
    component = products.product(item.component)
    finding = _not_followed(item, component, path, products)
    count = None if component is None or finding else _units_of(item, component)
    if finding is None and count is None and component is not None:
        values = {"unit": item.unit, "component": component.id, "declared": component.declared_unit}
        finding = item.place(Finding.of("PRODUCT_INPUT.component_unit", **values))
    if finding is not None or component is None or count is None:
        found.findings += [finding] if finding else []
        found.is_part = True
        return
    times = piece.times * item.times * count
    found.components.append(Within(component.id, piece.stage, times, piece.name))
    found.is_part = found.is_part or component.id in products.broken
    for inner in products.inputs_of(component.id):
        if inner.stage in GATE_STAGES:
            _follow(
                Piece(inner, piece.stage, times, f"{piece.name} / {inner.name}"), (*path, component.id), products, found
            )


def _not_followed(
    item: ProductInput, component: Product | None, path: tuple[str, ...], products: ProductSet
) -> Finding | None:
    """Why a component cannot be followed."""
    if component is None:
        hint = did_you_mean(get_close_matches(item.component, [each.id for each in products.products], n=1))
        return item.place(Finding.of("PRODUCT_INPUT.no_component", component=item.component, hint=hint))
    if component.id in path:
        circle = " → ".join((*path[path.index(component.id) :], component.id))
        return item.place(Finding.of("PRODUCT_INPUT.circle", circle=circle))
    return None


def _units_of(item: ProductInput, component: Product) -> float | None:
    """How many declared units of a component an amount is; None if its unit does not lead there."""
    try:
        unit = canonical_unit(item.unit)
    except CarbonLedgerError:
        return None
    if is_convertible(unit, component.declared_unit):
        return item.amount * conversion_factor(unit, component.declared_unit) / component.declared_amount
    if is_convertible(unit, "kg") and component.mass_kg:
        return item.amount * conversion_factor(unit, "kg") / component.mass_kg
    return None
