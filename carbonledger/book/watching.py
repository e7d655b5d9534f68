"""Watching a book: rounds that look at its files, draw its overview up anew where something changed, and write the page whole."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from carbonledger.book.book import open_book
from carbonledger.book.folder import SETTINGS
from carbonledger.book.input_files import input_files
from carbonledger.book.monitoring import overview_of
from carbonledger.core.errors import CarbonLedgerError, EntriesError
from carbonledger.core.files import write_whole
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang
from carbonledger.monitoring.overview import Overview
from carbonledger.pages.watch_page import watch_page
from carbonledger.readings.engine import engine_errors

__all__ = ["Round", "Watch"]

# Name, time of the last change [ns] and size [bytes] of a file; None for one that is not there.
_State = tuple[tuple[str, tuple[int, int] | None], ...]

# What a file that is missing, defective or half written leads to; anything else is a defect of the library.
_TO_BE_SAID: tuple[type[Exception], ...] = (CarbonLedgerError, OSError, *engine_errors())


@dataclass(frozen=True, slots=True)
class Round:
    """What one look at a book came to.

    Parameters
    ----------
    overview : Overview or None
        The last one that could be drawn up.
    problems : tuple of Finding
        What kept this round from drawing it up; empty if nothing did.
    wrote : bool
        Whether the page was written.
    error : Exception or None
        What was raised.
    """

    overview: Overview | None
    problems: tuple[Finding, ...]
    wrote: bool
    error: Exception | None = None


@dataclass(eq=False)
class Watch:
    """A book that is watched, and the page that shows it.

    Parameters
    ----------
    book : Path
        Its folder.
    out : Path or None
        Where the page is written, whole or not at all; None writes none.
    lang : {"en", "zh"}
        The language of the page.
    every : int
        After how many seconds a browser loads the page again; 0 if it does not.
    """

    book: Path
    out: Path | None = None
    lang: Lang = "en"
    every: int = 0
    _seen: _State | None = field(default=None, init=False, repr=False)
    _last: Overview | None = field(default=None, init=False, repr=False)
    _said: tuple[str, ...] = field(default=(), init=False, repr=False)

    def look(self, at: datetime | None = None) -> Round:
        """One round: nothing is read where no file changed, and nothing written where the page would say the same.

        Parameters
        ----------
        at : datetime, optional
            The moment for which it is drawn up, by default now.

        Returns
        -------
        Round
            After a problem the figures are those of the last round without one, and the next round reads the book again.

        Raises
        ------
        BookError
            If the page cannot be written, or a package of the extra ``report`` is not installed.
        """
        moment = datetime.now().replace(microsecond=0) if at is None else at
        try:
            state = self._state()
            if state == self._seen and not self._said:
                return self._unchanged(moment)
            overview = overview_of(open_book(self.book), moment)
            self._check(overview)
        except _TO_BE_SAID as error:
            return self._failed(error, moment)
        # Files that changed while they were read differ from this state, so that the next round reads them again.
        self._seen, self._last, self._said = state, overview, ()
        return Round(overview, (), self._write(()))

    def _state(self) -> _State:
        """The files that the figures rest on."""
        folder = self.book if self.book.is_dir() else self.book.parent
        names = [name for name in input_files(open_book(self.book)) if not self._is_page(folder / name)]
        return tuple((name, _stamp(folder / name)) for name in dict.fromkeys([SETTINGS, *names]))

    def _is_page(self, path: Path) -> bool:
        """Whether a file is the page that is written."""
        return self.out is not None and path.resolve() == self.out.resolve()

    @staticmethod
    def _check(overview: Overview) -> None:
        """Draw up what the page shows, so that a file which breaks off is met here."""
        _ = overview.alarms, overview.days, overview.months

    def _unchanged(self, moment: datetime) -> Round:
        """A round without new files: a source may have fallen silent all the same."""
        last = self._last
        if last is None or last.silent_at(moment) == last.silent:
            return Round(last, (), wrote=False)
        self._last = replace(last, at=moment)
        return Round(self._last, (), self._write(()))

    def _failed(self, error: Exception, moment: datetime) -> Round:
        """A round that could not read the book; what is said already is not written again."""
        problems = (_round_finding(error, moment), *(error.findings if isinstance(error, EntriesError) else ()))
        said = tuple(str(finding) for finding in problems[1:]) or (str(error),)
        wrote = said != self._said and self._write(problems)
        self._said = said
        return Round(self._last, problems, wrote, error)

    def _write(self, problems: tuple[Finding, ...]) -> bool:
        """The page, if one is wanted."""
        if self.out is None:
            return False
        page = watch_page(self._last, self.lang, every=self.every, problems=problems, name=self.book.resolve().name)
        write_whole(self.out, page)
        return True


def _stamp(path: Path) -> tuple[int, int] | None:
    """When a file last changed [ns], and its size [bytes]; None if it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _round_finding(error: Exception, moment: datetime) -> Finding:
    """The finding for a round that failed."""
    if isinstance(error, CarbonLedgerError):
        problem = Label(_first_line(error.text_in("en")), _first_line(error.text_in("zh")))
    else:
        problem = Label(_first_line(str(error)), _first_line(str(error)))
    return Finding.of("WATCH_ROUND", time=f"{moment:%Y-%m-%d %H:%M:%S}", problem=problem)


def _first_line(text: str) -> str:
    """The first line of a text."""
    return next(iter(text.splitlines()), "")
