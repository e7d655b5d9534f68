"""Scenarios: what assumed factors or planned measures would change, beside the inventory and never in it.

Belongs here: assumed factors and editions, measures of saving, shift and generation with their baseline, the difference
    between a year as it is and as it would be, and savings that were achieved.
Does not belong here: figures that were published (`published`), changes from year to year (`comparison`), promises (`targets`).
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure.
"""
