"""Ground of every room: findings, errors, units, periods, printed numbers, rounding, the taxonomy of activities.

Belongs here: what a room of any trade needs and what knows nothing of a trade: units and dimensions, reporting
    periods, rounding rules, the record of a finding, the columns of the frames, constants of physics.
Does not belong here: factors, entries, anything of one standard; readers of files (`tables`).
Imports from: nothing.
"""

import lazy_loader

# Public as `carbonledger.activities`, `errors`, `rounding` and `units`.
__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["activities", "errors", "rounding", "units"])
