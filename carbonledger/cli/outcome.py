"""How findings are shown, and with which exit code they end a run."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import Language
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label

__all__ = ["finish", "show_findings"]


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
