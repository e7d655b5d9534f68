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
        A replaced entry is left out with a note; a chain leaves its last. An id that no entry has, that several rows have, or that
        leads back to itself is an error, and its entry is kept so that nothing is lost.
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
        rows = {_place(item) for item in by_id.get(target, [])}
        if len(rows) != 1 or _leads_back(record, by_id):
            why = (
                "no entry has"
                if not rows
                else "several entries have"
                if len(rows) > 1
                else "its own replacement leads back to"
            )
            message = f"it supersedes {target!r}, but {why} this id."
            findings.append(_finding("SUPERSEDES_UNKNOWN", "error", message, record))
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


def _refusal(record: dict[str, Any], by_id: dict[str, list[dict[str, Any]]]) -> str:
    """Why an entry cannot replace the one it names; empty if it can."""
    rows = {_place(item) for item in by_id.get(record["supersedes"], [])}
    if not record["supersedes"]:
        return ""
    if len(rows) != 1:
        return "several entries have" if rows else "no entry has"
    return "its own replacement leads back to" if _leads_back(record, by_id) else ""


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
    way_out = "Give the replaced entry that id in entry_id, once." if severity == "error" else ""
    return Finding(rule, severity, message, way_out, record["file"], record["sheet"], record["row"], "supersedes")
