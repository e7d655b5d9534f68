"""The previous year of a book that begins anew each year: the other book it is taken from, as it was reported or as it stands now."""

from __future__ import annotations

from pathlib import Path

from carbonledger.book.closing_log import CLOSED, LOG, read_log
from carbonledger.book.folder import BookFolder
from carbonledger.book.lock import lock_of
from carbonledger.book.lock_check import edition_changes, lock_changes
from carbonledger.book.lock_record import LOCK, read_lock
from carbonledger.book.settings_file import read_settings
from carbonledger.book.stated_year import StatedYear
from carbonledger.core.errors import BookError, CarbonLedgerError, EntriesError
from carbonledger.core.findings import Finding, Message, clauses
from carbonledger.core.language import Label

__all__ = ["book_of_copy", "compared_book", "compared_findings", "compared_state", "later_acts", "not_compared"]

_MOST_REASONS = 3


def compared_book(book: BookFolder) -> BookFolder:
    """The book that the previous year is taken from: the one that is named, else this one.

    Parameters
    ----------
    book : BookFolder
        An opened book.

    Returns
    -------
    BookFolder

    Raises
    ------
    BookError
        If the other book cannot be opened.
    """
    name = book.settings.company.compare_book
    return BookFolder(*read_settings(book.folder / name)) if name else book


def kept_closing(name: str) -> tuple[int, int] | None:
    """The year and the number of the closing whose kept copy a path leads to; None if it leads to a book that is kept up.

    Examples
    --------
    >>> kept_closing("../book-2024/closed/2024/1/inputs"), kept_closing("../book-2024")
    ((2024, 1), None)
    """
    parts = Path(name).parts
    for at in range(len(parts) - 3, -1, -1):
        year, closing = parts[at + 1 : at + 3]
        if parts[at] == CLOSED and year.isdecimal() and closing.isdecimal():
            return int(year), int(closing)
    return None


def book_of_copy(folder: Path) -> Path | None:
    """The folder of the book that a closing kept a copy of; None if the folder is no such copy.

    Examples
    --------
    >>> book_of_copy(Path("book-2024/closed/2024/1/inputs")).as_posix(), book_of_copy(Path("book-2024"))
    ('book-2024', None)
    """
    if kept_closing(folder.as_posix()) is None:
        return None
    parts = folder.parts
    return Path(*parts[: len(parts) - parts[::-1].index(CLOSED) - 1])


def compared_state(book: BookFolder) -> Label | None:
    """In which state the previous year is compared with; None where it is a year of this book."""
    company = book.settings.company
    if not company.compare_book:
        return None
    kept = kept_closing(company.compare_book)
    if kept is None:
        return _words("compared_now", year=str(company.compare_year), book=company.compare_book)
    return _words("compared_closed", year=str(company.compare_year), closing=str(kept[1]))


def _words(key: str, **values: str) -> Label:
    """A label with values in it."""
    label = Label.of(key)
    return Label(label.en.format(**values), label.zh.format(**values))


def compared_findings(year: StatedYear, earlier: StatedYear) -> list[Finding]:
    """What is said of the previous year: whether it is a part, and what it is where it is a book of its own.

    Parameters
    ----------
    year, earlier : StatedYear
        The reporting year, and the one before.

    Returns
    -------
    list of Finding
        Which state of it is compared with, as a note; a warning if it leaves entries out, or if the two rest on different GWP sets.

    Raises
    ------
    BookError, EntriesError
        If it cannot be calculated, or does not give what was closed.
    """
    inventory = earlier.inventory
    state = compared_state(year.book)
    left_out = inventory.completeness.left_out
    rules = tuple(sorted({finding.rule for finding in left_out}))
    findings = [Finding.of("COMPARE_YEAR.part", year=earlier.year, rules=rules).at(file="book.toml")] if rules else []
    if state is None:
        return findings
    _hold_to_closing(year.book.settings.company.compare_book, earlier)
    findings += [Finding.of("COMPARE_BOOK.state", state=state).at(file="book.toml")]
    before, now = inventory.gwp.edition, year.book.settings.factors.gwp
    if before != now:
        findings.append(
            Finding.of("COMPARE_BOOK.gwp", year=earlier.year, before=before, now=now).at(file="book.toml"),
        )
    return findings


def _hold_to_closing(name: str, earlier: StatedYear) -> None:
    """A kept copy must give what was closed; whoever changed it is found out by its lock."""
    if kept_closing(name) is None:
        return
    lock = read_lock(earlier.book.folder / LOCK)
    changes = [*edition_changes(lock, earlier.book.factor_folder), *lock_changes(lock, lock_of(earlier))]
    if changes:
        raise BookError(Message.of("COMPARE_BOOK.changed", book=name, changes=clauses(changes[:_MOST_REASONS])))


def later_acts(book: BookFolder) -> list[Finding]:
    """What was done with the previous year after the closing that is compared with.

    Parameters
    ----------
    book : BookFolder
        An opened book.

    Returns
    -------
    list of Finding
        A note if it was opened again or closed anew, a warning if its log cannot be read; empty otherwise.
    """
    name = book.settings.company.compare_book
    kept = kept_closing(name)
    if kept is None:
        return []
    folder = book_of_copy(book.folder / name)
    if folder is None or not (folder / LOG).exists():
        # A copy that a closing of this book kept holds no log.
        return []
    try:
        last = read_log(folder).last(kept[0])
    except BookError as error:
        return [Finding.of("COMPARE_BOOK.log", problem=error.says or str(error)).at(file="book.toml")]
    if last is None or (last.act == "closed" and last.closing == kept[1]):
        return []
    case = "reopened" if last.act == "reopened" else "closed_anew"
    values = {"year": kept[0], "closing": kept[1], "day": last.day, "reason": last.reason}
    if case == "closed_anew":
        values = {"year": kept[0], "closing": kept[1], "day": last.day, "last": last.closing}
    return [Finding.of(f"COMPARE_BOOK.{case}", **values).at(file="book.toml")]


def not_compared(year: int, error: CarbonLedgerError) -> Finding:
    """What is said when the previous year cannot be calculated."""
    if isinstance(error, EntriesError):
        said: tuple[Message | str, ...] = tuple(dict.fromkeys(item.says for item in error.findings[:_MOST_REASONS]))
    else:
        said = (error.says or str(error),)
    return Finding.of("COMPARE_YEAR", year=year, reasons=clauses(said)).at(file="book.toml")
