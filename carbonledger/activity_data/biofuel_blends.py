"""Fuels sold with a biofuel in them: E10 is a tenth ethanol by volume, B20 a fifth biodiesel.

The fossil part belongs in scope 1 with all its gases; of the biofuel, CH4 and N2O do, while its CO2 is a register.

References
----------
GHG Protocol Corporate Standard (2004), chapter 9: biogenic CO2 is reported apart from the scopes.
"""

from __future__ import annotations

import re
from typing import Any

from carbonledger.activity_data.cell import Cell
from carbonledger.core.activities import DIESEL, GASOLINE, blend_of
from carbonledger.core.findings import Finding
from carbonledger.core.units import dimension_label, dimension_of

__all__ = ["blend_defect", "blend_parts", "fossil_base"]

_BLEND = re.compile(r"([EB])(\d{1,2})(?:\s*(?:车用)?(?:乙醇)?(?:汽油|柴油|gasoline|petrol|diesel))?", re.IGNORECASE)


def _named(text: str) -> tuple[str, str, float] | None:
    """Fossil fuel, biofuel and volume share of a blend's name; None if it names none."""
    found = _BLEND.fullmatch(text.strip())
    if not found or int(found[2]) == 0:
        return None
    fossil, bio = blend_of(found[1].upper())
    return fossil, bio, int(found[2]) / 100


def fossil_base(text: str) -> str:
    """The fossil fuel of a blend such as ``E10``; empty if the text names no blend.

    Examples
    --------
    >>> fossil_base("E10"), fossil_base("b20"), fossil_base("汽油")
    ('fuel.gasoline', 'fuel.diesel', '')
    """
    named = _named(text)
    return named[0] if named else ""


def blend_defect(cell: Cell, unit: str) -> Finding | None:
    """What keeps a blend from being split: its name is a share of volume, so the amount must be a volume."""
    if not fossil_base(cell.text) or not unit or dimension_of(unit) == "volume":
        return None
    dimension = dimension_label(dimension_of(unit))
    finding = Finding.of("BLEND_NOT_BY_VOLUME", blend=cell.text, unit=unit, dimension=dimension)
    return finding.at(column=cell.heading, value=cell.text)


def blend_parts(record: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """An entry of a blend as one of its fossil fuel and one of its biofuel.

    Parameters
    ----------
    record : dict
        A sound entry, by volume.
    name : str
        The activity as written.

    Returns
    -------
    list of dict
        The entry itself if the name is no blend; else two, whose amounts sum to it and whose notes say so.
    """
    named = _named(name)
    if named is None:
        return [record]
    fossil, bio, share = named
    parts = ((fossil, 1 - share, f"fossil part of {name}"), (bio, share, f"biofuel of {name}"))
    return [_part(record, activity, part, words) for activity, part, words in parts]


def _part(record: dict[str, Any], activity: str, share: float, words: str) -> dict[str, Any]:
    """One fuel of a blend."""
    note = f"{record['note']} {words}, {share:.0%} by volume".strip()
    own = {**record, "activity": activity, "amount": record["amount"] * share, "note": note}
    # A variant named for the fossil part, such as mineral, says nothing about the biofuel.
    return own if activity in {GASOLINE, DIESEL} or "@" in record["factor"] else {**own, "factor": ""}
