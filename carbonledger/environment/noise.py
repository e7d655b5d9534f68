"""The register of noise at the boundary: levels by day and night against the class of the zone, and their energy mean.

Levels are logarithms of energy and have no arithmetic mean: L = 10 lg((1/n) sum 10^(L_i / 10)), which lies between the lowest and the
highest of them and is never below their arithmetic mean. Each point is judged by itself; the mean is for orientation.

References
----------
GB 12348-2008, 3.3: the equivalent level is the energy mean of the A-weighted level; table 1: limits by class, day and night; day is 6:00 to
22:00, night 22:00 to 6:00. Every point is judged by itself, by day and by night (6).
ISO 1996-1:2016, 3.6: the same mean.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.period_texts import clock_time
from carbonledger.core.periods import Period
from carbonledger.environment.conventions import convention
from carbonledger.environment.judged import NOISE, Subject, judge, limit_of
from carbonledger.environment.limits import Limit, Verdict
from carbonledger.environment.plausibility import half_measured
from carbonledger.environment.reading import ReadAs, overlaps
from carbonledger.environment.register_rows import (
    Columns,
    Place,
    RegisterRow,
    counted_rows,
    leaves_rows_out,
    read_rows,
    refused,
)
from carbonledger.environment.vocabulary import find_word, word_label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Level", "NoiseRegister", "energy_mean", "noise_register", "read_noise"]

_COLUMNS = Columns(
    ("point", "level", "period"),
    ("day_or_night", "time", "unit", "standard", "class", "limit", "source", "entity", "site", "evidence", "note"),
    ("level", "limit"),
)
_PARTS = ("day", "night")
_MINUTES = 60
_CLOCK = r"(\d{1,2}[:：]\d{2})(?:[:：]\d{2})?"
_RANGE = re.compile(rf"\s*{_CLOCK}\s*(?:[-–—~～至到]\s*{_CLOCK}\s*)?")


@dataclass(frozen=True, slots=True)
class Level:
    """A level at a point.

    Parameters
    ----------
    point : str
        Where it was measured.
    day_or_night : {"day", "night"}
        In which part of the day.
    level_dba : float
        Equivalent level, dB(A).
    time : str
        From when to when, as the register states it.
    period : Period
        The day, or the year if the register states no more.
    limit : Limit or None
        What it was compared with.
    verdict : {"within", "exceeds", "not_compared"}
        The comparison.
    source, entity, site, evidence, note : str
        What made the noise, where, and what shows it.
    place : Place
        Where the row stands.
    """

    point: str
    day_or_night: str
    level_dba: float
    time: str
    period: Period
    limit: Limit | None
    verdict: Verdict
    source: str
    entity: str
    site: str
    evidence: str
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class NoiseRegister:
    """Noise of a year.

    Parameters
    ----------
    rows : tuple of Level
        What could be read.
    findings : tuple of Finding
        What is wrong with the others, exceedances, and doubts.
    """

    rows: tuple[Level, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether rows are known that are not counted, so that no mean is of all levels."""
        return leaves_rows_out(self.findings)

    def levels(self, day_or_night: str) -> list[float]:
        """The levels by day or by night, dB(A)."""
        return [row.level_dba for row in self.rows if row.day_or_night == day_or_night]

    @property
    def means(self) -> dict[str, float | None]:
        """The energy mean over all points by day and by night, dB(A); None where there is no level, or not every row could be read."""
        return {
            part: energy_mean(levels) if (levels := self.levels(part)) and not self.is_part else None for part in _PARTS
        }

    def to_frame(self) -> pd.DataFrame:
        """The levels as a table, dB(A)."""
        import pandas as pd

        own = ("point", "day_or_night", "level_dba", "time", "verdict", "source", "entity", "site")
        data = [
            {
                **{name: getattr(row, name) for name in own},
                "period": str(row.period),
                "limit": row.limit.text if row.limit else "",
                "standard": row.limit.standard if row.limit else "",
                "file": row.place.file,
                "row": row.place.row,
            }
            for row in self.rows
        ]
        return pd.DataFrame(data, columns=[*own, "period", "limit", "standard", "file", "row"])


def loudest_level() -> float:
    """The level of a tone whose pressure swings by the whole pressure of the atmosphere, dB: 20 lg(p0 / p_ref).

    Examples
    --------
    >>> round(loudest_level())
    194
    """
    return 20 * math.log10(convention("atmosphere") / convention("reference_pressure"))


def energy_mean(levels: Sequence[float]) -> float:
    """The energy mean of levels: 10 lg((1/n) sum 10^(L_i / 10)).

    Parameters
    ----------
    levels : sequence of float
        Equivalent levels of equal duration, dB(A); at least one.

    Returns
    -------
    float
        dB(A).

    Examples
    --------
    >>> round(energy_mean([60.0, 50.0]), 2)
    57.4
    """
    # Taken from the highest level, so that no power overflows.
    highest = max(levels)
    parts = math.fsum(10 ** ((level - highest) / 10) for level in levels)
    return highest + 10 * math.log10(parts / len(levels))


def read_noise(path: Path, read_as: ReadAs) -> NoiseRegister:
    """The register of noise of a file, see `noise_register`."""
    rows, findings = read_rows(path, _COLUMNS, read_as.country, read_as.decimal, read_as.name_of(path))
    return noise_register(rows, findings, read_as)


def noise_register(rows: Sequence[RegisterRow], findings: Sequence[Finding], read_as: ReadAs) -> NoiseRegister:
    """The register of noise of some rows.

    Parameters
    ----------
    rows : sequence of RegisterRow
        ``point``, ``level`` in dB(A), ``period``, ``day_or_night`` or ``time`` (``13:22-13:32``), ``standard``, ``class``, ``limit``.
    findings : sequence of Finding
        Of reading them.
    read_as : ReadAs
        The year.

    Returns
    -------
    NoiseRegister
    """
    found = list(findings)
    pairs = counted_rows(rows, lambda row: _level(row, read_as, found), found)
    levels = tuple(made for _, made in pairs if made is not None)
    # The same minutes at the same point twice would count twice in the mean.
    timed = [row for row in levels if row.time]
    found += overlaps(timed, lambda row: (row.point, row.day_or_night, row.time, str(row.period), row.entity, row.site))
    halves = () if leaves_rows_out(found) else half_measured(levels)
    return NoiseRegister(levels, (*found, *halves))


def _level(row: RegisterRow, read_as: ReadAs, findings: list[Finding]) -> Level | None:
    """A row as a record; None if it is of another year."""
    if not read_as.has(row, findings):
        return None
    if row.text("unit") and find_word("noise_unit", row.text("unit")) is None:
        raise refused("noise_unit", unit=row.text("unit"))
    level, part = row.number("level"), _part_of_day(row)
    if not 0 < level < loudest_level():
        raise refused("noise_level", text=row.text("level"), highest=float(round(loudest_level())))
    if not row.text("point"):
        raise refused("empty", column=word_label("heading", "point"))
    subject = Subject(NOISE, "", _what(row, part), part)
    limit = limit_of(row, subject, findings)
    return Level(
        row.text("point"),
        part,
        float(level),
        row.text("time"),
        row.period,
        limit,
        judge(row, Fraction(level), limit, subject, findings),
        row.text("source"),
        read_as.entity(row, findings),
        row.text("site"),
        row.text("evidence"),
        row.text("note"),
        row.place,
    )


def _what(row: RegisterRow, part: str) -> Label:
    """What was measured, and where, as findings name it."""
    label, point = word_label("day_or_night", part), row.text("point")
    return Label(f"{point}, {label.en.lower()}", f"{point}{label.zh}")


def _part_of_day(row: RegisterRow) -> str:
    """Day or night: as the row states it, or by its time; the two must agree."""
    stated, by_time = row.key("day_or_night", "day_or_night", default=""), _part_by_time(row)
    if stated and by_time and stated != by_time:
        labels = word_label("day_or_night", stated), word_label("day_or_night", by_time)
        raise refused("noise_part", time=row.text("time"), stated=labels[0], by_time=labels[1])
    if not (stated or by_time):
        raise refused("no_part")
    return stated or by_time


def _part_by_time(row: RegisterRow) -> str:
    """Day or night by the time of measurement; empty if the row states none."""
    text = row.text("time")
    if not text:
        return ""
    found = _RANGE.fullmatch(text)
    times = [clock_time(item.replace("：", ":")) for item in found.groups() if item] if found else []
    if not times or not all(times):
        raise refused("noise_time", time=text)
    # A measurement that ends at 22:00 was by day.
    parts = {_part_at(time, ends=at > 0) for at, time in enumerate(times)}
    if len(parts) > 1:
        raise refused("noise_both", time=text)
    return parts.pop()


def _part_at(clock: str, *, ends: bool) -> str:
    """Day or night at a time of day, or just before it."""
    hours, minutes = map(int, clock.split(":"))
    hour = hours + Fraction(minutes, _MINUTES)
    first, last = convention("day_begins"), convention("night_begins")
    return "day" if (first < hour <= last if ends else first <= hour < last) else "night"
