"""How a run ends: in exit codes and one message, whatever becomes of its input, its output or its patience."""

from __future__ import annotations

import errno
import io
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from carbonledger.core.errors import CarbonLedgerError, ClosingError, EntriesError, LockError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, printable, word

__all__ = ["DEFECT", "INTERRUPTED", "PIPE_CLOSED", "exit_code_of", "say"]

DEFECT = 70
INTERRUPTED = 130
PIPE_CLOSED = 141  # as a shell says of a program that a closed pipe ended
_MISUSE = 2
_LINE_END = "\n"
_TRACEBACK = "CARBONLEDGER_TRACEBACK"


def say(message: str) -> None:
    """A message on standard error; if that is closed too, nobody is left to be told."""
    try:
        sys.stderr.write(f"carbonledger: {printable(message, kept=_LINE_END)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def exit_code_of(run: Callable[[], object], lang: Callable[[], Lang]) -> int:
    """Run a command line to its end.

    Parameters
    ----------
    run : callable
        The command line.
    lang : callable
        Gives the language of the run, which is known once its options were read.

    Returns
    -------
    int
        Its own exit code; 1 for findings, 2 for misuse and for what cannot be read or written, 70 for a defect of the library, 130 if it
        was interrupted, 141 if the reader of its output went away.
    """
    _print_anything()
    waiting = _message_after_a_second(lang)
    try:
        code = _own_code(run)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except CarbonLedgerError as error:
        say(error.text_in(lang()))
        code = 1 if isinstance(error, EntriesError | LockError | ClosingError) else _MISUSE
    except OSError as error:
        code = _code_of_os_error(error, lang())
    except Exception as error:  # noqa: BLE001  (whatever it is, a user gets one line)
        code = _code_of_defect(error, lang())
    waiting.cancel()
    _leave_output()
    return code


def _message_after_a_second(lang: Callable[[], Lang]) -> threading.Timer:
    """Tell a person at a terminal that a long run is at work; files and pipes get no such line."""
    timer = threading.Timer(1.0, lambda: say(word("at_work", lang())))
    timer.daemon = True
    if sys.stderr is not None and sys.stderr.isatty():
        timer.start()
    return timer


def _nowhere() -> TextIO:
    """A stream that keeps nothing."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _own_code(run: Callable[[], object]) -> int:
    """The exit code with which a command line ends by itself."""
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _print_anything() -> None:
    """Let the streams print a letter that their encoding lacks as its escape; one that was closed prints nowhere."""
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _code_of_os_error(error: OSError, lang: Lang) -> int:
    """A closed pipe ends the run in silence; a file or a full disk is said."""
    if isinstance(error, BrokenPipeError) or error.errno == errno.EPIPE:
        return PIPE_CLOSED
    reason = error.strerror or str(error)
    if error.filename is None:
        say(Message.of("PROGRAM.output", reason=reason).full_text(lang))
    else:
        say(Message.of("PROGRAM.file", file=str(error.filename), reason=reason).full_text(lang))
    return _MISUSE


def _code_of_defect(error: Exception, lang: Lang) -> int:
    """A defect of ours in one line; with its traceback if that is asked for."""
    if os.environ.get(_TRACEBACK):
        raise error
    problem = f"{type(error).__name__}: {error}".splitlines()[0]
    say(Message.of("PROGRAM.defect", problem=problem).full_text(lang))
    return DEFECT


def _leave_output() -> None:
    """Keep the interpreter from flushing once more, with a message of its own, what cannot be written."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
        except (OSError, ValueError):
            return
