"""Audit: the sixteen checks of a verifier over a calculated inventory.

Belongs here: one file a check, named as the check; materiality of findings; suppressions with a written reason.
Does not belong here: defects of reading and calculating, which are found where they occur.
Imports from: core, tables, factors, activity_data, inventory, estimates, scope2, disclosure, comparison, environment, published.
"""
