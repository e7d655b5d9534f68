"""Emission factors and other published factors as versioned, checksummed editions.

Belongs here: editions, their verification, pins, matching by region and year, GWP sets, refrigerant blends, search,
    differences, own editions.
Does not belong here: entries (a factor knows no company) and the use of factors (`inventory`).
Imports from: core, tables.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
