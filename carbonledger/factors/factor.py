"""Factors and editions: published numbers with unit and source, and the sets they are published in."""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from textwrap import shorten
from typing import Any

from carbonledger.core.errors import EditionError
from carbonledger.core.findings import Message
from carbonledger.core.language import counted

__all__ = ["COLUMNS", "OPTIONAL_COLUMNS", "Edition", "Factor", "latest_day"]

_HEAD = 4
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


@dataclass(frozen=True, slots=True, repr=False)
class Factor:
    """One published number.

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
    lines: tuple[str, ...] = field(repr=False)
    status: str = "unsealed"
    superseded_by: str = ""

    def __repr__(self) -> str:
        return f"Edition({self.id}, {counted(len(self.lines), 'factor')})"

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

    @property
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
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Every row's cells; only what needs all of them asks for this."""
        try:
            rows = tuple(tuple(row) for row in csv.reader(self.lines))
        except csv.Error as error:
            # Only a cell beyond the limit of the reader is refused: it is in the longest line.
            row = max(range(len(self.lines)), key=lambda at: len(self.lines[at])) + 2
            raise EditionError(
                Message.of("EDITION_DAMAGED.cells", edition=self.id, row=row, count=len(self.header))
            ) from error
        short = next((number for number, row in enumerate(rows, start=2) if len(row) != len(self.header)), None)
        if short is not None or len(rows) != len(self.lines):
            row = short or len(rows) + 1
            raise EditionError(Message.of("EDITION_DAMAGED.cells", edition=self.id, row=row, count=len(self.header)))
        return rows

    @cached_property
    def _heads(self) -> list[list[str]]:
        """The first four cells of each line, ids and codes that need no quotation marks, and the rest."""
        heads = [line.split(",", _HEAD) for line in self.lines]
        quoted = any('"' in line and '"' in "".join(head[:_HEAD]) for line, head in zip(self.lines, heads, strict=True))
        short = any(len(head) <= _HEAD for head in heads)
        return [list(row) for row in self.rows] if quoted or short else heads

    @cached_property
    def index(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """Row numbers by activity and parameter."""
        found: dict[tuple[str, str], list[int]] = {}
        for number, head in enumerate(self._heads):
            found.setdefault((head[1], head[2]), []).append(number)
        return {key: tuple(numbers) for key, numbers in found.items()}

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        """Row numbers by factor id."""
        return {head[0]: number for number, head in enumerate(self._heads)}

    def by_id(self, factor_id: str) -> list[Factor]:
        """The factor of an id, in a list that is empty if there is none."""
        return [self.factor(self._numbers[factor_id])] if factor_id in self._numbers else []

    @cached_property
    def regions(self) -> frozenset[str]:
        """Every region that a row of the edition is for."""
        return frozenset(head[3] for head in self._heads)

    @cached_property
    def _made(self) -> dict[int, Factor]:
        """The factors that have been asked for."""
        return {}

    def factor(self, number: int) -> Factor:
        """The factor in one row of the file, counted from 0."""
        made = self._made.get(number)
        if made is None:
            made = self._made[number] = self._factor(number)
        return made

    def _factor(self, number: int) -> Factor:
        """One row as a record."""
        line = self.lines[number]
        row = next(csv.reader([line]), []) if len(line) <= csv.field_size_limit() else []
        if len(row) != len(self.header):
            raise EditionError(
                Message.of("EDITION_DAMAGED.cells", edition=self.id, row=number + 2, count=len(self.header))
            )
        cells = dict(zip(self.header, row, strict=True))
        try:
            return self._factor_of(cells)
        except (ValueError, OverflowError) as error:
            if isinstance(error, EditionError):
                raise
            named = {"edition": self.id, "row": number + 2, "value": cells["value"], "data_year": cells["data_year"]}
            raise EditionError(Message.of("EDITION_DAMAGED.number", **named)) from error

    def _factor_of(self, cells: Mapping[str, str]) -> Factor:
        """The record of the cells of a row."""
        return Factor(
            edition=self.id,
            factor_id=cells["factor_id"],
            activity=cells["activity"],
            parameter=cells["parameter"],
            region=cells["region"],
            data_year=int(cells["data_year"]) if cells["data_year"] else None,
            gas=cells["gas"],
            value=float(cells["value"]),
            value_text=cells["value"],
            unit=cells["unit"],
            source_locator=cells["source_locator"],
            confidence=cells["confidence"],
            note=cells["note"],
            lower=float(cells["lower"]) if cells["lower"] else None,
            upper=float(cells["upper"]) if cells["upper"] else None,
            scope=cells["scope"],
            **{name: cells.get(name, "") for name in OPTIONAL_COLUMNS},
        )

    def factors(self, activity: str | None = None, parameter: str | None = None) -> list[Factor]:
        """The factors of an activity and a parameter, in file order; None stands for any."""
        if activity is not None and parameter is not None:
            return [self.factor(number) for number in self.index.get((activity, parameter), ())]
        numbers = sorted(
            number
            for (of_activity, of_parameter), rows in self.index.items()
            if activity in (None, of_activity) and parameter in (None, of_parameter)
            for number in rows
        )
        return [self.factor(number) for number in numbers]


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
