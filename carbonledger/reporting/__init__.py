"""Reporting: what was calculated, as text or plain data in English and Chinese.

Belongs here: layouts, wording, charts of intervals, the statement of completeness.
Does not belong here: calculation: nothing is computed while drawing.
Imports from: core, tables, factors, publishers, activity_data, inventory, estimates, scope2, time_resolved, disclosure, comparison,
    scenarios, uncertainty, targets, environment, products, published, reconstruction, audit.
"""
