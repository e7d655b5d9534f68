"""The environmental registers of a year together: their quantities, the change from the year before, and targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from carbonledger.core.errors import UnitError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.core.units import canonical_unit, conversion_factor, dimension_of
from carbonledger.disclosure.figures import Figure, answered, missing, says
from carbonledger.environment.measured import Measured, MeasuredRegister, Medium, read_measured
from carbonledger.environment.monitoring import missing_monitoring
from carbonledger.environment.noise import Level, NoiseRegister, read_noise
from carbonledger.environment.plausibility import unlike_before
from carbonledger.environment.reading import ReadAs
from carbonledger.environment.row_data import figure_data, level_data, measured_data
from carbonledger.environment.statements import ExpectedMonitoring, QuantityName, SavingTarget, StatedFigure
from carbonledger.environment.vocabulary import word_label
from carbonledger.environment.waste import WasteRegister, read_waste
from carbonledger.environment.water import WaterRegister, read_water

__all__ = ["QUANTITIES", "REGISTERS", "Change", "Environment", "TargetResult", "quantity_label", "read_environment"]

REGISTERS = ("water", "waste", "air", "wastewater", "noise")
QUANTITIES: tuple[QuantityName, ...] = get_args(QuantityName)


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity of two years.

    Parameters
    ----------
    quantity : str
        Which, see `QUANTITIES`.
    unit : str
        ``m3``, ``t`` or ``kg``.
    previous, current, change : Figure
        Of the year before, of this year, and their difference; missing where one of them is, or is of a part of its rows.
    percent : float or None
        The change in per cent of the year before.
    source : str
        Where a figure of the year before stands that no register holds; empty otherwise.
    """

    quantity: QuantityName
    unit: str
    previous: Figure
    current: Figure
    change: Figure
    percent: float | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A saving target with what was saved.

    Parameters
    ----------
    target : SavingTarget
        What was set.
    wanted, saved : float or None
        In the unit of the quantity; None where it is not known.
    unit : str
        Of both.
    met : bool or None
        Whether it is met; None where it is not known.
    """

    target: SavingTarget
    wanted: float | None
    saved: float | None
    unit: str
    met: bool | None


@dataclass(frozen=True)
class Environment:
    """The environmental registers of a year.

    Parameters
    ----------
    read_as : ReadAs
        The year, and what the book states.
    water : WaterRegister or None
        None if the book keeps none; so for the others.
    waste : WasteRegister or None
        Hazardous and general waste.
    air, wastewater : MeasuredRegister or None
        Concentrations and masses.
    noise : NoiseRegister or None
        Levels at the boundary.
    expected : tuple of ExpectedMonitoring
        Measurements that are due.
    targets : tuple of SavingTarget
        Savings that were set.
    stated : tuple of StatedFigure
        Figures of the year before.
    previous : Environment or None
        The registers of the year before.
    """

    read_as: ReadAs
    water: WaterRegister | None = None
    waste: WasteRegister | None = None
    air: MeasuredRegister | None = None
    wastewater: MeasuredRegister | None = None
    noise: NoiseRegister | None = None
    expected: tuple[ExpectedMonitoring, ...] = ()
    targets: tuple[SavingTarget, ...] = ()
    stated: tuple[StatedFigure, ...] = ()
    previous: Environment | None = None

    def __repr__(self) -> str:
        kept = [f"{name} {len(getattr(self, name).rows)}" for name in REGISTERS if getattr(self, name) is not None]
        return f"Environment({self.read_as.period.start.year}, {', '.join(kept) or 'no register'})"

    @property
    def measured(self) -> tuple[Measured, ...]:
        """Every concentration, of air first."""
        return tuple(row for item in (self.air, self.wastewater) if item for row in item.results)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Every level of noise."""
        return self.noise.rows if self.noise else ()

    def quantity(self, name: QuantityName) -> Figure:
        """A quantity of the year, see `QUANTITIES`: water in m3, waste in t, pollutants in kg; missing without its register."""
        register = "wastewater" if name == "wastewater" else name.partition("_")[0]
        if getattr(self, register) is None:
            return missing(says("environment_no_register", what=word_label("register", register)), _unit_of(name))
        return _FIGURES[name](self)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The quantities that the year before has too, in its registers or stated in the book."""
        return tuple(found for name in QUANTITIES if (found := self._change(name)) is not None)

    def _change(self, name: QuantityName) -> Change | None:
        """A quantity of two years; None if the year before has none."""
        current, unit = self.quantity(name), _unit_of(name)
        stated = next((item for item in self.stated if item.quantity == name), None)
        before = self.previous.quantity(name) if self.previous else missing(Label("", ""), unit)
        has_own = before.status == "filled" or before.known_part is not None
        if not has_own and stated is not None:
            before = self._in_own_unit(stated.amount, stated.unit, name)
        elif not has_own:
            return None
        if "data_missing" in {before.status, current.status}:
            reason = before.reason if before.status == "data_missing" else current.reason
            return Change(name, unit, before, current, missing(reason, unit), None, _source(stated, has_own))
        change = current.number - before.number
        percent = change / before.number * 100 if before.number else None
        return Change(name, unit, before, current, answered(change, unit), percent, _source(stated, has_own))

    def _in_own_unit(self, amount: float, unit: str, name: QuantityName) -> Figure:
        """A stated amount in the unit of its quantity; water in tonnes by the density that the book states."""
        wanted = _unit_of(name)
        try:
            own = canonical_unit(unit, self.read_as.region)
            if wanted == "m3" and dimension_of(own) == "mass":
                density = self.read_as.water_t_per_m3
                if density is None:
                    return missing(says("environment_no_density"), wanted)
                return answered(amount * conversion_factor(own, "t") / float(density), wanted)
            return answered(amount * conversion_factor(own, wanted), wanted)
        except UnitError as error:
            says_it = error.says
            reason = Label(says_it.text("en"), says_it.text("zh")) if says_it else Label(str(error), str(error))
            return missing(reason, wanted)

    @cached_property
    def target_results(self) -> tuple[TargetResult, ...]:
        """Each target with what was saved against the year before."""
        by_name = {item.quantity: item for item in self.changes}
        results = []
        for target in self.targets:
            wanted = self._in_own_unit(target.saving, target.unit, target.quantity)
            change = by_name.get(target.quantity)
            saved = -change.change.value if change and isinstance(change.change.value, float) else None
            goal = wanted.value if isinstance(wanted.value, float) else None
            # A figure of binary arithmetic that differs in its last digits is no miss.
            met = None if saved is None or goal is None else saved >= goal - _LEFT_OVER * max(1.0, goal)
            results.append(TargetResult(target, goal, saved, _unit_of(target.quantity), met))
        return tuple(results)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong with the registers, exceeded, missing or in doubt, each once."""
        found = [finding for name in REGISTERS if (own := getattr(self, name)) for finding in own.findings]
        found += missing_monitoring(self.expected, (self.air, self.wastewater, self.noise), self.read_as.period)
        found += [item for change in self.changes for item in _unlike(change)]
        found += self._unusable()
        for item in self.target_results:
            label = (
                item.target.label
                if item.target.label.en or item.target.label.zh
                else quantity_label(item.target.quantity)
            )
            if item.wanted is None:
                reason = self._in_own_unit(item.target.saving, item.target.unit, item.target.quantity).reason
                found.append(Finding.of("SAVING_TARGET.no_unit", target=label, reason=reason).at(file="book.toml"))
            elif item.met is None:
                found.append(Finding.of("SAVING_TARGET.unknown", target=label).at(file="book.toml"))
            elif not item.met:
                values = {"target": label, "wanted": item.wanted, "saved": item.saved, "unit": item.unit}
                found.append(Finding.of("SAVING_TARGET", **values).at(file="book.toml"))
        return tuple(dict.fromkeys(found))

    def _unusable(self) -> Iterator[Finding]:
        """Figures of the year before that the book states in a unit from which nothing leads to the register's."""
        for item in self.stated:
            figure = self._in_own_unit(item.amount, item.unit, item.quantity)
            if figure.status == "data_missing":
                values = {"quantity": quantity_label(item.quantity), "reason": figure.reason}
                yield Finding.of("ENVIRONMENT_STATED", **values).at(file="book.toml")

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The registers as plain data for JSON.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of labels and reasons.

        Returns
        -------
        dict
            Unrounded numbers, units in the names or beside them; a number that is missing is null, and ``known_part`` has what is known.
        """
        density = self.read_as.water_t_per_m3
        data = {
            "water_t_per_m3": None if density is None else float(density),
            "quantities": {name: figure_data(self.quantity(name), lang) for name in QUANTITIES if self.keeps(name)},
            "water_by_source": self._groups("withdrawal", lang),
            "water_by_destination": self._groups("discharge", lang),
            "waste_by_route": self._routes(lang),
            "measurements": [measured_data(row, lang) for row in self.measured],
            "noise": [level_data(row, lang) for row in self.levels],
            "noise_energy_mean_dba": self.noise.means if self.noise else None,
            "changes": [_change_data(item, lang) for item in self.changes],
            "targets": [
                {
                    "quantity": item.target.quantity,
                    "name": item.target.label.text(lang),
                    "wanted": item.wanted,
                    "saved": item.saved,
                    "unit": item.unit,
                    "met": item.met,
                }
                for item in self.target_results
            ],
            "complete": not any(item.severity == "error" for item in self.findings),
            "findings": [finding.to_dict(lang) for finding in self.findings],
        }
        plain: dict[str, Any] = plain_data(data)
        return plain

    def keeps(self, name: QuantityName) -> bool:
        """Whether the book keeps the register of a quantity."""
        return getattr(self, "wastewater" if name == "wastewater" else name.partition("_")[0]) is not None

    def _groups(self, flow: Any, lang: Lang) -> dict[str, Any]:
        """Water by source or destination."""
        found = self.water.by_group(flow) if self.water else {}
        return {name: figure_data(figure, lang) for name, figure in found.items()}

    def _routes(self, lang: Lang) -> list[dict[str, Any]]:
        """Waste by category and route; a route that is not stated is empty."""
        rows = self.waste.rows if self.waste else ()
        keys = dict.fromkeys((row.category, row.route) for row in rows)
        return [
            {
                "category": category,
                "category_label": word_label("category", category).text(lang),
                "route": route,
                "route_label": word_label("route", route).text(lang),
                "amount_t": float(sum(row.amount_t for row in rows if (row.category, row.route) == (category, route))),
            }
            for category, route in keys
        ]


def _unlike(item: Change) -> Iterator[Finding]:
    """That a quantity is unlike that of the year before, where both are whole."""
    if isinstance(item.change.value, float):
        what = quantity_label(item.quantity)
        yield from unlike_before(what, item.current.number, item.previous.number, item.unit)


_LEFT_OVER = 1e-9
_FIGURES: Mapping[QuantityName, Callable[[Any], Figure]] = {
    "water_withdrawal": lambda own: own.water.total("withdrawal"),
    "water_discharge": lambda own: own.water.total("discharge"),
    "water_consumption": lambda own: own.water.consumption,
    "water_recycled": lambda own: own.water.total("recycled"),
    "waste": lambda own: own.waste.total(),
    "waste_hazardous": lambda own: own.waste.of_category("hazardous"),
    "waste_general": lambda own: own.waste.of_category("general"),
    "waste_diverted": lambda own: own.waste.routed(lambda row: row.group == "diverted"),
    "waste_directed": lambda own: own.waste.routed(lambda row: row.group == "directed"),
    "wastewater": lambda own: own.wastewater.volume,
    "air_nox": lambda own: own.air.emitted("nox"),
    "air_sox": lambda own: own.air.emitted("sox"),
    "air_pm": lambda own: own.air.emitted("pm"),
    "air_voc": lambda own: own.air.emitted("voc"),
    "air_hap": lambda own: own.air.emitted("hap"),
    "air_pop": lambda own: own.air.emitted("pop"),
}


def quantity_label(name: QuantityName) -> Label:
    """A quantity as it is printed."""
    return Label(word(f"environment_{name}", "en"), word(f"environment_{name}", "zh"))


def _unit_of(name: QuantityName) -> str:
    """The unit of a quantity."""
    return "kg" if name.startswith("air_") else "t" if name.startswith("waste") and name != "wastewater" else "m3"


def _source(stated: StatedFigure | None, has_own: bool) -> str:
    """Where a figure of the year before stands, if no register holds it."""
    return stated.source if stated is not None and not has_own else ""


def _change_data(item: Change, lang: Lang) -> dict[str, Any]:
    """A change as plain data."""
    return {
        "quantity": item.quantity,
        "label": quantity_label(item.quantity).text(lang),
        "unit": item.unit,
        "previous": figure_data(item.previous, lang),
        "current": figure_data(item.current, lang),
        "change": figure_data(item.change, lang),
        "change_percent": item.percent,
        "previous_source": item.source,
    }


def read_environment(
    files: Mapping[str, Path],
    read_as: ReadAs,
    *,
    expected: Sequence[ExpectedMonitoring] = (),
    targets: Sequence[SavingTarget] = (),
    stated: Sequence[StatedFigure] = (),
    previous: Environment | None = None,
) -> Environment:
    """The environmental registers of a year.

    Parameters
    ----------
    files : mapping of str to Path
        By the name of the register, see `REGISTERS`.
    read_as : ReadAs
        The year, and what the book states.
    expected, targets, stated : sequence
        What the book states beside its registers.
    previous : Environment or None
        The registers of the year before.

    Returns
    -------
    Environment
        Files that cannot be read, and rows that cannot be counted, are findings.
    """
    water, waste, noise = files.get("water"), files.get("waste"), files.get("noise")
    media: tuple[Medium, Medium] = ("air", "wastewater")
    measured = {name: read_measured(files[name], name, read_as) for name in media if name in files}
    return Environment(
        read_as,
        read_water(water, read_as) if water else None,
        read_waste(waste, read_as) if waste else None,
        measured.get("air"),
        measured.get("wastewater"),
        read_noise(noise, read_as) if noise else None,
        tuple(expected),
        tuple(targets),
        tuple(stated),
        previous,
    )
