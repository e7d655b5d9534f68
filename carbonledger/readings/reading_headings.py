"""Which column of a table of readings holds which field of entries."""

from __future__ import annotations

from collections.abc import Iterable

from carbonledger.activity_data.entry_headings import field_of_heading, is_electricity_amount

__all__ = ["fields_of"]


def fields_of(headings: Iterable[str]) -> dict[str, str]:
    """The field of entries that each heading names, empty for one that names none.

    Parameters
    ----------
    headings : iterable of str
        Of one table. A single 电量 is the amount where there is no other one.

    Examples
    --------
    >>> fields_of(["电表", "开始时间", "电量(kWh)", "峰谷"])
    {'电表': 'source', '开始时间': 'start', '电量(kWh)': 'amount', '峰谷': ''}
    """
    fields = {heading: field_of_heading(heading) for heading in headings}
    electric = [heading for heading, field in fields.items() if not field and is_electricity_amount(heading)]
    if "amount" not in fields.values() and len(electric) == 1:
        fields[electric[0]] = "amount"
    return fields
