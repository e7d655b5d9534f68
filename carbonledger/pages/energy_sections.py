"""Energy on the page of a report: the table as the company publishes it, carriers, months and intensities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, Lang, word
from carbonledger.core.periods import Period, months_of
from carbonledger.inventory.inventory import Inventory
from carbonledger.pages.derivations import EMISSIONS, ENERGY, Ledger
from carbonledger.pages.picture_data import LONGEST_MONTHLY_DAYS
from carbonledger.pages.tables import Column, PageTable, Row, numbers, texts
from carbonledger.reporting.console import amount_text, number
from carbonledger.reporting.report import Report
from carbonledger.reporting.wording import with_gap

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["activity_table", "energy_table", "intensity_table", "month_table", "share_lines"]


def energy_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable:
    """The energy table in the published form: carrier and company, amount, GJ, MWh, tce, share, and what was printed.

    Parameters
    ----------
    report : Report
        Of a book.
    ledger : Ledger
        Its lines.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    PageTable
    """
    rows = report.energy_rows(lang)
    coal = any("standard_coal_tce" in row for row in rows)
    printed = any(row["printed_gj"] for row in rows)
    columns = [*texts(word("carrier", lang), word("entity", lang)), *numbers((word("amount", lang), ""))]
    columns += [*texts(word("unit", lang)), Column(word("page_energy", lang), "GJ", number=True, opens=True)]
    columns += numbers((word("page_energy", lang), "MWh"), (word("page_energy", lang), "tce"))
    columns += numbers((word("page_coal", lang), "tce")) if coal else []
    columns += numbers((word("share", lang), "%"))
    columns += [*numbers((word("page_printed", lang), "GJ")), *texts(word("verdict", lang))] if printed else []
    classes = {row["activity"]: row["class"] for row in rows if row["level"] == "row"}
    table_rows = []
    for row in rows:
        cells = [_carrier(row, lang), str(row["entity"]), amount_text(row["amount"]), str(row["unit"])]
        measures = ("energy_gj", "energy_mwh", "energy_tce", *(("standard_coal_tce",) if coal else ()), "share_percent")
        cells += [number(row[name], 2) for name in measures]
        cells += [row["printed_gj"] or "", word(row["verdict"], lang) if row["verdict"] else ""] if printed else []
        behind = ledger.behind(_lines_of(ledger, row, classes), ENERGY, lang)
        table_rows.append(Row(tuple(cells), row["level"], behind))
    notes = [] if len(rows) > 1 else [word("page_no_energy", lang)]
    return PageTable(
        word("energy_title", lang), tuple(columns), tuple(table_rows), (*notes, *share_lines(report, lang))
    )


def _carrier(row: dict[str, Any], lang: Lang) -> str:
    """What a row is called; a subtotal with its class."""
    if row["level"] == "subtotal":
        return word("page_subtotal", lang, name=str(row["class"]))
    return str(row["carrier"])


def _lines_of(ledger: Ledger, row: dict[str, Any], classes: dict[str, str]) -> Any:
    """The lines of a row of the energy table; of all for the total."""
    if row["level"] == "total":
        return None
    if row["level"] == "subtotal":
        return ledger.of_activities({name for name, kind in classes.items() if kind == row["class"]})
    return ledger.of_activities({row["activity"]}) & (ledger.lines["entity"].fillna("") == row["entity_id"])


def share_lines(report: Report, lang: Lang) -> tuple[str, ...]:
    """The share of renewable energy, by physics and by what may be claimed; no line where there is no energy."""
    pairs = [
        ("page_renewable", report.inventory.renewable_share()),
        ("page_renewable_claimed", report.renewable_share_with_attributes),
    ]
    return tuple(
        word(key, lang, share=number(value * 100, 2)) for key, value in pairs if value is not None and value == value
    )


def activity_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable:
    """Energy and emissions by activity, the largest emissions first."""
    view = report.inventory.by("activity").sort_values("emissions_tco2e", ascending=False, kind="stable")
    columns = [*texts(word("page_activity", lang)), *numbers((word("page_energy", lang), "GJ"))]
    columns += [Column(word("page_emissions", lang), word("page_co2e", lang), number=True, opens=True)]
    rows = []
    for row in view.to_dict("records"):
        energy = number(row["energy_gj"], 2) if row["energy_gj"] else ""
        name = with_gap(taxonomy()[row["activity"]].label(lang), row, lang)
        cells = name, energy, number(row["emissions_tco2e"], 2)
        chosen = ledger.of_activities({row["activity"]})
        rows.append(Row(cells, "row", ledger.behind(chosen, EMISSIONS, lang)))
    return PageTable(word("page_by_activity", lang), tuple(columns), tuple(rows))


def month_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable | None:
    """Energy and emissions by month; what covers more than a month stands in a row of its own and is not spread.

    Returns
    -------
    PageTable or None
        None if no entry lies within a month.
    """
    months = [str(month) for month in months_of(Period.of_year(report.year, report.first_month))]
    inventory = report.inventory
    view = inventory.remembered("by month of the first day", lambda: _by_month(inventory))
    if not set(view.index) - {""}:
        return None
    columns = [*texts(word("page_month", lang)), *numbers((word("page_energy", lang), "GJ"))]
    columns += [Column(word("page_emissions", lang), word("page_co2e", lang), number=True, opens=True)]
    others = sorted(set(view.index) - {*months, ""})
    period, rows = inventory.remembered("months of the lines", lambda: _dated(ledger.lines)["period"]), []
    for month in [*months, *others, *([""] if "" in view.index else [])]:
        name = month or word("page_longer", lang)
        if month not in view.index:
            rows.append(Row((name, "–", "–")))
            continue
        row = view.loc[month].to_dict()
        cells = (with_gap(name, row, lang), *(number(row[column], 2) for column in ("energy_gj", "emissions_tco2e")))
        rows.append(Row(cells, "row", ledger.behind(period == month, EMISSIONS, lang)))
    notes = (word("page_months_note", lang),) if "" in view.index else ()
    return PageTable(word("page_months", lang), tuple(columns), tuple(rows), notes)


def _by_month(inventory: Inventory) -> pd.DataFrame:
    """Energy and emissions by the month of the first day."""
    beside = inventory.unpriced and replace(inventory.unpriced, lines=_dated(inventory.unpriced.lines))
    return replace(inventory, lines=_dated(inventory.lines), unpriced=beside).by("period").set_index("period")


def _dated(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines with their month."""
    return lines.assign(period=[_month_of(*days) for days in zip(lines["start"], lines["end"], strict=True)])


def _month_of(start: Any, end: Any) -> str:
    """The month of an entry's first day, as the picture of the months has it; empty if the entry is longer than a month."""
    first, last = (getattr(day, "date", lambda day=day: day)() for day in (start, end))
    return f"{first:%Y-%m}" if (last - first).days <= LONGEST_MONTHLY_DAYS else ""


def intensity_table(report: Report, lang: Lang) -> PageTable | None:
    """Emissions and energy per driver; None if the book states no driver."""
    if not report.intensities:
        return None
    market = any(item.market_based_tco2e_per_unit is not None for item in report.intensities)
    keys = ["emissions_per_unit", *(["market_based_per_unit"] if market else []), "energy_per_unit"]
    columns = [*texts(word("driver", lang)), *numbers((word("amount", lang), "")), *texts(word("unit", lang))]
    columns += [*texts(word("numerator", lang)), *numbers(*((word(key, lang), "") for key in keys))]
    rows = [Row(tuple(_intensity_cells(item, lang, market=market))) for item in report.intensities]
    return PageTable(word("intensities_title", lang), tuple(columns), tuple(rows))


def _intensity_cells(item: Any, lang: Lang, *, market: bool) -> Iterator[str]:
    """The cells of one intensity."""
    driver = item.driver
    yield Label(driver.name_en, driver.name_zh).text(lang)
    yield amount_text(driver.amount)
    yield driver.unit
    yield " + ".join(word(part, lang) for part in item.scopes.split(" + "))
    yield number(item.location_based_tco2e_per_unit, 6)
    if market:
        yield number(item.market_based_tco2e_per_unit, 6)
    yield number(item.gj_per_unit, 6)
