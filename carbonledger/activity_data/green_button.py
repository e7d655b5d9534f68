"""Green Button files as tables of entries: the intervals of each meter summed by local month, each kind of flow for itself.

Every interval is accounted for: it is part of a sum, the repetition of another one, or refused with the reason. What the meter counts is
told by the codes of the standard (``espi_codes.csv``); power, running registers and netted flows are no amounts and are refused. The row of
a sum is the number of its first interval in the file.

References
----------
NAESB REQ.21, Energy Services Provider Interface (ESPI): UsagePoint, MeterReading, ReadingType, IntervalBlock, TimeConfiguration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from carbonledger.activity_data.espi_readings import MeterSeries, series_of
from carbonledger.activity_data.espi_time import LocalTime
from carbonledger.activity_data.green_button_feed import Feed, NotGreenButton, read_feed
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.tables.column import Column, objects
from carbonledger.tables.table import Table

__all__ = ["green_button_tables"]

_HEADINGS = ("source", "activity", "amount", "unit", "start", "end", "note")
_MOST_BYTES = 400_000_000
# A day of 25 hours is still one.
_LONGEST_DAY = 25 * 3600
_HOUR, _DAY, _SLACK = 3600, 86_400, 2 * 3600
# Sums of rounded intervals agree to so much.
_TOLERANCE = 0.01


@dataclass(slots=True)
class _Account:
    """What becomes of a file."""

    file: str
    rows: list[tuple[int, tuple[Any, ...]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: int = 0

    def say(self, finding: Finding, series: MeterSeries | None = None, *, refused: int = 0) -> None:
        """Keep a finding, and how many intervals it keeps out."""
        row = int(series.ordinals[0]) if series is not None and len(series.ordinals) else None
        self.findings.append(finding.at(file=self.file, row=row))
        self.refused += refused


def green_button_tables(file: str, content: bytes) -> list[Table]:
    """The one table of a Green Button file.

    Parameters
    ----------
    file : str
        Its name.
    content : bytes
        Its bytes.

    Returns
    -------
    list of Table
        A row for each meter, flow and local month; for intervals of more than a day, a row for each.

    Raises
    ------
    EntriesError
        If it is no Green Button file.
    """
    feed = _feed_of(file, content)
    account = _Account(file)
    local = _local_time(feed, account)
    read, refusals = series_of(feed)
    for finding, series in refusals:
        is_error = finding.severity == "error"
        account.say(finding, series, refused=len(series.starts) if is_error else 0)
    sound = [cleaned for series in read if (cleaned := _cleaned(series, account)) is not None]
    for series in _counted_once(sound, account):
        _sum_up(series, local, account)
    if feed.summaries:
        account.say(Finding.of("GREEN_BUTTON_READ.summaries", count=feed.summaries))
    if not read and not refusals:
        account.say(Finding.of("GREEN_BUTTON.empty"))
    return [_table(account)]


def _feed_of(file: str, content: bytes) -> Feed:
    """The records of a file, or the error that says why there are none."""
    if len(content) > _MOST_BYTES:
        finding = Finding.of("WORKBOOK_TOO_LARGE.bytes", part=file, megabytes=len(content) // 10**6, most=400)
        raise EntriesError([finding])
    try:
        return read_feed(content)
    except NotGreenButton as error:
        case, detail = error.args
        if case == "other":
            raise EntriesError([Finding.of("UNKNOWN_FILE_KIND.xml", root=detail)]) from error
        raise EntriesError([Finding.of(f"GREEN_BUTTON.{case}", reason=detail)]) from error


def _table(account: _Account) -> Table:
    """The rows as a table."""
    rows = sorted(account.rows, key=lambda item: item[0])
    cells = zip(*(row for _, row in rows), strict=True) if rows else [()] * len(_HEADINGS)
    return Table(
        account.file,
        "",
        _HEADINGS,
        tuple(Column(objects(list(column))) for column in cells),
        [number for number, _ in rows],
        findings=tuple(account.findings),
        refused_rows=account.refused,
        refused_cells=account.refused,
    )


def _local_time(feed: Feed, account: _Account) -> LocalTime:
    """The local time that the file states; UTC with a warning if it states none."""
    stated = [entry.fields for entry in feed.of_kind("LocalTimeParameters") if "tzOffset" in entry.fields]
    times = {
        LocalTime(
            _seconds(fields["tzOffset"]),
            _seconds(fields.get("dstOffset", "0")),
            _rule(fields.get("dstStartRule", "")),
            _rule(fields.get("dstEndRule", "")),
        )
        for fields in stated
    }
    sound = [time for time in times if time.is_plausible]
    if len(sound) == 1 and len(times) == 1:
        return sound[0]
    case = "several_times" if len(times) > 1 else "no_local_time"
    account.say(Finding.of(f"GREEN_BUTTON_ASSUMED.{case}"))
    return LocalTime()


def _seconds(text: str) -> int:
    """A number of seconds as written; one that is no place's offset if it is none."""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 10**9


def _rule(text: str) -> int:
    """A rule of eight hexadecimal digits; that of no daylight saving time if it is none."""
    try:
        return int(text, 16) & 0xFFFFFFFF if text else 0xFFFFFFFF
    except ValueError:
        return 0xFFFFFFFF


def _cleaned(series: MeterSeries, account: _Account) -> MeterSeries | None:
    """A series in the order of time without repetitions and defective intervals; None if nothing of it can be read."""
    sound = (series.durations > 0) & ~np.isnan(series.values)
    if not sound.all():
        count = int((~sound).sum())
        account.say(Finding.of("GREEN_BUTTON.intervals", meter=series.meter, count=count), series, refused=count)
        series = series.where(sound)
    if (series.values < 0).any():
        count = int((series.values < 0).sum())
        finding = Finding.of("GREEN_BUTTON.negative", meter=series.meter, count=count)
        account.say(finding, series, refused=len(series.values))
        return None
    series = series.where(np.lexsort((series.durations, series.starts)))
    again = np.zeros(len(series.starts), dtype=bool)
    again[1:] = (
        (np.diff(series.starts) == 0) & (np.diff(series.durations) == 0) & (series.values[1:] == series.values[:-1])
    )
    if again.any():
        account.say(Finding.of("GREEN_BUTTON_READ.repeated", meter=series.meter, count=int(again.sum())), series)
        series = series.where(~again)
    return series if len(series.starts) else None


def _counted_once(series: Sequence[MeterSeries], account: _Account) -> list[MeterSeries]:
    """The series without those that state the amounts of another one again, by the day or without tiers."""
    groups: dict[tuple[str, ...], dict[tuple[str, int], list[MeterSeries]]] = {}
    for at, item in enumerate(series):
        views = groups.setdefault(item.identity, {})
        views.setdefault(("tiers", 0) if item.tier else ("", at), []).append(item)
    kept: list[MeterSeries] = []
    for views in groups.values():
        ordered = sorted(views.values(), key=lambda view: -sum(len(item.starts) for item in view))
        chosen: list[list[MeterSeries]] = []
        for view in ordered:
            rival = next((other for other in chosen if _overlap(view, other)), None)
            if rival is None:
                chosen.append(view)
            elif not _is_again(view, rival, account):
                chosen.remove(rival)
        kept += [item for view in chosen for item in view]
    return kept


def _overlap(view: Sequence[MeterSeries], other: Sequence[MeterSeries]) -> bool:
    """Whether two views of a meter cover some time in common."""
    first, second = (
        (min(int(item.starts[0]) for item in one), max(item.until for item in one)) for one in (view, other)
    )
    return first[0] < second[1] and second[0] < first[1]


def _is_again(view: Sequence[MeterSeries], finer: Sequence[MeterSeries], account: _Account) -> bool:
    """Whether a view says what a finer one says; both are refused if it does not."""
    begins, ends = min(int(item.starts[0]) for item in view), max(item.until for item in view)
    stated = sum(float(item.values.sum()) for item in view)
    total = 0.0
    for item in finer:
        within = (item.starts >= begins) & (item.starts < ends)
        total += float(item.values[within].sum()) * 10.0 ** (item.power - view[0].power)
    meter = view[0].meter
    if abs(total - stated) <= _TOLERANCE * max(total, stated):
        account.say(
            Finding.of("GREEN_BUTTON_READ.again", meter=meter, count=sum(len(item.starts) for item in view)), view[0]
        )
        return True
    scale, refused = 10.0 ** view[0].power, sum(len(item.starts) for item in (*view, *finer))
    values = {"meter": meter, "first": total * scale, "second": stated * scale, "unit": view[0].unit}
    account.say(Finding.of("GREEN_BUTTON.contradicts", **values), view[0], refused=refused)
    return False


def _sum_up(series: MeterSeries, local: LocalTime, account: _Account) -> None:
    """The amounts of a series by local month, or by its own periods where they are longer than a day."""
    begins, ends = local.of(series.starts), local.of(series.starts + series.durations)
    months = begins.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    is_long = series.durations > _LONGEST_DAY
    # A long interval is a period of its own; the others of a month are one.
    keys = np.where(is_long, -1 - np.arange(len(months)), months)
    clashes = np.zeros(len(keys), dtype=bool)
    latest = np.maximum.accumulate(series.starts + series.durations)
    clashes[1:] = series.starts[1:] < latest[:-1]
    _name_gaps(series, begins, latest, account)
    count, total, intervals = 0, 0.0, 0
    for key in dict.fromkeys(keys.tolist()):
        members = keys == key
        first, last = _days(int(begins[members].min()), int(ends[members].max()), is_long=key < 0)
        if clashes[members].any():
            finding = Finding.of(
                "GREEN_BUTTON.overlap", meter=series.meter, count=int(clashes[members].sum()), first=str(first)
            )
            account.say(finding, series.where(members), refused=int(members.sum()))
            continue
        amount = series.amount(members)
        words = f"Green Button: {int(members.sum())} x {series.words}"
        row = (series.source, series.activity, amount, series.unit, first, last, words)
        account.rows.append((int(series.ordinals[members].min()), row))
        count, total, intervals = count + 1, total + amount, intervals + int(members.sum())
    if count:
        values = {"meter": series.source, "intervals": intervals, "amounts": count, "total": total}
        case = "exported" if series.is_reverse else "read"
        account.say(Finding.of(f"GREEN_BUTTON_READ.{case}", unit=series.unit, **values), series)


def _days(begins: int, ends: int, *, is_long: bool) -> tuple[date, date]:
    """The first and the last day of a period between two moments of the local clock."""
    epoch = date(1970, 1, 1)
    # A bill ends on the day on which the next begins; the hour of daylight saving time moves neither.
    slack = _SLACK if is_long else 0
    first = epoch + timedelta(days=(begins + slack) // _DAY)
    last = epoch + timedelta(days=(ends + slack) // _DAY - 1 if is_long else -(-ends // _DAY) - 1)
    if not is_long and (last.year, last.month) != (first.year, first.month):
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first, max(first, last)


def _name_gaps(
    series: MeterSeries, begins: np.ndarray[Any, Any], latest: np.ndarray[Any, Any], account: _Account
) -> None:
    """Say how much time between the first and the last interval no interval covers."""
    missing = np.maximum(series.starts[1:] - latest[:-1], 0)
    if not missing.any():
        return
    first = int(np.flatnonzero(missing)[0])
    day = date(1970, 1, 1) + timedelta(days=int(begins[first + 1] - missing[first]) // _DAY)
    hours = float(missing.sum()) / _HOUR
    account.say(Finding.of("GREEN_BUTTON_GAP", meter=series.source, hours=hours, first=str(day)), series)
