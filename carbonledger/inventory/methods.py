"""How one combination of activity, unit, region and year is calculated: the factors found for it and the method that they mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from carbonledger.core.errors import (
    AmbiguousFactorError,
    CarbonLedgerError,
    DimensionError,
    MissingBridgeError,
    MissingFactorError,
)
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.factors.gases import species_of
from carbonledger.factors.matching import Match, find_factors
from carbonledger.factors.refrigerant_blends import components
from carbonledger.inventory.bridges import Walk, stating, step_of, walk_of_no_steps
from carbonledger.inventory.coefficients import (
    BIOGENIC,
    ROUNDING,
    ROUNDING_OF_PUBLISHERS,
    GasCoefficient,
    Remark,
    Step,
)
from carbonledger.inventory.factor_search import FactorSearch, no_mass
from carbonledger.inventory.factor_sets import FactorFamily, FactorSet, SetName, difference
from carbonledger.inventory.gas_split import Reached, Settled, coefficient, counted_gwp, settle
from carbonledger.inventory.heating_values import basis_label, conflicting
from carbonledger.inventory.measure import factor_measure, unit_measure
from carbonledger.inventory.own_factors import unused_own

__all__ = ["gases_of"]


class _Candidate(NamedTuple):
    """One way to all gases: the sets that give them, each with the walk to it, the nearest first."""

    name: SetName
    parts: tuple[tuple[FactorSet, Walk], ...]

    @property
    def far(self) -> int:
        """The steps of its longest walk."""
        return max(len(way.steps) for _, way in self.parts)


def gases_of(search: FactorSearch) -> Settled:
    """The coefficients of every gas, by the method that the pinned editions mean."""
    settled = _gases(search)
    unused = unused_own(search.key, search.activity, search.factors, settled.gases)
    return Settled(settled.gases, (*settled.remarks, *unused))


def _gases(search: FactorSearch) -> Settled:
    """The coefficients of every gas."""
    if search.activity.emissions == "none":
        if search.key.factor:
            named = {"key": search.key.label, "factor": search.key.factor}
            raise AmbiguousFactorError(Message.of("UNRESOLVED_FACTOR.no_emissions", **named))
        return Settled(())
    if search.activity.emissions == "reported":
        # The other party's own figure: it carries its method and its GWP set with it.
        tonnes = unit_measure(search.unit).of("t * CO2e")
        return Settled((GasCoefficient("CO2e", tonnes, tonnes, None, ()),))
    if search.activity.kind in {"refrigerant", "process"} and not search.key.factor:
        return _escaping(search)
    return _by_publication(search, search.named("emission_factor"))


def _escaping(search: FactorSearch) -> Settled:
    """Gases that escape: by a factor of one's own, else by mass and potential, so that each keeps its name, else as published."""
    own = search.factors.own
    direct = find_factors(own, search.query("emissions", "emission_factor")).matches if own else ()
    if direct:
        return _by_publication(search, direct)
    try:
        return Settled(_released(search))
    except MissingFactorError:
        # Without a known gas only a publisher's CO2e is left.
        direct = search.named("emission_factor")
        if not direct:
            raise
        return _by_publication(search, direct)


def _by_publication(search: FactorSearch, direct: tuple[Match, ...]) -> Settled:
    """By emission factors, else by carbon content."""
    if direct:
        settled = _by_factors(search, direct)
        return Settled((*settled.gases, *_biogenic(search, direct[0])), settled.remarks)
    carbon = search.named("carbon_content")
    if carbon:
        return _by_contents(search, carbon)
    raise MissingFactorError(search.missing())


def _released(search: FactorSearch) -> tuple[GasCoefficient, ...]:
    """A refrigerant that escapes: its own mass, or that of each component of a blend, under the GWP set of the inventory.

    Components that are none of the seven gases keep their mass and potential but count nothing in the total.

    References
    ----------
    GHG Protocol, refrigeration and air-conditioning guidance: emissions are the mass released times the GWP.
    """
    mass = unit_measure(search.unit).of("t")
    return tuple(
        GasCoefficient(
            species_of(potential.gas),
            mass * share.value if share else mass,
            mass * (share.value if share else 1.0) * counted_gwp(potential),
            potential,
            (step_of(Match(share, ("exact",))),) if share else (),
        )
        for share, potential in components(search.activity.name, search.gwp, search.activity.origin)
    )


def _biogenic(search: FactorSearch, beside: Match) -> tuple[GasCoefficient, ...]:
    """CO2 of biomass, of the same variant as the fuel's other gases: a register outside the scopes, never CO2e.

    References
    ----------
    GHG Protocol Corporate Standard (2004), chapter 9; ISO 14064-1:2018, annex D.
    """
    factor = beside.factor
    words = f"{search.words} {factor.edition} {factor.variant}".strip()
    found = search.find("emissions", "biogenic_emission_factor", words)
    for family in search.families(found) if found else ():
        for item in sorted(family.sets, key=lambda item: item.members[0].factor.unit.partition("/")[2] != search.unit):
            try:
                reached = search.reached(next(iter(search.rows(item).values())), search.walk_to(item))
            except MissingBridgeError:
                continue
            return (GasCoefficient(BIOGENIC, reached.tonnes, 0.0, None, reached.steps),)
    return ()


def _by_factors(search: FactorSearch, matches: tuple[Match, ...]) -> Settled:
    """The emission factors of the set that is nearest to the amount, all gases of it."""
    return _nearest(search, matches, _candidates, _settled)


def _by_contents(search: FactorSearch, matches: tuple[Match, ...]) -> Settled:
    """The carbon content that is nearest to the amount."""
    return _nearest(search, matches, _single, _burnt)


def _nearest(
    search: FactorSearch,
    matches: tuple[Match, ...],
    candidates_of: Callable[[FactorSearch, FactorFamily, list[CarbonLedgerError]], Iterable[_Candidate]],
    settled: Callable[[FactorSearch, _Candidate], Settled],
) -> Settled:
    """What the nearest figures give; an error if several that differ are as near."""
    failures: list[CarbonLedgerError] = []
    candidates = [item for family in search.families(matches) for item in candidates_of(search, family, failures)]
    if not candidates:
        raise failures[0]
    fewest = min(candidate.far for candidate in candidates)
    nearest = [(item.name, settled(search, item)) for item in candidates if item.far == fewest]
    if len(nearest) > 1 and not _alike([found for _, found in nearest]):
        # The publisher's plain figure stands before its variants.
        nearest = [item for item in nearest if not item[0].variant] or nearest
    if len(nearest) > 1 and not _alike([found for _, found in nearest]):
        raise AmbiguousFactorError(_several(search, [name for name, _ in nearest], matches[0].factor.edition))
    return nearest[0][1]


def _candidates(search: FactorSearch, family: FactorFamily, failures: list[CarbonLedgerError]) -> Iterator[_Candidate]:
    """The ways to all gases of a family; why there is none is added to the failures."""
    if search.activity.burns_fossil and not family.gases & {"CO2", "CO2e"} and not search.activity.is_vehicle:
        failures.append(MissingBridgeError(_without_carbon(search, family)))
        return
    at_hand = _at_hand(search, family)
    if at_hand:
        yield from at_hand
        return
    why: list[CarbonLedgerError] = []
    ways = {single.name: single.parts[0][1] for single in _single(search, family, why)}
    whole = [_Candidate(item.name, ((item, ways[item.name]),)) for item in family.whole if item.name in ways]
    yield from whole or _mixed(search, family, ways, why)
    failures += why


def _at_hand(search: FactorSearch, family: FactorFamily) -> list[_Candidate]:
    """The whole sets in the amount's own dimension, where no property could lead to another one."""
    if search.has_properties:
        return []
    ways = ((item, walk_of_no_steps(search.start, search.end_of(item))) for item in family.whole)
    return [_Candidate(item.name, ((item, way),)) for item, way in ways if way is not None]


def _single(search: FactorSearch, family: FactorFamily, failures: list[CarbonLedgerError]) -> Iterator[_Candidate]:
    """The sets of a family that can be reached, each by itself."""
    for item in family.sets:
        try:
            yield _Candidate(item.name, ((item, search.walk_to(item)),))
        except MissingBridgeError as error:
            failures.append(error)


def _mixed(
    search: FactorSearch, family: FactorFamily, ways: Mapping[SetName, Walk], why: list[CarbonLedgerError]
) -> list[_Candidate]:
    """The ways to all gases over several sets: gases per litre and gases per GJ.

    Raises
    ------
    MissingBridgeError
        If only some gases can be reached, as those alone would be too little, or some on gross and some on net heating value.
    """
    found: list[_Candidate] = []
    problems: list[Message] = []
    for mixture in family.mixtures:
        parts = sorted(
            ((item, ways[item.name]) for item in mixture if item.name in ways), key=lambda part: len(part[1].steps)
        )
        lacking = family.left_out(frozenset(gas for item, _ in parts for gas in item.gases))
        if parts and lacking:
            problems.append(_in_part(search, parts[0][0], family, lacking, why))
        elif conflicting(basis for _, way in parts for basis in way.bases):
            problems.append(_crossing(search, parts))
        elif parts:
            found.append(_Candidate(parts[0][0].name, tuple(parts)))
    if problems and not found:
        raise MissingBridgeError(problems[0])
    return found


def _crossing(search: FactorSearch, parts: Sequence[tuple[FactorSet, Walk]]) -> Message:
    """The message for gases of which some were reached on gross and some on net heating value."""
    by_basis = {basis: item.members[0].factor for item, way in parts for basis in way.bases}
    first, second = (stating(factor, basis_label(basis)) for basis, factor in sorted(by_basis.items())[:2])
    return Message.of("HEATING_VALUE_MISMATCH", what=search.key.of("emissions"), first=first, second=second)


def _settled(search: FactorSearch, candidate: _Candidate) -> Settled:
    """What counts of a candidate's figures."""
    found: dict[str, Reached] = {}
    for item, way in candidate.parts:
        for gas, match in search.rows(item).items():
            found.setdefault(gas, search.reached(match, way))
    settled = settle(found, search.activity, search.gwp, search.gwp_basis)
    silent = [item.members[0].factor for item, _ in candidate.parts if search.says_no_basis(item)]
    unsaid = (Remark("heating_value_unsaid", factor, search.basis) for factor in silent[:1])
    return Settled(settled.gases, (*settled.remarks, *unsaid))


def _burnt(search: FactorSearch, candidate: _Candidate) -> Settled:
    """Amount times calorific value times carbon content times oxidation factor times 44/12.

    References
    ----------
    NDRC guidelines for accounting greenhouse gas emissions of enterprises, 2013-2015, combustion formula.
    """
    item, way = candidate.parts[0]
    carbon = next(iter(search.rows(item).values()))
    factor = carbon.factor
    oxidation = search.property_beside(factor.edition, "oxidation_factor")
    if not oxidation:
        where = {"key": search.key.label, "edition": factor.edition, "activity": search.activity.name}
        raise MissingBridgeError(Message.of("MISSING_BRIDGE.no_oxidation", **where))
    oxidised = search.only(oxidation)
    ratio = unit_measure("carbon_dioxide_per_carbon")
    emitted = way.measure * factor_measure(factor) * factor_measure(oxidised.factor) * ratio
    if not emitted.is_in("t", "CO2"):
        raise DimensionError(no_mass(factor))
    constant = Step("molar mass ratio", "44/12", "t CO2/t C", None)
    steps = (*way.steps, step_of(carbon), step_of(oxidised), constant)
    return Settled((coefficient("CO2", emitted.of("t", "CO2"), steps, search.activity, search.gwp),))


def _several(search: FactorSearch, names: Sequence[SetName], edition: str) -> Message:
    """The message for sets of which none is preferred."""
    bases = {name.heating_value for name in names}
    if search.in_energy and not search.basis and len(bases) == len(names) and "" not in bases:
        return search.heating_value_unknown(edition)
    choices = dict.fromkeys(difference(name, names[0], names[1]) for name in names)
    where = {"key": search.key.label, "edition": edition}
    return Message.of("UNRESOLVED_FACTOR.several", choices=tuple(choices), **where)


def _without_carbon(search: FactorSearch, family: FactorFamily) -> Message:
    """The message for figures that leave out CO2."""
    factor = family.members[0].factor
    return Message.of(
        "MISSING_BRIDGE.no_carbon",
        key=search.key.label,
        figures=f"{factor.edition} {factor.variant}".strip(),
        gases=tuple(sorted(family.gases)),
        activity=search.activity.name,
    )


def _in_part(
    search: FactorSearch,
    near: FactorSet,
    family: FactorFamily,
    lacking: frozenset[str],
    why: Sequence[CarbonLedgerError],
) -> Message:
    """The message for gases of which some cannot be reached."""
    far = next(match.factor for match in family.members if match.factor.gas in lacking)
    problem = why[0].says if why else None
    return Message.of(
        "MISSING_BRIDGE.in_part",
        key=search.key.label,
        near=f"{near.members[0].factor}",
        far=f"{far}",
        problem=problem or Label("no way to its unit", "无法换算到其单位"),
    )


def _alike(choices: Sequence[Settled]) -> bool:
    """Whether choices count the same gases in the same amounts, but for the publisher's rounding."""
    tables = [{gas.gas: gas.tco2e for gas in choice.gases if gas.gas != ROUNDING} for choice in choices]
    first, whole = tables[0], math.fsum(gas.tco2e for gas in choices[0].gases)
    return all(
        table.keys() == first.keys()
        and all(abs(table[gas] - first[gas]) <= ROUNDING_OF_PUBLISHERS * whole for gas in first)
        for table in tables[1:]
    )
