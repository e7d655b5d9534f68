"""The public names; they load when they are first used."""

from . import disclosure as disclosure
from . import factors as factors
from . import products as products
from . import published as published
from . import readings as readings
from . import reconstruction as reconstruction
from . import scope2 as scope2
from . import time_resolved as time_resolved
from . import uncertainty as uncertainty
from . import year_end as year_end
from .activity_data.entries import Entries as Entries
from .activity_data.entries import read_entries as read_entries
from .beginning.new_book import new_book as new_book
from .book.book import Book as Book
from .book.book import open_book as open_book
from .book.views import check as check
from .book.views import disclose as disclose
from .book.views import reconcile as reconcile
from .book.views import report as report
from .book.year import ReportingYear as ReportingYear
from .comparison.decomposition import decompose as decompose
from .comparison.year_on_year import compare as compare
from .core import activities as activities
from .core import errors as errors
from .core import rounding as rounding
from .core import units as units
from .core.errors import CarbonLedgerError as CarbonLedgerError
from .core.findings import Finding as Finding
from .core.period_texts import parse_period as parse_period
from .core.periods import Period as Period
from .core.printed_number import Figure as Figure
from .core.printed_number import parse_figure as parse_figure
from .core.rounding import round_figure as round_figure
from .factors.factor import Edition as Edition
from .factors.factor import Factor as Factor
from .factors.matching import find_factors as find_factors
from .factors.pinned import load_factors as load_factors
from .factors.search import search_factors as search_factors
from .inventory.calculate import calculate as calculate
from .inventory.inventory import Inventory as Inventory

__version__: str

__all__ = [
    "Book",
    "CarbonLedgerError",
    "Edition",
    "Entries",
    "Factor",
    "Figure",
    "Finding",
    "Inventory",
    "Period",
    "ReportingYear",
    "activities",
    "calculate",
    "check",
    "compare",
    "decompose",
    "disclose",
    "disclosure",
    "errors",
    "factors",
    "find_factors",
    "load_factors",
    "new_book",
    "open_book",
    "parse_figure",
    "parse_period",
    "products",
    "published",
    "read_entries",
    "readings",
    "reconcile",
    "reconstruction",
    "report",
    "round_figure",
    "rounding",
    "scope2",
    "search_factors",
    "time_resolved",
    "uncertainty",
    "units",
    "year_end",
]
