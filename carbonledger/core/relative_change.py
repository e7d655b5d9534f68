"""The change of a figure in per cent of what it was, and the convention that holds where there is no such percentage.

The one place where a percentage of two years is formed; every output takes the percentage and its convention from here.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

__all__ = ["Convention", "RelativeChange", "relative_change"]

Convention = Literal[
    "percent", "over_1000", "zero", "new", "absolute_only", "missing", "no_total", "other_period", "other_approach"
]
_LARGE = 1000.0
# What sums in another order may leave of a difference, as a fraction of what was summed.
_SAME = 1e-12


class RelativeChange(NamedTuple):
    """A change, and in per cent of the earlier value.

    Parameters
    ----------
    change : float
        The later value less the earlier one, in their unit; not a number if one of them is missing.
    percent : float
        Below 0 for a decrease: "down 14.44 %" is -14.44. Not a number where no percentage is right.
    convention : str
        ``percent``; ``over_1000``, a percentage beyond 1 000 % that a reader should be told of; ``zero``, both values are 0, so that
        nothing changed; ``new``, there was nothing before; ``absolute_only``, the earlier value is negative or the sign changed;
        ``missing``, one of the values is missing; ``no_total``, tonnes of different
        gases have no sum; ``other_period`` and ``other_approach``, the two are not of the same kind of year.
    """

    change: float
    percent: float
    convention: Convention

    def withheld(self, convention: Convention) -> RelativeChange:
        """The same change without a percentage, because the years cannot be compared; one that is missing stays missing."""
        return self if self.convention == "missing" else RelativeChange(self.change, math.nan, convention)


def relative_change(previous: float | None, current: float | None) -> RelativeChange:
    """The change from one value to another, both unrounded.

    Parameters
    ----------
    previous, current : float or None
        In one unit; None or not a number for one that is missing.

    Returns
    -------
    RelativeChange

    Notes
    -----
    ``r = (x1 - x0) / |x0| * 100``. The conventions are those of ``docs/decisions/0024-one-comparison-of-two-years.md``.

    Examples
    --------
    >>> relative_change(648.80, 600.96)
    RelativeChange(change=-47.83999999999992, percent=-7.373612823674463, convention='percent')
    >>> relative_change(0.0, 3.5).convention, relative_change(0.0, 0.0).percent, relative_change(2.0, -1.0).convention
    ('new', 0.0, 'absolute_only')
    """
    if previous is None or current is None or not (math.isfinite(previous) and math.isfinite(current)):
        return RelativeChange(math.nan, math.nan, "missing")
    change = current - previous
    if abs(change) <= _SAME * max(abs(previous), abs(current)):
        change = 0.0
    if previous == 0:
        return RelativeChange(change, math.nan, "new") if current else RelativeChange(0.0, 0.0, "zero")
    if previous < 0 or current < 0:
        return RelativeChange(change, math.nan, "absolute_only")
    percent = change / previous * 100
    if not math.isfinite(percent):
        return RelativeChange(change, math.nan, "absolute_only")
    return RelativeChange(change, percent, "over_1000" if abs(percent) > _LARGE else "percent")
