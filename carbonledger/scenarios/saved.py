"""What savings that were achieved come to: GJ, kWh, standard coal by its convention, and t CO2e, beside the inventory and in no total.

References
----------
GRI 302-4 (2016) and GRI 305-5 (2016): reductions by initiatives, in joules or their multiples and in t CO2e. GB/T 2589-2020.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from carbonledger.core.activities import carrier_of
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang
from carbonledger.core.periods import Period
from carbonledger.core.plain_data import plain_data
from carbonledger.core.units import conversion_factor, dimension_of
from carbonledger.scenarios.measures import amount_and_unit
from carbonledger.scenarios.savings import CoalConvention, Saving, is_coal
from carbonledger.scenarios.standard_coal import coal_readings

__all__ = ["EnergyRate", "RateOf", "SavedEnergy", "SavingsRegister", "saved_energy"]

# A leap year is no longer period than the year before it.
_LEAP_DAYS = 1
_EQUIVALENT: CoalConvention = "calorific_equivalent"


@dataclass(frozen=True, slots=True)
class EnergyRate:
    """What one unit of an activity comes to by the factors of the year; None where they do not say.

    Parameters
    ----------
    tco2e : float or None
        t CO2e, location-based.
    gj : float or None
        GJ.
    tce : float or None
        Standard coal in calorific equivalent, tce.
    """

    tco2e: float | None = None
    gj: float | None = None
    tce: float | None = None


RateOf = Callable[[str, str], EnergyRate]


@dataclass(frozen=True)
class SavedEnergy:
    """A saving with what it comes to.

    Parameters
    ----------
    saving : Saving
        As it is stated.
    gj : float or None
        Saved energy [GJ], below 0 if more is used than before; None where it cannot be told.
    convention : {"", "calorific_equivalent", "substitution"}
        Of `tce`.
    tce : float or None
        Saved standard coal [tce] by the convention.
    tco2e : float or None
        Avoided emissions [t CO2e] at the location-based factor of the year.
    in_year : bool
        Whether it was achieved in the reporting year.
    findings : tuple of Finding
        What it lacks, and what to mind.
    """

    saving: Saving
    gj: float | None = None
    convention: CoalConvention = ""
    tce: float | None = None
    tco2e: float | None = None
    in_year: bool = True
    findings: tuple[Finding, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether it is added to the savings of the year: it was achieved in it, and is in no other saving already."""
        return self.in_year and not self.saving.part_of

    @property
    def kwh(self) -> float | None:
        """Saved energy [kWh], of any carrier."""
        return None if self.gj is None else self.gj * conversion_factor("GJ", "kWh")

    @property
    def percent(self) -> float | None:
        """Saved share of the adjusted baseline [%]; None without a baseline, or with one of 0."""
        base, saved = self.saving.adjusted_baseline, self.saving.saved
        if base is None or saved is None or not base[0]:
            amount, unit = amount_and_unit(self.saving.stated) if self.saving.stated else (0.0, "")
            return amount if unit == "percent" else None
        return saved[0] / base[0] * 100.0

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            As stated and as calculated, null where it cannot be told; standard coal under the name of its convention.
        """
        item, base, saved = self.saving, self.saving.adjusted_baseline, self.saving.saved
        names = ("id", "period", "activity", "before", "before_period", "after", "normalised_by", "driver")
        more = (
            "driver_before",
            "driver_after",
            "driver_share",
            "ipmvp",
            "stated",
            "baseline",
            "part_of",
            "target",
            "source",
        )
        coal = ("coal_convention", "coal_coefficient", "coal_source")
        data = {
            "name": item.label.text(lang),
            **{name: getattr(item, name) for name in (*names, *more, *coal)},
            "adjusted_baseline": base[0] if base else None,
            "saved": saved[0] if saved else None,
            "unit": saved[1] if saved else (base[1] if base else ""),
            "saved_percent": self.percent,
            "saved_gj": self.gj,
            "saved_kwh": self.kwh,
            "saved_tce_calorific_equivalent": self.tce if self.convention == _EQUIVALENT else None,
            "saved_tce_substitution": self.tce if self.convention == "substitution" else None,
            "avoided_tco2e": self.tco2e,
            "counted": self.counted,
            "part_of_a_total": False,
            "missing": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain


@dataclass(frozen=True)
class SavingsRegister:
    """The savings of a reporting year, beside the inventory and in no total.

    Parameters
    ----------
    items : tuple of SavedEnergy
        In the order of the book.
    """

    items: tuple[SavedEnergy, ...]

    @cached_property
    def counted(self) -> tuple[SavedEnergy, ...]:
        """Those that are added."""
        return tuple(item for item in self.items if item.counted)

    @cached_property
    def conventions(self) -> tuple[CoalConvention, ...]:
        """The conventions of standard coal that occur among those that are added."""
        return tuple(dict.fromkeys(item.convention for item in self.counted if item.tce is not None))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the savings lack, and that two conventions are not added."""
        found = [finding for item in self.items for finding in item.findings]
        if len(self.conventions) > 1:
            found.append(_at_book(Finding.of("SAVING_COAL.mixed", savings=_names(self.counted))))
        return tuple(found)

    def total(self, name: str) -> float | None:
        """The sum of ``gj``, ``tce`` or ``tco2e`` over those that are added; None if one of them lacks it, or of two conventions."""
        values = [getattr(item, name) for item in self.counted]
        if not values or None in values or (name == "tce" and len(self.conventions) > 1):
            return None
        return math.fsum(values)

    def known_part(self, name: str) -> float | None:
        """What is known of a sum that is not whole; None if nothing is, or of two conventions."""
        values = [value for item in self.counted if (value := getattr(item, name)) is not None]
        return None if not values or (name == "tce" and len(self.conventions) > 1) else math.fsum(values)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data: each saving, and the sums; null where a saving lacks the figure, with what is known of it."""
        convention = self.conventions[0] if len(self.conventions) == 1 else ""
        return {
            "savings": [item.to_dict(lang) for item in self.items],
            "total_saved_gj": self.total("gj"),
            "known_saved_gj": self.known_part("gj"),
            "coal_convention": convention,
            f"total_saved_tce_{convention or 'no_convention'}": self.total("tce"),
            "total_avoided_tco2e": self.total("tco2e"),
            "known_avoided_tco2e": self.known_part("tco2e"),
            "part_of_a_total": False,
        }


def saved_energy(saving: Saving, rate: RateOf, year: Period, first_month: int = 1) -> SavedEnergy:
    """A saving as GJ, standard coal and t CO2e.

    Parameters
    ----------
    saving : Saving
        As it is stated.
    rate : callable
        Of an activity and a unit: what one unit comes to by the factors of the year.
    year : Period
        The reporting year.
    first_month : int
        Of the reporting year.

    Returns
    -------
    SavedEnergy
        With a finding for each figure that cannot be told.
    """
    own, base = saving.periods(first_month)
    alike = base is None or abs(own.days - base.days) <= _LEAP_DAYS
    blank = SavedEnergy(saving, in_year=year.overlap_days(own) == own.days)
    remarks = list(_remarks(saving, in_year=blank.in_year))
    if base is not None and not alike:
        values = {"first": saving.before_period, "days": base.days, "last": saving.period, "others": own.days}
        return replace(blank, findings=(*remarks, _said(saving, "SAVING_PERIODS", **values)))
    if saving.saved is None:
        return replace(blank, findings=(*remarks, _said(saving, "SAVING_BASELINE", stated=saving.stated)))
    if saving.saved[0] < 0:
        remarks.append(_said(saving, "SAVING_NEGATIVE", more=-saving.saved[0], unit=saving.saved[1]))
    found = _of_coal(blank, rate) if is_coal(saving.saved[1]) else _of_energy(blank, rate)
    return replace(found, findings=(*remarks, *found.findings))


def _remarks(saving: Saving, *, in_year: bool) -> Iterator[Finding]:
    """How it was determined, and in which year, as far as a reader has to mind it."""
    if not in_year:
        yield _said(saving, "SAVING_PERIODS.other_year", period=saving.period)
    if saving.normalised_by == "none":
        yield _said(saving, "SAVING_METHOD.not_normalised")
    if saving.before and not saving.ipmvp:
        yield _said(saving, "SAVING_METHOD.no_option")


def _of_energy(blank: SavedEnergy, rate: RateOf) -> SavedEnergy:
    """A saving in a unit of energy, or in that of its fuel."""
    saving = blank.saving
    amount, unit = saving.saved or (0.0, "")
    per = rate(saving.activity, unit) if saving.activity else EnergyRate()
    is_energy = dimension_of(unit) == "energy"
    gj = amount * conversion_factor(unit, "GJ") if is_energy else _times(per.gj, amount)
    lacking = [] if gj is not None else [_said(saving, "SAVING_FACTOR.energy", activity=saving.activity, unit=unit)]
    found = replace(blank, gj=gj, **_coal_of(saving, gj, _times(per.tce, amount)))
    return _with_emissions(replace(found, findings=tuple(lacking)), per, amount)


def _coal_of(saving: Saving, gj: float | None, equivalent: float | None) -> dict[str, Any]:
    """The standard coal of saved energy: by the stated coefficient, else in calorific equivalent by the pinned edition."""
    per_kwh = saving.coal_per_kwh
    if per_kwh is not None and gj is not None and carrier_of(saving.activity) == "electricity":
        return {"convention": saving.coal_convention, "tce": gj * conversion_factor("GJ", "kWh") * per_kwh}
    return {} if equivalent is None else {"convention": _EQUIVALENT, "tce": equivalent}


def _of_coal(blank: SavedEnergy, rate: RateOf) -> SavedEnergy:
    """A saving in standard coal, which is energy only under a convention."""
    saving = blank.saving
    amount, unit = saving.saved or (0.0, "")
    tce = amount * conversion_factor(unit, "tce")
    if not saving.coal_convention:
        return replace(blank, findings=(_without_convention(saving, tce),))
    found = replace(blank, convention=saving.coal_convention, tce=tce)
    if not (saving.activity and carrier_of(saving.activity) == "electricity"):
        gj = amount * conversion_factor(unit, "GJ")
        per = rate(saving.activity, "GJ") if saving.activity else EnergyRate()
        return _with_emissions(replace(found, gj=gj), per, gj)
    per = rate(saving.activity, "kWh")
    per_kwh = saving.coal_per_kwh or per.tce
    if not per_kwh:
        return replace(found, findings=(_said(saving, "SAVING_COAL.no_coefficient"),))
    kwh = tce / per_kwh
    return _with_emissions(replace(found, gj=kwh * conversion_factor("kWh", "GJ")), per, kwh)


def _without_convention(saving: Saving, tce: float) -> Finding:
    """The finding for standard coal of no convention, with both readings for electricity."""
    readings = coal_readings()
    heat, rate = readings["calorific_equivalent"], readings["substitution"]
    to_kgce = conversion_factor("tce", "kgce")
    values = {"tce": tce, "edition": heat.edition, "equivalent": heat.kwh(tce), "substituted": rate.kwh(tce)}
    coefficients = {"coefficient": heat.tce_per_kwh * to_kgce, "rate": rate.tce_per_kwh * to_kgce}
    return _said(saving, "SAVING_COAL.no_convention", **values, **coefficients)


def _with_emissions(found: SavedEnergy, per: EnergyRate, amount: float) -> SavedEnergy:
    """With its emissions at the factor of the year; a finding where there is no factor, or no activity that has one."""
    if per.tco2e is not None:
        return replace(found, tco2e=per.tco2e * amount)
    activity = found.saving.activity
    lacking = _said(found.saving, "SAVING_FACTOR.emissions", activity=activity) if activity else _no_activity(found)
    return replace(found, findings=(*found.findings, lacking))


def _no_activity(found: SavedEnergy) -> Finding:
    """The finding for a saving that does not say what was saved."""
    return _said(found.saving, "SAVING_FACTOR.no_activity")


def _times(rate: float | None, amount: float) -> float | None:
    """A rate times an amount."""
    return None if rate is None else rate * amount


def _said(saving: Saving, key: str, **values: Any) -> Finding:
    """A finding about a saving of the book."""
    return _at_book(Finding.of(key, saving=saving.label, **values))


def _at_book(finding: Finding) -> Finding:
    """Where savings are stated."""
    return finding.at(file="book.toml")


def _names(items: Sequence[SavedEnergy]) -> Label:
    """The names of savings with their conventions, one after the other."""
    return Label(
        ", ".join(
            f"{item.saving.label.en or item.saving.label.zh} ({item.convention})" for item in items if item.convention
        ),
        "、".join(
            f"{item.saving.label.zh or item.saving.label.en}（{item.convention}）" for item in items if item.convention
        ),
    )
