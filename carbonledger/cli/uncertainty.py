"""``carbonledger uncertainty``: how uncertain the emissions of a year are, why, and what to improve first."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import EntriesError

__all__ = ["uncertainty"]


class ApproachName(StrEnum):
    """The approaches of the IPCC guidelines."""

    one = "1"
    two = "2"
    both = "both"


_DrawsOption = Annotated[
    int | None,
    typer.Option(
        "--draws", min=1_000, max=1_000_000, help="Iterations of the simulation, in the place of those of the book."
    ),
]
_SeedOption = Annotated[
    int | None, typer.Option("--seed", min=0, help="Seed of its random numbers; the same seed gives the same figures.")
]
_ApproachOption = Annotated[
    ApproachName, typer.Option("--approach", help="1: error propagation; 2: Monte Carlo simulation; or both.")
]


# What the reading of the book says that bears upon the figures of this command.
_SAID_TOO = frozenset({"COMPARE_YEAR", "UNCERTAINTY_CELL"})


def uncertainty(
    book: BookArgument,
    draws: _DrawsOption = None,
    seed: _SeedOption = None,
    approach: _ApproachOption = ApproachName.both,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Show how uncertain the emissions of a year are, by scope and company, what contributes to it, and what to improve first.

    Limits come from the table `uncertainty` of book.toml, the column uncertainty of the entries, and the editions of factors.
    """
    from carbonledger.book.book import open_book

    try:
        year = open_book(book).reporting_year()
        assessment = year.assess_uncertainty(draws, seed, approach.value)
        trend = year.uncertain_change(assessment)
        statement = year.completeness.to_dict(lang.value)
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    # Why there is no change to the year before, and which limits of entries could not be used.
    unstated = [item for item in year.findings if item.rule in _SAID_TOO]
    code = 1 if any(item.severity == "error" for item in assessment.findings) else int(statement["exit_code"])
    if as_json:
        print_json(
            {
                **statement,
                "exit_code": code,
                "year": year.year,
                "uncertainty": assessment.to_dict(lang.value, trend),
                "findings": [finding.to_dict(lang.value) for finding in unstated],
            }
        )
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.text import print_findings
        from carbonledger.reporting.uncertainty_text import print_assessment, print_heading

        console = console_for()
        print_heading(year, console, lang.value)
        print_assessment(year, assessment, trend, console, lang.value)
        if assessment.findings or unstated:
            console.print()
            print_findings([*assessment.findings, *unstated], console, lang.value)
    raise typer.Exit(code)
