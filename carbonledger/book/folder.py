"""A company's folder: its settings, and what its files hold for all years."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from carbonledger.activity_data.entries import Entries
from carbonledger.book.entries import book_entries
from carbonledger.book.own_factors import own_factors
from carbonledger.book.published import Publication
from carbonledger.book.settings import BookSettings
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang
from carbonledger.core.toml_file import read_toml
from carbonledger.factors.ages import AllowedAge, with_ages
from carbonledger.factors.gwp import GwpSet, read_gwp
from carbonledger.factors.pinned import PinnedFactors, load_factors

__all__ = ["SETTINGS", "BookFolder"]

SETTINGS = "book.toml"


@dataclass(frozen=True, eq=False)
class BookFolder:
    """A company's folder: settings, entries of all years, pinned factors and published figures.

    Parameters
    ----------
    folder : Path
        Where ``book.toml`` lies.
    settings : BookSettings
        Its content.
    """

    folder: Path
    settings: BookSettings

    @property
    def path(self) -> Path:
        """The file of the settings."""
        return self.folder / SETTINGS

    @property
    def year(self) -> int:
        """The reporting year that the settings name."""
        return self.settings.company.reporting_year

    @cached_property
    def entries(self) -> Entries:
        """The entries of all years."""
        return book_entries(self.folder, self.settings)

    @property
    def first_month(self) -> int:
        """The first month of the reporting year."""
        return self.settings.company.first_month

    def entity_names(self, lang: Lang) -> dict[str, str]:
        """What to print for each company."""
        return {item.id: item.name_in(lang) for item in self.settings.entities}

    @cached_property
    def factors(self) -> PinnedFactors:
        """The pinned editions by role."""
        pinned = self.settings.factors
        if not pinned.gwp:
            raise BookError(Message.of("SETTING.published_alone", file=SETTINGS))
        roles = {
            "emissions": pinned.emissions,
            "energy": pinned.energy,
            "standard_coal": pinned.standard_coal,
            "conventions": pinned.conventions,
        }
        if self.settings.avoided_emissions is not None:
            roles["avoided"] = self.settings.avoided_emissions.editions
        factors = load_factors(
            roles=roles,
            as_of=pinned.as_of,
            folder=self.factor_folder,
            by_activity=pinned.by_activity,
            own=own_factors(read_toml(self.path), self.settings) if pinned.own else (),
        )
        return with_ages(factors, (AllowedAge(item.edition, item.years, item.reason) for item in pinned.max_lag))

    @cached_property
    def gwp(self) -> GwpSet:
        """The set of global warming potentials, one of the book's own folder too."""
        return read_gwp(self.settings.factors.gwp, self.factor_folder)

    @property
    def factor_folder(self) -> Path | None:
        """The folder of the book's own editions; None if it has none."""
        own = self.settings.factors.folder
        return self.folder / own if own else None

    @cached_property
    def publication(self) -> Publication:
        """The published figures with their relations."""
        return Publication(self.folder, self.settings)
