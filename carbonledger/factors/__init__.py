"""Emission factors and other published factors as versioned, checksummed editions.

Belongs here: editions, their verification, pins, matching by region and year, GWP sets, refrigerant blends, search,
    differences, own editions.
Does not belong here: entries (a factor knows no company) and the use of factors (`inventory`).
Imports from: core, tables.
"""
