"""Factors and editions: published numbers with unit and source, and the sets they are published in."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from carbonledger.core.errors import EditionError
from carbonledger.core.language import counted
from carbonledger.factors.edition_rows import EditionRows, PlacesBySubject

__all__ = ["COLUMNS", "OPTIONAL_COLUMNS", "STATED_IN_BOOK", "Edition", "Factor", "latest_day"]

# The edition of factors that stand in the settings themselves.
STATED_IN_BOOK = "own@book"

COLUMNS = (
    "factor_id",
    "activity",
    "parameter",
    "region",
    "data_year",
    "gas",
    "value",
    "unit",
    "lower",
    "upper",
    "scope",
    "source_locator",
    "confidence",
    "note",
)
OPTIONAL_COLUMNS = (
    "gwp_basis",
    "heating_value",
    "boundary",
    "publisher_path",
    "publisher_id",
    "variant",
    "published_value",
    "published_unit",
)


class _Unread:
    """Where a factor stands whose row has not been read yet."""

    __slots__ = ("_number", "_rows")
    _number: int
    _rows: EditionRows


@dataclass(frozen=True, slots=True, repr=False)
class Factor(_Unread):
    """One published number.

    A factor of an edition is read from its row when its first cell is asked for.

    Parameters
    ----------
    edition : str
        The edition it stands in, e.g. ``cn-ndrc-fuels-a@2013``.
    factor_id : str
        Its name within the edition.
    activity, parameter : str
        What it is a property of, and which property (``emission_factor``, ``calorific_value``, ...).
    region : str
        ISO 3166 code, a named grid, or ``GLOBAL``.
    data_year : int or None
        The year it describes; None if it is not tied to one.
    gas : str
        The gas of the numerator; ``CO2e`` where the publisher gives no split; empty if there is none.
    value : float
        In `unit`.
    value_text : str
        As published.
    unit : str
        Without the gas, e.g. ``t/MWh``.
    source_locator : str
        Where it stands in the publisher's document.
    confidence : str
        ``high`` or ``medium``.
    """

    edition: str
    factor_id: str
    activity: str
    parameter: str
    region: str
    data_year: int | None
    gas: str
    value: float
    value_text: str
    unit: str
    source_locator: str
    confidence: str
    note: str = ""
    lower: float | None = None
    upper: float | None = None
    scope: str = ""
    gwp_basis: str = ""
    heating_value: str = ""
    boundary: str = ""
    publisher_path: str = ""
    publisher_id: str = ""
    variant: str = ""
    published_value: str = ""
    published_unit: str = ""

    def __post_init__(self) -> None:
        if not self.source_locator:
            raise EditionError(f"{self.edition} {self.factor_id}: a factor without a place in its source is no factor.")

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            """A cell of a factor that has not been read: all its cells are read now."""
            if name not in _PUT:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            rows = self._rows
            for put, value in zip(_puts_of(rows.header), _values_of(rows, self._number), strict=True):
                put(self, value)
            self.__post_init__()
            return getattr(self, name)

    def __hash__(self) -> int:
        # Equal factors have one name; the other twenty cells need no look.
        return hash((self.edition, self.factor_id))

    @property
    def reference(self) -> str:
        """Edition and factor id, the full name of this number."""
        return f"{self.edition}:{self.factor_id}"

    def __repr__(self) -> str:
        where = " ".join(str(part) for part in (self.region, self.data_year) if part)
        what = f"{self.activity} {self.parameter}".strip()
        return shorten(f"Factor({self}, {what}, {where})", 190, placeholder=" ...)")

    def __str__(self) -> str:
        gas = f" {self.gas}" if self.gas else ""
        return f"{self.value_text}{gas} [{self.unit}] {self.reference}"


# How a cell is written into a factor, which nobody else may change.
_PUT = {item.name: vars(Factor)[item.name].__set__ for item in fields(Factor)}
_put_rows, _put_number = (vars(_Unread)[name].__set__ for name in ("_rows", "_number"))


@cache
def _puts_of(header: tuple[str, ...]) -> tuple[Any, ...]:
    """How the cells of a row under a header are written, then its edition, its value as text and the columns it lacks."""
    lacking = [name for name in OPTIONAL_COLUMNS if name not in header]
    return tuple(_PUT[name] for name in (*header, "edition", "value_text", *lacking))


@cache
def _numbers_of(header: tuple[str, ...]) -> tuple[int, tuple[tuple[int, Callable[[str], float]], ...]]:
    """Where a row under a header has its value, and where it has numbers that may be left out."""
    optional = (("data_year", int), ("lower", float), ("upper", float))
    return header.index("value"), tuple((header.index(name), read) for name, read in optional)


def _values_of(rows: EditionRows, number: int) -> list[Any]:
    """The fields of a factor from its row, in the order of `_puts_of`."""
    cells: list[Any] = rows.cells(number)
    at_value, optional = _numbers_of(rows.header)
    text = cells[at_value]
    try:
        cells[at_value] = float(text)
        for at, read in optional:
            cells[at] = read(cells[at]) if cells[at] else None
    except (ValueError, OverflowError):
        raise rows.no_number(number) from None
    return [*cells, rows.edition, text, *[""] * (len(_PUT) - len(cells) - 2)]


@dataclass(frozen=True, eq=False, repr=False)
class Edition:
    """An immutable published set of factors.

    Parameters
    ----------
    name, version : str
        Together the id ``name@version``.
    folder : Path
        Where its two files lie.
    metadata : mapping
        The ``carbonledger`` part of its ``datapackage.json``.
    package : mapping
        The whole of it.
    header : tuple of str
        The columns of ``factors.csv``.
    body : bytes
        Its other lines, divided by line feeds.
    status, superseded_by : str
        As the catalogue says; ``unsealed`` if no catalogue lists it.
    """

    name: str
    version: str
    folder: Path
    metadata: Mapping[str, Any]
    package: Mapping[str, Any]
    sha256: str
    header: tuple[str, ...] = field(repr=False)
    body: bytes = field(repr=False)
    status: str = "unsealed"
    superseded_by: str = ""

    def __repr__(self) -> str:
        return f"Edition({self.id}, {counted(len(self._rows), 'factor')})"

    @property
    def id(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"

    @property
    def title(self) -> str:
        """What the publisher's document is called."""
        return str(self.package.get("title", self.id))

    @property
    def publisher(self) -> str:
        """Who published it."""
        return str(self.metadata.get("publisher", ""))

    @property
    def document(self) -> str:
        """The document the figures stand in."""
        return str(self.metadata.get("document", ""))

    @property
    def roles(self) -> tuple[str, ...]:
        """What the edition is meant for: ``emissions``, ``energy``, ``standard_coal``, ``avoided``, ``gwp``."""
        return tuple(self.metadata.get("roles", ()))

    @cached_property
    def max_lag_years(self) -> int | None:
        """How much later than its data year an activity may be; None for not at all."""
        lag = self.metadata.get("max_lag_years")
        return None if lag is None else int(lag)

    @property
    def date_published(self) -> str:
        """ISO date, or as much of it as is known."""
        return str(self.metadata.get("date_published") or "")

    @property
    def licence(self) -> str:
        """Names of the licences, joined."""
        return ", ".join(str(item.get("title") or item.get("name")) for item in self.package.get("licenses", ()))

    @cached_property
    def _rows(self) -> EditionRows:
        """The rows by what they are about."""
        return EditionRows(self.id, self.header, self.body)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Every row's cells; only what needs all of them asks for this."""
        return self._rows.table

    @property
    def index(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Row numbers by activity and parameter."""
        return self._rows.by_subject

    @property
    def regions(self) -> frozenset[str]:
        """Every region that a row of the edition is for."""
        return self._rows.regions

    @property
    def corrects(self) -> str:
        """The id of the edition whose errors this one mends; empty if it mends none."""
        return str(self.metadata.get("corrects") or "")

    @cached_property
    def places(self) -> PlacesBySubject:
        """Row numbers by activity and parameter, then by region and data year; empty for a subject that the edition does not have."""
        return PlacesBySubject(self._rows)

    def activities(self, parameter: str) -> frozenset[str]:
        """The activities that have rows of a parameter."""
        return self._rows.activities(parameter)

    @property
    def dated(self) -> frozenset[str]:
        """The activities that have rows with a data year; the others are the same in each year."""
        return self._rows.dated

    def named(self, activity: str, parameter: str, words: frozenset[str]) -> frozenset[int]:
        """The row numbers of an activity and a parameter that answer to all of some words."""
        known = self._rows.words(activity, parameter)
        return frozenset.intersection(*(known.get(word, frozenset()) for word in words))

    def number_of(self, factor_id: str) -> int | None:
        """The row number of a factor id; None if there is none."""
        return self._rows.by_id.get(factor_id)

    def by_id(self, factor_id: str) -> list[Factor]:
        """The factor of an id, in a list that is empty if there is none."""
        number = self.number_of(factor_id)
        return [] if number is None else [self.factor(number)]

    @cached_property
    def _made(self) -> list[Factor | None]:
        """The factors that have been asked for, by row."""
        return [None] * len(self._rows)

    def factor(self, number: int) -> Factor:
        """The factor in one row of the file, counted from 0."""
        return self.factors_in((number,))[0]

    def factors_in(self, numbers: Iterable[int]) -> list[Factor]:
        """The factors in some rows, each made once and read when it is used."""
        made, rows, new, found = self._made, self._rows, object.__new__, []
        for number in numbers:
            factor = made[number]
            if factor is None:
                factor = made[number] = new(Factor)
                _put_rows(factor, rows)
                _put_number(factor, number)
            found.append(factor)
        return found

    def factors(self, activity: str | None = None, parameter: str | None = None) -> list[Factor]:
        """The factors of an activity and a parameter, in file order; None stands for any."""
        if activity is not None and parameter is not None:
            return self.factors_in(self.index.get((activity, parameter), ()))
        numbers = sorted(
            number
            for (of_activity, of_parameter), rows in self.index.items()
            if activity in (None, of_activity) and parameter in (None, of_parameter)
            for number in rows
        )
        return self.factors_in(numbers)


def latest_day(text: str) -> date | None:
    """The last day that a partly known date can mean.

    Parameters
    ----------
    text : str
        ``2023``, ``2023-02`` or ``2023-02-07``; empty if unknown.

    Returns
    -------
    date or None
        So that nothing counts as known before it surely was.
    """
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])
