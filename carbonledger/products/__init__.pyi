"""The public names of `carbonledger.products`; they load when they are first used."""

from .allocation import Allocated as Allocated
from .allocation import Coverage as Coverage
from .allocation import allocate as allocate
from .calculation import ProductFootprints as ProductFootprints
from .calculation import product_footprints as product_footprints
from .footprint import ProductFootprint as ProductFootprint
from .footprint import ProductLine as ProductLine
from .pact_document import PactFootprint as PactFootprint
from .pact_document import read_pact as read_pact
from .pact_export import pact_document as pact_document
from .pact_versions import to_version as to_version
from .product import Allocation as Allocation
from .product import Product as Product
from .product import ProductInput as ProductInput
from .product_files import ProductSet as ProductSet
from .product_files import read_products as read_products
from .supplier import SupplierFootprint as SupplierFootprint
from .supplier import Suppliers as Suppliers
from .supplier import suppliers_of as suppliers_of

__all__ = [
    "Allocated",
    "Allocation",
    "Coverage",
    "PactFootprint",
    "Product",
    "ProductFootprint",
    "ProductFootprints",
    "ProductInput",
    "ProductLine",
    "ProductSet",
    "SupplierFootprint",
    "Suppliers",
    "allocate",
    "pact_document",
    "product_footprints",
    "read_pact",
    "read_products",
    "suppliers_of",
    "to_version",
]
