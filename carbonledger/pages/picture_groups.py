"""Which series a picture draws by name and which it draws as one, so that every label has room."""

from __future__ import annotations

from collections.abc import Mapping

from carbonledger.core.language import Lang, printable, word
from carbonledger.pages.line_breaks import broken

__all__ = ["MOST_NAMES", "fitted", "grouped", "width_in_letters"]

# As many as there are colours in `picture_style.SERIES`.
MOST_NAMES = 7
# A capital is wider than the letter that widths are reckoned in: Arial's are about 0.68 of the size, a digit is 0.56.
_CAPITAL = 1.25


def grouped(amounts: Mapping[str, float], lang: Lang, most: int = MOST_NAMES) -> dict[str, str]:
    """Under which name each series is drawn: the largest under their own, the others together under one that says how many.

    Parameters
    ----------
    amounts : mapping of str to float
        How much each series has, all in one unit.
    lang : {"en", "zh"}
        The language of the common name.
    most : int
        How many names there may be besides the common one.

    Returns
    -------
    dict of str to str
        The largest first. A group is of two or more.

    Examples
    --------
    >>> grouped({"a": 5.0, "b": 1.0, "c": 2.0, "d": 9.0}, "en", most=2)
    {'d': 'd', 'a': 'a', 'c': 'Other (2)', 'b': 'Other (2)'}
    >>> grouped({"a": 5.0, "b": 1.0, "c": 2.0}, "en", most=2)
    {'a': 'a', 'c': 'Other (2)', 'b': 'Other (2)'}
    """
    names = sorted(amounts, key=lambda name: -abs(amounts[name]))
    if len(names) <= most:
        return {name: name for name in names}
    kept = min(most, len(names) - 2)
    rest = word("picture_other", lang, count=str(len(names) - kept))
    return {name: name if place < kept else rest for place, name in enumerate(names)}


def width_in_letters(text: str) -> float:
    """How wide a text is at most, in average Latin letters; a capital is reckoned wider, a Chinese letter as two.

    Examples
    --------
    >>> width_in_letters("gas"), width_in_letters("天然气")
    (3.0, 6.0)
    """
    return sum(2.0 if letter >= "\u2e80" else _CAPITAL if letter.isupper() else 1.0 for letter in text)


def fitted(text: str, widest: int) -> list[str]:
    """A text as lines of which none is wider than some letters; a word that is wider is cut.

    Examples
    --------
    >>> fitted("Purchased electricity", 12)
    ['Purchased', 'electricity']
    >>> fitted("aaaaaaaaaa", 4)
    ['aaaa', 'aaaa', 'aa']
    """
    lines = []
    for line in broken(printable(text), widest).split("\n"):
        rest = line
        while width_in_letters(rest) > widest:
            end = max(end for end in range(1, len(rest)) if end == 1 or width_in_letters(rest[:end]) <= widest)
            lines.append(rest[:end])
            rest = rest[end:]
        lines.append(rest)
    return lines
