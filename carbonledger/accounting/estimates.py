"""Emissions that are estimated from what is known beside a meter: refrigerant leakage by rate, methane of wastewater.

Each estimate becomes an entry - so many kg of a gas - whose note holds the formula, the parameters and where they come from.

References
----------
Leakage: GHG Protocol, refrigeration and air-conditioning guidance (screening method): charge x yearly rate x time in use. Wastewater: 2006
IPCC Guidelines, volume 5, chapter 6: CH4 = organic load x B0 x MCF - recovered.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from carbonledger.activities import canonical_activity
from carbonledger.errors import BookError, CarbonLedgerError, MissingFactorError
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Edition, Factor
from carbonledger.periods import Period, parse_date
from carbonledger.units import conversion_factor

__all__ = ["Estimate", "leaked", "read_estimates", "wastewater_methane"]

_COLUMNS = ("entity", "site", "source", "method", "activity", "amount", "unit", "parameter", "start", "end")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mass of gas and how it was estimated.

    Parameters
    ----------
    kilograms : float
        Of the gas.
    derivation : str
        The formula with its numbers.
    factors : tuple of Factor
        The parameters used.
    """

    kilograms: float
    derivation: str
    factors: tuple[Factor, ...]


def leaked(charge_kg: float, equipment: str, days: int, editions: Iterable[Edition]) -> Estimate:
    """Refrigerant that leaks from equipment.

    Parameters
    ----------
    charge_kg : float
        What it holds.
    equipment : str
        Kind of equipment and end of the published range, e.g. ``chiller.high``.
    days : int
        How long it was in use.
    editions : iterable of Edition
        With parameters ``leakage_rate`` [1/year].

    Returns
    -------
    Estimate

    Raises
    ------
    MissingFactorError
        If no edition has a rate for the equipment.
    """
    rate = _parameter(editions, f"refrigerant.leakage.{equipment}", "leakage_rate")
    years = days * conversion_factor("day", "year")
    text = f"{charge_kg:g} kg x {rate.value_text} per year x {years:.4f} years ({rate.reference})"
    return Estimate(charge_kg * rate.value * years, text, (rate,))


def wastewater_methane(
    load_kg: float, water: str, system: str, editions: Iterable[Edition], recovered_kg: float = 0.0
) -> Estimate:
    """Methane of wastewater that decays without air.

    Parameters
    ----------
    load_kg : float
        Organic load: BOD of domestic, COD of industrial wastewater.
    water : {"domestic", "industrial"}
        Whose maximum methane capacity B0 applies.
    system : str
        How it is treated, e.g. ``septic``, which decides the methane correction factor MCF.
    editions : iterable of Edition
        With ``maximum_methane_capacity`` [kg CH4/kg] and ``methane_correction_factor`` [1].
    recovered_kg : float
        Methane flared or used.

    Returns
    -------
    Estimate

    Raises
    ------
    MissingFactorError
        If no edition has a parameter.
    ValueError
        If more is recovered than arises.
    """
    found = list(editions)
    capacity = _parameter(found, f"wastewater.{water}", "maximum_methane_capacity")
    correction = _parameter(found, f"wastewater.{system}", "methane_correction_factor")
    made = load_kg * capacity.value * correction.value
    if recovered_kg > made:
        raise ValueError(f"{recovered_kg:g} kg of methane recovered is more than the {made:g} kg that arise")
    text = f"{load_kg:g} kg x B0 {capacity.value_text} x MCF {correction.value_text} - {recovered_kg:g} kg recovered"
    return Estimate(
        made - recovered_kg, f"{text} ({capacity.reference}, {correction.reference})", (capacity, correction)
    )


def _parameter(editions: Iterable[Edition], activity: str, parameter: str) -> Factor:
    """The one parameter of an activity among some editions."""
    listed = list(editions)
    found = [factor for edition in listed for factor in edition.factors(activity, parameter)]
    if len(found) != 1:
        names = ", ".join(edition.id for edition in listed) or "none"
        state = "no" if not found else "more than one"
        raise MissingFactorError(f"{state} {parameter} for {activity}. Editions named for estimates: {names}.")
    return found[0]


def read_estimates(path: Path, editions: Iterable[str], folder: Path | None = None) -> list[dict[str, object]]:
    """The estimates of a book as rows that `read_entries` understands.

    Parameters
    ----------
    path : Path
        A CSV with ``entity, site, source, method, activity, amount, unit, parameter, start, end`` and, for wastewater, ``recovered``:
        method ``leakage_rate`` (activity the refrigerant, amount its charge, parameter the equipment) or ``wastewater`` (activity
        ``domestic`` or ``industrial``, amount its BOD or COD, parameter the system).
    editions : iterable of str
        Where the parameters stand.
    folder : Path, optional
        A factor folder of the book's own.

    Returns
    -------
    list of dict

    Raises
    ------
    BookError
        Naming file and row of what cannot be estimated.
    """
    parameters = [read_edition(name, folder) for name in editions]
    try:
        rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    except OSError as error:
        raise BookError(f"{path}: {error.strerror}.") from error
    missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise BookError(f"{path.name}: no column {', '.join(missing)}.")
    entries = []
    for number, row in enumerate(rows, start=2):
        try:
            entries.append(_entry(row, parameters))
        except (ValueError, CarbonLedgerError) as error:
            raise BookError(f"{path.name}, row {number}: {error}") from error
    return entries


def _entry(row: Mapping[str, str], editions: list[Edition]) -> dict[str, object]:
    """One estimate as an entry."""
    start, last = parse_date(row["start"]), parse_date(row["end"])
    kilograms = float(row["amount"]) * conversion_factor(row["unit"], "kg")
    if kilograms < 0:
        raise ValueError(f"the amount {row['amount']} is negative")
    if row["method"] == "leakage_rate":
        days = Period(start, date.fromordinal(last.toordinal() + 1)).days
        activity, estimate = canonical_activity(row["activity"]), leaked(kilograms, row["parameter"], days, editions)
    elif row["method"] == "wastewater":
        recovered = float(row.get("recovered") or 0)
        activity = "wastewater.ch4"
        estimate = wastewater_methane(kilograms, row["activity"], row["parameter"], editions, recovered)
    else:
        raise ValueError(f"method {row['method']!r} is neither leakage_rate nor wastewater")
    place = {name: row[name] for name in ("entity", "site", "source")}
    days_of = {"start": start.isoformat(), "end": last.isoformat()}
    what = {"activity": activity, "amount": estimate.kilograms, "unit": "kg", "data_type": "estimated"}
    return {**place, **what, **days_of, "evidence": row.get("evidence", ""), "note": estimate.derivation}
