"""Planned measures: energy saved, shifted to another carrier, or generated, in amounts that the plan states.

A measure stands beside the inventory. What it would change is calculated from the entries of the year (its baseline), by the factors of
the year; nothing of it enters a total, and exports of own generation reduce nothing.

References
----------
GHG Protocol Corporate Standard (2004), chapter 8: reductions of projects are reported apart from the inventory.
ISO 14064-1:2018, clause 7: initiatives to reduce emissions are reported apart from the inventory.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.activities import GRID_ELECTRICITY, OWN_GENERATION, find_activity, taxonomy
from carbonledger.core.errors import CarbonLedgerError, UnknownActivityError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.number_text import number_text
from carbonledger.core.strict_fields import RECORD, Listed, Name, Number, Year
from carbonledger.core.units import canonical_unit, dimension_label, dimension_of

__all__ = ["AddedEnergy", "Measure", "amount_and_unit", "check_unit", "known_activity_name"]

_AMOUNT = re.compile(r"\s*([\d.,'\s]*\d(?:[eE][+-]?\d+)?)\s*([^\d\s].*?)\s*")


def _fault(key: str, **values: Any) -> PydanticCustomError:
    """A fault of a measure in the words of the catalogue."""
    problem = Message.of(f"MEASURE_FORM.{key}", **values)
    return PydanticCustomError("measure", "{problem}", {"problem": problem})


def known_activity_name(text: str) -> str:
    """The name of an activity, however it is written."""
    try:
        return find_activity(text).name
    except UnknownActivityError as error:
        raise PydanticCustomError("measure", "{problem}", {"problem": error.says or str(error)}) from error


def amount_and_unit(text: str, region: str = "", *, or_zero: bool = False) -> tuple[float, str]:
    """An amount with its unit.

    Parameters
    ----------
    text : str
        Such as ``16 tce``, ``1,690 MWh``, ``169万度``.
    region : str, optional
        Where it was written, see `carbonledger.core.units.canonical_unit`.
    or_zero : bool
        Whether 0 is an amount too.

    Returns
    -------
    tuple of (float, str)
        The number, above 0, and the registry's spelling of its unit.

    Raises
    ------
    PydanticCustomError
        If it is no number above 0 with a unit, or can be read as two numbers.

    Examples
    --------
    >>> amount_and_unit("16 tce"), amount_and_unit("169万度")
    ((16.0, 'tce'), (169.0, '10^4 kWh'))
    """
    found = _AMOUNT.fullmatch(text)
    number = number_text(found[1]) if found else None
    if found is None or number is None or isinstance(number, Message) or number.is_open or number.is_spaced:
        raise _fault("amount", given=text)
    value = float(number.point or number.comma)
    try:
        unit = canonical_unit(found[2], region)
    except CarbonLedgerError as error:
        raise PydanticCustomError("measure", "{problem}", {"problem": error.says or str(error)}) from error
    if value < 0 or (value == 0 and not or_zero):
        raise _fault("amount", given=text)
    return value, unit


def _stated_amount(text: str) -> str:
    """A text that states an amount, or nothing."""
    if text:
        amount_and_unit(text)
    return text


_Activity = Annotated[Name, AfterValidator(known_activity_name)]
_Amount = Annotated[str, AfterValidator(_stated_amount)]


@dataclass(frozen=True, slots=True, config=RECORD)
class AddedEnergy:
    """Energy that a measure uses more of.

    Parameters
    ----------
    activity : str
        What.
    amount : str
        How much a year, with its unit.
    """

    activity: _Activity
    amount: Annotated[Name, AfterValidator(_stated_amount)]

    @model_validator(mode="after")
    def _is_measured_so(self) -> Self:
        """The unit fits the activity."""
        check_unit(self.activity, self.amount)
        return self


def check_unit(activity: str, amount: str) -> None:
    """Refuse an amount in a unit that the activity cannot be measured in; of energy carriers, energy always fits."""
    unit = amount_and_unit(amount)[1]
    known = taxonomy()[activity]
    allowed = {*known.dimensions, *(("energy",) if known.is_energy else ())}
    if dimension_of(unit) not in allowed:
        shown = tuple(dimension_label(name) for name in sorted(allowed))
        raise _fault(
            "unit", activity=known.name, unit=unit, dimension=dimension_label(dimension_of(unit)), allowed=shown
        )


Kind = Literal["saving", "shift", "generation"]
_NEEDED: dict[Kind, tuple[str, ...]] = {
    "saving": ("saves",),
    "shift": ("saves", "adds"),
    "generation": ("generates", "self_use_share"),
}
_FOR_SOME = ("saves", "adds", "generates", "self_use_share", "replaces")
_ALSO: dict[Kind, tuple[str, ...]] = {"saving": (), "shift": (), "generation": ("replaces",)}


@dataclass(frozen=True, slots=True, config=RECORD)
class Measure:
    """A measure that a company plans.

    Parameters
    ----------
    name_zh, name_en : str
        What it is called; one of the two may be empty.
    kind : {"saving", "shift", "generation"}
        Less of an activity; less of it and more of others; own renewable generation.
    activity : str
        What is saved; of a generation, what is generated.
    saves : str
        How much less a year, with its unit: in that of the entries or in energy, such as ``16 tce``.
    adds : tuple of AddedEnergy
        What is used more.
    generates : str
        How much is generated a year, with its unit.
    self_use_share : float or None
        The fraction of the generation that is used on site, 0 to 1; the rest is exported.
    replaces : str
        What the generation used on site takes the place of; by default grid electricity.
    entity, site : str
        Where, as entries name them; where neither is stated, everywhere in proportion.
    source : str
        Where the amounts come from.
    start_year : int or None
        The first year in which it works in full; the effect of a measure is that of a full year.
    override : str
        Why the measure is calculated although the book's entries do not carry its baseline.
    """

    kind: Kind
    activity: _Activity
    name_zh: str = ""
    name_en: str = ""
    saves: _Amount = ""
    adds: Annotated[tuple[AddedEnergy, ...], Listed] = ()
    generates: _Amount = ""
    self_use_share: Annotated[Number, Field(ge=0, le=1)] | None = None
    replaces: Annotated[str, BeforeValidator(lambda text: known_activity_name(text) if text else "")] = ""
    entity: str = ""
    site: str = ""
    source: str = ""
    override: str = ""
    start_year: Year | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """It has a name, and what its kind needs and nothing else."""
        if not (self.name_zh.strip() or self.name_en.strip()):
            raise PydanticCustomError("name_missing", "name_zh or name_en")
        stated = [name for name in _FOR_SOME if getattr(self, name) not in ("", (), None)]
        for name in _NEEDED[self.kind]:
            if name not in stated:
                raise _fault("missing", name=name, kind=self.kind)
        for name in stated:
            if name not in (*_NEEDED[self.kind], *_ALSO[self.kind]):
                raise _fault("needless", name=name, kind=self.kind)
        if self.kind == "generation" and self.activity not in OWN_GENERATION:
            raise _fault("no_generation", activity=self.activity, known=OWN_GENERATION)
        check_unit(self.activity, self.generates or self.saves)
        return self

    @property
    def label(self) -> Label:
        """Its name."""
        return Label(self.name_en.strip(), self.name_zh.strip())

    @property
    def reduced(self) -> str:
        """The activity of which there is less."""
        return self.activity if self.kind != "generation" else self.replaces or GRID_ELECTRICITY

    @property
    def less(self) -> tuple[float, str]:
        """How much less there is of it, with the unit."""
        if self.kind != "generation":
            return amount_and_unit(self.saves)
        amount, unit = amount_and_unit(self.generates)
        return amount * (self.self_use_share or 0.0), unit

    @property
    def exported(self) -> tuple[float, str]:
        """How much of a generation is exported, with the unit; 0 of any other measure."""
        if self.kind != "generation":
            return 0.0, "MWh"
        amount, unit = amount_and_unit(self.generates)
        return amount * (1 - (self.self_use_share or 0.0)), unit

    def more(self) -> list[tuple[str, float, str]]:
        """What there is more of: activity, amount and unit. Exports are in `exported`."""
        if self.kind == "generation":
            return [(self.activity, *self.less)]
        return [(item.activity, *amount_and_unit(item.amount)) for item in self.adds]
