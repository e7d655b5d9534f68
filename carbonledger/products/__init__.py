"""Product carbon footprints: life-cycle stages of one declared unit, and their exchange.

Belongs here: products and their bills of materials, allocation of the inventory among them, footprints of suppliers, PACT documents.
Does not belong here: the corporate inventory (`inventory`); printed footprints of others (`published`).
Imports from: core, tables, factors, activity_data, inventory.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
