"""Energy and emissions of a book by month, and of its readings by day, at the factors of their month's lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.inventory.energy import is_energy_row
from carbonledger.inventory.inventory import Inventory
from carbonledger.monitoring.metered import KEYS, SOURCE, Metered

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MEASURES", "Priced", "priced"]

MEASURES = ["energy_gj", "emissions_tco2e"]
_SHOWN = [*SOURCE, "month", *MEASURES, "hours", "metered"]


@dataclass(frozen=True, slots=True)
class Priced:
    """Energy and emissions by day and month.

    Parameters
    ----------
    days : pandas.DataFrame
        Of readings, by source and day: ``entity``, ``site``, ``source``, ``activity``, ``unit``, ``day``, ``amount`` in the unit,
        ``energy_gj`` [GJ], ``emissions_tco2e`` [t CO2e], ``first``, ``last``, ``step`` [h], and ``whole``, whether they cover the day.
    months : pandas.DataFrame
        Of all entries, by source and month: the same names, ``month``, ``energy_gj``, ``emissions_tco2e``, ``whole`` and ``metered``.
    longer : pandas.DataFrame
        Of entries that belong to no single month, such as the bill of a quarter: the same names with ``start`` and ``end``.
    """

    days: pd.DataFrame
    months: pd.DataFrame
    longer: pd.DataFrame


def priced(inventory: Inventory[Any], readings: Metered) -> Priced:
    """Energy and emissions by day and month.

    Parameters
    ----------
    inventory : Inventory
        Of the entries of all years.
    readings : Metered
        Of the same book.

    Returns
    -------
    Priced
        A day has that part of the line of its month which its amount is of the amount of the line, so that days sum to the months and
        these, with `longer`, to the inventory. Nothing of a month is spread over days that have no reading.
    """
    import pandas as pd

    lines = _lines(inventory)
    lines = lines.assign(file=lines["file"].map(lambda file: readings.files.get(file, file)))
    is_metered = lines["file"].isin(readings.days["file"].unique())
    start, last = pd.to_datetime(lines["start"]), pd.to_datetime(lines["end"]) - pd.Timedelta(days=1)
    month, length = start.dt.to_period("M"), (last - start).dt.days + 1
    # The sum of a month's readings may reach a reading's length into the next month.
    is_month = (month == last.dt.to_period("M")) | (is_metered & (length <= _LONGEST_MONTH))
    lines = lines.assign(month=month.dt.to_timestamp(), hours=length * 24.0, metered=is_metered)
    of_months = lines[is_month]
    days = _days(of_months[of_months["metered"]], readings.days)
    covered = days.groupby([*SOURCE, "month"], as_index=False)["hours"].sum()
    months = _summed(of_months[_SHOWN], [*SOURCE, "month"], hours="sum", metered="max")
    months = months.merge(covered, on=[*SOURCE, "month"], how="left", suffixes=("", "_read"))
    hours = months["hours_read"].fillna(months["hours"])
    # One hour less where clocks are put forward.
    months["whole"] = hours >= months["month"].dt.days_in_month * 24 - 1.0
    days["whole"] = days["hours"].round(6) >= _SHORTEST_DAY
    kept = [*SOURCE, "unit", "day", "amount", *MEASURES, "first", "last", "step", "whole"]
    return Priced(
        days[kept],
        months[[*SOURCE, "month", *MEASURES, "metered", "whole"]],
        lines.loc[~is_month, [*SOURCE, "start", "end", *MEASURES]].reset_index(drop=True),
    )


# Days of a month with a reading of up to a week that begins in it; hours of the day on which clocks are put forward.
_LONGEST_MONTH, _SHORTEST_DAY = 38, 23.0


def _lines(inventory: Inventory[Any]) -> pd.DataFrame:
    """The lines with their energy as the energy table counts it; emissions that are not known are not a number."""
    import pandas as pd

    parts = []
    for number, part in enumerate(inventory.energy_parts):
        counts = {row.plan_id for row in part.plan.rows if is_energy_row(row)}
        frame = part.lines
        energy = frame["energy_gj"].where(frame["plan_id"].isin(counts), 0.0)
        emissions = frame["emissions_tco2e"] if number == 0 else math.nan
        parts.append(
            frame.assign(energy_gj=energy, emissions_tco2e=emissions)[[*KEYS, "start", "end", "amount", *MEASURES]]
        )
    lines: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return lines


def _days(lines: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Days with the energy and the emissions of their part of the month; not a number where the month is in no line."""
    import pandas as pd

    keys = [*KEYS, "month"]
    whole = _summed(lines[[*keys, "amount", *MEASURES]], keys, amount="sum")
    whole = whole.rename(columns={"amount": "amount_line"})
    found = days.assign(month=pd.to_datetime(days["day"]).dt.to_period("M").dt.to_timestamp())
    found = found.merge(whole, on=keys, how="left")
    # A month whose readings are all zero has nothing to divide.
    part = (found["amount"] / found["amount_line"]).where(found["amount_line"] != 0, 0.0)
    part = part.where(found["amount_line"].notna())
    priced_days: pd.DataFrame = found.assign(**{name: part * found[name] for name in MEASURES})
    return priced_days


def _summed(frame: pd.DataFrame, keys: list[str], **others: str) -> pd.DataFrame:
    """Sums by some keys; a sum of which a part is not known is not a number."""
    sums = {name: (name, lambda values: values.sum(skipna=False)) for name in MEASURES}
    named: dict[str, Any] = {name: (name, how) for name, how in others.items()}
    found: pd.DataFrame = frame.groupby(keys, as_index=False, dropna=False).agg(**sums, **named)
    return found
