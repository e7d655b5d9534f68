"""What came of refreshing an edition, as text: rows, reasons, checks, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carbonledger.reporting.console import plain_text

if TYPE_CHECKING:
    from rich.console import Console

    from carbonledger.publishers.checks import Check
    from carbonledger.publishers.sealing import Refresh

__all__ = ["print_refresh", "refresh_data"]

_SHOWN = 12


def refresh_data(result: Refresh) -> dict[str, Any]:
    """The outcome as plain data.

    Parameters
    ----------
    result : Refresh
        As :func:`~carbonledger.publishers.sealing.refresh_edition` gives it.

    Returns
    -------
    dict
    """
    refreshed = result.refreshed
    return {
        "rows_in": refreshed.rows_in,
        "rows_out": len(refreshed.rows),
        "left_out": refreshed.reasons,
        "new": [row.cells["factor_id"] for row in refreshed.new],
        "gone": [factor.factor_id for factor in refreshed.gone],
        "renamed": len(refreshed.renamed),
        "checks": [
            {"check": check.name, "outcome": _outcome(result, check.name), "counts": dict(check.counts)}
            for check in result.checks
        ],
        "findings": [finding.to_dict() for finding in result.findings],
        "sealed_in": None if result.place is None else str(result.place),
    }


def print_refresh(result: Refresh, console: Console) -> None:
    """Print what came of refreshing an edition.

    Parameters
    ----------
    result : Refresh
        As :func:`~carbonledger.publishers.sealing.refresh_edition` gives it.
    console : Console
        Where to.
    """
    refreshed = result.refreshed
    lines = [f"{refreshed.rows_in:,} rows in, {len(refreshed.rows):,} rows out, {len(refreshed.left_out):,} left out"]
    lines += [f"  {count:,}  {reason}" for reason, count in refreshed.reasons.items()]
    names = {
        "new": [row.name for row in refreshed.new],
        "gone": [f"{factor.publisher_path or factor.activity} {factor.unit}" for factor in refreshed.gone],
        "renamed": [f"{row.joined.same.publisher_path} → {row.name}" for row in refreshed.renamed if row.joined.same],
    }
    for kind, texts in names.items():
        lines += [f"{len(texts):,} {kind} against {refreshed.previous.id}", *(f"  {text}" for text in texts[:_SHOWN])]
        lines += [f"  and {len(texts) - _SHOWN:,} more"] if len(texts) > _SHOWN else []
    lines += [line for check in result.checks for line in _check_lines(result, check)]
    for line in lines:
        console.print(plain_text(line))


def _check_lines(result: Refresh, check: Check) -> list[str]:
    """A check with its counts, and what was accepted about it."""
    outcome = _outcome(result, check.name)
    line = f"{outcome:<9} {check.name:<15} {_counted(check.counts)}"
    return [line, f"          {check.failure.message}"] if check.failure and outcome == "accepted" else [line]


def _outcome(result: Refresh, name: str) -> str:
    """What became of a check."""
    failed = {check.name for check in result.checks if check.failure is not None}
    return "ok" if name not in failed else "accepted" if name in result.accepted else "failed"


def _counted(counts: Mapping[str, int]) -> str:
    """Counts as a list."""
    return ", ".join(f"{count:,} {what}" for what, count in counts.items())
