"""The product footprints of a book's year: its files of products, its suppliers' footprints, and the inventory that is allocated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from carbonledger.book.folder import BookFolder
from carbonledger.book.settings import BookSettings
from carbonledger.book.stated_year import StatedYear
from carbonledger.core.findings import Finding
from carbonledger.inventory.inventory import Inventory
from carbonledger.products.calculation import ProductFootprints, product_footprints
from carbonledger.products.pact_document import PactFootprint, read_pact
from carbonledger.products.product_files import ProductSet, read_products
from carbonledger.products.supplier import Suppliers, suppliers_of

__all__ = ["PRODUCTS", "ProductYear", "product_files"]

# The file of products that a book has where its settings name none.
PRODUCTS = "products.toml"
_PATTERN = frozenset("*?[")


def product_files(folder: Path, settings: BookSettings) -> Iterator[str]:
    """Every file that the product footprints of a book rest on.

    Parameters
    ----------
    folder : Path
        Of the book.
    settings : BookSettings
        Its settings.

    Yields
    ------
    str
        The name relative to the folder, patterns by the files that they mean.
    """
    named = settings.files.products
    yield from named or ([PRODUCTS] if (folder / PRODUCTS).is_file() else [])
    yield from _supplier_files(folder, settings)


def _supplier_files(folder: Path, settings: BookSettings) -> Iterator[str]:
    """The files of suppliers' footprints."""
    for name in settings.files.supplier_footprints:
        if not _PATTERN.intersection(name):
            yield name
            continue
        yield from (path.relative_to(folder).as_posix() for path in sorted(folder.glob(name)) if path.is_file())


class ProductYear(StatedYear):
    """A report of a book's year that also has the footprints of its products."""

    book: BookFolder
    inventory: Inventory

    @cached_property
    def products(self) -> ProductFootprints:
        """The footprints of the book's products, kg CO2e per declared unit: beside the inventory, and in no total of it."""
        products = self.product_set
        return product_footprints(
            products,
            self.book.factors,
            gwp=self.book.gwp,
            period=self.period,
            region=self.book.settings.company.region,
            suppliers=self.suppliers,
            inventory=self.inventory if products.products else None,
        )

    @cached_property
    def product_set(self) -> ProductSet:
        """The products as the book's files state them; companies by their ids."""
        settings, folder = self.book.settings, self.book.folder
        named = settings.files.products or ([PRODUCTS] if (folder / PRODUCTS).is_file() else [])
        read = read_products(
            [Path(name) for name in named], folder=folder, country=self.country, decimal=settings.files.decimal
        )
        ids = settings.company_ids
        allocations = (
            item.model_copy(update={"entity": ids.get(item.entity, item.entity)}) for item in read.allocations
        )
        return replace(read, allocations=tuple(allocations))

    @cached_property
    def suppliers(self) -> Suppliers:
        """The suppliers' footprints that the book's folder has."""
        read: list[PactFootprint] = []
        findings: list[Finding] = []
        for name in dict.fromkeys(_supplier_files(self.book.folder, self.book.settings)):
            found, faults = read_pact(self.book.folder / name, name)
            read += found
            findings += faults
        return suppliers_of(read, findings)
