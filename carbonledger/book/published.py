"""The published figures of a book: what they say, and what can have led to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.activity_data.entries import Entries
from carbonledger.book.settings import BookSettings
from carbonledger.core.errors import BookError
from carbonledger.published.figures import PublishedFigure, read_figures
from carbonledger.published.judgement import Evaluable, evaluable, judged
from carbonledger.published.network import ConstraintNetwork, propagate, with_alternatives
from carbonledger.published.relations import Relation, Unknown, read_relations, read_unknowns
from carbonledger.published.verdicts import Verdict

if TYPE_CHECKING:
    from carbonledger.reconstruction.declared import ReconstructionResult
    from carbonledger.reconstruction.result import SpaceResult

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

    @cached_property
    def _evaluable(self) -> Evaluable:
        """The relations among printed figures that can be evaluated."""
        return evaluable(self.figures, self.relations, self.unknowns)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Printed figures against each other; a relation with unknowns has a verdict for each of them, by all relations together.

        A relation that cannot be evaluated has a verdict that says why; the others are not concerned.
        """
        return judged(self._evaluable, self.relations, lambda: self.network)

    @cached_property
    def network(self) -> ConstraintNetwork:
        """All figures and relations at once: what is narrowed, and what clashes."""
        sound = self._evaluable.relations
        network = propagate(self.figures, sound, unknowns=self.unknowns)
        return with_alternatives(network, self.figures, sound)

    def reconstructions(self, entries: Entries) -> list[ReconstructionResult]:
        """The declared reconstructions, calculated from the entries of the reporting year."""
        from carbonledger.reconstruction.declared import read_reconstructions, reconstruct

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
        from carbonledger.reconstruction.search import prepare_search

        search = prepare_search(self.folder / self.settings.files.spaces, space_id, self.figures, entries, limit)
        search.run()
        return search.result()
