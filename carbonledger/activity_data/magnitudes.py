"""How the amounts of one source compare: powers of ten, other slips, and what is only a season.

Everything is in decimal logarithms: a slip of units or digits moves a bill by the same distance, whatever its size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.core.units import conversion_factor

if TYPE_CHECKING:
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

__all__ = ["ENOUGH", "HUNDREDFOLD", "NEAR", "far_slips", "power_of_ten", "steady_slips", "uneven_bills"]

# From so many bills on, a source has a usual amount.
ENOUGH = 4
NEAR = 0.15
_HALF = 0.5
# Powers of ten that units are mistaken by.
POWERS = (-4, -3, 3, 4)
# About a hundredfold: a thousandfold of the lowest month, where the highest is 14 times as much.
HUNDREDFOLD = 1.85
_HIGHEST = max(POWERS)
_TENFOLD = 1
# Bills within a factor of two of each other.
_STEADY = 0.3
# Bills of a season keep within tenfold.
_SEASON = 1.0
# A steady source has its bills within this of the middle one, but for a quarter of them at most.
_USUAL = 0.25
_MOSTLY = 0.75
_MOSTLY_ALIKE = 0.5
_FEWEST_STEADY = 6
# A bill this far from the usual one is looked at: 2.7 times.
_APART = 0.43
# Four times the usual amount, or a quarter of it, is unusual whatever the reason.
_UNUSUAL = 0.6
# What a bill may miss a slip by: at least, in standard deviations of the usual bills, and at most.
_TENFOLD_ROOM = (0.1, 3.0, 0.2)
_MJ_ROOM = (0.05, 2.0, 0.12)
# Month by month, seasons bend by less than this.
_SMOOTH = 0.35
_A_YEAR = 10
# A bill whose neighbour goes this part of the way with it is of a season.
_OF_A_SEASON = 0.4


def power_of_ten(ratio: float, near: float = NEAR) -> int:
    """The power of ten that a ratio is near to, if it is one that units are mistaken by; else 0.

    Parameters
    ----------
    ratio : float
        Of two amounts.
    near : float
        How near its decimal logarithm must be.

    Returns
    -------
    int
        -4, -3, 3, 4, or 0.
    """
    return _power(math.log10(ratio), near) if ratio > 0 else 0


def _power(exponent: float, near: float) -> int:
    """The power of ten that an exponent is near to; else 0."""
    return next((power for power in POWERS if abs(exponent - power) < near), 0)


def far_slips(logs: Numbers, near: float = NEAR) -> dict[int, tuple[str, dict[str, float]]]:
    """The bills of a source that are a thousand or ten thousand times what the others show.

    Parameters
    ----------
    logs : array, shape (n,)
        Decimal logarithms of the amounts of one source, all above zero and in one unit; at least `ENOUGH`.
    near : float
        How near a logarithm must be to 3 or 4.

    Returns
    -------
    dict of int to (str, dict)
        By position: ``usual`` or ``other_bills``, with the power of ten and, as logarithms, what the bill was compared with.
    """
    ordered = {int(at): float(logs[at]) for at in np.argsort(logs, kind="stable")}
    slips = {**_set_apart(ordered, near), **_unusual(ordered, near)}
    return {**_beside_slips(ordered, slips), **slips}


def _beside_slips(
    logs: Mapping[int, float], slips: Mapping[int, tuple[str, dict[str, float]]]
) -> dict[int, tuple[str, dict[str, float]]]:
    """Bills that are less near to a power of ten, such as one that makes up for estimates, beside others that slipped by it."""
    powers = {values["power"] for _, values in slips.values()}
    usual = median(logs.values())
    return {
        at: ("usual", {"power": power, "usual": usual})
        for at, log in logs.items()
        for power in powers
        if at not in slips and abs(log - usual - power) <= _HALF
    }


def _unusual(logs: Mapping[int, float], near: float) -> dict[int, tuple[str, dict[str, float]]]:
    """The bills that are a power of ten times the usual one; no step of a ramp, which has another within ten times of it."""
    usual = median(logs.values())
    steps = _others(logs, _TENFOLD)
    slips = {at: _power(log - usual, near) for at, log in logs.items() if at not in steps}
    return {at: ("usual", {"power": slip, "usual": usual}) for at, slip in slips.items() if slip}


def _set_apart(logs: Mapping[int, float], near: float) -> dict[int, tuple[str, dict[str, float]]]:
    """The bills that lie a hundredfold beyond most others, and among them if a power of ten is undone; of heating and schools.

    Notes
    -----
    Over a year of seasons no bill is near the usual one. The most bills without a hundredfold gap between them are the others; the room
    around them is as wide as they spread by themselves, but narrow for a steady source, so that an outage of 400 times stays outside.
    More than a quarter of the bills are slips only if the others keep within tenfold and one power of ten brings all of them back.
    """
    others = _others(logs, HUNDREDFOLD)
    apart = len(logs) - len(others)
    if not apart or len(others) < max(ENOUGH - 1, apart):
        return {}
    low, high = min(others.values()), max(others.values())
    slips = {at: _undone(log, low, high, near) for at, log in logs.items() if at not in others}
    if apart * ENOUGH > len(logs):
        slips = _by_one_power(slips) if high - low <= _SEASON and len(logs) >= 2 * ENOUGH - 2 else {}
    found = {at: ("other_bills", {"power": slip, "low": low, "high": high}) for at, slip in slips.items() if slip}
    if found and len(others) == apart:
        # Half of the bills against the other half: nobody can say which of them slipped.
        power, rest = next(iter(slips.values())), [log for at, log in logs.items() if at not in others]
        bounds = {"power": -power, "low": min(rest), "high": max(rest)}
        found |= dict.fromkeys(others, ("other_bills", bounds))
    return found


def _by_one_power(slips: Mapping[int, int]) -> dict[int, int]:
    """Many slips as one: all by the power of ten that most of them show; none if they do not agree."""
    powers = {power for power in slips.values() if power}
    agreeing = sum(map(bool, slips.values()))
    if len(powers) != 1 or agreeing < _MOSTLY_ALIKE * len(slips):
        return {}
    return dict.fromkeys(slips, powers.pop())


def _others(logs: Mapping[int, float], gap: float) -> dict[int, float]:
    """The most bills that follow each other without a gap."""
    runs: list[dict[int, float]] = [{}]
    last = math.inf
    for at, log in logs.items():
        if log - last >= gap:
            runs.append({})
        runs[-1][at] = last = log
    return max(runs, key=len)


def _undone(log: float, low: float, high: float, near: float) -> int:
    """The power of ten without which a bill would be among the others; 0 if there is none."""
    spread = high - low
    room = max(near, min(spread, _HALF)) if spread > _STEADY else near
    fitting = [power for power in POWERS if low - room <= log - power <= high + room]
    return min(fitting, key=lambda power: abs(log - power - (low + high) / 2), default=0)


def steady_slips(series: Whole, logs: Numbers, energies: npt.NDArray[np.bool_]) -> dict[int, tuple[str, float]]:
    """The bills of steady sources that are 10, 100 or 3.6 times the usual ones, or are unusual for no such reason.

    Parameters
    ----------
    series : array of int, shape (n,)
        The source of each bill, sorted; the bills of a source in the order of their days.
    logs : array, shape (n,)
        Decimal logarithms of the amounts.
    energies : array of bool, shape (n,)
        Which bills are of energy, so that MJ may stand for kWh.

    Returns
    -------
    dict of int to (str, float)
        By position: ``tenfold``, ``mj_kwh`` or ``unusual``, and the logarithm of the usual amount of the source.
    """
    middle = _medians(series, logs)[series]
    is_usual = np.abs(logs - middle) <= _USUAL
    counts, usual = np.bincount(series), np.bincount(series, weights=is_usual)
    sums = np.bincount(series, weights=np.where(is_usual, logs, 0.0))
    means = sums / np.maximum(usual, 1)
    squares = np.bincount(series, weights=np.where(is_usual, (logs - means[series]) ** 2, 0.0))
    spreads = np.sqrt(squares / np.maximum(usual - 1, 1))
    steady = (counts >= _FEWEST_STEADY) & (usual >= _MOSTLY * counts)
    apart = logs - means[series]
    chosen = np.flatnonzero(steady[series] & (np.abs(apart) >= _APART))
    before, after = _neighbours(series)
    found = {}
    for at in map(int, chosen):
        beside = max(apart[before[at]] / apart[at], apart[after[at]] / apart[at])
        case = _steady_case(float(apart[at]), float(spreads[series[at]]), bool(energies[at]))
        if beside >= _OF_A_SEASON:
            # Months that follow each other are a season: cooling, a dryer after the harvest, holidays.
            case = "unusual" if case == "tenfold" else ""
        if case:
            found[at] = (case, float(means[series[at]]))
    return found


def _steady_case(apart: float, spread: float, is_energy: bool) -> str:
    """What a bill may be that lies some way from the usual ones of a steady source; empty if that is not much."""
    size = abs(apart)
    if any(abs(size - power) <= _room(_TENFOLD_ROOM, spread) for power in (1, 2)):
        return "tenfold"
    if is_energy and abs(size - math.log10(conversion_factor("kWh", "MJ"))) <= _room(_MJ_ROOM, spread):
        return "mj_kwh"
    return "unusual" if size >= _UNUSUAL else ""


def _room(limits: tuple[float, float, float], spread: float) -> float:
    """What a bill may miss a slip by."""
    least, deviations, most = limits
    return min(max(least, deviations * spread), most)


def _medians(series: Whole, logs: Numbers) -> Numbers:
    """The median of each series of sorted codes."""
    order = np.lexsort((logs, series))
    begins = np.searchsorted(series, np.arange(series[-1] + 1 if len(series) else 0))
    lengths = np.diff(np.r_[begins, len(series)])
    low, high = logs[order[begins + (lengths - 1) // 2]], logs[order[begins + lengths // 2]]
    medians: Numbers = (low + high) / 2
    return medians


def uneven_bills(series: Whole, logs: Numbers) -> dict[int, tuple[str, float]]:
    """The bills that are a power of ten times what lies between the bill before and the bill after, of sources with smooth seasons.

    Parameters
    ----------
    series, logs : array, shape (n,)
        As for `steady_slips`; the year is taken as a circle, so that December lies beside January.

    Returns
    -------
    dict of int to (str, float)
        By position: ``tenfold``, or ``far`` for a thousand and ten thousand, and the logarithm of the amount between its neighbours.
    """
    counts = np.bincount(series) if len(series) else np.zeros(0, dtype=np.int64)
    begins = np.r_[0, np.cumsum(counts)[:-1]] if len(counts) else counts
    before, after = _neighbours(series)
    bends = logs - (logs[before] + logs[after]) / 2
    found = {}
    for at in map(int, np.flatnonzero((np.abs(bends) >= _SMOOTH + _HALF / 2) & (counts[series] >= _A_YEAR))):
        begin = int(begins[series[at]])
        own = logs[begin : begin + int(counts[series[at]])]
        power = round(float(bends[at]))
        if 1 <= abs(power) <= _HIGHEST and _is_smooth_without(own, at - begin, power):
            found[at] = ("far" if power in POWERS else "tenfold", float(logs[at] - bends[at]))
    return found


def _neighbours(series: Whole) -> tuple[Whole, Whole]:
    """The bill before and the bill after each within its series, the year taken as a circle."""
    counts = np.bincount(series) if len(series) else np.zeros(0, dtype=np.int64)
    begins = (np.cumsum(counts) - counts)[series]
    last, positions = begins + counts[series] - 1, np.arange(len(series))
    before = np.where(positions == begins, last, positions - 1)
    return before, np.where(positions == last, begins, positions + 1)


def _is_smooth_without(logs: Numbers, at: int, power: int) -> bool:
    """Whether a year is smooth once a bill is divided by a power of ten."""
    undone = logs.copy()
    undone[at] -= power
    bends = undone - (np.roll(undone, 1) + np.roll(undone, -1)) / 2
    return bool((np.abs(bends) <= _SMOOTH).all())
