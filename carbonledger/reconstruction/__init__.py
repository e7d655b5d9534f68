"""Reconstruction: which combinations of published factors give a printed total, and how many do by chance.

Belongs here: declared spaces and reconstructions, exact counting and search, odds, what one equation determines.
Does not belong here: the inventory's own total, which no reconstruction changes.
Imports from: core, tables, factors, activity_data, inventory, estimates, scope2, disclosure, comparison, published.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
