"""Estimates: activity data that a formula of a guideline gives where nothing was measured.

Belongs here: the table of estimates, its formulas with their source, and the steps of the value chain.
Does not belong here: entries that were measured (`activity_data`).
Imports from: core, tables, factors, activity_data, inventory.
"""
