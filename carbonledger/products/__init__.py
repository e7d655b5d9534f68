"""Product carbon footprints: life-cycle stages of one declared unit.

Belongs here: bills of materials, allocation, exchange formats.
Does not belong here: the corporate inventory (`inventory`). The first module is still to come.
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, comparison.
"""
