"""The inventory of files of readings as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from carbonledger.activity_data.entry_headings import field_label
from carbonledger.core.language import Lang, word
from carbonledger.inventory.inventory import Inventory
from carbonledger.reporting.console import number, plain_text, text_table
from carbonledger.reporting.inventory_text import print_completeness

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["print_cube"]


def print_cube(
    inventory: Inventory[pd.DataFrame], axes: Sequence[str], readings: int, console: Console, lang: Lang
) -> None:
    """Emissions along some axes, with energy where there is one axis, and their sum under the name that it deserves.

    Parameters
    ----------
    inventory : Inventory
        Of the sums.
    axes : sequence of str
        Of the table.
    readings : int
        Rows of the files.
    console : Console
        Where to.
    lang : {"en", "zh"}
        The language of the labels.
    """
    statement = inventory.completeness
    console.print(plain_text(word("calculate_title", lang, rows=f"{readings:,}", lines=f"{len(inventory.lines):,}")))
    print_completeness(statement, console, lang)
    view = inventory.by(axes[0]) if len(axes) == 1 else inventory.view(*axes)
    measures = [name for name in view.columns if name not in axes]
    heads = {"energy_gj": "GJ", "emissions_tco2e": "t CO2e", "tonnes": "t"}
    table = text_table(
        [*(_axis_label(axis, lang) for axis in axes), *(heads.get(name, name) for name in measures)],
        range(len(axes), len(view.columns)),
    )
    for row in view.to_dict("records"):
        table.add_row(*(str(row[axis]) for axis in axes), *(number(row[name], 4) for name in measures))
    total = number(inventory.total_location_based().magnitude, 4)
    label = word(statement.sum_label, lang)
    table.add_row(label, *[""] * (len(view.columns) - 2), total)
    console.print(table)


def _axis_label(axis: str, lang: Lang) -> str:
    """What an axis is called."""
    return word("scope", lang) if axis == "scope" else field_label(axis).text(lang)
