"""Printed figures against the engine's own results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonledger.accounting.inventory import Inventory
from carbonledger.analysis.figures import PublishedFigure
from carbonledger.analysis.reconciliation import Relation, Verdict, check_rebuilt
from carbonledger.errors import BookError

__all__ = ["RebuiltFigure", "rebuild"]

_UNITS = {"energy_gj": "GJ", "emissions_tco2e": "t CO2e"}


@dataclass(frozen=True, slots=True)
class RebuiltFigure:
    """A printed figure with what the engine gives for it.

    Parameters
    ----------
    figure : PublishedFigure
        As printed.
    activity, entity : str
        What was summed; empty for all.
    quantity : str
        ``energy_gj`` or ``emissions_tco2e``.
    verdict : Verdict
        The comparison.
    """

    figure: PublishedFigure
    activity: str
    entity: str
    quantity: str
    verdict: Verdict


def rebuild(relation: Relation, figures: Mapping[str, PublishedFigure], inventory: Inventory) -> RebuiltFigure:
    """A printed figure rebuilt from the inventory.

    Parameters
    ----------
    relation : Relation
        Of kind ``rebuild``: ``figure``, ``quantity``, and ``activity`` and ``entity`` if only some lines are meant.
    figures : mapping of str to PublishedFigure
        By id.
    inventory : Inventory
        The engine's results.

    Returns
    -------
    RebuiltFigure

    Raises
    ------
    BookError
        If the relation names a figure or quantity that does not exist.
    """
    members = relation.members
    figure = figures.get(str(members.get("figure")))
    quantity = str(members.get("quantity"))
    if figure is None or quantity not in _UNITS:
        raise BookError(
            f"relation {relation.relation_id}: no published figure {members.get('figure')!r} or no {quantity!r}."
        )
    activity, entity = str(members.get("activity", "")), str(members.get("entity", ""))
    lines = inventory.lines
    if activity:
        lines = lines[lines["activity"] == activity]
    if entity:
        lines = lines[lines["entity"] == entity]
    if not len(lines):
        raise BookError(
            f"relation {relation.relation_id}: no line of {activity or 'any activity'} of {entity or 'anyone'}."
        )
    value = float(lines[quantity].sum(skipna=False))
    return RebuiltFigure(figure, activity, entity, quantity, check_rebuilt(relation, figure, value, _UNITS[quantity]))
