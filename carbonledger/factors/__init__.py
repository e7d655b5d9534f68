"""Emission factors and other published factors as versioned, checksummed editions.

Belongs here: editions, their verification, pins, matching by region and year, GWP sets, refrigerant blends, search,
    differences, own editions.
Does not belong here: entries (a factor knows no company) and the use of factors (`inventory`).
Imports from: core, tables.
"""

from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

# What users look for among the factors, but has to know how a calculation uses them; nothing in this room uses it.
_UPSTAIRS = ("SeriesDecision", "why")


def __getattr__(name: str) -> Any:
    """A public name, loaded when it is first used."""
    if name not in _UPSTAIRS:
        return _load(name)
    from importlib import import_module

    return getattr(import_module("carbonledger.inventory.why"), name)
