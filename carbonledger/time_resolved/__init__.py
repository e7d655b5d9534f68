"""Time-resolved electricity: factors by the hour or month joined with readings, and certificates matched by the hour, beside the inventory.

Belongs here: series of factors in time, clocks and their changes, readings divided among hours, registers of meters as amounts, and the
matching of certificates by draft rules.
Does not belong here: the inventory and the market-based method in force, which take annual factors (`inventory`, `scope2`).
Imports from: core, tables, factors, activity_data, inventory, readings, scope2.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
