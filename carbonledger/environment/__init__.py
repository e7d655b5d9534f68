"""Environmental registers besides greenhouse gases: water, waste, air pollutants, wastewater and noise.

Belongs here: registers with units, limits with their standard, exceedances, monitoring that is missing, saving targets.
Does not belong here: energy and greenhouse gases (`inventory`); frameworks that ask for these figures (`disclosure`).
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, comparison.
"""
