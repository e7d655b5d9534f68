"""Doubts about amounts, bills and months that each source makes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from carbonledger.analysis.audit.case import AuditCase
from carbonledger.errors import Finding
from carbonledger.ledger.checks import power_of_ten

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["coverage", "duplicate", "unit_10k"]

# From so many months on, a source has a usual ratio to last year.
_ENOUGH = 4
# Sums of the parts of a bill differ from it by what binary arithmetic leaves.
_EQUAL = "{:.9g}"
_SOURCE = ["entity", "site", "source", "activity"]


def unit_10k(case: AuditCase) -> Iterator[Finding]:
    """No bill is a thousand or ten thousand times last year's of the same source and month: kWh for 10^4 kWh, kg for t."""
    if case.previous is None:
        return
    known = {(finding.file, finding.sheet, finding.row) for finding in case.findings if finding.rule == "UNIT_10K"}
    before = _by_month(case.previous.lines)["amount"].sum()
    ratios: dict[tuple[str, ...], dict[int, float]] = {}
    for key, amount in _by_month(case.lines)["amount"].sum().items():
        if amount > 0 and before.get(key, 0.0) > 0:
            ratios.setdefault(key[:-1], {})[key[-1]] = amount / before[key]
    for source, months in ratios.items():
        usual = median(months.values()) if len(months) >= _ENOUGH else 1.0
        for month, ratio in months.items():
            power = power_of_ten(ratio / usual, case.thresholds.near_power_of_ten)
            group = _of_month(case.lines, source, month)
            row = group.iloc[0]
            if not power or (row["file"], row["sheet"], row["row"]) in known:
                continue
            name = " / ".join(str(part) for part in source[:-1] if part)
            message = (
                f"{name}: {group['amount'].sum():g} {source[-1]} is {ratio:.3g} times last year's same month, about 10^{power} times "
                "what this source's months usually are."
            )
            way_out = "Check the unit: kWh or 10^4 kWh, kg or t, m3 or 10^4 m3."
            yield case.finding("UNIT_10K", "error", message, way_out, group)


def _of_month(lines: pd.DataFrame, source: tuple[str, ...], month: int) -> pd.DataFrame:
    """The lines of one source and unit that begin in a month."""
    chosen = lines
    for column, value in zip([*_SOURCE, "unit"], source, strict=True):
        chosen = chosen[chosen[column] == value]
    return chosen[chosen["start"].map(lambda day: day.month) == month]


def _by_month(lines: pd.DataFrame) -> Any:
    """Lines of one source and unit by the month in which they begin."""
    months = lines["start"].map(lambda day: day.month).rename("month")
    return lines.groupby([*(lines[column] for column in (*_SOURCE, "unit")), months], sort=False)


def duplicate(case: AuditCase) -> Iterator[Finding]:
    """No bill is counted twice: one document at two sites, or the same amount of one source again within days."""
    lines = case.lines
    documented = lines[lines["evidence"] != ""]
    for evidence, group in documented.groupby("evidence", sort=False):
        again = group.drop_duplicates(["activity", "amount", "unit", "start", "end"])
        if len(group) > len(again):
            message = f"the document {evidence} is counted {len(group)} times with the same amount."
            yield case.finding("DUPLICATE", "error", message, "Keep it at the site that it was billed to.", group)
    yield from _two_years(case)
    keys = [*_SOURCE, "unit", "amount"]
    alike = lines[(lines["amount"] > 0) & lines.duplicated(keys, keep=False)]
    for _, group in alike.groupby(keys, sort=False):
        ordered = group.sort_values("start")
        for first, second in pairwise(ordered.index):
            if _near(ordered.loc[first], ordered.loc[second], case.thresholds.near_duplicate_days):
                pair = ordered.loc[[first, second]]
                row = pair.iloc[0]
                message = (
                    f"{row['activity']}: the amount {row['amount']:g} {row['unit']} stands twice for days that overlap."
                )
                yield case.finding(
                    "DUPLICATE", "error", message, "Delete one, or tell them apart by source or evidence.", pair
                )


def _two_years(case: AuditCase) -> Iterator[Finding]:
    """Documents whose whole amount stands in several rows that reach into different years, divided between them or not."""
    import pandas as pd

    earlier = [] if case.previous is None else [case.previous.lines.assign(sheet="the year before")]
    entries = pd.concat([*earlier, case.lines]) if case.entries is None else case.entries
    documented = entries[(entries["evidence"] != "") & (entries["amount"] > 0)]
    # The parts of a divided bill share a row of the file; together they are the bill.
    place = ["file", "sheet", "row"]
    bills = documented.groupby(["evidence", "activity", "unit", *place], sort=False).agg(
        amount=("amount", "sum"), years=("year", lambda years: tuple(sorted(set(years))))
    )
    bills = bills.reset_index().assign(alike=lambda found: found["amount"].map(_EQUAL.format))
    for (evidence, _, _, _), same in bills.groupby(["evidence", "activity", "unit", "alike"], sort=False):
        years = sorted({year for found in same["years"] for year in found})
        if len(same) < 2 or len(set(same["years"])) < 2 or case.year not in years:
            continue
        rows = case.lines.merge(same[place], on=place)
        chosen = case.lines[case.lines.set_index(place).index.isin(rows.set_index(place).index)]
        named = ", ".join(str(row) for row in same["row"])
        message = f"the document {evidence} is counted whole in the rows {named}, in {' and '.join(map(str, years))}."
        yield case.finding(
            "DUPLICATE", "error", message, "Keep it in the year it belongs to, or divide it by days, once.", chosen
        )


def _near(first: pd.Series, second: pd.Series, days: int) -> bool:
    """Whether two bills of one amount share days, or differ only by a few days of their beginning."""
    overlap = second["start"] < first["end"]
    other_documents = first["evidence"] and second["evidence"] and first["evidence"] != second["evidence"]
    return bool(overlap and (second["start"] - first["start"]).days <= days and not other_documents)


def coverage(case: AuditCase) -> Iterator[Finding]:
    """A zero is confirmed, and bills of one source neither overlap nor come more than once a month."""
    lines = case.lines
    zeros = lines[(lines["amount"] == 0) & (lines["note"] == "")]
    if len(zeros):
        message = f"{len(zeros)} line(s) state an amount of 0 without a word."
        yield case.finding("COVERAGE", "warning", message, "Confirm in the note that nothing was used.", zeros)
    for _, group in lines.groupby(_SOURCE, sort=False):
        if len(group) <= _MONTHS:
            continue
        days = sorted(zip(group["start"], group["end"], strict=True))
        shared = any(later[0] < earlier[1] for earlier, later in pairwise(days))
        if shared:
            name = " / ".join(str(group.iloc[0][column]) for column in _SOURCE if group.iloc[0][column])
            message = f"{name}: {len(group)} bills in a year, some for the same days."
            yield case.finding("COVERAGE", "warning", message, "Delete the bill that is counted twice.", group)


_MONTHS = 12
