"""A year of a book held against what its log says of it: closed, changed since then, or open again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from carbonledger.book.closing_log import Act, ClosingLog, closing_folder, read_log
from carbonledger.book.folder import SETTINGS
from carbonledger.book.input_files import input_files
from carbonledger.book.lock import checksum, lock_of
from carbonledger.book.lock_check import edition_changes, lock_changes
from carbonledger.book.lock_record import LOCK, Lock, read_lock
from carbonledger.book.stated_year import StatedYear
from carbonledger.core.errors import CarbonLedgerError, EntriesError, LockError
from carbonledger.core.findings import Finding, Message
from carbonledger.factors.editions import catalogue
from carbonledger.reporting.standing import ClosedFigure, StandingState, YearStanding, differing_figures

__all__ = ["earlier_findings", "kept_changes", "kept_lock", "standing_of"]

# What is set side by side: each scope, and the total by each method of scope 2.
_RESULT = "LOCK.result"
_FIGURES = (
    *((name, f"{name}: emissions_tco2e") for name in ("scope 1", "scope 2 (location-based)", "scope 3")),
    ("total_location_based_tco2e", "total_location_based_tco2e"),
    ("total_market_based_tco2e", "total_market_based_tco2e"),
)


def standing_of(year: StatedYear) -> YearStanding | None:
    """Whether a year is closed, and what is other since then.

    Parameters
    ----------
    year : StatedYear
        Of a book.

    Returns
    -------
    YearStanding or None
        None if it never was closed.

    Raises
    ------
    BookError
        If the log is damaged.
    """
    log = read_log(year.book.folder)
    last = log.last(year.year)
    if last is None:
        return None
    closing = log.closings(year.year)[-1]
    changes = tuple(_changes(year, closing))
    state: StandingState = "reopened" if last.act == "reopened" else "changed" if changes else "closed"
    beside = closing.closing if state != "closed" else closing.closing - 1
    figures = _figures(year, log, beside) if changes or (state == "closed" and beside) else ()
    return YearStanding(
        state=state,
        year=year.year,
        closing=closing.closing,
        closed_on=closing.day,
        reason=closing.reason,
        reopened_on=last.day if state == "reopened" else "",
        reopened_for=last.reason if state == "reopened" else "",
        changes=_causes(changes) if figures else changes,
        compared_closing=beside,
        figures=figures,
        withdrawn=_withdrawn(year, closing),
    )


def earlier_findings(earlier: StatedYear) -> list[Finding]:
    """What is said of a previous year of the same book that was closed and gives other figures now.

    Parameters
    ----------
    earlier : StatedYear
        The year that is compared with.

    Returns
    -------
    list of Finding
        A warning with the total as closed and now; empty if it never was closed, or gives what was closed.
    """
    log = read_log(earlier.book.folder)
    closings = log.closings(earlier.year)
    figures = _figures(earlier, log, closings[-1].closing) if closings else ()
    total = next((item for item in figures if item.name == "total_location_based_tco2e"), None)
    if total is None or total.closed is None or total.now is None:
        return []
    values = {"year": earlier.year, "closing": closings[-1].closing, "closed": total.closed, "now": total.now}
    return [Finding.of("COMPARE_BOOK.moved", **values).at(file=SETTINGS)]


def _causes(changes: tuple[Message, ...]) -> tuple[Message, ...]:
    """What moved the results, which stand side by side elsewhere; the results alone if nothing else is known to have moved them."""
    return tuple(change for change in changes if change.key != _RESULT) or changes


def kept_lock(folder: Path, closing: Act) -> Lock:
    """The lock of a closing, as it was kept.

    Raises
    ------
    LockError
        If it is gone, damaged, or another one than the log says.
    """
    path = closing_folder(folder, closing.year, closing.closing) / closing.book / LOCK
    lock = read_lock(path)
    if checksum(path) != closing.lock:
        raise LockError(Message.of("LOCK.tampered", file=str(path), folder=str(path.parent)))
    return lock


def kept_changes(folder: Path, closing: Act) -> Iterator[Message]:
    """What is other of the outputs and of the copies of the inputs that a closing kept."""
    place = closing_folder(folder, closing.year, closing.closing)
    copies = {f"{closing.book}/{name}": digest for name, digest in closing.inputs.items()}
    for name, digest in {**closing.outputs, **copies}.items():
        found = checksum(place / name)
        if found != digest:
            case = "changed" if found else "gone"
            yield Message.of(f"KEPT_OUTPUT.{case}", file=(place / name).relative_to(folder).as_posix())


def _changes(year: StatedYear, closing: Act) -> Iterator[Message]:
    """Everything that is other than when the year was closed, each once: files, entries, settings, editions, results."""
    folder = year.book.folder
    names = dict.fromkeys([*closing.inputs, *input_files(year.book)])
    changed = list(_file_changes(folder, closing.inputs, names))
    yield from changed
    yield from kept_changes(folder, closing)
    if (folder / LOCK).exists() and checksum(folder / LOCK) != closing.lock:
        yield Message.of("KEPT_OUTPUT.lock", file=LOCK)
    try:
        lock = kept_lock(folder, closing)
    except LockError as error:
        if error.says:
            yield error.says
        return
    yield from edition_changes(lock, year.book.factor_folder)
    try:
        # The results too where no file changed: another version of the library must not move a closed year unseen.
        yield from (item for item in lock_changes(lock, lock_of(year)) if item not in changed)
    except EntriesError as error:
        yield from dict.fromkeys(finding.says for finding in error.findings)
    except CarbonLedgerError as error:
        # An edition or a file that cannot be read: what changed is named already, and why nothing is calculated is said besides.
        yield from [error.says] if error.says else ()


def _file_changes(folder: Path, before: Mapping[str, str], names: Mapping[str, None]) -> Iterator[Message]:
    """Input files whose bytes changed, that are gone, or that were not there."""
    for name in names:
        now = checksum(folder / name)
        if name not in before:
            yield Message.of("LOCK.file_new", file=name)
        elif not now:
            yield Message.of("LOCK.file_gone", file=name)
        elif now != before[name]:
            yield Message.of("LOCK.file_changed", file=name)


def _figures(year: StatedYear, log: ClosingLog, number: int) -> tuple[ClosedFigure, ...]:
    """The results of a closing beside those of now; none where one of the two cannot be had."""
    closing = next(act for act in log.closings(year.year) if act.closing == number)
    try:
        lock, now = kept_lock(year.book.folder, closing), lock_of(year)
    except CarbonLedgerError:
        return ()
    return differing_figures(lock.results, now.results, _FIGURES)


def _withdrawn(year: StatedYear, closing: Act) -> tuple[str, ...]:
    """The editions that the closed year rests on and that their catalogue calls withdrawn now."""
    try:
        lock = kept_lock(year.book.folder, closing)
    except LockError:
        return ()
    rows = catalogue(year.book.factor_folder)
    return tuple(name for name in lock.editions if name in rows and rows[name].status == "withdrawn")
