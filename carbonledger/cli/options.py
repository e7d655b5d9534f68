"""What several commands have in common: their options, the language of the run, and how findings are shown and end a run."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from carbonledger.cli.factors import print_json
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang

__all__ = [
    "BookArgument",
    "JsonOption",
    "LangOption",
    "Language",
    "StrictOption",
    "finish",
    "run_language",
    "show_findings",
]


class Language(StrEnum):
    """The language of labels."""

    en = "en"
    zh = "zh"


# The language of the run, for what is said after a command has ended.
_RUN: dict[str, Lang] = {"lang": "en"}


def run_language() -> Lang:
    """The language of the run."""
    return _RUN["lang"]


def _remembered(lang: Language) -> Language:
    """The language of the run, kept for messages."""
    _RUN["lang"] = lang.value
    return lang


BookArgument = Annotated[Path, typer.Argument(help="A book: a folder with a book.toml.", show_default=False)]
LangOption = Annotated[Language, typer.Option("--lang", help="Language of all texts.", callback=_remembered)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print plain data as JSON.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Count warnings and notes as findings too.")]


def finish(findings: Iterable[Finding], *, strict: bool) -> None:
    """Exit with 1 if there is something to act on."""
    if any(finding.severity == "error" or strict for finding in findings):
        raise typer.Exit(1)


def show_findings(findings: list[Finding], lang: Language, *, as_json: bool, reading: Label | None = None) -> None:
    """What was read and the findings as text, or the findings as JSON."""
    if as_json:
        print_json([finding.to_dict(lang.value) for finding in findings])
        return
    from carbonledger.reporting.console import console_for
    from carbonledger.reporting.text import print_findings

    print_findings(findings, console_for(), lang.value, reading)
