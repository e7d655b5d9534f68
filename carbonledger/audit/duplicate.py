"""Doubts about bills that may be counted twice.

References
----------
ISO 14064-3:2019: existence and cut-off. A duplicate is the same source, period and quantity, or the same invoice number; a near-duplicate
the same quantity of one source within 35 days.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from carbonledger.audit.case import SOURCE, AuditCase, name_of, noted
from carbonledger.core.findings import Finding, Severity

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["duplicate", "sub_meters"]

# Sums of the parts of a bill differ from it by what binary arithmetic leaves.
_EQUAL = "{:.9g}"
# Round amounts, and those of few digits, are alike by chance.
_DIGITS, _DIGITS_ELSEWHERE = 4, 5
_TWICE = 2
_PLACE = ["file", "sheet", "row"]
_GUESSED = ("estimated", "filled")


def duplicate(case: AuditCase) -> Iterator[Finding]:
    """No bill is counted twice: one document or amount again at another site, under another number, or in the other year."""
    yield from _one_document(case)
    yield from _two_years(case)
    yield from _same_source(case)
    yield from _other_source(case)


def _one_document(case: AuditCase) -> Iterator[Finding]:
    """A document whose amount stands in several rows, or that several sites share without a word."""
    keys = ["evidence", "activity"]
    documented = case.lines[case.lines["evidence"] != ""]
    documented = documented[documented.duplicated(keys, keep=False)]
    for (evidence, _), group in documented.groupby(keys, sort=False):
        again = group.drop_duplicates(["amount", "unit", "start", "end"])
        if len(group) > len(again):
            yield case.finding("DUPLICATE.document", group, evidence=str(evidence), count=len(group))
        elif len(group.drop_duplicates(["entity", "site"])) > 1 and not noted(group).any():
            yield case.finding("DUPLICATE.shared", group, evidence=str(evidence))


def _same_source(case: AuditCase) -> Iterator[Finding]:
    """The same amount of one source again, for the same days or within weeks."""
    lines = case.lines
    keys = [*SOURCE, "unit", "amount"]
    alike = lines[(lines["amount"] > 0) & lines.duplicated(keys, keep=False)]
    for _, group in alike.groupby(keys, sort=False):
        ordered = group.drop_duplicates(_PLACE).sort_values("start")
        for first, second in pairwise(ordered.index):
            pair = ordered.loc[[first, second]]
            near = (pair["start"].iloc[1] - pair["start"].iloc[0]).days <= case.thresholds.near_duplicate_days
            if near:
                yield from _pair(case, pair, len(ordered))


def _said_to_be_two(pair: pd.DataFrame) -> bool:
    """Whether rows are known to be several: estimates, or explained in a note that was not copied with the rest."""
    return bool(pair["data_type"].isin(_GUESSED).all() or (noted(pair).any() and pair["note"].nunique() > 1))


def _pair(case: AuditCase, pair: pd.DataFrame, alike: int) -> Iterator[Finding]:
    """Two rows of one source with one amount that begin within weeks."""
    first, second = pair.iloc[0], pair.iloc[1]
    what = {"activity": first["activity"], "amount": float(first["amount"]), "unit": first["unit"]}
    other_number = bool(first["evidence"] and second["evidence"] and first["evidence"] != second["evidence"])
    if second["start"] < first["end"] and not other_number:
        yield case.finding("DUPLICATE.overlap", pair, **what)
    elif _said_to_be_two(pair):
        return
    elif second["start"] < first["end"] and _telling(first["amount"], _DIGITS):
        documents = {"first": first["evidence"], "second": second["evidence"]}
        yield case.finding("DUPLICATE.overlap_documents", pair, **documents, **what)
    elif alike == _TWICE and _telling(first["amount"], _DIGITS):
        # With four digits, two bills of a year are alike by chance in about one source of fifty.
        severity: Severity = "warning" if _telling(first["amount"], _DIGITS_ELSEWHERE) else "note"
        days = (second["start"] - first["start"]).days
        yield case.finding("DUPLICATE.again", pair, days=days, **what).as_severity(severity)


def _telling(amount: Any, digits: int) -> bool:
    """Whether an amount has so many digits before its last zeros that chance does not repeat it."""
    return len(f"{amount:.9g}".replace(".", "").lstrip("0").split("e")[0].rstrip("0")) >= digits


def _other_source(case: AuditCase) -> Iterator[Finding]:
    """The same amount and days under another source or at another site, without a document that tells them apart."""
    keys = ["activity", "unit", "amount", "start", "end"]
    lines = case.lines[case.lines["amount"] > 0]
    for key, group in lines[lines.duplicated(keys, keep=False)].groupby(keys, sort=False):
        apart = group["evidence"].nunique() == len(group) and (group["evidence"] != "").all()
        same_document = group.duplicated("evidence", keep=False) & (group["evidence"] != "")
        several = len(group.drop_duplicates(SOURCE)) > 1
        if (
            apart
            or not several
            or same_document.any()
            or _said_to_be_two(group)
            or not _telling(key[2], _DIGITS_ELSEWHERE)
        ):
            continue
        places = tuple(dict.fromkeys(name_of(place) for place in group[SOURCE[:3]].itertuples(index=False)))
        what = {"activity": key[0], "amount": float(str(key[2])), "unit": key[1]}
        yield case.finding("DUPLICATE.elsewhere", group, places=places, **what)


def _two_years(case: AuditCase) -> Iterator[Finding]:
    """Documents whose whole amount stands in several rows that reach into different years, divided between them or not."""
    for same in _bills_alike(case):
        years = sorted({year for found in same["years"] for year in found})
        if len(same) < _TWICE or len(set(same["years"])) < _TWICE or case.year not in years:
            continue
        merged = case.lines.merge(same[_PLACE], on=_PLACE)
        chosen = case.lines[case.lines.set_index(_PLACE).index.isin(merged.set_index(_PLACE).index)]
        rows = tuple(int(row) for row in same["row"])
        evidence = str(same["evidence"].iloc[0])
        yield case.finding("DUPLICATE.two_years", chosen, evidence=evidence, rows=rows, years=tuple(years))


def _bills_alike(case: AuditCase) -> Iterator[Any]:
    """Bills of one document and amount in any year; the parts of a divided bill share a row of the file and are the bill together."""
    import pandas as pd

    earlier = [] if case.previous is None else [case.previous.lines.assign(sheet="the year before")]
    entries = pd.concat([*earlier, case.lines]) if case.all_entries is None else case.all_entries
    documented = entries[(entries["evidence"] != "") & (entries["amount"] > 0)]
    bills = documented.groupby(["evidence", "activity", "unit", *_PLACE], sort=False).agg(
        amount=("amount", "sum"), years=("year", lambda years: tuple(sorted(set(years))))
    )
    bills = bills.reset_index().assign(alike=lambda found: found["amount"].map(_EQUAL.format))
    keys = ["evidence", "activity", "unit", "alike"]
    for _, same in bills[bills.duplicated(keys, keep=False)].groupby(keys, sort=False):
        yield same


# Two meters are alike by chance too often; a main meter has at least two below it.
_FEWEST_SOURCES = 3
# So many periods in which the parts give the main meter leave no room for chance; one needs a closer fit.
_SURE_PERIODS = 3
_ONE_PERIOD = 0.25


def sub_meters(case: AuditCase) -> Iterator[Finding]:
    """The parts of a meter are not added to it: no source is the sum of the others of its carrier, period by period."""
    met: set[tuple[int, ...]] = set()
    lines = case.lines[case.lines["amount"] > 0]
    for columns in (["entity", "site", "activity", "unit"], ["entity", "activity", "unit"]):
        for key, group in lines.groupby(columns, sort=False):
            places = tuple(group.index)
            found = _main_meter(group, case.thresholds.meter_tolerance) if places not in met else None
            met.add(places)
            if found and not noted(group).any():
                yield _added(case, name_of(key[:-1]), group, found)


def _main_meter(group: pd.DataFrame, tolerance: float) -> tuple[tuple[str, str], int] | None:
    """Site and source of the meter that the others sum to, and in how many periods; None if there is none."""
    if len(group.drop_duplicates(["site", "source"])) < _FEWEST_SOURCES:
        return None
    table = group.pivot_table(index=["start", "end"], columns=["site", "source"], values="amount", aggfunc="sum")
    if table.isna().any(axis=None):
        return None
    sums = table.sum().to_numpy()
    main = table.columns[int(sums.argmax())]
    rest = table.drop(columns=[main]).sum(axis=1)
    allowed = tolerance if len(table) >= _SURE_PERIODS else tolerance * _ONE_PERIOD
    fits = ((rest / table[main] - 1).abs() <= allowed).all()
    return ((str(main[0]), str(main[1])), len(table)) if fits else None


def _added(case: AuditCase, name: str, group: pd.DataFrame, found: tuple[tuple[str, str], int]) -> Finding:
    """A main meter and its sub-meters in one sum; at stake is what the main meter counts."""
    (site, source), periods = found
    main = group[(group["site"] == site) & (group["source"] == source)]
    severity: Severity = "error" if periods >= _SURE_PERIODS else "warning"
    others = group["source"].nunique() - 1
    meter = {"company": name, "meter": name_of((site, source))}
    return case.finding("DUPLICATE.main_meter", main, others=others, periods=periods, **meter).as_severity(severity)
