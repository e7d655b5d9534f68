"""Instruments that lie in a book's folder without being named."""

from __future__ import annotations

from pathlib import Path

from carbonledger.errors import CarbonLedgerError
from carbonledger.ledger.instruments import Instrument, read_instruments

__all__ = ["stray_instruments"]

_NAMES = ("instruments", "certificates", "凭证", "绿证")
_KINDS = (".csv", ".xlsx")


def stray_instruments(folder: Path, named: str) -> tuple[Instrument, ...]:
    """The instruments of files that are called so, but that the settings do not name.

    Parameters
    ----------
    folder : Path
        Of the book.
    named : str
        The file that the settings name; empty for none.

    Returns
    -------
    tuple of Instrument
        A file that is no table of instruments has none.
    """
    found: list[Instrument] = []
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        alike = path.suffix in _KINDS and path.stem.casefold().startswith(_NAMES)
        if alike and path != folder / named:
            found += _read(path)
    return tuple(found)


def _read(path: Path) -> list[Instrument]:
    """The instruments of a file that may be none."""
    try:
        return read_instruments(path)[0]
    except CarbonLedgerError:
        return []
