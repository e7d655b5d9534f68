"""The outputs that a closing keeps: each a way to draw a report into a file, in both languages.

Another output is one more row of `OUTPUTS`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from carbonledger.core.language import Lang
from carbonledger.reporting.console import console_into
from carbonledger.reporting.json_text import json_text
from carbonledger.reporting.report import Report
from carbonledger.reporting.text import print_report

__all__ = ["OUTPUTS", "OutputWriter", "drawn_outputs", "output_name"]

_LANGUAGES: tuple[Lang, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class OutputWriter:
    """A way to draw a report into a file.

    Parameters
    ----------
    kind : str
        What follows the language in the name of the file: ``report.en.txt`` is of the kind ``txt``.
    draw : callable
        The content of the file for a report and a language.
    reproducible : bool
        Whether one report gives the same bytes each time; a workbook that holds the time it was written does not.
    """

    kind: str
    draw: Callable[[Report, Lang], str | bytes]
    reproducible: bool = True


def _report_text(report: Report, lang: Lang) -> str:
    """What ``carbonledger report`` prints into a pipe."""
    stream = io.StringIO()
    print_report(report, console_into(stream), lang)
    return stream.getvalue()


def _report_json(report: Report, lang: Lang) -> str:
    """What ``carbonledger report --json`` prints."""
    return json_text(report.to_dict(lang))


OUTPUTS: tuple[OutputWriter, ...] = (OutputWriter("txt", _report_text), OutputWriter("json", _report_json))


def output_name(kind: str, lang: Lang) -> str:
    """The name of the file of an output."""
    return f"report.{lang}.{kind}"


def drawn_outputs(report: Report, *, reproducible: bool = False) -> Iterator[tuple[str, bytes]]:
    """Every output of a report.

    Parameters
    ----------
    report : Report
        What to draw.
    reproducible : bool
        Whether to draw only those that give the same bytes each time.

    Yields
    ------
    tuple of (str, bytes)
        The name of the file, and its content.
    """
    for writer in OUTPUTS:
        if writer.reproducible or not reproducible:
            for lang in _LANGUAGES:
                content = writer.draw(report, lang)
                yield (
                    output_name(writer.kind, lang),
                    content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content,
                )
