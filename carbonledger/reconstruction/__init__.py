"""Reconstruction: which combinations of published factors give a printed total, and how many do by chance.

Belongs here: declared spaces and reconstructions, exact counting and search, odds, what one equation determines.
Does not belong here: the inventory's own total, which no reconstruction changes.
Imports from: core, tables, factors, activity_data, inventory, estimates, scope2, disclosure, comparison, published.
"""
