"""The published figures of a book: what they say, and what can have led to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.organisation import Holding
from carbonledger.audit.netted_factor import NettedFactor, avoided_netted
from carbonledger.book.scope2 import book_instruments, book_scope_2
from carbonledger.book.settings import BookSettings
from carbonledger.core.errors import BookError
from carbonledger.core.periods import Period
from carbonledger.disclosure.intensity import Driver
from carbonledger.inventory.inventory import Inventory
from carbonledger.published.figures import PublishedFigure, read_figures
from carbonledger.published.measures import measures_of
from carbonledger.published.network import ConstraintNetwork, propagate, with_alternatives
from carbonledger.published.recalculation import RebuiltFigure, rebuild
from carbonledger.published.relations import Relation, Unknown, read_relations, read_unknowns, unknowns_in
from carbonledger.published.rounding_variants import shown_steps
from carbonledger.published.verdicts import Verdict, check_relation
from carbonledger.reconstruction.declared import ReconstructionResult, read_reconstructions, reconstruct
from carbonledger.reconstruction.result import SpaceResult
from carbonledger.reconstruction.search import prepare_search
from carbonledger.scope2.market_based import MarketBased

__all__ = ["Publication"]


@dataclass(frozen=True)
class Publication:
    """What a company printed, in the files that its book names.

    Parameters
    ----------
    folder : Path
        Of the book.
    settings : BookSettings
        Its settings.
    """

    folder: Path
    settings: BookSettings

    @cached_property
    def figures(self) -> dict[str, PublishedFigure]:
        """The published figures by id."""
        name = self.settings.files.published
        return read_figures(self.folder / name) if name else {}

    @cached_property
    def relations(self) -> list[Relation]:
        """What should hold among them."""
        name = self.settings.files.relations
        return read_relations(self.folder / name) if name else []

    @cached_property
    def unknowns(self) -> dict[str, Unknown]:
        """What is said of the unknowns among them."""
        name = self.settings.files.relations
        return read_unknowns(self.folder / name) if name else {}

    def verdicts(self, inventory: Inventory) -> tuple[list[RebuiltFigure], list[Verdict]]:
        """Printed figures against the engine, and against each other.

        Parameters
        ----------
        inventory : Inventory
            Of the reporting year.

        Returns
        -------
        tuple of (list of RebuiltFigure, list of Verdict)
            A relation with unknowns has a verdict for each of them, by all relations together.
        """
        return self._rebuilt(inventory), self._among()

    def _rebuilt(self, inventory: Inventory) -> list[RebuiltFigure]:
        """Printed figures against the engine."""
        wanted = [item for item in self.relations if item.kind == "rebuild"]
        market = any(item.members.get("scope_2") == "market" for item in wanted)
        scope_2 = self._scope_2(inventory) if market else None
        drivers = [Driver(**item.model_dump()) for item in self.settings.drivers]
        return [rebuild(item, self.figures, inventory, scope_2, drivers) for item in wanted]

    def _scope_2(self, inventory: Inventory) -> MarketBased | None:
        """Scope 2 by both methods, if the book forms both."""
        company = self.settings.company
        period = Period.of_year(company.reporting_year, company.first_month)
        holdings = [Holding(**item.model_dump()) for item in self.settings.holdings]
        records = book_instruments(self.folder, self.settings)
        return book_scope_2(inventory, self.settings, period, records, holdings)

    def _among(self) -> list[Verdict]:
        """Printed figures against each other."""
        measures = measures_of(self.figures, self.relations, self.unknowns)
        shown = shown_steps(self.relations, self.figures)
        found: list[Verdict] = []
        for relation in self.relations:
            if relation.kind == "rebuild":
                continue
            if unknowns_in(relation):
                found += self.network.verdicts(relation, measures)
            else:
                found.append(check_relation(relation, self.figures, measures=measures, shown=shown))
        return found

    @cached_property
    def network(self) -> ConstraintNetwork:
        """All figures and relations at once: what is narrowed, and what clashes."""
        network = propagate(self.figures, self.relations, unknowns=self.unknowns)
        return with_alternatives(network, self.figures, self.relations)

    def netted(self, inventory: Inventory, rebuilt: list[RebuiltFigure]) -> NettedFactor | None:
        """Whether the printed total looks like the gross one less avoided emissions."""
        total = next((item for item in rebuilt if item.quantity == "emissions_tco2e" and not item.activity), None)
        country = self.settings.company.region.split("-")[0]
        if total is None or total.verdict.outcome != "does not follow" or not country:
            return None
        return avoided_netted(inventory, total.figure.in_unit("t CO2e"), country)

    def reconstructions(self, entries: Entries) -> list[ReconstructionResult]:
        """The declared reconstructions, calculated from the entries of the reporting year."""
        name = self.settings.files.reconstructions
        declared = read_reconstructions(self.folder / name) if name else []
        results = []
        for item in declared:
            figure = self.figures.get(item.figure)
            if figure is None:
                raise BookError(f"{name}: {item.id}: no published figure {item.figure!r}.")
            results.append(reconstruct(item, entries, figure.figure_in("t CO2e")))
        return results

    def search(self, space_id: str, entries: Entries, limit: int = 10_000) -> SpaceResult:
        """Search a declared space for combinations that give its printed figure.

        Parameters
        ----------
        space_id : str
            A space of the book's ``spaces`` file.
        entries : Entries
            Of the reporting year.
        limit : int
            How many hits to list; all are counted.

        Returns
        -------
        SpaceResult

        Raises
        ------
        BookError
            If there is no such space or figure.
        """
        search = prepare_search(self.folder / self.settings.files.spaces, space_id, self.figures, entries, limit)
        search.run()
        return search.result()
