"""Targets: what a company has promised, and the path from its base year.

Belongs here: target records, reduction paths, progress against them.
Does not belong here: the base year's own figures (`comparison`); measures and their effect (`scenarios`).
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, comparison, uncertainty.
"""
