"""Published figures: printed numbers as intervals, relations among them, and what follows from both.

Belongs here: figures and relations, recalculation, verdicts, typical errors of transcription, the network of
    constraints.
Does not belong here: which factors could have led to a total (`reconstruction`).
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, comparison, environment.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
