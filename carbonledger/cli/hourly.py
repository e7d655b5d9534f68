"""``carbonledger hourly``: electricity by factors that change in time, beside the inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import EntriesError

__all__ = ["hourly"]


def hourly(
    readings: Annotated[Path, typer.Argument(help="Readings of meters: CSV, workbook or Parquet.", show_default=False)],
    factors: Annotated[Path, typer.Option(help="Factors that change in time.", show_default=False)],
    zone: Annotated[str, typer.Option(help="Zone of the clock of both, such as Asia/Shanghai.", show_default=False)],
    annual: Annotated[Path | None, typer.Option(help="Annual averages to compare with.", show_default=False)] = None,
    region: Annotated[str, typer.Option(help="Region of rows that name none.")] = "",
    unit: Annotated[str, typer.Option(help="Unit of readings that name none.")] = "",
    factor_unit: Annotated[str, typer.Option(help="Unit of factors that name none, such as 'g CO2e/kWh'.")] = "",
    step: Annotated[str, typer.Option(help="How long a reading is, such as '15 minutes', if no column says so.")] = "",
    spread: Annotated[
        bool, typer.Option("--spread-evenly", help="Spread long readings evenly over their time.")
    ] = False,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Show electricity by factors of the hour or month beside the annual average; no figure enters an inventory."""
    from carbonledger.time_resolved import hourly_emissions, read_factor_series
    from carbonledger.time_resolved.reading_files import readings_of_file

    try:
        series = read_factor_series(factors, zone=zone, region=region, unit=factor_unit)
        yearly = read_factor_series(annual, zone=zone, region=region, unit=factor_unit, step="year") if annual else None
        with readings_of_file(readings) as frame:
            found = hourly_emissions(
                frame,
                series,
                annual=yearly,
                region=region,
                unit=unit,
                step=step,
                spread="even" if spread else "",
                name=readings.name,
            )
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    if as_json:
        print_json(found.to_dict(lang.value))
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.hourly_text import print_hourly

        print_hourly(found, console_for(), lang.value)
    raise typer.Exit(0 if found.is_complete else 1)
