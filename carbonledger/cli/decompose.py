"""``carbonledger decompose``: why emissions changed between the years of books."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from carbonledger.cli.book_years import years_of
from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import EntriesError

__all__ = ["decompose"]


class Weights(StrEnum):
    """How the effects are weighted."""

    lmdi_i = "lmdi-i"
    lmdi_ii = "lmdi-ii"


_Books = Annotated[
    list[Path],
    typer.Argument(
        help="Books from the earliest year to the latest; one alone is compared with its compare_year.",
        show_default=False,
    ),
]
_DriverOption = Annotated[
    str,
    typer.Option("--driver", metavar="NAME", help="The [\\[driver]] of all years that measures activity, e.g. Output."),
]
_MethodOption = Annotated[Weights, typer.Option("--method", help="The weights of the effects.")]


def decompose(
    books: _Books,
    driver: _DriverOption = "",
    method: _MethodOption = Weights.lmdi_i,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Show why emissions changed: activity, intensity, structure, emission factors, boundary and method; the effects sum to the change."""
    from carbonledger.book.change_effects import chain_of, effects_over_years

    try:
        years = chain_of(years_of(books))
        steps = effects_over_years(years, driver, method.value)
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    from carbonledger.reporting.decompose_text import decompose_data, print_decomposition

    data = decompose_data(years, steps, lang.value)
    if as_json:
        print_json(data)
    else:
        from carbonledger.reporting.console import console_for

        print_decomposition(years, steps, console_for(), lang.value)
    raise typer.Exit(data["exit_code"])
