"""``carbonledger report`` into files: what a company hands out, instead of text in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.core.language import Lang, printable

if TYPE_CHECKING:
    from carbonledger.book.year import ReportingYear

__all__ = ["DocxOption", "ForceOption", "HtmlOption", "XlsxOption", "write_outputs"]

DocxOption = Annotated[
    Path | None,
    typer.Option(
        "--docx", help="Write a Word document with the tables and pictures instead of printing; needs the extra report."
    ),
]
HtmlOption = Annotated[
    Path | None,
    typer.Option("--html", help="Write one page in both languages instead of printing; needs the extra report."),
]

XlsxOption = Annotated[
    Path | None,
    typer.Option(
        "--xlsx", help="Write a workbook with live formulas, down to factors and sources.", show_default=False
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace whatever file is there.")]


def write_outputs(report: ReportingYear, lang: Lang, *, as_json: bool, replace: bool, **files: Path | None) -> bool:
    """Write the files that were asked for, each whole or not at all, and print their names.

    Parameters
    ----------
    report : ReportingYear
        Of a book.
    lang : {"en", "zh"}
        The language of the run.
    as_json : bool
        Whether standard output is for JSON alone, so that the names go to standard error.
    replace : bool
        Whether a workbook replaces whatever file is there.
    **files : Path or None
        Where to write it, by what it is written as: ``docx``, ``html``, ``xlsx``.

    Returns
    -------
    bool
        Whether anything was written.
    """
    writers: Mapping[str, Callable[..., object]] = {
        "docx": report.to_docx,
        "html": report.to_html,
        "xlsx": partial(report.to_excel, replace=replace),
    }
    wanted = {form: path for form, path in files.items() if path is not None}
    for form, path in wanted.items():
        writers[form](path, lang=lang)
        (sys.stderr if as_json else sys.stdout).write(f"{printable(str(path))}\n")
    return bool(wanted)
