"""What a publisher's figures do not cover, although the name of their region does.

A national average is not always one of every place in the nation. Which places it leaves out is said by its publisher, so it is data
(``coverage.csv``: edition or series, region of the figures, places left out, the words, and where they stand). And where an edition
divides a nation into grids, its national figure prices no place that lies in several of them: the place has to be known better.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources

from carbonledger.core.errors import RegionError
from carbonledger.core.language import Label
from carbonledger.core.regions import canonical_region, enclosing_regions, subregions_to_choose

_SMALLEST_SHOWN = 0.005

__all__ = ["asks_about", "excluded", "surroundings"]


@cache
def _left_out() -> Mapping[tuple[str, str, str], Label]:
    """The words about each place that figures leave out, by series or edition, region of the figures and place."""
    text = resources.files("carbonledger.factors").joinpath("coverage.csv").read_text(encoding="utf-8")
    return {
        (row["edition"], row["figures"], place): Label(row["words_en"], row["words_zh"])
        for row in csv.DictReader(text.splitlines())
        for place in row["excluded"].split(";")
    }


@cache
def asks_about(place: str) -> bool:
    """Whether some figures of a wider region leave a place out, or ask to choose among its parts."""
    return any(place == name for _, _, name in _left_out()) or bool(subregions_to_choose(place))


def excluded(edition: str, figures: str, place: str, carried: Collection[str]) -> Label | None:
    """Why a figure of a region does not cover a place.

    Parameters
    ----------
    edition : str
        ``name@version``.
    figures : str
        The region of the figure.
    place : str
        Where the activity took place.
    carried : collection of str
        The regions for which the edition has figures of this kind.

    Returns
    -------
    Label or None
        The reason in words; None if nothing speaks against it.

    Examples
    --------
    >>> excluded("cn-mee-nbs-grid@2023", "CN", "CN-XZ", ["CN"]).zh
    '该系列没有西藏、香港、澳门和台湾的数据：应视为缺失，不得以其他地区的数据代替'
    >>> print(excluded("us-epa-hub@2025-r1", "US", "US-NV", ["US", "US-EGRID-NWPP"]).en[:75])
    US-NV lies in several grid subregions (US-EGRID-NWPP (52%) of its ZIP codes
    >>> excluded("us-epa-hub@2025-r1", "US", "US-NV", ["US"])
    """
    words = _left_out().get((edition, figures, place)) or _left_out().get((edition.partition("@")[0], figures, place))
    return words or _to_choose(figures, place, carried)


def _to_choose(figures: str, place: str, carried: Collection[str]) -> Label | None:
    """The question that a place in several grids asks of an edition that divides the nation; None if it asks none."""
    choices = {code: share for code, share in subregions_to_choose(place).items() if code in carried}
    asks = figures in choices or (figures != place and figures in enclosing_regions(place))
    return _question(place, choices) if choices and asks else None


def _question(place: str, choices: Mapping[str, float]) -> Label:
    """The choices, the largest first, and what answers the question."""
    named = [f"{code} ({f'{share:.0%}' if share >= _SMALLEST_SHOWN else '< 1%'})" for code, share in choices.items()]
    return Label(
        f"{place} lies in several grid subregions ({', '.join(named)} of its ZIP codes). Write a ZIP code or a subregion as the region, "
        "or pin the state's own figure (us-epa-egrid-state)",
        f"{place} 分属多个电网分区（按邮政编码计：{'、'.join(named)}）。请将地区填写为邮政编码或分区，"
        "或选用该州自身的因子（us-epa-egrid-state）",
    )


def surroundings(region: str, carried: Collection[str]) -> tuple[object, ...]:
    """What decides which figures a place can have: two places with the same surroundings have the same.

    Parameters
    ----------
    region : str
        As an entry has it.
    carried : collection of str
        The regions for which anything is pinned.

    Returns
    -------
    tuple
        The regions around it that are carried, with their distances; and the place itself where some figure leaves it out, where it has
        to be chosen among grids, or where it cannot be read.
    """
    if not region:
        return ()
    try:
        place = canonical_region(region)
    except RegionError:
        return (region,)
    own = place if asks_about(place) else ""
    return (own, *((name, far) for name, far in enclosing_regions(place).items() if name in carried))
