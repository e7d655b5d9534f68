"""One row of a table of factors in the form that editions have: one spelling for everything, the gas out of the unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal, InvalidOperation

from carbonledger.core.activities import GRID_ELECTRICITY, nearest_activity, taxonomy
from carbonledger.core.activity_words import read_activity
from carbonledger.core.errors import CarbonLedgerError, MissingFactorError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, did_you_mean
from carbonledger.core.regions import canonical_region
from carbonledger.factors.gas_in_unit import unit_and_gas
from carbonledger.factors.gwp import read_gwp
from carbonledger.factors.own_words import (
    CARBON,
    SUM_OF_GASES,
    basis_named,
    gas_named,
    gwp_edition,
    known_bases,
    near_gas,
    word_named,
    words_of,
)
from carbonledger.factors.parameters import ANY_GAS, Parameter, parameters

__all__ = ["LIMITS_AND_VALUE", "PLAIN_NUMBER", "NormalRow", "normal_row"]

LIMITS_AND_VALUE = ("value", "lower", "upper")
PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:\.0)?\s*年?", re.ASCII)
_NEAR_PERCENT = 70
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
# As many as the shipped editions keep of a gas that was printed as CO2e.
_DIGITS = Context(prec=15)
# A mass, and behind it the word for what it is a mass of, up to the solidus.
_MASS_OF = re.compile(r"(?:kg|g|mg|t|lb|千克|公斤|克|吨)[\s-]?(?P<what>[A-Z][A-Za-z0-9.]*)\s*(?:/|per\b|每|$)")
_CHOICES = {"heating_value": ("net", "gross"), "confidence": ("high", "medium")}
_TAXONOMY, _GRID, _NO_ACTIVITY = "taxonomy", "grid", "none"
# A set of potentials or a blend may hold a gas that no other set has.
_POTENTIAL = "gwp"
_OF_NEW_GASES = frozenset({_POTENTIAL, "blend_share"})
# What an entry can hardly do without in the list of known gases.
_USUAL_GASES = ("CO2e", "CO2", "CH4", "N2O", "HFC-134a", "SF6", "NF3")


@dataclass(slots=True)
class NormalRow:
    """A row in the form of editions, and what keeps it from having one.

    Parameters
    ----------
    cells : dict of str to str
        By column; a cell that has no such form stands as it was written.
    faults : list of (str, Message)
        The column and what is wrong with it.
    """

    cells: dict[str, str]
    faults: list[tuple[str, Message]] = field(default_factory=list)

    def of(self, column: str) -> str:
        """A cell; empty if the table has no such column."""
        return self.cells.get(column, "").strip()

    def fault(self, column: str, message: Message) -> None:
        """Note what is wrong with a column."""
        self.faults.append((column, message))

    @property
    def parameter(self) -> Parameter | None:
        """Which kind of figure it is; None if it is unknown."""
        return parameters().get(self.of("parameter"))


def normal_row(cells: Mapping[str, str]) -> NormalRow:
    """A row of a table of factors in the form that editions have.

    Parameters
    ----------
    cells : mapping of str to str
        By the columns of ``factors.csv``. Numbers are plain decimal texts.

    Returns
    -------
    NormalRow
        A row that is in this form already comes back as it is. A gas whose figure is printed as CO2e is divided by its potential; the
        figure as printed stays in ``published_value`` and ``published_unit``.

    Examples
    --------
    >>> row = normal_row({"activity": "电力", "parameter": "", "region": "山东", "gas": "", "value": "0.5", "unit": "kgCO2/kWh"})
    >>> [row.cells[name] for name in ("activity", "parameter", "region", "gas", "value", "unit")], row.faults
    (['electricity.grid', 'emission_factor', 'CN-SD', 'CO2', '0.5', 'kg/kWh'], [])
    """
    row = NormalRow({name: text.strip() for name, text in cells.items()})
    for step in _STEPS:
        step(row)
    return row


def _parameter(row: NormalRow) -> None:
    """The parameter; a table without one holds emission factors."""
    given = row.of("parameter") or "emission_factor"
    name = word_named("parameter", given)
    known = given if given in parameters() else name
    if known:
        row.cells["parameter"] = known
        return
    row.fault(
        "parameter",
        Message.of(
            "FACTOR_PARAMETER.unknown", given=given, hint=did_you_mean(_near(given)), known=words_of("parameter")
        ),
    )


def _near(name: str) -> list[str]:
    """The parameter most like a misspelt one."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(name.casefold(), list(parameters()), scorer=fuzz.ratio, score_cutoff=_NEAR_PERCENT)
    return [found[0]] if found else []


def _region(row: NormalRow) -> None:
    """The code of the region."""
    if not row.of("region"):
        return
    try:
        row.cells["region"] = canonical_region(row.of("region"))
    except CarbonLedgerError as error:
        row.fault("region", _said(error))


def _said(error: CarbonLedgerError) -> Message:
    """What an error says."""
    return error.says or Message.of("OWN_EDITION.row", problem=str(error))


def _activity(row: NormalRow) -> None:
    """The activity by the taxonomy's name, or one of the few names that a parameter has outside it."""
    parameter, given = row.parameter, row.of("activity")
    kind = parameter.activities if parameter else _TAXONOMY
    if kind == _NO_ACTIVITY:
        return
    if kind not in {_TAXONOMY, _GRID}:
        if given and given != kind and not given.startswith(f"{kind}."):
            named = {"parameter": row.of("parameter"), "given": given, "allowed": kind}
            row.fault("activity", Message.of("FACTOR_ACTIVITY.of_parameter", **named))
        row.cells["activity"] = given or kind
        return
    if not given:
        row.fault("activity", Message.of("FACTOR_ACTIVITY.empty"))
        return
    reading = read_activity(given, row.of("region").partition("-")[0])
    name = given if given in taxonomy() else reading.activity
    if not name:
        near = [*reading.choices, nearest_activity(given, _NEAR_PERCENT)]
        row.fault(
            "activity",
            Message.of("FACTOR_ACTIVITY.unknown", given=given, hint=did_you_mean([item for item in near if item])),
        )
        return
    row.cells["activity"] = name
    if kind == _GRID and name != GRID_ELECTRICITY:
        allowed = {"parameter": row.of("parameter"), "given": name, "allowed": GRID_ELECTRICITY}
        row.fault("activity", Message.of("FACTOR_ACTIVITY.of_parameter", **allowed))


def _data_year(row: NormalRow) -> None:
    """The year that the figure describes."""
    given = row.of("data_year")
    found = _YEAR.fullmatch(given)
    if found and _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        row.cells["data_year"] = found[1]
    elif given:
        row.fault(
            "data_year", Message.of("FACTOR_DATA_YEAR", given=given, first=str(_FIRST_YEAR), last=str(_LAST_YEAR))
        )


def _choices(row: NormalRow) -> None:
    """Cells that hold one of a few words."""
    for column, known in _CHOICES.items():
        if row.of(column):
            _choose(row, column, word_named(column, row.of(column)), known)
    if row.of("gwp_basis"):
        _choose(row, "gwp_basis", basis_named(row.of("gwp_basis")), known_bases())


def _choose(row: NormalRow, column: str, word: str, known: tuple[str, ...]) -> None:
    """A cell as the word that it stands for."""
    if word:
        row.cells[column] = word
    else:
        row.fault(column, Message.of("FACTOR_WORD", given=row.of(column), column=column, known=known))


def _gas_and_unit(row: NormalRow) -> None:
    """The gas in its column, the unit without it, the figure of the gas itself."""
    parameter = row.parameter
    try:
        unit, in_unit = unit_and_gas(row.of("unit"), row.of("region"))
    except CarbonLedgerError as error:
        row.fault(*_unit_fault(row.of("unit"), error))
        return
    if not _gas_is_known(row):
        return
    if not in_unit and (upright := _upright(unit)):
        row.fault("unit", Message.of("FACTOR_UNIT.upside_down", unit=row.of("unit"), proposed=upright))
        return
    wanted = _only_gas(parameter) if parameter else ""
    agrees = _take_gas(row, unit, wanted if in_unit == "CO2" and wanted.startswith("CO2 ") else in_unit)
    row.cells["gas"] = row.of("gas") or wanted
    if parameter and agrees:
        _allowed_gas(row, parameter)


def _gas_is_known(row: NormalRow) -> bool:
    """Put the gas into the one spelling; whether it could be."""
    stated, parameter = row.of("gas"), row.parameter
    gas = gas_named(stated) if stated else ""
    if stated and not gas:
        if parameter is None or parameter.name not in _OF_NEW_GASES:
            hint = did_you_mean(near_gas(stated))
            row.fault("gas", Message.of("FACTOR_GAS.unknown", gas=stated, hint=hint, known=_USUAL_GASES))
            return False
        gas = stated
    row.cells["gas"] = gas
    return True


def _unit_fault(text: str, error: CarbonLedgerError) -> tuple[str, Message]:
    """What is wrong with a unit that cannot be read: a pollutant that is no greenhouse gas, or anything else."""
    found = _MASS_OF.match(text)
    if found and not gas_named(found["what"]):
        hint = did_you_mean(near_gas(found["what"]))
        return "unit", Message.of("FACTOR_GAS.unknown", gas=found["what"], hint=hint, known=_USUAL_GASES)
    return "unit", Message.of("FACTOR_UNIT.unknown", problem=_said(error))


def _upright(unit: str) -> str:
    """A unit with the gas in its denominator, such as kWh/(kg CO2), turned round; empty if it is another one."""
    numerator, _, denominator = unit.partition("/")
    above = denominator.removeprefix("(").removesuffix(")")
    try:
        return f"{above}/{numerator}" if above and unit_and_gas(f"{above}/{numerator}")[1] else ""
    except CarbonLedgerError:
        return ""


def _only_gas(parameter: Parameter) -> str:
    """The one gas that a parameter can have; empty if it has none or a choice."""
    return parameter.gases[0] if len(parameter.gases) == 1 and parameter.gases != (ANY_GAS,) else ""


def _take_gas(row: NormalRow, unit: str, in_unit: str) -> bool:
    """The gas of the unit: it fills an empty column, agrees with it, or is the CO2e of that gas; whether one holds."""
    gas, parameter = row.of("gas"), row.parameter
    if in_unit and parameter and parameter.name == _POTENTIAL:
        # A potential is CO2e per mass of the gas that its column names.
        row.cells["unit"] = unit
        return True
    if not in_unit:
        return True
    if gas in {"", in_unit}:
        row.cells |= {"gas": in_unit, "unit": unit}
        return True
    if in_unit == SUM_OF_GASES and gas not in {CARBON, "CO2 biogenic"}:
        return _divide(row, unit)
    row.fault("gas", Message.of("FACTOR_GAS.differs", gas=gas, unit=row.of("unit"), in_unit=in_unit))
    return False


def _divide(row: NormalRow, unit: str) -> bool:
    """A gas that is printed as CO2e: divided by the potential that it was multiplied by; whether that is known."""
    gas, basis = row.of("gas"), row.of("gwp_basis")
    edition = gwp_edition(basis)
    if not edition and gas != "CO2":
        row.fault(
            "gwp_basis", Message.of("FACTOR_GAS.no_basis", gas=gas, unit=row.of("unit"), known=known_bases()[:-1])
        )
        return False
    activity = taxonomy().get(row.of("activity"))
    try:
        potential = read_gwp(edition).of(gas, activity.origin if activity else "").value_text if edition else "1"
    except MissingFactorError as error:
        row.fault("gas", _said(error))
        return False
    printed = {"published_value": row.of("value"), "published_unit": _with_gas(unit)}
    row.cells |= {name: text for name, text in printed.items() if not row.of(name)}
    for name in LIMITS_AND_VALUE:
        if row.of(name) and potential != "1":
            row.cells[name] = _quotient(row.of(name), potential)
    row.cells["unit"] = unit
    return True


def _with_gas(unit: str) -> str:
    """The unit of a figure that was printed as CO2e."""
    numerator, slash, rest = unit.partition("/")
    return f"{numerator} {SUM_OF_GASES}{slash}{rest}"


def _quotient(value: str, potential: str) -> str:
    """A figure divided by a potential; what is no number stays and is refused where numbers are."""
    try:
        number = _DIGITS.divide(Decimal(value), Decimal(potential)) if PLAIN_NUMBER.fullmatch(value) else None
    except InvalidOperation:
        number = None
    return value if number is None else str(number)


def _allowed_gas(row: NormalRow, parameter: Parameter) -> None:
    """The gas is one that calculations expect of the parameter."""
    gas, name = row.of("gas"), parameter.name
    if not parameter.gases:
        if gas:
            row.fault("gas", Message.of("FACTOR_GAS.needless", parameter=name, gas=gas))
    elif not gas:
        row.fault("gas", Message.of("FACTOR_GAS", parameter=name))
    elif parameter.gases == (ANY_GAS,):
        other = {CARBON: "carbon_content", "CO2 biogenic": "biogenic_emission_factor"}.get(gas)
        if other:
            row.fault("gas", Message.of("FACTOR_GAS.of_parameter", parameter=name, gas=gas, other=other))
    elif gas not in parameter.gases:
        allowed = Label(" or ".join(parameter.gases), "或".join(parameter.gases))
        row.fault("gas", Message.of("FACTOR_GAS.not_of_parameter", parameter=name, gas=gas, allowed=allowed))


_STEPS: tuple[Callable[[NormalRow], None], ...] = (_parameter, _region, _activity, _data_year, _choices, _gas_and_unit)
