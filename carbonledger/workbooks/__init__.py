"""Workbooks: what a person opens in a spreadsheet program: the report with live formulas, and its comparison after editing.

Belongs here: sheets, their formulas, formats, names and print layout; what an edited copy says differently.
Does not belong here: calculation: a cell has the library's figure and the formula that gives it; readers of tables (`tables`).
Imports from: core, tables, factors, activity_data, inventory, estimates, scope2, disclosure, comparison, uncertainty, targets,
    environment, published, audit, reporting.
"""
