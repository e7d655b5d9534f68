"""Scope 2 by both methods: loads, contractual instruments, quality criteria, market-based hierarchy, avoided emissions.

Belongs here: everything that the GHG Protocol Scope 2 Guidance rules: purchases by market, instruments and their
    criteria, own generation, residual mixes.
Does not belong here: the location-based lines themselves (`inventory`); doubts of a verifier (`audit`).
Imports from: core, tables, factors, activity_data, inventory.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
