"""The quantities of environmental registers that printed figures are rebuilt as: water, waste, masses, concentrations and levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from carbonledger.core.language import Label
from carbonledger.disclosure.figures import NOTHING, Figure, missing, says
from carbonledger.environment.measured import Measured
from carbonledger.environment.noise import Level
from carbonledger.environment.registers import QUANTITIES, Environment
from carbonledger.environment.statements import QuantityName
from carbonledger.environment.vocabulary import find_word, word_label
from carbonledger.tables.records import folded

__all__ = ["REGISTER_MEMBERS", "RegisterQuantity", "RegisterValue", "register_value"]

RegisterQuantity = Literal[
    "water_withdrawal_m3",
    "water_withdrawal_t",
    "water_discharge_m3",
    "water_discharge_t",
    "water_consumption_m3",
    "water_consumption_t",
    "water_recycled_m3",
    "water_recycled_t",
    "waste_t",
    "waste_hazardous_t",
    "waste_general_t",
    "waste_diverted_t",
    "waste_directed_t",
    "waste_hazardous_handed_over_percent",
    "wastewater_m3",
    "air_nox_kg",
    "air_sox_kg",
    "air_pm_kg",
    "air_voc_kg",
    "air_hap_kg",
    "air_pop_kg",
    "concentration",
    "noise_level",
]
_UNITS = ("m3", "t", "kg")
_CONCENTRATION, _LEVEL, _HANDED_OVER = "concentration", "noise_level", "waste_hazardous_handed_over_percent"
_BY_POINT = frozenset({"point", "pollutant"})


# By quantity, the quantity of the registers and the unit at its end.
_QUANTITIES: Mapping[str, tuple[QuantityName, str]] = {
    name: (own, unit)
    for own in QUANTITIES
    for name in get_args(RegisterQuantity)
    for unit in _UNITS
    if name == f"{own}_{unit}"
}
# By quantity, the members that a relation may select by.
REGISTER_MEMBERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_QUANTITIES, frozenset()),
    _HANDED_OVER: frozenset(),
    _CONCENTRATION: _BY_POINT,
    _LEVEL: frozenset({"point", "day_or_night"}),
}


@dataclass(frozen=True, slots=True)
class RegisterValue:
    """A value of a register, or why there is none.

    Parameters
    ----------
    value : float or None
        In `unit`.
    unit : str
        Of the value; empty for levels and pH.
    reason : Label
        Why there is none.
    """

    value: float | None
    unit: str
    reason: Label = NOTHING


def register_value(environment: Environment | None, quantity: str, members: Mapping[str, Any]) -> RegisterValue:
    """What the registers of a year say of a quantity.

    Parameters
    ----------
    environment : Environment or None
        The registers; None if the book keeps none.
    quantity : str
        A key of `REGISTER_MEMBERS`.
    members : mapping
        By what a relation selects: ``point``, ``pollutant``, ``day_or_night``.
    """
    if environment is None:
        reason = says("environment_no_register", what=Label(quantity, quantity))
        return RegisterValue(None, "", reason)
    if quantity in _QUANTITIES:
        return _total(environment, *_QUANTITIES[quantity])
    if quantity == _HANDED_OVER:
        found = environment.waste.hazardous_handed_over_percent if environment.waste else _without("waste")
        return _of_figure(found, "percent")
    return _measured(environment, quantity, members)


def _without(register: str) -> Figure:
    """The figure of a register that the book does not keep."""
    return missing(says("environment_no_register", what=word_label("register", register)))


def _of_figure(figure: Figure, unit: str) -> RegisterValue:
    """A figure as a value; nothing of the kind is 0."""
    if figure.status == "data_missing":
        return RegisterValue(None, unit, figure.reason)
    return RegisterValue(figure.number, unit)


def _total(environment: Environment, name: QuantityName, unit: str) -> RegisterValue:
    """A total of a register; water in tonnes by the density that the book states."""
    figure = environment.quantity(name)
    if figure.unit != "m3" or unit != "t":
        return _of_figure(figure, unit)
    density = environment.read_as.water_t_per_m3
    if density is None:
        return RegisterValue(None, unit, says("environment_no_density"))
    return _of_figure(figure.times(float(density), unit), unit)


def _measured(environment: Environment, quantity: str, members: Mapping[str, Any]) -> RegisterValue:
    """The one concentration or level that the members select."""
    rows: tuple[Measured | Level, ...] = environment.levels if quantity == _LEVEL else environment.measured
    chosen = [row for row in rows if all(_is(row, name, str(members[name])) for name in members)]
    if len(chosen) != 1:
        return RegisterValue(None, "", says("environment_rows_chosen", count=len(chosen)))
    row = chosen[0]
    if isinstance(row, Level):
        return RegisterValue(row.level_dba, "")
    if row.value is None:
        return RegisterValue(None, row.unit, says("environment_below_detection", text=row.text))
    return RegisterValue(row.value, row.unit)


def _is(row: Measured | Level, name: str, text: str) -> bool:
    """Whether a row has a value in a column, however it is written."""
    own = str(getattr(row, name))
    words = {"pollutant": ("air_pollutant", "water_pollutant"), "day_or_night": ("day_or_night",)}.get(name, ())
    found = [word.key for item in words if (word := find_word(item, text)) is not None]
    return own in found if found else folded(own) == folded(text)
