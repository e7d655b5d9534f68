"""Units and factors resolved once per distinct combination.

Pint works here and nowhere else in a calculation: entries in their millions share a few hundred combinations
of activity, unit, region and year. Each becomes one plan row with its coefficients to GJ and to tonnes of each
gas, and with the derivation of every coefficient.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonledger.core.activities import Activity, find_activity
from carbonledger.core.errors import (
    AmbiguousFactorError,
    CarbonLedgerError,
    DimensionError,
    MissingBridgeError,
    MissingFactorError,
)
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.regions import enclosing_regions
from carbonledger.core.units import canonical_unit, define_label, dimension_of, quantity, registry
from carbonledger.factors.factor import Factor
from carbonledger.factors.gases import gas_group, species_of
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.matching import Match, Query, find_factors
from carbonledger.factors.partial_editions import edition_label
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.factors.refrigerant_blends import components
from carbonledger.inventory.bridge_editions import naming_editions
from carbonledger.inventory.bridges import energy_of_distance, energy_of_factors, factor_quantity, step_of, walk
from carbonledger.inventory.coefficients import (
    BIOGENIC,
    FactorSet,
    GasCoefficient,
    Key,
    Plan,
    PlanRow,
    Problem,
    Step,
    StepsAndValue,
    alike,
    difference,
    factor_sets_of,
    gases_of,
)
from carbonledger.inventory.scope3_categories import category_of, scope_3_categories

if TYPE_CHECKING:
    from pint.registry import Quantity

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
    problems: list[Problem] = []
    pinned = frozenset(region for edition in factors.editions for region in edition.regions)
    alike: dict[tuple[object, ...], PlanRow] = {}
    for key in sorted(set(keys)):
        kind = _kind_of(key, pinned)
        known = alike.get(kind)
        if known is not None:
            rows.append(replace(known, plan_id=len(rows), key=key))
            continue
        before = len(problems)
        try:
            rows.append(_plan_row(len(rows), key, factors, gwp, problems))
        except CarbonLedgerError as error:
            problems.append(Problem(key, naming_editions(error, key, factors)))
        if len(problems) == before:
            alike[kind] = rows[-1]
    return Plan(tuple(rows), tuple(problems))


def _kind_of(key: Key, pinned: frozenset[str]) -> tuple[object, ...]:
    """What decides a key's coefficients: two regions that lie alike in the pinned ones are one."""
    around = (
        [(name, far) for name, far in enclosing_regions(key.region).items() if name in pinned] if key.region else None
    )
    return key.activity, key.unit, key.year, key.factor, key.scope_3_category, None if around is None else tuple(around)


def _plan_row(plan_id: int, key: Key, factors: PinnedFactors, gwp: GwpSet, problems: list[Problem]) -> PlanRow:
    """One resolved key."""
    activity = find_activity(key.activity)
    unit = canonical_unit(key.unit)
    if not activity.measured_in(dimension_of(unit)):
        name = Label(f"{activity.name} ({activity.label_zh})", f"{activity.label_zh}（{activity.name}）")
        dimension, allowed = dimension_of(unit), tuple(activity.dimensions)
        measured = {"activity": name, "unit": unit, "dimension": dimension, "allowed": allowed}
        raise DimensionError(Message.of("UNRESOLVED_FACTOR.dimension", **measured))
    search = _Search(key, activity, unit, factors)
    amount = quantity(1.0, unit)
    gases = search.gases(amount, gwp)
    if activity.scope is None and gases and not key.scope_3_category:
        raise AmbiguousFactorError(Message.of("UNRESOLVED_FACTOR.no_scope", key=key.label))
    energy: StepsAndValue | None = None
    moves = activity.is_vehicle and not key.scope_3_category
    if activity.is_energy or activity.kind == "register" or moves:
        try:
            energy = energy_of_distance(gases, unit, factors.editions) if moves else search.energy(amount, gases)
        except (MissingBridgeError, AmbiguousFactorError) as error:
            problems.append(Problem(key, naming_editions(error, key, factors), fatal=False))
    coal = search.standard_coal(amount)
    return PlanRow(
        plan_id=plan_id,
        key=key,
        activity=activity.name,
        unit=unit,
        scope=3 if key.scope_3_category else activity.scope,
        category=_iso_category(activity, key.scope_3_category),
        energy_gj=float(energy[1].magnitude) if energy else None,
        standard_coal_tce=float(coal[1].magnitude) if coal else None,
        gases=gases,
        energy_steps=energy[0] if energy else (),
        coal_steps=coal[0] if coal else (),
    )


def _iso_category(activity: Activity, stated: int) -> int | None:
    """The category of ISO 14064-1:2018; that of a scope 3 line by its scope 3 category."""
    category = category_of(activity.name, stated)
    return scope_3_categories()[category].iso_category if category else activity.iso_category


@dataclass(frozen=True)
class _Search:
    """The factors of one key."""

    key: Key
    activity: Activity
    unit: str
    factors: PinnedFactors

    def query(self, role: str, parameter: str, factor_id: str = "") -> Query:
        """What this key asks of a role."""
        return Query(role, self.activity.name, parameter, self.key.region, self.key.year or None, factor_id)

    def find(self, role: str, parameter: str, factor_id: str = "") -> tuple[Match, ...]:
        """The best matches of a parameter among the editions of a role."""
        return find_factors(self.factors, self.query(role, parameter, factor_id)).matches

    def beside(self, match: Match, parameter: str) -> tuple[Match, ...]:
        """A property from the edition of a factor, so that publishers are not mixed; else from the other editions."""
        return self.find("emissions", parameter, match.factor.edition) or self.find("emissions", parameter)

    def properties(self, role: str, named: str = "") -> tuple[Match, ...]:
        """Densities and calorific values of a role, of one edition if the words of the entry name it."""
        chosen = next((word.partition(":")[0] for word in named.split() if "@" in word), "")
        # A density is a property of the fuel and no convention of one role: one that is pinned for emissions serves the energy too.
        density = self.find(role, "density", chosen) or self.find("emissions", "density", chosen)
        return (*self.find(role, "calorific_value", chosen), *density)

    def properties_beside(self, match: Match) -> tuple[Match, ...]:
        """Densities and calorific values that go with a factor."""
        return (*self.beside(match, "calorific_value"), *self.beside(match, "density"))

    def energy(self, amount: Quantity[float], gases: Sequence[GasCoefficient]) -> StepsAndValue:
        """GJ per unit of the amount: by calorific value of the energy role, else of the emissions role, else as the factors imply."""
        target, what = registry().Unit("GJ"), self.key.of("energy")
        try:
            return walk(amount, target, self.properties("energy"), what)
        except MissingBridgeError:
            pass
        try:
            return walk(amount, target, self.properties("emissions", self.key.factor), what)
        except MissingBridgeError:
            implied = energy_of_factors(gases, self.unit, self.factors.editions)
            if implied is None:
                raise
            return implied

    def standard_coal(self, amount: Quantity[float]) -> StepsAndValue | None:
        """The tce per unit by the tabulated coefficient; None if no such coefficient is pinned."""
        target = registry().Unit("tce")
        for match in self.find("standard_coal", "standard_coal"):
            value = amount * factor_quantity(match.factor)
            if value.dimensionality == registry().get_dimensionality(target):
                return (step_of(match),), value.to(target)
        return None

    def gases(self, amount: Quantity[float], gwp: GwpSet) -> tuple[GasCoefficient, ...]:
        """The coefficients of every gas, by the method that the pinned editions mean."""
        if self.activity.emissions == "none":
            if self.key.factor:
                named = {"key": self.key.label, "factor": self.key.factor}
                raise AmbiguousFactorError(Message.of("UNRESOLVED_FACTOR.no_emissions", **named))
            return ()
        if self.activity.emissions == "reported":
            # The other party's own figure: it carries its method and its GWP set with it.
            tonnes = float(amount.to("t * CO2e").magnitude)
            return (GasCoefficient("CO2e", tonnes, tonnes, None, ()),)
        direct = self.find("emissions", "emission_factor", self.key.factor)
        released = self.rebased(amount, direct, gwp)
        if released:
            return released
        if direct:
            return (*self.by_factors(amount, direct, gwp), *self.biogenic(amount, direct[0]))
        carbon = self.find("emissions", "carbon_content", self.key.factor)
        if carbon:
            return (self.coefficient("CO2", self.by_carbon(amount, carbon[0]), gwp),)
        raise MissingFactorError(self.missing())

    def rebased(
        self, amount: Quantity[float], direct: Sequence[Match], gwp: GwpSet
    ) -> tuple[GasCoefficient, ...] | None:
        """Gases that escape, by mass and potential, so that each keeps its name; None if only a publisher's CO2e is known.

        A factor that the entry names stands as it is published.
        """
        if self.activity.kind not in {"refrigerant", "process"} or self.key.factor:
            return None
        try:
            return self.released(amount, gwp)
        except MissingFactorError:
            if direct:
                return None
            raise

    def released(self, amount: Quantity[float], gwp: GwpSet) -> tuple[GasCoefficient, ...]:
        """A refrigerant that escapes: its own mass, or that of each component of a blend, under the GWP set of the inventory.

        Components that are none of the seven gases keep their mass and potential but count nothing in the total.

        References
        ----------
        GHG Protocol, refrigeration and air-conditioning guidance: emissions are the mass released times the GWP.
        """
        mass = amount.to(registry().Unit("t"))
        return tuple(
            GasCoefficient(
                species_of(potential.gas),
                float(mass.magnitude) * share.value if share else float(mass.magnitude),
                float(mass.magnitude) * (share.value if share else 1.0) * _counted(potential),
                potential,
                (step_of(Match(share, ("exact",))),) if share else (),
            )
            for share, potential in components(self.activity.name, gwp, self.activity.origin)
        )

    def biogenic(self, amount: Quantity[float], beside: Match) -> tuple[GasCoefficient, ...]:
        """CO2 of biomass, of the same variant as the fuel's other gases: a register outside the scopes, never CO2e.

        References
        ----------
        GHG Protocol Corporate Standard (2004), chapter 9; ISO 14064-1:2018, annex D.
        """
        factor = beside.factor
        words = f"{self.key.factor} {factor.edition} {factor.variant}".strip()
        for members in factor_sets_of(self.find("emissions", "biogenic_emission_factor", words)).values():
            try:
                steps, value = self.by_factor(amount, members[0])
            except MissingBridgeError:
                continue
            tonnes = value.to(registry().Unit("t") * registry().Unit(define_label(BIOGENIC)))
            return (GasCoefficient(BIOGENIC, float(tonnes.magnitude), 0.0, None, steps),)
        return ()

    def by_factors(self, amount: Quantity[float], matches: Sequence[Match], gwp: GwpSet) -> tuple[GasCoefficient, ...]:
        """The factors of one group - one denominator, heating value, boundary and variant - that is nearest to the amount."""
        reached: list[tuple[int, FactorSet, list[tuple[Match, StepsAndValue]]]] = []
        failure: MissingBridgeError | None = None
        for group, members in factor_sets_of(matches).items():
            if self.lacks_carbon(members):
                failure = failure or MissingBridgeError(self.without_carbon(members))
                continue
            try:
                found = [(match, self.by_factor(amount, match)) for match in gases_of(members)]
            except MissingBridgeError as error:
                failure = failure or error
                continue
            reached.append((len(found[0][1][0]), group, found))
        if not reached:
            raise failure or MissingFactorError(self.missing())
        fewest = min(steps for steps, _, _ in reached)
        nearest = [(group, found) for steps, group, found in reached if steps == fewest]
        if len(nearest) > 1 and not alike([found for _, found in nearest]):
            # The unit as measured, and the publisher's plain figure, stand before others of the same reach.
            nearest = [item for item in nearest if item[0][0] == self.unit] or nearest
            nearest = [item for item in nearest if not item[0][3]] or nearest
        if len(nearest) > 1 and not alike([found for _, found in nearest]):
            choices = dict.fromkeys(difference(group, nearest[0][0], nearest[1][0]) for group, _ in nearest)
            where = {"key": self.key.label, "edition": matches[0].factor.edition}
            raise AmbiguousFactorError(Message.of("UNRESOLVED_FACTOR.several", choices=tuple(choices), **where))
        return tuple(self.coefficient(match.factor.gas, result, gwp) for match, result in nearest[0][1])

    def lacks_carbon(self, members: Sequence[Match]) -> bool:
        """Whether figures for a fossil fuel leave out its CO2, so that they alone would count too little."""
        gases = {match.factor.gas for match in members}
        return self.activity.kind == "fuel" and self.activity.origin == "fossil" and not gases & {"CO2", "CO2e"}

    def without_carbon(self, members: Sequence[Match]) -> Message:
        """The message for figures that leave out CO2."""
        factor = members[0].factor
        return Message.of(
            "MISSING_BRIDGE.no_carbon",
            key=self.key.label,
            edition=factor.edition,
            variant=factor.variant,
            gases=tuple(sorted({match.factor.gas for match in members})),
            activity=self.activity.name,
        )

    def by_factor(self, amount: Quantity[float], match: Match) -> StepsAndValue:
        """Amount times emission factor."""
        factor = factor_quantity(match.factor)
        per = registry().Unit("t") * registry().Unit(define_label(match.factor.gas)) / factor.units
        steps, activity_data = walk(amount, per, self.properties_beside(match), self.key.of("emissions"))
        return (*steps, step_of(match)), activity_data * factor

    def by_carbon(self, amount: Quantity[float], carbon: Match) -> StepsAndValue:
        """Amount times calorific value times carbon content times oxidation factor times 44/12.

        References
        ----------
        NDRC guidelines for accounting greenhouse gas emissions of enterprises, 2013-2015, combustion formula.
        """
        oxidation = self.beside(carbon, "oxidation_factor")
        if not oxidation:
            where = {"key": self.key.label, "edition": carbon.factor.edition, "activity": self.activity.name}
            raise MissingBridgeError(Message.of("MISSING_BRIDGE.no_oxidation", **where))
        content = factor_quantity(carbon.factor)
        per = registry().Unit("t C") / content.units
        steps, energy = walk(amount, per, self.properties_beside(carbon), self.key.of("emissions"))
        ratio = registry().Quantity(1.0, "carbon_dioxide_per_carbon")
        value = energy * content * factor_quantity(oxidation[0].factor) * ratio
        constant = Step("molar mass ratio", "44/12", "t CO2/t C", None)
        return (*steps, step_of(carbon), step_of(oxidation[0]), constant), value

    def coefficient(self, gas: str, found: StepsAndValue, gwp: GwpSet) -> GasCoefficient:
        """Tonnes of a gas, and of CO2e."""
        steps, value = found
        tonnes = float(value.to(registry().Unit("t") * registry().Unit(define_label(gas))).magnitude)
        if gas == "CO2e":
            return GasCoefficient(gas, tonnes, tonnes, None, steps)
        potential = gwp.of(gas, self.activity.origin)
        return GasCoefficient(gas, tonnes, tonnes * _counted(potential), potential, steps)

    def missing(self) -> Message:
        """The message that no factor was found, with the candidates that were refused."""
        none = Label("none", "无")
        pinned = tuple(edition_label(edition.id) for edition in self.factors.in_role("emissions")) or (none,)
        life_cycle = find_factors(self.factors, self.query("emissions", "life_cycle_intensity")).matches
        if life_cycle:
            reference = life_cycle[0].factor.reference
            return Message.of("MISSING_FACTOR.life_cycle", key=self.key.label, pinned=pinned, reference=reference)
        refused = [
            Label(f"{factor.reference}: {reason}", factor.reference)
            for parameter in ("emission_factor", "carbon_content")
            for factor, reason in find_factors(
                self.factors, self.query("emissions", parameter, self.key.factor)
            ).refused
        ]
        if refused:
            return Message.of("MISSING_FACTOR.refused", key=self.key.label, pinned=pinned, refused=tuple(refused[:3]))
        return Message.of("MISSING_FACTOR.none", key=self.key.label, pinned=pinned)


def _counted(potential: Factor) -> float:
    """The potential with which a gas counts in the total: none if it is not one of the seven."""
    return potential.value if gas_group(potential.gas) else 0.0
