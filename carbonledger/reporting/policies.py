"""The policies of a book: what the standards leave open, what the book chose, and the reason of the default."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from carbonledger.core.language import Label, Lang
from carbonledger.factors.partial_editions import edition_label

__all__ = ["policy_rows"]


@cache
def _policy_table() -> tuple[Mapping[str, str], ...]:
    """The rows of ``policies.csv``."""
    text = resources.files("carbonledger.reporting").joinpath("policies.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def policy_rows(
    settings: Mapping[str, Any], lang: Lang, stated: Mapping[str, Any] | None = None
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
    own = settings if stated is None else stated
    return [
        {
            "policy": row["policy"],
            "question": _policy_text(row, "question", lang),
            "chosen": _setting_text(settings, row["setting"], lang) or _policy_text(row, "default", lang),
            "stated": bool(_setting_text(own, row["setting"], lang)),
            "default": _policy_text(row, "default", lang),
            "reason": _policy_text(row, "reason", lang),
        }
        for row in _policy_table()
    ]


def _policy_text(row: Mapping[str, str], column: str, lang: Lang) -> str:
    """A text of the table in a language."""
    return Label(row[f"{column}_en"], row[f"{column}_zh"]).text(lang)


def _setting_text(settings: Mapping[str, Any], path: str, lang: Lang) -> str:
    """The value of a setting as text, editions as they are called; empty if it is not set, or no setting decides."""
    value: Any = settings
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, list | tuple):
        return ", ".join(edition_label(str(item)).text(lang) for item in value)
    return "" if value is None else str(value)
