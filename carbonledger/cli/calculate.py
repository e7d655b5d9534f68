"""``carbonledger calculate``: files of readings, however large, to energy and emissions, and to their lines."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import JsonOption, LangOption, Language
from carbonledger.cli.outcome import finish, show_findings
from carbonledger.core.errors import EntriesError
from carbonledger.core.language import Lang, printable, word

if TYPE_CHECKING:
    from carbonledger.readings.bulk import Calculated

__all__ = ["calculate"]


class Engine(StrEnum):
    """Which goes through the rows."""

    duckdb = "duckdb"
    polars = "polars"
    spark = "spark"


_FilesArgument = Annotated[
    list[str],
    typer.Argument(
        help="Files of Parquet or CSV, folders, or patterns such as 'meters/*.parquet'.", show_default=False
    ),
]
_FactorsOption = Annotated[
    list[str], typer.Option("--factors", help="An edition of factors to use; repeatable.", show_default=False)
]
_GwpOption = Annotated[str, typer.Option("--gwp", help="The GWP set, e.g. ipcc-ar5@2013.", show_default=False)]
_StatedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--stated",
        metavar="FIELD=TEXT",
        help="What is the same for all rows and in no column, e.g. activity=electricity.grid or unit=kWh; repeatable.",
    ),
]
_StepOption = Annotated[str, typer.Option("--step", help="How long a reading is if no column says when it ends.")]
_ZoneOption = Annotated[str, typer.Option("--zone", help="Whose months are meant if moments have a time zone.")]
_ByOption = Annotated[
    str, typer.Option("--by", help="The axes of the table, e.g. entity,site,month; any view of an inventory.")
]
_OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="Write each file again with the emissions of each row; a second run goes on."),
]
_EngineOption = Annotated[
    Engine, typer.Option("--engine", help="Which engine goes through the rows; with spark also the name of a table.")
]
_MemoryOption = Annotated[str, typer.Option("--memory", help="What the engine may take, e.g. 2GB.")]


def calculate(
    files: _FilesArgument,
    factors: _FactorsOption,
    gwp: _GwpOption,
    stated: _StatedOption = None,
    step: _StepOption = "",
    zone: _ZoneOption = "",
    by: _ByOption = "scope",
    out: _OutOption = None,
    memory: _MemoryOption = "",
    engine: _EngineOption = Engine.duckdb,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Calculate files of readings larger than memory: energy and emissions by some axes, and the lines of each file."""
    from carbonledger.audit.of_inventory import audited
    from carbonledger.factors.pinned import load_factors
    from carbonledger.readings.bulk import calculate_readings
    from carbonledger.readings.entries import Said
    from carbonledger.reporting.console import shown_progress

    said = Said(", ".join(files), _texts(stated or []), step, zone)
    try:
        pinned = load_factors(*factors)
        with shown_progress(word("calculate_percent", lang.value)) as watch:
            result = calculate_readings(
                files, pinned, said, gwp=gwp, out=out, memory=memory, engine=engine.value, watch=watch
            )
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    result = replace(result, inventory=audited(result.inventory))
    axes = [name.strip() for name in by.split(",") if name.strip()]
    if as_json:
        print_json(_data(result, axes, lang.value))
    else:
        _print(result, axes, lang.value)
    finish(result.inventory.findings, strict=False)


def _texts(stated: list[str]) -> dict[str, str]:
    """The texts of the options, by field."""
    from carbonledger.readings.columns import TEXTS

    pairs = [item.partition("=") for item in stated]
    wrong = next((field for field, sign, _ in pairs if not sign or field not in TEXTS), None)
    if wrong is not None:
        raise typer.BadParameter(f"{wrong!r}: FIELD=TEXT, the field one of {', '.join(TEXTS)}", param_hint="--stated")
    return {field: text for field, _, text in pairs}


def _data(result: Calculated, axes: list[str], lang: Lang) -> dict[str, Any]:
    """The result as plain data."""
    from carbonledger.readings.doubts import named_few

    inventory = result.inventory
    written = result.written
    return {
        **inventory.completeness.to_dict(lang),
        "readings": result.readings,
        "by": axes,
        "rows": inventory.view(*axes).to_dict("records"),
        "energy_gj": inventory.total_energy().magnitude,
        "emissions_tco2e": inventory.total_location_based().magnitude,
        "lines": None
        if written is None
        else {"folder": written.folder, "written": written.written, "kept": written.kept, "rows": written.rows},
        "findings": [finding.to_dict(lang) for finding in named_few(inventory.findings)],
    }


def _print(result: Calculated, axes: list[str], lang: Lang) -> None:
    """The result as text."""
    from carbonledger.readings.doubts import named_few
    from carbonledger.reporting.bulk_text import print_cube
    from carbonledger.reporting.console import console_for
    from carbonledger.reporting.text import print_findings

    console = console_for()
    print_cube(result.inventory, axes, result.readings, console, lang)
    print_findings(named_few(result.inventory.findings), console, lang)
    written = result.written
    if written is not None:
        counts = {name: f"{getattr(written, name):,}" for name in ("rows", "written", "kept")}
        sys.stdout.write(f"{printable(word('calculate_lines', lang, folder=written.folder, **counts))}\n")
