"""How wide a text is when printed, and where a line of it may end, in Latin and Chinese letters."""

from __future__ import annotations

from carbonledger.core.language import printable

__all__ = ["FIRST_WIDE_LETTER", "broken", "printed_width"]

# From here on, letters are as wide as they are high: Chinese, its punctuation, full-width forms.
FIRST_WIDE_LETTER = "\u2e80"
# What stands at the end of a line rather than at the beginning of the next.
_CLOSING = "，。；：、）”%"


def printed_width(text: str) -> int:
    """How wide a text is, in Latin letters; a Chinese one counts as two.

    Examples
    --------
    >>> printed_width("GJ"), printed_width("电力")
    (2, 4)
    """
    return sum(2 if letter >= FIRST_WIDE_LETTER else 1 for letter in text)


def broken(text: str, widest: int) -> str:
    r"""A text with line feeds, no line wider than some Latin letters where it has a place to break.

    Examples
    --------
    >>> broken("solar electricity", 10)
    'solar\nelectricity'
    """
    lines, line = [], ""
    for part in _pieces(printable(text)):
        if line and printed_width(line + part.rstrip()) > widest:
            lines.append(line.rstrip())
            line = ""
        line += part
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str) -> list[str]:
    """A text cut where a line may end: after a blank, and after every Chinese letter that no closing mark follows."""
    pieces, piece = [], ""
    for letter, following in zip(text, [*text[1:], ""], strict=True):
        piece += letter
        if letter == " " or (letter >= FIRST_WIDE_LETTER and following not in _CLOSING):
            pieces.append(piece)
            piece = ""
    return [*pieces, piece]
