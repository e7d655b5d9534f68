"""Readings under the names that a calculation in time needs: source, region, kWh, and when each begins and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from carbonledger.activity_data.entry_headings import field_of_heading
from carbonledger.core.errors import BookError, EntriesError, UnitError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.units import conversion_factor
from carbonledger.time_resolved.engine import Frame, collected, with_seconds
from carbonledger.time_resolved.series_rows import unit_in_heading
from carbonledger.time_resolved.steps import seconds_of_step

__all__ = ["ReadingRows", "reading_rows"]

_FIELDS = frozenset({"source", "site", "region", "amount", "unit", "start", "end"})
_FOLD = "fold"
_DAY = 86400


@dataclass(frozen=True, slots=True)
class ReadingRows:
    """Readings under the names that the calculation uses.

    Parameters
    ----------
    frame : narwhals frame
        ``source``, ``region``, ``kwh``, ``unit_known`` (0 or 1), ``start`` and ``stop`` in seconds, and ``fold`` if there is one.
    is_local_start, is_local_stop : bool
        Whether these are by the clock of the region, instead of in UTC.
    has_fold : bool
        Whether a column says which of two like times is meant.
    step : int
        How long each reading is, seconds; 0 if a column says when it ends.
    findings : tuple of Finding
        Units that are none of energy, and amounts of 32 bits.
    """

    frame: Frame
    is_local_start: bool
    is_local_stop: bool
    has_fold: bool
    step: int
    findings: tuple[Finding, ...]


def reading_rows(readings: Any, *, region: str, unit: str, step: str, name: str) -> ReadingRows:
    """Read the headings of a frame of readings.

    Parameters
    ----------
    readings, region, unit, step, name
        See `carbonledger.time_resolved.hourly_emissions`.

    Raises
    ------
    EntriesError
        If a column is missing, comes twice, or holds something else than it must.
    BookError
        If the step is none.
    """
    frame: Any = nw.from_native(readings)
    schema = frame.collect_schema()
    headings, stated_unit = _headings(list(schema.names()), name)
    seconds = _seconds(step)
    known = {*headings, *(["region"] if region else []), *(["unit"] if unit or stated_unit else [])}
    known |= {"end"} if seconds else set()
    missing = tuple(item for item in ("region", "amount", "unit", "start", "end") if item not in known)
    findings = [Finding.of("MISSING_COLUMN.frame", missing=missing, columns=tuple(schema.names()))] if missing else []
    findings += _unfit(headings, schema)
    if findings:
        raise EntriesError(finding.at(file=name) for finding in findings)
    moments = {headings["start"]: "start_s"} | ({} if seconds else {headings["end"]: "stop_s"})
    timed: Any = with_seconds(frame, moments)
    after = _DAY if "end" in headings and schema[headings["end"]] == nw.Date else 0
    fold = {_FOLD: nw.col(headings[_FOLD]).cast(nw.Int64)} if _FOLD in headings else {}
    texts = {key: _text(headings, key, value) for key, value in (("region", region), ("unit", unit or stated_unit))}
    chosen = timed.select(
        source=_text(headings, "source" if "source" in headings else "site", ""),
        **texts,
        amount=nw.col(headings["amount"]).cast(nw.Float64),
        start=nw.col("start_s"),
        stop=nw.col("start_s") + seconds if seconds else nw.col("stop_s") + after,
        **fold,
    )
    stated = unit or stated_unit
    units = [stated] if "unit" not in headings else collected(chosen.group_by("unit").agg(nw.len()))["unit"].tolist()
    scale, is_known, unread = _scales(units)
    frame_kwh = chosen.with_columns(kwh=nw.col("amount") * scale, unit_known=is_known).drop("amount", "unit")
    local = [getattr(schema[headings[key]], "time_zone", None) is None for key in ("start", "end") if key in headings]
    amount = headings["amount"]
    single = [Finding.of("READINGS_SINGLE", column=amount)] if schema[amount] == nw.Float32 else []
    found = tuple(finding.at(file=name) for finding in (*unread, *single))
    return ReadingRows(frame_kwh, local[0], local[-1] and not seconds, bool(fold), seconds, found)


def _headings(names: list[str], file: str) -> tuple[dict[str, str], str]:
    """The heading of each field, and the unit that the heading of the amounts names."""
    found: dict[str, list[str]] = {}
    for heading in names:
        meaning = _FOLD if heading.lower() == _FOLD else field_of_heading(heading)
        if meaning in _FIELDS or meaning == _FOLD:
            found.setdefault(meaning, []).append(heading)
    double = [
        Finding.of("DOUBLE_HEADING", first=own[0], second=own[1], field=key).at(file=file)
        for key, own in found.items()
        if len(own) > 1
    ]
    if double:
        raise EntriesError(double)
    headings = {key: own[0] for key, own in found.items()}
    return headings, unit_in_heading(headings["amount"]) if "amount" in headings and "unit" not in headings else ""


def _seconds(step: str) -> int:
    """The seconds of a step that is stated; 0 if none is."""
    found = seconds_of_step(step) if step else 0
    if isinstance(found, str):
        raise BookError(Message.of("TIME_ZONE.calendar", step=step))
    return found


def _unfit(headings: Mapping[str, str], schema: Mapping[str, Any]) -> list[Finding]:
    """A finding for each column whose type cannot be calculated with."""
    found = [
        Finding.of("READINGS.no_time", column=headings[key], type=str(schema[headings[key]]))
        for key in ("start", "end")
        if key in headings and not isinstance(schema[headings[key]], nw.Datetime | nw.Date)
    ]
    if "amount" in headings and not schema[headings["amount"]].is_numeric():
        found.append(Finding.of("READINGS.no_number", column=headings["amount"], type=str(schema[headings["amount"]])))
    return found


def _text(headings: Mapping[str, str], key: str, stated: str) -> nw.Expr:
    """A column as text, empty where it says nothing, or what is stated for all rows."""
    return nw.col(headings[key]).cast(nw.String).fill_null("") if key in headings else nw.lit(stated)


def _scales(units: list[str]) -> tuple[nw.Expr, nw.Expr, list[Finding]]:
    """How many kWh one of a row's unit is, whether it is a unit of energy, and what is wrong with those that are none."""
    scale, known = nw.lit(0.0), nw.lit(0)
    findings: list[Finding] = []
    for text in sorted(units):
        try:
            own = conversion_factor(text, "kWh")
        except UnitError as error:
            findings += [Finding.from_message(error.says)] if error.says else []
            continue
        scale = nw.when(nw.col("unit") == text).then(nw.lit(own)).otherwise(scale)
        known = nw.when(nw.col("unit") == text).then(nw.lit(1)).otherwise(known)
    return scale, known, findings
