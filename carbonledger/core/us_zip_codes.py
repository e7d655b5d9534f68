"""ZIP codes of the United States and the subregions of the grid in which they lie.

Someone in the United States knows a ZIP code, hardly ever an eGRID subregion. The list is that of the EPA's Power Profiler
(``us_zip_subregions.csv``): for the first three digits, the last two of the ZIP codes that lie in a subregion. A ZIP code that utilities
of several subregions serve names them all; there is no table from states to subregions, because their borders do not agree.

References
----------
US EPA, Power Profiler, eGRID2023 revision 2 (June 2025).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

__all__ = ["states_and_subregions", "subregions_of_zip"]


@cache
def _rows() -> tuple[dict[str, str], ...]:
    """The rows of the file."""
    text = resources.files("carbonledger.core").joinpath("us_zip_subregions.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _numbers(text: str) -> Iterator[str]:
    """The last two digits that a cell such as ``01-03 07`` holds."""
    for piece in text.split():
        first, _, last = piece.partition("-")
        yield from (f"{number:02d}" for number in range(int(first), int(last or first) + 1))


def _codes(cell: str) -> tuple[str, ...]:
    """The codes of a cell of subregions."""
    return tuple(f"US-EGRID-{name}" for name in cell.split(";"))


@cache
def _subregions() -> Mapping[str, tuple[str, ...]]:
    """Every ZIP code with its subregions."""
    return {
        row["first_three"] + last: _codes(row["subregions"]) for row in _rows() for last in _numbers(row["last_two"])
    }


def subregions_of_zip(zip_code: str) -> tuple[str, ...]:
    """The eGRID subregions in which a ZIP code lies.

    Parameters
    ----------
    zip_code : str
        Five digits.

    Returns
    -------
    tuple of str
        Codes of regions; several if it lies in several, none if the list does not have it.

    Examples
    --------
    >>> subregions_of_zip("90210"), subregions_of_zip("11001"), subregions_of_zip("00000")
    (('US-EGRID-CAMX',), ('US-EGRID-NYCW', 'US-EGRID-NYLI'), ())
    """
    return _subregions().get(zip_code, ())


@cache
def states_and_subregions() -> frozenset[tuple[str, str]]:
    """The pairs of a state and a subregion that share a ZIP code, e.g. ``("US-CA", "US-EGRID-CAMX")``."""
    return frozenset((f"US-{row['state']}", code) for row in _rows() for code in _codes(row["subregions"]))
