"""Sums that do not depend on the order and the partition of the rows, on engines that add one number after the other.

A million times 0.1 is off by 1e-11 where each addition rounds, and differently on each engine and for each number of threads. Split at
two fixed places of its binary digits an amount has three parts: the sums of the upper two need no rounding, and that of the third, less
than a millionth, may be rounded. pandas compensates its sums by itself.

References
----------
J. Demmel and H. D. Nguyen, Parallel Reproducible Summation, IEEE Transactions on Computers (2014): their bins, fixed here. The upper sum
is exact up to 2^58, for amounts below 2^56; the middle one for 2^28 rows; the lower part of an amount is below 2^-21.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from carbonledger.core.duckdb_text import quoted

__all__ = ["MIDDLE", "UPPER", "exact_sums"]

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]
# Further than this places are not told by one number.
_WIDEST = 1 << 62
# Adding and taking away 1.5 x 2^k leaves the multiples of 2^(k - 52) of a smaller number.
UPPER, MIDDLE = 1.5 * 2.0**57, 1.5 * 2.0**31


def exact_sums(frame: Frame, groups: Sequence[str], amounts: Sequence[str], counts: Mapping[str, str]) -> pd.DataFrame:
    """Sums of columns of amounts by some other columns, in the order of these.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
        Of rows.
    groups, amounts : sequence of str
        Columns by which, and which columns of 64 bits are summed.
    counts : mapping of str to str
        Sums of whole numbers: what they are called, and of which column; of no name, the number of rows.
    """
    # Sorted when they are here: an engine of several machines would move the sums a second time to do it.
    implementation: Any = frame.implementation
    if implementation is nw.Implementation.DUCKDB:
        return _in_order(_of_duckdb(frame, groups, amounts, counts), groups)
    parts = _with_parts(frame, amounts)
    whole = [(nw.col(name).sum() if name else nw.len()).alias(alias) for alias, name in counts.items()]
    sums = parts.group_by(*groups).agg(nw.col(*_part_names(amounts)).sum(), *whole)
    return _whole_of_parts(_in_order(sums, groups), amounts)


def _in_order(sums: Any, groups: Sequence[str]) -> pd.DataFrame:
    """Small sums as pandas, in the order of the groups, what is missing first."""
    arrow = sums.collect(backend="pyarrow") if isinstance(sums, nw.LazyFrame) else sums
    table: pd.DataFrame = arrow.to_pandas()
    # Of many rows few texts are distinct, and these are compared once.
    place = np.zeros(len(table), dtype=np.int64)
    width = 1
    for name in groups:
        codes, values = pd.factorize(table[name], use_na_sentinel=False)
        if width * max(len(values), 1) >= _WIDEST:
            places, place = np.unique(place, return_inverse=True)
            width = len(places)
        width *= max(len(values), 1)
        ordered = pd.Series(values).astype(object) if values.dtype == "category" else pd.Series(values)
        ranks = np.empty(len(values), dtype=np.int64)
        ranks[ordered.sort_values(na_position="first").index] = np.arange(len(values))
        place = place * len(values) + ranks[codes]
    return table.take(np.argsort(place, kind="stable")).reset_index(drop=True)


def _of_duckdb(frame: Any, groups: Sequence[str], amounts: Sequence[str], counts: Mapping[str, str]) -> Any:
    """Sums of DuckDB by the method of Kahan, which it has."""
    keys = ", ".join(map(quoted, groups))
    sums = [f"fsum({quoted(name)}) AS {quoted(name)}" for name in amounts]
    whole = {alias: f"CAST(sum({quoted(name)}) AS BIGINT)" if name else "count(*)" for alias, name in counts.items()}
    sums += [f"{expression} AS {quoted(alias)}" for alias, expression in whole.items()]
    return nw.from_native(frame.to_native().aggregate(", ".join([keys, *sums]), keys))


def _part_names(names: Sequence[str]) -> list[str]:
    """The columns that `_with_parts` adds."""
    return [f"{name}_{part}_part" for name in names for part in ("upper", "middle", "lower")]


def _with_parts(frame: Any, names: Sequence[str]) -> Any:
    """The frame with three columns beside each column of amounts, which add up to it without rounding.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
        Of rows.
    names : sequence of str
        Columns of 64 bits.
    """
    parts = {name: _part_names([name]) for name in names}
    upper = {own[0]: (nw.col(name) + UPPER) - UPPER for name, own in parts.items()}
    frame = frame.with_columns(**upper)
    frame = frame.with_columns(**{own[2]: nw.col(name) - nw.col(own[0]) for name, own in parts.items()})
    frame = frame.with_columns(**{own[1]: (nw.col(own[2]) + MIDDLE) - MIDDLE for own in parts.values()})
    return frame.with_columns(**{own[2]: nw.col(own[2]) - nw.col(own[1]) for own in parts.values()})


def _whole_of_parts(sums: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Summed parts as one sum for each column of amounts, in the place of its first part.

    Parameters
    ----------
    sums : pandas.DataFrame
        With the columns of `_part_names`.
    names : sequence of str
        The columns of amounts.
    """
    whole = sums
    for name in names:
        upper, middle, lower = _part_names([name])
        whole = whole.assign(**{upper: whole[upper] + (whole[middle] + whole[lower])})
        whole = whole.drop(columns=[middle, lower]).rename(columns={upper: name})
    return whole
