"""Entries that replace earlier ones: an estimated bill by the actual one, a wrong line by its correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carbonledger.core.findings import Finding

__all__ = ["superseded"]

Record = dict[str, Any]


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
        contradiction = _contradiction(record, by_id, candidates.get(record["supersedes"], []))
        if contradiction:
            findings.append(_at_entry(contradiction, record))
        else:
            candidates.setdefault(record["supersedes"], []).append(record)
    replaced: dict[int, Record] = {}
    for target, replacing in candidates.items():
        open_days = [item for item in by_id[target] if not _covered(item, replacing)]
        if open_days:
            findings.append(_at_entry(Finding.of("SUPERSEDES_PART", target=target), replacing[0]))
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
            finding = Finding.of("SUPERSEDED", entry_id=record["entry_id"], other_row=by["row"])
            findings.append(_at_entry(finding, record))
    return findings


def _contradiction(record: Record, by_id: dict[str, list[Record]], before: Sequence[Record]) -> Finding | None:
    """What keeps an entry from replacing the one it names; None if nothing does."""
    target = record["supersedes"]
    targets = by_id.get(target, [])
    rows = {_place(item) for item in targets}
    if len(rows) != 1:
        return Finding.of(f"SUPERSEDES_UNKNOWN.{'several' if rows else 'none'}", target=target)
    if _leads_back(record, by_id):
        return Finding.of("SUPERSEDES_UNKNOWN.circle", target=target)
    differs = next(
        (name for name in ("activity", "entity", "site", "source") if not _alike(record, targets[0], name)), ""
    )
    if differs or all(not _share_days(item, record) for item in targets):
        return Finding.of(f"SUPERSEDES_OTHER.{differs or 'days'}", target=target)
    twin = next((item for item in before if _share_days(item, record) and _place(item) != _place(record)), None)
    return Finding.of("SUPERSEDES_TWICE", target=target, other_row=twin["row"]) if twin else None


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
    followed = set()
    current = record
    while current["supersedes"] and current["supersedes"] in by_id:
        if current["supersedes"] in followed:
            return True
        followed.add(current["supersedes"])
        current = by_id[current["supersedes"]][0]
    return False


def _at_entry(finding: Finding, record: Record) -> Finding:
    """A finding at an entry."""
    return finding.at(file=record["file"], sheet=record["sheet"], row=record["row"], column="supersedes")
