"""Writing files whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from carbonledger.core.errors import BookError, CarbonLedgerError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label

__all__ = [
    "as_argument",
    "folder_whole",
    "is_empty_folder",
    "is_lock",
    "lock_beside",
    "write_files",
    "write_folder_whole",
    "write_whole",
]

_READABLE_BY_ALL = 0o666  # less what the user's mask takes away
# What Excel and WPS, and LibreOffice, write beside a file as long as it is open.
_OWNER_FILE, _LOCK_FILE = "~$", (".~lock.", "#")


def is_lock(name: str) -> bool:
    """Whether a file is what a spreadsheet program writes beside an open one.

    Examples
    --------
    >>> is_lock("~$bills.xlsx"), is_lock(".~lock.bills.xlsx#"), is_lock("bills.xlsx")
    (True, True, False)
    """
    return name.startswith(_OWNER_FILE) or (name.startswith(_LOCK_FILE[0]) and name.endswith(_LOCK_FILE[1]))


def lock_beside(path: Path) -> Path | None:
    """What a spreadsheet program has written beside a file that it has open; None if there is none."""
    names = (_OWNER_FILE + path.name, path.name.join(_LOCK_FILE))
    return next((lock for name in names if os.path.lexists(lock := path.with_name(name))), None)


def write_whole(path: Path, text: str | bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    The text goes into a file of its own beside it, is flushed to the disk, and then takes its place; two runs at once never write
    into one file, and the last one wins whole. Permissions of a file that was there stay.

    Parameters
    ----------
    path : Path
        Where to.
    text : str or bytes
        The whole content; a text is written as UTF-8 with its line feeds.

    Raises
    ------
    BookError
        If the file cannot be written there, if what is there is a symbolic link, a folder, a device or write-protected, or if a spreadsheet
        program has it open.
    """
    try:
        lock = lock_beside(path)
        if lock is not None:
            # The program would write its own copy over it, or keep the user from seeing the new one.
            raise BookError(Message.of("NOT_WRITTEN.open", file=str(path), lock=lock.name))
        mode = _writable_mode(path)
        content = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
        temporary = _write_beside(path, content, mode)
        try:
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from error


def write_folder_whole(
    folder: Path,
    texts: Mapping[str, str | bytes],
    *,
    accepts: Callable[[Path], object] | None = None,
    may_be_empty: bool = False,
) -> None:
    """Write a new folder with all its files, or nothing.

    Parameters
    ----------
    folder : Path
        Must not exist; the folders above it are made.
    texts : mapping of str to str or bytes
        The content of each file by its name. The last one is the last that comes to stand in a folder that is there.
    accepts : callable, optional
        Is shown the finished folder before it takes its place; what it raises keeps the folder from being written.
    may_be_empty : bool
        Whether the folder may be there without anything in it.

    Raises
    ------
    BookError
        If the folder exists, or has something in it, or cannot be written.
    """
    temporary = folder / _temporary_name()
    try:
        is_there = may_be_empty and is_empty_folder(folder)
        if not is_there and os.path.lexists(folder):
            raise BookError(Message.of("NOT_WRITTEN.exists", file=str(folder)))
        # Beside a new folder; within one that is there, since the one above it may be somebody else's.
        temporary = temporary if is_there else folder.with_name(_temporary_name())
        temporary.mkdir(parents=True)
        for name, text in texts.items():
            write_whole(temporary / name, text)
        if accepts is not None:
            accepts(temporary)
        if is_there:
            _move_files(temporary, folder, list(texts))
        else:
            temporary.rename(folder)
        _flush_folder(folder if is_there else folder.parent)
    except (OSError, ValueError) as error:
        if isinstance(error, BookError):
            raise
        raise _refusal(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_files(folder: Path, texts: Mapping[str, str | bytes]) -> None:
    """Write files into a folder, each whole; the folders that their names lead into are made.

    Raises
    ------
    BookError
        If one cannot be written.
    """
    for name, text in texts.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _refusal(path.parent, error) from error
        write_whole(path, text)


@contextmanager
def folder_whole(folder: Path) -> Iterator[Path]:
    """A new folder that is there with all that was written into it, or not at all.

    Parameters
    ----------
    folder : Path
        Must not exist; the folders above it are made, and go again if nothing comes of it.

    Yields
    ------
    Path
        A folder beside it to write into; it takes the name when the block ends without an error.

    Raises
    ------
    BookError
        If the folder exists or cannot be written.
    """
    temporary = folder.with_name(_temporary_name())
    above = [place for place in folder.parents if not os.path.lexists(place)]
    try:
        if os.path.lexists(folder):
            raise BookError(Message.of("NOT_WRITTEN.exists", file=str(folder)))
        temporary.mkdir(parents=True)
        yield temporary
        temporary.rename(folder)
        _flush_folder(folder.parent)
    except (OSError, ValueError) as error:
        if isinstance(error, CarbonLedgerError):
            raise
        raise _refusal(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        for place in above:
            with suppress(OSError):
                place.rmdir()


def is_empty_folder(folder: Path) -> bool:
    """Whether a folder is there, without anything in it; False if there is nothing of its name.

    Parameters
    ----------
    folder : Path
        Where something is to be written.

    Raises
    ------
    BookError
        If the folder has something in it, or is none.
    """
    try:
        if not os.path.lexists(folder):
            return False
        if not folder.is_dir():
            raise BookError(Message.of("NOT_WRITTEN.no_folder", file=str(folder)))
        found = sorted(path.name for path in folder.iterdir())
    except (OSError, ValueError) as error:
        raise _refusal(folder, error) from error
    if found:
        raise BookError(Message.of("NOT_WRITTEN.not_empty", file=str(folder), count=len(found), first=found[0]))
    return True


def _move_files(source: Path, target: Path, names: Sequence[str]) -> None:
    """Move files into a folder, all or none."""
    moved: list[Path] = []
    try:
        for name in names:
            if os.path.lexists(target / name):
                raise BookError(Message.of("NOT_WRITTEN.exists", file=str(target / name)))
            (source / name).rename(target / name)
            moved.append(target / name)
    except BaseException:
        for path in moved:
            path.unlink(missing_ok=True)
        raise


def _temporary_name() -> str:
    """A name that no other run chooses."""
    return f".carbonledger-{os.getpid()}-{secrets.token_hex(4)}.part"


def _writable_mode(path: Path) -> int | None:
    """The permissions of the file that is there; None if there is none.

    Raises
    ------
    BookError
        If it is something else than a file, or is write-protected.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(mode):
        # Who can put a link into the folder would choose which of the user's files is written over.
        raise BookError(Message.of("NOT_WRITTEN.link", file=str(path), target=_target(path)))
    if not stat.S_ISREG(mode):
        raise BookError(Message.of("NOT_WRITTEN.no_file", file=str(path)))
    if not os.access(path, os.W_OK):
        raise BookError(Message.of("NOT_WRITTEN.protected", file=str(path)))
    return stat.S_IMODE(mode)


def _target(path: Path) -> str:
    """Where a symbolic link points."""
    return str(path.readlink())


def _write_beside(path: Path, content: bytes, mode: int | None) -> Path:
    """A new file in the same folder with the content, flushed to the disk."""
    temporary = path.with_name(_temporary_name())
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _READABLE_BY_ALL)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            if mode is not None:
                temporary.chmod(mode)
            os.fsync(stream.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _flush_folder(folder: Path) -> None:
    """Flush the entry of a new file to the disk, where folders can be opened (not on Windows)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refusal(path: Path, error: Exception) -> BookError:
    """What is said of a file that cannot be written."""
    if isinstance(error, BookError):
        return error
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    known: dict[type[Exception], Label] = {
        FileNotFoundError: Label("No such file or directory", "文件夹不存在"),
        PermissionError: Label("Permission denied", "没有写入权限"),
        NotADirectoryError: Label("Not a directory", "路径中有一部分不是文件夹"),
    }
    words = known.get(type(error), Label(reason, reason))
    return BookError(Message.of("NOT_WRITTEN.other", file=str(path), reason=words))


def as_argument(folder: str) -> str:
    """A folder as a shell takes it: in quotation marks if it has anything but letters, digits and plain signs."""
    plain = all(letter.isalnum() or letter in "-_./\\:~" for letter in folder)
    return folder if plain else f'"{folder}"'
