"""Readings with Polars: files scanned lazily and summed by its streaming engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from carbonledger.inventory.exact_sums import MIDDLE, UPPER
from carbonledger.readings.columns import FILE, ROW, ReadingColumns
from carbonledger.readings.other_engines import LONGEST_US, Part, keys_of, other_remainder, remainder
from carbonledger.readings.summation import PIECE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PolarsRows"]

_UNITS = {"second": "s", "minute": "m", "hour": "h", "day": "d", "week": "w", "month": "mo"}
_DAY_US = 86_400_000_000


class PolarsRows:
    """Files of Parquet as one lazy frame.

    Parameters
    ----------
    parts : sequence of Part
        The files.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        import polars as pl

        frames = []
        for part in parts:
            frame = pl.scan_parquet(part.path, glob=False, hive_partitioning=False)
            if part.number is not None:
                frame = frame.with_row_index(ROW).with_columns(pl.lit(part.number, pl.Int64).alias(FILE))
            frames.append(frame.with_columns(*(pl.lit(text).alias(name) for name, text in part.folders)))
        self._frame: Any = pl.concat(frames, how="diagonal_relaxed")

    def grouped(self, columns: ReadingColumns) -> pd.DataFrame:
        """See `EngineRows`."""
        import polars as pl

        start, stop = pl.col("start"), pl.col("stop")
        told = [
            _exact_sum(pl.col("amount")).alias("amount"),
            pl.col("amount").max().alias("largest"),
            pl.len().cast(pl.Int64).alias("readings"),
            start.min().alias("first"),
            stop.max().alias("last"),
            pl.col("place").min(),
            (stop - start).cast(pl.Float64).sum().alias("covered"),
            (remainder(stop) - remainder(start)).sum().alias("chain"),
            (other_remainder(stop) - other_remainder(start)).sum().alias("other_chain"),
        ]
        grouped = self._named(columns).group_by(*columns.texts, "sound", *PIECE).agg(*told)
        found: pd.DataFrame = grouped.collect(engine="streaming").to_pandas()
        return found

    def brought(self, columns: ReadingColumns, sums: pd.DataFrame | None) -> Any:
        """See `EngineRows`."""
        import polars as pl

        named = self._named(columns)
        if sums is None:
            meant = named.filter(~pl.col("sound"))
        else:
            names = (*columns.texts, *PIECE)
            schema = {name: pl.Int64 if name in PIECE else pl.String for name in names}
            keys = pl.LazyFrame(keys_of(columns, sums), schema=schema)
            meant = named.filter(pl.col("sound")).join(keys, on=list(names), how="semi", nulls_equal=True)
        return (
            meant.select(*(f"own {name}" for name in columns.types))
            .rename({f"own {name}": name for name in columns.types})
            .collect(engine="streaming")
            .to_arrow(compat_level=pl.CompatLevel.oldest())
        )

    def _named(self, columns: ReadingColumns) -> Any:
        """The rows under the names of entries, with their own columns behind."""
        import polars as pl

        own = {name: pl.col(name).alias(f"own {name}") for name in columns.types}
        texts = [
            pl.col(columns.headings[name]).cast(pl.String).alias(name)
            if name in columns.headings
            else pl.lit(columns.stated[name]).alias(name)
            for name in columns.texts
        ]
        begins = self._us(columns, "start")
        place = pl.lit(None, pl.Int64)
        if columns.is_placed:
            place = pl.col(FILE).cast(pl.Int64) * (1 << 40) + pl.col(ROW).cast(pl.Int64)
        amount = pl.col(columns.headings["amount"]).cast(pl.Float64)
        named = self._frame.select(
            *own.values(),
            *texts,
            amount.alias("amount"),
            begins.alias("start"),
            self._ends(columns).alias("stop"),
            place.alias("place"),
        )
        start, stop, amount = pl.col("start"), pl.col("stop"), pl.col("amount")
        sound = amount.is_finite() & (amount >= 0) & (stop > start)
        is_long = stop - start > LONGEST_US
        return named.with_columns(
            sound.fill_null(value=False).alias("sound"),
            _local(start, columns).dt.truncate("1mo").dt.timestamp("us").alias("span"),
            pl.when(is_long).then(start).alias("long_start"),
            pl.when(is_long).then(stop).alias("long_stop"),
        )

    def _us(self, columns: ReadingColumns, field: str) -> Any:
        """A moment of a column in microseconds since 1970."""
        import polars as pl

        column = pl.col(columns.headings[field])
        if columns.types[columns.headings[field]] == "DATE":
            return column.cast(pl.Datetime("us")).dt.timestamp("us")
        return column.dt.timestamp("us")

    def _ends(self, columns: ReadingColumns) -> Any:
        """The moment at which a reading ends."""
        if "end" in columns.headings:
            moment = self._us(columns, "end")
            return moment + _DAY_US if columns.types[columns.headings["end"]] == "DATE" else moment
        begins = self._us(columns, "start")
        if columns.length_us is not None:
            return begins + columns.length_us
        count, unit = (columns.step or "1 day").split(" ")
        later = _clock(begins, columns).dt.offset_by(f"{count}{_UNITS[unit.removesuffix('s')]}")
        return later.dt.timestamp("us")


def _exact_sum(amount: Any) -> Any:
    """The sum of amounts whatever their order, as in `carbonledger.inventory.exact_sums`."""
    upper = (amount + UPPER) - UPPER
    middle = ((amount - upper) + MIDDLE) - MIDDLE
    return upper.sum() + (middle.sum() + ((amount - upper) - middle).sum())


def _clock(us: Any, columns: ReadingColumns) -> Any:
    """A moment in microseconds as one of the zone."""
    import polars as pl

    moment = us.cast(pl.Datetime("us"))
    return moment.dt.replace_time_zone("UTC").dt.convert_time_zone(columns.zone) if columns.zone else moment


def _local(us: Any, columns: ReadingColumns) -> Any:
    """A moment in microseconds by the clock of the zone, without the zone."""
    return _clock(us, columns).dt.replace_time_zone(None)
