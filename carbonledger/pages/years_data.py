"""What the picture of several years shows: emissions of each year by scope, company or activity, stacked, with their totals [t CO2e]."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, has_label, listed, word
from carbonledger.pages.picture_groups import grouped
from carbonledger.pages.picture_records import Bar, PictureData
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AXES", "BASES", "Column", "YearsData", "emissions_of", "years_data", "years_of"]

# What a year's figure is: as it was handed out, or recalculated since (GHG Protocol Corporate Standard, chapter 5).
BASES = ("reported", "restated")
AXES = ("scope", "entity", "activity")
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """The stack of one year.

    Parameters
    ----------
    year : str
        As it stands below the stack.
    basis : str
        In words, if the year or another one stands in two ways; else empty.
    parts : tuple of (str, float)
        Names of the series from the bottom, and their emissions [t CO2e].
    total : float or None
        Of all parts [t CO2e]; None if one of them is not known.
    """

    year: str
    basis: str
    parts: tuple[tuple[str, float], ...]
    total: float | None

    @property
    def label(self) -> str:
        """The year, and which of its figures it is."""
        return " ".join(filter(None, (self.year, self.basis)))


@dataclass(frozen=True, slots=True)
class YearsData(PictureData):
    """The picture of several years before it is drawn; its bars are the parts of each year and then its total.

    Parameters
    ----------
    columns : tuple of Column
        From left to right.
    colours : tuple of (str, str)
        The series in words and what decides their colour, from the bottom.
    """

    columns: tuple[Column, ...] = ()
    colours: tuple[tuple[str, str], ...] = ()


def years_data(
    frame: pd.DataFrame, lang: Lang, title: str, *, cautions: Iterable[str] = (), notes: Iterable[str] = ()
) -> YearsData:
    """The picture of several years.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``year``, ``series`` (a scope by its id such as ``scope 1``, or the name of a company or an activity in words),
        ``emissions_tco2e`` [t CO2e], and ``basis`` (``reported``, ``restated``) if a year stands in both ways. Rows of one
        year, basis and series are summed. ``complete`` (bool), if entries are left out of a year: that has no total then.
    lang : {"en", "zh"}
        The language of its words.
    title : str
        What is shown.
    cautions, notes : iterable of str
        See `PictureData`.

    Returns
    -------
    YearsData
        At most eight series: the smallest are one that says how many it stands for. A part that is missing is named among
        the cautions, and its year has no total.
    """
    given = frame.assign(basis=frame.get("basis", "reported"), complete=frame.get("complete", True))
    rows = sorted(given.to_dict("records"), key=lambda row: (str(row["year"]), BASES.index(row["basis"])))
    sums, kinds = _summed(rows, lang)
    parted = {(str(row["year"]), str(row["basis"])) for row in rows if not row["complete"]}
    names = grouped(_largest(sums), lang)
    order = _in_order(names, kinds)
    words = {key: word(f"years_{key[1]}", lang) if len({basis for _, basis in sums}) > 1 else "" for key in sums}
    columns = tuple(
        _column(key[0], words[key], amounts, names, order, whole=key not in parted) for key, amounts in sums.items()
    )
    bars = tuple(bar for column in columns for bar in _bars(column, kinds, lang))
    colours = tuple((name, kinds.get(name, "other")) for name in order)
    said = (*cautions, *_not_whole(columns, sums.values(), lang))
    return YearsData("years", lang, title, word("emissions", lang), bars, said, tuple(notes), columns, colours)


_Sums = Mapping[tuple[str, str], Mapping[str, float]]


def _summed(rows: Iterable[Mapping[Any, Any]], lang: Lang) -> tuple[_Sums, Mapping[str, str]]:
    """Emissions by year and basis and then by series in words [t CO2e]; and the id of each series."""
    sums: dict[tuple[str, str], dict[str, float]] = {}
    kinds: dict[str, str] = {}
    for row in rows:
        kind = str(row["series"])
        name = word(kind, lang) if _is_scope(kind) and has_label(kind) else kind
        kinds[name] = kind
        column = sums.setdefault((str(row["year"]), str(row["basis"])), {})
        column[name] = column.get(name, 0.0) + float(row["emissions_tco2e"])
    return sums, kinds


def _is_scope(series: str) -> bool:
    """Whether a series is a scope; any other has the name that the company gave it."""
    return series.startswith("scope ") or series == "no scope"


def _largest(sums: _Sums) -> dict[str, float]:
    """The largest amount of each series in any year [t CO2e]; a series without any amount is left out."""
    found: dict[str, float] = {}
    for column in sums.values():
        for name, value in column.items():
            found[name] = max(found.get(name, 0.0), abs(value) if math.isfinite(value) else 0.0)
    return {name: value for name, value in found.items() if value}


def _in_order(names: Mapping[str, str], kinds: Mapping[str, str]) -> list[str]:
    """The names as they are drawn, from the bottom: scopes by number, others by size, a group last."""

    def place(name: str) -> tuple[bool, str]:
        kind = kinds.get(name, "")
        return name not in kinds, kind if kind.startswith("scope ") else "~" if kind == "no scope" else ""

    return sorted(dict.fromkeys(names.values()), key=place)


def _column(
    year: str, basis: str, amounts: Mapping[str, float], names: Mapping[str, str], order: Sequence[str], *, whole: bool
) -> Column:
    """The stack of a year."""
    parts: dict[str, float] = {}
    for name, value in amounts.items():
        if math.isfinite(value) and name in names:
            parts[names[name]] = parts.get(names[name], 0.0) + value
    total = math.fsum(amounts.values())
    stack = tuple((name, parts[name]) for name in order if name in parts)
    return Column(year, basis, stack, total if whole and math.isfinite(total) else None)


def _bars(column: Column, kinds: Mapping[str, str], lang: Lang) -> Iterable[Bar]:
    """The parts of a year and its total, for the table and the description."""
    for name, value in column.parts:
        yield Bar(column.label, kinds.get(name, "other"), value, number(value, _DECIMALS), name)
    total = math.nan if column.total is None else column.total
    yield Bar(column.label, "total", column.total, number(total, _DECIMALS), word("total", lang))


def _not_whole(columns: Sequence[Column], sums: Iterable[Mapping[str, float]], lang: Lang) -> Iterable[str]:
    """The years that have no total, with the parts that are not known."""
    for column, amounts in zip(columns, sums, strict=True):
        unknown = [name for name, value in amounts.items() if not math.isfinite(value)]
        if unknown:
            yield word("years_missing", lang, year=column.label, names=listed(unknown, lang))
        elif column.total is None:
            yield word("picture_previous_incomplete", lang, year=column.label)


def emissions_of(report: Report, axis: str, lang: Lang, basis: str = "reported") -> pd.DataFrame:
    """The emissions of one report's year as rows for `years_data`.

    Parameters
    ----------
    report : Report
        Of a book.
    axis : {"scope", "entity", "activity"}
        What is stacked.
    lang : {"en", "zh"}
        The language of the names.
    basis : {"reported", "restated"}
        What the figures are.

    Returns
    -------
    pandas.DataFrame
        ``year``, ``series``, ``emissions_tco2e`` [t CO2e], ``basis``, ``complete``.
    """
    import pandas as pd

    names = {
        "entity": report.entity_names[lang],
        "activity": {key: item.label(lang) for key, item in taxonomy().items()},
    }
    said = names.get(axis, {})
    unnamed = word("flow_no_company", lang)
    year, whole = str(report.settings["company"]["reporting_year"]), report.completeness.has_total
    rows = [
        {
            "year": year,
            "series": said.get(row[axis], str(row[axis])) or unnamed,
            "emissions_tco2e": 0.0 if math.isnan(row["emissions_tco2e"]) and not whole else row["emissions_tco2e"],
            "basis": basis,
            "complete": whole,
        }
        for row in report.inventory.by(axis).to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["year", "series", "emissions_tco2e", "basis", "complete"])


def years_of(reports: Sequence[Report], axis: str, lang: Lang) -> YearsData:
    """The picture of several reports, one for each year.

    Parameters
    ----------
    reports : sequence of Report
        Of books of one company.
    axis : {"scope", "entity", "activity"}
        What is stacked.
    lang : {"en", "zh"}
        The language of its words.

    Raises
    ------
    BookError
        If something else is to be stacked.
    """
    import pandas as pd

    if axis not in AXES:
        raise BookError(Message.of("PICTURE_UNKNOWN.axis", name=axis, names=AXES))
    frame = pd.concat([emissions_of(report, axis, lang) for report in reports], ignore_index=True)
    years = listed(sorted(set(frame["year"])), lang)
    return years_data(frame, lang, word(f"picture_years_{axis}", lang, years=years))
