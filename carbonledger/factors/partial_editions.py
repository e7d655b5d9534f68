"""Editions that carry a part of their document: wherever such an edition is named, it is called partial.

What is carried and what is not is said in ``partial.csv`` beside the catalogue, the one place for it: a released edition never changes, but
it may be found later that something is missing. A statement of an edition holds for its corrections (``2024-r1``), one of a series for all
its editions.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache

from carbonledger.core.language import Label, bracketed
from carbonledger.factors.editions import factor_folder

__all__ = ["edition_label", "partial_statement"]

_CORRECTION = re.compile(r"-r[0-9.]+")


@cache
def _statements() -> Mapping[str, Label]:
    """What partial editions carry, by id or series."""
    text = (factor_folder() / "partial.csv").read_text(encoding="utf-8")
    return {row["edition"]: Label(row["words_en"], row["words_zh"]) for row in csv.DictReader(text.splitlines())}


def partial_statement(edition: str) -> Label | None:
    """What a partial edition carries of its document, and what it does not.

    Parameters
    ----------
    edition : str
        ``name@version``.

    Returns
    -------
    Label or None
        None if the edition is not known to be partial.

    Examples
    --------
    >>> partial_statement("sg-ema-grid@2024").en
    'the grid emission factor of 2024; no margins and no other year'
    >>> partial_statement("uk-desnz@2025")
    """
    name, _, version = edition.partition("@")
    for known in (edition, f"{name}@{_CORRECTION.sub('', version)}", name):
        if known in _statements():
            return _statements()[known]
    return None


def edition_label(edition: str) -> Label:
    """An edition by its id, with the word that it is partial.

    Parameters
    ----------
    edition : str
        ``name@version``.

    Returns
    -------
    Label

    Examples
    --------
    >>> edition_label("sg-ema-grid@2024"), edition_label("uk-desnz@2025").en
    (Label(en='sg-ema-grid@2024 (partial)', zh='sg-ema-grid@2024（节选）'), 'uk-desnz@2025')
    """
    if partial_statement(edition) is None:
        return Label(edition, edition)
    word = Label.of("edition_partial")
    return Label(edition + bracketed(word.en, "en"), edition + bracketed(word.zh, "zh"))
