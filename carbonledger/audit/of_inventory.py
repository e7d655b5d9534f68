"""The checks over an inventory that stands in no book, such as that of files of readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.source_bills import SourceBills
from carbonledger.audit.case import AuditCase, InstrumentSettings, Thresholds
from carbonledger.audit.catalogue import CHECKS
from carbonledger.audit.materiality import with_materiality
from carbonledger.core.findings import Finding
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["audited"]

# Those that ask nothing of a book: certificates, published figures, years before, and listed sites.
_OF_ENTRIES = ("DUPLICATE", "UNIT_1000", "PV_TWICE", "PV_BALANCE")


def audited(inventory: Inventory[Any]) -> Inventory[Any]:
    """An inventory with what the checks say of each of its years.

    Parameters
    ----------
    inventory : Inventory
        On pandas.

    Returns
    -------
    Inventory
        The same figures; the findings of `carbonledger.audit.catalogue.CHECKS` that need no book follow its own.
    """
    cases = [InventoryCase(inventory, year) for year in sorted({int(year) for year in inventory.lines["year"]})]
    found = [finding for case in cases for finding in _findings(case)]
    # What is at stake is told by the lines of one year.
    own = with_materiality(inventory.findings, cases[0]) if len(cases) == 1 else inventory.findings
    return replace(inventory, findings=tuple(dict.fromkeys([*own, *found])))


class InventoryCase(AuditCase):
    """One year of an inventory, of which no book says anything."""

    previous = all_entries = scope_2 = published_total = None
    instruments = verdicts = rebuilt = relations = contradictions = sites = registers = drivers = ()
    country = ""
    first_month = 1
    thresholds = Thresholds()
    instrument_settings = InstrumentSettings()

    def __init__(self, inventory: Inventory[Any], year: int) -> None:
        self.inventory = inventory
        self.year = year
        self.published = {}
        self.first_findings = inventory.findings
        lines = inventory.lines
        self._lines: pd.DataFrame = lines[lines["year"] == year].reset_index(drop=True)
        self._bills = SourceBills(self._lines)

    @property
    def lines(self) -> pd.DataFrame:
        """The lines of the year."""
        return self._lines

    @property
    def bills(self) -> SourceBills:
        """The lines by source, as arrays."""
        return self._bills

    def plan_lines(self) -> Iterator[tuple[Any, pd.DataFrame]]:
        """Each plan row with its lines of the year."""
        for plan_id, group in self._lines.groupby("plan_id", sort=True):
            yield self.inventory.plan.rows[int(str(plan_id))], group


def _findings(case: InventoryCase) -> Iterator[Finding]:
    """What the checks of entries say."""
    for name in _OF_ENTRIES:
        yield from CHECKS[name](case)
