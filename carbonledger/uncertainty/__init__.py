"""Uncertainty of an inventory: limits of data and factors, propagated to the total.

Belongs here: error propagation and Monte Carlo by the IPCC guidelines, shared parameters, data quality ratings.
Does not belong here: tolerances of the checks (`audit`). The first module is still to come.
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, comparison.
"""
