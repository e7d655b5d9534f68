"""Ratings of data quality turned into an uncertainty, by the published scales of ``pedigree.csv``."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from carbonledger.core.errors import UncertaintyError
from carbonledger.core.findings import Message
from carbonledger.uncertainty.limits import Limits

__all__ = ["PedigreeScore", "list_pedigree_scales", "pedigree_gsd", "pedigree_limits"]

Scores = Mapping[str, int | str]


class PedigreeScore(NamedTuple):
    """What one score of one indicator of a scale adds to the uncertainty.

    Parameters
    ----------
    scale, indicator : str
        Such as ``ghg-protocol`` and ``temporal``.
    score : int
        1 is the best.
    word, word_zh : str
        What the scale calls it; empty if it has numbers only.
    kind : str
        ``squared_gsd``, the square of a geometric standard deviation; ``variance_of_log``, the variance of the logarithm.
    value : float
        Without unit.
    source, place, confidence : str
        Where it is published, and how sure the place is: ``issuer``, ``secondary`` or ``unopened``.
    """

    scale: str
    indicator: str
    score: int
    word: str
    word_zh: str
    kind: str
    value: float
    source: str
    place: str
    confidence: str


@cache
def _scales() -> Mapping[str, tuple[PedigreeScore, ...]]:
    """The scores of each scale."""
    text = resources.files("carbonledger.uncertainty").joinpath("pedigree.csv").read_text(encoding="utf-8")
    found: dict[str, list[PedigreeScore]] = {}
    for row in csv.DictReader(text.splitlines()):
        texts = {name: text for name, text in row.items() if name not in {"score", "value"}}
        item = PedigreeScore(score=int(row["score"]), value=float(row["value"]), **texts)
        found.setdefault(item.scale, []).append(item)
    return {name: tuple(items) for name, items in found.items()}


def list_pedigree_scales() -> dict[str, tuple[PedigreeScore, ...]]:
    """The scales that the library carries, each with its scores and their source.

    Examples
    --------
    >>> list(list_pedigree_scales())
    ['ghg-protocol', 'ecoinvent-v2', 'ecoinvent-v3']
    """
    return dict(_scales())


def pedigree_gsd(scores: Scores, scale: str, basic: float = 1.0) -> float:
    """GSD² of a figure, without unit, by the scores of its data quality.

    Parameters
    ----------
    scores : mapping of str to int or str
        By indicator: 1 for the best, or the word of the scale such as ``good`` or ``好``. Every indicator of the scale is needed, of
        ecoinvent v2 all but ``sample_size``.
    scale : {"ghg-protocol", "ecoinvent-v2", "ecoinvent-v3"}
        Whose scores they are.
    basic : float
        The basic uncertainty as GSD², 1 for none.

    Returns
    -------
    float
        ``exp(sqrt(Σ ln² U_i + ln² U_b))``; of ecoinvent v3 ``exp(2 sqrt(σ_b² + Σ σ_i²))`` with variances of the logarithm.

    Raises
    ------
    UncertaintyError
        If there is no such scale, indicator or score, an indicator is missing, or the basic uncertainty is below 1.

    References
    ----------
    GHG Protocol, Quantitative Inventory Uncertainty (2011). Frischknecht et al. (2007) and Weidema et al. (2013), ecoinvent reports No. 1.

    Examples
    --------
    >>> good = dict.fromkeys(["precision", "completeness", "temporal", "geographical", "technological"], "good")
    >>> round(pedigree_gsd(good, "ghg-protocol"), 3)
    1.262
    """
    items = _scales().get(scale)
    if items is None:
        raise UncertaintyError(Message.of("BAD_PEDIGREE.scale", given=scale, known=tuple(_scales())))
    if not (math.isfinite(basic) and basic >= 1):
        raise UncertaintyError(Message.of("BAD_UNCERTAINTY.gsd", given=basic))
    chosen = _chosen(items, scores)
    squares = [math.log(item.value) ** 2 if item.kind == "squared_gsd" else 4 * item.value for item in chosen]
    return math.exp(math.sqrt(math.fsum([*squares, math.log(basic) ** 2])))


def pedigree_limits(scores: Scores, scale: str, basic: float = 1.0) -> Limits:
    """The 95 % limits of a figure by the scores of its data quality, see `pedigree_gsd`."""
    return Limits.of_gsd(pedigree_gsd(scores, scale, basic))


# What a scale has and a rating may leave out.
_OPTIONAL = frozenset({"sample_size"})


def _chosen(items: tuple[PedigreeScore, ...], scores: Scores) -> list[PedigreeScore]:
    """The entries of a scale that some scores are."""
    known = tuple(dict.fromkeys(item.indicator for item in items))
    for name in scores:
        if name not in known:
            raise UncertaintyError(Message.of("BAD_PEDIGREE.indicator", given=name, known=known))
    lacking = tuple(name for name in known if name not in scores and name not in _OPTIONAL)
    if lacking:
        raise UncertaintyError(Message.of("BAD_PEDIGREE.missing", lacking=lacking, scale=items[0].scale))
    return [_item(items, name, score) for name, score in scores.items()]


def _item(items: tuple[PedigreeScore, ...], indicator: str, score: int | str) -> PedigreeScore:
    """The entry of one score."""
    own = [item for item in items if item.indicator == indicator]
    text = str(score).strip().casefold().replace(" ", "_")
    found = [item for item in own if text and text in {str(item.score), item.word, item.word_zh}]
    if not found or isinstance(score, bool):
        known = tuple(item.word or str(item.score) for item in own)
        raise UncertaintyError(Message.of("BAD_PEDIGREE.score", given=str(score), indicator=indicator, known=known))
    return found[0]
