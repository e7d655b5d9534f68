"""Opening a closed year again, for a reason that stays in the log."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from carbonledger.book.book import Book, open_book
from carbonledger.book.closing_log import Act, append_act, read_log
from carbonledger.core.errors import BookError, ClosingError
from carbonledger.core.findings import Message

__all__ = ["reopen_year"]


def reopen_year(book: Book | str | Path, *, reason: str, by: str = "") -> Act:
    """Open the reporting year of a book again; what was closed stays as it is.

    Parameters
    ----------
    book : Book or path
        A company's folder.
    reason : str
        Why; kept in the log.
    by : str
        Who opens it; kept in the log.

    Returns
    -------
    Act
        As the log has it.

    Raises
    ------
    ClosingError
        If the year is not closed.
    BookError
        If no reason is given, the log is damaged, or it cannot be written.
    """
    opened = book if isinstance(book, Book) else open_book(book)
    if not reason.strip():
        raise BookError(Message.of("CLOSING.empty_reason"))
    log = read_log(opened.folder)
    last = log.last(opened.year)
    if last is None:
        raise ClosingError(Message.of("CLOSING.not_closed", year=opened.year))
    if last.act == "reopened":
        raise ClosingError(Message.of("CLOSING.is_open", year=opened.year, day=last.day, reason=last.reason))
    act = Act(
        act="reopened",
        year=last.year,
        closing=last.closing,
        at=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        by=by.strip(),
        carbonledger=version("carbonledger"),
        reason=reason.strip(),
    )
    append_act(log, act)
    return act
