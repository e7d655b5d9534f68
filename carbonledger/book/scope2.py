"""Scope 2 of a book by both methods: its instruments, its rules, and what it buys."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from carbonledger.activity_data.organisation import Holding, consolidation_share
from carbonledger.book.settings import BookSettings, ScopeTwo
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.periods import Period
from carbonledger.inventory.inventory import Inventory
from carbonledger.scope2.guidance import ruleset
from carbonledger.scope2.instruments import Instrument, read_instruments
from carbonledger.scope2.loads import loads_of
from carbonledger.scope2.market_based import MarketBased, market_based
from carbonledger.scope2.own_generation import Attributes
from carbonledger.scope2.quality_criteria import QualityCriteria, check_instruments

__all__ = ["MarketPart", "book_instruments", "book_scope_2", "unlisted_files", "unlisted_instruments"]


# Relative, for binary arithmetic.
_SAME = 1e-9


def book_instruments(folder: Path, settings: BookSettings) -> tuple[list[Instrument], list[Finding]]:
    """The contractual instruments of a book that can be read, and why others cannot.

    Parameters
    ----------
    folder : Path
        Where its files lie.
    settings : BookSettings
        What they are called.

    Returns
    -------
    tuple of (list of Instrument, list of Finding)
    """
    chosen = settings.scope_2
    if not chosen or not chosen.instruments:
        return [], []
    country = settings.company.region.split("-")[0]
    return read_instruments(folder / chosen.instruments, country, settings.files.decimal)


def book_scope_2(
    inventory: Inventory,
    settings: BookSettings,
    period: Period,
    records: tuple[Sequence[Instrument], Sequence[Finding]],
    holdings: Sequence[Holding],
) -> MarketBased | None:
    """Scope 2 by both methods; None if the settings ask for one only.

    Parameters
    ----------
    inventory : Inventory
        Of the reporting year.
    settings : BookSettings
        The book's.
    period : Period
        The reporting year.
    records : tuple of (sequence of Instrument, sequence of Finding)
        From `book_instruments`.
    holdings : sequence of Holding
        Who holds what; an instrument of a company (by ``entity``, else by its beneficiary) counts at the share at which it is consolidated.

    Returns
    -------
    MarketBased or None
    """
    chosen = settings.scope_2
    if chosen is None:
        return None
    company = settings.company
    named = {str(name) for part in inventory.energy_parts for name in part.lines["entity"]}
    names = {*company.names, *named, *settings.company_ids}
    own, direct = _sold_at(settings, "own_attributes"), _sold_at(settings, "direct_line_attributes")
    loads = loads_of(inventory, period.start.year, own, direct)
    generates = any(load.own_use_mwh or load.exported_mwh for load in loads)
    rules = QualityCriteria(period, chosen.validity_months, chosen.retired_by, frozenset(names), generates)
    usable, refused = check_instruments(records[0], rules)
    claimed, unknown = _consolidated(usable, settings, holdings, period)
    gone, undated = _sold_in(records[0], period)
    sold, strangers = _consolidated(gone, settings, holdings, period)
    # What was sold stands in the loads, site by site; records beyond it are held against what was said.
    said: Attributes = "by_certificate" if chosen.own_attributes == "by_certificate" else "kept"
    result = market_based(loads, claimed, own_attributes=said, sold=sold, rules=ruleset(chosen.ruleset))
    silent = _attributes_not_stated(result, chosen)
    found = (*records[1], *refused, *unknown, *strangers, *undated, *silent, *result.findings)
    return replace(result, findings=found)


@dataclass(frozen=True, slots=True)
class MarketPart:
    """What the market-based scope 2 of a part of a book is calculated from.

    Parameters
    ----------
    inventory, settings, period, holdings
        As for `book_scope_2`.
    """

    inventory: Inventory
    settings: BookSettings
    period: Period
    holdings: Sequence[Holding]

    def of(
        self, instruments: Sequence[Instrument], whole: MarketBased | None, entity: str, activity: str
    ) -> MarketBased | None:
        """Scope 2 by both methods of a company, an activity, or both.

        Parameters
        ----------
        instruments : sequence of Instrument
            All that can be read; those of other companies cover nothing of this one.
        whole : MarketBased or None
            Of everything.
        entity, activity : str
            Empty for any.

        Returns
        -------
        MarketBased or None
            None if part and rest do not add up to the whole: an instrument that names no company, or a rate that is an average over both,
            belongs to neither.
        """
        if whole is None or (entity and not all(map(self._company_of, instruments))):
            return None
        own = [item for item in instruments if not entity or self._company_of(item) == entity]
        others = [item for item in instruments if entity and self._company_of(item) != entity]
        part = self._scope_2(own, entity, activity)
        rest = self._scope_2(others if entity else own, entity, activity, inside=False)
        if part is None or rest is None:
            return None
        both = part.market_based_tco2e + rest.market_based_tco2e
        return part if math.isclose(both, whole.market_based_tco2e, rel_tol=_SAME, abs_tol=_SAME) else None

    def _company_of(self, item: Instrument) -> str:
        """The company of an instrument: the one that it names, else its beneficiary; empty if neither is one."""
        ids = self.settings.company_ids
        return ids.get(item.entity, item.entity) or ids.get(item.beneficiary, "")

    def _scope_2(
        self, instruments: Sequence[Instrument], entity: str, activity: str, *, inside: bool = True
    ) -> MarketBased | None:
        """Scope 2 by both methods of a company's or an activity's entries, or of the others."""

        def chosen(part: Inventory) -> Inventory:
            lines = part.lines
            of_part = ((lines["entity"] == entity) | (not entity)) & ((lines["activity"] == activity) | (not activity))
            return replace(part, lines=lines[of_part == inside])

        unpriced = self.inventory.unpriced
        some = replace(chosen(self.inventory), unpriced=unpriced and chosen(unpriced))
        return book_scope_2(some, self.settings, self.period, (instruments, ()), self.holdings)


def _sold_at(settings: BookSettings, name: str) -> Callable[[str, str], bool]:
    """Whether the attributes of a company's site were sold: as the site says, else as the book does."""
    general = getattr(settings.scope_2, name)
    by_site = {(site.entity, site.id): getattr(site, name) or general for site in settings.sites}
    return lambda entity, site: by_site.get((entity, site), general) == "sold"


def _sold_in(instruments: Sequence[Instrument], period: Period) -> tuple[list[Instrument], list[Finding]]:
    """Certificates and credits of this year's own generation that were sold."""
    gone = [item for item in instruments if item.use == "sold" or (item.credit and item.origin == "own_use")]
    undated = [
        Finding.of("SOLD_WITHOUT_MONTH").at(file=item.file, row=item.row) for item in gone if item.generated is None
    ]
    return [item for item in gone if item.generated is None or item.generated.overlap_days(period)], undated


def _consolidated(
    instruments: Sequence[Instrument], settings: BookSettings, holdings: Sequence[Holding], period: Period
) -> tuple[list[Instrument], list[Finding]]:
    """Instruments at the share of the company they belong to, by its id; whole if they are the group's."""
    ids = {name: found for name, found in settings.company_ids.items() if name}
    known = {*ids.values(), *(holding.entity for holding in holdings)}
    approach, found, findings = settings.boundary.approach, [], []
    for item in instruments:
        entity = ids.get(item.entity, item.entity) or ids.get(item.beneficiary, "")
        if entity and known and entity not in known:
            unknown = Finding.of("INSTRUMENT_ENTITY_UNKNOWN", entity=entity)
            findings.append(unknown.at(file=item.file, row=item.row))
            continue
        share = consolidation_share(holdings, entity, approach, period) if approach and entity and holdings else 1.0
        found.append(replace(item, entity=entity, mwh=item.mwh * (0.0 if math.isnan(share) else share)))
    return found, findings


def _attributes_not_stated(result: MarketBased, chosen: ScopeTwo) -> list[Finding]:
    """Own or third-party generation that counts 0 although nobody said what became of its certificates."""
    places = {"own generation": "own_attributes", "direct line": "direct_line_attributes"}
    return [
        Finding.of("ATTRIBUTES_NOT_STATED", mwh=level.mwh, source=Label.of(level.what), setting=places[level.what]).at(
            file="book.toml"
        )
        for level in result.levels
        if level.what in places and places[level.what] not in chosen.model_fields_set
    ]


_NAMES = ("instruments", "certificates", "凭证", "绿证")
_KINDS = (".csv", ".xlsx")


def unlisted_instruments(folder: Path, named: str) -> tuple[Instrument, ...]:
    """The instruments of files that are called so, but that the settings do not name.

    Parameters
    ----------
    folder : Path
        Of the book.
    named : str
        The file that the settings name; empty for none.

    Returns
    -------
    tuple of Instrument
        A file that is no table of instruments has none.
    """
    return tuple(instrument for path in unlisted_files(folder, named) for instrument in _read(path))


def unlisted_files(folder: Path, named: str) -> tuple[Path, ...]:
    """The files of a book's folder that are called as tables of instruments are, but that the settings do not name."""
    there = sorted(folder.iterdir() if folder.is_dir() else ())
    alike = (path for path in there if path.suffix in _KINDS and path.stem.casefold().startswith(_NAMES))
    return tuple(path for path in alike if path != folder / named)


def _read(path: Path) -> list[Instrument]:
    """The instruments of a file that may be none."""
    try:
        return read_instruments(path)[0]
    except CarbonLedgerError:
        return []
