"""Uncertainty of an inventory: limits of data and factors, propagated to the total.

Belongs here: error propagation and Monte Carlo by the IPCC guidelines, shared parameters, data quality ratings, the trend.
Does not belong here: tolerances of the checks (`audit`).
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, comparison.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
