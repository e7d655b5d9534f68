"""Logarithmic mean Divisia index: what each effect makes of the change between two periods, without a residual.

Every value is the product of its effects; a category that is 0 in one of the two periods takes the analytical limit, never a small number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["Form", "Method", "contributions", "log_mean", "scale_of", "step_contributions"]

Method = Literal["lmdi-i", "lmdi-ii"]
Form = Literal["additive", "multiplicative"]


def log_mean(first: Numbers, second: Numbers) -> Numbers:
    """The logarithmic mean L(a, b) = (a - b) / ln(a / b), with L(a, a) = a and L(a, 0) = 0.

    Parameters
    ----------
    first, second : numpy.ndarray
        Not below 0, of one shape.

    Returns
    -------
    numpy.ndarray
        In the unit of the two.

    References
    ----------
    Ang (2005), LMDI practical guide, equations 4 and 5.

    Examples
    --------
    >>> import numpy as np
    >>> log_mean(np.array([477.54, 2.0, 0.0]), np.array([536.6, 2.0, 3.0])).round(3).tolist()
    [506.496, 2.0, 0.0]
    """
    low, high = np.minimum(first, second), np.maximum(first, second)
    difference = high - low
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # ln(high / low) of two values that hardly differ keeps its digits as ln(1 + difference / low).
        ratio = difference / low
        mean: Numbers = difference / np.log1p(ratio)
        too_far = np.isinf(ratio) & (low > 0)
        if too_far.any():
            mean[too_far] = difference[too_far] / (np.log(high[too_far]) - np.log(low[too_far]))
    equal = difference == 0
    if equal.any():
        mean[equal] = high[equal]
    return mean


def contributions(
    before: Numbers, after: Numbers, effects_before: Sequence[Numbers], effects_after: Sequence[Numbers]
) -> Iterator[Numbers]:
    """L(after, before) ln(x after / x before) of each category, by effect.

    Parameters
    ----------
    before, after : numpy.ndarray of shape (categories,)
        The values, or their shares in the total; not below 0.
    effects_before, effects_after : sequence of numpy.ndarray of shape (categories,)
        By effect, not below 0; not a number where a value of 0 leaves an effect open, which then counts as unchanged.

    Yields
    ------
    numpy.ndarray of shape (categories,)
        In the unit of the values. Where one of the two values is 0, the whole change goes to the effects that are 0 there, in equal parts
        if they are several: the limit of one small number in the place of every 0. Where both are 0, 0.

    References
    ----------
    Ang, Zhang & Choi (1998), table 2; Ang & Liu (2007), zero values.
    """
    new, ended = (before == 0) & (after > 0), (before > 0) & (after == 0)
    gone = ended | new | ((before == 0) & (after == 0))
    zeros = bool(gone.any())
    weight = log_mean(after, before)
    shares = _limit(new, after, effects_before) - _limit(ended, before, effects_after) if zeros else None
    for one, other in zip(effects_before, effects_after, strict=True):
        found = _logarithms(one, other)
        with np.errstate(invalid="ignore"):
            found *= weight
        if shares is not None:
            found[gone] = 0.0
            found += np.where((one == 0) & new, shares, 0.0) + np.where((other == 0) & ended, shares, 0.0)
        yield found


def _logarithms(before: Numbers, after: Numbers) -> Numbers:
    """Ln(after / before)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = after / before
        found: Numbers = np.log(ratio, out=ratio)
        # A ratio that no number can hold: its parts can.
        far = np.isinf(found) & (before > 0) & (after > 0)
        if far.any():
            found[far] = np.log(after[far]) - np.log(before[far])
    return found


def _limit(there: NDArray[np.bool_], values: Numbers, effects: Sequence[Numbers]) -> Numbers:
    """The change that falls to each effect that is 0, where a value is 0 in one period only."""
    count = np.zeros(values.shape)
    for effect in effects:
        count += effect == 0
    return np.where(there, values / np.maximum(count, 1.0), 0.0)


def step_contributions(
    values: tuple[Numbers, Numbers],
    effects: tuple[Sequence[Numbers], Sequence[Numbers]],
    method: Method,
    form: Form,
    named: tuple[object, object] = ("", ""),
) -> Numbers:
    """What each effect makes of the change of each category, from one period to another.

    Parameters
    ----------
    values : tuple of two numpy.ndarray of shape (categories,)
        Before and after.
    effects : tuple of two sequences of numpy.ndarray of shape (categories,)
        Before and after, by effect.
    method : {"lmdi-i", "lmdi-ii"}
        The weights: logarithmic means of the values, or those of their shares in the total, normalised.
    form : {"additive", "multiplicative"}
        A difference, or the logarithm of a ratio.
    named : tuple of two
        The two periods, for messages.

    Returns
    -------
    numpy.ndarray of shape (effects, categories)
        Additive: in the unit of the values; the sum is the change. Multiplicative: exponents; exp of the sum is the ratio.

    Raises
    ------
    EntriesError
        If a total is 0 where it is divided by, or no category is in both periods where LMDI-II needs one.

    References
    ----------
    Ang (2015), LMDI guide: eight models.
    """
    if method == "lmdi-i":
        parts = np.stack(list(contributions(*values, *effects)))
    else:
        totals = [float(value.sum()) for value in values]
        _refuse_zero(totals, named)
        shares = [value / total for value, total in zip(values, totals, strict=True)]
        parts = np.stack(list(contributions(shares[0], shares[1], *effects)))
    parts *= scale_of(values, method, form, named)
    return parts


def scale_of(
    values: tuple[Numbers, Numbers], method: Method, form: Form, named: tuple[object, object] = ("", "")
) -> float:
    """What the contributions of a step are multiplied by.

    Parameters
    ----------
    values : tuple of two numpy.ndarray of shape (categories,)
        Before and after.
    method, form : str
        See `step_contributions`.
    named : tuple of two
        The two periods, for messages.

    Returns
    -------
    float
        1 of additive LMDI-I; 1 / L(V', V) of multiplicative LMDI-I; L(V', V) / sum of L over the shares of additive LMDI-II; 1 / that
        sum of multiplicative LMDI-II.

    Raises
    ------
    EntriesError
        See `step_contributions`.
    """
    if (method, form) == ("lmdi-i", "additive"):
        return 1.0
    before, after = (float(value.sum()) for value in values)
    _refuse_zero((before, after), named)
    whole = float(log_mean(np.array([after]), np.array([before]))[0])
    if method == "lmdi-i":
        return 1.0 / whole
    shares = float(log_mean(values[1] / after, values[0] / before).sum())
    if shares == 0:
        raise EntriesError([Finding.of("DECOMPOSITION.nothing_common", before=str(named[0]), after=str(named[1]))])
    return (whole if form == "additive" else 1.0) / shares


def _refuse_zero(totals: Sequence[float], named: tuple[object, object]) -> None:
    """Refuse a total of 0 where a ratio or a share of it is asked for."""
    for total, name in zip(totals, named, strict=True):
        if total == 0:
            raise EntriesError([Finding.of("DECOMPOSITION.zero_total", period=str(name))])
