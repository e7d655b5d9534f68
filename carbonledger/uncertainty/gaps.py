"""What an assessment of uncertainty lacks: figures without limits, statements that fit nothing, limits too wide for Approach 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import narwhals as nw
from rapidfuzz import fuzz, process

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, did_you_mean
from carbonledger.inventory.inventory import Inventory
from carbonledger.uncertainty.model import Model
from carbonledger.uncertainty.stated import ActivityUncertainty, FactorUncertainty, UncertaintySettings

__all__ = ["gap_findings"]

# So many figures without limits are named, the largest first; the others are counted.
_NAMED = 12
_NEAR_PERCENT = 60


def gap_findings(inventory: Inventory[Any], settings: UncertaintySettings, model: Model) -> Iterator[Finding]:
    """The findings of an assessment.

    Parameters
    ----------
    inventory : Inventory
        What is assessed.
    settings : UncertaintySettings
        What was stated.
    model : Model
        What came of it.

    Yields
    ------
    Finding
        None of them touches a total.
    """
    yield from model.findings
    yield from _without_limits(model)
    items: tuple[ActivityUncertainty | FactorUncertainty, ...] = (*settings.activity, *settings.factor)
    for item in items:
        if item.words not in model.stated:
            yield Finding.of("UNCERTAINTY_UNUSED", selection=item.words, hint=_hint(inventory, item)).at(
                file="book.toml"
            )
    wide = _wide(model)
    if wide:
        yield Finding.of("UNCERTAINTY_WIDE", count=len(wide), figures=tuple(wide[:_NAMED]))


def _without_limits(model: Model) -> Iterator[Finding]:
    """A finding for each figure without limits, with the emissions that hang on it."""
    total = model.total_tco2e
    gaps = model.without_limits()
    for label, tonnes in gaps[:_NAMED]:
        percent = tonnes / total * 100 if total else 0.0
        yield Finding.of("UNCERTAINTY_GAP.figure", figure=label, tonnes=tonnes, percent=percent)
    if len(gaps) > _NAMED:
        yield Finding.of("UNCERTAINTY_GAP.more", count=len(gaps) - _NAMED)


def _wide(model: Model) -> list[Label]:
    """The figures whose limits are beyond 30 %, of those that something counted depends on."""
    rows = (model.coefficients.rows[int(number)] for number in model.cells["plan_id"].unique())
    used = sorted({number for row in rows for term in row.covered for number, _ in term.powers})
    figures = (model.coefficients.parameters[number] for number in used)
    found = [item.label for item in figures if item.limits is not None and item.limits.is_wide]
    wide = [at for at, reading in enumerate(model.readings) if reading.limits is not None and reading.limits.is_wide]
    cells = model.cells[model.cells["reading"].isin(wide) & (model.cells["emissions"] != 0)]
    firsts = cells[~cells.duplicated(["activity", "entity", "site", "source"])]
    return [*found, *(model.error_parameter(row).label for _, row in firsts.head(_NAMED).iterrows())]


def _hint(inventory: Inventory[Any], item: ActivityUncertainty | FactorUncertainty) -> Label:
    """The name of the inventory most like the one that a statement gives, if one is."""
    for name, value in item.selectors.items():
        known = {text for text in _known(inventory, name) if text}
        if value not in known:
            near = process.extractOne(str(value), sorted(known), scorer=fuzz.ratio, score_cutoff=_NEAR_PERCENT)
            return did_you_mean([near[0]] if near else [])
    return did_you_mean([])


def _known(inventory: Inventory[Any], name: str) -> Iterable[str]:
    """What a selector may say in an inventory."""
    factors = [factor for row in inventory.plan.rows for factor in row.factors]
    if name == "activity":
        return {row.activity for row in inventory.plan.rows} | {factor.activity for factor in factors}
    if name == "factor":
        return {text for factor in factors for text in (factor.factor_id, factor.reference)}
    if name in {"gas", "parameter", "edition"}:
        return {str(getattr(factor, name)) for factor in factors}
    frame = nw.from_native(inventory.lines)
    if name not in frame.collect_schema().names():
        return ()
    column = frame.select(name).unique()
    eager = column.collect() if isinstance(column, nw.LazyFrame) else column
    return {str(text) for text in eager[name].to_list() if text is not None}
