"""Entries that replace earlier ones: an estimated bill by the actual one, a wrong line by its correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carbonledger.core.findings import Finding, old_finding

__all__ = ["superseded"]

Record = dict[str, Any]
_WAY_OUT = {
    "SUPERSEDES_UNKNOWN": "Give the replaced entry that id in entry_id, once.",
    "SUPERSEDES_TWICE": "Let the later correction supersede the earlier one.",
    "SUPERSEDES_OTHER": "Correct the id; an entry replaces one of the same company, site, source and activity.",
    "SUPERSEDES_PART": "Add the entries for the other days, or divide the replaced entry.",
}


def superseded(records: list[Record]) -> tuple[list[Record], list[Finding]]:
    """The entries that stand, and what became of the others.

    Parameters
    ----------
    records : list of dict
        Sound entries with ``entry_id`` and ``supersedes``.

    Returns
    -------
    tuple of (list of dict, list of Finding)
        A replaced entry is left out with a note; a chain leaves its last. Several entries may replace one together, if they share no
        day and cover all of it. An id that no entry has, that several rows have, that leads back to itself, or that is of another
        activity, company, site, source or time is an error, as are replacements that overlap or leave days open; all entries
        concerned are kept, so that nothing is lost.
    """
    by_id: dict[str, list[Record]] = {}
    for record in (record for record in records if record["entry_id"]):
        by_id.setdefault(record["entry_id"], []).append(record)
    findings: list[Finding] = []
    candidates: dict[str, list[Record]] = {}
    for record in (record for record in records if record["supersedes"]):
        fault = _fault(record, by_id, candidates.get(record["supersedes"], []))
        if fault:
            findings.append(_finding(fault[0], "error", fault[1], record))
        else:
            candidates.setdefault(record["supersedes"], []).append(record)
    replaced: dict[int, Record] = {}
    for target, replacing in candidates.items():
        open_days = [item for item in by_id[target] if not _covered(item, replacing)]
        if open_days:
            message = f"it supersedes {target!r}, whose days it does not cover; both are counted."
            findings.append(_finding("SUPERSEDES_PART", "error", message, replacing[0]))
        else:
            replaced |= {id(item): replacing[0] for item in by_id[target]}
    return [record for record in records if id(record) not in replaced], [*findings, *_notes(records, replaced)]


def _notes(records: Sequence[Record], replaced: dict[int, Record]) -> list[Finding]:
    """What was replaced by which row, once for each."""
    findings, seen = [], set()
    for record in records:
        by = replaced.get(id(record))
        if by is not None and _place(record) not in seen:
            seen.add(_place(record))
            message = f"entry {record['entry_id']} is replaced by row {by['row']}."
            findings.append(_finding("SUPERSEDED", "note", message, record))
    return findings


def _fault(record: Record, by_id: dict[str, list[Record]], before: Sequence[Record]) -> tuple[str, str] | None:
    """Rule and message of what keeps an entry from replacing the one it names."""
    target = record["supersedes"]
    found = by_id.get(target, [])
    rows = {_place(item) for item in found}
    if len(rows) != 1 or _leads_back(record, by_id):
        why = (
            "no entry has"
            if not rows
            else "several entries have"
            if len(rows) > 1
            else "its own replacement leads back to"
        )
        return "SUPERSEDES_UNKNOWN", f"it supersedes {target!r}, but {why} this id."
    other = next((name for name in ("activity", "entity", "site", "source") if not _alike(record, found[0], name)), "")
    if other or all(not _share_days(item, record) for item in found):
        what = f"of another {other}" if other else "of other days"
        return "SUPERSEDES_OTHER", f"it supersedes {target!r}, which is {what}."
    twin = next((item for item in before if _share_days(item, record) and _place(item) != _place(record)), None)
    if twin is not None:
        return "SUPERSEDES_TWICE", f"it supersedes {target!r}, which row {twin['row']} replaces already."
    return None


def _alike(record: Record, other: Record, name: str) -> bool:
    """Whether two entries agree in a cell; a site or source that one of them leaves open is the other's."""
    if name in {"site", "source"} and not (record[name] and other[name]):
        return True
    return bool(record[name] == other[name])


def _share_days(one: Record, other: Record) -> bool:
    """Whether two entries have a day in common."""
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _covered(item: Record, replacing: Sequence[Record]) -> bool:
    """Whether some entries cover every day of another."""
    reached = item["start"]
    for record in sorted(replacing, key=lambda found: found["start"]):
        if record["start"] <= reached:
            reached = max(reached, record["end"])
    return bool(reached >= item["end"])


def _place(record: Record) -> tuple[str, str, int]:
    """File, sheet and row."""
    return record["file"], record["sheet"], record["row"]


def _leads_back(record: Record, by_id: dict[str, list[Record]]) -> bool:
    """Whether following the replacements comes back to the entry."""
    met = set()
    current = record
    while current["supersedes"] and current["supersedes"] in by_id:
        if current["supersedes"] in met:
            return True
        met.add(current["supersedes"])
        current = by_id[current["supersedes"]][0]
    return False


def _finding(rule: str, severity: Any, message: str, record: Record) -> Finding:
    """A finding at an entry."""
    remedy = _WAY_OUT.get(rule, "")
    return old_finding(rule, severity, message, remedy, record["file"], record["sheet"], record["row"], "supersedes")
