"""Which series a picture draws by name and which it draws as one, so that every label has room."""

from __future__ import annotations

from collections.abc import Mapping

from carbonledger.core.language import Lang, word
from carbonledger.pages.line_breaks import FIRST_WIDE_LETTER, broken
from carbonledger.pages.picture_style import LETTER_SIZE, letters_in

__all__ = ["MOST_NAMES", "fitted", "grouped", "text_width"]

# As many as there are colours in `picture_style.SERIES`.
MOST_NAMES = 7
_WIDTHS = {"fijlrtI.,:;!'|()[]-/ ": 0.333, "mwMW%@": 1.015}


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


def text_width(text: str) -> float:
    """How wide a text of a picture is at most [pixels].

    Notes
    -----
    By classes of letters, each as wide as its widest in Helvetica, whose widths Arial has too (Adobe Core 14 AFM, thousandths of
    the size): 333, 556, 778 and 1015; a Chinese letter is as wide as high.

    Examples
    --------
    >>> round(text_width("gas"), 1), round(text_width("天然气"), 1)
    (18.3, 33.0)
    """
    return LETTER_SIZE * sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    """The width of a letter as a part of the size."""
    if letter >= FIRST_WIDE_LETTER:
        return 1.0
    found = next((width for letters, width in _WIDTHS.items() if letter in letters), None)
    return found or (0.778 if letter.isupper() else 0.556)


def fitted(text: str, widest: float) -> list[str]:
    """A text as lines of which none is wider than some pixels; a word that is wider is cut.

    Examples
    --------
    >>> fitted("Purchased electricity", 70)
    ['Purchased', 'electricity']
    >>> fitted("aaaaaaaaaa", 25)
    ['aaaa', 'aaaa', 'aa']
    """
    lines = []
    for line in broken(text, letters_in(widest)).split("\n"):
        rest = line
        while text_width(rest) > widest and len(rest) > 1:
            end = max(end for end in range(1, len(rest)) if end == 1 or text_width(rest[:end].rstrip()) <= widest)
            blank = rest.rfind(" ", 1, end + 1)
            end = blank if blank > 0 else end
            lines.append(rest[:end].rstrip())
            rest = rest[end:].lstrip()
        lines.append(rest)
    return lines
