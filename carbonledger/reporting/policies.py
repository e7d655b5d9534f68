"""The policies of a book: what a standard leaves open, what the book chose, and why the default is what it is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

__all__ = ["policy_rows"]


@cache
def _policies() -> tuple[Mapping[str, str], ...]:
    """The table that lies beside the settings."""
    text = resources.files("carbonledger.reporting").joinpath("policies.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def policy_rows(
    settings: Mapping[str, Any], lang: str, stated: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Every policy with what the book chose.

    Parameters
    ----------
    settings : mapping
        The book's settings as plain data.
    lang : {"en", "zh"}
        The language of question and reason.
    stated : mapping, optional
        Only what the book's file says itself; without it, everything counts as stated.

    Returns
    -------
    list of dict
        ``policy``, ``question``, ``chosen``, ``stated`` (whether the book says so itself), ``default``, ``reason``.
    """
    said = settings if stated is None else stated
    return [
        {
            "policy": row["policy"],
            "question": row[f"question_{lang}"],
            "chosen": _chosen(settings, row["setting"]) or row["default"],
            "stated": bool(_chosen(said, row["setting"])),
            "default": row["default"],
            "reason": row[f"reason_{lang}"],
        }
        for row in _policies()
    ]


def _chosen(settings: Mapping[str, Any], path: str) -> str:
    """The value of a setting as text; empty if it is not set, or no setting decides."""
    value: Any = settings
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)
