"""Monitoring: what the meters of a book say by day and month, beside the year before, and what in it is unusual.

Belongs here: energy and emissions by day, month, site and source, the peak day, the baseload, silent meters, tests of what is usual.
Does not belong here: how readings are read and summed (`readings`), factors and lines (`inventory`), and the page (`pages`).
Imports from: core, tables, factors, activity_data, inventory, readings.
"""
