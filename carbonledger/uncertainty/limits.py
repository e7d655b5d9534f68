"""95 % limits of a figure, relative to it, and the distribution that they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from carbonledger.core.errors import UncertaintyError
from carbonledger.core.findings import Message
from carbonledger.core.percent_limits import percent_limits

__all__ = ["DISTRIBUTIONS", "EXACT", "WIDE", "Distribution", "Limits", "parse_limits"]

Distribution = Literal["normal", "lognormal", "triangular", "uniform", "beta"]
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)

# Above it a positive quantity is no longer near enough to a normal one (IPCC 2006 Guidelines, volume 1, 3.2.3.1 and 3.2.3.2).
WIDE = 0.3
# Half of a 95 % interval in standard deviations of a normal distribution, as IPCC and the GHG Protocol round it.
DEVIATIONS = 1.96
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Limits:
    """The 95 % limits of a figure as fractions of it: -0.05 and 0.05 for ± 5 %.

    Parameters
    ----------
    lower, upper : float
        From -1 to 0, and from 0 up. Where the two differ in size, the figure itself is the median.
    distribution : {"", "normal", "lognormal", "triangular", "uniform", "beta"}
        Empty for the one that the limits suggest, see `shape`.

    Raises
    ------
    UncertaintyError
        If a limit is on the wrong side of the figure, the lower one below -100 %, or one of them no number; if the distribution is
        unknown, or has no such limits.

    Examples
    --------
    >>> Limits.percent(5)
    Limits(± 5 %, normal)
    >>> Limits.between(56100, 54300, 58300)
    Limits(- 3.20856 % / + 3.92157 %, normal)
    >>> Limits.percent(60).shape
    'lognormal'
    """

    lower: float
    upper: float
    distribution: Distribution | Literal[""] = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lower) and math.isfinite(self.upper)):
            raise UncertaintyError(Message.of("BAD_UNCERTAINTY.no_number", given=f"{self.lower}, {self.upper}"))
        if self.lower > 0 or self.upper < 0:
            raise UncertaintyError(Message.of("BAD_UNCERTAINTY.order", lower=self.lower * 100, upper=self.upper * 100))
        if self.lower < -1:
            raise UncertaintyError(Message.of("BAD_UNCERTAINTY.too_wide", percent=-self.lower * 100))
        if self.distribution and self.distribution not in DISTRIBUTIONS:
            raise UncertaintyError(
                Message.of("BAD_UNCERTAINTY.distribution", given=self.distribution, known=DISTRIBUTIONS)
            )
        if self.distribution in {"uniform", "triangular", "beta"} and not self.is_symmetric:
            raise UncertaintyError(Message.of("BAD_UNCERTAINTY.lopsided", distribution=self.distribution))
        if self.distribution == "lognormal" and self.lower <= -1 and not self.is_symmetric:
            raise UncertaintyError(Message.of("BAD_UNCERTAINTY.no_lognormal"))

    @classmethod
    def percent(cls, half_width: float, distribution: Distribution | Literal[""] = "") -> Limits:
        """Limits of equal size, in per cent: 5 for ± 5 %."""
        if half_width < 0:
            raise UncertaintyError(Message.of("BAD_UNCERTAINTY.negative", percent=half_width))
        return cls(-half_width / 100, half_width / 100, distribution)

    @classmethod
    def between(cls, value: float, lower: float, upper: float) -> Limits:
        """The limits of a figure that is published with its 95 % limits, all three in one unit.

        Raises
        ------
        UncertaintyError
            If the limits do not enclose the figure, or the figure is not above 0.
        """
        if not lower <= value <= upper or value <= 0:
            raise UncertaintyError(Message.of("BAD_UNCERTAINTY.enclose", value=value, lower=lower, upper=upper))
        return cls(max(lower / value - 1, -1.0), upper / value - 1)

    @classmethod
    def of_gsd(cls, squared_gsd: float) -> Limits:
        """The limits ``x / GSD²`` and ``x · GSD²`` of a lognormal figure, by the square of its geometric standard deviation."""
        if not (math.isfinite(squared_gsd) and squared_gsd >= 1):
            raise UncertaintyError(Message.of("BAD_UNCERTAINTY.gsd", given=squared_gsd))
        return cls(1 / squared_gsd - 1, squared_gsd - 1, "lognormal")

    @property
    def half_width(self) -> float:
        """The uncertainty that Approach 1 takes, as a fraction: the larger of the two limits.

        References
        ----------
        IPCC 2006 Guidelines, volume 1, 3.2.3.1 and note to table 3.2: of asymmetric limits, the larger difference from the mean.
        """
        return max(-self.lower, self.upper)

    @property
    def deviation(self) -> float:
        """The standard deviation that Approach 1 takes, as a fraction."""
        return self.half_width / DEVIATIONS

    @property
    def is_symmetric(self) -> bool:
        """Whether both limits are equally far."""
        return abs(self.upper + self.lower) <= _SAME * max(1.0, self.upper)

    @property
    def is_wide(self) -> bool:
        """Whether a limit is farther than 30 %, so that Approach 1 is only an approximation."""
        return self.half_width > WIDE + _SAME

    @property
    def shape(self) -> Distribution:
        """The distribution that is drawn from: the one stated; else lognormal if a limit is farther than 30 %, else normal.

        A lower limit of -100 % admits no lognormal distribution about the median; such a figure is drawn as two halves of a normal one.
        """
        if self.distribution:
            return self.distribution
        is_reachable = self.is_symmetric or self.lower > -1
        return "lognormal" if self.is_wide and is_reachable else "normal"

    @property
    def text(self) -> str:
        """The limits in per cent."""
        if self.is_symmetric:
            return f"± {self.upper * 100:.6g} %"
        return f"- {-self.lower * 100:.6g} % / + {self.upper * 100:.6g} %"

    def __repr__(self) -> str:
        return f"Limits({self.text}, {self.shape})"


def parse_limits(text: str) -> Limits:
    """The limits that a cell states.

    Parameters
    ----------
    text : str
        ``5 %``, ``± 5 %`` or ``- 3 % / + 5 %``: 95 % limits, relative. The sign of per cent must be there: 0.05 may be 5 % or 0.05 %.

    Returns
    -------
    Limits

    Raises
    ------
    UncertaintyError
        If it says no limits.

    Examples
    --------
    >>> parse_limits("5 %"), parse_limits("-3 %/+5 %")
    (Limits(± 5 %, normal), Limits(- 3 % / + 5 %, normal))
    """
    found = percent_limits(text)
    if isinstance(found, Message):
        raise UncertaintyError(found)
    return Limits(found[0] / 100, found[1] / 100)


EXACT = Limits(0.0, 0.0)
