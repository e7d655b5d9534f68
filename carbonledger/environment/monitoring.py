"""Measurements that a book expects, against those that its registers hold: a month, quarter or year without one is a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.periods import Period, months_of
from carbonledger.environment.measured import MeasuredRegister
from carbonledger.environment.noise import NoiseRegister
from carbonledger.environment.statements import Every, ExpectedMonitoring
from carbonledger.environment.vocabulary import find_word, word_label
from carbonledger.tables.records import folded

__all__ = ["missing_monitoring"]

_MONTHS: dict[Every, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_WORDS = {"air": "air_pollutant", "wastewater": "water_pollutant"}


@dataclass(frozen=True, slots=True)
class _Done:
    """A measurement that was made."""

    point: str
    pollutant: str
    day_or_night: str
    period: Period


def missing_monitoring(
    expected: Sequence[ExpectedMonitoring],
    registers: Iterable[MeasuredRegister | NoiseRegister | None],
    period: Period,
) -> list[Finding]:
    """A finding for each expectation of which a part of the year has no measurement.

    Parameters
    ----------
    expected : sequence of ExpectedMonitoring
        What is due.
    registers : iterable of MeasuredRegister, NoiseRegister or None
        What was measured.
    period : Period
        The year.

    Returns
    -------
    list of Finding
        A result that states its year alone counts for what is due once a year, and for nothing more frequent.
    """
    done = {"air": list[_Done](), "wastewater": list[_Done](), "noise": list[_Done]()}
    for register in registers:
        if isinstance(register, NoiseRegister):
            done["noise"] += [_Done(row.point, "", row.day_or_night, row.period) for row in register.rows]
        elif register is not None:
            done[register.medium] += [_Done(row.point, row.pollutant, "", row.period) for row in register.results]
    return [finding for item in expected for finding in _gaps(item, done[item.register], period)]


def _gaps(item: ExpectedMonitoring, done: Sequence[_Done], period: Period) -> Iterator[Finding]:
    """What is missing of an expectation."""
    pollutant = ""
    if item.pollutant:
        found = find_word(_WORDS[item.register], item.pollutant)
        if found is None:
            yield Finding.of("MONITORING_UNKNOWN", pollutant=item.pollutant).at(file="book.toml")
            return
        pollutant = found.key
    parts = ("day", "night") if item.register == "noise" else ("",)
    for part in parts:
        if item.day_or_night in {"", part}:
            matching = [one for one in done if _meets(one, item, pollutant, part)]
            windows = [span for span in _windows(period, item.every) if not any(_within(one, span) for one in matching)]
            if windows:
                values = {"what": _what(item, pollutant, part), "missing": tuple(str(span) for span in windows)}
                yield Finding.of("MONITORING_MISSING", **values).at(file="book.toml")


def _meets(one: _Done, item: ExpectedMonitoring, pollutant: str, part: str) -> bool:
    """Whether a measurement is of what is expected."""
    at_point = not item.point or folded(item.point) == folded(one.point)
    return at_point and pollutant in {"", one.pollutant} and one.day_or_night == part


def _within(one: _Done, span: Period) -> bool:
    """Whether a measurement lies in a part of the year for sure."""
    return one.period.overlap_days(span) == one.period.days


def _windows(period: Period, every: Every) -> list[Period]:
    """The parts of the year that each need a measurement."""
    months, size = months_of(period), _MONTHS[every]
    return [Period(months[at].start, months[at + size - 1].end) for at in range(0, len(months), size)]


def _what(item: ExpectedMonitoring, pollutant: str, part: str) -> Label:
    """What is expected, in words."""
    labels = [word_label("register", item.register), Label(item.point, item.point)]
    labels += [word_label(_WORDS[item.register], pollutant)] if pollutant else []
    labels += [word_label("day_or_night", part)] if part else []
    named = [label for label in labels if label.en]
    return Label(", ".join(label.en for label in named), "，".join(label.zh for label in named))
