"""Scope 2 of a book by both methods: its instruments, its rules, and what it buys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from carbonledger.accounting.inventory import Inventory
from carbonledger.accounting.markets import markets_of
from carbonledger.accounting.rulesets import ruleset
from carbonledger.accounting.scope2 import MarketBased, market_based
from carbonledger.errors import Finding
from carbonledger.ledger.claims import ClaimRules, check_instruments
from carbonledger.ledger.instruments import Instrument, read_instruments
from carbonledger.ledger.organisation import Approach, Holding, consolidation_share
from carbonledger.periods import Period
from carbonledger.settings import BookSettings, ScopeTwo

__all__ = ["book_instruments", "book_scope_2"]


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
    return read_instruments(folder / chosen.instruments) if chosen and chosen.instruments else ([], [])


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
    company, instruments = settings.company, records[0]
    names = {company.name_zh, company.name_en, *inventory.lines["entity"]}.union(
        *({item.id, item.name_zh, item.name_en, *item.aliases} for item in settings.entities)
    )
    own, direct = (
        frozenset((site.entity, site.id) for site in settings.sites if getattr(site, name) == "sold")
        for name in ("own_attributes", "direct_line_attributes")
    )
    markets = markets_of(inventory, period.start.year, own, direct)
    generates = any(market.own_use_mwh or market.exported_mwh for market in markets)
    rules = ClaimRules(period, chosen.validity_months, chosen.retired_by, frozenset(names), generates)
    usable, refused = check_instruments(instruments, rules)
    approach = settings.boundary.approach
    if approach is not None:
        ids = {
            name: item.id for item in settings.entities for name in (item.id, item.name_zh, item.name_en, *item.aliases)
        }
        usable = [
            replace(
                item, mwh=item.mwh * _share(ids.get(item.entity or item.beneficiary, ""), holdings, approach, period)
            )
            for item in usable
        ]
    result = market_based(
        markets,
        usable,
        own_attributes=chosen.own_attributes,
        direct_line_attributes=chosen.direct_line_attributes,
        sold=[item for item in instruments if item.use == "sold"],
        rules=ruleset(chosen.ruleset),
    )
    silent = _attributes_not_stated(result, chosen)
    return replace(result, findings=(*records[1], *refused, *silent, *result.findings))


def _share(entity: str, holdings: Sequence[Holding], approach: Approach, period: Period) -> float:
    """The share at which a company's instruments count; whole if the record names none."""
    share = consolidation_share(holdings, entity, approach, period) if entity else 1.0
    return 0.0 if math.isnan(share) else share


def _attributes_not_stated(result: MarketBased, chosen: ScopeTwo) -> list[Finding]:
    """Own or third-party generation that counts 0 although nobody said what became of its certificates."""
    places = {"own generation": "own_attributes", "direct line": "direct_line_attributes"}
    return [
        Finding(
            "ATTRIBUTES_NOT_STATED",
            "warning",
            f"{level.mwh:g} MWh of {level.what} count 0 market-based, as if their certificates had been kept.",
            f'Say in [scope_2] what became of them: {places[level.what]} = "kept", "sold" or "by_certificate".',
            file="book.toml",
        )
        for level in result.levels
        if level.what in places and places[level.what] not in chosen.model_fields_set
    ]
