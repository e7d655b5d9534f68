"""Activity data: entries of a company by source, site and period, read, checked, cut off and corrected.

Belongs here: rows of entries, units and amounts, meter readings, cut-off at year ends, corrections, biofuel blends,
    sites, organisation, registers, completeness of months.
Does not belong here: factors; estimates by formula (`estimates`); contractual instruments (`scope2`).
Imports from: core, tables.
"""
