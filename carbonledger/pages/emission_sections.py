"""Emissions on the page of a report: scopes, gases, companies, scope 2 by both methods, scope 3, registers, changes."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Lang, has_label, listed, translated, word
from carbonledger.core.rounding import decimal_of
from carbonledger.core.units import conversion_factor
from carbonledger.inventory.coefficients import BIOGENIC, PlanRow
from carbonledger.inventory.scope3_categories import category_of
from carbonledger.pages.derivations import EMISSIONS, Behind, Kind, Ledger, Measure, without_binary_rest
from carbonledger.pages.tables import Column, PageTable, Row, numbers, texts
from carbonledger.reporting.change_text import change_text
from carbonledger.reporting.console import amount_text, number
from carbonledger.reporting.report import Report
from carbonledger.reporting.wording import with_gap
from carbonledger.scope2.market_based import Level

__all__ = [
    "change_tables",
    "company_table",
    "gas_table",
    "level_kind",
    "register_table",
    "scope_2_table",
    "scope_3_table",
    "scope_table",
]

# How a record of an instrument is written down, and how it is said.
_RECORD = {
    r"(?P<file>.+), row (?P<rows>\d+)": "page_rows",
    r"(?P<first>\d+) to (?P<last>\d+)": "page_numbers",
    r"generated (?P<day>\d{4}\S*)": "page_day_generated",
    r"issued (?P<day>\d{4}\S*)": "page_day_issued",
    r"retired (?P<day>\d{4}\S*)": "page_day_retired",
}


def _emissions(lang: Lang) -> Column:
    """The column of t CO2e that opens down."""
    return Column(word("page_emissions", lang), word("page_co2e", lang), number=True, opens=True)


def scope_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable:
    """Gross emissions by scope, and their sum."""
    rows = []
    for row in report.inventory.by("scope").to_dict("records"):
        if row["scope"] == "no scope" and not row["emissions_tco2e"]:
            continue
        behind = ledger.behind(ledger.which(partial(_in_scope, row["scope"])), EMISSIONS, lang)
        rows.append(
            Row((with_gap(word(row["scope"], lang), row, lang), number(row["emissions_tco2e"], 2)), "row", behind)
        )
    total = number(float(report.inventory.total_location_based().magnitude), 2)
    rows.append(Row((word(report.completeness.sum_label, lang), total), "total", ledger.behind(None, EMISSIONS, lang)))
    return PageTable(word("page_scopes", lang), (*texts(word("scope", lang)), _emissions(lang)), tuple(rows))


def _in_scope(scope: str, row: PlanRow) -> bool:
    """Whether a plan row is of a scope."""
    return scope.startswith(f"scope {row.scope}" if row.scope else "no scope")


def gas_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable:
    """Tonnes and t CO2e of each gas."""
    columns = [
        *texts(word("gas", lang)),
        *numbers((word("page_mass", lang), word("page_tonnes", lang))),
        _emissions(lang),
    ]
    rows = []
    for row in report.inventory.by("gas").to_dict("records"):
        gas = str(row["gas"])
        cells = word(gas, lang) if has_label(gas) else gas, number(row["tonnes"], 4), number(row["emissions_tco2e"], 2)
        rows.append(Row(cells, "row", ledger.behind(None, Measure(gas=gas), lang)))
    note = word("page_gwp", lang, gwp=report.inventory.gwp.edition)
    return PageTable(word("page_gases", lang), tuple(columns), tuple(rows), (note,))


def company_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable | None:
    """Energy and emissions by company; None if there is but one."""
    view = report.inventory.by("entity").to_dict("records")
    if len(view) < 2:
        return None
    columns = [*texts(word("entity", lang)), *numbers((word("page_energy", lang), "GJ")), _emissions(lang)]
    names, rows = report.entity_names[lang], []
    for row in view:
        entity = "" if row["entity"] != row["entity"] else str(row["entity"] or "")
        name = names.get(entity, entity) or word("page_whole_company", lang)
        cells = with_gap(name, row, lang), number(row["energy_gj"], 2), number(row["emissions_tco2e"], 2)
        chosen = ledger.lines["entity"].fillna("") == entity
        rows.append(Row(cells, "row", ledger.behind(chosen, EMISSIONS, lang)))
    return PageTable(word("page_companies", lang), tuple(columns), tuple(rows))


def scope_2_table(report: Report, lang: Lang) -> PageTable | None:
    """Every MWh of market-based scope 2 with its level; None where the book keeps one method only."""
    result = report.scope_2
    if result is None:
        return None
    columns = [*texts(*(word(key, lang) for key in ("market", "level", "what")))]
    columns += numbers((word("page_energy", lang), "MWh"), (word("page_rate", lang), "t/MWh"))
    rows = []
    for level in result.levels:
        cells = level.market, str(level.level), translated(level.what, lang), number(level.mwh, 2)
        behind = Behind((level_kind(level, lang),))
        rows.append(Row((*cells, number(level.t_per_mwh, 4), number(level.tco2e, 2)), "row", behind))
    values = {"renewable": number(result.renewable_mwh, 2), "surplus": number(result.surplus_mwh, 2)}
    return PageTable(
        word("page_levels", lang),
        (*columns, _emissions(lang)),
        tuple(rows),
        (word("page_levels_note", lang, **values),),
    )


def level_kind(level: Level, lang: Lang) -> Kind:
    """The derivation of a level."""
    formula = f"{_plain(level.mwh)} MWh × {_plain(level.t_per_mwh)} t CO2e/MWh"
    shown = word("page_formula", lang, quantity="CO2e", formula=formula, result=f"{number(level.tco2e, 4)} t CO2e")
    source = _source_of_rate(level.source, lang) if level.source else word("page_no_rate", lang)
    return Kind(0, translated(level.what, lang), "", "", (shown,), (source,))


def _source_of_rate(text: str, lang: Lang) -> str:
    """Where the rate of a level comes from: a factor, a record of an instrument, or what was divided by what."""
    if has_label(text):
        return word(text, lang)
    return listed((_part_of_record(part, lang) for part in text.split("; ")), lang, semicolons=True)


def _part_of_record(part: str, lang: Lang) -> str:
    """A part of an instrument's record in words; names stay."""
    for pattern, key in _RECORD.items():
        found = re.fullmatch(pattern, part)
        if found:
            return word(key, lang, **found.groupdict())
    return part


def _plain(value: float) -> str:
    """A number in a formula."""
    return f"{decimal_of(without_binary_rest(value)):f}" if math.isfinite(value) else "–"


def scope_3_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable | None:
    """The fifteen categories, each calculated or explained; None if the book states and calculates none."""
    matrix = report.scope_3.get(lang)
    if matrix is None or (matrix["status"] == "not_stated").all():
        return None
    columns = [*texts(word("category", lang), word("status_of", lang)), _emissions(lang)]
    columns += texts(word("methods", lang), word("reason", lang))
    rows = []
    for row in matrix.to_dict("records"):
        label = f"{row['category']} {row['label']}" if row["category"] else word("not_stated", lang)
        emissions = number(row["emissions_tco2e"], 2) if row["lines"] else ""
        cells = label, word(row["status"], lang), emissions, translated(row["methods"], lang), row["reason"]
        chosen = ledger.which(partial(_in_category, int(row["category"])))
        behind = ledger.behind(chosen, EMISSIONS, lang) if row["lines"] else None
        rows.append(Row(cells, "row", behind))
    return PageTable(word("scope_3_title", lang), tuple(columns), tuple(rows))


def _in_category(category: int, row: PlanRow) -> bool:
    """Whether a plan row is of a category of scope 3."""
    return row.scope == 3 and category_of(row.activity, row.key.scope_3_category) == category


def register_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable | None:
    """What is reported beside the inventory and deducted from nothing; None if there is nothing of the kind."""
    rows = [*_avoided(report, lang), *_biogenic(report, ledger, lang)]
    for gas in report.inventory.other_gases().to_dict("records"):
        name = f"{gas['gas']}, {amount_text(gas['tonnes'] * conversion_factor('t', 'kg'))} kg, GWP {gas['gwp']:g}"
        behind = ledger.behind(None, Measure(gas=str(gas["gas"])), lang)
        rows.append(Row((name, number(gas["outside_total_tco2e"], 2), word("page_other_gas", lang)), "row", behind))
    for item in report.registers:
        name = " · ".join(filter(None, (word(item.kind, lang), item.scheme, item.vintage)))
        rows.append(Row((name, number(item.tco2e, 2), item.evidence), "row", Behind((), remarks=_remarks(item))))
    if not rows:
        return None
    columns = *texts(word("page_register", lang)), _emissions(lang), *texts(word("page_basis", lang))
    return PageTable(word("page_registers", lang), columns, tuple(rows))


def _remarks(item: Any) -> tuple[str, ...]:
    """What a register says of one entry."""
    return tuple(filter(None, (item.evidence, item.note)))


def _avoided(report: Report, lang: Lang) -> list[Row]:
    """Avoided emissions of own generation."""
    item = report.avoided
    if item is None:
        return []
    result = f"{number(item.avoided_tco2, 4)} t CO2"
    formula = f"{_plain(item.energy_mwh)} MWh × {_plain(item.factor_t_per_mwh)} t CO2/MWh"
    shown = word("page_formula", lang, quantity=word("page_avoided", lang), formula=formula, result=result)
    factors = tuple(f"{step.factor.reference} = {step.value_text}" for step in item.steps if step.factor)
    title = taxonomy()[item.activity].label(lang)
    kinds = Behind((Kind(0, title, "", "", (shown,), factors),))
    basis = f"{word(item.method, lang)} · {item.region}"
    name = word("page_avoided_of", lang, activity=title)
    return [Row((name, number(item.avoided_tco2, 2), basis), "row", kinds)]


def _biogenic(report: Report, ledger: Ledger, lang: Lang) -> list[Row]:
    """CO2 of biomass."""
    tonnes = float(report.inventory.biogenic_co2().magnitude)
    if not tonnes:
        return []
    behind = ledger.behind(None, Measure(gas=BIOGENIC), lang)
    return [Row((word("page_biogenic", lang), number(tonnes, 2), word("page_outside_scopes", lang)), "row", behind)]


def change_tables(report: Report, lang: Lang) -> list[PageTable]:
    """This year against the last by scope and by activity; none without a year to compare with."""
    company = report.settings["company"]
    years = str(company["compare_year"]), str(company["reporting_year"])
    return [_change_table(report, axis, years, lang) for axis in ("scope", "activity") if axis in report.changes]


def _change_table(report: Report, axis: str, years: tuple[str, str], lang: Lang) -> PageTable:
    """The comparison along one axis."""
    heads = [*years, word("change_percent", lang)]
    columns = texts(word("scope" if axis == "scope" else "page_activity", lang))
    columns += [
        Column(head, unit, number=True)
        for unit, end in (("GJ", "%"), (word("page_co2e", lang), "%"))
        for head, unit in zip(heads, (unit, unit, end), strict=True)
    ]
    rows = []
    for row in report.changes[axis].to_dict("records"):
        absent = {"new": "previous", "ended": "current"}.get(str(row["status"]))
        cells = [_axis_label(report, str(row[axis]), lang)]
        for measure in ("energy_gj", "emissions_tco2e"):
            # What a year does not have is missing there; the comparison takes it as 0.
            values = ((part, row[f"{measure}_{part}"]) for part in ("previous", "current"))
            cells += [number(None if part == absent else value, 2) for part, value in values]
            cells.append(change_text(row[f"{measure}_change_percent"], row[f"{measure}_convention"], lang))
        cells[0] += f" · {word(row['status'], lang)}" if absent else ""
        rows.append(Row(tuple(cells), "total" if row[axis] == "total" else "row"))
    return PageTable(word(f"page_changes_{axis}", lang), tuple(columns), tuple(rows))


def _axis_label(report: Report, name: str, lang: Lang) -> str:
    """A scope, an activity, or the total, in words."""
    if name == "total":
        return word(report.completeness.sum_label, lang)
    if name.startswith(("scope", "no scope")):
        return word(name, lang)
    known = taxonomy().get(name)
    return known.label(lang) if known else name
