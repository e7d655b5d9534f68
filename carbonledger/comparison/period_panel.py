"""A long table by period and category as arrays, one row a period and one column a category."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from carbonledger.comparison.effect_terms import EffectTerm, Term
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = ["Panel", "checked_values", "panel_of_arrays", "panel_of_frame", "plain_columns"]

_MOST_ROWS = 5
_PERIODS_AND_CATEGORIES = 2


@dataclass(frozen=True)
class Panel:
    """Columns of numbers by period and category.

    Parameters
    ----------
    periods : tuple
        In order.
    keys : pandas.DataFrame
        One row a category: its levels.
    columns : mapping of str to numpy.ndarray of shape (periods, categories)
        The numbers; not a number where there is no row.
    present : numpy.ndarray of bool, or None
        Whether there is a row; None if there is everywhere.
    kind : frame or None
        A frame of the caller's kind.
    """

    periods: tuple[Any, ...]
    keys: pd.DataFrame
    columns: Mapping[str, Numbers]
    present: Mask | None = None
    kind: Any = None
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def codes(self) -> dict[tuple[str, ...], NDArray[np.intp]]:
        """By levels, the number of the member that each category belongs to."""
        return {}

    def rows_of(self, mask: Mask) -> tuple[str, ...]:
        """Some rows as a message names them: period and category; the first few."""
        found = np.argwhere(mask)
        texts = [
            " / ".join(map(str, (self.periods[period], *self.keys.iloc[category])))
            for period, category in found[:_MOST_ROWS]
        ]
        return (*texts, "…") if len(found) > _MOST_ROWS else tuple(texts)

    def say(self, key: str, mask: Mask, **values: Any) -> None:
        """A finding about the rows of a mask, if there are any."""
        if mask.any():
            self.findings.append(Finding.of(key, count=int(mask.sum()), rows=self.rows_of(mask), **values))

    def refuse(self) -> None:
        """Refuse the data if anything was found."""
        if self.findings:
            raise EntriesError(self.findings)

    def filled(self, name: str, *, summed: bool) -> Numbers:
        """A column in which a category without a row in a period has 0 of what is summed, and what the whole period has of the rest."""
        values = self.columns[name]
        if self.present is None:
            return values
        if summed:
            return np.where(self.present, values, 0.0)
        with np.errstate(invalid="ignore"):
            low, high = np.nanmin(values, axis=1, keepdims=True), np.nanmax(values, axis=1, keepdims=True)
        self.say("DECOMPOSITION.absent", ~self.present & (low != high), column=name)
        return np.where(self.present, values, low)

    def value_of(self, term: Term, summed: frozenset[str]) -> Numbers:
        """What a term is, by period and category."""
        values = self.filled(term.column, summed=term.column in summed)
        if not term.is_sum:
            return values
        if not term.within:
            return np.broadcast_to(values.sum(axis=1, keepdims=True), values.shape)
        codes = self._codes(term.within)
        return np.stack([np.bincount(codes, weights=row)[codes] for row in values])

    def _codes(self, levels: tuple[str, ...]) -> NDArray[np.intp]:
        """The number of the member of some levels that each category belongs to."""
        if levels not in self.codes:
            self.codes[levels] = _groups(self.keys, levels)
        return self.codes[levels]

    def effect(self, effect: EffectTerm, summed: frozenset[str]) -> Numbers:
        """An effect by period and category; not a number where 0 is divided by 0, which leaves it open."""
        values = self.value_of(effect.numerator, summed)
        if effect.denominator is None:
            return values
        below = self.value_of(effect.denominator, summed)
        self.say("DECOMPOSITION.divided", (below == 0) & (values != 0), effect=effect.name)
        with np.errstate(divide="ignore", invalid="ignore"):
            return values / below


def plain_columns(data: Any) -> Any:
    """The data as a narwhals frame, a lazy one collected; None if they are no frame."""
    frame = nw.from_native(data, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        return frame.collect()
    return frame if isinstance(frame, nw.DataFrame) else None


def panel_of_frame(frame: Any, period: str, by: Sequence[str], numbers: Iterable[str]) -> Panel:
    """A long frame as arrays.

    Parameters
    ----------
    frame : narwhals.DataFrame
        One row a period and category.
    period : str
        The column of the periods, which sort.
    by : sequence of str
        The columns that name a category; none if there is but one.
    numbers : iterable of str
        The columns of numbers that are needed.

    Returns
    -------
    Panel

    Raises
    ------
    EntriesError
        If a column is no number, or a period and category stands twice.
    """
    import pandas as pd

    levels = pd.DataFrame({name: frame.get_column(name).to_list() for name in by})
    order, spots = _categories(levels, len(frame))
    periods, times = _periods(frame.get_column(period).to_list())
    shape = len(periods), len(order)
    count = np.bincount(times * shape[1] + spots, minlength=shape[0] * shape[1]).reshape(shape)
    found = {}
    findings: list[Finding] = []
    for name in dict.fromkeys(numbers):
        values = np.full(shape, np.nan)
        try:
            values[times, spots] = _numbers(pd.Series(frame.get_column(name).to_list()), name)
        except EntriesError as error:
            findings += error.findings
        found[name] = values
    present = count > 0
    panel = Panel(periods, order, found, None if present.all() else present, frame.to_native(), findings)
    panel.say("DECOMPOSITION.twice", count > 1)
    panel.refuse()
    return panel


def _categories(levels: pd.DataFrame, rows: int) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Each category once, in order of appearance, and the category of each row."""
    import pandas as pd

    if not len(levels.columns):
        return pd.DataFrame(index=range(1)), np.zeros(rows, dtype=np.intp)
    spots = _groups(levels, list(levels.columns))
    _, first = np.unique(spots, return_index=True)
    return levels.iloc[first].reset_index(drop=True), spots


def _groups(levels: pd.DataFrame, names: Sequence[str]) -> NDArray[np.intp]:
    """The number of the member of some levels that each row belongs to."""
    return np.asarray(levels.groupby(list(names), sort=False, dropna=False).ngroup(), dtype=np.intp)


def _periods(cells: Sequence[Any]) -> tuple[tuple[Any, ...], NDArray[np.intp]]:
    """Each period once, sorted, and the period of each row."""
    import pandas as pd

    if any(cell is None or cell != cell for cell in cells):
        raise EntriesError([Finding.of("DECOMPOSITION.no_period")])
    codes, found = pd.factorize(np.array(cells, dtype=object), sort=True)
    return tuple(found.tolist()), np.asarray(codes, dtype=np.intp)


def panel_of_arrays(data: Any, names: Sequence[str]) -> Panel:
    """Arrays as they are: periods and categories are numbered from 0.

    Parameters
    ----------
    data : mapping of str to array, or array
        By name, of shape (periods, categories), or (periods,) for what the whole period has; or one array of shape (periods, categories,
        effects).
    names : sequence of str
        What the last axis of one array is called.

    Returns
    -------
    Panel

    Raises
    ------
    EntriesError
        If the shapes do not fit.
    """
    import pandas as pd

    raw = _by_name(data, names)
    shapes = {values.shape for values in raw.values()}
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        shape = ()
    if len(shape) != _PERIODS_AND_CATEGORIES or any(item[0] != shape[0] for item in shapes):
        texts = tuple(str(item) for item in sorted(shapes)) or (str(np.shape(data)),)
        raise EntriesError([Finding.of("DECOMPOSITION.shape", shapes=texts)])
    keys = pd.DataFrame({"category": range(shape[1])})
    return Panel(tuple(range(shape[0])), keys, {name: np.broadcast_to(values, shape) for name, values in raw.items()})


def _by_name(data: Any, names: Sequence[str]) -> dict[str, Numbers]:
    """Arrays by name; none if one array has another shape."""
    if isinstance(data, Mapping):
        raw = {str(name): _numbers(values, str(name)) for name, values in data.items()}
        return {name: values[:, np.newaxis] if values.ndim == 1 else values for name, values in raw.items()}
    whole = _numbers(data, "data")
    fits = whole.ndim == _PERIODS_AND_CATEGORIES + 1 and whole.shape[-1] == len(names)
    return {name: np.ascontiguousarray(whole[..., at]) for at, name in enumerate(names)} if fits else {}


def _numbers(values: Any, name: str) -> Numbers:
    """An array of real numbers."""
    try:
        if np.iscomplexobj(values):
            raise TypeError(name)
        return np.asarray(values, dtype="float64")
    except (TypeError, ValueError) as error:
        raise EntriesError([Finding.of("DECOMPOSITION.text", column=name)]) from error


def checked_values(
    panel: Panel, terms: Sequence[EffectTerm], total: str | None, tolerance: float
) -> tuple[Numbers, list[Numbers]]:
    """The products and the effects by period and category.

    Parameters
    ----------
    panel : Panel
        The data.
    terms : sequence of EffectTerm
        The effects.
    total : str or None
        The column that their product is; None if there is none.
    tolerance : float
        How far a product may be from it, as a fraction.

    Returns
    -------
    tuple of numpy.ndarray of shape (periods, categories), and a list of such
        In the unit of the total; each effect in its own.

    Raises
    ------
    EntriesError
        With everything that is wrong with them.
    """
    summed = frozenset(term.column for effect in terms for term in effect.terms if term.is_sum) | {total or ""}
    for name, values in panel.columns.items():
        if values.min() >= 0 and values.max() < np.inf:
            continue
        there = True if panel.present is None else panel.present
        panel.say("DECOMPOSITION.negative", (values < 0) & there, column=name)
        panel.say("DECOMPOSITION.infinite", np.isinf(values) & there, column=name)
    factors = [panel.effect(term, summed) for term in terms]
    panel.refuse()
    product = np.ones((len(panel.periods), len(panel.keys)))
    zero = np.zeros(product.shape, dtype=bool)
    with np.errstate(over="ignore", under="ignore"):
        for factor in factors:
            product *= factor
            zero |= factor == 0
    panel.say("DECOMPOSITION.size", np.isinf(product) | ((product == 0) & ~zero))
    # Beside an effect of 0 the others may be open.
    product[zero] = 0.0
    stated = product if total is None else panel.filled(total, summed=True)
    panel.say("DECOMPOSITION.missing", np.isnan(stated) | np.isnan(product))
    panel.refuse()
    near = np.abs(product - stated) <= tolerance * np.maximum(product, stated)
    panel.say("DECOMPOSITION.product", ~near, total=str(total))
    panel.refuse()
    return product, factors
