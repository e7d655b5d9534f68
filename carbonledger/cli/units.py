"""``carbonledger units``: the units that are known, and what a text means."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.core.language import Lang, word

__all__ = ["RegionOption", "TextArgument", "convert_unit", "known_units", "show_units"]

_TARGETS = (
    "kg", "t", "lb", "kWh", "MWh", "GJ", "tce", "toe", "MMBtu", "L", "m3", "US_gallon", "Nm3", "Sm3", "scf", "m", "km", "mi", "m2", "kW",
    "kPa", "bar", "t_km", "passenger_km", "kg CO2e", "t CO2e", "kg CO2", "t CO2",
)  # fmt: skip
TextArgument = Annotated[str, typer.Argument(help="A unit to explain; without it all units are listed.")]
RegionOption = Annotated[str, typer.Option("--region", help="Region that settles an ambiguous unit, e.g. US or GB.")]


def known_units() -> list[dict[str, Any]]:
    """Every unit with its dimension and spellings."""
    from carbonledger.core.unit_registry import registry_symbols
    from carbonledger.core.units import dimension_of

    spellings: dict[str, list[str]] = {}
    for name, symbol in registry_symbols().items():
        spellings.setdefault(symbol, []).append(name)
    rows = [
        {"dimension": dimension_of(symbol), "unit": symbol, "spellings": names}
        for symbol, names in spellings.items()
        if symbol != "C"
    ]
    return sorted(rows, key=lambda row: str(row["dimension"]))


def convert_unit(text: str, region: str) -> dict[str, Any]:
    """What a text means, and one of it in other units of its dimension.

    Raises
    ------
    UnknownUnitError
        If it is no unit, or several.
    """
    from carbonledger.core.units import canonical_unit, conversion_factor, dimension_of, is_convertible

    unit = canonical_unit(text, region)
    sizes = {target: conversion_factor(unit, target) for target in _TARGETS if is_convertible(unit, target)}
    return {"text": text, "unit": unit, "dimension": dimension_of(unit), "equals": sizes}


def show_units(text: str, region: str, lang: Lang, *, as_json: bool) -> None:
    """Print the known units, or what one text means."""
    found = convert_unit(text, region) if text else known_units()
    if as_json:
        print_json(found)
        return
    from rich.text import Text

    from carbonledger.core.units import dimension_label
    from carbonledger.reporting.console import console_for, text_table

    if isinstance(found, dict):
        table = text_table([word("unit_one", lang), word("unit_dimension", lang), word("unit_equals", lang)])
        sizes = [f"{size:.10g} {target}" for target, size in found["equals"].items()] or ["–"]
        for number, size in enumerate(sizes):
            named = (f"1 {found['unit']}", dimension_label(found["dimension"]).text(lang)) if not number else ("", "")
            table.add_row(*map(Text, named), size)
    else:
        table = text_table([word("unit_dimension", lang), word("unit_one", lang), word("unit_spellings", lang)])
        for row in found:
            spellings = ", ".join(name for name in row["spellings"] if name != row["unit"])
            # Pint's own name of a dimension has brackets, which are no markup.
            table.add_row(Text(dimension_label(row["dimension"]).text(lang)), row["unit"], spellings)
    console_for().print(table)
