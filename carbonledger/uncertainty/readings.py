"""The lines of an inventory as the errors of their activity data: one for each source and its limits, in each plan row.

Lines are grouped by what they share before anything is drawn or propagated, so that millions of them cost one grouping.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import narwhals as nw

from carbonledger.core.errors import UncertaintyError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.inventory.inventory import Inventory
from carbonledger.uncertainty.limits import Limits, parse_limits
from carbonledger.uncertainty.parameters import nearest
from carbonledger.uncertainty.stated import ActivityUncertainty, UncertaintySettings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["METER", "Reading", "readings_of"]

# What tells one source of activity data from another, beside its activity.
METER = ("entity", "site", "source")
_STATED = ("data_type", "uncertainty")
_SELECTORS = (*METER, "data_type", "activity")


class Reading:
    """The limits that some lines have.

    Parameters
    ----------
    limits : Limits or None
        None if nobody states any.
    origin : Label
        Where they come from.
    independent : bool
        Whether each line errs by itself.
    """

    __slots__ = ("independent", "limits", "origin")

    def __init__(self, limits: Limits | None, origin: Label, *, independent: bool = False) -> None:
        self.limits, self.origin, self.independent = limits, origin, independent


def readings_of(
    inventory: Inventory[Any], settings: UncertaintySettings, used: set[str], findings: list[Finding]
) -> tuple[pd.DataFrame, list[Reading]]:
    """The sums of the lines by plan row, source and limits, with the limits of each.

    Parameters
    ----------
    inventory : Inventory
        Of lines in any kind of frame.
    settings : UncertaintySettings
        What is stated.
    used : set of str
        Gains the words of the statements that fit.
    findings : list of Finding
        Gains the cells that cannot be read.

    Returns
    -------
    tuple of (pandas.DataFrame, list of Reading)
        ``plan_id``, ``entity``, ``site``, ``source``, ``data_type``, ``uncertainty``, ``amount`` [unit of the plan row], ``squares`` [its
        square] and ``reading``, a number in the list.
    """
    import numpy as np

    sums = _sums(inventory)
    sums["activity"] = _activities(inventory, sums["plan_id"])
    # Only what statements name divides the lines further, so that a million sources are not asked one by one.
    named = [name for name in _SELECTORS if any(name in item.selectors for item in settings.activity)]
    keys = [*named, "uncertainty"]
    numbers = sums.groupby(keys, sort=False, dropna=False).ngroup()
    firsts = sums[keys].assign(number=numbers).loc[~numbers.duplicated()].sort_values(keys)
    # A source with the same limits by the same statement errs once, whatever else its lines differ in.
    alike: dict[tuple[Any, ...], int] = {}
    readings: list[Reading] = []
    of_group = np.zeros(len(firsts), dtype=int)
    for row in firsts.to_dict("records"):
        facts = {**dict.fromkeys(_SELECTORS, ""), **{str(name): value for name, value in row.items()}}
        reading = _reading(facts, settings, used, findings)
        at = alike.setdefault((reading.limits, reading.origin, reading.independent), len(readings))
        readings += [reading] if at == len(readings) else []
        of_group[row["number"]] = at
    sums["reading"] = of_group[numbers.to_numpy()]
    return sums, readings


def _sums(inventory: Inventory[Any]) -> pd.DataFrame:
    """Amounts and their squares by plan row and by what may tell errors apart."""
    import pandas as pd

    frame = nw.from_native(inventory.lines)
    names = frame.collect_schema().names()
    keys = [name for name in (*METER, *_STATED) if name in names]
    squared = frame.with_columns(squares=nw.col("amount") * nw.col("amount"))
    grouped = squared.group_by(["plan_id", *keys]).agg(nw.col("amount", "squares").sum())
    eager = grouped.collect() if isinstance(grouped, nw.LazyFrame) else grouped
    table = pd.DataFrame(eager.to_native() if eager.implementation.is_pandas() else eager.to_dict(as_series=False))
    for name in (*METER, *_STATED):
        table[name] = table[name].fillna("").astype(str) if name in table else ""
    return table


def _activities(inventory: Inventory[Any], plan_ids: Any) -> Any:
    """The activity of each plan row."""
    import numpy as np

    names = np.array([row.activity for row in inventory.plan.rows], dtype=object)
    return names[np.asarray(plan_ids, dtype=int)]


def _reading(
    facts: Mapping[str, str], settings: UncertaintySettings, used: set[str], findings: list[Finding]
) -> Reading:
    """The limits of lines with some facts: what the entry says, else the nearest statement of the settings."""
    stated = nearest(settings.activity, facts)
    if stated is not None:
        used.add(stated.words)
    own = facts["uncertainty"].strip()
    if own:
        try:
            return Reading(parse_limits(own), Label.of("uncertainty_of_entry"))
        except UncertaintyError as error:
            # A frame of one's own has not been read by the library, which refuses such a cell.
            if error.says is not None:
                findings.append(Finding.from_message(error.says).at(column="uncertainty", value=own))
            return Reading(None, Label("", ""))
    if not isinstance(stated, ActivityUncertainty):
        return Reading(None, Label("", ""))
    return Reading(stated.limits, Label(stated.reason, stated.reason), independent=stated.independent)
