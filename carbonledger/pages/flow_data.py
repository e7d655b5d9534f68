"""What the picture of the energy flow shows: carriers, the companies that use them, and what they are used as [GJ].

Every flow goes through all three columns, so that what reaches a node leaves it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import EXPORTED_ELECTRICITY, EXPORTED_FROM_FUEL, EXPORTED_HEAT
from carbonledger.core.language import Lang, headed, listed, word
from carbonledger.pages.picture_groups import grouped
from carbonledger.pages.picture_records import Bar, PictureData, said_of
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Flow", "FlowData", "energy_flow", "energy_flows", "flow_data"]

COLUMNS = ("carrier", "company", "use")
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Flow:
    """Energy that goes from a carrier through a company to a use.

    Parameters
    ----------
    carrier, company, use : str
        The nodes, in words.
    kind : str
        What decides the colour of the use: ``renewable``, ``non_renewable``, ``exported``.
    energy_gj : float
        How much, more than 0 [GJ].
    """

    carrier: str
    company: str
    use: str
    kind: str
    energy_gj: float


@dataclass(frozen=True, slots=True)
class FlowData(PictureData):
    """The picture of an energy flow before it is drawn; its bars are the nodes, column by column, the largest first.

    Parameters
    ----------
    flows : tuple of Flow
        Between the nodes as they are drawn: what is grouped is one flow.
    """

    flows: tuple[Flow, ...] = ()


def energy_flow(report: Report, lang: Lang) -> FlowData | None:
    """The energy of a report's companies: the energy table, and beside it what own generation feeds into the grid.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        The language of its words.

    Returns
    -------
    FlowData or None
        None for a single flow, which a picture only repeats.
    """
    year = str(report.settings["company"]["reporting_year"])
    sold = {activity: _exported(report, (activity,)) for activity in (EXPORTED_FROM_FUEL, EXPORTED_HEAT)}
    from_fuel = math.fsum(math.fsum(amounts.values()) for amounts in sold.values())
    notes = (word("flow_from_fuel", lang, energy=number(from_fuel, _DECIMALS)),) if from_fuel else ()
    title = word("picture_energy_flow", lang, year=year)
    data = flow_data(energy_flows(report, lang), lang, title, cautions=said_of(report, lang), notes=notes)
    return data if len(data.flows) > 1 else None


def energy_flows(report: Report, lang: Lang) -> pd.DataFrame:
    """The flows of a report, a row for each carrier and company.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        The language of the names.

    Returns
    -------
    pandas.DataFrame
        ``carrier``, ``company``, ``use``, ``kind``, ``energy_gj`` [GJ], not a number without a calorific value. Without
        the rows whose kind is ``exported`` it sums to the energy table.
    """
    import pandas as pd

    ids = report.inventory.energy_table("id")
    rows = [
        {
            "carrier": str(row["carrier"]),
            "company": str(row["entity"]) or word("flow_no_company", lang),
            "use": str(row["class"]),
            "kind": str(kind),
            "energy_gj": float(row["energy_gj"]),
        }
        for row, kind in zip(report.energy_rows(lang), ids["class"], strict=True)
        if row["level"] == "row"
    ]
    names = report.entity_names[lang]
    rows += [
        {
            "carrier": word("flow_own_generation", lang),
            "company": names.get(company, company) or word("flow_no_company", lang),
            "use": word("flow_exported", lang),
            "kind": "exported",
            "energy_gj": energy,
        }
        for company, energy in _exported(report, (EXPORTED_ELECTRICITY,)).items()
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS, "kind", "energy_gj"])


def _exported(report: Report, activities: Sequence[str]) -> dict[str, float]:
    """What each company gave away of some activities of the register [GJ]."""
    lines = report.lines
    chosen = lines[lines["activity"].isin(activities)]
    companies = chosen["entity"].fillna("") if "entity" in chosen else chosen["activity"].map(lambda _: "")
    return {
        str(name): float(energy) for name, energy in chosen["energy_gj"].groupby(companies, sort=False).sum().items()
    }


def flow_data(
    frame: pd.DataFrame, lang: Lang, title: str, *, cautions: Iterable[str] = (), notes: Iterable[str] = ()
) -> FlowData:
    """The picture of any energy flow.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``carrier``, ``company``, ``use`` in words, ``energy_gj`` [GJ], and ``kind`` if uses are to be told apart by colour:
        ``renewable``, ``non_renewable``, ``exported``.
    lang : {"en", "zh"}
        The language of its words.
    title : str
        What is shown, of which year.
    cautions, notes : iterable of str
        See `PictureData`.

    Returns
    -------
    FlowData
        Of each column at most eight nodes: the smallest are one that says how many it stands for. What is missing or
        negative cannot be drawn and is named among the cautions; what is 0 is not drawn.
    """
    rows = frame.assign(kind=frame.get("kind", "current")).to_dict("records")
    drawn = [row for row in rows if math.isfinite(row["energy_gj"]) and row["energy_gj"] > 0]
    names = {column: grouped(_sums(drawn, column), lang) for column in COLUMNS}
    kinds = {names["use"][row["use"]]: str(row["kind"]) for row in drawn}
    flows: dict[tuple[str, str, str], float] = {}
    for row in drawn:
        key = (names["carrier"][row["carrier"]], names["company"][row["company"]], names["use"][row["use"]])
        flows[key] = flows.get(key, 0.0) + float(row["energy_gj"])
    found = tuple(Flow(*key, kinds[key[2]], energy) for key, energy in flows.items())
    bars = tuple(bar for column in COLUMNS for bar in _nodes(found, column, names[column], lang))
    said = (*cautions, *_not_drawn(rows, lang))
    return FlowData("energy_flow", lang, title, word("energy_gj", lang), bars, said, tuple(notes), found)


def _sums(rows: Iterable[Mapping[Any, Any]], column: str) -> dict[str, float]:
    """What goes through each node of a column [GJ]."""
    sums: dict[str, float] = {}
    for row in rows:
        sums[row[column]] = sums.get(row[column], 0.0) + float(row["energy_gj"])
    return sums


def _nodes(flows: Sequence[Flow], column: str, names: Mapping[str, str], lang: Lang) -> Iterable[Bar]:
    """The nodes of a column, in order."""
    series = word(f"flow_{column}", lang)
    for name in dict.fromkeys(names.values()):
        through = [flow for flow in flows if getattr(flow, column) == name]
        energy = math.fsum(flow.energy_gj for flow in through)
        kind = through[0].kind if column == "use" else column
        yield Bar(name, kind, energy, f"{number(energy, _DECIMALS)} GJ", series)


def _not_drawn(rows: Iterable[Mapping[Any, Any]], lang: Lang) -> Iterable[str]:
    """What no band can show: energy that is missing, and energy below 0."""
    missing = [str(row["carrier"]) for row in rows if not math.isfinite(row["energy_gj"])]
    if missing:
        yield word("flow_missing", lang, names=listed(dict.fromkeys(missing), lang))
    below = [
        headed(str(row["carrier"]), f"{number(row['energy_gj'], _DECIMALS)} GJ", lang)
        for row in rows
        if math.isfinite(row["energy_gj"]) and row["energy_gj"] < 0
    ]
    if below:
        yield word("flow_negative", lang, names=listed(below, lang, semicolons=True))
