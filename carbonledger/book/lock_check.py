"""A reporting year held to the lock of its book: every change named, in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from carbonledger.book.lock import checksum, lock_of
from carbonledger.book.lock_record import LOCK, Lock, read_lock
from carbonledger.book.stated_year import StatedYear
from carbonledger.core.errors import LockError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.factors.editions import catalogue

__all__ = ["check_lock", "edition_changes", "lock_changes"]

# Sums of another order may differ by less, relative to themselves or to the largest result.
_SAME = 1e-11
# So many entries of one kind of change are named; of the rest their number.
_MOST_NAMED = 20
_NOTHING = Label("not there", "无")


def check_lock(year: StatedYear) -> tuple[Message, ...]:
    """Calculate again and hold everything to the lock of the book.

    Parameters
    ----------
    year : StatedYear
        Of a book that was locked.

    Returns
    -------
    tuple of Message
        What is other than at the time of the lock and moved no figure: the version of the library or its rules.

    Raises
    ------
    LockError
        Naming each file, entry, setting, edition, factor and result that differs.
    """
    path = year.book.folder / LOCK
    lock = read_lock(path)
    _refuse(path, list(edition_changes(lock, year.book.factor_folder)))
    now = lock_of(year)
    changes, moved = list(lock_changes(lock, now)), list(_versions(lock, now))
    _refuse(path, [*changes, *moved] if changes else [])
    return tuple(moved)


def _refuse(path: Path, changes: Sequence[Message]) -> None:
    """All changes as one error; nothing if there is none."""
    if changes:
        error = LockError(Message.of("LOCK.changed", file=str(path), count=len(changes), folder=str(path.parent)))
        error.others = tuple(LockError(change) for change in changes)
        raise error


def edition_changes(lock: Lock, folder: Path | None) -> Iterator[Message]:
    """The files of locked editions that changed or are gone; told before anything is calculated.

    Parameters
    ----------
    lock : Lock
        As written.
    folder : Path or None
        The book's own factor folder.

    Yields
    ------
    Message
    """
    rows = catalogue(folder)
    for edition, locked in lock.editions.items():
        row = rows.get(edition)
        if row is None:
            if locked.files:
                yield Message.of("LOCK.edition_gone", edition=edition)
            continue
        for file, digest in locked.files.items():
            path = row.folder.joinpath(*edition.split("@", 1)) / file
            found = checksum(path)
            if not found:
                yield Message.of("LOCK.file_gone", file=str(path))
            elif found != digest:
                yield Message.of("LOCK.file_changed", file=str(path))


def lock_changes(lock: Lock, now: Lock) -> Iterator[Message]:
    """Everything that differs between two locks.

    Parameters
    ----------
    lock, now : Lock
        As written, and as a calculation gives it now.

    Yields
    ------
    Message
        The cause before its effect: settings, files, entries, editions, factors, results.
    """
    plain = {
        "reporting_year": (str(lock.reporting_year), str(now.reporting_year)),
        "gwp": (lock.gwp, now.gwp),
        "as_of": (lock.as_of or _NOTHING, now.as_of or _NOTHING),
        **{
            f"factors ({role})": (
                tuple(lock.roles.get(role, [])) or _NOTHING,
                tuple(now.roles.get(role, [])) or _NOTHING,
            )
            for role in dict.fromkeys([*lock.roles, *now.roles])
        },
    }
    for name, (before, after) in plain.items():
        if before != after:
            yield Message.of("LOCK.setting", setting=name, before=before, after=after)
    for name, before_text, after_text in _differing(lock.settings, now.settings):
        yield Message.of("LOCK.setting", setting=name, before=before_text or _NOTHING, after=after_text or _NOTHING)
    yield from _files(lock, now)
    yield from _entries(lock, now)
    yield from _factors(lock, now)
    yield from _results(lock, now)


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """The names under which two tables hold different texts, with both; an empty text for none."""
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield name, before.get(name, ""), after.get(name, "")


def _files(lock: Lock, now: Lock) -> Iterator[Message]:
    """Input files whose bytes changed, that are gone, or that were not there."""
    for name in dict.fromkeys([*lock.files, *now.files]):
        before, after = lock.files.get(name), now.files.get(name)
        if before is None:
            yield Message.of("LOCK.file_new", file=name)
        elif after is None or not after.sha256:
            yield Message.of("LOCK.file_gone", file=name)
        elif before != after:
            yield Message.of("LOCK.file_changed", file=name)


def _entries(lock: Lock, now: Lock) -> Iterator[Message]:
    """Entries that changed, went or came, by what they state and not by where they stand."""
    for place in dict.fromkeys([*lock.entries, *now.entries]):
        before, after = lock.entries.get(place, []), now.entries.get(place, [])
        gone, come = _unmatched(before, after), _unmatched(after, before)
        changes = [
            Message.of("LOCK.entry_changed", place=place, row=row, before=gone[row], after=come[row])
            for row in gone
            if row in come
        ]
        changes += [
            Message.of("LOCK.entry_gone", place=place, row=row, before=text)
            for row, text in gone.items()
            if row not in come
        ]
        changes += [
            Message.of("LOCK.entry_new", place=place, row=row, after=text)
            for row, text in come.items()
            if row not in gone
        ]
        yield from changes[:_MOST_NAMED]
        if len(changes) > _MOST_NAMED:
            yield Message.of("LOCK.more_entries", place=place, count=len(changes) - _MOST_NAMED)


def _unmatched(entries: Sequence[str], others: Sequence[str]) -> dict[str, str]:
    """By row, what those entries state in short that have no counterpart among the others."""
    left = Counter(_digest(line) for line in others)
    found: dict[str, str] = {}
    for line in entries:
        digest = _digest(line)
        if left[digest]:
            left[digest] -= 1
        else:
            row, _, rest = line.partition(" ")
            found[row if row not in found else f"{row} ({digest})"] = rest.partition(" ")[2]
    return found


def _digest(line: str) -> str:
    """The digest in a line of an entry."""
    return line.partition(" ")[2].partition(" ")[0]


def _factors(lock: Lock, now: Lock) -> Iterator[Message]:
    """Editions and factors that are others, and those that are no longer used."""
    for name, locked in lock.editions.items():
        if name in now.editions and now.editions[name] != locked:
            yield Message.of("LOCK.edition_changed", edition=name)
    for name in sorted({*lock.rows, *now.rows}):
        before, after = lock.rows.get(name), now.rows.get(name)
        if before is None:
            yield Message.of("LOCK.factor_new", factor=name)
        elif after is None:
            yield Message.of("LOCK.factor_unused", factor=name)
        elif before != after:
            texts = [f"{item.value} {item.gas} [{item.unit}]" for item in (before, after)]
            yield Message.of("LOCK.factor_changed", factor=name, before=texts[0], after=texts[1])


def _results(lock: Lock, now: Lock) -> Iterator[Message]:
    """Results that differ, the totals first."""
    if lock.complete != now.complete:
        words = {True: Label("complete", "完整"), False: Label("incomplete", "不完整")}
        yield Message.of("LOCK.result", name="inventory", before=words[lock.complete], after=words[now.complete])
    largest = max((abs(_number(text)) for text in now.results.values()), default=0.0)
    for name in dict.fromkeys([*lock.results, *now.results]):
        before, after = lock.results.get(name, ""), now.results.get(name, "")
        if before != after and not _close(before, after, largest):
            missing = Label("not a number", "无法计算")
            texts = [missing if text is None else text or _NOTHING for text in (before, after)]
            yield Message.of("LOCK.result", name=name, before=texts[0], after=texts[1])


def _number(text: str | None) -> float:
    """A result as a number; 0 for one that is none."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _close(before: str | None, after: str | None, largest: float) -> bool:
    """Whether two results differ by no more than sums in another order may."""
    if before is None or after is None:
        return False
    limit = _SAME * max(abs(_number(before)), abs(_number(after)), largest)
    return bool(before and after) and abs(_number(before) - _number(after)) <= limit


def _versions(lock: Lock, now: Lock) -> Iterator[Message]:
    """What is other in the library itself."""
    if lock.carbonledger != now.carbonledger:
        yield Message.of("LOCK.version", before=lock.carbonledger, after=now.carbonledger)
    if lock.ruleset != now.ruleset:
        yield Message.of("LOCK.rules")
