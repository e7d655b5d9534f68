"""The layout of a publisher's file, as data: sheets, headings, labels of units and gases, and what was decided about single rows.

Each publisher has a folder in this room; a new label of a publisher is a new line there, and no code changes.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

from carbonledger.core.errors import EditionError

__all__ = ["Counterpart", "Decision", "Layout", "SheetFacts", "layout_of", "layouts"]

_APART = re.compile(r"[^a-z0-9<>%+]")
# What a spreadsheet prints for a level that is empty.
_STRAY = frozenset({"0", "0.0"})


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What all rows of one sheet of the publisher share.

    Parameters
    ----------
    parameter, boundary : str
        Of the format of editions.
    gwp_basis : str
        ``AR4``, ``AR5``, ``mixed``, or empty.
    gas : str
        The gas of every row, where the sheet decides it; else empty.
    """

    parameter: str
    boundary: str
    gwp_basis: str
    gas: str


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What a row of the publisher means: activity, variant and region."""

    activity: str
    variant: str
    region: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about rows of the publisher.

    Parameters
    ----------
    since, until : int
        The first and the last year it holds for; `until` is 9999 if it still does.
    path, unit, value : str
        A pattern of the path; unit and value as printed, empty for any.
    leave_out : str
        Why the rows are left out; empty if they are not.
    note : str
        What is written beside the rows.
    """

    since: int
    until: int
    path: str
    unit: str
    value: str
    leave_out: str
    note: str

    def holds(self, year: int, path: str, unit: str, value: str) -> bool:
        """Whether it is about a row of a year."""
        return (
            self.since <= year <= self.until
            and self.unit in {"", unit}
            and self.value in {"", value}
            and fnmatchcase(path, self.path)
        )


@dataclass(frozen=True)
class Layout:
    """The files of a publisher, described.

    Parameters
    ----------
    series : str
        Of the editions, such as ``uk-desnz``.
    sheet, locator, region, energy_parameter, last_place : str
        The sheet that is read, what a place in it is called, the region of a row that names none, the parameter of rows that are energy,
        and one unit of the decimal place to which most figures are rounded.
    headings : mapping of str to str
        What the heading of each column begins with.
    gwp : mapping of str to str
        The edition of a GWP set by its basis.
    scopes : mapping of str to str
        The scope by the publisher's word.
    units, gases : mapping
        Unit and heating value by label; gas, unit and heating value by label.
    labels : mapping of str to str
        The later label by the earlier one.
    activities : mapping of str to Counterpart
        What paths mean that no earlier edition has.
    decisions : tuple of Decision
    """

    series: str
    sheet: str
    locator: str
    region: str
    energy_parameter: str
    last_place: str
    headings: Mapping[str, str]
    gwp: Mapping[str, str]
    scopes: Mapping[str, str]
    sheets: Mapping[str, Mapping[int, SheetFacts]]
    units: Mapping[str, tuple[str, str]]
    gases: Mapping[str, tuple[str, str, str]]
    labels: Mapping[str, str]
    activities: Mapping[str, Counterpart]
    decisions: tuple[Decision, ...]

    def sheet_facts(self, label: str, year: int) -> SheetFacts | None:
        """The facts of a sheet in a year; None if the layout does not know it."""
        by_year = self.sheets.get(_plain(label), {})
        known = max((since for since in by_year if since <= year), default=None)
        return None if known is None else by_year[known]

    def same(self, path: str) -> str:
        """A path reduced to what stays the same when the publisher spells it another way."""
        levels = (level for level in path.split("/") if level not in _STRAY)
        return "/".join(_plain(self.labels.get(level, level)) for level in levels)

    def has_stray_level(self, path: str) -> bool:
        """Whether a path holds the 0 that a spreadsheet prints for an empty level."""
        return bool(_STRAY & set(path.split("/")))

    def decision(self, year: int, path: str, unit: str, value: str) -> Decision | None:
        """What was decided about a row, if anything."""
        return next((item for item in self.decisions if item.holds(year, path, unit, value)), None)


def _plain(label: str) -> str:
    """A label without case, spaces and punctuation."""
    return _APART.sub("", label.lower())


def layouts() -> tuple[str, ...]:
    """The series whose publisher's file is described.

    Returns
    -------
    tuple of str
    """
    folder = resources.files("carbonledger.publishers")
    return tuple(sorted(item.name for item in folder.iterdir() if item.joinpath("layout.toml").is_file()))


@cache
def layout_of(series: str) -> Layout:
    """The layout of a publisher's file.

    Parameters
    ----------
    series : str
        Such as ``uk-desnz``.

    Returns
    -------
    Layout

    Raises
    ------
    EditionError
        If no layout is described for it.
    """
    if series not in layouts():
        raise EditionError(f"no layout of a publisher's file is known for {series!r}; known: {', '.join(layouts())}.")
    text = resources.files("carbonledger.publishers").joinpath(series, "layout.toml").read_text(encoding="utf-8")
    facts = tomllib.loads(text)
    sheets: dict[str, dict[int, SheetFacts]] = {}
    for row in _rows(series, "sheets.csv"):
        found = SheetFacts(row["parameter"], row["boundary"], row["gwp_basis"], row["gas"])
        sheets.setdefault(_plain(row["sheet"]), {})[int(row["since"])] = found
    labels = {row["label"]: row["later_label"] for row in _rows(series, "labels.csv")}
    layout = Layout(
        series=series,
        sheets=sheets,
        units={row["label"].lower(): (row["unit"], row["heating_value"]) for row in _rows(series, "units.csv")},
        gases={
            row["label"].lower(): (row["gas"], row["unit"], row["heating_value"]) for row in _rows(series, "gases.csv")
        },
        labels=labels,
        activities={},
        decisions=tuple(_decision(row) for row in _rows(series, "decisions.csv")),
        **facts,
    )
    activities = {
        layout.same(row["path"]): Counterpart(row["activity"], row["variant"], row["region"])
        for row in _rows(series, "activities.csv")
    }
    return Layout(**{**vars(layout), "activities": activities})


def _decision(row: Mapping[str, str]) -> Decision:
    """One row of the table of decisions."""
    since, until = int(row["since"]), int(row["until"] or 9999)
    return Decision(since, until, row["path"], row["unit"], row["value"], row["leave_out"], row["note"])


def _rows(series: str, name: str) -> list[dict[str, str]]:
    """The rows of a table of a publisher's folder."""
    text = resources.files("carbonledger.publishers").joinpath(series, name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
