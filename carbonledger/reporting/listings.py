"""Editions and factors as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from carbonledger.factors.editions import CatalogueRow, catalogue
from carbonledger.factors.factor import Edition, Factor

__all__ = ["print_catalogue", "print_edition"]


def _table(headings: Sequence[str]) -> Table:
    """An empty table."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", justify="right" if heading == "value" else "left")
    return table


def print_catalogue(rows: Iterable[CatalogueRow], console: Console) -> None:
    """Every edition with status and date of publication."""
    table = _table(["edition", "status", "superseded by", "published"])
    for row in rows:
        table.add_row(row.edition, row.status, row.superseded_by, row.date_published or "–")
    console.print(table)


def print_edition(edition: Edition, factors: Sequence[Factor], console: Console) -> None:
    """What an edition is, and its figures with their places."""
    status = catalogue()[edition.id].status
    facts = {
        "edition": f"{edition.id} ({status})",
        "title": edition.title,
        "publisher": edition.publisher,
        "document": edition.document,
        "published": edition.date_published or "unknown",
        "licence": edition.licence,
        "attribution": edition.metadata.get("attribution") or "",
        "boundary": edition.metadata.get("boundary") or "",
        "heating value": edition.metadata.get("heating_value") or "",
        "roles": ", ".join(edition.roles),
        "lag allowed": f"{edition.max_lag_years or 0} years. {edition.metadata.get('max_lag_reason') or ''}",
        "verified": edition.metadata.get("how_verified") or "",
        "sha256": edition.sha256,
    }
    for name, value in facts.items():
        if value:
            console.print(Text(f"{name}: {value}"))
    table = _table(
        ["factor", "activity", "parameter", "region", "year", "value", "unit", "confidence", "place in the source"]
    )
    for factor in factors:
        gas = f" {factor.gas}" if factor.gas and factor.unit != "1" else ""
        numerator, slash, denominator = factor.unit.partition("/")
        year = str(factor.data_year or "")
        table.add_row(
            factor.factor_id,
            factor.activity,
            factor.parameter,
            factor.region,
            year,
            factor.value_text,
            f"{numerator}{gas}{slash}{denominator}",
            factor.confidence,
            factor.source_locator,
        )
    console.print(table)
