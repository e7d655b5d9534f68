"""Readers of tables: a file or sheet becomes rows with named columns, each with its place.

Belongs here: dialects, encodings, headings in both languages, spreadsheet months and numbers.
Does not belong here: what a row means: entries are read in `activity_data`, instruments in `scope2`.
Imports from: core.
"""
