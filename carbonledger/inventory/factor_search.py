"""The factors that one combination of activity, unit, region and year finds, and the walks to what they are per."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from carbonledger.core.activities import Activity
from carbonledger.core.activity_taxonomy import activity_label
from carbonledger.core.errors import AmbiguousFactorError, DimensionError, MissingBridgeError, MissingFactorError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.units import dimension_label, dimension_of
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.fitting import is_carried
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.matching import Match, Query, find_factors
from carbonledger.factors.partial_editions import edition_label
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.factors.refusals import nearest_refusals
from carbonledger.inventory.bridges import Bridge, End, Walk, energy_of_factors, step_of, walk, walk_of_no_steps
from carbonledger.inventory.coefficients import GasCoefficient, Key, StepsAndValue
from carbonledger.inventory.factor_sets import FactorFamily, FactorSet, factor_families, rows_of
from carbonledger.inventory.gas_split import Reached
from carbonledger.inventory.heating_values import basis_of, conflicting, stated_basis, without_basis
from carbonledger.inventory.measure import denominator_of, factor_measure, unit_measure

__all__ = ["FactorSearch", "no_mass"]


@dataclass(frozen=True)
class FactorSearch:
    """The factors of one key.

    Parameters
    ----------
    key : Key
        As written in the entries.
    activity : Activity
        Of the taxonomy.
    unit : str
        The registry's spelling.
    factors : PinnedFactors
        What may be used.
    gwp : GwpSet
        The potentials of the inventory.
    """

    key: Key
    activity: Activity
    unit: str
    factors: PinnedFactors
    gwp: GwpSet

    @cached_property
    def basis(self) -> str:
        """The heating value that the entry states of a fuel."""
        return stated_basis(self.key.factor) if self.activity.kind == "fuel" else ""

    @cached_property
    def words(self) -> str:
        """The words of the entry that name a figure."""
        return without_basis(self.key.factor) if self.activity.kind == "fuel" else self.key.factor

    @property
    def in_energy(self) -> bool:
        """Whether the amount is a fuel's energy, which is gross or net."""
        return self.activity.kind == "fuel" and dimension_of(self.unit) == "energy"

    @cached_property
    def start(self) -> End:
        """The amount."""
        return End(self.unit, self.basis)

    @cached_property
    def _editions(self) -> Mapping[str, Edition]:
        """The pinned editions by id."""
        return {edition.id: edition for edition in self.factors.editions}

    def basis_of(self, factor: Factor) -> str:
        """The heating value that a figure rests on."""
        return basis_of(factor, self.activity, self._editions)

    def gwp_basis(self, factor: Factor) -> str:
        """The GWP basis of a figure in CO2e, its own or that of its edition; empty if it says none, or several."""
        edition = self._editions.get(factor.edition)
        stated = factor.gwp_basis or (str(edition.metadata.get("gwp_basis") or "") if edition else "")
        return "" if stated == "mixed" else stated

    def says_no_basis(self, item: FactorSet) -> bool:
        """Whether the entry states gross or net, and a set of figures per energy does not."""
        return bool(self.basis) and item.name.per == "energy" and not item.name.heating_value

    def query(self, role: str, parameter: str, factor_id: str = "") -> Query:
        """What this key asks of a role."""
        return Query(role, self.activity.name, parameter, self.key.region, self.key.year or None, factor_id)

    def find(self, role: str, parameter: str, factor_id: str = "") -> tuple[Match, ...]:
        """The best matches of a parameter among the editions of a role."""
        if not is_carried(self.factors, role, self.activity.name, parameter):
            return ()
        return find_factors(self.factors, self.query(role, parameter, factor_id)).matches

    def named(self, parameter: str) -> tuple[Match, ...]:
        """The figures that the entry's words leave; one that states nothing else may still name its figure by gross or net."""
        found = self.find("emissions", parameter, self.words)
        return found or (self.find("emissions", parameter, self.key.factor) if self.basis else ())

    def families(self, matches: tuple[Match, ...]) -> list[FactorFamily]:
        """What belongs together of some matches; it does not depend on the unit of the amount."""
        key = self.activity.name, matches
        found: list[FactorFamily] | None = self.factors.families.get(key)
        if found is None:
            found = self.factors.families[key] = factor_families(matches, self.basis_of)
        return found

    def only(self, matches: Sequence[Match]) -> Match:
        """The one figure; an error if there are several that differ."""
        return next(iter(rows_of(matches, self.unit, self.weight).values()))

    def rows(self, item: FactorSet) -> dict[str, Match]:
        """One figure per gas of a set."""
        return rows_of(item.members, self.unit, self.weight)

    def weight(self, gas: str) -> float:
        """The t CO2e of a tonne of a gas, by which differences are judged."""
        try:
            return 1.0 if gas == "CO2e" else self.gwp.of(gas, self.activity.origin).value
        except MissingFactorError:
            return 1.0

    @cached_property
    def has_properties(self) -> bool:
        """Whether a density or a calorific value may lead from one dimension to another."""
        asked = (self.factors, "emissions", self.activity.name)
        return is_carried(*asked, "density") or is_carried(*asked, "calorific_value")

    def walk_to(self, item: FactorSet) -> Walk:
        """The walk from the amount to what a set is per."""
        return self.walked(self.end_of(item))

    def end_of(self, item: FactorSet) -> End:
        """Where a walk to a set ends."""
        factors = [match.factor for match in item.members]
        basis = item.name.heating_value
        stating = next((factor for factor in factors if self.basis_of(factor)), factors[0])
        return End(denominator_of(stating.unit), basis, stating)

    def walked(self, target: End) -> Walk:
        """The walk from the amount to a factor's denominator; properties are asked for only if it is not there already."""
        direct = walk_of_no_steps(self.start, target)
        if direct is not None:
            return direct
        bridges = self.bridges_beside(target) if target.factor else ()
        try:
            return walk(self.start, target, bridges, self.key.of("emissions"))
        except AmbiguousFactorError:
            if not self.basis and self.in_energy and conflicting(bridge.basis for bridge in bridges):
                raise AmbiguousFactorError(
                    self.heating_value_unknown(target.factor.edition if target.factor else "")
                ) from None
            raise

    def bridges_beside(self, target: End) -> tuple[Bridge, ...]:
        """Densities and calorific values that go with a factor: those of its edition, so that publishers are not mixed, else any."""
        edition = target.factor.edition if target.factor else ""
        wanted = target.basis or self.basis
        values = self.beside(edition, "calorific_value")
        fitting = [bridge for bridge in values if not conflicting((bridge.basis, wanted))]
        if values and not fitting:
            others = self.bridges(self.find("emissions", "calorific_value"))
            fitting = [bridge for bridge in others if not conflicting((bridge.basis, wanted))]
        return (*(fitting or values), *self.beside(edition, "density"))

    def beside(self, edition: str, parameter: str) -> tuple[Bridge, ...]:
        """A density or calorific value that goes with a factor of an edition."""
        return self.bridges(self.property_beside(edition, parameter))

    def property_beside(self, edition: str, parameter: str) -> tuple[Match, ...]:
        """A property of the user's own; else from the factor's edition, else from the other ones."""
        found = self._own_property(edition, parameter) or self.find("emissions", parameter, edition)
        return found or self.find("emissions", parameter)

    def _own_property(self, edition: str, parameter: str) -> tuple[Match, ...]:
        """What the user states of the activity itself and its year, as a density that was measured.

        Nothing where the entry names an edition, which then answers with all that it has.
        """
        own = None if "@" in self.key.factor else self.factors.own
        if own is None:
            return ()
        is_own = own.stated is None and any(item.id == edition for item in own.in_role("emissions"))
        for word in (edition, "") if is_own else ("",):
            found = find_factors(own, self.query("emissions", parameter, word))
            if found.best and found.best[0] == found.best[2] == 0:
                return found.matches
        return ()

    def bridges(self, matches: Sequence[Match]) -> tuple[Bridge, ...]:
        """Properties with their heating values."""
        return tuple(Bridge(match, self.basis_of(match.factor)) for match in matches)

    def reached(self, match: Match, way: Walk) -> Reached:
        """A figure at the end of a walk."""
        emitted = way.measure * factor_measure(match.factor)
        gas = match.factor.gas
        if not emitted.is_in("t", gas):
            raise DimensionError(no_mass(match.factor))
        return Reached(match, (*way.steps, step_of(match)), emitted.of("t", gas))

    def energy(self, gases: Sequence[GasCoefficient]) -> StepsAndValue:
        """GJ per unit: by calorific value of the energy role, else of the emissions role, else as the factors imply."""
        try:
            return self.to_energy("energy", "", gases)
        except MissingBridgeError:
            pass
        try:
            return self.to_energy("emissions", self.key.factor, gases)
        except MissingBridgeError:
            implied = energy_of_factors(gases, self.unit, self.factors.editions)
            if implied is None:
                raise
            return implied

    def to_energy(self, role: str, named: str, gases: Sequence[GasCoefficient]) -> StepsAndValue:
        """GJ per unit by the calorific values of a role, of one edition if the words of the entry name it.

        Where it has both, the one that the entry states or the emissions were calculated on.
        """
        chosen = next((word.partition(":")[0] for word in named.split() if "@" in word), "")
        # A density is a property of the fuel and no convention of one role: one that is pinned for emissions serves the energy too.
        density = self.find(role, "density", chosen) or self.find("emissions", "density", chosen)
        matches = (*self.find(role, "calorific_value", chosen), *density)
        bridges, what = self.bridges(matches), self.key.of("energy")
        try:
            way = walk(self.start, End("GJ"), bridges, what)
        except AmbiguousFactorError:
            used = {self.basis_of(step.factor) for gas in gases for step in gas.steps if step.factor} - {""}
            if self.basis or len(used) != 1:
                raise
            way = walk(End(self.unit, used.pop()), End("GJ"), bridges, what)
        return way.steps, way.measure.of("GJ")

    def standard_coal(self) -> StepsAndValue | None:
        """The tce per unit by the tabulated coefficient; None if no such coefficient is pinned."""
        for match in self.find("standard_coal", "standard_coal"):
            coal = unit_measure(self.unit) * factor_measure(match.factor)
            if coal.is_in("tce"):
                return (step_of(match),), coal.of("tce")
        return None

    def heating_value_unknown(self, edition: str) -> Message:
        """The message for a bill that is gross or net, of an edition that has both."""
        return Message.of(
            "HEATING_VALUE_UNKNOWN",
            activities=(activity_label(self.activity.name),),
            units=(self.unit,),
            editions=(edition,),
        )

    def missing(self) -> Message:
        """The message that no factor was found, with the candidates that were refused."""
        none = Label("none", "无")
        pinned = tuple(edition_label(edition.id) for edition in self.factors.in_role("emissions")) or (none,)
        life_cycle = find_factors(self.factors, self.query("emissions", "life_cycle_intensity")).matches
        if life_cycle:
            reference = life_cycle[0].factor.reference
            return Message.of("MISSING_FACTOR.life_cycle", key=self.key.label, pinned=pinned, reference=reference)
        refused = nearest_refusals(
            [
                refusal
                for parameter in ("emission_factor", "carbon_content")
                for refusal in find_factors(self.factors, self.query("emissions", parameter, self.words)).refusals
            ]
        )
        if refused:
            return Message.of("MISSING_FACTOR.refused", key=self.key.label, pinned=pinned, refused=refused)
        return Message.of("MISSING_FACTOR.none", key=self.key.label, pinned=pinned)


def no_mass(factor: Factor) -> Message:
    """The message for a factor that is no mass of its gas per anything."""
    wanted = f"t/{denominator_of(factor.unit)}"
    return Message.of(
        "WRONG_DIMENSION.conversion",
        source=factor.unit,
        source_dimension=dimension_label(dimension_of(factor.unit)),
        target=wanted,
        target_dimension=dimension_label(dimension_of(wanted)),
    )
