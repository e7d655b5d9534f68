"""Single readings far beyond all others of their meter: another unit, a lost point, or a number that stands for no reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log10
from typing import TYPE_CHECKING, Any

from carbonledger.core.findings import Finding
from carbonledger.readings.columns import ReadingColumns, placed
from carbonledger.readings.defects import same
from carbonledger.readings.summation import SOUND, rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["spike_findings"]

# No load has a peak so far above everything else in its life: peaks of a profile have others beside them.
_TIMES = 100
# A power of ten times the readings before and after, within a factor of two, need only be above all others.
_POWERS, _NEAR, _ABOVE = (3, 4, 6), 0.3, 3
# What is looked at: months whose largest reading is so many times the mean of the others, and the usual one of its months;
# of a meter of one or two months the mean alone tells.
_FAR, _FAR_OF_FEW, _FEW = 10, 30, 3
# Of fewer readings, such as days of a quarter, it is not known what is usual; what recurs is how a plant works, such as a pump.
_ENOUGH = 100
_READINGS_A_SPIKE = 5000
_MOST = 5


def spike_findings(
    rows_of_sums: Callable[[pd.DataFrame], Any],
    columns: ReadingColumns,
    sums: pd.DataFrame,
    name: str,
    files: Sequence[str] = (),
) -> Iterator[Finding]:
    """The meters of which a few readings are at least a hundred times all others.

    Parameters
    ----------
    rows_of_sums : callable
        A relation of DuckDB with the readings of some sums, and maybe others; asked only if a sum has a reading far above its mean.
    columns : ReadingColumns
        Which columns hold what; where they name no meter, nothing is told.
    sums : pandas.DataFrame
        As in `carbonledger.readings.summation.Summation`.
    name : str
        What the readings are called where they are no files.
    files : sequence of str
        What the files are called, by number.
    """
    keys = [*columns.series, "unit"]
    if not columns.series:
        return
    far = _far(sums, keys)
    if not far.any():
        return
    carbonledger_doubtful = sums.loc[far, keys].drop_duplicates()
    relation = rows_of_sums(sums.merge(carbonledger_doubtful, on=keys))
    listed = ", ".join(keys)
    query = f"""
        WITH meant AS (
            SELECT named.*, lag(amount) OVER meter AS before, lead(amount) OVER meter AS after
            FROM (SELECT * FROM ({rows_of(columns)}) WHERE {SOUND}) AS named
            SEMI JOIN carbonledger_doubtful AS doubtful ON {same(keys, "named", "doubtful")}
            WINDOW meter AS (PARTITION BY {listed} ORDER BY start)
        )
        SELECT {listed}, count(*) AS readings, max(struct_pack(
            amount := amount, before := before, after := after, start := {columns.local("start")}, place := place
        ), {_MOST + 1}) AS largest
        FROM meant GROUP BY {listed} ORDER BY {listed}
    """
    for *texts, readings, largest in relation.query("readings", query).fetchall():
        known = dict(zip(keys, texts, strict=True))
        if known["source"]:
            yield from _of_meter(known, int(readings), largest, name, files)


def _far(sums: pd.DataFrame, keys: Sequence[str]) -> pd.Series[bool]:
    """The sums with a reading far above the others, and above what the meter usually reaches in a month."""
    others = (sums["amount"] - sums["largest"]).clip(lower=0) / (sums["readings"] - 1).clip(lower=1)
    far = (sums["largest"] > 0) & (sums["readings"] > 1) & (sums["largest"] >= _FAR * others)
    if not far.any():
        return far
    months = sums.groupby(list(keys), dropna=False)["largest"]
    usual = sums["largest"] >= _ABOVE * months.transform("median")
    return far & (usual | ((months.transform("size") < _FEW) & (sums["largest"] >= _FAR_OF_FEW * others)))


def _of_meter(
    texts: Mapping[str, Any], readings: int, largest: Sequence[Mapping[str, Any]], name: str, files: Sequence[str]
) -> Iterator[Finding]:
    """What is to be said of a meter, by its largest readings."""
    amounts = [float(reading["amount"]) for reading in largest]
    most = min(_MOST, max(2, readings // _READINGS_A_SPIKE), len(largest) - 1)
    count = next((at for at in range(1, most + 1) if _set_apart(largest[:at], amounts[at])), 0)
    if not count or readings < _ENOUGH:
        return
    first = min(largest[:count], key=lambda reading: reading["start"])
    place = placed(first["place"]) if files else None
    finding = Finding.of(
        "UNIT_10K.reading",
        source=" / ".join(str(text) for key, text in texts.items() if text and key in ("entity", "site", "source")),
        count=count,
        amount=amounts[0],
        unit=str(texts["unit"] or ""),
        first=str(first["start"].isoformat(sep=" ", timespec="minutes")),
        usual=amounts[count],
    )
    yield finding.at(file=name) if place is None else finding.at(file=files[place[0]], row=place[1] + 1)


def _set_apart(spikes: Sequence[Mapping[str, Any]], others: float) -> bool:
    """Whether readings are far above all others of their meter, or above them and a power of ten times those beside them."""
    least = float(spikes[-1]["amount"])
    if least >= _TIMES * others > 0:
        return True
    return least >= _ABOVE * others > 0 and all(map(_is_a_power, spikes))


def _is_a_power(spike: Mapping[str, Any]) -> bool:
    """Whether a reading is a power of ten times the one before and the one after."""
    before, after = spike["before"] or 0.0, spike["after"] or 0.0
    if not before or not after:
        return False
    exponent = log10(spike["amount"]) - log10(before * after) / 2
    return any(abs(exponent - power) < _NEAR for power in _POWERS)
