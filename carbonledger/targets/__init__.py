"""Targets: what a company has promised, and the path from its base year.

Belongs here: target records, reduction paths, progress against them.
Does not belong here: the base year's own figures (`comparison`). The first module is still to come.
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, comparison, uncertainty.
"""
