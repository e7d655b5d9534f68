"""Approach 1: the variance of emissions by error propagation, with every shared figure once.

``Var(E) = Σ_p (S_p u_p)² + Σ_p<q (S_pq u_p u_q)²``, where ``S_p`` are the emissions that change with a figure p, and ``S_pq`` those that
change with both. For lines ``a_i f_k`` this is ``Σ f_k² σ_ai² + Σ A_k² σ_fk² + Σ σ_ai² σ_fk²``, which is exact; products of three errors
are left out.

References
----------
IPCC 2006 Guidelines, volume 1, 3.2.3.1. JCGM 100:2008 (GUM), 5.1.2 with the note on higher orders, and 5.2 for shared quantities.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonledger.uncertainty.arrays import Arrays
from carbonledger.uncertainty.limits import DEVIATIONS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Propagated", "half_width_of_variance", "propagated"]


class Propagated(NamedTuple):
    """A variance with what makes it up, t² CO2e.

    Parameters
    ----------
    variance : float
        Of the emissions.
    of_cells : numpy.ndarray of shape (cells,)
        The part of each error of activity data; an error of several cells is divided among them.
    of_parameters : numpy.ndarray of shape (parameters,)
        The part of each figure of the coefficients. All parts sum to the variance: what two errors do together is halved between them.
    """

    variance: float
    of_cells: NDArray[np.float64]
    of_parameters: NDArray[np.float64]


def half_width_of_variance(variance: float) -> float:
    """Half of the 95 % interval of a variance."""
    return DEVIATIONS * math.sqrt(max(variance, 0.0))


def propagated(arrays: Arrays) -> Propagated:
    """The variance of the emissions of all cells.

    Parameters
    ----------
    arrays : Arrays
        A year, a part of it, or the difference of two.

    Returns
    -------
    Propagated
    """
    import numpy as np

    emissions = arrays.emissions
    row_count, parameter_count = len(arrays.rows), len(arrays.parameters)
    by_row = np.bincount(arrays.row, weights=emissions, minlength=row_count).astype(float)
    of_errors = _of_errors(arrays, emissions)
    rows, numbers, values = arrays.sensitivities
    sums = np.bincount(numbers, by_row[rows] * values, minlength=parameter_count)
    of_parameters = (sums * arrays.parameter_deviation) ** 2
    _add_pairs(arrays, by_row, of_parameters)
    of_cells = _shared_out(arrays, emissions, of_errors)
    _add_mixed(arrays, emissions, of_cells, of_parameters)
    return Propagated(float(of_cells.sum() + of_parameters.sum()), of_cells, of_parameters)


def _of_errors(arrays: Arrays, emissions: NDArray[np.float64]) -> NDArray[np.float64]:
    """The variance of each error of activity data alone."""
    import numpy as np

    sums = np.bincount(arrays.error, weights=emissions * arrays.deviation, minlength=1).astype(float)
    made: NDArray[np.float64] = sums**2
    return made


def _shared_out(arrays: Arrays, emissions: NDArray[np.float64], of_errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The variance of each error divided among its cells, by their emissions."""
    import numpy as np

    own = emissions * arrays.deviation
    sums = np.bincount(arrays.error, own, minlength=1)
    shares = np.divide(own, sums[arrays.error], out=np.zeros(len(own)), where=sums[arrays.error] != 0)
    made: NDArray[np.float64] = shares * of_errors[arrays.error]
    return made


def _add_pairs(arrays: Arrays, by_row: NDArray[np.float64], of_parameters: NDArray[np.float64]) -> None:
    """Add what two figures of the coefficients do together, half to each."""
    import numpy as np

    rows, codes, values, pairs = arrays.pairs
    if not pairs:
        return
    both = np.array(pairs, dtype=np.intp)
    sums = np.bincount(codes, by_row[rows] * values, minlength=len(pairs))
    deviations = arrays.parameter_deviation[both]
    halves = (sums * deviations[:, 0] * deviations[:, 1]) ** 2 / 2
    np.add.at(of_parameters, both[:, 0], halves)
    np.add.at(of_parameters, both[:, 1], halves)


def _add_mixed(
    arrays: Arrays, emissions: NDArray[np.float64], of_cells: NDArray[np.float64], of_parameters: NDArray[np.float64]
) -> None:
    """Add what an error of activity data and a figure do together, half to each."""
    import numpy as np

    single = np.flatnonzero(arrays.is_single & (emissions != 0))
    rows, numbers, values = arrays.sensitivities
    squares = (emissions * arrays.deviation) ** 2 / 2
    by_row = np.bincount(arrays.row[single], squares[single], minlength=len(arrays.rows))
    of_pairs = (values * arrays.parameter_deviation[numbers]) ** 2
    np.add.at(of_parameters, numbers, by_row[rows] * of_pairs)
    of_row = np.bincount(rows, of_pairs, minlength=len(arrays.rows))
    of_cells[single] += squares[single] * of_row[arrays.row[single]]
    several = np.flatnonzero(~arrays.is_single & (emissions != 0))
    if len(several):
        _add_mixed_of_several(arrays, emissions, several, of_cells, of_parameters)


def _add_mixed_of_several(
    arrays: Arrays,
    emissions: NDArray[np.float64],
    cells: NDArray[np.intp],
    of_cells: NDArray[np.float64],
    of_parameters: NDArray[np.float64],
) -> None:
    """The same for errors that are in several cells."""
    import numpy as np
    import pandas as pd

    rows, numbers, values = arrays.sensitivities
    left: Any = pd.DataFrame({"cell": cells, "row": arrays.row[cells], "error": arrays.error[cells]})
    right = pd.DataFrame({"row": rows, "number": numbers, "value": values})
    joined = left.merge(right, on="row")
    cell, number = joined["cell"].to_numpy(), joined["number"].to_numpy()
    part = emissions[cell] * arrays.deviation[cell] * joined["value"].to_numpy() * arrays.parameter_deviation[number]
    code = joined.groupby(["error", "number"]).ngroup().to_numpy()
    sums = np.bincount(code, part, minlength=1)
    # Its part in a square is what it adds to the sum, times the sum.
    halves = part * sums[code] / 2
    np.add.at(of_parameters, number, halves)
    np.add.at(of_cells, cell, halves)
