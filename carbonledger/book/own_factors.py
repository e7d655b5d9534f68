"""Factors that stand in ``book.toml`` itself, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from carbonledger.book.settings import BookSettings
from carbonledger.core.errors import EditionError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.toml_file import TomlFile
from carbonledger.factors.stated_factors import stated_edition

__all__ = ["own_factor_faults", "own_factors"]


def own_factors(file: TomlFile, settings: BookSettings) -> list[dict[str, Any]]:
    """The factors under ``[[factors.own]]``.

    Parameters
    ----------
    file : TomlFile
        The ``book.toml``.
    settings : BookSettings
        Its content.

    Returns
    -------
    list of dict
        As `carbonledger.factors.stated_edition` takes them, each with the place where it is written.
    """
    return [
        {**item.model_dump(exclude_defaults=True), "place": _place(file, at)}
        for at, item in enumerate(settings.factors.own)
    ]


def _place(file: TomlFile, at: int) -> Label:
    """File and line of a factor."""
    line, name = file.line_of(("factors", "own", at)), file.path.name
    return Label(f"{name}, line {line}: factors.own[{at + 1}]", f"{name} 第 {line} 行：factors.own[{at + 1}]")


def own_factor_faults(file: TomlFile, settings: BookSettings) -> Iterator[Message]:
    """Everything for which a factor of the book cannot be used, with its line."""
    stated = own_factors(file, settings)
    try:
        if stated:
            stated_edition(stated, settings.factors.as_of)
    except EditionError as error:
        yield from (fault.says for fault in (error, *error.others) if fault.says)
