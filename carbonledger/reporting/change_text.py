"""A change in per cent as it is printed: in every table of two years, by one convention."""

from __future__ import annotations

from collections.abc import Iterable

from carbonledger.core.language import Lang, word
from carbonledger.reporting.console import number

__all__ = ["change_text", "convention_notes"]

_DECIMALS = 2
_EXPLAINED = ("new", "over_1000", "absolute_only", "missing", "no_total", "other_period", "other_approach")


def change_text(percent: float, convention: str, lang: Lang, *, signed: bool = False) -> str:
    """A percentage, or the word that stands in its place.

    Parameters
    ----------
    percent : float
        From `carbonledger.core.relative_change.relative_change`.
    convention : str
        That of the same change.
    lang : {"en", "zh"}
        In which language.
    signed : bool
        Whether it stands in a sentence: with a plus sign for an increase, and the sign of per cent.

    Returns
    -------
    str
        Two decimals; the word for what is new; a dash where there is no percentage. A percentage beyond 1 000 % has a dagger.

    Examples
    --------
    >>> change_text(-14.44, "percent", "en"), change_text(float("nan"), "new", "en"), change_text(1250.0, "over_1000", "en")
    ('-14.44', 'new', '1,250.00†')
    """
    if convention == "new":
        return word("new", lang)
    text = number(percent, _DECIMALS)
    if signed and percent == percent:
        text = f"{'+' if percent > 0 else ''}{text} %"
    return f"{text}{word('beyond_1000', lang)}" if convention == "over_1000" else text


def convention_notes(conventions: Iterable[str], lang: Lang) -> list[str]:
    """What the words and dashes among some percentages mean, each once."""
    met = set(conventions)
    return [word(f"convention_{name}", lang) for name in _EXPLAINED if name in met]
