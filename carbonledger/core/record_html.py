"""A record as a notebook shows it: a title, sentences and small tables, with no script and no colour of its own."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from html import escape

from carbonledger.core.language import Lang, printable

__all__ = ["figure_text", "record_html", "table_html"]

_MISSING = "–"
_DIGITS = 4
_TINY = 1e-6


def _text(text: str) -> str:
    """A text that may be anybody's, as HTML."""
    return escape(printable(text))


def figure_text(value: float | None) -> str:
    """A number with two decimals, below 1 with four digits, far below with a power of ten; a dash where there is none.

    Examples
    --------
    >>> figure_text(2497.3318), figure_text(0.00123456), figure_text(float("nan"))
    ('2,497.33', '0.001235', '–')
    """
    if value is None or not math.isfinite(value):
        return _MISSING
    if 0 < abs(value) < _TINY:
        return f"{value:.{_DIGITS - 1}e}"
    decimals = 2 if abs(value) >= 1 or not value else _DIGITS - 1 - math.floor(math.log10(abs(value)))
    return f"{value:,.{decimals}f}"


def record_html(lang: Lang, title: str, sentences: Iterable[str] = (), *tables: str) -> str:
    """A record as HTML.

    Parameters
    ----------
    lang : {"en", "zh"}
        The language of its words.
    title : str
        What it is.
    sentences : iterable of str
        What must be said before any figure: what is missing, what is in doubt.
    *tables : str
        See `table_html`.

    Returns
    -------
    str

    Examples
    --------
    >>> record_html("en", "A <b>", ["Complete"])
    '<div lang="en"><p><strong>A &lt;b&gt;</strong></p><p>Complete</p></div>'
    """
    said = "".join(f"<p>{_text(sentence)}</p>" for sentence in sentences)
    return f'<div lang="{lang}"><p><strong>{_text(title)}</strong></p>{said}{"".join(tables)}</div>'


def table_html(headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = ()) -> str:
    """A table as HTML.

    Parameters
    ----------
    headings : sequence of str
        Of the columns; none gives a table without a head.
    rows : iterable of sequence of str
        The cells as printed.
    numbers : collection of int
        The positions of columns of numbers, which stand at the right.

    Returns
    -------
    str
    """

    def row_of(tag: str, cells: Sequence[str]) -> str:
        sides = ("right" if at in numbers else "left" for at in range(len(cells)))
        return "".join(
            f'<{tag} style="text-align:{side}">{_text(cell)}</{tag}>' for side, cell in zip(sides, cells, strict=True)
        )

    head = f"<thead><tr>{row_of('th', headings)}</tr></thead>" if headings else ""
    body = "".join(f"<tr>{row_of('td', cells)}</tr>" for cells in rows)
    return f"<table>{head}<tbody>{body}</tbody></table>"
