"""What a table as a whole says about the names of its activities.

Electricity on its own is what was bought. Beside rows of own generation or of the whole load it may be either, and is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from carbonledger.activity_data.cell import Cell
from carbonledger.core.activities import ELECTRICITY_LOAD, GENERATED_ELECTRICITY, GRID_ELECTRICITY, OWN_GENERATION
from carbonledger.core.activity_taxonomy import activity_label
from carbonledger.core.activity_words import ActivityReading, question_about
from carbonledger.core.findings import Finding
from carbonledger.core.region_names import country_name

__all__ = ["settle_by_table"]

_BESIDE = frozenset({*OWN_GENERATION, GENERATED_ELECTRICITY, ELECTRICITY_LOAD})
_CHOICES = ActivityReading(choices=(GRID_ELECTRICITY, ELECTRICITY_LOAD, GENERATED_ELECTRICITY))
Read = tuple[dict[str, Any], list[Finding]]


def settle_by_table(cells: Sequence[dict[str, Cell]], read: Sequence[Read], country: str) -> list[Finding]:
    """Ask about electricity beside own generation, and say which names were read as their country means them.

    Parameters
    ----------
    cells : sequence of dict
        The distinct combinations of words in it.
    read : sequence of (dict, list of Finding)
        What each combination means, with its defects; those of electricity in question are changed.
    country : str
        Where the table was written.

    Returns
    -------
    list of Finding
        About the whole table, without their row.
    """
    if any(record["activity"] in _BESIDE for record, _ in read):
        for row, (record, defects) in zip(cells, read, strict=True):
            if record["meant"].is_umbrella and record["activity"] == GRID_ELECTRICITY:
                record["activity"] = ""
                message = question_about(row["activity"].text, _CHOICES, country)
                defects.append(
                    Finding.from_message(message).at(column=row["activity"].heading, value=row["activity"].text)
                )
    meant = {
        (row["activity"].text, record["activity"]): str(record["region"]).partition("-")[0] or country
        for row, (record, _) in zip(cells, read, strict=True)
        if record["meant"].is_of_country and record["activity"]
    }
    return [_said(text, name, place) for (text, name), place in meant.items()]


def _said(text: str, name: str, country: str) -> Finding:
    """What a name was read as."""
    line = f'{json.dumps(text, ensure_ascii=False)} = "{name}"'
    values = {"activity": activity_label(name), "country": country_name(country) or country}
    return Finding.of("ACTIVITY_OF_COUNTRY", text=text, line=line, **values)
