"""Year end: a reporting year closed, opened again with a reason, and followed by the book of the next year.

Belongs here: the acts of the log and what a closing keeps, the closed report again, and the next year's book made from
    this year's.
Does not belong here: the lock and the log as records, and what a report says of a closed year (`book`); how an output
    looks (`reporting`).
Imports from: core, tables, factors, activity_data, inventory, scope2, disclosure, reporting, book.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
