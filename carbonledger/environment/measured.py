"""The registers of air pollutants and of wastewater: concentrations against their limits, and masses emitted.

A result below the limit of detection stays what it is: it is never 0, enters no mean, and keeps a limit that its limit of detection keeps.

References
----------
GB 16297-1996, 3.1 and 7: limits are of dry gas at standard conditions (273 K, 101.325 kPa).
GB 13271-2014: conversion to a reference oxygen content, c = c' (21 - O_ref) / (21 - O_measured), O in per cent by volume.
GRI 305: Emissions 2016, 305-7: masses of NOx, SOx and others in kg.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from carbonledger.core.exact_conversion import exact_factor
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.periods import Period
from carbonledger.core.units import is_convertible
from carbonledger.disclosure.figures import Figure, answered, missing, not_applicable, says
from carbonledger.environment.conventions import convention
from carbonledger.environment.judged import Subject, judge, limit_of
from carbonledger.environment.limits import Limit, Verdict
from carbonledger.environment.reading import ReadAs, overlaps
from carbonledger.environment.register_rows import (
    Columns,
    Place,
    RegisterRow,
    counted_rows,
    leaves_rows_out,
    read_rows,
    refused,
)
from carbonledger.environment.vocabulary import Word, find_word

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Measured", "MeasuredRegister", "Medium", "measured_register", "read_measured"]

Medium = Literal["air", "wastewater"]
Kind = Literal["concentration", "mass", "volume"]
_COLUMNS = Columns(
    ("pollutant", "value", "unit", "period"),
    (
        *("point", "standard", "class", "limit", "conditions", "oxygen_percent", "reference_oxygen_percent"),
        *("entity", "site", "evidence", "note"),
    ),
    ("value", "limit", "oxygen_percent", "reference_oxygen_percent"),
)
_WORDS: dict[Medium, str] = {"air": "air_pollutant", "wastewater": "water_pollutant"}
_CONCENTRATIONS: dict[Medium, tuple[str, ...]] = {"air": ("mg/m3", "mg/Nm3"), "wastewater": ("mg/L",)}
_PH, _VOLUME = "ph", "volume"
_STANDARD, _STANDARD_UNIT = "standard", "mg/Nm3"
_NOT_COMPARED: Verdict = "not_compared"


@dataclass(frozen=True, slots=True)
class Measured:
    """A result of a register.

    Parameters
    ----------
    kind : {"concentration", "mass", "volume"}
        What it is.
    point : str
        Where it was measured.
    pollutant, group : str
        Which, and what GRI 305-7 counts it in.
    value : float or None
        In `unit`, converted to the reference oxygen content if the row asks for it; None if it is below detection.
    detection : float or None
        The limit of detection of a result that is below it.
    unit : str
        ``mg/m3`` or ``mg/Nm3`` in air, ``mg/L`` in water, ``kg``, ``m3``; empty for pH.
    text : str
        As the register states it, with its unit.
    period : Period
        When.
    limit : Limit or None
        What it was compared with.
    verdict : {"within", "exceeds", "not_compared"}
        The comparison; masses and volumes have none.
    conditions : str
        ``standard`` or ``actual`` conditions of a gas; empty if that is not stated.
    entity, site, evidence, note : str
        Where, and what shows it.
    place : Place
        Where the row stands.
    """

    kind: Kind
    point: str
    pollutant: str
    group: str
    value: float | None
    detection: float | None
    unit: str
    text: str
    period: Period
    limit: Limit | None
    verdict: Verdict
    conditions: str
    entity: str
    site: str
    evidence: str
    note: str
    place: Place


@dataclass(frozen=True, slots=True)
class MeasuredRegister:
    """Air pollutants or wastewater of a year.

    Parameters
    ----------
    medium : {"air", "wastewater"}
        Which.
    rows : tuple of Measured
        What could be read.
    findings : tuple of Finding
        What is wrong with the others, exceedances, and doubts.
    """

    medium: Medium
    rows: tuple[Measured, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_part(self) -> bool:
        """Whether rows are known that are not counted, so that no sum is a total."""
        return leaves_rows_out(self.findings)

    @property
    def results(self) -> tuple[Measured, ...]:
        """The concentrations and pH values."""
        return tuple(row for row in self.rows if row.kind == "concentration")

    def emitted(self, group: str) -> Figure:
        """The mass of the pollutants of a group, or of one pollutant [kg].

        Parameters
        ----------
        group : str
            ``nox``, ``sox``, ``pm``, ``voc``, ``hap``, ``pop`` or ``other``, or the key of a pollutant.
        """
        return self._summed("mass", "kg", lambda row: group in {row.group, row.pollutant})

    @property
    def volume(self) -> Figure:
        """The volume of wastewater [m3]."""
        return self._summed("volume", "m3", lambda _: True)

    def _summed(self, kind: Kind, unit: str, chosen: Callable[[Measured], bool]) -> Figure:
        """The sum of masses or volumes; missing where the register has none, has concentrations alone, or rows that could not be read."""
        of_kind = [row for row in self.rows if row.kind == kind]
        parts = [row.value for row in of_kind if row.value is not None and chosen(row)]
        if self.is_part:
            return missing(says("environment_part"), unit, sum(parts) if parts else None)
        if not of_kind:
            return missing(says("environment_no_masses"), unit)
        if parts:
            return answered(float(sum(parts)), unit)
        # What was measured as a concentration is emitted; its mass is not known, and not none.
        is_measured = any(chosen(row) for row in self.results)
        return (
            missing(says("environment_no_masses"), unit)
            if is_measured
            else not_applicable(says("environment_none"), unit)
        )

    def to_frame(self) -> pd.DataFrame:
        """The results as a table: values and limits in the units of their rows; a result below detection has no value."""
        import pandas as pd

        columns = ("kind", "point", "pollutant", "value", "detection", "unit", "period", "limit", "standard", "verdict")
        data = [
            {
                **{
                    name: getattr(row, name)
                    for name in ("kind", "point", "pollutant", "value", "detection", "unit", "verdict")
                },
                "period": str(row.period),
                "limit": row.limit.text if row.limit else "",
                "standard": row.limit.standard if row.limit else "",
                "entity": row.entity,
                "site": row.site,
                "file": row.place.file,
                "row": row.place.row,
            }
            for row in self.rows
        ]
        return pd.DataFrame(data, columns=[*columns, "entity", "site", "file", "row"])


def read_measured(path: Path, medium: Medium, read_as: ReadAs) -> MeasuredRegister:
    """The register of a file, see `measured_register`."""
    rows, findings = read_rows(path, _COLUMNS, read_as.country, read_as.decimal, read_as.name_of(path))
    return measured_register(rows, findings, medium, read_as)


def measured_register(
    rows: Sequence[RegisterRow], findings: Sequence[Finding], medium: Medium, read_as: ReadAs
) -> MeasuredRegister:
    """The register of air pollutants or of wastewater of some rows.

    Parameters
    ----------
    rows : sequence of RegisterRow
        ``pollutant``, ``value`` (``<0.05`` if it is below detection), ``unit`` (mg/m3 or mg/L of a concentration, kg of a mass, m3 of the
        ``volume`` of wastewater, none of pH), ``period``, ``point``, ``standard``, ``class``, ``limit``, ``conditions``,
        ``oxygen_percent``, ``reference_oxygen_percent``.
    findings : sequence of Finding
        Of reading them.
    medium : {"air", "wastewater"}
        Which.
    read_as : ReadAs
        The year.

    Returns
    -------
    MeasuredRegister
    """
    found = list(findings)
    pairs = counted_rows(rows, lambda row: _measured(row, medium, read_as, found), found)
    kept = tuple(made for _, made in pairs if made is not None)
    summed = [row for row in kept if row.kind != "concentration"]
    found += overlaps(summed, lambda row: (row.kind, row.pollutant, row.point, row.entity, row.site))
    return MeasuredRegister(medium, kept, tuple(found))


def _measured(row: RegisterRow, medium: Medium, read_as: ReadAs, findings: list[Finding]) -> Measured | None:
    """A row as a record; None if it is of another year."""
    if not read_as.has(row, findings):
        return None
    pollutant = row.needed_word("pollutant", _WORDS[medium])
    kind, unit, factor = _kind_of(row, pollutant, medium, read_as)
    value = row.measured("value") if kind == "concentration" else row.number("value")
    exact, below = Fraction(value) * factor, row.below["value"]
    conditions = _conditions(row, unit)
    limit, verdict = None, _NOT_COMPARED
    if kind == "concentration":
        exact *= _oxygen(row)
        subject = Subject(pollutant.key, unit, _what(row, pollutant))
        limit = limit_of(row, subject, findings)
        if _comparable(row, limit, conditions, subject, findings):
            verdict = judge(row, exact, _at_same_conditions(limit, unit), subject, findings, below=below)
    return Measured(
        kind,
        row.text("point"),
        pollutant.key,
        pollutant.group,
        None if below else float(exact),
        float(exact) if below else None,
        unit,
        f"{row.text('value')} {row.text('unit')}".strip(),
        row.period,
        limit,
        verdict,
        conditions,
        read_as.entity(row, findings),
        row.text("site"),
        row.text("evidence"),
        row.text("note"),
        row.place,
    )


def _what(row: RegisterRow, pollutant: Word) -> Label:
    """What was measured, and where, as findings name it."""
    point = row.text("point")
    en, zh = pollutant.label.en, pollutant.label.zh
    return Label(f"{point}, {en}", f"{point} {zh}") if point else pollutant.label


def _kind_of(row: RegisterRow, pollutant: Word, medium: Medium, read_as: ReadAs) -> tuple[Kind, str, Fraction]:
    """What a row states, the unit it is kept in, and how many of that one of its own unit is."""
    text = row.text("unit")
    if pollutant.key == _PH:
        if text and find_word("no_unit", text) is None:
            raise refused("ph_unit", unit=text)
        return "concentration", "", Fraction(1)
    unit = row.needed_unit(read_as.region)
    own = pollutant.key == _VOLUME
    kinds: tuple[tuple[Kind, str], ...] = (("volume", "m3"),) if own else (("mass", "kg"), *_concentrations(medium))
    for kind, target in kinds:
        if is_convertible(unit, target):
            return kind, target, exact_factor(unit, target)
    raise (
        refused("no_volume", unit=text)
        if own
        else refused("no_concentration", unit=text, wanted=_CONCENTRATIONS[medium])
    )


def _concentrations(medium: Medium) -> Iterator[tuple[Kind, str]]:
    """The units of concentrations in air or water."""
    for unit in _CONCENTRATIONS[medium]:
        yield "concentration", unit


def _conditions(row: RegisterRow, unit: str) -> str:
    """Whether a gas was measured at standard or actual conditions; mg/Nm3 says so itself."""
    stated = row.key("conditions", "conditions", default="")
    if unit == _STANDARD_UNIT and stated == "actual":
        raise refused("conditions", unit=row.text("unit"))
    return _STANDARD if unit == _STANDARD_UNIT else stated


def _oxygen(row: RegisterRow) -> Fraction:
    """What a concentration is multiplied by to be of the reference oxygen content; 1 if the row names none."""
    reference, found = row.optional_number("reference_oxygen_percent"), row.optional_number("oxygen_percent")
    if reference is None:
        return Fraction(1)
    air = convention("oxygen_of_air")
    if found is None or found >= air or reference >= air:
        raise refused("oxygen", reference=row.text("reference_oxygen_percent"), air=float(air))
    return (air - Fraction(reference)) / (air - Fraction(found))


def _comparable(
    row: RegisterRow, limit: Limit | None, conditions: str, subject: Subject, findings: list[Finding]
) -> bool:
    """Whether a result is at the conditions of its limit; if that is not stated, it is compared and said."""
    if limit is None or limit.conditions != _STANDARD or conditions == _STANDARD:
        return limit is not None
    key = "MEASURED_CONDITIONS.actual" if conditions else "MEASURED_CONDITIONS"
    findings.append(row.place.place(Finding.of(key, what=subject.what, standard=limit.standard)))
    return not conditions


def _at_same_conditions(limit: Limit | None, unit: str) -> Limit | None:
    """A limit of dry gas at standard conditions in mg/Nm3, where the result is: the same number."""
    at_standard = limit is not None and limit.conditions == _STANDARD and unit == _STANDARD_UNIT
    return replace(limit, unit=_STANDARD_UNIT) if limit is not None and at_standard else limit
