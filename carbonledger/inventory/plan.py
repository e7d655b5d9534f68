"""Units and factors resolved once per distinct combination.

Pint works here and nowhere else in a calculation: entries in their millions share a few hundred combinations
of activity, unit, region and year. Each becomes one plan row with its coefficients to GJ and to tonnes of each
gas, and with the derivation of every coefficient.
"""

from __future__ import annotations

from collections.abc import Iterable

from carbonledger.core.activities import Activity, find_activity
from carbonledger.core.errors import (
    AmbiguousFactorError,
    CarbonLedgerError,
    DimensionError,
    MissingBridgeError,
)
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.units import canonical_unit, dimension_of
from carbonledger.factors.coverage import surroundings
from carbonledger.factors.fitting import asks_for_year
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.bridges import energy_of_distance
from carbonledger.inventory.coefficients import Key, Plan, PlanRow, Problem, StepsAndValue
from carbonledger.inventory.factor_search import FactorSearch
from carbonledger.inventory.methods import gases_of
from carbonledger.inventory.offered_editions import naming_editions
from carbonledger.inventory.scope3_categories import category_of, scope_3_categories

__all__ = ["build_plan"]


def build_plan(keys: Iterable[Key], factors: PinnedFactors, gwp: GwpSet) -> Plan:
    """The plan for some distinct keys.

    Parameters
    ----------
    keys : iterable of Key
        The distinct combinations among the entries.
    factors : PinnedFactors
        What may be used.
    gwp : GwpSet
        The potentials that turn gases into CO2e.

    Returns
    -------
    Plan
        With a problem for every key that the pinned editions cannot serve; nothing is guessed.
    """
    rows: list[PlanRow] = []
    unpriced: list[PlanRow] = []
    problems: list[Problem] = []
    pinned = frozenset(region for edition in factors.editions for region in edition.regions)
    alike: dict[tuple[object, ...], PlanRow] = {}
    distinct = set(keys)
    around = {region: surroundings(region, pinned) for region in {key.region for key in distinct}}
    dated = {name: _asks_for_year(name, factors) for name in {key.activity for key in distinct}}
    for key in sorted(distinct):
        name, unit, region, year, factor, category = key
        # Two regions that lie alike in the pinned ones are one, and so are two years where no figure has one.
        kind = (name, unit, around[region], year if dated[name] else bool(year), factor, category)
        known = alike.get(kind)
        if known is not None:
            rows.append(known.of_key(len(rows), key))
            continue
        before = len(problems)
        try:
            rows.append(_plan_row(len(rows), key, factors, gwp, problems))
        except CarbonLedgerError as error:
            problems.append(Problem(key, naming_editions(error, key, factors)))
            unpriced += _energy_alone(len(unpriced), key, factors, gwp, problems)
        if len(problems) == before:
            alike[kind] = rows[-1]
    return Plan(tuple(rows), tuple(problems), tuple(unpriced))


def _asks_for_year(name: str, factors: PinnedFactors) -> bool:
    """Whether the year decides which figures an activity has, as it is written in the entries."""
    try:
        return asks_for_year(factors, find_activity(name).name)
    except CarbonLedgerError:
        return True


def _plan_row(plan_id: int, key: Key, factors: PinnedFactors, gwp: GwpSet, problems: list[Problem]) -> PlanRow:
    """One resolved key."""
    activity = find_activity(key.activity)
    unit = canonical_unit(key.unit)
    if not activity.measured_in(dimension_of(unit)):
        name = Label(f"{activity.name} ({activity.label_zh})", f"{activity.label_zh}（{activity.name}）")
        dimension, allowed = dimension_of(unit), tuple(activity.dimensions)
        measured = {"activity": name, "unit": unit, "dimension": dimension, "allowed": allowed}
        raise DimensionError(Message.of("UNRESOLVED_FACTOR.dimension", **measured))
    search = FactorSearch(key, activity, unit, factors, gwp)
    settled = gases_of(search)
    gases = settled.gases
    if activity.scope is None and gases and not key.scope_3_category:
        raise AmbiguousFactorError(Message.of("UNRESOLVED_FACTOR.no_scope", key=key.label))
    energy: StepsAndValue | None = None
    moves = activity.is_vehicle and not key.scope_3_category
    if activity.is_energy or activity.kind == "register" or moves:
        try:
            energy = energy_of_distance(gases, unit, factors.editions) if moves else search.energy(gases)
        except (MissingBridgeError, AmbiguousFactorError) as error:
            problems.append(Problem(key, naming_editions(error, key, factors), fatal=False))
    coal = search.standard_coal()
    return PlanRow(
        plan_id=plan_id,
        key=key,
        activity=activity.name,
        unit=unit,
        scope=3 if key.scope_3_category else activity.scope,
        category=_iso_category(activity, key.scope_3_category),
        energy_gj=energy[1] if energy else None,
        standard_coal_tce=coal[1] if coal else None,
        gases=gases,
        energy_steps=energy[0] if energy else (),
        coal_steps=coal[0] if coal else (),
        remarks=settled.remarks,
    )


def _energy_alone(
    plan_id: int, key: Key, factors: PinnedFactors, gwp: GwpSet, problems: list[Problem]
) -> list[PlanRow]:
    """The energy of a carrier whose emissions could not be resolved; nothing if it is no carrier of scopes 1 and 2, or in no unit of it.

    Where no emission factors are pinned at all, energy is what is asked for, and why it is missing is a problem.
    """
    try:
        activity, unit = find_activity(key.activity), canonical_unit(key.unit)
        known = activity.measured_in(dimension_of(unit))
    except CarbonLedgerError:
        return []
    if not (known and activity.is_energy) or key.scope_3_category or activity.scope not in {1, 2}:
        return []
    search, energy = FactorSearch(key, activity, unit, factors, gwp), None
    try:
        energy = search.energy(())
    except CarbonLedgerError as error:
        if not factors.in_role("emissions"):
            problems.append(Problem(key, naming_editions(error, key, factors), fatal=False))
    coal = search.standard_coal()
    return [
        PlanRow(
            plan_id=plan_id,
            key=key,
            activity=activity.name,
            unit=unit,
            scope=activity.scope,
            category=activity.iso_category,
            energy_gj=energy[1] if energy else None,
            standard_coal_tce=coal[1] if coal else None,
            gases=(),
            energy_steps=energy[0] if energy else (),
            coal_steps=coal[0] if coal else (),
            priced=False,
        )
    ]


def _iso_category(activity: Activity, stated: int) -> int | None:
    """The category of ISO 14064-1:2018; that of a scope 3 line by its scope 3 category."""
    category = category_of(activity.name, stated)
    return scope_3_categories()[category].iso_category if category else activity.iso_category
