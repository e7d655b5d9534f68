"""Electricity by factors that change in time, as text."""

from __future__ import annotations

from rich.console import Console

from carbonledger.core.language import Lang, word
from carbonledger.reporting.console import number, plain_text, section_title, text_table
from carbonledger.reporting.text import print_findings
from carbonledger.time_resolved.time_emissions import TimeEmissions

__all__ = ["print_hourly"]

_VIEWS = ("source", "month", "hour")
_LONGEST = 24


def print_hourly(found: TimeEmissions, console: Console, lang: Lang) -> None:
    """Print the sum, the same readings at the annual average, the views and the findings.

    Parameters
    ----------
    found : TimeEmissions
        What was calculated.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    console.print(plain_text(word("hourly_title", lang), style="bold"))
    console.print(plain_text(word("hourly_beside", lang)))
    table = text_table(["", ""], right=[1])
    sum_label = "hourly_total" if found.is_complete else "hourly_part"
    rows = [
        ("hourly_energy", found.kwh, 2),
        ("hourly_refused", found.refused_kwh, 2),
        (sum_label, found.calculated_t, 4),
        ("hourly_average" if found.average_is_stated else "hourly_mean", found.average_t, 4),
        ("hourly_difference", found.difference_t, 4),
        ("hourly_weighted", found.weighted_factor, 4),
    ]
    for label, value, decimals in rows:
        table.add_row(word(label, lang, gas=found.gas), number(value, decimals))
    table.show_header = False
    console.print(table)
    for axis in _VIEWS:
        _print_view(found, axis, console, lang)
    section_title(console, word("findings_title", lang))
    print_findings(found.findings, console, lang)


def _print_view(found: TimeEmissions, axis: str, console: Console, lang: Lang) -> None:
    """Print the rows of one axis, of very many the largest."""
    view = found.pandas_by(axis)
    if len(view) > _LONGEST:
        view = view.nlargest(_LONGEST, "emissions_t")
    columns = ("kwh", "emissions_t", "average_t")
    names = (axis, *columns[:2], "average_t" if found.average_is_stated else "mean_t")
    headings = [word(f"hourly_{name}", lang, gas=found.gas) for name in names]
    table = text_table(headings, right=[1, 2, 3])
    for row in view.to_dict("records"):
        name = str(row[axis]) if axis != "month" else f"{row[axis] // 100}-{row[axis] % 100:02d}"
        table.add_row(name, number(row["kwh"], 2), number(row["emissions_t"], 4), number(row["average_t"], 4))
    console.print(table)
