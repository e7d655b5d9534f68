"""Readings: intervals of meters in files or tables larger than memory, summed by an engine into entries.

Belongs here: Parquet files, folders and database tables of readings, one pass over them that sums by source and month, and what that pass
shows to be wrong: defective rows, repeated readings, gaps.
Does not belong here: what the texts of a summed row mean (`activity_data`), and the calculation (`inventory`).
Imports from: core, tables, factors, activity_data, inventory.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
