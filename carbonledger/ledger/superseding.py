"""Entries that replace earlier ones: an estimated bill by the actual one, a wrong line by its correction."""

from __future__ import annotations

from typing import Any

from carbonledger.errors import Finding

__all__ = ["superseded"]


def superseded(records: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The entries that stand, and what became of the others.

    Parameters
    ----------
    records : list of dict
        Sound entries with ``entry_id`` and ``supersedes``.

    Returns
    -------
    tuple of (list of dict, list of Finding)
        A replaced entry is left out with a note; a chain leaves its last. An id that no entry has, that several rows have, that leads
        back to itself, that another entry replaces already, or that is of another activity, company or time is an error; all entries
        concerned are kept, so that nothing is lost.
    """
    by_id: dict[str, list[dict[str, Any]]] = {}
    for record in (record for record in records if record["entry_id"]):
        by_id.setdefault(record["entry_id"], []).append(record)
    findings: list[Finding] = []
    replaced: dict[int, dict[str, Any]] = {}
    for record in records:
        target = record["supersedes"]
        if not target:
            continue
        fault = _fault(record, by_id, replaced)
        if fault:
            findings.append(_finding(*fault, record))
        else:
            replaced |= {id(item): record for item in by_id[target]}
    seen = set()
    for record in records:
        by = replaced.get(id(record))
        if by is not None and _place(record) not in seen:
            seen.add(_place(record))
            findings.append(
                _finding("SUPERSEDED", "note", f"entry {record['entry_id']} is replaced by row {by['row']}.", record)
            )
    return [record for record in records if id(record) not in replaced], findings


def _fault(
    record: dict[str, Any], by_id: dict[str, list[dict[str, Any]]], replaced: dict[int, dict[str, Any]]
) -> tuple[str, str, str] | None:
    """Rule, severity and message of what keeps an entry from replacing the one it names."""
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
        return "SUPERSEDES_UNKNOWN", "error", f"it supersedes {target!r}, but {why} this id."
    before = next((replaced[id(item)] for item in found if id(item) in replaced), None)
    if before is not None and _place(before) != _place(record):
        return "SUPERSEDES_TWICE", "error", f"it supersedes {target!r}, which row {before['row']} replaces already."
    same = ("activity", "entity")
    other = next((name for name in same if all(item[name] != record[name] for item in found)), "")
    apart = all(item["end"] <= record["start"] or record["end"] <= item["start"] for item in found)
    if other or apart:
        what = f"of another {other}" if other else "of other days"
        return "SUPERSEDES_OTHER", "error", f"it supersedes {target!r}, which is {what}."
    return None


def _place(record: dict[str, Any]) -> tuple[str, str, int]:
    """File, sheet and row."""
    return record["file"], record["sheet"], record["row"]


def _leads_back(record: dict[str, Any], by_id: dict[str, list[dict[str, Any]]]) -> bool:
    """Whether following the replacements comes back to the entry."""
    met = set()
    current = record
    while current["supersedes"] and current["supersedes"] in by_id:
        if current["supersedes"] in met:
            return True
        met.add(current["supersedes"])
        current = by_id[current["supersedes"]][0]
    return False


def _finding(rule: str, severity: Any, message: str, record: dict[str, Any]) -> Finding:
    """A finding at an entry."""
    way_outs = {
        "SUPERSEDES_UNKNOWN": "Give the replaced entry that id in entry_id, once.",
        "SUPERSEDES_TWICE": "Let the later correction supersede the earlier one.",
        "SUPERSEDES_OTHER": "Correct the id; an entry replaces one of the same company, activity and days.",
    }
    way_out = way_outs.get(rule, "")
    return Finding(rule, severity, message, way_out, record["file"], record["sheet"], record["row"], "supersedes")
