"""Command line: one thin function a command.

Belongs here: options, exit codes, standard output and error.
Does not belong here: anything a Python script would want to call too.
Imports from: core, tables, factors, publishers, activity_data, inventory, readings, monitoring, estimates, scope2, time_resolved,
    disclosure, comparison, scenarios, uncertainty, targets, products, published, reconstruction, audit, reporting, pages, workbooks,
    book, beginning, year_end.
"""

from carbonledger.cli.main import main

__all__ = ["main"]
