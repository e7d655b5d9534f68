"""Publishers: from a publisher's workbook to a sealed edition of factors.

Belongs here: the layout of each publisher's file as data, reading it, joining a year to the last one, the checks before sealing.
Does not belong here: the format of an edition and its verification (`factors`); readers of files in general (`tables`).
Imports from: core, tables, factors.
"""
