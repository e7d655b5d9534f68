"""The settings of a book as its file states them: read, checked, and refused with every fault and its line."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from carbonledger.book.folder import SETTINGS
from carbonledger.book.own_factors import own_factor_faults
from carbonledger.book.paths import path_faults
from carbonledger.book.setting_faults import as_one_error, setting_faults, wide_numbers
from carbonledger.book.settings import BookSettings
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.toml_file import TomlFile, read_toml

__all__ = ["read_settings"]


def read_settings(place: Path) -> tuple[Path, BookSettings]:
    """The folder of a book and its settings.

    Parameters
    ----------
    place : Path
        The folder, or its ``book.toml``.

    Returns
    -------
    tuple of (Path, BookSettings)

    Raises
    ------
    BookError
        If there is no ``book.toml``, or it cannot be used: all faults at once, each with its line.
    """
    file = read_toml(_settings_path(place))
    return file.path.parent, _settings_of(file)


def _settings_path(place: Path) -> Path:
    """The file of the settings: in a folder, or the path itself."""
    try:
        if place.is_dir():
            if not (place / SETTINGS).exists():
                raise BookError(Message.of("SETTINGS_FILE.no_book", folder=str(place)))
            return place / SETTINGS
    except ValueError as error:
        if isinstance(error, BookError):
            raise
        raise BookError(Message.of("SETTINGS_FILE.other", file=str(place), reason=str(error))) from error
    return place


def _settings_of(file: TomlFile) -> BookSettings:
    """The settings that a file holds."""
    faults = list(wide_numbers(file))
    if not faults:
        try:
            settings = BookSettings.model_validate(file.tables)
        except ValidationError as error:
            raise as_one_error(list(setting_faults(error, file, BookSettings))) from error
        faults = [*path_faults(file, settings), *own_factor_faults(file, settings)]
        if not faults:
            return settings
    raise as_one_error(faults)
