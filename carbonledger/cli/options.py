"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from carbonledger.core.language import Lang

__all__ = ["BookArgument", "JsonOption", "LangOption", "Language", "StrictOption", "run_language"]


class Language(StrEnum):
    """The language of labels."""

    en = "en"
    zh = "zh"


BookArgument = Annotated[Path, typer.Argument(help="A book: a folder with a book.toml.", show_default=False)]
# The language of the run, for what is said after a command has ended.
_RUN: dict[str, Lang] = {"lang": "en"}


def _remembered(lang: Language) -> Language:
    """The language of the run, kept for messages."""
    _RUN["lang"] = lang.value
    return lang


def run_language() -> Lang:
    """The language of the run."""
    return _RUN["lang"]


LangOption = Annotated[Language, typer.Option("--lang", help="Language of all texts.", callback=_remembered)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print plain data as JSON.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Count warnings and notes as findings too.")]
