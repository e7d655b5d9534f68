"""Tables of a page: headings with their unit, cells as printed texts, and what stands behind each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from carbonledger.pages.derivations import Behind

__all__ = ["Column", "PageTable", "Row", "numbers", "texts"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    heading : str
        In the language of the page.
    unit : str
        Printed under the heading; empty for texts.
    number : bool
        Whether its cells are numbers, which stand at the right.
    opens : bool
        Whether its figures open down to their lines.
    """

    heading: str
    unit: str = ""
    number: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Parameters
    ----------
    cells : tuple of str
        As printed.
    level : str
        ``row``, ``subtotal``, ``total`` or ``bad``.
    behind : Behind or None
        The lines behind the figure of the column that opens.
    """

    cells: tuple[str, ...]
    level: str = "row"
    behind: Behind | None = None


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table with its title and what is to be said below it.

    Parameters
    ----------
    title : str
        What it shows.
    columns : tuple of Column
        The first one names the rows.
    rows : tuple of Row
        In order.
    notes : tuple of str
        Sentences below the table.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())


def texts(*headings: str) -> list[Column]:
    """Columns of texts."""
    return [Column(heading) for heading in headings]


def numbers(*columns: Sequence[str]) -> list[Column]:
    """Columns of numbers, each a heading and its unit."""
    return [Column(heading, unit, number=True) for heading, unit in columns]
