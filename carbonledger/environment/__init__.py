"""Environmental registers besides greenhouse gases: water, waste, air, noise.

Belongs here: registers with units, limits with their standard, exceedances.
Does not belong here: energy and greenhouse gases (`inventory`). The first module is still to come.
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, comparison.
"""
