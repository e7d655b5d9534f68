"""``carbonledger --version``: the version, and how many editions of factors came with it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from carbonledger.core.language import Lang, word

__all__ = ["version"]

_LANGUAGES: tuple[Lang, ...] = ("en", "zh")


def _print_version(wanted: bool) -> None:
    """Print both languages, as no command has said which, and end the run."""
    if not wanted:
        return
    from importlib.metadata import version as installed_version

    from carbonledger.factors.editions import catalogue

    values = {"version": installed_version("carbonledger"), "count": str(len(catalogue()))}
    sys.stdout.writelines(f"{word('version_line', lang, **values)}\n" for lang in _LANGUAGES)
    raise typer.Exit


VersionOption = Annotated[
    bool,
    typer.Option(
        "--version",
        help="Print the version and how many editions of factors it has.",
        callback=_print_version,
        is_eager=True,
    ),
]


def version(wanted: VersionOption = False) -> None:
    """Corporate carbon and energy accounting: activity data to GJ and t CO2e, each number explained."""
