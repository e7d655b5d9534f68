"""Product footprints as text and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from rich.console import Console

from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, bracketed, headed, listed, word
from carbonledger.core.plain_data import plain_data
from carbonledger.products.calculation import ProductFootprints
from carbonledger.products.footprint import BESIDE, COUNTED, ProductFootprint, ProductLine
from carbonledger.reporting.console import amount_text, number, plain_text, section_title, text_table

__all__ = ["print_products", "product_data"]

_LONGEST = 40
_SCOPE_NAMES = {1: "scope 1", 2: "scope 2 (location-based)", 3: "scope 3", 0: "no scope"}


class _Year(Protocol):
    """What is needed of a reporting year."""

    @property
    def settings(self) -> Mapping[str, Any]: ...

    @property
    def year(self) -> int: ...

    @property
    def products(self) -> ProductFootprints: ...


def product_data(
    year: _Year, chosen: Sequence[ProductFootprint], findings: Sequence[Finding], lang: Lang = "en"
) -> dict[str, Any]:
    """Footprints as plain data.

    Parameters
    ----------
    year : ReportingYear
        Of a book.
    chosen : sequence of ProductFootprint
        Those to be shown.
    findings : sequence of Finding
        Of them, and of what they rest on.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    dict
        ``products``, ``allocations`` (shares in per cent), ``inventory`` (t CO2e by scope: allocated, twice, not allocated), ``findings``.
    """
    allocated = year.products.allocated
    data = {
        "year": year.year,
        "part_of_a_total": False,
        "products": [item.to_dict(lang) for item in chosen],
        "allocations": [
            {"name": item.name, "by": item.by, "shares_percent": dict(shares), "reason": item.reason}
            | {"not_allocated_percent": item.not_allocated_percent}
            for item, shares in allocated.shares
        ],
        "inventory": [
            {
                "scope": _SCOPE_NAMES[item.scope],
                "inventory_tco2e": item.inventory,
                "allocated_tco2e": item.allocated,
                "allocated_twice_tco2e": item.twice,
                "not_allocated_tco2e": item.not_allocated,
            }
            for item in allocated.coverage
        ],
        "findings": [finding.to_dict(lang) for finding in findings],
        "exit_code": int(any(finding.severity == "error" for finding in findings)),
    }
    plain: dict[str, Any] = plain_data(data)
    return plain


def print_products(
    year: _Year, chosen: Sequence[ProductFootprint], findings: Sequence[Finding], console: Console, lang: Lang
) -> None:
    """Print footprints by stage, their lines, and what of the inventory they hold.

    Parameters
    ----------
    year : ReportingYear
        Of a book.
    chosen : sequence of ProductFootprint
        Those to be shown.
    findings : sequence of Finding
        Of them, and of what they rest on.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    company = year.settings["company"]
    name = (company["name_zh"] or company["name_en"]) if lang == "zh" else (company["name_en"] or company["name_zh"])
    console.print(plain_text(f"{name} · {year.year} · {word('product_title', lang)}", style="bold"))
    for item in chosen:
        _print_footprint(item, console, lang)
        if len(chosen) == 1:
            _print_lines(item, console, lang)
    _print_allocations(year.products, console, lang)
    _print_inventory(year.products, chosen, console, lang)
    if findings:
        section_title(console, word("findings_title", lang))
    for finding in findings:
        style = {"error": "red", "warning": "yellow"}.get(finding.severity, "")
        console.print(plain_text(finding.text(lang), style=style))
    console.print()
    console.print(plain_text(word("product_note", lang)))


def _print_footprint(item: ProductFootprint, console: Console, lang: Lang) -> None:
    """One product: what it is, its stages, and the columns."""
    product = item.product
    title = headed(product.id, product.label.text(lang), lang) if product.label.text(lang) != product.id else product.id
    section_title(console, title)
    console.print(plain_text(listed(_facts(item, lang), lang, semicolons=True)))
    if item.is_part:
        console.print(plain_text(word("product_part", lang), style="bold red"))
    unit = bracketed(f"kg CO2e / {item.unit_label.text(lang)}", lang)
    table = text_table(
        [word("product_stage", lang), word("product_footprint", lang) + unit, word("share", lang)], (1, 2)
    )
    for stage in item.stages:
        share = "–" if stage.share_percent is None else number(stage.share_percent, 2)
        label = word(stage.stage, lang)
        if stage.left_out:
            label += bracketed(headed(word("product_left_out", lang), stage.left_out, lang), lang)
        table.add_row(label, number(stage.kgco2e, 4), share)
    whole = "sum_of_part" if item.is_part else "product_footprint"
    share = "–" if item.is_part or not item.calculated_kgco2e else number(100.0, 2)
    table.add_row(word(whole, lang), number(item.calculated_kgco2e, 4), share, style="bold")
    console.print(table)
    console.print(plain_text(listed(_columns(item, lang), lang, semicolons=True)))


def _facts(item: ProductFootprint, lang: Lang) -> Iterator[str]:
    """Declared unit, mass, boundary, period, place and potentials."""
    product = item.product
    yield headed(word("product_declared_unit", lang), item.unit_label.text(lang), lang)
    if product.mass_kg:
        yield headed(word("product_mass", lang), f"{amount_text(product.mass_kg)} kg", lang)
    yield headed(word("product_boundary", lang), word(product.boundary, lang), lang)
    yield headed(word("product_period", lang), f"{item.period.start} – {item.period.last_day}", lang)
    yield headed(word("product_region", lang), item.region or "–", lang)
    yield headed("GWP", item.gwp, lang)


def _columns(item: ProductFootprint, lang: Lang) -> Iterator[str]:
    """The columns that ISO 14067 keeps apart, and the footprint per kg."""
    for name in (*COUNTED, *BESIDE):
        value = item.column(name)
        if value or name in {"fossil", "biogenic", "land_use_change"}:
            yield headed(word(f"product_{name}", lang), number(value, 4), lang)
    per_kg = item.per(1.0, "kg")
    if per_kg is not None and item.product.declared_unit != "kg":
        yield headed(word("product_per_kg", lang), number(per_kg, 4), lang)
    of_period = item.of_the_period_tco2e
    if of_period is not None:
        yield headed(word("product_of_period", lang), f"{number(of_period, 2)} t CO2e", lang)


def _print_lines(item: ProductFootprint, console: Console, lang: Lang) -> None:
    """Every line of one product, with its factors."""
    section_title(console, word("product_lines", lang))
    keys = ("product_stage", "product_row", "amount", "product_column", "product_kgco2e", "product_factors")
    table = text_table([word(key, lang) for key in keys], (2, 4))
    for line in item.lines[:_LONGEST]:
        table.add_row(
            word(line.stage, lang),
            line.name,
            f"{line.amount:,.6g} {line.unit}",
            word(f"product_{line.column}", lang),
            number(line.kgco2e, 4),
            listed(dict.fromkeys(_factors(line)), lang, semicolons=True),
        )
    console.print(table)
    if len(item.lines) > _LONGEST:
        console.print(plain_text(word("product_more_lines", lang, count=f"{len(item.lines) - _LONGEST:,}")))


def _factors(line: ProductLine) -> Iterator[str]:
    """The emission factors of a line, or whatever else prices it; potentials and calorific values are in the explanation."""
    yield from (factor.reference for factor in line.row.emission_factors or line.row.factors[:1])


def _print_allocations(found: ProductFootprints, console: Console, lang: Lang) -> None:
    """The shares of each allocation, which sum to 100 %."""
    if not found.allocated.shares:
        return
    section_title(console, word("product_allocation", lang))
    table = text_table([word("product_allocation", lang), word("product_by", lang), word("product", lang), "%"], (3,))
    for item, shares in found.allocated.shares:
        for name, share in shares.items():
            table.add_row(item.name, word(f"product_by_{item.by}", lang), name, number(share, 4))
        if item.not_allocated_percent:
            text = word("product_not_allocated", lang) + bracketed(item.reason, lang)
            table.add_row(item.name, "", text, number(item.not_allocated_percent, 4))
    console.print(table)


def _print_inventory(
    found: ProductFootprints, chosen: Sequence[ProductFootprint], console: Console, lang: Lang
) -> None:
    """What of the inventory the products hold, by scope."""
    rows = found.allocated.coverage
    if not rows or not chosen:
        return
    section_title(console, word("product_inventory", lang))
    keys = ("scope", "product_inventory_t", "product_allocated", "product_twice", "product_rest")
    table = text_table([word(key, lang) for key in keys], (1, 2, 3, 4))
    for row in rows:
        values = (row.inventory, row.allocated, row.twice, row.not_allocated)
        table.add_row(word(_SCOPE_NAMES[row.scope], lang), *(number(value, 4) for value in values))
    console.print(table)
