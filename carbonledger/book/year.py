"""The reporting year of a book: everything that is calculated about it, each thing once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress as suppress_errors
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.checks import check_entries
from carbonledger.activity_data.coverage import check_expected_sources
from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.organisation import check_holdings
from carbonledger.activity_data.reading_summary import reading_data, reading_summary
from carbonledger.activity_data.registers import RegisterEntry, read_registers
from carbonledger.activity_data.sites import check_sites
from carbonledger.audit.case import InstrumentSettings
from carbonledger.audit.catalogue import audit
from carbonledger.audit.materiality import with_materiality
from carbonledger.audit.netted_factor import NettedFactor, avoided_netted
from carbonledger.audit.suppressions import suppress
from carbonledger.audit.yoy_basis import published_relations
from carbonledger.book.change_effects import ExplainedYear
from carbonledger.book.compared_year import later_acts
from carbonledger.book.disclosures import disclosure_of
from carbonledger.book.environment import EnvironmentalYear
from carbonledger.book.folder import SETTINGS, BookFolder
from carbonledger.book.gri_index import IndexedYear
from carbonledger.book.products import ProductYear
from carbonledger.book.promises import Promises
from carbonledger.book.rebuilding import Rebuilding, rebuilding_of, total_of
from carbonledger.book.savings import SavingsYear
from carbonledger.book.scope2 import MarketPart, book_instruments, book_scope_2, unlisted_instruments
from carbonledger.book.uncertain import UncertainYear
from carbonledger.book.year_standing import earlier_findings, standing_of
from carbonledger.core.errors import BookError, CarbonLedgerError, EntriesError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label, printable, word
from carbonledger.core.printed_number import Outcome
from carbonledger.disclosure.answers import Disclosure
from carbonledger.disclosure.intensity import Intensity, intensity
from carbonledger.disclosure.scope3_relevance import scope_3_table, statement_findings
from carbonledger.disclosure.standards import Profile, profile, profile_findings
from carbonledger.factors.ages import age_findings
from carbonledger.inventory.calculate import calculate
from carbonledger.inventory.consolidation import compare_approaches, consolidate
from carbonledger.inventory.inventory import Inventory
from carbonledger.pages.outputs import ReportOutputs
from carbonledger.published.network import ConstraintNetwork, Contradiction
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.published.verdicts import Verdict
from carbonledger.reporting.standing import YearStanding
from carbonledger.scope2.avoided_emissions import AvoidedEmissions, avoided_emissions, energy_of
from carbonledger.scope2.instruments import Instrument
from carbonledger.scope2.market_based import MarketBased
from carbonledger.workbooks.outputs import WorkbookOutputs

if TYPE_CHECKING:
    import pandas as pd

    from carbonledger.published.figures import PublishedFigure
    from carbonledger.published.relations import Relation
    from carbonledger.reconstruction.declared import ReconstructionResult

__all__ = ["ReportingYear"]


@dataclass(frozen=True, eq=False)
class ReportingYear(
    Promises,
    ExplainedYear,
    UncertainYear,
    EnvironmentalYear,
    ProductYear,
    SavingsYear,
    IndexedYear,
    ReportOutputs,
    WorkbookOutputs,
):
    """A company's reporting year: entries, inventory, scope 2, published figures and findings.

    Nothing is calculated before it is asked for, and nothing twice; every output of a book is a view of this record.

    Parameters
    ----------
    book : BookFolder
        The company's folder.
    year : int
        The calendar year in which the reporting year begins.
    apart : bool
        Whether the year is seen without what the log of the book says of it, as it was when it was closed.

    Examples
    --------
    >>> import carbonledger as cl
    >>> year = cl.open_book("seeds/techen-2024").reporting_year()
    >>> year
    ReportingYear(2024, 青岛乾程科技股份有限公司)
    >>> round(year.totals()["total_location_based_tco2e"], 4)
    2497.3318
    >>> year
    ReportingYear(2024, 青岛乾程科技股份有限公司, 4 entries)
    """

    book: BookFolder
    year: int
    apart: bool = False

    def __repr__(self) -> str:
        name = printable(self.book.settings.company.name_in("zh"))
        read = f", {len(self.entries)} entries" if "entries" in vars(self) else ""
        return f"ReportingYear({self.year}, {name}{read})"

    # Activity data and inventory.

    @property
    def all_entries(self) -> pd.DataFrame:
        """The entries of all years, before anything was consolidated."""
        frame: pd.DataFrame = self.book.entries.frame
        return frame

    @cached_property
    def reading(self) -> Label:
        """What was read of the book's files, and what became of it."""
        if self.published_alone:
            counts = {"figures": str(len(self.published)), "relations": str(len(self.relations))}
            return Label(word("reading_published", "en", **counts), word("reading_published", "zh", **counts))
        return reading_summary(self.book.entries, self.entries)

    @cached_property
    def reading_data(self) -> Mapping[str, Any]:
        """The same as plain data."""
        return reading_data(self.book.entries)

    @cached_property
    def entries(self) -> Entries:
        """The entries of the reporting year."""
        return self.book.entries.of_year(self.year, self.first_month)

    @cached_property
    def unconsolidated(self) -> Inventory:
        """The inventory of all entries, whoever they belong to."""
        if self.published_alone:
            raise BookError(Message.of("SETTING.published_alone", file=SETTINGS))
        return calculate(self.entries, self.book.factors, gwp=self.book.gwp, missing="report")

    @cached_property
    def inventory(self) -> Inventory:
        """The gross inventory within the boundary; entries that cannot be calculated are left out with a finding."""
        approach = self.book.settings.boundary.approach
        return self.unconsolidated if approach is None else consolidate(self.unconsolidated, self.holdings, approach)

    def approaches(self) -> pd.DataFrame:
        """Emissions by scope under each consolidation approach, t CO2e."""
        if not self.holdings:
            raise BookError(f"{self.book.path}: no [[holding]]; the approaches differ only by what is held.")
        return compare_approaches(self.unconsolidated, self.holdings)

    # Scope 2, registers and disclosures.

    @cached_property
    def _instruments(self) -> tuple[list[Instrument], list[Finding]]:
        """The contractual instruments that can be read, and why others cannot."""
        return book_instruments(self.book.folder, self.book.settings)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """Every contractual instrument on record, claimed or refused."""
        return tuple(self._instruments[0])

    @cached_property
    def instrument_settings(self) -> InstrumentSettings:
        """What the book states of its instruments beyond their records."""
        chosen = self.book.settings.scope_2
        unlisted = unlisted_instruments(self.book.folder, chosen.instruments if chosen else "")
        if chosen is None:
            return InstrumentSettings(unlisted=unlisted)
        stated = chosen.retired_by is not None
        return InstrumentSettings(chosen.own_attributes, chosen.direct_line_attributes, stated, unlisted)

    @cached_property
    def scope_2(self) -> MarketBased | None:
        """Scope 2 by both methods; None if the settings ask for one only."""
        return book_scope_2(self.inventory, self.book.settings, self.period, self._instruments, self.holdings)

    def market_based_part(self, entity: str, activity: str) -> MarketBased | None:
        """Scope 2 by both methods of a company, an activity, or both (empty for any); None if it cannot be told from the rest."""
        part = MarketPart(self.inventory, self.book.settings, self.period, self.holdings)
        return part.of(self._instruments[0], self.scope_2, entity, activity)

    @cached_property
    def avoided(self) -> AvoidedEmissions | None:
        """The register of avoided emissions; None if the settings keep none."""
        chosen = self.book.settings.avoided_emissions
        if chosen is None:
            return None
        return avoided_emissions(
            energy_of(self.inventory, chosen.activity),
            self.book.factors,
            activity=chosen.activity,
            region=chosen.region,
            year=self.year,
            method=chosen.method,
        )

    @cached_property
    def _registers(self) -> tuple[list[RegisterEntry], list[Finding]]:
        """The registers that can be read, and what is wrong with them."""
        name = self.book.settings.files.registers
        return (
            read_registers(self.book.folder / name, self.country, self.book.settings.files.decimal, name=name)
            if name
            else ([], [])
        )

    @property
    def registers(self) -> tuple[RegisterEntry, ...]:
        """Removals and credits, beside the inventory and in no total."""
        return tuple(self._registers[0])

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """The inventory as each standard counts it."""
        return tuple(profile(self.inventory, name) for name in self.book.settings.profiles)

    @cached_property
    def intensities(self) -> tuple[Intensity, ...]:
        """Emissions and energy per driver."""
        return tuple(intensity(self.inventory, self.drivers, self.scope_2))

    @cached_property
    def scope_3(self) -> Mapping[str, pd.DataFrame]:
        """By language, the relevance matrix of scope 3."""
        statements = self.relevance
        return {lang: scope_3_table(self.inventory, statements, lang) for lang in ("en", "zh")}

    def disclosure(self, framework: str) -> Disclosure:
        """A framework answered from this year, see `carbonledger.disclosure.list_frameworks`."""
        return disclosure_of(self, self.book.settings, self._previous[0], framework)

    # Published figures.

    @property
    def published(self) -> Mapping[str, PublishedFigure]:
        """The published figures by id."""
        return self.book.publication.figures

    @property
    def relations(self) -> list[Relation]:
        """What should hold among the published figures."""
        return self.book.publication.relations

    @cached_property
    def _rebuilding(self) -> Rebuilding:
        """The printed figures recalculated, each from its own year."""

        @cache
        def of_year(year: int) -> ReportingYear | None:
            earlier = self._previous[0]
            if earlier is not None and year == earlier.year:
                return earlier
            found = self if year == self.year else ReportingYear(self.book, year, apart=True)
            return found if len(found.entries) else None

        return rebuilding_of(self, of_year)

    @property
    def rebuilt(self) -> tuple[RebuiltFigure, ...]:
        """Printed figures against the engine's own results."""
        return self._rebuilding.figures

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Printed figures against each other: each relation with its outcome."""
        return (*self._rebuilding.verdicts, *self.book.publication.verdicts)

    @property
    def network(self) -> ConstraintNetwork | None:
        """All relations at once; None if there is none among printed figures."""
        return self.book.publication.network if self.book.publication.verdicts else None

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Printed figures that cannot all be true."""
        return tuple(self.book.publication.network.clashes)

    @cached_property
    def published_total(self) -> PublishedFigure | None:
        """The printed total of emissions."""
        return total_of(self.rebuilt, self.year)

    @cached_property
    def netted(self) -> NettedFactor | None:
        """The factor at which the printed total looks like the gross one less avoided emissions; None if it does not."""
        total = self.printed_total
        if total is None or total.verdict.outcome is not Outcome.DOES_NOT_FOLLOW or not self.country:
            return None
        return avoided_netted(self.inventory, total.figure.in_unit("t CO2e"), self.country)

    @cached_property
    def reconstructions(self) -> tuple[ReconstructionResult, ...]:
        """The declared reconstructions, calculated from the entries of the year."""
        return tuple(self.book.publication.reconstructions(self.entries))

    @cached_property
    def standing(self) -> YearStanding | None:
        """Whether the year is closed, and what is other since then; None if it never was closed."""
        return None if self.apart else standing_of(self._seen_apart())

    def _seen_apart(self) -> ReportingYear:
        """The same year without what the log says, which must not depend on itself; it takes over what is calculated already."""
        year = ReportingYear(self.book, self.year, apart=True)
        with suppress_errors(CarbonLedgerError):
            vars(year).update(inventory=self.inventory, scope_2=self.scope_2, own_findings=self.own_findings)
        return year

    # Findings.

    @cached_property
    def first_findings(self) -> tuple[Finding, ...]:
        """The findings of reading and calculating, each once."""
        scope_2 = self.scope_2.findings if self.scope_2 else ()
        statements = self.relevance
        matrix = statement_findings(self.inventory, statements) if statements else []
        standards = profile_findings(self.profiles)
        ages = age_findings(self.book.factors)
        found = (
            *self._entry_findings(),
            *self.inventory.findings,
            *self.basis_findings,
            *matrix,
            *scope_2,
            *standards,
            *ages,
        )
        return tuple(dict.fromkeys(found))

    def _entry_findings(self) -> list[Finding]:
        """The findings about entries, holdings, registers and sites, which need no inventory."""
        near, sites = self.thresholds.near_power_of_ten, self.sites
        findings = check_entries(self.book.entries, self.year, self.first_month, near=near, sites=sites)
        findings += [*self._holding_findings(), *self._registers[1], *self._previous[1]]
        findings += check_expected_sources(self.entries.frame, self.book.settings.sources, self.period, sites)
        companies = {item.id: item.without_data for item in self.book.settings.entities if "" not in item.aliases}
        own = self.book.settings.company
        ids = set(self.book.settings.company_ids.values())
        known = ids and {*ids, own.name_zh, own.name_en, *(item.entity for item in self.holdings)}
        return [*findings, *check_sites(self.entries.frame, companies, sites, known, self.period)]

    def _holding_findings(self) -> list[Finding]:
        """Defects of the holdings, and a consolidation approach that is not stated."""
        findings = check_holdings(self.holdings)
        if self.holdings and self.book.settings.boundary.approach is None:
            findings.append(Finding.of("APPROACH_NOT_STATED").at(file="book.toml"))
        return findings

    def _logged(self) -> tuple[Finding, ...]:
        """What the logs of this book and of the one compared with say; nothing if the year is seen apart from them."""
        if self.apart:
            return ()
        earlier = self._previous[0]
        own = earlier_findings(earlier) if earlier and not self.book.settings.company.compare_book else ()
        return (*(self.standing.findings if self.standing else ()), *later_acts(self.book), *own)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding about the year: what the logs say, and its own."""
        return (*self._logged(), *self.own_findings)

    @cached_property
    def own_findings(self) -> tuple[Finding, ...]:
        """Every finding: of reading, of calculating, of the sixteen checks; suppressed ones as notes with their reason."""
        if self.published_alone:
            apart = (
                *self._registers[1],
                *self.environment_findings,
                *self.saving_findings,
                *self.history_findings,
                *published_relations(self),
            )
            found = dict.fromkeys(apart)
            return tuple(suppress(found, self.book.settings.suppressions))
        try:
            findings = [
                *with_materiality(self.first_findings, self),
                *audit(self),
                *self.measure_findings,
                *self.saving_findings,
            ]
            findings += [*self.history_findings, *self.target_findings]
            findings += self.uncertainty_findings
        except EntriesError as error:
            first = self._entry_findings()
            findings = [*first, *(finding for finding in error.findings if finding not in first)]
        return tuple(suppress([*findings, *self.environment_findings], self.book.settings.suppressions))
