"""Disclosure: the inventory as reporting standards and frameworks ask for it.

Belongs here: frameworks as tables of datapoints and their answers, totals by standard, the scope 3 relevance matrix,
    intensities, primary energy by national convention.
Does not belong here: the figures a company printed (`published`); how a page looks (`reporting`).
Imports from: core, tables, factors, activity_data, inventory, scope2.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
