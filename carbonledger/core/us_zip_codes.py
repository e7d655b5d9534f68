"""ZIP codes of the United States and the subregions of the grid in which they lie.

Someone in the United States knows a ZIP code, hardly ever an eGRID subregion. The list is that of the EPA's Power Profiler
(``us_zip_subregions.csv``): for the first three digits, the last two of the ZIP codes that lie in a subregion. A ZIP code that utilities
of several subregions serve names them all.

Borders of states and subregions do not agree. A state has a main subregion only if one reaches nearly all of its ZIP codes, or if the
operator of the grid says what share of the state's load it serves (``us_state_subregions.csv``); any other state has to be asked.

References
----------
US EPA, Power Profiler, eGRID2023 revision 2 (June 2025).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

__all__ = ["main_subregion", "states_and_subregions", "subregion_shares", "subregions_of_zip"]

# A judgement: what is left, a twentieth of the ZIP codes, are mostly mountains and borders with few people.
NEARLY_ALL = 0.95


@cache
def _rows(name: str = "us_zip_subregions.csv") -> tuple[dict[str, str], ...]:
    """The rows of a file."""
    text = resources.files("carbonledger.core").joinpath(name).read_text(encoding="utf-8")
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


@cache
def _shares() -> Mapping[str, Mapping[str, float]]:
    """For every state the share of its ZIP codes that each subregion reaches, the largest first."""
    reached: dict[str, Counter[str]] = {}
    counts: Counter[str] = Counter()
    for row in _rows():
        number = sum(1 for _ in _numbers(row["last_two"]))
        state = f"US-{row['state']}"
        counts[state] += number
        for code in _codes(row["subregions"]):
            reached.setdefault(state, Counter())[code] += number
    return {
        state: {code: number / counts[state] for code, number in found.most_common()}
        for state, found in reached.items()
    }


def subregion_shares(state: str) -> Mapping[str, float]:
    """The share of a state's ZIP codes that each subregion reaches.

    Parameters
    ----------
    state : str
        Such as ``US-NY``; Puerto Rico is ``US-PR`` here.

    Returns
    -------
    mapping of str to float
        Between 0 and 1, the largest first; their sum is above 1 where utilities of several subregions serve one ZIP code. Empty if the
        list has no such state.

    Examples
    --------
    >>> {code: round(share, 2) for code, share in subregion_shares("US-NV").items()}
    {'US-EGRID-NWPP': 0.52, 'US-EGRID-AZNM': 0.51}
    """
    return _shares().get(state, {})


@cache
def _stated() -> Mapping[str, str]:
    """The main subregions that a grid's operator states."""
    return {row["state"]: row["subregion"] for row in _rows("us_state_subregions.csv")}


def main_subregion(state: str) -> str:
    """The subregion that holds nearly all of a state.

    Parameters
    ----------
    state : str
        Such as ``US-CA``.

    Returns
    -------
    str
        The one that reaches at least 95 % of the state's ZIP codes, or that its operator states; empty if none does.

    Examples
    --------
    >>> main_subregion("US-CA"), main_subregion("US-TX"), main_subregion("US-NY")
    ('US-EGRID-CAMX', 'US-EGRID-ERCT', '')
    """
    shares = subregion_shares(state)
    first = next(iter(shares), "")
    return _stated().get(state) or (first if shares and shares[first] >= NEARLY_ALL else "")
