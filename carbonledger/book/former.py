"""Attributes that a book had until 0.1; they work for one more release, with a warning."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from carbonledger.book.lock import lock_book
from carbonledger.book.lock_check import check_lock
from carbonledger.book.upgrade import upgrade_book

if TYPE_CHECKING:
    from carbonledger.book.year import ReportingYear

__all__ = ["FORMER_ATTRIBUTES", "former_attribute"]

# Old name: what to write now, and the value from the reporting year.
FORMER_ATTRIBUTES: Mapping[str, tuple[str, Callable[[ReportingYear], Any]]] = {
    "scope_2": ("reporting_year().scope_2", lambda year: lambda _inventory=None: year.scope_2),
    "approaches": ("reporting_year().approaches()", lambda year: year.approaches),
    "holdings": ("reporting_year().holdings", lambda year: year.holdings),
    "instruments": ("reporting_year().instruments", lambda year: list(year.instruments)),
    "registers": ("reporting_year().registers", lambda year: list(year.registers)),
    "drivers": ("reporting_year().drivers", lambda year: year.drivers),
    "write_lock": ("the command lock", lambda year: lambda: lock_book(year)),
    "check_lock": ("the command report --locked", lambda year: lambda: check_lock(year)),
    "upgrade": ("the command upgrade", lambda year: lambda: upgrade_book(year)),
}


def former_attribute(name: str, year: ReportingYear) -> Any:
    """The value of a former attribute of a book, with a warning that says where it is now."""
    now, value = FORMER_ATTRIBUTES[name]
    message = f"Book.{name} is now {now}; the old name goes with the next release."
    warnings.warn(message, DeprecationWarning, stacklevel=3)
    return value(year)
