"""Doubts about bills that may be counted twice.

References
----------
ISO 14064-3:2019: existence and cut-off. A duplicate is the same source, period and quantity, or the same invoice number; a near-duplicate
the same quantity of one source within 35 days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.activity_data.notes import is_noted, noted
from carbonledger.activity_data.row_groups import codes_of, distinct_within, row_blocks
from carbonledger.audit.case import SOURCE, AuditCase, name_of
from carbonledger.core.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Whole = npt.NDArray[np.int64]

__all__ = ["duplicate"]

# Sums of the parts of a bill differ from it by what binary arithmetic leaves.
_EQUAL = "{:.9g}"
# Round amounts, and those of few digits, are alike by chance.
_DIGITS, _DIGITS_ELSEWHERE = 4, 5
_TWICE = 2
_PLACE = ["file", "sheet", "row"]
_OF_PAIR = ["activity", "amount", "unit", "start", "end", "evidence", "data_type", "note"]
_GUESSED = ("estimated", "filled")


def duplicate(case: AuditCase) -> Iterator[Finding]:
    """No bill is counted twice: one document or amount again at another site, under another number, or in the other year."""
    yield from _one_document(case)
    yield from _two_years(case)
    yield from _same_source(case)
    yield from _other_source(case)


def _one_document(case: AuditCase) -> Iterator[Finding]:
    """A document whose amount stands in several rows, or that several sites share without a word."""
    lines = case.lines
    documented = lines[lines["evidence"] != ""]
    documented = documented[documented.duplicated(["evidence", "activity"], keep=False)]
    if not len(documented):
        return
    codes = codes_of(documented, ["evidence", "activity"])
    bill = codes_of(documented, [codes, "amount", "unit", "start", "end"])
    place = codes_of(documented, [codes, "entity", "site"])
    doubtful = _repeated(bill) | (distinct_within(codes, place) > 1)[codes]
    for rows in row_blocks(codes, doubtful):
        group, evidence = documented.iloc[rows], str(documented["evidence"].iloc[rows[0]])
        if len(set(bill[rows])) < len(rows):
            yield case.finding("DUPLICATE.document", group, evidence=evidence, count=len(group))
        elif len(set(place[rows])) > 1 and not noted(group).any():
            yield case.finding("DUPLICATE.shared", group, evidence=evidence)


def _repeated(codes: Whole) -> npt.NDArray[np.bool_]:
    """Which rows share their number with another."""
    repeated: npt.NDArray[np.bool_] = np.bincount(codes)[codes] > 1
    return repeated


def _same_source(case: AuditCase) -> Iterator[Finding]:
    """The same amount of one source again, for the same days or within weeks."""
    bills = case.bills
    codes = codes_of(bills.frame, [bills.source, "unit", "amount"])
    rows = np.flatnonzero((bills.amount > 0) & _repeated(codes))
    rows = rows[~bills.frame.iloc[rows].duplicated(_PLACE).to_numpy()] if len(rows) else rows
    rows = rows[np.lexsort((bills.start[rows], codes[rows]))]
    alike = np.bincount(codes[rows], minlength=1) if len(rows) else rows
    first, second = rows[:-1], rows[1:]
    near = (codes[first] == codes[second]) & (
        bills.start[second] - bills.start[first] <= case.thresholds.near_duplicate_days
    )
    overlap = bills.start[second] < bills.end[first]
    chosen = np.flatnonzero(near & (overlap | (alike[codes[first]] == _TWICE)))
    records = [bills.frame.iloc[side[chosen]][_OF_PAIR].to_dict("records") for side in (first, second)]
    for at, one, other in zip(chosen, *records, strict=True):
        yield from _pair(case, [int(first[at]), int(second[at])], (one, other), int(alike[codes[first[at]]]))


def _are_said_to_be_several(rows: Sequence[Mapping[Any, Any]]) -> bool:
    """Whether rows are estimates, or a note tells them apart: beside documents of their own, or not copied with the rest."""
    if all(row["data_type"] in _GUESSED for row in rows):
        return True
    documents, notes = ({row[name] for row in rows} for name in ("evidence", "note"))
    numbered = "" not in documents and len(documents) == len(rows)
    return any(map(is_noted, notes)) and (numbered or len(notes) > 1)


def _pair(
    case: AuditCase, rows: list[int], pair: tuple[Mapping[Any, Any], Mapping[Any, Any]], alike: int
) -> Iterator[Finding]:
    """Two rows of one source with one amount that begin within weeks."""
    first, second = pair
    what = {"activity": first["activity"], "amount": float(first["amount"]), "unit": first["unit"]}
    numbered = bool(first["evidence"] and second["evidence"] and first["evidence"] != second["evidence"])
    overlap = second["start"] < first["end"]
    if overlap and not numbered:
        yield case.finding("DUPLICATE.overlap", case.lines.iloc[rows], **what)
    elif not _telling(first["amount"], _DIGITS) or _are_said_to_be_several(pair):
        return
    elif overlap:
        documents = {"first": first["evidence"], "second": second["evidence"]}
        yield case.finding("DUPLICATE.overlap_documents", case.lines.iloc[rows], **documents, **what)
    elif alike == _TWICE:
        # With four digits, two bills of a year are alike by chance in about one source of fifty.
        severity: Severity = "warning" if _telling(first["amount"], _DIGITS_ELSEWHERE) else "note"
        days = (second["start"] - first["start"]).days
        yield case.finding("DUPLICATE.again", case.lines.iloc[rows], days=days, **what).as_severity(severity)


def _telling(amount: Any, digits: int) -> bool:
    """Whether an amount has so many digits before its last zeros that chance does not repeat it."""
    return len(f"{amount:.9g}".replace(".", "").lstrip("0").split("e")[0].rstrip("0")) >= digits


def _other_source(case: AuditCase) -> Iterator[Finding]:
    """The same amount and days under another source or at another site, without a document that tells them apart."""
    bills = case.bills
    codes = codes_of(bills.frame, ["activity", "unit", "amount", bills.start, bills.end])
    repeated = np.flatnonzero((bills.amount > 0) & _repeated(codes))
    if not len(repeated):
        return
    lines = bills.frame.iloc[repeated]
    codes = codes_of(lines, [codes[repeated]])
    documents = codes_of(lines, [codes, "evidence"])
    named = (lines["evidence"] != "").to_numpy()
    counts = np.bincount(codes)
    apart = (distinct_within(codes, documents) == counts) & (np.bincount(codes, weights=named) == counts)
    shared = np.bincount(codes, weights=_repeated(documents) & named) > 0
    several = distinct_within(codes, bills.source[repeated]) > 1
    for rows in row_blocks(codes, (several & ~apart & ~shared)[codes]):
        yield from _elsewhere(case, lines.iloc[rows])


def _elsewhere(case: AuditCase, group: pd.DataFrame) -> Iterator[Finding]:
    """Rows of several sources with one amount and the same days, if they are not known to be several and chance does not repeat it."""
    first = group.iloc[0]
    if _are_said_to_be_several(group[_OF_PAIR].to_dict("records")) or not _telling(first["amount"], _DIGITS_ELSEWHERE):
        return
    places = tuple(dict.fromkeys(name_of(place) for place in group[SOURCE[:3]].itertuples(index=False)))
    what = {"activity": first["activity"], "amount": float(first["amount"]), "unit": first["unit"]}
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
    if not len(documented):
        return
    document = codes_of(documented, ["evidence", "activity", "unit"])
    several = distinct_within(document, documented["year"].to_numpy(dtype=np.int64)) > 1
    documented = documented[several[document]]
    bills = documented.groupby(["evidence", "activity", "unit", *_PLACE], sort=False).agg(
        amount=("amount", "sum"), years=("year", lambda years: tuple(sorted(set(years))))
    )
    bills = bills.reset_index().assign(alike=lambda found: found["amount"].map(_EQUAL.format))
    keys = ["evidence", "activity", "unit", "alike"]
    for _, same in bills[bills.duplicated(keys, keep=False)].groupby(keys, sort=False):
        yield same
