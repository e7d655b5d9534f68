"""The uncertainty of a part of an inventory as a disclosure takes it over; it is calculated in `carbonledger.uncertainty`."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PartUncertainty"]


@dataclass(frozen=True, slots=True)
class PartUncertainty:
    """The uncertainty of the total, or of a category.

    Parameters
    ----------
    percent : float or None
        Half of the 95 % interval in per cent of what has limits; None where nothing has.
    covered_share : float or None
        The share of the emissions that has limits, a fraction.
    is_part : bool
        Whether that is not all of them, or entries are left out.
    """

    percent: float | None
    covered_share: float | None
    is_part: bool
