"""TOML files that people write by hand: read whatever editor saved them, refused with the line and a way out."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from carbonledger.core.conflict_marks import conflict_rows
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label

__all__ = ["Key", "TomlFile", "read_toml"]

Key = tuple[str | int, ...]

_LARGEST_BYTES = 5_000_000
# tomllib reads nested brackets by recursion; nobody nests settings deeper than a few levels.
_DEEPEST = 50
# Python reads no longer whole numbers from text, and TOML knows none beyond 64 bits.
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4299,}")
# How many lines one value may have for its line to be looked for.
_LONGEST_VALUE = 2_000
_ENDS = re.compile(r"[\]}]|\"{3}|'{3}")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# What tomllib says, and the case of the catalogue that says it in both languages.
_PROBLEMS: Sequence[tuple[str, str]] = (
    ("Invalid value", "value"),
    ("Cannot overwrite a value", "twice"),
    ("Cannot mutate", "twice"),
    ("Duplicate inline table key", "twice"),
    ("Cannot declare", "table_twice"),
    ("Cannot redefine namespace", "table_twice"),
    ("Expected '=' after a key", "no_equals"),
    ("Invalid statement", "statement"),
    ("Invalid initial character for a key part", "statement"),
    ("Unescaped '\\' in a string", "backslash"),
    ("Unterminated string", "open_text"),
    ("Illegal character '\\n'", "open_text"),
    ("Illegal character '\\r'", "open_text"),
    ('Expected "\'"', "open_text"),
    ("Expected '\"", "open_text"),
    ("Unclosed array", "open_list"),
    ("Unclosed inline table", "open_list"),
    ("Expected ']", "open_list"),
    ("Expected newline or end of document", "more_on_the_line"),
)


@dataclass(frozen=True)
class TomlFile:
    """What a TOML file says, and on which line.

    Parameters
    ----------
    path : Path
        The file.
    tables : dict
        Its content.
    text : str
        Its text.
    """

    path: Path
    tables: dict[str, Any]
    text: str

    @cached_property
    def lines(self) -> Mapping[Key, int]:
        """The line on which each key and table begins, counted from 1."""
        lines: dict[Key, int] = {}
        table: Key = ()
        counts: dict[Key, int] = {}
        for number, statement in _statements(self.text):
            content = _parsed(statement)
            if content is None:
                break
            if statement.lstrip().startswith("["):
                table = _table_at(content, statement.lstrip().startswith("[["), counts)
                lines.setdefault(table, number)
            else:
                for key in _keys_in(content, table):
                    lines.setdefault(key, number)
        return lines

    def line_of(self, key: Key) -> int | None:
        """The line of a key, or of the table that it is in; None if the file has neither."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.lines:
                return self.lines[key[:length]]
        return None

    def place_of(self, key: Key) -> Label:
        """File and line of a key, as far as they are known."""
        return _place(self.path, self.line_of(key))


def read_toml(path: Path) -> TomlFile:
    """Read a TOML file.

    Parameters
    ----------
    path : Path
        UTF-8, with or without the mark that editors of Windows put before it.

    Returns
    -------
    TomlFile

    Raises
    ------
    BookError
        If it cannot be opened, is not UTF-8, is no valid TOML, nests too deeply, or is too large; with the line where there is one.
    """
    text = _text_of(path, _bytes_of(path))
    try:
        return TomlFile(path, tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, error) from error
    except RecursionError as error:
        raise BookError(Message.of("SETTINGS_FILE.deep", place=_place(path, _deep_line(text)))) from error
    except ValueError as error:
        found = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else None
        raise BookError(Message.of("SETTINGS_FILE.long_number", place=_place(path, line))) from error


def _bytes_of(path: Path) -> bytes:
    """The content of a file that is one, and not too large."""
    try:
        if path.exists() and not path.is_file():
            raise BookError(Message.of("SETTINGS_FILE.no_file", file=str(path)))
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise BookError(Message.of("SETTINGS_FILE.missing", file=str(path))) from error
    except PermissionError as error:
        raise BookError(Message.of("SETTINGS_FILE.refused", file=str(path))) from error
    except (OSError, ValueError) as error:
        if isinstance(error, BookError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise BookError(Message.of("SETTINGS_FILE.other", file=str(path), reason=reason)) from error
    if len(content) > _LARGEST_BYTES:
        raise BookError(Message.of("SETTINGS_FILE.too_large", file=str(path), megabytes=_LARGEST_BYTES // 1_000_000))
    return content


def _text_of(path: Path, content: bytes) -> str:
    """The text of a file in UTF-8."""
    if content.startswith(_UTF_16):
        raise BookError(Message.of("SETTINGS_FILE.utf16", place=_place(path, 1)))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BookError(Message.of("SETTINGS_FILE.encoding", place=_place(path, line))) from error


def _place(path: Path, line: int | None) -> Label:
    """A file and a line."""
    if line is None:
        return Label(str(path), str(path))
    return Label(f"{path}, line {line}", f"{path} 第 {line} 行")


def _syntax_error(path: Path, text: str, error: tomllib.TOMLDecodeError) -> BookError:
    """What is wrong with the TOML, and where."""
    conflicts = conflict_rows(text)
    if conflicts:
        return BookError(Message.of("SETTINGS_FILE.conflict", place=_place(path, conflicts[0])))
    said = str(error)
    found = _PLACE.search(said)
    problem = said[: found.start()] if found else said
    case = next((case for begin, case in _PROBLEMS if problem.startswith(begin)), "no_toml")
    # What was opened and not closed is noticed lines later, where nothing is wrong.
    line = int(found[1]) if found and found[1] and case != "open_list" else _unfinished_line(text)
    return BookError(Message.of(f"SETTINGS_FILE.{case}", place=_place(path, line)))


def _unfinished_line(text: str) -> int:
    """The line where the first statement begins that is none by itself, else the last one."""
    line = 1
    for number, statement in _statements(text):
        line = number
        if _parsed(statement) is None:
            break
    return line


def _deep_line(text: str) -> int | None:
    """The first line on which brackets are nested too deeply."""
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        for letter in line:
            depth += (letter in "[{") - (letter in "]}")
            if depth > _DEEPEST:
                return number
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header and each key with its value, and the line where it begins; one that is not finished comes last.

    A statement ends with the first line at which it is valid TOML by itself: until then a list or a text in it is still open.
    """
    begin, kept = 1, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not kept and (not line.strip() or line.lstrip().startswith("#")):
            continue
        begin = begin if kept else number
        kept += line + "\n"
        whole = begin == number or _ENDS.search(line) is not None
        if (whole and _parsed(kept) is not None) or number - begin >= _LONGEST_VALUE:
            yield begin, kept
            kept = ""
    if kept:
        yield begin, kept


def _parsed(statement: str) -> dict[str, Any] | None:
    """A statement as TOML; None if it is none by itself."""
    try:
        return tomllib.loads(statement)
    except (ValueError, RecursionError):
        return None


def _table_at(content: Mapping[str, Any], listed: bool, counts: dict[Key, int]) -> Key:
    """The place of a table from its header, in a list of tables by its number."""
    key: Key = ()
    inner: Any = content
    while isinstance(inner, Mapping) and inner:
        name, inner = next(iter(inner.items()))
        key = (*key, name)
        last = not (isinstance(inner, Mapping) and inner)
        if last and listed:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            key = (*key, counts[key])
    return key


def _keys_in(content: Mapping[str, Any], table: Key) -> Iterator[Key]:
    """Every key of a statement, those of tables within it too."""
    front: list[tuple[Key, Any]] = [(table, content)]
    while front:
        place, inner = front.pop()
        for name, value in inner.items() if isinstance(inner, Mapping) else ():
            yield (*place, name)
            front.append(((*place, name), value))
