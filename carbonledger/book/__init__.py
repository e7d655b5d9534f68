"""Book: a company's folder, its settings, and the reporting year that follows from them.

Belongs here: settings, the reporting year, the lock, the upgrade, and how files and settings become records of the
    other rooms.
Does not belong here: methods: a book only says which are used.
Imports from: core, tables, factors, activity_data, inventory, readings, monitoring, estimates, scope2, disclosure, comparison, scenarios,
    uncertainty, targets, environment, products, published, reconstruction, audit, reporting, pages, workbooks.
"""
