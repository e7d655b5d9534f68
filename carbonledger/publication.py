"""The published figures of a book: what they say, and what can have led to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from carbonledger.accounting.inventory import Inventory
from carbonledger.analysis.audit.published import NettedFactor, avoided_netted
from carbonledger.analysis.figures import PublishedFigure, read_figures
from carbonledger.analysis.network import Network, propagate
from carbonledger.analysis.rebuilding import RebuiltFigure, rebuild
from carbonledger.analysis.reconciliation import Relation, Verdict, check_relation, read_relations
from carbonledger.analysis.reconstruction import ReconstructionResult, read_reconstructions, reconstruct
from carbonledger.analysis.searching import SpaceResult, search_space
from carbonledger.analysis.spaces import read_spaces
from carbonledger.errors import BookError
from carbonledger.ledger.entries import Entries
from carbonledger.settings import BookSettings

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

    def verdicts(self, inventory: Inventory) -> tuple[list[RebuiltFigure], list[Verdict]]:
        """Printed figures against the engine, and against each other.

        Parameters
        ----------
        inventory : Inventory
            Of the reporting year.

        Returns
        -------
        tuple of (list of RebuiltFigure, list of Verdict)
        """
        rebuilt = [rebuild(item, self.figures, inventory) for item in self.relations if item.kind == "rebuild"]
        return rebuilt, [check_relation(item, self.figures) for item in self.relations if item.kind != "rebuild"]

    @cached_property
    def network(self) -> Network:
        """All figures and relations at once: what is narrowed, and what clashes."""
        return propagate(self.figures, self.relations)

    def netted(self, inventory: Inventory, rebuilt: list[RebuiltFigure]) -> NettedFactor | None:
        """Whether the printed total looks like the gross one less avoided emissions."""
        total = next((item for item in rebuilt if item.quantity == "emissions_tco2e" and not item.activity), None)
        country = self.settings.company.region.split("-")[0]
        if total is None or total.verdict.holds != "does not follow" or not country:
            return None
        return avoided_netted(inventory, total.figure, country)

    def reconstructions(self, entries: Entries) -> list[ReconstructionResult]:
        """The declared reconstructions, calculated from the entries of the reporting year."""
        name = self.settings.files.reconstructions
        declared = read_reconstructions(self.folder / name) if name else []
        results = []
        for item in declared:
            figure = self.figures.get(item.figure)
            if figure is None:
                raise BookError(f"{name}: {item.id}: no published figure {item.figure!r}.")
            results.append(reconstruct(item, entries, figure.figure))
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
            How many hits to list per rounding.

        Returns
        -------
        SpaceResult

        Raises
        ------
        BookError
            If there is no such space or figure.
        """
        name = self.settings.files.spaces
        spaces = read_spaces(self.folder / name) if name else {}
        space = spaces.get(space_id)
        if space is None:
            raise BookError(f"no space {space_id!r}; declared are: {', '.join(spaces) or 'none'}.")
        figure = self.figures.get(space.figure)
        if figure is None:
            raise BookError(f"{name}: {space.id}: no published figure {space.figure!r}.")
        return search_space(space, entries, figure.figure, limit)
