"""Pages: what a company hands out, as one self-contained file in English and Chinese: the report, the reconciliation, the board's summary.

Belongs here: templates of pages and their base style, the lines behind each figure, pictures of a report.
Does not belong here: calculation; text of a terminal and plain data (`reporting`).
Imports from: core, tables, factors, publishers, activity_data, inventory, monitoring, estimates, scope2, disclosure, comparison,
    uncertainty, targets, environment, published, reconstruction, audit, reporting.
"""
