"""The log of a book: when each year was closed, opened again and closed anew, one line an act.

A line holds the checksum of the line before it, so that what was logged cannot be changed or taken out unseen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from carbonledger.core.conflict_marks import conflict_rows
from carbonledger.core.errors import BookError
from carbonledger.core.files import write_whole
from carbonledger.core.findings import Message

__all__ = ["CLOSED", "LOG", "Act", "ClosingLog", "append_act", "closing_folder", "read_log"]

LOG = "closings.jsonl"
CLOSED = "closed"
_MOST_BYTES = 100_000_000


class Act(BaseModel):
    """One act of the log: a year closed or opened again.

    Parameters
    ----------
    act : {"closed", "reopened"}
        What was done.
    year : int
        The reporting year.
    closing : int
        The number of the closing that was made or opened again, counted from 1.
    at, by : str
        When, as a time with its zone, and by whom; empty if nobody said.
    carbonledger : str
        The version of the library.
    reason : str
        Why it was opened again, or closed although there were findings; empty for a closing without findings.
    findings : tuple of str
        The rules of the findings with which it was closed.
    lock : str
        The sha256 of the lock that was written; empty for a reopening.
    book : str
        Where in the folder of the closing the copy of the book lies.
    inputs, outputs : mapping of str to str
        The sha256 of each input file by its place relative to the book, and of each output by its name.
    previous : str
        The sha256 of the line before; empty in the first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    act: Literal["closed", "reopened"]
    year: int
    closing: int
    at: str
    by: str
    carbonledger: str
    reason: str
    findings: list[str] = []
    lock: str = ""
    book: str = ""
    inputs: Mapping[str, str] = {}
    outputs: Mapping[str, str] = {}
    previous: str = ""

    @property
    def day(self) -> str:
        """The day of the act."""
        return self.at[:10]


@dataclass(frozen=True, slots=True)
class ClosingLog:
    """What was done with the years of a book, the oldest act first.

    Parameters
    ----------
    folder : Path
        Of the book.
    acts : tuple of Act
        All of them.
    text : str
        The file as it stands.
    """

    folder: Path
    acts: tuple[Act, ...]
    text: str = ""

    def of_year(self, year: int) -> tuple[Act, ...]:
        """The acts about one year."""
        return tuple(act for act in self.acts if act.year == year)

    def last(self, year: int) -> Act | None:
        """The last act about a year; None if it never was closed."""
        return next((act for act in reversed(self.acts) if act.year == year), None)

    def closings(self, year: int) -> tuple[Act, ...]:
        """Each closing of a year, the first one first."""
        return tuple(act for act in self.of_year(year) if act.act == "closed")


def closing_folder(folder: Path, year: int, closing: int) -> Path:
    """Where a book keeps what it closed."""
    return folder / CLOSED / str(year) / str(closing)


def read_log(folder: Path) -> ClosingLog:
    """The log of a book; empty if no year was ever closed.

    Parameters
    ----------
    folder : Path
        Of the book.

    Returns
    -------
    ClosingLog

    Raises
    ------
    BookError
        If the log is damaged, a line was changed or taken out, or a closing lies in the folder that the log does not know.
    """
    path = folder / LOG
    text = _text_of(path)
    acts: list[Act] = []
    before = ""
    for number, line in enumerate(text.splitlines(), start=1):
        acts.append(_act(path, number, line, before, acts))
        before = _digest(line)
    if text and not text.endswith("\n"):
        raise BookError(Message.of("CLOSING_LOG.line", file=str(path), line=len(acts)))
    log = ClosingLog(folder, tuple(acts), text)
    _refuse_unlogged(log, path)
    return log


def _text_of(path: Path) -> str:
    """The text of the log; empty if there is none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BookError(Message.of("CLOSING_LOG.unreadable", file=str(path)))
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BookError(Message.of("CLOSING_LOG.unreadable", file=str(path))) from error
    if conflict_rows(text):
        raise BookError(Message.of("CLOSING_LOG.conflict", file=str(path), line=conflict_rows(text)[0]))
    return text


def _act(path: Path, number: int, line: str, before: str, earlier: list[Act]) -> Act:
    """The act on a line, which follows those before it."""
    try:
        act = Act.model_validate(json.loads(line))
    except (ValueError, ValidationError, RecursionError) as error:
        raise BookError(Message.of("CLOSING_LOG.line", file=str(path), line=number)) from error
    if act.previous != before or not _follows(act, earlier) or _leads_out(act):
        raise BookError(Message.of("CLOSING_LOG.chain", file=str(path), line=number))
    return act


def _leads_out(act: Act) -> bool:
    """Whether a name of what was kept leads out of the folder of its closing."""
    return any(Path(name).is_absolute() or ".." in Path(name).parts for name in (act.book, *act.outputs))


def _follows(act: Act, earlier: list[Act]) -> bool:
    """Whether an act can come after others: a year is closed when it is open, and opened when it is closed."""
    of_year = [item for item in earlier if item.year == act.year]
    last = of_year[-1] if of_year else None
    if act.act == "reopened":
        return last is not None and last.act == "closed" and last.closing == act.closing
    closings = sum(item.act == "closed" for item in of_year)
    return (last is None or last.act == "reopened") and act.closing == closings + 1


def _refuse_unlogged(log: ClosingLog, path: Path) -> None:
    """Refuse a log that does not know a closing which lies in the folder: its end was cut off, or a run was broken off."""
    known = {(act.year, act.closing) for act in log.acts}
    for place in sorted(log.folder.glob(f"{CLOSED}/[0-9]*/[0-9]*")):
        year, closing = place.parent.name, place.name
        if year.isdecimal() and closing.isdecimal() and (int(year), int(closing)) not in known:
            name = place.relative_to(log.folder).as_posix()
            raise BookError(Message.of("CLOSING_LOG.unlogged", file=str(path), name=name))


def append_act(log: ClosingLog, act: Act) -> None:
    """Write an act at the end of the log, which is written whole or not at all.

    Parameters
    ----------
    log : ClosingLog
        As it was read; if the file is another now, nothing is written.
    act : Act
        Its link to the line before is filled in.

    Raises
    ------
    BookError
        If it cannot be written, or somebody else wrote in the meantime.
    """
    path = log.folder / LOG
    if _text_of(path) != log.text:
        raise BookError(Message.of("CLOSING_LOG.meantime", file=str(path)))
    lines = log.text.splitlines()
    linked = act.model_copy(update={"previous": _digest(lines[-1]) if lines else ""})
    line = json.dumps(linked.model_dump(), ensure_ascii=False)
    write_whole(path, f"{log.text}{line}\n")


def _digest(line: str) -> str:
    """The checksum of a line."""
    return sha256(line.encode()).hexdigest()
