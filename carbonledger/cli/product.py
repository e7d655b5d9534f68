"""``carbonledger product``: the carbon footprints of a company's products, and their exchange."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.outcome import finish, show_findings
from carbonledger.cli.outputs import ForceOption
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import did_you_mean, printable

if TYPE_CHECKING:
    from carbonledger.book.year import ReportingYear
    from carbonledger.products.footprint import ProductFootprint

__all__ = ["product"]

_IdArgument = Annotated[
    str, typer.Argument(help="A product by its id; without it all of the book.", show_default=False)
]
_PactOption = Annotated[
    Path | None,
    typer.Option(
        "--pact", metavar="FILE", help="Write the footprints as PACT documents (JSON, version 3).", show_default=False
    ),
]
_CsvOption = Annotated[bool, typer.Option("--csv", help="Print every line of the footprints as CSV.")]


def product(
    book: BookArgument,
    product_id: _IdArgument = "",
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
    as_csv: _CsvOption = False,
    pact: _PactOption = None,
    force: ForceOption = False,
) -> None:
    """Print the carbon footprints of the book's products by life-cycle stage, and what of the inventory they hold."""
    from carbonledger.book.book import open_book

    year = open_book(book).reporting_year()
    try:
        found = year.products
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    chosen = _chosen(year, product_id)
    findings = list(found.all_findings if not product_id else (*found.findings, *chosen[0].findings))
    if pact is not None:
        findings += _write_pact(year, chosen, pact, replace=force, as_json=as_json or as_csv)
    if as_csv:
        _write_csv(chosen)
    elif as_json:
        from carbonledger.reporting.product_text import product_data

        print_json(product_data(year, chosen, findings, lang.value))
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.product_text import print_products

        print_products(year, chosen, findings, console_for(), lang.value)
    finish(findings, strict=False)


def _chosen(year: ReportingYear, name: str) -> list[ProductFootprint]:
    """The products that are asked for."""
    there = list(year.products.footprints)
    if not there and not year.products.all_findings:
        raise BookError(Message.of("NO_PRODUCTS", book=str(year.book.path)))
    if not name:
        return there
    found = [item for item in there if item.product.id == name]
    if not found:
        known = tuple(item.product.id for item in there)
        hint = did_you_mean(get_close_matches(name, known, n=1))
        raise BookError(Message.of("NO_PRODUCTS.unknown", product=name, hint=hint, known=known))
    return found


def _write_pact(
    year: ReportingYear, chosen: Sequence[ProductFootprint], path: Path, *, replace: bool, as_json: bool
) -> list[Finding]:
    """The footprints as PACT documents in one file; nothing if one of them cannot be."""
    from carbonledger.core.files import write_whole
    from carbonledger.products.pact_document import pact_text
    from carbonledger.products.pact_export import pact_document

    meant = [item for item in chosen if item.product.pact.product_ids] or chosen
    made = [pact_document(item, year.product_set.declarant) for item in meant]
    findings = [finding for _, faults in made for finding in faults]
    documents = [document for document, _ in made if document is not None]
    if findings or not documents:
        return findings
    if path.exists() and not replace:
        raise BookError(Message.of("NOT_WRITTEN.filled", file=str(path)))
    write_whole(path, pact_text(documents))
    (sys.stderr if as_json else sys.stdout).write(f"{printable(str(path))}\n")
    return []


def _write_csv(chosen: Sequence[ProductFootprint]) -> None:
    """Every line, kg CO2e per declared unit."""
    rows = [
        {"product": item.product.id, "declared_unit": item.unit_label.en, **line.to_dict()}
        for item in chosen
        for line in item.lines
    ]
    if rows:
        writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
