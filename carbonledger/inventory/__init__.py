"""The inventory: entries times factors, as lines in t CO2e and GJ, with views and explanations.

Belongs here: the plan of coefficients, bridges between units, calculation, energy table, gases, scope 3 categories,
    invariants, consolidation.
Does not belong here: market-based scope 2 (`scope2`), totals by reporting standard (`disclosure`).
Imports from: core, tables, factors, activity_data.
"""
