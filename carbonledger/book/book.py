"""A company's folder: settings, entries, pins, published figures."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from carbonledger.activity_data.checks import check_entries
from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.organisation import Holding, check_holdings
from carbonledger.activity_data.registers import RegisterEntry, read_registers
from carbonledger.activity_data.sites import check_places
from carbonledger.audit.case import AuditCase, Claims, Thresholds
from carbonledger.audit.catalogue import audit
from carbonledger.audit.materiality import with_materiality
from carbonledger.audit.suppressions import Suppression, suppress
from carbonledger.book.entries import book_entries, places_of
from carbonledger.book.lock import check_editions, check_results, lock_of, read_lock, write_lock
from carbonledger.book.published import Publication
from carbonledger.book.scope2 import book_instruments, book_scope_2, unlisted_instruments
from carbonledger.book.settings import BookSettings
from carbonledger.book.upgrade import Upgrade, upgrade
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.core.findings import Finding, old_finding
from carbonledger.core.periods import Period
from carbonledger.disclosure.intensity import Driver, intensity
from carbonledger.disclosure.scope3_relevance import RelevanceStatement, scope_3_table, statement_findings
from carbonledger.disclosure.standards import profile, profile_findings
from carbonledger.factors.pinned import PinnedFactors, load_factors
from carbonledger.inventory.calculate import calculate
from carbonledger.inventory.consolidation import compare_approaches, consolidate
from carbonledger.inventory.inventory import Inventory
from carbonledger.reconstruction.search import SpaceResult
from carbonledger.scope2.avoided_emissions import AvoidedEmissions, avoided_emissions, energy_of
from carbonledger.scope2.instruments import Instrument
from carbonledger.scope2.market_based import MarketBased

if TYPE_CHECKING:
    import pandas as pd

    from carbonledger.reporting.report import Report

__all__ = ["Book", "open_book"]

SETTINGS = "book.toml"
LOCK = "book.lock"


@dataclass(frozen=True)
class Book:
    """An opened folder.

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
    def year(self) -> int:
        """The reporting year."""
        return self.settings.company.reporting_year

    @cached_property
    def entries(self) -> Entries:
        """The entries of all years."""
        return book_entries(self.folder, self.settings)

    @property
    def first_month(self) -> int:
        """The first month of the reporting year."""
        return self.settings.company.first_month

    def of_year(self, year: int) -> Entries:
        """The entries of a reporting year."""
        return self.entries.of_year(year, self.first_month)

    def entity_names(self, lang: str) -> dict[str, str]:
        """What to print for each company."""
        return {entity.id: entity.name_zh if lang == "zh" else entity.name_en for entity in self.settings.entities}

    @cached_property
    def factors(self) -> PinnedFactors:
        """The pinned editions by role."""
        pinned = self.settings.factors
        roles = {
            "emissions": pinned.emissions,
            "energy": pinned.energy,
            "standard_coal": pinned.standard_coal,
            "conventions": pinned.conventions,
        }
        if self.settings.avoided_emissions is not None:
            roles["avoided"] = self.settings.avoided_emissions.editions
        return load_factors(roles=roles, as_of=pinned.as_of, folder=self.factor_folder)

    @property
    def factor_folder(self) -> Path | None:
        """The folder of the book's own editions; None if it has none."""
        own = self.settings.factors.folder
        return self.folder / own if own else None

    @property
    def lock_path(self) -> Path:
        """Where the lock lies."""
        return self.folder / LOCK

    def write_lock(self) -> Path:
        """Write down what the inventory of the reporting year uses.

        Returns
        -------
        Path
            The lock file, written whole.
        """
        write_lock(self.lock_path, lock_of(self.inventory(), self.year))
        return self.lock_path

    def check_lock(self) -> None:
        """Hold the book to its lock.

        Raises
        ------
        LockError
            Naming the file whose bytes changed, or the pin, row or result that differs.
        """
        lock = read_lock(self.lock_path)
        check_editions(lock, self.factor_folder)
        check_results(lock, self.inventory(), self.year)

    def upgrade(self) -> Upgrade:
        """What newer editions would change in the reporting year; nothing is written."""
        return upgrade(self.of_year(self.year), self.inventory(), self.factor_folder)

    def check(self) -> list[Finding]:
        """Every finding about the reporting year: of reading, of calculating, of the fifteen checks.

        Returns
        -------
        list of Finding
            Errors of reading and calculating keep entries out of the inventory. What `[[suppress]]` names is a note with its reason.
        """
        places, near = places_of(self.settings), self.settings.checks.near_power_of_ten
        findings = check_entries(self.entries, self.year, self.first_month, near=near, places=places)
        findings += [*self._holding_findings(), *self._registers[1], *self._previous[1]]
        companies = {entity.id: entity.without_data for entity in self.settings.entities if "" not in entity.aliases}
        findings += check_places(self.of_year(self.year).frame, companies, places)
        try:
            inventory = self.inventory()
            scope_2 = self.scope_2(inventory)
            found = (*inventory.findings, *self._scope_3_findings(inventory), *(scope_2.findings if scope_2 else ()))
            profiles = profile_findings(profile(inventory, name) for name in self.settings.profiles)
            findings = list(dict.fromkeys([*findings, *found, *profiles]))
            case = self._case(inventory, scope_2, tuple(findings))
            findings = [*with_materiality(findings, case), *audit(case)]
        except EntriesError as error:
            findings += [finding for finding in error.findings if finding not in findings]
        return suppress(findings, [Suppression(**item.model_dump()) for item in self.settings.suppressions])

    def _case(self, inventory: Inventory, scope_2: MarketBased | None, findings: tuple[Finding, ...]) -> AuditCase:
        """What the fifteen checks look at."""
        rebuilt, verdicts = self.publication.verdicts(inventory)
        whole = [item for item in rebuilt if item.quantity == "emissions_tco2e" and not (item.activity or item.entity)]
        chosen = self.settings.scope_2
        claims = Claims(stray=unlisted_instruments(self.folder, chosen.instruments if chosen else ""))
        if chosen is not None:
            attributes = (chosen.own_attributes, chosen.direct_line_attributes)
            claims = Claims(*attributes, chosen.retired_by is not None, claims.stray)
        return AuditCase(
            inventory,
            self.year,
            previous=self._previous[0],
            entries=self.entries.frame,
            scope_2=scope_2,
            instruments=tuple(self.instruments),
            figures=self.publication.figures,
            verdicts=verdicts,
            rebuilt=rebuilt,
            relations=self.publication.relations,
            clashes=self.publication.network.clashes,
            printed_total=whole[0].figure if whole else None,
            country=self.settings.company.region.split("-")[0],
            findings=findings,
            thresholds=Thresholds(**self.settings.checks.model_dump()),
            claims=claims,
            places=tuple(places_of(self.settings)),
            registers=tuple(self.registers),
            first_month=self.first_month,
        )

    @cached_property
    def _previous(self) -> tuple[Inventory | None, list[Finding]]:
        """The inventory of the year to compare with, if there is one and it can be calculated."""
        year = self.settings.company.compare_year
        if year is None:
            return None, []
        try:
            return self.inventory(year), []
        except EntriesError as error:
            why = "; ".join(dict.fromkeys(finding.message for finding in error.findings[:3]))
            message = f"{year} cannot be calculated, so that nothing is compared with it: {why}"
            remedy = "Add its entries and factors, or take compare_year out of book.toml."
            return None, [old_finding("COMPARE_YEAR", "warning", message, remedy, file="book.toml")]

    def inventory(self, year: int | None = None) -> Inventory:
        """The inventory of a year; what cannot be calculated is left out with a finding.

        Parameters
        ----------
        year : int, optional
            By default the reporting year.

        Returns
        -------
        Inventory
        """
        whole = self._unconsolidated(year or self.year)
        approach = self.settings.boundary.approach
        if approach is None:
            return whole
        return consolidate(whole, self.holdings, approach)

    def _unconsolidated(self, year: int) -> Inventory:
        """The inventory of all entries, whoever they belong to."""
        return calculate(self.of_year(year), self.factors, gwp=self.settings.factors.gwp, missing="report")

    def _holding_findings(self) -> list[Finding]:
        """What is wrong with the holdings, and with an approach that nobody chose."""
        findings = check_holdings(self.holdings)
        if self.holdings and self.settings.boundary.approach is None:
            message = "holdings are listed but no consolidation approach is chosen: every company counts whole."
            remedy = "Set approach in [boundary]: equity_share, financial_control or operational_control."
            findings.append(old_finding("APPROACH_NOT_STATED", "warning", message, remedy, file="book.toml"))
        return findings

    def approaches(self) -> pd.DataFrame:
        """The reporting year's emissions by scope under each consolidation approach, t CO2e."""
        if not self.holdings:
            raise BookError(f"{self.folder / SETTINGS}: no [[holding]]; the approaches differ only by what is held.")
        return compare_approaches(self._unconsolidated(self.year), self.holdings)

    @cached_property
    def holdings(self) -> list[Holding]:
        """Who owns and controls what."""
        return [Holding(**holding.model_dump()) for holding in self.settings.holdings]

    def avoided_emissions(self, inventory: Inventory) -> AvoidedEmissions | None:
        """The register of avoided emissions; None if the settings keep none."""
        chosen = self.settings.avoided_emissions
        if chosen is None:
            return None
        return avoided_emissions(
            energy_of(inventory, chosen.activity),
            self.factors,
            activity=chosen.activity,
            region=chosen.region,
            year=self.year,
            method=chosen.method,
        )

    @cached_property
    def _instruments(self) -> tuple[list[Instrument], list[Finding]]:
        """The contractual instruments that can be read, and why others cannot."""
        return book_instruments(self.folder, self.settings)

    @property
    def instruments(self) -> list[Instrument]:
        """Every contractual instrument on record."""
        return self._instruments[0]

    def scope_2(self, inventory: Inventory) -> MarketBased | None:
        """Scope 2 by both methods; None if the settings ask for one only."""
        period = Period.of_year(self.year, self.first_month)
        return book_scope_2(inventory, self.settings, period, self._instruments, self.holdings)

    @property
    def drivers(self) -> list[Driver]:
        """What emissions and energy are divided by."""
        return [Driver(**item.model_dump()) for item in self.settings.drivers]

    @cached_property
    def _registers(self) -> tuple[list[RegisterEntry], list[Finding]]:
        """The registers that can be read, and what is wrong with them."""
        name = self.settings.files.registers
        return read_registers(self.folder / name) if name else ([], [])

    @property
    def registers(self) -> list[RegisterEntry]:
        """Removals and credits, beside the inventory."""
        return self._registers[0]

    @property
    def scope_3_statements(self) -> list[RelevanceStatement]:
        """What the company says of each scope 3 category."""
        return [RelevanceStatement(**item.model_dump()) for item in self.settings.scope_3]

    def _scope_3_findings(self, inventory: Inventory) -> list[Finding]:
        """What the relevance matrix lacks, once the book keeps one."""
        return statement_findings(inventory, self.scope_3_statements) if self.settings.scope_3 else []

    @cached_property
    def publication(self) -> Publication:
        """The published figures, and what can have led to them."""
        return Publication(self.folder, self.settings)

    def search(self, space_id: str, limit: int = 10_000) -> SpaceResult:
        """Search a declared space, see `Publication.search`."""
        return self.publication.search(space_id, self.of_year(self.year), limit)

    def report(self) -> Report:
        """Everything the book has to say about its reporting year."""
        from carbonledger.comparison.year_on_year import compare
        from carbonledger.reporting.report import Report

        inventory = self.inventory()
        publication = self.publication
        rebuilt, verdicts = publication.verdicts(inventory)
        previous = self._previous[0]
        scope_2 = self.scope_2(inventory)
        return Report(
            settings=self.settings.model_dump(),
            stated=self.settings.model_dump(exclude_unset=True),
            entity_names={lang: self.entity_names(lang) for lang in ("en", "zh")},
            inventory=inventory,
            findings=tuple(self.check()),
            scope_2=scope_2,
            scope_3={lang: scope_3_table(inventory, self.scope_3_statements, lang) for lang in ("en", "zh")},
            avoided=self.avoided_emissions(inventory),
            registers=tuple(self.registers),
            profiles=tuple(profile(inventory, name) for name in self.settings.profiles),
            intensities=tuple(intensity(inventory, self.drivers, scope_2)),
            published=publication.figures,
            rebuilt=tuple(rebuilt),
            verdicts=tuple(verdicts),
            network=publication.network if verdicts else None,
            netted=publication.netted(inventory, rebuilt),
            reconstructions=tuple(publication.reconstructions(self.of_year(self.year))),
            changes={axis: compare(previous, inventory, axis) for axis in ("line", "activity", "scope")}
            if previous
            else {},
        )


def open_book(folder: str | Path) -> Book:
    """A company's folder.

    Parameters
    ----------
    folder : path
        With a ``book.toml``.

    Returns
    -------
    Book

    Raises
    ------
    BookError
        If there is no ``book.toml``, or it has a field that is unknown, missing or of the wrong kind.
    """
    place = Path(folder)
    path = place / SETTINGS if place.is_dir() else place
    try:
        tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BookError(f"{path}: {error.strerror}. A book is a folder with a {SETTINGS}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BookError(f"{path}: {error}") from error
    try:
        return Book(path.parent, BookSettings.model_validate(tables))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()
        )
        raise BookError(f"{path}: {faults}") from error
