"""Cumulative registers of meters as amounts between two readings, on the caller's engine.

The register of a meter of d digits goes from 10^d - 1 to 0. A reading that is lower than the one before may be such a rollover, or a
mistake: it is taken as a rollover if the digits are stated and the difference on the circle of the register is less than half of it,
and refused otherwise. Another meter begins again with its first reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.time_resolved.engine import Frame, collected

__all__ = ["RegisterAmounts", "register_amounts"]

_FALLS, _AFTER_FALL, _SAME_TIME, _TOO_LARGE, _UNREAD = "falls", "after_fall", "same_time", "too_large", "unread"


@dataclass(frozen=True, slots=True)
class RegisterAmounts:
    """Amounts between the readings of registers.

    Parameters
    ----------
    frame : frame
        Of the caller's kind: the columns that it had besides the reading and the moment, ``start`` and ``end`` (of the earlier and the
        later reading) and ``amount``, the multiplier in it.
    findings : tuple of Finding
        What is refused, what rolled over, how many readings open a meter, and which meters were exchanged.
    """

    frame: Any
    findings: tuple[Finding, ...]


def register_amounts(
    readings: Any,
    *,
    digits: int | None = None,
    multiplier: float = 1.0,
    by: tuple[str, ...] = ("source",),
    meter: str = "",
    moment: str = "start",
    reading: str = "reading",
    name: str = "",
) -> RegisterAmounts:
    """The amounts between the readings of cumulative registers.

    Parameters
    ----------
    readings : frame
        Of pandas, Polars, DuckDB or PySpark, with the columns that are named here.
    digits : int, optional
        Of the register before the point; without it a reading that falls is refused.
    multiplier : float
        Of the transformers of the meters.
    by : tuple of str
        The columns that tell sources apart.
    meter : str
        The column with the number of the meter, if meters are exchanged; the time from the last reading of one to the first of the next has
        no amount.
    moment, reading : str
        The columns of when it was read, and what it showed.
    name : str
        What findings call the readings.

    Returns
    -------
    RegisterAmounts
        The first reading of each meter has no amount, which is said with their count.

    Raises
    ------
    EntriesError
        If a column is missing.

    Notes
    -----
    (end - start + rollover) x multiplier, as for the meter readings of entries.
    """
    frame: Any = nw.from_native(readings)
    names = frame.collect_schema().names()
    wanted = [*by, *([meter] if meter else []), moment, reading]
    missing = tuple(item for item in wanted if item not in names)
    if missing:
        raise EntriesError([Finding.of("MISSING_COLUMN.frame", missing=missing, columns=tuple(names)).at(file=name)])
    keys = [*by, *([meter] if meter else [])]
    value = nw.col(reading).cast(nw.Float64)
    usable = ~(value.is_null() | ~value.is_finite() | (value < 0) | nw.col(moment).is_null()) & ~_any_null(keys)
    unread = collected(frame.select(bad=nw.when(usable).then(nw.lit(0)).otherwise(nw.lit(1)).sum()))
    findings = _counted(_UNREAD, int(unread["bad"].iloc[0] or 0), name)
    judged = _judged(frame.filter(usable), keys, moment, reading, digits)
    findings += _register_findings(judged, by, meter, name)
    kept = [item for item in names if item not in {moment, reading, "start", "end", "amount"}]
    amounts = judged.filter(nw.col("kind").is_in(["follows", "rollover"])).select(
        *kept,
        start=nw.col("before_at"),
        end=nw.col(moment),
        amount=nw.col("counted") * multiplier,
    )
    return RegisterAmounts(amounts.to_native(), tuple(findings))


def _any_null(names: list[str]) -> nw.Expr:
    """Whether one of some columns says nothing."""
    return nw.any_horizontal(*(nw.col(item).is_null() for item in names), ignore_nulls=True)


def _judged(frame: Frame, keys: list[str], moment: str, reading: str, digits: int | None) -> Frame:
    """The readings with the one before, what was counted between them, and of which kind the difference is."""
    size = 10.0**digits if digits is not None else 0.0
    value = nw.col(reading).cast(nw.Float64)
    paired = frame.with_columns(
        value=value,
        before=value.shift(1).over(*keys, order_by=[moment, reading]),
        before_at=nw.col(moment).shift(1).over(*keys, order_by=[moment, reading]),
    )
    difference = nw.col("value") - nw.col("before")
    around = difference + size
    is_large = (nw.col("value") >= size) | (nw.col("before") >= size) if size else nw.lit(value=False)
    is_rollover = (around < size / 2) if size else nw.lit(value=False)
    judged = nw.lit(_FALLS)
    judged = nw.when(is_rollover).then(nw.lit("rollover")).otherwise(judged)
    judged = nw.when(difference >= 0).then(nw.lit("follows")).otherwise(judged)
    judged = nw.when(is_large).then(nw.lit(_TOO_LARGE)).otherwise(judged)
    judged = nw.when(nw.col(moment) == nw.col("before_at")).then(nw.lit(_SAME_TIME)).otherwise(judged)
    judged = nw.when(nw.col("before").is_null()).then(nw.lit("first")).otherwise(judged)
    told = paired.with_columns(kind=judged, counted=nw.when(difference >= 0).then(difference).otherwise(around))
    # Of a reading that falls and the one before nobody knows which is wrong, so that what follows rests on neither.
    fell = nw.col("kind").shift(1).over(*keys, order_by=[moment, reading]) == _FALLS
    return told.with_columns(kind=nw.when(fell).then(nw.lit(_AFTER_FALL)).otherwise(nw.col("kind")))


def _register_findings(judged: Frame, by: tuple[str, ...], meter: str, name: str) -> list[Finding]:
    """What is to be said of the readings, by kind."""
    counts = collected(judged.group_by("kind").agg(nw.len().alias("rows"))).set_index("kind")["rows"].to_dict()
    findings = [
        found
        for case in (_FALLS, _AFTER_FALL, _SAME_TIME, _TOO_LARGE)
        for found in _counted(case, int(counts.get(case, 0)), name)
    ]
    if counts.get("rollover"):
        findings.append(Finding.of("REGISTER_NOTE.rollover", rows=int(counts["rollover"])).at(file=name))
    findings.append(Finding.of("REGISTER_NOTE.first", rows=int(counts.get("first", 0))).at(file=name))
    if meter:
        own = collected(judged.select(*by, meter).unique()).groupby(list(by))[meter].nunique()
        exchanged = int((own - 1).sum())
        if exchanged:
            findings.append(Finding.of("REGISTER_NOTE.exchange", meters=exchanged).at(file=name))
    return findings


def _counted(case: str, rows: int, name: str) -> list[Finding]:
    """The finding of a kind of defect, if there are any."""
    return [Finding.of(f"REGISTER.{case}", rows=rows).at(file=name)] if rows else []
