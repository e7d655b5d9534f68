"""A column of cells that knows its distinct ones: texts repeat, so that each is read once and not once a row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, overload

import numpy as np
import pandas as pd

__all__ = ["Column", "combined", "is_filled", "objects"]

# Combined codes beyond this are counted anew, so that they never overflow.
_LARGEST_CODE = 2**31


def objects(values: Sequence[Any] | np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Values as an array of objects, whatever they are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def is_filled(cell: Any) -> bool:
    """Whether a cell says anything; not a number is how frames write an empty one."""
    if cell is None or cell != cell:
        return False
    return bool(cell.strip()) if isinstance(cell, str) else True


class Column(Sequence[Any]):
    """Cells in the order of their rows.

    Parameters
    ----------
    cells : list or numpy.ndarray of object, optional
        The cells.
    codes, values : numpy.ndarray of int, sequence, optional
        Instead of the cells: the distinct ones, and which of them each row has.

    Examples
    --------
    >>> column = Column(["a", "b", "a"])
    >>> column.distinct()
    (array([0, 1, 0]), ['a', 'b'])
    >>> column.mapped(str.upper)[2], column.filled
    ('A', 3)
    """

    __slots__ = ("_cells", "_codes", "_values")

    def __init__(
        self,
        cells: list[Any] | np.ndarray[Any, Any] | None = None,
        *,
        codes: np.ndarray[Any, Any] | None = None,
        values: Sequence[Any] = (),
    ) -> None:
        self._cells = cells
        self._codes = codes
        self._values = list(values)

    def __len__(self) -> int:
        return len(self._cells) if self._cells is not None else 0 if self._codes is None else len(self._codes)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if self._cells is not None:
            return self._cells[at]
        return self.cells[at] if isinstance(at, slice) else self._values[self.distinct()[0][at]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.cells)

    @property
    def cells(self) -> list[Any]:
        """The cells as a list."""
        cells = self.array if self._cells is None else self._cells
        listed: list[Any] = cells if isinstance(cells, list) else cells.tolist()
        self._cells = listed
        return listed

    @property
    def array(self) -> np.ndarray[Any, Any]:
        """The cells as a new array of objects."""
        if self._codes is not None:
            return objects(self._values)[self._codes] if self._values else objects([])
        return objects(self._cells if self._cells is not None else [])

    def distinct(self) -> tuple[np.ndarray[Any, Any], list[Any]]:
        """Which of the distinct cells each row has, and the distinct cells in the order of their first row."""
        if self._codes is None:
            cells = self._cells if self._cells is not None else []
            if len(set(map(type, cells))) <= 1:
                array = cells if isinstance(cells, np.ndarray) else objects(cells)
                self._codes, uniques = pd.factorize(array, use_na_sentinel=False)
                self._values = list(uniques)
            else:
                # 1, 1.0 and True are one key, but not one cell.
                places: dict[Hashable, int] = {}
                self._codes = np.array(
                    [places.setdefault((type(cell), cell), len(places)) for cell in cells], dtype=np.intp
                )
                self._values = [key[1] for key in places]  # type: ignore[index]
        return self._codes, self._values

    def mapped(self, change: Callable[[Any], Any]) -> Column:
        """The column of what each distinct cell is changed to."""
        codes, values = self.distinct()
        return Column(codes=codes, values=[change(value) for value in values])

    def where(self, chosen: np.ndarray[Any, Any] | slice) -> Column:
        """Some of the rows, by a mask, by their positions or by a slice."""
        if self._codes is not None:
            return Column(codes=self._codes[chosen], values=self._values)
        if isinstance(chosen, slice) and self._cells is not None:
            return Column(self._cells[chosen])
        return Column(self.array[chosen])

    def head(self, count: int) -> list[Any]:
        """The first cells."""
        return self.where(slice(0, count)).cells

    def rows_where(self, is_meant: Callable[[Any], Any]) -> np.ndarray[Any, Any]:
        """Which rows have a cell of some kind; each distinct cell is looked at once."""
        codes, values = self.distinct()
        meant = np.array([bool(is_meant(value)) for value in values], dtype=bool)
        return np.asarray(meant[codes]) if len(meant) else np.zeros(len(self), dtype=bool)

    @property
    def filled(self) -> int:
        """How many cells say anything."""
        kinds = set(map(type, self._cells)) if self._codes is None and self._cells is not None else set()
        if kinds == {str}:
            return len(self) - self.cells.count("") - sum(map(str.isspace, self.cells))
        if kinds and kinds <= {int, float}:
            return len(self) - int(np.isnan(np.array(self.cells, dtype=float)).sum())
        codes, values = self.distinct()
        if set(map(type, values)) == {str}:
            blank = np.array(list(map(str.isspace, values)), dtype=bool)
            if "" in values:
                blank[values.index("")] = True
        else:
            blank = np.array([not is_filled(value) for value in values], dtype=bool)
        return len(self) - (int(blank[codes].sum()) if blank.any() else 0)

    def series(self, dtype: str) -> pd.Series[Any]:
        """The column as a pandas series of a dtype."""
        codes, values = self.distinct()
        if not values:
            return pd.Series([], dtype=dtype)
        return pd.Series(pd.Series(objects(values), dtype=dtype).array.take(codes))


def combined(columns: Sequence[Column]) -> tuple[np.ndarray[Any, Any], list[tuple[Any, ...]]]:
    """The distinct combinations of some columns, and which of them each row has.

    Parameters
    ----------
    columns : sequence of Column
        Of one length; at least one.

    Returns
    -------
    tuple of (numpy.ndarray of int, list of tuple)
        The position of each row's combination, and the combinations in the order of their first row.

    Examples
    --------
    >>> combined([Column(["a", "b", "a"]), Column([1, 1, 1])])
    (array([0, 1, 0]), [('a', 1), ('b', 1)])
    """
    codes = np.zeros(len(columns[0]), dtype=np.int64)
    size = 1
    for column in columns:
        own, values = column.distinct()
        if size * max(len(values), 1) > _LARGEST_CODE:
            codes = pd.factorize(codes)[0].astype(np.int64)
            size = int(codes.max(initial=0)) + 1
        codes = codes * max(len(values), 1) + own
        size *= max(len(values), 1)
    positions, uniques = pd.factorize(codes)
    first = np.full(len(uniques), -1, dtype=np.intp)
    first[positions[::-1]] = np.arange(len(positions))[::-1]
    return positions, [tuple(column[at] for column in columns) for at in first.tolist()]
