"""Corporate carbon and energy accounting: activity data to GJ and t CO2e, each number explained.

The everyday names stand here, the rest in documented modules: ``activities``, ``units``, ``rounding``, ``errors``,
``factors``, ``scope2``, ``time_resolved``, ``disclosure``, ``products``, ``published``, ``readings``, ``reconstruction``,
``uncertainty``, ``year_end``. Every other module is internal.

The main path::

    entries = read_entries("entries.csv")
    factors = load_factors("cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013")
    inventory = calculate(entries, factors, gwp="ipcc-ar5@2013")

or, for a company's folder with a ``book.toml``: ``check``, ``report``, ``reconcile``, ``disclose``, all views of one `ReportingYear`.
"""

from __future__ import annotations

from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used; a former one with a warning."""
    if name == "__version__":
        from importlib.metadata import version

        return version("carbonledger")
    if name in __all__ or name.startswith("_"):
        return _load(name)
    from carbonledger.core.former_names import FORMER_NAMES

    if name not in FORMER_NAMES:
        raise AttributeError(f"module 'carbonledger' has no attribute {name!r}")
    return _former(name, *FORMER_NAMES[name].partition(":")[::2])


def _former(name: str, module: str, now: str) -> Any:
    """A name that stood at the top until 0.1, from where it stands now."""
    import warnings
    from importlib import import_module

    inner = f"core.{module}" if module in {"activities", "errors", "rounding", "units"} else module
    message = (
        f"carbonledger.{name} is now carbonledger.{module}.{now or name}; the old name goes with the next release."
    )
    warnings.warn(message, DeprecationWarning, stacklevel=3)
    return getattr(import_module(f"carbonledger.{inner}"), now or name)
