"""Closing a year: it is locked, its inputs and outputs are kept, and the log says so; all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from carbonledger.book.book import Book, open_book
from carbonledger.book.closing_log import CLOSED, Act, ClosingLog, append_act, closing_folder, read_log
from carbonledger.book.lock import lock_of
from carbonledger.book.lock_check import check_lock
from carbonledger.book.lock_record import LOCK, write_lock
from carbonledger.book.year import ReportingYear
from carbonledger.core.errors import BookError, CarbonLedgerError, ClosingError
from carbonledger.core.files import folder_whole, write_files, write_whole
from carbonledger.core.findings import Message
from carbonledger.year_end.kept_book import KeptBook, kept_book
from carbonledger.year_end.kept_outputs import drawn_outputs

__all__ = ["Closing", "close_year"]


@dataclass(frozen=True, slots=True)
class Closing:
    """A year that is closed.

    Parameters
    ----------
    year, number : int
        The reporting year, and which closing of it this is, counted from 1.
    folder : Path
        What was kept: the outputs, and under ``inputs`` a copy of the book with its lock.
    is_new : bool
        Whether it was closed now; False if it was closed already and nothing is other since then.
    day, reason : str
        When, and why with findings.
    findings : tuple of str
        The rules of the findings with which it was closed.
    """

    year: int
    number: int
    folder: Path
    is_new: bool
    day: str
    reason: str = ""
    findings: tuple[str, ...] = ()


def close_year(book: Book | str | Path, *, with_findings: str = "", by: str = "") -> Closing:
    """Close the reporting year of a book.

    Parameters
    ----------
    book : Book or path
        A company's folder.
    with_findings : str
        Why the year is closed although its report is incomplete or in doubt; kept in the log.
    by : str
        Who closes it; kept in the log.

    Returns
    -------
    Closing

    Raises
    ------
    ClosingError
        If the report is incomplete or in doubt and no reason is given, if the year was closed and something is other since then, or if
        the copies that would be kept do not give the same report.
    EntriesError
        If nothing can be calculated.
    BookError
        If the log is damaged, or a file cannot be written; nothing is then left behind.
    """
    opened = open_book(book.folder if isinstance(book, Book) else book)
    log = read_log(opened.folder)
    last = log.last(opened.year)
    if last is not None and last.act == "closed":
        return _closed_already(opened, log)
    # The year without what the log says of it, as it will be drawn again.
    year = ReportingYear(opened, opened.year, apart=True)
    rules = _findings_left(year, with_findings.strip())
    closings = log.closings(year.year)
    act = Act(
        act="closed",
        year=year.year,
        closing=len(closings) + 1,
        at=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        by=by.strip(),
        carbonledger=version("carbonledger"),
        reason=with_findings.strip() if rules else "",
        findings=list(rules),
    )
    _write(log, act, year)
    folder = closing_folder(opened.folder, act.year, act.closing)
    return Closing(act.year, act.closing, folder, True, act.day, act.reason, rules)


def _closed_already(book: Book, log: ClosingLog) -> Closing:
    """The closing that holds; an error if something is other since then."""
    standing, act = book.reporting_year().standing, log.closings(book.year)[-1]
    changes = standing.changes if standing else ()
    if changes:
        error = ClosingError(
            Message.of("CLOSING.changed", year=act.year, closing=act.closing, day=act.day, count=len(changes))
        )
        error.others = tuple(ClosingError(change) for change in changes)
        raise error
    folder = closing_folder(book.folder, act.year, act.closing)
    return Closing(act.year, act.closing, folder, False, act.day, act.reason, tuple(act.findings))


def _findings_left(year: ReportingYear, reason: str) -> tuple[str, ...]:
    """The rules by which the report is incomplete or in doubt; an error if nobody says why it is closed all the same."""
    _ = year.inventory
    statement = year.completeness
    rules = tuple(sorted({item.rule for item in (*statement.left_out, *statement.gaps, *statement.doubts)}))
    if rules and not reason:
        raise ClosingError(Message.of("CLOSING.findings", year=year.year, rules=rules))
    return rules


def _write(log: ClosingLog, act: Act, year: ReportingYear) -> None:
    """Write the lock, the folder of the closing and the log; if one cannot be written, the others go again."""
    kept = kept_book(year.book)
    folder = closing_folder(log.folder, act.year, act.closing)
    _refuse_links(log.folder, folder)
    outputs = dict(drawn_outputs(year))
    with _restored(log.folder / LOCK, folder):
        with folder_whole(folder) as temporary:
            write_files(temporary, {**kept.files, **outputs})
            lock = temporary / kept.place / LOCK
            write_lock(lock, lock_of(year))
            content = lock.read_bytes()
            _refuse_another_report(temporary / kept.place, year, outputs)
            write_whole(log.folder / LOCK, content)
        append_act(log, _with_checksums(act, kept, outputs, content))


def _with_checksums(act: Act, kept: KeptBook, outputs: Mapping[str, bytes], lock: bytes) -> Act:
    """The act with the checksums of all that was kept."""
    return act.model_copy(
        update={
            "book": kept.place,
            "inputs": dict(kept.checksums),
            "outputs": {name: sha256(content).hexdigest() for name, content in outputs.items()},
            "lock": sha256(lock).hexdigest(),
        }
    )


def _refuse_links(book: Path, folder: Path) -> None:
    """Who can put a link into the book would choose where the closing is written."""
    for place in (folder.parent.parent, folder.parent, folder):
        if place.is_symlink() and place.is_relative_to(book / CLOSED):
            raise BookError(Message.of("NOT_WRITTEN.link", file=str(place), target=str(place.readlink())))


@contextmanager
def _restored(lock: Path, folder: Path) -> Iterator[None]:
    """Put everything back if the closing does not come to its end."""
    before = lock.read_bytes() if lock.is_file() and not lock.is_symlink() else None
    had_folder = folder.exists()
    try:
        yield
    except BaseException:
        if not had_folder:
            shutil.rmtree(folder, ignore_errors=True)
            for place in (folder.parent, folder.parent.parent):
                with suppress(OSError):
                    place.rmdir()
        with suppress(CarbonLedgerError, OSError):
            _put_back(lock, before)
        raise


def _put_back(lock: Path, before: bytes | None) -> None:
    """The lock as it was; none if there was none."""
    if lock.is_symlink():
        return
    if before is None:
        lock.unlink(missing_ok=True)
    elif lock.read_bytes() != before:
        write_whole(lock, before)


def _refuse_another_report(folder: Path, year: ReportingYear, outputs: Mapping[str, bytes]) -> None:
    """Calculate from the copies: they must hold their lock and give every output byte for byte."""
    copy = ReportingYear(open_book(folder), year.year, apart=True)
    check_lock(copy)
    for name, content in drawn_outputs(copy, reproducible=True):
        if content != outputs[name]:
            raise ClosingError(Message.of("CLOSING.not_reproduced", name=name))
