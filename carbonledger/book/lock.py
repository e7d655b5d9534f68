"""What a calculation used, written down, and held to.

A factor update must not rewrite last year: a locked book calculates on the editions, rows and GWP set of its lock, or not at all.
"""

from __future__ import annotations

import json
import math
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from carbonledger.book.year import ReportingYear
from carbonledger.core.errors import LockError
from carbonledger.core.files import write_whole
from carbonledger.core.rounding import decimal_of
from carbonledger.factors.editions import catalogue
from carbonledger.factors.factor import Edition
from carbonledger.factors.stated_factors import STATED_IN_BOOK
from carbonledger.inventory.inventory import Inventory

__all__ = ["check_editions", "check_lock", "check_results", "lock_book", "lock_of", "read_lock", "write_lock"]

LOCK = "book.lock"

_FILES = ("factors.csv", "datapackage.json")


def lock_book(year: ReportingYear) -> Path:
    """Write down what the inventory of a reporting year uses.

    Parameters
    ----------
    year : ReportingYear
        Of the book to lock.

    Returns
    -------
    Path
        The lock file beside ``book.toml``, written whole.
    """
    path = year.book.folder / LOCK
    write_lock(path, lock_of(year.inventory, year.year))
    return path


def check_lock(year: ReportingYear) -> None:
    """Hold a reporting year to the lock of its book.

    Raises
    ------
    LockError
        Naming the file whose bytes changed, or the pin, row or result that differs.
    """
    lock = read_lock(year.book.folder / LOCK)
    check_editions(lock, year.book.factor_folder)
    check_results(lock, year.inventory, year.year)


def lock_of(inventory: Inventory, year: int) -> dict[str, Any]:
    """What an inventory used.

    Parameters
    ----------
    inventory : Inventory
        As calculated.
    year : int
        The reporting year.

    Returns
    -------
    dict
        Plain data: our version, GWP set, editions by role with the checksums of their files, the rows used, the results.
    """
    factors = inventory.factors
    rows = {factor.reference: factor for row in inventory.plan.rows for factor in row.factors}
    return {
        "carbonledger": version("carbonledger"),
        "reporting_year": year,
        "gwp": inventory.gwp.edition,
        "as_of": factors.as_of.isoformat() if factors.as_of else None,
        "roles": {
            role: sorted(edition.id for edition in editions)
            for role, editions in sorted(factors.roles.items())
            if editions
        },
        "editions": {
            edition.id: {"sha256": edition.sha256, "files": _files_of(edition)}
            for edition in sorted(inventory.editions.values(), key=lambda item: item.id)
        },
        "rows": {
            name: {"value": factor.value_text, "unit": factor.unit, "gas": factor.gas}
            for name, factor in sorted(rows.items())
        },
        "results": _results(inventory),
    }


def _files_of(edition: Edition) -> dict[str, str]:
    """The checksums of the files of an edition; none of the factors that stand in the book itself."""
    stated = edition.id == STATED_IN_BOOK
    return {} if stated else {name: _digest(edition.folder / name) for name in _FILES}


def _results(inventory: Inventory) -> dict[str, str | None]:
    """Total emissions and energy as text that another machine compares."""
    energy = float(inventory.total_energy().magnitude)
    return {
        "total_tco2e": _text(float(inventory.total_location_based().magnitude)),
        "energy_gj": None if math.isnan(energy) else _text(energy),
    }


def _text(value: float) -> str:
    """A result at twelve significant digits, which summing in another order does not move."""
    return str(decimal_of(float(f"{value:.12g}")).normalize())


def _digest(path: Path) -> str:
    """The sha256 of a file; empty if it is gone."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def write_lock(path: Path, lock: dict[str, Any]) -> None:
    """Write a lock whole or not at all."""
    write_whole(path, json.dumps(lock, ensure_ascii=False, indent=2) + "\n")


def read_lock(path: Path) -> dict[str, Any]:
    """A lock.

    Raises
    ------
    LockError
        If there is none, or it is damaged.
    """
    try:
        lock: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LockError(f"{path}: there is no lock. Write one: carbonledger lock {path.parent}") from error
    except ValueError as error:
        raise LockError(f"{path}: the lock is damaged: {error}") from error
    if not isinstance(lock, dict) or not {"editions", "roles", "gwp", "rows", "results", "carbonledger"} <= set(lock):
        raise LockError(f"{path}: the lock lacks some of its parts. Write it anew: carbonledger lock {path.parent}")
    return lock


def check_editions(lock: dict[str, Any], folder: Path | None = None) -> None:
    """Refuse if any byte of a locked edition changed.

    Parameters
    ----------
    lock : dict
        As read.
    folder : Path, optional
        The factor folder of your own.

    Raises
    ------
    LockError
        Naming every file that changed or is gone.
    """
    rows = catalogue(folder)
    faults = []
    for edition, locked in lock["editions"].items():
        if edition == STATED_IN_BOOK:
            continue
        row = rows.get(edition)
        if row is None:
            faults.append(f"{edition} is in no catalogue")
            continue
        name, _, number = edition.partition("@")
        for file, digest in locked["files"].items():
            path = row.folder / name / number / file
            found = _digest(path)
            if found != digest:
                faults.append(
                    f"{path} {'is gone' if not found else 'changed'} (locked {digest[:12]}..., found {found[:12] or 'nothing'})"
                )
    if faults:
        raise LockError("the lock does not hold: " + "; ".join(faults))


def check_results(lock: dict[str, Any], inventory: Inventory, year: int) -> None:
    """Refuse if an inventory rests on other pins or rows than the lock, or another version of ours gives another result.

    Parameters
    ----------
    lock : dict
        As read.
    inventory : Inventory
        As calculated now.
    year : int
        The reporting year.

    Raises
    ------
    LockError
        Naming what differs.
    """
    now = lock_of(inventory, year)
    faults = [
        f"{part} is {now[part]!r}, locked {lock.get(part)!r}"
        for part in ("reporting_year", "gwp", "as_of", "roles")
        if now[part] != lock.get(part)
    ]
    stated = [part["editions"].get(STATED_IN_BOOK, {}).get("sha256") for part in (now, lock)]
    if stated[0] != stated[1]:
        faults.append("the factors under [[factors.own]] in book.toml are others")
    faults += [f"{name} is used and was not" for name in sorted(set(now["rows"]) - set(lock["rows"]))]
    faults += [
        f"{name} is {now['rows'][name]}, locked {lock['rows'][name]}"
        for name in sorted(set(now["rows"]) & set(lock["rows"]))
        if now["rows"][name] != lock["rows"][name]
    ]
    if now["carbonledger"] != lock["carbonledger"] and now["results"] != lock["results"]:
        faults.append(
            f"version {now['carbonledger']} gives {now['results']}, version {lock['carbonledger']} gave {lock['results']}; "
            "the entries or the method changed"
        )
    if faults:
        raise LockError("the lock does not hold: " + "; ".join(faults))
