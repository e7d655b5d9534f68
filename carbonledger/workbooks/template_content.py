"""What a template holds: the sources of a book with the figures of the year before, and the lists to choose from, in words of entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.periods import Period
from carbonledger.core.units import dimension_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Layout", "Template", "TemplateSource", "periods_to_fill", "sources_of"]

Layout = Literal["months", "rows"]
_KEY = ("entity", "site", "source", "activity", "unit", "factor", "region", "scope_3_category")
_HEATING_VALUES = ("gross", "net")


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A source that a template asks for.

    Parameters
    ----------
    labels : mapping of str to str
        What its entries say beside the amount, by the keys of the template.
    before : mapping of Period to float
        What it used in each period of the year before, in its unit.
    """

    labels: Mapping[str, str]
    before: Mapping[Period, float] = field(default_factory=dict)

    @property
    def used_before(self) -> float | None:
        """The sum of the year before in the source's unit; None if nothing is known of it."""
        return sum(self.before.values()) if self.before else None

    def before_in(self, period: Period) -> float | None:
        """What it used a year before a period; None if the entries of that year state no amount for just these days."""
        return next((amount for own, amount in self.before.items() if _a_year_later(own) == period), None)


@dataclass(frozen=True, slots=True)
class Template:
    """What a template of a book holds.

    Parameters
    ----------
    names : tuple of str
        What the company is called; the template belongs to it.
    title : str
        Its name in the language of the template.
    year, first_month : int
        The reporting year that is to be filled in.
    layout : {"months", "rows"}
        The months across, or one amount a row.
    sources : tuple of TemplateSource
        Those of the year before, else of the last year that is known.
    known_year : int or None
        The year that the sources are of; None if there are none.
    entities, sites, meters : tuple of str
        What may be chosen.
    units : mapping of str to tuple of str
        The activities that may be chosen, by their names in the cells, each with its usual units.
    taxonomy : pandas.DataFrame
        All activities, see `activity_table`.
    keys : tuple of str
        The keys of the label columns.
    """

    names: tuple[str, ...]
    title: str
    year: int
    first_month: int
    layout: Layout
    sources: tuple[TemplateSource, ...]
    known_year: int | None
    entities: tuple[str, ...]
    sites: tuple[str, ...]
    meters: tuple[str, ...]
    units: Mapping[str, tuple[str, ...]]
    taxonomy: pd.DataFrame
    keys: tuple[str, ...]

    @property
    def period(self) -> Period:
        """The reporting year."""
        return Period.of_year(self.year, self.first_month)

    @property
    def months(self) -> tuple[Period, ...]:
        """Its months."""
        return months_of_year(self.year, self.first_month)

    @property
    def has_year_before(self) -> bool:
        """Whether the sources are of the year just before."""
        return self.known_year == self.year - 1


def months_of_year(year: int, first_month: int) -> tuple[Period, ...]:
    """The twelve months of a reporting year."""
    return tuple(
        Period.of_month(year + (first_month - 1 + at) // 12, (first_month - 1 + at) % 12 + 1) for at in range(12)
    )


def sources_of(
    frame: pd.DataFrame,
    *,
    names_of: Callable[[str, str], str],
    own_region: Callable[[str, str, str], str],
) -> list[TemplateSource]:
    """The sources of entries, each once, in the order of the entries.

    Parameters
    ----------
    frame : pandas.DataFrame
        Entries of one year.
    names_of : callable
        How an entry may call a company, activity or unit: takes the key, and what the library calls it.
    own_region : callable
        The region that an entry of a company and site must state itself; empty where it follows from the book.

    Returns
    -------
    list of TemplateSource
    """
    found: dict[tuple[Any, ...], dict[Period, float]] = {}
    columns = [frame[name].tolist() for name in (*_KEY, "start", "end", "amount")]
    for *key, start, end, amount in zip(*columns, strict=True):
        before = found.setdefault(tuple(key), {})
        period = Period(_day(start), _day(end))
        before[period] = before.get(period, 0.0) + float(amount)
    return [
        TemplateSource(_labels(dict(zip(_KEY, key, strict=True)), names_of, own_region), before)
        for key, before in found.items()
    ]


def _day(value: Any) -> date:
    """A day of a frame."""
    return date(value.year, value.month, value.day)


def _labels(
    record: Mapping[str, Any], names_of: Callable[[str, str], str], own_region: Callable[[str, str, str], str]
) -> dict[str, str]:
    """What an entry of a source says, by the keys of the template."""
    words = str(record["factor"]).split()
    # A column of heating values is read of fuels in energy alone; of others the word stays with the factor.
    is_asked = taxonomy()[record["activity"]].kind == "fuel" and dimension_of(record["unit"]) == "energy"
    heating_value = next((word for word in words if is_asked and word in _HEATING_VALUES), "")
    category = int(record["scope_3_category"])
    return {
        "entity": names_of("entity", record["entity"]),
        "site": record["site"],
        "source": record["source"],
        "activity": names_of("activity", record["activity"]),
        "unit": names_of("unit", record["unit"]),
        "heating_value": heating_value,
        "factor": " ".join(word for word in words if word != heating_value),
        "region": own_region(record["entity"], record["site"], record["region"]),
        "scope_3_category": str(category) if category else "",
    }


def periods_to_fill(source: TemplateSource, months: Sequence[Period]) -> list[Period]:
    """The periods that rows ask of a source: those of the year before, a year later, if they are whole months; else each month.

    Parameters
    ----------
    source : TemplateSource
        With its periods of the year before.
    months : sequence of Period
        Of the year to be filled in.
    """
    later = sorted({_a_year_later(period) for period in source.before})
    firsts = {month.start for month in months}
    ends = {month.end for month in months}
    is_whole = all(period.start in firsts and period.end in ends for period in later)
    are_apart = all(one.end <= other.start for one, other in pairwise(later))
    return list(later) if later and is_whole and are_apart and _fills(later, months) else list(months)


def _fills(periods: Iterable[Period], months: Sequence[Period]) -> bool:
    """Whether periods leave no day of the year out."""
    return sum(period.days for period in periods) == (months[-1].end - months[0].start).days


def _a_year_later(period: Period) -> Period:
    """The same months of the next year; a 29th of February begins or ends no month."""
    return Period(*(day.replace(year=day.year + 1, day=min(day.day, 28)) for day in (period.start, period.end)))
