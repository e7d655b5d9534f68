"""Factors that somebody assumes to see what they would change: read, given their unit, and held to what they met."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from carbonledger.core.activities import find_activity
from carbonledger.core.errors import CarbonLedgerError, EditionError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.core.regions import canonical_region, enclosing_regions
from carbonledger.factors.factor import STATED_IN_BOOK, Edition, Factor
from carbonledger.factors.published_range import unlike_published
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.inventory import Inventory

__all__ = ["AssumedFactor", "assumed_factors", "check_met", "in_usual_unit", "magnitude_findings", "named_findings"]

_NUMBER_AND_UNIT = re.compile(r"([+-]?[\d.,'_]*\d[\d.,'_]*(?:[eE][+-]?\d+)?)\s*(.*)")
_EVERYWHERE = "GLOBAL"


@dataclass(frozen=True, slots=True)
class AssumedFactor:
    """An emission factor that is assumed for an activity.

    Parameters
    ----------
    activity : str
        The taxonomy's name.
    value : str
        The number as written.
    unit : str
        Its unit with the gas, such as ``t CO2/MWh``; empty if none is written.
    region : str
        Where it holds; empty for everywhere.
    """

    activity: str
    value: str
    unit: str = ""
    region: str = ""

    @property
    def text(self) -> str:
        """The assumption as it is written."""
        place = f"@{self.region}" if self.region else ""
        return f"{self.activity}{place} = {self.value}{' ' if self.unit else ''}{self.unit}"

    def stated(self) -> dict[str, Any]:
        """The assumption as `carbonledger.factors.stated_edition` takes a factor."""
        given = {"activity": self.activity, "value": self.value, "unit": self.unit, "region": self.region}
        return {**given, "source": self.text, "place": Label(self.text, self.text)}

    def holds_in(self, region: str) -> bool:
        """Whether it is for activities of a region."""
        return not self.region or (bool(region) and self.region in enclosing_regions(region))

    def is_factor(self, factor: Factor) -> bool:
        """Whether a factor of a line is this one."""
        mine = (STATED_IN_BOOK, self.activity, self.region or _EVERYWHERE)
        return (factor.edition, factor.activity, factor.region) == mine and factor.parameter == "emission_factor"


def assumed_factors(
    stated: Mapping[str, Any] | Iterable[str], names: Mapping[str, str] | None = None
) -> tuple[AssumedFactor, ...]:
    """Assumptions as they are written.

    Parameters
    ----------
    stated : mapping of str to number or str, or iterable of str
        ``{"electricity.grid": 0.5703, "electricity.grid@CN-SD": "0.6 kg CO2/kWh"}``, or texts such as ``electricity.grid=0.5703``.

    names : mapping of str to str, optional
        Activities by names of the reporter's own.

    Returns
    -------
    tuple of AssumedFactor

    Raises
    ------
    EditionError
        If a text is no activity with a number, or one activity and region is assumed twice.
    UnknownActivityError, RegionError
        If the taxonomy has no such activity, or there is no such region.

    Examples
    --------
    >>> [item.text for item in assumed_factors(["外购电力@山东=0.6 kg CO2/kWh"])]
    ['electricity.grid@CN-SD = 0.6 kg CO2/kWh']
    """
    found: dict[tuple[str, str], AssumedFactor] = {}
    for item in _read_all(stated, names or {}):
        key = item.activity, item.region
        if key in found:
            raise EditionError(Message.of("WHAT_IF.twice", first=found[key].text, second=item.text))
        found[key] = item
    return tuple(found.values())


def _read_all(stated: Mapping[str, Any] | Iterable[str], names: Mapping[str, str]) -> Iterator[AssumedFactor]:
    """Each assumption."""
    if isinstance(stated, Mapping):
        for name, value in stated.items():
            yield _read(str(name), str(value), f"{name}={value}", names)
        return
    for text in (stated,) if isinstance(stated, str) else stated:
        name, _, value = text.partition("=")
        yield _read(name, value, text, names)


def _read(name: str, value: str, text: str, names: Mapping[str, str]) -> AssumedFactor:
    """One assumption."""
    activity, _, place = name.partition("@")
    found = _NUMBER_AND_UNIT.fullmatch(value.strip())
    if not found or not activity.strip() or ("@" in name and not place.strip()):
        raise EditionError(Message.of("WHAT_IF.form", text=text))
    region = canonical_region(place) if place.strip() else ""
    activity = names.get(activity.strip(), activity.strip())
    return AssumedFactor(find_activity(activity).name, found[1], found[2].strip(), region)


def in_usual_unit(item: AssumedFactor, inventory: Inventory) -> AssumedFactor:
    """An assumption with the unit of the factor that is used now, where it states none.

    Parameters
    ----------
    item : AssumedFactor
        As written.
    inventory : Inventory
        As it is.

    Raises
    ------
    EditionError
        If no line has the activity there, or its lines use factors in several units, or none that could lend its unit.
    """
    rows = _concerned(item, inventory)
    if not rows:
        raise EditionError(_no_line(item, inventory))
    if item.unit:
        return item
    units = {_with_gas(factor) for row in rows for factor in row.emission_factors}
    if len(units) != 1 or not all(row.emission_factors for row in rows):
        known = tuple(sorted(units)) or (Label("none", "无"),)
        raise EditionError(Message.of("WHAT_IF.unit_needed", assumed=item.text, units=known))
    return replace(item, unit=units.pop())


def _with_gas(factor: Factor) -> str:
    """A factor's unit with the gas in it."""
    mass, _, per = factor.unit.partition("/")
    return f"{mass} {factor.gas}/{per}"


def _rows(inventory: Inventory) -> Iterator[PlanRow]:
    """Every combination that lines or entries without emissions have."""
    for part in inventory.energy_parts:
        yield from part.plan.rows


def _concerned(item: AssumedFactor, inventory: Inventory) -> list[PlanRow]:
    """The combinations that an assumption is for."""
    return [row for row in _rows(inventory) if row.activity == item.activity and item.holds_in(row.key.region)]


def _no_line(item: AssumedFactor, inventory: Inventory) -> Message:
    """The message for an assumption that no line is of: in another region, or of another activity."""
    regions = {
        row.key.region or Label("no region", "未注明地区") for row in _rows(inventory) if row.activity == item.activity
    }
    if regions:
        return Message.of("WHAT_IF.no_region", assumed=item.text, regions=tuple(sorted(regions, key=str)))
    known = tuple(sorted({row.activity for row in _rows(inventory)})) or (Label("none", "无"),)
    return Message.of("WHAT_IF.no_line", assumed=item.text, activities=known)


def check_met(assumed: Sequence[AssumedFactor], before: Inventory, after: Inventory) -> None:
    """Refuse an assumption that prices no line, or lines that it should price and cannot.

    Parameters
    ----------
    assumed : sequence of AssumedFactor
        With their units.
    before, after : Inventory
        As it is, and with the assumptions.

    Raises
    ------
    EditionError
        Naming the reason.
    """
    known = {problem.key for problem in before.plan.problems if problem.fatal}
    for item in assumed:
        failed = [
            problem.error
            for problem in after.plan.problems
            if problem.fatal and problem.key not in known and _is_of(item, problem.key.activity, problem.key.region)
        ]
        if failed:
            raise EditionError(Message.of("WHAT_IF.unusable", assumed=item.text, reason=_said(failed[0])))
        if not any(item.is_factor(factor) for row in after.plan.rows for factor in row.factors):
            kept = any(row.key.factor for row in _concerned(item, before))
            raise EditionError(Message.of(f"WHAT_IF.{'all_named' if kept else 'shadowed'}", assumed=item.text))


def _is_of(item: AssumedFactor, activity: str, region: str) -> bool:
    """Whether a combination is one that an assumption is for."""
    return activity == item.activity and item.holds_in(region)


def _said(error: CarbonLedgerError) -> Label:
    """What an error says in both languages."""
    return Label(error.text_in("en"), error.text_in("zh"))


def magnitude_findings(assumed: Sequence[AssumedFactor], edition: Edition | None) -> Iterator[Finding]:
    """A doubt about each assumption that is a hundred times larger or smaller than everything published.

    Parameters
    ----------
    assumed : sequence of AssumedFactor
        The assumptions.
    edition : Edition or None
        The factors that the calculation was told, the assumptions among them.
    """
    for factor in edition.factors() if edition else ():
        if any(item.is_factor(factor) for item in assumed):
            cells = {"activity": factor.activity, "parameter": factor.parameter, "gas": factor.gas}
            yield from unlike_published({**cells, "value": factor.value_text, "unit": factor.unit})


def named_findings(assumed: Sequence[AssumedFactor], inventory: Inventory) -> Iterator[Finding]:
    """What is said of lines that name their factor and keep it, whatever is assumed.

    Parameters
    ----------
    assumed : sequence of AssumedFactor
        The assumptions.
    inventory : Inventory
        As it is.
    """
    counts = {plan_id: lines for plan_id, _, lines in inventory.plan_totals()}
    for item in assumed:
        kept = sum(
            counts.get(row.plan_id, 0)
            for row in inventory.plan.rows
            if row.key.factor and row in _concerned(item, inventory)
        )
        if kept:
            yield Finding.of("WHAT_IF.kept", assumed=item.text, count=kept)
