"""Listings of editions and factors as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console

from carbonledger.core.language import Lang, word
from carbonledger.factors.editions import CatalogueRow
from carbonledger.factors.partial_editions import edition_label
from carbonledger.reporting.console import PlainTable, plain_text, text_table
from carbonledger.reporting.factor_text import unit_with_gas

if TYPE_CHECKING:
    import pandas as pd

    from carbonledger.factors.diff import Change

__all__ = [
    "print_approaches",
    "print_catalogue",
    "print_changes",
    "print_upgrade",
]

_NUMBERS = {"value", "before", "after", "change"}
# What an upgrade says of a combination that newer editions do not price.
_NO_FACTOR = "no factor"


def _listing_table(headings: Sequence[str]) -> PlainTable:
    """An empty table with columns of numbers to the right."""
    table = PlainTable(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading in _NUMBERS else "left")
    return table


def print_catalogue(rows: Iterable[CatalogueRow], console: Console) -> None:
    """Every edition with status and date of publication."""
    table = _listing_table(["edition", "status", "superseded by", "published"])
    for row in rows:
        table.add_row(edition_label(row.edition).en, row.status, row.superseded_by, row.date_published or "–")
    console.print(table)


def print_changes(changes: Sequence[Change], limit: int, console: Console) -> None:
    """Print the differences between two editions."""
    kinds = {
        kind: sum(change.kind == kind for change in changes) for kind in ("changed", "renamed", "added", "removed")
    }
    console.print(plain_text(", ".join(f"{count} {kind}" for kind, count in kinds.items())))
    table = _listing_table(["", "factor", "what", "unit", "before", "after", "change"])
    for change in changes[:limit]:
        factor = change.factor
        before, after = (item.value_text if item else "" for item in (change.before, change.after))
        percent = "" if change.percent is None else f"{change.percent:+.2f} %"
        what = factor.publisher_path or f"{factor.activity} {factor.region} {factor.variant}"
        what = f"{change.former_name} → {what}" if change.former_name else what
        table.add_row(change.kind, factor.factor_id, what, unit_with_gas(factor), before, after, percent)
    console.print(table)
    if len(changes) > limit:
        console.print(plain_text(f"and {len(changes) - limit} more (--limit 0 shows all)"))


def print_approaches(table: pd.DataFrame, console: Console, lang: Lang, sum_label: str) -> None:
    """Emissions under each consolidation approach; a dash where they are not known, and the sum under the name that it deserves."""
    listing = _listing_table([word("scope", lang), *(word(name, lang) for name in table.columns[1:])])
    for row in table.to_dict("records"):
        values = ["–" if row[name] != row[name] else f"{row[name]:,.4f}" for name in table.columns[1:]]
        label = sum_label if row["scope"] == "total" else str(row["scope"])
        listing.add_row(word(label, lang), *values)
    console.print(listing)


def print_upgrade(upgrade: Mapping[str, Any], console: Console, lang: Lang = "en") -> None:
    """Print the effect of newer editions."""
    if not upgrade["editions"]:
        console.print(plain_text(word("upgrade_none", lang)))
    if not upgrade["editions"] and not upgrade["changes"]:
        return
    for old, new in upgrade["editions"]:
        console.print(plain_text(f"{old} -> {new}"))
    keys = ("what", "now", "then", "change", "tco2e_now", "tco2e_then")
    table = text_table([word(f"upgrade_{key}", lang) for key in keys], [3, 4, 5])
    for change in upgrade["changes"]:
        percent = "" if change["percent"] is None else f"{change['percent']:+.2f} %"
        tonnes = [f"{change[name]:,.4f}" for name in ("tco2e_before", "tco2e_after")]
        after = change["after"] if change["after"] != _NO_FACTOR else word("upgrade_no_factor", lang)
        table.add_row(change["what"], change["before"], after, percent, *tonnes)
    if upgrade["changes"]:
        console.print(table)
    before, after = upgrade["total_before"], upgrade["total_after"]
    totals = {"before": f"{before:,.4f}", "after": f"{after:,.4f}", "change": f"{after - before:+,.4f}"}
    console.print(plain_text(word("upgrade_total", lang, **totals)))
