"""A model as arrays: what both approaches calculate with, for one year or for the difference of two.

Of a difference, the cells of the earlier year are negative, and what both years share is one parameter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.uncertainty.limits import Limits
from carbonledger.uncertainty.model import Model
from carbonledger.uncertainty.parameters import Parameter
from carbonledger.uncertainty.terms import RowTerms

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["Arrays", "arrays_of"]


@dataclass(frozen=True, eq=False)
class Arrays:
    """Errors and what depends on them.

    Parameters
    ----------
    parameters : tuple of Parameter
        Of the coefficients.
    rows : tuple of RowTerms
        Coefficients, with the numbers of their parameters.
    cells : pandas.DataFrame
        ``row`` (a number of `rows`), ``error``, ``emissions`` [t CO2e], ``limits`` (a number of `limits`), ``spread``, ``entity``,
        ``scope``, and what names the source. Sorted, so that the order of the lines does not matter.
    limits : tuple of Limits
        Of activity data.
    """

    parameters: tuple[Parameter, ...]
    rows: tuple[RowTerms, ...]
    cells: pd.DataFrame
    limits: tuple[Limits, ...]

    @cached_property
    def row(self) -> NDArray[np.intp]:
        """The row of each cell."""
        return self.cells["row"].to_numpy(dtype="intp")

    @cached_property
    def error(self) -> NDArray[np.intp]:
        """The error of each cell."""
        return self.cells["error"].to_numpy(dtype="intp")

    @cached_property
    def emissions(self) -> NDArray[np.float64]:
        """T CO2e of each cell."""
        return self.cells["emissions"].to_numpy(dtype=float)

    @cached_property
    def deviation(self) -> NDArray[np.float64]:
        """The deviation of each cell as a fraction, of Approach 1."""
        import numpy as np

        known = np.array([item.deviation for item in self.limits], dtype=float)
        spread = self.cells["spread"].to_numpy(dtype=float)
        return np.asarray(known[self.cells["limits"].to_numpy(dtype=int)] * spread, dtype=float)

    @cached_property
    def parameter_deviation(self) -> NDArray[np.float64]:
        """The deviation of each parameter as a fraction, of Approach 1; 0 where it has no limits, as nothing counted depends on it."""
        import numpy as np

        return np.array([item.limits.deviation if item.limits else 0.0 for item in self.parameters], dtype=float)

    @cached_property
    def is_single(self) -> NDArray[np.bool_]:
        """Which cells have an error that is in no other cell."""
        import numpy as np

        return np.asarray(np.bincount(self.error, minlength=1)[self.error] == 1)

    @cached_property
    def sensitivities(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """Row, parameter, and the change of the row's emissions as a fraction, in long form."""
        return _long((at, number, value) for at, item in enumerate(self.rows) for number, value in _known(item))

    @cached_property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], list[tuple[int, int]]]:
        """Row, pair of parameters, and their common part in the row's emissions as a fraction; and what the pairs are."""
        numbers: dict[tuple[int, int], int] = {}
        found = [
            (at, numbers.setdefault(pair, len(numbers)), value)
            for at, item in enumerate(self.rows)
            if item.covered
            for pair, value in item.pairs.items()
        ]
        return (*_long(found), list(numbers))

    def only(self, axis: str, value: Any) -> Arrays:
        """The cells of one value of an axis, with the same parameters and rows."""
        import pandas as pd

        cells = self.cells[self.cells[axis] == value].reset_index(drop=True)
        part = replace(self, cells=cells.assign(error=pd.factorize(cells["error"])[0]))
        vars(part).update(
            sensitivities=self.sensitivities, pairs=self.pairs, parameter_deviation=self.parameter_deviation
        )
        return part


def _known(item: RowTerms) -> Sequence[tuple[int, float]]:
    """The sensitivities of a row; none if nothing of it has limits."""
    return list(item.sensitivities.items()) if item.covered else []


def _long(
    items: Any,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Triples as three arrays."""
    import numpy as np

    listed = list(items)
    first, second, third = zip(*listed, strict=True) if listed else ((), (), ())
    return np.array(first, dtype=np.intp), np.array(second, dtype=np.intp), np.array(third, dtype=float)


def arrays_of(models: Mapping[float, Model]) -> Arrays:
    """The arrays of a model, or of the difference of two.

    Parameters
    ----------
    models : mapping of float to Model
        By what its emissions are multiplied by: 1 for a year; 1 and -1 for the difference of two. Factors of one edition and id are one
        parameter in both; activity data of two years are independent.

    Returns
    -------
    Arrays
        Of the emissions that have limits throughout.
    """
    import pandas as pd

    parameters: dict[str, Parameter] = {}
    for item in (item for model in models.values() for item in model.coefficients.parameters):
        # The first year's limits count; those of the other one where it has none.
        known = parameters.setdefault(item.key, item)
        parameters[item.key] = known if known.limits is not None else item
    keys = sorted(parameters)
    numbers = {key: at for at, key in enumerate(keys)}
    rows: list[RowTerms] = []
    limits: list[Limits] = []
    pieces, errors = [], 0
    for sign, model in models.items():
        cells = model.cells[model.cells["emissions"] != 0].copy()
        cells["row"] = cells["plan_id"] + len(rows)
        cells["emissions"] *= sign
        cells["limits"] = cells["reading"] + len(limits)
        cells["error"] += errors
        errors += int(model.cells["error"].max()) + 1 if len(model.cells) else 0
        limits += [reading.limits or Limits(0.0, 0.0) for reading in model.readings]
        own = [numbers[item.key] for item in model.coefficients.parameters]
        rows += [_renumbered(item, own) for item in model.coefficients.rows]
        pieces.append(cells)
    table = pd.concat(pieces, ignore_index=True)
    return Arrays(tuple(parameters[key] for key in keys), tuple(rows), table, tuple(limits))


def _renumbered(item: RowTerms, own: Sequence[int]) -> RowTerms:
    """A row with the numbers of the common parameters."""
    covered, others = (
        tuple(term._replace(powers=tuple((own[number], power) for number, power in term.powers)) for term in terms)
        for terms in (item.covered, item.others)
    )
    return RowTerms(covered, others)
