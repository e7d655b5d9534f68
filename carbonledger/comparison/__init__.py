"""Comparison: one inventory against another, year on year.

Belongs here: changes by axis, their decomposition, the base year.
Does not belong here: what somebody printed about a change (`published`).
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure.
"""
