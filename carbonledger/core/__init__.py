"""Ground of every room: findings, errors, units, periods, printed numbers, rounding, the taxonomy of activities.

Belongs here: what a room of any trade needs and what knows nothing of a trade: units and dimensions, reporting
    periods, rounding rules, the record of a finding.
Does not belong here: factors, entries, anything of one standard; readers of files (`tables`).
Imports from: nothing.
"""
