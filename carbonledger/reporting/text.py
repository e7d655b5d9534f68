"""The report as text for a terminal, a pipe or a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, bracketed, has_label, headed, listed, translated, word
from carbonledger.core.rounding import decimal_of
from carbonledger.core.units import conversion_factor
from carbonledger.factors.partial_editions import edition_label
from carbonledger.reporting.alike import gathered
from carbonledger.reporting.base_year_text import print_history
from carbonledger.reporting.change_text import change_text
from carbonledger.reporting.console import amount_text, number, plain_text, section_title, text_table
from carbonledger.reporting.environment_text import print_environment
from carbonledger.reporting.inventory_text import (
    data_quality_line,
    print_completeness,
    print_conventions,
    print_intensities,
    print_policies,
    print_profiles,
    print_registers,
    print_scope_3,
)
from carbonledger.reporting.published_text import (
    print_network,
    print_rebuilt,
    print_reconciliation,
    print_reconstructions,
    print_relations,
)
from carbonledger.reporting.report import Report
from carbonledger.reporting.savings_tables import print_savings
from carbonledger.reporting.targets_text import print_target_overview
from carbonledger.reporting.uncertainty_text import print_uncertainty
from carbonledger.reporting.what_if_text import print_measures
from carbonledger.reporting.wording import with_gap

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["print_findings", "print_report"]


def print_report(report: Report, console: Console, lang: Lang) -> None:
    """Print every section of a report.

    Parameters
    ----------
    report : Report
        What to print.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    company = report.settings["company"]
    name = Label(company["name_en"], company["name_zh"]).text(lang)
    console.print(plain_text(f"{name} · {company['reporting_year']} · {word('title', lang)}", style="bold"))
    boundary = report.settings["boundary"]
    statement = Label(boundary.get("statement_en") or "", boundary.get("statement_zh") or "").text(lang)
    if statement:
        console.print(plain_text(headed(word("boundary", lang), statement, lang)))
    console.print(plain_text(report.reading.text(lang)))
    for line in report.standing.lines(lang) if report.standing else ():
        console.print(
            plain_text(line, style="" if report.standing and report.standing.state == "closed" else "bold red")
        )
    if report.published_alone:
        print_savings(report, console, lang)
        print_environment(report, console, lang)
        print_reconciliation(report, console, lang)
    else:
        _print_sections(report, console, lang)
    section_title(console, word("findings_title", lang))
    print_findings(report.findings, console, lang)


def _print_sections(report: Report, console: Console, lang: Lang) -> None:
    """What is calculated from the entries, after the statement of completeness."""
    print_completeness(report.completeness, console, lang)
    for section in (
        _print_energy,
        print_conventions,
        _print_inventory,
        _print_scope_2,
        print_scope_3,
        print_profiles,
        print_intensities,
        _print_outside_total,
        print_registers,
        print_measures,
        print_savings,
        print_environment,
        print_target_overview,
        print_history,
        print_uncertainty,
        _print_changes,
        print_rebuilt,
        print_reconstructions,
        print_relations,
        print_network,
        print_policies,
        _print_editions,
    ):
        if report.completeness.energy_alone and section in _OF_EMISSIONS:
            continue
        section(report, console, lang)


def _print_energy(report: Report, console: Console, lang: Lang) -> None:
    """The energy table, with the printed figures if there are any."""
    section_title(console, word("energy_title", lang))
    rows = report.energy_rows(lang)
    coal = any("standard_coal_tce" in row for row in rows)
    printed = any(row["printed_gj"] for row in rows)
    keys = ["class", "carrier", "entity", "unit", "amount", "energy_gj", "energy_mwh", "energy_tce"]
    keys += (["standard_coal_tce"] if coal else []) + ["share"] + (["printed_gj", "verdict"] if printed else [])
    table = text_table([word(key, lang) for key in keys], range(4, len(keys) - (1 if printed else 0)))
    for row in rows:
        cells = [
            str(row["class"]),
            str(row["carrier"]),
            str(row["entity"]),
            str(row["unit"]),
            amount_text(row["amount"]),
        ]
        cells += [number(row["energy_gj"], 2), number(row["energy_mwh"], 2), number(row["energy_tce"], 2)]
        cells += [number(row["standard_coal_tce"], 2)] if coal else []
        cells += [f"{number(row['share_percent'], 2)} %"]
        cells += [row["printed_gj"] or "", word(row["verdict"], lang) if row["verdict"] else ""] if printed else []
        table.add_row(*cells, style="" if row["level"] == "row" else "bold")
    console.print(table)
    share = number(report.inventory.renewable_share() * 100, 2)
    console.print(plain_text(headed(word("renewable_share", lang), f"{share} %", lang)))
    claimed = report.renewable_share_with_attributes
    if claimed is not None:
        console.print(plain_text(headed(word("renewable_share_claimed", lang), f"{number(claimed * 100, 2)} %", lang)))


def _print_inventory(report: Report, console: Console, lang: Lang) -> None:
    """Gross emissions by scope and gas."""
    section_title(console, word("inventory_title", lang))
    inventory = report.inventory
    table = text_table([word("scope", lang), word("emissions", lang)], [1])
    for row in inventory.by("scope").to_dict("records"):
        if row["scope"] == "no scope" and not row["emissions_tco2e"]:
            continue
        table.add_row(with_gap(word(row["scope"], lang), row, lang), number(row["emissions_tco2e"], 4))
    table.add_row(
        word(report.completeness.sum_label, lang),
        number(float(inventory.total_location_based().magnitude), 4),
        style="bold",
    )
    console.print(table)
    gases = inventory.by("gas").to_dict("records")
    printed = [(str(row["gas"]), number(row["tonnes"], 4)) for row in gases]
    parts = [f"{_gas_name(gas, lang)} {tonnes} t" for gas, tonnes in printed if tonnes != "-0.0000"]
    listing = word("sentence", lang, text=headed(word("gas", lang), listed(parts, lang), lang))
    note = word("method_note", lang, gwp=inventory.gwp.edition)
    console.print(plain_text(word("two_sentences", lang, first=listing, second=note)))
    quality = data_quality_line(report, lang)
    if quality:
        console.print(plain_text(quality))


def _gas_name(gas: str, lang: Lang) -> str:
    """A gas as it is written in every language, or what stands among the gases and is none, in words."""
    return word(gas, lang) if has_label(gas) else gas


def _print_scope_2(report: Report, console: Console, lang: Lang) -> None:
    """Scope 2 by both methods, every MWh with its level."""
    result = report.scope_2
    if result is None:
        return
    section_title(console, word("scope_2_title", lang))
    table = text_table([word(key, lang) for key in ("market", "level", "what", "mwh", "rate", "emissions")], [3, 4, 5])
    for level in result.levels:
        numbers = [number(level.mwh, 2), number(level.t_per_mwh, 4), number(level.tco2e, 4)]
        table.add_row(level.market, str(level.level), translated(level.what, lang), *numbers)
    console.print(table)
    values = {
        "location": number(result.location_based_tco2e, 4),
        "market": number(result.market_based_tco2e, 4),
        "renewable": number(result.renewable_mwh, 2),
        "surplus": number(result.surplus_mwh, 2),
    }
    console.print(plain_text(word("scope_2_text", lang, **values)))
    part = report.completeness.is_part
    prefix = "calculated_" if part else "total_"
    totals = {
        key.removeprefix(prefix).removesuffix("_tco2e"): number(value, 4)
        for key, value in report.totals().items()
        if key.startswith(prefix)
    }
    console.print(plain_text(word("totals_text_of_part" if part else "totals_text", lang, **totals)))


def _print_outside_total(report: Report, console: Console, lang: Lang) -> None:
    """Biogenic CO2, gases other than the seven of the Kyoto Protocol, and avoided emissions: outside the total."""
    biogenic = float(report.inventory.biogenic_co2().magnitude)
    if biogenic:
        console.print()
        console.print(plain_text(word("biogenic_text", lang, tonnes=number(biogenic, 4))))
    for gas in report.inventory.other_gases().to_dict("records"):
        values = {"gas": str(gas["gas"]), "kilograms": number(gas["tonnes"] * conversion_factor("t", "kg"), 3)}
        outside = number(gas["outside_total_tco2e"], 4)
        console.print(plain_text(word("other_gas_text", lang, **values, gwp=f"{gas['gwp']:g}", outside=outside)))
    item = report.avoided
    if item is None:
        return
    section_title(console, word("register_title", lang))
    values = {
        "energy": amount_text(item.energy_mwh),
        "factor": str(decimal_of(item.factor_t_per_mwh).normalize()),
        "avoided": number(item.avoided_tco2, 4),
        "method": word(item.method, lang),
        "region": item.region,
    }
    console.print(plain_text(word("register_text", lang, **values)))


def _print_changes(report: Report, console: Console, lang: Lang) -> None:
    """Print the comparison with the previous year."""
    if not report.changes:
        return
    company = report.settings["company"]
    years = {"previous": str(company["compare_year"]), "current": str(company["reporting_year"])}
    if report.compared_with:
        console.print()
        console.print(plain_text(word("compared_with", lang, state=report.compared_with.text(lang))))
    if report.previous is not None and not report.previous.complete:
        console.print()
        console.print(plain_text(word("picture_previous_incomplete", lang, year=years["previous"]), style="red"))
    for axis, changes in report.changes.items():
        title = word("changes_title", lang, **years)
        section_title(console, f"{title}{bracketed(word(f'by_{axis}', lang), lang)}")
        console.print(_change_table(changes, report, lang))


def _change_table(changes: pd.DataFrame, report: Report, lang: Lang) -> Table:
    """The table of one comparison."""
    keys = [name for name in changes.columns[: changes.columns.get_loc("status")] if (changes[name] != "").any()]
    measured = [
        (measure, part) for measure in ("energy_gj", "emissions") for part in ("previous", "current", "change", "%")
    ]
    headings = [word(key if key in {"scope", "entity", "site", "source"} else "carrier", lang) for key in keys]
    headings += [
        f"{word(measure, lang)}\n{word('change_percent' if part == '%' else part, lang)}" for measure, part in measured
    ]
    table = text_table([*headings, word("status", lang)], range(len(keys), len(headings)))
    names = {**{name: item.label(lang) for name, item in taxonomy().items()}, **report.entity_names[lang]}
    whole = word(report.completeness.sum_label, lang)
    for row in changes.to_dict("records"):
        last = row[keys[0]] == "total"
        cells = [whole if row[key] == "total" else _label_in_change(str(row[key]), names, lang) for key in keys]
        for measure in ("energy_gj", "emissions_tco2e"):
            cells += [number(row[f"{measure}_{part}"], 2) for part in ("previous", "current", "change")]
            cells.append(change_text(row[f"{measure}_change_percent"], row[f"{measure}_convention"], lang))
        table.add_row(*cells, "" if last else word(row["status"], lang), style="bold" if last else "")
    return table


def _label_in_change(name: str, names: dict[str, str], lang: Lang) -> str:
    """The label of an activity, company or scope."""
    if name.startswith(("scope", "no scope")):
        return word(name, lang)
    return names.get(name, name)


def _print_editions(report: Report, console: Console, lang: Lang) -> None:
    """The editions of factors used."""
    section_title(console, word("factors_title", lang))
    table = text_table([word(key, lang) for key in ("edition", "publisher", "document", "published", "edition_status")])
    editions = report.editions(lang)
    for row in editions:
        cells: list[Any] = [
            edition_label(row["edition"]).text(lang),
            row["publisher"],
            row["document"],
            row["date_published"] or "–",
            word(f"edition_{row['status']}", lang),
        ]
        table.add_row(*cells)
    console.print(table)
    partial = [headed(row["edition"], row["partial"], lang) for row in editions if row["partial"]]
    if partial:
        console.print(plain_text(headed(word("partial_editions", lang), listed(partial, lang, semicolons=True), lang)))
    for attribution in sorted({row["attribution"] for row in editions if row["attribution"]}):
        console.print(plain_text(attribution))


def print_findings(findings: Iterable[Finding], console: Console, lang: Lang, reading: Label | None = None) -> None:
    """Print what was read, then findings, each with its place and remedy; many of one cause as one with its rows."""
    if reading:
        console.print(plain_text(reading.text(lang)))
    groups = gathered(findings)
    for group in groups:
        style = {"error": "red", "warning": "yellow"}.get(group.first.severity, "")
        console.print(plain_text(group.text(lang), style=style))
    if not groups:
        console.print(plain_text(word("no_findings", lang)))


# What a book of energy alone has nothing to say of.
_OF_EMISSIONS = frozenset({_print_inventory, _print_scope_2, print_profiles, print_scope_3})
