"""The report of a closed year again: what was kept, calculated anew from the copies and held to their lock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from carbonledger.book.book import Book, open_book
from carbonledger.book.closing_log import Act, closing_folder, read_log
from carbonledger.book.lock_check import check_lock
from carbonledger.book.year import ReportingYear
from carbonledger.book.year_standing import kept_changes, kept_lock
from carbonledger.core.errors import ClosingError, LockError
from carbonledger.core.findings import Message
from carbonledger.year_end.kept_outputs import drawn_outputs

__all__ = ["ClosedOutput", "closed_output"]


@dataclass(frozen=True, slots=True)
class ClosedOutput:
    """An output as it was kept.

    Parameters
    ----------
    content : bytes
        The file, byte for byte.
    notes : tuple of Message
        What is other now and moves no figure: the version of the library, its rules, its words.
    """

    content: bytes
    notes: tuple[Message, ...] = ()


def closed_output(
    book: Book | str | Path, closing: int | None = None, *, year: int | None = None, name: str = "report.en.txt"
) -> ClosedOutput:
    """An output of a closed year, whatever became of the book since then.

    Parameters
    ----------
    book : Book or path
        A company's folder.
    closing : int, optional
        Which closing, counted from 1; by default the last.
    year : int, optional
        By default the reporting year of the book.
    name : str
        The file that was kept.

    Returns
    -------
    ClosedOutput

    Raises
    ------
    ClosingError
        If there is no such closing, or it kept no such file.
    LockError
        If what was kept is other now, or does not give the figures of its lock.
    """
    opened = book if isinstance(book, Book) else open_book(book)
    act = _closing(opened, closing, opened.year if year is None else year)
    place = closing_folder(opened.folder, act.year, act.closing)
    if name not in act.outputs:
        raise ClosingError(
            Message.of("CLOSING.no_output", year=act.year, closing=act.closing, name=name, names=tuple(act.outputs))
        )
    _refuse(list(kept_changes(opened.folder, act)))
    kept_lock(opened.folder, act)
    copy = ReportingYear(open_book(place / act.book), act.year, apart=True)
    notes = list(check_lock(copy))
    content = (place / name).read_bytes()
    if any(drawn != content for drawn_name, drawn in drawn_outputs(copy, reproducible=True) if drawn_name == name):
        notes.append(Message.of("KEPT_OUTPUT.worded", file=name))
    return ClosedOutput(content, tuple(notes))


def _closing(book: Book, number: int | None, year: int) -> Act:
    """The act of a closing."""
    closings = read_log(book.folder).closings(year)
    if not closings:
        raise ClosingError(Message.of("CLOSING.not_closed", year=year))
    if number is None:
        return closings[-1]
    found = next((act for act in closings if act.closing == number), None)
    if found is None:
        there = tuple(str(act.closing) for act in closings)
        raise ClosingError(Message.of("CLOSING.no_such", year=year, closing=number, closings=there))
    return found


def _refuse(changes: list[Message]) -> None:
    """All changes as one error; nothing if there is none."""
    if changes:
        error = LockError(changes[0])
        error.others = tuple(LockError(change) for change in changes[1:])
        raise error
