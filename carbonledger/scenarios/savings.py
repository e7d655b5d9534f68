"""Savings that were achieved, as a book states them: before and after a measure, or a saving as a report prints it.

Between the baseline period and the reporting period the driver of the energy changes too (output, degree days). The baseline is adjusted
to the driver of the reporting period before the difference is taken.

References
----------
IPMVP Core Concepts (EVO, 2016), section 5, equation 1: savings = (baseline use - reporting-period use) ± adjustments; options A (retrofit
isolation, key parameter), B (retrofit isolation, all parameters), C (whole facility), D (calibrated simulation). GB/T 2589-2020: standard
coal.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.activities import carrier_of
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.exact_conversion import exact_factor
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.period_texts import parse_period
from carbonledger.core.periods import Period
from carbonledger.core.rounding import decimal_of
from carbonledger.core.strict_fields import RECORD, Name, Number
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.scenarios.measures import amount_and_unit, check_unit, known_activity_name

__all__ = ["CoalConvention", "Option", "Saving", "check_savings", "is_coal"]

Option = Literal["", "A", "B", "C", "D"]
CoalConvention = Literal["", "calorific_equivalent", "substitution"]
Driver = Literal["", "none", "output", "degree_days"]
_COAL = re.compile(r"(?:^|\s)(?:[kM]?tce|k?gce)$")
_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
# How far a coefficient may be from the heat that a kWh is, to be the calorific equivalent: GB/T 2589 rounds it to four decimals.
_SAME = 0.01
_MEASURED = ("before", "after", "before_period", "normalised_by", "activity")
_OF_MEASURED = ("after", "before_period", "normalised_by", "driver", "driver_before", "driver_after", "driver_share")
_OF_DRIVER = ("driver", "driver_before", "driver_after")


def _fault(key: str, **values: Any) -> PydanticCustomError:
    """A fault of a saving in the words of the catalogue."""
    problem = Message.of(f"SAVING_FORM.{key}", **values)
    return PydanticCustomError("measure", "{problem}", {"problem": problem})


def is_coal(unit: str) -> bool:
    """Whether a unit counts in standard coal, so that it says nothing without a convention.

    Examples
    --------
    >>> is_coal("tce"), is_coal("10^4 kWh")
    (True, False)
    """
    return _COAL.search(unit) is not None


def _amount(text: str) -> str:
    """A text that states an amount, 0 too, or nothing."""
    if text:
        amount_and_unit(text, or_zero=True)
    return text


def _period_text(text: str) -> str:
    """A text that states a period, or nothing."""
    if text:
        try:
            parse_period(text)
        except CarbonLedgerError as error:
            raise PydanticCustomError("measure", "{problem}", {"problem": error.says or str(error)}) from error
    return text


_Amount = Annotated[str, AfterValidator(_amount)]
_PeriodText = Annotated[str, AfterValidator(_period_text)]
_DriverValue = Annotated[Number, Field(gt=0)] | None


@dataclass(frozen=True, slots=True, config=RECORD)
class Saving:
    """A saving that a company says it achieved.

    Parameters
    ----------
    id : str
        Its name in the book.
    period : str
        In which it was achieved: a year, a month, or first and last day.
    source : str
        Where the figures come from.
    name_zh, name_en : str
        What it is called; one of the two may be empty.
    activity : str
        What was saved; a stated saving may leave it open, and then has no emissions.
    before, after : str
        Energy of the baseline period and of `period`, with units.
    before_period : str
        The baseline period.
    normalised_by : {"", "none", "output", "degree_days"}
        What the baseline is adjusted by; of before and after it is stated, ``none`` too.
    driver : str
        What the driver is and where its values come from.
    driver_before, driver_after : float or None
        The driver in both periods, in one unit.
    driver_share : float
        The share of the baseline that follows the driver, 0 to 1; of a boiler that heats alone 1, less where a base load does not.
    ipmvp : {"", "A", "B", "C", "D"}
        The option of the IPMVP that the saving was determined by.
    stated : str
        A saving as printed: an amount such as ``16 tce``, or a percentage of `baseline`.
    baseline : str
        What a percentage is of.
    coal_convention : {"", "calorific_equivalent", "substitution"}
        How electricity counts in standard coal: 当量值 or 等价值.
    coal_coefficient : str
        Standard coal of a kWh of electricity, such as ``0.1229 kgce/kWh``.
    coal_source : str
        Where the coefficient stands.
    part_of : str
        The id of a saving that this one is in already, so that it is not added again.
    target : str
        The id of the target that it serves.
    """

    id: Name
    period: Annotated[Name, AfterValidator(_period_text)]
    source: Name
    name_zh: str = ""
    name_en: str = ""
    activity: Annotated[str, BeforeValidator(lambda text: known_activity_name(text) if text else "")] = ""
    before: _Amount = ""
    after: _Amount = ""
    before_period: _PeriodText = ""
    normalised_by: Driver = ""
    driver: str = ""
    driver_before: _DriverValue = None
    driver_after: _DriverValue = None
    driver_share: Annotated[Number, Field(gt=0, le=1)] = 1.0
    ipmvp: Option = ""
    stated: _Amount = ""
    baseline: _Amount = ""
    coal_convention: CoalConvention = ""
    coal_coefficient: _Amount = ""
    coal_source: str = ""
    part_of: str = ""
    target: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """Before and after with their driver, or a stated saving; units that fit."""
        if not (self.name_zh.strip() or self.name_en.strip()):
            raise PydanticCustomError("name_missing", "name_zh or name_en")
        if bool(self.before) == bool(self.stated):
            raise _fault("one_of")
        if self.before:
            self._check_measured()
        else:
            self._check_stated()
        self._check_coal()
        return self

    def _stands(self, name: str) -> bool:
        """Whether a field is stated."""
        return getattr(self, name) not in ("", None, 1.0 if name == "driver_share" else None)

    def _check_measured(self) -> None:
        """Everything that before and after need, and nothing else."""
        adjusted = self.normalised_by not in ("", "none")
        needed = (*_MEASURED, *(_OF_DRIVER if adjusted else ()))
        for name in needed:
            if not self._stands(name):
                raise _fault("missing", name=name)
        for name in ("baseline", *(() if adjusted else (*_OF_DRIVER, "driver_share"))):
            if self._stands(name):
                raise _fault("needless", name=name)
        first, last = amount_and_unit(self.before)[1], amount_and_unit(self.after, or_zero=True)[1]
        if not is_convertible(last, first):
            raise _fault("units", before=first, after=last)
        check_unit(self.activity, self.before)

    def _check_stated(self) -> None:
        """An amount of energy, or a percentage of at most 100 with its baseline."""
        for name in _OF_MEASURED:
            if self._stands(name):
                raise _fault("needless", name=name)
        amount, unit = amount_and_unit(self.stated)
        if unit == "percent" and amount > 100:
            raise _fault("percent", given=self.stated)
        if unit != "percent" and self.baseline:
            raise _fault("needless", name="baseline")
        of = self.stated if unit != "percent" else self.baseline
        if of and self.activity:
            check_unit(self.activity, of)
        elif of and not is_convertible(amount_and_unit(of)[1], "GJ"):
            raise _fault("no_energy", given=of)

    def _check_coal(self) -> None:
        """A coefficient with its source that is of the convention; substitution is of electricity."""
        substituted = self.coal_convention == "substitution"
        if substituted and not (self.coal_coefficient and self.activity and carrier_of(self.activity) == "electricity"):
            raise _fault("substitution")
        if not self.coal_coefficient:
            return
        if not (self.coal_convention and self.coal_source):
            raise _fault("missing", name="coal_source" if self.coal_convention else "coal_convention")
        amount, unit = amount_and_unit(self.coal_coefficient)
        if not is_convertible(unit, "kgce/kWh") or "ce" not in unit:
            raise _fault("coefficient_unit", given=self.coal_coefficient)
        heat = conversion_factor("kWh", "kgce")
        found = amount * conversion_factor(unit, "kgce/kWh")
        if substituted == (found <= heat * (1 + _SAME)) or found < heat * (1 - _SAME):
            raise _fault("coefficient", given=self.coal_coefficient, heat=heat, stated=self.coal_convention)

    @property
    def label(self) -> Label:
        """Its name."""
        return Label(self.name_en.strip(), self.name_zh.strip())

    @property
    def adjusted_baseline(self) -> tuple[float, str] | None:
        """The baseline under the driver of the reporting period, with its unit; None where the book states none.

        Notes
        -----
        adjusted = before x (1 - share + share x driver_after / driver_before); IPMVP: the baseline adjusted to the conditions of the
        reporting period.
        """
        if self.before:
            amount, unit = amount_and_unit(self.before)
            if self.driver_before and self.driver_after:
                ratio, share = _exact(self.driver_after) / _exact(self.driver_before), _exact(self.driver_share)
                amount = float(_exact(amount) * (1 - share + share * ratio))
            return amount, unit
        return amount_and_unit(self.baseline) if self.baseline else None

    @property
    def saved(self) -> tuple[float, str] | None:
        """What was saved, with its unit, below 0 if more is used than before; None for a percentage of nothing that is stated."""
        base = self.adjusted_baseline
        if self.before and base is not None:
            amount, unit = amount_and_unit(self.after, or_zero=True)
            return float(_exact(base[0]) - _exact(amount) * exact_factor(unit, base[1])), base[1]
        amount, unit = amount_and_unit(self.stated)
        if unit != "percent":
            return amount, unit
        return None if base is None else (float(_exact(base[0]) * _exact(amount) / 100), base[1])

    @property
    def coal_per_kwh(self) -> float | None:
        """The stated standard coal of a kWh of electricity, tce; None if none is stated."""
        if not self.coal_coefficient:
            return None
        amount, unit = amount_and_unit(self.coal_coefficient)
        return amount * conversion_factor(unit, "tce/kWh")

    def periods(self, first_month: int = 1) -> tuple[Period, Period | None]:
        """The days of `period` and of the baseline period; a year alone is a reporting year.

        Parameters
        ----------
        first_month : int
            Of the reporting year.
        """
        return _days(self.period, first_month), _days(self.before_period, first_month) if self.before_period else None


def _exact(value: float) -> Fraction:
    """A number as it is written, so that a difference is that of the decimals."""
    return Fraction(decimal_of(value))


def _days(text: str, first_month: int) -> Period:
    """The days of a period."""
    year = _YEAR.fullmatch(text.strip())
    return Period.of_year(int(year[1]), first_month) if year else parse_period(text)


def check_savings(savings: tuple[Saving, ...], targets: tuple[str, ...]) -> None:
    """Refuse two savings of one id, and names of savings and targets that the book does not have.

    Raises
    ------
    PydanticCustomError
        In the words of the catalogue.
    """
    ids = [item.id for item in savings]
    for at, item in enumerate(savings):
        if item.id in ids[:at]:
            raise PydanticCustomError("listed_twice", "listed twice", {"table": "saving", "name": item.id})
        whole = next((other for other in savings if other.id == item.part_of), None)
        if item.part_of and (whole is None or whole.part_of or whole is item):
            raise _fault("part_of", saving=item.label, given=item.part_of)
        if item.target and item.target not in targets:
            raise _fault("target", saving=item.label, given=item.target)
